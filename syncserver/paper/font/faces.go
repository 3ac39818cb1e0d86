package font

import (
	"slices"
	"strings"

	"qianshao/syncserver/office/layout"
)

// role says which fonts may play a face: the official ones, then those that
// stand in, the best first. Names are compared in lower case with the family,
// full and PostScript names of the fonts.
type role struct {
	name     string // for people
	official []string
	standIn  []string
}

var roles = map[layout.Face]role{
	layout.XBS: {"小标宋",
		[]string{"方正小标宋简体", "方正小标宋_gbk", "方正公文小标宋", "fzxiaobiaosong-b05s", "fzxiaobiaosong-b05", "fzxbsjw--gb1-0", "fzxbsk--gbk1-0", "fzgongwenxiaobiaosong", "文鼎小标宋", "汉仪小标宋简"},
		[]string{"华文中宋", "stzhongsong", "notoserifcjksc-black", "notoserifcjksc-bold", "notoserifsc-bold", "sourcehanserifsc-heavy", "sourcehanserifsc-bold", "stsongti-sc-black", "stsongti-sc-bold", "fandolsong-bold", "simsun", "宋体"}},
	layout.Fang: {"仿宋",
		[]string{"仿宋_gb2312", "fangsong_gb2312", "仿宋", "fangsong", "方正仿宋_gbk", "方正仿宋_gb18030", "方正仿宋_gb2312", "方正仿宋简体", "fzfangsong-z02", "fzfangsong-z02s", "华文仿宋", "stfangsong"},
		[]string{"fandolfang-regular", "simsun", "宋体", "notoserifcjksc-regular", "sourcehanserifsc-regular"}},
	layout.Kai: {"楷体",
		[]string{"楷体_gb2312", "kaiti_gb2312", "楷体", "kaiti", "方正楷体_gbk", "方正楷体_gb18030", "方正楷体_gb2312", "方正楷体简体", "fzkai-z03", "fzkai-z03s", "华文楷体", "stkaiti", "stkaitisc-regular"},
		[]string{"lxgwwenkai-regular", "lxgwwenkaigb-regular", "lxgwwenkailite-regular", "fandolkai-regular", "simsun", "notoserifcjksc-regular"}},
	layout.Hei: {"黑体",
		[]string{"黑体", "simhei", "方正黑体_gbk", "方正黑体_gb18030", "方正黑体简体", "fzhei-b01", "fzhei-b01s", "华文黑体", "stheiti", "stheitisc-medium", "stheitisc-light"},
		[]string{"fandolhei-regular", "wenquanyizenhei", "microsoft yahei", "微软雅黑", "notosanscjksc-regular", "sourcehansanssc-regular", "pingfangsc-regular"}},
	layout.Song: {"宋体",
		[]string{"宋体", "simsun", "新宋体", "nsimsun", "方正书宋_gbk", "方正书宋简体", "fzshusong-z01", "fzshusong-z01s", "华文宋体", "stsong", "stsongti-sc-regular"},
		[]string{"fandolsong-regular", "fandolfang-regular", "notoserifcjksc-regular", "sourcehanserifsc-regular"}},
}

// heavyLatin are substitutes whose letters and digits are blacker than their
// characters: numbers in the text would look printed in bold. The next font of
// the chain draws them.
var heavyLatin = []string{"fandolfang-regular", "fandolfang r"}

// RoleName is what people call a face.
func RoleName(f layout.Face) string { return roles[f].name }

// A Choice is the font that plays a face on this machine.
type Choice struct {
	Face     layout.Face
	Font     *Font // nil: there is none
	Official bool
}

// A Set is the fonts that draw paper on this machine. It is safe for
// concurrent use.
type Set struct {
	choice  map[layout.Face]Choice
	pickers map[layout.Face]Picker
	all     []*Font // the chosen, each once
}

