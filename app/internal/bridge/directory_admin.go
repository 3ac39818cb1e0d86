package bridge

import (
	"cmp"
	"context"
	"slices"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/directory"
)

// Admin is the whole directory, for its administrators. CodeNotPermitted for
// others: they read People and Units.
func (d *Directory) Admin() (AdminBook, error) {
	return signedIn(d.core, "Directory.Admin", func(ctx context.Context, a *at) (AdminBook, error) {
		me, _, err := get(ctx, a, directory.People, string(a.uid))
		if err != nil {
			return AdminBook{}, err
		}
		var out AdminBook
		out.MayKeep = me.Value.IsActive() && me.Value.HasRole(directory.RoleSysAdmin)
		out.MayGrant = me.Value.IsActive() && me.Value.HasRole(directory.RoleSecAdmin)
		if !out.MayKeep && !out.MayGrant {
			return AdminBook{}, &office.Error{Code: office.CodeNotPermitted}
		}
		for _, f := range []func(context.Context, *AdminBook) error{a.adminPeople, a.adminUnits, a.adminPosts, a.adminRoles} {
			if err := f(ctx, &out); err != nil {
				return AdminBook{}, err
			}
		}
		return out, nil
	})
}

func (a *at) adminPeople(ctx context.Context, out *AdminBook) error {
	rows, err := list(ctx, a, directory.People, office.Query{View: "all", Order: "order"})
	if err != nil {
		return err
	}
	m, err := a.marks(ctx, directory.People.Name)
	if err != nil {
		return err
	}
	now := office.Millis(a.now)
	for _, r := range rows {
		p := r.Value
		out.People = append(out.People, AdminPerson{
			ID: r.ID, Name: p.Name, Pinyin: p.Pinyin, Title: p.Title, Phone: p.Phone, Room: p.Room, Order: p.Order, Active: p.IsActive(),
			Unit: p.Unit, Units: p.Units, Roles: p.Roles, Terms: terms(p, now), Me: office.UserID(r.ID) == a.uid, Mark: m.of(r.ID),
		})
	}
	return nil
}

// terms are a person's posts with their times; one filled before times were kept
// has none.
func terms(p directory.Official, now int64) []AdminTerm {
	var out []AdminTerm
	dated := map[string]bool{}
	for _, t := range p.Terms {
		v := AdminTerm{Post: t.Post, From: t.From, Until: t.Until, State: "now"}
		switch {
		case t.Until != 0 && t.Until <= now:
			v.State = "past"
		case t.From > now:
			v.State = "next"
		default:
			dated[t.Post] = true
		}
		out = append(out, v)
	}
	for _, id := range p.Posts {
		if !dated[id] {
			out = append(out, AdminTerm{Post: id, State: "now"})
		}
	}
	rank := map[string]int{"now": 0, "next": 1, "past": 2}
	slices.SortStableFunc(out, func(x, y AdminTerm) int {
		return cmp.Or(cmp.Compare(rank[x.State], rank[y.State]), cmp.Compare(y.Until, x.Until))
	})
	return out
}

func (a *at) adminUnits(ctx context.Context, out *AdminBook) error {
	rows, err := list(ctx, a, directory.Units, office.Query{View: "all", Order: "order"})
	if err != nil {
		return err
	}
	m, err := a.marks(ctx, directory.Units.Name)
	if err != nil {
		return err
	}
	n := map[string]int{}
	for _, p := range out.People {
		if p.Active {
			n[p.Unit]++
		}
	}
	for _, r := range rows {
		u := r.Value
		out.Units = append(out.Units, AdminUnit{
			ID: r.ID, Name: u.Name, Short: u.Short, Parent: u.Parent, Order: u.Order, Head: string(u.Head), Clerk: u.Clerk,
			Closed: u.State == directory.Closed, People: n[r.ID], Mark: m.of(r.ID),
		})
	}
	return nil
}

func (a *at) adminPosts(ctx context.Context, out *AdminBook) error {
	rows, err := list(ctx, a, directory.Posts, office.Query{View: "all", Order: "name"})
	if err != nil {
		return err
	}
	m, err := a.marks(ctx, directory.Posts.Name)
	if err != nil {
		return err
	}
	for _, r := range rows {
		out.Posts = append(out.Posts, AdminPost{
			ID: r.ID, Name: r.Value.Name, Unit: r.Value.Unit, Holders: ids(r.Value.Holders),
			Closed: r.Value.State == directory.Closed, Mark: m.of(r.ID),
		})
	}
	return nil
}

