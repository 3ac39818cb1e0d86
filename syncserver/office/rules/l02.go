package rules

import (
	"regexp"
	"slices"
	"strings"
)

var (
	toPerson  = regexp.MustCompile(`(?:同志|省长|市长|县长|区长|书记|部长|厅长|局长|主任)$`)
	severally = regexp.MustCompile(`(?:等|若干|几个|有关)(?:事项|问题|事宜)的请示$|等[^，。]{0,6}(?:事项|问题|事宜)`)
)

// l2 is what a 请示 must be: one matter, one 主送, nothing copied downwards, and
// to a body, not to a leader personally.
func l2() Rule {
	var (
		many    = Text{"请示只能有一个主送机关，现有%[1]d个", "A request for instructions goes to one body, not to %[1]d"}
		none    = Text{"请示要写明一个主送机关", "A request for instructions names the body it goes to"}
		keep    = Text{"只主送%[1]s，其余改为抄送", "Send to %[1]s, copy to the others"}
		down    = Text{"请示不得同时抄送下级机关：%[1]s", "A request for instructions is not copied to a lower body: %[1]s"}
		drop    = Text{"去掉抄送%[1]s", "Remove the copy to %[1]s"}
		person  = Text{"请示不直接报送领导个人：%[1]s", "A request for instructions does not go to a leader personally: %[1]s"}
		matters = Text{"请示应当一文一事，标题似含多个事项", "A request for instructions is about one matter; the title seems to name several"}
	)
	return Rule{
		ID: "L2", Name: Text{"请示一文一事、一个主送", "One matter, one addressee"}, Grade: Forbid, Warns: true,
		At: forms, Reads: []Reading{ReadsPaper, ReadsUnits}, Source: "条例第十五条",
		Check: func(f *Facts) []Finding {
			p := f.issuing(f.atGates())
			if p == nil || p.Genre != "请示" {
				return nil
			}
			var out []Finding
			to := names(p.To)
			switch {
			case len(to) == 0 && f.Moment != Drafting:
				out = append(out, Finding{Grade: Forbid, Place: Place{Element: "to"}, Message: none})
			case len(to) > 1:
				out = append(out, Finding{Grade: Forbid, Place: Place{Element: "to"}, Message: many.With(len(to)), Mends: []Mend{
					setTo("to", to[:1], keep.With(to[0])).and("cc", append(slices.Clone(p.CC), to[1:]...)),
				}})
			}
			for _, cc := range names(p.CC) {
				if f.isBelow(cc, p) {
					rest := slices.DeleteFunc(names(p.CC), func(s string) bool { return s == cc })
					out = append(out, Finding{Grade: Forbid, Place: Place{Element: "cc"}, Message: down.With(cc), Mends: []Mend{setTo("cc", rest, drop.With(cc))}})
				}
			}
			if !f.byClerks() {
				return out
			}
			for _, x := range to {
				if toPerson.MatchString(x) {
					out = append(out, Finding{Grade: Warn, Place: Place{Element: "to"}, Message: person.With(x)})
				}
			}
			if severally.MatchString(p.Title) {
				out = append(out, Finding{Grade: Warn, Place: Place{Element: "title"}, Message: matters})
			}
			return out
		},
	}
}

// names are the bodies in a list of 主送 or 抄送, of which one line may hold several.
func names(list []string) []string {
	var out []string
	for _, line := range list {
		for _, s := range strings.FieldsFunc(line, func(r rune) bool { return strings.ContainsRune("，,；;、", r) }) {
			if s = strings.TrimSpace(s); s != "" {
				out = append(out, s)
			}
		}
	}
	return out
}

// isBelow reports whether a body is below the issuer, by the directory or by its name.
func (f *Facts) isBelow(name string, p *Paper) bool {
	for _, issuer := range p.Issuers() {
		if below(name, issuer) {
			return true
		}
		if u, ok := f.Unit(name); ok {
			i, known := f.Unit(issuer)
			for n := 0; known && n < 16 && u.Parent != ""; n++ {
				if u.Parent == i.ID {
					return true
				}
				if u, ok = f.Unit(u.Parent); !ok {
					break
				}
			}
		}
	}
	return false
}
