package rules

import (
	"regexp"
	"strings"
)

// The rules G1… are the format check (公文体检): what a proofreader finds. Each
// looks at 发文 of the 15 文种 with those who answer for its form, and offers the
// mend where there is one.

var tail = regexp.MustCompile(`[（(][^（）()]*[）)]$`)

// ends reports whether a title ends with its 文种, a note in parentheses aside.
func ends(title, genre string) bool {
	title = tail.ReplaceAllString(strings.TrimSpace(title), "")
	if genre == "命令" {
		return strings.HasSuffix(title, "命令") || strings.HasSuffix(title, "令")
	}
	return strings.HasSuffix(title, genre)
}

// g1 wants the 文种 at the end of the title. A 命令 and a 纪要 may stand under
// their head without a title that says so.
func g1() Rule {
	var (
		found = Text{"标题末尾没有文种“%[1]s”", "The title does not end with its genre “%[1]s”"}
		add   = Text{"补上文种", "Add the genre"}
	)
	return Rule{
		ID: "G1", Name: Text{"标题有文种", "The title names its genre"}, Grade: Note,
		At: forms, Reads: []Reading{ReadsPaper}, Source: "条例第九条；GB/T 9704-2012",
		Check: func(f *Facts) []Finding {
			p := f.issuing(f.byClerks())
			if p == nil || p.Title == "" || p.Genre == "命令" || p.Genre == "纪要" || ends(p.Title, p.Genre) {
				return nil
			}
			x := Finding{Grade: Note, Place: Place{Element: "title"}, Message: found.With(p.Genre)}
			title := strings.TrimRight(p.Title, "。，；：、！？.,;:!? 　")
			if !strings.HasSuffix(title, "的") {
				title += "的"
			}
			x.Mends = []Mend{setTo("title", title+p.Genre, add)}
			return []Finding{x}
		},
	}
}
