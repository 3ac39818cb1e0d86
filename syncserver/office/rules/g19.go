package rules

import (
	"regexp"
	"strings"
)

var (
	twice  = regexp.MustCompile(`关于关于|的的|通知通知|转发转发|印发印发`)
	nested = regexp.MustCompile(`的通知[》」”]?的通知`)
)

// g19 notes words that a title says twice.
func g19() Rule {
	var (
		found = Text{"标题有重复的字：“%[1]s”", "The title says “%[1]s” twice"}
		chain = Text{"层层转发的标题只保留一个“关于”和一个“的通知”：“%[1]s”", "A title that passes on another keeps one 关于 and one 的通知: “%[1]s”"}
		drop  = Text{"去掉重复", "Say it once"}
	)
	return Rule{
		ID: "G19", Name: Text{"标题不重复", "Nothing twice in a title"}, Grade: Note,
		At: forms, Reads: []Reading{ReadsPaper}, Source: "公文写作惯例",
		Check: func(f *Facts) []Finding {
			p := f.issuing(f.byClerks())
			if p == nil {
				return nil
			}
			if w := twice.FindString(p.Title); w != "" {
				once := strings.Replace(p.Title, w, w[:len(w)/2], 1)
				return []Finding{{Grade: Note, Place: Place{Element: "title"}, Message: found.With(w), Mends: []Mend{setTo("title", once, drop)}}}
			}
			if w := nested.FindString(p.Title); w == "的通知的通知" {
				return []Finding{{Grade: Note, Place: Place{Element: "title"}, Message: chain.With(w), Mends: []Mend{setTo("title", strings.Replace(p.Title, w, "的通知", 1), drop)}}}
			}
			return nil
		},
	}
}
