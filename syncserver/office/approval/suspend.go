package approval

import (
	"qianshao/syncserver/office"
	"qianshao/syncserver/office/worktime"
)

// Suspend is 挂起: nobody may act and no limit runs until it is resumed (W28).
// What was signed off line meanwhile is refused with its words kept, and may be
// sent again.
type Suspend struct {
	Instance string `json:"instance"`
	Subject  string `json:"subject"`
	Words    string `json:"words"`
	Until    int64  `json:"until,omitempty"` // planned end
}

func (*Suspend) Kind() string      { return "approval.suspend@1" }
func (x *Suspend) Locks() []string { return lockSubject(x.Subject) }

// Run stops the instance and the flows inside it. The 流程管理员 and the starter may.
func (x *Suspend) Run(tx office.Tx, c office.Context) error {
	inst, err := mainInstance(tx, x.Instance, x.Subject)
	if err != nil {
		return err
	}
	if inst.Starter != c.Actor {
		if err := flowAdmin(tx, c); err != nil {
			return err
		}
	}
	if err := said(x.Words); err != nil {
		return err
	}
	if err := alive(inst); err != nil {
		return err
	}
	if x.Until != 0 {
		if x.Until <= office.Millis(c.Now) {
			return office.Invalid("until", "it has passed")
		}
		later(tx, x.Until, &Timer{Instance: x.Instance, Subject: x.Subject, Do: TimerResume, At: x.Until})
	}
	return stop(tx, c, x.Instance, inst, x.Words, x.Until)
}

func stop(tx office.Tx, c office.Context, id string, inst Instance, why string, until int64) error {
	state, err := to(instanceMoves, inst.State, "suspend")
	if err != nil {
		return err
	}
	cal, err := worktime.Read(tx)
	if err != nil {
		return err
	}
	def, err := Definitions.Need(tx, inst.Definition)
	if err != nil {
		return err
	}
	tokens := append([]Visit(nil), inst.Tokens...)
	for i, v := range tokens {
		step, _ := def.Step(v.Step)
		if v.Paper == nil {
			tokens[i].Left = left(cal, step, v, c.Now)
			if err := freeze(tx, id, v); err != nil {
				return err
			}
		}
		for _, sub := range v.Subs {
			b, err := Instances.Need(tx, sub)
			if err != nil {
				return err
			}
			if b.State == Running {
				if err := stop(tx, c, sub, b, why, until); err != nil {
					return err
				}
			}
		}
	}
	if err := Instances.Patch(tx, id, office.Fields{
		"state": state, "stopped": office.Millis(c.Now), "resumes": number(until), "reason": why, "tokens": orNil(tokens),
	}); err != nil {
		return err
	}
	return trace(tx, c, id, &inst, "event:"+id, Event{What: EventSuspend, Detail: why})
}

// freeze takes the limit from the tasks of a stay whose clock stands: nobody is
// late while nobody may act.
func freeze(tx office.Tx, id string, v Visit) error {
	if v.Due == 0 {
		return nil
	}
	items, err := tasksOf(tx, id, v.Step, v.Round)
	if err != nil {
		return err
	}
	for _, t := range items {
		if t.Value.State == TaskOpen || t.Value.State == TaskAsleep {
			if err := Tasks.Patch(tx, t.ID, office.Fields{"due": nil, "due_order": office.MaxTime, "overdue": nil}); err != nil {
				return err
			}
		}
	}
	return nil
}

// Resumption is 恢复.
type Resumption struct {
	Instance string `json:"instance"`
	Subject  string `json:"subject"`
	Words    string `json:"words,omitempty"`
}

func (*Resumption) Kind() string      { return "approval.resume@1" }
func (x *Resumption) Locks() []string { return lockSubject(x.Subject) }

// Run lets the instance go on; limits run on with the time they had left. The
// 流程管理员 and the starter may.
func (x *Resumption) Run(tx office.Tx, c office.Context) error {
	inst, err := mainInstance(tx, x.Instance, x.Subject)
	if err != nil {
		return err
	}
	if inst.Starter != c.Actor {
		if err := flowAdmin(tx, c); err != nil {
			return err
		}
	}
	if err := office.CheckText("words", x.Words, maxWords); err != nil {
		return err
	}
	return resume(tx, c, x.Instance, inst, x.Words)
}

func resume(tx office.Tx, c office.Context, id string, inst Instance, words string) error {
	state, err := to(instanceMoves, inst.State, "resume")
	if err != nil {
		return err
	}
	tokens, err := restart(tx, c, id, inst)
	if err != nil {
		return err
	}
	if err := Instances.Patch(tx, id, office.Fields{
		"state": state, "stopped": nil, "resumes": nil, "reason": nil, "tokens": orNil(tokens),
	}); err != nil {
		return err
	}
	for _, v := range tokens {
		for _, sub := range v.Subs {
			b, err := Instances.Need(tx, sub)
			if err != nil {
				return err
			}
			if b.State == Suspended {
				if err := resume(tx, c, sub, b, words); err != nil {
					return err
				}
			}
		}
	}
	inst.State = state
	return trace(tx, c, id, &inst, "event:"+id, Event{What: EventResume, Detail: words})
}

// restart sets the limits of all stays whose clock was stopped, and their tasks'.
func restart(tx office.Tx, c office.Context, id string, inst Instance) ([]Visit, error) {
	cal, err := worktime.Read(tx)
	if err != nil {
		return nil, err
	}
	def, err := Definitions.Need(tx, inst.Definition)
	if err != nil {
		return nil, err
	}
	tokens := append([]Visit(nil), inst.Tokens...)
	for i, v := range tokens {
		if v.Left == 0 || v.Paper != nil {
			continue
		}
		step, _ := def.Step(v.Step)
		v.Due, v.Left, v.Escaped = goesOn(cal, step, v, c.Now), 0, false
		tokens[i] = v
		items, err := tasksOf(tx, id, v.Step, v.Round)
		if err != nil {
			return nil, err
		}
		for _, t := range items {
			if t.Value.State == TaskOpen || t.Value.State == TaskAsleep {
				if err := Tasks.Patch(tx, t.ID, office.Fields{"due": v.Due, "due_order": v.Due, "overdue": nil}); err != nil {
					return nil, err
				}
			}
		}
		(&advance{c: c, id: id, scene: scene{tx: tx, inst: inst}}).timers(v, step)
	}
	return tokens, nil
}
