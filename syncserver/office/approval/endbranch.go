package approval

import (
	"slices"

	"qianshao/syncserver/office"
)

// EndBranch ends one of several parallel branches (W31).
type EndBranch struct {
	Instance string `json:"instance"`
	Subject  string `json:"subject"`
	Branch   string `json:"branch"`
	Words    string `json:"words"`
}

func (*EndBranch) Kind() string      { return "approval.end_branch@1" }
func (x *EndBranch) Locks() []string { return lockSubject(x.Subject) }

// Run notes it; the server ends the branch. The 流程管理员 may.
func (x *EndBranch) Run(tx office.Tx, c office.Context) error {
	inst, err := intervened(tx, c, x.Instance, x.Subject, x.Words)
	if err != nil {
		return err
	}
	if x.Branch == "" || !slices.ContainsFunc(inst.Tokens, func(v Visit) bool { return within(v.Branch, x.Branch) }) {
		return office.Invalid("branch", "nothing is under way there")
	}
	return trace(tx, c, x.Instance, &inst, "event", Event{What: EventBranch, Branch: x.Branch, Detail: x.Words})
}

func (a *advance) endBranch(branch string) error {
	n, err := a.forkOf(branch)
	if err != nil {
		return err
	}
	key := a.inst.Forks[n]
	ended, err := a.cancelLine(branch, "step_left")
	if err != nil {
		return err
	}
	join := a.def.joinOf(key.Step)
	for i, f := range a.inst.Forks {
		if f.Step == key.Step && f.Round == key.Round {
			f.Ended = append(slices.Clone(f.Ended), branch)
			a.inst.Forks[i] = f
			step, err := a.step(join)
			if err != nil || len(ended) == 0 {
				return err
			}
			return a.meet(step, i, "")
		}
	}
	return nil
}
