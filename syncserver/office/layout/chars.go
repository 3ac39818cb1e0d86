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

type class uint8

const (
	isNoStart class = 1 << iota
	isNoEnd
	isInkLeft
	isInkRight
	isWord  // a letter or digit
	isDigit // a half-width digit
	isSpace
)

var asciiClass [128]class
var wideClass = map[rune]class{}

func init() {
	set := func(s string, c class) {
		for _, r := range s {
			if r < 128 {
				asciiClass[r] |= c
			} else {
				wideClass[r] |= c
			}
		}
	}
	set(noStart, isNoStart)
	set(noEnd, isNoEnd)
	set(inkLeft, isInkLeft)
	set(inkRight, isInkRight)
	set("0123456789", isDigit|isWord)
	set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", isWord)
	set(" \u00a0\u3000", isSpace)
}

func classOf(r rune) class {
	if r < 128 {
		if r < 0 {
			return 0
		}
		return asciiClass[r]
	}
	if r < 0x250 && r > 0xbf && r != '×' && r != '÷' {
		return isWord
	}
	if r >= 0x4e00 && r <= 0x9fff {
		return 0
	}
	return wideClass[r]
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
