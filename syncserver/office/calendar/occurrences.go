package calendar

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/teambition/rrule-go"
)

// Occurrence is one time at which an event takes place. Day, "2026-11-09", is
// the day on which the rule has it, and the key of an exception or override; it
// is "" for an event that does not repeat.
type Occurrence struct {
	Day        string
	Start, End int64 // Millis
	Title      string
	Place      string
	Note       string
	Status     string
	Overridden bool
}

// MaxOccurrences bounds what one call gives, and how far a rule is followed.
const MaxOccurrences = 1000

// Occurrences are the times of an event that touch [from, to), in order. They
// follow from the event alone: the same on every desk and on the server.
func Occurrences(e Event, from, to time.Time) ([]Occurrence, error) {
	lo, hi := from.UnixMilli(), to.UnixMilli()
	touches := func(o Occurrence) bool {
		return o.Start < hi && (o.End > lo || o.End == o.Start && o.Start >= lo)
	}
	plain := Occurrence{Start: e.Start, End: e.End, Title: e.Title, Place: e.Place, Note: e.Note, Status: e.Status}
	if e.RRule == "" {
		if touches(plain) {
			return []Occurrence{plain}, nil
		}
		return nil, nil
	}
	opt, err := parseRule(e.RRule)
	if err != nil {
		return nil, fmt.Errorf("read the repetition: %w", err)
	}
	opt.Dtstart = time.UnixMilli(e.Start).In(Zone)
	rule, err := rrule.NewRRule(opt)
	if err != nil {
		return nil, fmt.Errorf("read the repetition: %w", err)
	}
	// An occurrence may be moved into the window by an override: those days are
	// looked at wherever they are. The rule knows whole seconds only.
	last := hi
	for _, day := range keys(e.Overrides) {
		if t, err := time.ParseInLocation(time.DateOnly, day, Zone); err == nil {
			last = max(last, t.AddDate(0, 0, 1).UnixMilli())
		}
	}
	length, below := e.End-e.Start, e.Start%1000
	var out []Occurrence
	next := rule.Iterator()
	for {
		at, ok := next()
		start := at.UnixMilli() + below
		if !ok || start >= last {
			break
		}
		day := at.In(Zone).Format(time.DateOnly)
		if slices.Contains(e.Exdates, day) {
			continue
		}
		o := plain
		o.Day, o.Start, o.End = day, start, start+length
		if x, changed := e.Overrides[day]; changed {
			o = overridden(o, x)
		}
		if !touches(o) {
			continue
		}
		if out = append(out, o); len(out) == MaxOccurrences {
			break
		}
	}
	slices.SortStableFunc(out, func(a, b Occurrence) int { return cmp.Compare(a.Start, b.Start) })
	return out, nil
}

func overridden(o Occurrence, x Override) Occurrence {
	o.Overridden = true
	if x.Start != 0 {
		o.Start, o.End = x.Start, x.End
	}
	o.Title, o.Place = cmp.Or(x.Title, o.Title), cmp.Or(x.Place, o.Place)
	o.Note, o.Status = cmp.Or(x.Note, o.Note), cmp.Or(x.Status, o.Status)
	return o
}
