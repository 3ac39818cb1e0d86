package layout

import "math"

// setSignature adds 署名 and 成文日期 in the way the paper is signed.
func (s *setter) setSignature(sign []Signatory, date, signID, dateID string) {
	from := len(s.units)
	switch s.p.Elements.Seal {
	case SealNone:
		s.signPlain(sign, date, signID, dateID)
	case SealSign:
		s.signChop(sign, date, signID, dateID)
	default:
		if s.t.Format == FormatPlain || s.t.Format == FormatMinutes {
			s.signPlain(sign, date, signID, dateID)
		} else if len(sign) > 1 {
			s.signJoint(sign, date, signID, dateID)
		} else {
			s.signSealed(sign, date, signID, dateID)
		}
	}
	for i := from; i < len(s.units); i++ {
		s.units[i].sign = true
		if i+1 < len(s.units) {
			s.units[i].keep = WhySeal
		}
	}
}

// natural sets a text of 三号 in its natural width at x.
func (s *setter) natural(part Part, block, text string, x float64) setLine {
	p := s.para3(part, block, false, span{[]rune(text), Fang})
	cells := s.k.cellsOf(&p)
	w, _ := width(cells)
	p.align = alignLeft
	return place(&p, cells, x, w+eps, true)
}

func (s *setter) widthOf(text string) float64 {
	p := s.para3(PartBody, "", false, span{[]rune(text), Fang})
	w, _ := width(s.k.cellsOf(&p))
	return w
}

func (s *setter) addLine(l setLine) *unit {
	s.units = append(s.units, unit{h: s.t.Line(), grid: true, draw: s.drawLine(l, s.t.Line())})
	return &s.units[len(s.units)-1]
}

func (s *setter) right() float64 { return s.t.Left + s.t.Width }

// signSealed: the date four 字 from the right, the name in the middle above it,
// the seal upon both.
func (s *setter) signSealed(sign []Signatory, date, signID, dateID string) {
	cell, line := s.t.Cell(), s.t.Line()
	s.addBlank(s.t.SealBlank, unit{})
	dw := s.widthOf(date)
	if date == "" {
		dw = 9 * cell
	}
	mid := s.right() - 4*cell - dw/2
	for _, x := range sign {
		name := clean(x.Unit)
		w := s.widthOf(name)
		if w > s.t.Width {
			p := s.para3(PartSignature, signID, false, span{[]rune(name), Fang})
			p.align = alignRight
			s.addPara(&p, unit{})
			continue
		}
		at := math.Min(mid-w/2, s.right()-w)
		l := s.natural(PartSignature, signID, name, math.Max(at, s.t.Left))
		u := s.addLine(l)
		draw := u.draw
		u.draw = func(p *Page, top float64) {
			draw(p, top)
			d := s.t.SealSize
			// Its top no more than a line under the text, its foot a little
			// under the date.
			y := top + 2.5*line - d
			if room := float64(s.t.SealBlank) * line; y < top-room {
				y = top - room
			} else if y > top-room+line {
				y = top - room + line
			}
			x0 := math.Min(mid-d/2, s.right()-d)
			p.Places = append(p.Places, Place{Part: PartSeal, Kind: PlaceSeal, Text: name, X: x0, Y: y, W: d, H: d})
		}
	}
	if date != "" {
		s.addLine(s.natural(PartDate, dateID, date, mid-dw/2))
	}
}

// sealGap is the least room between two seals, in millimetres: they must not
// touch.
const sealGap = 2.0

