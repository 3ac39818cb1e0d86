package approval

import (
	"qianshao/syncserver/office"
)

// Claim is 认领: a task of a pool becomes mine (W4). The server may refuse:
// whoever it heard first has it.
type Claim struct {
	Task    string `json:"task"`
	Subject string `json:"subject"`
	TaskRev int64  `json:"task_rev"`
	Step    string `json:"step"`
}

func (*Claim) Kind() string      { return "approval.claim@1" }
func (x *Claim) Locks() []string { return lockSubject(x.Subject) }

// Run marks the task as claimed. Refusals: the codes of decide.
func (x *Claim) Run(tx office.Tx, c office.Context) error {
	f, err := decide(tx, c, seen{act: ActClaim, task: x.Task, subject: x.Subject, rev: x.TaskRev, step: x.Step, blind: true})
	if err != nil {
		return err
	}
	a := advance{def: f.def, scene: scene{inst: f.inst}}
	now := office.Millis(c.Now)
	if err := Tasks.Patch(tx, x.Task, office.Fields{"claimed": now, "acts": append(append([]string(nil), a.full(f.step)...), ActRelease)}); err != nil {
		return err
	}
	if f.step.Claim > 0 {
		at := now + int64(f.step.Claim)*hour
		later(tx, at, &Timer{Instance: f.instID, Subject: x.Subject, Do: TimerClaim, Task: x.Task, Due: now, At: at})
	}
	return f.note(tx, c, Event{What: EventClaim})
}

// Release is 释放: the pool may claim it again.
type Release struct {
	Task    string `json:"task"`
	Subject string `json:"subject"`
	TaskRev int64  `json:"task_rev"`
	Step    string `json:"step"`
	Words   string `json:"words,omitempty"`
}

func (*Release) Kind() string      { return "approval.release@1" }
func (x *Release) Locks() []string { return lockSubject(x.Subject) }

// Run opens the pool again. Refusals: the codes of decide.
func (x *Release) Run(tx office.Tx, c office.Context) error {
	f, err := decide(tx, c, seen{act: ActRelease, task: x.Task, subject: x.Subject, rev: x.TaskRev, step: x.Step, words: x.Words, blind: true})
	if err != nil {
		return err
	}
	return release(tx, c, f.instID, f.inst, f.taskID, f.task)
}

func release(tx office.Tx, c office.Context, instID string, inst Instance, id string, t Task) error {
	items, err := tasksOf(tx, instID, t.Step, t.Round)
	if err != nil {
		return err
	}
	for _, o := range items {
		y := o.Value
		switch {
		case o.ID == id:
			if err := Tasks.Patch(tx, id, office.Fields{"claimed": nil, "acts": []string{ActClaim}, "rev": t.Rev + 1}); err != nil {
				return err
			}
		case y.State == TaskDoneByOther && y.Parent == "":
			state, err := to(taskMoves, y.State, "release")
			if err != nil {
				return err
			}
			if err := Tasks.Patch(tx, o.ID, office.Fields{"state": state, "done_at": nil, "rev": y.Rev + 1}); err != nil {
				return err
			}
		}
	}
	return trace(tx, c, instID, &inst, "event", Event{What: EventRelease, Step: t.Step, StepName: t.StepName, Round: t.Round, Task: id})
}
