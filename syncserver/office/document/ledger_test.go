package document_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/directory"
	"qianshao/syncserver/office/document"
)

// clerks has ding in the 文书 post and a series that allows everything.
func clerks(t testing.TB) *bench {
	b := newBench(t)
	b.update(func(tx office.Tx) error {
		return directory.People.Patch(tx, "ding", office.Fields{"posts": []string{document.PostClerk}})
	})
	b.ok("sys", series("qzf", func(s *document.PutSeries) {}))
	return b
}

func series(id string, f func(*document.PutSeries)) *document.PutSeries {
	s := &document.PutSeries{
		ID: id, Code: "清政发" + strings.TrimPrefix(id, "qzf"), Name: "市政府文件", Direction: document.Outgoing, Style: document.StyleOfficial,
		Reserve: true, Fill: true, Void: true, Year: 2026, Next: 11,
	}
	f(s)
	return s
}

// paper drafts a paper in a series and gives its number, if give is true.
func (b *bench) paper(id, series string, give bool) string {
	b.t.Helper()
	x := draft()
	x.ID, x.Series = id, series
	b.ok("li", x)
	if !give {
		return ""
	}
	if _, err := b.allocate(id, true, true); err != nil {
		b.t.Fatal(err)
	}
	return b.number(id)
}

// gaps is the ledger of gaps as "11-12 reserved; 15 void".
func (b *bench) gaps(series string) string {
	var out []string
	b.update(func(tx office.Tx) error {
		list, err := document.Gaps.List(tx, office.Query{View: "series", Where: []office.Cond{office.Where("series", series)}})
		for _, g := range list {
			s := fmt.Sprint(g.Value.From)
			if g.Value.To != g.Value.From {
				s += fmt.Sprint("-", g.Value.To)
			}
			out = append(out, s+" "+g.Value.State)
			if g.Value.By == "" || g.Value.At == 0 {
				b.t.Errorf("gap %+v", g.Value)
			}
		}
		return err
	})
	return strings.Join(out, "; ")
}

func (b *bench) explained(series string, year int) {
	b.t.Helper()
	b.update(func(tx office.Tx) error {
		missing, err := document.Unexplained(tx, series, year)
		if err != nil || len(missing) > 0 {
			b.t.Errorf("%s %d: unexplained %v, %v", series, year, missing, err)
		}
		return nil
	})
}

// 预留: numbers set aside are passed by, given by hand later, or struck off; each
// stands in the ledger of gaps until a paper has it.
func TestReserve(t *testing.T) {
	b := clerks(t)
	reserve := func(f func(*document.ReserveNumbers)) *document.ReserveNumbers {
		x := &document.ReserveNumbers{Series: "qzf", Year: 2026, Count: 3, Words: "全会文件"}
		f(x)
		return x
	}
	for name, x := range map[string]struct {
		who  office.UserID
		code office.Code
		f    func(*document.ReserveNumbers)
	}{
		"anybody":             {"li", office.CodeNotPermitted, func(*document.ReserveNumbers) {}},
		"administrator":       {"sys", office.CodeNotPermitted, func(*document.ReserveNumbers) {}},
		"no series":           {"ding", office.CodeNotFound, func(x *document.ReserveNumbers) { x.Series = "none" }},
		"no words":            {"ding", office.CodeInvalid, func(x *document.ReserveNumbers) { x.Words = "" }},
		"too many":            {"ding", office.CodeInvalid, func(x *document.ReserveNumbers) { x.Count = 101 }},
		"no year":             {"ding", office.CodeInvalid, func(x *document.ReserveNumbers) { x.Year = 0 }},
		"a series without 预留": {"ding", office.CodeState, func(x *document.ReserveNumbers) { x.Series = "qzbf" }},
	} {
		if _, err := b.do(x.who, reserve(x.f)); office.CodeOf(err) != x.code {
			t.Errorf("%s: %v", name, err)
		}
	}
	b.ok("ding", reserve(func(*document.ReserveNumbers) {}))
	if got := b.paper("d2", "qzf", true); got != "清政发〔2026〕14号" {
		t.Errorf("the next number is %q", got)
	}
	if got := b.gaps("qzf"); got != "1-10 before; 11 reserved; 12 reserved; 13 reserved" {
		t.Errorf("gaps %q", got)
	}
	b.explained("qzf", 2026)
	// One of them is given by hand: put down at once, given at 登记 and not before (L11).
	b.paper("d3", "qzf", false)
	b.ok("ding", &document.ChooseNumber{ID: "d3", Year: 2026, N: 12, Words: "全会文件"})
	if b.number("d3") != "" {
		t.Error("numbered before 登记")
	}
	if _, err := b.allocate("d3", true, false); office.CodeOf(err) != office.CodeState {
		t.Errorf("numbered without 复核: %v", err)
	}
	b.paper("d4", "qzf", false)
	b.refused("ding", &document.ChooseNumber{ID: "d4", Year: 2026, N: 12, Words: "全会文件"}, office.CodeExists)
	edit := edit("series", "qzf", "qzbf")
	edit.ID = "d3"
	b.refused("li", edit, office.CodeState)
	if _, err := b.allocate("d3", true, true); err != nil || b.number("d3") != "清政发〔2026〕12号" {
		t.Errorf("%q %v", b.number("d3"), err)
	}
	if got := b.gaps("qzf"); got != "1-10 before; 11 reserved; 12 used; 13 reserved" {
		t.Errorf("gaps %q", got)
	}
	// Another is struck off, and never given again.
	b.ok("ding", &document.VoidNumber{Series: "qzf", Year: 2026, N: 13, Words: "会议取消"})
	b.refused("ding", &document.VoidNumber{Series: "qzf", Year: 2026, N: 13, Words: "会议取消"}, office.CodeState)
	b.refused("ding", &document.ChooseNumber{ID: "d4", Year: 2026, N: 13, Words: "补号"}, office.CodeExists)
	if got := b.gaps("qzf"); got != "1-10 before; 11 reserved; 12 used; 13 void" {
		t.Errorf("gaps %q", got)
	}
	b.explained("qzf", 2026)
}

