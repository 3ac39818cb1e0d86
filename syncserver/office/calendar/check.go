package calendar

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"qianshao/syncserver/office"
)

// check holds a whole event against the limits.
func (e Event) check() error {
	if err := e.checkParts(); err != nil {
		return err
	}
	if err := e.checkTimes(); err != nil {
		return err
	}
	if e.RRule != "" && e.End-e.Start > maxDaysEach*dayMillis {
		return office.Invalid("end", "an event that repeats lasts at most %d days", maxDaysEach)
	}
	return nil
}

const dayMillis = 24 * 60 * 60 * 1000

// checkParts is all of check that looks at one field.
func (e Event) checkParts() error {
	if err := office.CheckLine("title", e.Title, 1, maxTitle); err != nil {
		return err
	}
	if err := office.CheckLine("place", e.Place, 0, maxPlace); err != nil {
		return err
	}
	if err := office.CheckText("note", e.Note, maxNote); err != nil {
		return err
	}
	if e.Start <= 0 || e.Start > office.MaxTime {
		return office.Invalid("start", "a time between 1970 and 2100 is needed")
	}
	if e.End <= 0 || e.End > office.MaxTime {
		return office.Invalid("end", "a time between 1970 and 2100 is needed")
	}
	if e.Reminder != nil && (*e.Reminder < 0 || *e.Reminder > maxReminder) {
		return office.Invalid("reminder", "0 to %d minutes", maxReminder)
	}
	if !isStatus(e.Status) {
		return office.Invalid("status", "%q is no state", e.Status)
	}
	if err := office.CheckIDs("attendees", e.Attendees, maxPeople); err != nil {
		return err
	}
	if err := office.CheckIDs("editors", e.Editors, maxEditors); err != nil {
		return err
	}
	if e.RRule != "" {
		if _, err := parseRule(e.RRule); err != nil {
			return err
		}
	}
	if len(e.Exdates) > maxExdates {
		return office.Invalid("exdates", "%d days, at most %d", len(e.Exdates), maxExdates)
	}
	for _, d := range e.Exdates {
		if !isDay(d) {
			return office.Invalid("exdates", "days as 2026-11-09 are needed")
		}
	}
	return e.checkOverrides()
}

func (e Event) checkOverrides() error {
	if len(e.Overrides) > maxOverrides {
		return office.Invalid("overrides", "%d days, at most %d", len(e.Overrides), maxOverrides)
	}
	for _, day := range keys(e.Overrides) {
		o := e.Overrides[day]
		if !isDay(day) {
			return office.Invalid("overrides", "days as 2026-11-09 are needed")
		}
		if err := office.CheckLine("overrides", o.Title, 0, maxTitle); err != nil {
			return err
		}
		if err := office.CheckLine("overrides", o.Place, 0, maxPlace); err != nil {
			return err
		}
		if err := office.CheckText("overrides", o.Note, maxNote); err != nil {
			return err
		}
		if o.Status != "" && !isStatus(o.Status) {
			return office.Invalid("overrides", "%q is no state", o.Status)
		}
		if (o.Start == 0) != (o.End == 0) || o.Start < 0 || o.End < o.Start || o.End > office.MaxTime || o.End-o.Start > maxDaysEach*dayMillis {
			return office.Invalid("overrides", "start and end of %s do not fit", day)
		}
	}
	return nil
}

// checkTimes holds start and end against each other.
func (e Event) checkTimes() error {
	switch {
	case e.End < e.Start:
		return office.Invalid("end", "the end is before the start")
	case e.End-e.Start > maxDays*dayMillis:
		return office.Invalid("end", "an event lasts at most %d days", maxDays)
	case e.AllDay && (!isMidnight(e.Start) || !isMidnight(e.End) || e.End == e.Start):
		return office.Invalid("all_day", "whole days begin and end at midnight")
	}
	return nil
}

func isStatus(s string) bool { return s == Confirmed || s == Tentative || s == Cancelled }

func isDay(s string) bool {
	t, err := time.Parse(time.DateOnly, s)
	return err == nil && t.Format(time.DateOnly) == s
}

func isMidnight(ms int64) bool {
	_, offset := time.UnixMilli(ms).In(Zone).Zone()
	return (ms+int64(offset)*1000)%dayMillis == 0
}

// keys are a map's keys in order: maps have none, and Run must always do the same.
func keys[K cmp.Ordered, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }
