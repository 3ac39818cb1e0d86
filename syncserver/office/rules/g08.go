package rules

import "slices"

// toNobody are 文种 that are addressed to nobody in particular.
var toNobody = []string{"公告", "通告", "公报", "决议", "命令"}

// g8 wants no 主送 on what is for everybody.
func g8() Rule {
	var (
		found = Text{"%[1]s面向社会发布，不写主送机关", "A %[1]s is for everybody: it names no body it goes to"}
		drop  = Text{"去掉主送机关", "Remove the addressees"}
	)
	return Rule{
		ID: "G8", Name: Text{"无主送的文种", "Genres without addressee"}, Grade: Warn,
		At: forms, Reads: []Reading{ReadsPaper}, Source: "条例第八条",
		Check: func(f *Facts) []Finding {
			p := f.issuing(f.byClerks())
			if p == nil || !slices.Contains(toNobody, p.Genre) || len(names(p.To)) == 0 {
				return nil
			}
			return []Finding{{Grade: Warn, Place: Place{Element: "to"}, Message: found.With(p.Genre), Mends: []Mend{setTo("to", []string{}, drop)}}}
		},
	}
}
