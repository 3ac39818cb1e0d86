package bridge

import (
	"context"
	"maps"
	"slices"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/calendar"
)

// Of which occurrences of a repeating event a change is.
const (
	scopeAll       = "all"
	scopeOne       = "one"
	scopeFollowing = "following"
)

// Edit sets what differs from in.Base: of a repeating event for this occurrence,
// for this one and those that follow, or for all.
func (s *Calendar) Edit(in EventInput) (Done, error) {
	return signedIn(s.core, "Calendar.Edit", func(ctx context.Context, a *at) (Done, error) {
		if in.Base == nil {
			return Done{}, office.Invalid("base", "what was seen is missing")
		}
		e, ok, err := get(ctx, a, calendar.Events, in.ID)
		if err != nil {
			return Done{}, err
		}
		if !ok {
			return Done{}, &office.Error{Code: office.CodeNotFound, Field: calendar.Events.Name, Message: in.ID}
		}
		switch in.Scope {
		case "", scopeAll:
			return a.editAll(ctx, in, e.Value)
		case scopeOne:
			return a.editOne(ctx, in, e.Value)
		case scopeFollowing:
			return a.editFollowing(ctx, in, e.Value)
		}
		return Done{}, office.Invalid("scope", "%.20q", in.Scope)
	})
}

// editAll changes the event itself. The window shows an occurrence's times; the
// series moves by what the occurrence was moved.
func (a *at) editAll(ctx context.Context, in EventInput, cur calendar.Event) (Done, error) {
	b := in.Base
	var c changes
	// Where this occurrence says otherwise than its series, what was seen of the
	// series is what the series says.
	o := cur.Overrides[in.Day]
	text := func(field, was, now, own, series string) {
		if was == now {
			return
		}
		if own != "" {
			was = series
		}
		c.add(field, was, now)
	}
	text("title", b.Title, in.Title, o.Title, cur.Title)
	text("place", b.Place, in.Place, o.Place, cur.Place)
	text("note", b.Note, in.Note, o.Note, cur.Note)
	moved := b.Start != in.Start || b.End != in.End || b.AllDay != in.AllDay
	oldStart, oldEnd := b.Start, b.End
	start, end := in.Start, in.End
	if cur.RRule != "" && b.SeriesStart != 0 {
		oldStart, oldEnd = b.SeriesStart, b.SeriesEnd
		start = oldStart + in.Start - b.Start
		end = start + in.End - in.Start
	}
	if moved {
		// A move says both ends, also the one that stays: they fit together.
		c.pair("start", oldStart, start)
		c.pair("end", oldEnd, end)
		c.add("all_day", b.AllDay, in.AllDay)
	}
	c.addFlag("reminder", reminder(b.Reminder), reminder(in.Reminder))
	c.add("attendees", full(b.Attendees), full(in.Attendees))
	text("status", status(b.Tentative), status(in.Tentative), o.Status, cur.Status)
	if err := a.ruleChange(&c, in, cur, oldStart, start); err != nil {
		return Done{}, err
	}
	if c.err != nil || len(c.list) == 0 {
		return Done{ID: in.ID}, c.err
	}
	return a.give(ctx, in.ID, &calendar.Edit{ID: in.ID, Changes: c.list})
}

// ruleChange notes another rule, or the event's own moved to other days, and then
// its exceptions, which are of days.
func (a *at) ruleChange(c *changes, in EventInput, cur calendar.Event, from, to int64) error {
	b := in.Base
	if in.Repeat == repeatOther && b.Repeat == repeatOther || in.Repeat == b.Repeat && sameRule(in.Rule, b.Rule) {
		days := dayShift(from, to)
		if cur.RRule == "" || days == 0 {
			return nil
		}
		c.add("rrule", cur.RRule, shifted(cur.RRule, from, to))
		if len(cur.Exdates) > 0 {
			var moved []string
			for _, d := range cur.Exdates {
				moved = append(moved, moveDay(d, days))
			}
			c.add("exdates", cur.Exdates, moved)
		}
		if len(cur.Overrides) > 0 {
			moved := map[string]calendar.Override{}
			for d, o := range cur.Overrides {
				moved[moveDay(d, days)] = o
			}
			c.add("overrides", cur.Overrides, moved)
		}
		return nil
	}
	rule, err := ruleOf(in.Repeat, in.Rule, to)
	if err != nil {
		return err
	}
	c.add("rrule", cur.RRule, rule)
	return nil
}

