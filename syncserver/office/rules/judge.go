package rules

import (
	"slices"

	"qianshao/syncserver/office"
)

// Judge asks every rule of the facts' moment and gives what they find, the
// gravest first, with the reasons given so far. An error is a fault of reading.
func Judge(f *Facts) ([]Finding, error) {
	var out []Finding
	for _, r := range List() {
		if !slices.Contains(r.At, f.Moment) && !slices.Contains(r.At, Anything) {
			continue
		}
		off, err := f.off(r)
		if err != nil {
			return nil, err
		}
		if off {
			continue
		}
		f.fault = nil
		found := r.Check(f)
		switch {
		case office.CodeOf(f.fault) == office.CodeElsewhere:
			continue // the server knows
		case f.fault != nil:
			return nil, f.fault
		}
		for _, x := range found {
			x.Rule = r.ID
			x.Key = office.DeriveID("finding", r.ID, x.Place.Element, x.Place.Block, x.Message.ZH)
			out = append(out, x)
		}
	}
	if err := f.reasons(out); err != nil {
		return nil, err
	}
	order := map[Grade]int{Forbid: 0, Warn: 1, Note: 2}
	slices.SortStableFunc(out, func(a, b Finding) int { return order[a.Grade] - order[b.Grade] })
	return out, nil
}

// Enforce refuses the act if a rule blocks it, or warns of it and no reason has
// been given: CodeRule or CodeReason, with the rule's id as the field.
func Enforce(f *Facts) error {
	found, err := Judge(f)
	if err != nil {
		return err
	}
	for _, x := range found {
		if !x.settled() {
			return x.refusal()
		}
	}
	return nil
}

// Find is the rule of an id.
func Find(id string) (Rule, bool) {
	for _, r := range List() {
		if r.ID == id {
			return r, true
		}
	}
	return Rule{}, false
}
