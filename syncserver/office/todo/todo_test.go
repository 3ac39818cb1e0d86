package todo

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/officetest"
)

var now = time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)

func newMem(t *testing.T) *officetest.Mem {
	t.Helper()
	ks, err := office.NewKinds(append(Kinds(), office.Conflicts.Kind)...)
	if err != nil {
		t.Fatal(err)
	}
	return officetest.NewMem(ks)
}

func run(m *officetest.Mem, who office.UserID, cmd office.Command) (office.Code, error) {
	o, err := m.Do(cmd, office.Context{Actor: who, Now: now, Claimed: now, Mid: "m-" + string(who)})
	return o.Note, err
}

func do(t *testing.T, m *officetest.Mem, who office.UserID, cmd office.Command) office.Code {
	t.Helper()
	note, err := run(m, who, cmd)
	if err != nil {
		t.Fatalf("%s by %s: %v", cmd.Kind(), who, err)
	}
	return note
}

func get(t *testing.T, m *officetest.Mem, id string) Item {
	t.Helper()
	r, ok := m.Get(Items.Name, id)
	if !ok {
		t.Fatalf("%s is not there", id)
	}
	var it Item
	if err := r.Decode(&it); err != nil {
		t.Fatal(err)
	}
	return it
}

func ch(field string, old, new any) office.Change {
	c := office.Change{Field: field}
	if old != nil {
		c.Old, _ = json.Marshal(old)
	}
	if new != nil {
		c.New, _ = json.Marshal(new)
	}
	return c
}

func TestLife(t *testing.T) {
	m := newMem(t)
	due := office.Millis(now.Add(time.Hour))
	do(t, m, "lin", &Create{ID: "a", Title: "审阅防汛物资清单", Due: due, Priority: Urgent, List: "防汛"})
	do(t, m, "lin", &Edit{ID: "a", Changes: []office.Change{ch("done", false, true), ch("note", nil, "已电话核对")}})
	it := get(t, m, "a")
	if !it.Done || it.DoneAt != office.Millis(now) || it.Note != "已电话核对" || it.Owner != "lin" || it.Due != due || it.At != office.Millis(now) {
		t.Errorf("%+v", it)
	}
	do(t, m, "lin", &Edit{ID: "a", Changes: []office.Change{ch("done", true, false), ch("note", "已电话核对", nil)}})
	if it := get(t, m, "a"); it.Done || it.DoneAt != 0 || it.Note != "" {
		t.Errorf("reopened: %+v", it)
	}
	do(t, m, "lin", &Delete{ID: "a"})
	if _, ok := m.Get(Items.Name, "a"); ok {
		t.Error("still there")
	}
	do(t, m, "lin", &Delete{ID: "a"}) // removed on the other desk too
	_, err := run(m, "lin", &Edit{ID: "a", Changes: []office.Change{ch("title", "审阅防汛物资清单", "改")}})
	if office.CodeOf(err) != office.CodeNotFound {
		t.Errorf("edit of a removed to-do: %v", err)
	}
}

// Two desks of one person, both off line.
func TestCrossingEdits(t *testing.T) {
	m := newMem(t)
	do(t, m, "lin", &Create{ID: "a", Title: "旧", List: "甲"})
	do(t, m, "lin", &Edit{ID: "a", Changes: []office.Change{ch("title", "旧", "家里改的"), ch("list", "甲", "乙")}})
	note := do(t, m, "lin", &Edit{ID: "a", Changes: []office.Change{ch("title", "旧", "路上改的"), ch("note", nil, "另记"), ch("list", "甲", "丙")}})
	it := get(t, m, "a")
	if note != office.NoteConflict || it.Title != "家里改的" || it.Note != "另记" || it.List != "丙" {
		t.Errorf("%s %+v", note, it)
	}
	r, ok := m.Get("office.conflict", office.ConflictID("todo.item", "a", "title", "lin"))
	if !ok || !strings.Contains(string(r.Body), "路上改的") || !strings.Contains(string(r.Body), "家里改的") {
		t.Errorf("conflict %s", r.Body)
	}
}

