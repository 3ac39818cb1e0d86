package approval

import (
	"slices"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/directory"
	"qianshao/syncserver/office/worktime"
)

// PaperOut marks a step as handled on paper: the sheet is printed with a mark,
// the clock stops, and nobody acts there in the system until it comes back (W34).
type PaperOut struct {
	Instance string `json:"instance"`
	Subject  string `json:"subject"`
	Step     string `json:"step"`
	Round    int    `json:"round"`
	Words    string `json:"words,omitempty"`
}

func (*PaperOut) Kind() string      { return "approval.paper_out@1" }
func (x *PaperOut) Locks() []string { return lockSubject(x.Subject) }

// Run marks the stay. Whoever is asked there, whoever sent it, a secretary of
// those asked and the unit's 文书 may.
func (x *PaperOut) Run(tx office.Tx, c office.Context) error {
	inst, i, err := x.stay(tx, c)
	if err != nil {
		return err
	}
	tokens := slices.Clone(inst.Tokens)
	v := tokens[i]
	if v.Paper != nil {
		return office.Errorf(office.CodeState, "on paper")
	}
	def, err := Definitions.Need(tx, inst.Definition)
	if err != nil {
		return err
	}
	step, _ := def.Step(v.Step)
	if step.Type == StepSub || v.Rescue {
		return office.Invalid("step", "%s is not handled on paper", v.Name)
	}
	cal, err := worktime.Read(tx)
	if err != nil {
		return err
	}
	v.Left = left(cal, step, v, c.Now)
	if err := freeze(tx, x.Instance, v); err != nil {
		return err
	}
	v.Paper = &Paper{By: c.Actor, Since: office.Millis(c.Now), Mark: c.NewID("mark")}
	tokens[i] = v
	inst.Tokens = tokens
	if err := Instances.Patch(tx, x.Instance, office.Fields{"tokens": tokens}); err != nil {
		return err
	}
	return trace(tx, c, x.Instance, &inst, "event", Event{What: EventPaperOut, Step: v.Step, StepName: v.Name, Round: v.Round, Detail: v.Paper.Mark})
}

func (x *PaperOut) stay(tx office.Tx, c office.Context) (Instance, int, error) {
	inst, err := aboutSubject(tx, x.Instance, x.Subject)
	if err != nil {
		return inst, 0, err
	}
	if err := office.CheckText("words", x.Words, maxWords); err != nil {
		return inst, 0, err
	}
	if err := alive(inst); err != nil {
		return inst, 0, err
	}
	i := slices.IndexFunc(inst.Tokens, func(v Visit) bool { return v.Step == x.Step && v.Round == x.Round })
	if i < 0 {
		return inst, 0, &office.Error{Code: office.CodeTaskWithdrawn}
	}
	return inst, i, mayCarry(tx, c, inst, x.Instance, inst.Tokens[i])
}

// mayCarry says who may take a step to paper and bring it back.
func mayCarry(tx office.Tx, c office.Context, inst Instance, id string, v Visit) error {
	if c.Actor == v.From || v.Paper != nil && c.Actor == v.Paper.By {
		return nil
	}
	items, err := tasksOf(tx, id, v.Step, v.Round)
	if err != nil {
		return err
	}
	items = slices.DeleteFunc(items, func(t taskItem) bool { return t.Value.State != TaskOpen })
	if slices.ContainsFunc(items, func(t taskItem) bool { return t.Value.Person == c.Actor }) {
		return nil
	}
	clerks, err := directory.ClerkOf(tx, inst.Unit)
	if err != nil || slices.Contains(clerks, c.Actor) {
		return err
	}
	// Last, because a desk does not know who is bound to whom among the others.
	for _, t := range items {
		if bound, err := boundTo(tx, t.Value.Person, c.Actor); err != nil || bound {
			return err
		}
	}
	return &office.Error{Code: office.CodeNotPermitted}
}

// A PaperAct is what one person wrote on the paper.
type PaperAct struct {
	Task  string `json:"task"`
	Act   string `json:"act"` // ActApprove, ActReturn
	Words string `json:"words"`
	Said  int64  `json:"said"`
	To    string `json:"to,omitempty"` // of a return
}

