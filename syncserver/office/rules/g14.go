package rules

import (
	"regexp"
	"strconv"
	"strings"
)

var (
	annexNumber = regexp.MustCompile(`^[\s　]*(?:附件)?[\s　]*[：:]?[\s　]*(?:\d{1,2}[\s　]*[.．、])?[\s　]*`)
	annexRef    = regexp.MustCompile(`附件[\s　]*(\d{1,2})`)
)

// g14 wants 附件说明 and the 附件 behind the text to tell of the same: as many, by
// the same names, in the same order.
func g14() Rule {
	var (
		none  = Text{"文后有附件“%[1]s”，正文后没有附件说明", "“%[1]s” follows the paper, and no list of annexes names it"}
		count = Text{"附件说明列有%[1]d件，文后有%[2]d件", "The list names %[1]d annexes, %[2]d follow"}
		other = Text{"附件说明写“%[1]s”，附件题为“%[2]s”", "The list says “%[1]s”, the annex is called “%[2]s”"}
		bare  = Text{"附件没有标题", "The annex has no title"}
		ref   = Text{"正文提到附件%[1]d，只有%[2]d件附件", "The text speaks of annex %[1]d, there are %[2]d"}
		mend  = Text{"附件说明改为“%[1]s”", "Put “%[1]s” into the list"}
	)
	return Rule{
		ID: "G14", Name: Text{"附件说明与附件", "The list of annexes and the annexes"}, Grade: Warn,
		At: forms, Reads: []Reading{ReadsPaper, ReadsText}, Source: "GB/T 9704-2012 7.3.4、7.3.7",
		Check: func(f *Facts) []Finding {
			if f.issuing(f.byClerks()) == nil {
				return nil
			}
			var lines, annexes []Block
			for _, b := range f.Text() {
				switch {
				case b.Type == "attachment" && !blank(b.Text):
					lines = append(lines, b)
				case b.Type == "annex":
					annexes = append(annexes, b)
				}
			}
			var out []Finding
			for _, a := range annexes {
				if blank(a.Text) {
					out = append(out, Finding{Grade: Warn, Place: Place{Block: a.ID}, Message: bare})
				}
			}
			switch {
			case len(annexes) > 0 && len(lines) == 0:
				out = append(out, Finding{Grade: Warn, Place: Place{Block: annexes[0].ID}, Message: none.With(strings.TrimSpace(annexes[0].Text))})
			case len(annexes) > 0 && len(lines) != len(annexes):
				out = append(out, Finding{Grade: Warn, Place: Place{Block: lines[0].ID}, Message: count.With(len(lines), len(annexes))})
			case len(annexes) > 0:
				for i, a := range annexes {
					head := annexNumber.FindString(lines[i].Text)
					named, title := strings.TrimSpace(lines[i].Text[len(head):]), strings.TrimSpace(strings.ReplaceAll(a.Text, "\n", ""))
					if title == "" || bareName(named) == bareName(title) {
						continue
					}
					out = append(out, Finding{Grade: Warn, Place: Place{Block: lines[i].ID}, Message: other.With(named, title),
						Mends: []Mend{{Label: mend.With(title), Block: lines[i].ID, Words: head + title}}})
				}
			}
			if n := max(len(lines), len(annexes)); n > 0 {
				out = append(out, beyond(f.Text(), n, ref)...)
			}
			return out
		},
	}
}

// beyond finds the first mention of an 附件 that there is not.
func beyond(blocks []Block, n int, message Text) []Finding {
	for _, b := range blocks {
		if b.Type == "attachment" || b.Type == "annex" {
			continue
		}
		for _, m := range annexRef.FindAllStringSubmatch(b.Text, -1) {
			if k, _ := strconv.Atoi(m[1]); k > n {
				at, _ := find(b, m[0])
				return []Finding{{Grade: Note, Place: at, Message: message.With(k, n)}}
			}
		}
	}
	return nil
}

// bareName is a name without 《》 and the marks and blanks around it.
func bareName(s string) string {
	return strings.Trim(strings.NewReplacer("　", "", " ", "").Replace(s), "《》"+stops)
}

func blank(s string) bool { return strings.Trim(s, " 　\t\r\n") == "" }
