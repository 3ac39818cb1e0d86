package font

import (
	"fmt"
	"slices"
)

// A Subset is a font with only the glyphs that are used, numbered anew in the
// order in which they were asked for.
type Subset struct {
	font  *Font
	old   []uint16
	new   []uint16 // by old number; 0: not in it, but for glyph 0
	chars []rune   // of each new glyph, 0 where a glyph is only a part of another
}

// NewSubset begins a subset; glyph 0 is always in it.
func NewSubset(f *Font) *Subset {
	return &Subset{font: f, old: []uint16{0}, new: make([]uint16, f.glyphs), chars: []rune{0}}
}

// Add takes in the glyph of a character and answers its new number; a glyph that
// the font does not have is glyph 0.
func (s *Subset) Add(g uint16, r rune) uint16 {
	if g == 0 || int(g) >= len(s.new) {
		return 0
	}
	n := s.new[g]
	if n == 0 {
		n = uint16(len(s.old))
		s.new[g] = n
		s.old, s.chars = append(s.old, g), append(s.chars, r)
	}
	if s.chars[n] == 0 {
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
	parts, err := s.Parts()
	return slices.Concat(parts...), err
}

// Parts is the file in parts that follow each other; the first is the directory
// with the checksums of all tables.
func (s *Subset) Parts() ([][]byte, error) {
	f := s.font
	var glyf []byte
	var places []uint32
	for n := 0; n < len(s.old); { // again, as long as compound glyphs bring their parts
		from := len(places)
		size := uint32(len(glyf))
		for ; n < len(s.old); n++ {
			e, err := f.outline(s.old[n])
			if err != nil {
				return nil, err
			}
			places = append(places, size)
			size += (e.length + 3) &^ 3
		}
		glyf = append(glyf, make([]byte, int(size)-len(glyf))...)
		if err := s.outlines(from, places, glyf); err != nil {
			return nil, err
		}
		for i := from; i < n; i++ {
			end := size
			if i+1 < n {
				end = places[i+1]
			}
			if b := glyf[places[i]:end]; len(b) >= 10 && int16(be.Uint16(b)) < 0 {
				if err := s.renumber(b); err != nil {
					return nil, err
				}
			}
		}
	}
	loca, hmtx := make([]byte, 0, 4*len(places)+4), make([]byte, 0, 4*len(places))
	for _, at := range append(places, uint32(len(glyf))) {
		loca = be.AppendUint32(loca, at)
	}
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
	out := assemble(0x00010000, tables)
	adjust := 0xb1b0afba - checksum(out[0])
	for i := range len(tables) {
		adjust -= be.Uint32(out[0][12+16*i+4:])
	}
	be.PutUint32(head[8:], adjust) // the file holds this very slice
	return out, nil
}

// near is how far apart two outlines may lie in the file and still be read at
// once, far how much is read at once.
const (
	near = 4 << 10
	far  = 256 << 10
)

// outlines reads the outlines of the new glyphs from one on to where they lie
// in the subset. Those near each other in the font are read together: a paper
// has thousands.
func (s *Subset) outlines(from int, places []uint32, glyf []byte) error {
	type piece struct {
		extent
		at uint32
	}
	pieces := make([]piece, 0, len(places)-from)
	for i := from; i < len(places); i++ {
		e, err := s.font.outline(s.old[i])
		if err != nil {
			return err
		}
		if e.length > 0 {
			pieces = append(pieces, piece{e, places[i]})
		}
	}
	slices.SortFunc(pieces, func(a, b piece) int { return int(a.offset) - int(b.offset) })
	var buf []byte
	for i := 0; i < len(pieces); {
		begin, end := pieces[i].offset, pieces[i].offset+pieces[i].length
		j := i + 1
		for ; j < len(pieces) && pieces[j].offset <= end+near; j++ {
			e := max(end, pieces[j].offset+pieces[j].length)
			if e-begin > far {
				break
			}
			end = e
		}
		buf = slices.Grow(buf[:0], int(end-begin))[:end-begin]
		if _, err := s.font.file.ReadAt(buf, int64(begin)); err != nil {
			return fmt.Errorf("%s: outlines: %w", s.font.Path, err)
		}
		for _, p := range pieces[i:j] {
			copy(glyf[p.at:], buf[p.offset-begin:][:p.length])
		}
		i = j
	}
	return nil
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
