package rules

import (
	"strings"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/directory"
)

// A Switch is an office's decision about one configurable rule, a record of
// kind rules.switch whose id is the rule's id in small letters.
type Switch struct {
	Rule  string        `json:"rule"`
	Off   bool          `json:"off"`
	Words string        `json:"words"` // why
	By    office.UserID `json:"by"`
	At    int64         `json:"at"`
}

// Switches reach every desk: all judge alike.
var Switches = office.Of[Switch]{Kind: &office.Kind{
	Name: "rules.switch", Lane: office.LaneTasks, Residence: office.ResidentAlways,
	Fields: []office.Field{{Name: "rule", Type: office.Text}},
	Views:  []office.View{{Name: "all", Orders: []string{"rule"}}},
	Title:  "rule",
	Audience: func(office.Record) ([]office.Channel, error) {
		return []office.Channel{office.Org}, nil
	},
}}

// Configure switches a rule off or on again. The system and the system
// administrator may; what is fixed nobody may.
type Configure struct {
	Rule  string `json:"rule"`
	Off   bool   `json:"off,omitempty"`
	Words string `json:"words"`
}

func (*Configure) Kind() string      { return "rules.configure@1" }
func (x *Configure) Locks() []string { return []string{"rule:" + x.Rule} }

// Run keeps the decision. CodeInvalid for an unknown rule or without words,
// CodeState for a fixed rule, CodeNotPermitted.
func (x *Configure) Run(tx office.Tx, c office.Context) error {
	r, ok := Find(x.Rule)
	if !ok {
		return office.Invalid("rule", "there is no rule %.20q", x.Rule)
	}
	if err := office.CheckLine("words", x.Words, 1, maxReason); err != nil {
		return err
	}
	if c.Actor != office.System {
		ok, err := directory.HasRole(tx, c.Actor, directory.RoleSysAdmin)
		if err != nil {
			return err
		}
		if !ok {
			return &office.Error{Code: office.CodeNotPermitted}
		}
	}
	if r.Fixed {
		return &office.Error{Code: office.CodeState, Field: "rule", Message: r.ID + " " + r.Name.ZH + "：不得停用"}
	}
	id := strings.ToLower(r.ID)
	_, at, err := Switches.Get(tx, id)
	switch {
	case err != nil:
		return err
	case at == office.Present:
		return Switches.Patch(tx, id, office.Fields{"off": x.Off, "words": x.Words, "by": c.Actor, "at": office.Millis(c.Now)})
	}
	return Switches.Insert(tx, id, Switch{Rule: r.ID, Off: x.Off, Words: x.Words, By: c.Actor, At: office.Millis(c.Now)})
}

// off reports whether the office has switched a rule off.
func (f *Facts) off(r Rule) (bool, error) {
	if r.Fixed {
		return false, nil
	}
	f.fault = nil
	off := f.switches.get(f, func() (map[string]bool, error) {
		list, err := Switches.List(f.tx, office.Query{View: "all"})
		out := map[string]bool{}
		for _, s := range list {
			out[s.Value.Rule] = s.Value.Off
		}
		return out, err
	})
	return off[r.ID], f.fault
}
