package layout

// A Paper is what is to be set: the elements, the body and its 附件.
type Paper struct {
	Elements Elements
	Blocks   []Block
	Annexes  []Annex
}

// Elements are the 公文要素 as they are to be printed. What is empty is not
// printed; [Hole] stands for what is not known yet.
type Elements struct {
	CopyNo  string // 份号, six digits
	Level   string // 密级和保密期限 as printed, "内部"
	Urgency string // 紧急程度

	Mark    string   // 发文机关标志 as printed, with 文件 where it belongs; joint: see Issuers
	Issuers []string // the issuing offices, 主办 first; of one it may be left out if Mark is given
	Number  string   // 发文字号
	Signers []string // 签发人 of an 上行文
	Title   string
	To      []string // 主送
	Sign    []Signatory
	Seal    SealKind
	Date    string  // 成文日期 as printed
	Note    string  // 附注, without parentheses
	People  []Names // 出席, 请假, 列席 of a 纪要

	CC       []string // 抄送
	Printer  string   // 印发机关
	Printed  string   // 印发日期 as printed, without 印发
	HoleHint string   // what a hole in the number says on the screen, "待分配"
}

// A Signatory is an office that signs, and with a 签名章 the person.
type Signatory struct {
	Unit  string
	Title string // 职务, with a 签名章
	Name  string // with a 签名章
}

// SealKind is how the paper is signed.
type SealKind string

// Ways to sign.
const (
	SealStamp SealKind = ""     // 加盖印章
	SealNone  SealKind = "none" // 不加盖印章
	SealSign  SealKind = "sign" // 加盖签发人签名章
)

// Names are people under a label, such as 出席.
type Names struct {
	Label string
	Names string
}

// A Block is a paragraph or the like of the body.
type Block struct {
	ID    string
	Type  string // BlockText …
	Level int    // 1–4 of a heading
	Text  string
	Align string // "", "center", "right"
	// Of a table: how wide the columns are, in shares; empty: by their content.
	Columns []float64
	Turned  bool // of a table: 横表, on pages laid across
	// Of an image: the blob and its size in millimetres; Text is its caption.
	Source string
	W, H   float64
}

// Types of block.
const (
	BlockText       = "text"
	BlockHeading    = "heading"
	BlockAttachment = "attachment" // 附件说明
	BlockSignature  = "signature"  // 署名
	BlockDate       = "date"       // 成文日期
	BlockTable      = "table"      // rows by line ends, cells by tabs; the first row is repeated
	BlockImage      = "image"
)

// An Annex is an 附件, set on pages of its own.
type Annex struct {
	ID        string // of the block that begins it
	Label     string // "附件1"
	Title     string
	Blocks    []Block
	Landscape bool   // 横表
	Apart     string // bound apart: the 发文字号 that stands before the label; its pages count from 1
}

// Options are how to set it.
type Options struct {
	Metrics Metrics  // nil: Nominal
	Protect []string // terms and names that no line tears
}
