package todo

import (
	"testing"
	"time"

	"qianshao/syncserver/office"
)

func day(y int, m time.Month, d, h int) int64 {
	return office.Millis(time.Date(y, m, d, h, 0, 0, 0, zone))
}

func TestNext(t *testing.T) {
	for name, x := range map[string]struct {
		r              Repeat
		due, now, want int64
	}{
		"daily":                   {Repeat{Every: EveryDay, N: 1}, day(2026, 11, 2, 9), day(2026, 11, 2, 8), day(2026, 11, 3, 9)},
		"every third day, late":   {Repeat{Every: EveryDay, N: 3}, day(2026, 11, 2, 9), day(2026, 11, 9, 8), day(2026, 11, 11, 9)},
		"over the weekend":        {Repeat{Every: EveryWorkday, N: 1}, day(2026, 11, 6, 9), day(2026, 11, 6, 10), day(2026, 11, 9, 9)},
		"weekly":                  {Repeat{Every: EveryWeek, N: 2}, day(2026, 11, 2, 9), day(2026, 11, 2, 10), day(2026, 11, 16, 9)},
		"the 31st in a short one": {Repeat{Every: EveryMonth, N: 1, Day: 31}, day(2027, 1, 31, 9), day(2027, 1, 31, 10), day(2027, 2, 28, 9)},
		"and back to the 31st":    {Repeat{Every: EveryMonth, N: 1, Day: 31}, day(2027, 2, 28, 9), day(2027, 2, 28, 10), day(2027, 3, 31, 9)},
		"a leap day":              {Repeat{Every: EveryYear, N: 1, Day: 29}, day(2028, 2, 29, 9), day(2028, 3, 1, 0), day(2029, 2, 28, 9)},
		"the end":                 {Repeat{Every: EveryDay, N: 1, Until: day(2026, 11, 2, 23)}, day(2026, 11, 2, 9), day(2026, 11, 2, 10), 0},
		"no due time":             {Repeat{Every: EveryDay, N: 1}, 0, day(2026, 11, 2, 10), 0},
		"done before it was due":  {Repeat{Every: EveryDay, N: 1}, day(2026, 11, 9, 9), day(2026, 11, 2, 10), day(2026, 11, 10, 9)},
	} {
		if got := x.r.Next(x.due, x.now); got != x.want {
			t.Errorf("%s: %s, want %s", name, time.UnixMilli(got).In(zone), time.UnixMilli(x.want).In(zone))
		}
	}
}

func TestRepeating(t *testing.T) {
	m := newMem(t)
	due, ten := office.Millis(now.Add(time.Hour)), 10
	do(t, m, "lin", &Create{ID: "a", Title: "报送防汛值班表", Due: due, Repeat: &Repeat{Every: EveryWeek, N: 1}, Remind: &ten, Steps: []Step{{ID: "s", Text: "核对", Done: true}}})
	tick := func(mid string, occurrence int64) {
		t.Helper()
		if _, err := m.Do(&Edit{ID: "a", Changes: []office.Change{ch("done", false, true)}, Occurrence: occurrence},
			office.Context{Actor: "lin", Now: now, Claimed: now, Mid: mid}); err != nil {
			t.Fatal(err)
		}
	}
	tick("m1", due)
	week := office.Millis(now.Add(7*24*time.Hour + time.Hour))
	it := get(t, m, "a")
	if it.Done || it.Due != week || it.DoneAt != 0 || it.Steps[0].Done || it.Remind == nil {
		t.Errorf("the next: %+v", it)
	}
	once := get(t, m, office.Context{Mid: "m1"}.NewID("occurrence"))
	if !once.Done || once.Due != due || once.DoneAt != office.Millis(now) || once.Of != "a" || once.Repeat != nil || !once.Steps[0].Done {
		t.Errorf("the done one: %+v", once)
	}
	// The other desk ticked the same occurrence off.
	tick("m2", due)
	if it := get(t, m, "a"); it.Due != week {
		t.Errorf("ticked off twice: %+v", it)
	}
	// After the last one it is done.
	do(t, m, "lin", &Edit{ID: "a", Changes: []office.Change{ch("repeat", Repeat{Every: EveryWeek, N: 1}, Repeat{Every: EveryWeek, N: 1, Until: week})}})
	tick("m3", week)
	if it := get(t, m, "a"); !it.Done || it.DoneAt == 0 {
		t.Errorf("the last: %+v", it)
	}
}

func TestPlanRefused(t *testing.T) {
	m := newMem(t)
	bad := -1
	for _, x := range []*Create{
		{ID: "a", Title: "x", Remind: &bad},
		{ID: "a", Title: "x", Repeat: &Repeat{Every: "moon", N: 1}},
		{ID: "a", Title: "x", Repeat: &Repeat{Every: EveryDay}},
		{ID: "a", Title: "x", Repeat: &Repeat{Every: EveryMonth, N: 1, Day: 32}},
	} {
		if _, err := run(m, "lin", x); office.CodeOf(err) != office.CodeInvalid {
			t.Errorf("%+v: %v", x, err)
		}
	}
	do(t, m, "lin", &Create{ID: "a", Title: "x"})
	_, err := run(m, "lin", &Edit{ID: "a", Changes: []office.Change{ch("repeat", nil, Repeat{Every: "moon", N: 1})}})
	if office.CodeOf(err) != office.CodeInvalid {
		t.Errorf("edit: %v", err)
	}
}
