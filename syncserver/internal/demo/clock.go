package demo

import (
	"fmt"
	"time"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/calendar"
)

// clock tells the demonstration's times, all counted from one now.
type clock struct{ now time.Time }

// day is an hour of the n-th working day from today: -1 the last before it, 1
// the next after it. Public holidays are not known here.
func (k clock) day(n, hour, minute int) time.Time {
	t := k.now.In(calendar.Zone)
	d := time.Date(t.Year(), t.Month(), t.Day(), hour, minute, 0, 0, calendar.Zone)
	step := 1
	if n < 0 {
		step = -1
	}
	for n != 0 {
		d = d.AddDate(0, 0, step)
		if w := d.Weekday(); w != time.Saturday && w != time.Sunday {
			n -= step
		}
	}
	return d
}

// date is an hour of the n-th day from today, working or not.
func (k clock) date(n, hour, minute int) time.Time {
	t := k.now.In(calendar.Zone)
	return time.Date(t.Year(), t.Month(), t.Day()+n, hour, minute, 0, 0, calendar.Zone)
}

// ms is day in the unit of records.
func (k clock) ms(n, hour, minute int) int64 { return office.Millis(k.day(n, hour, minute)) }

// md is the n-th working day as papers write it: 11月20日.
func (k clock) md(n int) string { return k.day(n, 0, 0).Format("1月2日") }

// ymd is it with the year: 2026年11月20日.
func (k clock) ymd(n int) string { return k.day(n, 0, 0).Format("2006年1月2日") }

// year is the year of the n-th working day.
func (k clock) year(n int) int { return k.day(n, 0, 0).Year() }

// number is the 发文字号 of another body, of the year of the n-th working day.
func (k clock) number(code string, n, no int) string {
	return fmt.Sprintf("%s〔%d〕%d号", code, k.year(n), no)
}
