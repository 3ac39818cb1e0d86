package document

import (
	"encoding/json"
	"slices"
	"strings"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/directory"
)

// PostChecker is the post of 复核.
const PostChecker = "fuhe"

// Sorts of change after 签发 (L9, 条例第二十五条).
const (
	ChangeWording   = "wording"   // 文字更正
	ChangeFormat    = "format"    // 格式更正
	ChangeSubstance = "substance" // 实质性修改: back to the signer
)

// Classify is what 复核 finds of a text that changed after it was signed: every
// change, by its place, with its sort. Corrections let the paper go on; what is
// not classified, or of substance, goes back to the signer.
type Classify struct {
	ID      string          `json:"id"`
	From    string          `json:"from"` // hash of what was signed
	To      string          `json:"to"`   // hash of what the reviewer sees
	Changes []ChangeVerdict `json:"changes"`
}

// A ChangeVerdict is one change's sort.
type ChangeVerdict struct {
	Place string `json:"place"` // name of an element, "attachments" or "block:<id>"; "order" where blocks only moved
	Sort  string `json:"sort"`
	Words string `json:"words,omitempty"`
}

// A Finding is the record of a Classify: who found what of which change, with
// both sides of it. It is never changed.
type Finding struct {
	From    string        `json:"from"`
	To      string        `json:"to"`
	Changes []FoundChange `json:"changes"`
	By      office.UserID `json:"by"`
	Claimed int64         `json:"claimed"`
	At      int64         `json:"at"`
}

// FoundChange is one change: the JSON of both sides, none where there is none.
type FoundChange struct {
	Place  string          `json:"place"`
	Before json.RawMessage `json:"before,omitempty"`
	After  json.RawMessage `json:"after,omitempty"`
	Sort   string          `json:"sort"`
	Words  string          `json:"words,omitempty"`
}

// Findings are what 复核 found, children of the paper.
var Findings = office.Of[Finding]{Kind: &office.Kind{
	Name: "doc.finding", Parent: "doc.header", Lane: office.LaneRest, Residence: office.ResidentAlways,
	Fields: []office.Field{{Name: "to", Type: office.Text}, {Name: "at", Type: office.Time}},
	Views:  []office.View{{Name: "paper", By: []string{"root"}, Filters: []string{"to"}, Orders: []string{"at"}}},
}}

// A Correction says that one content is another with nothing but wording or
// format corrected. Package approval reads it.
type Correction struct {
	From string `json:"from"`
	To   string `json:"to"`
}

func (*Classify) Kind() string      { return "document.classify@1" }
func (x *Classify) Locks() []string { return lockPaper(x.ID) }

// Run compares the two versions and keeps what was found. CodeNotPermitted for
// anybody but a reviewer who has the paper in hand, CodeStaleBody if it changed
// since, CodeInvalid, naming the place, for a change without a sort or a sort
// without a change.
func (x *Classify) Run(tx office.Tx, c office.Context) error {
	if err := x.check(); err != nil {
		return err
	}
	h, err := Headers.Need(tx, x.ID)
	if err != nil {
		return err
	}
	ok, err := directory.HasPost(tx, c.Actor, PostChecker)
	if err != nil {
		return err
	}
	if !ok || !slices.Contains(h.FlowHolders, c.Actor) {
		return &office.Error{Code: office.CodeNotPermitted}
	}
	if h.ContentHash != x.To {
		return &office.Error{Code: office.CodeStaleBody, Field: "to"}
	}
	before, err := versionOf(tx, x.ID, x.From)
	if err != nil {
		return err
	}
	after, err := versionOf(tx, x.ID, x.To)
	if err != nil {
		return err
	}
	found, err := x.join(Compare(before, after))
	if err != nil {
		return err
	}
	if err := Findings.InsertUnder(tx, x.ID, c.NewID("finding"), Finding{
		From: x.From, To: x.To, Changes: found, By: c.Actor, Claimed: office.Millis(c.Claimed), At: office.Millis(c.Now),
	}); err != nil {
		return err
	}
	if slices.ContainsFunc(found, func(f FoundChange) bool { return f.Sort == ChangeSubstance }) {
		return nil
	}
	return Headers.Patch(tx, x.ID, office.Fields{"corrected": append(slices.Clone(h.Corrected), Correction{x.From, x.To})})
}

