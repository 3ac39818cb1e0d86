package worktime

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

// golden is a week with a holiday on Thursday 1 October 2026 until the 7th, and
// Saturday the 10th worked.
func golden() Calendar {
	y := Year{Off: map[string]bool{}, Work: map[string]bool{"2026-10-10": true, "2026-09-20": true}}
	for _, d := range []string{"01", "02", "03", "04", "05", "06", "07"} {
		y.Off["2026-10-"+d] = true
	}
	return Calendar{Years: map[int]Year{2026: y}}
}

func at(s string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04", s, Zone)
	if err != nil {
		panic(err)
	}
	return t
}

func TestDays(t *testing.T) {
	c := golden()
	for day, want := range map[string]bool{
		"2026-09-30 10:00": true, "2026-10-01 10:00": false, "2026-10-07 10:00": false, "2026-10-08 10:00": true,
		"2026-10-10 10:00": true, "2026-10-11 10:00": false, "2026-10-17 10:00": false,
	} {
		if got, known := c.IsWorkday(at(day)); got != want || !known {
			t.Errorf("%s: %v, known %v", day, got, known)
		}
	}
	if work, known := c.IsWorkday(at("2027-01-01 10:00")); !work || known {
		t.Error("a year that is not published is a state, not a guess")
	}
}

func TestAdd(t *testing.T) {
	c := golden()
	for _, x := range []struct {
		from  string
		d     time.Duration
		want  string
		known bool
	}{
		{"2026-09-28 09:00", 2 * time.Hour, "2026-09-28 11:00", true},
		{"2026-09-28 11:00", 2 * time.Hour, "2026-09-28 15:00", true},
		{"2026-09-28 12:30", time.Hour, "2026-09-28 15:00", true},
		{"2026-09-30 17:00", time.Hour, "2026-10-08 09:00", true},
		{"2026-10-03 09:00", time.Hour, "2026-10-08 09:30", true},
		{"2026-10-09 17:00", time.Hour, "2026-10-10 09:00", true},
		{"2026-12-31 17:00", time.Hour, "2027-01-01 09:00", false},
	} {
		got, known := c.Add(at(x.from), x.d)
		if !got.Equal(at(x.want)) || known != x.known {
			t.Errorf("%s + %s: %s (known %v), want %s", x.from, x.d, got, known, x.want)
		}
	}
	for _, x := range []struct {
		from string
		n    int
		want string
	}{
		{"2026-09-28 09:00", 1, "2026-09-29 17:30"}, {"2026-09-30 09:00", 1, "2026-10-08 17:30"}, {"2026-10-09 18:00", 1, "2026-10-10 17:30"},
		{"2026-10-10 09:00", 2, "2026-10-13 17:30"}, {"2026-10-03 00:10", 1, "2026-10-08 17:30"},
	} {
		if got, _ := c.AddDays(at(x.from), x.n); !got.Equal(at(x.want)) {
			t.Errorf("%s + %d days: %s, want %s", x.from, x.n, got, x.want)
		}
	}
	if got := c.Next(at("2026-09-30 17:30")); !got.Equal(at("2026-10-08 08:30")) {
		t.Error(got)
	}
	if got := c.Next(at("2026-09-30 10:10")); !got.Equal(at("2026-09-30 10:10")) {
		t.Error(got)
	}
	if c.InHours(at("2026-09-30 12:00")) || !c.InHours(at("2026-09-30 11:59")) {
		t.Error("hours")
	}
}

// TestAddAndBetween: what is added is what lies between.
func TestAddAndBetween(t *testing.T) {
	c := golden()
	rapid.Check(t, func(rt *rapid.T) {
		from := at("2026-09-15 00:00").Add(time.Duration(rapid.Int64Range(0, 40*24*60).Draw(rt, "from")) * time.Minute)
		d := time.Duration(rapid.Int64Range(0, 100*60).Draw(rt, "d")) * time.Minute
		end, _ := c.Add(from, d)
		if got := c.Between(from, end); got != d || end.Before(from) {
			rt.Fatalf("%s + %s = %s, between them %s", from, d, end, got)
		}
	})
}
