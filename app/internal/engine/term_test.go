package engine_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"qianshao/app/internal/engine"
	"qianshao/syncserver/office"
	"qianshao/syncserver/protocol"
)

const day = 24 * time.Hour

// travelling is a desk whose office lets it be without contact for a week, with
// one note on it and the way to the server cut.
func travelling(t *testing.T) (*server, *desk) {
	t.Helper()
	s := newServer("lin")
	s.policy.OfflineHours = 7 * 24
	d := newDesk(t, t.TempDir(), s, "lin", "d1")
	t.Cleanup(func() { d.Close() })
	d.sync()
	d.do(&makeNote{ID: "n1", Title: "出差前"})
	d.sync()
	cut(d, true)
	return s, d
}

func cut(d *desk, yes bool) {
	d.way.lose = nil
	if yes {
		d.way.lose = func(string) (bool, bool) { return true, false }
	}
}

// locked holds that the desk shows and does nothing.
func locked(t *testing.T, d *desk) {
	t.Helper()
	ctx := context.Background()
	if s := d.Status(); !s.Locked || s.Left != 0 || s.Term != (7*day).Milliseconds() {
		t.Fatalf("not locked: %+v", s)
	}
	refused := func(what string, err error) {
		t.Helper()
		if office.CodeOf(err) != engine.CodeTerm {
			t.Errorf("%s: %v", what, err)
		}
	}
	_, _, err := d.Get(ctx, "t.note", "n1")
	refused("get", err)
	_, err = d.List(ctx, office.Query{Kind: "t.note", View: "all"})
	refused("list", err)
	_, err = d.Count(ctx, office.Query{Kind: "t.note", View: "all"})
	refused("count", err)
	_, err = d.Children(ctx, "t.line", "n1")
	refused("children", err)
	_, err = d.Search(ctx, "出差", 10)
	refused("search", err)
	_, err = d.Base(ctx, "t.note")
	refused("base", err)
	_, err = d.Visible(ctx, "t.note")
	refused("visible", err)
	_, err = d.Outbox(ctx, engine.Filter{})
	refused("outbox", err)
	_, _, err = d.Item(ctx, "m")
	refused("item", err)
	_, err = d.Pending(ctx, "t.note", "n1")
	refused("pending", err)
	_, err = d.PendingOf(ctx, "t.note")
	refused("pending of", err)
	_, err = d.Do(ctx, &add{ID: "n1", By: 1})
	refused("do", err)
	_, _, err = d.DoJSON(ctx, "t.add@1", json.RawMessage(`{"id":"n1","by":1}`))
	refused("do by name", err)
	_, err = d.Retry(ctx, "m")
	refused("retry", err)
	refused("discard", d.Discard(ctx, "m"))
	refused("seen", d.MarkSeen(ctx, "m"))
	_, _, err = d.Draft(ctx, "words")
	refused("draft", err)
	_, err = d.Drafts(ctx, "")
	refused("drafts", err)
	refused("delete a draft", d.DeleteDraft(ctx, "words"))
	_, err = d.AddBlob(ctx, strings.NewReader("x"))
	refused("add a file", err)
	_, err = d.OpenBlob(ctx, strings.Repeat("0", 64))
	refused("open a file", err)
	refused("fetch a file", d.FetchBlob(ctx, strings.Repeat("0", 64)))
	_, _, err = d.ReadOnline(ctx, office.Query{Kind: "t.note", View: "all"})
	refused("read on line", err)
}

// open holds that it shows and does all.
func open(t *testing.T, d *desk) {
	t.Helper()
	if s := d.Status(); s.Locked {
		t.Fatalf("locked: %+v", s)
	}
	if _, ok := d.note("n1"); !ok {
		t.Fatal("the note is gone")
	}
}