func (x *Classify) check() error {
	if err := office.CheckID("id", x.ID); err != nil {
		return err
	}
	for _, f := range []struct{ name, hash string }{{"from", x.From}, {"to", x.To}} {
		if err := office.CheckLine(f.name, f.hash, 1, 100); err != nil {
			return err
		}
	}
	if x.From == x.To || len(x.Changes) == 0 || len(x.Changes) > maxOps {
		return office.Invalid("changes", "1 to %d changes between two contents", maxOps)
	}
	for _, ch := range x.Changes {
		if !slices.Contains([]string{ChangeWording, ChangeFormat, ChangeSubstance}, ch.Sort) {
			return office.Invalid(ch.Place, "%q is no sort of change", ch.Sort)
		}
		if err := office.CheckText("words", ch.Words, maxNote); err != nil {
			return err
		}
	}
	return nil
}

// join puts the reviewer's sorts to the changes that there are.
func (x *Classify) join(changes []FoundChange) ([]FoundChange, error) {
	for _, v := range x.Changes {
		i := slices.IndexFunc(changes, func(f FoundChange) bool { return f.Place == v.Place })
		if i < 0 || changes[i].Sort != "" {
			return nil, office.Invalid(v.Place, "nothing changed here, or it is given twice")
		}
		changes[i].Sort, changes[i].Words = v.Sort, v.Words
	}
	for _, f := range changes {
		if f.Sort == "" {
			return nil, office.Invalid(f.Place, "the change is not classified")
		}
	}
	return changes, nil
}

// versionOf is the kept version of a content. Desks hold only the newer ones, so
// that one not found is elsewhere; to the server that means that there is none.
func versionOf(tx office.Tx, paper, hash string) (Version, error) {
	list, err := Versions.List(tx, office.Query{View: "document", Where: []office.Cond{office.Where("root", paper), office.Where("hash", hash)}, Limit: 1})
	if err != nil {
		return Version{}, err
	}
	if len(list) == 0 {
		return Version{}, office.ErrElsewhere()
	}
	return list[0].Value, nil
}

// Compare is every change between two versions: elements by name, the attachments
// together, blocks by id, and "order" where the same blocks stand in another order. Moving a block past
// new or deleted ones is no change of order.
func Compare(before, after Version) []FoundChange {
	var out []FoundChange
	old, now := elements(before.Header), elements(after.Header)
	for _, name := range elementNames {
		if string(old[name]) != string(now[name]) {
			out = append(out, FoundChange{Place: name, Before: old[name], After: now[name]})
		}
	}
	if x, y := fileList(before.Files), fileList(after.Files); string(x) != string(y) {
		out = append(out, FoundChange{Place: "attachments", Before: x, After: y})
	}
	encode := func(b Block) json.RawMessage {
		raw, _ := json.Marshal(b) // nothing in a block that JSON could not express
		return raw
	}
	var stay, stayNow []string
	for _, b := range before.Blocks {
		i := slices.IndexFunc(after.Blocks, func(x Block) bool { return x.ID == b.ID })
		if i < 0 {
			out = append(out, FoundChange{Place: "block:" + b.ID, Before: encode(b)})
			continue
		}
		stay = append(stay, b.ID)
		if !same(b, after.Blocks[i]) {
			out = append(out, FoundChange{Place: "block:" + b.ID, Before: encode(b), After: encode(after.Blocks[i])})
		}
	}
	for _, b := range after.Blocks {
		if slices.Contains(stay, b.ID) {
			stayNow = append(stayNow, b.ID)
		} else {
			out = append(out, FoundChange{Place: "block:" + b.ID, After: encode(b)})
		}
	}
	if !slices.Equal(stay, stayNow) {
		x, _ := json.Marshal(strings.Join(stay, " "))
		y, _ := json.Marshal(strings.Join(stayNow, " "))
		out = append(out, FoundChange{Place: "order", Before: x, After: y})
	}
	return out
}

// fileList are attachments as JSON; none are nothing.
func fileList(files []File) json.RawMessage {
	if len(files) == 0 {
		return nil
	}
	raw, _ := json.Marshal(files) // names, sizes and hashes
	return raw
}

// elementNames are the elements in the order of the struct.
var elementNames = []string{
	"direction", "genre", "title", "to", "cc", "level", "urgency", "publicity", "publicity_reason", "issuer", "note",
	"copy_no", "joint", "seal", "sign_title", "also_signed", "present", "excused", "attending", "from", "from_number",
}

func elements(e Elements) map[string]json.RawMessage {
	raw, _ := json.Marshal(e) // texts and lists of texts
	out := map[string]json.RawMessage{}
	_ = json.Unmarshal(raw, &out)
	return out
}
