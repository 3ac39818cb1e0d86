package document

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Merge3 joins two edits of one text, word by word. It is false, and the text
// empty, if both sides changed the same place differently. Two insertions at
// one place both stay, theirs before mine; nothing that either side inserted is
// lost when it is true.
func Merge3(base, mine, theirs string) (string, bool) {
	switch {
	case mine == theirs, theirs == base:
		return mine, true
	case mine == base:
		return theirs, true
	}
	b := words(base)
	ms, ts := hunks(b, words(mine)), hunks(b, words(theirs))
	var out strings.Builder
	at := 0
	emit := func(h hunk) {
		out.WriteString(strings.Join(b[at:h.from], ""))
		out.WriteString(strings.Join(h.put, ""))
		at = h.to
	}
	for len(ms) > 0 || len(ts) > 0 {
		switch {
		case len(ts) == 0:
			emit(ms[0])
			ms = ms[1:]
		case len(ms) == 0:
			emit(ts[0])
			ts = ts[1:]
		case ms[0].equal(ts[0]):
			emit(ts[0])
			ms, ts = ms[1:], ts[1:]
		case ms[0].crosses(ts[0]):
			return "", false
		case ts[0].before(ms[0]):
			emit(ts[0])
			ts = ts[1:]
		default:
			emit(ms[0])
			ms = ms[1:]
		}
	}
	out.WriteString(strings.Join(b[at:], ""))
	return out.String(), true
}

// hunk replaces base[from:to] by put; from = to is an insertion.
type hunk struct {
	from, to int
	put      []string
}

func (h hunk) equal(o hunk) bool {
	return h.from == o.from && h.to == o.to && slices.Equal(h.put, o.put)
}

// crosses reports whether the two touch the same words.
func (h hunk) crosses(o hunk) bool { return h.from < o.to && o.from < h.to }

// before orders hunks that do not cross: an insertion comes before what it
// stands in front of; of two insertions at one place the receiver comes first.
func (h hunk) before(o hunk) bool {
	if h.from != o.from {
		return h.from < o.from
	}
	return h.to <= o.to
}

// words cuts a text into what is merged as one: a Han character, a run of other
// letters or of digits (with their points), or any other single character. Put
// together again they are the text, byte by byte.
func words(s string) []string {
	var out []string
	begin, kind := 0, 0 // of the run under way; kind 0: none
	flush := func(to int) {
		if kind != 0 {
			out, kind = append(out, s[begin:to]), 0
		}
	}
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		k := kindOf(r, kind)
		if k == 0 || k != kind {
			flush(i)
			begin, kind = i, k
		}
		if k == 0 {
			out = append(out, s[i:i+n])
		}
		i += n
	}
	flush(len(s))
	return out
}

// kindOf is 1 for a letter that makes words, 2 for what makes numbers, else 0;
// a point or comma belongs to the number it stands in or after.
func kindOf(r rune, run int) int {
	switch {
	case unicode.Is(unicode.Han, r):
		return 0
	case unicode.IsDigit(r), (r == '.' || r == ',') && run == 2:
		return 2
	case unicode.IsLetter(r):
		return 1
	}
	return 0
}

// maxDiff bounds the work of one diff: beyond it the middle counts as one
// change, which at worst makes a conflict of what could have been merged.
const maxDiff = 400

// hunks are the changes from a to b: a shortest edit script (Myers 1986) after
// the common beginning and end are set aside.
func hunks(a, b []string) []hunk {
	pre := 0
	for pre < len(a) && pre < len(b) && a[pre] == b[pre] {
		pre++
	}
	post := 0
	for post < len(a)-pre && post < len(b)-pre && a[len(a)-1-post] == b[len(b)-1-post] {
		post++
	}
	x, y := a[pre:len(a)-post], b[pre:len(b)-post]
	if len(x) == 0 && len(y) == 0 {
		return nil
	}
	var out []hunk
	add := func(from, to int, put []string) {
		if n := len(out); n > 0 && out[n-1].to == from { // one place, one change
			out[n-1].to = to
			out[n-1].put = append(out[n-1].put, put...)
			return
		}
		out = append(out, hunk{from, to, slices.Clone(put)})
	}
	i, j := 0, 0
	for _, m := range matches(x, y) {
		if m[0] > i || m[1] > j {
			add(pre+i, pre+m[0], y[j:m[1]])
		}
		i, j = m[0]+1, m[1]+1
	}
	if i < len(x) || j < len(y) {
		add(pre+i, pre+len(x), y[j:])
	}
	return out
}

// matches pairs equal words of x and y, in order, as many as there can be;
// none if the two are too far apart.
func matches(x, y []string) [][2]int {
	n, m := len(x), len(y)
	limit := min(n+m, maxDiff)
	v := make([]int, 2*limit+2)
	var trail [][]int
	for d := 0; d <= limit; d++ {
		trail = append(trail, slices.Clone(v[limit-d:limit+d+2]))
		for k := -d; k <= d; k += 2 {
			var i int
			if k == -d || k != d && v[limit+k-1] < v[limit+k+1] {
				i = v[limit+k+1]
			} else {
				i = v[limit+k-1] + 1
			}
			j := i - k
			for i < n && j < m && x[i] == y[j] {
				i, j = i+1, j+1
			}
			v[limit+k] = i
			if i >= n && j >= m {
				return backtrack(trail, n, m)
			}
		}
	}
	return nil
}

// backtrack walks from the end to the beginning along the furthest points.
// trail[d][k+d] is the furthest point of diagonal k before step d.
func backtrack(trail [][]int, n, m int) [][2]int {
	var out [][2]int
	i, j := n, m
	for d := len(trail) - 1; d >= 0; d-- {
		v := trail[d]
		at := func(k int) int { return v[k+d] }
		k := i - j
		pi, pj := 0, 0
		if d > 0 {
			pk := k - 1
			if k == -d || k != d && at(k-1) < at(k+1) {
				pk = k + 1
			}
			pi = at(pk)
			pj = pi - pk
		}
		for i > pi && j > pj {
			i, j = i-1, j-1
			out = append(out, [2]int{i, j})
		}
		i, j = pi, pj
	}
	slices.Reverse(out)
	return out
}
