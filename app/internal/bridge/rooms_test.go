package bridge

import (
	"slices"
	"testing"
	"time"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/calendar"
	"qianshao/syncserver/office/contact"
	"qianshao/syncserver/office/directory"
	"qianshao/syncserver/office/todo"
)

func hour(h float64) int64 { // of the fake day, in the office's zone
	return time.Date(2026, 11, 24, 0, 0, 0, 0, calendar.Zone).Add(time.Duration(h * float64(time.Hour))).UnixMilli()
}

func TestTodos(t *testing.T) {
	r, h, _ := newRooms(t, "lin-zhiyuan")
	free, err := r.Todos.Create(TodoInput{Title: "没有期限"})
	if err != nil {
		t.Fatal(err)
	}
	timed, err := r.Todos.Create(TodoInput{Title: "'; DROP TABLE--<img src=x> 䶮", Due: hour(18)})
	if err != nil {
		t.Fatal(err)
	}
	l, err := r.Todos.List(false)
	if err != nil || len(l) != 2 || l[0].ID != timed.ID || l[1].ID != free.ID || l[0].Title != "'; DROP TABLE--<img src=x> 䶮" {
		t.Fatalf("%+v %v", l, err)
	}
	base := TodoInput{ID: timed.ID, Title: l[0].Title, Due: l[0].Due}
	now := base
	now.Done, now.Base = true, &base
	if _, err := r.Todos.Edit(now); err != nil {
		t.Fatal(err)
	}
	e := h.desk.given[len(h.desk.given)-1].(*todo.Edit)
	if len(e.Changes) != 1 || e.Changes[0].Field != "done" || string(e.Changes[0].Old) != "false" || string(e.Changes[0].New) != "true" {
		t.Errorf("changes %+v", e.Changes)
	}
	if l, err = r.Todos.List(true); err != nil || len(l) != 1 || l[0].DoneAt != office.Millis(start) {
		t.Errorf("done %+v %v", l, err)
	}
	_, err = r.Todos.Edit(TodoInput{ID: free.ID, Title: "x"})
	refused(t, err, office.CodeInvalid)
}

func TestCalendar(t *testing.T) {
	r, h, _ := newRooms(t, "lin-zhiyuan")
	person(h.desk, "lin-zhiyuan", directory.Official{Name: "林知远"})
	a, err := r.Calendar.Create(EventInput{Title: "防汛视频会", Start: hour(16), End: hour(17), Reminder: 0})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Calendar.Create(EventInput{Title: "听证汇报", Start: hour(16.5), End: hour(17.5), Reminder: -1}); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Calendar.Create(EventInput{Title: "每周例会", Start: hour(9 - 14*24), End: hour(10 - 14*24), Reminder: -1, Repeat: "weekly"}); err != nil {
		t.Fatal(err)
	}
	day, err := r.Calendar.Range(hour(0), hour(24))
	if err != nil || len(day) != 3 {
		t.Fatalf("%+v %v", day, err)
	}
	if day[0].Repeat != repeatWeekly || day[0].Start != hour(9) || day[0].SeriesStart != hour(9-14*24) {
		t.Errorf("weekly %+v", day[0])
	}
	if day[1].Clash != 0 || day[2].Clash != 30 || day[1].Reminder != 0 || day[2].Reminder != noReminder {
		t.Errorf("clash %d %d, reminder %d %d", day[1].Clash, day[2].Clash, day[1].Reminder, day[2].Reminder)
	}
	// A move says both ends, also the one that stays.
	base := EventInput{ID: a.ID, Title: "防汛视频会", Start: hour(16), End: hour(17), Reminder: 0}
	now := base
	now.End, now.Base = hour(18), &base
	if _, err := r.Calendar.Edit(now); err != nil {
		t.Fatal(err)
	}
	var fields []string
	for _, c := range h.desk.given[len(h.desk.given)-1].(*calendar.Edit).Changes {
		fields = append(fields, c.Field)
	}
	if !slices.Equal(fields, []string{"start", "end"}) {
		t.Errorf("fields %v", fields)
	}
	_, err = r.Calendar.Range(0, hour(0))
	refused(t, err, office.CodeInvalid)
}

