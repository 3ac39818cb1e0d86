package approval

import (
	"slices"
	"strings"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/directory"
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
	Then     Policy          `json:"then,omitempty"`   // in a free flow: how they act, Any if empty (W29)
	Finish   bool            `json:"finish,omitempty"` // ends a free flow: its starter and the 文书 may
	Verdict  string          `json:"verdict,omitempty"`
	Decided  string          `json:"decided,omitempty"`  // at 签发: how a unit's disagreement was decided (W2, L7)
	Consents bool            `json:"consents,omitempty"` // at 签发: no new 会签 is needed though the text changed since (W2)
	Ink      *Ink            `json:"ink,omitempty"`      // 手写签批 (W36)
}

func (*Approve) Kind() string      { return "approval.approve@1" }
func (x *Approve) Locks() []string { return lockSubject(x.Subject) }

// Run records the act. Refusals: the codes of decide.
func (x *Approve) Run(tx office.Tx, c office.Context) error {
	s := seen{
		act: ActApprove, task: x.Task, subject: x.Subject, rev: x.TaskRev, step: x.Step, hash: x.SeenHash, words: x.Words,
		verdict: x.Verdict, ink: x.Ink, decided: x.Decided,
	}
	f, err := decide(tx, c, s)
	if err != nil {
		return err
	}
	if err := checkPeople(tx, "choose", x.Choose, maxChoose); err != nil {
		return err
	}
	if err := x.checkMore(tx, c, f); err != nil {
		return err
	}
	set := office.Fields{"verdict": text(x.Verdict), "then": text(string(x.Then)), "decided": text(x.Decided), "finish": nil}
	if x.Finish {
		set["finish"] = true
	}
	if len(x.Choose) > 0 {
		set["chosen"] = x.Choose
	}
	if err := f.record(tx, c, s, set, Event{}); err != nil {
		return err
	}
	return f.foretell(tx)
}

func (x *Approve) checkMore(tx office.Tx, c office.Context, f found) error {
	switch x.Verdict {
	case "", VerdictAgree, VerdictAmend, VerdictDisagree, VerdictAbstain:
	default:
		return office.Invalid("verdict", "%q is no answer", x.Verdict)
	}
	if x.Verdict == VerdictDisagree || x.Verdict == VerdictAmend {
		if err := mustSay("words", x.Words); err != nil {
			return err
		}
	}
	if x.Verdict == VerdictDisagree && f.step.Gate != "" {
		return office.Invalid("verdict", "whoever does not agree at %s returns it", f.step.Name)
	}
	if err := office.CheckText("decided", x.Decided, maxWords); err != nil {
		return err
	}
	if f.step.Gate == GateSign {
		if err := x.checkConsents(f); err != nil {
			return err
		}
	}
	return x.checkFree(tx, c, f)
}

// checkConsents holds 签发 against the answers of the units: a disagreement is
// decided in words, and a text that changed since a unit agreed is asked about.
func (x *Approve) checkConsents(f found) error {
	for _, k := range f.inst.Consents {
		if k.Verdict == VerdictDisagree && strings.TrimSpace(x.Decided) == "" && f.inst.Settled == "" {
			return office.Invalid("decided", "%s does not agree: how was it decided?", k.Unit)
		}
	}
	for _, k := range Outdated(f.inst, f.subject.ContentHash) {
		if !x.Consents {
			return &office.Error{Code: office.CodeStaleBody, Field: "consents", Message: k.Unit}
		}
	}
	return nil
}

// Outdated are the consents that were given on another text: does it need a new
// 会签?
func Outdated(inst Instance, hash string) []Consent {
	var out []Consent
	for _, k := range inst.Consents {
		if k.Hash != hash && k.Verdict != VerdictDisagree {
			out = append(out, k)
		}
	}
	return out
}

