package approval

import (
	"slices"
	"strings"

	"qianshao/syncserver/office"
)

// Limits of what commands carry.
const (
	maxWords  = 4000 // characters of an opinion
	maxPeople = 5000 // readers of one circulation
	maxChoose = 100
)

// lockSubject is the lock of a paper and all that happens to it: every command
// that changes a paper that may be under approval takes it, also those of the
// paper's own room.
func lockSubject(id string) []string { return []string{"subject:" + id} }

// seen is what the author of an act had before his eyes.
type seen struct {
	act     string // ActApprove …
	task    string
	subject string
	rev     int64
	step    string
	hash    string
	words   string
	blind   bool   // the act says nothing about the text, so the text may have changed
	verdict string // of an approval
	ink     *Ink
	decided string // how a disagreement was settled
}

// found is what the act meets.
type found struct {
	taskID  string
	task    Task
	instID  string
	inst    Instance
	subject Subject
	def     Definition
	step    Step
}

// decide holds an act against the present: is it my task, is it still open, is
// the paper still alive, is it what I saw. The order of the questions decides
// which answer a person gets, and is the same on the desk and on the server.
func decide(tx office.Tx, c office.Context, s seen) (found, error) {
	f := found{taskID: s.task}
	if err := checkSeen(s); err != nil {
		return f, err
	}
	r, p, err := tx.Get(Tasks.Name, s.task)
	switch {
	case err != nil:
		return f, err
	case p == office.Elsewhere:
		return f, office.ErrElsewhere()
	case p == office.Absent:
		return f, &office.Error{Code: office.CodeNotFound, Field: "task", Message: s.task}
	}
	if err := r.Decode(&f.task); err != nil {
		return f, err
	}
	f.instID = r.Root
	if f.task.Person != c.Actor {
		return f, &office.Error{Code: office.CodeNotPermitted, Field: "task"}
	}
	if f.task.Subject != s.subject {
		return f, office.Invalid("subject", "the task is about another record")
	}
	if f.inst, err = Instances.Need(tx, f.instID); err != nil {
		return f, err
	}
	if f.task.State != TaskOpen {
		return f, refusal(f.task, f.inst)
	}
	if err := alive(f.inst); err != nil {
		return f, err
	}
	if v := f.visit(); v.Paper != nil { // W34: it is handled on paper, and comes back as a whole
		return f, office.Errorf(office.CodeState, "on paper")
	}
	if !slices.Contains(f.task.Acts, s.act) {
		return f, office.Errorf(office.CodeNotPermitted, "%s is not allowed at %s", s.act, f.task.StepName)
	}
	if f.subject, err = subjectOf(tx, f.inst.SubjectKind, f.inst.Subject); err != nil {
		return f, err
	}
	if f.def, err = Definitions.Need(tx, f.inst.Definition); err != nil {
		return f, err
	}
	f.step, _ = f.def.Step(f.task.Step)
	if f.task.Step != s.step {
		return f, &office.Error{Code: office.CodeStaleBody, Field: "step"}
	}
	if f.task.Rev != s.rev {
		return f, &office.Error{Code: office.CodeStaleBody, Field: "task_rev"}
	}
	if !s.blind && f.subject.ContentHash != s.hash {
		return f, &office.Error{Code: office.CodeStaleBody, Field: "seen_hash"}
	}
	if s.act != ActTransfer && slices.Contains(f.step.Ban, strings.Trim(strings.TrimSpace(s.words), "。.!！ ")) {
		return f, office.Invalid("words", "%q alone is no opinion here", s.words) // W35
	}
	return f, s.ink.check(s.hash)
}

// visit is the stay of the task.
func (f found) visit() Visit {
	for _, v := range f.inst.Tokens {
		if v.Step == f.task.Step && v.Round == f.task.Round {
			return v
		}
	}
	return Visit{}
}

func checkSeen(s seen) error {
	for _, f := range []struct{ name, id string }{{"task", s.task}, {"subject", s.subject}, {"step", s.step}} {
		if err := office.CheckID(f.name, f.id); err != nil {
			return err
		}
	}
	if err := office.CheckLine("seen_hash", s.hash, 0, 200); err != nil {
		return err
	}
	return office.CheckText("words", s.words, maxWords)
}

// record closes the task with its act, keeps the opinion and adds to the trace.
func (f found) record(tx office.Tx, c office.Context, s seen, set office.Fields, e Event) error {
	state, err := to(taskMoves, f.task.State, s.act)
	if err != nil {
		return err
	}
	set["state"], set["act"], set["done_at"] = state, s.act, office.Millis(c.Now)
	if err := Tasks.Patch(tx, f.taskID, set); err != nil {
		return err
	}
	if s.act != ActTransfer {
		e.Opinion = c.NewID("opinion")
		if err := Opinions.InsertUnder(tx, f.instID, e.Opinion, f.opinion(c, s)); err != nil {
			return err
		}
	}
	e.For = f.task.For
	e.What, e.Step, e.StepName, e.Round, e.Task = s.act, f.task.Step, f.task.StepName, f.task.Round, f.taskID
	return trace(tx, c, f.instID, &f.inst, "event", e)
}

// opinion is what the act says, on the sheet of the paper. In a sealed step only
// its author reads it until the step is left (W1).
func (f found) opinion(c office.Context, s seen) Opinion {
	return Opinion{
		Area: f.task.Area, AreaName: f.task.AreaName, Step: f.task.Step, StepName: f.task.StepName,
		Round: f.task.Round, Task: f.taskID, Actor: c.Actor, Act: s.act, Words: s.words, Seen: s.hash,
		Claimed: office.Millis(c.Claimed), Effective: office.Millis(c.Now),
		For: f.task.For, Verdict: s.verdict, Sealed: f.step.Sealed, Ink: s.ink, Decided: s.decided,
	}
}

// note adds to the trace what a person did with a task without ending it.
func (f found) note(tx office.Tx, c office.Context, e Event) error {
	e.Step, e.StepName, e.Round, e.Task, e.For = f.task.Step, f.task.StepName, f.task.Round, f.taskID, f.task.For
	return trace(tx, c, f.instID, &f.inst, "event", e)
}

// trace adds an entry, by the actor unless it says by whom, and counts it in the
// instance.
func trace(tx office.Tx, c office.Context, instID string, inst *Instance, label string, e Event) error {
	inst.Events++
	e.N, e.Effective = inst.Events, office.Millis(c.Now)
	if e.Who == "" {
		e.Who, e.Claimed = c.Actor, office.Millis(c.Claimed)
	}
	if err := Events.InsertUnder(tx, instID, c.NewID(label), e); err != nil {
		return err
	}
	return Instances.Patch(tx, instID, office.Fields{"events": inst.Events})
}

// checkPeople refuses a list that is too long or names nobody, somebody twice
// or somebody who has left.
func checkPeople(tx office.Tx, field string, people []office.UserID, max int) error {
	ids := make([]string, len(people))
	for i, u := range people {
		ids[i] = string(u)
	}
	if err := office.CheckIDs(field, ids, max); err != nil {
		return err
	}
	for _, u := range people {
		if err := mustBeActive(tx, field, u); err != nil {
			return err
		}
	}
	return nil
}