// 补号: entered by the 文书 alone, unique, also ahead of the counter and out of a
// row that was passed over; never one that was given before this system.
func TestChoose(t *testing.T) {
	b := clerks(t)
	for _, d := range []string{"d2", "d3", "d4", "d5"} {
		b.paper(d, "qzf", false)
	}
	choose := func(doc string, n int) *document.ChooseNumber {
		return &document.ChooseNumber{ID: doc, Year: 2026, N: n, Words: "补登线下文件"}
	}
	b.refused("li", choose("d2", 20), office.CodeNotPermitted)
	b.refused("ding", &document.ChooseNumber{ID: "d2", Year: 2026, N: 20}, office.CodeInvalid)
	b.refused("ding", choose("d2", 5), office.CodeExists)
	b.ok("ding", choose("d2", 20))
	b.refused("ding", choose("d2", 21), office.CodeState)
	if got := b.paper("d6", "qzf", true); got != "清政发〔2026〕21号" {
		t.Errorf("the counter goes on at %q", got)
	}
	b.ok("ding", choose("d3", 15)) // out of the middle of 11–19
	b.ok("ding", choose("d4", 11))
	b.ok("ding", choose("d5", 19))
	if got := b.gaps("qzf"); got != "1-10 before; 11 reserved; 12-14 skipped; 15 reserved; 16-18 skipped; 19 reserved; 20 reserved" {
		t.Errorf("gaps %q", got)
	}
	b.explained("qzf", 2026)
	for doc, want := range map[string]string{"d2": "清政发〔2026〕20号", "d3": "清政发〔2026〕15号"} {
		if _, err := b.allocate(doc, true, true); err != nil || b.number(doc) != want {
			t.Errorf("%s: %q %v", doc, b.number(doc), err)
		}
	}
	// A number put down for a paper is taken away again by striking it off.
	b.ok("ding", &document.VoidNumber{Series: "qzf", Year: 2026, N: 19, Words: "不再补登"})
	if _, err := b.allocate("d5", true, true); err != nil || b.number("d5") != "清政发〔2026〕22号" {
		t.Errorf("%q %v", b.number("d5"), err)
	}
	x := draft() // its series allows no 补号
	x.ID = "d9"
	b.ok("li", x)
	b.refused("ding", choose("d9", 40), office.CodeState)
	b.explained("qzf", 2026)
}

// 作废 of a number that a paper has: only when the paper has come to its end; the
// paper keeps it, struck off.
func TestVoidOfPaper(t *testing.T) {
	b := clerks(t)
	x := draft()
	x.Series = "qzf"
	b.ok("li", x)
	if _, err := b.allocate(id, true, true); err != nil {
		t.Fatal(err)
	}
	void := &document.VoidNumber{Series: "qzf", Year: 2026, N: 11, Words: "文件终止"}
	b.flow(document.Running)
	b.refused("ding", void, office.CodeState)
	b.flow(document.Done)
	b.refused("li", void, office.CodeNotPermitted)
	b.refused("ding", &document.VoidNumber{Series: "qzf", Year: 2026, N: 99, Words: "文件终止"}, office.CodeNotFound)
	b.ok("ding", void)
	if h := b.header(); h.Number != "清政发〔2026〕11号" || h.NumberState != document.NumberVoid {
		t.Errorf("%+v", h)
	}
	if got := b.gaps("qzf"); got != "1-10 before; 11 void" {
		t.Errorf("gaps %q", got)
	}
	b.explained("qzf", 2026)
}

