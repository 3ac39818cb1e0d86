package rules

import (
	"regexp"
	"strings"
)

// A 文号 in any brackets: 机关代字, year, number.
var loose = regexp.MustCompile(`(\p{Han}{1,12})[〔\[［【（(]((?:19|20)\d{2})[〕\]］】）)](第?)(0*)([1-9]\d{0,4})号`)

// g6 wants a 文号 that the text cites in its form: 〔2026〕, no 第, no leading zero.
// 收文编号 are an office's own and may have zeros.
func g6() Rule {
	var (
		found = Text{"发文字号写作“%[2]s”，不写“%[1]s”", "A document number is written “%[2]s”, not “%[1]s”"}
		mend  = Text{"改正文号", "Correct the number"}
	)
	return Rule{
		ID: "G6", Name: Text{"发文字号的写法", "Form of document numbers"}, Grade: Warn,
		At: forms, Reads: []Reading{ReadsPaper, ReadsText}, Source: "GB/T 9704-2012 7.2.5",
		Check: func(f *Facts) []Finding {
			p := f.issuing(f.byClerks())
			if p == nil {
				return nil
			}
			var out []Finding
			for _, b := range f.Text() {
				for _, m := range loose.FindAllStringSubmatch(b.Text, -1) {
					right := m[1] + "〔" + m[2] + "〕" + m[5] + "号"
					if right == m[0] || strings.HasSuffix(m[1], "收") && m[3] == "" {
						continue
					}
					at, _ := find(b, m[0])
					out = append(out, Finding{Grade: Warn, Place: at, Message: found.With(m[0], right),
						Mends: []Mend{{Label: mend, Block: b.ID, Words: strings.Replace(b.Text, m[0], right, 1)}}})
				}
			}
			return out
		},
	}
}
