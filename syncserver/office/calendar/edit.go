package calendar

import (
	"bytes"
	"encoding/json"
	"slices"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/directory"
)

// editable are the fields that Edit may name; times are those that must fit
// each other.
var (
	editable = []string{"title", "place", "start", "end", "all_day", "reminder", "attendees", "editors", "note", "status", "rrule", "exdates", "overrides"}
	required = []string{"title", "start", "end", "status"}
	times    = []string{"start", "end", "all_day"}
)

// Edit changes fields of an event; its owner and editors may, but only the
// owner says who edits. Whoever moves an event gives start and end both, the
// unchanged one with equal old and new: it says what they saw.
type Edit struct {
	ID      string          `json:"id"`
	Changes []office.Change `json:"changes"`
}

func (*Edit) Kind() string      { return "calendar.edit@1" }
func (x *Edit) Locks() []string { return locks(x.ID) }

// Run merges the changes field by field; people and exceptions as sets,
// overrides day by day. Where two moves of an event do not fit together both are
// kept and the event stays.
func (x *Edit) Run(tx office.Tx, c office.Context) error {
	if err := office.CheckID("id", x.ID); err != nil {
		return err
	}
	cur, err := edited(tx, c, x.ID)
	if err != nil {
		return err
	}
	seen, want, err := x.views(cur)
	if err != nil {
		return err
	}
	var changes []office.Change
	for _, ch := range x.Changes {
		if ch.Field != "reminder" { // 0 minutes is a reminder
			ch = ch.Plain()
		}
		if same(ch.Old, ch.New) {
			continue
		}
		switch ch.Field {
		case "editors":
			if c.Actor != cur.Owner {
				return &office.Error{Code: office.CodeNotPermitted, Field: "editors"}
			}
			err = directory.CheckActive(tx, ch.Field, want.Editors, cur.Editors)
		case "attendees":
			err = directory.CheckActive(tx, ch.Field, want.Attendees, cur.Attendees)
		case "overrides":
			ch = joined(tx, cur.Overrides, ch)
		}
		if err != nil {
			return err
		}
		changes = append(changes, ch)
	}
	if changes, err = x.fitTimes(tx, c, cur, seen, want, changes); err != nil {
		return err
	}
	if _, err := Events.MergeFields(tx, c, x.ID, changes, editable...); err != nil {
		return err
	}
	after, err := Events.Need(tx, x.ID)
	if err != nil {
		return err
	}
	return after.check()
}

// views are the event as the actor saw it and as they want it, as far as the
// changes say; times they do not name are as they are now.
func (x *Edit) views(cur Event) (seen, want Event, err error) {
	// Fresh values: decoding into the event's own lists would write into them.
	seen = Event{Title: cur.Title, Start: cur.Start, End: cur.End, AllDay: cur.AllDay, Status: cur.Status}
	want = seen
	var old []office.Change
	for _, ch := range x.Changes {
		if !slices.Contains(times, ch.Field) {
			continue
		}
		old = append(old, office.Change{Field: ch.Field, New: ch.Old})
		if ch.Field == "all_day" { // missing means false
			seen.AllDay, want.AllDay = false, false
		}
	}
	if err := office.DecodeChanges(x.Changes, &want, editable, required); err != nil {
		return seen, want, err
	}
	if len(old) > 0 {
		if err := office.DecodeChanges(old, &seen, times, []string{"start", "end"}); err != nil {
			return seen, want, err
		}
	}
	if err := want.checkParts(); err != nil {
		return seen, want, err
	}
	return seen, want, want.checkTimes()
}

// fitTimes takes the moves that do not go with the event as it is now out of the
// changes and keeps them as conflicts. A move is one thing: where one of its ends
// has been moved by somebody else, the other end is not taken either, and what is
// kept of it are both, so that it can still be made whole.
func (x *Edit) fitTimes(tx office.Tx, c office.Context, cur, seen, want Event, changes []office.Change) ([]office.Change, error) {
	merged, stale := cur, false
	for _, ch := range changes {
		switch ch.Field {
		case "start":
			merged.Start = want.Start
			stale = stale || seen.Start != cur.Start && want.Start != cur.Start
		case "end":
			merged.End = want.End
			stale = stale || seen.End != cur.End && want.End != cur.End
		case "all_day":
			merged.AllDay = want.AllDay
			stale = stale || seen.AllDay != cur.AllDay && want.AllDay != cur.AllDay
		}
	}
	if !stale && merged.checkTimes() == nil {
		return changes, nil
	}
	now, err := x.now(tx)
	if err != nil {
		return nil, err
	}
	var rest []office.Change
	for _, ch := range changes {
		if !slices.Contains(times, ch.Field) || same(ch.New, now[ch.Field]) {
			rest = append(rest, ch)
		}
	}
	for _, ch := range x.Changes {
		if ch = ch.Plain(); !slices.Contains(times, ch.Field) || same(ch.New, now[ch.Field]) {
			continue
		}
		if err := office.KeepConflict(tx, c, Events.Name, x.ID, ch.Field, cur.Title, ch.Old, ch.New, now[ch.Field]); err != nil {
			return nil, err
		}
	}
	return rest, nil
}

// now are the event's fields, encoded.
func (x *Edit) now(tx office.Tx) (map[string]json.RawMessage, error) {
	r, _, err := tx.Get(Events.Name, x.ID)
	if err != nil {
		return nil, err
	}
	return r.Fields()
}

func same(a, b json.RawMessage) bool { return bytes.Equal(a, b) }
