package approval

import (
	"slices"
	"strings"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/directory"
)

// A Phrase is a 常用意见, of a person or of a unit (W35). Choosing it fills the
// box with its words; nothing is ever written by itself.
type Phrase struct {
	Owner office.UserID `json:"owner,omitempty"`
	Unit  string        `json:"unit,omitempty"`
	Words string        `json:"words"`
	Order int           `json:"order"`
	Act   string        `json:"act,omitempty"` // only for this act
}

// Phrases are seen by their owner, or by their unit.
var Phrases = office.Of[Phrase]{Kind: &office.Kind{
	Name: "approval.phrase", Lane: office.LaneRest, Residence: office.ResidentAlways,
	Fields: []office.Field{{Name: "owner", Type: office.Text}, {Name: "unit", Type: office.Text}, {Name: "order", Type: office.Int}},
	Views: []office.View{
		{Name: "mine", By: []string{"owner"}, Orders: []string{"order"}},
		{Name: "unit", By: []string{"unit"}, Orders: []string{"order"}},
	},
	Audience: func(r office.Record) ([]office.Channel, error) {
		var p Phrase
		err := r.Decode(&p)
		if p.Unit != "" {
			return []office.Channel{office.ToUnit(p.Unit)}, err
		}
		return office.To(p.Owner), err
	},
}}

// PutPhrase makes or changes a 常用意见: one's own, or the unit's by its head or 文书.
type PutPhrase struct {
	ID    string `json:"id"`
	Unit  string `json:"unit,omitempty"`
	Words string `json:"words"`
	Order int    `json:"order"`
	Act   string `json:"act,omitempty"`
}

func (*PutPhrase) Kind() string      { return "approval.phrase_put@1" }
func (x *PutPhrase) Locks() []string { return []string{"phrase:" + x.ID} }

// Run stores it. CodeNotPermitted for somebody else's.
func (x *PutPhrase) Run(tx office.Tx, c office.Context) error {
	if err := office.CheckID("id", x.ID); err != nil {
		return err
	}
	if err := mustSay("words", x.Words); err != nil {
		return err
	}
	if err := office.CheckText("words", x.Words, 500); err != nil {
		return err
	}
	if x.Act != "" && x.Act != ActApprove && x.Act != ActReturn {
		return office.Invalid("act", "%q", x.Act)
	}
	p := Phrase{Owner: c.Actor, Words: strings.TrimSpace(x.Words), Order: x.Order, Act: x.Act}
	if x.Unit != "" {
		if err := office.CheckID("unit", x.Unit); err != nil {
			return err
		}
		p.Owner, p.Unit = "", x.Unit
	}
	if err := mayPhrase(tx, c, p); err != nil {
		return err
	}
	old, at, err := Phrases.Get(tx, x.ID)
	if err != nil {
		return err
	}
	if at != office.Present { // whatever a person may change is on his desk: there it is a new one
		return Phrases.Insert(tx, x.ID, p)
	}
	if old.Owner != p.Owner || old.Unit != p.Unit {
		return &office.Error{Code: office.CodeNotPermitted}
	}
	return Phrases.Patch(tx, x.ID, office.Fields{"words": p.Words, "order": p.Order, "act": text(p.Act)})
}

// DropPhrase removes one.
type DropPhrase struct {
	ID string `json:"id"`
}

func (*DropPhrase) Kind() string      { return "approval.phrase_drop@1" }
func (x *DropPhrase) Locks() []string { return []string{"phrase:" + x.ID} }

// Run removes it. CodeNotPermitted for somebody else's.
func (x *DropPhrase) Run(tx office.Tx, c office.Context) error {
	if err := office.CheckID("id", x.ID); err != nil {
		return err
	}
	p, err := Phrases.Need(tx, x.ID)
	if err != nil {
		return err
	}
	if err := mayPhrase(tx, c, p); err != nil {
		return err
	}
	return Phrases.Delete(tx, x.ID)
}

func mayPhrase(tx office.Tx, c office.Context, p Phrase) error {
	if p.Unit == "" {
		if p.Owner != c.Actor {
			return &office.Error{Code: office.CodeNotPermitted}
		}
		return nil
	}
	head, err := directory.HeadOf(tx, p.Unit)
	if err != nil || head == c.Actor {
		return err
	}
	clerks, err := directory.ClerkOf(tx, p.Unit)
	if err == nil && !slices.Contains(clerks, c.Actor) {
		err = &office.Error{Code: office.CodeNotPermitted}
	}
	return err
}
