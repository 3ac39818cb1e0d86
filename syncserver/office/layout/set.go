package layout

import (
	"math"
	"slices"
	"strings"
)

// setter sets one paper.
type setter struct {
	t   *Template
	p   *Paper
	k   breaker
	doc Document

	head  Page    // what stands above the body of the first page
	at    float64 // taken of the first page's 版心 by it
	toEnd bool    // 主送 moved to the 版记
	units []unit
}

// Set sets a paper after a template. It never fails: what the content makes
// impossible is among the faults. The template must have passed Check.
//
// Where a short body cannot stand on the first page and beside the seal both
// (L16), empty lines give way, one kind after the other, and 主送 moves to the
// 版记; only if all that does not help is it a fault.
func Set(p Paper, t Template, o Options) Document {
	s := newSetter(&p, t, o)
	s.run(o)
	for _, ease := range []func(t *Template){
		func(t *Template) { t.SealBlank = 1 },
		func(t *Template) { t.TitleGap = 1 },
		func(t *Template) { t.BodyGap = 0 },
		func(t *Template) { t.NumberGap = 1 },
	} {
		if !s.breaksL16() {
			return s.doc
		}
		ease(&t)
		s = newSetter(&p, t, o)
		s.run(o)
	}
	if s.breaksL16() && len(p.Elements.To) > 1 {
		s = newSetter(&p, t, o)
		s.toEnd = true
		s.run(o)
	}
	return s.doc
}

func newSetter(p *Paper, t Template, o Options) *setter {
	s := &setter{t: &t, p: p, k: breaker{metrics: o.Metrics}}
	if s.k.metrics == nil {
		s.k.metrics = Nominal{}
	}
	for _, x := range o.Protect {
		s.k.protect = append(s.k.protect, []rune(x))
	}
	return s
}

func (s *setter) run(o Options) {
	s.doc.Template, s.doc.Title = s.t.Key(), strings.Join(lines(s.p.Elements.Title), "")
	s.setHead(o.Protect)
	s.setBody()
	s.makePages()
	if s.k.torn {
		s.fault(FaultTorn, 0, PartBody, "有词语超过一行，已拆开")
	}
}

func (s *setter) breaksL16() bool {
	return slices.ContainsFunc(s.doc.Faults, func(f Fault) bool { return f.Rule == FaultFirstPage || f.Rule == FaultSealPage })
}

func (s *setter) fault(rule string, page int, part Part, text string) {
	s.doc.Faults = append(s.doc.Faults, Fault{rule, page, part, text})
}

// full is the frame of a page; a 横表 has the 版心 turned.
func (s *setter) full(turned bool) frame {
	if turned {
		return frame{top: s.t.Left, height: s.t.Width, line: s.t.Line()}
	}
	return frame{top: s.t.Top, height: s.t.Height, line: s.t.Line()}
}

// sideways are the left edge and width of text on a page.
func (s *setter) sideways(turned bool) (left, width float64) {
	if turned {
		return pageH - s.t.Top - s.t.Height, s.t.Height
	}
	return s.t.Left, s.t.Width
}

// baseline of characters in the middle of a line of the grid.
func baseline(top, line, size float64) float64 { return top + line/2 + (ascent-0.5)*size }

// drawLine is the draw function of a text line on the grid.
func (s *setter) drawLine(l setLine, line float64) func(p *Page, top float64) {
	return func(p *Page, top float64) {
		p.Runs = l.runs(baseline(top, line, l.size), p.Runs)
		p.Places = l.holes(top+(line-l.size)/2, l.size, "", p.Places)
	}
}

// addPara sets a paragraph and adds its lines as units.
func (s *setter) addPara(p *para, u unit) int {
	ls := s.k.set(p)
	for _, l := range ls {
		x := u
		x.h, x.grid, x.draw = s.t.Line(), true, s.drawLine(l, s.t.Line())
		s.units = append(s.units, x)
	}
	return len(ls)
}

func (s *setter) addBlank(n int, u unit) {
	for range n {
		x := u
		x.h, x.grid, x.blank = s.t.Line(), true, true
		s.units = append(s.units, x)
	}
}

// para3 is a paragraph of 三号 on the grid.
func (s *setter) para3(part Part, block string, turned bool, spans ...span) para {
	left, w := s.sideways(turned)
	return para{part: part, block: block, spans: spans, size: Size3, pitch: s.t.Cell(), left: left, width: w}
}

