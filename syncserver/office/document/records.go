package document

import (
	"slices"
	"strings"

	"qianshao/syncserver/office"
)

// Directions of a paper.
const (
	Outgoing = "out"  // 发文
	Incoming = "in"   // 收文
	Internal = "sign" // 签报
)

// States of a number.
const (
	NumberNone     = ""
	NumberPending  = "pending" // the server is about to give one
	NumberGiven    = "given"
	NumberVoid     = "void"     // 作废: kept, never given again
	NumberReserved = "reserved" // of a ledger entry: 预留
)

// States of a paper under approval, as package approval sets them in flow_state.
const (
	Draft    = ""
	Running  = "running"
	Returned = "returned"
	Done     = "done"
)

// How a paper stands in lists beyond the states of its flow, as package approval
// sets it in flow_stand.
const (
	Rejected = "rejected" // 退文: it went back to where it came from (W19)
	Stopped  = "stopped"  // 终止 (W42)
)

// A Header is a paper without its text.
type Header struct {
	Direction string `json:"direction"`
	Genre     string `json:"genre"` // 文种, or the kind of an internal paper; see Genres
	Title     string `json:"title"`

	To              []string `json:"to,omitempty"`    // 主送
	CC              []string `json:"cc,omitempty"`    // 抄送
	Level           string   `json:"level,omitempty"` // "" or 内部; 涉密 is refused
	Urgency         string   `json:"urgency,omitempty"`
	Publicity       string   `json:"publicity,omitempty"`        // 公开属性
	PublicityReason string   `json:"publicity_reason,omitempty"` // why 不予公开
	Issuer          string   `json:"issuer,omitempty"`           // 发文机关 and 署名
	Copies          int      `json:"copies,omitempty"`
	Note            string   `json:"note,omitempty"` // 附注
	Form

	From       string `json:"from,omitempty"`        // 来文单位
	FromNumber string `json:"from_number,omitempty"` // 来文字号
	Received   int64  `json:"received,omitempty"`    // 收文日期, Millis
	Handling   string `json:"handling,omitempty"`    // 办件 or 阅件
	Limit      int64  `json:"limit,omitempty"`       // 办理时限 the sender set, Millis

	Drafter office.UserID `json:"drafter"`
	Reading string        `json:"reading,omitempty"` // how the drafter's name is read: lists sort by it
	Unit    string        `json:"unit,omitempty"`    // 拟稿单位, or the unit that registered
	Contact string        `json:"contact,omitempty"`

	// The people of the flow's steps, chosen for this paper.
	Leader      office.UserID   `json:"leader,omitempty"`       // 分管领导
	Signer      office.UserID   `json:"signer,omitempty"`       // 签发人
	Cosigners   []office.UserID `json:"cosigners,omitempty"`    // 会签 by people
	CosignUnits []string        `json:"cosign_units,omitempty"` // 会签 by units
	Leaders     []office.UserID `json:"leaders,omitempty"`      // 批示
	Undertakers []office.UserID `json:"undertakers,omitempty"`  // 承办
	Editors     []office.UserID `json:"editors,omitempty"`      // help to draft, while it is a draft or returned

	Series       string `json:"series,omitempty"` // id of the number series
	Number       string `json:"number,omitempty"` // 发文字号 or 收文编号
	NumberState  string `json:"number_state,omitempty"`
	NumberSeries string `json:"number_series,omitempty"`
	NumberYear   int    `json:"number_year,omitempty"`
	NumberN      int    `json:"number_n,omitempty"`
	NumberWish   *Wish  `json:"number_wish,omitempty"` // 补号: what the 文书 entered, given at 登记

	Flow        string          `json:"flow,omitempty"`
	FlowState   string          `json:"flow_state"`
	FlowStep    string          `json:"flow_step,omitempty"`
	FlowStepID  string          `json:"flow_step_id,omitempty"`
	FlowHolders []office.UserID `json:"flow_holders,omitempty"`
	FlowHolder  string          `json:"flow_holder,omitempty"` // how the first of them is read: lists sort by it
	FlowStand   string          `json:"flow_stand,omitempty"`  // flow_state as lists tell it: also Rejected, Stopped
	FlowEditors []office.UserID `json:"flow_editors,omitempty"`
	FlowDue     int64           `json:"flow_due,omitempty"`
	FlowSigned  int64           `json:"flow_signed,omitempty"` // when 签发 was last passed
	Readers     []office.UserID `json:"readers,omitempty"`

	Corrected []Correction `json:"corrected,omitempty"` // after 签发, found to be of wording or format only (L9)

	Template string `json:"template,omitempty"` // the 版式模板 and its version that it was issued with, "gb-file@1"

	Standing      string `json:"standing,omitempty"` // Revoked, Abolished (L22)
	StandingBasis string `json:"standing_basis,omitempty"`
	StandingPaper string `json:"standing_paper,omitempty"` // id of the basis, if it is here
	StandingFrom  int64  `json:"standing_from,omitempty"`

	ContentHash string `json:"content_hash"` // ContentHash of the elements and the blocks
	Rev         int64  `json:"rev"`          // counts the changes of the content
	Created     int64  `json:"created"`
	Updated     int64  `json:"updated"`
}

