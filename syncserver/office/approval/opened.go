package approval

import (
	"slices"

	"qianshao/syncserver/office"
)

// Opened says that a person has seen what he is asked for the first time (W38):
// from then on what was written before him stays as it is (W46), and a flow may
// say that it is no longer taken back (W20).
type Opened struct {
	Task    string `json:"task"`
	Subject string `json:"subject"`
}

func (*Opened) Kind() string      { return "approval.opened@1" }
func (x *Opened) Locks() []string { return lockSubject(x.Subject) }

// Run marks the task once. CodeNotPermitted for anybody but its person.
func (x *Opened) Run(tx office.Tx, c office.Context) error {
	if err := office.CheckID("task", x.Task); err != nil {
		return err
	}
	t, err := Tasks.Need(tx, x.Task)
	if err != nil {
		return err
	}
	if t.Person != c.Actor {
		return &office.Error{Code: office.CodeNotPermitted}
	}
	if t.Subject != x.Subject {
		return office.Invalid("subject", "the task is about another record")
	}
	if t.Opened != 0 {
		return nil
	}
	return Tasks.Patch(tx, x.Task, office.Fields{"opened": office.Millis(c.Now), "looked": office.Millis(c.Claimed)})
}

// Reword changes one's own words until somebody after has opened the paper; what
// they were is kept (W46).
type Reword struct {
	Opinion  string `json:"opinion"`
	Instance string `json:"instance"`
	Subject  string `json:"subject"`
	Was      string `json:"was"` // as its author saw them
	Words    string `json:"words"`
}

func (*Reword) Kind() string      { return "approval.reword@1" }
func (x *Reword) Locks() []string { return lockSubject(x.Subject) }

// Run changes the words. CodeNotPermitted for anybody but their author,
// CodeDoneByOther once somebody has opened the paper after it.
func (x *Reword) Run(tx office.Tx, c office.Context) error {
	inst, err := aboutSubject(tx, x.Instance, x.Subject)
	if err != nil {
		return err
	}
	if err := office.CheckID("opinion", x.Opinion); err != nil {
		return err
	}
	if err := said(x.Words); err != nil {
		return err
	}
	o, err := opinionOf(tx, x.Instance, x.Opinion)
	if err != nil {
		return err
	}
	if o.Actor != c.Actor || o.From != "" {
		return &office.Error{Code: office.CodeNotPermitted}
	}
	if err := alive(inst); err != nil {
		return err
	}
	if o.Old || o.Ink != nil {
		return office.Errorf(office.CodeState, "old or written by hand")
	}
	if o.Words != x.Was {
		return &office.Error{Code: office.CodeStaleBody, Field: "was"}
	}
	tasks, err := allTasks(tx, office.Query{View: "instance", Order: "created", Where: []office.Cond{office.Where("root", x.Instance)}})
	if err != nil {
		return err
	}
	for _, t := range tasks {
		if t.Value.Person != c.Actor && (t.Value.Opened >= o.Effective || t.Value.Created >= o.Effective && t.Value.Act != "") {
			return &office.Error{Code: office.CodeDoneByOther, Message: t.Value.StepName}
		}
	}
	if err := Opinions.Patch(tx, x.Opinion, office.Fields{
		"words": x.Words, "former": append(slices.Clone(o.Former), Former{o.Words, office.Millis(c.Now)}),
	}); err != nil {
		return err
	}
	return trace(tx, c, x.Instance, &inst, "event", Event{What: EventReword, Step: o.Step, StepName: o.StepName, Round: o.Round, Opinion: x.Opinion})
}