func (s *setter) makePages() {
	firstAt := s.at
	cuts := paginate(s.units, firstAt, s.full)
	s.checkSealPage(cuts)
	for n, c := range cuts {
		p := Page{W: pageW, H: pageH, Why: c.why}
		var turned bool
		if c.from < len(s.units) && c.to > c.from {
			turned = s.units[c.from].turned
		}
		if turned {
			p.W, p.H, p.Turned = pageH, pageW, true
		}
		p.Runs = make([]Run, 0, c.to-c.from+8)
		if n == 0 {
			p.Runs = append(p.Runs, s.head.Runs...)
			p.Rules = append(p.Rules, s.head.Rules...)
			p.Places = append(p.Places, s.head.Places...)
		}
		used := s.drawCut(&p, n, c, turned)
		p.Lines = int(math.Round(used / s.t.Line()))
		s.doc.Pages = append(s.doc.Pages, p)
	}
	s.bind(cuts)
}

// bind makes the paper, with the 附件 that are bound with it, and each 附件 bound
// apart a booklet: the 版记 closes the paper's, each counts its own pages.
func (s *setter) bind(cuts []cut) {
	booklets := make([]int, len(cuts)) // of each page; 0: the paper's
	last, n, own := 0, 0, 0            // the paper's last page, how many it has
	for i, c := range cuts {
		if i > 0 && c.from < len(s.units) && s.units[c.from].fresh {
			if n = 0; s.units[c.from].apart {
				n = i
			}
		} else if i > 0 {
			n = booklets[i-1]
		}
		if booklets[i] = n; n == 0 {
			last, own = i, own+1
		}
	}
	rest := slices.Clone(s.doc.Pages[last+1:])
	s.doc.Pages = s.doc.Pages[:last+1]
	s.setColophon(float64(s.doc.Pages[last].Lines)*s.t.Line(), last+1-own)
	added := len(s.doc.Pages) - last - 1
	if len(rest) > 0 {
		for i := range s.doc.Outline {
			if e := &s.doc.Outline[i]; e.Page > last {
				e.Page += added
			}
		}
		for i := range s.doc.Faults {
			if f := &s.doc.Faults[i]; f.Page > last+1 {
				f.Page += added
			}
		}
		if p := &s.doc.Pages[len(s.doc.Pages)-1]; p.Why == WhyLast {
			p.Why = WhyAnnex
		}
	}
	s.doc.Pages = append(s.doc.Pages, rest...)
	s.numberPages(booklets, last, added)
}

// drawCut draws the units of a page and answers how much of it they take.
func (s *setter) drawCut(p *Page, page int, c cut, turned bool) float64 {
	f := s.full(turned)
	at := c.start
	var before *table
	draw := func(u *unit, next *table) {
		top := at
		if u.grid {
			top = snap(at, f.line)
		}
		if u.outline != nil {
			e := *u.outline
			e.Page, e.Y = page, f.top+top
			s.doc.Outline = append(s.doc.Outline, e)
		}
		if u.draw != nil {
			u.draw(p, f.top+top)
		}
		at = top + u.h
		if t := u.table; t != nil {
			if before != t {
				t.across(p, f.top+top, t.outer)
			}
			if next != t {
				t.across(p, f.top+at, t.outer)
			}
		}
		before = u.table
	}
	for i := range c.head {
		draw(&c.head[i], c.head[i].table)
	}
	for i := c.from; i < c.to; i++ {
		var next *table
		if i+1 < c.to {
			next = s.units[i+1].table
		}
		draw(&s.units[i], next)
	}
	return at
}

// checkSealPage tells where L16 could not be kept.
func (s *setter) checkSealPage(cuts []cut) {
	text := false
	for n, c := range cuts {
		has, sign := false, false
		for i := c.from; i < c.to; i++ {
			has = has || s.units[i].text
			sign = sign || s.units[i].sign
			text = text || s.units[i].text
		}
		if n == 0 && !has && s.hasText() {
			s.fault(FaultFirstPage, 1, PartBody, "首页没有正文")
		}
		if sign && !has && s.hasText() {
			s.fault(FaultSealPage, n+1, PartSignature, "署名所在页没有正文")
		}
	}
}

func (s *setter) hasText() bool {
	for i := range s.units {
		if s.units[i].text {
			return true
		}
	}
	return false
}
