package layout

// A Part is the element of the paper that something on a page belongs to.
type Part string

// Parts. A writer may rely on these names.
const (
	PartCopyNo     Part = "copy_no"    // 份号
	PartLevel      Part = "level"      // 密级和保密期限
	PartUrgency    Part = "urgency"    // 紧急程度
	PartMark       Part = "mark"       // 发文机关标志
	PartNumber     Part = "number"     // 发文字号
	PartSigner     Part = "signer"     // 签发人
	PartRedRule    Part = "red_rule"   // 红色分隔线
	PartTitle      Part = "title"      // 标题
	PartTo         Part = "to"         // 主送机关
	PartBody       Part = "body"       // 正文
	PartAttachment Part = "attachment" // 附件说明
	PartSignature  Part = "signature"  // 发文机关署名
	PartDate       Part = "date"       // 成文日期
	PartSeal       Part = "seal"       // 印章
	PartNote       Part = "note"       // 附注
	PartPeople     Part = "people"     // 出席、请假、列席
	PartAnnex      Part = "annex"      // 附件
	PartColophon   Part = "colophon"   // 版记
	PartPageNo     Part = "page_no"    // 页码
	PartSheet      Part = "sheet"      // a form, such as the 处理单
)

// Ink is a colour of paper.
type Ink uint8

// Inks. Red is the red head's, and what 套打 leaves out.
const (
	Black Ink = iota
	Red
	Grey
)

// A Run is characters of one face and size on one baseline.
type Run struct {
	Part  Part
	Block string // id of the block, "" if the text comes from an element
	Face  Face
	Size  float64 // height of the em box, mm
	Ink   Ink
	Y     float64 // baseline
	Text  []rune
	X     []float64 // left edge of each character's em box
	End   float64   // right edge of the last character
	// Squeeze narrows the characters (1: as they are): 发文机关标志 only.
	Squeeze float64
	// Word marks letters and digits that belong together; a face whose
	// advances differ from the layout's is fitted into X[0]…End.
	Word bool
	// Upright is set for the 页码, which stands on a turned page as on all
	// others: its place is that of the sheet held upright.
	Upright bool
	// Last says that the paragraph, or the line of an element, ends here.
	Last bool
}

// Top and Bottom bound the em box; CJK faces stand 0.88 above the baseline.
func (r Run) Top() float64    { return r.Y - ascent*r.Size }
func (r Run) Bottom() float64 { return r.Y + (1-ascent)*r.Size }

const ascent = 0.88

// A Rule is a straight line from (X1, Y1) to (X2, Y2).
type Rule struct {
	Part           Part
	X1, Y1, X2, Y2 float64
	Width          float64
	Ink            Ink
}

// An Image is a picture of the body, named by the blob that holds it.
type Image struct {
	Part       Part
	Block      string
	Source     string
	X, Y, W, H float64
}

// A Place is room for what is not text.
type Place struct {
	Part       Part
	Kind       string // PlaceHole …
	Text       string // what belongs here: the unit of a seal, the hint of a hole
	X, Y, W, H float64
}

// Kinds of place.
const (
	PlaceHole = "hole" // is not known yet: a number or a day
	PlaceSeal = "seal" // 印章
	PlaceSign = "sign" // 签名章
	PlaceQR   = "qr"   // a code; Text is its content
)

// A Page is one side of a sheet.
type Page struct {
	W, H   float64
	Number int  // as printed; 0: none is printed
	Turned bool // 横表: what is on it is read with the page turned clockwise
	Lines  int  // lines of the grid that are taken
	Why    string
	Runs   []Run
	Rules  []Rule
	Images []Image
	Places []Place
}

// Reasons why a page that is not the last has fewer lines than the grid.
const (
	WhyFull     = ""
	WhyHeading  = "heading" // a heading does not stay alone at the foot
	WhySeal     = "seal"    // text goes on to the page of the seal (L16)
	WhyAnnex    = "annex"   // an 附件 begins on a page of its own
	WhyTable    = "table"   // a row stays whole
	WhyImage    = "image"   // a picture stays whole
	WhyLast     = "last"
	WhyColophon = "colophon" // only the 版记 follows
	WhyBlank    = "blank"    // nothing is on it: the 版记 stands on an even page
)

// A Fault is something the paper's content made impossible.
type Fault struct {
	Rule string // FaultFirstPage …
	Page int    // counted from 1, 0: the whole paper
	Part Part
	Text string
}

// Faults.
const (
	FaultFirstPage = "layout.first_page" // L16: no 正文 on the first page
	FaultSealPage  = "layout.seal_page"  // L16: no 正文 on the page of the seal
	FaultTorn      = "layout.torn"       // a word is longer than a line
	FaultTitle     = "layout.title"      // the title takes more than four lines
	FaultMark      = "layout.mark"       // 发文机关标志 does not fit as it should
)

// A Document is a paper on pages.
type Document struct {
	Template string // id and version, "gb-file@1"
	Title    string
	Pages    []Page
	Outline  []Entry
	Faults   []Fault
}

// An Entry is a heading for bookmarks.
type Entry struct {
	Level int // 1…4; 0: the title or an 附件
	Text  string
	Page  int // index into Pages
	Y     float64
}

// WithoutRed is the document for 套打: paper that has the red head already. Red
// parts are left out, their room stays.
func (d Document) WithoutRed() Document {
	out := d
	out.Pages = make([]Page, len(d.Pages))
	for i, p := range d.Pages {
		q := p
		q.Runs, q.Rules = nil, nil
		for _, r := range p.Runs {
			if r.Ink != Red {
				q.Runs = append(q.Runs, r)
			}
		}
		for _, r := range p.Rules {
			if r.Ink != Red {
				q.Rules = append(q.Rules, r)
			}
		}
		out.Pages[i] = q
	}
	return out
}
