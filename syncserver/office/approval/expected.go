package approval

import (
	"slices"

	"qianshao/syncserver/office"
)

// A Forecast is a step that a paper will probably come to. It is never a
// promise: conditions, people and texts may change, and only the server decides.
type Forecast struct {
	Step   string          `json:"step"`
	Name   string          `json:"name"`
	Policy Policy          `json:"policy"`
	People []office.UserID `json:"people,omitempty"` // as the directory and the paper are now; none: the 文书 would be asked
	End    bool            `json:"end,omitempty"`
}

// Expected is the path that a desk shows after the present step, by what it
// holds. It changes nothing. None for an instance that has ended.
func Expected(tx office.Tx, instance string) ([]Forecast, error) {
	a, err := open(tx, office.Context{}, instance, Effects{})
	if err != nil || a.inst.State == Ended {
		return nil, err
	}
	var at string
	switch {
	case len(a.inst.Tokens) > 0:
		at = a.inst.Tokens[0].Step
	case len(a.inst.Path) > 0: // not moved by the server yet
		at = a.inst.Path[len(a.inst.Path)-1].Step
	}
	var out []Forecast
	seen := []string{at}
	for {
		step, ok := a.def.Step(at)
		if !ok || step.Type == StepEnd {
			return out, nil
		}
		at = a.next(step)
		if slices.Contains(seen, at) { // a loop: what comes then has been shown
			return out, nil
		}
		seen = append(seen, at)
		next, ok := a.def.Step(at)
		if !ok {
			return out, nil
		}
		f := Forecast{Step: next.ID, Name: next.Name, Policy: next.policy(), End: next.Type == StepEnd}
		if f.End {
			f.Policy = ""
		} else if f.People, err = a.resolve(next.Handlers); err != nil {
			return nil, err
		}
		out = append(out, f)
	}
}
