package rules

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

var (
	dayForm = regexp.MustCompile(`(\d{2,4})年(\d{1,2})月(\d{1,2})日`)
	hanDay  = regexp.MustCompile(`[〇零一二三四五六七八九○]{4}年[一二三四五六七八九十]{1,2}月[一二三四五六七八九十]{1,3}日`)
)

// whole is a date as it is printed: full year, no zeros in front; false for a
// day that no calendar has.
func whole(m []string) (string, bool) {
	y, _ := strconv.Atoi(m[1])
	mo, _ := strconv.Atoi(m[2])
	d, _ := strconv.Atoi(m[3])
	if len(m[1]) == 2 {
		y += 2000
	}
	t := time.Date(y, time.Month(mo), d, 0, 0, 0, 0, time.UTC)
	if len(m[1]) == 3 || t.Day() != d || int(t.Month()) != mo {
		return "", false
	}
	return t.Format("2006年1月2日"), true
}

// g5 wants dates in Arabic digits, with the whole year and without leading
// zeros, and such as there are. (The weekday is nobody's business here.)
func g5() Rule {
	var (
		none  = Text{"没有这一天：%[1]s", "There is no such day: %[1]s"}
		shape = Text{"日期写作“%[2]s”，不写“%[1]s”", "A date is written “%[2]s”, not “%[1]s”"}
		han   = Text{"成文日期用阿拉伯数字：%[1]s", "The date of a paper is in Arabic digits: %[1]s"}
		mend  = Text{"改正日期", "Correct the date"}
	)
	return Rule{
		ID: "G5", Name: Text{"日期", "Dates"}, Grade: Warn,
		At: forms, Reads: []Reading{ReadsPaper, ReadsText}, Source: "GB/T 9704-2012 7.3.5.4",
		Check: func(f *Facts) []Finding {
			p := f.issuing(f.byClerks())
			if p == nil {
				return nil
			}
			var out []Finding
			for _, b := range f.Text() {
				if w := hanDay.FindString(b.Text); w != "" && b.Type == "date" {
					at, _ := find(b, w)
					out = append(out, Finding{Grade: Warn, Place: at, Message: han.With(w)})
				}
				for _, m := range dayForm.FindAllStringSubmatch(b.Text, -1) {
					at, _ := find(b, m[0])
					right, ok := whole(m)
					switch {
					case !ok:
						out = append(out, Finding{Grade: Warn, Place: at, Message: none.With(m[0])})
					case right != m[0]:
						out = append(out, Finding{Grade: Warn, Place: at, Message: shape.With(m[0], right),
							Mends: []Mend{{Label: mend, Block: b.ID, Words: strings.Replace(b.Text, m[0], right, 1)}}})
					}
				}
			}
			return out
		},
	}
}
