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
	f := forecast{advance: a}
	for _, v := range a.inst.Tokens {
		f.seen = append(f.seen, v.Step)
	}
	from := slices.Clone(f.seen)
	if len(from) == 0 && len(a.inst.Path) > 0 { // not moved by the server yet
		from = []string{a.inst.Path[len(a.inst.Path)-1].Step}
		f.seen = from
	}
	for _, at := range from {
		if err := f.after(at); err != nil {
			return nil, err
		}
	}
	return f.out, nil
}

type forecast struct {
	*advance
	seen []string
	out  []Forecast
}

// after adds what comes behind a step: one line, or at a fork all that hold.
func (f *forecast) after(at string) error {
	step, ok := f.def.Step(at)
	if !ok || step.Type == StepEnd {
		return nil
	}
	to := []string{f.next(step)}
	if step.Type == StepFork {
		to = nil
		for _, l := range step.Lines {
			if f.holds(l.When) {
				to = append(to, l.To)
			}
		}
	}
	for _, id := range to {
		if slices.Contains(f.seen, id) { // a loop, or where branches meet: what comes then has been shown
			continue
		}
		f.seen = append(f.seen, id)
		next, ok := f.def.Step(id)
		if !ok {
			continue
		}
		if x, show, err := f.about(next); err != nil {
			return err
		} else if show {
			f.out = append(f.out, x)
		}
		if err := f.after(id); err != nil {
			return err
		}
	}
	return nil
}

func (f *forecast) about(next Step) (Forecast, bool, error) {
	x := Forecast{Step: next.ID, Name: next.Name, Policy: next.policy(), End: next.Type == StepEnd}
	var err error
	switch next.Type {
	case StepEnd:
		x.Policy = ""
	case StepChoice, StepFork, StepJoin:
		return x, false, nil
	case StepSub:
		units := []string{f.inst.Unit}
		if next.Sub.Units != "" {
			units = f.subject.list(next.Sub.Units)
		}
		x.Policy = All
		x.People, err = f.headsOf(units)
		return x, len(units) > 0, err
	default:
		x.People, err = f.handlers(next)
	}
	return x, true, err
}
