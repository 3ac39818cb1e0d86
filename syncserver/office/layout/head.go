package layout

import (
	"math"
	"strings"
)

// setHead sets everything above the body of the first page.
func (s *setter) setHead(protect []string) {
	e := &s.p.Elements
	s.head = Page{}
	bottom := s.t.Top // where the last element above the title ends
	switch s.t.Format {
	case FormatPlain:
	case FormatLetter:
		bottom = s.letterHead()
	default:
		bottom = s.fileHead()
	}
	if s.t.Format == FormatOrder {
		// 令号 and the body two empty lines below; no title.
		s.at = snap(bottom-s.t.Top+s.t.TitleGap*s.t.Line(), s.t.Line())
		return
	}
	s.setTitle(bottom, protect)
	if len(e.To) > 0 && !s.toEnd {
		s.setTo()
	}
}

// setTitle sets the title on the grid and leaves BodyGap lines after it.
func (s *setter) setTitle(bottom float64, protect []string) {
	e := &s.p.Elements
	line := s.t.Line()
	at := 0.0
	if s.t.Format != FormatPlain {
		// 空二行, on the nearest line of the grid.
		at = math.Round((bottom-s.t.Top)/line+s.t.TitleGap) * line
	}
	if strings.TrimSpace(e.Title) == "" {
		s.at = at
		return
	}
	top := at
	rows := s.titleRows(e.Title, protect)
	if len(rows) > 4 {
		s.fault(FaultTitle, 1, PartTitle, "标题超过四行")
	}
	s.doc.Outline = append(s.doc.Outline, Entry{Text: strings.Join(lines(e.Title), ""), Y: s.t.Top + top})
	for _, l := range s.titleLines(rows, PartTitle, "", s.t.Left, s.t.Width) {
		s.head.Runs = l.runs(baseline(s.t.Top+at, line, l.size), s.head.Runs)
		at += line
	}
	s.at = at + float64(s.t.BodyGap)*line
}

func (s *setter) titleRows(title string, protect []string) []string {
	p := make([][]rune, 0, len(protect)+2)
	for _, x := range protect {
		p = append(p, []rune(x))
	}
	for _, x := range s.p.Elements.Issuers {
		p = append(p, []rune(x))
	}
	return breakTitle(title, int(s.t.Width/Size2), p)
}

func (s *setter) titleLines(rows []string, part Part, block string, left, w float64) []setLine {
	var out []setLine
	for i, r := range rows {
		p := para{part: part, block: block, spans: []span{{[]rune(r), XBS}}, size: Size2, pitch: Size2, left: left, width: w, align: alignCenter}
		cells := s.k.cellsOf(&p)
		out = append(out, place(&p, cells, left, w, i == len(rows)-1))
	}
	return out
}

// setTo adds 主送 as the body's first lines. Where they would leave no 正文 on
// the first page (L16), they move to the 版记.
func (s *setter) setTo() {
	text := strings.Join(s.p.Elements.To, "，") + "："
	p := s.para3(PartTo, "", false, span{[]rune(clean(text)), Fang})
	ls := s.k.set(&p)
	if s.at+float64(len(ls)+1)*s.t.Line() > s.t.Height+slip && s.at > 0 && s.t.Format != FormatPlain {
		s.toEnd = true
		return
	}
	for _, l := range ls {
		s.units = append(s.units, unit{h: s.t.Line(), grid: true, draw: s.drawLine(l, s.t.Line())})
	}
}

// corner sets 份号, 密级, 紧急程度 on the lines of the 版心's left corner, from a
// height, and answers where they end.
func (s *setter) corner(top float64) float64 {
	e := &s.p.Elements
	for _, x := range []struct {
		part Part
		face Face
		text string
	}{{PartCopyNo, Fang, e.CopyNo}, {PartLevel, Hei, e.Level}, {PartUrgency, Hei, e.Urgency}} {
		if x.text == "" {
			continue
		}
		s.putLine(x.part, x.face, x.text, top, 0, alignLeft)
		top += s.t.Line()
	}
	return top
}

// putLine sets one line of 三号 on the head; top is the line's.
func (s *setter) putLine(part Part, face Face, text string, top, indent float64, al align) {
	s.putSpans(part, []span{{[]rune(clean(text)), face}}, top, indent, al)
}

