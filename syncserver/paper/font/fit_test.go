package font

import (
	"math"
	"testing"

	"qianshao/syncserver/office/layout"
)

// TestFit: letters stay within their room, as they are made where they can.
func TestFit(t *testing.T) {
	s := NewSet(here(t))
	for _, x := range []struct {
		text string
		room float64 // ems
		left bool
	}{{"1.", 1, true}, {"2026", 2, false}, {"100%", 2, false}, {"GB/T", 2, false}, {"WWW", 1.5, false}, {"5", 0.5, false}} {
		f, _ := s.Pick(layout.Fang, rune(x.text[0]))
		from, end, scale := Fit(f, []rune(x.text), 4, 10, 10+4*x.room)
		if from < 10-1e-9 || end > 10+4*x.room+1e-9 || scale > widest || end <= from {
			t.Errorf("%s: %.2f…%.2f × %.2f in %.2f", x.text, from, end, scale, 4*x.room)
		}
		if before, after := from-10, 10+4*x.room-end; x.left && before > 0 || !x.left && math.Abs(before-after) > 1e-6 {
			t.Errorf("%s: %.2f free before, %.2f behind", x.text, before, after)
		}
	}
}