// PaperIn is 补录: what came back on the paper is entered, several people's words
// at once, with the scan that shows them. Those who wrote nothing go on in the
// system (W34).
type PaperIn struct {
	Instance string     `json:"instance"`
	Subject  string     `json:"subject"`
	Step     string     `json:"step"`
	Round    int        `json:"round"`
	Scan     string     `json:"scan"`
	Hash     string     `json:"hash"` // content hash of the text that was printed
	Acts     []PaperAct `json:"acts"`
}

func (*PaperIn) Kind() string      { return "approval.paper_in@1" }
func (x *PaperIn) Locks() []string { return lockSubject(x.Subject) }

// Run records the acts in the order of the paper. A return ends the list. Who
// may: as PaperOut. CodeStaleBody if the text is no longer the one printed.
func (x *PaperIn) Run(tx office.Tx, c office.Context) error {
	out := PaperOut{Instance: x.Instance, Subject: x.Subject, Step: x.Step, Round: x.Round}
	inst, i, err := out.stay(tx, c)
	if err != nil {
		return err
	}
	if inst.Tokens[i].Paper == nil {
		return office.Errorf(office.CodeState, "not on paper")
	}
	if err := office.CheckID("scan", x.Scan); err != nil {
		return err
	}
	if len(x.Acts) > maxChoose {
		return office.Invalid("acts", "at most %d", maxChoose)
	}
	s, err := subjectOf(tx, inst.SubjectKind, inst.Subject)
	if err != nil {
		return err
	}
	if s.ContentHash != x.Hash && len(x.Acts) > 0 {
		return &office.Error{Code: office.CodeStaleBody, Field: "hash"}
	}
	inst.Tokens = slices.Clone(inst.Tokens)
	inst.Tokens[i].Paper = nil
	if inst.Tokens, err = restart(tx, c, x.Instance, inst); err != nil {
		return err
	}
	if err := Instances.Patch(tx, x.Instance, office.Fields{"tokens": inst.Tokens}); err != nil {
		return err
	}
	v := inst.Tokens[i]
	if err := trace(tx, c, x.Instance, &inst, "event", Event{What: EventPaperIn, Step: v.Step, StepName: v.Name, Round: v.Round, Detail: x.Scan}); err != nil {
		return err
	}
	for k, a := range x.Acts {
		if err := x.enter(tx, c, k, a); err != nil {
			return err
		}
	}
	return nil
}

func (x *PaperIn) enter(tx office.Tx, c office.Context, k int, a PaperAct) error {
	t, err := Tasks.Need(tx, a.Task)
	if err != nil {
		return err
	}
	if t.Step != x.Step || t.Round != x.Round {
		return office.Invalid("acts", "task %s is of another step", a.Task)
	}
	e := Enter{
		Task: a.Task, Subject: x.Subject, TaskRev: t.Rev, Step: x.Step, SeenHash: x.Hash, Act: a.Act, Words: a.Words,
		Basis: BasisScan, Scan: x.Scan, Said: a.Said, To: a.To,
	}
	if err := e.check(c); err != nil {
		return err
	}
	as := c
	as.Actor, as.Mid = t.Person, c.NewID("act:"+a.Task)
	s := seen{act: a.Act, task: a.Task, subject: x.Subject, rev: t.Rev, step: x.Step, hash: x.Hash, words: a.Words}
	f, err := decide(tx, as, s)
	if err != nil {
		return err
	}
	set := office.Fields{"act": a.Act, "done_at": office.Millis(c.Now) + int64(k)} // their order on the paper
	if set["state"], err = to(taskMoves, f.task.State, a.Act); err != nil {
		return err
	}
	ev := Event{Who: c.Actor, Claimed: office.Millis(c.Claimed), What: EventEnter, For: t.Person, Detail: BasisScan, Opinion: as.NewID("opinion"), Step: f.task.Step, StepName: f.task.StepName, Round: f.task.Round, Task: a.Task}
	if a.Act == ActReturn {
		target, err := (&Return{To: a.To}).target(tx, f)
		if err != nil {
			return err
		}
		f.aim(set, a.To, target)
		ev.ToStep = target
	}
	if err := Tasks.Patch(tx, a.Task, set); err != nil {
		return err
	}
	o := f.opinion(c, s)
	o.For, o.Basis, o.Scan, o.Claimed, o.Entered = t.Person, BasisScan, x.Scan, a.Said, office.Millis(c.Claimed)
	if err := Opinions.InsertUnder(tx, x.Instance, ev.Opinion, o); err != nil {
		return err
	}
	return trace(tx, as, x.Instance, &f.inst, "event", ev)
}
