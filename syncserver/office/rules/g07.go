package rules

import (
	"slices"
	"strings"
)

// g7 wants the 署名 to be the issuing body, as the seal will say: nothing is
// signed that another's name stands under.
func g7() Rule {
	var (
		other = Text{"署名“%[1]s”不是发文机关%[2]s", "“%[1]s”, under which the text stands, is not the issuing body %[2]s"}
		mend  = Text{"署名改为%[1]s", "Put %[1]s there"}
	)
	return Rule{
		ID: "G7", Name: Text{"署名与发文机关一致", "The signature is the issuer's"}, Grade: Forbid,
		At: forms, Reads: []Reading{ReadsPaper, ReadsText, ReadsUnits}, Source: "GB/T 9704-2012 7.3.5",
		Check: func(f *Facts) []Finding {
			p := f.issuing(f.atGates())
			if p == nil {
				return nil
			}
			issuers := p.Issuers()
			if len(issuers) == 0 {
				return nil
			}
			var out []Finding
			for _, b := range f.Text() {
				if b.Type != "signature" {
					continue
				}
				for _, name := range strings.FieldsFunc(b.Text, func(r rune) bool { return strings.ContainsRune("\n、，, 　", r) }) {
					if slices.ContainsFunc(issuers, func(i string) bool { return f.sameBody(i, name) }) {
						continue
					}
					x := Finding{Grade: Forbid, Place: Place{Block: b.ID}, Message: other.With(name, strings.Join(issuers, "、"))}
					if len(issuers) == 1 {
						x.Mends = []Mend{{Label: mend.With(issuers[0]), Block: b.ID, Words: issuers[0]}}
					}
					out = append(out, x)
				}
			}
			return out
		},
	}
}

// sameBody reports whether two names are of one body, by the directory's names
// and short names.
func (f *Facts) sameBody(a, b string) bool {
	if a == b {
		return true
	}
	x, ok := f.Unit(a)
	y, known := f.Unit(b)
	return ok && known && x.ID == y.ID
}
