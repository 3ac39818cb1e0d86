// Package font finds the type faces of paper on a machine, says which of them
// are substitutes, and reads from their files what drawing a page needs.
//
// It ships no font. The official faces (方正小标宋, 仿宋, 楷体, 黑体, 宋体) are
// taken from the system's folders or from a folder that the unit's IT names;
// free ones stand in where they are missing, and whoever draws with them says
// so.
package font

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"unicode/utf16"
)

// A Font is one face in a file. It is safe for concurrent use.
type Font struct {
	Path   string
	Index  int      // in a collection
	Names  []string // family, full and PostScript names, in every language of the file
	Family string   // one of them, to show
	CFF    bool     // cubic outlines: a browser draws them, the PDF writer does not

	file   *os.File
	tables map[string]extent

	UnitsPerEm int
	Ascent     int // of hhea
	Descent    int
	Box        [4]int // head: xMin yMin xMax yMax
	glyphs     int
	longLoca   bool
	metrics    int    // entries of hmtx with an advance
	hmtx       []byte // read by load
	loca       []byte
	bmp        []uint16 // glyph by character of the basic plane
	beyond     map[rune]uint16
}

type extent struct{ offset, length uint32 }

var (
	errSfnt = errors.New("not a TrueType or OpenType font")
	be      = binary.BigEndian
)

// maxTable bounds what is read at once: a broken file must not eat the memory.
const maxTable = 64 << 20

// directories reads the table directories of a file: one per face.
func directories(r io.ReaderAt) ([]map[string]extent, []bool, error) {
	head := make([]byte, 12)
	if _, err := r.ReadAt(head, 0); err != nil {
		return nil, nil, errSfnt
	}
	offsets := []uint32{0}
	if string(head[:4]) == "ttcf" {
		n := be.Uint32(head[8:])
		if n == 0 || n > 64 {
			return nil, nil, errSfnt
		}
		b := make([]byte, 4*n)
		if _, err := r.ReadAt(b, 12); err != nil {
			return nil, nil, errSfnt
		}
		offsets = offsets[:0]
		for i := range n {
			offsets = append(offsets, be.Uint32(b[4*i:]))
		}
	}
	var out []map[string]extent
	var cff []bool
	for _, o := range offsets {
		if _, err := r.ReadAt(head, int64(o)); err != nil {
			return nil, nil, errSfnt
		}
		switch be.Uint32(head) {
		case 0x00010000, 0x74727565, 0x4f54544f:
		default:
			return nil, nil, errSfnt
		}
		n := int(be.Uint16(head[4:]))
		b := make([]byte, 16*n)
		if _, err := r.ReadAt(b, int64(o)+12); err != nil {
			return nil, nil, errSfnt
		}
		t := map[string]extent{}
		for i := range n {
			e := b[16*i:]
			t[string(e[:4])] = extent{be.Uint32(e[8:]), be.Uint32(e[12:])}
		}
		_, glyf := t["glyf"]
		out = append(out, t)
		cff = append(cff, !glyf)
	}
	return out, cff, nil
}

// list reads the names of the faces in a file and nothing else.
func list(path string) ([]*Font, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	dirs, cff, err := directories(f)
	if err != nil {
		return nil, err
	}
	var out []*Font
	for i, t := range dirs {
		x := &Font{Path: path, Index: i, CFF: cff[i], tables: t}
		b, err := x.read(f, "name")
		if err != nil {
			continue
		}
		x.Names, x.Family = names(b)
		if len(x.Names) > 0 {
			out = append(out, x)
		}
	}
	return out, nil
}

func (f *Font) read(r io.ReaderAt, tag string) ([]byte, error) {
	e, ok := f.tables[tag]
	if !ok || e.length > maxTable {
		return nil, fmt.Errorf("%s: no table %s", f.Path, tag)
	}
	b := make([]byte, e.length)
	if _, err := r.ReadAt(b, int64(e.offset)); err != nil {
		return nil, fmt.Errorf("%s: table %s: %w", f.Path, tag, err)
	}
	return b, nil
}

