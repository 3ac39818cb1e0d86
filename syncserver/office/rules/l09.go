package rules

// l9 tells 复核 of a text changed after 签发. The engine does the rest: what
// document.classify has not found, change by change, to be a correction of
// wording or format goes back to its signer.
func l9() Rule {
	found := Text{"签发后内容有改动：逐项定性为文字或格式更正的可以继续，实质性修改将送回原签发人复审", "Changed after signing: corrections, classified one by one, go on; anything else goes back to the signer"}
	return Rule{
		ID: "L9", Name: Text{"签发后改动须定性", "Changes after signing are classified"}, Grade: Note, Fixed: true,
		At: []Moment{Drafting, Approving}, Reads: []Reading{ReadsPaper, ReadsFlow}, Source: "条例第二十五条",
		Check: func(f *Facts) []Finding {
			flow := f.Flow()
			if f.issuing(flow.Changed) == nil || f.Moment == Approving && flow.Gate != gateReview {
				return nil
			}
			return []Finding{{Grade: Note, Message: found}}
		},
	}
}