// Headers are the papers. A draft is its drafter's and his editors' alone; once
// it runs, those who take part see it, and, unless it is 内部, its own unit.
var Headers = office.Of[Header]{Kind: &office.Kind{
	Name: "doc.header", Lane: office.LaneHeaders, Residence: office.ResidentWindow,
	Window: func(r office.Record) (int64, error) {
		var h Header
		if err := r.Decode(&h); err != nil || h.FlowState != Done {
			return 0, err
		}
		return h.Updated + office.StayLong, nil
	},
	Fields: []office.Field{
		{Name: "direction", Type: office.Text}, {Name: "genre", Type: office.Text}, {Name: "title", Type: office.Text},
		{Name: "level", Type: office.Text}, {Name: "urgency", Type: office.Text}, {Name: "handling", Type: office.Text},
		{Name: "from", Type: office.Text}, {Name: "from_number", Type: office.Text}, {Name: "received", Type: office.Time},
		{Name: "drafter", Type: office.Text}, {Name: "unit", Type: office.Text},
		{Name: "series", Type: office.Text}, {Name: "number", Type: office.Text}, {Name: "number_state", Type: office.Text},
		{Name: "flow_state", Type: office.Text}, {Name: "flow_step", Type: office.Text}, {Name: "flow_due", Type: office.Time},
		{Name: "flow_holders", Type: office.Set}, {Name: "flow_holder", Type: office.Text}, {Name: "flow_stand", Type: office.Text},
		{Name: "reading", Type: office.Text},
		{Name: "created", Type: office.Time}, {Name: "updated", Type: office.Time},
	},
	Views: []office.View{
		{Name: "all", Filters: filters("direction", "number"), Orders: orders},
		{Name: "direction", By: []string{"direction"}, Filters: filters("number", "drafter", "updated"), Orders: listOrders},
		{Name: "mine", By: []string{"drafter"}, Filters: filters("direction"), Orders: orders},
		{Name: "number", By: []string{"number"}, Orders: []string{"created"}},
		{Name: "from_number", By: []string{"from_number"}, Orders: []string{"received"}},
		{Name: "title", By: []string{"title"}, Orders: []string{"created"}},
		{Name: "duplicates", By: []string{"from", "from_number"}, Filters: []string{"direction"}, Orders: []string{"received"}},
	},
	Search: []string{"title", "number", "from", "from_number", "to", "issuer"}, Title: "title",
	Merge: map[string]office.Merge{
		"to": office.MergeSet, "cc": office.MergeSet, "cosigners": office.MergeSet, "cosign_units": office.MergeSet,
		"present": office.MergeSet, "excused": office.MergeSet, "attending": office.MergeSet, "also_signed": office.MergeSet,
		"leaders": office.MergeSet, "undertakers": office.MergeSet, "editors": office.MergeSet,
	},
	Audience: func(r office.Record) ([]office.Channel, error) {
		var h Header
		if err := r.Decode(&h); err != nil {
			return nil, err
		}
		out := append(office.To(h.Drafter), office.To(h.Readers...)...)
		out = append(out, office.To(h.Editors...)...)
		out = append(out, office.To(h.FlowHolders...)...)
		out = append(out, office.To(h.FlowEditors...)...)
		if h.FlowState != Draft && h.Level == "" && h.Unit != "" {
			out = append(out, office.ToUnit(h.Unit))
		}
		return out, nil
	},
}}