// signJoint: rows of seals, three at most beside each other, each on its name,
// in columns within the 版心; the last one on its name and the date.
func (s *setter) signJoint(sign []Signatory, date, signID, dateID string) {
	cell, line := s.t.Cell(), s.t.Line()
	d := s.t.SealSize
	rowLines := math.Ceil((d + sealGap) / line)
	longest := 0.0
	for _, x := range sign {
		longest = math.Max(longest, s.widthOf(clean(x.Unit)))
	}
	cols := max(1, int((s.t.Width+sealGap)/(math.Max(d+sealGap, longest+cell/2))))
	cols = min(cols, 3, len(sign))
	rows := (len(sign) + cols - 1) / cols
	dw := s.widthOf(date)
	// The last column stands where the date does: four 字 from the right, further
	// right if a row needs it. The others follow to the left.
	step := s.t.Width / float64(cols)
	half := math.Max(d, longest) / 2
	m := s.right() - 4*cell - math.Max(dw, 7*cell)/2
	need := s.t.Left + half + float64(cols-1)*math.Max(d+sealGap, math.Min(step, longest+cell/2))
	m = math.Min(math.Max(m, need), s.right()-half)
	pitch := math.Min(step, (m-half-s.t.Left)/math.Max(1, float64(cols-1)))
	for r := range rows {
		part := sign[r*cols : min(len(sign), (r+1)*cols)]
		last := r == rows-1
		mids := make([]float64, len(part))
		for i := range part {
			n := cols
			if last { // the last seal is on the date
				n = len(part)
			}
			mids[i] = m - pitch*float64(n-1-i)
		}
		var ls []setLine
		for i, x := range part {
			name := clean(x.Unit)
			w := s.widthOf(name)
			ls = append(ls, s.natural(PartSignature, signID, name, math.Max(s.t.Left, math.Min(mids[i]-w/2, s.right()-w))))
		}
		var dl setLine
		if last && date != "" {
			dl = s.natural(PartDate, dateID, date, math.Min(mids[len(mids)-1]-dw/2, s.right()-dw))
		}
		s.units = append(s.units, unit{h: rowLines * line, grid: true, whole: WhySeal, draw: func(p *Page, top float64) {
			at := top + 2*line
			for i := range ls {
				p.Runs = ls[i].runs(baseline(at, line, Size3), p.Runs)
				p.Places = append(p.Places, Place{Part: PartSeal, Kind: PlaceSeal, Text: clean(part[i].Unit),
					X: mids[i] - d/2, Y: top + (rowLines*line-d)/2, W: d, H: d})
			}
			if dl.cells != nil {
				p.Runs = dl.runs(baseline(at+line, line, Size3), p.Runs)
				p.Places = dl.holes(at+line+(line-Size3)/2, Size3, "", p.Places)
			}
		}})
	}
}

// signPlain: names two 字 from the right; the date two 字 to the right of the
// name's beginning.
func (s *setter) signPlain(sign []Signatory, date, signID, dateID string) {
	cell := s.t.Cell()
	s.addBlank(1, unit{})
	dw := s.widthOf(date)
	longest := 0.0
	for _, x := range sign {
		longest = math.Max(longest, s.widthOf(clean(x.Unit)))
	}
	right := s.right() - 2*cell
	left := math.Max(s.t.Left, right-longest)
	if date != "" && len(sign) > 0 && left+2*cell+dw > right {
		left = math.Max(s.t.Left, right-dw-2*cell)
	}
	for _, x := range sign {
		name := clean(x.Unit)
		w := s.widthOf(name)
		if w > s.t.Width {
			p := s.para3(PartSignature, signID, false, span{[]rune(name), Fang})
			p.align = alignRight
			s.addPara(&p, unit{})
			continue
		}
		// Names of a joint paper stand under each other at the right.
		at := left
		if w < longest {
			at = left + longest - w
		}
		s.addLine(s.natural(PartSignature, signID, name, at))
	}
	if date != "" {
		at := left + 2*cell
		if len(sign) == 0 {
			at = right - dw
		}
		s.addLine(s.natural(PartDate, dateID, date, at))
	}
}

// signChop: 签名章 four 字 from the right, 职务 two 字 at its left; those of a
// 联合行文 under each other, one office a row, 主办 first; the date below after an
// empty line.
func (s *setter) signChop(sign []Signatory, date, signID, dateID string) {
	cell, line := s.t.Cell(), s.t.Line()
	s.addBlank(2, unit{})
	for i, x := range sign {
		w, h := s.t.SignW, s.t.SignH
		at := s.right() - 4*cell - w
		title := clean(x.Title)
		if title == "" {
			title = clean(x.Unit)
		}
		var ls []setLine // a long one in lines beside the middle of the chop
		for _, row := range breakTitle(title, int((at-2*cell-s.t.Left)/cell), s.k.protect) {
			ls = append(ls, s.natural(PartSignature, signID, row, at-2*cell-s.widthOf(row)))
		}
		tall := math.Max(h, float64(len(ls))*line)
		u := unit{h: math.Ceil(tall/line-0.01) * line, grid: true, whole: WhySeal}
		if len(sign) > 1 {
			u.h, u.grid = tall+sealGap, i == 0
		}
		u.draw = func(p *Page, top float64) {
			mid := top + u.h/2
			for k := range ls {
				p.Runs = ls[k].runs(baseline(mid+(float64(k)-float64(len(ls))/2)*line, line, Size3), p.Runs)
			}
			p.Places = append(p.Places, Place{Part: PartSeal, Kind: PlaceSign, Text: clean(x.Name), X: at, Y: mid - h/2, W: w, H: h})
		}
		s.units = append(s.units, u)
	}
	if date != "" {
		s.units = append(s.units, unit{h: line, grid: true})
		s.addLine(s.natural(PartDate, dateID, date, s.right()-4*cell-s.widthOf(date)))
	}
}
