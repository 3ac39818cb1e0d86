package font

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"qianshao/syncserver/office/layout"
)

const fontFolder = "../../../build/bin/fonts"

func here(t testing.TB) []*Font {
	t.Helper()
	found := Find(append([]string{fontFolder}, systemFolders()...))
	if len(found) == 0 {
		t.Fatal("no fonts: build/test --only packages installs them")
	}
	return found
}

// TestSet: with the free fonts every face has one with TrueType outlines, none
// passes for official, and 楷体 is the regular cut, not the bold.
func TestSet(t *testing.T) {
	s := NewSet(here(t))
	for _, c := range s.Choices() {
		if c.Font == nil || c.Font.CFF {
			t.Fatalf("%s has no TrueType font", c.Face)
		}
		if c.Official {
			t.Logf("%s is official here: %s", c.Face, c.Font.Path)
			continue
		}
		if c.Face == layout.Kai && !slices.Contains(c.Font.Names, "lxgwwenkai-regular") {
			t.Errorf("楷体 is %v", c.Font.Names)
		}
	}
	f, g := s.Pick(layout.Fang, '国')
	if g == 0 || f != s.choice[layout.Fang].Font {
		t.Error("国 is in 仿宋")
	}
	if w := f.Advance(g); w < 0.99 || w > 1.01 {
		t.Errorf("国 is %.3f em wide", w)
	}
	b, err := f.Outline(g)
	if err != nil || len(b) < 20 {
		t.Errorf("outline of 国: %d bytes, %v", len(b), err)
	}
	if _, g := s.Pick(layout.Fang, 0x10fffd); g != 0 {
		t.Error("nobody has this character")
	}
}

// Rare characters of names that FandolFang lacks come from another face.
func TestFallback(t *testing.T) {
	s := NewSet(here(t))
	own := s.choice[layout.Fang].Font
	if own.Glyph('喆') != 0 {
		t.Skip("SKIPPED: 仿宋 of this machine has 喆")
	}
	d := layout.Set(layout.Paper{Blocks: []layout.Block{{ID: "a", Type: layout.BlockText, Text: "王喆到会。\U0010fffd"}}}, layout.Preset(layout.FormatPlain), layout.Options{})
	f, g := s.Pick(layout.Fang, '喆')
	if f == own || g == 0 {
		t.Error("喆 is drawn by no other face")
	}
	gap := s.Gaps(d)
	if !slices.Contains(gap.Other, '喆') || !slices.Equal(gap.Chars, []rune{0x10fffd}) || !slices.Contains(gap.Faces, layout.Fang) {
		t.Errorf("%+v", gap)
	}
}

// TestOfficialFirst: a font under an official name wins over the substitute,
// and the first folder over the later ones.
func TestOfficialFirst(t *testing.T) {
	dir := t.TempDir()
	src := filepath.Join(fontFolder, "FandolHei.ttf")
	fs, err := list(src)
	if err != nil {
		t.Fatal(err)
	}
	f := fs[0]
	if err := f.load(); err != nil {
		t.Fatal(err)
	}
	tables := map[string][]byte{}
	for tag := range f.tables {
		if tables[tag], err = f.Table(tag); err != nil {
			t.Fatal(err)
		}
	}
	tables["name"] = nameTable("SimHei")
	if err := os.WriteFile(filepath.Join(dir, "it.ttf"), Assemble(0x00010000, tables), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "broken.ttf"), []byte("no font at all"), 0o600); err != nil {
		t.Fatal(err)
	}
	c := NewSet(Find([]string{fontFolder, dir})).choice[layout.Hei]
	if !c.Official || c.Font == nil || filepath.Base(c.Font.Path) != "it.ttf" {
		t.Errorf("%+v", c)
	}
}

// nameTable is a name table with one full name.
func nameTable(name string) []byte {
	var raw []byte
	for _, r := range name {
		raw = be.AppendUint16(raw, uint16(r))
	}
	var b []byte
	for _, v := range []int{0, 1, 18, 3, 1, 0x409, 4, len(raw), 0} {
		b = be.AppendUint16(b, uint16(v))
	}
	return append(b, raw...)
}

// A font out of a collection stands by itself.
func TestStandalone(t *testing.T) {
	for _, f := range here(t) {
		if f.Index == 0 || filepath.Ext(f.Path) != ".ttc" {
			continue
		}
		if err := f.load(); err != nil {
			t.Fatal(err)
		}
		b, err := f.Standalone()
		if err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(t.TempDir(), "x.otf")
		if err := os.WriteFile(file, b, 0o600); err != nil {
			t.Fatal(err)
		}
		again, err := list(file)
		if err != nil || len(again) != 1 || !slices.Equal(again[0].Names, f.Names) || again[0].load() != nil {
			t.Fatalf("%v %v", again, err)
		}
		if again[0].Glyph('国') != f.Glyph('国') || f.Glyph('国') == 0 {
			t.Error("another glyph for 国")
		}
		return
	}
	t.Fatal("there is no collection here (fonts-noto-cjk)")
}

// Broken files are refused and stop nothing.
func TestBroken(t *testing.T) {
	b, err := os.ReadFile(filepath.Join(fontFolder, "NotoSerifSC-Bold.ttf"))
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "x.ttf")
	for _, n := range []int{0, 3, 11, 12, 40, 200, 5000, len(b) / 2} {
		if err := os.WriteFile(file, b[:n], 0o600); err != nil {
			t.Fatal(err)
		}
		fs, err := list(file)
		if err != nil {
			continue
		}
		for _, f := range fs {
			_ = f.load()
		}
	}
	for i := 12; i < 300; i += 3 { // a directory that lies
		c := slices.Clone(b)
		c[i] ^= 0xff
		if err := os.WriteFile(file, c, 0o600); err != nil {
			t.Fatal(err)
		}
		fs, _ := list(file)
		for _, f := range fs {
			if f.load() == nil {
				_, _ = f.Outline(f.Glyph('国'))
			}
		}
	}
}

// A glyph made of others brings them along, under their new numbers.
func TestCompound(t *testing.T) {
	for _, f := range here(t) {
		if f.CFF || f.load() != nil {
			continue
		}
		for r := rune(0xc0); r < 0x180; r++ {
			g := f.Glyph(r)
			b, err := f.Outline(g)
			if g == 0 || err != nil || len(b) < 14 || int16(be.Uint16(b)) >= 0 {
				continue
			}
			s := NewSubset(f)
			n := s.Add(g, r)
			file, err := s.Bytes()
			if err != nil {
				t.Fatal(err)
			}
			if s.Len() < 3 || s.Char(int(n)) != r || s.Char(2) != 0 {
				t.Fatalf("%s %c: %d glyphs", f.Family, r, s.Len())
			}
			x := &Font{Path: "subset"}
			dirs, _, err := directories(bytes.NewReader(file))
			if err != nil {
				t.Fatal(err)
			}
			x.tables = dirs[0]
			glyf, err := x.read(bytes.NewReader(file), "glyf")
			if err != nil {
				t.Fatal(err)
			}
			loca, err := x.read(bytes.NewReader(file), "loca")
			if err != nil {
				t.Fatal(err)
			}
			made := glyf[be.Uint32(loca[4*int(n):]):]
			if part := be.Uint16(made[12:]); part != 2 {
				t.Fatalf("%s %c is made of glyph %d", f.Family, r, part)
			}
			return
		}
	}
	t.Fatal("no font here has a compound glyph")
}
