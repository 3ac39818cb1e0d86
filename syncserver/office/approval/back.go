package approval

import (
	"fmt"
	"slices"

	"qianshao/syncserver/office"
)

// goBack carries out a return: the others at the step lose their tasks, the
// steps from the target on no longer count, and the target opens a new round
// with those who acted there (W15–W17). In parallel branches only those are
// ended that come after the target. 传阅 copies are left alone. Without a task
// the paper goes to whoever sent it.
func (a *advance) goBack(v Visit, step Step, items []taskItem, t taskItem) error {
	if t.Value.Previous {
		return a.signerBefore(v, step, items, t)
	}
	v, _, err := a.leave(v, items, "step_left")
	if err != nil {
		return err
	}
	i := -1
	if target := t.Value.Target; target != "" {
		i = lastVisit(a.inst.Path, target, v.Branch)
	} else {
		i = senderVisit(a.inst.Path, v.Branch)
	}
	if i < 0 {
		return fmt.Errorf("return to %q, which has not been passed", t.Value.Target)
	}
	return a.reopen(v, i, t.Value)
}

// signerBefore is 退回上一签: within a 顺签 the paper goes back to the one before,
// who is asked again, and then on through the list (W5).
func (a *advance) signerBefore(v Visit, step Step, items []taskItem, t taskItem) error {
	var before *taskItem
	for i := range items {
		x := &items[i]
		if x.Value.Parent == "" && x.Value.State == TaskDone && x.Value.Act == ActApprove && (before == nil || x.Value.DoneAt >= before.Value.DoneAt) {
			before = x
		}
	}
	if before == nil {
		return fmt.Errorf("nobody signed before %s", t.Value.Person)
	}
	for _, x := range []taskItem{t, *before} {
		if err := closeTask(a.tx, a.c, x, "step_left"); err != nil {
			return err
		}
		if err := a.grey(v, x.ID); err != nil {
			return err
		}
	}
	a.inst.Returned = true
	return a.ask(v, step, []office.UserID{before.Value.Person}, Task{Sender: t.Value.Person, Seat: before.Value.Seat, Chain: before.Value.Chain})
}

// signAgain brings a paper whose text changed after 签发 back to its signer (L9).
func (a *advance) signAgain(v Visit) error {
	i := lastVisit(a.inst.Path, a.inst.Signed.Step, v.Branch)
	if i < 0 {
		return fmt.Errorf("the signing step %q has not been passed", a.inst.Signed.Step)
	}
	if err := a.event(Event{
		What: EventResign, Step: v.Step, StepName: v.Name, Round: v.Round, ToStep: a.inst.Signed.Step,
		To: []office.UserID{a.inst.Signed.By},
	}); err != nil {
		return err
	}
	return a.reopen(v, i, Task{})
}

// reopen goes back to the i-th step of the path. What was written there and
// after it is of an old round (greyed, never deleted), unless the paper is to
// come straight back.
func (a *advance) reopen(v Visit, i int, t Task) error {
	target := a.inst.Path[i]
	line := target.Branch
	var kept, left []Visit
	for k, p := range a.inst.Path {
		if k >= i && within(p.Branch, line) {
			left = append(left, p)
		} else {
			kept = append(kept, p)
		}
	}
	a.drop(v)
	ended, err := a.cancelLine(line, "step_left")
	if err != nil {
		return err
	}
	for _, p := range left {
		if err := a.cancelSubs(p); err != nil {
			return err
		}
	}
	resume := a.remember(v, left, ended, t)
	a.inst.Path, a.inst.Returned = kept, true
	grey := append(append([]Visit(nil), v), ended...)
	if resume == nil {
		grey = append(grey, left...)
	} else {
		grey = append(grey, left[0])
	}
	for _, l := range grey {
		if err := a.grey(l, ""); err != nil {
			return err
		}
	}
	if a.inst.Signed != nil && lastVisit(a.inst.Path, a.inst.Signed.Step, "*") < 0 {
		a.inst.Signed = nil
	}
	a.chosen = nil
	step, err := a.step(target.Step)
	if err != nil {
		return err
	}
	people := target.By
	if len(t.Ask) > 0 {
		people = t.Ask
	}
	// Nobody can take a return back: the path that led here is gone.
	back := Visit{Branch: line, Policy: target.Policy, Resume: resume}
	if step.Type == StepSub {
		return a.enterSub(step, line, "")
	}
	return a.enter(step, back, people)
}