func (s *setter) putSpans(part Part, spans []span, top, indent float64, al align) {
	p := s.para3(part, "", false, spans...)
	p.align = al
	switch al {
	case alignRight:
		p.width -= indent
	case alignLeft:
		p.left += indent
		p.width -= indent
	}
	cells := s.k.cellsOf(&p)
	l := place(&p, cells, p.left, p.width, true)
	line := s.t.Line()
	s.head.Runs = l.runs(baseline(top, line, Size3), s.head.Runs)
	s.head.Places = l.holes(top+(line-Size3)/2, Size3, s.p.Elements.HoleHint, s.head.Places)
}

// fileHead sets the head of 文件, 命令 and 纪要 and answers where it ends.
func (s *setter) fileHead() float64 {
	e := &s.p.Elements
	line := s.t.Line()
	s.corner(s.t.Top)
	bottom := s.mark(s.t.MarkTop)
	if bottom < 0 {
		return s.t.Top
	}
	if s.t.Format == FormatOrder {
		top := bottom + s.t.NumberGap*line
		if e.Number != "" {
			s.putLine(PartNumber, Fang, e.Number, top, 0, alignCenter)
			return top + line
		}
		return bottom
	}
	top := bottom + s.t.NumberGap*line
	cell := s.t.Cell()
	switch {
	case len(e.Signers) > 0:
		rows := (len(e.Signers) + 1) / 2
		s.signers(top)
		top += float64(rows-1) * line // the last row stands beside the number
		if e.Number != "" {
			s.putLine(PartNumber, Fang, e.Number, top, cell, alignLeft)
		}
	case e.Number != "":
		s.putLine(PartNumber, Fang, e.Number, top, 0, alignCenter)
	default:
		top -= line
	}
	y := top + (line+Size3)/2 + s.t.RuleGap
	s.head.Rules = append(s.head.Rules, Rule{Part: PartRedRule, X1: s.t.Left, Y1: y, X2: s.t.Left + s.t.Width, Y2: y, Width: s.t.RuleWidth, Ink: Red})
	return y
}

// signers sets 签发人 from the right, one 字 free, two names a row.
func (s *setter) signers(top float64) {
	names := s.p.Elements.Signers
	cell := s.t.Cell()
	longest := 2.0
	for _, n := range names {
		longest = math.Max(longest, cellsIn([]rune(n)))
	}
	label := "签发人："
	cols := min(len(names), 2)
	right := s.t.Left + s.t.Width - cell
	x0 := right - (float64(cols)*longest+float64(cols-1))*cell
	for i, n := range names {
		y := top + float64(i/2)*s.t.Line()
		x := x0 + float64(i%2)*(longest+1)*cell
		if i == 0 {
			s.putLine(PartSigner, Fang, label, y, x0-4*cell-s.t.Left, alignLeft)
		}
		s.putLine(PartSigner, Kai, n, y, x-s.t.Left, alignLeft)
	}
}

// mark sets the 发文机关标志 with its top at y, and answers its bottom, or -1
// if the paper has none.
func (s *setter) mark(y float64) float64 {
	e := &s.p.Elements
	if len(e.Issuers) > 1 {
		switch s.t.Format {
		case FormatFile:
			return s.jointMark(y, "文件")
		case FormatOrder:
			return s.jointMark(y, "令")
		}
	}
	text := clean(e.Mark)
	if text == "" {
		return -1
	}
	s.head.Runs = append(s.head.Runs, s.markRun(text, y, s.t.MarkSize, s.t.Left, s.t.Width))
	return y + s.t.MarkSize
}

// markRun spreads the characters of a 标志 over a width, or narrows them to it.
// Few characters are not spread further than one em and a quarter apart.
func (s *setter) markRun(text string, y, size, left, w float64) Run {
	chars := []rune(text)
	n := float64(len(chars))
	squeeze := 1.0
	pitch := size * 1.25
	if n*size > w {
		squeeze = w / (n * size)
		pitch = size * squeeze
		if squeeze < 0.5 {
			s.fault(FaultMark, 1, PartMark, "发文机关标志过长，字形过窄")
		}
	} else if n > 1 && (n-1)*pitch+size > w {
		pitch = (w - size) / (n - 1)
	}
	total := (n-1)*pitch + size*squeeze
	x := left + (w-total)/2
	r := Run{Part: PartMark, Face: XBS, Size: size, Ink: Red, Y: y + ascent*size, Text: chars, Squeeze: squeeze, Last: true}
	for range chars {
		r.X = append(r.X, x)
		x += pitch
	}
	r.End = r.X[len(r.X)-1] + size*squeeze
	return r
}

