package document

import (
	"cmp"
	"slices"
	"strings"
	"time"
	"unicode"

	"qianshao/syncserver/office"
)

// SimilarEnough is from when on two titles are thought to name one paper. At
// 0.7 "关于报送防汛物资台账的函" and "关于报送防汛物资台账的通知" are one (0.87),
// "关于报送防汛物资台账的函" and "关于报送防汛值守安排的函" are two (0.55).
const SimilarEnough = 0.7

// similarWindow is how far back papers are compared: a yearly 通知 has the same
// title every year.
const similarWindow = 120 * 24 * time.Hour

// Alike is an incoming paper that may be the one about to be registered.
type Alike struct {
	office.Item[Header]
	Score float64 // 1: same sender and number
}

// AlikeIncoming finds registered papers that may be the same: by sender and
// number first, then by a similar title within the last months, the likest
// first, at most ten. A desk finds those it holds.
func AlikeIncoming(tx office.Tx, now time.Time, from, number, title string) ([]Alike, error) {
	same, err := Duplicates(tx, from, number)
	if err != nil {
		return nil, err
	}
	var out []Alike
	for _, h := range same {
		out = append(out, Alike{h, 1})
	}
	recent, err := Headers.List(tx, office.Query{
		View: "direction", Order: "received", Desc: true, Limit: office.MaxLimit,
		Where: []office.Cond{office.Where("direction", Incoming), {Field: "received", Op: office.Ge, Value: office.Millis(now.Add(-similarWindow))}},
	})
	if err != nil {
		return nil, err
	}
	for _, h := range recent {
		known := slices.ContainsFunc(out, func(a Alike) bool { return a.ID == h.ID })
		if score := Similarity(h.Value.Title, title); !known && score >= SimilarEnough {
			out = append(out, Alike{h, min(score, 0.99)})
		}
	}
	slices.SortStableFunc(out, func(a, b Alike) int { return cmp.Compare(b.Score, a.Score) })
	return out[:min(len(out), 10)], nil
}

// Similarity of two titles: twice the pairs of neighbouring characters that both
// have, by the number of all pairs (Dice), signs and spaces aside. 1 for equal
// titles, 0 for titles of one character or none.
func Similarity(a, b string) float64 {
	x, y := pairs(a), pairs(b)
	if len(x) == 0 || len(y) == 0 {
		return 0
	}
	count := map[[2]rune]int{}
	for _, p := range x {
		count[p]++
	}
	both := 0
	for _, p := range y {
		if count[p] > 0 {
			count[p]--
			both++
		}
	}
	return 2 * float64(both) / float64(len(x)+len(y))
}

func pairs(s string) [][2]rune {
	rs := []rune(strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s))
	var out [][2]rune
	for i := 1; i < len(rs); i++ {
		out = append(out, [2]rune{rs[i-1], rs[i]})
	}
	return out
}
