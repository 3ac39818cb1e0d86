package rules

import "slices"

// downward are 文种 that speak to those below or beside.
var downward = []string{"通知", "通报", "批复", "决定", "命令"}

// g15 compares the 文种 with the way the paper goes, by the levels that the names
// of bodies tell.
func g15() Rule {
	var (
		up     = Text{"%[2]s是上级机关，向上行文用报告或者请示，不用%[1]s", "%[2]s is above: what goes up is a report or a request, not a %[1]s"}
		down   = Text{"%[1]s是上行文，不能主送下级机关%[2]s", "A %[1]s goes up: not to %[2]s, which is below"}
		letter = Text{"向上级政府请求批准用请示，函用于不相隶属的机关：%[2]s", "What asks the government above is a 请示; a 函 goes to bodies beside: %[2]s"}
		make   = Text{"文种改为%[1]s", "Make it a %[1]s"}
	)
	return Rule{
		ID: "G15", Name: Text{"文种与行文方向", "Genre and direction"}, Grade: Warn,
		At: forms, Reads: []Reading{ReadsPaper, ReadsUnits}, Source: "条例第八条、第十四条",
		Check: func(f *Facts) []Finding {
			p := f.issuing(f.byClerks())
			if p == nil {
				return nil
			}
			issuers := p.Issuers()
			for _, to := range names(p.To) {
				higher := slices.ContainsFunc(issuers, func(i string) bool { return above(to, i) })
				switch {
				case slices.Contains(downward, p.Genre) && higher:
					return []Finding{{Grade: Warn, Place: Place{Element: "genre"}, Message: up.With(p.Genre, to), Mends: []Mend{
						setTo("genre", "报告", make.With("报告")), setTo("genre", "请示", make.With("请示")),
					}}}
				case slices.Contains([]string{"请示", "报告"}, p.Genre) && f.isBelow(to, p):
					return []Finding{{Grade: Warn, Place: Place{Element: "genre"}, Message: down.With(p.Genre, to), Mends: []Mend{setTo("genre", "通知", make.With("通知"))}}}
				case p.Genre == "函" && higher && isGovernment(to):
					return []Finding{{Grade: Note, Place: Place{Element: "genre"}, Message: said(letter, p.Genre, to), Mends: []Mend{setTo("genre", "请示", make.With("请示"))}}}
				}
			}
			return nil
		},
	}
}
