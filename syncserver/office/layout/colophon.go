package layout

import (
	"strconv"
	"strings"
)

// Rules of the 版记.
const (
	colophonOuter = 0.35
	colophonInner = 0.25
)

// setColophon sets the 版记 at the foot of the last page, on a further page
// where it finds no room, and, if the template says so, on an even one. used is
// how much of the last page is taken, apart how many pages before it are those
// of 附件 bound apart.
func (s *setter) setColophon(used float64, apart int) {
	groups := s.colophonGroups()
	n := 0
	for _, g := range groups {
		n += len(g)
	}
	if n == 0 {
		return
	}
	h := float64(n) * s.t.ColophonLine
	pages := len(s.doc.Pages)
	last := &s.doc.Pages[pages-1]
	room := !last.Turned && used+h+s.t.Line()*0.5 <= s.t.Height+slip
	target := pages // counted from 1
	if !room {
		target++
	}
	if s.t.ColophonEven && (target-apart)%2 == 1 {
		target++
	}
	for len(s.doc.Pages) < target {
		if len(s.doc.Pages) == pages {
			s.doc.Pages[pages-1].Why = WhyColophon
		}
		why := WhyBlank
		if len(s.doc.Pages) == target-1 {
			why = WhyLast
		}
		s.doc.Pages = append(s.doc.Pages, Page{W: pageW, H: pageH, Why: why})
	}
	p := &s.doc.Pages[target-1]
	y := s.t.Top + s.t.Height - h
	ruled := s.t.Format != FormatLetter
	left, right := s.t.Left, s.t.Left+s.t.Width
	rule := func(y, w float64) {
		if ruled {
			p.Rules = append(p.Rules, Rule{Part: PartColophon, X1: left, Y1: y, X2: right, Y2: y, Width: w})
		}
	}
	rule(y+colophonOuter/2, colophonOuter)
	for i, g := range groups {
		if i > 0 {
			rule(y, colophonInner)
		}
		for _, row := range g {
			for k := range row {
				p.Runs = row[k].runs(y+s.t.ColophonLine/2+(ascent-0.5)*Size4, p.Runs)
				p.Places = row[k].holes(y+(s.t.ColophonLine-Size4)/2, Size4, "", p.Places)
			}
			y += s.t.ColophonLine
		}
	}
	rule(y-colophonOuter/2, colophonOuter)
}

// colophonGroups are the lines of the 版记; a rule stands between groups. A
// line is one set line, or two of which the second stands at the right.
func (s *setter) colophonGroups() [][][]setLine {
	e := &s.p.Elements
	list := func(label string, names []string) [][]setLine {
		text := label + "：" + strings.Join(names, "，") + "。"
		p := para{part: PartColophon, spans: []span{{[]rune(clean(text)), Fang}}, size: Size4, pitch: Size4,
			left: s.t.Left + Size4, width: s.t.Width - 2*Size4, rest: 3 * Size4}
		var out [][]setLine
		for _, l := range s.k.set(&p) {
			out = append(out, []setLine{l})
		}
		return out
	}
	var out [][][]setLine
	var first [][]setLine
	if s.toEnd {
		first = append(first, list("主送", e.To)...)
	}
	if len(e.CC) > 0 {
		first = append(first, list("抄送", e.CC)...)
	}
	if len(first) > 0 {
		out = append(out, first)
	}
	if s.t.Format == FormatLetter || s.t.Format == FormatPlain || e.Printer == "" && e.Printed == "" {
		return out
	}
	var row []setLine
	put := func(text string, al align) {
		if text == "" {
			return
		}
		p := para{part: PartColophon, spans: []span{{[]rune(clean(text)), Fang}}, size: Size4, pitch: Size4, align: al}
		cells := s.k.cellsOf(&p)
		row = append(row, place(&p, cells, s.t.Left+Size4, s.t.Width-2*Size4, true))
	}
	put(e.Printer, alignLeft)
	if e.Printed != "" {
		put(e.Printed+"印发", alignRight)
	}
	return append(out, [][]setLine{row})
}

// numberPages prints 页码: odd ones at the right, even ones at the left, one 字
// free. The first page of a 信函 has none; if blank pages stand before the 版记,
// neither they nor its page are numbered. Behind the paper's last page so many
// were added for the 版记.
func (s *setter) numberPages(booklets []int, last, added int) {
	blank := added > 1 // the 版记 stands behind a blank page
	count := map[int]int{}
	for i := range s.doc.Pages {
		booklet := 0
		switch {
		case i <= last:
			booklet = booklets[i]
		case i > last+added:
			booklet = booklets[i-added]
		case blank:
			continue
		}
		if count[booklet]++; i == 0 && s.t.Format == FormatLetter {
			continue
		}
		s.numberPage(&s.doc.Pages[i], count[booklet])
	}
}

func (s *setter) numberPage(p *Page, n int) {
	p.Number = n
	text := []rune("— " + strconv.Itoa(n) + " —")
	var xs []float64
	w := 0.0
	for _, r := range text {
		xs = append(xs, w)
		w += Nominal{}.Advance(Song, r) * Size4
	}
	left := s.t.Left + s.t.Cell()
	if n%2 == 1 {
		left = s.t.Left + s.t.Width - s.t.Cell() - w
	}
	for i := range xs {
		xs[i] += left
	}
	// The dash stands in the middle of the em: its upper edge is the measure.
	y := s.t.Top + s.t.Height + s.t.PageNoDrop + (ascent-0.5)*Size4
	p.Runs = append(p.Runs, Run{Part: PartPageNo, Face: Song, Size: Size4, Y: y, Text: text, X: xs, End: left + w, Squeeze: 1, Upright: true, Last: true})
}
