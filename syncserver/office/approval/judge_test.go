package approval

import (
	"encoding/json"
	"testing"

	"qianshao/syncserver/office"
)

// TestJudge: what the acts of one stay come to, policy by policy (W1, W3, W5,
// W11, W15, W20).
func TestJudge(t *testing.T) {
	open := Task{State: TaskOpen}
	done := Task{State: TaskDone, Act: ActApprove}
	back := Task{State: TaskDone, Act: ActReturn}
	gone := Task{State: TaskWithdrawn, Act: ActReturn}
	given := Task{State: TaskTransferred}
	taken := Task{State: TaskTransferred, Successor: "t2"}
	other := Task{State: TaskDoneByOther}
	three := Visit{People: []office.UserID{"a", "b", "c"}}
	for _, x := range []struct {
		name   string
		policy Policy
		tasks  []Task
		want   verdict
	}{
		{"会签: nobody", All, []Task{open, open, open}, verdict{what: wait}},
		{"会签: one", All, []Task{done, open, open}, verdict{what: wait}},
		{"会签: all", All, []Task{done, done, done}, verdict{what: pass}},
		{"会签: one returns", All, []Task{done, open, back}, verdict{what: goBack, task: 2}},
		{"会签: one gave it away", All, []Task{done, given, open}, verdict{what: handOver, task: 1}},
		{"会签: and the other acted", All, []Task{done, taken, done, done}, verdict{what: pass}},
		{"会签: the last takes back", All, []Task{done, done, gone, open}, verdict{what: wait}},
		{"或签: nobody", Any, []Task{open, open}, verdict{what: wait}},
		{"或签: the first", Any, []Task{open, done}, verdict{what: pass}},
		{"或签: the first returns", Any, []Task{open, back}, verdict{what: goBack, task: 1}},
		{"或签: taken back", Any, []Task{other, gone, open}, verdict{what: wait}},
		{"顺签: the first asked", Serial, []Task{open}, verdict{what: wait}},
		{"顺签: the first done", Serial, []Task{done}, verdict{what: askNext, person: "b"}},
		{"顺签: one done, one given away", Serial, []Task{done, taken, open}, verdict{what: wait}},
		{"顺签: two done", Serial, []Task{done, taken, done}, verdict{what: askNext, person: "c"}},
		{"顺签: all", Serial, []Task{done, done, done}, verdict{what: pass}},
		{"顺签: return in the middle", Serial, []Task{done, back}, verdict{what: goBack, task: 1}},
		{"顺签: the last takes back", Serial, []Task{done, done, gone, open}, verdict{what: wait}},
		{"a return that was taken back", All, []Task{gone, open}, verdict{what: wait}},
		{"nobody asked", All, nil, verdict{what: idle}},
		{"all gone", Any, []Task{other, gone}, verdict{what: idle}},
	} {
		if got := judge(x.policy, three, x.tasks); got != x.want {
			t.Errorf("%s: %+v, want %+v", x.name, got, x.want)
		}
	}
}

// TestTables: no state is left by two ways of one command, every state named is
// one that can be reached, and what is not listed is refused with the state found.
func TestTables(t *testing.T) {
	for name, x := range map[string]struct {
		table []move
		first string
	}{
		"task": {taskMoves, TaskOpen}, "instance": {instanceMoves, Running}, "copy": {copyMoves, CopyUnread}, "subject": {subjectMoves, FlowNone},
	} {
		type key struct{ from, command string }
		seen, reached := map[key]bool{}, map[string]bool{x.first: true, Suspended: true} // suspending is W28
		for _, m := range x.table {
			if seen[key{m.from, m.command}] {
				t.Errorf("%s: %s from %q twice", name, m.command, m.from)
			}
			seen[key{m.from, m.command}] = true
			reached[m.to] = true
		}
		for _, m := range x.table {
			if !reached[m.from] {
				t.Errorf("%s: nothing leads to %q", name, m.from)
			}
			if got, err := to(x.table, m.from, m.command); err != nil || got != m.to {
				t.Errorf("%s: %s from %q: %q %v", name, m.command, m.from, got, err)
			}
		}
		_, err := to(x.table, x.first, "dance")
		if e := office.AsError(err); e == nil || e.Code != office.CodeState || e.Message == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestConditions(t *testing.T) {
	s := Subject{}
	if err := json.Unmarshal([]byte(`{"a":"x","none":null,"empty":"","no":false,"zero":0,"yes":true,"n":12,"list":["x","y"],"bare":[]}`), &s.fields); err != nil {
		t.Fatal(err)
	}
	for _, x := range []struct {
		c    Cond
		want bool
	}{
		{Cond{"a", OpSet, ""}, true}, {Cond{"none", OpSet, ""}, false}, {Cond{"empty", OpSet, ""}, false}, {Cond{"no", OpSet, ""}, false},
		{Cond{"zero", OpSet, ""}, false}, {Cond{"bare", OpSet, ""}, false}, {Cond{"list", OpSet, ""}, true}, {Cond{"absent", OpSet, ""}, false},
		{Cond{"absent", OpUnset, ""}, true}, {Cond{"yes", OpUnset, ""}, false},
		{Cond{"a", OpIs, "x"}, true}, {Cond{"n", OpIs, "12"}, true}, {Cond{"yes", OpIs, "true"}, true}, {Cond{"absent", OpIs, ""}, true}, {Cond{"none", OpIs, ""}, true},
		{Cond{"a", OpNot, "x"}, false}, {Cond{"absent", OpNot, "x"}, true},
		{Cond{"list", OpHas, "y"}, true}, {Cond{"list", OpHas, "z"}, false}, {Cond{"a", OpHas, "x"}, true}, {Cond{"absent", OpHas, ""}, false},
		{Cond{"a", "like", "x"}, false},
	} {
		if got := s.holds(&x.c); got != x.want {
			t.Errorf("%+v: %v", x.c, got)
		}
	}
	if !s.holds(nil) {
		t.Error("no condition does not hold")
	}
}
