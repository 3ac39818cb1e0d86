package approval

import (
	"slices"

	"qianshao/syncserver/office"
)

// Jump is 跳转: the 流程管理员 moves a paper to another step, with a reason that
// everybody reads (W23). 签发 and 复核 are never jumped over.
type Jump struct {
	Instance string `json:"instance"`
	Subject  string `json:"subject"`
	From     string `json:"from"` // the step it is at
	To       string `json:"to"`
	Words    string `json:"words"`
}

func (*Jump) Kind() string      { return "approval.jump@1" }
func (x *Jump) Locks() []string { return lockSubject(x.Subject) }

// Run notes it; the server moves the paper.
func (x *Jump) Run(tx office.Tx, c office.Context) error {
	inst, err := intervened(tx, c, x.Instance, x.Subject, x.Words)
	if err != nil {
		return err
	}
	def, err := Definitions.Need(tx, inst.Definition)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(inst.Tokens, func(v Visit) bool { return v.Step == x.From })
	if i < 0 {
		return &office.Error{Code: office.CodeStaleBody, Field: "from"}
	}
	if err := def.mayJump(inst, inst.Tokens[i], x.To); err != nil {
		return err
	}
	return trace(tx, c, x.Instance, &inst, "event", Event{What: EventJump, Step: x.From, StepName: inst.Tokens[i].Name, Round: inst.Tokens[i].Round, ToStep: x.To, Detail: x.Words})
}

// intervened is what each intervention begins with: the 流程管理员, a paper that is
// under way, and the reason in words.
func intervened(tx office.Tx, c office.Context, instance, subject, words string) (Instance, error) {
	if err := flowAdmin(tx, c); err != nil {
		return Instance{}, err
	}
	inst, err := aboutSubject(tx, instance, subject)
	if err != nil {
		return inst, err
	}
	if err := said(words); err != nil {
		return inst, err
	}
	return inst, alive(inst)
}

// mayJump refuses a step that is none, that is in another branch, or that lies
// behind a gate the paper has not passed.
func (d Definition) mayJump(inst Instance, v Visit, id string) error {
	s, ok := d.Step(id)
	if !ok || s.Type != "" && s.Type != StepTask {
		return office.Invalid("to", "%q is no step with a task", id)
	}
	nest, err := d.nesting()
	if err != nil {
		return err
	}
	if n := nest[id]; len(n) > 0 && !slices.Equal(n, nest[v.Step]) {
		return office.Invalid("to", "%s is inside other branches", s.Name)
	}
	for _, g := range []Gate{GateSign, GateReview} {
		passed := slices.ContainsFunc(inst.Path, func(p Visit) bool {
			q, ok := d.Step(p.Step)
			return ok && q.Gate == g
		})
		has := slices.ContainsFunc(d.Steps, func(s Step) bool { return s.Gate == g })
		if has && !passed && !d.reach(d.First, g)[id] {
			return office.Errorf(office.CodeState, "%s is not jumped over", g)
		}
	}
	return nil
}

// jump moves a stay to another step.
func (a *advance) jump(x *Jump) error {
	i := slices.IndexFunc(a.inst.Tokens, func(v Visit) bool { return v.Step == x.From })
	v := a.inst.Tokens[i]
	if k := lastVisit(a.inst.Path, x.To, v.Branch); k >= 0 {
		if err := a.cancel(v, "step_left"); err != nil {
			return err
		}
		return a.reopen(v, k, Task{})
	}
	if err := a.cancel(v, "step_left"); err != nil {
		return err
	}
	nest, err := a.def.nesting()
	if err != nil {
		return err
	}
	branch := v.Branch
	if len(nest[x.To]) == 0 { // out of all branches: they are over
		branch = ""
		if _, err := a.cancelLine("", "step_left"); err != nil {
			return err
		}
	}
	if v.Step == a.def.First { // it is its starter's all the same: there it can be returned to
		v.By = []office.UserID{a.inst.Starter}
		a.inst.Path = append(a.inst.Path, v)
	}
	return a.goTo(x.To, branch, nil, "")
}