func (a *at) adminRoles(ctx context.Context, out *AdminBook) error {
	rows, err := list(ctx, a, directory.Roles, office.Query{View: "all", Order: "name"})
	if err != nil {
		return err
	}
	for _, r := range rows {
		out.Roles = append(out.Roles, AdminRole{
			ID: r.ID, Name: r.Value.Name, Holders: ids(r.Value.Holders),
			Admin: r.ID == directory.RoleSysAdmin || r.ID == directory.RoleSecAdmin || r.ID == directory.RoleAuditor,
		})
	}
	return nil
}

// Reading is how the rule reads a name: what PersonInput.Pinyin would be.
func (d *Directory) Reading(name string) (string, error) {
	return signedIn(d.core, "Directory.Reading", func(context.Context, *at) (string, error) {
		py, _ := directory.Pinyin(name)
		return py, nil
	})
}

// named gives the id to use: the one there is, or a new one.
func (a *at) named(id string) (string, error) {
	if id != "" {
		return id, nil
	}
	return a.newID()
}

// PutUnit makes a unit or changes it; moving it is changing its parent or order.
func (d *Directory) PutUnit(in UnitInput) (Done, error) {
	return signedIn(d.core, "Directory.PutUnit", func(ctx context.Context, a *at) (Done, error) {
		id, err := a.named(in.ID)
		if err != nil {
			return Done{}, err
		}
		return a.give(ctx, id, &directory.PutUnit{
			ID: id, Name: in.Name, Short: in.Short, Parent: in.Parent, Order: in.Order, Head: office.UserID(in.Head), Clerk: in.Clerk,
		})
	})
}

// CloseUnit closes a unit or opens it again.
func (d *Directory) CloseUnit(id string, open bool) (Done, error) {
	return signedIn(d.core, "Directory.CloseUnit", func(ctx context.Context, a *at) (Done, error) {
		return a.give(ctx, id, &directory.CloseUnit{ID: id, Open: open})
	})
}

// PutPost makes a post or changes it.
func (d *Directory) PutPost(in PostInput) (Done, error) {
	return signedIn(d.core, "Directory.PutPost", func(ctx context.Context, a *at) (Done, error) {
		id, err := a.named(in.ID)
		if err != nil {
			return Done{}, err
		}
		return a.give(ctx, id, &directory.PutPost{ID: id, Name: in.Name, Unit: in.Unit})
	})
}

// ClosePost closes a post or opens it again.
func (d *Directory) ClosePost(id string, open bool) (Done, error) {
	return signedIn(d.core, "Directory.ClosePost", func(ctx context.Context, a *at) (Done, error) {
		return a.give(ctx, id, &directory.ClosePost{ID: id, Open: open})
	})
}

// PutPerson makes an official or changes what the directory says of them.
func (d *Directory) PutPerson(in PersonInput) (Done, error) {
	return signedIn(d.core, "Directory.PutPerson", func(ctx context.Context, a *at) (Done, error) {
		id, err := a.named(in.ID)
		if err != nil {
			return Done{}, err
		}
		x := &directory.PutPerson{ID: id, Name: in.Name, Title: in.Title, Phone: in.Phone, Room: in.Room, Order: in.Order}
		if py, _ := directory.Pinyin(in.Name); in.Pinyin != py {
			x.Pinyin = in.Pinyin
		}
		if !in.Active {
			x.State = directory.Disabled
		}
		return a.give(ctx, id, x)
	})
}

// Place says in which units somebody works.
func (d *Directory) Place(uid, unit string, units []string) (Done, error) {
	return signedIn(d.core, "Directory.Place", func(ctx context.Context, a *at) (Done, error) {
		return a.give(ctx, uid, &directory.Place{UID: office.UserID(uid), Unit: unit, Units: units})
	})
}

// Appoint puts somebody on a post.
func (d *Directory) Appoint(in TermInput) (Done, error) {
	return signedIn(d.core, "Directory.Appoint", func(ctx context.Context, a *at) (Done, error) {
		return a.give(ctx, in.UID, &directory.Appoint{UID: office.UserID(in.UID), Post: in.Post, From: in.From, Until: in.Until})
	})
}

// Dismiss takes somebody off a post.
func (d *Directory) Dismiss(uid, post string) (Done, error) {
	return signedIn(d.core, "Directory.Dismiss", func(ctx context.Context, a *at) (Done, error) {
		return a.give(ctx, uid, &directory.Dismiss{UID: office.UserID(uid), Post: post})
	})
}

// Grant gives roles and takes them away.
func (d *Directory) Grant(uid string, add, remove []string) (Done, error) {
	return signedIn(d.core, "Directory.Grant", func(ctx context.Context, a *at) (Done, error) {
		return a.give(ctx, uid, &directory.Grant{UID: office.UserID(uid), Add: add, Remove: remove})
	})
}
