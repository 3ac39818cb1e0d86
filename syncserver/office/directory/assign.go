package directory

import (
	"slices"

	"qianshao/syncserver/office"
)

// Assign says where a person works, what posts they fill and what roles they
// hold; the lists replace the former ones. The system may assign all; the
// system administrator units and posts, the security administrator roles, each
// leaving the other's as they are (三员, L23). Nobody assigns to himself.
type Assign struct {
	UID   office.UserID `json:"uid"`
	Unit  string        `json:"unit,omitempty"`
	Units []string      `json:"units,omitempty"`
	Posts []string      `json:"posts,omitempty"`
	Roles []string      `json:"roles,omitempty"`
}

func (*Assign) Kind() string    { return "directory.assign@1" }
func (*Assign) Locks() []string { return locks() }

// Run sets the lists and the holders of the posts and roles concerned.
func (x *Assign) Run(tx office.Tx, c office.Context) error {
	if err := x.check(); err != nil {
		return err
	}
	if err := must(tx, c, RoleSysAdmin, RoleSecAdmin); err != nil {
		return err
	}
	p, err := Person(tx, x.UID)
	if err != nil {
		return err
	}
	if c.Actor == x.UID {
		return &office.Error{Code: office.CodeNotPermitted, Message: "nobody assigns to himself"}
	}
	if !sameSet(p.Roles, x.Roles) {
		if err := mayGrant(tx, c); err != nil {
			return err
		}
	}
	if p.Unit != x.Unit || !sameSet(p.Units, x.Units) || !sameSet(p.Posts, x.Posts) {
		if err := mayKeep(tx, c); err != nil {
			return err
		}
	}
	if err := Exclusive(x.Posts, x.Roles); err != nil {
		return err
	}
	for _, l := range []struct {
		k     *office.Kind
		field string
		ids   []string
	}{
		{Units.Kind, "unit", nonEmpty(x.Unit)}, {Units.Kind, "units", x.Units}, {Posts.Kind, "posts", x.Posts}, {Roles.Kind, "roles", x.Roles},
	} {
		for _, id := range l.ids {
			if err := exists(tx, l.k, l.field, id); err != nil {
				return err
			}
		}
	}
	if err := hold(tx, Posts.Kind, x.UID, p.Posts, x.Posts); err != nil {
		return err
	}
	if err := hold(tx, Roles.Kind, x.UID, p.Roles, x.Roles); err != nil {
		return err
	}
	units, err := unitsOf(tx, x.Posts)
	if err != nil {
		return err
	}
	return People.Patch(tx, string(x.UID), office.Fields{
		"unit": text(x.Unit), "units": list(x.Units), "posts": list(x.Posts), "roles": list(x.Roles), "post_units": list(units),
	})
}

// unitsOf are the units that posts belong to, each once, in order of their ids.
func unitsOf(tx office.Tx, posts []string) ([]string, error) {
	var out []string
	for _, id := range posts {
		p, at, err := Posts.Get(tx, id)
		switch {
		case err != nil:
			return nil, err
		case at == office.Elsewhere:
			return nil, office.ErrElsewhere()
		case at == office.Present && p.Unit != "" && !slices.Contains(out, p.Unit):
			out = append(out, p.Unit)
		}
	}
	slices.Sort(out)
	return out, nil
}

func (x *Assign) check() error {
	if err := office.CheckID("uid", string(x.UID)); err != nil {
		return err
	}
	if x.Unit != "" {
		if err := office.CheckID("unit", x.Unit); err != nil {
			return err
		}
	}
	for _, l := range []struct {
		field string
		ids   []string
	}{{"units", x.Units}, {"posts", x.Posts}, {"roles", x.Roles}} {
		if err := office.CheckIDs(l.field, l.ids, maxList); err != nil {
			return err
		}
	}
	return nil
}

// Exclusive refuses what rule L23 forbids one person: two of the three
// administrators' roles, or one of them together with a post or another role,
// for administrators have no business of the office in hand.
func Exclusive(posts, roles []string) error {
	var admin int
	for _, r := range roles {
		if r == RoleSysAdmin || r == RoleSecAdmin || r == RoleAuditor {
			admin++
		}
	}
	if admin > 1 || admin == 1 && (len(roles) > 1 || len(posts) > 0) {
		return office.Invalid("roles", "三员互斥: an administrator holds no other role and no post")
	}
	return nil
}

// hold keeps the holders of posts or roles in step with a person's list.
func hold(tx office.Tx, k *office.Kind, uid office.UserID, old, now []string) error {
	for _, id := range slices.Concat(old, now) {
		had, has := slices.Contains(old, id), slices.Contains(now, id)
		if had == has {
			continue
		}
		r, at, err := tx.Get(k.Name, id)
		switch {
		case err != nil:
			return err
		case at == office.Elsewhere:
			return office.ErrElsewhere()
		case at == office.Absent: // a post the person had and that no longer exists
			continue
		}
		var body struct {
			Holders []office.UserID `json:"holders"`
		}
		if err := r.Decode(&body); err != nil {
			return err
		}
		holders := slices.DeleteFunc(body.Holders, func(u office.UserID) bool { return u == uid })
		if has {
			holders = append(holders, uid)
			slices.Sort(holders)
		}
		var set any
		if len(holders) > 0 {
			set = holders
		}
		if err := tx.Patch(k.Name, id, office.Fields{"holders": set}); err != nil {
			return err
		}
	}
	return nil
}

func sameSet(a, b []string) bool {
	x, y := slices.Clone(a), slices.Clone(b)
	slices.Sort(x)
	slices.Sort(y)
	return slices.Equal(x, y)
}

func nonEmpty(s string) []string {
	if s == "" {
		return nil
	}
	return []string{s}
}

func list(ids []string) any {
	if len(ids) == 0 {
		return nil
	}
	return ids
}
