package layout

import (
	"math"
	"strings"
)

// table is a grid of ruled cells. Its rows become units: a short row is one, a
// long one (an opinion) is cut between its lines, so that it grows over pages.
type table struct {
	part      Part
	block     string
	x         []float64 // edges of the columns
	rows      []tableRow
	heads     int // rows that are repeated on every page
	headUnits []unit
	lineH     float64
	padY      float64
	outer     float64 // rules
	inner     float64
	ink       Ink
	turned    bool
}

type tableRow struct {
	cells []tcell
	min   float64 // least height
	text  bool
	free  bool // no rules: a caption or the like
}

type tcell struct {
	span   int
	lines  []setLine
	middle bool // centred in the height of its row
	extra  func(p *Page, top, bottom float64)
}

// longRow is how many lines a row may have and still stay whole.
const longRow = 6

func (t *table) units() []unit {
	var out []unit
	for i := range t.rows {
		us := t.rowUnits(i)
		if i < t.heads {
			for k := range us {
				us[k].keep = WhyTable
			}
			t.headUnits = append(t.headUnits, us...)
		}
		out = append(out, us...)
	}
	return out
}

func (t *table) rowUnits(i int) []unit {
	r := &t.rows[i]
	n := 1
	for _, c := range r.cells {
		n = max(n, len(c.lines))
	}
	h := math.Max(float64(n)*t.lineH+2*t.padY, r.min)
	if n <= longRow && h < 80 || i < t.heads {
		return []unit{{h: h, table: t, row: i, turned: t.turned, text: r.text, draw: func(p *Page, top float64) {
			t.frame(p, r, top, top+h, true)
			for _, c := range r.cells {
				y := top + t.padY
				if c.middle {
					y = top + (h-float64(len(c.lines))*t.lineH)/2
				}
				for li := range c.lines {
					t.line(p, &c.lines[li], y+float64(li)*t.lineH)
				}
				if c.extra != nil {
					c.extra(p, top, top+h)
				}
			}
		}}}
	}
	out := make([]unit, 0, n)
	rest := math.Max(0, h-float64(n)*t.lineH-2*t.padY)
	for k := range n {
		sh, pad := t.lineH, 0.0
		if k == 0 {
			pad = t.padY
		}
		sh += pad
		if k == n-1 {
			sh += t.padY
		}
		u := unit{h: sh, table: t, row: i, turned: t.turned, text: r.text}
		if k == 0 || k == n-2 && n > 2 {
			u.keep = WhyTable // two lines at least at either end
		}
		u.draw = func(p *Page, top float64) {
			t.frame(p, r, top, top+sh, k == 0)
			for _, c := range r.cells {
				if k < len(c.lines) {
					t.line(p, &c.lines[k], top+pad)
				}
				if c.extra != nil && k == 0 {
					c.extra(p, top, top+sh)
				}
			}
		}
		out = append(out, u)
	}
	// What is missing to the least height can be left behind by a page's end.
	for rest > eps {
		sh := math.Min(rest, 2*t.lineH)
		out = append(out, unit{h: sh, table: t, row: i, turned: t.turned, draw: func(p *Page, top float64) {
			t.frame(p, r, top, top+sh, false)
		}})
		rest -= sh
	}
	return out
}

func (t *table) line(p *Page, l *setLine, top float64) {
	p.Runs = l.runs(top+t.lineH/2+(ascent-0.5)*l.size, p.Runs)
	p.Places = l.holes(top, t.lineH, "", p.Places)
}

// frame draws the rules of a slice of a row: its sides, and its top where the
// row begins.
func (t *table) frame(p *Page, r *tableRow, top, bottom float64, begins bool) {
	if r.free {
		return
	}
	if begins {
		t.across(p, top, t.inner)
	}
	col := 0
	for i, c := range r.cells {
		w := t.inner
		if i == 0 {
			w = t.outer
		}
		p.down(t.part, t.x[col], top, bottom, w, t.ink)
		col += max(1, c.span)
	}
	p.down(t.part, t.x[len(t.x)-1], top, bottom, t.outer, t.ink)
}

func (t *table) across(p *Page, y, w float64) {
	if n := len(p.Rules); n > 0 { // the bottom of one row is the top of the next
		for _, r := range p.Rules[max(0, n-24):] {
			if math.Abs(r.Y1-y) < eps && math.Abs(r.Y2-y) < eps && r.X1 == t.x[0] && r.Width >= w {
				return
			}
		}
	}
	p.Rules = append(p.Rules, Rule{Part: t.part, X1: t.x[0], Y1: y, X2: t.x[len(t.x)-1], Y2: y, Width: w, Ink: t.ink})
}