// names answers the family, full and PostScript names, lower case, and the
// Chinese family name if there is one.
func names(b []byte) (all []string, family string) {
	if len(b) < 6 {
		return nil, ""
	}
	n, base := int(be.Uint16(b[2:])), int(be.Uint16(b[4:]))
	seen, families := map[string]bool{}, []string(nil)
	var english string
	plain := true // not a bold or light cut, which shares the family's name
	add := func(s string) {
		if l := strings.ToLower(s); !seen[l] {
			seen[l] = true
			all = append(all, l)
		}
	}
	for i := range n {
		if 6+12*i+12 > len(b) {
			break
		}
		e := b[6+12*i:]
		platform, lang, id := be.Uint16(e), be.Uint16(e[4:]), be.Uint16(e[6:])
		if id != 1 && id != 2 && id != 4 && id != 6 {
			continue
		}
		from, to := base+int(be.Uint16(e[10:])), base+int(be.Uint16(e[10:]))+int(be.Uint16(e[8:]))
		if from > len(b) || to > len(b) || from > to {
			continue
		}
		raw := b[from:to]
		var s string
		switch platform {
		case 0, 3:
			u := make([]uint16, len(raw)/2)
			for k := range u {
				u[k] = be.Uint16(raw[2*k:])
			}
			s = string(utf16.Decode(u))
		case 1:
			for _, c := range raw {
				if c >= 0x80 { // an old encoding: the Unicode record says it again
					s = ""
					break
				}
				s += string(rune(c))
			}
		}
		s = strings.TrimSpace(s)
		if s == "" {
			continue
		}
		switch id {
		case 1:
			families = append(families, s)
			if platform == 3 && lang == 0x0804 {
				family = s
			} else if english == "" {
				english = s
			}
		case 2:
			for _, w := range []string{"bold", "light", "italic", "black", "heavy", "medium", "粗", "细"} {
				plain = plain && !strings.Contains(strings.ToLower(s), w)
			}
		default:
			add(s)
		}
	}
	if plain {
		for _, s := range families {
			add(s)
		}
	}
	if family == "" {
		family = english
	}
	return all, family
}

// load opens the file and reads what placing characters needs.
func (f *Font) load() error {
	file, err := os.Open(f.Path)
	if err != nil {
		return err
	}
	if err := f.parse(file); err != nil {
		file.Close()
		return err
	}
	f.file = file
	return nil
}

func (f *Font) parse(r io.ReaderAt) error {
	head, err := f.read(r, "head")
	if err != nil || len(head) < 54 {
		return errors.Join(errSfnt, err)
	}
	f.UnitsPerEm = int(be.Uint16(head[18:]))
	if f.UnitsPerEm < 16 || f.UnitsPerEm > 16384 {
		return errSfnt
	}
	for i := range 4 {
		f.Box[i] = int(int16(be.Uint16(head[36+2*i:])))
	}
	f.longLoca = be.Uint16(head[50:]) != 0
	maxp, err := f.read(r, "maxp")
	if err != nil || len(maxp) < 6 {
		return errors.Join(errSfnt, err)
	}
	f.glyphs = int(be.Uint16(maxp[4:]))
	hhea, err := f.read(r, "hhea")
	if err != nil || len(hhea) < 36 {
		return errors.Join(errSfnt, err)
	}
	f.Ascent, f.Descent = int(int16(be.Uint16(hhea[4:]))), int(int16(be.Uint16(hhea[6:])))
	f.metrics = int(be.Uint16(hhea[34:]))
	if f.hmtx, err = f.read(r, "hmtx"); err != nil {
		return err
	}
	if f.metrics < 1 || len(f.hmtx) < 4*f.metrics {
		return errSfnt
	}
	if !f.CFF {
		if f.loca, err = f.read(r, "loca"); err != nil {
			return err
		}
		width := 2
		if f.longLoca {
			width = 4
		}
		if len(f.loca) < width*(f.glyphs+1) {
			return errSfnt
		}
	}
	cmap, err := f.read(r, "cmap")
	if err != nil {
		return err
	}
	return f.readCmap(cmap)
}

// readCmap reads the Unicode subtables of formats 4 and 12.
func (f *Font) readCmap(b []byte) error {
	if len(b) < 4 {
		return errSfnt
	}
	f.bmp = make([]uint16, 1<<16)
	f.beyond = map[rune]uint16{}
	found := false
	for i := range int(be.Uint16(b[2:])) {
		if 4+8*i+8 > len(b) {
			break
		}
		e := b[4+8*i:]
		platform, enc, off := be.Uint16(e), be.Uint16(e[2:]), int(be.Uint32(e[4:]))
		if platform != 0 && !(platform == 3 && (enc == 1 || enc == 10)) || off < 0 || off+8 > len(b) {
			continue
		}
		t := b[off:]
		switch be.Uint16(t) {
		case 4:
			found = f.cmap4(t) || found
		case 12:
			found = f.cmap12(t) || found
		}
	}
	if !found {
		return errSfnt
	}
	return nil
}

