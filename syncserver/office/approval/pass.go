package approval

import (
	"fmt"
	"slices"

	"qianshao/syncserver/office"
)

// pass leaves a step that is done: what nobody needs to do any more is closed.
func (a *advance) pass(v Visit, step Step, items []taskItem) error {
	v, last, err := a.leave(v, items, "other_acted")
	if err != nil {
		return err
	}
	sender := last.Person
	if slices.ContainsFunc(items, func(t taskItem) bool { return t.Value.State == TaskDone && t.Value.Person == a.c.Actor }) {
		sender = a.c.Actor // the act that is being weighed; two acts may share a millisecond
	}
	if step.Gate == GateSign {
		a.inst.Signed = &Signed{Step: step.ID, By: sender, Hash: a.subject.ContentHash, At: office.Millis(a.c.Now)}
		if last.Decided != "" {
			a.inst.Settled = last.Decided
		}
	}
	if step.Gate == GateReview && a.inst.Signed != nil && !a.subject.Carries(a.inst.Signed.Hash) {
		return a.signAgain(v)
	}
	if last.Verdict != "" {
		a.inst.Verdict = last.Verdict
	}
	a.last = last
	return a.goOn(v, step, sender)
}

// goOn is what follows a step that was left: effects, copies, the next step.
func (a *advance) goOn(v Visit, step Step, sender office.UserID) error {
	resume := v.Resume
	v.Resume = nil
	a.inst.Path = append(slices.Clone(a.inst.Path), v)
	a.drop(v)
	if err := a.apply(step); err != nil {
		return err
	}
	if err := a.copies(step, sender); err != nil {
		return err
	}
	if resume != nil {
		if done, err := a.resume(v, *resume, sender); done || err != nil {
			return err
		}
	}
	if step.Free && !a.last.Finish {
		return a.freely(v, step, sender)
	}
	return a.goTo(a.next(step), v.Branch, nil, sender)
}

// leave closes what nobody needs to do any more and says who acted. The last
// act is the one that counts.
func (a *advance) leave(v Visit, items []taskItem, why string) (Visit, Task, error) {
	v.By, a.chosen = nil, nil
	var last Task
	for _, t := range items {
		switch t.Value.State {
		case TaskOpen, TaskAsleep:
			if err := closeTask(a.tx, a.c, t, why); err != nil {
				return v, last, err
			}
		case TaskDone:
			who := t.Value.Seat
			if t.Value.Parent != "" {
				who = ""
			}
			v.By = union(v.By, who)
			a.chosen = union(a.chosen, t.Value.Chosen...)
			if t.Value.DoneAt >= last.DoneAt {
				last = t.Value
			}
		}
	}
	return v, last, a.unseal(v)
}

// unseal shows the words of a sealed step to everybody who takes part.
func (a *advance) unseal(v Visit) error {
	step, ok := a.def.Step(v.Step)
	if !ok || !step.Sealed {
		return nil
	}
	list, err := a.opinions(v)
	if err != nil {
		return err
	}
	for _, o := range list {
		if o.Value.Sealed {
			if err := Opinions.Patch(a.tx, o.ID, office.Fields{"sealed": nil}); err != nil {
				return err
			}
		}
	}
	return nil
}

// opinions are the words of a stay.
func (a *advance) opinions(v Visit) ([]office.Item[Opinion], error) {
	return Opinions.All(a.tx, office.Query{View: "instance", Where: []office.Cond{
		office.Where("root", a.id), office.Where("step", v.Step), office.Where("round", v.Round),
	}})
}

// fail leaves a step whose members did not agree: to its Fail step, or back.
func (a *advance) fail(v Visit, step Step, items []taskItem) error {
	if step.Fail == "" {
		for _, t := range items {
			if t.Value.State == TaskDone && t.Value.Act == ActReturn {
				return a.goBack(v, step, items, t)
			}
		}
		return a.goBack(v, step, items, taskItem{})
	}
	v, last, err := a.leave(v, items, "other_acted")
	if err != nil {
		return err
	}
	v.Failed = true
	a.inst.Path = append(slices.Clone(a.inst.Path), v)
	a.drop(v)
	if err := a.event(Event{What: EventFailed, Step: step.ID, StepName: step.Name, Round: v.Round}); err != nil {
		return err
	}
	a.last = last
	return a.goTo(step.Fail, v.Branch, nil, last.Person)
}

// next chooses the line; Publish has made sure that the last one always holds.
func (a *advance) next(step Step) string {
	for _, l := range step.Lines {
		if a.holds(l.When) {
			return l.To
		}
	}
	return ""
}

// apply does the effects of leaving a step and reads the subject again.
func (a *advance) apply(step Step) error {
	for _, name := range step.Effects {
		if err := a.effect(name, step); err != nil {
			return err
		}
	}
	if len(step.Effects) == 0 {
		return nil
	}
	var err error
	a.subject, err = subjectOf(a.tx, a.inst.SubjectKind, a.inst.Subject)
	return err
}

func (a *advance) effect(name string, step Step) error {
	if a.effects.Apply == nil {
		return fmt.Errorf("step %s: nobody does the effect %q", step.ID, name)
	}
	e := Effect{
		Name: name, SubjectKind: a.inst.SubjectKind, Subject: a.inst.Subject, Instance: a.id, Reason: a.inst.Reason,
		Signed:   a.inst.Signed != nil && a.subject.Carries(a.inst.Signed.Hash),
		Reviewed: a.passedGate(GateReview),
	}
	if err := a.effects.Apply(a.tx, a.c, e); err != nil {
		return fmt.Errorf("effect %s: %w", name, err)
	}
	if !slices.Contains(a.inst.Did, name) {
		a.inst.Did = append(slices.Clone(a.inst.Did), name)
	}
	return a.event(Event{What: EventEffect, Step: step.ID, StepName: step.Name, Detail: name})
}

func (a *advance) passedGate(g Gate) bool {
	return slices.ContainsFunc(a.inst.Path, func(v Visit) bool {
		s, ok := a.def.Step(v.Step)
		return ok && s.Gate == g && v.Auto == ""
	})
}
