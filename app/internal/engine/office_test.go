package engine_test

import (
	"bytes"
	"encoding/json"
	"slices"

	"qianshao/syncserver/office"
)

// A small office of the tests' own: notes that people share, lines under them,
// secret lines for the author alone.

type note struct {
	Title string          `json:"title"`
	N     int64           `json:"n"`
	To    []office.UserID `json:"to"`
	By    office.UserID   `json:"by"`
	State string          `json:"state"`
	At    int64           `json:"at"`
	Text  string          `json:"text,omitempty"`
}

type line struct {
	Text string `json:"text"`
}

var notes = office.Of[note]{Kind: &office.Kind{
	Name: "t.note", Lane: office.LaneHeaders, Residence: office.ResidentAlways,
	Fields: []office.Field{{Name: "title", Type: office.Text}, {Name: "n", Type: office.Int}, {Name: "state", Type: office.Text}},
	Views: []office.View{
		{Name: "state", By: []string{"state"}, Filters: []string{"n"}, Orders: []string{"title"}},
		{Name: "all", Orders: []string{"n"}},
	},
	Search: []string{"title"}, Title: "title",
	Merge: map[string]office.Merge{"state": office.MergeLast},
	Audience: func(r office.Record) ([]office.Channel, error) {
		var v note
		if err := r.Decode(&v); err != nil {
			return nil, err
		}
		return office.To(append(v.To, v.By)...), nil
	},
}}

var lines = office.Of[line]{Kind: &office.Kind{
	Name: "t.line", Parent: "t.note", Lane: office.LaneBodies, Residence: office.ResidentAlways,
	Fields: []office.Field{{Name: "text", Type: office.Text}},
	Views:  []office.View{{Name: "of", By: []string{"root"}, Orders: []string{"text"}}},
	Search: []string{"text"}, Title: "text",
}}

func mustKinds() *office.Kinds {
	ks, err := office.NewKinds(office.Conflicts.Kind, notes.Kind, lines.Kind)
	if err != nil {
		panic(err)
	}
	return ks
}

// make makes a note.
type makeNote struct {
	ID    string          `json:"id"`
	Title string          `json:"title"`
	State string          `json:"state,omitempty"`
	To    []office.UserID `json:"to,omitempty"`
	Text  string          `json:"text,omitempty"`
}

func (*makeNote) Kind() string    { return "t.make@1" }
func (*makeNote) Locks() []string { return nil }
func (x *makeNote) Run(tx office.Tx, c office.Context) error {
	if x.Title == "" {
		return office.Invalid("title", "a title is needed")
	}
	return notes.Insert(tx, x.ID, note{Title: x.Title, State: x.State, To: x.To, By: c.Actor, At: office.Millis(c.Claimed), Text: x.Text})
}

// add adds to a note's number: twice is not once.
type add struct {
	ID string `json:"id"`
	By int64  `json:"by"`
}

func (*add) Kind() string    { return "t.add@1" }
func (*add) Locks() []string { return nil }
func (x *add) Run(tx office.Tx, _ office.Context) error {
	v, err := notes.Need(tx, x.ID)
	if err != nil {
		return err
	}
	return notes.Patch(tx, x.ID, office.Fields{"n": v.N + x.By})
}

// edit merges fields.
type edit struct {
	ID      string          `json:"id"`
	Changes []office.Change `json:"changes"`
}

func (*edit) Kind() string    { return "t.edit@1" }
func (*edit) Locks() []string { return nil }
func (x *edit) Run(tx office.Tx, c office.Context) error {
	_, err := notes.MergeFields(tx, c, x.ID, x.Changes, "title", "state")
	return err
}

// share sets who sees a note.
type share struct {
	ID string          `json:"id"`
	To []office.UserID `json:"to"`
}

func (*share) Kind() string    { return "t.share@1" }
func (*share) Locks() []string { return nil }
func (x *share) Run(tx office.Tx, _ office.Context) error {
	return notes.Patch(tx, x.ID, office.Fields{"to": x.To})
}

// write adds a line under a note.
type write struct {
	ID   string `json:"id"`
	Note string `json:"note"`
	Text string `json:"text"`
}

