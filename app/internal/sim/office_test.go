package sim

import (
	"fmt"
	"slices"

	"qianshao/syncserver/office"
)

// The simulation's own rooms. The real ones make hardly any command whose
// effect shows twice when it happens twice, and none that writes and then
// refuses; these do.

// note is a root whose audience is a field.
type note struct {
	Owner office.UserID    `json:"owner"`
	Chans []office.Channel `json:"chans"`
	N     int64            `json:"n"`   // counted by add
	Log   []string         `json:"log"` // the mids that changed N, in their order
	Tail  string           `json:"tail,omitempty"`
}

// part is a child of a note, in another lane.
type part struct {
	Text string           `json:"text"`
	Only []office.Channel `json:"only,omitempty"` // narrows
	No   int64            `json:"no"`
}

var notes = office.Of[note]{Kind: &office.Kind{
	Name: "sim.note", Lane: office.LaneHeaders, Residence: office.ResidentAlways,
	Fields: []office.Field{{Name: "owner", Type: office.Text}, {Name: "n", Type: office.Int}},
	Views: []office.View{
		{Name: "all", Filters: []string{"owner", "n"}, Orders: []string{"n"}},
		{Name: "of", By: []string{"owner"}, Orders: []string{"n"}},
	},
	Title: "tail", Search: []string{"tail"},
	Audience: func(r office.Record) ([]office.Channel, error) {
		var n note
		err := r.Decode(&n)
		return append(office.To(n.Owner), n.Chans...), err
	},
}}

var parts = office.Of[part]{Kind: &office.Kind{
	Name: "sim.part", Parent: "sim.note", Lane: office.LaneBodies, Residence: office.ResidentAlways,
	Fields: []office.Field{{Name: "no", Type: office.Int}},
	Views:  []office.View{{Name: "of", By: []string{"root"}, Orders: []string{"no"}}},
	Search: []string{"text"},
	Narrow: func(r office.Record) ([]office.Channel, error) {
		var p part
		if err := r.Decode(&p); err != nil {
			return nil, err
		}
		if len(p.Only) == 0 {
			return everybody, nil
		}
		return p.Only, nil
	},
}}

// everybody are all channels there are in the simulation.
var everybody = []office.Channel{"org", "unit:x", "unit:y", "post:p", "u:a", "u:b", "u:c"}

func simKinds() []*office.Kind {
	return []*office.Kind{notes.Kind, parts.Kind, leaves.Kind, dates.Kind}
}

func simSpecs() []office.Spec {
	return append(fileSpecs(), []office.Spec{
		{Kind: "sim.make@1", New: func() office.Command { return new(makeNote) }, Class: office.Queued, Creates: true},
		{Kind: "sim.add@1", New: func() office.Command { return new(add) }, Class: office.Queued},
		{Kind: "sim.share@1", New: func() office.Command { return new(share) }, Class: office.Queued},
		{Kind: "sim.drop@1", New: func() office.Command { return new(drop) }, Class: office.Queued},
		{Kind: "sim.late@1", New: func() office.Command { return new(lateRefusal) }, Class: office.Queued},
		{Kind: "sim.pair@1", New: func() office.Command { return new(pair) }, Class: office.Queued},
		{Kind: "sim.count@1", New: func() office.Command { return new(count) }, Class: office.Queued},
		{Kind: "sim.put_part@1", New: func() office.Command { return new(putPart) }, Class: office.Queued},
	}...)
}

// makeNote makes a note with parts.
type makeNote struct {
	ID    string           `json:"id"`
	Chans []office.Channel `json:"chans"`
	Parts int              `json:"parts"`
	Tail  string           `json:"tail,omitempty"`
}

func (*makeNote) Kind() string      { return "sim.make@1" }
func (x *makeNote) Locks() []string { return []string{"note:" + x.ID} }
func (x *makeNote) Run(tx office.Tx, c office.Context) error {
	if err := notes.Insert(tx, x.ID, note{Owner: c.Actor, Chans: x.Chans, Log: []string{}, Tail: x.Tail}); err != nil {
		return err
	}
	for i := range x.Parts {
		if err := parts.InsertUnder(tx, x.ID, c.NewID(fmt.Sprint("part", i)), part{Text: "起", No: int64(i)}); err != nil {
			return err
		}
	}
	return nil
}

// add counts; done twice it shows.
type add struct {
	ID string `json:"id"`
	By int64  `json:"by"`
}

func (*add) Kind() string                               { return "sim.add@1" }
func (x *add) Locks() []string                          { return []string{"note:" + x.ID} }
func (x *add) Run(tx office.Tx, c office.Context) error { return bump(tx, c, x.ID, x.By) }

