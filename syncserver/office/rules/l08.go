package rules

import (
	"slices"

	"qianshao/syncserver/office"
)

// important are the 文种 that only the principal signs, whoever they go to.
var important = []string{"决议", "决定", "命令", "公报", "议案"}

// l8 has 上行文 and important papers signed by the principal of the issuing body.
func l8() Rule {
	var (
		wrong = Text{"%[1]s应当由发文机关主要负责人签发，%[2]s不是", "A %[1]s is signed by the principal of the issuing body; %[2]s is not"}
		ask   = Text{"改由%[1]s签发", "Have it signed by %[1]s"}
	)
	return Rule{
		ID: "L8", Name: Text{"主要负责人签发", "Signed by the principal"}, Grade: Forbid, Fixed: true,
		At: forms, Reads: []Reading{ReadsPaper, ReadsFlow, ReadsPeople, ReadsUnits}, Source: "条例第二十二条",
		Check: func(f *Facts) []Finding {
			p := f.issuing(f.atGates())
			if p == nil || !goesUp(p) && !slices.Contains(important, p.Genre) {
				return nil
			}
			signer := p.Signer
			if f.Moment == Approving && f.Flow().Gate == gateSign {
				signer = f.seat()
			}
			if signer == "" || slices.Contains(f.Person(signer).Roles, rolePrincipal) {
				return nil
			}
			var heads []office.UserID
			for _, issuer := range p.Issuers() {
				if u, ok := f.Unit(issuer); ok && u.Head != "" {
					heads = append(heads, u.Head)
				}
			}
			if slices.Contains(heads, signer) {
				return nil
			}
			x := Finding{Grade: Forbid, Place: Place{Element: "signer"}, Message: wrong.With(p.Genre, f.Name(signer))}
			if len(heads) > 0 {
				x.Mends = []Mend{setTo("signer", heads[0], ask.With(f.Name(heads[0])))}
			}
			return []Finding{x}
		},
	}
}
