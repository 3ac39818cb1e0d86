package document

import "unicode"

// Similarity of two titles, from 0 to 1: twice the pairs of neighbouring
// characters that both have, by the number of all pairs (Dice), signs and spaces
// aside. 1 for equal titles, 0 for titles of one character or none. Whoever asks
// sets the threshold: "关于报送防汛物资台账的函" and "关于报送防汛物资台账的通知" give
// 0.87, "关于报送防汛物资台账的函" and "关于报送防汛值守安排的函" 0.55.
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
	var rs []rune
	for _, r := range s {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			rs = append(rs, unicode.ToLower(r))
		}
	}
	var out [][2]rune
	for i := 1; i < len(rs); i++ {
		out = append(out, [2]rune{rs[i-1], rs[i]})
	}
	return out
}
