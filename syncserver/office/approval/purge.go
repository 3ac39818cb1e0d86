package approval

import (
	"slices"
	"strconv"

	"qianshao/syncserver/office"
)

// A Purge is the record of a 收回: which copies were taken back from whom, by
// whom, on which grounds. Under it stands, machine by machine, whether they are
// confirmed gone (W22). The server's copies stay: only desks are purged.
type Purge struct {
	Circulation string                     `json:"circulation"`
	SubjectKind string                     `json:"subject_kind"`
	Subject     string                     `json:"subject"`
	Flow        string                     `json:"flow,omitempty"` // the instance whose trace says so too
	By          office.UserID              `json:"by"`
	Words       string                     `json:"words"`
	At          int64                      `json:"at"`
	From        []office.UserID            `json:"from"`
	Copies      map[office.UserID][]string `json:"copies"`         // taken back from each
	Done        int64                      `json:"done,omitempty"` // when the last machine had confirmed
}

// Purges reach who recalled.
var Purges = office.Of[Purge]{Kind: &office.Kind{
	Name: "approval.purge", Lane: office.LaneTasks, Residence: office.ResidentWindow,
	Window: func(r office.Record) (int64, error) {
		var p Purge
		if err := r.Decode(&p); err != nil || p.Done == 0 {
			return 0, err
		}
		return p.Done + office.StayLong, nil
	},
	Fields: []office.Field{
		{Name: "subject", Type: office.Text}, {Name: "circulation", Type: office.Text}, {Name: "by", Type: office.Text},
		{Name: "at", Type: office.Time}, {Name: "done", Type: office.Time},
	},
	Views: []office.View{
		{Name: "subject", By: []string{"subject"}, Filters: []string{"circulation", "by"}, Orders: []string{"at"}},
		{Name: "mine", By: []string{"by"}, Filters: []string{"done"}, Orders: []string{"at"}},
	},
	Audience: func(r office.Record) ([]office.Channel, error) {
		var p Purge
		err := r.Decode(&p)
		return office.To(p.By), err
	},
}}

// A PurgeDesk is one machine that may have held what was taken back.
type PurgeDesk struct {
	Reader  office.UserID `json:"reader"`
	Machine string        `json:"machine"` // id of the device
	Name    string        `json:"name,omitempty"`
	State   string        `json:"state"`
	Kept    bool          `json:"kept,omitempty"` // the paper itself may still be read there, on other grounds
	At      int64         `json:"at,omitempty"`   // when it confirmed, or was lost
	Claimed int64         `json:"claimed,omitempty"`
}

// States of a machine.
const (
	PurgeOpen = "open" // it has not been heard of since
	PurgeGone = "gone" // it has confirmed: rows, index entries and files are erased
	PurgeLost = "lost" // it was revoked: it erases all at its next contact, and can confirm nothing
)

// PurgeDesks stand under a Purge.
var PurgeDesks = office.Of[PurgeDesk]{Kind: &office.Kind{
	Name: "approval.purge_desk", Parent: "approval.purge", Lane: office.LaneTasks, Residence: office.ResidentAlways,
	Fields: []office.Field{
		{Name: "reader", Type: office.Text}, {Name: "machine", Type: office.Text}, {Name: "state", Type: office.Text}, {Name: "at", Type: office.Time},
	},
	Views: []office.View{
		{Name: "purge", By: []string{"root"}, Filters: []string{"state", "reader"}, Orders: []string{"reader", "at"}},
		{Name: "machine", By: []string{"machine"}, Filters: []string{"state"}, Orders: []string{"at"}},
	},
}}

// A PurgeOrder asks a reader's desks to confirm. It comes with the page that
// takes the copies away, and names nothing but ids.
type PurgeOrder struct {
	Purge       string        `json:"purge"`
	SubjectKind string        `json:"subject_kind"`
	Subject     string        `json:"subject"`
	To          office.UserID `json:"to"`
	Copies      []string      `json:"copies"`
	At          int64         `json:"at"`
	Ask         []string      `json:"ask,omitempty"`      // machines that are to answer
	Answered    []string      `json:"answered,omitempty"` // those that have
}

// PurgeOrders reach the reader's desks.
var PurgeOrders = office.Of[PurgeOrder]{Kind: &office.Kind{
	Name: "approval.purge_order", Lane: office.LaneTasks, Residence: office.ResidentWindow,
	Window: func(r office.Record) (int64, error) {
		var o PurgeOrder
		err := r.Decode(&o)
		return o.At + office.StayLong, err
	},
	Fields: []office.Field{{Name: "to", Type: office.Text}, {Name: "at", Type: office.Time}},
	Views:  []office.View{{Name: "mine", By: []string{"to"}, Filters: []string{"at"}, Orders: []string{"at"}}},
	Audience: func(r office.Record) ([]office.Channel, error) {
		var o PurgeOrder
		err := r.Decode(&o)
		return office.To(o.To), err
	},
}}

