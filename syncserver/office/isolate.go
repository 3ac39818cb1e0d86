package office

import "strings"

// Marks that set a piece of text apart from the direction of what is around it
// (Unicode UAX 9).
const (
	lri = '\u2066' // left-to-right isolate
	fsi = '\u2068' // first strong isolate
	pdi = '\u2069' // pop directional isolate
)

// Isolate is a text that people wrote as a piece of a sentence or of a notification: what
// in it runs from right to left or turns the direction (U+202E) ends with it,
// whatever is set behind it. Other texts stay as they are.
func Isolate(text string) string {
	if !strings.ContainsFunc(text, turns) {
		return text
	}
	var b strings.Builder
	b.WriteRune(fsi)
	open := 1
	for _, c := range text {
		switch {
		case lri <= c && c <= fsi:
			open++
		case c == pdi && open == 1:
			continue // it would end ours
		case c == pdi:
			open--
		}
		b.WriteRune(c)
	}
	for range open {
		b.WriteRune(pdi)
	}
	return b.String()
}

// turns reports letters that run from right to left and marks of direction.
func turns(c rune) bool {
	switch {
	case 0x0590 <= c && c <= 0x08ff, c == 0x200e, c == 0x200f, 0x202a <= c && c <= 0x202e, 0x2066 <= c && c <= 0x2069,
		0xfb1d <= c && c <= 0xfdff, 0xfe70 <= c && c <= 0xfefc, 0x10800 <= c && c <= 0x10fff, 0x1e800 <= c && c <= 0x1eeff:
		return true
	}
	return false
}
