package approval

import (
	"fmt"
	"slices"
	"strconv"

	"qianshao/syncserver/office"
)

// maxMoves bounds one Advance: every step asks somebody, so a paper comes to
// rest after a few moves.
const maxMoves = 500

// Advance moves an instance on after an act, until it waits for people again or
// ends, and with it the instances that it belongs to. Server only: it runs in
// the transaction of the act and under its locks. It works from the state
// alone, so running it again changes nothing.
func Advance(tx office.Tx, c office.Context, instance string, effects Effects) error {
	a, err := open(tx, c, instance, effects)
	if err != nil {
		return err
	}
	return a.run()
}

// advance is one run of Advance over one instance.
type advance struct {
	scene
	c       office.Context
	id      string
	def     Definition
	effects Effects
	ids     *int     // ids and trace entries made by this command, by all its runs
	gone    []string // stays left since the last entry of the trace
	hops    int      // steps without a task gone through
	last    Task     // the act that the present step was left by
}

func open(tx office.Tx, c office.Context, instance string, effects Effects) (*advance, error) {
	a := &advance{c: c, id: instance, effects: effects, scene: scene{tx: tx}, ids: new(int)}
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

// other opens another instance within the same command.
func (a *advance) other(instance string) (*advance, error) {
	b, err := open(a.tx, a.c, instance, a.effects)
	if err == nil {
		b.ids = a.ids
	}
	return b, err
}

// run moves until the paper rests, then writes, then goes up to the flow this
// one is a part of.
func (a *advance) run() error {
	if a.inst.State != Running {
		return nil
	}
	for n := 0; ; n++ {
		if n > maxMoves {
			return fmt.Errorf("advance instance %s: no rest after %d moves", a.id, maxMoves)
		}
		moved, err := a.move()
		if err != nil {
			return fmt.Errorf("advance instance %s: %w", a.id, err)
		}
		if !moved {
			break
		}
	}
	if a.inst.State == Running {
		if err := a.agents(); err != nil {
			return fmt.Errorf("agents of instance %s: %w", a.id, err)
		}
	}
	return a.settle()
}

// settle writes the instance and tells the one above.
func (a *advance) settle() error {
	if err := a.flush(); err != nil {
		return err
	}
	p := a.inst.Parent
	if p == nil {
		return nil
	}
	up, err := a.other(p.Instance)
	if err != nil {
		return err
	}
	if a.inst.State == Ended && up.inst.State == Running {
		if err := up.childEnded(a); err != nil {
			return err
		}
		return up.run()
	}
	for up.inst.Parent != nil { // lists show the paper where its parts are
		if up, err = a.other(up.inst.Parent.Instance); err != nil {
			return err
		}
	}
	up.readers = a.inst.Participants
	return up.show()
}

// move makes one move, if there is one.
func (a *advance) move() (bool, error) {
	if a.inst.State != Running {
		return false, nil
	}
	a.hops = 0
	if len(a.inst.Tokens) == 0 { // just started: the starter's step is done
		return true, a.leaveFirst()
	}
	for _, v := range a.inst.Tokens {
		if v.Recall != "" {
			return true, a.takeBack(v)
		}
	}
	for _, v := range a.inst.Tokens {
		if moved, err := a.moveToken(v); moved || err != nil {
			return moved, err
		}
	}
	return false, nil
}

func (a *advance) moveToken(v Visit) (bool, error) {
	step, err := a.step(v.Step)
	if err != nil {
		return false, err
	}
	if step.Type == StepSub {
		return a.moveSub(v, step)
	}
	items, err := tasksOf(a.tx, a.id, v.Step, v.Round)
	if err != nil {
		return false, err
	}
	tasks := make([]Task, len(items))
	for i := range items {
		tasks[i] = items[i].Value
	}
	j := judge(step, v, items)
	switch j.what {
	case handOver:
		return true, a.handOver(v, step, items, items[j.task])
	case ask:
		return true, a.askAdded(v, step, items[j.task], j.n)
	case wake:
		return true, a.wake(v, items[j.task])
	case close_:
		return true, closeTask(a.tx, a.c, items[j.task], "other_acted")
	case goBack:
		return true, a.goBack(v, step, items, items[j.task])
	case askNext:
		return true, a.ask(v, step, []office.UserID{j.person}, Task{Sender: lastActor(tasks)})
	case pass:
		return true, a.pass(v, step, items)
	case fail:
		return true, a.fail(v, step, items)
	}
	return false, nil
}

func (a *advance) step(id string) (Step, error) {
	s, ok := a.def.Step(id)
	if !ok {
		return s, fmt.Errorf("definition %s has no step %q", a.inst.Definition, id)
	}
	return s, nil
}

func (a *advance) leaveFirst() error {
	v := a.inst.Path[len(a.inst.Path)-1]
	a.inst.Path = a.inst.Path[:len(a.inst.Path)-1]
	step, err := a.step(v.Step)
	if err != nil {
		return err
	}
	items, err := tasksOf(a.tx, a.id, v.Step, v.Round)
	if err != nil {
		return err
	}
	return a.pass(v, step, items)
}

// put sets a stay, which may be new.
func (a *advance) put(v Visit) {
	for i, t := range a.inst.Tokens {
		if t.Key() == v.Key() {
			a.inst.Tokens = slices.Clone(a.inst.Tokens)
			a.inst.Tokens[i] = v
			return
		}
	}
	a.inst.Tokens = append(slices.Clone(a.inst.Tokens), v)
}

// drop ends a stay.
func (a *advance) drop(v Visit) {
	a.gone = append(a.gone, v.Key())
	a.inst.Tokens = slices.DeleteFunc(slices.Clone(a.inst.Tokens), func(t Visit) bool { return t.Key() == v.Key() })
}

func (a *advance) end(step Step) error {
	for _, p := range a.inst.Path { // flows inside that nobody waited for
		if err := a.cancelSubs(p); err != nil {
			return err
		}
	}
	state, err := to(instanceMoves, a.inst.State, "end")
	if err != nil {
		return err
	}
	a.inst.State, a.inst.Tokens, a.inst.Stuck, a.inst.Forks = state, nil, "", nil
	a.inst.StepName, a.inst.Ended = step.Name, office.Millis(a.c.Now)
	return a.event(Event{What: EventEnd, Step: step.ID, StepName: step.Name, Detail: a.inst.Outcome})
}

func (a *advance) newID() string {
	*a.ids++
	return a.c.NewID("advance:" + strconv.Itoa(*a.ids))
}

// event adds to the trace what the server did.
func (a *advance) event(e Event) error {
	e.Who, e.Gone, a.gone = office.System, a.gone, nil
	*a.ids++
	return trace(a.tx, a.c, a.id, &a.inst, "advance:"+strconv.Itoa(*a.ids), e)
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
