package approval

import (
	"slices"
	"strings"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/directory"
)

// Transfer is 转办: the person gives their task away and loses it (W11). It
// says nothing about the text, so a changed text does not stand in its way.
type Transfer struct {
	Task    string        `json:"task"`
	Subject string        `json:"subject"`
	TaskRev int64         `json:"task_rev"`
	Step    string        `json:"step"`
	To      office.UserID `json:"to"`
	Words   string        `json:"words,omitempty"`
}

func (*Transfer) Kind() string      { return "approval.transfer@1" }
func (x *Transfer) Locks() []string { return lockSubject(x.Subject) }

// Run records the act; the server makes the task of the new person. Besides the
// codes of decide: CodeInvalid for oneself, for somebody who is not in the
// office, or who has a task at this step already.
func (x *Transfer) Run(tx office.Tx, c office.Context) error {
	if err := office.CheckID("to", string(x.To)); err != nil {
		return err
	}
	s := seen{act: ActTransfer, task: x.Task, subject: x.Subject, rev: x.TaskRev, step: x.Step, words: x.Words, blind: true}
	f, err := decide(tx, c, s)
	if err != nil {
		return err
	}
	if err := mustBeActive(tx, "to", x.To); err != nil {
		return err
	}
	asked, err := tasksOf(tx, f.instID, f.task.Step, f.task.Round)
	if err != nil {
		return err
	}
	// Oneself is among them.
	if slices.ContainsFunc(asked, func(t taskItem) bool { return t.Value.Person == x.To && t.Value.State == TaskOpen }) {
		return office.Invalid("to", "%s has this task already", x.To)
	}
	return f.record(tx, c, s, office.Fields{"to": x.To}, Event{To: []office.UserID{x.To}, Detail: x.Words})
}

// mustSay refuses empty words where words are the point.
func mustSay(field, words string) error {
	if strings.TrimSpace(words) == "" {
		return office.Invalid(field, "words are needed")
	}
	return nil
}

// mustBeActive refuses a person who is not, or no longer, in the office.
func mustBeActive(tx office.Tx, field string, who office.UserID) error {
	p, at, err := directory.People.Get(tx, string(who))
	switch {
	case err != nil:
		return err
	case at == office.Elsewhere:
		return office.ErrElsewhere()
	case at == office.Absent || !p.IsActive():
		return office.Invalid(field, "%s is not in the office", who)
	}
	return nil
}
