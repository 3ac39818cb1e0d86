package bridge

import (
	"strings"
	"unicode"
)

// Lengths of a snippet, in characters.
const (
	beforeHit = 12
	aroundHit = 60
)

// wordsOfQuery are the words of a search as they are looked for in a text: in
// lower case, narrow, parted by spaces.
func wordsOfQuery(text string) []string {
	return strings.Fields(string(folded([]rune(text))))
}

// folded is a text for comparison, character by character as long as the text:
// lower case, full-width Latin letters and digits as plain ones.
func folded(r []rune) []rune {
	out := make([]rune, len(r))
	for i, c := range r {
		switch {
		case c >= 0xff01 && c <= 0xff5e:
			c -= 0xfee0
		case c == 0x3000:
			c = ' '
		}
		out[i] = unicode.ToLower(c)
	}
	return out
}

// snippet is the piece of a text around the first word that occurs in it, all
// words in that piece marked; false if none occurs. Marks and spaces between
// the characters of a word (〔2026〕21) are passed over, as the index does.
func snippet(text string, words []string) ([]Piece, bool) {
	return around(text, words, beforeHit, aroundHit)
}

// titled is snippet for a title: as much of it as a line may have.
func titled(text string, words []string) ([]Piece, bool) { return around(text, words, 80, 120) }

// around is snippet with at most before characters before the match and length
// in all.
func around(text string, words []string, before, length int) ([]Piece, bool) {
	r := []rune(text)
	low := folded(r)
	on := make([]bool, len(r))
	first := -1
	for _, w := range words {
		want := letters([]rune(w))
		if len(want) == 0 {
			continue
		}
		for i := range low {
			end, ok := matchAt(low, i, want)
			if !ok {
				continue
			}
			if first < 0 || i < first {
				first = i
			}
			for k := i; k < end; k++ {
				on[k] = true
			}
		}
	}
	if first < 0 {
		return nil, false
	}
	begin := first
	for begin > 0 && first-begin < before && r[begin-1] != '\n' {
		begin--
	}
	end := begin
	for end < len(r) && end-begin < length && r[end] != '\n' {
		end++
	}
	var out []Piece
	if begin > 0 && r[begin-1] != '\n' {
		out = append(out, Piece{Text: "…"})
	}
	for i := begin; i < end; {
		k := i
		for k < end && on[k] == on[i] {
			k++
		}
		out = append(out, Piece{Text: string(r[i:k]), Changed: on[i]})
		i = k
	}
	if end < len(r) && r[end] != '\n' {
		out = append(out, Piece{Text: "…"})
	}
	return out, true
}

// letters are the characters of a word that count.
func letters(r []rune) []rune {
	var out []rune
	for _, c := range r {
		if counts(c) {
			out = append(out, c)
		}
	}
	return out
}

func counts(c rune) bool { return unicode.IsLetter(c) || unicode.IsNumber(c) || unicode.IsMark(c) }

// matchAt reports whether the word stands at i, and where it ends.
func matchAt(low []rune, i int, want []rune) (end int, ok bool) {
	if low[i] != want[0] {
		return 0, false
	}
	k := i
	for _, c := range want {
		for k < len(low) && low[k] != '\n' && !counts(low[k]) {
			k++
		}
		if k >= len(low) || low[k] != c {
			return 0, false
		}
		k++
	}
	return k, true
}
