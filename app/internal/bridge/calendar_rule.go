package bridge

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/calendar"
)

// How an event repeats, as the window offers it. A rule that it cannot say is
// "other", shown as such and left alone unless another is chosen.
const (
	repeatDaily   = "daily"
	repeatWeekly  = "weekly"
	repeatMonthly = "monthly"
	repeatYearly  = "yearly"
	repeatOther   = "other"
)

var freqs = map[string]string{repeatDaily: "DAILY", repeatWeekly: "WEEKLY", repeatMonthly: "MONTHLY", repeatYearly: "YEARLY"}

var weekdays = []string{"MO", "TU", "WE", "TH", "FR", "SA", "SU"}

// weekdayOf is a moment's weekday in the office's zone, as rules write it.
func weekdayOf(ms int64) string {
	return weekdays[(int(time.UnixMilli(ms).In(calendar.Zone).Weekday())+6)%7]
}

// ruleView is a stored rule as the window says it.
func ruleView(rule string, start int64) (string, Rule) {
	v := Rule{Interval: 1, Days: []string{}}
	if rule == "" {
		return "", v
	}
	freq := repeatOther
	for _, part := range strings.Split(rule, ";") {
		name, value, _ := strings.Cut(part, "=")
		n, _ := strconv.Atoi(value)
		switch name {
		case "FREQ":
			for word, f := range freqs {
				if f == value {
					freq = word
				}
			}
		case "INTERVAL":
			v.Interval = n
		case "COUNT":
			v.Count = n
		case "UNTIL":
			day, err := time.ParseInLocation("20060102", value[:min(len(value), 8)], calendar.Zone)
			if err != nil || len(value) > 8 {
				return repeatOther, v
			}
			v.Until = day.UnixMilli()
		case "BYDAY":
			if slices.Contains(weekdays, value[:2]) {
				v.Days = strings.Split(value, ",")
				continue
			}
			v.Nth, _ = strconv.Atoi(value[:len(value)-2])
			if value[len(value)-2:] != weekdayOf(start) {
				return repeatOther, v
			}
		case "BYMONTHDAY":
			switch {
			case value == "-1":
				v.Last = true
			case value != strconv.Itoa(time.UnixMilli(start).In(calendar.Zone).Day()):
				return repeatOther, v
			}
		case "WKST":
			if value != "MO" {
				return repeatOther, v
			}
		}
	}
	return freq, v
}

// ruleOf is the rule to store of what the window says, for an event that begins
// at start.
func ruleOf(repeat string, v Rule, start int64) (string, error) {
	if repeat == "" {
		return "", nil
	}
	freq, ok := freqs[repeat]
	if !ok {
		return "", office.Invalid("repeat", "%.20q", repeat)
	}
	out := "FREQ=" + freq
	if v.Interval > 1 {
		out += fmt.Sprintf(";INTERVAL=%d", v.Interval)
	}
	switch {
	case repeat == repeatWeekly && len(v.Days) > 0:
		var days []string
		for _, d := range weekdays { // in the week's order, each once
			if slices.Contains(v.Days, d) {
				days = append(days, d)
			}
		}
		if len(days) == 0 {
			return "", office.Invalid("repeat", "no weekday")
		}
		out += ";BYDAY=" + strings.Join(days, ",")
	case repeat == repeatMonthly && v.Last:
		out += ";BYMONTHDAY=-1"
	case repeat == repeatMonthly && v.Nth != 0:
		out += fmt.Sprintf(";BYDAY=%d%s", v.Nth, weekdayOf(start))
	}
	switch {
	case v.Count > 0:
		out += fmt.Sprintf(";COUNT=%d", v.Count)
	case v.Until > 0:
		out += ";UNTIL=" + time.UnixMilli(v.Until).In(calendar.Zone).Format("20060102")
	}
	return out, nil
}

// shifted is a rule whose days move with the event: dragging a Monday's meeting
// to Tuesday moves it to Tuesdays.
func shifted(rule string, from, to int64) string {
	days := dayShift(from, to)
	if days == 0 {
		return rule
	}
	parts := strings.Split(rule, ";")
	for i, part := range parts {
		name, value, _ := strings.Cut(part, "=")
		at := time.UnixMilli(to).In(calendar.Zone)
		switch {
		case name == "BYDAY" && slices.Contains(weekdays, value[:2]):
			var moved []string
			for j, d := range weekdays {
				if slices.Contains(strings.Split(value, ","), weekdays[((j-days)%7+7)%7]) {
					moved = append(moved, d)
				}
			}
			parts[i] = "BYDAY=" + strings.Join(moved, ",")
		case name == "BYDAY":
			n := (at.Day() + 6) / 7
			if n > 4 {
				n = -1
			}
			parts[i] = fmt.Sprintf("BYDAY=%d%s", n, weekdayOf(to))
		case name == "BYMONTHDAY":
			parts[i] = fmt.Sprintf("BYMONTHDAY=%d", at.Day())
		}
	}
	return strings.Join(parts, ";")
}

// dayShift is how many days lie between the days of two moments.
func dayShift(from, to int64) int {
	day := func(ms int64) int64 { return dayOf(ms).Unix() / (24 * 60 * 60) }
	return int(day(to) - day(from))
}

// dayOf is the day of a moment in the office's zone, as midnight UTC.
func dayOf(ms int64) time.Time {
	y, m, d := time.UnixMilli(ms).In(calendar.Zone).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

// moveDay is a day "2026-11-09" so many days on.
func moveDay(day string, days int) string {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	return t.AddDate(0, 0, days).Format(time.DateOnly)
}
