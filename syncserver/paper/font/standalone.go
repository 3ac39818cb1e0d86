package font

import (
	"maps"
	"slices"
)

// Standalone is the font as a file of its own, out of a collection if need be:
// what a browser loads.
func (f *Font) Standalone() ([]byte, error) {
	tables := map[string][]byte{}
	for tag := range f.tables {
		if tag == "DSIG" {
			continue
		}
		b, err := f.Table(tag)
		if err != nil {
			return nil, err
		}
		tables[tag] = b
	}
	if f.CFF {
		return Assemble(0x4f54544f, tables), nil
	}
	return Assemble(0x00010000, tables), nil
}

// Assemble makes a font file of tables.
func Assemble(version uint32, tables map[string][]byte) []byte {
	return slices.Concat(assemble(version, tables)...)
}

// assemble is a font file in parts: the directory, which holds the checksum of
// each table, and the tables in the order of their names.
func assemble(version uint32, tables map[string][]byte) [][]byte {
	tags := slices.Sorted(maps.Keys(tables))
	n := len(tags)
	pow, log := 1, 0
	for pow*2 <= n {
		pow, log = pow*2, log+1
	}
	top := make([]byte, 0, 12+16*n)
	top = be.AppendUint32(top, version)
	for _, v := range []int{n, pow * 16, log, n*16 - pow*16} {
		top = be.AppendUint16(top, uint16(v))
	}
	at := 12 + 16*n
	for _, t := range tags {
		b := tables[t]
		top = append(top, t...)
		top = be.AppendUint32(top, checksum(b))
		top = be.AppendUint32(top, uint32(at))
		top = be.AppendUint32(top, uint32(len(b)))
		at += (len(b) + 3) &^ 3
	}
	out := [][]byte{top}
	for _, t := range tags {
		out = append(out, tables[t])
		if n := len(tables[t]) & 3; n != 0 {
			out = append(out, make([]byte, 4-n))
		}
	}
	return out
}

func checksum(b []byte) (sum uint32) {
	for len(b) >= 16 {
		sum += be.Uint32(b) + be.Uint32(b[4:]) + be.Uint32(b[8:]) + be.Uint32(b[12:])
		b = b[16:]
	}
	for len(b) >= 4 {
		sum += be.Uint32(b)
		b = b[4:]
	}
	var rest [4]byte
	copy(rest[:], b)
	return sum + be.Uint32(rest[:])
}
