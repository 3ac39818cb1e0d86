package bridge

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"time"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/calendar"
)

// Days are the days that touch [from, to): lunar day, 节气, festival, and whether
// the office works, as far as the year is published.
func (s *Calendar) Days(from, to int64) ([]DayInfo, error) {
	return signedIn(s.core, "Calendar.Days", func(ctx context.Context, a *at) ([]DayInfo, error) {
		if to <= from || time.Duration(to-from)*time.Millisecond > maxRange {
			return nil, office.Invalid("to", "a range of at most 400 days")
		}
		years := map[int]*calendar.Year{}
		var out []DayInfo
		y, m, d := time.UnixMilli(from).In(calendar.Zone).Date()
		for t := time.Date(y, m, d, 0, 0, 0, 0, calendar.Zone); t.UnixMilli() < to; t = t.AddDate(0, 0, 1) {
			year, read := years[t.Year()]
			if !read {
				r, ok, err := get(ctx, a, calendar.Years, calendar.YearID(t.Year()))
				if err != nil {
					return nil, err
				}
				if ok {
					year = &r.Value
				}
				years[t.Year()] = year
			}
			out = append(out, dayInfo(t, year))
		}
		return out, nil
	})
}

func dayInfo(t time.Time, year *calendar.Year) DayInfo {
	l := calendar.Lunar(t)
	v := DayInfo{
		At: t.UnixMilli(), Date: t.Format(time.DateOnly), LunarYear: l.Year, LunarMonth: l.Month, LunarDay: l.Day,
		Term: l.Term, Festival: l.Festival, Published: year != nil,
	}
	if year == nil {
		v.Rest = !calendar.Year{}.Works(t)
		return v
	}
	v.Rest = !year.Works(t)
	d := year.Days[v.Date]
	v.Kind, v.Name = d.Kind, d.Name
	return v
}

// Years are the published years, the newest first.
func (s *Calendar) Years() ([]YearInfo, error) {
	return signedIn(s.core, "Calendar.Years", func(ctx context.Context, a *at) ([]YearInfo, error) {
		rows, err := list(ctx, a, calendar.Years, office.Query{View: "all", Order: "year"})
		if err != nil {
			return nil, err
		}
		names := a.names(ctx)
		var out []YearInfo
		for _, r := range rows {
			y := YearInfo{Year: r.Value.Year, Source: r.Value.Source, At: r.Value.At}
			if r.Value.By != office.System {
				y.By = names.name(r.Value.By)
			}
			for day, d := range r.Value.Days {
				y.Days = append(y.Days, YearDay{Date: day, Kind: d.Kind, Name: d.Name})
			}
			slices.SortFunc(y.Days, func(a, b YearDay) int { return cmp.Compare(a.Date, b.Date) })
			out = append(out, y)
		}
		slices.SortFunc(out, func(a, b YearInfo) int { return cmp.Compare(b.Year, a.Year) })
		return out, nil
	})
}

// PutYear publishes a year's days; administrators may, on line.
func (s *Calendar) PutYear(in YearInfo) (Done, error) {
	return signedIn(s.core, "Calendar.PutYear", func(ctx context.Context, a *at) (Done, error) {
		x := &calendar.PutYear{Year: in.Year, Source: in.Source, Days: map[string]calendar.Day{}}
		for _, d := range in.Days {
			if _, twice := x.Days[d.Date]; twice {
				return Done{}, office.Invalid("days", "%s is given twice", d.Date)
			}
			x.Days[d.Date] = calendar.Day{Kind: d.Kind, Name: d.Name}
		}
		return a.give(ctx, calendar.YearID(in.Year), x)
	})
}

// reminderKey names one ring of one occurrence: moved, it rings anew.
func reminderKey(e Event) string {
	return e.ID + "/" + e.Day + "/" + strconv.FormatInt(e.Start, 10)
}
