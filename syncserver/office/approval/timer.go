package approval

import (
	"fmt"
	"strconv"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/directory"
	"qianshao/syncserver/office/worktime"
)

// What a Timer does.
const (
	TimerRemind  = "remind"
	TimerTimeout = "timeout"
	TimerClaim   = "claim"  // a claim that was not followed by an act ends (W4)
	TimerResume  = "resume" // a planned end of a suspension (W28)
)

// Timer is what the system does about a stay when a time has come.
type Timer struct {
	Instance string `json:"instance"`
	Subject  string `json:"subject"`
	Step     string `json:"step,omitempty"`
	Round    int    `json:"round,omitempty"`
	Due      int64  `json:"due,omitempty"` // the limit it is about
	Do       string `json:"do"`
	At       int64  `json:"at"`
	Task     string `json:"task,omitempty"`
}

func (*Timer) Kind() string      { return "approval.timer@1" }
func (x *Timer) Locks() []string { return lockSubject(x.Subject) }

// Run does what only needs the records; moving the paper is Advance's. A timer
// whose stay is over, or that comes too early, changes nothing.
// CodeNotPermitted for anybody but the system.
func (x *Timer) Run(tx office.Tx, c office.Context) error {
	if c.Actor != office.System {
		return &office.Error{Code: office.CodeNotPermitted}
	}
	inst, err := aboutSubject(tx, x.Instance, x.Subject)
	if err != nil || office.Millis(c.Now) < x.At {
		return err
	}
	switch x.Do {
	case TimerResume:
		if inst.State == Suspended && inst.Resumes == x.At {
			return resume(tx, c, x.Instance, inst, "planned")
		}
	case TimerClaim:
		return x.endClaim(tx, c, inst)
	case TimerRemind:
		return x.remind(tx, c, inst)
	}
	return nil
}

// stay is the stay the timer is about, if it is still the same and its clock runs.
func (x *Timer) stay(inst Instance) (Visit, bool) {
	if inst.State != Running {
		return Visit{}, false
	}
	for _, v := range inst.Tokens {
		if v.Step == x.Step && v.Round == x.Round && v.Due == x.Due && v.Paper == nil {
			return v, true
		}
	}
	return Visit{}, false
}

func (x *Timer) remind(tx office.Tx, c office.Context, inst Instance) error {
	v, ok := x.stay(inst)
	if !ok {
		return nil
	}
	cal, err := worktime.Read(tx)
	if err != nil {
		return err
	}
	items, err := tasksOf(tx, x.Instance, v.Step, v.Round)
	if err != nil {
		return err
	}
	var asked []office.UserID
	for _, t := range items {
		if t.Value.State == TaskOpen {
			if err := Tasks.Patch(tx, t.ID, office.Fields{"ring": ring(cal, inst.Urgency, c.Now)}); err != nil {
				return err
			}
			asked = union(asked, t.Value.Person)
		}
	}
	if len(asked) == 0 {
		return nil
	}
	return trace(tx, c, x.Instance, &inst, "event", Event{
		What: EventRemind, Step: v.Step, StepName: v.Name, Round: v.Round, To: asked, Detail: strconv.FormatInt(x.Due, 10),
	})
}

func (x *Timer) endClaim(tx office.Tx, c office.Context, inst Instance) error {
	t, at, err := Tasks.Get(tx, x.Task)
	if err != nil || at != office.Present || t.State != TaskOpen || t.Claimed != x.Due || inst.State != Running {
		return err
	}
	return release(tx, c, x.Instance, inst, x.Task, t)
}

