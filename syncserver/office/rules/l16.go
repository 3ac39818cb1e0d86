package rules

// A Fault is something that the layout of the page could not do.
type Fault struct {
	Rule string // "layout.first_page" …
	Text string // of the layout, in Chinese
}

// l16 tells what the page could not be set as the standard wants: 正文 on the
// first page and beside the seal above all. The layout does what it can before;
// what is left needs a reason, for only the text can be shortened.
func l16() Rule {
	words := map[string]Text{
		"layout.first_page": {"首页排不下正文", "The first page has no room for any text"},
		"layout.seal_page":  {"署名所在的一页没有正文", "The page with the signature has no text"},
		"layout.title":      {"标题超过四行", "The title takes more than four lines"},
		"layout.mark":       {"发文机关标志过长，字形过窄", "The head is too long: its characters are narrow"},
		"layout.torn":       {"有词语超过一行，已拆开", "A word is longer than a line, and torn"},
	}
	grave := []string{"layout.first_page", "layout.seal_page"}
	return Rule{
		ID: "L16", Name: Text{"版面", "The page"}, Grade: Warn,
		At: forms, Reads: []Reading{ReadsPaper, ReadsText, ReadsPeople}, Source: "GB/T 9704-2012 7.2、7.3.5",
		Check: func(f *Facts) []Finding {
			p := f.issuing(f.byClerks())
			if p == nil {
				return nil
			}
			var out []Finding
			for _, x := range f.Faults() {
				t, known := words[x.Rule]
				if !known {
					t = Text{x.Text, x.Text}
				}
				n := Finding{Grade: Note, Message: t}
				if has(grave, x.Rule) {
					n.Grade = Warn
				}
				if x.Rule == "layout.title" {
					n.Place.Element = "title"
				}
				if x.Rule == "layout.mark" {
					n.Place.Element = "issuer"
				}
				out = append(out, n)
			}
			return out
		},
	}
}
