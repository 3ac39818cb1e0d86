package rules

// l10 is 印制三不, as far as the flow tells: no printing and no seal before 签发
// and 复核 of the present text.
func l10() Rule {
	var (
		unsigned = Text{"未经签发不得印制、用印", "Not printed or sealed before it is signed"}
		unread   = Text{"未经复核不得印制、用印", "Not printed or sealed before it is reviewed"}
	)
	return Rule{
		ID: "L10", Name: Text{"印制三不", "No printing before"}, Grade: Forbid, Fixed: true,
		At: []Moment{Approving}, Reads: []Reading{ReadsPaper, ReadsFlow}, Source: "需求：印制把关",
		Check: func(f *Facts) []Finding {
			if f.issuing(f.Asks(postPrinter, postSeal)) == nil {
				return nil
			}
			return passed(f.Flow(), unsigned, unread)
		},
	}
}

// passed finds what of 签发 and 复核 is missing.
func passed(flow Flow, unsigned, unread Text) []Finding {
	var out []Finding
	if !flow.Signed {
		out = append(out, Finding{Grade: Forbid, Message: unsigned})
	}
	if !flow.Reviewed {
		out = append(out, Finding{Grade: Forbid, Message: unread})
	}
	return out
}