// Scenario (f): a week without contact locks; what waits stays, what is being
// written is kept, and contact opens the desk and sends it all.
func TestTheOfflineTermLocksAndContactOpens(t *testing.T) {
	ctx := context.Background()
	s, d := travelling(t)
	mid := d.do(&add{ID: "n1", By: 4})
	d.now = d.now.Add(6 * day)
	open(t, d)
	if left := time.Duration(d.Status().Left) * time.Millisecond; left > day || left < day-time.Minute {
		t.Fatalf("%v are left", left)
	}
	d.now = d.now.Add(day)
	locked(t, d)
	if err := d.SaveDraft(ctx, "words", json.RawMessage(`"写了一半"`)); err != nil {
		t.Fatalf("what is written when the term ends: %v", err)
	}
	if st := d.Status(); st.Waiting != 1 {
		t.Fatalf("%+v", st)
	}
	if n, _, err := d.CountOf(ctx, "t.add@1", "t.other@1"); err != nil || n != 1 {
		t.Fatal(n, err)
	}
	if n, _, err := d.CountOf(ctx, "t.other@1"); err != nil || n != 0 {
		t.Fatal(n, err)
	}
	if _, err := d.Sync(ctx); err == nil {
		t.Fatal("the way is cut")
	}
	d.reopen()
	locked(t, d)
	cut(d, false)
	if r := d.sync(); r.Applied != 1 {
		t.Fatalf("%+v", r)
	}
	open(t, d)
	if i := d.item(mid); i.Outcome != protocol.Applied {
		t.Fatalf("%+v", i)
	}
	if dr, ok, err := d.Draft(ctx, "words"); err != nil || !ok || string(dr.Body) != `"写了一半"` {
		t.Fatalf("%+v %v %v", dr, ok, err)
	}
	if s.applied["add n1 4"] > 1 {
		t.Fatal("twice")
	}
	d.checkBase()
	// Signing in is contact too.
	cut(d, true)
	d.now = d.now.Add(8 * day)
	locked(t, d)
	d.Contacted(ctx)
	open(t, d)
	d.reopen()
	open(t, d)
}

// A clock set back, once or again and again, at rest or at work, takes nothing
// of what is gone away.
func TestAClockSetBackDoesNotLengthenTheTerm(t *testing.T) {
	_, d := travelling(t)
	for range 6 {
		d.now = d.now.Add(day)
		open(t, d)
		d.now = d.now.Add(-day + time.Hour)
		d.reopen()
		open(t, d)
	}
	// Six days have been counted, whatever the clock says.
	d.now = d.now.Add(-10 * 365 * day)
	open(t, d)
	d.now = d.now.Add(25 * time.Hour)
	locked(t, d)
	d.now = d.now.Add(-10 * 365 * day)
	locked(t, d)
	d.reopen()
	locked(t, d)
}

// A clock that jumps ten years ahead locks, but not for ever: contact opens, and
// the term then holds by whatever the clock says, also after it was put right.
func TestAClockTenYearsAheadLocksUntilContact(t *testing.T) {
	for _, jump := range []time.Duration{10 * 365 * day, -10 * 365 * day} {
		_, d := travelling(t)
		d.now = d.now.Add(jump)
		if jump > 0 {
			locked(t, d)
			d.reopen()
			locked(t, d)
		} else {
			open(t, d)
		}
		cut(d, false)
		d.sync()
		open(t, d)
		cut(d, true)
		d.now = d.now.Add(-jump)
		if jump > 0 {
			open(t, d)
		} else {
			locked(t, d)
			cut(d, false)
			d.sync()
			cut(d, true)
		}
		d.now = d.now.Add(8 * day)
		locked(t, d)
		cut(d, false)
		d.sync()
		open(t, d)
	}
}

// What a kill takes of the count is minutes: of contact it makes the desk lock
// early, of time without contact it gives no more.
func TestTheTermSurvivesAKill(t *testing.T) {
	_, d := travelling(t)
	d.now = d.now.Add(6 * day)
	_, err := d.Sync(context.Background()) // a tick of a desk off line
	if err == nil {
		t.Fatal("the way is cut")
	}
	// The program is killed: nothing is closed.
	e, err := engine.Open(context.Background(), d.o)
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	d.now = d.now.Add(-6*day + time.Minute)
	if e.Status().Locked {
		t.Fatal("early")
	}
	d.now = d.now.Add(25 * time.Hour)
	if !e.Status().Locked {
		t.Fatal("what was counted before the kill is forgotten")
	}
}

