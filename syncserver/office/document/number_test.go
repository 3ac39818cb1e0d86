package document_test

import (
	"testing"
	"time"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/document"
)

func (b *bench) allocate(doc string, signed, reviewed bool) (office.Code, error) {
	c := b.context("ma")
	out, err := b.mem.Update(func(tx office.Tx) error {
		tx.Note(office.NoteNumber)
		return document.Allocate(tx, c, doc, signed, reviewed)
	})
	return out.Note, err
}

func (b *bench) number(doc string) string {
	r, _ := b.mem.Get(document.Headers.Name, doc)
	var h document.Header
	if err := r.Decode(&h); err != nil {
		b.t.Fatal(err)
	}
	return h.Number
}

// TestNumber: only after 签发 and 复核 (L11), once for ever, one after the other,
// each year from 1 by the clock of China, never one twice.
func TestNumber(t *testing.T) {
	b := newBench(t)
	b.now = time.Date(2026, 12, 31, 15, 0, 0, 0, time.UTC) // 23:00 in China
	for _, d := range []string{"d1", "d2", "d3", "d4"} {
		x := draft()
		x.ID = d
		b.ok("li", x)
	}
	for _, x := range []struct{ signed, reviewed bool }{{false, false}, {true, false}, {false, true}} {
		if _, err := b.allocate("d1", x.signed, x.reviewed); office.CodeOf(err) != office.CodeState {
			t.Errorf("%+v: %v", x, err)
		}
	}
	if b.number("d1") != "" {
		t.Fatal("numbered without signature")
	}
	for range 2 {
		if note, err := b.allocate("d1", true, true); err != nil || note != "" || b.number("d1") != "清政办发〔2026〕21号" {
			t.Errorf("%q %v %q", note, err, b.number("d1"))
		}
	}
	if _, err := b.allocate("d2", true, true); err != nil || b.number("d2") != "清政办发〔2026〕22号" {
		t.Errorf("%v %q", err, b.number("d2"))
	}
	b.now = time.Date(2026, 12, 31, 16, 0, 0, 0, time.UTC) // 00:00 in China
	if _, err := b.allocate("d3", true, true); err != nil || b.number("d3") != "清政办发〔2027〕1号" {
		t.Errorf("%v %q", err, b.number("d3"))
	}
	h := b.header()
	if h.NumberState != document.NumberGiven || h.NumberSeries != "qzbf" || h.NumberYear != 2026 || h.NumberN != 21 {
		t.Errorf("%+v", h)
	}
	if n := len(b.mem.All(document.Numbers.Name)); n != 3 {
		t.Errorf("%d entries in the ledger", n)
	}
	b.refused("li", edit("series", "qzbf", ""), office.CodeState)
	// A counter that was set back by force cannot give a number twice.
	b.update(func(tx office.Tx) error {
		return document.Counters.Patch(tx, "qzbf.2027", office.Fields{"next": 1})
	})
	if _, err := b.allocate("d4", true, true); office.CodeOf(err) != office.CodeExists || b.number("d4") != "" {
		t.Errorf("%v %q", err, b.number("d4"))
	}
	b.update(func(tx office.Tx) error { return document.Headers.Patch(tx, "d4", office.Fields{"series": nil}) })
	if _, err := b.allocate("d4", true, true); office.CodeOf(err) != office.CodeState {
		t.Errorf("no series: %v", err)
	}
}

// TestRegister: R1, R2. A 收文 that was received waits for its number on the desk and
// gets it on the server; from whom and when it came must be said.
func TestRegister(t *testing.T) {
	b := newBench(t)
	if note := b.ok("ding", register()); note != office.NoteNumber {
		t.Errorf("note %q", note)
	}
	h := b.header()
	if h.Direction != document.Incoming || h.NumberState != document.NumberPending || h.Number != "" || h.Drafter != "ding" || h.Unit != "yi" {
		t.Errorf("%+v", h)
	}
	if note, err := b.allocate(id, false, false); err != nil || note != "" || b.number(id) != "上收〔2026〕0001" {
		t.Errorf("%q %v %q", note, err, b.number(id))
	}
	for field, x := range map[string]func(r *document.Register){
		"from": func(r *document.Register) { r.From = "" }, "received": func(r *document.Register) { r.Received = 0 },
		"series": func(r *document.Register) { r.Series = "qzbf" }, "handling": func(r *document.Register) { r.Handling = "急件" },
	} {
		r := register()
		r.ID = "d2"
		x(r)
		_, err := b.do("ding", r)
		if e := office.AsError(err); e == nil || e.Code != office.CodeInvalid || e.Field != field {
			t.Errorf("%s: %v", field, err)
		}
	}
}

