package rules

import "regexp"

// A mark of secrecy stands alone on its line, or before a star with a term, or
// behind 密级. The words in running text, 商业秘密 or 保守国家秘密, are no mark.
var secrecy = regexp.MustCompile(`(?:绝密|机密|秘密)\s*[★☆]|(?m:^[\s　]*(?:绝密|机密|秘密)(?:级|件|文件)?[\s　]*$)|密级\s*[：:]\s*(?:绝密|机密|秘密)`)

// l15 refuses 涉密 content wherever it is written, on both sides.
func l15() Rule {
	found := Text{"涉密内容不得进入本系统", "Classified content is not taken by this system"}
	return Rule{
		ID: "L15", Name: Text{"涉密内容不入网", "No classified content"}, Grade: Forbid, Fixed: true,
		At: []Moment{Anything}, Reads: []Reading{ReadsAct, ReadsPaper, ReadsText}, Source: "保守国家秘密法",
		Check: func(f *Facts) []Finding {
			var out []Finding
			for _, t := range f.Texts {
				if secrecy.MatchString(t.Text) {
					out = append(out, Finding{Grade: Forbid, Place: Place{Element: t.Path}, Message: found})
				}
			}
			if f.Moment != Drafting {
				return out
			}
			if p := f.Paper(); p != nil {
				for _, t := range []Words{{"title", p.Title}, {"level", p.Level}, {"note", p.Note}} {
					if secrecy.MatchString(t.Text) {
						out = append(out, Finding{Grade: Forbid, Place: Place{Element: t.Path}, Message: found})
					}
				}
			}
			for _, b := range f.Text() {
				if w := secrecy.FindString(b.Text); w != "" {
					at, _ := find(b, w)
					out = append(out, Finding{Grade: Forbid, Place: at, Message: found})
				}
			}
			return out
		},
	}
}
