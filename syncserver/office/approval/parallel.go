package approval

import (
	"fmt"
	"slices"
	"strings"

	"qianshao/syncserver/office"
)

// Branch names: the main line is "", each fork adds "/step.round.line".

// within reports whether a branch is another one or inside it.
func within(branch, outer string) bool {
	return outer == "" || branch == outer || strings.HasPrefix(branch, outer+"/")
}

// fork opens one branch for each line that holds, all of them at once (W31).
// Lines with conditions split by the paper's data; the last always holds.
func (a *advance) fork(step Step, branch string, sender office.UserID) error {
	v := Visit{Branch: branch}
	a.count(&v, step)
	var lines []Line
	for i, l := range step.Lines {
		last := i == len(step.Lines)-1
		if l.When == nil && (!last || len(lines) == 0 || !conditional(step)) || l.When != nil && a.holds(l.When) {
			lines = append(lines, l)
		}
	}
	a.inst.Forks = append(slices.Clone(a.inst.Forks), Fork{Step: step.ID, Round: v.Round, Branch: branch, Opened: len(lines)})
	if err := a.event(Event{What: EventFork, Step: step.ID, StepName: step.Name, Round: v.Round, Branch: branch}); err != nil {
		return err
	}
	for i, l := range lines {
		inner := fmt.Sprintf("%s/%s.%d.%d", branch, step.ID, v.Round, i)
		if !a.forked(step.ID, v.Round) {
			return nil // a branch without a task has met the join, and the join needed no more
		}
		if err := a.goTo(l.To, inner, nil, sender); err != nil {
			return err
		}
	}
	return nil
}

// conditional reports whether a fork chooses its lines by the paper's data: then
// its last line is the default, taken if no other is.
func conditional(step Step) bool {
	return slices.ContainsFunc(step.Lines, func(l Line) bool { return l.When != nil })
}

func (a *advance) forked(step string, round int) bool {
	return slices.ContainsFunc(a.inst.Forks, func(f Fork) bool { return f.Step == step && f.Round == round })
}

// forkOf is the fork that opened a branch.
func (a *advance) forkOf(branch string) (int, error) {
	i := strings.LastIndexByte(branch, '/')
	if i >= 0 {
		for n, f := range a.inst.Forks {
			if strings.HasPrefix(branch[i+1:], fmt.Sprintf("%s.%d.", f.Step, f.Round)) {
				return n, nil
			}
		}
	}
	return 0, fmt.Errorf("branch %q is of no fork", branch)
}

// join takes in a branch and lets the paper on when enough have come. What is
// still under way in the others then is closed.
func (a *advance) join(step Step, branch string, sender office.UserID) error {
	n, err := a.forkOf(branch)
	if err != nil {
		return err
	}
	f := a.inst.Forks[n]
	if !slices.Contains(f.Arrived, branch) {
		f.Arrived = append(slices.Clone(f.Arrived), branch)
	}
	a.inst.Forks = slices.Clone(a.inst.Forks)
	a.inst.Forks[n] = f
	return a.meet(step, n, sender)
}

// meet looks whether a fork's branches are together.
func (a *advance) meet(step Step, n int, sender office.UserID) error {
	f := a.inst.Forks[n]
	need, have := f.Opened, len(f.Arrived)
	if step.Join != nil && step.Join.Ended {
		have += len(f.Ended)
	} else {
		need -= len(f.Ended)
	}
	if step.Join != nil && step.Join.Need > 0 {
		need = min(need, step.Join.Need)
	}
	if have < need {
		return a.event(Event{What: EventJoin, Step: step.ID, StepName: step.Name, Detail: fmt.Sprintf("%d/%d", have, need), Branch: f.Branch})
	}
	for _, t := range slices.Clone(a.inst.Tokens) {
		if t.Branch != f.Branch && within(t.Branch, f.Branch) && opened(f, t.Branch) {
			if err := a.cancel(t, "other_acted"); err != nil {
				return err
			}
		}
	}
	a.closeForks(f)
	return a.goTo(a.next(step), f.Branch, nil, sender)
}

// opened reports whether a branch was opened by a fork, or inside one of its branches.
func opened(f Fork, branch string) bool {
	return strings.HasPrefix(branch, fmt.Sprintf("%s/%s.%d.", f.Branch, f.Step, f.Round))
}

// closeForks forgets a fork and those inside its branches.
func (a *advance) closeForks(f Fork) {
	a.inst.Forks = slices.DeleteFunc(slices.Clone(a.inst.Forks), func(o Fork) bool {
		return o.Step == f.Step && o.Round == f.Round || opened(f, o.Branch)
	})
}

// cancel ends a stay without an act: its tasks, the flows inside it, the stay.
// 传阅 copies are left alone.
func (a *advance) cancel(v Visit, why string) error {
	items, err := tasksOf(a.tx, a.id, v.Step, v.Round)
	if err != nil {
		return err
	}
	if _, _, err = a.leave(v, items, why); err != nil {
		return err
	}
	if err := a.cancelSubs(v); err != nil {
		return err
	}
	a.drop(v)
	return nil
}

// cancelLine ends everything under way in a branch.
func (a *advance) cancelLine(branch, why string) ([]Visit, error) {
	var out []Visit
	for _, t := range slices.Clone(a.inst.Tokens) {
		if within(t.Branch, branch) {
			if err := a.cancel(t, why); err != nil {
				return nil, err
			}
			out = append(out, t)
		}
	}
	a.inst.Forks = slices.DeleteFunc(slices.Clone(a.inst.Forks), func(f Fork) bool { return within(f.Branch, branch) })
	return out, nil
}
