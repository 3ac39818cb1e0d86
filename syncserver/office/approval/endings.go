package approval

import (
	"slices"

	"qianshao/syncserver/office"
)

// Cancel is 撤销: the starter ends the flow and has his paper back as a draft
// (W21). Once it has a number there is no way back.
type Cancel struct {
	Instance string `json:"instance"`
	Subject  string `json:"subject"`
	Words    string `json:"words"`
}

func (*Cancel) Kind() string      { return "approval.cancel@1" }
func (x *Cancel) Locks() []string { return lockSubject(x.Subject) }

// Run notes it; the server ends the flow. CodeNotPermitted for anybody but the
// starter, CodeState once a number was given.
func (x *Cancel) Run(tx office.Tx, c office.Context) error {
	inst, err := mainInstance(tx, x.Instance, x.Subject)
	if err != nil {
		return err
	}
	if inst.Starter != c.Actor {
		return &office.Error{Code: office.CodeNotPermitted}
	}
	if err := said(x.Words); err != nil {
		return err
	}
	if err := alive(inst); err != nil {
		return err
	}
	if len(inst.Did) > 0 {
		return office.Errorf(office.CodeState, "%s", inst.Did[0])
	}
	return trace(tx, c, x.Instance, &inst, "event", Event{What: EventCancel, Detail: x.Words})
}

// Terminate is 终止 or 作废: the flow ends with a reason; a number that was given
// is voided and stays in the ledger of gaps (W42).
type Terminate struct {
	Instance string `json:"instance"`
	Subject  string `json:"subject"`
	Words    string `json:"words"`
}

func (*Terminate) Kind() string      { return "approval.terminate@1" }
func (x *Terminate) Locks() []string { return lockSubject(x.Subject) }

// Run notes it; the server ends the flow. The 流程管理员 may.
func (x *Terminate) Run(tx office.Tx, c office.Context) error {
	if err := flowAdmin(tx, c); err != nil {
		return err
	}
	inst, err := mainInstance(tx, x.Instance, x.Subject)
	if err != nil {
		return err
	}
	if err := said(x.Words); err != nil {
		return err
	}
	if inst.State == Ended {
		return &office.Error{Code: office.CodeEnded}
	}
	return trace(tx, c, x.Instance, &inst, "event", Event{What: EventStop, Detail: x.Words})
}

// Reopen is 唤醒: a flow that has ended goes on at a step it had passed (W43).
type Reopen struct {
	Instance string `json:"instance"`
	Subject  string `json:"subject"`
	To       string `json:"to"`
	Words    string `json:"words"`
}

func (*Reopen) Kind() string      { return "approval.reopen@1" }
func (x *Reopen) Locks() []string { return lockSubject(x.Subject) }

// Run notes it; the server opens the step. The 流程管理员 may. CodeState for an
// archived paper, or one that another flow has taken over.
func (x *Reopen) Run(tx office.Tx, c office.Context) error {
	if err := flowAdmin(tx, c); err != nil {
		return err
	}
	inst, err := mainInstance(tx, x.Instance, x.Subject)
	if err != nil {
		return err
	}
	if err := said(x.Words); err != nil {
		return err
	}
	if inst.State != Ended || inst.Outcome == OutcomeCancelled || inst.Outcome == OutcomeSwitched {
		return office.Errorf(office.CodeState, "%s %s", inst.State, inst.Outcome)
	}
	s, err := subjectOf(tx, inst.SubjectKind, inst.Subject)
	if err != nil {
		return err
	}
	if s.Flow != x.Instance {
		return office.Errorf(office.CodeState, "another flow has it")
	}
	if isSet(s.fields["archived"]) {
		return office.Errorf(office.CodeState, "archived")
	}
	if i := lastVisit(inst.Path, x.To, ""); i < 0 {
		return office.Invalid("to", "the paper has not passed step %q", x.To)
	}
	state, err := to(instanceMoves, inst.State, "reopen")
	if err != nil {
		return err
	}
	if err := Instances.Patch(tx, x.Instance, office.Fields{"state": state, "ended": nil, "outcome": nil, "reason": nil}); err != nil {
		return err
	}
	return trace(tx, c, x.Instance, &inst, "event", Event{What: EventReopen, ToStep: x.To, Detail: x.Words})
}

// Reject is 退文: an incoming paper that does not pass 初审 goes back to where it
// came from, with a reason (W19, L18). Its entry in the register stays.
type Reject struct {
	Task     string `json:"task"`
	Subject  string `json:"subject"`
	TaskRev  int64  `json:"task_rev"`
	Step     string `json:"step"`
	SeenHash string `json:"seen_hash"`
	Reason   string `json:"reason"` // one of the step's
	Words    string `json:"words"`
}

func (*Reject) Kind() string      { return "approval.reject@1" }
func (x *Reject) Locks() []string { return lockSubject(x.Subject) }

// Run records the act; the server ends the flow as rejected. Besides the codes
// of decide: CodeInvalid for a reason that the step does not list.
func (x *Reject) Run(tx office.Tx, c office.Context) error {
	s := seen{act: ActReject, task: x.Task, subject: x.Subject, rev: x.TaskRev, step: x.Step, hash: x.SeenHash, words: x.Words}
	f, err := decide(tx, c, s)
	if err != nil {
		return err
	}
	if !slices.Contains(f.step.Reasons, x.Reason) {
		return office.Invalid("reason", "%q is none of the reasons of %s", x.Reason, f.step.Name)
	}
	if err := mustSay("words", x.Words); err != nil {
		return err
	}
	return f.record(tx, c, s, office.Fields{}, Event{Detail: x.Reason})
}

// mainInstance reads an instance that is no part of another.
func mainInstance(tx office.Tx, instance, subject string) (Instance, error) {
	inst, err := aboutSubject(tx, instance, subject)
	if err == nil && inst.Parent != nil {
		err = office.Invalid("instance", "it is a part of another flow")
	}
	return inst, err
}

// said wants a reason in words.
func said(words string) error {
	if err := mustSay("words", words); err != nil {
		return err
	}
	return office.CheckText("words", words, maxWords)
}
