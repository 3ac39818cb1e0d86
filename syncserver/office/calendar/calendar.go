// Package calendar is what a person and those with them do when: events with
// attendees, reminders and repetition (电子日历, P1; 活动安排, P3), and which days
// the office works (放假, 调休).
//
// The office's days are those of one time zone, Zone; a repeating event keeps
// its hour there. Meetings with rooms, papers and minutes are not here.
package calendar

import (
	"time"

	"qianshao/syncserver/office"
)

// Zone is the office's time zone: China knows one, without summer time.
var Zone = time.FixedZone("CST", 8*60*60)

// Limits, in characters, entries and minutes.
const (
	maxTitle     = 200
	maxPlace     = 100
	maxNote      = 4000
	maxPeople    = 150 // an event's channels stay far below what fan-out does at once
	maxEditors   = 20
	maxReminder  = 4 * 7 * 24 * 60
	maxDays      = 366 // of one event
	maxDaysEach  = 7   // of one occurrence of a repeating event
	maxExdates   = 400
	maxOverrides = 200
)

// States of an event.
const (
	Confirmed = "confirmed"
	Tentative = "tentative"
	Cancelled = "cancelled" // stays visible, struck through
)

// Event is one entry of the calendar. An all-day event begins and ends at
// midnight in Zone; its end is the first midnight after it.
type Event struct {
	Owner     office.UserID       `json:"owner"`
	Title     string              `json:"title"`
	Place     string              `json:"place,omitempty"`
	Start     int64               `json:"start"` // Millis
	End       int64               `json:"end"`
	AllDay    bool                `json:"all_day,omitempty"`
	Reminder  *int                `json:"reminder,omitempty"` // minutes before the start; nil = none
	Attendees []string            `json:"attendees,omitempty"`
	Editors   []string            `json:"editors,omitempty"` // may edit besides the owner, such as a leader's secretary
	Note      string              `json:"note,omitempty"`
	Status    string              `json:"status"`
	RRule     string              `json:"rrule,omitempty"`     // RFC 5545 without DTSTART; see checkRule
	Exdates   []string            `json:"exdates,omitempty"`   // days "2026-11-09" on which it is left out
	Overrides map[string]Override `json:"overrides,omitempty"` // by the day it would have begun
	At        int64               `json:"at"`
}

// Override is what differs on one day of a repeating event; what is empty is as
// in the event. Start and End come together.
type Override struct {
	Start  int64  `json:"start,omitempty"`
	End    int64  `json:"end,omitempty"`
	Title  string `json:"title,omitempty"`
	Place  string `json:"place,omitempty"`
	Note   string `json:"note,omitempty"`
	Status string `json:"status,omitempty"`
}

// Events are the entries of everybody's calendars.
var Events = office.Of[Event]{Kind: &office.Kind{
	Name: "calendar.event", Lane: office.LaneHeaders, Residence: office.ResidentWindow,
	Window: func(r office.Record) (int64, error) {
		var e Event
		if err := r.Decode(&e); err != nil || e.RRule != "" {
			return 0, err
		}
		return e.End + office.StayLong, nil
	},
	Fields: []office.Field{
		{Name: "owner", Type: office.Text}, {Name: "start", Type: office.Time}, {Name: "end", Type: office.Time},
		{Name: "status", Type: office.Text}, {Name: "rrule", Type: office.Text}, {Name: "title", Type: office.Text},
	},
	Views: []office.View{
		{Name: "start", Filters: []string{"start", "end", "owner", "status", "rrule", "title"}, Orders: []string{"start"}},
		{Name: "owner", By: []string{"owner"}, Filters: []string{"start", "end", "status", "rrule"}, Orders: []string{"start"}},
	},
	Search: []string{"title", "place", "note"}, Title: "title",
	SearchText: func(r office.Record) string {
		var e Event
		if r.Decode(&e) != nil {
			return ""
		}
		var s string
		for _, day := range keys(e.Overrides) {
			o := e.Overrides[day]
			s += o.Title + " " + o.Place + " " + o.Note + "\n"
		}
		return s
	},
	Audience: func(r office.Record) ([]office.Channel, error) {
		var e Event
		if err := r.Decode(&e); err != nil {
			return nil, err
		}
		out := office.To(e.Owner)
		for _, l := range [][]string{e.Attendees, e.Editors} {
			for _, uid := range l {
				out = append(out, office.To(office.UserID(uid))...)
			}
		}
		return out, nil
	},
	Merge: map[string]office.Merge{
		"attendees": office.MergeSet, "editors": office.MergeSet, "exdates": office.MergeSet,
		"reminder": office.MergeLast, "status": office.MergeLast,
	},
}}

// Kinds are the room's kinds.
func Kinds() []*office.Kind { return []*office.Kind{Events.Kind, Years.Kind} }

// Specs are the room's commands.
func Specs() []office.Spec {
	return []office.Spec{
		{Kind: "calendar.create@1", New: func() office.Command { return new(Create) }, Class: office.Queued, Creates: true},
		{Kind: "calendar.edit@1", New: func() office.Command { return new(Edit) }, Class: office.Queued},
		{Kind: "calendar.delete@1", New: func() office.Command { return new(Delete) }, Class: office.Queued},
		{Kind: "calendar.split@1", New: func() office.Command { return new(Split) }, Class: office.Queued},
		{Kind: "calendar.keep_both@1", New: func() office.Command { return new(KeepBoth) }, Class: office.Queued, Creates: true},
		{Kind: "calendar.put_year@1", New: func() office.Command { return new(PutYear) }, Class: office.Online},
	}
}

func locks(id string) []string { return []string{"event:" + id} }
