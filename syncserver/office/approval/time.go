package approval

import (
	"time"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/worktime"
)

// limit sets the time limit of a stay and its timers. A limit in working time
// follows the published calendar; where a year's list is missing, weekends are
// all that is known of it.
func (a *advance) limit(v *Visit, step Step) {
	v.Left, v.Escaped = 0, false
	switch {
	case step.Limit != nil:
		cal, err := worktime.Read(a.tx)
		if err != nil {
			return // the limit is a help: without a calendar there is none
		}
		var end time.Time
		n := step.Limit.of(a.subject.Urgency, a.subject.Title)
		if step.Limit.Unit == UnitDays {
			end, _ = cal.AddDays(a.c.Now, n)
		} else {
			end, _ = cal.Add(a.c.Now, time.Duration(n)*time.Hour)
		}
		v.Due = office.Millis(end)
	case step.Hours != 0:
		v.Due = office.Millis(a.c.Now) + int64(step.Hours)*hour
	default:
		v.Due = 0
		return
	}
	a.timers(*v, step)
}

const hour = 3600_000

// timers queues what the system does about a limit. A timer of a stay that is
// over, or whose limit was set anew, does nothing.
func (a *advance) timers(v Visit, step Step) {
	if v.Due == 0 {
		return
	}
	later(a.tx, v.Due, &Overdue{Instance: a.id, Subject: a.inst.Subject, Step: v.Step, Round: v.Round, Due: v.Due})
	t := Timer{Instance: a.id, Subject: a.inst.Subject, Step: v.Step, Round: v.Round, Due: v.Due}
	for _, h := range step.Remind {
		if at := v.Due - int64(h)*hour; at > office.Millis(a.c.Now) {
			t.Do, t.At = TimerRemind, at
			x := t
			later(a.tx, at, &x)
		}
	}
	if step.Timeout != nil {
		t.Do, t.At = TimerTimeout, v.Due+int64(step.Timeout.After)*hour
		later(a.tx, t.At, &t)
	}
}

// left is the time left of a limit: working time for a limit in working time.
func left(cal worktime.Calendar, step Step, v Visit, now time.Time) int64 {
	if v.Due == 0 {
		return 0
	}
	due := time.UnixMilli(v.Due)
	if step.Limit == nil {
		return max(1, v.Due-office.Millis(now))
	}
	return max(1, int64(cal.Between(now, due)/time.Millisecond))
}

// goesOn sets a limit anew after its clock was stopped.
func goesOn(cal worktime.Calendar, step Step, v Visit, now time.Time) int64 {
	if v.Left == 0 {
		return v.Due
	}
	if step.Limit == nil {
		return office.Millis(now) + v.Left
	}
	end, _ := cal.Add(now, time.Duration(v.Left)*time.Millisecond)
	return office.Millis(end)
}

// The quiet hours in which nobody is urged: before 8 and after 20 o'clock and on
// days that are not worked. What is 特急 is heard at any time.
func ring(cal worktime.Calendar, urgency string, now time.Time) int64 {
	t := now.In(worktime.Zone)
	work, _ := cal.IsWorkday(t)
	if urgency == "特急" || urgency == "特提" || work && t.Hour() >= 8 && t.Hour() < 20 {
		return office.Millis(now)
	}
	return office.Millis(cal.Next(now))
}
