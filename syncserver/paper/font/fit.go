package font

// Most that letters are drawn wider than their face has them.
const widest = 1.05

// Fit is how letters and digits that belong together stand in the room that the
// layout gave them, from…to: narrowed if need be, hardly widened. What room is
// left is shared by both sides; a number that ends with a point, such as that of
// a paragraph, begins where its room does. All but scale are millimetres.
func Fit(f *Font, text []rune, size, from, to float64) (x, end, scale float64) {
	natural := 0.0
	for _, c := range text {
		natural += f.Advance(f.Glyph(c)) * size
	}
	if natural <= 0 || to <= from {
		return from, to, 1
	}
	scale = max(0.3, min(widest, (to-from)/natural))
	x = from
	if text[len(text)-1] != '.' {
		x += max(0, to-from-natural*scale) / 2
	}
	return x, x + natural*scale, scale
}
