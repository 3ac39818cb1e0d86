package bridge

import (
	"slices"
	"unicode"

	"qianshao/syncserver/office/document"
)

// maxCells bounds the table of one comparison; longer blocks are shown as
// changed between their common ends.
const maxCells = 1_000_000

// differences are the blocks that are not the same in two texts, in the order
// of the present one; a removed block stands where it was.
func differences(before, now []document.Block) []Difference {
	old := map[string]document.Block{}
	for _, b := range before {
		old[b.ID] = b
	}
	here := map[string]bool{}
	for _, b := range now {
		here[b.ID] = true
	}
	var out []Difference
	gone := func(from int) int { // removed blocks that stood at from and after
		for from < len(before) && !here[before[from].ID] {
			out = append(out, Difference{Before: whole(before[from].Text)})
			from++
		}
		return from
	}
	at := gone(0)
	for _, b := range now {
		o, had := old[b.ID]
		switch {
		case !had:
			out = append(out, Difference{After: whole(b.Text)})
		case o.Text != b.Text:
			x, y := pieces(o.Text, b.Text)
			out = append(out, Difference{Before: x, After: y})
		}
		if had {
			at = slices.IndexFunc(before, func(x document.Block) bool { return x.ID == b.ID })
			at = gone(at + 1)
		}
	}
	return out
}

func whole(s string) []Piece {
	if s == "" {
		return nil
	}
	return []Piece{{Text: s, Changed: true}}
}

// pieces cuts two texts into what they share and what only one has. Runs of
// digits and letters stay whole: 20 and 24 differ as numbers, not in a digit.
func pieces(a, b string) (before, after []Piece) {
	x, y := tokens(a), tokens(b)
	lead := 0
	for lead < len(x) && lead < len(y) && x[lead] == y[lead] {
		lead++
	}
	tail := 0
	for tail < len(x)-lead && tail < len(y)-lead && x[len(x)-1-tail] == y[len(y)-1-tail] {
		tail++
	}
	mx, my := x[lead:len(x)-tail], y[lead:len(y)-tail]
	put := func(list *[]Piece, s string, changed bool) {
		if s == "" {
			return
		}
		if n := len(*list); n > 0 && (*list)[n-1].Changed == changed {
			(*list)[n-1].Text += s
			return
		}
		*list = append(*list, Piece{Text: s, Changed: changed})
	}
	both := func(s string) { put(&before, s, false); put(&after, s, false) }
	for _, s := range x[:lead] {
		both(s)
	}
	if len(mx)*len(my) > maxCells {
		for _, s := range mx {
			put(&before, s, true)
		}
		for _, s := range my {
			put(&after, s, true)
		}
	} else {
		i, j := 0, 0
		for _, m := range common(mx, my) {
			for ; i < m[0]; i++ {
				put(&before, mx[i], true)
			}
			for ; j < m[1]; j++ {
				put(&after, my[j], true)
			}
			both(mx[i])
			i, j = i+1, j+1
		}
		for ; i < len(mx); i++ {
			put(&before, mx[i], true)
		}
		for ; j < len(my); j++ {
			put(&after, my[j], true)
		}
	}
	for _, s := range x[len(x)-tail:] {
		both(s)
	}
	return before, after
}

// common is a longest common subsequence, as pairs of places.
func common(x, y []string) [][2]int {
	n, m := len(x), len(y)
	table := make([]int32, (n+1)*(m+1)) // longest from (i, j) to the ends
	at := func(i, j int) int { return i*(m+1) + j }
	for i := n - 1; i >= 0; i-- {
		for j := m - 1; j >= 0; j-- {
			if x[i] == y[j] {
				table[at(i, j)] = table[at(i+1, j+1)] + 1
			} else {
				table[at(i, j)] = max(table[at(i+1, j)], table[at(i, j+1)])
			}
		}
	}
	var out [][2]int
	for i, j := 0, 0; i < n && j < m; {
		switch {
		case x[i] == y[j]:
			out = append(out, [2]int{i, j})
			i, j = i+1, j+1
		case table[at(i+1, j)] >= table[at(i, j+1)]:
			i++
		default:
			j++
		}
	}
	return out
}

// tokens are single characters, but runs of ASCII letters and digits as one.
func tokens(s string) []string {
	var out []string
	word := false
	for _, r := range s {
		w := r < 128 && (unicode.IsLetter(r) || unicode.IsDigit(r) || r == '.')
		if w && word {
			out[len(out)-1] += string(r)
		} else {
			out = append(out, string(r))
		}
		word = w
	}
	return out
}
