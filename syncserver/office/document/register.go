package document

import (
	"qianshao/syncserver/office"
	"qianshao/syncserver/office/directory"
)

// RoleRegistrar is the role of the 收发员 of 秘书一科: only they register what
// comes in (归口, L13).
const RoleRegistrar = "registrar"

// Register enters a 收文. The server gives its number at once; off line it is
// 编号待分配.
type Register struct {
	ID          string          `json:"id"`
	Series      string          `json:"series"`
	Genre       string          `json:"genre"`
	Title       string          `json:"title"`
	From        string          `json:"from"`
	FromNumber  string          `json:"from_number,omitempty"`
	Received    int64           `json:"received"` // Millis
	Copies      int             `json:"copies,omitempty"`
	Level       string          `json:"level,omitempty"`
	Urgency     string          `json:"urgency,omitempty"`
	Handling    string          `json:"handling,omitempty"`
	Limit       int64           `json:"limit,omitempty"`
	Note        string          `json:"note,omitempty"`
	Unit        string          `json:"unit,omitempty"`
	Leaders     []office.UserID `json:"leaders,omitempty"`
	Undertakers []office.UserID `json:"undertakers,omitempty"`
	Blocks      []Block         `json:"blocks,omitempty"`
}

func (*Register) Kind() string      { return "document.register@1" }
func (x *Register) Locks() []string { return append(lockPaper(x.ID), "series:"+x.Series) }

// Run makes the paper. CodeNotPermitted for anybody but a 收发员; otherwise as
// DraftPaper.Run. A paper that seems to be registered already is no refusal:
// the view "duplicates" tells before the act.
func (x *Register) Run(tx office.Tx, c office.Context) error {
	me, err := creator(tx, c.Actor)
	if err != nil {
		return err
	}
	if !me.HasRole(RoleRegistrar) {
		return &office.Error{Code: office.CodeNotPermitted, Message: "归口登记"}
	}
	if err := office.CheckID("series", x.Series); err != nil {
		return err
	}
	if err := office.CheckLine("from", x.From, 1, maxName); err != nil {
		return err
	}
	if x.Received == 0 {
		return office.Invalid("received", "the day it came is needed")
	}
	h := Header{
		Direction: Incoming, Genre: x.Genre, Title: x.Title, From: x.From, FromNumber: x.FromNumber, Received: x.Received,
		Copies: x.Copies, Level: x.Level, Urgency: x.Urgency, Handling: x.Handling, Limit: x.Limit, Note: x.Note,
		Unit: x.Unit, Drafter: c.Actor, Leaders: x.Leaders, Undertakers: x.Undertakers, Series: x.Series,
		NumberState: NumberPending,
	}
	if err := create(tx, c, x.ID, me, h, x.Blocks); err != nil {
		return err
	}
	tx.Note(office.NoteNumber)
	return nil
}

// Duplicates finds incoming papers with the same sender and number: a warning
// before a second registration. A desk finds those it holds.
func Duplicates(tx office.Tx, from, number string) ([]office.Item[Header], error) {
	if from == "" || number == "" {
		return nil, nil
	}
	return Headers.List(tx, office.Query{
		View: "duplicates", Where: []office.Cond{office.Where("from", from), office.Where("from_number", number)},
		Order: "received", Desc: true, Limit: 20,
	})
}

// PutSeries makes or changes a number series and, with Next, says what its next
// number of the year is: only upwards, for a number is never given twice. The
// system and the system administrator may.
type PutSeries struct {
	ID        string `json:"id"`
	Code      string `json:"code"`
	Name      string `json:"name"`
	Direction string `json:"direction"`
	Style     string `json:"style"`
	Order     int    `json:"order,omitempty"`
	Year      int    `json:"year,omitempty"`
	Next      int    `json:"next,omitempty"`

	Continuous bool   `json:"continuous,omitempty"`
	YearBy     string `json:"year_by,omitempty"`
	Reserve    bool   `json:"reserve,omitempty"`
	Fill       bool   `json:"fill,omitempty"`
	Void       bool   `json:"void,omitempty"`
	Words      string `json:"words,omitempty"` // why numbers are passed over, where Next passes some over
}

func (*PutSeries) Kind() string      { return "document.put_series@1" }
func (x *PutSeries) Locks() []string { return []string{"series:" + x.ID} }

