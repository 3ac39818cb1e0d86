package approval

import (
	"encoding/json"

	"qianshao/syncserver/office"
)

// Start begins a flow with a subject: the starter's own step is done by it. The
// newest published version of the flow is taken where the command runs, and the
// instance keeps it (W39).
type Start struct {
	ID          string          `json:"id"` // of the new instance
	Flow        string          `json:"flow"`
	SubjectKind string          `json:"subject_kind"`
	Subject     string          `json:"subject"`
	SeenHash    string          `json:"seen_hash,omitempty"` // "": whatever the text is
	Words       string          `json:"words,omitempty"`
	Choose      []office.UserID `json:"choose,omitempty"`
	Then        Policy          `json:"then,omitempty"` // in a free flow: how those chosen act
}

func (*Start) Kind() string      { return "approval.start@1" }
func (x *Start) Locks() []string { return lockSubject(x.Subject) }

// Run makes the instance. Refusals: CodeNotPermitted for anybody but the
// drafter, CodeState if a flow was started before, CodeInvalid naming the field
// of the subject that the flow requires.
func (x *Start) Run(tx office.Tx, c office.Context) error {
	if err := x.check(); err != nil {
		return err
	}
	def, err := Newest(tx, x.Flow)
	if err != nil {
		return err
	}
	if err := allows(def.Value, x.SubjectKind); err != nil {
		return err
	}
	s, err := subjectOf(tx, x.SubjectKind, x.Subject)
	if err != nil {
		return err
	}
	if s.Drafter == "" || s.Drafter != c.Actor {
		return &office.Error{Code: office.CodeNotPermitted, Field: "subject"}
	}
	state, err := to(subjectMoves, s.FlowState, "start")
	if err != nil {
		return err
	}
	if x.SeenHash != "" && x.SeenHash != s.ContentHash {
		return &office.Error{Code: office.CodeStaleBody, Field: "seen_hash"}
	}
	if err := required(def.Value, s); err != nil {
		return err
	}
	if err := checkPeople(tx, "choose", x.Choose, maxChoose); err != nil {
		return err
	}
	switch x.Then {
	case "", Any, All, Serial:
	default:
		return office.Invalid("then", "%q is no way to act together", x.Then)
	}
	return x.make(tx, c, def, s, state)
}

func (x *Start) make(tx office.Tx, c office.Context, def office.Item[Definition], s Subject, state string) error {
	d := def.Value
	step, ok := d.Step(d.First)
	if !ok {
		return office.Invalid("flow", "%s has no step %s", def.ID, d.First)
	}
	now := office.Millis(c.Now)
	inst := Instance{
		Definition: def.ID, Flow: d.Key, FlowName: d.Name, SubjectKind: x.SubjectKind, Subject: x.Subject,
		Title: s.Title, Urgency: s.Urgency, Starter: c.Actor, Unit: s.Unit, State: Running,
		Path: []Visit{{
			Step: step.ID, Name: step.Name, Round: 1, People: []office.UserID{c.Actor},
			By: []office.UserID{c.Actor}, Since: now,
		}},
		Rounds: map[string]int{step.ID: 1}, Participants: []office.UserID{c.Actor},
		StepName: step.Name, Started: now,
	}
	if err := Instances.Insert(tx, x.ID, inst); err != nil {
		return err
	}
	e := Event{What: EventStart, Step: step.ID, StepName: step.Name, Round: 1}
	task := c.NewID("task")
	if err := Tasks.InsertUnder(tx, x.ID, task, Task{
		Person: c.Actor, Step: step.ID, StepName: step.Name, Round: 1, Rev: 1, State: TaskDone,
		Acts: []string{ActApprove}, Created: now, DueOrder: office.MaxTime, DoneAt: now, Act: ActApprove, Chosen: x.Choose,
		Seat: c.Actor, Then: x.Then, Flow: d.Key, FlowName: d.Name, SubjectKind: x.SubjectKind, Subject: x.Subject, Title: s.Title, Urgency: s.Urgency,
	}); err != nil {
		return err
	}
	e.Task = task
	if x.Words != "" {
		e.Opinion = c.NewID("opinion")
		if err := Opinions.InsertUnder(tx, x.ID, e.Opinion, Opinion{
			Area: step.Area, AreaName: step.AreaName, Step: step.ID, StepName: step.Name, Round: 1, Task: task,
			Actor: c.Actor, Act: ActApprove, Words: x.Words, Seen: s.ContentHash,
			Claimed: office.Millis(c.Claimed), Effective: now,
		}); err != nil {
			return err
		}
	}
	if err := trace(tx, c, x.ID, &inst, "event", e); err != nil {
		return err
	}
	return tx.Patch(x.SubjectKind, x.Subject, office.Fields{
		"flow": x.ID, "flow_state": state, "flow_stand": state, "flow_step": step.Name, "flow_step_id": step.ID,
		"readers": union(s.Readers, c.Actor),
	})
}

func (x *Start) check() error {
	for _, f := range []struct{ name, id string }{{"id", x.ID}, {"flow", x.Flow}, {"subject", x.Subject}} {
		if err := office.CheckID(f.name, f.id); err != nil {
			return err
		}
	}
	if err := office.CheckLine("subject_kind", x.SubjectKind, 1, 80); err != nil {
		return err
	}
	if err := office.CheckLine("seen_hash", x.SeenHash, 0, 200); err != nil {
		return err
	}
	return office.CheckText("words", x.Words, maxWords)
}

// Newest finds the newest published version of a flow: CodeNotFound if there is none.
func Newest(tx office.Tx, key string) (office.Item[Definition], error) {
	list, err := Definitions.List(tx, office.Query{
		View: "versions", Where: []office.Cond{office.Where("key", key), office.Where("state", DefinitionPublished)},
		Order: "version", Desc: true, Limit: 1,
	})
	if err != nil {
		return office.Item[Definition]{}, err
	}
	if len(list) == 0 {
		return office.Item[Definition]{}, &office.Error{Code: office.CodeNotFound, Field: "flow", Message: key}
	}
	return list[0], nil
}

// MadeFor reports whether a flow says for which papers it is made, and of this
// one that it is: it is offered before the others that may carry it (R4).
// body is its JSON.
func (d Definition) MadeFor(body []byte) (bool, error) {
	var s Subject
	if err := json.Unmarshal(body, &s.fields); err != nil || len(d.Suits) == 0 {
		return false, err
	}
	for _, c := range d.Suits {
		if !s.holds(&c) {
			return false, nil
		}
	}
	return true, nil
}

// required refuses a subject that lacks what a flow needs, naming the field.
func required(d Definition, s Subject) error {
	for _, need := range d.Requires {
		if !s.holds(&need) {
			return office.Invalid(need.Field, "%s needs %s %s %s", d.Name, need.Field, need.Op, need.Value)
		}
	}
	return nil
}

func allows(d Definition, kind string) error {
	if d.Child {
		return office.Invalid("flow", "%s runs only as a part of another flow", d.Name)
	}
	for _, k := range d.Subjects {
		if k == kind {
			return nil
		}
	}
	return office.Invalid("subject_kind", "%s does not carry %s", d.Name, kind)
}
