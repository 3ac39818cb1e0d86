package layout

import (
	"math"
	"strings"
)

// setBody turns the blocks into units: 正文, 附件说明, 署名, 附注, people, and
// the 附件 after them.
func (s *setter) setBody() {
	e := &s.p.Elements
	signed := s.setBlocks(s.p.Blocks, PartBody, false)
	if len(e.People) > 0 {
		s.setPeople()
	}
	if !signed && (len(e.Sign) > 0 || e.Date != "") {
		s.setSignature(e.Sign, e.Date, "", "")
	}
	if note := clean(e.Note); note != "" {
		if n := len(s.units); n > 0 && s.units[n-1].sign {
			s.units[n-1].keep = WhySeal
		}
		if !strings.HasPrefix(note, "（") {
			note = "（" + note + "）"
		}
		p := s.para3(PartNote, "", false, span{[]rune(note), Fang})
		p.first = 2 * s.t.Cell()
		s.addPara(&p, unit{})
	}
	for i := range s.p.Annexes {
		s.setAnnex(&s.p.Annexes[i])
	}
}

// setBlocks adds blocks and reports whether a 署名 or a date was among them.
func (s *setter) setBlocks(blocks []Block, part Part, turned bool) (signed bool) {
	attachments := 0
	for i := 0; i < len(blocks); i++ {
		b := blocks[i]
		switch b.Type {
		case BlockHeading:
			s.setHeading(b, part, turned)
		case BlockAttachment:
			if attachments == 0 {
				s.addBlank(1, unit{turned: turned})
			}
			s.setAttachment(b, attachments == 0, turned)
			attachments++
		case BlockSignature, BlockDate:
			var sign []Signatory
			var date, signID, dateID string
			for ; i < len(blocks) && (blocks[i].Type == BlockSignature || blocks[i].Type == BlockDate); i++ {
				if blocks[i].Type == BlockDate && date == "" {
					date, dateID = clean(strings.TrimSpace(blocks[i].Text)), blocks[i].ID
					continue
				}
				for _, l := range lines(blocks[i].Text) {
					sign, signID = append(sign, Signatory{Unit: strings.TrimSpace(clean(l))}), blocks[i].ID
				}
			}
			i--
			s.setSignature(sign, date, signID, dateID)
			signed = true
		case BlockTable:
			across := turned || b.Turned
			left, w := s.sideways(across)
			s.units = append(s.units, s.bodyTable(b, part, left, w, across).units()...)
		case BlockImage:
			s.setImage(b, part, turned)
		default:
			s.setText(b, part, turned)
		}
	}
	return signed
}

// setText sets the paragraphs of a block, one for each line.
func (s *setter) setText(b Block, part Part, turned bool) {
	for _, text := range lines(b.Text) {
		text = clean(text)
		p := s.para3(part, b.ID, turned, span{[]rune(text), Fang})
		switch b.Align {
		case "center":
			p.align = alignCenter
		case "right":
			p.align, p.width = alignRight, p.width-2*s.t.Cell()
		default:
			if !strings.HasPrefix(text, "\u3000\u3000") { // typed by hand
				p.first = 2 * s.t.Cell()
			}
			if s.t.AutoLevels {
				if level := levelOf(text); level > 0 {
					p.spans = s.levelSpans(level, text)
				}
			}
		}
		s.addPara(&p, unit{text: part == PartBody, turned: turned})
	}
}

// setHeading sets a heading with its number as it is written. What follows the
// first full stop is ordinary text (run-in headings).
func (s *setter) setHeading(b Block, part Part, turned bool) {
	text := clean(strings.Join(lines(b.Text), " "))
	spans := s.levelSpans(b.Level, text)
	p := s.para3(part, b.ID, turned, spans...)
	p.first = 2 * s.t.Cell()
	u := unit{text: part == PartBody, turned: turned, outline: &Entry{Level: b.Level, Text: headOf(text)}}
	from := len(s.units)
	s.addPara(&p, u)
	for i := from + 1; i < len(s.units); i++ {
		s.units[i].outline = nil
	}
	if len(spans) == 1 { // it stands alone: the text that it heads follows on the page
		for i := from; i < len(s.units); i++ {
			s.units[i].keep = WhyHeading
		}
	}
}

// levelSpans gives a heading the face of its level up to its first full stop.
func (s *setter) levelSpans(level int, text string) []span {
	face := Fang
	switch {
	case level == 1, level == 3 && s.t.BoldThird:
		face = Hei
	case level == 2:
		face = Kai
	}
	head := headOf(text)
	if head == text {
		return []span{{[]rune(text), face}}
	}
	return []span{{[]rune(head), face}, {[]rune(text[len(head):]), Fang}}
}

// headOf is a heading up to its first full stop, if text follows that.
func headOf(text string) string {
	if i := strings.Index(text, "。"); i >= 0 && i+len("。") < len(text) {
		return text[:i+len("。")]
	}
	return text
}

// maxRunIn is how long a heading may be that an ordinary paragraph begins with.
const maxRunIn = 28

