package approval

import (
	"fmt"
	"slices"
	"strconv"

	"qianshao/syncserver/office"
)

// maxMoves bounds one Advance: every step asks somebody, so a paper comes to
// rest after a few moves.
const maxMoves = 100

// Advance moves an instance on after an act, until it waits for people again or
// ends. Server only: it runs in the transaction of the act and under its locks.
// It works from the state alone, so running it again changes nothing.
func Advance(tx office.Tx, c office.Context, instance string, effects Effects) error {
	a, err := open(tx, c, instance, effects)
	if err != nil || a.inst.State != Running {
		return err
	}
	for range maxMoves {
		moved, err := a.move()
		if err != nil {
			return fmt.Errorf("advance instance %s: %w", instance, err)
		}
		if !moved {
			return a.flush()
		}
	}
	return fmt.Errorf("advance instance %s: no rest after %d moves", instance, maxMoves)
}

// advance is one run of Advance.
type advance struct {
	scene
	c       office.Context
	id      string
	def     Definition
	effects Effects
	labels  int
}

func open(tx office.Tx, c office.Context, instance string, effects Effects) (*advance, error) {
	a := &advance{c: c, id: instance, effects: effects, scene: scene{tx: tx}}
	var err error
	if a.inst, err = Instances.Need(tx, instance); err != nil {
		return nil, err
	}
	if a.def, err = Definitions.Need(tx, a.inst.Definition); err != nil {
		return nil, err
	}
	a.subject, err = subjectOf(tx, a.inst.SubjectKind, a.inst.Subject)
	return a, err
}

// move makes one move, if there is one.
func (a *advance) move() (bool, error) {
	if a.inst.State != Running {
		return false, nil
	}
	if len(a.inst.Tokens) == 0 { // just started: the starter's step is done
		return true, a.leaveFirst()
	}
	v := a.inst.Tokens[0]
	step, ok := a.def.Step(v.Step)
	if !ok {
		return false, fmt.Errorf("definition %s has no step %q", a.inst.Definition, v.Step)
	}
	if v.Recall != "" {
		return true, a.takeBack(v)
	}
	items, err := tasksOf(a.tx, a.id, v.Step, v.Round)
	if err != nil {
		return false, err
	}
	tasks := make([]Task, len(items))
	for i := range items {
		tasks[i] = items[i].Value
	}
	j := judge(step.policy(), v, tasks)
	switch j.what {
	case handOver:
		return true, a.handOver(v, step, items, items[j.task])
	case goBack:
		return true, a.goBack(v, items, tasks[j.task])
	case askNext:
		return true, a.ask(v, step, []office.UserID{j.person}, Task{Sender: lastActor(tasks)})
	case pass:
		return true, a.pass(v, step, items)
	}
	return false, nil
}

func (a *advance) leaveFirst() error {
	v := a.inst.Path[len(a.inst.Path)-1]
	a.inst.Path = a.inst.Path[:len(a.inst.Path)-1]
	step, ok := a.def.Step(v.Step)
	if !ok {
		return fmt.Errorf("definition %s has no step %q", a.inst.Definition, v.Step)
	}
	items, err := tasksOf(a.tx, a.id, v.Step, v.Round)
	if err != nil {
		return err
	}
	return a.pass(v, step, items)
}

