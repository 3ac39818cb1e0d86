package layout

import (
	"math"
	"slices"
)

// span is text of one face.
type span struct {
	text []rune
	face Face
}

// para is a paragraph to be set: spans, a measure, indents.
type para struct {
	part   Part
	block  string
	spans  []span
	size   float64 // em, mm
	pitch  float64 // width of a full cell, mm
	first  float64 // indent of the first line, mm
	rest   float64 // and of the others
	left   float64 // x of the measure
	width  float64
	align  align
	ink    Ink
	ragged bool // never spread a line to the measure
}

type align uint8

const (
	alignJustify align = iota
	alignCenter
	alignRight
	alignLeft
)

// setLine is a broken line: characters with their places on a baseline that is
// not known yet.
type setLine struct {
	part  Part
	block string
	size  float64
	ink   Ink
	cells []cell
	text  []rune // of the cells; nil: not kept
	x     []float64
	end   float64
	last  bool // of its paragraph
}

// A paper has a cell for each of its characters.
type cell struct {
	adv  float64 // mm
	r    rune
	c    class
	face faceNo
	tied bool // no line begins with it
}

// faceNo is the place of a face in Faces.
type faceNo uint8

func numberOfFace(f Face) faceNo { return faceNo(max(0, slices.Index(Faces, f))) }

// half reports a letter, digit or mark that takes half a cell.
func (c cell) half() bool { return c.c&isHalf != 0 }

const (
	eps     = 1e-6
	tighten = 0.03 // of its pitch that a character may give
	spread  = 0.35 // of its pitch that a gap may grow before a line stays ragged
)

// breaker breaks paragraphs; it keeps its buffers.
type breaker struct {
	metrics Metrics
	protect [][]rune
	torn    bool // a word was longer than a line
	tied    []bool
}

func (k *breaker) cellsOf(p *para) []cell {
	cells, _ := k.textOf(p)
	return cells
}

// textOf are the cells of a paragraph, and its characters alone.
func (k *breaker) textOf(p *para) ([]cell, []rune) {
	n := 0
	for _, s := range p.spans {
		n += len(s.text)
	}
	// Every line keeps a part of this slice: it is not shared by paragraphs.
	out := make([]cell, 0, n)
	var whole []rune
	if len(p.spans) == 1 {
		whole = p.spans[0].text
	} else {
		whole = make([]rune, 0, n)
		for _, s := range p.spans {
			whole = append(whole, s.text...)
		}
	}
	k.tied = slices.Grow(k.tied[:0], n)[:n]
	clear(k.tied)
	t := tieInto(k.tied, whole, k.protect)
	i := 0
	_, nominal := k.metrics.(Nominal)
	var before class
	for _, s := range p.spans {
		face := numberOfFace(s.face)
		for _, r := range s.text {
			c := classOf(r)
			var adv float64
			switch {
			case c&isHole != 0:
				adv = holeCells
			case nominal:
				adv = Nominal{}.Advance(s.face, r)
			default:
				adv = k.metrics.Advance(s.face, r)
			}
			out = append(out, cell{r: r, face: face, adv: adv * p.pitch, c: c, tied: t[i] || i > 0 && (c&isNoStart != 0 || before&isNoEnd != 0)})
			before = c
			i++
		}
	}
	return out, whole
}

// set breaks a paragraph into lines; an empty one is one empty line.
func (k *breaker) set(p *para) []setLine {
	cells, text := k.textOf(p)
	if len(cells) == 0 {
		return []setLine{{part: p.part, block: p.block, size: p.size, ink: p.ink, last: true, end: p.left + p.first}}
	}
	out := make([]setLine, 0, len(cells)/26+1)
	xs := make([]float64, len(cells))
	for from := 0; from < len(cells); {
		indent := p.rest
		if from == 0 {
			indent = p.first
		}
		measure := p.width - indent
		to := k.end(cells, from, measure)
		last := to == len(cells)
		l := placeOn(xs[from:to:to], p, cells[from:to:to], p.left+indent, measure, last)
		l.text = text[from:to:to]
		out = append(out, l)
		from = to
	}
	return out
}

// end is where the line that begins at from ends: past the last cell that it
// holds.
func (k *breaker) end(cells []cell, from int, measure float64) int {
	w, j := 0.0, from
	for j < len(cells) {
		c := cells[j]
		if w+c.adv > measure+eps && c.c&isSpace == 0 {
			break
		}
		w += c.adv
		j++
	}
	if j == len(cells) {
		return j
	}
	if j > from && !cells[j].tied {
		return j
	}
	// Pull in what may not begin the next line, if the line can give the room.
	for to := j + 1; to <= len(cells) && to <= j+4; to++ {
		if to < len(cells) && cells[to].tied {
			continue
		}
		onlyMarks := true
		for _, c := range cells[j:to] {
			if c.c&isNoStart == 0 {
				onlyMarks = false
			}
		}
		if onlyMarks && fits(cells[from:to], measure) {
			return to
		}
		break
	}
	// Push out: the last place where a line may end.
	for to := j; to > from; to-- {
		if !cells[to].tied {
			return to
		}
	}
	// A word longer than the line: torn, but not before a closing mark.
	k.torn = true
	for to := max(j, from+1); to > from+1; to-- {
		if cells[to].c&isNoStart == 0 && cells[to-1].c&isNoEnd == 0 {
			return to
		}
	}
	return max(j, from+1)
}

