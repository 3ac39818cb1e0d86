package rules

import "regexp"

// A half-width mark that touches Chinese.
var halfMark = regexp.MustCompile(`[\p{Han}》”’）〕][,;:!?]|[,;:!?][\p{Han}《“‘（]|\([^()]*\p{Han}[^()]*\)`)

var wide = map[rune]rune{',': '，', ';': '；', ':': '：', '!': '！', '?': '？', '(': '（', ')': '）'}

// widened is a text with the half-width marks that touch Chinese made full.
func widened(text string) string {
	// Twice: a mark may stand between two characters that both match.
	for range 2 {
		text = halfMark.ReplaceAllStringFunc(text, func(s string) string {
			r := []rune(s)
			for i, c := range r {
				if w, ok := wide[c]; ok && (i == 0 || i == len(r)-1) {
					r[i] = w
				}
			}
			return string(r)
		})
	}
	return text
}

// g4 notes half-width marks in Chinese.
func g4() Rule {
	var (
		found = Text{"中文中用了半角标点：“%[1]s”", "A half-width mark stands in Chinese: “%[1]s”"}
		mend  = Text{"改为全角", "Make them full-width"}
	)
	return Rule{
		ID: "G4", Name: Text{"全角标点", "Full-width marks"}, Grade: Note,
		At: forms, Reads: []Reading{ReadsPaper, ReadsText}, Source: "GB/T 15834-2011",
		Check: func(f *Facts) []Finding {
			p := f.issuing(f.byClerks())
			if p == nil {
				return nil
			}
			var out []Finding
			if w := halfMark.FindString(p.Title); w != "" {
				out = append(out, Finding{Grade: Note, Place: Place{Element: "title"}, Message: found.With(w), Mends: []Mend{setTo("title", widened(p.Title), mend)}})
			}
			for _, b := range f.Text() {
				w := halfMark.FindString(b.Text)
				at, ok := find(b, w)
				if w == "" || !ok {
					continue
				}
				out = append(out, Finding{Grade: Note, Place: at, Message: found.With(w), Mends: []Mend{{Label: mend, Block: b.ID, Words: widened(b.Text)}}})
			}
			return out
		},
	}
}