// A series that is put forward says why; what it passes over is in the ledger.
func TestPutForward(t *testing.T) {
	b := clerks(t)
	b.ok("sys", series("qzf", func(s *document.PutSeries) { s.Next, s.Words = 15, "旧系统已用至14号" }))
	if got := b.gaps("qzf"); got != "1-10 before; 11-14 skipped" {
		t.Errorf("gaps %q", got)
	}
	b.explained("qzf", 2026)
	b.update(func(tx office.Tx) error { // a hole that nobody entered is found
		return document.Counters.Patch(tx, "qzf.2026", office.Fields{"next": 17})
	})
	b.update(func(tx office.Tx) error {
		missing, err := document.Unexplained(tx, "qzf", 2026)
		if err != nil || !slices.Equal(missing, []int{15, 16}) {
			t.Errorf("%v %v", missing, err)
		}
		return nil
	})
}

// 连续 numbers go on over the year; with YearBySigned what was signed in December
// is numbered in December's year, though it is January.
func TestYearRollsOver(t *testing.T) {
	b := clerks(t)
	b.ok("sys", series("qzfl", func(s *document.PutSeries) {
		s.Style, s.Continuous, s.Year, s.Next = document.StyleOrder, true, 2026, 3
	}))
	b.ok("sys", series("qzfq", func(s *document.PutSeries) { s.YearBy = document.YearBySigned }))
	b.now = time.Date(2026, 12, 31, 10, 0, 0, 0, time.UTC)
	signed := office.Millis(b.now)
	if got := b.paper("l1", "qzfl", true); got != "第3号" {
		t.Errorf("%q", got)
	}
	b.now = time.Date(2027, 1, 4, 2, 0, 0, 0, time.UTC)
	if got := b.paper("l2", "qzfl", true); got != "第4号" {
		t.Errorf("continuous: %q", got)
	}
	for doc, series := range map[string]string{"s1": "qzfq", "s2": "qzf"} {
		b.paper(doc, series, false)
		b.update(func(tx office.Tx) error {
			return document.Headers.Patch(tx, doc, office.Fields{"flow_signed": signed})
		})
		if _, err := b.allocate(doc, true, true); err != nil {
			t.Fatal(err)
		}
	}
	if b.number("s1") != "清政发q〔2026〕11号" || b.number("s2") != "清政发〔2027〕1号" {
		t.Errorf("%q %q", b.number("s1"), b.number("s2"))
	}
	b.explained("qzfl", 0)
	b.explained("qzfq", 2026)
	b.explained("qzf", 2027)
}

// 撤销 and 废止 (L22) are different states, with a basis, for good.
func TestAnnul(t *testing.T) {
	b := clerks(t)
	x := draft()
	x.Series = "qzf"
	b.ok("li", x)
	annul := func(f func(*document.Annul)) *document.Annul {
		a := &document.Annul{ID: id, Standing: document.Abolished, Basis: "清政发〔2026〕30号"}
		f(a)
		return a
	}
	b.refused("ding", annul(func(*document.Annul) {}), office.CodeState) // not issued
	if _, err := b.allocate(id, true, true); err != nil {
		t.Fatal(err)
	}
	b.flow(document.Done)
	b.refused("li", annul(func(*document.Annul) {}), office.CodeNotPermitted)
	b.refused("ding", annul(func(a *document.Annul) { a.Basis = "" }), office.CodeInvalid)
	b.refused("ding", annul(func(a *document.Annul) { a.Standing = "void" }), office.CodeInvalid)
	b.refused("ding", annul(func(a *document.Annul) { a.Standing, a.From = document.Revoked, 1 }), office.CodeInvalid)
	b.refused("ding", annul(func(a *document.Annul) { a.Paper = "none" }), office.CodeNotFound)
	day := office.Millis(b.now.Add(240 * time.Hour))
	b.ok("ding", annul(func(a *document.Annul) { a.From = day }))
	if h := b.header(); h.Standing != document.Abolished || h.StandingFrom != day || h.StandingBasis == "" || h.Number == "" {
		t.Errorf("%+v", h)
	}
	b.refused("ding", annul(func(a *document.Annul) { a.Standing = document.Revoked }), office.CodeState)
	b.update(func(tx office.Tx) error { return document.Headers.Patch(tx, id, office.Fields{"standing": nil}) })
	b.ok("ding", annul(func(a *document.Annul) { a.Standing = document.Revoked }))
	if h := b.header(); h.Standing != document.Revoked || h.StandingFrom != h.Created {
		t.Errorf("%+v", h)
	}
}