// A Machine is one of a person's devices that may hold what was sent to them.
type Machine struct {
	ID, Name string
	Lost     bool // revoked
}

// purge opens the record of a recall and orders the readers' desks to confirm;
// gone are the copies taken back, by reader in their order.
func (x *RecallCopies) purge(tx office.Tx, c office.Context, s Subject, gone []office.Item[Copy]) error {
	p := Purge{
		Circulation: x.Circulation, SubjectKind: x.SubjectKind, Subject: x.Subject, Flow: s.Flow, By: c.Actor, Words: x.Words, At: office.Millis(c.Now),
		Copies: map[office.UserID][]string{},
	}
	for _, k := range gone {
		p.From = union(p.From, k.Value.To)
		p.Copies[k.Value.To] = append(p.Copies[k.Value.To], k.ID)
	}
	id := x.purgeID(c)
	if err := Purges.Insert(tx, id, p); err != nil {
		return err
	}
	for _, who := range p.From {
		if err := PurgeOrders.Insert(tx, c.NewID("purge:"+string(who)), PurgeOrder{
			Purge: id, SubjectKind: x.SubjectKind, Subject: x.Subject, To: who, Copies: p.Copies[who], At: p.At,
		}); err != nil {
			return err
		}
	}
	if s.Flow == "" {
		return nil
	}
	inst, err := Instances.Need(tx, s.Flow)
	if err != nil {
		return err
	}
	return trace(tx, c, s.Flow, &inst, "recall", Event{What: EventRecall, To: p.From, Detail: x.Words})
}

func (x *RecallCopies) purgeID(c office.Context) string { return c.NewID("purge") }

// afterRecall enters the machines that may hold what was taken back: only the
// server knows them.
func afterRecall(tx office.Tx, c office.Context, x *RecallCopies, effects Effects) error {
	id := x.purgeID(c)
	p, at, err := Purges.Get(tx, id)
	if err != nil || at != office.Present { // nobody's was taken back
		return err
	}
	for _, who := range p.From {
		since := p.At
		o, err := PurgeOrders.Need(tx, c.NewID("purge:"+string(who)))
		if err != nil {
			return err
		}
		for _, k := range o.Copies {
			v, err := Copies.Need(tx, k)
			if err != nil {
				return err
			}
			since = min(since, v.Sent)
		}
		var machines []Machine
		if effects.Machines != nil {
			if machines, err = effects.Machines(tx, who, since); err != nil {
				return err
			}
		}
		var ask []string
		for _, m := range machines {
			d := PurgeDesk{Reader: who, Machine: m.ID, Name: m.Name, State: PurgeOpen}
			if m.Lost {
				d.State, d.At = PurgeLost, p.At
			} else {
				ask = append(ask, m.ID)
			}
			if err := PurgeDesks.InsertUnder(tx, id, purgeDeskID(id, m.ID), d); err != nil {
				return err
			}
		}
		if len(ask) > 0 {
			if err := PurgeOrders.Patch(tx, c.NewID("purge:"+string(who)), office.Fields{"ask": ask}); err != nil {
				return err
			}
		}
	}
	return purgeDone(tx, c, id)
}

func purgeDeskID(purge, machine string) string { return office.DeriveID("purge", purge, machine) }

// purgeDone closes a purge that no machine has still to confirm. One that was
// revoked never confirms: then it stays open, and says so.
func purgeDone(tx office.Tx, c office.Context, id string) error {
	p, err := Purges.Need(tx, id)
	if err != nil || p.Done != 0 {
		return err
	}
	left, err := PurgeDesks.List(tx, office.Query{View: "purge", Limit: 1, Where: []office.Cond{
		office.Where("root", id), {Field: "state", Op: office.In, Value: []string{PurgeOpen, PurgeLost}},
	}})
	if err != nil || len(left) > 0 {
		return err
	}
	if err := Purges.Patch(tx, id, office.Fields{"done": office.Millis(c.Now)}); err != nil || p.Flow == "" {
		return err
	}
	all, err := PurgeDesks.All(tx, office.Query{View: "purge", Where: []office.Cond{office.Where("root", id)}})
	if err != nil || len(all) == 0 { // no machine ever had one
		return err
	}
	inst, err := Instances.Need(tx, p.Flow)
	if err != nil {
		return err
	}
	return trace(tx, c, p.Flow, &inst, "purged", Event{What: EventPurged, Who: office.System, To: p.From, Detail: strconv.Itoa(len(all))})
}

