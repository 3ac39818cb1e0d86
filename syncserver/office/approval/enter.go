package approval

import (
	"cmp"
	"fmt"
	"slices"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/directory"
)

// goTo brings the paper to a step of any type; people are those of before,
// after a return.
func (a *advance) goTo(id, branch string, people []office.UserID, sender office.UserID) error {
	if a.hops++; a.hops > maxSteps*4 {
		return fmt.Errorf("definition %s goes in a circle without a task", a.inst.Definition)
	}
	step, err := a.step(id)
	if err != nil {
		return err
	}
	switch step.Type {
	case StepEnd:
		return a.end(step)
	case StepChoice:
		return a.goTo(a.next(step), branch, nil, sender)
	case StepFork:
		return a.fork(step, branch, sender)
	case StepJoin:
		return a.join(step, branch, sender)
	case StepSub:
		return a.enterSub(step, branch, sender)
	}
	v := Visit{Branch: branch, From: sender}
	if step.Free {
		v.Policy = a.last.Then
	}
	return a.enter(step, v, people)
}

// enter brings the paper to a step with tasks: people resolved now (or those of
// before), tasks, time limit, trace. v brings what is special about the stay.
func (a *advance) enter(step Step, v Visit, people []office.UserID) error {
	people, err := activeOf(a.tx, people)
	if err != nil {
		return err
	}
	if len(people) == 0 {
		if people, err = a.handlers(step); err != nil {
			return err
		}
		people, v.Auto, err = a.leaveOut(step, v, people)
		if err != nil {
			return err
		}
		if v.Auto != "" {
			return a.skip(step, v)
		}
	}
	a.count(&v, step)
	v.People = people
	if v.policy(step) == Vote {
		if v.Weights, err = a.weights(step); err != nil {
			return err
		}
	}
	what := EventArrive
	if len(people) == 0 {
		if v.People, err = a.rescuers(step); err != nil {
			return err
		}
		v.Rescue, what = true, EventRescue
	}
	if len(v.People) == 0 {
		what = EventStuck
	}
	if err := a.event(Event{What: what, Step: step.ID, StepName: step.Name, Round: v.Round, To: v.People, Branch: v.Branch}); err != nil {
		return err
	}
	a.limit(&v, step)
	asked := v.People
	if v.policy(step) == Serial && !v.Rescue && len(asked) > 1 {
		asked = asked[:1]
	}
	return a.ask(v, step, asked, Task{Sender: v.From})
}

// count begins a new round at a step.
func (a *advance) count(v *Visit, step Step) {
	if a.inst.Rounds == nil {
		a.inst.Rounds = map[string]int{}
	}
	a.inst.Rounds[step.ID]++
	v.Step, v.Name, v.Round, v.Since = step.ID, step.Name, a.inst.Rounds[step.ID], office.Millis(a.c.Now)
}

// handlers are the people of a step as the directory and the paper are now.
func (s scene) handlers(step Step) ([]office.UserID, error) {
	people, err := s.resolve(step.Handlers)
	if err != nil || step.Order != OrderRank {
		return people, err
	}
	rank := map[office.UserID]int{}
	for _, u := range people {
		p, err := directory.Person(s.tx, u)
		if err != nil {
			return nil, err
		}
		rank[u] = p.Order
	}
	slices.SortStableFunc(people, func(x, y office.UserID) int { return cmp.Compare(rank[y], rank[x]) })
	return people, nil
}

// weights are those of a Vote's people, fixed on arrival (W6).
func (s scene) weights(step Step) (map[office.UserID]int, error) {
	out := map[office.UserID]int{}
	for _, h := range step.Handlers {
		who, err := s.resolve([]Handler{h})
		if err != nil {
			return nil, err
		}
		for _, u := range who {
			out[u] = max(out[u], h.Weight, 1)
		}
	}
	return out, nil
}

// skip passes a step by itself, and says why in the trace.
func (a *advance) skip(step Step, v Visit) error {
	a.count(&v, step)
	if err := a.event(Event{What: EventSkip, Step: step.ID, StepName: step.Name, Round: v.Round, Detail: v.Auto, Branch: v.Branch}); err != nil {
		return err
	}
	a.inst.Path = append(slices.Clone(a.inst.Path), v)
	a.gone = append(a.gone, v.Key())
	if err := a.apply(step); err != nil {
		return err
	}
	return a.goTo(a.next(step), v.Branch, nil, v.From)
}

// ask makes tasks; t brings what is special about them.
func (a *advance) ask(v Visit, step Step, people []office.UserID, t Task) error {
	_, err := a.tasks(v, step, people, t)
	return err
}

// tasks makes tasks and gives their ids.
func (a *advance) tasks(v Visit, step Step, people []office.UserID, t Task) ([]string, error) {
	a.put(v)
	a.inst.Participants = union(a.inst.Participants, people...)
	t.Step, t.StepName, t.Round, t.Rev, t.State = step.ID, step.Name, v.Round, 1, TaskOpen
	t.Acts, t.Edit, t.Area, t.AreaName = a.acts(v, step, t), step.Edit && !v.Rescue, step.Area, step.AreaName
	t.Created, t.Due, t.DueOrder = office.Millis(a.c.Now), v.Due, v.Due
	if v.Left != 0 { // its clock stands
		t.Due, t.DueOrder = 0, 0
	}
	if t.DueOrder == 0 {
		t.DueOrder = office.MaxTime
	}
	t.Flow, t.FlowName, t.SubjectKind, t.Subject = a.inst.Flow, a.inst.FlowName, a.inst.SubjectKind, a.inst.Subject
	t.Title, t.Urgency = a.subject.Title, a.subject.Urgency
	var ids []string
	for _, who := range people {
		t.Person = who
		if t.Seat == "" || len(people) > 1 {
			t.Seat = who
		}
		id := a.newID()
		if err := Tasks.InsertUnder(a.tx, a.id, id, t); err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, a.secretaries(people)
}

// defaultActs are what a handler may do where the definition does not say.
var defaultActs = []string{ActApprove, ActReturn, ActTransfer, ActAdd, ActDelegate}

// acts are what may be done in a task. Who is only asked to find a handler can
// pass the paper on or back, never approve in the handler's place (W41); who was
// added says what he thinks or says no, and may ask others.
func (a *advance) acts(v Visit, step Step, t Task) []string {
	switch {
	case v.Rescue:
		return []string{ActTransfer, ActReturn}
	case t.Kind == TaskBefore || t.Kind == TaskAfter || t.Kind == TaskDelegate:
		acts := []string{ActApprove, ActReturn, ActTransfer}
		if t.Depth < maxDepth {
			acts = append(acts, ActAdd)
		}
		return acts
	case v.policy(step) == Pool && t.Claimed == 0 && t.Kind == "" && len(v.People) > 1:
		return []string{ActClaim}
	}
	return a.full(step)
}

func (a *advance) full(step Step) []string {
	switch {
	case len(step.Acts) > 0:
		return step.Acts
	case step.ID == a.def.First && a.inst.Parent == nil && !step.Free:
		return []string{ActApprove}
	}
	return defaultActs
}