// down draws a vertical rule, or makes the one above it longer.
func (p *Page) down(part Part, x, top, bottom, w float64, ink Ink) {
	for i := len(p.Rules) - 1; i >= 0 && i > len(p.Rules)-24; i-- {
		r := &p.Rules[i]
		if r.X1 == x && r.X2 == x && r.Width == w && r.Ink == ink && math.Abs(r.Y2-top) < eps {
			r.Y2 = bottom
			return
		}
	}
	p.Rules = append(p.Rules, Rule{Part: part, X1: x, Y1: top, X2: x, Y2: bottom, Width: w, Ink: ink})
}

// tableGap is the least room between a table's frame and the lines of the grid
// around it, in millimetres: its frame stands as far from the text as two lines
// of text from each other.
const tableGap = 2.0

// addTable adds a table in the middle of the lines of the grid that it takes. On
// a page that it begins it stands at the top.
func (s *setter) addTable(us []unit, turned bool) {
	h := 0.0
	for _, u := range us {
		h += u.h
	}
	line := s.t.Line()
	room := math.Ceil((h+2*tableGap)/line-eps)*line - h
	s.units = append(s.units, unit{h: room / 2, grid: true, blank: true, turned: turned})
	s.units = append(s.units, us...)
	s.units = append(s.units, unit{h: tableGap, turned: turned, blank: true})
}

// bodyTable makes the table of a block: rows by line ends, cells by tabs.
func (s *setter) bodyTable(b Block, part Part, left, w float64, turned bool) *table {
	rows := lines(b.Text)
	cells := make([][]string, len(rows))
	n := 1
	for i, r := range rows {
		cells[i] = strings.Split(r, "\t")
		n = max(n, len(cells[i]))
	}
	size := s.t.TableSize
	t := &table{part: part, block: b.ID, lineH: size * 1.45, padY: size * 0.2, outer: 0.35, inner: 0.18, turned: turned}
	t.x = columns(b.Columns, cells, n, size, left, w)
	if len(rows) > 2 {
		t.heads = 1
	}
	for i, cs := range cells {
		r := tableRow{text: part == PartBody}
		for c := range n {
			across := 1
			text := ""
			if c < len(cs) {
				text = clean(cs[c])
			}
			if c == len(cs)-1 && len(cs) == 1 && n > 1 {
				across = n // a row of one cell goes through
			}
			face, al := Fang, alignLeft
			if i == 0 && len(rows) > 1 {
				face = Hei
			}
			if across == n || i == 0 || len([]rune(text)) <= 12 {
				al = alignCenter
			}
			p := para{part: part, block: b.ID, spans: []span{{[]rune(text), face}}, size: size, pitch: size,
				left: t.x[c] + size*0.3, width: t.x[c+across] - t.x[c] - size*0.6, align: al}
			r.cells = append(r.cells, tcell{span: across, lines: s.k.set(&p), middle: true})
			if across > 1 {
				break
			}
		}
		t.rows = append(t.rows, r)
	}
	return t
}

// columns are the edges of a table's columns: by the shares asked for, or by
// what they hold, with a least width.
func columns(shares []float64, cells [][]string, n int, size, left, w float64) []float64 {
	ws := make([]float64, n)
	if len(shares) == n {
		copy(ws, shares)
	} else {
		for _, r := range cells {
			if len(r) == 1 && n > 1 {
				continue
			}
			for c, text := range r {
				ws[c] = math.Max(ws[c], math.Min(cellsIn([]rune(clean(text)))*size, w*0.6))
			}
		}
		for c := range ws {
			ws[c] += size * 1.2
		}
	}
	total := 0.0
	for c := range ws {
		if !(ws[c] > 0) {
			ws[c] = 1
		}
		total += ws[c]
	}
	least := math.Min(size*1.8, w/float64(n))
	for c := range ws {
		ws[c] = math.Max(ws[c]/total*w, least)
	}
	total = 0
	for _, x := range ws {
		total += x
	}
	out := []float64{left}
	at := left
	for c := range ws {
		at += ws[c] / total * w
		out = append(out, at)
	}
	out[n] = left + w
	return out
}
