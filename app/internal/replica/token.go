package replica

import (
	"fmt"
	"strings"
	"unicode"
)

// spaced is a text as the index takes it: every Han character a word of its
// own, so that two characters are found in any place; a number and the letters
// beside it apart; full-width Latin letters and digits as plain ones.
func spaced(s string) string {
	var b strings.Builder
	b.Grow(len(s) * 4 / 3)
	last := ' '
	for _, r := range s {
		r = narrow(r)
		if !unicode.Is(unicode.Han, r) {
			if unicode.IsDigit(last) && unicode.IsLetter(r) || unicode.IsLetter(last) && unicode.IsDigit(r) {
				b.WriteByte(' ')
			}
			b.WriteRune(r)
			last = r
			continue
		}
		last = ' '
		b.WriteByte(' ')
		if indexed(r) {
			b.WriteRune(r)
		} else {
			// SQLite's tables end with Unicode 6.1: newer characters, some of
			// them in people's names, would be taken for punctuation.
			fmt.Fprintf(&b, rare+"%x", r)
		}
		b.WriteByte(' ')
	}
	return b.String()
}

// rare begins the word that stands for a character SQLite does not know; no
// word that people type begins so.
const rare = "qxhan"

// narrow is the plain form of a full-width Latin character.
func narrow(r rune) rune {
	if r >= 0xff01 && r <= 0xff5e {
		return r - 0xfee0
	}
	if r == 0x3000 {
		return ' '
	}
	return r
}

// indexed reports whether SQLite's unicode61 takes a Han character for a
// letter, for certain.
func indexed(r rune) bool {
	for _, x := range [][2]rune{{0x3005, 0x3005}, {0x3007, 0x3007}, {0x3400, 0x4db5}, {0x4e00, 0x9fcb}, {0xf900, 0xfa2d}, {0x20000, 0x2a6d6}, {0x2a700, 0x2b734}} {
		if r >= x[0] && r <= x[1] {
			return true
		}
	}
	return false
}

// match is what a person typed as an FTS5 query: all words must be there, each
// as a phrase; a last Latin word or number may go on. "" if nothing can be
// looked for.
func match(text string) string {
	var out []string
	for _, word := range strings.Fields(strings.Map(narrow, text)) {
		toks := strings.FieldsFunc(spaced(word), func(r rune) bool {
			return !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.Is(unicode.Co, r) && !unicode.IsMark(r)
		})
		if len(toks) == 0 {
			continue
		}
		phrase := `"` + strings.Join(toks, " ") + `"`
		if last := []rune(toks[len(toks)-1]); !unicode.Is(unicode.Han, last[len(last)-1]) && !strings.HasPrefix(string(last), rare) {
			phrase += " *"
		}
		out = append(out, phrase)
	}
	return strings.Join(out, " AND ")
}
