package directory

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/mozillazg/go-pinyin"
)

// surnames are those read otherwise than their first character usually is,
// those of two characters first.
var surnames = []struct{ name, reading string }{
	{"万俟", "mo qi"}, {"尉迟", "yu chi"}, {"澹台", "tan tai"}, {"长孙", "zhang sun"},
	{"鲜于", "xian yu"}, {"单于", "chan yu"}, {"宿六", "su lu"}, {"令狐", "ling hu"},
	{"单", "shan"}, {"解", "xie"}, {"仇", "qiu"}, {"区", "ou"}, {"曾", "zeng"}, {"查", "zha"},
	{"朴", "piao"}, {"盖", "ge"}, {"尉", "wei"}, {"翟", "zhai"}, {"员", "yun"}, {"种", "chong"},
	{"冼", "xian"}, {"洗", "xian"}, {"缪", "miao"}, {"乐", "yue"}, {"折", "she"}, {"黑", "he"},
	{"牟", "mu"}, {"祭", "zhai"}, {"卜", "bu"}, {"车", "che"}, {"覃", "qin"}, {"谌", "chen"},
	{"召", "shao"}, {"那", "na"}, {"撒", "sa"}, {"么", "yao"}, {"句", "gou"}, {"繁", "po"},
	{"秘", "bi"}, {"莘", "shen"}, {"乜", "nie"}, {"能", "nai"}, {"隗", "wei"}, {"费", "fei"},
	{"薄", "bo"}, {"都", "du"}, {"重", "chong"}, {"佴", "nai"}, {"逄", "pang"}, {"郗", "xi"},
	{"晟", "cheng"}, {"藏", "zang"}, {"长", "chang"}, {"朝", "chao"}, {"哈", "ha"},
}

// given are readings usual in given names where the dictionary's first one is not.
var given = map[rune]string{'晟': "sheng", '朝': "zhao", '重': "chong", '藏': "cang", '乐': "le", '都': "du", '曾': "zeng"}

// Pinyin is how a person's name is read: syllables without tones, separated by
// spaces, and their first letters. Letters and digits stay, as lower case; other
// characters are left out. Where it errs, PutPerson.Pinyin says better.
func Pinyin(name string) (syllables, initials string) {
	var out []string
	rest := strings.TrimSpace(name)
	for _, s := range surnames {
		// 区宁 is a person, 区政府办公室 is not: with a surname of one character
		// a name has three at most.
		long := utf8.RuneCountInString(rest) > utf8.RuneCountInString(s.name)+2
		if strings.HasPrefix(rest, s.name) && rest != s.name && !long {
			out = append(out, strings.Fields(s.reading)...)
			rest = strings.TrimPrefix(rest, s.name)
			break
		}
	}
	args := pinyin.Args{Style: pinyin.Normal}
	word := ""
	flush := func() {
		if word != "" {
			out, word = append(out, word), ""
		}
	}
	for _, r := range rest {
		switch {
		case r >= 'A' && r <= 'Z':
			word += string(r + 'a' - 'A')
			continue
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			word += string(r)
			continue
		}
		flush()
		reading, ok := given[r]
		if !ok {
			if p := pinyin.SinglePinyin(r, args); len(p) > 0 {
				reading = p[0]
			}
		}
		if reading != "" {
			out = append(out, reading)
		}
	}
	flush()
	return spelled(strings.Join(out, " "))
}

var spelling = regexp.MustCompile(`^([a-z0-9]+( [a-z0-9]+)*)?$`)

func isSpelling(s string) bool { return len(s) <= 200 && spelling.MatchString(s) }

func spelled(syllables string) (string, string) {
	var b strings.Builder
	for _, s := range strings.Fields(syllables) {
		b.WriteByte(s[0])
	}
	return syllables, b.String()
}
