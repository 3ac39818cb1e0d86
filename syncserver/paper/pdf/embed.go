package pdf

import (
	"bytes"
	"fmt"
	"image"
	_ "image/jpeg" // pictures of the body
	_ "image/png"
	"maps"
	"math"
	"slices"
	"strings"
	"unicode/utf16"

	"rsc.io/qr"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/layout"
)

// resources writes fonts and pictures.
func (p *writer) resources(n int) error {
	var b strings.Builder
	b.WriteString("<</ProcSet[/PDF/Text/ImageB/ImageC]/Font<<")
	for i, f := range p.faces {
		if err := p.embed(f, i); err != nil {
			return err
		}
		fmt.Fprintf(&b, "/%s %d 0 R", f.name, f.object)
	}
	b.WriteString(">>/XObject<<")
	for _, s := range slices.Sorted(maps.Keys(p.images)) {
		if o := p.images[s]; o > 0 {
			fmt.Fprintf(&b, "/I%d %d 0 R", o, o)
		}
	}
	b.WriteString(">>>>")
	p.put(n, b.String())
	return nil
}

// embed writes a font with the glyphs that are used: a composite font whose
// codes are the new glyph numbers, and the table back to Unicode.
func (p *writer) embed(f *face, index int) error {
	file, err := f.sub.Parts()
	if err != nil {
		return err
	}
	tag := []byte("QSAAAA")
	for i, k := len(tag)-1, index; i >= 2; i, k = i-1, k/26 {
		tag[i] = byte('A' + k%26)
	}
	name := string(tag) + "+" + postscript(f.font.Names, f.font.Family)
	em := float64(f.font.UnitsPerEm)
	k := func(v int) int { return int(math.Round(float64(v) * 1000 / em)) }
	fontFile := p.outlines(file)
	descriptor := p.add(fmt.Sprintf("<</Type/FontDescriptor/FontName/%s/Flags 4/FontBBox[%d %d %d %d]/ItalicAngle 0/Ascent %d/Descent %d/CapHeight %d/StemV 80/FontFile2 %d 0 R>>",
		name, k(f.font.Box[0]), k(f.font.Box[1]), k(f.font.Box[2]), k(f.font.Box[3]), k(f.font.Ascent), k(f.font.Descent), k(f.font.Ascent), fontFile))
	w := []byte("[0[")
	for i := range f.sub.Len() {
		w = append(appendNum(w, f.sub.Width(i)*1000), ' ')
	}
	w = append(w, "]]"...)
	cid := p.add(fmt.Sprintf("<</Type/Font/Subtype/CIDFontType2/BaseFont/%s/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/FontDescriptor %d 0 R/CIDToGIDMap/Identity/DW 1000/W%s>>",
		name, descriptor, w))
	unicode := p.stream("", toUnicode(f))
	f.object = p.add(fmt.Sprintf("<</Type/Font/Subtype/Type0/BaseFont/%s/Encoding/Identity-H/DescendantFonts[%d 0 R]/ToUnicode %d 0 R>>", name, cid, unicode))
	return nil
}

func toUnicode(f *face) []byte {
	var b bytes.Buffer
	b.WriteString("/CIDInit/ProcSet findresource begin 12 dict begin begincmap/CIDSystemInfo<</Registry(Adobe)/Ordering(UCS)/Supplement 0>>def/CMapName/Adobe-Identity-UCS def/CMapType 2 def 1 begincodespacerange<0000><FFFF>endcodespacerange\n")
	b.Grow(14 * f.sub.Len())
	rows := make([]int, 0, f.sub.Len())
	for i := range f.sub.Len() {
		if f.sub.Char(i) != 0 {
			rows = append(rows, i)
		}
	}
	var row []byte
	for part := range slices.Chunk(rows, 100) {
		fmt.Fprintf(&b, "%d beginbfchar\n", len(part))
		for _, i := range part {
			row = append(hex4(append(row[:0], '<'), uint16(i)), "><"...)
			for _, u := range utf16.AppendRune(nil, f.sub.Char(i)) {
				row = hex4(row, u)
			}
			b.Write(append(row, ">\n"...))
		}
		b.WriteString("endbfchar\n")
	}
	b.WriteString("endcmap CMapName currentdict/CMap defineresource pop end end")
	return b.Bytes()
}

// postscript is a name for a font that a PDF may carry.
func postscript(names []string, family string) string {
	for _, n := range append(slices.Clone(names), family) {
		ok := n != ""
		for _, c := range n {
			if !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '_') {
				ok = false
			}
		}
		if ok {
			return n
		}
	}
	return "Font"
}

// maxImage bounds a picture's side, in pixels.
const maxImage = 12000

// image adds a picture once and answers its object, 0 if there is none.
func (p *writer) image(source string) (int, error) {
	if n, ok := p.images[source]; ok {
		return n, nil
	}
	p.images[source] = 0
	if p.o.Image == nil {
		return 0, nil
	}
	b, err := p.o.Image(source)
	if err != nil || len(b) == 0 {
		return 0, err
	}
	c, kind, err := image.DecodeConfig(bytes.NewReader(b))
	if err != nil || c.Width < 1 || c.Height < 1 || c.Width > maxImage || c.Height > maxImage {
		return 0, nil // no picture that we know: its frame stays empty
	}
	img, _, err := image.Decode(bytes.NewReader(b))
	if err != nil {
		return 0, nil
	}
	dict := fmt.Sprintf("/Type/XObject/Subtype/Image/Width %d/Height %d/BitsPerComponent 8/ColorSpace/DeviceRGB", c.Width, c.Height)
	if _, ok := img.(*image.YCbCr); ok && kind == "jpeg" {
		n := p.reserve()
		p.begin(n, fmt.Sprintf("<<%s/Length %d/Filter/DCTDecode>>stream\n", dict, len(b)))
		p.out.write(b)
		p.out.write([]byte("\nendstream"))
		p.end()
		p.images[source] = n
		return n, nil
	}
	raw := make([]byte, 0, 3*c.Width*c.Height)
	r := img.Bounds()
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			cr, cg, cb, ca := img.At(x, y).RGBA()
			white := 0xffff - ca // on paper
			raw = append(raw, byte((cr+white)>>8), byte((cg+white)>>8), byte((cb+white)>>8))
		}
	}
	n := p.stream(dict, raw)
	p.images[source] = n
	return n, nil
}

// drawQR draws a code with its quiet zone inside the place.
func drawQR(b []byte, pl layout.Place, height float64) ([]byte, error) {
	dark, side := Code(pl.Text)
	if side == 0 {
		return b, office.Invalid("qr", "%d bytes are too many", len(pl.Text))
	}
	k := math.Min(pl.W, pl.H) / float64(side)
	b = append(b, "0 0 0 rg\n"...)
	for i := 0; i+2 < len(dark); i += 3 {
		x, y, n := float64(dark[i]), float64(dark[i+1]), float64(dark[i+2])
		b = nums(b, "re", pl.X+x*k, height-pl.Y-(y+1)*k, n*k, k)
	}
	return append(b, "f\n"...), nil
}

// Code answers the dark squares of a code as x, y, length in modules, and how
// many modules its side has with the quiet zone; nothing for a text that no
// code holds.
func Code(text string) (dark []int, side int) {
	code, err := qr.Encode(text, qr.M)
	if err != nil {
		return nil, 0
	}
	for y := range code.Size {
		for x := 0; x < code.Size; x++ {
			from := x
			for x < code.Size && code.Black(x, y) {
				x++
			}
			if x > from {
				dark = append(dark, from+2, y+2, x-from)
			}
		}
	}
	return dark, code.Size + 4
}