// jointMark stacks the names of the issuers, all of one width, with 文件 or 令
// beside them in the middle of their height.
func (s *setter) jointMark(y float64, kind string) float64 {
	e := &s.p.Elements
	n := float64(len(e.Issuers))
	// So many lines must leave 正文 on the first page: the more names, the smaller.
	pitch := math.Min(s.t.MarkSize*0.9, 60/n)
	size := pitch * 0.8
	kinds := []rune(kind)
	fileW := size * 1.25 * float64(len(kinds))
	if s.t.Left+fileW > s.t.Left+s.t.Width/2 {
		fileW = s.t.Width / 3
	}
	nameW := s.t.Width - fileW - size*0.5
	longest := 0
	for _, x := range e.Issuers {
		longest = max(longest, len([]rune(clean(x))))
	}
	block := math.Min(nameW, float64(longest)*size)
	left := s.t.Left + (s.t.Width-block-fileW-size*0.5)/2
	for i, x := range e.Issuers {
		chars := []rune(clean(x))
		if len(chars) == 0 {
			continue
		}
		squeeze := math.Min(1, block/(float64(len(chars))*size))
		if squeeze < 0.5 {
			s.fault(FaultMark, 1, PartMark, "发文机关标志过长，字形过窄")
		}
		r := Run{Part: PartMark, Face: XBS, Size: size, Ink: Red, Y: y + float64(i)*pitch + ascent*size, Text: chars, Squeeze: squeeze, Last: true}
		step := 0.0
		if len(chars) > 1 {
			step = (block - size*squeeze) / float64(len(chars)-1)
		}
		for k := range chars {
			r.X = append(r.X, left+float64(k)*step)
		}
		r.End = r.X[len(r.X)-1] + size*squeeze
		s.head.Runs = append(s.head.Runs, r)
	}
	height := (n-1)*pitch + size
	fs := fileW / float64(len(kinds))
	if e.Mark != "-" {
		x := left + block + size*0.5
		r := Run{Part: PartMark, Face: XBS, Size: fs, Ink: Red, Y: y + (height-fs)/2 + ascent*fs, Text: kinds, End: x + fileW, Squeeze: 1, Last: true}
		for i := range kinds {
			r.X = append(r.X, x+float64(i)*fs)
		}
		s.head.Runs = append(s.head.Runs, r)
	}
	return y + height
}

// Rules of the 信函: 170 mm wide, the lower one 20 mm above the page's end.
const (
	letterRuleW = 170.0
	letterFoot  = pageH - 20
	thick       = 1.0
	thin        = 0.35
	doubleGap   = 1.1 // between the middles of the two
)

// letterHead sets the head of a 信函 and answers where its elements end.
func (s *setter) letterHead() float64 {
	e := &s.p.Elements
	bottom := s.mark(s.t.MarkTop)
	if bottom < 0 {
		return s.t.Top
	}
	y := bottom + s.t.RuleGap
	left := (pageW - letterRuleW) / 2
	rule := func(y, w float64) {
		s.head.Rules = append(s.head.Rules, Rule{Part: PartRedRule, X1: left, Y1: y, X2: left + letterRuleW, Y2: y, Width: w, Ink: Red})
	}
	rule(y+thick/2, thick)
	rule(y+thick/2+doubleGap, thin)
	rule(letterFoot-doubleGap, thin)
	rule(letterFoot, thick)
	// Elements stand 7/8 of a character below the upper rule.
	under := y + thick/2 + doubleGap + thin/2
	top := under + Size3*7/8 - (s.t.Line()-Size3)/2
	end := s.corner(top)
	if e.Number != "" {
		s.putLine(PartNumber, Fang, e.Number, top, 0, alignRight)
		end = math.Max(end, top+s.t.Line())
	}
	return math.Max(end, under)
}
