package rules

import "regexp"

var telephone = regexp.MustCompile(`\d[\d－-]{4,}\d`)

// g16 notes a 请示 whose 附注 names nobody to ask back.
func g16() Rule {
	var (
		found = Text{"请示应当在附注处注明联系人的姓名和电话", "A request for instructions names in its note whom to ask, with a telephone"}
		form  = Text{"填入“联系人：　　，电话：”", "Put in “联系人：　　，电话：”"}
	)
	return Rule{
		ID: "G16", Name: Text{"请示的联系人", "Whom to ask about a request"}, Grade: Note,
		At: forms, Reads: []Reading{ReadsPaper}, Source: "党政机关公文格式惯例；GB/T 9704-2012 7.3.6",
		Check: func(f *Facts) []Finding {
			p := f.issuing(f.byClerks())
			if p == nil || p.Genre != "请示" || telephone.MatchString(p.Note) {
				return nil
			}
			x := Finding{Grade: Note, Place: Place{Element: "note"}, Message: found}
			if blank(p.Note) {
				x.Mends = []Mend{setTo("note", "联系人：　　，电话：", form)}
			}
			return []Finding{x}
		},
	}
}
