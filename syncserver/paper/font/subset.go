package font

import "fmt"

// A Subset is a font with only the glyphs that are used, numbered anew in the
// order in which they were asked for.
type Subset struct {
	font  *Font
	old   []uint16
	new   map[uint16]uint16
	chars []rune // of each new glyph, 0 where a glyph is only a part of another
}

// NewSubset begins a subset; glyph 0 is always in it.
func NewSubset(f *Font) *Subset {
	return &Subset{font: f, old: []uint16{0}, new: map[uint16]uint16{0: 0}, chars: []rune{0}}
}

// Add takes in the glyph of a character and answers its new number.
func (s *Subset) Add(g uint16, r rune) uint16 {
	n, ok := s.new[g]
	if !ok {
		n = uint16(len(s.old))
		s.new[g] = n
		s.old, s.chars = append(s.old, g), append(s.chars, r)
	}
	if s.chars[n] == 0 && g != 0 {
		s.chars[n] = r
	}
	return n
}

// Char is the character of a new glyph, 0 for none.
func (s *Subset) Char(n int) rune { return s.chars[n] }

// Len is the number of glyphs, Width the advance of one in ems.
func (s *Subset) Len() int            { return len(s.old) }
func (s *Subset) Width(n int) float64 { return s.font.Advance(s.old[n]) }

const (
	argsAreWords = 1 << 0
	hasScale     = 1 << 3
	more         = 1 << 5
	hasXYScale   = 1 << 6
	hasTwoByTwo  = 1 << 7
)

// Bytes is the subset as a TrueType file for a PDF: no names and no cmap.
func (s *Subset) Bytes() ([]byte, error) {
	f := s.font
	var glyf, loca, hmtx []byte
	for n := 0; n < len(s.old); n++ { // grows while compound glyphs bring their parts
		loca = be.AppendUint32(loca, uint32(len(glyf)))
		b, err := f.Outline(s.old[n])
		if err != nil {
			return nil, err
		}
		if len(b) >= 10 && int16(be.Uint16(b)) < 0 {
			if err := s.renumber(b); err != nil {
				return nil, err
			}
		}
		glyf = append(glyf, b...)
		for len(glyf)%4 != 0 {
			glyf = append(glyf, 0)
		}
	}
	loca = be.AppendUint32(loca, uint32(len(glyf)))
	for _, g := range s.old {
		i := min(int(g), f.metrics-1)
		hmtx = append(hmtx, f.hmtx[4*i:4*i+2]...)
		hmtx = be.AppendUint16(hmtx, uint16(f.Bearing(g)))
	}
	head, err := f.Table("head")
	if err != nil {
		return nil, err
	}
	maxp, err := f.Table("maxp")
	if err != nil {
		return nil, err
	}
	hhea, err := f.Table("hhea")
	if err != nil {
		return nil, err
	}
	be.PutUint32(head[8:], 0)  // checkSumAdjustment: set below
	be.PutUint16(head[50:], 1) // long loca
	be.PutUint16(maxp[4:], uint16(len(s.old)))
	be.PutUint16(hhea[34:], uint16(len(s.old)))
	tables := map[string][]byte{"head": head, "maxp": maxp, "hhea": hhea, "hmtx": hmtx, "loca": loca, "glyf": glyf}
	for _, t := range []string{"cvt ", "fpgm", "prep"} { // instructions, where the font has them
		if _, ok := f.tables[t]; ok {
			if tables[t], err = f.Table(t); err != nil {
				return nil, err
			}
		}
	}
	out := Assemble(0x00010000, tables)
	adjust := 0xb1b0afba - checksum(out)
	for i := range len(tables) {
		if e := out[12+16*i:]; string(e[:4]) == "head" {
			be.PutUint32(out[be.Uint32(e[8:])+8:], adjust)
		}
	}
	return out, nil
}

// renumber gives the parts of a compound glyph their new numbers.
func (s *Subset) renumber(b []byte) error {
	at := 10
	for {
		if at+4 > len(b) {
			return fmt.Errorf("%s: a compound glyph is cut short", s.font.Path)
		}
		flags := be.Uint16(b[at:])
		be.PutUint16(b[at+2:], s.Add(be.Uint16(b[at+2:]), 0))
		at += 6
		if flags&argsAreWords != 0 {
			at += 2
		}
		switch {
		case flags&hasScale != 0:
			at += 2
		case flags&hasXYScale != 0:
			at += 4
		case flags&hasTwoByTwo != 0:
			at += 8
		}
		if flags&more == 0 {
			return nil
		}
	}
}