// ConfirmPurge is a desk's word that what an order names is erased on it: rows,
// index entries and files. The desk gives it by itself, see [Erased].
type ConfirmPurge struct {
	Order   string `json:"order"`
	Subject string `json:"subject"`
	Machine string `json:"machine"`
	Kept    bool   `json:"kept,omitempty"` // the paper itself is still here, on other grounds
}

func (*ConfirmPurge) Kind() string      { return "approval.confirm_purge@1" }
func (x *ConfirmPurge) Locks() []string { return lockSubject(x.Subject) }

// Run notes that the machine has answered. Again is no change. CodeNotPermitted
// for anybody but the reader.
func (x *ConfirmPurge) Run(tx office.Tx, c office.Context) error {
	for _, f := range []struct{ name, id string }{{"order", x.Order}, {"subject", x.Subject}, {"machine", x.Machine}} {
		if err := office.CheckID(f.name, f.id); err != nil {
			return err
		}
	}
	o, err := PurgeOrders.Need(tx, x.Order)
	if err != nil {
		return err
	}
	if o.To != c.Actor {
		return &office.Error{Code: office.CodeNotPermitted}
	}
	if o.Subject != x.Subject {
		return office.Invalid("subject", "the order is about another paper")
	}
	if slices.Contains(o.Answered, x.Machine) {
		return nil
	}
	return PurgeOrders.Patch(tx, x.Order, office.Fields{"answered": append(o.Answered, x.Machine)})
}

// afterConfirm enters the confirmation under the machine it came from, which is
// what the server says, not the command.
func afterConfirm(tx office.Tx, c office.Context, x *ConfirmPurge, effects Effects) error {
	o, err := PurgeOrders.Need(tx, x.Order)
	if err != nil {
		return err
	}
	machine := x.Machine
	if effects.From != nil {
		if from := effects.From(tx); from != "" {
			machine = from
		}
	}
	id := purgeDeskID(o.Purge, machine)
	d, at, err := PurgeDesks.Get(tx, id)
	if err != nil || at != office.Present || d.State != PurgeOpen { // nobody waits for it
		return err
	}
	if err := PurgeDesks.Patch(tx, id, office.Fields{"state": PurgeGone, "kept": x.Kept, "at": office.Millis(c.Now), "claimed": office.Millis(c.Claimed)}); err != nil {
		return err
	}
	return purgeDone(tx, c, o.Purge)
}

// LoseMachine says that a machine was revoked: what it was asked to confirm, it
// never will.
type LoseMachine struct {
	Machine string `json:"machine"`
}

func (*LoseMachine) Kind() string      { return "approval.lose_machine@1" }
func (x *LoseMachine) Locks() []string { return []string{"machine:" + x.Machine} }

// Run marks it wherever it is waited for. CodeNotPermitted for anybody but the system.
func (x *LoseMachine) Run(tx office.Tx, c office.Context) error {
	if c.Actor != office.System {
		return &office.Error{Code: office.CodeNotPermitted}
	}
	if err := office.CheckID("machine", x.Machine); err != nil {
		return err
	}
	list, err := PurgeDesks.All(tx, office.Query{View: "machine", Where: []office.Cond{office.Where("machine", x.Machine), office.Where("state", PurgeOpen)}})
	if err != nil {
		return err
	}
	for _, d := range list {
		if err := PurgeDesks.Patch(tx, d.ID, office.Fields{"state": PurgeLost, "at": office.Millis(c.Now)}); err != nil {
			return err
		}
	}
	return nil
}

// Erased are the confirmations that a desk owes: for each order that asks this
// machine, is not answered by it and names copies of which it holds none any
// more. The caller has erased what a pull took away before it asks.
func Erased(list func(office.Query) ([]office.Record, error), holds func(kind, id string) (bool, error), who office.UserID, machine string) ([]office.Command, error) {
	rs, err := list(office.Query{Kind: PurgeOrders.Name, View: "mine", Where: []office.Cond{office.Where("to", string(who))}})
	if err != nil {
		return nil, err
	}
	var out []office.Command
	for _, r := range rs {
		var o PurgeOrder
		if err := r.Decode(&o); err != nil {
			return nil, err
		}
		if !slices.Contains(o.Ask, machine) || slices.Contains(o.Answered, machine) {
			continue
		}
		held := false
		for _, k := range o.Copies {
			here, err := holds(Copies.Name, k)
			if err != nil {
				return nil, err
			}
			held = held || here
		}
		if held {
			continue
		}
		kept, err := holds(o.SubjectKind, o.Subject)
		if err != nil {
			return nil, err
		}
		out = append(out, &ConfirmPurge{Order: r.ID, Subject: o.Subject, Machine: machine, Kept: kept})
	}
	return out, nil
}
