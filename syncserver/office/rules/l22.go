package rules

import "time"

// Standings of a paper after it was issued, as package document names them.
const (
	revoked   = "revoked"   // 撤销: void from the beginning
	abolished = "abolished" // 废止: void from a day on
)

// l22 shows what a paper that was withdrawn is, and keeps it from going round as
// if it held: 撤销 makes it void from the beginning, 废止 from a day on.
func l22() Rule {
	var (
		never  = Text{"本文件已撤销，自始无效；依据：%[1]s", "Revoked: void from the beginning, by %[1]s"}
		since  = Text{"本文件已废止，自%[2]s起失效；依据：%[1]s", "Abolished: void from %[2]s on, by %[1]s"}
		onward = Text{"本文件已%[1]s，不得再作为有效文件运转", "The paper is %[2]s and does not go round as one in force"}
	)
	return Rule{
		ID: "L22", Name: Text{"撤销与废止", "Revoked or abolished"}, Grade: Forbid, Fixed: true,
		At: []Moment{Drafting, Starting, Circulating}, Reads: []Reading{ReadsPaper}, Source: "条例第三十四条",
		Check: func(f *Facts) []Finding {
			p := f.Paper()
			if p == nil || p.Standing != revoked && p.Standing != abolished {
				return nil
			}
			word := Text{"撤销", "revoked"}
			x := Finding{Grade: Note, Message: never.With(p.StandingBasis)}
			if p.Standing == abolished {
				word = Text{"废止", "abolished"}
				day := time.UnixMilli(p.StandingFrom).In(china).Format("2006-01-02")
				x.Message = since.With(p.StandingBasis, day)
			}
			if f.Moment != Drafting {
				x = Finding{Grade: Forbid, Message: onward.With(word.ZH, word.EN)}
			}
			return []Finding{x}
		},
	}
}

// china is the clock of official days.
var china = time.FixedZone("CST", 8*3600)