// pass leaves a step that is done: what nobody needs to do any more is closed.
func (a *advance) pass(v Visit, step Step, items []taskItem) error {
	v.By, a.chosen = nil, nil
	var last Task
	for _, t := range items {
		switch t.Value.State {
		case TaskOpen:
			if err := closeTask(a.tx, a.c, t, "other_acted"); err != nil {
				return err
			}
		case TaskDone:
			v.By = union(v.By, t.Value.Person)
			a.chosen = union(a.chosen, t.Value.Chosen...)
			if t.Value.DoneAt >= last.DoneAt {
				last = t.Value
			}
		}
	}
	sender := last.Person
	if slices.Contains(v.By, a.c.Actor) {
		sender = a.c.Actor // the act that is being weighed; two acts may share a millisecond
	}
	if step.Gate == GateSign {
		a.inst.Signed = &Signed{Step: step.ID, By: sender, Hash: a.subject.ContentHash, At: office.Millis(a.c.Now)}
	}
	if step.Gate == GateReview && a.inst.Signed != nil && !a.subject.Carries(a.inst.Signed.Hash) {
		return a.signAgain(v)
	}
	a.inst.Path = append(slices.Clone(a.inst.Path), v)
	a.inst.Tokens = nil
	if err := a.apply(step); err != nil {
		return err
	}
	return a.enter(a.next(step), nil, sender)
}

// next chooses the line; Publish has made sure that the last one always holds.
func (a *advance) next(step Step) string {
	for _, l := range step.Lines {
		if a.subject.holds(l.When) {
			return l.To
		}
	}
	return ""
}

