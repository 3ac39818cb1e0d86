package directory

import (
	"slices"

	"qianshao/syncserver/office"
)

// Limits of the directory's texts, in characters, and lists, in entries.
const (
	maxName  = 60
	maxTitle = 60
	maxPhone = 60
	maxRoom  = 60
	maxList  = 50
	maxOrder = 1_000_000
)

// locks are one for the whole directory: it changes rarely, and people, units
// and posts name each other.
func locks() []string { return []string{"dir:all"} }

// PutPerson makes or changes an official; where the person works and what
// they may do is Assign's. System or system administrator.
type PutPerson struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Pinyin string `json:"pinyin,omitempty"` // only where the rule would read the name wrongly: syllables with spaces
	Title  string `json:"title,omitempty"`
	Phone  string `json:"phone,omitempty"`
	Room   string `json:"room,omitempty"`
	Order  int    `json:"order,omitempty"`
	State  string `json:"state,omitempty"` // "" = active
}

func (*PutPerson) Kind() string    { return "directory.put_person@1" }
func (*PutPerson) Locks() []string { return locks() }

// Run makes the person or sets all of the command's fields; units, posts and
// roles stay.
func (x *PutPerson) Run(tx office.Tx, c office.Context) error {
	if err := x.check(); err != nil {
		return err
	}
	if err := mayKeep(tx, c); err != nil {
		return err
	}
	if x.ID == string(office.System) {
		return office.Invalid("id", "%s is not a person", x.ID)
	}
	py, initials := Pinyin(x.Name)
	if x.Pinyin != "" {
		py, initials = spelled(x.Pinyin)
	}
	state := x.State
	if state == "" {
		state = Active
	}
	_, at, err := People.Get(tx, x.ID)
	switch {
	case err != nil:
		return err
	case at == office.Elsewhere:
		return office.ErrElsewhere()
	case at == office.Absent:
		return People.Insert(tx, x.ID, Official{
			Name: x.Name, Pinyin: py, Initials: initials, Title: x.Title,
			Phone: x.Phone, Room: x.Room, Order: x.Order, State: state,
		})
	}
	if state == Disabled && office.UserID(x.ID) == c.Actor {
		return &office.Error{Code: office.CodeNotPermitted, Field: "state", Message: "nobody disables himself"}
	}
	return People.Patch(tx, x.ID, office.Fields{
		"name": x.Name, "pinyin": py, "initials": initials, "title": text(x.Title),
		"phone": text(x.Phone), "room": text(x.Room), "order": x.Order, "state": state,
	})
}

func (x *PutPerson) check() error {
	if err := office.CheckID("id", x.ID); err != nil {
		return err
	}
	for _, f := range []struct {
		name, text string
		min, max   int
	}{
		{"name", x.Name, 1, maxName}, {"title", x.Title, 0, maxTitle}, {"phone", x.Phone, 0, maxPhone}, {"room", x.Room, 0, maxRoom},
	} {
		if err := office.CheckLine(f.name, f.text, f.min, f.max); err != nil {
			return err
		}
	}
	if !isSpelling(x.Pinyin) {
		return office.Invalid("pinyin", "syllables of a–z with single spaces")
	}
	if x.State != "" && x.State != Active && x.State != Disabled {
		return office.Invalid("state", "%q is no state", x.State)
	}
	return checkOrder(x.Order)
}

// PutUnit makes or changes a unit. System or system administrator.
type PutUnit struct {
	ID     string        `json:"id"`
	Name   string        `json:"name"`
	Short  string        `json:"short,omitempty"`
	Parent string        `json:"parent,omitempty"`
	Order  int           `json:"order,omitempty"`
	Head   office.UserID `json:"head,omitempty"`
	Clerk  string        `json:"clerk,omitempty"`
}

func (*PutUnit) Kind() string    { return "directory.put_unit@1" }
func (*PutUnit) Locks() []string { return locks() }

// Run makes the unit or sets all of its fields. Parent, head and clerk must
// exist, and no unit is above itself.
func (x *PutUnit) Run(tx office.Tx, c office.Context) error {
	if err := x.check(); err != nil {
		return err
	}
	if err := mayKeep(tx, c); err != nil {
		return err
	}
	if err := x.checkTree(tx); err != nil {
		return err
	}
	if x.Head != "" {
		if err := exists(tx, People.Kind, "head", string(x.Head)); err != nil {
			return err
		}
	}
	if x.Clerk != "" {
		if err := exists(tx, Posts.Kind, "clerk", x.Clerk); err != nil {
			return err
		}
	}
	cur, at, err := Units.Get(tx, x.ID)
	switch {
	case err != nil:
		return err
	case at == office.Elsewhere:
		return office.ErrElsewhere()
	}
	if x.Parent != "" && x.Parent != cur.Parent {
		if err := open(tx, Units.Kind, "parent", x.Parent); err != nil {
			return err
		}
	}
	if at == office.Absent {
		return Units.Insert(tx, x.ID, Unit{Name: x.Name, Short: x.Short, Parent: x.Parent, Order: x.Order, Head: x.Head, Clerk: x.Clerk})
	}
	return Units.Patch(tx, x.ID, office.Fields{
		"name": x.Name, "short": text(x.Short), "parent": text(x.Parent), "order": x.Order,
		"head": text(string(x.Head)), "clerk": text(x.Clerk),
	})
}

func (x *PutUnit) check() error {
	if err := office.CheckID("id", x.ID); err != nil {
		return err
	}
	if err := office.CheckLine("name", x.Name, 1, maxName); err != nil {
		return err
	}
	if err := office.CheckLine("short", x.Short, 0, maxName); err != nil {
		return err
	}
	for _, r := range []struct{ field, id string }{{"parent", x.Parent}, {"head", string(x.Head)}, {"clerk", x.Clerk}} {
		if r.id != "" {
			if err := office.CheckID(r.field, r.id); err != nil {
				return err
			}
		}
	}
	return checkOrder(x.Order)
}

