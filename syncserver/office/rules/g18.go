package rules

import (
	"regexp"
	"strings"
)

var between = regexp.MustCompile(`([》”])、([《“])`)

// g18 notes 、 between titles or quotations that stand side by side: none is
// needed there.
func g18() Rule {
	var (
		found = Text{"标有书名号、引号的并列成分之间不用顿号：“%[1]s”", "No 、 stands between titles or quotations side by side: “%[1]s”"}
		mend  = Text{"去掉顿号", "Remove the marks"}
	)
	return Rule{
		ID: "G18", Name: Text{"并列书名号之间的顿号", "Marks between titles"}, Grade: Note,
		At: forms, Reads: []Reading{ReadsPaper, ReadsText}, Source: "GB/T 15834-2011 4.5.3.5",
		Check: func(f *Facts) []Finding {
			if f.issuing(f.byClerks()) == nil {
				return nil
			}
			var out []Finding
			for _, b := range f.Text() {
				w := between.FindString(b.Text)
				if w == "" {
					continue
				}
				at, _ := find(b, w)
				words := strings.NewReplacer("》、《", "》《", "”、“", "”“", "》、“", "》“", "”、《", "”《").Replace(b.Text)
				out = append(out, Finding{Grade: Note, Place: at, Message: found.With(w), Mends: []Mend{{Label: mend, Block: b.ID, Words: words}}})
			}
			return out
		},
	}
}
