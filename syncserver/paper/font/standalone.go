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
	tags := slices.Sorted(maps.Keys(tables))
	n := len(tags)
	pow, log := 1, 0
	for pow*2 <= n {
		pow, log = pow*2, log+1
	}
	size := 12 + 16*n
	for _, t := range tags {
		size += (len(tables[t]) + 3) &^ 3
	}
	out := make([]byte, 0, size)
	out = be.AppendUint32(out, version)
	for _, v := range []int{n, pow * 16, log, n*16 - pow*16} {
		out = be.AppendUint16(out, uint16(v))
	}
	at := 12 + 16*n
	for _, t := range tags {
		b := tables[t]
		out = append(out, t...)
		out = be.AppendUint32(out, checksum(b))
		out = be.AppendUint32(out, uint32(at))
		out = be.AppendUint32(out, uint32(len(b)))
		at += (len(b) + 3) &^ 3
	}
	for _, t := range tags {
		out = append(out, tables[t]...)
		for len(out)%4 != 0 {
			out = append(out, 0)
		}
	}
	return out
}

func checksum(b []byte) (sum uint32) {
	for len(b) >= 4 {
		sum += be.Uint32(b)
		b = b[4:]
	}
	var rest [4]byte
	copy(rest[:], b)
	return sum + be.Uint32(rest[:])
}
