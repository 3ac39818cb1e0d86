package rules

import (
	"regexp"
	"strings"
)

// A 文号 in its form, with what stands before it.
var cited = regexp.MustCompile(`(\p{Han}{1,12}〔(?:19|20)\d{2}〕[1-9]\d{0,4}号)`)

// g17 wants a paper cited by its title first and then its number in brackets.
func g17() Rule {
	found := Text{"引用公文应当先引标题、后引发文字号，写作《标题》（%[1]s）", "A paper is cited by its title, then its number: 《title》（%[1]s）"}
	return Rule{
		ID: "G17", Name: Text{"引用公文", "Citing papers"}, Grade: Note,
		At: forms, Reads: []Reading{ReadsPaper, ReadsText}, Source: "公文处理惯例",
		Check: func(f *Facts) []Finding {
			if f.issuing(f.byClerks()) == nil {
				return nil
			}
			var out []Finding
			seen := map[string]bool{}
			for _, b := range f.Text() {
				for _, m := range cited.FindAllStringIndex(b.Text, -1) {
					words := b.Text[m[0]:m[1]]
					key := number(words)
					before := strings.TrimRight(b.Text[:m[0]], "（( 　")
					// A second time the number alone is enough.
					if seen[key] || strings.HasSuffix(before, "》") || strings.Contains(words[:strings.Index(words, "〔")], "收") {
						seen[key] = true
						continue
					}
					seen[key] = true
					from := runes(b.Text[:m[0]])
					out = append(out, Finding{Grade: Note, Place: Place{Block: b.ID, From: from, To: from + runes(words)}, Message: found.With(key)})
				}
			}
			return out
		},
	}
}

// number is a 文号 without the words that run into it: 按照清政发〔2026〕9号.
func number(words string) string {
	for _, w := range []string{"根据", "按照", "依照", "遵照", "依据", "贯彻", "落实", "执行", "转发", "印发", "关于", "以", "见", "和", "及", "与"} {
		if i := strings.LastIndex(words, w); i >= 0 && i+len(w) < strings.Index(words, "〔") {
			words = words[i+len(w):]
		}
	}
	return words
}
