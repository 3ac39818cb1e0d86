package bridge

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/calendar"
	"qianshao/syncserver/office/directory"
)

func rangeOf(t *testing.T, r *Rooms, from, to float64) []Event {
	t.Helper()
	l, err := r.Calendar.Range(hour(from), hour(to))
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// toInput is an occurrence as the window's dialog begins with it.
func toInput(e Event) EventInput {
	base := EventInput{
		ID: e.ID, Title: e.Title, Place: e.Place, Note: e.Note, Start: e.Start, End: e.End, AllDay: e.AllDay,
		Tentative: e.Status == calendar.Tentative, Reminder: e.Reminder, Repeat: e.Repeat, Rule: e.Rule, Attendees: e.Attendees,
		Day: e.Day, SeriesStart: e.SeriesStart, SeriesEnd: e.SeriesEnd,
	}
	in := base
	in.Base = &base
	return in
}

// weeklyMeeting is a meeting each Tuesday from two weeks ago, 9 to 10.
func weeklyMeeting(t *testing.T) (*Rooms, *fakeHost) {
	t.Helper()
	r, h, _ := newRooms(t, "lin-zhiyuan")
	person(h.desk, "lin-zhiyuan", directory.Official{Name: "林知远"})
	if _, err := r.Calendar.Create(EventInput{Title: "例会", Place: "三楼", Start: hour(9 - 14*24), End: hour(10 - 14*24), Reminder: 15, Repeat: "weekly", Rule: Rule{Interval: 1, Days: []string{"TU"}}}); err != nil {
		t.Fatal(err)
	}
	return r, h
}

func last(h *fakeHost) office.Command { return h.desk.given[len(h.desk.given)-1] }

func TestRules(t *testing.T) {
	tuesday := hour(9) // 24 November 2026
	for _, x := range []struct {
		repeat string
		rule   Rule
		want   string
	}{
		{"", Rule{}, ""},
		{"daily", Rule{Interval: 1}, "FREQ=DAILY"},
		{"daily", Rule{Interval: 3, Count: 5}, "FREQ=DAILY;INTERVAL=3;COUNT=5"},
		{"weekly", Rule{Interval: 1, Days: []string{"FR", "MO"}}, "FREQ=WEEKLY;BYDAY=MO,FR"},
		{"weekly", Rule{Interval: 2, Until: hour(24)}, "FREQ=WEEKLY;INTERVAL=2;UNTIL=20261125"},
		{"monthly", Rule{Interval: 1}, "FREQ=MONTHLY"},
		{"monthly", Rule{Interval: 1, Nth: 4}, "FREQ=MONTHLY;BYDAY=4TU"},
		{"monthly", Rule{Interval: 1, Nth: -1}, "FREQ=MONTHLY;BYDAY=-1TU"},
		{"monthly", Rule{Interval: 1, Last: true}, "FREQ=MONTHLY;BYMONTHDAY=-1"},
		{"yearly", Rule{Interval: 1}, "FREQ=YEARLY"},
	} {
		got, err := ruleOf(x.repeat, x.rule, tuesday)
		if err != nil || got != x.want {
			t.Errorf("%s %+v: %q %v, want %q", x.repeat, x.rule, got, err, x.want)
		}
		repeat, back := ruleView(got, tuesday)
		again, err := ruleOf(repeat, back, tuesday)
		if repeat != x.repeat || err != nil || again != x.want {
			t.Errorf("%q read back: %s %+v", got, repeat, back)
		}
	}
	for _, rule := range []string{"FREQ=MONTHLY;BYMONTHDAY=2,20", "FREQ=MONTHLY;BYDAY=2WE", "FREQ=WEEKLY;UNTIL=20261116T005959Z", "FREQ=WEEKLY;WKST=SU"} {
		if repeat, _ := ruleView(rule, tuesday); repeat != repeatOther {
			t.Errorf("%s: %s", rule, repeat)
		}
	}
	if _, err := ruleOf("hourly", Rule{}, tuesday); office.CodeOf(err) != office.CodeInvalid {
		t.Error(err)
	}
	for _, x := range []struct {
		rule string
		to   int64
		want string
	}{
		{"FREQ=WEEKLY;BYDAY=TU;COUNT=3", hour(9 + 24), "FREQ=WEEKLY;BYDAY=WE;COUNT=3"},
		{"FREQ=WEEKLY;BYDAY=MO,SU", hour(9 - 24), "FREQ=WEEKLY;BYDAY=SA,SU"},
		{"FREQ=MONTHLY;BYDAY=4TU", hour(9 + 48), "FREQ=MONTHLY;BYDAY=4TH"},
		{"FREQ=MONTHLY;BYDAY=4TU", hour(9 + 6*24), "FREQ=MONTHLY;BYDAY=-1MO"},
		{"FREQ=MONTHLY;BYMONTHDAY=24", hour(9 + 24), "FREQ=MONTHLY;BYMONTHDAY=25"},
		{"FREQ=WEEKLY;BYDAY=TU", hour(14), "FREQ=WEEKLY;BYDAY=TU"},
	} {
		if got := shifted(x.rule, tuesday, x.to); got != x.want {
			t.Errorf("%s moved: %s, want %s", x.rule, got, x.want)
		}
	}
}

func TestOneOccurrence(t *testing.T) {
	r, h := weeklyMeeting(t)
	in := toInput(rangeOf(t, r, 0, 24)[0])
	in.Scope, in.Place, in.Start, in.End = scopeOne, "二楼", hour(14), hour(15)
	if _, err := r.Calendar.Edit(in); err != nil {
		t.Fatal(err)
	}
	l := rangeOf(t, r, -15*24, 8*24)
	if len(l) != 4 || l[2].Place != "二楼" || l[2].Start != hour(14) || !l[2].Changed || l[1].Place != "三楼" || l[3].Start != hour(9+7*24) {
		t.Errorf("%+v", l)
	}
	// The whole series from a changed occurrence: what it says itself stays.
	in = toInput(l[2])
	in.Scope, in.Title, in.Place = scopeAll, "周例会", "四楼"
	if _, err := r.Calendar.Edit(in); err != nil {
		t.Fatal(err)
	}
	if l = rangeOf(t, r, -15*24, 8*24); l[0].Title != "周例会" || l[0].Place != "四楼" || l[2].Place != "二楼" || len(h.desk.mem.All("office.conflict")) != 0 {
		t.Errorf("%+v", l)
	}
	for name, f := range map[string]func(*EventInput){
		"cleared place":       func(x *EventInput) { x.Place = "" },
		"another rule":        func(x *EventInput) { x.Repeat = "daily" },
		"other people":        func(x *EventInput) { x.Attendees = []string{"zhou-muye"} },
		"another reminder":    func(x *EventInput) { x.Reminder = 0 },
		"no day":              func(x *EventInput) { x.Day = "" },
		"no scope there is":   func(x *EventInput) { x.Scope = "some" },
		"nothing as was seen": func(x *EventInput) { x.Base = nil },
	} {
		in := toInput(l[1])
		in.Scope = scopeOne
		f(&in)
		if _, err := r.Calendar.Edit(in); office.CodeOf(err) != office.CodeInvalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := r.Calendar.Delete(l[3].ID, l[3].Day, scopeOne); err != nil {
		t.Fatal(err)
	}
	if l = rangeOf(t, r, -15*24, 15*24); len(l) != 4 || l[3].Start != hour(9+14*24) {
		t.Errorf("%+v", l)
	}
}

// A series dragged to another day takes its rule and its exceptions along.
func TestWholeSeriesMoves(t *testing.T) {
	r, h := weeklyMeeting(t)
	l := rangeOf(t, r, -15*24, 8*24)
	if _, err := r.Calendar.Delete(l[1].ID, l[1].Day, scopeOne); err != nil {
		t.Fatal(err)
	}
	in := toInput(l[3])
	in.Scope, in.Note = scopeOne, "带台账"
	if _, err := r.Calendar.Edit(in); err != nil {
		t.Fatal(err)
	}
	in = toInput(l[2])
	in.Scope, in.Start, in.End = scopeAll, hour(24+15), hour(24+16)
	if _, err := r.Calendar.Edit(in); err != nil {
		t.Fatal(err)
	}
	l = rangeOf(t, r, -15*24, 9*24)
	if len(l) != 3 || l[0].Start != hour(-13*24+15) || l[1].Start != hour(24+15) || l[2].Start != hour(8*24+15) || l[2].Note != "带台账" || l[1].Repeat != "weekly" || !slices.Equal(l[1].Rule.Days, []string{"WE"}) {
		t.Errorf("%+v", l)
	}
	if n := len(h.desk.mem.All("office.conflict")); n != 0 {
		t.Errorf("%d conflicts", n)
	}
}

func TestFollowing(t *testing.T) {
	r, h := weeklyMeeting(t)
	in := toInput(rangeOf(t, r, 0, 24)[0])
	in.Scope, in.Title = scopeFollowing, "新例会"
	if _, err := r.Calendar.Edit(in); err != nil {
		t.Fatal(err)
	}
	if x := last(h).(*calendar.Split); !x.Same || x.Day != "2026-11-24" || x.RRule != "" {
		t.Errorf("%+v", x)
	}
	l := rangeOf(t, r, -15*24, 8*24)
	if len(l) != 4 || l[1].Title != "例会" || l[2].Title != "新例会" || l[3].Title != "新例会" || l[2].ID == l[1].ID || l[2].Reminder != 15 {
		t.Fatalf("%+v", l)
	}
	in = toInput(l[3])
	in.Scope, in.Start, in.End = scopeFollowing, in.Start+24*3600_000, in.End+24*3600_000
	if _, err := r.Calendar.Edit(in); err != nil {
		t.Fatal(err)
	}
	if x := last(h).(*calendar.Split); x.Same || x.RRule != "FREQ=WEEKLY;BYDAY=WE" {
		t.Errorf("%+v", x)
	}
	if _, err := r.Calendar.Delete(l[1].ID, l[1].Day, scopeFollowing); err != nil {
		t.Fatal(err)
	}
	if l = rangeOf(t, r, -15*24, 9*24); len(l) != 3 || l[0].Title != "例会" || l[1].Title != "新例会" || l[2].Start != hour(8*24+9) {
		t.Errorf("%+v", l)
	}
}

func TestRemindersRingOnce(t *testing.T) {
	r, h, _ := newRooms(t, "lin-zhiyuan")
	now := start
	r.core.now = func() time.Time { return now }
	ring := func() (keys, rang []string) {
		t.Helper()
		l, err := r.Calendar.Reminders()
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range l {
			if keys = append(keys, x.Title); x.Ring {
				rang = append(rang, x.Title)
			}
		}
		return keys, rang
	}
	make := func(title string, at float64, reminder int) string {
		t.Helper()
		d, err := r.Calendar.Create(EventInput{Title: title, Start: hour(at), End: hour(at + 1), Reminder: reminder})
		if err != nil {
			t.Fatal(err)
		}
		return d.ID
	}
	make("十点", 10, 30)
	make("不提醒", 9, -1)
	make("明日", 24+9, 24*60) // start is 9:00
	if keys, rang := ring(); !slices.Equal(keys, []string{"明日"}) || !slices.Equal(rang, keys) {
		t.Fatalf("%v %v", keys, rang)
	}
	now = start.Add(30 * time.Minute)
	if keys, rang := ring(); !slices.Equal(keys, []string{"十点", "明日"}) || !slices.Equal(rang, []string{"十点"}) {
		t.Errorf("%v %v", keys, rang)
	}
	// Another start of the program: what was not put away is there, silently.
	again := New(t.Context(), Options{Host: h, Kinds: r.core.kinds, Now: func() time.Time { return now }, Rand: r.core.rand, Log: r.core.log})
	r = again
	if keys, rang := ring(); len(keys) != 2 || rang != nil {
		t.Errorf("after a restart: %v %v", keys, rang)
	}
	l, _ := r.Calendar.Reminders()
	if err := r.Calendar.Snooze(l[0].Key, 10); err != nil {
		t.Fatal(err)
	}
	if err := r.Calendar.PutAway([]string{l[1].Key}); err != nil {
		t.Fatal(err)
	}
	if keys, _ := ring(); keys != nil {
		t.Errorf("silent: %v", keys)
	}
	now = now.Add(10 * time.Minute)
	before := l[0].Notice
	if l, _ = r.Calendar.Reminders(); len(l) != 1 || l[0].Notice == before || r.Shell.Tell(l[0].Notice, "日程提醒", "十点") != nil || len(h.told) != 3 {
		t.Errorf("a ring of its own to tell of: %+v", l)
	}
	r = New(t.Context(), Options{Host: h, Kinds: r.core.kinds, Now: func() time.Time { return now }, Rand: r.core.rand, Log: r.core.log})
	if keys, rang := ring(); !slices.Equal(keys, []string{"十点"}) || rang != nil || !l[0].Ring {
		t.Errorf("after ten minutes: %v %v", keys, rang)
	}
	if _, rang := ring(); rang != nil {
		t.Errorf("again: %v", rang)
	}
	now = time.UnixMilli(hour(11))
	if keys, _ := ring(); keys != nil {
		t.Errorf("over: %v", keys)
	}
	refused(t, r.Calendar.Snooze(l[0].Key, 0), office.CodeInvalid)
	refused(t, r.Calendar.PutAway([]string{""}), office.CodeInvalid)
	h.desk.drafts[ringsKey] = json.RawMessage(`"broken"`)
	if keys, _ := ring(); !slices.Equal(keys, []string{"明日"}) {
		t.Errorf("reminders stop at a broken file: %v", keys)
	}
}

func TestDays(t *testing.T) {
	r, h, _ := newRooms(t, "sys01")
	person(h.desk, "sys01", directory.Official{Name: "高原", Roles: []string{directory.RoleSysAdmin}})
	at := func(day string) int64 {
		d, _ := time.ParseInLocation(time.DateOnly, day, calendar.Zone)
		return d.UnixMilli()
	}
	l, err := r.Calendar.Days(at("2026-06-19"), at("2026-06-22"))
	if err != nil || len(l) != 3 || l[0].Published || l[0].Rest || !l[1].Rest || l[0].Festival != "端午节" || l[2].Term != "夏至" || l[0].LunarYear != "丙午" {
		t.Fatalf("%+v %v", l, err)
	}
	if _, err := r.Calendar.PutYear(YearInfo{Year: 2026, Source: "国办发明电〔2025〕7号", Days: []YearDay{{"2026-06-19", "off", "端午节"}, {"2026-09-20", "work", "国庆节"}}}); err != nil {
		t.Fatal(err)
	}
	l, err = r.Calendar.Days(at("2026-06-19"), at("2026-06-22"))
	if err != nil || !l[0].Published || !l[0].Rest || l[0].Kind != "off" || l[0].Name != "端午节" || l[1].Kind != "" {
		t.Errorf("%+v %v", l, err)
	}
	if l, _ = r.Calendar.Days(at("2026-09-20"), at("2026-09-21")); l[0].Rest || l[0].Kind != "work" {
		t.Errorf("%+v", l)
	}
	if l, _ = r.Calendar.Days(at("2026-12-31"), at("2027-01-02")); len(l) != 2 || !l[0].Published || l[1].Published {
		t.Errorf("%+v", l)
	}
	years, err := r.Calendar.Years()
	if err != nil || len(years) != 1 || years[0].By != "高原" || years[0].Days[0].Date != "2026-06-19" {
		t.Errorf("%+v %v", years, err)
	}
	_, err = r.Calendar.PutYear(YearInfo{Year: 2026, Days: []YearDay{{"2026-06-19", "off", "a"}, {"2026-06-19", "off", "b"}}})
	refused(t, err, office.CodeInvalid)
	_, err = r.Calendar.Days(0, at("2026-06-19"))
	refused(t, err, office.CodeInvalid)
}
