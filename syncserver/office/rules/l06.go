package rules

import "regexp"

var inner = regexp.MustCompile(`(?:科|股|处|室)(?:[（(][^）)]*[）)])?$`)
var notInner = regexp.MustCompile(`(?:办公室|办公厅|研究室|办事处|管理处)$`)

// l6 keeps the inner sections of a department from issuing papers to the outside.
func l6() Rule {
	var (
		found = Text{"内设机构（办公室除外）不得对外正式行文：%[1]s", "An inner section, other than the office, does not issue papers: %[1]s"}
		by    = Text{"改由%[1]s发文", "Issue it as %[1]s"}
	)
	return Rule{
		ID: "L6", Name: Text{"内设机构不对外行文", "Sections do not issue"}, Grade: Forbid,
		At: forms, Reads: []Reading{ReadsPaper, ReadsUnits}, Source: "条例第十七条",
		Check: func(f *Facts) []Finding {
			p := f.issuing(f.atGates())
			if p == nil {
				return nil
			}
			var out []Finding
			for _, issuer := range p.Issuers() {
				if !inner.MatchString(issuer) || notInner.MatchString(issuer) {
					continue
				}
				x := Finding{Grade: Forbid, Place: Place{Element: "issuer"}, Message: found.With(issuer)}
				if u, ok := f.Unit(issuer); ok {
					if parent, ok := f.Unit(u.Parent); ok {
						x.Mends = []Mend{setTo("issuer", parent.Name, by.With(parent.Name))}
					}
				}
				out = append(out, x)
			}
			return out
		},
	}
}
