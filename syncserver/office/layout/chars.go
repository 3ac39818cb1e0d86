package layout

import "strings"

// Hole in a text of an element stands for what is not known yet: a number, a
// day. It takes two and a half cells and becomes a [Place].
const Hole = '\uFFFC'

const holeCells = 2.5

// Marks by what they may not do (避头尾).
const (
	noStart = "，。、；：！？）》〉」』】〕］｝”’％‰℃…—·,.;:!?)]}%»ー々〞〗"
	noEnd   = "（《〈「『【〔［｛“‘([{«￥＄〝〖"
)

// Full-width marks whose ink fills one half of their cell: the other half can
// be given up.
const (
	inkLeft  = "，。、；：！？）》〉」』】〕］”’"
	inkRight = "（《〈「『【〔［“‘"
)

// class is what a character is for breaking lines.
type class uint16

const (
	isNoStart class = 1 << iota
	isNoEnd
	isInkLeft
	isInkRight
	isWord  // a letter or digit
	isDigit // a half-width digit
	isSpace
	isHalf    // a letter, digit or mark that takes half a cell
	isInWord  // a mark within a word: 3.5, a-b
	isNumeral // 一二三
	isUnit    // belongs to the number before it
	isCounter // belongs to 第…
	isPair    // 第, a sign or one half of a dash: what follows may belong to it
	isBracket // 〔
	isHole

	// What a line's end looks at beside the characters themselves.
	isMark = isNoStart | isNoEnd | isInkLeft | isInkRight | isWord | isDigit | isSpace
	// A character without any of these belongs to nothing that follows it …
	leads = isWord | isInWord | isNumeral | isPair | isHole
	// … and one without these to nothing that must be looked for before it.
	follows = isBracket | isHole
)

// classes are those of the basic plane: every character of a paper is looked up,
// and more than once.
var classes [1 << 16]class

func init() {
	set := func(s string, c class) {
		for _, r := range s {
			classes[r] |= c
		}
	}
	for r := 0xc0; r < 0x250; r++ {
		classes[r] = isWord
	}
	classes['×'], classes['÷'] = 0, 0
	set(noStart, isNoStart)
	set(noEnd, isNoEnd)
	set(inkLeft, isInkLeft)
	set(inkRight, isInkRight)
	set("0123456789", isDigit|isWord)
	set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", isWord)
	set(" \u00a0\u3000", isSpace)
	for r := range classes[:0x250] {
		if classes[r]&isSpace == 0 && (r < 128 || classes[r]&isMark&^isWord == 0) && !strings.ContainsRune("×÷°", rune(r)) {
			classes[r] |= isHalf
		}
	}
	set(".,:/-_@&+#=~'?", isInWord)
	set(numerals, isNumeral)
	set(units, isUnit)
	set(counters, isCounter)
	set("第-－+…—", isPair)
	set("〔", isBracket)
	set(string(Hole), isHole)
}

func classOf(r rune) class {
	if uint32(r) < 1<<16 {
		return classes[r]
	}
	return 0
}

func isHan(r rune) bool {
	return r >= 0x4e00 && r <= 0x9fff || r >= 0x3400 && r <= 0x4dbf || r >= 0x20000 && r <= 0x323af || r >= 0xf900 && r <= 0xfaff || r == '〇'
}

// clean makes one line of what somebody typed: other blanks become an
// ideographic space, what cannot be seen is dropped.
func clean(s string) string {
	if !strings.ContainsFunc(s, unseen) {
		return s
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\t':
			return '\u3000'
		case unseen(r):
			return -1
		}
		return r
	}, s)
}

func unseen(r rune) bool {
	return r < 0x20 || r >= 0x7f && r < 0xa0 || r >= 0x200b && r <= 0x200f || r == 0xfeff || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069
}

// lines cuts a text at its line ends, whatever kind they are.
func lines(s string) []string {
	if !strings.ContainsRune(s, '\n') && !strings.ContainsRune(s, '\r') {
		return []string{s}
	}
	return strings.Split(strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n"), "\n")
}
