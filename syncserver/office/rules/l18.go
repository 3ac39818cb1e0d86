package rules

import "strings"

// areaPreview is the opinion area of 初审.
const areaPreview = "preview"

// ReturnReasons are the grounds on which 初审 sends an incoming paper back
// (条例第二十四条); the words of the return name one of them.
func ReturnReasons() []Text {
	return []Text{
		{"不属于本机关职责", "It is not this office's business"},
		{"不符合行文规则", "It breaks the rules of who writes to whom"},
		{"文种、格式不符合规定", "Its genre or form is not as prescribed"},
		{"涉及其他部门事项未协商会签", "Others concerned have not been asked"},
		{"不符合公文起草要求", "It is not drafted as required"},
	}
}

// l18 has 初审 give one of the listed grounds when it sends a paper back.
func l18() Rule {
	found := Text{"初审退文须写明条例规定的理由之一：%[1]s", "A paper sent back at first check names one of these grounds: %[2]s"}
	return Rule{
		ID: "L18", Name: Text{"退文须有理由", "Grounds for sending back"}, Grade: Forbid,
		At: []Moment{Returning}, Reads: []Reading{ReadsPaper, ReadsFlow, ReadsAct}, Source: "条例第二十四条",
		Check: func(f *Facts) []Finding {
			if p := f.Paper(); p == nil || p.Direction != incoming || f.Flow().Area != areaPreview {
				return nil
			}
			var zh, en []string
			for _, r := range ReturnReasons() {
				if strings.Contains(f.Words, r.ZH) {
					return nil
				}
				zh, en = append(zh, r.ZH), append(en, r.EN)
			}
			return []Finding{{Grade: Forbid, Place: Place{Element: "words"}, Message: found.With(strings.Join(zh, "；"), strings.Join(en, "; "))}}
		},
	}
}