// TestDuplicates: the same sender and number once more is a warning before the act.
func TestDuplicates(t *testing.T) {
	b := newBench(t)
	b.ok("ding", register())
	other := register()
	other.ID, other.FromNumber = "d2", "岚建函〔2026〕119号"
	b.ok("ding", other)
	b.update(func(tx office.Tx) error {
		same, err := document.Duplicates(tx, register().From, register().FromNumber)
		if err != nil || len(same) != 1 || same[0].ID != id {
			t.Errorf("%+v %v", same, err)
		}
		none, err := document.Duplicates(tx, register().From, "")
		if err != nil || len(none) != 0 {
			t.Errorf("papers without a number are no duplicates: %+v %v", none, err)
		}
		return nil
	})
}

func TestPutSeries(t *testing.T) {
	b := newBench(t)
	put := func() *document.PutSeries {
		return &document.PutSeries{ID: "qzbf", Code: "清政办发", Name: "办公室文件", Direction: document.Outgoing, Style: document.StyleOfficial, Year: 2026, Next: 30, Words: "旧系统已用"}
	}
	for _, x := range []struct {
		field string
		code  office.Code
		spoil func(s *document.PutSeries)
	}{
		{"id", office.CodeInvalid, func(s *document.PutSeries) { s.ID = "A B" }},
		{"code", office.CodeInvalid, func(s *document.PutSeries) { s.Code = "" }},
		{"code", office.CodeExists, func(s *document.PutSeries) { s.ID = "other" }},
		{"name", office.CodeInvalid, func(s *document.PutSeries) { s.Name = "" }},
		{"style", office.CodeInvalid, func(s *document.PutSeries) { s.Style = "x" }},
		{"direction", office.CodeInvalid, func(s *document.PutSeries) { s.Direction = "x" }},
		{"direction", office.CodeInvalid, func(s *document.PutSeries) { s.Direction = document.Incoming }},
		{"next", office.CodeInvalid, func(s *document.PutSeries) { s.Next = 20 }}, // only upwards
		{"next", office.CodeInvalid, func(s *document.PutSeries) { s.Year = 0 }},
		{"words", office.CodeInvalid, func(s *document.PutSeries) { s.Words = "" }}, // passes numbers over
		{"year_by", office.CodeInvalid, func(s *document.PutSeries) { s.YearBy = "x" }},
		{"continuous", office.CodeInvalid, func(s *document.PutSeries) { s.Continuous = true }},
		{"order", office.CodeInvalid, func(s *document.PutSeries) { s.Order = -1 }},
	} {
		s := put()
		x.spoil(s)
		_, err := b.do("sys", s)
		if e := office.AsError(err); e == nil || e.Code != x.code || e.Field != x.field {
			t.Errorf("%s: %v", x.field, err)
		}
	}
	b.ok("sys", put())
	b.ok("li", draft())
	if _, err := b.allocate(id, true, true); err != nil || b.number(id) != "清政办发〔2026〕30号" {
		t.Errorf("%v %q", err, b.number(id))
	}
	ling := put()
	ling.ID, ling.Code, ling.Style, ling.Next = "qzl", "清政令", document.StyleOrder, 3
	b.ok("sys", ling)
	x := draft()
	x.ID, x.Series, x.Genre = "d2", "qzl", "命令"
	b.ok("li", x)
	if _, err := b.allocate("d2", true, true); err != nil || b.number("d2") != "第3号" {
		t.Errorf("%v %q", err, b.number("d2"))
	}
}
