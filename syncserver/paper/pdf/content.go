package pdf

import (
	"math"
	"strconv"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/layout"
	"qianshao/syncserver/paper/font"
)

// Red of the head: what a screen and an office printer show as the red of
// Y80 M80.
const red = "0.902 0 0.071"

// content makes a page's stream: rules, pictures, text. Text comes in the order
// of the page's runs, which is the order of reading.
func (p *writer) content(pg *layout.Page) error {
	// Lengths in millimetres, origin at the foot of the page.
	b := append(appendFine(p.page[:0], mm), " 0 0 "...)
	b = append(appendFine(b, mm), " 0 0 cm\n"...)
	if pg.Turned {
		// The sheet is upright, its text lies with its top at the left.
		b = nums(append(b, "q "...), "cm", 0, 1, -1, 0, pg.H, 0)
	}
	for _, r := range pg.Rules {
		b = ink(b, r.Ink, true)
		b = nums(b, "w", r.Width)
		b = nums(b, "m", r.X1, pg.H-r.Y1)
		b = nums(b, "l S", r.X2, pg.H-r.Y2)
	}
	for _, i := range pg.Images {
		n, err := p.image(i.Source)
		if err != nil {
			return err
		}
		if n == 0 {
			b = nums(append(b, "0.6 G 0.2 w "...), "re S", i.X, pg.H-i.Y-i.H, i.W, i.H)
			continue
		}
		b = nums(append(b, "q "...), "cm", i.W, 0, 0, i.H, i.X, pg.H-i.Y-i.H)
		b = append(strconv.AppendInt(append(b, "/I"...), int64(n), 10), " Do Q\n"...)
	}
	var err error
	for _, pl := range pg.Places {
		if pl.Kind == layout.PlaceQR {
			if b, err = drawQR(b, pl, pg.H); err != nil {
				return err
			}
		}
	}
	t := texter{p: p, b: b, scale: 1}
	if err := t.runs(pg.Runs, false, pg.H); err != nil {
		return err
	}
	height := pg.H
	if pg.Turned {
		t = texter{p: p, b: append(t.b, "Q\n"...), scale: 1} // what was set is no more
		height = pg.W
	}
	if err := t.runs(pg.Runs, true, height); err != nil {
		return err
	}
	p.page = t.b
	return nil
}

// nums writes numbers and the operator after them.
func nums(b []byte, op string, fs ...float64) []byte {
	for _, f := range fs {
		b = append(appendNum(b, f), ' ')
	}
	return append(append(b, op...), '\n')
}

func ink(b []byte, i layout.Ink, stroke bool) []byte {
	colour := "0 0 0"
	switch i {
	case layout.Red:
		colour = red
	case layout.Grey:
		colour = "0.4 0.4 0.4"
	}
	if b = append(b, colour...); stroke {
		return append(b, " RG\n"...)
	}
	return append(b, " rg\n"...)
}

// texter writes text objects and remembers what is set.
type texter struct {
	p *writer
	b []byte

	open  bool
	ink   layout.Ink
	inks  bool
	font  *face
	size  float64
	scale float64 // of characters' widths
	gap   float64 // between characters, before it is scaled
	x, y  float64 // where the pen stands

	role   layout.Face
	picker font.Picker
	glyphs []uint16
}

// A pen that is not where a character belongs is moved if it is off by more
// than slip, in millimetres.
const slip = 0.002

// runs writes the upright runs of a page, or the others, as a text object.
func (t *texter) runs(rs []layout.Run, upright bool, height float64) error {
	for i := range rs {
		if rs[i].Upright == upright {
			if err := t.run(&rs[i], height); err != nil {
				return err
			}
		}
	}
	if t.open {
		t.b = append(t.b, "ET\n"...)
		t.open = false
	}
	return nil
}

// run writes a run: pieces of one font each.
func (t *texter) run(r *layout.Run, height float64) error {
	if t.role != r.Face {
		t.role, t.picker = r.Face, t.p.set.Picker(r.Face)
	}
	var now *font.Font
	from := 0
	t.glyphs = t.glyphs[:0]
	for i, c := range r.Text {
		f, g := t.picker.Glyph(c)
		if f == nil || f.CFF {
			return &office.Error{Code: ErrNoFont, Field: "fonts", Message: "本机没有可写入 PDF 的" + font.RoleName(r.Face) + "字体（TrueType）"}
		}
		if f != now {
			if i > from {
				t.piece(r, now, from, i, height)
			}
			now, from, t.glyphs = f, i, t.glyphs[:0]
		}
		t.glyphs = append(t.glyphs, g)
	}
	if len(r.Text) > from {
		t.piece(r, now, from, len(r.Text), height)
	}
	return nil
}

