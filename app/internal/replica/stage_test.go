package replica

import (
	"context"
	"errors"
	"slices"
	"testing"

	"qianshao/app/internal/vault"
	"qianshao/syncserver/office"
)

func position(t *testing.T, r *Replica) Position {
	t.Helper()
	p, err := r.Position(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// Pages are kept until their pull is complete: before, nothing of them shows.
func TestPagesAreStaged(t *testing.T) {
	ctx := context.Background()
	pr := profile(t)
	r, err := Open(ctx, pr, testKinds(), Defects{})
	if err != nil {
		t.Fatal(err)
	}
	a, b := card("a", 1, obj{"title": "甲"}), card("b", 1, obj{"title": "乙"})
	if p := position(t, r); p.Staged || p.MaxLane != office.LaneHeaders {
		t.Fatalf("%+v", p)
	}
	page := puts(org1, 1, a)
	page.Cursors[0].Head = 2 // not drained yet
	if _, err := r.Update(ctx, func(tx *Tx) error { return tx.Stage(page) }); err != nil {
		t.Fatal(err)
	}
	// The program ends and begins again.
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	if r, err = Open(ctx, pr, testKinds(), Defects{}); err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if got(t, r, "t.card", "a") != "" {
		t.Fatal("a staged page shows")
	}
	if p := position(t, r); !p.Staged || p.MaxLane != office.LaneHeaders || len(p.Cursors) != 1 || p.Cursors[0].Pos != 1 {
		t.Fatalf("%+v", p)
	}
	// On the next page a has changed: the later one counts.
	a.Ver, a.Body = 2, body(obj{"title": "甲甲"})
	out := take(t, r, Rebase{}, puts(org1, 3, b, a))
	if out.Pulled != 2 || got(t, r, "t.card", "a") != `{"title":"甲甲"}` || got(t, r, "t.card", "b") == "" {
		t.Fatalf("%+v", out)
	}
	if m, err := r.Meta(ctx); err != nil || m.Loaded != LoadHeaders {
		t.Fatalf("%+v %v", m, err)
	}
	if p := position(t, r); p.Staged || p.MaxLane != office.LaneRest {
		t.Fatalf("%+v", p)
	}
	take(t, r, Rebase{}, Page{})
	if m, err := r.Meta(ctx); err != nil || m.Loaded != LoadAll {
		t.Fatalf("%+v %v", m, err)
	}
}

// A record leaves with its last channel, by whatever way that goes.
func TestARecordLeavesWithItsLastChannel(t *testing.T) {
	u := ChanLane{"u:lin", office.LaneHeaders}
	a, b, c := card("a", 1, obj{}), card("b", 1, obj{}), card("c", 1, obj{})
	for name, leave := range map[string]Page{
		"drop":  {Drop: []ChanLane{u}},
		"reset": {Reset: []ChanLane{u}, Ops: []Op{{ChanLane: u, Key: key(c)}}, Rows: []office.Record{c}, Cursors: []Cursor{{ChanLane: u, Pos: 9, Head: 9, Hash: "x"}}},
		"rem":   rems(u, 5, a, b),
	} {
		t.Run(name, func(t *testing.T) {
			r := open(t, testKinds(), Defects{})
			take(t, r, Rebase{}, puts(u, 3, a, b, c), puts(org1, 1, b))
			out := take(t, r, Rebase{}, leave)
			if got(t, r, "t.card", "a") != "" || got(t, r, "t.card", "b") == "" {
				t.Fatal("a stays or b goes")
			}
			if gone := got(t, r, "t.card", "c") == ""; gone != (name == "drop") || !out.Erased {
				t.Fatalf("c: %v, %+v", gone, out)
			}
			dropped := !slices.ContainsFunc(position(t, r).Cursors, func(x Cursor) bool { return x.ChanLane == u })
			if dropped != (name == "drop") {
				t.Fatalf("%+v", position(t, r))
			}
		})
	}
}

// A page that an earlier history gave is void once its channel is reset.
func TestAResetVoidsStagedEntries(t *testing.T) {
	r := open(t, testKinds(), Defects{})
	a, b := card("a", 1, obj{}), card("b", 1, obj{})
	p := puts(org1, 1, b)
	p.Reset = []ChanLane{org1}
	take(t, r, Rebase{}, puts(org1, 7, a), p)
	if got(t, r, "t.card", "a") != "" || got(t, r, "t.card", "b") == "" {
		t.Fatal("a stays or b goes")
	}
}

func TestSumsAndRepair(t *testing.T) {
	r := open(t, testKinds(), Defects{})
	a, b := card("a", 1, obj{"title": "甲"}), card("b", 1, obj{"title": "乙"})
	good := &Checkpoint{Dev: "d", Sums: []Sum{sumOf(org1, a, b)}}
	out := take(t, r, Rebase{Pull: good}, puts(org1, 2, a, b))
	if len(out.Repairs)+len(out.Wrong) != 0 {
		t.Fatalf("%+v", out)
	}
	for name, harm := range map[string]func(){
		"a body":   func() { exec(t, r, `UPDATE r_t_card SET body = '{"title":"丙"}', sum = 1 WHERE id = 'a'`) },
		"a sum":    func() { exec(t, r, "UPDATE r_t_card SET sum = sum + 1 WHERE id = 'b'") },
		"a record": func() { exec(t, r, "DELETE FROM r_t_card WHERE id = 'a'") },
		"a member": func() { exec(t, r, "DELETE FROM member WHERE id = 'a'") },
	} {
		t.Run(name, func(t *testing.T) {
			harm()
			out := take(t, r, Rebase{Pull: good}, Page{})
			if !slices.Equal(out.Repairs, []ChanLane{org1}) {
				t.Fatalf("not found: %+v", out)
			}
			// Its rows are asked for, and both given here.
			if p := position(t, r); p.Repairs || len(p.Cursors) != 1 || len(damagedOf(t, r)) != 1 {
				t.Fatalf("%+v", p)
			}
			out = take(t, r, Rebase{Mend: &Mend{ChanLane: org1, Put: []office.Record{a, b}, Want: sumOf(org1, a, b)}})
			if len(out.Repairs)+len(out.Wrong)+len(damagedOf(t, r)) != 0 || got(t, r, "t.card", "a") != `{"title":"甲"}` {
				t.Fatalf("not repaired: %+v", out)
			}
			// If that does not help, all of it is read anew.
			harm()
			take(t, r, Rebase{Pull: good}, Page{})
			out = take(t, r, Rebase{Mend: &Mend{ChanLane: org1, Want: sumOf(org1, a, b)}})
			if p := position(t, r); len(out.Wrong) != 1 || !p.Repairs || len(p.Cursors) != 0 {
				t.Fatalf("%+v %+v", out, p)
			}
			out = take(t, r, Rebase{Pull: good}, puts(org1, 2, a, b))
			if len(out.Repairs)+len(out.Wrong) != 0 || got(t, r, "t.card", "a") != `{"title":"甲"}` {
				t.Fatalf("not repaired: %+v", out)
			}
			if p := position(t, r); p.Repairs || len(p.Cursors) != 1 {
				t.Fatalf("%+v", p)
			}
		})
	}
	// A sum that does not fit what the server sends is tried once, not for ever.
	bad := &Checkpoint{Dev: "d", Sums: []Sum{sumOf(org1, a)}}
	if out = take(t, r, Rebase{Pull: bad}, Page{}); len(out.Repairs) != 1 {
		t.Fatalf("%+v", out)
	}
	take(t, r, Rebase{Mend: &Mend{ChanLane: org1, Want: sumOf(org1, a)}})
	if out = take(t, r, Rebase{Pull: bad}, puts(org1, 2, a, b)); len(out.Repairs) != 0 || len(out.Wrong) != 1 {
		t.Fatalf("%+v", out)
	}
	if m, err := r.Meta(context.Background()); err != nil || m.Repairs != 9 {
		t.Fatalf("%+v %v", m, err)
	}
}

func damagedOf(t *testing.T, r *Replica) (out []Cursor) {
	t.Helper()
	if err := r.View(context.Background(), func(tx *Tx) (err error) { out, err = tx.Damaged(); return err }); err != nil {
		t.Fatal(err)
	}
	return out
}

// The sums are of what the server said, not of what waiting commands made of it.
func TestSumsLookUnderTheOverlay(t *testing.T) {
	r := open(t, testKinds(), Defects{})
	a, b := card("a", 1, obj{"n": 1}), card("b", 1, obj{"n": 1})
	take(t, r, Rebase{}, puts(org1, 2, a, b))
	wait := []Command{
		{Ord: 1, Mid: "m1", Run: func(tx office.Tx) error { return tx.Patch("t.card", "a", office.Fields{"n": 5}) }},
		{Ord: 2, Mid: "m2", Run: func(tx office.Tx) error { return tx.Delete("t.card", "b") }},
		{Ord: 3, Mid: "m3", Run: func(tx office.Tx) error { return tx.Insert("t.card", "z", "", obj{"n": 9}) }},
	}
	check := func(pull *Checkpoint, pages ...Page) {
		t.Helper()
		if out := take(t, r, Rebase{Waiting: wait, Pull: pull}, pages...); len(out.Repairs)+len(out.Wrong) != 0 {
			t.Fatalf("%+v", out)
		}
		if got(t, r, "t.card", "a") != `{"n":5}` || got(t, r, "t.card", "b") != "" || got(t, r, "t.card", "z") == "" {
			t.Fatal("overlay")
		}
	}
	check(&Checkpoint{Dev: "d", Sums: []Sum{sumOf(org1, a, b)}})
	a2 := card("a", 2, obj{"n": 2})
	check(&Checkpoint{Dev: "d", Sums: []Sum{sumOf(org1, a2, b)}}, puts(org1, 3, a2))
	check(&Checkpoint{Dev: "d", Sums: []Sum{sumOf(org1, a2)}}, rems(org1, 4, b))
}

func TestScrubFindsAFlippedBit(t *testing.T) {
	r := open(t, testKinds(), Defects{})
	take(t, r, Rebase{}, puts(org1, 2, card("a", 1, obj{"title": "甲"}), card("b", 1, obj{"title": "乙"})))
	scrub := func() (bad []ChanLane) {
		t.Helper()
		if err := r.View(context.Background(), func(tx *Tx) (err error) { bad, err = tx.Scrub(); return err }); err != nil {
			t.Fatal(err)
		}
		return bad
	}
	if bad := scrub(); len(bad) != 0 {
		t.Fatal(bad)
	}
	exec(t, r, `UPDATE r_t_card SET body = '{"title":"申"}' WHERE id = 'a'`)
	if bad := scrub(); !slices.Equal(bad, []ChanLane{org1}) {
		t.Fatal(bad)
	}
}

// Records of kinds that a newer server has stay, count, and come to light with
// the program that knows them.
func TestUnknownKindsAreKept(t *testing.T) {
	ctx := context.Background()
	pr := profile(t)
	r, err := Open(ctx, pr, testKinds(), Defects{})
	if err != nil {
		t.Fatal(err)
	}
	x := office.Record{Kind: "t.newer", ID: "x", Root: "x", Ver: 3, Body: body(obj{"title": "将来"})}
	a := card("a", 1, obj{})
	pull := &Checkpoint{Dev: "d", Sums: []Sum{sumOf(org1, a, x)}}
	if out := take(t, r, Rebase{Pull: pull}, puts(org1, 2, a, x)); len(out.Repairs) != 0 {
		t.Fatalf("%+v", out)
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	newer := &office.Kind{Name: "t.newer", Lane: office.LaneHeaders, Residence: office.ResidentAlways, Search: []string{"title"}, Title: "title",
		Audience: func(office.Record) ([]office.Channel, error) { return nil, nil }}
	if r, err = Open(ctx, pr, testKinds(newer), Defects{}); err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	rec, ok, err := r.Get(ctx, "t.newer", "x")
	if err != nil || !ok || rec.Ver != 3 || find(t, r, "将来") != "x" {
		t.Fatal(rec, ok, err)
	}
	if out := take(t, r, Rebase{Pull: pull}, Page{}); len(out.Repairs) != 0 {
		t.Fatalf("%+v", out)
	}
	take(t, r, Rebase{}, rems(org1, 3, x))
	if got(t, r, "t.newer", "x") != "" {
		t.Fatal("it stays")
	}
}

func TestADamagedFileIsNamedSo(t *testing.T) {
	ctx := context.Background()
	pr := profile(t)
	r, err := Open(ctx, pr, testKinds(), Defects{})
	if err != nil {
		t.Fatal(err)
	}
	r.Close()
	db, err := pr.Write(ctx, vault.Replica) // somebody else at the file
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec("PRAGMA writable_schema = ON; UPDATE sqlite_master SET rootpage = 3 WHERE name = 'member'"); err != nil {
		t.Fatal(err)
	}
	db.Close()
	if _, err = Open(ctx, pr, testKinds(), Defects{}); !errors.Is(err, vault.ErrDamaged) {
		t.Fatal(err)
	}
}

// Damage that somebody meets while the file is open is looked for when it is
// opened again.
func TestDamageThatIsMetIsNotForgotten(t *testing.T) {
	ctx := context.Background()
	pr := profile(t)
	r, err := Open(ctx, pr, testKinds(), Defects{})
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Verify(ctx); err != nil {
		t.Fatal(err)
	}
	if _, err := r.w.Exec("PRAGMA writable_schema = ON; UPDATE sqlite_master SET rootpage = 3 WHERE name = 'member'"); err != nil {
		t.Fatal(err)
	}
	if err := r.View(ctx, func(tx *Tx) error { return vault.ErrDamaged }); !errors.Is(err, vault.ErrDamaged) {
		t.Fatal(err)
	}
	r.Close()
	if _, err = Open(ctx, pr, testKinds(), Defects{}); !errors.Is(err, vault.ErrDamaged) {
		t.Fatal(err)
	}
}

// A record whose membership was damaged leaves with the next reset, whether it
// shows, is of a kind that is not known, or was deleted by a command that waits.
func TestNoRecordStaysWithoutAChannel(t *testing.T) {
	r := open(t, testKinds(), Defects{})
	plain, gone, kept := card("plain", 1, obj{}), card("gone", 1, obj{}), card("kept", 1, obj{})
	foreign := office.Record{Kind: "t.newer", ID: "foreign", Root: "foreign", Ver: 1, Body: body(obj{})}
	wait := []Command{
		{Ord: 1, Mid: "m1", Run: func(tx office.Tx) error { return tx.Delete("t.card", "gone") }},
		{Ord: 2, Mid: "m2", Run: func(tx office.Tx) error { return tx.Insert("t.card", "own", "", obj{}) }},
	}
	take(t, r, Rebase{}, puts(org1, 4, plain, gone, kept, foreign))
	take(t, r, Rebase{Waiting: wait}, Page{})
	exec(t, r, "DELETE FROM member WHERE id <> 'kept'")
	again := puts(org1, 5, kept)
	again.Reset = []ChanLane{org1}
	out := take(t, r, Rebase{Waiting: wait}, again)
	if len(out.Gone) != 3 || !out.Erased {
		t.Fatalf("%+v", out.Gone)
	}
	if got(t, r, "t.card", "kept") == "" || got(t, r, "t.card", "own") == "" {
		t.Fatal("what has a channel, or waits, went too")
	}
	take(t, r, Rebase{}, Page{}) // the deletion was refused: nothing is under it
	if got(t, r, "t.card", "gone") != "" || got(t, r, "t.card", "plain") != "" {
		t.Fatal("it comes back")
	}
}
