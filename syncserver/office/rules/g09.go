package rules

import "strings"

// g9 notes a title that says 紧急 on a paper that is not marked so.
func g9() Rule {
	var (
		found = Text{"标题有“紧急”，紧急程度未标", "The title says urgent, the paper is not marked so"}
		mark  = Text{"标为加急", "Mark it urgent"}
	)
	return Rule{
		ID: "G9", Name: Text{"紧急程度", "Urgency"}, Grade: Note,
		At: forms, Reads: []Reading{ReadsPaper}, Source: "条例第九条",
		Check: func(f *Facts) []Finding {
			p := f.issuing(f.byClerks())
			if p == nil || p.Urgency != "" || !strings.Contains(p.Title, "紧急") {
				return nil
			}
			return []Finding{{Grade: Note, Place: Place{Element: "urgency"}, Message: found, Mends: []Mend{setTo("urgency", "加急", mark)}}}
		},
	}
}