// checkTree walks up from the parent: it must exist and not lead back here.
func (x *PutUnit) checkTree(tx office.Tx) error {
	up := x.Parent
	for range maxDepth {
		if up == "" {
			return nil
		}
		if up == x.ID {
			return office.Invalid("parent", "a unit cannot be above itself")
		}
		u, at, err := Units.Get(tx, up)
		switch {
		case err != nil:
			return err
		case at == office.Elsewhere:
			return office.ErrElsewhere()
		case at == office.Absent:
			return office.Invalid("parent", "there is no unit %s", up)
		}
		up = u.Parent
	}
	return office.Invalid("parent", "more than %d levels", maxDepth)
}

// PutPost makes or changes a post; who fills it stays. System or system
// administrator.
type PutPost struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Unit string `json:"unit,omitempty"`
}

func (*PutPost) Kind() string    { return "directory.put_post@1" }
func (*PutPost) Locks() []string { return locks() }

// Run makes the post or sets its name and unit.
func (x *PutPost) Run(tx office.Tx, c office.Context) error {
	if err := office.CheckID("id", x.ID); err != nil {
		return err
	}
	if err := office.CheckLine("name", x.Name, 1, maxName); err != nil {
		return err
	}
	if err := mayKeep(tx, c); err != nil {
		return err
	}
	if x.Unit != "" {
		if err := office.CheckID("unit", x.Unit); err != nil {
			return err
		}
		if err := exists(tx, Units.Kind, "unit", x.Unit); err != nil {
			return err
		}
	}
	cur, at, err := Posts.Get(tx, x.ID)
	switch {
	case err != nil:
		return err
	case at == office.Elsewhere:
		return office.ErrElsewhere()
	case at == office.Absent:
		if x.Unit != "" {
			if err := open(tx, Units.Kind, "unit", x.Unit); err != nil {
				return err
			}
		}
		return Posts.Insert(tx, x.ID, Post{Name: x.Name, Unit: x.Unit})
	}
	if x.Unit != "" && x.Unit != cur.Unit {
		if err := open(tx, Units.Kind, "unit", x.Unit); err != nil {
			return err
		}
	}
	if err := Posts.Patch(tx, x.ID, office.Fields{"name": x.Name, "unit": text(x.Unit)}); err != nil || cur.Unit == x.Unit {
		return err
	}
	for _, uid := range cur.Holders {
		p, err := known(tx, uid)
		if err != nil {
			return err
		}
		units, err := unitsOf(tx, p.Posts)
		if err != nil {
			return err
		}
		if err := People.Patch(tx, string(uid), office.Fields{"post_units": list(units)}); err != nil {
			return err
		}
	}
	return nil
}

// PutRole makes or renames a role. System or security administrator: roles are
// rights.
type PutRole struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

func (*PutRole) Kind() string    { return "directory.put_role@1" }
func (*PutRole) Locks() []string { return locks() }

// Run makes the role or renames it.
func (x *PutRole) Run(tx office.Tx, c office.Context) error {
	if err := office.CheckID("id", x.ID); err != nil {
		return err
	}
	if err := office.CheckLine("name", x.Name, 1, maxName); err != nil {
		return err
	}
	if err := mayGrant(tx, c); err != nil {
		return err
	}
	_, at, err := Roles.Get(tx, x.ID)
	switch {
	case err != nil:
		return err
	case at == office.Elsewhere:
		return office.ErrElsewhere()
	case at == office.Absent:
		return Roles.Insert(tx, x.ID, Role{Name: x.Name})
	}
	return Roles.Patch(tx, x.ID, office.Fields{"name": x.Name})
}

// mayKeep lets the system and system administrators pass.
func mayKeep(tx office.Tx, c office.Context) error { return must(tx, c, RoleSysAdmin) }

// mayGrant lets the system and the security administrator pass.
func mayGrant(tx office.Tx, c office.Context) error { return must(tx, c, RoleSecAdmin) }

func must(tx office.Tx, c office.Context, roles ...string) error {
	if c.Actor == office.System {
		return nil
	}
	p, err := known(tx, c.Actor)
	if err != nil {
		return err
	}
	if p.IsActive() && slices.ContainsFunc(roles, p.HasRole) {
		return nil
	}
	return &office.Error{Code: office.CodeNotPermitted}
}

// exists refuses an argument that names a record which is not there.
func exists(tx office.Tx, k *office.Kind, field, id string) error {
	_, at, err := tx.Get(k.Name, id)
	switch {
	case err != nil:
		return err
	case at == office.Elsewhere:
		return office.ErrElsewhere()
	case at == office.Absent:
		return office.Invalid(field, "%s is not in the directory", id)
	}
	return nil
}

// open is exists for a unit or post that is in use.
func open(tx office.Tx, k *office.Kind, field, id string) error {
	if err := exists(tx, k, field, id); err != nil {
		return err
	}
	r, _, err := tx.Get(k.Name, id)
	if err != nil {
		return err
	}
	var body struct {
		State string `json:"state"`
	}
	if err := r.Decode(&body); err != nil {
		return err
	}
	if body.State == Closed {
		return office.Invalid(field, "%s is closed", id)
	}
	return nil
}

func checkOrder(n int) error {
	if n < 0 || n > maxOrder {
		return office.Invalid("order", "0 to %d", maxOrder)
	}
	return nil
}

// text is a text as a field of a record: an empty one is no field.
func text(s string) any {
	if s == "" {
		return nil
	}
	return s
}
