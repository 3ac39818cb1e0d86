package approval

import (
	"slices"

	"qianshao/syncserver/office"
)

// Ways to add people to a task.
const (
	AddBefore   = "before"   // 前加签: they act first, then it is the asker's turn again (W7)
	AddAfter    = "after"    // 后加签: the asker acts, then they (W8)
	AddBeside   = "beside"   // 并加签: they join the step as members (W9)
	AddDelegate = "delegate" // 委派: one acts in the asker's place, who then ends it (W12)
)

// maxDepth bounds people who were added and add people.
const maxDepth = 3

// handOver makes the task of the person a task was transferred to (W11).
func (a *advance) handOver(v Visit, step Step, items []taskItem, t taskItem) error {
	x := t.Value
	if v.Rescue { // a handler has been found: the other finders are not needed
		for _, o := range items {
			if o.Value.State == TaskOpen {
				if err := closeTask(a.tx, a.c, o, "other_acted"); err != nil {
					return err
				}
			}
		}
		v.Rescue, v.People = false, []office.UserID{x.To}
		x.Seat, x.Parent, x.Kind = x.To, "", ""
	} else if x.Parent == "" {
		said, at := voiceOf(x.To, items)
		if slices.Contains(v.People, x.To) && said != silent { // is asked here, or has acted: one place fewer
			v.People = slices.DeleteFunc(slices.Clone(v.People), func(u office.UserID) bool { return u == x.Seat && u != x.To })
			a.put(v)
			return Tasks.Patch(a.tx, t.ID, office.Fields{"successor": items[at].ID})
		}
		v.People = slices.DeleteFunc(slices.Clone(v.People), func(u office.UserID) bool { return u == x.To && u != x.Seat })
		if i := slices.Index(v.People, x.Seat); i >= 0 {
			v.People[i] = x.To
			if w, ok := v.Weights[x.Seat]; ok {
				weights := map[office.UserID]int{x.To: w}
				for u, n := range v.Weights {
					if u != x.Seat {
						weights[u] = n
					}
				}
				v.Weights = weights
			}
		}
		for _, o := range items { // an agent acts for a person, not for a place
			if o.Value.State == TaskOpen && o.Value.Seat == x.Seat && o.Value.Parent == "" {
				if err := closeTask(a.tx, a.c, o, "other_acted"); err != nil {
					return err
				}
			}
		}
		x.Seat = x.To
	} else {
		x.Seat = x.To
	}
	kind := x.Kind
	if kind == TaskAgent {
		kind = ""
	}
	ids, err := a.tasks(v, step, []office.UserID{x.To}, Task{
		Sender: x.Person, Chain: append(slices.Clone(x.Chain), x.Person), Kind: kind, Seat: x.Seat,
		Parent: x.Parent, AddedBy: x.AddedBy, Depth: x.Depth, Claimed: x.Claimed,
	})
	if err != nil {
		return err
	}
	return Tasks.Patch(a.tx, t.ID, office.Fields{"successor": ids[0]})
}

// handNow makes the successor of a task that was handed over; also while the
// instance sleeps, so that nobody who has left is waited for (W14).
func (a *advance) handNow(task string) error {
	t, err := Tasks.Need(a.tx, task)
	if err != nil || t.State != TaskTransferred || t.Successor != "" {
		return err
	}
	for _, v := range a.inst.Tokens {
		if v.Step != t.Step || v.Round != t.Round {
			continue
		}
		step, err := a.step(v.Step)
		if err != nil {
			return err
		}
		items, err := tasksOf(a.tx, a.id, v.Step, v.Round)
		if err != nil {
			return err
		}
		for _, o := range items {
			if o.ID == task {
				return a.handOver(v, step, items, o)
			}
		}
	}
	return nil
}

// askAdded asks the people of one addition.
func (a *advance) askAdded(v Visit, step Step, t taskItem, n int) error {
	adds := slices.Clone(t.Value.Adds)
	add := adds[n]
	adds[n].Made = true
	if err := Tasks.Patch(a.tx, t.ID, office.Fields{"adds": adds}); err != nil {
		return err
	}
	people, err := activeOf(a.tx, add.People)
	if err != nil {
		return err
	}
	x := Task{Sender: t.Value.Person, AddedBy: t.Value.Person, Depth: t.Value.Depth + 1}
	switch add.Mode {
	case AddBeside:
		x.Kind = TaskBeside
		var fresh []office.UserID
		for _, u := range people {
			if !slices.Contains(v.People, u) {
				fresh = append(fresh, u)
			}
		}
		people, v.People = fresh, append(slices.Clone(v.People), fresh...)
	case AddBefore:
		x.Kind, x.Parent = TaskBefore, t.ID
	case AddAfter:
		x.Kind, x.Parent = TaskAfter, t.ID
	case AddDelegate:
		x.Kind, x.Parent = TaskDelegate, t.ID
	}
	return a.ask(v, step, people, x)
}

// wake gives a task back to its person when those asked before have acted; the
// refusal of one of them, too, comes back to who asked, not to the step before.
func (a *advance) wake(v Visit, t taskItem) error {
	state, err := to(taskMoves, t.Value.State, "wake")
	if err != nil {
		return err
	}
	if err := Tasks.Patch(a.tx, t.ID, office.Fields{"state": state, "rev": t.Value.Rev + 1}); err != nil {
		return err
	}
	return a.event(Event{What: EventWake, Step: v.Step, StepName: v.Name, Round: v.Round, Task: t.ID, To: []office.UserID{t.Value.Person}})
}
