package directory

import (
	"slices"

	"qianshao/syncserver/office"
)

// Grant gives roles to a person and takes roles away; those not named stay.
// System or security administrator: who keeps the directory grants no rights
// (三员, L23). Nobody grants to himself.
type Grant struct {
	UID    office.UserID `json:"uid"`
	Add    []string      `json:"add,omitempty"`
	Remove []string      `json:"remove,omitempty"`
}

func (*Grant) Kind() string    { return "directory.grant@1" }
func (*Grant) Locks() []string { return locks() }

// Run changes the roles. Taking away what the person does not have is no change.
func (x *Grant) Run(tx office.Tx, c office.Context) error {
	if err := office.CheckID("uid", string(x.UID)); err != nil {
		return err
	}
	if err := office.CheckIDs("add", x.Add, maxList); err != nil {
		return err
	}
	if err := office.CheckIDs("remove", x.Remove, maxList); err != nil {
		return err
	}
	if len(x.Add)+len(x.Remove) == 0 {
		return office.Invalid("add", "nothing to change")
	}
	if slices.ContainsFunc(x.Add, func(r string) bool { return slices.Contains(x.Remove, r) }) {
		return office.Invalid("remove", "given and taken away")
	}
	p, err := other(tx, c, x.UID, RoleSecAdmin)
	if err != nil {
		return err
	}
	roles := slices.DeleteFunc(slices.Clone(p.Roles), func(r string) bool { return slices.Contains(x.Remove, r) })
	for _, r := range x.Add {
		if err := exists(tx, Roles.Kind, "add", r); err != nil {
			return err
		}
		if !slices.Contains(roles, r) {
			roles = append(roles, r)
		}
	}
	if len(roles) > maxList {
		return office.Invalid("add", "at most %d roles", maxList)
	}
	posts := p.Posts
	for _, t := range p.Terms {
		if t.Until == 0 || t.Until > office.Millis(c.Now) {
			posts = append(slices.Clone(posts), t.Post)
		}
	}
	if err := Exclusive(posts, roles); err != nil {
		return err
	}
	if err := hold(tx, Roles.Kind, x.UID, p.Roles, roles); err != nil {
		return err
	}
	return People.Patch(tx, string(x.UID), office.Fields{"roles": list(roles)})
}
