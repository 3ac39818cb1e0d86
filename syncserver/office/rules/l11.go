package rules

// l11 gives a number only after 签发 and 复核 of the present text, and from a
// series that was chosen.
func l11() Rule {
	var (
		unsigned = Text{"未经签发不得编号", "No number before it is signed"}
		unread   = Text{"未经复核不得编号", "No number before it is reviewed"}
		series   = Text{"未选发文字号系列", "No number series is chosen"}
	)
	return Rule{
		ID: "L11", Name: Text{"签发、复核后编号", "A number after signing and review"}, Grade: Forbid, Fixed: true,
		At: []Moment{Approving}, Reads: []Reading{ReadsPaper, ReadsFlow}, Source: "条例第二十五条",
		Check: func(f *Facts) []Finding {
			flow := f.Flow()
			p := f.issuing(flow.Numbers)
			if p == nil || p.Number != "" {
				return nil
			}
			out := passed(flow, unsigned, unread)
			if p.Series == "" {
				out = append(out, Finding{Grade: Forbid, Place: Place{Element: "series"}, Message: series})
			}
			return out
		},
	}
}