// Run stores the series. CodeExists if its code names another one.
func (x *PutSeries) Run(tx office.Tx, c office.Context) error {
	if err := x.check(); err != nil {
		return err
	}
	if c.Actor != office.System {
		ok, err := directory.HasRole(tx, c.Actor, directory.RoleSysAdmin)
		if err != nil {
			return err
		}
		if !ok {
			return &office.Error{Code: office.CodeNotPermitted}
		}
	}
	same, err := AllSeries.List(tx, office.Query{View: "code", Where: []office.Cond{office.Where("code", x.Code)}})
	if err != nil {
		return err
	}
	for _, s := range same {
		if s.ID != x.ID {
			return &office.Error{Code: office.CodeExists, Field: "code", Message: s.ID}
		}
	}
	if err := x.put(tx); err != nil || x.Next == 0 {
		return err
	}
	return x.setNext(tx, c)
}

func (x *PutSeries) put(tx office.Tx) error {
	s := Series{
		Code: x.Code, Name: x.Name, Direction: x.Direction, Style: x.Style, Order: x.Order,
		Continuous: x.Continuous, YearBy: x.YearBy, Reserve: x.Reserve, Fill: x.Fill, Void: x.Void,
	}
	old, at, err := AllSeries.Get(tx, x.ID)
	switch {
	case err != nil:
		return err
	case at == office.Elsewhere:
		return office.ErrElsewhere()
	case at == office.Absent:
		return AllSeries.Insert(tx, x.ID, s)
	case old.Direction != s.Direction:
		return office.Invalid("direction", "a series keeps its direction")
	case old.Continuous != s.Continuous:
		return office.Invalid("continuous", "a series keeps its way of counting")
	}
	return AllSeries.Patch(tx, x.ID, office.Fields{
		"code": s.Code, "name": s.Name, "style": s.Style, "order": s.Order, "year_by": text(s.YearBy),
		"reserve": flag(s.Reserve), "fill": flag(s.Fill), "void": flag(s.Void),
	})
}

// text and flag are values as fields of a record: what is empty is no field.
func text(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func flag(b bool) any {
	if !b {
		return nil
	}
	return true
}

// setNext puts the counter forward; what it passes over goes into the ledger of
// gaps. Numbers before a counter's first are those given before this system.
func (x *PutSeries) setNext(tx office.Tx, c office.Context) error {
	year := x.Year
	if x.Continuous {
		year = 0
	}
	id := counterID(x.ID, year)
	k, at, err := Counters.Get(tx, id)
	switch {
	case err != nil:
		return err
	case at == office.Elsewhere:
		return office.ErrElsewhere()
	case at == office.Absent:
		if err := Counters.Insert(tx, id, Counter{Series: x.ID, Year: year, Next: x.Next}); err != nil {
			return err
		}
		return passOver(tx, c, x.ID, year, 1, x.Next-1, GapBefore, x.Words)
	case x.Next < k.Next:
		return office.Invalid("next", "the next number is %d already", k.Next)
	case x.Next == k.Next:
		return nil
	case x.Words == "":
		return office.Invalid("words", "numbers %d to %d are passed over: say why", k.Next, x.Next-1)
	}
	if err := Counters.Patch(tx, id, office.Fields{"next": x.Next}); err != nil {
		return err
	}
	return passOver(tx, c, x.ID, year, k.Next, x.Next-1, GapSkipped, x.Words)
}

func (x *PutSeries) check() error {
	if err := office.CheckID("id", x.ID); err != nil {
		return err
	}
	if len(x.ID) > 40 { // the counter's id is longer
		return office.Invalid("id", "at most 40 characters")
	}
	if err := office.CheckLine("code", x.Code, 1, 12); err != nil {
		return err
	}
	if err := office.CheckLine("name", x.Name, 1, 60); err != nil {
		return err
	}
	switch x.Style {
	case StyleOfficial, StyleOrder, StyleRegister:
	default:
		return office.Invalid("style", "%q is no style of number", x.Style)
	}
	switch x.Direction {
	case Outgoing, Incoming, Internal:
	default:
		return office.Invalid("direction", "%q is no direction", x.Direction)
	}
	if x.YearBy != "" && x.YearBy != YearBySigned {
		return office.Invalid("year_by", "%q is no way to tell the year", x.YearBy)
	}
	if err := office.CheckLine("words", x.Words, 0, maxNote); err != nil {
		return err
	}
	if x.Order < 0 || x.Order > 1_000_000 {
		return office.Invalid("order", "0 to 1000000")
	}
	if (x.Next == 0) != (x.Year == 0) || x.Next < 0 || x.Next > maxSeriesNo || x.Year != 0 && (x.Year < 1949 || x.Year > 2100) {
		return office.Invalid("next", "a year and a number from 1 to %d", maxSeriesNo)
	}
	return nil
}
