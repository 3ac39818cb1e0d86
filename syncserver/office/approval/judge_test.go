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
		if got := judge(Step{Policy: x.policy}, three, seated(three.People, x.tasks)); got != x.want {
			t.Errorf("%s: %+v, want %+v", x.name, got, x.want)
		}
	}
}

// seated puts the tasks that count on the places of a step, in order.
func seated(people []office.UserID, tasks []Task) []taskItem {
	out := make([]taskItem, len(tasks))
	for i, t := range tasks {
		if n := len(people); n > 0 && (t.State == TaskOpen || t.State == TaskDone) {
			t.Seat, people = people[0], people[1:]
		}
		out[i].ID, out[i].Value = string(rune('1'+i)), t
	}
	return out
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
		{Cond{Field: "a", Op: OpSet, Value: ""}, true}, {Cond{Field: "none", Op: OpSet, Value: ""}, false}, {Cond{Field: "empty", Op: OpSet, Value: ""}, false}, {Cond{Field: "no", Op: OpSet, Value: ""}, false},
		{Cond{Field: "zero", Op: OpSet, Value: ""}, false}, {Cond{Field: "bare", Op: OpSet, Value: ""}, false}, {Cond{Field: "list", Op: OpSet, Value: ""}, true}, {Cond{Field: "absent", Op: OpSet, Value: ""}, false},
		{Cond{Field: "absent", Op: OpUnset, Value: ""}, true}, {Cond{Field: "yes", Op: OpUnset, Value: ""}, false},
		{Cond{Field: "a", Op: OpIs, Value: "x"}, true}, {Cond{Field: "n", Op: OpIs, Value: "12"}, true}, {Cond{Field: "yes", Op: OpIs, Value: "true"}, true}, {Cond{Field: "absent", Op: OpIs, Value: ""}, true}, {Cond{Field: "none", Op: OpIs, Value: ""}, true},
		{Cond{Field: "a", Op: OpNot, Value: "x"}, false}, {Cond{Field: "absent", Op: OpNot, Value: "x"}, true},
		{Cond{Field: "list", Op: OpHas, Value: "y"}, true}, {Cond{Field: "list", Op: OpHas, Value: "z"}, false}, {Cond{Field: "a", Op: OpHas, Value: "x"}, true}, {Cond{Field: "absent", Op: OpHas, Value: ""}, false},
		{Cond{Field: "a", Op: "like", Value: "x"}, false},
	} {
		if got := s.holds(&x.c); got != x.want {
			t.Errorf("%+v: %v", x.c, got)
		}
	}
	if !s.holds(nil) {
		t.Error("no condition does not hold")
	}
}
