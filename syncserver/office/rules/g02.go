package rules

import "strings"

// stops are marks that end or part sentences.
const stops = "。，；：！？,;:!?"

// g2 wants no sentence mark in a title, and none behind the name of an 附件.
func g2() Rule {
	var (
		title = Text{"标题中除书名号、引号、顿号、括号外一般不用标点", "A title has no marks but 《》, “”, 、 and （）"}
		name  = Text{"附件名称后不加标点", "No mark stands behind the name of an annex"}
		drop  = Text{"去掉标点", "Remove the mark"}
	)
	return Rule{
		ID: "G2", Name: Text{"标题和附件名的标点", "Marks of titles and annex names"}, Grade: Warn,
		At: forms, Reads: []Reading{ReadsPaper, ReadsText}, Source: "GB/T 9704-2012 7.3.4",
		Check: func(f *Facts) []Finding {
			p := f.issuing(f.byClerks())
			if p == nil {
				return nil
			}
			var out []Finding
			if bare := strings.TrimRight(p.Title, stops+" 　"); bare != p.Title {
				out = append(out, Finding{Grade: Warn, Place: Place{Element: "title"}, Message: title, Mends: []Mend{setTo("title", bare, drop)}})
			} else if strings.ContainsAny(p.Title, "。；！？;!?") {
				out = append(out, Finding{Grade: Warn, Place: Place{Element: "title"}, Message: title})
			}
			for _, b := range f.Text() {
				if b.Type != "attachment" {
					continue
				}
				if bare := strings.TrimRight(b.Text, stops+" 　"); bare != b.Text {
					out = append(out, Finding{Grade: Warn, Place: Place{Block: b.ID, From: runes(bare), To: runes(b.Text)}, Message: name,
						Mends: []Mend{{Label: drop, Block: b.ID, Words: bare}}})
				}
			}
			return out
		},
	}
}