func (f *Font) put(r rune, g int) {
	if g <= 0 || g >= f.glyphs {
		return
	}
	if r < 1<<16 {
		if f.bmp[r] == 0 {
			f.bmp[r] = uint16(g)
		}
	} else {
		f.beyond[r] = uint16(g)
	}
}

func (f *Font) cmap4(t []byte) bool {
	if len(t) < 14 {
		return false
	}
	n := int(be.Uint16(t[6:])) / 2
	if 16+8*n > len(t) {
		return false
	}
	end, start, delta, off := t[14:], t[16+2*n:], t[16+4*n:], t[16+6*n:]
	for i := range n {
		lo, hi := int(be.Uint16(start[2*i:])), int(be.Uint16(end[2*i:]))
		d, o := int(be.Uint16(delta[2*i:])), int(be.Uint16(off[2*i:]))
		for c := lo; c <= hi && c < 0xffff; c++ {
			g := (c + d) & 0xffff
			if o != 0 {
				at := 2*i + o + 2*(c-lo)
				if at+2 > len(off) {
					continue
				}
				if g = int(be.Uint16(off[at:])); g != 0 {
					g = (g + d) & 0xffff
				}
			}
			f.put(rune(c), g)
		}
	}
	return true
}

func (f *Font) cmap12(t []byte) bool {
	if len(t) < 16 {
		return false
	}
	n := int(be.Uint32(t[12:]))
	if n < 0 || n > (len(t)-16)/12 {
		return false
	}
	for i := range n {
		e := t[16+12*i:]
		lo, hi, g := be.Uint32(e), be.Uint32(e[4:]), be.Uint32(e[8:])
		if hi > 0x10ffff || hi < lo {
			continue
		}
		for c := lo; c <= hi; c++ {
			f.put(rune(c), int(g+c-lo))
		}
	}
	return true
}

// Glyph is the glyph of a character; 0 means the font has none.
func (f *Font) Glyph(r rune) uint16 {
	if r < 0 {
		return 0
	}
	if r < 1<<16 {
		return f.bmp[r]
	}
	return f.beyond[r]
}

// Advance is the width of a glyph in ems.
func (f *Font) Advance(g uint16) float64 {
	i := min(int(g), f.metrics-1)
	return float64(be.Uint16(f.hmtx[4*i:])) / float64(f.UnitsPerEm)
}

// Bearing is the left side bearing of a glyph in font units.
func (f *Font) Bearing(g uint16) int16 {
	i := int(g)
	if i < f.metrics {
		return int16(be.Uint16(f.hmtx[4*i+2:]))
	}
	at := 4*f.metrics + 2*(i-f.metrics)
	if at+2 > len(f.hmtx) {
		return 0
	}
	return int16(be.Uint16(f.hmtx[at:]))
}

// outline is where the outline of a glyph lies in the file; empty for a blank.
func (f *Font) outline(g uint16) (extent, error) {
	if f.CFF || int(g) >= f.glyphs {
		return extent{}, fmt.Errorf("%s: no outline of glyph %d", f.Path, g)
	}
	var from, to uint32
	if f.longLoca {
		from, to = be.Uint32(f.loca[4*int(g):]), be.Uint32(f.loca[4*int(g)+4:])
	} else {
		from, to = 2*uint32(be.Uint16(f.loca[2*int(g):])), 2*uint32(be.Uint16(f.loca[2*int(g)+2:]))
	}
	e := f.tables["glyf"]
	if from >= to {
		return extent{}, nil
	}
	if to > e.length || to-from > 1<<20 {
		return extent{}, fmt.Errorf("%s: glyph %d lies outside the file", f.Path, g)
	}
	return extent{e.offset + from, to - from}, nil
}

// Outline is the glyf data of a glyph; empty for a blank.
func (f *Font) Outline(g uint16) ([]byte, error) {
	e, err := f.outline(g)
	if err != nil || e.length == 0 {
		return nil, err
	}
	b := make([]byte, e.length)
	if _, err := f.file.ReadAt(b, int64(e.offset)); err != nil {
		return nil, fmt.Errorf("%s: glyph %d: %w", f.Path, g, err)
	}
	return b, nil
}

// Table is a table of the font as it stands in the file.
func (f *Font) Table(tag string) ([]byte, error) { return f.read(f.file, tag) }
