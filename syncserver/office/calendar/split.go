package calendar

import (
	"strconv"
	"time"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/directory"
)

// Split lets a repeating event end before one of its days and, with NewID, go on
// from that day as another event: "this one and those that follow". What is to
// follow is given whole; owner and editors are the event's. The event's owner and
// editors may.
type Split struct {
	ID    string `json:"id"`
	Day   string `json:"day"`              // the day of the rule on which the first of the following would begin
	NewID string `json:"new_id,omitempty"` // "" = nothing follows

	Title     string   `json:"title,omitempty"`
	Place     string   `json:"place,omitempty"`
	Start     int64    `json:"start,omitempty"` // of the first that follows
	End       int64    `json:"end,omitempty"`
	AllDay    bool     `json:"all_day,omitempty"`
	Reminder  *int     `json:"reminder,omitempty"`
	Attendees []string `json:"attendees,omitempty"`
	Note      string   `json:"note,omitempty"`
	Status    string   `json:"status,omitempty"` // "" = confirmed
	// Same: those that follow keep the event's rule, what is left of its COUNT
	// and its exceptions; else RRule says how they repeat.
	Same  bool   `json:"same,omitempty"`
	RRule string `json:"rrule,omitempty"`
}

func (*Split) Kind() string { return "calendar.split@1" }

// Locks are both events.
func (x *Split) Locks() []string {
	if x.NewID == "" {
		return locks(x.ID)
	}
	return append(locks(x.ID), locks(x.NewID)...)
}

// Run ends the one and makes the other. CodeState if the event does not repeat
// or its rule, changed meanwhile, no longer has that day; CodeExists if the new
// id is taken. Before the first day nothing is left: the event is removed.
func (x *Split) Run(tx office.Tx, c office.Context) error {
	if err := office.CheckID("id", x.ID); err != nil {
		return err
	}
	if !isDay(x.Day) {
		return office.Invalid("day", "a day as 2026-11-09 is needed")
	}
	cur, err := edited(tx, c, x.ID)
	if err != nil {
		return err
	}
	if cur.RRule == "" {
		return office.Errorf(office.CodeState, "the event does not repeat")
	}
	before, has, err := cur.daysBefore(x.Day)
	if err != nil {
		return err
	}
	if !has {
		return office.Errorf(office.CodeState, "the event does not come on %s", x.Day)
	}
	if x.NewID != "" {
		if err := x.follow(tx, c, cur, before); err != nil {
			return err
		}
	}
	if before == 0 {
		return Events.Delete(tx, x.ID)
	}
	day, _ := time.ParseInLocation(time.DateOnly, x.Day, Zone) // isDay has said that it is one
	set := office.Fields{"rrule": endless(cur.RRule) + ";UNTIL=" + day.AddDate(0, 0, -1).Format("20060102")}
	earlier, _ := parted(cur, x.Day)
	if len(cur.Exdates) > 0 {
		set["exdates"] = orNone(earlier.Exdates, len(earlier.Exdates))
	}
	if len(cur.Overrides) > 0 {
		set["overrides"] = orNone(earlier.Overrides, len(earlier.Overrides))
	}
	return Events.Patch(tx, x.ID, set)
}

// follow makes the event that goes on. before is how many days of the rule lie
// before it.
func (x *Split) follow(tx office.Tx, c office.Context, cur Event, before int) error {
	if err := office.CheckID("new_id", x.NewID); err != nil {
		return err
	}
	if x.NewID == x.ID {
		return office.Invalid("new_id", "the same as id")
	}
	e := Event{
		Owner: cur.Owner, Title: x.Title, Place: x.Place, Start: x.Start, End: x.End, AllDay: x.AllDay,
		Reminder: x.Reminder, Attendees: x.Attendees, Editors: cur.Editors, Note: x.Note, Status: x.Status,
		RRule: x.RRule, At: office.Millis(c.Now),
	}
	if e.Status == "" {
		e.Status = Confirmed
	}
	if x.Same {
		if x.RRule != "" {
			return office.Invalid("rrule", "the event's own or another, not both")
		}
		e.RRule = counted(cur.RRule, before)
		// An exception is of a day; where the following begin on other days it
		// would be of none.
		if time.UnixMilli(x.Start).In(Zone).Format(time.DateOnly) == x.Day {
			_, later := parted(cur, x.Day)
			e.Exdates, e.Overrides = later.Exdates, later.Overrides
		}
	}
	if err := e.check(); err != nil {
		return err
	}
	if err := directory.CheckActive(tx, "attendees", e.Attendees, cur.Attendees); err != nil {
		return err
	}
	return Events.Insert(tx, x.NewID, e)
}

// parted are an event's exceptions before a day, and those behind it: the day
// itself is the first of the following and is as Split says.
func parted(e Event, day string) (earlier, later Event) {
	for _, d := range e.Exdates {
		switch {
		case d < day:
			earlier.Exdates = append(earlier.Exdates, d)
		case d > day:
			later.Exdates = append(later.Exdates, d)
		}
	}
	earlier.Overrides, later.Overrides = map[string]Override{}, map[string]Override{}
	for d, o := range e.Overrides {
		switch {
		case d < day:
			earlier.Overrides[d] = o
		case d > day:
			later.Overrides[d] = o
		}
	}
	return earlier, later
}

// counted is a rule from which so many times have gone.
func counted(rule string, gone int) string {
	parts := splitRule(rule)
	for i, p := range parts {
		if p.name == "COUNT" {
			parts[i].value = strconv.Itoa(max(1, number(p.value)-gone))
		}
	}
	return joinRule(parts)
}

func orNone(v any, n int) any {
	if n == 0 {
		return nil
	}
	return v
}
