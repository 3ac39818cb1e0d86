package approval

import (
	"fmt"
	"slices"

	"qianshao/syncserver/office"
)

// goBack carries out a return: the others at the step lose their tasks, the
// steps from the target on no longer count, and the target opens a new round
// with those who acted there (W15–W17). 传阅 copies are left alone.
func (a *advance) goBack(v Visit, items []taskItem, t Task) error {
	for _, o := range items {
		if o.Value.State == TaskOpen {
			if err := closeTask(a.tx, a.c, o, "step_left"); err != nil {
				return err
			}
		}
	}
	i := lastVisit(a.inst.Path, t.Target)
	if i < 0 {
		return fmt.Errorf("return to %q, which has not been passed", t.Target)
	}
	return a.reopen(v, i)
}

// signAgain brings a paper whose text changed after 签发 back to its signer (L9).
func (a *advance) signAgain(v Visit) error {
	i := lastVisit(a.inst.Path, a.inst.Signed.Step)
	if i < 0 {
		return fmt.Errorf("the signing step %q has not been passed", a.inst.Signed.Step)
	}
	if err := a.event(Event{
		What: EventResign, Step: v.Step, StepName: v.Name, Round: v.Round, ToStep: a.inst.Signed.Step,
		To: []office.UserID{a.inst.Signed.By},
	}); err != nil {
		return err
	}
	return a.reopen(v, i)
}

// reopen goes back to the i-th step of the path. What was written there and
// after it is of an old round (greyed, never deleted).
func (a *advance) reopen(v Visit, i int) error {
	target := a.inst.Path[i]
	left := append(slices.Clone(a.inst.Path[i:]), v)
	a.inst.Path = slices.Clone(a.inst.Path[:i])
	for _, l := range left {
		if err := a.grey(l, ""); err != nil {
			return err
		}
	}
	if a.inst.Signed != nil && lastVisit(a.inst.Path, a.inst.Signed.Step) < 0 {
		a.inst.Signed = nil
	}
	a.chosen = nil
	// Nobody can take a return back: the path that led here is gone.
	return a.enter(target.Step, target.By, "")
}

// grey marks opinions of a stay as old: all, or those of one task.
func (a *advance) grey(v Visit, task string) error {
	list, err := Opinions.List(a.tx, office.Query{
		View: "instance",
		Where: []office.Cond{
			office.Where("root", a.id), office.Where("step", v.Step), office.Where("round", v.Round), office.Where("old", 0),
		},
	})
	if err != nil {
		return err
	}
	for _, o := range list {
		if task == "" || o.Value.Task == task {
			if err := Opinions.Patch(a.tx, o.ID, office.Fields{"old": true}); err != nil {
				return err
			}
		}
	}
	return nil
}

// takeBack gives the paper back to the sender who recalled it: the stay before
// goes on with a new task in place of the act taken back (W20).
func (a *advance) takeBack(v Visit) error {
	last := len(a.inst.Path) - 1
	if last < 0 {
		return fmt.Errorf("nothing was passed before %q", v.Step)
	}
	before := a.inst.Path[last]
	a.inst.Path = slices.Clone(a.inst.Path[:last])
	step, ok := a.def.Step(before.Step)
	if !ok {
		return fmt.Errorf("definition %s has no step %q", a.inst.Definition, before.Step)
	}
	items, err := tasksOf(a.tx, a.id, before.Step, before.Round)
	if err != nil {
		return err
	}
	var act *taskItem
	for i := range items {
		t := &items[i]
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
	a.inst.Stuck, before.By = "", nil
	a.limit(&before, step)
	return a.ask(before, step, []office.UserID{v.Recall}, Task{Sender: act.Value.Sender, Chain: act.Value.Chain})
}

func lastVisit(path []Visit, step string) int {
	for i := len(path) - 1; i >= 0; i-- {
		if path[i].Step == step {
			return i
		}
	}
	return -1
}
