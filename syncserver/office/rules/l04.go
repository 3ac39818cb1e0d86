package rules

import "regexp"

var (
	passedOn = regexp.MustCompile(`现将[^。]{0,40}(?:转报|上报|呈报)|随文转报|原文转报|特此转报|现转报`)
	stance   = regexp.MustCompile(`我(?:省|市|区|县|局|委|办|机关|单位)(?:认为|建议|意见)|我们(?:认为|建议)|经(?:研究|审核|审查)[^。]{0,30}(?:同意|认为|建议)|(?:原则)?(?:同意|拟同意)|倾向性意见|建议`)
)

// l4 finds the 请示 of a lower body passed on without an opinion of one's own.
func l4() Rule {
	found := Text{"转报下级请示应当提出倾向性意见", "A request passed on from below needs an opinion of one's own"}
	return Rule{
		ID: "L4", Name: Text{"转报须有倾向性意见", "An opinion with what is passed on"}, Grade: Warn,
		At: forms, Reads: []Reading{ReadsPaper, ReadsText}, Source: "条例第十五条",
		Check: func(f *Facts) []Finding {
			p := f.issuing(f.byClerks())
			if p == nil || !goesUp(p) {
				return nil
			}
			var at Place
			passes := false
			for _, b := range f.Text() {
				if stance.MatchString(b.Text) {
					return nil
				}
				if w := passedOn.FindString(b.Text); w != "" && !passes {
					at, passes = find(b, w)
				}
			}
			if !passes {
				return nil
			}
			return []Finding{{Grade: Warn, Place: at, Message: found}}
		},
	}
}
