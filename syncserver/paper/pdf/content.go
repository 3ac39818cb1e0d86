package pdf

import (
	"bytes"
	"fmt"
	"math"
	"strconv"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/layout"
	"qianshao/syncserver/paper/font"
)

// Red of the head: what a screen and an office printer show as the red of
// Y80 M80.
const red = "0.902 0 0.071"

// content is a page's stream: rules, pictures, text. Text comes in the order of
// the page's runs, which is the order of reading.
func (p *writer) content(pg *layout.Page) ([]byte, error) {
	var b bytes.Buffer
	// Lengths in millimetres, origin at the foot of the page.
	fmt.Fprintf(&b, "%s 0 0 %s 0 0 cm\n", num(mm), num(mm))
	if pg.Turned {
		// The sheet is upright, its text lies with its top at the left.
		fmt.Fprintf(&b, "q 0 1 -1 0 %s 0 cm\n", num(pg.H))
	}
	for _, r := range pg.Rules {
		ink(&b, r.Ink, true)
		fmt.Fprintf(&b, "%s w %s %s m %s %s l S\n", num(r.Width), num(r.X1), num(pg.H-r.Y1), num(r.X2), num(pg.H-r.Y2))
	}
	for _, i := range pg.Images {
		n, err := p.image(i.Source)
		if err != nil {
			return nil, err
		}
		if n == 0 {
			fmt.Fprintf(&b, "0.6 G 0.2 w %s %s %s %s re S\n", num(i.X), num(pg.H-i.Y-i.H), num(i.W), num(i.H))
			continue
		}
		fmt.Fprintf(&b, "q %s 0 0 %s %s %s cm /I%d Do Q\n", num(i.W), num(i.H), num(i.X), num(pg.H-i.Y-i.H), n)
	}
	for _, pl := range pg.Places {
		if pl.Kind == layout.PlaceQR {
			if err := drawQR(&b, pl, pg.H); err != nil {
				return nil, err
			}
		}
	}
	t := texter{p: p, b: &b}
	for i := range pg.Runs {
		if r := &pg.Runs[i]; !r.Upright {
			if err := t.run(r, pg.H); err != nil {
				return nil, err
			}
		}
	}
	t.close()
	if pg.Turned {
		b.WriteString("Q\n")
	}
	t = texter{p: p, b: &b}
	for i := range pg.Runs {
		if r := &pg.Runs[i]; r.Upright {
			h := pg.H
			if pg.Turned {
				h = pg.W
			}
			if err := t.run(r, h); err != nil {
				return nil, err
			}
		}
	}
	t.close()
	return b.Bytes(), nil
}

func ink(b *bytes.Buffer, i layout.Ink, stroke bool) {
	op := "rg"
	if stroke {
		op = "RG"
	}
	switch i {
	case layout.Red:
		b.WriteString(red + " " + op + "\n")
	case layout.Grey:
		b.WriteString("0.4 0.4 0.4 " + op + "\n")
	default:
		b.WriteString("0 0 0 " + op + "\n")
	}
}

// texter writes text objects and remembers what is set.
type texter struct {
	p    *writer
	b    *bytes.Buffer
	open bool
	ink  layout.Ink
	inks bool
	font *face
	size float64
	tz   float64
	buf  []byte
}

func (t *texter) close() {
	if t.open {
		t.b.WriteString("ET\n")
		t.open = false
	}
}

// run writes a run: pieces of one font each.
func (t *texter) run(r *layout.Run, height float64) error {
	for i := 0; i < len(r.Text); {
		f, g := t.p.set.Pick(r.Face, r.Text[i])
		if f == nil || f.CFF {
			return &office.Error{Code: ErrNoFont, Field: "fonts", Message: "本机没有可写入 PDF 的" + font.RoleName(r.Face) + "字体（TrueType）"}
		}
		glyphs := []uint16{g}
		j := i + 1
		for ; j < len(r.Text); j++ {
			f2, g2 := t.p.set.Pick(r.Face, r.Text[j])
			if f2 != f {
				break
			}
			glyphs = append(glyphs, g2)
		}
		t.piece(r, f, glyphs, i, j, height)
		i = j
	}
	return nil
}

// piece writes characters i…j of a run in one font with one operator: each
// stands where the layout put it.
func (t *texter) piece(r *layout.Run, f *font.Font, glyphs []uint16, i, j int, height float64) {
	fc := t.p.face(f)
	end := r.End
	if j < len(r.Text) {
		end = r.X[j]
	}
	scale := 1.0
	if r.Squeeze > 0 {
		scale = r.Squeeze
	}
	if r.Word {
		if s := t.fit(r, f, glyphs, end-r.X[i]); s > 0 {
			scale = s
		}
	}
	if !t.open {
		t.b.WriteString("BT\n")
		t.open, t.font, t.tz, t.inks = true, nil, 1, false
	}
	if !t.inks || t.ink != r.Ink {
		ink(t.b, r.Ink, false)
		t.ink, t.inks = r.Ink, true
	}
	if t.font != fc || t.size != r.Size {
		fmt.Fprintf(t.b, "/%s %s Tf\n", fc.name, num(r.Size))
		t.font, t.size = fc, r.Size
	}
	if math.Abs(scale-t.tz) > 1e-4 {
		fmt.Fprintf(t.b, "%s Tz\n", num(scale*100))
		t.tz = scale
	}
	buf := append(t.buf[:0], "1 0 0 1 "...)
	buf = append(appendNum(buf, r.X[i]), ' ')
	buf = append(appendNum(buf, height-r.Y), " Tm\n[<"...)
	at := r.X[i]
	fitted := at
	for k, g := range glyphs {
		want := r.X[i+k]
		if r.Word { // one after the other, as the face is made
			want = fitted
		}
		if d := want - at; math.Abs(d) > 0.002 {
			buf = append(buf, '>')
			buf = append(appendNum(buf, -d*1000/(r.Size*scale)), '<')
			at = want
		}
		n := fc.sub.Add(g, r.Text[i+k])
		buf = hex4(buf, n)
		w := f.Advance(g) * r.Size * scale
		at += w
		fitted += w
	}
	t.buf = buf
	t.b.Write(buf)
	t.b.WriteString(">]TJ\n")
}

// fit is the horizontal scale at which a word takes the room that the layout
// gave it; 0 if it needs none.
func (t *texter) fit(r *layout.Run, f *font.Font, glyphs []uint16, room float64) float64 {
	natural := 0.0
	for _, g := range glyphs {
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
