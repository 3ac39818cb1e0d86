package calendar

import (
	"slices"
	"testing"
	"time"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/officetest"
)

// weekly is 林's meeting each Monday from the 2nd, six times, with 周, edited by
// 何; the 9th is left out, the 16th and the 30th are elsewhere.
func weekly() *Create {
	x := meeting()
	x.Start, x.End, x.RRule = ms(2, 9, 0), ms(2, 11, 0), "FREQ=WEEKLY;COUNT=6"
	x.Exdates = []string{"2026-11-09"}
	x.Overrides = map[string]Override{"2026-11-16": {Place: "二楼"}, "2026-11-30": {Place: "四楼"}}
	return x
}

func following(f func(*Split)) *Split {
	x := &Split{
		ID: "m", Day: "2026-11-23", NewID: "n", Title: "防汛物资周会", Start: ms(23, 9, 0), End: ms(23, 10, 0),
		Attendees: []string{"zhou"}, Same: true,
	}
	f(x)
	return x
}

func days(t *testing.T, e Event) string {
	t.Helper()
	os, err := Occurrences(e, time.UnixMilli(ms(1, 0, 0)), time.UnixMilli(ms(90, 0, 0)))
	if err != nil {
		t.Fatal(err)
	}
	s := ""
	for _, o := range os {
		s += time.UnixMilli(o.Start).In(Zone).Format("0102/15:04 ") + o.Place + " "
	}
	return s
}

func TestSplit(t *testing.T) {
	m := newMem(t)
	do(t, m, "lin", weekly())
	do(t, m, "he", following(func(*Split) {}))
	a, b := get(t, m, "m"), get(t, m, "n")
	if got := days(t, a); got != "1102/09:00 三楼会议室 1116/09:00 二楼 " {
		t.Errorf("before: %s", got)
	}
	if got := days(t, b); got != "1123/09:00  1130/09:00 四楼 1207/09:00  " {
		t.Errorf("after: %s", got)
	}
	if b.Owner != "lin" || !slices.Equal(b.Editors, []string{"he"}) || b.Status != Confirmed || b.Title != "防汛物资周会" || a.Title != "防汛物资调度会" {
		t.Errorf("%+v", b)
	}
	// Another rule has exceptions of its own: none.
	do(t, m, "lin", &Split{ID: "n", Day: "2026-11-30", NewID: "o", Title: "改为周二", Start: ms(31, 9, 0), End: ms(31, 10, 0), RRule: "FREQ=WEEKLY;COUNT=2"})
	if got := days(t, get(t, m, "o")); got != "1201/09:00  1208/09:00  " {
		t.Errorf("another rule: %s", got)
	}
	if got := days(t, get(t, m, "n")); got != "1123/09:00  " {
		t.Errorf("what is left: %s", got)
	}
}

// The same rule on another weekday: the exceptions, which are of days, stay behind.
func TestSplitToAnotherDay(t *testing.T) {
	m := newMem(t)
	do(t, m, "lin", weekly())
	do(t, m, "lin", following(func(x *Split) { x.Start, x.End = ms(24, 14, 0), ms(24, 15, 0) }))
	if got := days(t, get(t, m, "n")); got != "1124/14:00  1201/14:00  1208/14:00  " {
		t.Errorf("%s", got)
	}
}

func TestSplitEnds(t *testing.T) {
	m := newMem(t)
	do(t, m, "lin", weekly())
	do(t, m, "lin", &Split{ID: "m", Day: "2026-11-16"})
	if e := get(t, m, "m"); days(t, e) != "1102/09:00 三楼会议室 " || e.Overrides != nil {
		t.Errorf("%+v", e)
	}
	do(t, m, "lin", &Split{ID: "m", Day: "2026-11-02"})
	if _, ok := m.Get(Events.Name, "m"); ok {
		t.Error("an event without a day stays")
	}
}

func TestSplitRefused(t *testing.T) {
	for _, x := range []struct {
		name  string
		who   office.UserID
		cmd   *Split
		code  office.Code
		field string
	}{
		{"attendee", "zhou", following(func(*Split) {}), office.CodeNotPermitted, ""},
		{"stranger", "ding", following(func(*Split) {}), office.CodeNotFound, Events.Name},
		{"nothing there", "lin", following(func(x *Split) { x.ID = "gone" }), office.CodeNotFound, Events.Name},
		{"bad id", "lin", following(func(x *Split) { x.ID = "A b" }), office.CodeInvalid, "id"},
		{"bad day", "lin", following(func(x *Split) { x.Day = "2026-11-3" }), office.CodeInvalid, "day"},
		{"not one of its days", "lin", following(func(x *Split) { x.Day = "2026-11-24" }), office.CodeState, ""},
		{"behind its last", "lin", following(func(x *Split) { x.Day = "2027-11-22" }), office.CodeState, ""},
		{"before its first", "lin", following(func(x *Split) { x.Day = "2026-10-26" }), office.CodeState, ""},
		{"does not repeat", "lin", following(func(x *Split) { x.ID = "once" }), office.CodeState, ""},
		{"bad new id", "lin", following(func(x *Split) { x.NewID = "../x" }), office.CodeInvalid, "new_id"},
		{"its own id", "lin", following(func(x *Split) { x.NewID = "m" }), office.CodeInvalid, "new_id"},
		{"taken id", "lin", following(func(x *Split) { x.NewID = "once" }), office.CodeExists, Events.Name},
		{"no title", "lin", following(func(x *Split) { x.Title = " " }), office.CodeInvalid, "title"},
		{"no start", "lin", following(func(x *Split) { x.Start = 0 }), office.CodeInvalid, "start"},
		{"end before start", "lin", following(func(x *Split) { x.End = x.Start - 1 }), office.CodeInvalid, "end"},
		{"two rules", "lin", following(func(x *Split) { x.RRule = "FREQ=DAILY" }), office.CodeInvalid, "rrule"},
		{"bad rule", "lin", following(func(x *Split) { x.Same, x.RRule = false, "FREQ=HOURLY" }), office.CodeInvalid, "rrule"},
		{"strange attendee", "lin", following(func(x *Split) { x.Attendees = []string{"ghost"} }), office.CodeInvalid, "attendees"},
	} {
		t.Run(x.name, func(t *testing.T) {
			m := newMem(t)
			do(t, m, "lin", weekly())
			once := meeting()
			once.ID = "once"
			do(t, m, "lin", once)
			before, _ := m.Get(Events.Name, "m")
			_, err := run(m, x.who, x.cmd)
			e := office.AsError(err)
			if err == nil || e.Code != x.code || e.Field != x.field {
				t.Fatalf("%v, want %s (%s)", err, x.code, x.field)
			}
			after, _ := m.Get(Events.Name, "m")
			if len(m.All(Events.Name)) != 2 || string(after.Body) != string(before.Body) {
				t.Error("something was stored")
			}
		})
	}
}

// The rule changed while the split was on its way: what it says of is no longer there.
func TestSplitOfAChangedRule(t *testing.T) {
	m := newMem(t)
	do(t, m, "lin", weekly())
	do(t, m, "he", &Edit{ID: "m", Changes: []office.Change{ch("rrule", "FREQ=WEEKLY;COUNT=6", "FREQ=WEEKLY;BYDAY=TH")}})
	if _, err := run(m, "lin", following(func(*Split) {})); office.CodeOf(err) != office.CodeState {
		t.Errorf("%v", err)
	}
}

func roles(t *testing.T, m *officetest.Mem, uid, role string) {
	t.Helper()
	do(t, m, office.System, putRole(role))
	do(t, m, office.System, assign(uid, role))
}
