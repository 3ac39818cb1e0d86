package contact

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/directory"
	"qianshao/syncserver/office/officetest"
)

var now = time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)

func newMem(t *testing.T) *officetest.Mem {
	t.Helper()
	ks, err := office.NewKinds(slices.Concat(Kinds(), directory.Kinds(), []*office.Kind{office.Conflicts.Kind})...)
	if err != nil {
		t.Fatal(err)
	}
	m := officetest.NewMem(ks)
	for _, id := range []string{"lin", "he", "ding"} {
		do(t, m, office.System, &directory.PutPerson{ID: id, Name: "某人"})
	}
	return m
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

func get(t *testing.T, m *officetest.Mem, id string) Card {
	t.Helper()
	r, ok := m.Get(Cards.Name, id)
	if !ok {
		t.Fatalf("%s is not there", id)
	}
	var c Card
	if err := r.Decode(&c); err != nil {
		t.Fatal(err)
	}
	return c
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

func card() *Create {
	return &Create{ID: "c", Name: "单小雨", Org: "省住房城乡建设主管部门", Title: "处长", Phones: []string{"0000-6001"}, Editors: []string{"he"}}
}

func TestLife(t *testing.T) {
	m := newMem(t)
	do(t, m, "lin", card())
	if c := get(t, m, "c"); c.Pinyin != "shan xiao yu" || c.Initials != "sxy" || c.Owner != "lin" {
		t.Errorf("%+v", c)
	}
	do(t, m, "he", &Edit{ID: "c", Changes: []office.Change{ch("name", "单小雨", "解小雨"), ch("phones", []string{"0000-6001"}, nil), ch("mails", nil, []string{"xie@example.cn"})}})
	if c := get(t, m, "c"); c.Pinyin != "xie xiao yu" || c.Initials != "xxy" || c.Phones != nil || !slices.Equal(c.Mails, []string{"xie@example.cn"}) {
		t.Errorf("%+v", c)
	}
	do(t, m, "lin", &Delete{ID: "c"})
	do(t, m, "lin", &Delete{ID: "c"})
	if _, err := run(m, "he", &Edit{ID: "c", Changes: []office.Change{ch("title", "处长", "副处长")}}); office.CodeOf(err) != office.CodeNotFound {
		t.Errorf("edit of a removed card: %v", err)
	}
}

// The leader on the train and the secretary at home change one field: both are kept.
func TestSameFieldIsAConflict(t *testing.T) {
	m := newMem(t)
	do(t, m, "lin", card())
	do(t, m, "he", &Edit{ID: "c", Changes: []office.Change{ch("title", "处长", "副厅长"), ch("address", nil, "建设路 8 号")}})
	note := do(t, m, "lin", &Edit{ID: "c", Changes: []office.Change{ch("title", "处长", "一级调研员"), ch("note", nil, "火车上遇到")}})
	c := get(t, m, "c")
	if note != office.NoteConflict || c.Title != "副厅长" || c.Address != "建设路 8 号" || c.Note != "火车上遇到" {
		t.Errorf("%s %+v", note, c)
	}
	r, ok := m.Get("office.conflict", office.ConflictID(Cards.Name, "c", "title", "lin"))
	var cf office.Conflict
	if !ok || r.Decode(&cf) != nil || string(cf.Mine) != `"一级调研员"` || string(cf.Theirs) != `"副厅长"` || cf.Title != "单小雨" {
		t.Errorf("%+v", cf)
	}
	// Knowing the other's value, the leader decides: the conflict ends.
	do(t, m, "lin", &Edit{ID: "c", Changes: []office.Change{ch("title", "副厅长", "一级调研员")}})
	r, _ = m.Get("office.conflict", office.ConflictID(Cards.Name, "c", "title", "lin"))
	if r.Decode(&cf) != nil || cf.State != office.ConflictClosed || get(t, m, "c").Title != "一级调研员" {
		t.Errorf("%+v", cf)
	}
}

func TestNumbers(t *testing.T) {
	l := func(s string) []string { return strings.Fields(s) }
	for _, x := range []struct {
		name, old, mine, theirs, want string
		note                          office.Code
	}{
		{"both add", "1", "1 2", "1 3", "1 3 2", office.NoteMerged},
		{"add and remove", "1 2", "1 2 3", "2", "2 3", office.NoteMerged},
		{"both remove the same", "1 2", "2", "2 3", "2 3", office.NoteMerged},
		{"correct here, add there", "1", "9", "1 3", "3 9", office.NoteMerged},
		{"both correct alike", "1", "9", "9", "9", ""},
		{"both correct", "1", "8", "9", "9", office.NoteConflict},
	} {
		m := newMem(t)
		c := card()
		c.Phones = l(x.old)
		do(t, m, "lin", c)
		do(t, m, "he", &Edit{ID: "c", Changes: []office.Change{ch("phones", l(x.old), l(x.theirs))}})
		note := do(t, m, "lin", &Edit{ID: "c", Changes: []office.Change{ch("phones", l(x.old), l(x.mine))}})
		if got := strings.Join(get(t, m, "c").Phones, " "); got != x.want || note != x.note {
			t.Errorf("%s: %q %q, want %q %q", x.name, got, note, x.want, x.note)
		}
	}
}

func TestRefused(t *testing.T) {
	with := func(f func(*Create)) *Create { x := card(); x.ID = "x"; f(x); return x }
	edit := func(cs ...office.Change) *Edit { return &Edit{ID: "c", Changes: cs} }
	for _, x := range []struct {
		name  string
		who   office.UserID
		cmd   office.Command
		code  office.Code
		field string
	}{
		{"nobody", "", with(func(x *Create) {}), office.CodeNotPermitted, ""},
		{"no name", "lin", with(func(x *Create) { x.Name = "  " }), office.CodeInvalid, "name"},
		{"NUL", "lin", with(func(x *Create) { x.Org = "\x00" }), office.CodeInvalid, "org"},
		{"not UTF-8", "lin", with(func(x *Create) { x.Address = "\xfe" }), office.CodeInvalid, "address"},
		{"long note", "lin", with(func(x *Create) { x.Note = strings.Repeat("长", maxNote+1) }), office.CodeInvalid, "note"},
		{"many numbers", "lin", with(func(x *Create) { x.Phones = strings.Fields("1 2 3 4 5 6 7 8 9 10 11") }), office.CodeInvalid, "phones"},
		{"empty number", "lin", with(func(x *Create) { x.Phones = []string{""} }), office.CodeInvalid, "phones"},
		{"number twice", "lin", with(func(x *Create) { x.Phones = []string{"1", "1"} }), office.CodeInvalid, "phones"},
		{"no mail address", "lin", with(func(x *Create) { x.Mails = []string{"xie"} }), office.CodeInvalid, "mails"},
		{"mail address with a space", "lin", with(func(x *Create) { x.Mails = []string{"a b@c"} }), office.CodeInvalid, "mails"},
		{"two mail addresses in one", "lin", with(func(x *Create) { x.Mails = []string{"a@b,c@d"} }), office.CodeInvalid, "mails"},
		{"strange editor", "lin", with(func(x *Create) { x.Editors = []string{"ghost"} }), office.CodeInvalid, "editors"},
		{"taken id", "lin", card(), office.CodeExists, Cards.Name},
		{"bad id", "lin", with(func(x *Create) { x.ID = "" }), office.CodeInvalid, "id"},
		{"stranger edits", "ding", edit(ch("title", "处长", "改")), office.CodeNotFound, Cards.Name},
		{"stranger removes", "ding", &Delete{ID: "c"}, office.CodeNotFound, Cards.Name},
		{"secretary removes", "he", &Delete{ID: "c"}, office.CodeNotPermitted, ""},
		{"secretary names editors", "he", edit(ch("editors", []string{"he"}, []string{"he", "ding"})), office.CodeNotPermitted, "editors"},
		{"strange editor, edited", "lin", edit(ch("editors", []string{"he"}, []string{"ghost"})), office.CodeInvalid, "editors"},
		{"no changes", "lin", edit(), office.CodeInvalid, "changes"},
		{"owner is no field to edit", "lin", edit(ch("owner", "lin", "ding")), office.CodeInvalid, "owner"},
		{"pinyin is no field to edit", "lin", edit(ch("pinyin", "a", "b")), office.CodeInvalid, "pinyin"},
		{"name taken away", "lin", edit(ch("name", "单小雨", nil)), office.CodeInvalid, "name"},
		{"numbers of another type", "lin", edit(ch("phones", nil, []int{1})), office.CodeInvalid, "phones"},
		{"stale and too long: not kept as a conflict", "lin", edit(ch("title", "旧", strings.Repeat("长", maxTitle+1))), office.CodeInvalid, "title"},
	} {
		t.Run(x.name, func(t *testing.T) {
			m := newMem(t)
			do(t, m, "lin", card())
			before, _ := m.Get(Cards.Name, "c")
			_, err := run(m, x.who, x.cmd)
			var e *office.Error
			if !errors.As(err, &e) || e.Code != x.code || e.Field != x.field {
				t.Fatalf("%v, want %s (%s)", err, x.code, x.field)
			}
			after, _ := m.Get(Cards.Name, "c")
			if len(m.All(Cards.Name)) != 1 || string(after.Body) != string(before.Body) || len(m.All("office.conflict")) != 0 {
				t.Error("something was stored")
			}
		})
	}
}

func TestViewsAndAudience(t *testing.T) {
	m := newMem(t)
	for id, name := range map[string]string{"a": "周一", "b": "艾二", "d": "曾三"} {
		do(t, m, "lin", &Create{ID: id, Name: name})
	}
	do(t, m, "ding", card2())
	_, err := m.Update(func(tx office.Tx) error {
		l, err := Cards.List(tx, office.Query{View: "owner", Where: []office.Cond{office.Where("owner", "lin")}})
		if err != nil || len(l) != 3 || l[0].Value.Name != "艾二" || l[1].Value.Name != "曾三" || l[2].Value.Name != "周一" {
			t.Errorf("%v %v", l, err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	r, _ := m.Get(Cards.Name, "c")
	if chans, err := m.Kinds.Channels(r, r); err != nil || !slices.Equal(chans, []office.Channel{"u:ding", "u:he"}) {
		t.Errorf("%v %v", chans, err)
	}
}

func card2() *Create { x := card(); x.Editors = []string{"he"}; return x }