// width is the natural width of a line, without blanks at its end.
func width(cells []cell) (w float64, n int) {
	n = len(cells)
	for n > 0 && cells[n-1].c&isSpace != 0 {
		n--
	}
	for _, c := range cells[:n] {
		w += c.adv
	}
	return w, n
}

// give is how much room the marks of a line can give up, and its characters.
func give(cells []cell) (marks, chars float64) {
	for i, c := range cells {
		if c.c&isInkLeft != 0 || c.c&isInkRight != 0 && i > 0 {
			marks += c.adv / 2
		}
		if i < len(cells)-1 {
			chars += c.adv * tighten
		}
	}
	return marks, chars
}

func fits(cells []cell, measure float64) bool {
	w, n := width(cells)
	marks, chars := give(cells[:n])
	return w-marks-chars <= measure+eps
}

// place puts the cells of a line on x.
func place(p *para, cells []cell, x, measure float64, last bool) setLine {
	return placeOn(make([]float64, len(cells)), p, cells, x, measure, last)
}

// placeOn is place with the slice that keeps the places.
func placeOn(xs []float64, p *para, cells []cell, x, measure float64, last bool) setLine {
	l := setLine{part: p.part, block: p.block, size: p.size, ink: p.ink, cells: cells, x: xs, last: last}
	w, n := width(cells)
	slack := measure - w
	var gap, markGive, charGive float64
	switch {
	case slack < -eps:
		marks, _ := give(cells[:n])
		need := -slack
		if marks > 0 {
			markGive = math.Min(1, need/marks) // of the half cell each mark can give
			need -= markGive * marks
		}
		if need > eps {
			total := 0.0
			for _, c := range cells[:max(n-1, 0)] {
				total += c.adv
			}
			if total > 0 {
				charGive = need / total
			}
		}
	case p.align == alignCenter:
		x += slack / 2
	case p.align == alignRight:
		x += slack
	case p.align == alignJustify && !last && !p.ragged && slack > eps:
		gaps := 0
		for i := 1; i < n; i++ {
			if opens(cells, i) {
				gaps++
			}
		}
		if gaps > 0 && slack/float64(gaps) <= spread*p.pitch {
			gap = slack / float64(gaps)
		}
	}
	end := x
	for i, c := range cells {
		if i >= n { // blanks at the end take no room
			l.x[i] = end
			continue
		}
		if i > 0 && gap > 0 && opens(cells, i) {
			x += gap
		}
		adv := c.adv
		l.x[i] = x
		switch {
		case markGive > 0 && c.c&isInkLeft != 0:
			adv -= c.adv / 2 * markGive
		case markGive > 0 && c.c&isInkRight != 0 && i > 0:
			l.x[i] = x - c.adv/2*markGive
			adv -= c.adv / 2 * markGive
		}
		if i < n-1 {
			adv -= c.adv * charGive
		}
		x += adv
		end = x
	}
	l.end = end
	return l
}

// opens reports whether room may be added before cell i: not inside words.
func opens(cells []cell, i int) bool {
	a, b := cells[i-1], cells[i]
	return !(a.half() && b.half()) && !(a.r == '—' && b.r == '—') && !(a.r == '…' && b.r == '…')
}

// runs makes runs of a line on a baseline.
func (l *setLine) runs(y float64, out []Run) []Run {
	for i := 0; i < len(l.cells); {
		c := l.cells[i]
		if c.r == Hole {
			i++
			continue
		}
		word := c.half()
		j := i + 1
		for j < len(l.cells) && l.cells[j].face == c.face && l.cells[j].r != Hole && l.cells[j].half() == word {
			j++
		}
		r := Run{Part: l.part, Block: l.block, Face: Faces[c.face], Size: l.size, Ink: l.ink, Y: y, Word: word, Squeeze: 1, X: l.x[i:j:j]}
		if l.text != nil {
			r.Text = l.text[i:j:j]
		} else {
			r.Text = make([]rune, j-i)
			for n := range r.Text {
				r.Text[n] = l.cells[i+n].r
			}
		}
		switch {
		case j < len(l.cells):
			r.End = l.x[j]
			if last := l.cells[j-1]; l.cells[j].c&isInkRight != 0 || r.End > l.x[j-1]+last.adv {
				// Neither a gap nor a moved bracket is part of the character.
				r.End = math.Min(l.x[j-1]+last.adv, math.Max(r.End, l.x[j-1]+last.adv*(0.5-tighten)))
			}
		default:
			r.End = l.end
		}
		r.Last = l.last && j == len(l.cells)
		out = append(out, r)
		i = j
	}
	return out
}

// holes are the places of what is not known yet.
func (l *setLine) holes(top, height float64, hint string, out []Place) []Place {
	for i, c := range l.cells {
		if c.r == Hole {
			out = append(out, Place{Part: l.part, Kind: PlaceHole, Text: hint, X: l.x[i], Y: top, W: c.adv, H: height})
		}
	}
	return out
}
