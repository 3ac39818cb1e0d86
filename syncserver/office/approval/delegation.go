package approval

import (
	"slices"

	"qianshao/syncserver/office"
)

// SetDelegation makes or changes a rule of 委托代理 (W13). It needs the server:
// whether it makes a circle only the server knows.
type SetDelegation struct {
	ID      string        `json:"id"`
	From    office.UserID `json:"from"`
	To      office.UserID `json:"to"`
	Start   int64         `json:"start"`
	End     int64         `json:"end"`
	Flows   []string      `json:"flows,omitempty"`
	Except  []string      `json:"except,omitempty"`
	Genres  []string      `json:"genres,omitempty"` // 文种
	Onward  bool          `json:"onward,omitempty"`
	Already bool          `json:"already,omitempty"`
	Words   string        `json:"words,omitempty"`
}

func (*SetDelegation) Kind() string      { return "approval.delegation_set@1" }
func (x *SetDelegation) Locks() []string { return []string{"delegation"} }

// Run stores the rule. The principal and the 流程管理员 may. CodeInvalid for
// oneself, an empty interval, or a rule that closes a circle.
func (x *SetDelegation) Run(tx office.Tx, c office.Context) error {
	if err := office.CheckID("id", x.ID); err != nil {
		return err
	}
	if c.Actor != x.From {
		if err := flowAdmin(tx, c); err != nil {
			return err
		}
	}
	for _, f := range []struct {
		name string
		id   office.UserID
	}{{"from", x.From}, {"to", x.To}} {
		if err := office.CheckID(f.name, string(f.id)); err != nil {
			return err
		}
		if err := mustBeActive(tx, f.name, f.id); err != nil {
			return err
		}
	}
	if err := office.CheckText("words", x.Words, maxWords); err != nil {
		return err
	}
	if x.From == x.To {
		return office.Invalid("to", "nobody acts for himself")
	}
	if x.Start >= x.End || x.End <= office.Millis(c.Now) {
		return office.Invalid("end", "it ends after it begins, and not yet")
	}
	for field, list := range map[string][]string{"flows": x.Flows, "except": x.Except} {
		if len(list) > 100 || slices.ContainsFunc(list, func(k string) bool { return !flowKey.MatchString(k) }) {
			return office.Invalid(field, "keys of flows")
		}
	}
	if len(x.Genres) > 50 {
		return office.Invalid("genres", "at most 50")
	}
	for _, g := range x.Genres {
		if err := office.CheckLine("genres", g, 1, 40); err != nil {
			return err
		}
	}
	d := Delegation{
		From: x.From, To: x.To, Start: x.Start, End: x.End, Flows: x.Flows, Except: x.Except, Genres: x.Genres,
		Onward: x.Onward, Already: x.Already, State: DelegationOn, Words: x.Words,
	}
	if err := noCircle(tx, x.ID, d); err != nil {
		return err
	}
	old, at, err := Delegations.Get(tx, x.ID)
	switch {
	case err != nil:
		return err
	case at == office.Elsewhere: // a new one, as far as a desk can tell
		return office.ErrElsewhere()
	case at == office.Absent:
		err = Delegations.Insert(tx, x.ID, d)
	case old.From != x.From:
		return office.Invalid("from", "the rule is of somebody else")
	default:
		err = Delegations.Patch(tx, x.ID, office.Fields{
			"to": d.To, "start": d.Start, "end": d.End, "flows": orNil(d.Flows), "except": orNil(d.Except), "genres": orNil(d.Genres),
			"onward": d.Onward, "already": d.Already, "state": d.State, "words": text(d.Words),
		})
	}
	if err != nil {
		return err
	}
	for _, at := range []int64{max(x.Start, office.Millis(c.Now)), x.End} {
		later(tx, at, &DelegationDue{ID: x.ID, At: at})
	}
	return nil
}

