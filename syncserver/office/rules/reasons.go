package rules

import (
	"slices"

	"qianshao/syncserver/office"
)

const maxReason = 500 // characters

// A Reason is why somebody went on although a rule warned: kept for ever with
// the paper, never changed.
type Reason struct {
	Rule    string        `json:"rule"`
	Key     string        `json:"key"` // the finding it answers
	Words   string        `json:"words"`
	By      office.UserID `json:"by"`
	Claimed int64         `json:"claimed"` // when it was given, by the desk
	At      int64         `json:"at"`      // when it took effect
}

// Reasons are children of the paper and reach all who see it.
var Reasons = office.Of[Reason]{Kind: &office.Kind{
	Name: "rules.reason", Parent: PaperKind, Lane: office.LaneTasks, Residence: office.ResidentAlways,
	Fields: []office.Field{{Name: "rule", Type: office.Text}, {Name: "key", Type: office.Text}, {Name: "at", Type: office.Time}},
	Views:  []office.View{{Name: "paper", By: []string{"root"}, Filters: []string{"rule", "key"}, Orders: []string{"at"}}},
	Title:  "rule",
}}

// Justify gives the reason that a warning asks for.
type Justify struct {
	Paper string `json:"paper"`
	Rule  string `json:"rule"`
	Key   string `json:"key"` // of the finding
	Words string `json:"words"`
}

func (*Justify) Kind() string      { return "rules.justify@1" }
func (x *Justify) Locks() []string { return []string{"subject:" + x.Paper} }

// Run keeps the reason. CodeInvalid for an unknown rule, one that never warns,
// or empty words; CodeNotPermitted for somebody in whose hands the paper is not.
func (x *Justify) Run(tx office.Tx, c office.Context) error {
	for _, f := range []struct{ name, id string }{{"paper", x.Paper}, {"key", x.Key}} {
		if err := office.CheckID(f.name, f.id); err != nil {
			return err
		}
	}
	r, ok := Find(x.Rule)
	if !ok {
		return office.Invalid("rule", "there is no rule %.20q", x.Rule)
	}
	if r.Grade == Note || r.Grade == Forbid && !r.Warns {
		return office.Invalid("rule", "%s takes no reason", r.ID)
	}
	if err := office.CheckText("words", x.Words, maxReason); err != nil {
		return err
	}
	if err := office.CheckLine("words", oneLine(x.Words), 2, maxReason); err != nil {
		return err
	}
	p, err := inHand(tx, c.Actor, x.Paper)
	if err != nil {
		return err
	}
	id := office.DeriveID("reason", x.Paper, x.Key, string(c.Actor))
	switch _, at, err := Reasons.Get(tx, id); {
	case err != nil:
		return err
	case at == office.Present:
		return &office.Error{Code: office.CodeExists, Field: "key"}
	}
	return Reasons.InsertUnder(tx, p.ID, id, Reason{
		Rule: x.Rule, Key: x.Key, Words: x.Words, By: c.Actor, Claimed: office.Millis(c.Claimed), At: office.Millis(c.Now),
	})
}

// inHand reads a paper and refuses somebody who neither drafts nor handles it.
func inHand(tx office.Tx, who office.UserID, id string) (*Paper, error) {
	r, at, err := tx.Get(PaperKind, id)
	switch {
	case err != nil:
		return nil, err
	case at == office.Elsewhere:
		return nil, office.ErrElsewhere()
	case at == office.Absent:
		return nil, &office.Error{Code: office.CodeNotFound, Field: PaperKind, Message: id}
	}
	p := &Paper{ID: id}
	if err := r.Decode(p); err != nil {
		return nil, err
	}
	drafting := p.FlowState != "running" && p.FlowState != "done" && (p.Drafter == who || slices.Contains(p.Editors, who))
	if who == "" || !drafting && !slices.Contains(p.FlowHolders, who) && !slices.Contains(p.FlowEditors, who) {
		return nil, &office.Error{Code: office.CodeNotPermitted, Field: "paper"}
	}
	return p, nil
}

// reasons fills in the reasons that count for warnings.
func (f *Facts) reasons(found []Finding) error {
	if f.Act.Paper == "" || !slices.ContainsFunc(found, func(x Finding) bool { return x.Grade == Warn }) {
		return nil
	}
	list, err := Reasons.All(f.tx, office.Query{View: "paper", Where: []office.Cond{office.Where("root", f.Act.Paper)}})
	if err != nil {
		return err
	}
	for i := range found {
		for _, r := range list {
			if r.Value.Key == found[i].Key && found[i].Grade == Warn && f.counts(r.Value, found[i].By) {
				found[i].Given = &r.Value
			}
		}
	}
	return f.fault
}

// counts reports whether the giver of a reason holds one of the roles asked for.
func (f *Facts) counts(r Reason, roles []string) bool {
	f.fault = nil
	return len(roles) == 0 || slices.ContainsFunc(f.Person(r.By).Roles, func(role string) bool { return slices.Contains(roles, role) })
}

func oneLine(s string) string {
	out := []rune(s)
	for i, r := range out {
		if r == '\n' || r == '\r' || r == '\t' {
			out[i] = ' '
		}
	}
	return string(out)
}
