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
	"FREQ":       regexp.MustCompile(`^(DAILY|WEEKLY|MONTHLY|YEARLY)$`),
	"INTERVAL":   regexp.MustCompile(`^[1-9][0-9]?$`),
	"COUNT":      regexp.MustCompile(`^[1-9][0-9]{0,2}$`),
	"UNTIL":      regexp.MustCompile(`^[0-9]{8}(T[0-9]{6}Z)?$`),
	"BYDAY":      regexp.MustCompile(`^(MO|TU|WE|TH|FR|SA|SU)(,(MO|TU|WE|TH|FR|SA|SU)){0,6}$|^([1-4]|-1)(MO|TU|WE|TH|FR|SA|SU)$`),
	"BYMONTHDAY": regexp.MustCompile(`^([1-9]|[12][0-9]|3[01])(,([1-9]|[12][0-9]|3[01])){0,30}$|^-1$`),
	"WKST":       regexp.MustCompile(`^(MO|SU)$`),
}

// parseRule reads a repetition: FREQ=DAILY, WEEKLY (with BYDAY), MONTHLY (with
// BYMONTHDAY, -1 being the last day, or one BYDAY such as 2TU or -1FR) or YEARLY,
// INTERVAL, WKST, and COUNT or UNTIL; UNTIL as a day includes it. A month without
// the day, a year without 29 February, is left out, as RFC 5545 has it.
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
	nth := given["BYDAY"] != "" && given["BYDAY"][0] < 'A'
	switch {
	case given["BYDAY"] != "" && !nth && freq != "WEEKLY", nth && freq != "MONTHLY", given["BYMONTHDAY"] != "" && freq != "MONTHLY":
		return bad("BYDAY goes with WEEKLY, BYMONTHDAY and the n-th BYDAY with MONTHLY")
	case nth && given["BYMONTHDAY"] != "":
		return bad("BYDAY or BYMONTHDAY, not both")
	}
	if given["COUNT"] != "" && given["UNTIL"] != "" {
		return bad("COUNT or UNTIL, not both")
	}
	opt := rrule.ROption{
		Freq:     map[string]rrule.Frequency{"DAILY": rrule.DAILY, "WEEKLY": rrule.WEEKLY, "MONTHLY": rrule.MONTHLY, "YEARLY": rrule.YEARLY}[freq],
		Interval: number(given["INTERVAL"]), Count: number(given["COUNT"]),
	}
	days := []rrule.Weekday{rrule.MO, rrule.TU, rrule.WE, rrule.TH, rrule.FR, rrule.SA, rrule.SU}
	if given["WKST"] == "SU" {
		opt.Wkst = rrule.SU
	}
	if v := given["BYDAY"]; nth {
		for _, d := range days {
			if strings.HasSuffix(v, d.String()) {
				opt.Byweekday = append(opt.Byweekday, d.Nth(number(strings.TrimSuffix(v, d.String()))))
			}
		}
	} else if v != "" {
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

// endless is a rule without its COUNT or UNTIL.
func endless(rule string) string {
	return joinRule(slices.DeleteFunc(splitRule(rule), func(p rulePart) bool { return p.name == "COUNT" || p.name == "UNTIL" }))
}

// daysBefore are the days of an event's rule before a day, exceptions among
// them, and whether the day itself is one of them. At most maxWalk are followed.
func (e Event) daysBefore(day string) (before int, has bool, err error) {
	opt, err := parseRule(e.RRule)
	if err != nil {
		return 0, false, err
	}
	opt.Dtstart = time.UnixMilli(e.Start).In(Zone)
	rule, err := rrule.NewRRule(opt)
	if err != nil {
		return 0, false, office.Invalid("rrule", "%.100v", err)
	}
	next := rule.Iterator()
	for range maxWalk {
		at, ok := next()
		if !ok {
			break
		}
		switch d := at.In(Zone).Format(time.DateOnly); {
		case d == day:
			return before, true, nil
		case d > day:
			return before, false, nil
		}
		before++
	}
	return before, false, nil
}

// maxWalk is 130 years of days: more than a rule can have between 1970 and 2100.
const maxWalk = 130 * 366

type rulePart struct{ name, value string }

func splitRule(rule string) []rulePart {
	var out []rulePart
	for _, p := range strings.Split(rule, ";") {
		name, value, _ := strings.Cut(p, "=")
		out = append(out, rulePart{name, value})
	}
	return out
}

func joinRule(parts []rulePart) string {
	var out []string
	for _, p := range parts {
		out = append(out, p.name+"="+p.value)
	}
	return strings.Join(out, ";")
}
