package directory

import (
	"cmp"
	"slices"

	"qianshao/syncserver/office"
)

// Person reads an official: CodeNotFound for nobody, CodeElsewhere on a desk
// whose address book has not arrived.
func Person(tx office.Tx, uid office.UserID) (Official, error) {
	return People.Need(tx, string(uid))
}

// IsActive reports whether the person may still act.
func (p Official) IsActive() bool { return p.State == Active }

// CheckActive refuses people who are not in the directory or no longer active, as
// CodeInvalid of the field that names them; those in known have been checked
// before.
func CheckActive(tx office.Tx, field string, uids, known []string) error {
	for _, uid := range uids {
		if slices.Contains(known, uid) {
			continue
		}
		p, err := Person(tx, office.UserID(uid))
		if office.CodeOf(err) == office.CodeNotFound || err == nil && !p.IsActive() {
			return office.Invalid(field, "%s is not in the directory", uid)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// HasPost reports whether the person fills a post.
func (p Official) HasPost(post string) bool { return slices.Contains(p.Posts, post) }

// HasRole reports whether the person holds a role.
func (p Official) HasRole(role string) bool { return slices.Contains(p.Roles, role) }

// InUnit reports whether the person works in a unit, mainly or also.
func (p Official) InUnit(unit string) bool {
	return unit != "" && (p.Unit == unit || slices.Contains(p.Units, unit))
}

// HasRole reports whether an active person holds a role. The system holds
// none; commands that it may give say so themselves.
func HasRole(tx office.Tx, uid office.UserID, role string) (bool, error) {
	p, err := known(tx, uid)
	return err == nil && p.IsActive() && p.HasRole(role), err
}

// HasPost reports whether an active person fills a post.
func HasPost(tx office.Tx, uid office.UserID, post string) (bool, error) {
	p, err := known(tx, uid)
	return err == nil && p.IsActive() && p.HasPost(post), err
}

// InUnit reports whether an active person works in a unit, mainly or also.
func InUnit(tx office.Tx, uid office.UserID, unit string) (bool, error) {
	p, err := known(tx, uid)
	return err == nil && p.IsActive() && p.InUnit(unit), err
}

// HolderOf is everybody active who fills a post, by the people's order; none
// if the post is vacant or unknown.
func HolderOf(tx office.Tx, post string) ([]office.UserID, error) {
	if post == "" {
		return nil, nil
	}
	p, at, err := Posts.Get(tx, post)
	if err != nil || at == office.Absent {
		return nil, err
	}
	if at == office.Elsewhere {
		return nil, office.ErrElsewhere()
	}
	return inOrder(tx, p.Holders)
}

// WithRole is everybody active who holds a role, by the people's order.
func WithRole(tx office.Tx, role string) ([]office.UserID, error) {
	if role == "" {
		return nil, nil
	}
	r, at, err := Roles.Get(tx, role)
	if err != nil || at == office.Absent {
		return nil, err
	}
	if at == office.Elsewhere {
		return nil, office.ErrElsewhere()
	}
	return inOrder(tx, r.Holders)
}

// HeadOf is the active head of a unit, "" if it has none.
func HeadOf(tx office.Tx, unit string) (office.UserID, error) {
	if unit == "" {
		return "", nil
	}
	u, at, err := Units.Get(tx, unit)
	if err != nil || at == office.Absent || at == office.Present && u.Head == "" {
		return "", err
	}
	if at == office.Elsewhere {
		return "", office.ErrElsewhere()
	}
	p, err := known(tx, u.Head)
	if err != nil || !p.IsActive() {
		return "", err
	}
	return u.Head, nil
}

// maxDepth bounds the walk up the tree of units.
const maxDepth = 16

// ClerkOf is everybody in the 文书 post of a unit, or, where that is vacant, of
// the nearest unit above: who gets a task for which nobody was found (W41).
func ClerkOf(tx office.Tx, unit string) ([]office.UserID, error) {
	for range maxDepth {
		if unit == "" {
			return nil, nil
		}
		u, at, err := Units.Get(tx, unit)
		if err != nil || at == office.Absent {
			return nil, err
		}
		if at == office.Elsewhere {
			return nil, office.ErrElsewhere()
		}
		who, err := HolderOf(tx, u.Clerk)
		if err != nil || len(who) > 0 {
			return who, err
		}
		unit = u.Parent
	}
	return nil, nil
}

// SuperiorOf is the head of the person's main unit, or, for the head himself,
// of the nearest unit above that has another one; "" if there is none.
func SuperiorOf(tx office.Tx, uid office.UserID) (office.UserID, error) {
	p, err := known(tx, uid)
	if err != nil {
		return "", err
	}
	unit := p.Unit
	for range maxDepth {
		if unit == "" {
			return "", nil
		}
		head, err := HeadOf(tx, unit)
		if err != nil || head != "" && head != uid {
			return head, err
		}
		u, at, err := Units.Get(tx, unit)
		if err != nil || at == office.Absent {
			return "", err
		}
		if at == office.Elsewhere {
			return "", office.ErrElsewhere()
		}
		unit = u.Parent
	}
	return "", nil
}

// Subscriptions are the channels of a person: their own, everybody's, and those
// of their units, their posts and the posts' units, and their roles. A disabled
// person has none.
func Subscriptions(r office.Record) ([]office.Channel, error) {
	var p Official
	if err := r.Decode(&p); err != nil {
		return nil, err
	}
	if !p.IsActive() {
		return nil, nil
	}
	out := append(office.To(office.UserID(r.ID)), office.Org)
	for _, u := range slices.Concat([]string{p.Unit}, p.Units, p.PostUnits) {
		if u != "" && !slices.Contains(out, office.ToUnit(u)) {
			out = append(out, office.ToUnit(u))
		}
	}
	for _, x := range p.Posts {
		out = append(out, office.ToPost(x))
	}
	for _, x := range p.Roles {
		out = append(out, office.ToRole(x))
	}
	return out, nil
}

// known is Person with the zero Official for somebody who is in no address book.
func known(tx office.Tx, uid office.UserID) (Official, error) {
	if uid == "" || uid == office.System {
		return Official{}, nil
	}
	p, at, err := People.Get(tx, string(uid))
	if err == nil && at == office.Elsewhere {
		err = office.ErrElsewhere()
	}
	return p, err
}

// inOrder leaves the active people and puts them in the order of the address book.
func inOrder(tx office.Tx, uids []office.UserID) ([]office.UserID, error) {
	type one struct {
		uid   office.UserID
		order int
	}
	var list []one
	for _, uid := range uids {
		p, err := known(tx, uid)
		if err != nil {
			return nil, err
		}
		if p.IsActive() {
			list = append(list, one{uid, p.Order})
		}
	}
	slices.SortFunc(list, func(a, b one) int {
		return cmp.Or(cmp.Compare(a.order, b.order), cmp.Compare(a.uid, b.uid))
	})
	var out []office.UserID
	for _, x := range list {
		out = append(out, x.uid)
	}
	return out, nil
}