// piece writes characters i…j of a run in one font with one operator: each
// stands where the layout put it.
func (t *texter) piece(r *layout.Run, f *font.Font, i, j int, height float64) {
	end := r.End
	if j < len(r.Text) {
		end = r.X[j]
	}
	scale := 1.0
	if r.Squeeze > 0 {
		scale = r.Squeeze
	}
	if r.Word {
		if s := t.fit(r, f, end-r.X[i]); s > 0 {
			scale = s
		}
	}
	t.set(r, f, scale)
	em := math.Round(r.Size*1000) / 1000 * scale // as the file says it
	// The step that most of its characters make is the gap of the whole piece.
	gap := 0.0
	if n := len(t.glyphs); !r.Word && n > 2 {
		k := n / 2
		gap = (r.X[i+k] - r.X[i+k-1] - f.Advance(t.glyphs[k-1])*em) / scale
	} else if !r.Word {
		gap = t.gap
	}
	if math.Abs(gap-t.gap) > 1e-5 {
		t.b = append(appendFine(t.b, gap), " Tc\n"...)
		t.gap = math.Round(gap*1e5) / 1e5
	}
	y := height - r.Y
	b := t.b
	if math.Abs(y-t.y) > slip || t.x < 0 || math.Abs(r.X[i]-t.x) > 3*r.Size {
		b = append(b, "1 0 0 1 "...)
		b = append(appendNum(b, r.X[i]), ' ')
		b = append(appendNum(b, y), " Tm\n"...)
		t.x, t.y = r.X[i], y
	}
	b = append(b, "[<"...)
	fitted := r.X[i]
	sub := t.font.sub
	for k, g := range t.glyphs {
		want := r.X[i+k]
		if r.Word { // one after the other, as the face is made
			want = fitted
		}
		if d := want - t.x; math.Abs(d) > slip {
			b = append(b, '>')
			b = append(appendNum(b, -d*1000/em), '<')
			t.x = want
		}
		n := sub.Add(g, r.Text[i+k])
		b = hex4(b, n)
		w := f.Advance(g) * em
		t.x += w + t.gap*scale
		fitted += w
	}
	t.b = append(b, ">]TJ\n"...)
}

// set makes colour, font and width of characters what a piece needs.
func (t *texter) set(r *layout.Run, f *font.Font, scale float64) {
	if !t.open {
		t.b = append(t.b, "BT\n"...)
		t.open, t.x = true, -1 // nowhere
	}
	if !t.inks || t.ink != r.Ink {
		t.b = ink(t.b, r.Ink, false)
		t.ink, t.inks = r.Ink, true
	}
	if t.font == nil || t.font.font != f || t.size != r.Size {
		t.font, t.size = t.p.face(f), r.Size
		t.b = append(append(append(t.b, '/'), t.font.name...), ' ')
		t.b = nums(t.b, "Tf", r.Size)
	}
	if math.Abs(scale-t.scale) > 1e-4 {
		t.b = nums(t.b, "Tz", scale*100)
		t.scale = scale
	}
}

// fit is the horizontal scale at which a word takes the room that the layout
// gave it; 0 if it needs none.
func (t *texter) fit(r *layout.Run, f *font.Font, room float64) float64 {
	natural := 0.0
	for _, g := range t.glyphs {
		natural += f.Advance(g) * r.Size
	}
	if natural <= 0 || room <= 0 {
		return 0
	}
	return math.Max(0.3, math.Min(1.5, room/natural))
}

func hex4(b []byte, n uint16) []byte {
	const digits = "0123456789ABCDEF"
	return append(b, digits[n>>12], digits[n>>8&15], digits[n>>4&15], digits[n&15])
}

// face is the file's font for a font of the machine.
func (p *writer) face(f *font.Font) *face {
	if x := p.subsets[f]; x != nil {
		return x
	}
	x := &face{font: f, sub: font.NewSubset(f), name: "F" + strconv.Itoa(len(p.faces)+1)}
	p.subsets[f] = x
	p.faces = append(p.faces, x)
	return x
}
