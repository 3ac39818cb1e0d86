package demo

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"qianshao/syncserver/office/document"
)

func fields(s string) []string { return strings.Fields(s) }

var dates = regexp.MustCompile(`\{(Y?)([+-]?\d+)\}`)

// text fills in dates: {+5} is the fifth working day from now as 11月20日, {Y-3}
// the third before with its year, {y} the present year.
func (k clock) text(s string) string {
	s = strings.ReplaceAll(s, "{y}", strconv.Itoa(k.year(0)))
	return dates.ReplaceAllStringFunc(s, func(m string) string {
		part := dates.FindStringSubmatch(m)
		n, _ := strconv.Atoi(part[2]) // the expression lets only numbers through
		if part[1] == "Y" {
			return k.ymd(n)
		}
		return k.md(n)
	})
}

// body makes blocks of a text: a line each. "# " begins a heading of the first
// level, "## " of the second, "@ " an attachment note, "~ " the signature and
// "= " the date. Block ids count from 1: b01, b02 …
func (k clock) body(text string) []document.Block {
	var out []document.Block
	for _, line := range strings.Split(strings.TrimSpace(k.text(text)), "\n") {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		b := document.Block{ID: fmt.Sprintf("b%02d", len(out)+1), Type: document.BlockText, Text: line}
		mark, rest, marked := strings.Cut(line, " ")
		if marked {
			switch mark {
			case "#", "##":
				b.Type, b.Level, b.Text = document.BlockHeading, len(mark), rest
			case "@":
				b.Type, b.Text = document.BlockAttachment, rest
			case "~":
				b.Type, b.Text = document.BlockSignature, rest
			case "=":
				b.Type, b.Text = document.BlockDate, rest
			}
		}
		out = append(out, b)
	}
	return out
}
