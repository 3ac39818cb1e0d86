package approval

import (
	"fmt"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/directory"
)

// scene is what handlers are resolved against.
type scene struct {
	tx      office.Tx
	inst    Instance
	subject Subject
	chosen  []office.UserID // by whoever sent the paper on
	readers []office.UserID // who shall see the subject, besides those who take part here
}

// resolve finds the people of handlers, each once, in order, without those who
// have left the office.
func (s scene) resolve(handlers []Handler) ([]office.UserID, error) {
	var all []office.UserID
	for _, h := range handlers {
		who, err := s.people(h)
		if err != nil {
			return nil, fmt.Errorf("resolve %s %s: %w", h.By, h.ID, err)
		}
		all = union(all, who...)
	}
	return activeOf(s.tx, all)
}

func (s scene) people(h Handler) ([]office.UserID, error) {
	one := func(u office.UserID, err error) ([]office.UserID, error) { return []office.UserID{u}, err }
	switch h.By {
	case ByPerson:
		return []office.UserID{office.UserID(h.ID)}, nil
	case ByPost:
		return directory.HolderOf(s.tx, h.ID)
	case ByRole:
		return directory.WithRole(s.tx, h.ID)
	case ByHead:
		unit := h.ID
		if unit == "" {
			unit = s.inst.Unit
		}
		return one(directory.HeadOf(s.tx, unit))
	case ByStarter:
		return []office.UserID{s.inst.Starter}, nil
	case BySuperior:
		return one(directory.SuperiorOf(s.tx, s.inst.Starter))
	case ByField:
		return users(s.subject.list(h.ID)), nil
	case ByFieldUnits:
		return s.headsOf(s.subject.list(h.ID))
	case ByDone:
		for i := len(s.inst.Path) - 1; i >= 0; i-- {
			if v := s.inst.Path[i]; v.Step == h.ID {
				return v.By, nil
			}
		}
		return nil, nil
	case ByChosen:
		return s.chosen, nil
	case ByCharge:
		if h.ID == "" {
			return s.inCharge([]string{s.inst.Unit})
		}
		return s.inCharge(s.subject.list(h.ID))
	}
	return nil, fmt.Errorf("unknown way to name people %q", h.By)
}

// headsOf are the heads of units, or the 文书 of a unit without one: W2 asks
// units, not people.
func (s scene) headsOf(units []string) ([]office.UserID, error) {
	var out []office.UserID
	for _, unit := range units {
		head, err := directory.HeadOf(s.tx, unit)
		if err != nil {
			return nil, err
		}
		who := []office.UserID{head}
		if head == "" {
			if who, err = directory.ClerkOf(s.tx, unit); err != nil {
				return nil, err
			}
		}
		out = union(out, who...)
	}
	return out, nil
}

// rescuers are the people asked to find a handler where none was found: the
// 文书 of the unit the paper comes from, else the 流程管理员 (W41).
func (s scene) rescuers(step Step) ([]office.UserID, error) {
	if step.Empty == EmptyClerk {
		who, err := directory.ClerkOf(s.tx, s.inst.Unit)
		if err != nil || len(who) > 0 {
			return who, err
		}
	}
	return directory.WithRole(s.tx, RoleFlowAdmin)
}

func activeOf(tx office.Tx, people []office.UserID) ([]office.UserID, error) {
	var out []office.UserID
	for _, u := range people {
		if !office.ValidID(string(u)) { // a field of the subject may hold anything
			continue
		}
		p, at, err := directory.People.Get(tx, string(u))
		switch {
		case err != nil:
			return nil, err
		case at == office.Elsewhere:
			return nil, office.ErrElsewhere()
		case at == office.Present && p.IsActive():
			out = append(out, u)
		}
	}
	return out, nil
}

func users(ids []string) []office.UserID {
	out := make([]office.UserID, len(ids))
	for i, id := range ids {
		out[i] = office.UserID(id)
	}
	return out
}