// grey marks opinions of a stay as old: all, or those of one task.
func (a *advance) grey(v Visit, task string) error { return a.shade(v, task, true) }

func (a *advance) shade(v Visit, task string, old bool) error {
	list, err := a.opinions(v)
	if err != nil {
		return err
	}
	for _, o := range list {
		if o.Value.Old != old && (task == "" || o.Value.Task == task) {
			set := office.Fields{"old": nil}
			if old {
				set["old"] = true
			}
			if err := Opinions.Patch(a.tx, o.ID, set); err != nil {
				return err
			}
		}
	}
	return nil
}

// takeBack gives the paper back to the sender who recalled it: the stay before
// goes on with a new task in place of the act taken back (W20).
func (a *advance) takeBack(v Visit) error {
	i := senderVisit(a.inst.Path, v.Branch)
	if i < 0 {
		return fmt.Errorf("nothing was passed before %q", v.Step)
	}
	before := a.inst.Path[i]
	line := before.Branch // a fork that was sent out is taken back as a whole
	for _, t := range slices.Clone(a.inst.Tokens) {
		if within(t.Branch, line) && (t.Key() == v.Key() || t.Recall == v.Recall) {
			if err := a.cancel(t, "taken_back"); err != nil {
				return err
			}
		}
	}
	a.inst.Forks = slices.DeleteFunc(slices.Clone(a.inst.Forks), func(f Fork) bool { return within(f.Branch, line) })
	kept := slices.Clone(a.inst.Path[:i])
	for _, p := range a.inst.Path[i+1:] { // what was passed by itself is walked again
		if !within(p.Branch, line) {
			kept = append(kept, p)
		} else if err := a.cancelSubs(p); err != nil {
			return err
		}
	}
	a.inst.Path = kept
	step, err := a.step(before.Step)
	if err != nil {
		return err
	}
	items, err := tasksOf(a.tx, a.id, before.Step, before.Round)
	if err != nil {
		return err
	}
	var act *taskItem
	for k := range items {
		t := &items[k]
		if t.Value.Person == v.Recall && t.Value.State == TaskDone && (act == nil || t.Value.DoneAt >= act.Value.DoneAt) {
			act = t
		}
	}
	if act == nil {
		return fmt.Errorf("%s did not act at %q", v.Recall, before.Step)
	}
	if err := closeTask(a.tx, a.c, *act, "taken_back"); err != nil {
		return err
	}
	if err := a.grey(before, act.ID); err != nil {
		return err
	}
	if a.inst.Signed != nil && a.inst.Signed.Step == before.Step {
		a.inst.Signed = nil
	}
	before.By = nil
	if err := a.event(Event{What: EventArrive, Step: before.Step, StepName: before.Name, Round: before.Round, To: []office.UserID{v.Recall}, Branch: before.Branch}); err != nil {
		return err
	}
	a.limit(&before, step)
	t := act.Value
	return a.ask(before, step, []office.UserID{v.Recall}, Task{
		Sender: t.Sender, Chain: t.Chain, Seat: t.Seat, For: t.For, Kind: t.Kind, Parent: t.Parent, AddedBy: t.AddedBy, Depth: t.Depth,
	})
}

// lastVisit is the last stay at a step on the line that leads to a branch; "*"
// is any branch.
func lastVisit(path []Visit, step, branch string) int {
	for i := len(path) - 1; i >= 0; i-- {
		if path[i].Step == step && path[i].Auto == "" && (branch == "*" || within(branch, path[i].Branch)) {
			return i
		}
	}
	return -1
}

// senderVisit is the last stay on the line that leads to a branch where somebody
// acted: what was passed by itself, or handled by flows inside, sent nothing (W15).
func senderVisit(path []Visit, branch string) int {
	for i := len(path) - 1; i >= 0; i-- {
		if path[i].Auto == "" && len(path[i].By) > 0 && within(branch, path[i].Branch) {
			return i
		}
	}
	return -1
}
