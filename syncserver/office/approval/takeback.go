package approval

import (
	"slices"

	"qianshao/syncserver/office"
)

// TakeBack is 取回: who sent the paper to its present step takes it back while
// nobody there has acted (W20, 未办可取回). Those who were asked lose their
// tasks; what they do off line meanwhile is refused and their words are kept.
type TakeBack struct {
	Instance string `json:"instance"`
	Subject  string `json:"subject"`
	Words    string `json:"words,omitempty"`
}

func (*TakeBack) Kind() string      { return "approval.take_back@1" }
func (x *TakeBack) Locks() []string { return lockSubject(x.Subject) }

// Run withdraws the open tasks and marks the stay as recalled; the server makes
// the sender's new task. Refusals: CodeNotPermitted for anybody but the sender,
// CodeDoneByOther when somebody has acted, CodeSuspended, CodeEnded.
func (x *TakeBack) Run(tx office.Tx, c office.Context) error {
	if err := office.CheckID("instance", x.Instance); err != nil {
		return err
	}
	if err := office.CheckID("subject", x.Subject); err != nil {
		return err
	}
	if err := office.CheckText("words", x.Words, maxWords); err != nil {
		return err
	}
	inst, err := Instances.Need(tx, x.Instance)
	if err != nil {
		return err
	}
	if inst.Subject != x.Subject {
		return office.Invalid("subject", "the instance is about another record")
	}
	if !partOf(inst, c.Actor) {
		return &office.Error{Code: office.CodeNotPermitted}
	}
	if err := alive(inst); err != nil {
		return err
	}
	if len(inst.Tokens) != 1 || len(inst.Path) == 0 {
		return office.Errorf(office.CodeState, "on its way") // the server has not moved it yet
	}
	at := inst.Tokens[0]
	if at.Recall != "" {
		return office.Errorf(office.CodeState, "taken back already")
	}
	if at.From != c.Actor {
		if sentBefore(inst, c.Actor) {
			return &office.Error{Code: office.CodeDoneByOther, Message: at.Name}
		}
		return &office.Error{Code: office.CodeNotPermitted}
	}
	asked, err := tasksOf(tx, x.Instance, at.Step, at.Round)
	if err != nil {
		return err
	}
	for _, t := range asked {
		if t.Value.State != TaskOpen {
			return &office.Error{Code: office.CodeDoneByOther, Message: at.Name}
		}
	}
	for _, t := range asked {
		if err := closeTask(tx, c, t, "taken_back"); err != nil {
			return err
		}
	}
	at.Recall = c.Actor
	if err := Instances.Patch(tx, x.Instance, office.Fields{"tokens": []Visit{at}}); err != nil {
		return err
	}
	return trace(tx, c, x.Instance, &inst, "event", Event{
		What: EventTakeBack, Step: at.Step, StepName: at.Name, Round: at.Round,
		ToStep: inst.Path[len(inst.Path)-1].Step, Detail: x.Words,
	})
}

// sentBefore reports whether the person acted at a step the paper has passed.
func sentBefore(inst Instance, who office.UserID) bool {
	for _, v := range inst.Path {
		if slices.Contains(v.By, who) {
			return true
		}
	}
	return false
}
