package main

import (
	"fmt"
	"html"
	"math"
	"strings"
)

// curve is how one cost grows.
type curve struct {
	name   string
	points []point
}

type point struct{ x, y float64 }

// draw is a chart of each curve over the number of records, both scales
// logarithmic: a straight line up to the right is proportional growth, a level
// one none.
func draw(cs []curve) []byte {
	const (
		w, h, cols = 360, 240, 2
		left, foot = 54, 34
		top, right = 36, 16
	)
	rows := (len(cs) + cols - 1) / cols
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" font-family="sans-serif" font-size="11">`+"\n", w*cols, h*rows, w*cols, h*rows)
	fmt.Fprintf(&b, `<rect width="%d" height="%d" fill="#fff"/>`+"\n", w*cols, h*rows)
	for i, c := range cs {
		if len(c.points) == 0 {
			continue
		}
		x0, y0 := float64(i%cols*w), float64(i/cols*h)
		fmt.Fprintf(&b, `<text x="%.0f" y="%.0f" font-weight="bold">%s</text>`+"\n", x0+left, y0+18, html.EscapeString(c.name))
		var xs, ys []float64
		for _, p := range c.points {
			xs, ys = append(xs, math.Log10(p.x)), append(ys, math.Log10(math.Max(p.y, 1e-3)))
		}
		fromX, toX := decades(xs)
		fromY, toY := decades(ys)
		at := func(x, y float64) (float64, float64) {
			return x0 + left + (x-fromX)/(toX-fromX)*(w-left-right), y0 + h - foot - (y-fromY)/(toY-fromY)*(h-top-foot)
		}
		for d := fromX; d <= toX; d++ {
			x, y := at(d, fromY)
			_, t := at(d, toY)
			fmt.Fprintf(&b, `<path d="M%.1f %.1fV%.1f" stroke="#ddd"/><text x="%.1f" y="%.1f" text-anchor="middle">%s</text>`+"\n", x, y, t, x, y+16, short(d))
		}
		for d := fromY; d <= toY; d++ {
			x, y := at(fromX, d)
			r, _ := at(toX, d)
			fmt.Fprintf(&b, `<path d="M%.1f %.1fH%.1f" stroke="#ddd"/><text x="%.1f" y="%.1f" text-anchor="end">%s</text>`+"\n", x, y, r, x-6, y+4, short(d))
		}
		var path strings.Builder
		for j := range xs {
			x, y := at(xs[j], ys[j])
			fmt.Fprintf(&path, "%s%.1f %.1f", map[bool]string{true: "M", false: "L"}[j == 0], x, y)
			anchor, to := "middle", x
			switch { // clear of the scale on the left and of the next drawing
			case j == 0:
				anchor, to = "start", x+5
			case j == len(xs)-1:
				anchor = "end"
			}
			fmt.Fprintf(&b, `<circle cx="%.1f" cy="%.1f" r="3" fill="#1f5fa8"/><text x="%.1f" y="%.1f" text-anchor="%s">%s</text>`+"\n", x, y, to, y-7, anchor, figure(c.points[j].y))
		}
		fmt.Fprintf(&b, `<path d="%s" fill="none" stroke="#1f5fa8" stroke-width="1.5"/>`+"\n", path.String())
	}
	b.WriteString("</svg>\n")
	return []byte(b.String())
}

// decades are whole powers of ten around some logarithms, at least one apart.
func decades(ls []float64) (from, to float64) {
	from, to = math.Inf(1), math.Inf(-1)
	for _, l := range ls {
		from, to = math.Min(from, math.Floor(l)), math.Max(to, math.Ceil(l))
	}
	if to <= from {
		to = from + 1
	}
	return from, to
}

// figure is a value with three digits that count.
func figure(v float64) string {
	if v >= 100 {
		return fmt.Sprintf("%.0f", v)
	}
	return fmt.Sprintf("%.3g", v)
}

// short is a power of ten as people write it.
func short(d float64) string {
	switch {
	case d >= 6:
		return fmt.Sprintf("%.0fM", math.Pow(10, d-6))
	case d >= 3:
		return fmt.Sprintf("%.0fk", math.Pow(10, d-3))
	}
	return fmt.Sprintf("%g", math.Pow(10, d))
}