// NewSet chooses among the fonts found. Those of the first folders win over
// those of the later ones. Fonts with TrueType outlines come before others: the
// PDF needs them.
func NewSet(found []*Font) *Set {
	s := &Set{choice: map[layout.Face]Choice{}, pickers: map[layout.Face]Picker{}}
	for _, face := range layout.Faces {
		r := roles[face]
		c := Choice{Face: face}
		for _, try := range []struct {
			names    []string
			official bool
			cff      bool
		}{{r.official, true, false}, {r.standIn, false, false}, {r.official, true, true}, {r.standIn, false, true}} {
			if c.Font != nil {
				break
			}
			if f := pick(found, try.names, try.cff); f != nil {
				c.Font, c.Official = f, try.official
			}
		}
		s.choice[face] = c
		if c.Font != nil && !slices.Contains(s.all, c.Font) {
			s.all = append(s.all, c.Font)
		}
	}
	// A character that a font lacks is taken from the face most like it.
	like := map[layout.Face][]layout.Face{
		layout.XBS:  {layout.Song, layout.Fang, layout.Kai, layout.Hei},
		layout.Fang: {layout.Song, layout.Kai, layout.XBS, layout.Hei},
		layout.Kai:  {layout.Fang, layout.Song, layout.XBS, layout.Hei},
		layout.Hei:  {layout.XBS, layout.Song, layout.Fang, layout.Kai},
		layout.Song: {layout.Fang, layout.XBS, layout.Kai, layout.Hei},
	}
	for _, face := range layout.Faces {
		var p Picker
		for _, f := range append([]layout.Face{face}, like[face]...) {
			if x := s.choice[f].Font; x != nil && !slices.Contains(p.chain, x) {
				p.chain = append(p.chain, x)
			}
		}
		p.lean = len(p.chain) > 1 && slices.Contains(heavyLatin, p.chain[0].Names[0])
		s.pickers[face] = p
	}
	return s
}

// pick is the first font with one of the names, in the order of the names, that
// can be read.
func pick(found []*Font, wanted []string, cff bool) *Font {
	for _, w := range wanted {
		for _, f := range found {
			if f.CFF != cff || !slices.Contains(f.Names, w) {
				continue
			}
			if f.file == nil {
				if err := f.load(); err != nil {
					continue // a broken file is as good as none
				}
			}
			return f
		}
	}
	return nil
}

// Choices says which font plays each face.
func (s *Set) Choices() []Choice {
	var out []Choice
	for _, f := range layout.Faces {
		out = append(out, s.choice[f])
	}
	return out
}

// Fonts are the fonts of the set, each once, in a fixed order.
func (s *Set) Fonts() []*Font { return s.all }

// Pick is the font that draws a character of a face, and its glyph. A font
// other than the face's own means that this one character is substituted; no
// font at all answers nil, or glyph 0 of the face's own.
func (s *Set) Pick(face layout.Face, r rune) (*Font, uint16) { return s.pickers[face].Glyph(r) }

// Picker picks for one face, for those who have many characters of it.
func (s *Set) Picker(face layout.Face) Picker { return s.pickers[face] }

// A Picker picks the fonts of one face.
type Picker struct {
	chain []*Font // the face's own, then those that help out
	lean  bool    // letters and digits are the second one's
}

// Glyph is [Set.Pick] for the picker's face.
func (p Picker) Glyph(r rune) (*Font, uint16) {
	if p.lean && r < 0x250 && r != '·' {
		if g := p.chain[1].Glyph(r); g != 0 {
			return p.chain[1], g
		}
	}
	for _, f := range p.chain {
		if g := f.Glyph(r); g != 0 {
			return f, g
		}
	}
	if len(p.chain) == 0 {
		return nil, 0
	}
	return p.chain[0], 0
}

// A Gap is what a document lacks on this machine.
type Gap struct {
	Faces []layout.Face // played by substitutes, or by none
	Chars []rune        // that no font has
	Other []rune        // that another face had to draw
}

// Gaps compares what a document is set in with the fonts that are there.
func (s *Set) Gaps(d layout.Document) Gap {
	used := map[layout.Face]map[rune]bool{}
	for _, p := range d.Pages {
		for _, r := range p.Runs {
			m := used[r.Face]
			if m == nil {
				m = map[rune]bool{}
				used[r.Face] = m
			}
			for _, c := range r.Text {
				m[c] = true
			}
		}
	}
	var out Gap
	lost, other := map[rune]bool{}, map[rune]bool{}
	for _, face := range layout.Faces {
		if used[face] == nil {
			continue
		}
		own := s.choice[face].Font
		if !s.choice[face].Official {
			out.Faces = append(out.Faces, face)
		}
		for c := range used[face] {
			f, g := s.Pick(face, c)
			switch {
			case Blank(c):
			case g == 0:
				lost[c] = true
			case f != own && c >= 0x250:
				other[c] = true
			}
		}
	}
	for c := range lost {
		out.Chars = append(out.Chars, c)
	}
	for c := range other {
		if !lost[c] {
			out.Other = append(out.Other, c)
		}
	}
	slices.Sort(out.Chars)
	slices.Sort(out.Other)
	return out
}

// Blank reports a character that leaves no ink.
func Blank(r rune) bool { return strings.ContainsRune(" \u00a0\u3000\u2002\u2003", r) }
