package rules

import (
	"regexp"
	"strconv"
	"strings"
)

// Units that are not legal measures, behind a number, and what is: "" where a
// number would have to be converted.
var formerUnits = map[string]string{
	"公分": "厘米", "平米": "平方米", "立米": "立方米", "公升": "升", "KM": "km", "Km": "km", "KG": "kg", "Kg": "kg", "MM": "mm", "CM": "cm",
	"市斤": "", "市尺": "", "华里": "", "市里": "", "英里": "", "英尺": "", "英寸": "",
}

var (
	unitForm    = regexp.MustCompile(`[0-9０-９]\s*(公分|平米|立米|公升|KM|Km|KG|Kg|MM|CM|市斤|市尺|华里|市里|英里|英尺|英寸)`)
	mixedForm   = regexp.MustCompile(`([1-9]\d*)([十百千])(\p{Han}|)`)
	percentForm = regexp.MustCompile(`百分之(\d+(?:\.\d+)?)`)
	rangeForm   = regexp.MustCompile(`(\d+(?:\.\d+)?)[-－~](\d+(?:\.\d+)?%)`)
	yearsForm   = regexp.MustCompile(`((?:19|20)\d{2})[-－~]((?:19|20)\d{2}年)`)
	aboutForm   = regexp.MustCompile(`((?:大约|约|近)\d+[^，。；、\d]{0,6}?)左右`)
	wideDigits  = regexp.MustCompile(`[０-９]+`)
)

// Characters that make a measure of 百 or 千 before them.
const ofMeasure = "米克瓦卡帕赫伏安焦分"

// figure is one sort of trouble with numbers: how it is found, what is said, and
// how it is written.
type figure struct {
	form    *regexp.Regexp
	grade   Grade
	message Text // %[1]s what is written, %[2]s what should be
	right   func(m []string) (string, bool)
}

var figures = []figure{
	{unitForm, Warn, Text{"“%[1]s”不是法定计量单位的写法%[3]s", "“%[1]s” is no legal measure%[4]s"}, func(m []string) (string, bool) {
		u := formerUnits[m[1]]
		return strings.TrimSuffix(m[0], m[1]) + u, u != ""
	}},
	{mixedForm, Note, Text{"阿拉伯数字后面不接“十、百、千”：“%[1]s”%[3]s", "十, 百 and 千 do not follow digits: “%[1]s”%[4]s"}, func(m []string) (string, bool) {
		n, err := strconv.Atoi(m[1])
		if err != nil || n > 100_000 {
			return "", false
		}
		return strconv.Itoa(n*map[string]int{"十": 10, "百": 100, "千": 1000}[m[2]]) + m[3], true
	}},
	{percentForm, Note, Text{"百分数用阿拉伯数字时写作“%[2]s”", "A percentage in digits is written “%[2]s”"}, func(m []string) (string, bool) { return m[1] + "%", true }},
	{rangeForm, Note, Text{"数值范围写作“%[2]s”，两端都带百分号", "A range is written “%[2]s”"}, func(m []string) (string, bool) { return m[1] + "%～" + m[2], true }},
	{yearsForm, Note, Text{"起止年份用一字线：“%[2]s”", "Years are joined by a dash: “%[2]s”"}, func(m []string) (string, bool) { return m[1] + "—" + m[2], true }},
	{aboutForm, Note, Text{"“约”和“左右”重复：“%[1]s”", "“%[1]s” says about twice"}, func(m []string) (string, bool) { return m[1], true }},
	{wideDigits, Note, Text{"数字用半角：“%[1]s”", "Digits are half-width: “%[1]s”"}, func(m []string) (string, bool) {
		return strings.Map(func(r rune) rune {
			if r >= '０' && r <= '９' {
				return r - '０' + '0'
			}
			return r
		}, m[0]), true
	}},
}

// skip is a match that is none: 2千米, 3百分点.
func (x figure) skip(m []string) bool {
	return x.form == mixedForm && m[3] != "" && (strings.Contains(ofMeasure, m[3]) || strings.Contains("十百千", m[3]))
}

// g13 looks at numbers and units, one finding of a sort in a paragraph.
func g13() Rule {
	mend := Text{"改为“%[1]s”", "Write “%[1]s”"}
	return Rule{
		ID: "G13", Name: Text{"数字和计量单位", "Numbers and measures"}, Grade: Warn,
		At: forms, Reads: []Reading{ReadsPaper, ReadsText}, Source: "GB/T 15835-2011；国务院关于在我国统一实行法定计量单位的命令",
		Check: func(f *Facts) []Finding {
			if f.issuing(f.byClerks()) == nil {
				return nil
			}
			var out []Finding
			for _, b := range f.Text() {
				for _, x := range figures {
					for _, m := range x.form.FindAllStringSubmatch(b.Text, -1) {
						if x.skip(m) {
							continue
						}
						at, _ := find(b, m[0])
						right, ok := x.right(m)
						zh, en := "", ""
						if ok {
							zh, en = "，写作“"+right+"”", ": write “"+right+"”"
						}
						n := Finding{Grade: x.grade, Place: at, Message: said(x.message, m[0], right, zh, en)}
						if ok {
							n.Mends = []Mend{{Label: mend.With(right), Block: b.ID, Words: strings.Replace(b.Text, m[0], right, 1)}}
						}
						out = append(out, n)
						break
					}
				}
			}
			return out
		},
	}
}

// said fills the places of a sentence that need not use all that there is.
func said(t Text, args ...string) Text {
	fill := func(s string) string {
		for i, a := range args {
			s = strings.ReplaceAll(s, "%["+strconv.Itoa(i+1)+"]s", a)
		}
		return s
	}
	return Text{ZH: fill(t.ZH), EN: fill(t.EN)}
}
