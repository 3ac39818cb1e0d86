package approval

import (
	"encoding/json"
	"slices"

	"qianshao/syncserver/office"
)

// remember keeps, of a return that asks for it, the way straight back: where it
// was returned from and what had been passed between (W18). Parallel branches
// are walked again in any case.
func (a *advance) remember(v Visit, left, ended []Visit, t Task) *Resume {
	if t.Resubmit != ResubmitDirect || len(ended) > 0 || slices.ContainsFunc(left, func(p Visit) bool { return p.Branch != v.Branch }) {
		return nil
	}
	return &Resume{At: v, Path: slices.Clone(left[1:]), Signed: a.inst.Signed, Hash: a.subject.ContentHash, Material: a.material(), By: t.Seat}
}

// material is what the fields are that decide whether a paper may come straight
// back: who is asked along the way, an amount.
func (a *advance) material() string {
	out := map[string]json.RawMessage{}
	for _, f := range a.def.Material {
		if f == "content_hash" {
			out[f], _ = json.Marshal(a.subject.ContentHash)
		} else if isSet(a.subject.fields[f]) {
			out[f] = a.subject.fields[f]
		}
	}
	raw, _ := json.Marshal(out)
	return string(raw)
}

// resume sends a returned paper straight back to who returned it. It does not
// where a material field changed, or where a gate was passed between and the
// text is no longer the one that was signed: then it goes step by step.
func (a *advance) resume(v Visit, r Resume, sender office.UserID) (bool, error) {
	gated := slices.ContainsFunc(r.Path, func(p Visit) bool {
		s, ok := a.def.Step(p.Step)
		return ok && s.Gate != ""
	})
	if r.Material != a.material() || gated && !a.subject.Carries(r.Hash) {
		for _, p := range r.Path {
			if err := a.grey(p, ""); err != nil {
				return true, err
			}
		}
		return false, a.event(Event{What: EventStepwise, Step: v.Step, StepName: v.Name, Round: v.Round})
	}
	a.inst.Path = append(slices.Clone(a.inst.Path), r.Path...)
	if a.inst.Signed == nil {
		a.inst.Signed = r.Signed
	}
	step, err := a.step(r.At.Step)
	if err != nil {
		return true, err
	}
	people := r.At.People
	if p := r.At.policy(step); p == Any || p == Pool { // of those any of whom may act, the one who returned it
		people = []office.UserID{r.By}
	}
	return true, a.enter(step, Visit{Branch: r.At.Branch, From: sender, Policy: r.At.Policy}, people)
}
