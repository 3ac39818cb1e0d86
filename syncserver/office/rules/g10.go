package rules

import "strings"

// endings are the words with which a 文种 of request or answer closes.
var endings = map[string][]string{
	"请示": {"请批示", "请批准", "请审批", "请予批准", "请予批复", "请批复", "请审定", "请核准", "请审示", "请予审批"},
	"批复": {"此复", "特此批复", "专此批复", "收悉"},
}

// g10 notes a 请示 or 批复 without its closing words.
func g10() Rule {
	found := Text{"%[1]s通常写明“%[2]s”", "A %[1]s usually says “%[2]s”"}
	return Rule{
		ID: "G10", Name: Text{"文种用语", "Words of the genre"}, Grade: Note,
		At: forms, Reads: []Reading{ReadsPaper, ReadsText}, Source: "公文写作惯例",
		Check: func(f *Facts) []Finding {
			p := f.issuing(f.byClerks())
			if p == nil || len(endings[p.Genre]) == 0 {
				return nil
			}
			n := 0
			for _, b := range f.Text() {
				n += runes(b.Text)
				for _, w := range endings[p.Genre] {
					if strings.Contains(b.Text, w) {
						return nil
					}
				}
			}
			if n < 60 { // hardly begun
				return nil
			}
			return []Finding{{Grade: Note, Message: found.With(p.Genre, endings[p.Genre][0])}}
		},
	}
}