func sameRule(a, b Rule) bool {
	return a.Interval == b.Interval && a.Count == b.Count && a.Until == b.Until && a.Nth == b.Nth && a.Last == b.Last && slices.Equal(a.Days, b.Days)
}

// editOne makes one occurrence differ from its series.
func (a *at) editOne(ctx context.Context, in EventInput, cur calendar.Event) (Done, error) {
	b := in.Base
	if cur.RRule == "" || in.Day == "" {
		return Done{}, office.Invalid("day", "the event does not repeat")
	}
	if in.AllDay != b.AllDay || in.Reminder != b.Reminder || !slices.Equal(full(in.Attendees), full(b.Attendees)) || in.Repeat != b.Repeat || !sameRule(in.Rule, b.Rule) {
		return Done{}, office.Invalid("scope", "of one occurrence only title, place, note, time and state can differ")
	}
	// An override that is empty says "as in the series": nothing can be cleared.
	if in.Place == "" && b.Place != "" {
		return Done{}, office.Invalid("place", "cannot be cleared for one occurrence")
	}
	if in.Note == "" && b.Note != "" {
		return Done{}, office.Invalid("note", "cannot be cleared for one occurrence")
	}
	o := cur.Overrides[in.Day]
	set := func(to *string, was, now string) {
		if was != now {
			*to = now
		}
	}
	set(&o.Title, b.Title, in.Title)
	set(&o.Place, b.Place, in.Place)
	set(&o.Note, b.Note, in.Note)
	set(&o.Status, status(b.Tentative), status(in.Tentative))
	if b.Start != in.Start || b.End != in.End {
		o.Start, o.End = in.Start, in.End
	}
	return a.override(ctx, in.ID, in.Day, cur, o)
}

func (a *at) override(ctx context.Context, id, day string, cur calendar.Event, o calendar.Override) (Done, error) {
	if o == cur.Overrides[day] {
		return Done{ID: id}, nil
	}
	next := maps.Clone(cur.Overrides)
	if next == nil {
		next = map[string]calendar.Override{}
	}
	next[day] = o
	var c changes
	c.add("overrides", cur.Overrides, next)
	if c.err != nil {
		return Done{}, c.err
	}
	return a.give(ctx, id, &calendar.Edit{ID: id, Changes: c.list})
}

// editFollowing ends the series before this occurrence and begins another.
func (a *at) editFollowing(ctx context.Context, in EventInput, cur calendar.Event) (Done, error) {
	if cur.RRule == "" || in.Day == "" {
		return Done{}, office.Invalid("day", "the event does not repeat")
	}
	id, err := a.newID()
	if err != nil {
		return Done{}, err
	}
	x := &calendar.Split{
		ID: in.ID, Day: in.Day, NewID: id, Title: in.Title, Place: in.Place, Note: in.Note, Start: in.Start, End: in.End,
		AllDay: in.AllDay, Reminder: reminder(in.Reminder), Attendees: in.Attendees, Status: status(in.Tentative),
	}
	same := in.Repeat == in.Base.Repeat && sameRule(in.Rule, in.Base.Rule)
	switch rule := shifted(cur.RRule, in.Base.Start, in.Start); {
	case same && rule == cur.RRule:
		x.Same = true
	case same:
		x.RRule = rule
	default:
		if x.RRule, err = ruleOf(in.Repeat, in.Rule, in.Start); err != nil {
			return Done{}, err
		}
	}
	return a.give(ctx, id, x)
}

// Delete removes an event: of a repeating one this occurrence, this one and those
// that follow, or all of it.
func (s *Calendar) Delete(id, day, scope string) (Done, error) {
	return signedIn(s.core, "Calendar.Delete", func(ctx context.Context, a *at) (Done, error) {
		switch scope {
		case "", scopeAll:
			return a.give(ctx, id, &calendar.Delete{ID: id})
		case scopeFollowing:
			return a.give(ctx, id, &calendar.Split{ID: id, Day: day})
		case scopeOne:
		default:
			return Done{}, office.Invalid("scope", "%.20q", scope)
		}
		e, ok, err := get(ctx, a, calendar.Events, id)
		if err != nil || !ok {
			return Done{ID: id}, err
		}
		var c changes
		c.add("exdates", full(e.Value.Exdates), append(slices.Clone(full(e.Value.Exdates)), day))
		if c.err != nil {
			return Done{}, c.err
		}
		return a.give(ctx, id, &calendar.Edit{ID: id, Changes: c.list})
	})
}