// noCircle follows the rules that are in force at some common time.
func noCircle(tx office.Tx, id string, d Delegation) error {
	seen := []office.UserID{d.From}
	next := []Delegation{d}
	for len(next) > 0 {
		r := next[0]
		next = next[1:]
		if r.To == d.From {
			return office.Invalid("to", "%s acts, in a circle, for %s", d.From, d.To)
		}
		if slices.Contains(seen, r.To) {
			continue
		}
		seen = append(seen, r.To)
		list, err := Delegations.All(tx, office.Query{View: "from", Where: []office.Cond{
			office.Where("from", string(r.To)), office.Where("state", DelegationOn),
		}})
		if err != nil {
			return err
		}
		for _, o := range list {
			if o.ID != id && o.Value.Start < d.End && d.Start < o.Value.End {
				next = append(next, o.Value)
			}
		}
	}
	return nil
}

// EndDelegation ends a rule before its time.
type EndDelegation struct {
	ID string `json:"id"`
}

func (*EndDelegation) Kind() string      { return "approval.delegation_end@1" }
func (x *EndDelegation) Locks() []string { return []string{"delegation"} }

// Run ends it; what the agent has not handled goes back. Principal, agent and
// 流程管理员 may.
func (x *EndDelegation) Run(tx office.Tx, c office.Context) error {
	if err := office.CheckID("id", x.ID); err != nil {
		return err
	}
	d, err := Delegations.Need(tx, x.ID)
	if err != nil {
		return err
	}
	if c.Actor != d.From && c.Actor != d.To {
		if err := flowAdmin(tx, c); err != nil {
			return err
		}
	}
	if d.State != DelegationOn {
		return office.Errorf(office.CodeState, "%s", d.State)
	}
	if err := Delegations.Patch(tx, x.ID, office.Fields{"state": DelegationEnded}); err != nil {
		return err
	}
	later(tx, office.Millis(c.Now), &DelegationDue{ID: x.ID, At: office.Millis(c.Now)})
	return nil
}

// DelegationDue looks, when a rule begins or ends, at what its principal is
// asked, and has each paper looked at under its own lock.
type DelegationDue struct {
	ID string `json:"id"`
	At int64  `json:"at"`
}

func (*DelegationDue) Kind() string      { return "approval.delegation_due@1" }
func (x *DelegationDue) Locks() []string { return []string{"delegation"} }

// Run queues the looks. CodeNotPermitted for anybody but the system.
func (x *DelegationDue) Run(tx office.Tx, c office.Context) error {
	if c.Actor != office.System {
		return &office.Error{Code: office.CodeNotPermitted}
	}
	d, at, err := Delegations.Get(tx, x.ID)
	if err != nil || at != office.Present || office.Millis(c.Now) < x.At {
		return err
	}
	if d.State == DelegationOn && d.End <= office.Millis(c.Now) {
		if err := Delegations.Patch(tx, x.ID, office.Fields{"state": DelegationEnded}); err != nil {
			return err
		}
	}
	open, err := allTasks(tx, office.Query{View: "mine", Order: "created", Where: []office.Cond{
		office.Where("person", string(d.From)), office.Where("state", TaskOpen),
	}})
	if err != nil {
		return err
	}
	seen := map[string]bool{}
	for _, t := range open {
		if !seen[t.Root] {
			seen[t.Root] = true
			later(tx, office.Millis(c.Now), &Look{Instance: t.Root, Subject: t.Value.Subject})
		}
	}
	return nil
}

// Look has the server look at an instance again: who acts for whom may have changed.
type Look struct {
	Instance string `json:"instance"`
	Subject  string `json:"subject"`
}

func (*Look) Kind() string      { return "approval.look@1" }
func (x *Look) Locks() []string { return lockSubject(x.Subject) }

// Run does nothing itself: Advance looks. CodeNotPermitted for anybody but the system.
func (x *Look) Run(tx office.Tx, c office.Context) error {
	if c.Actor != office.System {
		return &office.Error{Code: office.CodeNotPermitted}
	}
	_, err := aboutSubject(tx, x.Instance, x.Subject)
	return err
}