func TestContactsAndPick(t *testing.T) {
	r, h, _ := newRooms(t, "lin-zhiyuan")
	person(h.desk, "lin-zhiyuan", directory.Official{Name: "林知远"})
	made, err := r.Contacts.Create(CardInput{Name: "沐言", Title: "科长", Phones: []string{"1"}})
	if err != nil {
		t.Fatal(err)
	}
	// Somebody else changes the title; mine, from the old one, is kept beside it.
	h.desk.patch(contact.Cards.Name, made.ID, office.Fields{"title": "总经理"})
	base := CardInput{ID: made.ID, Name: "沐言", Title: "科长", Phones: []string{"1"}}
	now := base
	now.Title, now.Base = "董事长", &base
	if _, err := r.Contacts.Edit(now); err != nil {
		t.Fatal(err)
	}
	rc, err := r.Outbox.Reconcile()
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(rc.Entries, func(e Entry) bool { return e.Mark == MarkClash })
	if i < 0 || len(rc.Entries[i].Clashes) != 1 {
		t.Fatalf("%+v", rc.Entries)
	}
	c := rc.Entries[i].Clashes[0]
	if c.Field != "title" || c.Mine != "董事长" || c.Theirs != "总经理" || rc.Entries[i].Title != "沐言" {
		t.Errorf("%+v", c)
	}
	if l, err := r.Contacts.List(""); err != nil || l[0].Mark != MarkClash {
		t.Errorf("row %+v %v", l, err)
	}
	if _, err := r.Outbox.Pick([]Pick{{Conflict: c.Conflict, Mine: true}}); err != nil {
		t.Fatal(err)
	}
	if l, err := r.Contacts.List("muyan"); err != nil || len(l) != 1 || l[0].Title != "董事长" || l[0].Mark != MarkNone {
		t.Errorf("after choosing mine %+v %v", l, err)
	}
	if rc, err = r.Outbox.Reconcile(); err != nil || slices.ContainsFunc(rc.Entries, func(e Entry) bool { return e.Mark == MarkClash }) {
		t.Errorf("the question stays: %+v %v", rc.Entries, err)
	}
}

func TestPeople(t *testing.T) {
	r, h, _ := newRooms(t, "lin-zhiyuan")
	person(h.desk, "lin-zhiyuan", directory.Official{Name: "林知远", Pinyin: "lin zhi yuan", Initials: "lzy", Order: 2})
	person(h.desk, "chu-yan", directory.Official{Name: "褚言", Pinyin: "chu yan", Initials: "cy", Order: 1, Unit: "mishu1"})
	h.desk.put(directory.People.Name, "gone", "", directory.Official{Name: "已离开", State: directory.Disabled})
	for text, want := range map[string][]string{"": {"chu-yan", "lin-zhiyuan"}, "linzhi": {"lin-zhiyuan"}, "LZY": {"lin-zhiyuan"}, "言": {"chu-yan"}, "已离开": {}} {
		l, err := r.Directory.People("", text)
		got := []string{}
		for _, p := range l {
			got = append(got, p.ID)
		}
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%q: %v, want %v, %v", text, got, want, err)
		}
	}
	s, err := r.Session.State()
	if err != nil || s.Stage != StageIn || s.Me == nil || s.Me.Name != "林知远" {
		t.Errorf("%+v %v", s, err)
	}
}

func TestPreferences(t *testing.T) {
	r, h, _ := newRooms(t, "lin-zhiyuan")
	p, err := r.Settings.Get()
	if err != nil || p.Theme != "auto" || p.Text != 100 {
		t.Fatalf("%+v %v", p, err)
	}
	p.Text = 170
	_, err = r.Settings.Set(p)
	refused(t, err, office.CodeInvalid)
	p.Text, p.Phrases = 160, []string{"按程序办理。"}
	if _, err = r.Settings.Set(p); err != nil {
		t.Fatal(err)
	}
	if p, err = r.Settings.Get(); err != nil || p.Text != 160 || len(p.Phrases) != 1 {
		t.Errorf("%+v %v", p, err)
	}
	h.prefs = []byte(`{"theme":"neon"}`)
	if p, err = r.Settings.Get(); err != nil || p.Theme != "auto" {
		t.Errorf("a broken file keeps somebody out: %+v %v", p, err)
	}
}
