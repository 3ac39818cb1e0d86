package approval

import (
	"slices"

	"qianshao/syncserver/office"
)

// Requeue sets the order of those in a 顺签 whose turn has not come: people are
// put in, taken out, moved (W5).
type Requeue struct {
	Instance string          `json:"instance"`
	Subject  string          `json:"subject"`
	Step     string          `json:"step"`
	Round    int             `json:"round"`
	Was      []office.UserID `json:"was"` // those still to come, as their author saw them
	Then     []office.UserID `json:"then"`
}

func (*Requeue) Kind() string      { return "approval.requeue@1" }
func (x *Requeue) Locks() []string { return lockSubject(x.Subject) }

// Run sets the order. Whoever is asked now, whoever sent it here and the
// 流程管理员 may. CodeStaleBody if somebody's turn has come meanwhile.
func (x *Requeue) Run(tx office.Tx, c office.Context) error {
	inst, err := aboutSubject(tx, x.Instance, x.Subject)
	if err != nil {
		return err
	}
	if err := alive(inst); err != nil {
		return err
	}
	i := slices.IndexFunc(inst.Tokens, func(v Visit) bool { return v.Step == x.Step && v.Round == x.Round })
	if i < 0 {
		return &office.Error{Code: office.CodeTaskWithdrawn}
	}
	v := inst.Tokens[i]
	def, err := Definitions.Need(tx, inst.Definition)
	if err != nil {
		return err
	}
	step, _ := def.Step(x.Step)
	if v.policy(step) != Serial {
		return office.Errorf(office.CodeState, "%s is no 顺签", v.Name)
	}
	items, err := tasksOf(tx, x.Instance, x.Step, x.Round)
	if err != nil {
		return err
	}
	mine := c.Actor == v.From
	var begun, wait []office.UserID
	for _, t := range items {
		mine = mine || t.Value.Person == c.Actor && t.Value.State == TaskOpen
	}
	for _, u := range v.People {
		if s, _ := voiceOf(u, items); s == silent {
			wait = append(wait, u)
		} else {
			begun = append(begun, u)
		}
	}
	if !mine {
		if err := flowAdmin(tx, c); err != nil {
			return err
		}
	}
	if !slices.Equal(wait, x.Was) {
		return &office.Error{Code: office.CodeStaleBody, Field: "was"}
	}
	if err := checkPeople(tx, "then", x.Then, maxChoose); err != nil {
		return err
	}
	for _, u := range x.Then {
		if slices.Contains(begun, u) {
			return office.Invalid("then", "%s has had his turn", u)
		}
	}
	tokens := slices.Clone(inst.Tokens)
	tokens[i].People = append(begun, x.Then...)
	if err := Instances.Patch(tx, x.Instance, office.Fields{"tokens": tokens}); err != nil {
		return err
	}
	inst.Tokens = tokens
	return trace(tx, c, x.Instance, &inst, "event", Event{What: EventRequeue, Step: v.Step, StepName: v.Name, Round: v.Round, To: x.Then})
}
