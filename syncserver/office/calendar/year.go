package calendar

import (
	"fmt"
	"time"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/directory"
)

// Kinds of a day that differs from the week's own order.
const (
	DayOff  = "off"  // 放假、调休
	DayWork = "work" // a Saturday or Sunday that is worked
)

// Limits of a year.
const (
	maxYearDays = 200
	maxDayName  = 20
	maxSource   = 200
	minYear     = 1970
	maxYear     = 2099
)

// Day is a day that is not as its weekday says.
type Day struct {
	Kind string `json:"kind"`
	Name string `json:"name"` // 端午节
}

// Year is one year's 放假 and 调休 as published by the State Council. A year that
// has no record is not published: nobody knows its days off yet.
type Year struct {
	Year   int            `json:"year"`
	Days   map[string]Day `json:"days"`             // by "2026-06-19"
	Source string         `json:"source,omitempty"` // number and title of the notice
	By     office.UserID  `json:"by"`
	At     int64          `json:"at"`
}

// Works reports whether the office works on a day, in Zone.
func (y Year) Works(t time.Time) bool {
	t = t.In(Zone)
	if d, ok := y.Days[t.Format(time.DateOnly)]; ok {
		return d.Kind == DayWork
	}
	return t.Weekday() != time.Saturday && t.Weekday() != time.Sunday
}

// Years are the published years; everybody reads them.
var Years = office.Of[Year]{Kind: &office.Kind{
	Name: "calendar.year", Lane: office.LaneHeaders, Residence: office.ResidentAlways,
	Fields:   []office.Field{{Name: "year", Type: office.Int}},
	Views:    []office.View{{Name: "all", Filters: []string{"year"}, Orders: []string{"year"}}},
	Audience: func(office.Record) ([]office.Channel, error) { return []office.Channel{office.Org}, nil },
}}

// YearID is the id of a year's record.
func YearID(year int) string { return fmt.Sprintf("year-%d", year) }

// PutYear publishes a year's days or sets them anew. System or system
// administrator.
type PutYear struct {
	Year   int            `json:"year"`
	Days   map[string]Day `json:"days"`
	Source string         `json:"source,omitempty"`
}

func (*PutYear) Kind() string      { return "calendar.put_year@1" }
func (x *PutYear) Locks() []string { return []string{"year:" + YearID(x.Year)} }

// Run makes the year or replaces its days.
func (x *PutYear) Run(tx office.Tx, c office.Context) error {
	if c.Actor != office.System {
		ok, err := directory.HasRole(tx, c.Actor, directory.RoleSysAdmin)
		if err != nil {
			return err
		}
		if !ok {
			return &office.Error{Code: office.CodeNotPermitted}
		}
	}
	if err := x.check(); err != nil {
		return err
	}
	y := Year{Year: x.Year, Days: x.Days, Source: x.Source, By: c.Actor, At: office.Millis(c.Now)}
	_, at, err := Years.Get(tx, YearID(x.Year))
	switch {
	case err != nil:
		return err
	case at == office.Elsewhere:
		return office.ErrElsewhere()
	case at == office.Absent:
		return Years.Insert(tx, YearID(x.Year), y)
	}
	var source any
	if y.Source != "" {
		source = y.Source
	}
	return Years.Patch(tx, YearID(x.Year), office.Fields{"days": y.Days, "source": source, "by": y.By, "at": y.At})
}

func (x *PutYear) check() error {
	if x.Year < minYear || x.Year > maxYear {
		return office.Invalid("year", "%d to %d", minYear, maxYear)
	}
	if len(x.Days) == 0 || len(x.Days) > maxYearDays {
		return office.Invalid("days", "1 to %d days", maxYearDays)
	}
	for _, day := range keys(x.Days) {
		t, err := time.Parse(time.DateOnly, day)
		if err != nil || !isDay(day) || t.Year() != x.Year {
			return office.Invalid("days", "days of %d as %d-06-19 are needed", x.Year, x.Year)
		}
		d := x.Days[day]
		if d.Kind != DayOff && d.Kind != DayWork {
			return office.Invalid("days", "%.20q is no kind of day", d.Kind)
		}
		if weekend := t.Weekday() == time.Saturday || t.Weekday() == time.Sunday; d.Kind == DayWork && !weekend {
			return office.Invalid("days", "%s is a working day anyway", day)
		}
		if err := office.CheckLine("days", d.Name, 1, maxDayName); err != nil {
			return err
		}
	}
	return office.CheckLine("source", x.Source, 0, maxSource)
}
