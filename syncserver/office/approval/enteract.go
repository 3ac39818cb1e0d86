package approval

import (
	"slices"

	"qianshao/syncserver/office"
)

// Grounds of words that somebody enters for another (W33).
const (
	BasisScan  = "scan"  // he wrote it on paper
	BasisPhone = "phone" // 电话
	BasisFace  = "face"  // 当面
)

// Enter is 代填: a leader's bound secretary enters what the leader said
// elsewhere, with its ground and the time it was said (W33). It is shown as
// ×××(×××代录); the leader may confirm or dispute it later.
type Enter struct {
	Task     string          `json:"task"` // the leader's
	Subject  string          `json:"subject"`
	TaskRev  int64           `json:"task_rev"`
	Step     string          `json:"step"`
	SeenHash string          `json:"seen_hash"`
	Act      string          `json:"act"` // ActApprove, ActReturn
	Words    string          `json:"words"`
	Basis    string          `json:"basis"`
	Scan     string          `json:"scan,omitempty"` // id of the attachment that shows it; compulsory at a gate
	Said     int64           `json:"said"`           // 批示时间
	To       string          `json:"to,omitempty"`   // of a return
	Choose   []office.UserID `json:"choose,omitempty"`
}

func (*Enter) Kind() string      { return "approval.enter@1" }
func (x *Enter) Locks() []string { return lockSubject(x.Subject) }

// Run records the act in the leader's name. Besides the codes of decide:
// CodeNotPermitted for anybody but a bound secretary, CodeInvalid without a
// ground, or at a gate without a scan.
func (x *Enter) Run(tx office.Tx, c office.Context) error {
	t, at, err := Tasks.Get(tx, x.Task)
	switch {
	case err != nil:
		return err
	case at == office.Elsewhere:
		return office.ErrElsewhere()
	case at == office.Absent:
		return &office.Error{Code: office.CodeNotFound, Field: "task", Message: x.Task}
	}
	bound, err := boundTo(tx, t.Person, c.Actor)
	if err != nil {
		return err
	}
	if !bound {
		return &office.Error{Code: office.CodeNotPermitted, Field: "task"}
	}
	if err := x.check(c); err != nil {
		return err
	}
	as := c
	as.Actor = t.Person
	s := seen{act: x.Act, task: x.Task, subject: x.Subject, rev: x.TaskRev, step: x.Step, hash: x.SeenHash, words: x.Words}
	f, err := decide(tx, as, s)
	if err != nil {
		return err
	}
	if f.step.Gate != "" && (x.Basis != BasisScan || x.Scan == "") {
		return office.Invalid("scan", "%s needs the paper it was written on", f.step.Name)
	}
	if err := checkPeople(tx, "choose", x.Choose, maxChoose); err != nil {
		return err
	}
	set := office.Fields{"act": x.Act, "done_at": office.Millis(c.Now)}
	if set["state"], err = to(taskMoves, f.task.State, x.Act); err != nil {
		return err
	}
	if len(x.Choose) > 0 {
		set["chosen"] = x.Choose
	}
	e := Event{What: EventEnter, For: t.Person, Detail: x.Basis, Opinion: c.NewID("opinion")}
	if x.Act == ActReturn {
		target, err := (&Return{To: x.To}).target(tx, f)
		if err != nil {
			return err
		}
		f.aim(set, x.To, target)
		e.ToStep = target
	}
	if err := Tasks.Patch(tx, x.Task, set); err != nil {
		return err
	}
	o := f.opinion(c, s)
	o.For, o.Basis, o.Scan, o.Claimed, o.Entered = t.Person, x.Basis, x.Scan, x.Said, office.Millis(c.Claimed)
	if err := Opinions.InsertUnder(tx, f.instID, e.Opinion, o); err != nil {
		return err
	}
	e.Step, e.StepName, e.Round, e.Task = f.task.Step, f.task.StepName, f.task.Round, x.Task
	return trace(tx, c, f.instID, &f.inst, "event", e)
}

func (x *Enter) check(c office.Context) error {
	if x.Act != ActApprove && x.Act != ActReturn {
		return office.Invalid("act", "%q cannot be entered for another", x.Act)
	}
	if !slices.Contains([]string{BasisScan, BasisPhone, BasisFace}, x.Basis) {
		return office.Invalid("basis", "%q is no ground", x.Basis)
	}
	if x.Basis == BasisScan || x.Scan != "" {
		if err := office.CheckID("scan", x.Scan); err != nil {
			return err
		}
	}
	if x.Said <= 0 || x.Said > office.Millis(c.Now)+24*hour {
		return office.Invalid("said", "when was it said?")
	}
	return mustSay("words", x.Words)
}

// boundTo reports whether somebody may enter a leader's words.
func boundTo(tx office.Tx, leader, who office.UserID) (bool, error) {
	_, at, err := Secretaries.Get(tx, office.DeriveID("secretary", string(leader), string(who)))
	if err == nil && at == office.Elsewhere {
		err = office.ErrElsewhere()
	}
	return at == office.Present, err
}

// Answers to words entered for somebody.
const (
	AnswerConfirmed = "confirmed"
	AnswerDisputed  = "disputed"
)

// Answer is what a leader says of words that were entered for him (W33).
type Answer struct {
	Opinion  string `json:"opinion"`
	Instance string `json:"instance"`
	Subject  string `json:"subject"`
	Answer   string `json:"answer"`
	Words    string `json:"words,omitempty"` // of a dispute: what he said instead
}

func (*Answer) Kind() string      { return "approval.answer@1" }
func (x *Answer) Locks() []string { return lockSubject(x.Subject) }

// Run marks the opinion; what was entered stays as it is, and a dispute moves
// nothing: it is for people to settle.
func (x *Answer) Run(tx office.Tx, c office.Context) error {
	inst, err := aboutSubject(tx, x.Instance, x.Subject)
	if err != nil {
		return err
	}
	if err := office.CheckID("opinion", x.Opinion); err != nil {
		return err
	}
	if err := office.CheckText("words", x.Words, maxWords); err != nil {
		return err
	}
	o, err := opinionOf(tx, x.Instance, x.Opinion)
	if err != nil {
		return err
	}
	if o.For != c.Actor || o.Basis == "" {
		return &office.Error{Code: office.CodeNotPermitted}
	}
	switch x.Answer {
	case AnswerConfirmed:
	case AnswerDisputed:
		if err := mustSay("words", x.Words); err != nil {
			return err
		}
	default:
		return office.Invalid("answer", "%q is no answer", x.Answer)
	}
	if o.Answer != "" {
		return office.Errorf(office.CodeState, "%s", o.Answer)
	}
	if err := Opinions.Patch(tx, x.Opinion, office.Fields{"answer": x.Answer, "answered": office.Millis(c.Now), "dispute": text(x.Words)}); err != nil {
		return err
	}
	return trace(tx, c, x.Instance, &inst, "event", Event{What: EventAnswer, Step: o.Step, StepName: o.StepName, Round: o.Round, Opinion: x.Opinion, Detail: x.Answer})
}

// opinionOf reads an opinion that must belong to an instance.
func opinionOf(tx office.Tx, instance, id string) (Opinion, error) {
	r, at, err := tx.Get(Opinions.Name, id)
	switch {
	case err != nil:
		return Opinion{}, err
	case at == office.Elsewhere:
		return Opinion{}, office.ErrElsewhere()
	case at == office.Absent || r.Root != instance:
		return Opinion{}, &office.Error{Code: office.CodeNotFound, Field: "opinion", Message: id}
	}
	var o Opinion
	return o, r.Decode(&o)
}
