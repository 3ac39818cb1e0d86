package calendar

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/teambition/rrule-go"

	"qianshao/syncserver/office"
)

// parts of a rule that are understood, each with what it may say. The rest of
// RFC 5545 is refused rather than half obeyed.
var parts = map[string]*regexp.Regexp{
	"FREQ":       regexp.MustCompile(`^(DAILY|WEEKLY|MONTHLY)$`),
	"INTERVAL":   regexp.MustCompile(`^[1-9][0-9]?$`),
	"COUNT":      regexp.MustCompile(`^[1-9][0-9]{0,2}$`),
	"UNTIL":      regexp.MustCompile(`^[0-9]{8}(T[0-9]{6}Z)?$`),
	"BYDAY":      regexp.MustCompile(`^(MO|TU|WE|TH|FR|SA|SU)(,(MO|TU|WE|TH|FR|SA|SU)){0,6}$`),
	"BYMONTHDAY": regexp.MustCompile(`^([1-9]|[12][0-9]|3[01])(,([1-9]|[12][0-9]|3[01])){0,30}$`),
	"WKST":       regexp.MustCompile(`^(MO|SU)$`),
}

// parseRule reads a repetition: FREQ=DAILY, WEEKLY (with BYDAY) or MONTHLY (with
// BYMONTHDAY), INTERVAL, WKST, and COUNT or UNTIL; UNTIL as a day includes it.
func parseRule(s string) (rrule.ROption, error) {
	bad := func(format string, args ...any) (rrule.ROption, error) {
		return rrule.ROption{}, office.Invalid("rrule", format, args...)
	}
	if len(s) > 200 {
		return bad("too long")
	}
	given := map[string]string{}
	for _, part := range strings.Split(s, ";") {
		name, value, _ := strings.Cut(part, "=")
		form, known := parts[name]
		if !known || !form.MatchString(value) {
			return bad("%.40q is not understood", part)
		}
		if _, twice := given[name]; twice {
			return bad("%s is given twice", name)
		}
		given[name] = value
	}
	freq := given["FREQ"]
	if freq == "" {
		return bad("FREQ is needed")
	}
	if given["BYDAY"] != "" && freq != "WEEKLY" || given["BYMONTHDAY"] != "" && freq != "MONTHLY" {
		return bad("BYDAY goes with WEEKLY, BYMONTHDAY with MONTHLY")
	}
	if given["COUNT"] != "" && given["UNTIL"] != "" {
		return bad("COUNT or UNTIL, not both")
	}
	opt := rrule.ROption{
		Freq:     map[string]rrule.Frequency{"DAILY": rrule.DAILY, "WEEKLY": rrule.WEEKLY, "MONTHLY": rrule.MONTHLY}[freq],
		Interval: number(given["INTERVAL"]), Count: number(given["COUNT"]),
	}
	days := []rrule.Weekday{rrule.MO, rrule.TU, rrule.WE, rrule.TH, rrule.FR, rrule.SA, rrule.SU}
	if given["WKST"] == "SU" {
		opt.Wkst = rrule.SU
	}
	if v := given["BYDAY"]; v != "" {
		for i, d := range days {
			if slices.Contains(strings.Split(v, ","), d.String()) {
				opt.Byweekday = append(opt.Byweekday, days[i])
			}
		}
	}
	if v := given["BYMONTHDAY"]; v != "" {
		for _, d := range strings.Split(v, ",") {
			opt.Bymonthday = append(opt.Bymonthday, number(d))
		}
	}
	if v := given["UNTIL"]; v != "" {
		var err error
		if len(v) == len(rrule.DateFormat) {
			opt.Until, err = time.ParseInLocation(rrule.DateFormat, v, Zone)
			opt.Until = opt.Until.AddDate(0, 0, 1).Add(-time.Second)
		} else {
			opt.Until, err = time.Parse(rrule.DateTimeFormat, v)
		}
		if err != nil || opt.Until.UnixMilli() > office.MaxTime {
			return bad("UNTIL is no day between 1970 and 2100")
		}
	}
	return opt, nil
}

// number is a text of digits as a number, "" as 0; the caller has checked it.
func number(s string) int {
	n, _ := strconv.Atoi(s)
	return n
}