func bump(tx office.Tx, c office.Context, id string, by int64) error {
	n, err := notes.Need(tx, id)
	if err != nil {
		return err
	}
	return notes.Patch(tx, id, office.Fields{"n": n.N + by, "log": append(slices.Clone(n.Log), c.Mid)})
}

// share sets who sees a note: grants and revocations.
type share struct {
	ID    string           `json:"id"`
	Chans []office.Channel `json:"chans"`
}

func (*share) Kind() string      { return "sim.share@1" }
func (x *share) Locks() []string { return []string{"note:" + x.ID} }
func (x *share) Run(tx office.Tx, c office.Context) error {
	if _, err := notes.Need(tx, x.ID); err != nil {
		return err
	}
	return notes.Patch(tx, x.ID, office.Fields{"chans": x.Chans})
}

// drop removes a note and its parts.
type drop struct {
	ID string `json:"id"`
}

func (*drop) Kind() string                               { return "sim.drop@1" }
func (x *drop) Locks() []string                          { return []string{"note:" + x.ID} }
func (x *drop) Run(tx office.Tx, c office.Context) error { return notes.Delete(tx, x.ID) }

// lateRefusal writes first and refuses then, if the note is not as it was seen.
type lateRefusal struct {
	ID   string `json:"id"`
	Seen int64  `json:"seen"`
}

func (*lateRefusal) Kind() string      { return "sim.late@1" }
func (x *lateRefusal) Locks() []string { return []string{"note:" + x.ID} }
func (x *lateRefusal) Run(tx office.Tx, c office.Context) error {
	n, err := notes.Need(tx, x.ID)
	if err != nil {
		return err
	}
	if err := bump(tx, c, x.ID, 1000); err != nil {
		return err
	}
	if err := parts.InsertUnder(tx, x.ID, c.NewID("late"), part{Text: "迟", No: 99}); err != nil {
		return err
	}
	// A list makes the server write what it has before it answers.
	if _, err := parts.List(tx, office.Query{View: "of", Where: []office.Cond{office.Where("root", x.ID)}}); err != nil {
		return err
	}
	if n.N != x.Seen {
		return office.Errorf(office.CodeState, "n is %d", n.N)
	}
	return nil
}

// pair changes two notes or none.
type pair struct {
	From string `json:"from"`
	To   string `json:"to"`
}

func (*pair) Kind() string      { return "sim.pair@1" }
func (x *pair) Locks() []string { return []string{"note:" + x.From, "note:" + x.To} }
func (x *pair) Run(tx office.Tx, c office.Context) error {
	if x.From == x.To {
		return office.Invalid("to", "the same")
	}
	if err := bump(tx, c, x.From, -1); err != nil {
		return err
	}
	return bump(tx, c, x.To, 1)
}

// count writes what a list says: its effect depends on rows it does not name.
type count struct {
	ID    string        `json:"id"`
	Owner office.UserID `json:"owner"`
}

func (*count) Kind() string      { return "sim.count@1" }
func (x *count) Locks() []string { return []string{"note:" + x.ID} }
func (x *count) Run(tx office.Tx, c office.Context) error {
	if _, err := notes.Need(tx, x.ID); err != nil {
		return err
	}
	ns, err := notes.List(tx, office.Query{View: "of", Where: []office.Cond{office.Where("owner", x.Owner)}})
	if err != nil {
		return err
	}
	var sum int64
	for _, n := range ns {
		if n.ID != x.ID {
			sum += n.Value.N + 1
		}
	}
	return notes.Patch(tx, x.ID, office.Fields{"tail": fmt.Sprintf("%s 共 %d", x.Owner, sum)})
}

// putPart writes a part, making it if need be, and narrows who sees it.
type putPart struct {
	ID   string           `json:"id"` // the note
	Part string           `json:"part"`
	Text string           `json:"text"`
	Only []office.Channel `json:"only"`
}

func (*putPart) Kind() string      { return "sim.put_part@1" }
func (x *putPart) Locks() []string { return []string{"note:" + x.ID} }
func (x *putPart) Run(tx office.Tx, c office.Context) error {
	if _, err := notes.Need(tx, x.ID); err != nil {
		return err
	}
	p, at, err := parts.Get(tx, x.Part)
	if err != nil {
		return err
	}
	if at == office.Present {
		only := x.Only
		if only == nil {
			only = []office.Channel{}
		}
		return parts.Patch(tx, x.Part, office.Fields{"text": p.Text + x.Text, "only": only})
	}
	return parts.InsertUnder(tx, x.ID, x.Part, part{Text: x.Text, Only: x.Only, No: 50})
}
