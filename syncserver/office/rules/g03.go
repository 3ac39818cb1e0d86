package rules

import (
	"regexp"
	"strconv"
	"strings"
)

// Numbers of the four levels: 一、 (一) 1. (1), as written.
var levelForms = []*regexp.Regexp{
	regexp.MustCompile(`^[\s　]*([一二三四五六七八九十]{1,3})、`),
	regexp.MustCompile(`^[\s　]*[（(]([一二三四五六七八九十]{1,3})[）)]`),
	regexp.MustCompile(`^[\s　]*(\d{1,2})[.．、]`),
	regexp.MustCompile(`^[\s　]*[（(](\d{1,2})[）)]`),
}

// headNumber is the level and number that a text begins with; 0, 0 for none.
func headNumber(text string) (level, n int) {
	for i, re := range levelForms {
		m := re.FindStringSubmatch(text)
		if m == nil {
			continue
		}
		if i%4 >= 2 {
			n, _ = strconv.Atoi(m[1])
		} else {
			n = hanNumber(m[1])
		}
		return i + 1, n
	}
	return 0, 0
}

var digits = map[rune]int{'一': 1, '二': 2, '三': 3, '四': 4, '五': 5, '六': 6, '七': 7, '八': 8, '九': 9}

// hanNumber reads a number up to 99; 0 for what is none.
func hanNumber(s string) int {
	n, d := 0, 0
	for _, r := range s {
		if r == '十' {
			n += max(d, 1) * 10
			d = 0
			continue
		}
		d = digits[r]
	}
	return n + d
}

// han writes a number up to 99.
func han(n int) string {
	one := []string{"", "一", "二", "三", "四", "五", "六", "七", "八", "九"}
	switch {
	case n < 1 || n > 99:
		return ""
	case n < 10:
		return one[n]
	case n < 20:
		return "十" + one[n-10]
	}
	return one[n/10] + "十" + one[n%10]
}

// renumbered is a text with another number of its level.
func renumbered(text string, level, n int) string {
	m := levelForms[level-1].FindStringSubmatchIndex(text)
	s := strconv.Itoa(n)
	if level <= 2 {
		s = han(n)
	}
	return text[:m[2]] + s + text[m[3]:]
}

// g3 wants the numbers of headings in their order, each level in its own form.
func g3() Rule {
	var (
		jump  = Text{"层次序号不连续：“%[1]s”应为第%[2]d项", "Numbers skip: “%[1]s” should be number %[2]d"}
		form  = Text{"第%[1]d层的序号形式不对：“%[2]s”（应依次用一、（一）1. （1））", "The number of level %[1]d has another level's form: “%[2]s”"}
		right = Text{"改正序号", "Correct the number"}
	)
	return Rule{
		ID: "G3", Name: Text{"层次序号", "Numbers of headings"}, Grade: Warn,
		At: forms, Reads: []Reading{ReadsPaper, ReadsText}, Source: "GB/T 9704-2012 7.3.3",
		Check: func(f *Facts) []Finding {
			p := f.issuing(f.byClerks())
			if p == nil {
				return nil
			}
			var out []Finding
			var next [5]int
			for _, b := range f.Text() {
				if b.Type == "annex" { // an 附件 numbers its own
					next = [5]int{}
				}
				if b.Type != "heading" || b.Level < 1 || b.Level > 4 {
					continue
				}
				level, n := headNumber(b.Text)
				if level == 0 {
					continue // a heading without a number
				}
				short := b.Text[:levelForms[level-1].FindStringIndex(b.Text)[1]]
				short = strings.TrimSpace(strings.Trim(short, "　"))
				if level != b.Level {
					out = append(out, Finding{Grade: Warn, Place: Place{Block: b.ID}, Message: form.With(b.Level, short)})
					continue
				}
				want := next[level] + 1
				if n != want {
					out = append(out, Finding{Grade: Warn, Place: Place{Block: b.ID}, Message: jump.With(short, want),
						Mends: []Mend{{Label: right, Block: b.ID, Words: renumbered(b.Text, level, want)}}})
				}
				next[level] = want
				for l := level + 1; l < len(next); l++ {
					next[l] = 0
				}
			}
			return out
		},
	}
}
