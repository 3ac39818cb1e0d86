package rules

// l14 is one 处理单 for one paper: a second flow does not begin beside a running one.
func l14() Rule {
	found := Text{"本文件已有在办的处理单，一文一单", "The paper has a handling sheet in use already"}
	return Rule{
		ID: "L14", Name: Text{"一文一单", "One sheet for one paper"}, Grade: Forbid, Fixed: true,
		At: []Moment{Starting}, Reads: []Reading{ReadsPaper, ReadsFlow}, Source: "需求：处理单唯一",
		Check: func(f *Facts) []Finding {
			if p := f.Paper(); p == nil || p.FlowState != "" || len(f.Flow().Running) == 0 {
				return nil
			}
			return []Finding{{Grade: Forbid, Message: found}}
		},
	}
}
