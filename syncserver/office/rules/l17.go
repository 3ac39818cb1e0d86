package rules

import "slices"

// l17 is 联合行文: the first named does the work, and all of them sign.
func l17() Rule {
	var (
		missing = Text{"联合行文的%[1]s未列入会签", "%[1]s issues jointly and is not asked to sign"}
		unknown = Text{"联合行文的%[1]s不在通讯录中，无法在线会签，请说明会签方式", "%[1]s issues jointly and is not in the directory: say how it signs"}
		order   = Text{"主办机关应当排列在前：发文机关首位是%[1]s，会签首位是%[2]s", "The body that does the work is named first: %[1]s issues first, %[2]s signs first"}
		add     = Text{"按发文机关顺序列入会签", "Ask them in the order of issuing"}
	)
	return Rule{
		ID: "L17", Name: Text{"联合行文", "Issued jointly"}, Grade: Forbid, Warns: true,
		At: forms, Reads: []Reading{ReadsPaper, ReadsUnits}, Source: "条例第十七条",
		Check: func(f *Facts) []Finding {
			p := f.issuing(f.atGates())
			if p == nil || len(p.Issuers()) < 2 {
				return nil
			}
			var out []Finding
			var inOrder []string
			for _, issuer := range p.Issuers() {
				u, ok := f.Unit(issuer)
				if !ok {
					if f.byClerks() {
						out = append(out, Finding{Grade: Warn, Place: Place{Element: "issuer"}, Message: unknown.With(issuer)})
					}
					continue
				}
				inOrder = append(inOrder, u.ID)
			}
			wanted := slices.Clone(inOrder)
			for _, id := range p.CosignUnits {
				if !slices.Contains(wanted, id) {
					wanted = append(wanted, id)
				}
			}
			mend := []Mend{setTo("cosign_units", wanted, add)}
			for _, id := range inOrder {
				if u, _ := f.Unit(id); !slices.Contains(p.CosignUnits, id) {
					out = append(out, Finding{Grade: Forbid, Place: Place{Element: "cosign_units"}, Message: missing.With(u.Name), Mends: mend})
				}
			}
			if len(inOrder) > 0 && len(p.CosignUnits) > 0 && slices.Contains(p.CosignUnits, inOrder[0]) && p.CosignUnits[0] != inOrder[0] {
				first, _ := f.Unit(p.CosignUnits[0])
				lead, _ := f.Unit(inOrder[0])
				out = append(out, Finding{Grade: Forbid, Place: Place{Element: "cosign_units"}, Message: order.With(lead.Name, first.Name), Mends: mend})
			}
			return out
		},
	}
}
