package document

import (
	"fmt"
	"slices"
	"strings"

	"qianshao/syncserver/office"
)

// Limits of a paper, in characters and entries.
const (
	maxTitle    = 200
	maxName     = 100
	maxIssuer   = 400 // several names of a 联合行文
	maxNames    = 100
	maxNote     = 500
	maxPeople   = 100
	maxBlocks   = 2000
	maxText     = 20_000  // of one block
	maxBody     = 400_000 // of all blocks together
	maxAttrs    = 16
	maxOps      = 5000
	maxChanges  = 100
	maxCopies   = 100_000
	maxSeriesNo = 99_999
)

// Genres are the 15 文种 of the regulation (art. 8), in its order.
var Genres = []string{
	"决议", "决定", "命令", "公报", "公告", "通告", "意见", "通知", "通报", "报告", "请示", "批复", "议案", "函", "纪要",
}

// InternalGenres are kinds of paper that are not 文种.
var InternalGenres = []string{
	"签报", "简报", "信息", "督办函", "督查通知", "明传电报", "电报", "便函", "会议方案", "其他",
}

// LevelInternal is 内部 (工作秘密), the highest level this product holds.
const LevelInternal = "内部"

// classified are the levels of state secrets: refused, here and on the server (L15).
var classified = []string{"绝密", "机密", "秘密"}

// Values of urgency, 公开属性 and handling; "" means ordinary, undecided, undecided.
var (
	Urgencies    = []string{"", "特急", "加急", "特提", "平急"} // the last two of telegrams
	Publicities  = []string{"", "主动公开", "依申请公开", "不予公开"}
	Handlings    = []string{"", HandlingAct, HandlingRead}
	HandlingAct  = "办件"
	HandlingRead = "阅件"
)

// check refuses a header that breaks a limit or holds a value that is not in
// its list; CodeClassified for a 涉密 level.
func (h Header) check() error {
	if err := checkLevel(h.Level); err != nil {
		return err
	}
	if err := office.CheckLine("title", h.Title, 1, maxTitle); err != nil {
		return err
	}
	if !slices.Contains(Genres, h.Genre) && !slices.Contains(InternalGenres, h.Genre) {
		return office.Invalid("genre", "%q is no 文种", h.Genre)
	}
	for _, f := range []struct {
		name, value string
		among       []string
	}{
		{"direction", h.Direction, []string{Outgoing, Incoming, Internal}}, {"urgency", h.Urgency, Urgencies},
		{"publicity", h.Publicity, Publicities}, {"handling", h.Handling, Handlings},
	} {
		if !slices.Contains(f.among, f.value) {
			return office.Invalid(f.name, "%q is not one of its values", f.value)
		}
	}
	for _, f := range []struct {
		name, value string
		max         int
	}{
		{"issuer", h.Issuer, maxIssuer}, {"note", h.Note, maxNote}, {"publicity_reason", h.PublicityReason, maxNote},
		{"from", h.From, maxName}, {"from_number", h.FromNumber, maxName}, {"contact", h.Contact, maxName},
	} {
		if err := office.CheckLine(f.name, f.value, 0, f.max); err != nil {
			return err
		}
	}
	if err := checkNames("to", h.To); err != nil {
		return err
	}
	if err := checkNames("cc", h.CC); err != nil {
		return err
	}
	if err := h.Form.check(); err != nil {
		return err
	}
	if h.Copies < 0 || h.Copies > maxCopies {
		return office.Invalid("copies", "0 to %d", maxCopies)
	}
	if err := office.CheckTime("received", h.Received); err != nil {
		return err
	}
	if err := office.CheckTime("limit", h.Limit); err != nil {
		return err
	}
	return h.checkPeople()
}

func (h Header) checkPeople() error {
	for _, f := range []struct{ name, id string }{
		{"leader", string(h.Leader)}, {"signer", string(h.Signer)}, {"series", h.Series}, {"unit", h.Unit},
	} {
		if f.id != "" {
			if err := office.CheckID(f.name, f.id); err != nil {
				return err
			}
		}
	}
	for _, f := range []struct {
		name string
		ids  []office.UserID
	}{
		{"cosigners", h.Cosigners}, {"leaders", h.Leaders}, {"undertakers", h.Undertakers}, {"editors", h.Editors},
	} {
		ids := make([]string, len(f.ids))
		for i, u := range f.ids {
			ids[i] = string(u)
		}
		if err := office.CheckIDs(f.name, ids, maxPeople); err != nil {
			return err
		}
	}
	return office.CheckIDs("cosign_units", h.CosignUnits, maxPeople)
}

func checkLevel(level string) error {
	for _, c := range classified { // also "机密★1年" and the like
		if strings.Contains(level, c) {
			return &office.Error{Code: office.CodeClassified, Field: "level", Message: "涉密文件不得进入本系统"}
		}
	}
	if level != "" && level != LevelInternal {
		return office.Invalid("level", "%q is not one of its values", level)
	}
	return nil
}

func checkNames(field string, names []string) error {
	if len(names) > maxNames {
		return office.Invalid(field, "%d names, at most %d", len(names), maxNames)
	}
	for i, n := range names {
		if err := office.CheckLine(field, n, 1, maxName); err != nil {
			return err
		}
		if slices.Contains(names[:i], n) {
			return office.Invalid(field, "%s is given twice", n)
		}
	}
	return nil
}

// checkBlock refuses one block; the field tells which.
func checkBlock(b Block) error {
	field := "block:" + b.ID
	if err := office.CheckID("block", b.ID); err != nil {
		return err
	}
	switch b.Type {
	case BlockText, BlockHeading, BlockAttachment, BlockSignature, BlockDate, BlockTable, BlockImage, BlockAnnex:
	default:
		return office.Invalid(field, "%q is no type of block", b.Type)
	}
	if b.Level < 0 || b.Level > 4 || (b.Level > 0) != (b.Type == BlockHeading) {
		return office.Invalid(field, "a heading has a level of 1 to 4, nothing else has")
	}
	if err := office.CheckText(field, b.Text, maxText); err != nil {
		return err
	}
	if len(b.Attrs) > maxAttrs {
		return office.Invalid(field, "%d attributes, at most %d", len(b.Attrs), maxAttrs)
	}
	for k, v := range b.Attrs {
		if err := office.CheckLine(field, k, 1, 40); err != nil {
			return err
		}
		if err := office.CheckLine(field, v, 0, 200); err != nil {
			return err
		}
	}
	if b.Type == BlockImage {
		return checkImage(field, b)
	}
	return nil
}

// checkBlocks refuses a body that is too large or names a block twice.
func checkBlocks(blocks []Block) error {
	if len(blocks) > maxBlocks {
		return &office.Error{Code: office.CodeTooLarge, Field: "blocks", Message: fmt.Sprintf("%d blocks, at most %d", len(blocks), maxBlocks)}
	}
	seen, total := map[string]bool{}, 0
	for _, b := range blocks {
		if err := checkBlock(b); err != nil {
			return err
		}
		if seen[b.ID] {
			return office.Invalid("block:"+b.ID, "the id is used twice")
		}
		seen[b.ID] = true
		total += len([]rune(b.Text))
	}
	if total > maxBody {
		return &office.Error{Code: office.CodeTooLarge, Field: "blocks", Message: fmt.Sprintf("%d characters, at most %d", total, maxBody)}
	}
	return nil
}