// checkFree keeps the end of a free flow to its starter and the 文书, and a
// starter who ends nothing from asking nobody.
func (x *Approve) checkFree(tx office.Tx, c office.Context, f found) error {
	if !f.step.Free {
		if x.Finish || x.Then != "" {
			return office.Invalid("finish", "%s is no free flow", f.step.Name)
		}
		return nil
	}
	switch x.Then {
	case "", Any, All, Serial:
	default:
		return office.Invalid("then", "%q is no way to act together", x.Then)
	}
	if x.Finish {
		if c.Actor == f.inst.Starter {
			return nil
		}
		clerks, err := directory.ClerkOf(tx, f.inst.Unit)
		if err == nil && !slices.Contains(clerks, c.Actor) {
			err = &office.Error{Code: office.CodeNotPermitted, Field: "finish"}
		}
		return err
	}
	if c.Actor == f.inst.Starter && len(x.Choose) == 0 {
		return office.Invalid("choose", "who is next?")
	}
	return nil
}

// foretell notes that leaving this step gives a number, which only the server
// can: 编号待分配 until it has.
func (f found) foretell(tx office.Tx) error {
	if slices.Contains(f.step.Effects, EffectNumber) {
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

	Direct bool            `json:"direct,omitempty"` // 直送退回人, where the returner decides (W18)
	Ask    []office.UserID `json:"ask,omitempty"`    // of those who acted there, only these (W15)
	Ink    *Ink            `json:"ink,omitempty"`
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
	s := seen{act: ActReturn, task: x.Task, subject: x.Subject, rev: x.TaskRev, step: x.Step, hash: x.SeenHash, words: x.Words, ink: x.Ink}
	f, err := decide(tx, c, s)
	if err != nil {
		return err
	}
	if err := mustSay("words", x.Words); err != nil {
		return err
	}
	set := office.Fields{}
	if f.task.Kind == TaskBefore || f.task.Kind == TaskDelegate { // a no to whoever asked, not a way back
		if x.To != "" || x.Direct || len(x.Ask) > 0 {
			return office.Invalid("to", "it goes back to whoever asked")
		}
		return f.record(tx, c, s, set, Event{})
	}
	target, err := x.target(tx, f)
	if err != nil {
		return err
	}
	switch f.step.Resubmit {
	case ResubmitDirect:
		set["resubmit"] = ResubmitDirect
	case ResubmitReturner:
		if x.Direct {
			set["resubmit"] = ResubmitDirect
		}
	default:
		if x.Direct {
			return office.Invalid("direct", "what is returned from %s goes step by step", f.step.Name)
		}
	}
	f.aim(set, x.To, target)
	if len(x.Ask) > 0 {
		set["ask"] = x.Ask
	}
	return f.record(tx, c, s, set, Event{ToStep: target})
}

// aim writes where a return goes.
func (f found) aim(set office.Fields, asked, target string) {
	set["target"] = target
	if asked != "" && target == f.task.Step {
		set["previous"] = true
	}
}

// target is the step a return goes to: one that was passed on this line. Steps
// inside parallel branches that have met, and sub-flows, are none (W16).
func (x *Return) target(tx office.Tx, f found) (string, error) {
	v := f.visit()
	if x.To == f.task.Step && v.policy(f.step) == Serial { // 退回上一签 (W5)
		asked, err := tasksOf(tx, f.instID, f.task.Step, f.task.Round)
		if err != nil {
			return "", err
		}
		if slices.ContainsFunc(asked, func(t taskItem) bool {
			return t.Value.State == TaskDone && t.Value.Parent == "" && t.Value.Act == ActApprove
		}) && f.task.Parent == "" {
			return x.To, nil
		}
	}
	if x.To == f.task.Step { // from a 顺签 to the one before, and to no earlier round
		return "", office.Invalid("to", "nobody signed before")
	}
	i := senderVisit(f.inst.Path, v.Branch)
	if x.To != "" {
		i = lastVisit(f.inst.Path, x.To, v.Branch)
	}
	if i < 0 {
		return "", office.Invalid("to", "the paper has not passed step %q", x.To)
	}
	at := f.inst.Path[i]
	for _, u := range x.Ask {
		if !slices.Contains(at.By, u) {
			return "", office.Invalid("ask", "%s did not act at %s", u, at.Name)
		}
	}
	return at.Step, nil
}
