package bridge

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/calendar"
)

// Calendar is what the person does when.
type Calendar struct {
	core *core
	ring sync.Mutex // held by whoever reads and writes what has rung
}

// noReminder in views and inputs.
const noReminder = -1

// maxRange bounds what one call reads.
const maxRange = 400 * 24 * time.Hour

// Range are the occurrences that touch [from, to), by start; cancelled ones too.
func (s *Calendar) Range(from, to int64) ([]Event, error) {
	return signedIn(s.core, "Calendar.Range", func(ctx context.Context, a *at) ([]Event, error) {
		if to <= from || time.Duration(to-from)*time.Millisecond > maxRange {
			return nil, office.Invalid("to", "a range of at most 400 days")
		}
		return a.events(ctx, from, to)
	})
}

func (a *at) events(ctx context.Context, from, to int64) ([]Event, error) {
	rows, err := list(ctx, a, calendar.Events, office.Query{
		View: "start", Where: []office.Cond{{Field: "start", Op: office.Lt, Value: to}},
	})
	if err != nil {
		return nil, err
	}
	m, err := a.marks(ctx, calendar.Events.Name)
	if err != nil {
		return nil, err
	}
	names := a.names(ctx)
	var out []Event
	for _, r := range rows {
		e := r.Value
		if e.RRule == "" && e.End <= from && e.End != e.Start {
			continue
		}
		times, err := calendar.Occurrences(e, time.UnixMilli(from), time.UnixMilli(to))
		if err != nil {
			a.log.Warn("an event's repetition cannot be read", "event", r.ID, "err", err)
			continue
		}
		for _, o := range times {
			out = append(out, a.event(names, r.ID, e, o, m.of(r.ID)))
		}
	}
	slices.SortStableFunc(out, func(x, y Event) int {
		return cmp.Or(cmp.Compare(x.Start, y.Start), cmp.Compare(y.End, x.End))
	})
	clashes(out)
	return out, nil
}

func (a *at) event(names *book, id string, e calendar.Event, o calendar.Occurrence, mark string) Event {
	v := Event{
		ID: id, Day: o.Day, Title: o.Title, Place: o.Place, Note: o.Note, Start: o.Start, End: o.End,
		AllDay: e.AllDay, Status: o.Status, Reminder: noReminder, Attendees: e.Attendees,
		Owner: names.name(e.Owner), MayEdit: e.Owner == a.uid || slices.Contains(e.Editors, string(a.uid)),
		SeriesStart: e.Start, SeriesEnd: e.End, Mark: mark, Changed: o.Overridden,
	}
	if e.Reminder != nil {
		v.Reminder = *e.Reminder
	}
	v.Repeat, v.Rule = ruleView(e.RRule, e.Start)
	for _, u := range e.Attendees {
		v.People = append(v.People, names.name(office.UserID(u)))
	}
	return v
}

// clashes notes how long each timed event overlaps those that began before it.
func clashes(events []Event) {
	var busy int64 // end of what began before
	for i := range events {
		e := &events[i]
		if e.AllDay || e.Status == calendar.Cancelled {
			continue
		}
		if e.Start < busy {
			e.Clash = (min(busy, e.End) - e.Start) / int64(time.Minute/time.Millisecond)
		}
		busy = max(busy, e.End)
	}
}

// Create makes an event.
func (s *Calendar) Create(in EventInput) (Done, error) {
	return signedIn(s.core, "Calendar.Create", func(ctx context.Context, a *at) (Done, error) {
		id, err := a.newID()
		if err != nil {
			return Done{}, err
		}
		rule, err := ruleOf(in.Repeat, in.Rule, in.Start)
		if err != nil {
			return Done{}, err
		}
		return a.give(ctx, id, &calendar.Create{
			ID: id, Title: in.Title, Place: in.Place, Note: in.Note, Start: in.Start, End: in.End,
			AllDay: in.AllDay, Reminder: reminder(in.Reminder), Attendees: in.Attendees,
			Status: status(in.Tentative), RRule: rule,
		})
	})
}

func reminder(minutes int) *int {
	if minutes < 0 {
		return nil
	}
	return &minutes
}

func status(tentative bool) string {
	if tentative {
		return calendar.Tentative
	}
	return calendar.Confirmed
}
