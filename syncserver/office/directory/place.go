package directory

import (
	"slices"

	"qianshao/syncserver/office"
)

// Place says in which units a person works: one mainly, others too. System or
// system administrator; nobody places himself.
type Place struct {
	UID   office.UserID `json:"uid"`
	Unit  string        `json:"unit,omitempty"`
	Units []string      `json:"units,omitempty"`
}

func (*Place) Kind() string    { return "directory.place@1" }
func (*Place) Locks() []string { return locks() }

// Run sets the units. A closed one is taken only where the person is in it already.
func (x *Place) Run(tx office.Tx, c office.Context) error {
	if err := office.CheckID("uid", string(x.UID)); err != nil {
		return err
	}
	if err := office.CheckIDs("units", x.Units, maxList); err != nil {
		return err
	}
	if x.Unit != "" {
		if err := office.CheckID("unit", x.Unit); err != nil {
			return err
		}
	}
	if slices.Contains(x.Units, x.Unit) {
		return office.Invalid("units", "the main unit is named twice")
	}
	p, err := other(tx, c, x.UID, RoleSysAdmin)
	if err != nil {
		return err
	}
	for _, l := range []struct {
		field string
		ids   []string
	}{{"unit", nonEmpty(x.Unit)}, {"units", x.Units}} {
		for _, id := range l.ids {
			if p.InUnit(id) {
				continue
			}
			if err := open(tx, Units.Kind, l.field, id); err != nil {
				return err
			}
		}
	}
	return People.Patch(tx, string(x.UID), office.Fields{"unit": text(x.Unit), "units": list(x.Units)})
}

// other reads a person about whom an administrator of a role decides: never
// himself.
func other(tx office.Tx, c office.Context, uid office.UserID, role string) (Official, error) {
	if err := must(tx, c, role); err != nil {
		return Official{}, err
	}
	p, err := Person(tx, uid)
	if err != nil {
		return p, err
	}
	if c.Actor == uid {
		return p, &office.Error{Code: office.CodeNotPermitted, Field: "uid", Message: "nobody decides about himself"}
	}
	return p, nil
}
