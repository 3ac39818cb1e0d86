package rules

import (
	"regexp"
	"strings"
)

// several is the beginning of a line of 附件说明 that names one of several.
var several = regexp.MustCompile(`^(?:附件)?\s*[：:]?\s*\d+\s*[.．、]`)

// l10 is 印制三不: no printing and no seal before 签发 and 复核 of the present text,
// nor, without a reason, while fewer attachments are here than 附件说明 names:
// some are on paper alone.
func l10() Rule {
	var (
		unsigned = Text{"未经签发不得印制、用印", "Not printed or sealed before it is signed"}
		unread   = Text{"未经复核不得印制、用印", "Not printed or sealed before it is reviewed"}
		few      = Text{"附件不齐：附件说明列有%[1]d件，系统中有%[2]d件", "Attachments are missing: the note names %[1]d, %[2]d are here"}
	)
	return Rule{
		ID: "L10", Name: Text{"印制三不", "No printing before"}, Grade: Forbid, Warns: true, Fixed: true,
		At: []Moment{Approving}, Reads: []Reading{ReadsPaper, ReadsText, ReadsFlow, ReadsFiles}, Source: "需求：印制把关",
		Check: func(f *Facts) []Finding {
			if f.issuing(f.Asks(postPrinter, postSeal)) == nil {
				return nil
			}
			out := passed(f.Flow(), unsigned, unread)
			first, named := listed(f.Text())
			if here := f.Files(); here < named {
				out = append(out, Finding{Grade: Warn, Place: Place{Block: first}, Message: few.With(named, here)})
			}
			return out
		},
	}
}

// passed finds what of 签发 and 复核 is missing.
func passed(flow Flow, unsigned, unread Text) []Finding {
	var out []Finding
	if !flow.Signed {
		out = append(out, Finding{Grade: Forbid, Message: unsigned})
	}
	if !flow.Reviewed {
		out = append(out, Finding{Grade: Forbid, Message: unread})
	}
	return out
}

// listed counts the attachments that 附件说明 names, and gives its first block.
func listed(blocks []Block) (first string, n int) {
	for _, b := range blocks {
		if b.Type != "attachment" || strings.TrimSpace(b.Text) == "" {
			continue
		}
		if first == "" {
			first = b.ID
		}
		for _, line := range strings.Split(b.Text, "\n") {
			if several.MatchString(strings.TrimSpace(line)) {
				n++
			}
		}
	}
	if first != "" {
		n = max(n, 1)
	}
	return first, n
}
