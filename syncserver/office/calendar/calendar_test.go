package calendar

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

var now = time.Date(2026, 11, 2, 9, 0, 0, 0, Zone)

func ms(day, hour, min int) int64 { return time.Date(2026, 11, day, hour, min, 0, 0, Zone).UnixMilli() }

func newMem(t *testing.T) *officetest.Mem {
	t.Helper()
	ks, err := office.NewKinds(slices.Concat(Kinds(), directory.Kinds(), []*office.Kind{office.Conflicts.Kind})...)
	if err != nil {
		t.Fatal(err)
	}
	m := officetest.NewMem(ks)
	for _, id := range []string{"lin", "ding", "zhou", "he"} {
		do(t, m, office.System, &directory.PutPerson{ID: id, Name: "某人"})
	}
	do(t, m, office.System, &directory.PutPerson{ID: "left", Name: "离任", State: directory.Disabled})
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

func get(t *testing.T, m *officetest.Mem, id string) Event {
	t.Helper()
	r, ok := m.Get(Events.Name, id)
	if !ok {
		t.Fatalf("%s is not there", id)
	}
	var e Event
	if err := r.Decode(&e); err != nil {
		t.Fatal(err)
	}
	return e
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

// meeting is 林's meeting on the 9th, 9:00 to 11:00, with 周, edited by 何 too.
func meeting() *Create {
	fifteen := 15
	return &Create{
		ID: "m", Title: "防汛物资调度会", Place: "三楼会议室", Start: ms(9, 9, 0), End: ms(9, 11, 0),
		Reminder: &fifteen, Attendees: []string{"zhou"}, Editors: []string{"he"},
	}
}

func TestLife(t *testing.T) {
	m := newMem(t)
	do(t, m, "lin", meeting())
	do(t, m, "he", &Edit{ID: "m", Changes: []office.Change{ch("place", "三楼会议室", "应急指挥中心"), ch("reminder", 15, 0), ch("attendees", []string{"zhou"}, []string{"zhou", "ding"})}})
	e := get(t, m, "m")
	if e.Owner != "lin" || e.Place != "应急指挥中心" || e.Reminder == nil || *e.Reminder != 0 || !slices.Equal(e.Attendees, []string{"zhou", "ding"}) || e.Status != Confirmed || e.At != now.UnixMilli() {
		t.Errorf("%+v", e)
	}
	do(t, m, "lin", &Edit{ID: "m", Changes: []office.Change{ch("reminder", 0, nil), ch("status", "confirmed", "cancelled"), ch("editors", []string{"he"}, nil)}})
	if e := get(t, m, "m"); e.Reminder != nil || e.Status != Cancelled || e.Editors != nil {
		t.Errorf("%+v", e)
	}
	do(t, m, "lin", &Delete{ID: "m"})
	do(t, m, "lin", &Delete{ID: "m"})
	if _, err := run(m, "he", &Edit{ID: "m", Changes: []office.Change{ch("title", "防汛物资调度会", "改")}}); office.CodeOf(err) != office.CodeNotFound {
		t.Errorf("edit of a removed event: %v", err)
	}
}

// The secretary moves the place at home while the leader edits the note on the train.
func TestOtherFieldsMerge(t *testing.T) {
	m := newMem(t)
	do(t, m, "lin", meeting())
	do(t, m, "he", &Edit{ID: "m", Changes: []office.Change{ch("place", "三楼会议室", "应急指挥中心"), ch("attendees", []string{"zhou"}, []string{"zhou", "he"})}})
	note := do(t, m, "lin", &Edit{ID: "m", Changes: []office.Change{ch("note", nil, "请水务局带图"), ch("attendees", []string{"zhou"}, []string{"ding"})}})
	e := get(t, m, "m")
	if note != office.NoteMerged || e.Place != "应急指挥中心" || e.Note != "请水务局带图" || !slices.Equal(e.Attendees, []string{"he", "ding"}) {
		t.Errorf("%s %+v", note, e)
	}
	if note := do(t, m, "lin", &Edit{ID: "m", Changes: []office.Change{ch("place", "三楼会议室", "我处")}}); note != office.NoteConflict || get(t, m, "m").Place != "应急指挥中心" {
		t.Errorf("same field: %q", note)
	}
}

// Moves that together would end before they begin are kept beside each other.
func TestCrossingMoves(t *testing.T) {
	m := newMem(t)
	do(t, m, "lin", meeting())
	do(t, m, "he", &Edit{ID: "m", Changes: []office.Change{ch("start", ms(9, 9, 0), ms(9, 10, 30)), ch("end", ms(9, 11, 0), ms(9, 11, 0))}})
	note := do(t, m, "lin", &Edit{ID: "m", Changes: []office.Change{
		ch("start", ms(9, 9, 0), ms(9, 9, 0)), ch("end", ms(9, 11, 0), ms(9, 10, 0)), ch("note", nil, "早些结束"),
	}})
	e := get(t, m, "m")
	if note != office.NoteConflict || e.Start != ms(9, 10, 30) || e.End != ms(9, 11, 0) || e.Note != "早些结束" {
		t.Errorf("%s %+v", note, e)
	}
	r, ok := m.Get("office.conflict", office.ConflictID(Events.Name, "m", "end", "lin"))
	if !ok {
		t.Fatal("no conflict is kept")
	}
	var cf office.Conflict
	if err := r.Decode(&cf); err != nil || string(cf.Mine) != string(ch("", nil, ms(9, 10, 0)).New) || string(cf.Theirs) != string(ch("", nil, ms(9, 11, 0)).New) {
		t.Errorf("%+v", cf)
	}
	// The move that gives only one end is refused: what was seen is not known.
	if _, err := run(m, "lin", &Edit{ID: "m", Changes: []office.Change{ch("end", ms(9, 11, 0), ms(9, 10, 0))}}); office.CodeOf(err) != office.CodeInvalid {
		t.Errorf("end before the start: %v", err)
	}
	// A move by both to other days: the first holds, the second is kept.
	note = do(t, m, "he", &Edit{ID: "m", Changes: []office.Change{ch("start", ms(9, 9, 0), ms(11, 9, 0)), ch("end", ms(9, 11, 0), ms(11, 11, 0))}})
	if e := get(t, m, "m"); note != office.NoteConflict || e.Start != ms(9, 10, 30) || e.End != ms(9, 11, 0) {
		t.Errorf("%s %+v", note, e)
	}
}

// Moves of different ends that do fit together both hold.
func TestMovesOfBothEnds(t *testing.T) {
	m := newMem(t)
	do(t, m, "lin", meeting())
	do(t, m, "he", &Edit{ID: "m", Changes: []office.Change{ch("start", ms(9, 9, 0), ms(9, 9, 30)), ch("end", ms(9, 11, 0), ms(9, 11, 0))}})
	note := do(t, m, "lin", &Edit{ID: "m", Changes: []office.Change{ch("start", ms(9, 9, 0), ms(9, 9, 0)), ch("end", ms(9, 11, 0), ms(9, 12, 0))}})
	if e := get(t, m, "m"); note != "" || e.Start != ms(9, 9, 30) || e.End != ms(9, 12, 0) {
		t.Errorf("%q %+v", note, e)
	}
}

func TestOverridesJoin(t *testing.T) {
	m := newMem(t)
	x := meeting()
	x.RRule = "FREQ=WEEKLY;BYDAY=MO"
	do(t, m, "lin", x)
	a, b := Override{Place: "二楼"}, Override{Title: "改题", Start: ms(23, 14, 0), End: ms(23, 15, 0)}
	do(t, m, "he", &Edit{ID: "m", Changes: []office.Change{ch("overrides", nil, map[string]Override{"2026-11-16": a}), ch("exdates", nil, []string{"2026-11-30"})}})
	note := do(t, m, "lin", &Edit{ID: "m", Changes: []office.Change{ch("overrides", nil, map[string]Override{"2026-11-23": b}), ch("exdates", nil, []string{"2026-12-07"})}})
	e := get(t, m, "m")
	if note != office.NoteMerged || e.Overrides["2026-11-16"] != a || e.Overrides["2026-11-23"] != b || !slices.Equal(e.Exdates, []string{"2026-11-30", "2026-12-07"}) {
		t.Errorf("%s %+v", note, e)
	}
	note = do(t, m, "lin", &Edit{ID: "m", Changes: []office.Change{ch("overrides", nil, map[string]Override{"2026-11-16": {Place: "四楼"}})}})
	if e := get(t, m, "m"); note != office.NoteConflict || e.Overrides["2026-11-16"] != a {
		t.Errorf("same day: %s %+v", note, e)
	}
}

func TestOccurrences(t *testing.T) {
	ev := func(f func(*Event)) Event {
		e := Event{Title: "例会", Start: ms(2, 9, 0), End: ms(2, 10, 0), Status: Confirmed}
		f(&e)
		return e
	}
	nov := func(d, h int) time.Time { return time.Date(2026, 11, d, h, 0, 0, 0, Zone) }
	for _, x := range []struct {
		name     string
		e        Event
		from, to time.Time
		want     string // days and hours
	}{
		{"once", ev(func(e *Event) {}), nov(1, 0), nov(30, 0), "02/09"},
		{"once, outside", ev(func(e *Event) {}), nov(3, 0), nov(30, 0), ""},
		{"touches the window's begin", ev(func(e *Event) { e.End = ms(3, 9, 0) }), nov(3, 0), nov(4, 0), "02/09"},
		{"ends where the window begins", ev(func(e *Event) {}), nov(2, 10), nov(4, 0), ""},
		{"of no length at the begin", ev(func(e *Event) { e.End = e.Start }), nov(2, 9), nov(4, 0), "02/09"},
		{"weekly", ev(func(e *Event) { e.RRule = "FREQ=WEEKLY" }), nov(1, 0), nov(30, 0), "02/09 09/09 16/09 23/09"},
		{"two days a week", ev(func(e *Event) { e.RRule = "FREQ=WEEKLY;BYDAY=MO,TH" }), nov(8, 0), nov(21, 0), "09/09 12/09 16/09 19/09"},
		{"every other week", ev(func(e *Event) { e.RRule = "FREQ=WEEKLY;INTERVAL=2" }), nov(1, 0), nov(30, 23), "02/09 16/09 30/09"},
		{"early in the morning stays on its day", ev(func(e *Event) { e.Start, e.End, e.RRule = ms(2, 1, 0), ms(2, 2, 0), "FREQ=WEEKLY;BYDAY=MO" }), nov(1, 0), nov(20, 0), "02/01 09/01 16/01"},
		{"counted", ev(func(e *Event) { e.RRule = "FREQ=DAILY;COUNT=3" }), nov(1, 0), nov(30, 0), "02/09 03/09 04/09"},
		{"until a day includes it", ev(func(e *Event) { e.RRule = "FREQ=WEEKLY;UNTIL=20261116" }), nov(1, 0), nov(30, 0), "02/09 09/09 16/09"},
		{"until a moment", ev(func(e *Event) { e.RRule = "FREQ=WEEKLY;UNTIL=20261116T005959Z" }), nov(1, 0), nov(30, 0), "02/09 09/09"},
		{"monthly", ev(func(e *Event) { e.RRule = "FREQ=MONTHLY;BYMONTHDAY=2,20" }), nov(1, 0), nov(30, 0), "02/09 20/09"},
		{"second Tuesday", ev(func(e *Event) { e.RRule = "FREQ=MONTHLY;BYDAY=2TU" }), nov(1, 0), nov(60, 0), "10/09 08/09"},
		{"last Friday", ev(func(e *Event) { e.RRule = "FREQ=MONTHLY;BYDAY=-1FR" }), nov(1, 0), nov(60, 0), "27/09 25/09"},
		{"last day of the month", ev(func(e *Event) { e.RRule = "FREQ=MONTHLY;BYMONTHDAY=-1" }), nov(1, 0), nov(62, 0), "30/09 31/09"},
		{"the 31st is left out where there is none", ev(func(e *Event) { e.RRule = "FREQ=MONTHLY;BYMONTHDAY=31" }), nov(1, 0), nov(62, 0), "31/09"},
		{"yearly", ev(func(e *Event) { e.RRule = "FREQ=YEARLY" }), nov(1, 0), nov(370, 0), "02/09 02/09"},
		{"exception", ev(func(e *Event) { e.RRule, e.Exdates = "FREQ=WEEKLY", []string{"2026-11-09"} }), nov(1, 0), nov(20, 0), "02/09 16/09"},
		{"moved out", ev(func(e *Event) {
			e.RRule, e.Overrides = "FREQ=WEEKLY", map[string]Override{"2026-11-09": {Start: ms(25, 8, 0), End: ms(25, 9, 0)}}
		}), nov(1, 0), nov(20, 0), "02/09 16/09"},
		{"moved in from behind", ev(func(e *Event) {
			e.RRule, e.Overrides = "FREQ=WEEKLY", map[string]Override{"2026-11-30": {Start: ms(12, 8, 0), End: ms(12, 9, 0)}}
		}), nov(8, 0), nov(20, 0), "09/09 12/08 16/09"},
	} {
		got, err := Occurrences(x.e, x.from, x.to)
		if err != nil {
			t.Fatalf("%s: %v", x.name, err)
		}
		var days []string
		for _, o := range got {
			days = append(days, time.UnixMilli(o.Start).In(Zone).Format("02/15"))
			if o.End-o.Start != x.e.End-x.e.Start {
				t.Errorf("%s: length changed", x.name)
			}
		}
		if s := strings.Join(days, " "); s != x.want {
			t.Errorf("%s: %q, want %q", x.name, s, x.want)
		}
	}
	o, err := Occurrences(ev(func(e *Event) {
		e.RRule, e.Overrides = "FREQ=WEEKLY", map[string]Override{"2026-11-09": {Place: "二楼", Status: Cancelled}}
	}), nov(9, 0), nov(10, 0))
	if err != nil || len(o) != 1 || o[0] != (Occurrence{Day: "2026-11-09", Start: ms(9, 9, 0), End: ms(9, 10, 0), Title: "例会", Place: "二楼", Status: Cancelled, Overridden: true}) {
		t.Errorf("%+v %v", o, err)
	}
	all, err := Occurrences(ev(func(e *Event) { e.RRule = "FREQ=DAILY" }), nov(1, 0), nov(1, 0).AddDate(50, 0, 0))
	if err != nil || len(all) != MaxOccurrences {
		t.Errorf("endless: %d %v", len(all), err)
	}
}

func TestRefused(t *testing.T) {
	with := func(f func(*Create)) *Create { x := meeting(); x.ID = "x"; f(x); return x }
	many := make([]string, maxPeople+1)
	for i := range many {
		many[i] = "p" + string(rune('a'+i/26)) + string(rune('a'+i%26))
	}
	edit := func(cs ...office.Change) *Edit { return &Edit{ID: "m", Changes: cs} }
	minus := -1
	for _, x := range []struct {
		name  string
		who   office.UserID
		cmd   office.Command
		code  office.Code
		field string
	}{
		{"nobody", "", with(func(x *Create) {}), office.CodeNotPermitted, ""},
		{"no title", "lin", with(func(x *Create) { x.Title = "" }), office.CodeInvalid, "title"},
		{"NUL", "lin", with(func(x *Create) { x.Note = "\x00" }), office.CodeInvalid, "note"},
		{"not UTF-8", "lin", with(func(x *Create) { x.Place = "\xfe" }), office.CodeInvalid, "place"},
		{"long note", "lin", with(func(x *Create) { x.Note = strings.Repeat("长", maxNote+1) }), office.CodeInvalid, "note"},
		{"no start", "lin", with(func(x *Create) { x.Start = 0 }), office.CodeInvalid, "start"},
		{"end before start", "lin", with(func(x *Create) { x.End = x.Start - 1 }), office.CodeInvalid, "end"},
		{"two years", "lin", with(func(x *Create) { x.End = x.Start + 2*366*dayMillis }), office.CodeInvalid, "end"},
		{"far future", "lin", with(func(x *Create) { x.Start, x.End = office.MaxTime+1, office.MaxTime+2 }), office.CodeInvalid, "start"},
		{"whole day at nine", "lin", with(func(x *Create) { x.AllDay = true }), office.CodeInvalid, "all_day"},
		{"negative reminder", "lin", with(func(x *Create) { x.Reminder = &minus }), office.CodeInvalid, "reminder"},
		{"bad status", "lin", with(func(x *Create) { x.Status = "maybe" }), office.CodeInvalid, "status"},
		{"stranger", "lin", with(func(x *Create) { x.Attendees = []string{"ghost"} }), office.CodeInvalid, "attendees"},
		{"left the office", "lin", with(func(x *Create) { x.Attendees = []string{"left"} }), office.CodeInvalid, "attendees"},
		{"strange editor", "lin", with(func(x *Create) { x.Editors = []string{"ghost"} }), office.CodeInvalid, "editors"},
		{"attendee twice", "lin", with(func(x *Create) { x.Attendees = []string{"zhou", "zhou"} }), office.CodeInvalid, "attendees"},
		{"too many", "lin", with(func(x *Create) { x.Attendees = many }), office.CodeInvalid, "attendees"},
		{"taken id", "lin", meeting(), office.CodeExists, Events.Name},
		{"bad id", "lin", with(func(x *Create) { x.ID = "A b" }), office.CodeInvalid, "id"},
		{"yearly by day", "lin", with(func(x *Create) { x.RRule = "FREQ=YEARLY;BYDAY=MO" }), office.CodeInvalid, "rrule"},
		{"second Tuesday of the week", "lin", with(func(x *Create) { x.RRule = "FREQ=WEEKLY;BYDAY=2TU" }), office.CodeInvalid, "rrule"},
		{"two n-th days", "lin", with(func(x *Create) { x.RRule = "FREQ=MONTHLY;BYDAY=1MO,3MO" }), office.CodeInvalid, "rrule"},
		{"fifth Tuesday", "lin", with(func(x *Create) { x.RRule = "FREQ=MONTHLY;BYDAY=5TU" }), office.CodeInvalid, "rrule"},
		{"a day of the month and an n-th day", "lin", with(func(x *Create) { x.RRule = "FREQ=MONTHLY;BYDAY=1MO;BYMONTHDAY=3" }), office.CodeInvalid, "rrule"},
		{"minus two", "lin", with(func(x *Create) { x.RRule = "FREQ=MONTHLY;BYMONTHDAY=-2" }), office.CodeInvalid, "rrule"},
		{"every second", "lin", with(func(x *Create) { x.RRule = "FREQ=SECONDLY" }), office.CodeInvalid, "rrule"},
		{"by hour", "lin", with(func(x *Create) { x.RRule = "FREQ=DAILY;BYHOUR=1,2,3" }), office.CodeInvalid, "rrule"},
		{"no frequency", "lin", with(func(x *Create) { x.RRule = "COUNT=3" }), office.CodeInvalid, "rrule"},
		{"twice", "lin", with(func(x *Create) { x.RRule = "FREQ=DAILY;FREQ=DAILY" }), office.CodeInvalid, "rrule"},
		{"count and until", "lin", with(func(x *Create) { x.RRule = "FREQ=DAILY;COUNT=3;UNTIL=20261101" }), office.CodeInvalid, "rrule"},
		{"no such day", "lin", with(func(x *Create) { x.RRule = "FREQ=DAILY;UNTIL=20261399" }), office.CodeInvalid, "rrule"},
		{"injected DTSTART", "lin", with(func(x *Create) { x.RRule = "DTSTART:20200101T000000Z\nRRULE:FREQ=DAILY" }), office.CodeInvalid, "rrule"},
		{"long repeating", "lin", with(func(x *Create) { x.RRule, x.End = "FREQ=DAILY", x.Start+8*dayMillis }), office.CodeInvalid, "end"},
		{"bad exdate", "lin", with(func(x *Create) { x.Exdates = []string{"2026-2-1"} }), office.CodeInvalid, "exdates"},
		{"bad override day", "lin", with(func(x *Create) { x.Overrides = map[string]Override{"2026-02-30": {}} }), office.CodeInvalid, "overrides"},
		{"override without end", "lin", with(func(x *Create) { x.Overrides = map[string]Override{"2026-02-28": {Start: 5}} }), office.CodeInvalid, "overrides"},

		{"override without start", "lin", with(func(x *Create) { x.Overrides = map[string]Override{"2026-02-28": {End: 5}} }), office.CodeInvalid, "overrides"},
		{"attendee edits", "zhou", edit(ch("title", "防汛物资调度会", "改")), office.CodeNotPermitted, ""},
		{"attendee removes", "zhou", &Delete{ID: "m"}, office.CodeNotPermitted, ""},
		{"stranger edits", "ding", edit(ch("title", "防汛物资调度会", "改")), office.CodeNotFound, Events.Name},
		{"stranger removes", "ding", &Delete{ID: "m"}, office.CodeNotFound, Events.Name},
		{"editor names editors", "he", edit(ch("editors", []string{"he"}, []string{"he", "ding"})), office.CodeNotPermitted, "editors"},
		{"no changes", "lin", edit(), office.CodeInvalid, "changes"},
		{"owner is no field to edit", "lin", edit(ch("owner", "lin", "zhou")), office.CodeInvalid, "owner"},
		{"end taken away", "lin", edit(ch("end", ms(9, 11, 0), nil)), office.CodeInvalid, "end"},
		{"end before start, edited", "lin", edit(ch("end", ms(9, 11, 0), ms(9, 8, 0))), office.CodeInvalid, "end"},
		{"both given, end before start", "lin", edit(ch("start", ms(9, 9, 0), ms(9, 12, 0)), ch("end", ms(9, 11, 0), ms(9, 11, 30))), office.CodeInvalid, "end"},
		{"text as a time", "lin", edit(ch("start", ms(9, 9, 0), "morgen")), office.CodeInvalid, "start"},
		{"strange attendee, edited", "lin", edit(ch("attendees", []string{"zhou"}, []string{"zhou", "ghost"})), office.CodeInvalid, "attendees"},
		{"rule, edited", "lin", edit(ch("rrule", nil, "FREQ=HOURLY")), office.CodeInvalid, "rrule"},
		{"stale and too long: not kept as a conflict", "lin", edit(ch("place", "旧址", strings.Repeat("长", maxPlace+1))), office.CodeInvalid, "place"},
	} {
		t.Run(x.name, func(t *testing.T) {
			m := newMem(t)
			do(t, m, "lin", meeting())
			before, _ := m.Get(Events.Name, "m")
			_, err := run(m, x.who, x.cmd)
			var e *office.Error
			if !errors.As(err, &e) || e.Code != x.code || e.Field != x.field {
				t.Fatalf("%v, want %s (%s)", err, x.code, x.field)
			}
			after, _ := m.Get(Events.Name, "m")
			if len(m.All(Events.Name)) != 1 || string(after.Body) != string(before.Body) || len(m.All("office.conflict")) != 0 {
				t.Error("something was stored")
			}
		})
	}
}

func TestAudience(t *testing.T) {
	m := newMem(t)
	do(t, m, "lin", meeting())
	r, _ := m.Get(Events.Name, "m")
	if chans, err := m.Kinds.Channels(r, r); err != nil || !slices.Equal(chans, []office.Channel{"u:he", "u:lin", "u:zhou"}) {
		t.Errorf("%v %v", chans, err)
	}
}

func TestWholeDay(t *testing.T) {
	m := newMem(t)
	x := meeting()
	x.AllDay, x.Start, x.End = true, ms(9, 0, 0), ms(11, 0, 0)
	do(t, m, "lin", x)
	note := do(t, m, "lin", &Edit{ID: "m", Changes: []office.Change{ch("all_day", true, nil), ch("start", x.Start, ms(9, 8, 0)), ch("end", x.End, ms(9, 9, 0))}})
	if e := get(t, m, "m"); note != "" || e.AllDay || e.Start != ms(9, 8, 0) {
		t.Errorf("%q %+v", note, e)
	}
}
