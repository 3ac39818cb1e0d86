package rules

import (
	"slices"
	"strings"

	"qianshao/syncserver/office"
)

// l7 keeps a paper from being signed before every unit and person it concerns
// has been asked (会签), and, where one does not agree, before the difference was
// set out and decided above: then somebody above gives the reason.
func l7() Rule {
	var (
		unasked  = Text{"%[1]s尚未会签，不得签发", "%[1]s has not been asked yet: not to be signed"}
		disagree = Text{"%[1]s不同意：须列明分歧并由上级协调裁定后方可下行文", "%[1]s does not agree: the difference is set out and decided above first"}
	)
	return Rule{
		ID: "L7", Name: Text{"涉及部门须协商一致", "Agreement of those concerned"}, Grade: Forbid, Warns: true,
		At: []Moment{Approving}, Reads: []Reading{ReadsPaper, ReadsFlow, ReadsPeople, ReadsUnits}, Source: "条例第十六条、第十九条",
		Check: func(f *Facts) []Finding {
			flow := f.Flow()
			p := f.issuing(flow.Gate == gateSign || flow.Gate == gateReview)
			if p == nil {
				return nil
			}
			var out []Finding
			judge := func(element, name, unit string, of func(Opinion) bool) {
				asked, stance := false, ""
				for _, o := range flow.Opinions {
					if !o.Old && of(o) {
						asked, stance = true, o.Stance
					}
				}
				for _, c := range flow.Consents {
					if unit != "" && c.Unit == unit {
						asked, stance = true, c.Stance
					}
				}
				switch {
				case !asked:
					out = append(out, Finding{Grade: Forbid, Place: Place{Element: element}, Message: unasked.With(name)})
				case stance == "disagree" && !goesUp(p) && !flow.Settled && strings.TrimSpace(f.Decided) == "":
					out = append(out, Finding{
						Grade: Warn, Place: Place{Element: element}, Message: disagree.With(name),
						By: []string{roleReviewer, roleIncharge, rolePrincipal},
					})
				}
			}
			for _, id := range p.CosignUnits {
				u, ok := f.Unit(id)
				if !ok {
					continue
				}
				judge("cosign_units", u.Name, u.ID, func(o Opinion) bool { return f.speaksFor(o.Actor, u) })
			}
			for _, who := range p.Cosigners {
				judge("cosigners", f.Name(who), "", func(o Opinion) bool { return o.Actor == who })
			}
			return out
		},
	}
}

// speaksFor reports whether a person's word is a unit's.
func (f *Facts) speaksFor(who office.UserID, u Unit) bool {
	p := f.Person(who)
	return u.Head == who || p.InUnit(u.ID) || u.Clerk != "" && slices.Contains(p.Posts, u.Clerk)
}