func TestMergeSteps(t *testing.T) {
	s := func(id, text string, done bool) Step { return Step{id, text, done} }
	a, b, c, d := s("a", "甲", false), s("b", "乙", false), s("c", "丙", false), s("d", "丁", false)
	tick := func(x Step) Step { x.Done = true; return x }
	word := func(x Step, w string) Step { x.Text = w; return x }
	for _, x := range []struct {
		name                 string
		old, want, cur, join []Step
		ok                   bool
	}{
		{"both add", []Step{a}, []Step{a, b}, []Step{a, c}, []Step{a, b, c}, true},
		{"both tick", []Step{a, b}, []Step{tick(a), b}, []Step{a, tick(b)}, []Step{tick(a), tick(b)}, true},
		{"tick and reword", []Step{a}, []Step{tick(a)}, []Step{word(a, "甲二")}, []Step{tick(word(a, "甲二"))}, true},
		{"remove and add", []Step{a, b}, []Step{b}, []Step{a, b, c}, []Step{b, c}, true},
		{"removed there, ticked here", []Step{a, b}, []Step{tick(a), b}, []Step{b}, []Step{b}, true},
		{"added first", []Step{a}, []Step{d, a}, []Step{a, c}, []Step{a, c, d}, true},
		{"both reword alike", []Step{a}, []Step{word(a, "x")}, []Step{word(a, "x")}, []Step{word(a, "x")}, true},
		{"both reword", []Step{a}, []Step{word(a, "x")}, []Step{word(a, "y")}, nil, false},
		{"reworded here, removed there", []Step{a}, []Step{word(a, "x")}, nil, nil, false},
		{"removed here, reworded there", []Step{a}, nil, []Step{word(a, "x")}, nil, false},
		{"same id added twice, other words", nil, []Step{a}, []Step{word(a, "x")}, nil, false},
	} {
		got, ok := mergeSteps(x.old, x.want, x.cur)
		if ok != x.ok || ok && !slices.Equal(got, x.join) {
			t.Errorf("%s: %v %v, want %v %v", x.name, got, ok, x.join, x.ok)
		}
	}
}

func TestStepsJoin(t *testing.T) {
	m := newMem(t)
	a, b := Step{ID: "a", Text: "甲"}, Step{ID: "b", Text: "乙"}
	do(t, m, "lin", &Create{ID: "x", Title: "事", Steps: []Step{a}})
	do(t, m, "lin", &Edit{ID: "x", Changes: []office.Change{ch("steps", []Step{a}, []Step{a, b})}})
	if note := do(t, m, "lin", &Edit{ID: "x", Changes: []office.Change{ch("steps", []Step{a}, []Step{{ID: "a", Text: "甲", Done: true}})}}); note != office.NoteMerged {
		t.Errorf("note %q", note)
	}
	if it := get(t, m, "x"); !slices.Equal(it.Steps, []Step{{"a", "甲", true}, b}) {
		t.Errorf("%+v", it.Steps)
	}
	if note := do(t, m, "lin", &Edit{ID: "x", Changes: []office.Change{ch("steps", []Step{{ID: "b", Text: "旧乙"}}, []Step{{ID: "b", Text: "新乙"}})}}); note != office.NoteConflict {
		t.Errorf("reworded on both sides: note %q", note)
	}
}

