package layout

// Face is the role a type face plays on paper. Which font plays it is the
// drawer's business.
type Face string

// Faces.
const (
	XBS  Face = "xbs"  // 小标宋: 标题, 发文机关标志
	Fang Face = "fang" // 仿宋: 正文
	Kai  Face = "kai"  // 楷体: second level, 签发人's name, what people wrote
	Hei  Face = "hei"  // 黑体: first level, 密级, labels
	Song Face = "song" // 宋体: 页码, forms
)

// Faces lists all roles.
var Faces = []Face{XBS, Fang, Kai, Hei, Song}

// Sizes of type in millimetres (1 pt = 25.4/72 mm).
const (
	pt     = 25.4 / 72
	Size2  = 22 * pt   // 二号
	SizeS2 = 18 * pt   // 小二
	Size3  = 16 * pt   // 三号
	Size4  = 14 * pt   // 四号
	SizeS4 = 12 * pt   // 小四
	Size5  = 10.5 * pt // 五号
)

// Metrics tell how wide characters are.
type Metrics interface {
	// Advance is the width of a character in ems of its face.
	Advance(f Face, r rune) float64
}

// Nominal are the widths of the official faces: letters, digits and half-width
// marks take half an em, everything else a whole one. With them the layout is
// the same on every machine, whatever fonts it has.
type Nominal struct{}

// Advance implements [Metrics].
func (Nominal) Advance(_ Face, r rune) float64 {
	switch {
	case r < 0x20 || r == 0x7f, r >= 0x300 && r < 0x370, r >= 0xfe00 && r <= 0xfe0f, r >= 0x200b && r <= 0x200f, r == 0xfeff:
		return 0
	case r == '·' || r == '×' || r == '÷' || r == '°' || r == '±' || r == '§':
		return 1
	case r < 0x250, r == 0x2002, r == 0x2013, r >= 0xff61 && r <= 0xff9f:
		return 0.5
	}
	return 1
}
