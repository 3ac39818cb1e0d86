package bridge

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/directory"
)

// Directory is the public address book.
type Directory struct{ core *core }

// People are the active people of a unit ("" = everybody) whose name, pinyin
// or initials match the text, in the address book's order.
func (d *Directory) People(unit, text string) ([]Person, error) {
	return signedIn(d.core, "Directory.People", func(ctx context.Context, a *at) ([]Person, error) {
		names := a.names(ctx)
		all, err := names.everybody()
		if err != nil {
			return nil, err
		}
		text = strings.ToLower(strings.ReplaceAll(strings.TrimSpace(text), " ", ""))
		var out []Person
		for _, x := range all {
			p := x.official
			if !p.IsActive() || unit != "" && !p.InUnit(unit) || !matches(p, text) {
				continue
			}
			out = append(out, names.person(x.id, p))
		}
		return out, nil
	})
}

func matches(p directory.Official, text string) bool {
	return text == "" ||
		strings.Contains(strings.ToLower(p.Name), text) ||
		strings.Contains(strings.ReplaceAll(p.Pinyin, " ", ""), text) ||
		strings.HasPrefix(p.Initials, text) ||
		strings.Contains(p.Phone, text) ||
		strings.Contains(p.Title, text)
}

// Units are all units in use, in the address book's order, with how many people
// work mainly there.
func (d *Directory) Units() ([]Unit, error) {
	return signedIn(d.core, "Directory.Units", func(ctx context.Context, a *at) ([]Unit, error) {
		names := a.names(ctx)
		all, err := names.everybody()
		if err != nil {
			return nil, err
		}
		n := map[string]int{}
		for _, x := range all {
			if x.official.IsActive() {
				n[x.official.Unit]++
			}
		}
		units, err := names.units()
		if err != nil {
			return nil, err
		}
		out := make([]Unit, 0, len(units))
		for _, u := range units {
			if u.unit.State == directory.Closed {
				continue
			}
			out = append(out, Unit{ID: u.id, Name: u.unit.Name, Parent: u.unit.Parent, People: n[u.id]})
		}
		return out, nil
	})
}

// book reads the address book once per call, as far as it is needed.
type book struct {
	ctx context.Context
	at  *at

	people   []personRow
	byID     map[string]directory.Official
	allUnits []unitRow
	unitByID map[string]directory.Unit
}

type personRow struct {
	id       string
	official directory.Official
}

type unitRow struct {
	id   string
	unit directory.Unit
}

func (a *at) names(ctx context.Context) *book { return &book{ctx: ctx, at: a} }

func (n *book) everybody() ([]personRow, error) {
	if n.byID != nil {
		return n.people, nil
	}
	rs, err := n.at.listAll(n.ctx, office.Query{Kind: directory.People.Name, View: "all", Order: "order"})
	if err != nil {
		return nil, err
	}
	n.byID = make(map[string]directory.Official, len(rs))
	for _, r := range rs {
		var p directory.Official
		if err := r.Decode(&p); err != nil {
			return nil, err
		}
		n.people = append(n.people, personRow{r.ID, p})
		n.byID[r.ID] = p
	}
	slices.SortStableFunc(n.people, func(x, y personRow) int {
		return cmp.Or(cmp.Compare(x.official.Order, y.official.Order), strings.Compare(x.official.Pinyin, y.official.Pinyin))
	})
	return n.people, nil
}

func (n *book) units() ([]unitRow, error) {
	if n.unitByID != nil {
		return n.allUnits, nil
	}
	rs, err := n.at.listAll(n.ctx, office.Query{Kind: directory.Units.Name, View: "all", Order: "order"})
	if err != nil {
		return nil, err
	}
	n.unitByID = make(map[string]directory.Unit, len(rs))
	for _, r := range rs {
		var u directory.Unit
		if err := r.Decode(&u); err != nil {
			return nil, err
		}
		n.allUnits = append(n.allUnits, unitRow{r.ID, u})
		n.unitByID[r.ID] = u
	}
	return n.allUnits, nil
}

func (n *book) official(uid office.UserID) (directory.Official, bool, error) {
	if _, err := n.everybody(); err != nil {
		return directory.Official{}, false, err
	}
	p, ok := n.byID[string(uid)]
	return p, ok, nil
}

// name is what people call uid; the id itself for somebody unknown here.
func (n *book) name(uid office.UserID) string {
	if p, ok, err := n.official(uid); err == nil && ok {
		return p.Name
	}
	return string(uid)
}

func (n *book) list(uids []office.UserID) []string {
	out := make([]string, 0, len(uids))
	for _, u := range uids {
		out = append(out, n.name(u))
	}
	return out
}

// unitOf is the short name of the person's main unit.
func (n *book) unitOf(uid office.UserID) string {
	p, ok, err := n.official(uid)
	if err != nil || !ok {
		return ""
	}
	return n.unit(p.Unit)
}

// unit is the short name of a unit; the id itself for one unknown here.
func (n *book) unit(id string) string {
	if _, err := n.units(); err != nil {
		return id
	}
	u, ok := n.unitByID[id]
	switch {
	case !ok:
		return id
	case u.Short != "":
		return u.Short
	}
	return u.Name
}

func (n *book) person(id string, p directory.Official) Person {
	return Person{
		ID: id, Name: p.Name, Pinyin: p.Pinyin, Initials: p.Initials, Title: p.Title,
		Unit: p.Unit, UnitName: n.unit(p.Unit), Phone: p.Phone, Room: p.Room,
		Roles: p.Roles, Posts: p.Posts,
	}
}

// listAll reads every page of a list.
func (a *at) listAll(ctx context.Context, q office.Query) ([]office.Record, error) {
	var out []office.Record
	q.Limit = office.MaxLimit
	for {
		rs, err := a.desk.List(ctx, q)
		if err != nil {
			return nil, err
		}
		out = append(out, rs...)
		if len(rs) < q.Limit {
			return out, nil
		}
		if q.After, err = a.kinds.KeyOf(q, rs[len(rs)-1]); err != nil {
			return nil, err
		}
	}
}