func TestRefused(t *testing.T) {
	many := make([]Step, maxSteps+1)
	for i := range many {
		many[i] = Step{ID: "s" + string(rune('a'+i/26)) + string(rune('a'+i%26)), Text: "x"}
	}
	for _, x := range []struct {
		name  string
		who   office.UserID
		cmd   office.Command
		code  office.Code
		field string
	}{
		{"no title", "lin", &Create{ID: "x", Title: " "}, office.CodeInvalid, "title"},
		{"nobody", "", &Create{ID: "x", Title: "事"}, office.CodeNotPermitted, ""},
		{"long title", "lin", &Create{ID: "x", Title: strings.Repeat("长", maxTitle+1)}, office.CodeInvalid, "title"},
		{"long note", "lin", &Create{ID: "x", Title: "事", Note: strings.Repeat("长", maxNote+1)}, office.CodeInvalid, "note"},
		{"NUL", "lin", &Create{ID: "x", Title: "事", Note: "a\x00b"}, office.CodeInvalid, "note"},
		{"not UTF-8", "lin", &Create{ID: "x", Title: "\xc3\x28"}, office.CodeInvalid, "title"},
		{"bad id", "lin", &Create{ID: "X/..", Title: "事"}, office.CodeInvalid, "id"},
		{"taken id", "lin", &Create{ID: "mine", Title: "事"}, office.CodeExists, "todo.item"},
		{"bad due", "lin", &Create{ID: "x", Title: "事", Due: -1}, office.CodeInvalid, "due"},
		{"far due", "lin", &Create{ID: "x", Title: "事", Due: office.MaxTime + 1}, office.CodeInvalid, "due"},
		{"bad priority", "lin", &Create{ID: "x", Title: "事", Priority: 3}, office.CodeInvalid, "priority"},
		{"two-line list", "lin", &Create{ID: "x", Title: "事", List: "a\nb"}, office.CodeInvalid, "list"},
		{"many steps", "lin", &Create{ID: "x", Title: "事", Steps: many}, office.CodeInvalid, "steps"},
		{"step without id", "lin", &Create{ID: "x", Title: "事", Steps: []Step{{Text: "x"}}}, office.CodeInvalid, "steps"},
		{"step twice", "lin", &Create{ID: "x", Title: "事", Steps: []Step{{ID: "a", Text: "x"}, {ID: "a", Text: "y"}}}, office.CodeInvalid, "steps"},
		{"empty step", "lin", &Create{ID: "x", Title: "事", Steps: []Step{{ID: "a"}}}, office.CodeInvalid, "steps"},
		{"another's, edited", "ding", &Edit{ID: "mine", Changes: []office.Change{ch("title", "我的", "你的")}}, office.CodeNotFound, "todo.item"},
		{"another's, removed", "ding", &Delete{ID: "mine"}, office.CodeNotFound, "todo.item"},
		{"bad id removed", "lin", &Delete{ID: "'; drop"}, office.CodeInvalid, "id"},
		{"unknown id", "lin", &Edit{ID: "ghost", Changes: []office.Change{ch("title", "a", "b")}}, office.CodeNotFound, "todo.item"},
		{"no changes", "lin", &Edit{ID: "mine"}, office.CodeInvalid, "changes"},
		{"owner is not a field to edit", "lin", &Edit{ID: "mine", Changes: []office.Change{ch("owner", "lin", "ding")}}, office.CodeInvalid, "owner"},
		{"one field twice", "lin", &Edit{ID: "mine", Changes: []office.Change{ch("note", nil, "b"), ch("note", nil, "c")}}, office.CodeInvalid, "changes"},
		{"title taken away", "lin", &Edit{ID: "mine", Changes: []office.Change{ch("title", "我的", nil)}}, office.CodeInvalid, "title"},
		{"title of another type", "lin", &Edit{ID: "mine", Changes: []office.Change{ch("title", "我的", 7)}}, office.CodeInvalid, "title"},
		{"done of another type", "lin", &Edit{ID: "mine", Changes: []office.Change{ch("done", false, "yes")}}, office.CodeInvalid, "done"},
		{"stale and too long: not kept as a conflict", "lin", &Edit{ID: "mine", Changes: []office.Change{ch("note", "旧", strings.Repeat("长", maxNote+1))}}, office.CodeInvalid, "note"},
	} {
		t.Run(x.name, func(t *testing.T) {
			m := newMem(t)
			do(t, m, "lin", &Create{ID: "mine", Title: "我的"})
			before, _ := m.Get(Items.Name, "mine")
			_, err := run(m, x.who, x.cmd)
			var e *office.Error
			if !errors.As(err, &e) || e.Code != x.code || e.Field != x.field {
				t.Fatalf("%v, want %s (%s)", err, x.code, x.field)
			}
			after, _ := m.Get(Items.Name, "mine")
			if len(m.All(Items.Name)) != 1 || string(after.Body) != string(before.Body) || len(m.All("office.conflict")) != 0 {
				t.Error("something was stored")
			}
		})
	}
}

// A desk that does not hold the record queues without foresight.
func TestElsewhere(t *testing.T) {
	m := newMem(t)
	m.Desk = true
	for _, cmd := range []office.Command{&Edit{ID: "far", Changes: []office.Change{ch("title", "a", "b")}}, &Delete{ID: "far"}} {
		if _, err := run(m, "lin", cmd); office.CodeOf(err) != office.CodeElsewhere {
			t.Errorf("%s: %v", cmd.Kind(), err)
		}
	}
}

func TestViewsAndAudience(t *testing.T) {
	m := newMem(t)
	do(t, m, "lin", &Create{ID: "a", Title: "后", Due: 2000})
	do(t, m, "lin", &Create{ID: "b", Title: "先", Due: 1000})
	do(t, m, "lin", &Create{ID: "c", Title: "毕"})
	do(t, m, "ding", &Create{ID: "d", Title: "他人", Due: 1})
	do(t, m, "lin", &Edit{ID: "c", Changes: []office.Change{ch("done", false, true)}})
	_, err := m.Update(func(tx office.Tx) error {
		l, err := Items.List(tx, office.Query{View: "open", Where: []office.Cond{office.Where("owner", "lin"), office.Where("done", false)}})
		if err != nil || len(l) != 2 || l[0].ID != "b" || l[1].ID != "a" {
			t.Errorf("open: %v %v", l, err)
		}
		l, err = Items.List(tx, office.Query{View: "done", Where: []office.Cond{office.Where("owner", "lin"), office.Where("done", true)}})
		if err != nil || len(l) != 1 || l[0].ID != "c" {
			t.Errorf("done: %v %v", l, err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	r, _ := m.Get(Items.Name, "d")
	if chans, err := m.Kinds.Channels(r, r); err != nil || !slices.Equal(chans, []office.Channel{"u:ding"}) {
		t.Errorf("audience %v %v", chans, err)
	}
}