// apply does the effects of leaving a step and reads the subject again.
func (a *advance) apply(step Step) error {
	for _, name := range step.Effects {
		if a.effects.Apply == nil {
			return fmt.Errorf("step %s: nobody does the effect %q", step.ID, name)
		}
		e := Effect{
			Name: name, SubjectKind: a.inst.SubjectKind, Subject: a.inst.Subject, Instance: a.id,
			Signed:   a.inst.Signed != nil && a.subject.Carries(a.inst.Signed.Hash),
			Reviewed: a.passedGate(GateReview),
		}
		if err := a.effects.Apply(a.tx, a.c, e); err != nil {
			return fmt.Errorf("effect %s: %w", name, err)
		}
		if err := a.event(Event{What: EventEffect, Step: step.ID, StepName: step.Name, Detail: name}); err != nil {
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

func (a *advance) passedGate(g Gate) bool {
	return slices.ContainsFunc(a.inst.Path, func(v Visit) bool {
		s, ok := a.def.Step(v.Step)
		return ok && s.Gate == g
	})
}

// enter brings the paper to a step: people resolved now (or those of before,
// after a return), tasks, time limit, trace.
func (a *advance) enter(id string, people []office.UserID, sender office.UserID) error {
	step, ok := a.def.Step(id)
	if !ok {
		return fmt.Errorf("definition %s has no step %q", a.inst.Definition, id)
	}
	if step.Type == StepEnd {
		return a.end(step)
	}
	people, err := activeOf(a.tx, people)
	if err != nil {
		return err
	}
	if len(people) == 0 {
		if people, err = a.resolve(step.Handlers); err != nil {
			return err
		}
	}
	if a.inst.Rounds == nil {
		a.inst.Rounds = map[string]int{}
	}
	a.inst.Rounds[id]++
	v := Visit{Step: id, Name: step.Name, Round: a.inst.Rounds[id], People: people, From: sender, Since: office.Millis(a.c.Now)}
	what := EventArrive
	if len(people) == 0 {
		if v.People, err = a.rescuers(); err != nil {
			return err
		}
		v.Rescue, what = true, EventRescue
	}
	a.inst.Stuck = ""
	if len(v.People) == 0 {
		a.inst.Stuck, what = StuckNoHandler, EventStuck
	}
	if err := a.event(Event{What: what, Step: id, StepName: step.Name, Round: v.Round, To: v.People}); err != nil {
		return err
	}
	a.limit(&v, step)
	asked := v.People
	if step.policy() == Serial && !v.Rescue && len(asked) > 1 {
		asked = asked[:1]
	}
	return a.ask(v, step, asked, Task{Sender: sender})
}

// limit sets the time limit of a stay and its timer.
func (a *advance) limit(v *Visit, step Step) {
	if step.Hours == 0 {
		return
	}
	v.Due = office.Millis(a.c.Now) + int64(step.Hours)*3600_000
	later(a.tx, v.Due, &Overdue{Instance: a.id, Subject: a.inst.Subject, Step: v.Step, Round: v.Round, Due: v.Due})
}

// ask makes tasks; t brings what is special about them.
func (a *advance) ask(v Visit, step Step, people []office.UserID, t Task) error {
	a.inst.Tokens = []Visit{v}
	a.inst.StepName = step.Name
	a.inst.Participants = union(a.inst.Participants, people...)
	t.Step, t.StepName, t.Round, t.Rev, t.State = step.ID, step.Name, v.Round, 1, TaskOpen
	t.Acts, t.Edit, t.Area, t.AreaName = a.acts(v, step), step.Edit && !v.Rescue, step.Area, step.AreaName
	t.Created, t.Due, t.DueOrder = office.Millis(a.c.Now), v.Due, v.Due
	if t.DueOrder == 0 {
		t.DueOrder = office.MaxTime
	}
	t.Flow, t.FlowName, t.SubjectKind, t.Subject = a.inst.Flow, a.inst.FlowName, a.inst.SubjectKind, a.inst.Subject
	t.Title, t.Urgency = a.subject.Title, a.subject.Urgency
	for _, who := range people {
		t.Person = who
		if err := Tasks.InsertUnder(a.tx, a.id, a.newID(), t); err != nil {
			return err
		}
	}
	return nil
}

// acts are what may be done in a stay. Who is only asked to find a handler can
// pass the paper on or back, never approve in the handler's place (W41).
func (a *advance) acts(v Visit, step Step) []string {
	switch {
	case v.Rescue:
		return []string{ActTransfer, ActReturn}
	case len(step.Acts) > 0:
		return step.Acts
	case step.ID == a.def.First:
		return []string{ActApprove}
	}
	return []string{ActApprove, ActReturn, ActTransfer}
}

// handOver makes the task of the person a task was transferred to (W11).
func (a *advance) handOver(v Visit, step Step, items []taskItem, t taskItem) error {
	if v.Rescue { // a handler has been found: the other finders are not needed
		for _, o := range items {
			if o.Value.State == TaskOpen {
				if err := closeTask(a.tx, a.c, o, "other_acted"); err != nil {
					return err
				}
			}
		}
		v.Rescue, v.People = false, []office.UserID{t.Value.To}
	} else {
		v.People = slices.Clone(v.People)
		if i := slices.Index(v.People, t.Value.Person); i >= 0 {
			v.People[i] = t.Value.To
		}
	}
	chain := append(slices.Clone(t.Value.Chain), t.Value.Person)
	next := "advance:" + strconv.Itoa(a.labels+1) // the id that ask gives the successor
	if err := Tasks.Patch(a.tx, t.ID, office.Fields{"successor": a.c.NewID(next)}); err != nil {
		return err
	}
	return a.ask(v, step, []office.UserID{t.Value.To}, Task{Sender: t.Value.Person, Chain: chain})
}

func (a *advance) end(step Step) error {
	state, err := to(instanceMoves, a.inst.State, "end")
	if err != nil {
		return err
	}
	a.inst.State, a.inst.Tokens, a.inst.Stuck = state, nil, ""
	a.inst.StepName, a.inst.Ended = step.Name, office.Millis(a.c.Now)
	return a.event(Event{What: EventEnd, Step: step.ID, StepName: step.Name})
}

func (a *advance) newID() string {
	a.labels++
	return a.c.NewID("advance:" + strconv.Itoa(a.labels))
}

// event adds to the trace what the server did.
func (a *advance) event(e Event) error {
	e.Who = office.System
	a.labels++
	return trace(a.tx, a.c, a.id, &a.inst, "advance:"+strconv.Itoa(a.labels), e)
}

func lastActor(tasks []Task) office.UserID {
	var last Task
	for _, t := range tasks {
		if t.State == TaskDone && t.DoneAt >= last.DoneAt {
			last = t
		}
	}
	return last.Person
}
