package approval

import (
	"qianshao/syncserver/office"
)

// Switch is 流程切换: another flow takes the paper over, with its sheet and its
// number, at a step of the new flow (W24).
type Switch struct {
	ID       string `json:"id"` // of the new instance
	Instance string `json:"instance"`
	Subject  string `json:"subject"`
	Flow     string `json:"flow"`
	Step     string `json:"step"` // of the new flow
	Words    string `json:"words"`
}

func (*Switch) Kind() string      { return "approval.switch@1" }
func (x *Switch) Locks() []string { return lockSubject(x.Subject) }

// Run notes it; the server moves the paper. The 流程管理员 may, at steps that
// allow it. CodeInvalid naming a field that the new flow requires; CodeState for
// a step behind a gate.
func (x *Switch) Run(tx office.Tx, c office.Context) error {
	if err := office.CheckID("id", x.ID); err != nil {
		return err
	}
	inst, err := intervened(tx, c, x.Instance, x.Subject, x.Words)
	if err == nil && inst.Parent != nil {
		err = office.Invalid("instance", "it is a part of another flow")
	}
	if err != nil {
		return err
	}
	old, err := Definitions.Need(tx, inst.Definition)
	if err != nil {
		return err
	}
	for _, v := range inst.Tokens {
		if s, ok := old.Step(v.Step); !ok || !s.Switch {
			return office.Errorf(office.CodeState, "%s cannot be left for another flow", v.Name)
		}
	}
	def, err := Newest(tx, x.Flow)
	if err != nil {
		return err
	}
	if err := allows(def.Value, inst.SubjectKind); err != nil {
		return err
	}
	s, err := subjectOf(tx, inst.SubjectKind, inst.Subject)
	if err != nil {
		return err
	}
	if err := required(def.Value, s); err != nil {
		return err
	}
	if err := def.Value.mayJump(Instance{}, Visit{Step: def.Value.First}, x.Step); err != nil {
		return err
	}
	if _, at, err := Instances.Get(tx, x.ID); err != nil {
		return err
	} else if at == office.Present {
		return &office.Error{Code: office.CodeExists, Field: "id"}
	}
	return trace(tx, c, x.Instance, &inst, "event", Event{What: EventSwitch, ToStep: x.Step, Detail: x.Flow + ": " + x.Words})
}

// swap closes this instance and begins the other flow.
func (a *advance) swap(x *Switch) error {
	if err := a.close(OutcomeSwitched, x.Words, EventEnd); err != nil {
		return err
	}
	def, err := Newest(a.tx, x.Flow)
	if err != nil {
		return err
	}
	d, i := def.Value, a.inst
	if err := Instances.Insert(a.tx, x.ID, Instance{
		Definition: def.ID, Flow: d.Key, FlowName: d.Name, SubjectKind: i.SubjectKind, Subject: i.Subject,
		Title: a.subject.Title, Urgency: a.subject.Urgency, Starter: i.Starter, Unit: i.Unit, State: Running,
		Rounds: map[string]int{}, Participants: i.Participants, Started: office.Millis(a.c.Now), Former: a.id,
		Consents: i.Consents, Settled: i.Settled,
	}); err != nil {
		return err
	}
	if err := a.tx.Patch(i.SubjectKind, i.Subject, office.Fields{"flow": x.ID, "flow_state": FlowRunning, "flow_stand": FlowRunning}); err != nil {
		return err
	}
	said, err := Opinions.All(a.tx, office.Query{View: "instance", Order: "effective", Where: []office.Cond{office.Where("root", a.id)}})
	if err != nil {
		return err
	}
	for _, o := range said { // the sheet goes along
		v := o.Value
		v.From, v.Task = a.id, ""
		if err := Opinions.InsertUnder(a.tx, x.ID, a.newID(), v); err != nil {
			return err
		}
	}
	b, err := a.other(x.ID)
	if err != nil {
		return err
	}
	first, err := b.step(d.First)
	if err != nil {
		return err
	}
	b.inst.Path = []Visit{{Step: first.ID, Name: first.Name, Round: 1, By: []office.UserID{i.Starter}, People: []office.UserID{i.Starter}, Since: i.Started}}
	b.inst.Rounds = map[string]int{first.ID: 1}
	if x.Step == d.First {
		b.inst.Path = nil
	}
	if err := b.event(Event{What: EventSwitch, ToStep: x.Step, Detail: a.inst.Flow}); err != nil {
		return err
	}
	if err := b.goTo(x.Step, "", nil, ""); err != nil {
		return err
	}
	return b.run()
}
