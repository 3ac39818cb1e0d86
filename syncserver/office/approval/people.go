package approval

import (
	"slices"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/directory"
)

// A Secretary may enter what a leader said elsewhere (W33); one record for each pair.
type Secretary struct {
	Leader    office.UserID `json:"leader"`
	Secretary office.UserID `json:"secretary"`
}

func everybody(office.Record) ([]office.Channel, error) { return []office.Channel{office.Org}, nil }

// Secretaries are known to everybody: whose words somebody may enter is no secret.
var Secretaries = office.Of[Secretary]{Kind: &office.Kind{
	Name: "approval.secretary", Lane: office.LaneHeaders, Residence: office.ResidentAlways,
	Fields: []office.Field{{Name: "leader", Type: office.Text}, {Name: "secretary", Type: office.Text}},
	Views: []office.View{
		{Name: "leader", By: []string{"leader"}, Orders: []string{"secretary"}},
		{Name: "secretary", By: []string{"secretary"}, Orders: []string{"leader"}},
	},
	Audience: everybody,
}}

// Charge is what a leader is in charge of (分管); its id is the leader's.
type Charge struct {
	Leader office.UserID `json:"leader"`
	Units  []string      `json:"units"`
}

// Charges are the 分管 table.
var Charges = office.Of[Charge]{Kind: &office.Kind{
	Name: "approval.charge", Lane: office.LaneHeaders, Residence: office.ResidentAlways,
	Fields:   []office.Field{{Name: "leader", Type: office.Text}},
	Views:    []office.View{{Name: "all", Orders: []string{"leader"}}},
	Audience: everybody,
}}

// inCharge are the leaders in charge of units; the table has a row for each leader.
func (s scene) inCharge(units []string) ([]office.UserID, error) {
	list, err := Charges.All(s.tx, office.Query{View: "all"})
	if err != nil {
		return nil, err
	}
	var out []office.UserID
	for _, c := range list {
		if slices.ContainsFunc(c.Value.Units, func(u string) bool { return slices.Contains(units, u) }) {
			out = union(out, c.Value.Leader)
		}
	}
	return out, nil
}

// secretaries lets those who may enter a person's words see the paper.
func (a *advance) secretaries(people []office.UserID) error {
	for _, u := range people {
		list, err := Secretaries.All(a.tx, office.Query{View: "leader", Where: []office.Cond{office.Where("leader", string(u))}})
		if err != nil {
			return err
		}
		for _, s := range list {
			a.inst.Participants = union(a.inst.Participants, s.Value.Secretary)
		}
	}
	return nil
}

// Bind says who may enter a leader's words, or no longer (W33).
type Bind struct {
	Leader    office.UserID `json:"leader"`
	Secretary office.UserID `json:"secretary"`
	End       bool          `json:"end,omitempty"`
}

func (*Bind) Kind() string      { return "approval.bind@1" }
func (x *Bind) Locks() []string { return []string{"leader:" + string(x.Leader)} }

// Run enters or removes the pair. The 流程管理员 may.
func (x *Bind) Run(tx office.Tx, c office.Context) error {
	if err := flowAdmin(tx, c); err != nil {
		return err
	}
	for _, f := range []struct {
		name string
		id   office.UserID
	}{{"leader", x.Leader}, {"secretary", x.Secretary}} {
		if err := office.CheckID(f.name, string(f.id)); err != nil {
			return err
		}
		if !x.End {
			if err := mustBeActive(tx, f.name, f.id); err != nil {
				return err
			}
		}
	}
	if x.Leader == x.Secretary {
		return office.Invalid("secretary", "nobody enters his own words")
	}
	id := office.DeriveID("secretary", string(x.Leader), string(x.Secretary))
	_, at, err := Secretaries.Get(tx, id)
	switch {
	case err != nil:
		return err
	case x.End && at == office.Present:
		return Secretaries.Delete(tx, id)
	case !x.End && at == office.Absent:
		return Secretaries.Insert(tx, id, Secretary{x.Leader, x.Secretary})
	}
	return nil
}

// SetCharge sets what a leader is in charge of.
type SetCharge struct {
	Leader office.UserID `json:"leader"`
	Units  []string      `json:"units"`
}

func (*SetCharge) Kind() string      { return "approval.charge@1" }
func (x *SetCharge) Locks() []string { return []string{"leader:" + string(x.Leader)} }

// Run sets the row. The 流程管理员 may.
func (x *SetCharge) Run(tx office.Tx, c office.Context) error {
	if err := flowAdmin(tx, c); err != nil {
		return err
	}
	if err := office.CheckID("leader", string(x.Leader)); err != nil {
		return err
	}
	if err := office.CheckIDs("units", x.Units, 200); err != nil {
		return err
	}
	if err := mustBeActive(tx, "leader", x.Leader); err != nil {
		return err
	}
	for _, u := range x.Units {
		if _, at, err := directory.Units.Get(tx, u); err != nil {
			return err
		} else if at != office.Present {
			return office.Invalid("units", "there is no unit %s", u)
		}
	}
	if _, at, err := Charges.Get(tx, string(x.Leader)); err != nil {
		return err
	} else if at == office.Absent {
		return Charges.Insert(tx, string(x.Leader), Charge{x.Leader, x.Units})
	}
	return Charges.Patch(tx, string(x.Leader), office.Fields{"units": x.Units})
}
