package calendar

import (
	"slices"

	"qianshao/syncserver/office"
)

// KeepBoth ends the actor's conflicts about one event by making a second one
// with their side of them: the event stays as it is, and nobody's change is lost.
// The second event is the actor's; the first one's owner, editors and attendees
// are in it as in the first. Whoever may edit the event may.
type KeepBoth struct {
	ID        string   `json:"id"` // of the second event
	Of        string   `json:"of"`
	Conflicts []string `json:"conflicts"`
}

func (*KeepBoth) Kind() string { return "calendar.keep_both@1" }

// Locks are both events and the conflicts.
func (x *KeepBoth) Locks() []string {
	out := append(locks(x.Of), locks(x.ID)...)
	for _, id := range x.Conflicts {
		out = append(out, "conflict:"+id)
	}
	return out
}

// Run makes the second event and closes the conflicts. CodeState if one of them
// has been settled meanwhile: what was chosen then holds.
func (x *KeepBoth) Run(tx office.Tx, c office.Context) error {
	for _, p := range []struct{ field, id string }{{"id", x.ID}, {"of", x.Of}} {
		if err := office.CheckID(p.field, p.id); err != nil {
			return err
		}
	}
	if len(x.Conflicts) == 0 {
		return office.Invalid("conflicts", "none")
	}
	if err := office.CheckIDs("conflicts", x.Conflicts, len(editable)); err != nil {
		return err
	}
	cur, err := edited(tx, c, x.Of)
	if err != nil {
		return err
	}
	var mine []office.Change
	for _, id := range x.Conflicts {
		cf, err := office.Conflicts.Need(tx, id)
		switch {
		case err != nil:
			return err
		case cf.Actor != c.Actor:
			return &office.Error{Code: office.CodeNotPermitted}
		case cf.Kind != Events.Name || cf.ID != x.Of:
			return office.Invalid("conflicts", "%s is about something else", id)
		case cf.State != office.ConflictOpen:
			return office.Errorf(office.CodeState, "%s", cf.State)
		}
		mine = append(mine, office.Change{Field: cf.Field, New: cf.Mine})
	}
	second, err := cur.second(c, mine)
	if err != nil {
		return err
	}
	if err := Events.Insert(tx, x.ID, second); err != nil {
		return err
	}
	for _, id := range x.Conflicts {
		if err := office.Conflicts.Patch(tx, id, office.Fields{"state": office.ConflictClosed}); err != nil {
			return err
		}
	}
	return nil
}

// second is the event once more, of the actor and with their values.
func (e Event) second(c office.Context, mine []office.Change) (Event, error) {
	out := e
	// Fresh lists and maps: decoding would write into the event's own.
	for _, ch := range mine {
		switch ch.Field {
		case "reminder":
			out.Reminder = nil
		case "note":
			out.Note = ""
		case "place":
			out.Place = ""
		case "all_day":
			out.AllDay = false
		case "rrule":
			out.RRule = ""
		case "exdates":
			out.Exdates = nil
		case "attendees":
			out.Attendees = nil
		case "editors":
			out.Editors = nil
		case "overrides":
			out.Overrides = nil
		}
	}
	if err := office.DecodeChanges(mine, &out, editable, required); err != nil {
		return out, err
	}
	if out.RRule == "" {
		out.Exdates, out.Overrides = nil, nil
	}
	out.Owner, out.At = c.Actor, office.Millis(c.Now)
	out.Attendees, out.Editors = others(out.Attendees, e.Owner, c.Actor), others(out.Editors, e.Owner, c.Actor)
	return out, out.check()
}

// others are the people of a list and the first event's owner, without the one
// whose event the second is.
func others(uids []string, owner, actor office.UserID) []string {
	out := slices.DeleteFunc(slices.Clone(uids), func(u string) bool { return u == string(actor) })
	if owner != actor && !slices.Contains(out, string(owner)) {
		out = append(out, string(owner))
	}
	if len(out) == 0 {
		return nil
	}
	return out
}
