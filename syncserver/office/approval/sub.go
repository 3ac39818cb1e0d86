package approval

import (
	"fmt"
	"slices"

	"qianshao/syncserver/office"
)

// maxNesting bounds flows inside flows; a flow is never inside itself.
const maxNesting = 3

// enterSub begins the flows inside a step: one for each unit that the paper
// names, each handled by that unit in its own way (W2, W32).
func (a *advance) enterSub(step Step, branch string, sender office.UserID) error {
	units := []string{a.inst.Unit}
	if step.Sub.Units != "" {
		units = nil
		for _, u := range a.subject.list(step.Sub.Units) {
			if office.ValidID(u) && !slices.Contains(units, u) {
				units = append(units, u)
			}
		}
	}
	v := Visit{Branch: branch, From: sender}
	if len(units) == 0 {
		v.Auto = "no_units"
		return a.skip(step, v)
	}
	def, err := Newest(a.tx, step.Sub.Flow)
	if err != nil {
		return fmt.Errorf("flow inside step %s: %w", step.ID, err)
	}
	depth := 1
	if a.inst.Parent != nil {
		depth = a.inst.Parent.Depth + 1
	}
	if depth > maxNesting || def.Value.Key == a.inst.Flow {
		return fmt.Errorf("step %s: flows inside flows go too deep", step.ID)
	}
	a.count(&v, step)
	for range units {
		v.Subs = append(v.Subs, a.newID())
	}
	if err := a.event(Event{What: EventSub, Step: step.ID, StepName: step.Name, Round: v.Round, Detail: def.Value.Key, Branch: branch}); err != nil {
		return err
	}
	a.limit(&v, step)
	a.put(v)
	for i, unit := range units {
		root := a.id
		if a.inst.Parent != nil {
			root = a.inst.Parent.Root
		}
		if err := a.begin(v.Subs[i], def, unit, &ParentOf{Instance: a.id, Root: root, Step: step.ID, Round: v.Round, Unit: unit, Depth: depth}, sender); err != nil {
			return err
		}
	}
	if step.Sub.Async {
		a.inst.Path = append(slices.Clone(a.inst.Path), v)
		a.drop(v)
		return a.goTo(a.next(step), branch, nil, sender)
	}
	return nil
}

// begin makes a flow inside this one.
func (a *advance) begin(id string, def office.Item[Definition], unit string, parent *ParentOf, sender office.UserID) error {
	d := def.Value
	if err := Instances.Insert(a.tx, id, Instance{
		Definition: def.ID, Flow: d.Key, FlowName: d.Name, SubjectKind: a.inst.SubjectKind, Subject: a.inst.Subject,
		Title: a.subject.Title, Urgency: a.subject.Urgency, Starter: a.inst.Starter, Unit: unit, State: Running,
		Rounds: map[string]int{}, Participants: []office.UserID{}, Started: office.Millis(a.c.Now), Parent: parent,
	}); err != nil {
		return err
	}
	b, err := a.other(id)
	if err != nil {
		return err
	}
	if err := b.goTo(d.First, "", nil, sender); err != nil {
		return err
	}
	if b.inst.State == Running {
		if err := b.agents(); err != nil {
			return err
		}
	} else if err := a.childEnded(b); err != nil {
		return err
	}
	a.readers = union(a.readers, b.inst.Participants...)
	return b.flush()
}

// childEnded records what a flow inside this one has come to.
func (a *advance) childEnded(b *advance) error {
	p := b.inst.Parent
	a.readers = union(a.readers, b.inst.Participants...)
	c := Consent{
		Unit: p.Unit, Verdict: b.inst.Verdict, Hash: a.subject.ContentHash, At: office.Millis(a.c.Now), Instance: b.id,
	}
	if c.Verdict == "" {
		c.Verdict = VerdictAgree
	}
	if n := len(b.inst.Path); n > 0 {
		if by := b.inst.Path[n-1].By; len(by) > 0 {
			c.By = by[len(by)-1]
		}
	}
	said, err := Opinions.List(a.tx, office.Query{
		View: "instance", Order: "effective", Desc: true, Limit: 1, Where: []office.Cond{office.Where("root", b.id), office.Where("old", 0)},
	})
	if err != nil {
		return err
	}
	if len(said) > 0 {
		c.Words = said[0].Value.Words
		if h := said[0].Value.Seen; h != "" {
			c.Hash = h
		}
	}
	return a.consent(p, c)
}

func (a *advance) consent(p *ParentOf, c Consent) error {
	all := slices.DeleteFunc(slices.Clone(a.inst.Consents), func(o Consent) bool { return o.Unit == c.Unit })
	a.inst.Consents = append(all, c)
	step, _ := a.def.Step(p.Step)
	return a.event(Event{What: EventSubEnd, Step: p.Step, StepName: step.Name, Round: p.Round, Detail: c.Verdict, To: union(nil, c.By)})
}

// moveSub leaves a step when all flows inside it have ended. Disagreement is no
// veto unless the step says so: it is set out, and decided above (L7).
func (a *advance) moveSub(v Visit, step Step) (bool, error) {
	for _, id := range v.Subs {
		b, err := Instances.Need(a.tx, id)
		if err != nil {
			return false, err
		}
		if b.State != Ended {
			return false, nil
		}
	}
	if step.Sub.Refused == RefusedReturn && senderVisit(a.inst.Path, v.Branch) >= 0 && slices.ContainsFunc(a.inst.Consents, func(c Consent) bool {
		return c.Verdict == VerdictDisagree && slices.Contains(v.Subs, c.Instance)
	}) {
		return true, a.goBack(v, Step{Policy: All}, nil, taskItem{})
	}
	a.last, a.chosen = Task{}, nil
	return true, a.goOn(v, step, "")
}

// silence ends the flows of units that let the limit pass: 视为无意见 (W2).
func (a *advance) silence(v Visit, step Step) error {
	for _, id := range v.Subs {
		b, err := Instances.Need(a.tx, id)
		if err != nil {
			return err
		}
		if b.State == Ended {
			continue
		}
		if err := a.cancelSub(id); err != nil {
			return err
		}
		if err := a.consent(b.Parent, Consent{
			Unit: b.Parent.Unit, Verdict: VerdictAgree, Silent: true, Hash: a.subject.ContentHash, At: office.Millis(a.c.Now), Instance: id,
		}); err != nil {
			return err
		}
	}
	return nil
}

// cancelSubs ends the flows inside a stay.
func (a *advance) cancelSubs(v Visit) error {
	for _, id := range v.Subs {
		if err := a.cancelSub(id); err != nil {
			return err
		}
	}
	return nil
}

func (a *advance) cancelSub(id string) error {
	b, err := a.other(id)
	if err != nil || b.inst.State == Ended {
		return err
	}
	return b.close(OutcomeCancelled, "", EventEnd)
}

// close ends an instance without reaching an end.
func (a *advance) close(outcome, reason, what string) error {
	for _, t := range slices.Clone(a.inst.Tokens) {
		if err := a.cancel(t, "step_left"); err != nil {
			return err
		}
	}
	for _, p := range a.inst.Path {
		if err := a.cancelSubs(p); err != nil {
			return err
		}
	}
	state, err := to(instanceMoves, a.inst.State, "close")
	if err != nil {
		return err
	}
	i := &a.inst
	i.State, i.Outcome, i.Reason, i.Tokens, i.Forks, i.Stuck = state, outcome, reason, nil, nil, ""
	i.Ended, i.Stopped, i.Resumes = office.Millis(a.c.Now), 0, 0
	if err := a.event(Event{What: what, Detail: outcome}); err != nil {
		return err
	}
	return a.flush()
}