// timeout carries out what the end of a limit does. It runs in Advance: time
// never acts at a gate, and never for anybody whose handler is not certain (W37).
func (a *advance) timeout(x *Timer) error {
	v, ok := x.stay(a.inst)
	if !ok || v.Escaped || office.Millis(a.c.Now) < x.At {
		return nil
	}
	step, err := a.step(v.Step)
	if err != nil || step.Timeout == nil {
		return err
	}
	v.Escaped = true
	a.put(v)
	e := Event{What: EventTimeout, Step: step.ID, StepName: step.Name, Round: v.Round, Detail: step.Timeout.Do}
	to, err := a.resolve(step.Timeout.To)
	if err != nil {
		return err
	}
	items, err := tasksOf(a.tx, a.id, v.Step, v.Round)
	if err != nil {
		return err
	}
	switch do := step.Timeout.Do; {
	case do == TimeoutEscalate:
		e.To = to
		if err := a.escalate(items, to); err != nil {
			return err
		}
		return a.event(e)
	case step.Gate != "" || v.Rescue:
		return nil // Publish refuses it; a definition that came otherwise is held to it all the same
	case do == TimeoutTransfer:
		if len(to) != 1 {
			return nil
		}
		v.Auto = ""
		for _, t := range items {
			if t.Value.State == TaskOpen || t.Value.State == TaskAsleep {
				if err := closeTask(a.tx, a.c, t, "other_acted"); err != nil {
					return err
				}
			}
		}
		e.To, v.People = to, to
		if err := a.event(e); err != nil {
			return err
		}
		return a.ask(v, step, to, Task{Sender: v.From})
	case do == TimeoutReturn:
		if senderVisit(a.inst.Path, v.Branch) < 0 {
			return nil
		}
		if err := a.event(e); err != nil {
			return err
		}
		return a.goBack(v, Step{Policy: All}, items, taskItem{})
	case step.Type == StepSub:
		if err := a.silence(v, step); err != nil {
			return err
		}
		return a.event(e)
	case do == TimeoutPass || do == TimeoutSkip:
		if sure, err := a.oneNext(step); !sure || err != nil {
			return err
		}
		if v, _, err = a.leave(v, items, "other_acted"); err != nil {
			return err
		}
		v.Auto = "timeout_" + do
		if err := a.event(e); err != nil {
			return err
		}
		a.last = Task{}
		return a.goOn(v, step, v.From)
	}
	return fmt.Errorf("step %s: timeout %q", step.ID, step.Timeout.Do)
}

// escalate tells people that a limit has passed: each gets a copy of the paper, and
// the tasks say who was told.
func (a *advance) escalate(items []taskItem, to []office.UserID) error {
	a.inst.Participants = union(a.inst.Participants, to...)
	for _, who := range to {
		if err := Copies.Insert(a.tx, a.newID(), Copy{
			Circulation: a.newID(), SubjectKind: a.inst.SubjectKind, Subject: a.inst.Subject, Title: a.subject.Title, Urgency: a.subject.Urgency,
			To: who, Must: true, State: CopyUnread, Sent: office.Millis(a.c.Now), Sort: CopyEscalated,
		}); err != nil {
			return err
		}
	}
	for _, t := range items {
		if t.Value.State == TaskOpen || t.Value.State == TaskAsleep {
			if err := Tasks.Patch(a.tx, t.ID, office.Fields{"escalated": union(t.Value.Escalated, to...)}); err != nil {
				return err
			}
		}
	}
	return nil
}

// oneNext reports whether the next step has exactly one handler, or is the end:
// only then may time pass a step (W37).
func (a *advance) oneNext(step Step) (bool, error) {
	next, err := a.step(a.next(step))
	if err != nil || next.Type == StepEnd {
		return next.Type == StepEnd, err
	}
	if next.Type != "" && next.Type != StepTask {
		return false, nil
	}
	who, err := a.handlers(next)
	return len(who) == 1, err
}

// aboutSubject reads an instance that must be about a subject, or a part of a
// flow that is.
func aboutSubject(tx office.Tx, instance, subject string) (Instance, error) {
	for _, f := range []struct{ name, id string }{{"instance", instance}, {"subject", subject}} {
		if err := office.CheckID(f.name, f.id); err != nil {
			return Instance{}, err
		}
	}
	inst, err := Instances.Need(tx, instance)
	if err == nil && inst.Subject != subject {
		err = office.Invalid("subject", "the instance is about another record")
	}
	return inst, err
}

// flowAdmin refuses anybody but the 流程管理员 and the system.
func flowAdmin(tx office.Tx, c office.Context) error {
	if c.Actor == office.System {
		return nil
	}
	ok, err := directory.HasRole(tx, c.Actor, RoleFlowAdmin)
	if err == nil && !ok {
		err = &office.Error{Code: office.CodeNotPermitted}
	}
	return err
}
