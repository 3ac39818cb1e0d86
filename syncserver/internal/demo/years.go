package demo

import (
	"time"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/calendar"
)

// holidays are the days off of 2026 as the State Council published them, first
// and last day each, and the weekends that are worked for them. No other year is
// published here: the demonstration shows that state too.
var holidays = []struct{ name, first, last, worked string }{
	{"元旦", "2026-01-01", "2026-01-03", "2026-01-04"},
	{"春节", "2026-02-15", "2026-02-23", "2026-02-14 2026-02-28"},
	{"清明节", "2026-04-04", "2026-04-06", ""},
	{"劳动节", "2026-05-01", "2026-05-05", "2026-05-09"},
	{"端午节", "2026-06-19", "2026-06-21", ""},
	{"中秋节", "2026-09-25", "2026-09-27", ""},
	{"国庆节", "2026-10-01", "2026-10-07", "2026-09-20 2026-10-10"},
}

// years publishes the days off.
func (s *script) years() {
	x := &calendar.PutYear{Year: 2026, Source: "国办发明电〔2025〕7号", Days: map[string]calendar.Day{}}
	for _, h := range holidays {
		first, _ := time.Parse(time.DateOnly, h.first) // the list's own days are well formed
		last, _ := time.Parse(time.DateOnly, h.last)
		for d := first; !d.After(last); d = d.AddDate(0, 0, 1) {
			x.Days[d.Format(time.DateOnly)] = calendar.Day{Kind: calendar.DayOff, Name: h.name}
		}
		for _, d := range fields(h.worked) {
			x.Days[d] = calendar.Day{Kind: calendar.DayWork, Name: h.name}
		}
	}
	s.do(s.day(-60, 9, 30), office.System, "year:2026", x)
}
