package calendar

import (
	"slices"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/directory"
)

// Create makes an event of the actor.
type Create struct {
	ID        string              `json:"id"`
	Title     string              `json:"title"`
	Place     string              `json:"place,omitempty"`
	Start     int64               `json:"start"`
	End       int64               `json:"end"`
	AllDay    bool                `json:"all_day,omitempty"`
	Reminder  *int                `json:"reminder,omitempty"`
	Attendees []string            `json:"attendees,omitempty"`
	Editors   []string            `json:"editors,omitempty"`
	Note      string              `json:"note,omitempty"`
	Status    string              `json:"status,omitempty"` // "" = confirmed
	RRule     string              `json:"rrule,omitempty"`
	Exdates   []string            `json:"exdates,omitempty"`
	Overrides map[string]Override `json:"overrides,omitempty"`
}

func (*Create) Kind() string      { return "calendar.create@1" }
func (x *Create) Locks() []string { return locks(x.ID) }

// Run makes the event. CodeExists if the id is taken.
func (x *Create) Run(tx office.Tx, c office.Context) error {
	if err := office.CheckID("id", x.ID); err != nil {
		return err
	}
	if c.Actor == "" {
		return &office.Error{Code: office.CodeNotPermitted}
	}
	e := Event{
		Owner: c.Actor, Title: x.Title, Place: x.Place, Start: x.Start, End: x.End, AllDay: x.AllDay,
		Reminder: x.Reminder, Attendees: x.Attendees, Editors: x.Editors, Note: x.Note, Status: x.Status,
		RRule: x.RRule, Exdates: x.Exdates, Overrides: x.Overrides, At: office.Millis(c.Now),
	}
	if e.Status == "" {
		e.Status = Confirmed
	}
	if err := e.check(); err != nil {
		return err
	}
	if err := directory.CheckActive(tx, "attendees", e.Attendees, nil); err != nil {
		return err
	}
	if err := directory.CheckActive(tx, "editors", e.Editors, nil); err != nil {
		return err
	}
	return Events.Insert(tx, x.ID, e)
}

// Delete removes an event; its owner and editors may. Removing what is gone
// already is no change: two desks may both have removed it.
type Delete struct {
	ID string `json:"id"`
}

func (*Delete) Kind() string      { return "calendar.delete@1" }
func (x *Delete) Locks() []string { return locks(x.ID) }

// Run removes the event.
func (x *Delete) Run(tx office.Tx, c office.Context) error {
	if err := office.CheckID("id", x.ID); err != nil {
		return err
	}
	_, at, err := Events.Get(tx, x.ID)
	if err != nil || at == office.Absent {
		return err
	}
	if _, err := edited(tx, c, x.ID); err != nil {
		return err
	}
	return Events.Delete(tx, x.ID)
}

// edited reads an event that the actor may edit. One they cannot see is as if it
// did not exist.
func edited(tx office.Tx, c office.Context, id string) (Event, error) {
	e, err := Events.Need(tx, id)
	if err != nil {
		return e, err
	}
	me := string(c.Actor)
	switch {
	case c.Actor == e.Owner, slices.Contains(e.Editors, me):
		return e, nil
	case slices.Contains(e.Attendees, me):
		return e, &office.Error{Code: office.CodeNotPermitted, Message: "only the owner and editors change an event"}
	}
	return e, &office.Error{Code: office.CodeNotFound, Field: Events.Name, Message: id}
}
