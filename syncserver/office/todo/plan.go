package todo

import (
	"time"

	"qianshao/syncserver/office"
)

// A Repeat says when a to-do comes again (事件计划表, P5). Times are counted in
// the office's zone, so that 9:00 stays 9:00.
type Repeat struct {
	Every string `json:"every"`           // EveryDay …
	N     int    `json:"n"`               // every N-th of them, 1 to 99
	Day   int    `json:"day,omitempty"`   // EveryMonth, EveryYear: the day of the month meant, where a shorter month cuts it
	Until int64  `json:"until,omitempty"` // Millis: no occurrence is due after it; 0 = for ever
}

// What a Repeat counts.
const (
	EveryDay     = "day"
	EveryWorkday = "workday" // Monday to Friday
	EveryWeek    = "week"
	EveryMonth   = "month"
	EveryYear    = "year"
)

// Limits of a plan.
const (
	maxEvery  = 99
	maxRemind = 60 * 24 * 60 // minutes: 60 days
	maxSkip   = 10_000       // occurrences passed over at once, of a to-do that lay for years
)

// zone is the office's; it has no summer time.
var zone = time.FixedZone("CST", 8*3600)

func (it Item) checkPlan() error {
	if it.Remind != nil && (*it.Remind < 0 || *it.Remind > maxRemind) {
		return office.Invalid("remind", "0 to %d minutes", maxRemind)
	}
	r := it.Repeat
	if r == nil {
		return nil
	}
	switch r.Every {
	case EveryDay, EveryWorkday, EveryWeek, EveryMonth, EveryYear:
	default:
		return office.Invalid("repeat", "%q is nothing to count by", r.Every)
	}
	if r.N < 1 || r.N > maxEvery || r.Day < 0 || r.Day > 31 {
		return office.Invalid("repeat", "every 1 to %d, day 1 to 31", maxEvery)
	}
	return office.CheckTime("repeat", r.Until)
}

// Next is the first occurrence after one that was due at due that lies after
// now; 0 if there is none. A to-do without a due time does not repeat.
func (r Repeat) Next(due, now int64) int64 {
	if due == 0 {
		return 0
	}
	first := time.UnixMilli(due).In(zone)
	for i := 1; i <= maxSkip; i++ {
		at := r.nth(first, i)
		ms := office.Millis(at)
		if r.Until != 0 && ms > r.Until {
			return 0
		}
		if ms > now && ms > due {
			return ms
		}
	}
	return 0
}

// nth is the i-th occurrence after first.
func (r Repeat) nth(first time.Time, i int) time.Time {
	n := i * r.N
	switch r.Every {
	case EveryDay:
		return first.AddDate(0, 0, n)
	case EveryWeek:
		return first.AddDate(0, 0, 7*n)
	case EveryWorkday:
		at := first
		for n > 0 {
			at = at.AddDate(0, 0, 1)
			if at.Weekday() != time.Saturday && at.Weekday() != time.Sunday {
				n--
			}
		}
		return at
	case EveryYear:
		return r.inMonth(first, 12*n)
	default:
		return r.inMonth(first, n)
	}
}

// inMonth is the meant day, months later; the last day of a shorter month.
func (r Repeat) inMonth(first time.Time, months int) time.Time {
	day := r.Day
	if day == 0 {
		day = first.Day()
	}
	y, m := first.Year(), first.Month()+time.Month(months)
	last := time.Date(y, m+1, 0, 0, 0, 0, 0, zone).Day()
	return time.Date(y, m, min(day, last), first.Hour(), first.Minute(), first.Second(), 0, zone)
}

// roll ends one occurrence of a to-do that repeats: it is kept as done, and the
// to-do waits for the next one. The time it was ticked off is the person's own,
// so that desk and server find the same next one. After the last it stays done.
func (x *Edit) roll(tx office.Tx, c office.Context, it Item) error {
	next := it.Repeat.Next(it.Due, office.Millis(c.Claimed))
	if next == 0 {
		return Items.Patch(tx, x.ID, office.Fields{"done_at": office.Millis(c.Now)})
	}
	once := it
	once.Repeat, once.Remind, once.Of, once.Done, once.DoneAt = nil, nil, x.ID, true, office.Millis(c.Now)
	if err := Items.Insert(tx, c.NewID("occurrence"), once); err != nil {
		return err
	}
	steps := make([]Step, len(it.Steps))
	for i, s := range it.Steps {
		steps[i] = Step{ID: s.ID, Text: s.Text}
	}
	set := office.Fields{"done": false, "due": next, "done_at": nil}
	if len(steps) > 0 {
		set["steps"] = steps
	}
	return Items.Patch(tx, x.ID, set)
}
