package approval

import (
	"slices"

	"qianshao/syncserver/office"
)

// Approve is 同意 or, at steps that only ask for it, 提交意见: the person's act
// at one step, on the text they saw (W1, W3, W5).
type Approve struct {
	Task     string          `json:"task"`
	Subject  string          `json:"subject"`
	TaskRev  int64           `json:"task_rev"`
	Step     string          `json:"step"`
	SeenHash string          `json:"seen_hash"` // of what was rendered, never copied from a record
	Words    string          `json:"words,omitempty"`
	Choose   []office.UserID `json:"choose,omitempty"` // people for the next step, where it asks for them
}

func (*Approve) Kind() string      { return "approval.approve@1" }
func (x *Approve) Locks() []string { return lockSubject(x.Subject) }

// Run records the act. Refusals: the codes of decide.
func (x *Approve) Run(tx office.Tx, c office.Context) error {
	s := seen{act: ActApprove, task: x.Task, subject: x.Subject, rev: x.TaskRev, step: x.Step, hash: x.SeenHash, words: x.Words}
	f, err := decide(tx, c, s)
	if err != nil {
		return err
	}
	if err := checkPeople(tx, "choose", x.Choose, maxChoose); err != nil {
		return err
	}
	set := office.Fields{}
	if len(x.Choose) > 0 {
		set["chosen"] = x.Choose
	}
	if err := f.record(tx, c, s, set, Event{}); err != nil {
		return err
	}
	return f.foretell(tx)
}

// foretell notes that leaving this step gives a number, which only the server
// can: 编号待分配 until it has.
func (f found) foretell(tx office.Tx) error {
	def, at, err := Definitions.Get(tx, f.inst.Definition)
	if err != nil || at != office.Present {
		return err
	}
	if step, ok := def.Step(f.task.Step); ok && slices.Contains(step.Effects, EffectNumber) {
		tx.Note(office.NoteNumber)
	}
	return nil
}

// Return sends the paper back with words: to a step it has passed, or, with To
// empty, to whoever sent it (W15–W17).
type Return struct {
	Task     string `json:"task"`
	Subject  string `json:"subject"`
	TaskRev  int64  `json:"task_rev"`
	Step     string `json:"step"`
	SeenHash string `json:"seen_hash"`
	Words    string `json:"words"`
	To       string `json:"to,omitempty"`
}

func (*Return) Kind() string      { return "approval.return@1" }
func (x *Return) Locks() []string { return lockSubject(x.Subject) }

// Run records the act. Besides the codes of decide: CodeInvalid without words
// or with a step that the paper has not passed.
func (x *Return) Run(tx office.Tx, c office.Context) error {
	if x.To != "" {
		if err := office.CheckID("to", x.To); err != nil {
			return err
		}
	}
	s := seen{act: ActReturn, task: x.Task, subject: x.Subject, rev: x.TaskRev, step: x.Step, hash: x.SeenHash, words: x.Words}
	f, err := decide(tx, c, s)
	if err != nil {
		return err
	}
	if err := mustSay("words", x.Words); err != nil {
		return err
	}
	target := x.To
	if target == "" && len(f.inst.Path) > 0 {
		target = f.inst.Path[len(f.inst.Path)-1].Step
	}
	if !slices.ContainsFunc(f.inst.Path, func(v Visit) bool { return v.Step == target }) {
		return office.Invalid("to", "the paper has not passed step %q", target)
	}
	return f.record(tx, c, s, office.Fields{"target": target}, Event{ToStep: target})
}
