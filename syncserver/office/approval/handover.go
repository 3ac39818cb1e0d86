package approval

import (
	"qianshao/syncserver/office"
	"qianshao/syncserver/office/directory"
)

// HandOver gives all that a person is asked to another: he leaves, or changes
// his post (W14). What he has done stays his.
type HandOver struct {
	From  office.UserID `json:"from"`
	To    office.UserID `json:"to"`
	Words string        `json:"words"`
}

func (*HandOver) Kind() string      { return "approval.hand_over@1" }
func (x *HandOver) Locks() []string { return []string{"hand_over:" + string(x.From)} }

// Run queues one command for each task, under the lock of its paper. The
// 流程管理员 may.
func (x *HandOver) Run(tx office.Tx, c office.Context) error {
	if err := flowAdmin(tx, c); err != nil {
		return err
	}
	if err := office.CheckID("from", string(x.From)); err != nil {
		return err
	}
	if err := office.CheckID("to", string(x.To)); err != nil {
		return err
	}
	if err := mustSay("words", x.Words); err != nil {
		return err
	}
	if err := office.CheckText("words", x.Words, maxWords); err != nil {
		return err
	}
	if x.From == x.To {
		return office.Invalid("to", "it is the same person")
	}
	if _, err := directory.Person(tx, x.From); err != nil {
		return err
	}
	if err := mustBeActive(tx, "to", x.To); err != nil {
		return err
	}
	for _, state := range []string{TaskOpen, TaskAsleep} {
		tasks, err := allTasks(tx, office.Query{View: "mine", Order: "created", Where: []office.Cond{
			office.Where("person", string(x.From)), office.Where("state", state),
		}})
		if err != nil {
			return err
		}
		for _, t := range tasks {
			later(tx, office.Millis(c.Now), &HandTask{Task: t.ID, Subject: t.Value.Subject, To: x.To, By: c.Actor, Words: x.Words})
		}
	}
	return nil
}

// HandTask is one task of a HandOver.
type HandTask struct {
	Task    string        `json:"task"`
	Subject string        `json:"subject"`
	To      office.UserID `json:"to"`
	By      office.UserID `json:"by"`
	Words   string        `json:"words,omitempty"`
}

func (*HandTask) Kind() string      { return "approval.hand_task@1" }
func (x *HandTask) Locks() []string { return lockSubject(x.Subject) }

// Run transfers the task; one whose new person is asked there already is only
// closed. CodeNotPermitted for anybody but the system.
func (x *HandTask) Run(tx office.Tx, c office.Context) error {
	if c.Actor != office.System {
		return &office.Error{Code: office.CodeNotPermitted}
	}
	r, at, err := tx.Get(Tasks.Name, x.Task)
	if err != nil || at != office.Present {
		return err
	}
	t, err := Tasks.Need(tx, x.Task)
	if err != nil || t.State != TaskOpen && t.State != TaskAsleep {
		return err
	}
	inst, err := aboutSubject(tx, r.Root, x.Subject)
	if err != nil || inst.State == Ended {
		return err
	}
	set := office.Fields{"to": x.To, "done_at": office.Millis(c.Now)}
	if set["state"], err = to(taskMoves, TaskOpen, ActTransfer); err != nil {
		return err
	}
	if err := Tasks.Patch(tx, x.Task, set); err != nil {
		return err
	}
	f := found{taskID: x.Task, task: t, instID: r.Root, inst: inst}
	return f.note(tx, c, Event{What: EventHandOver, To: []office.UserID{x.To}, Detail: string(x.By) + ": " + x.Words})
}
