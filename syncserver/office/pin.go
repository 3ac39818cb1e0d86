package office

// A Pin keeps one record, and what lies under it, on its owner's desks after it
// would have left them, as long as the owner may read it. Pins are the owner's
// alone.
type Pin struct {
	Owner UserID `json:"owner"`
	Kind  string `json:"kind"`  // of a root
	ID    string `json:"id_of"` // the record
	Title string `json:"title,omitempty"`
	At    int64  `json:"at"`
}

// Pins are everybody's pins.
var Pins = Of[Pin]{&Kind{
	Name: "office.pin", Lane: LaneTasks, Residence: ResidentAlways,
	Fields: []Field{{"owner", Text}, {"kind", Text}, {"id_of", Text}, {"at", Time}},
	Views: []View{
		{Name: "mine", By: []string{"owner"}, Filters: []string{"kind", "id_of"}, Orders: []string{"at"}},
		{Name: "record", By: []string{"kind", "id_of"}, Filters: []string{"owner"}, Orders: []string{"at"}},
	},
	Title: "title",
	Audience: func(r Record) ([]Channel, error) {
		var p Pin
		err := r.Decode(&p)
		return To(p.Owner), err
	},
}}

// MaxPins is how many records one person may pin.
const MaxPins = 500

// PinID is the id of the one pin of a person on a record.
func PinID(owner UserID, kind, id string) string {
	return DeriveID("pin", string(owner), kind, id)
}

// pinLocks: who may read a record is decided while nobody's posts change;
// package directory takes the same.
func pinLocks() []string { return []string{"dir:all"} }

// SetPin pins a record for its actor.
type SetPin struct {
	Of     string `json:"kind"` // of a root
	Record string `json:"record"`
	Title  string `json:"title,omitempty"` // to show it while the record is not here
}

func (*SetPin) Kind() string    { return "pin.set@1" }
func (*SetPin) Locks() []string { return pinLocks() }

// Run makes the pin; one that is there already stays. It says nothing of whether
// the record exists. CodeTooLarge above MaxPins.
func (x *SetPin) Run(tx Tx, c Context) error {
	if !kindName.MatchString(x.Of) {
		return Invalid("kind", "not a kind")
	}
	if err := CheckID("record", x.Record); err != nil {
		return err
	}
	if err := CheckLine("title", x.Title, 0, 300); err != nil {
		return err
	}
	id := PinID(c.Actor, x.Of, x.Record)
	if _, at, err := Pins.Get(tx, id); err != nil || at == Present {
		return err
	}
	mine, err := Pins.List(tx, Query{View: "mine", Where: []Cond{Where("owner", c.Actor)}, Limit: MaxPins})
	if err != nil {
		return err
	}
	if len(mine) >= MaxPins {
		return &Error{Code: CodeTooLarge, Message: "钉住的材料已达 500 件"}
	}
	return Pins.Insert(tx, id, Pin{Owner: c.Actor, Kind: x.Of, ID: x.Record, Title: x.Title, At: Millis(c.Now)})
}

// ClearPin takes a pin of its actor off.
type ClearPin struct {
	Of     string `json:"kind"`
	Record string `json:"record"`
}

func (*ClearPin) Kind() string    { return "pin.clear@1" }
func (*ClearPin) Locks() []string { return pinLocks() }

// Run removes the pin, if there is one.
func (x *ClearPin) Run(tx Tx, c Context) error {
	if !kindName.MatchString(x.Of) {
		return Invalid("kind", "not a kind")
	}
	if err := CheckID("record", x.Record); err != nil {
		return err
	}
	id := PinID(c.Actor, x.Of, x.Record)
	_, at, err := Pins.Get(tx, id)
	switch {
	case err != nil:
		return err
	case at == Elsewhere:
		return ErrElsewhere()
	case at == Absent:
		return nil
	}
	return Pins.Delete(tx, id)
}
