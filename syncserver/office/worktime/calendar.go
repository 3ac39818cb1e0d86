package worktime

import (
	"slices"
	"time"
)

// Zone is the time zone of the office.
var Zone = time.FixedZone("CST", 8*3600)

// A Span is a part of the working day, in minutes after midnight.
type Span struct {
	From int `json:"from"`
	To   int `json:"to"`
}

// Usual are the hours of an office that has not set its own: 8:30–12:00 and
// 14:00–17:30.
var Usual = []Span{{8*60 + 30, 12 * 60}, {14 * 60, 17*60 + 30}}

// A Year is what the published list of a year says, by day as "2026-10-01".
type Year struct {
	Off  map[string]bool // free days, weekends need not be among them
	Work map[string]bool // make-up days: weekend days that are worked
}

// A Calendar is the working time of an office.
type Calendar struct {
	Hours []Span // Usual if empty
	Years map[int]Year
}

// horizon bounds the search for a working day.
const horizon = 366 * 3

func (c Calendar) hours() []Span {
	if len(c.Hours) == 0 {
		return Usual
	}
	return c.Hours
}

// IsWorkday reports whether a day is worked, and whether that is known: known
// is false if the list of its year has not been published.
func (c Calendar) IsWorkday(t time.Time) (work, known bool) {
	t = t.In(Zone)
	y, known := c.Years[t.Year()]
	day := t.Format(time.DateOnly)
	switch {
	case y.Work[day]:
		return true, known
	case y.Off[day]:
		return false, known
	}
	wd := t.Weekday()
	return wd != time.Saturday && wd != time.Sunday, known
}

// InHours reports whether a moment is in working time.
func (c Calendar) InHours(t time.Time) bool {
	if work, _ := c.IsWorkday(t); !work {
		return false
	}
	m := minutes(t)
	return slices.ContainsFunc(c.hours(), func(s Span) bool { return s.From <= m && m < s.To })
}

// Next is the first moment of working time at or after t.
func (c Calendar) Next(t time.Time) time.Time {
	day := midnight(t)
	for i := range horizon {
		d := day.AddDate(0, 0, i)
		if work, _ := c.IsWorkday(d); !work {
			continue
		}
		for _, s := range c.hours() {
			if to := d.Add(time.Duration(s.To) * time.Minute); to.After(t) {
				from := d.Add(time.Duration(s.From) * time.Minute)
				if from.Before(t) {
					return t
				}
				return from
			}
		}
	}
	return t
}

// Add is the moment at which d of working time has passed since t. known is
// false if a year on the way has no published list.
func (c Calendar) Add(t time.Time, d time.Duration) (end time.Time, known bool) {
	known = true
	day := midnight(t)
	for i := range horizon {
		at := day.AddDate(0, 0, i)
		work, k := c.IsWorkday(at)
		known = known && k
		if !work {
			continue
		}
		for _, s := range c.hours() {
			from, to := at.Add(time.Duration(s.From)*time.Minute), at.Add(time.Duration(s.To)*time.Minute)
			if from.Before(t) {
				from = t
			}
			if !from.Before(to) {
				continue
			}
			if left := to.Sub(from); d > left {
				d -= left
				continue
			}
			return from.Add(d), known
		}
	}
	return t.Add(d), false
}

// AddDays is the end of the nth working day after the day of t: what arrives on
// a Friday with a limit of one day is due at the end of Monday.
func (c Calendar) AddDays(t time.Time, n int) (end time.Time, known bool) {
	known = true
	day := midnight(t)
	last := c.hours()[len(c.hours())-1].To
	for i := range horizon {
		at := day.AddDate(0, 0, i)
		work, k := c.IsWorkday(at)
		known = known && k
		if i == 0 || !work {
			continue
		}
		if n--; n <= 0 {
			return at.Add(time.Duration(last) * time.Minute), known
		}
	}
	return t, false
}

// Between is the working time from one moment to a later one.
func (c Calendar) Between(from, to time.Time) time.Duration {
	var sum time.Duration
	for day, i := midnight(from), 0; day.Before(to) && i < horizon; day, i = day.AddDate(0, 0, 1), i+1 {
		if work, _ := c.IsWorkday(day); !work {
			continue
		}
		for _, s := range c.hours() {
			a, b := day.Add(time.Duration(s.From)*time.Minute), day.Add(time.Duration(s.To)*time.Minute)
			if a.Before(from) {
				a = from
			}
			if b.After(to) {
				b = to
			}
			if b.After(a) {
				sum += b.Sub(a)
			}
		}
	}
	return sum
}

func midnight(t time.Time) time.Time {
	y, m, d := t.In(Zone).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, Zone)
}

func minutes(t time.Time) int {
	t = t.In(Zone)
	return t.Hour()*60 + t.Minute()
}
