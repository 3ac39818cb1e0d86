package rules

import "strings"

// areaPreview is the opinion area of 初审.
const areaPreview = "preview"

// returnReasons are the grounds on which 初审 sends an incoming paper back
// (条例第二十四条), where its step lists none of its own.
var returnReasons = []string{"不属于本机关职责", "不符合行文规则", "文种、格式不符合规定", "涉及其他部门事项未协商会签", "不符合公文起草要求"}

// l18 has 初审 give one of the listed grounds when it sends a paper back.
func l18() Rule {
	found := Text{"初审退文须写明条例规定的理由之一：%[1]s", "A paper sent back at first check names one of these grounds: %[1]s"}
	return Rule{
		ID: "L18", Name: Text{"退文须有理由", "Grounds for sending back"}, Grade: Forbid,
		At: []Moment{Returning}, Reads: []Reading{ReadsPaper, ReadsFlow, ReadsAct}, Source: "条例第二十四条",
		Check: func(f *Facts) []Finding {
			flow := f.Flow()
			if p := f.Paper(); p == nil || p.Direction != incoming || flow.Area != areaPreview {
				return nil
			}
			reasons := flow.Reasons
			if len(reasons) == 0 {
				reasons = returnReasons
			}
			for _, r := range reasons {
				if strings.Contains(f.Words, r) {
					return nil
				}
			}
			return []Finding{{Grade: Forbid, Place: Place{Element: "words"}, Message: found.With(strings.Join(reasons, "；"))}}
		},
	}
}
