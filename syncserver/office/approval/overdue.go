package approval

import (
	"strconv"

	"qianshao/syncserver/office"
)

// Overdue is the timer of a stay's time limit, given by the system. It reminds
// and records; time alone never approves anything (W37).
type Overdue struct {
	Instance string `json:"instance"`
	Subject  string `json:"subject"`
	Step     string `json:"step"`
	Round    int    `json:"round"`
	Due      int64  `json:"due"`
}

func (*Overdue) Kind() string      { return "approval.overdue@1" }
func (x *Overdue) Locks() []string { return lockSubject(x.Subject) }

// Run marks the open tasks. It changes nothing if the paper has moved on or the
// limit was set anew. CodeNotPermitted for anybody but the system.
func (x *Overdue) Run(tx office.Tx, c office.Context) error {
	if c.Actor != office.System {
		return &office.Error{Code: office.CodeNotPermitted}
	}
	inst, err := Instances.Need(tx, x.Instance)
	if err != nil {
		return err
	}
	if inst.Subject != x.Subject {
		return office.Invalid("subject", "the instance is about another record")
	}
	v, ok := (&Timer{Step: x.Step, Round: x.Round, Due: x.Due}).stay(inst)
	if !ok || office.Millis(c.Now) < x.Due {
		return nil
	}
	items, err := tasksOf(tx, x.Instance, v.Step, v.Round)
	if err != nil {
		return err
	}
	var late []office.UserID
	for _, t := range items {
		if t.Value.State == TaskOpen && !t.Value.Overdue {
			if err := Tasks.Patch(tx, t.ID, office.Fields{"overdue": true}); err != nil {
				return err
			}
			late = append(late, t.Value.Person)
		}
	}
	if len(late) == 0 {
		return nil
	}
	return trace(tx, c, x.Instance, &inst, "event", Event{
		What: EventOverdue, Step: v.Step, StepName: v.Name, Round: v.Round, To: late, Detail: strconv.FormatInt(x.Due, 10),
	})
}
