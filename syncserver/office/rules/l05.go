package rules

import "slices"

// l5 finds 越级行文: a 主送 above the direct superior needs a reason, and the body
// passed over gets a copy.
func l5() Rule {
	var (
		over = Text{"越级行文：%[1]s不是直接上级，须说明理由并抄送%[2]s", "%[1]s is not the direct superior: say why, and copy to %[2]s"}
		copy = Text{"抄送%[1]s", "Copy to %[1]s"}
	)
	return Rule{
		ID: "L5", Name: Text{"不越级行文", "No level passed over"}, Grade: Warn,
		At: forms, Reads: []Reading{ReadsPaper}, Source: "条例第十四条",
		Check: func(f *Facts) []Finding {
			p := f.issuing(f.byClerks())
			if p == nil {
				return nil
			}
			var out []Finding
			for _, to := range names(p.To) {
				for _, issuer := range p.Issuers() {
					passed, yes := skips(to, issuer)
					if !yes {
						continue
					}
					x := Finding{Grade: Warn, Place: Place{Element: "to"}, Message: over.With(to, passed)}
					if !slices.Contains(names(p.CC), passed) {
						x.Mends = []Mend{setTo("cc", append(slices.Clone(p.CC), passed), copy.With(passed))}
					}
					out = append(out, x)
					break
				}
			}
			return out
		},
	}
}