func (*write) Kind() string    { return "t.write@1" }
func (*write) Locks() []string { return nil }
func (x *write) Run(tx office.Tx, _ office.Context) error {
	if _, err := notes.Need(tx, x.Note); err != nil {
		return err
	}
	return lines.InsertUnder(tx, x.Note, x.ID, line{Text: x.Text})
}

// drop deletes a note with its lines.
type drop struct {
	ID string `json:"id"`
}

func (*drop) Kind() string                               { return "t.drop@1" }
func (*drop) Locks() []string                            { return nil }
func (x *drop) Run(tx office.Tx, _ office.Context) error { return notes.Delete(tx, x.ID) }

// tally counts the notes of a state into a note: it reads by a scan.
type tally struct {
	ID    string `json:"id"`
	State string `json:"state"`
}

func (*tally) Kind() string    { return "t.tally@1" }
func (*tally) Locks() []string { return nil }
func (x *tally) Run(tx office.Tx, _ office.Context) error {
	is, err := notes.List(tx, office.Query{View: "state", Where: []office.Cond{office.Where("state", x.State)}})
	if err != nil {
		return err
	}
	sum := int64(len(is))
	for _, i := range is {
		sum += 10 * i.Value.N
	}
	return notes.Patch(tx, x.ID, office.Fields{"n": sum})
}

// move takes from one note and gives to another; it writes first and refuses
// after.
type move struct {
	From string `json:"from"`
	Into string `json:"into"`
	N    int64  `json:"n"`
}

func (*move) Kind() string    { return "t.move@1" }
func (*move) Locks() []string { return nil }
func (x *move) Run(tx office.Tx, c office.Context) error {
	if err := (&add{ID: x.Into, By: x.N}).Run(tx, c); err != nil {
		return err
	}
	if err := (&add{ID: x.From, By: -x.N}).Run(tx, c); err != nil {
		return err
	}
	v, err := notes.Need(tx, x.From)
	if err != nil {
		return err
	}
	if v.N < 0 {
		return &office.Error{Code: office.CodeState, Message: "too little"}
	}
	return nil
}

// copyTitle writes one note's title into another.
type copyTitle struct {
	From string `json:"from"`
	Into string `json:"into"`
}

func (*copyTitle) Kind() string    { return "t.copy@1" }
func (*copyTitle) Locks() []string { return nil }
func (x *copyTitle) Run(tx office.Tx, _ office.Context) error {
	v, err := notes.Need(tx, x.From)
	if err != nil {
		return err
	}
	return notes.Patch(tx, x.Into, office.Fields{"title": v.Title})
}

// boom panics, on the desk only if told so.
type boom struct {
	ID string `json:"id"`
}

func (*boom) Kind() string                        { return "t.boom@1" }
func (*boom) Locks() []string                     { return nil }
func (*boom) Run(office.Tx, office.Context) error { panic("boom") }

// book decodes the office's commands, strictly.
type book struct{}

var commands = []func() office.Command{
	func() office.Command { return new(makeNote) }, func() office.Command { return new(add) }, func() office.Command { return new(edit) },
	func() office.Command { return new(share) }, func() office.Command { return new(write) }, func() office.Command { return new(drop) },
	func() office.Command { return new(tally) }, func() office.Command { return new(move) }, func() office.Command { return new(copyTitle) },
	func() office.Command { return new(boom) }, func() office.Command { return new(office.CloseConflict) },
}

func (book) Run(tx office.Tx, c office.Context, cmd office.Command) error { return cmd.Run(tx, c) }

func (book) Decode(kind string, args json.RawMessage) (office.Command, error) {
	i := slices.IndexFunc(commands, func(f func() office.Command) bool { return f().Kind() == kind })
	if i < 0 {
		return nil, &office.Error{Code: office.CodeUnknown, Message: kind}
	}
	cmd := commands[i]()
	d := json.NewDecoder(bytes.NewReader(args))
	d.DisallowUnknownFields()
	if err := d.Decode(cmd); err != nil {
		return nil, office.Invalid("args", "%v", err)
	}
	return cmd, nil
}

func creates(kind string) bool { return kind == "t.make@1" || kind == "t.write@1" }

func raw(v any) json.RawMessage {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return b
}