var orders = []string{"updated", "created", "received", "flow_due", "number", "title"}

// listOrders are the columns by which the lists of papers are sorted.
var listOrders = append(slices.Clone(orders), "from", "from_number", "unit", "urgency", "genre", "flow_step", "handling", "level", "reading", "flow_holder")

func filters(more ...string) []string {
	return append(more, "genre", "level", "urgency", "handling", "unit", "series", "number_state", "flow_state", "flow_stand", "flow_step", "flow_holders", "from", "created", "received", "flow_due")
}

// A Body is the text of a paper, a record of kind doc.body with the id of its header.
type Body struct {
	Blocks []Block `json:"blocks"`
}

// A Block is a paragraph or the like.
type Block struct {
	ID    string            `json:"id"`
	Type  string            `json:"type"`            // BlockText …
	Level int               `json:"level,omitempty"` // 1–4 of a heading: 一、 (一) 1. (1)
	Text  string            `json:"text"`
	Attrs map[string]string `json:"attrs,omitempty"` // layout hints, such as align=center
}

// Types of block.
const (
	BlockText       = "text"
	BlockHeading    = "heading"
	BlockAttachment = "attachment" // 附件说明
	BlockSignature  = "signature"  // 署名
	BlockDate       = "date"       // 成文日期
	BlockTable      = "table"      // rows by line ends, cells by tabs
	BlockImage      = "image"      // a picture: see picture.go; the text is its caption
	BlockAnnex      = "annex"      // begins an 附件 with its title; what follows is its text
)

// Attributes of blocks that the page understands; their value is Yes.
const (
	AttrTurned = "turned" // of an annex or a table: 横表, on pages laid across
	AttrApart  = "apart"  // of an annex: bound apart from the paper
	Yes        = "yes"
)

// Bodies are the texts.
var Bodies = office.Of[Body]{Kind: &office.Kind{
	Name: "doc.body", Parent: "doc.header", Lane: office.LaneBodies, Residence: office.ResidentAlways,
	SearchText: func(r office.Record) string {
		var b Body
		if r.Decode(&b) != nil {
			return ""
		}
		var s strings.Builder
		for _, x := range b.Blocks {
			s.WriteString(x.Text)
			s.WriteByte('\n')
		}
		return s.String()
	},
}}

// A Version is the content as somebody left it: none is ever changed or lost.
type Version struct {
	Rev     int64         `json:"rev"`
	Author  office.UserID `json:"author"`
	At      int64         `json:"at"`      // when it took effect
	Claimed int64         `json:"claimed"` // when its author saved it, by his desk
	Hash    string        `json:"hash"`
	Header  Elements      `json:"header"`
	Blocks  []Block       `json:"blocks"`
	Files   []File        `json:"files,omitempty"` // attachments, in their order
}

// Versions are the saved contents of papers.
var Versions = office.Of[Version]{Kind: &office.Kind{
	Name: "doc.version", Parent: "doc.header", Lane: office.LaneRest, Residence: office.ResidentWindow,
	Window: func(r office.Record) (int64, error) {
		var v Version
		err := r.Decode(&v)
		return v.At + office.StayShort, err
	},
	Fields: []office.Field{
		{Name: "rev", Type: office.Int}, {Name: "author", Type: office.Text}, {Name: "at", Type: office.Time}, {Name: "hash", Type: office.Text},
	},
	Views: []office.View{
		{Name: "document", By: []string{"root"}, Filters: []string{"hash", "author", "rev"}, Orders: []string{"rev"}},
	},
	Blobs: []string{"files"},
}}