// levelOf is the level that an ordinary paragraph's number says: 1 of 一、, 2 of
// (一); 0 if it is none, or if no short heading follows the number.
func levelOf(text string) int {
	level := 0
	r := []rune(strings.TrimLeft(text, "\u3000 "))
	n := 0
	paren := len(r) > 0 && (r[0] == '（' || r[0] == '(')
	if paren {
		n = 1
	}
	from := n
	for n < len(r) && classOf(r[n])&isNumeral != 0 {
		n++
	}
	switch {
	case n == from || n >= len(r):
		return 0
	case paren && (r[n] == '）' || r[n] == ')'):
		level = 2
	case !paren && r[n] == '、':
		level = 1
	default:
		return 0
	}
	head := headOf(text)
	if len([]rune(head)) > maxRunIn || strings.ContainsAny(head, "，；：！？") || head == text && strings.HasSuffix(text, "。") {
		return 0 // a sentence, no heading
	}
	return level
}

// setAttachment sets a line of the 附件说明; its continuation stands under the
// name.
func (s *setter) setAttachment(b Block, first, turned bool) {
	cell := s.t.Cell()
	for n, text := range lines(b.Text) {
		text = clean(text)
		label := ""
		switch {
		case strings.HasPrefix(text, "附件：") || strings.HasPrefix(text, "附件:"):
			label, text = "附件：", strings.TrimPrefix(strings.TrimPrefix(text, "附件："), "附件:")
		case first && n == 0:
			label = "附件："
		}
		p := s.para3(PartAttachment, b.ID, turned, span{[]rune(label + text), Fang})
		number := numberOf(text)
		p.first = 2 * cell
		p.rest = (5 + cellsIn([]rune(number))) * cell
		if label == "" {
			p.first = 5 * cell
		}
		p.ragged = true
		s.addPara(&p, unit{turned: turned})
	}
}

// numberOf is the number before a name: "1."
func numberOf(text string) string {
	i := 0
	for i < len(text) && text[i] >= '0' && text[i] <= '9' {
		i++
	}
	if i == 0 {
		return ""
	}
	for _, m := range []string{".", "．", "、"} {
		if strings.HasPrefix(text[i:], m) {
			return text[:i] + m
		}
	}
	return ""
}

// setImage sets a picture in the middle, on whole lines of the grid, and its
// caption below.
func (s *setter) setImage(b Block, part Part, turned bool) {
	f := s.full(turned)
	left, w := s.sideways(turned)
	iw, ih := b.W, b.H
	if !(iw > 0) || !(ih > 0) {
		iw, ih = w*0.6, w*0.4
	}
	room := f.height - f.line
	if b.Text != "" {
		room -= f.line
	}
	if k := math.Min(1, math.Min(w/iw, room/ih)); k < 1 {
		iw, ih = iw*k, ih*k
	}
	h := math.Ceil((ih+2)/f.line-0.001) * f.line
	u := unit{h: h, grid: true, whole: WhyImage, turned: turned, draw: func(p *Page, top float64) {
		p.Images = append(p.Images, Image{Part: part, Block: b.ID, Source: b.Source, X: left + (w-iw)/2, Y: top + (h-ih)/2, W: iw, H: ih})
	}}
	if b.Text != "" {
		u.keep = WhyImage
	}
	s.units = append(s.units, u)
	if b.Text != "" {
		for _, l := range lines(b.Text) {
			p := s.para3(part, b.ID, turned, span{[]rune(clean(l)), Fang})
			p.align, p.size, p.pitch = alignCenter, Size4, Size4
			s.addPara(&p, unit{turned: turned})
		}
	}
}

// setPeople sets 出席, 请假, 列席 of a 纪要.
func (s *setter) setPeople() {
	cell := s.t.Cell()
	s.addBlank(1, unit{})
	for _, x := range s.p.Elements.People {
		label := clean(x.Label) + "："
		p := s.para3(PartPeople, "", false, span{[]rune(label), Hei}, span{[]rune(clean(x.Names)), Fang})
		p.first = 2 * cell
		p.rest = (2 + cellsIn([]rune(label))) * cell
		s.addPara(&p, unit{})
	}
}

// setAnnex sets an 附件 on pages of its own: its label on the first line, its
// title on the third.
func (s *setter) setAnnex(a *Annex) {
	label := clean(a.Label)
	if a.Apart != "" {
		label = clean(a.Apart) + label
	}
	p := s.para3(PartAnnex, a.ID, a.Landscape, span{[]rune(label), Hei})
	from := len(s.units)
	s.addPara(&p, unit{turned: a.Landscape})
	s.units[from].fresh, s.units[from].apart = true, a.Apart != ""
	s.units[from].outline = &Entry{Text: label + "　" + a.Title}
	left, w := s.sideways(a.Landscape)
	if strings.TrimSpace(a.Title) != "" {
		u := unit{h: s.t.Line(), grid: true, turned: a.Landscape}
		s.units = append(s.units, u)
		rows := breakTitle(a.Title, int(w/Size2), s.k.protect)
		for _, l := range s.titleLines(rows, PartAnnex, a.ID, left, w) {
			u := u
			u.draw = s.drawLine(l, s.t.Line())
			s.units = append(s.units, u)
		}
		s.units = append(s.units, u)
	}
	s.setBlocks(a.Blocks, PartAnnex, a.Landscape)
}
