package rules

import (
	"regexp"
	"strings"
)

var requests = regexp.MustCompile(`请(?:予)?(?:批示|批准|审批|批复|核准)|(?:妥否|当否|可否|特此请示|望批准|恳请批准)[^。]{0,12}`)

// l3 finds what a 报告 must not contain: a request.
func l3() Rule {
	var (
		found  = Text{"报告不得夹带请示事项：“%[1]s”", "A report must not carry a request: “%[1]s”"}
		genre  = Text{"文种改为请示", "Make it a request for instructions"}
		remove = Text{"删去这一句", "Delete the sentence"}
	)
	return Rule{
		ID: "L3", Name: Text{"报告不夹带请示", "No request in a report"}, Grade: Warn,
		At: forms, Reads: []Reading{ReadsPaper, ReadsText}, Source: "条例第十五条",
		Check: func(f *Facts) []Finding {
			p := f.issuing(f.byClerks())
			if p == nil || p.Genre != "报告" {
				return nil
			}
			var out []Finding
			for _, b := range f.Text() {
				words := requests.FindString(b.Text)
				at, ok := find(b, words)
				if words == "" || !ok {
					continue
				}
				out = append(out, Finding{Grade: Warn, Place: at, Message: found.With(words), Mends: []Mend{
					{Label: remove, Block: b.ID, Words: without(b.Text, words)}, setTo("genre", "请示", genre),
				}})
			}
			return out
		},
	}
}

// without is the text without the sentence that holds the words.
func without(text, words string) string {
	var out strings.Builder
	for _, s := range strings.SplitAfter(text, "。") {
		if !strings.Contains(s, words) {
			out.WriteString(s)
		}
	}
	return out.String()
}
