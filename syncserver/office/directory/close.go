package directory

import (
	"slices"

	"qianshao/syncserver/office"
)

// CloseUnit closes a unit that is no longer needed, or with Open reopens it.
// Nothing is deleted: papers name it. System or system administrator.
type CloseUnit struct {
	ID   string `json:"id"`
	Open bool   `json:"open,omitempty"`
}

func (*CloseUnit) Kind() string    { return "directory.close_unit@1" }
func (*CloseUnit) Locks() []string { return locks() }

// Run closes or opens. CodeState, with Field saying why: people still work in it
// ("people"), units below it ("units") or posts of it ("posts") are open, or the
// unit above is closed ("parent").
func (x *CloseUnit) Run(tx office.Tx, c office.Context) error {
	if err := office.CheckID("id", x.ID); err != nil {
		return err
	}
	if err := mayKeep(tx, c); err != nil {
		return err
	}
	u, err := Units.Need(tx, x.ID)
	if err != nil {
		return err
	}
	if x.Open {
		if u.Parent != "" {
			above, at, err := Units.Get(tx, u.Parent)
			if err != nil {
				return err
			}
			if at == office.Present && above.State == Closed {
				return inUse("parent", u.Parent)
			}
		}
		return Units.Patch(tx, x.ID, office.Fields{"state": nil})
	}
	if err := unused(tx, x.ID); err != nil {
		return err
	}
	return Units.Patch(tx, x.ID, office.Fields{"state": Closed})
}

// unused refuses a unit in which there is still something.
func unused(tx office.Tx, unit string) error {
	people, err := People.All(tx, office.Query{View: "all", Order: "pinyin"})
	if err != nil {
		return err
	}
	for _, p := range people {
		if p.Value.IsActive() && p.Value.InUnit(unit) {
			return inUse("people", p.ID)
		}
	}
	below, err := Units.All(tx, office.Query{View: "all", Where: []office.Cond{office.Where("parent", unit)}})
	if err != nil {
		return err
	}
	for _, u := range below {
		if u.Value.State != Closed {
			return inUse("units", u.ID)
		}
	}
	posts, err := Posts.All(tx, office.Query{View: "all", Where: []office.Cond{office.Where("unit", unit)}})
	if err != nil {
		return err
	}
	for _, p := range posts {
		if p.Value.State != Closed {
			return inUse("posts", p.ID)
		}
	}
	return nil
}

// ClosePost closes a post that nobody fills, or with Open reopens it. System or
// system administrator.
type ClosePost struct {
	ID   string `json:"id"`
	Open bool   `json:"open,omitempty"`
}

func (*ClosePost) Kind() string    { return "directory.close_post@1" }
func (*ClosePost) Locks() []string { return locks() }

// Run closes or opens. CodeState, with Field saying why: somebody fills it
// ("people"), it is a unit's 文书 post ("clerk"), or its unit is closed ("unit").
func (x *ClosePost) Run(tx office.Tx, c office.Context) error {
	if err := office.CheckID("id", x.ID); err != nil {
		return err
	}
	if err := mayKeep(tx, c); err != nil {
		return err
	}
	p, err := Posts.Need(tx, x.ID)
	if err != nil {
		return err
	}
	if x.Open {
		if p.Unit != "" {
			u, at, err := Units.Get(tx, p.Unit)
			if err != nil {
				return err
			}
			if at == office.Present && u.State == Closed {
				return inUse("unit", p.Unit)
			}
		}
		return Posts.Patch(tx, x.ID, office.Fields{"state": nil})
	}
	active, err := inOrder(tx, p.Holders)
	if err != nil {
		return err
	}
	if len(active) > 0 {
		return inUse("people", string(active[0]))
	}
	units, err := Units.All(tx, office.Query{View: "all"})
	if err != nil {
		return err
	}
	if i := slices.IndexFunc(units, func(u office.Item[Unit]) bool { return u.Value.Clerk == x.ID && u.Value.State != Closed }); i >= 0 {
		return inUse("clerk", units[i].ID)
	}
	return Posts.Patch(tx, x.ID, office.Fields{"state": Closed})
}

func inUse(field, id string) error {
	return &office.Error{Code: office.CodeState, Field: field, Message: id}
}