func TestTheServerSaysHowLong(t *testing.T) {
	s, d := travelling(t)
	cut(d, false)
	s.policy.OfflineHours = 24
	d.sync()
	cut(d, true)
	d.now = d.now.Add(25 * time.Hour)
	if !d.Status().Locked {
		t.Fatal("a shorter term came with a pull")
	}
	cut(d, false)
	s.policy.OfflineHours = 0
	d.sync()
	cut(d, true)
	d.now = d.now.Add(3650 * day)
	if st := d.Status(); st.Locked || st.Term != 0 {
		t.Fatalf("no term: %+v", st)
	}
	cut(d, false)
	s.policy.OfflineHours = 1 << 62 // nonsense locks nobody
	d.sync()
	if st := d.Status(); st.Locked || st.Left <= 0 {
		t.Fatalf("%+v", st)
	}
}

// Reading without the profile's lock is held to the term as it stands there.
func TestTheTermHoldsForReadersToo(t *testing.T) {
	ctx := context.Background()
	_, d := travelling(t)
	o := d.o
	o.ReadOnly, o.Transport = true, nil
	r, err := engine.Open(ctx, o)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if _, _, err := r.Get(ctx, "t.note", "n1"); err != nil {
		t.Fatal(err)
	}
	d.now = d.now.Add(8 * day)
	if _, _, err := r.Get(ctx, "t.note", "n1"); office.CodeOf(err) != engine.CodeTerm {
		t.Fatal(err)
	}
	if st := r.Status(); !st.Locked {
		t.Fatalf("%+v", st)
	}
}

// A locked desk that hears that it was revoked still gives its person's words to
// whoever keeps them, before all of it goes.
func TestALockedDeskThatIsRevoked(t *testing.T) {
	s := newServer("lin")
	s.policy.OfflineHours = 7 * 24
	d, j := judged(t, s)
	d.sync()
	d.do(&makeNote{ID: "n1", Title: "没有送出的话"})
	d.now = d.now.Add(8 * day)
	locked(t, d)
	j.hello.Verdict = protocol.VerdictWiped
	d.reopen()
	locked(t, d)
	_, err := d.Sync(context.Background())
	code(t, err, engine.CodeWiped)
	if !d.Status().Locked {
		t.Error("a revoked desk opened")
	}
	is, err := d.Outbox(context.Background(), engine.Filter{})
	if err != nil || len(is) != 1 || !strings.Contains(string(is[0].Args), "没有送出的话") {
		t.Fatalf("%v %v", is, err)
	}
}

// What is no answer of the server for this person opens nothing.
func TestWhatIsNoContact(t *testing.T) {
	s := newServer("lin")
	s.policy.OfflineHours = 7 * 24
	d, j := judged(t, s)
	d.sync()
	d.do(&makeNote{ID: "n1", Title: "x"})
	d.now = d.now.Add(8 * day)
	j.hello.Verdict = "nonsense"
	d.reopen()
	_, err := d.Sync(context.Background())
	if err == nil {
		t.Fatal("nonsense")
	}
	locked(t, d)
	j.hello.Verdict = ""
	d.way.uid = "wang" // the session is another person's
	if _, err := d.Sync(context.Background()); !errors.Is(err, &office.Error{Code: office.CodeNotPermitted}) {
		t.Fatal(err)
	}
	locked(t, d)
	j.hello.Verdict = protocol.VerdictUpgrade
	if _, err := d.Sync(context.Background()); !errors.Is(err, &office.Error{Code: office.CodeTooOld}) {
		t.Fatal(err)
	}
	open(t, d) // too old is an answer
}
