package authority

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"qianshao/syncserver/internal/store"
	"qianshao/syncserver/office"
	"qianshao/syncserver/protocol"
)

func (w *world) row(kind, id string) (r office.Record, ok bool) {
	w.t.Helper()
	err := w.Store.Read(context.Background(), func(q store.Q) (err error) {
		r, ok, err = w.Store.Rows.Get(context.Background(), q, kind, id)
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return r, ok
}

func cursorMap(cs []protocol.Cursor) map[protocol.ChanLane]protocol.Cursor {
	out := map[protocol.ChanLane]protocol.Cursor{}
	for _, c := range cs {
		out[protocol.ChanLane{Chan: c.Chan, Lane: c.Lane}] = c
	}
	return out
}

func (d *desk) expect(t *testing.T, want ...string) {
	t.Helper()
	d.sync(t)
	var got []string
	for k := range d.base {
		if k.kind != "dir.person" {
			got = append(got, k.kind[2:]+"/"+k.id)
		}
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("%s has %v, want %v", d.dev, got, want)
	}
}

func TestWhoSeesWhat(t *testing.T) {
	everywhere(t, func(t *testing.T, w *world) {
		lin, wu, han := w.desk("lin", "d-lin"), w.desk("wu", "d-wu"), w.desk("han", "d-han")
		w.as("lin", doc("a", "u:lin", "u:wu"))
		w.as("lin", &put{K: "t.body", I: "b", R: "a", B: obj{"text": "正文"}})
		w.as("lin", &put{K: "t.words", I: "w", R: "a", B: obj{"only": []string{"u:lin", "u:han"}}}) // narrower; han is not in the root's audience
		w.as("lin", &put{K: "t.draft", I: "never", R: "a", B: obj{}})
		w.as("lin", &put{K: "t.ledger", I: "l", B: obj{}})
		w.as("lin", &put{K: "t.ledgerline", I: "ll", R: "l", B: obj{}}) // a resident child of a root that is not
		lin.expect(t, "doc/a", "body/b", "words/w", "ledgerline/ll")
		wu.expect(t, "doc/a", "body/b", "ledgerline/ll")
		han.expect(t, "ledgerline/ll")

		w.as("lin", &patch{K: "t.words", I: "w", S: obj{"only": []string{"u:wu"}}}) // narrowing changes
		lin.expect(t, "doc/a", "body/b", "ledgerline/ll")
		wu.expect(t, "doc/a", "body/b", "words/w", "ledgerline/ll")

		w.as("lin", &patch{K: "t.doc", I: "a", S: obj{"to": []string{"u:lin", "u:han"}}}) // the root's audience changes: children move
		lin.expect(t, "doc/a", "body/b", "ledgerline/ll")
		wu.expect(t, "ledgerline/ll")
		han.expect(t, "doc/a", "body/b", "ledgerline/ll")

		w.as("lin", &patch{K: "t.doc", I: "a", S: obj{"to": []string{"u:lin", "u:wu", "u:han"}}})
		wu.expect(t, "doc/a", "body/b", "words/w", "ledgerline/ll")
		w.as("lin", &del{K: "t.body", I: "b"})
		w.as("lin", &del{K: "t.ledger", I: "l"})
		lin.expect(t, "doc/a")
		w.as("lin", &del{K: "t.doc", I: "a"})
		for _, d := range []*desk{lin, wu, han} {
			d.expect(t)
			if d.resets != 0 || d.rewound {
				t.Errorf("%s: %d resets, rewound %v", d.dev, d.resets, d.rewound)
			}
		}
		w.healthy()
	})
}

// A root and its child change in one command while the root's audience moves.
func TestRootAndChildTogether(t *testing.T) {
	everywhere(t, func(t *testing.T, w *world) {
		lin, wu := w.desk("lin", "d-lin"), w.desk("wu", "d-wu")
		w.as("lin", doc("a", "u:lin"))
		for _, id := range []string{"b1", "b2", "b3"} {
			w.as("lin", &put{K: "t.body", I: id, R: "a", B: obj{"v": 1}})
		}
		lin.sync(t)
		res, err := w.As(context.Background(), "lin", w.mid(), time.Time{}, function{func(tx office.Tx) error {
			if err := tx.Patch("t.body", "b1", office.Fields{"v": 2}); err != nil {
				return err
			}
			if _, err := tx.List(office.Query{Kind: "t.doc", View: "all"}); err != nil {
				return err
			}
			if err := tx.Delete("t.body", "b2"); err != nil {
				return err
			}
			if err := tx.Insert("t.body", "b4", "a", obj{}); err != nil {
				return err
			}
			if err := tx.Patch("t.doc", "a", office.Fields{"to": []string{"u:wu"}}); err != nil {
				return err
			}
			_, err := tx.List(office.Query{Kind: "t.doc", View: "all"})
			return err
		}, new(error)})
		if err != nil || res.Outcome != protocol.Applied {
			t.Fatal(res, err)
		}
		lin.expect(t)
		wu.expect(t, "doc/a", "body/b1", "body/b3", "body/b4")
		w.healthy()
	})
}

func TestGrantAndRevoke(t *testing.T) {
	everywhere(t, func(t *testing.T, w *world) {
		d := w.desk("lin", "d1")
		for i := range 30 {
			w.as("wu", doc(fmt.Sprintf("old%02d", i), "unit:mishu1"))
		}
		w.as("wu", &put{K: "t.body", I: "b", R: "old00", B: obj{}})
		d.expect(t)
		grant := &patch{K: "dir.person", I: "lin", S: obj{"units": []string{"mishu1"}}}
		revoke := &patch{K: "dir.person", I: "lin", S: obj{"units": []string{}}}
		w.as("system", grant)
		d.limit = 500
		d.sync(t)
		if len(d.base) != 31+3 { // old rows of any age, and the people
			t.Errorf("%d rows after the grant", len(d.base))
		}
		w.as("system", revoke)
		d.expect(t)
		w.as("wu", &del{K: "t.doc", I: "old07"})
		w.as("wu", &patch{K: "t.doc", I: "old08", S: obj{"title": "new"}})
		w.as("system", grant)
		d.sync(t)
		if len(d.base) != 30+3 || d.has("t.doc", "old07") {
			t.Errorf("%d rows after the second grant", len(d.base))
		}
		// Revoked and granted again between two pulls: no gap either.
		w.as("system", revoke)
		w.as("wu", doc("between", "unit:mishu1"))
		w.as("system", grant)
		d.sync(t)
		if !d.has("t.doc", "between") {
			t.Error("a row made while revoked is missing")
		}
		// A revocation in the middle of a pull.
		w.as("wu", doc("more", "unit:mishu1"))
		d.cursors, d.member, d.base = nil, map[protocol.ChanLane]map[key]bool{}, map[key]protocol.Row{}
		d.pull(func(page int) {
			if page == 2 {
				w.as("system", revoke)
			}
		})
		d.check(t)
		w.healthy()
	})
}

func TestPagesAndWritesBetween(t *testing.T) {
	everywhere(t, func(t *testing.T, w *world) {
		d := w.desk("lin", "d1")
		for i := range 40 {
			w.as("wu", &put{K: "t.doc", I: fmt.Sprintf("d%02d", i), B: obj{"to": []string{"org", "u:lin"}, "text": strings.Repeat("字", 50)}})
			w.as("wu", &put{K: "t.body", I: fmt.Sprintf("b%02d", i), R: fmt.Sprintf("d%02d", i), B: obj{"n": i}})
		}
		rnd := rand.New(rand.NewPCG(1, 2))
		for _, limit := range []int{1, 300, 3000, 0} {
			fresh := *d
			fresh.cursors, fresh.member, fresh.base, fresh.limit = nil, map[protocol.ChanLane]map[key]bool{}, map[key]protocol.Row{}, limit
			fresh.pages = 0
			fresh.pull(func(page int) {
				if page > 60 {
					return
				}
				id := fmt.Sprintf("d%02d", rnd.IntN(40))
				if _, ok := w.row("t.doc", id); !ok {
					w.as("wu", doc(id, "org"))
				} else if rnd.IntN(3) == 0 {
					w.as("wu", &del{K: "t.doc", I: id})
				} else {
					w.as("wu", &patch{K: "t.doc", I: id, S: obj{"n": page, "to": []string{[]string{"org", "u:lin", "u:wu"}[rnd.IntN(3)]}}})
				}
			})
			fresh.check(t)
			if limit == 1 && fresh.pages < 60 {
				t.Errorf("limit 1: %d pages", fresh.pages)
			}
			if limit == 0 && fresh.pages != 1 {
				t.Errorf("no limit: %d pages", fresh.pages)
			}
		}
		w.healthy()
	})
}

func TestEachRowOncePerPage(t *testing.T) {
	everywhere(t, func(t *testing.T, w *world) {
		d := w.desk("lin", "d1")
		w.as("wu", doc("a", "org", "u:lin"))
		got, err := w.Pull(context.Background(), d.caller, protocol.PullRequest{Device: "d1"})
		if err != nil {
			t.Fatal(err)
		}
		rows, ops := 0, 0
		for _, r := range got.Rows {
			if r.ID == "a" {
				rows++
			}
		}
		for _, o := range got.Ops {
			if o.ID == "a" && !o.Rem {
				ops++
			}
		}
		if rows != 1 || ops != 2 {
			t.Errorf("%d rows, %d entries", rows, ops)
		}
	})
}

func TestMaxLane(t *testing.T) {
	everywhere(t, func(t *testing.T, w *world) {
		d := w.desk("lin", "d1")
		w.as("wu", doc("a", "org"))
		w.as("wu", &put{K: "t.body", I: "b", R: "a", B: obj{}})
		lane := office.LaneHeaders
		got, err := w.Pull(context.Background(), d.caller, protocol.PullRequest{Device: "d1", MaxLane: &lane})
		if err != nil || got.More || slices.ContainsFunc(got.Ops, func(o protocol.Op) bool { return o.Lane > lane }) || len(got.Rows) == 0 {
			t.Fatalf("%+v, %v", got, err)
		}
		d.cursors = got.Cursors
		same, err := w.Pull(context.Background(), d.caller, protocol.PullRequest{Device: "d1", MaxLane: &lane, Known: protocol.Digest(d.cursors)})
		if err != nil || !same.Same {
			t.Errorf("%+v, %v", same, err)
		}
		rest, err := w.Pull(context.Background(), d.caller, protocol.PullRequest{Device: "d1", Cursors: d.cursors})
		if err != nil || len(rest.Rows) != 1 || rest.Rows[0].ID != "b" || len(rest.Drop) != 0 {
			t.Errorf("%+v, %v", rest, err)
		}
	})
}

func TestNothingNewIsSmall(t *testing.T) {
	everywhere(t, func(t *testing.T, w *world) {
		var units []string
		for i := range 150 {
			units = append(units, fmt.Sprintf("unit%03d", i))
			w.as("wu", doc(fmt.Sprintf("d%03d", i), "unit:"+units[i]))
		}
		w.as("system", &patch{K: "dir.person", I: "lin", S: obj{"units": units}})
		d := w.desk("lin", "d1")
		d.push(&add{I: "c"})
		d.sync(t)
		size := func(v any) int {
			b, _ := json.Marshal(v)
			return len(b)
		}
		ask := protocol.PullRequest{Device: "d1", Epoch: w.Epoch(), LastN: d.lastN, Known: protocol.Digest(d.cursors)}
		got, err := w.Pull(context.Background(), d.caller, ask)
		if err != nil || !got.Same || size(ask)+size(got) > 1024 || len(d.cursors) < 150 {
			t.Errorf("%d + %d bytes, %+v, %v", size(ask), size(got), got, err)
		}
		w.as("wu", &patch{K: "t.doc", I: "d001", S: obj{"title": "x"}})
		if got, err := w.Pull(context.Background(), d.caller, ask); err != nil || !got.Need || got.Same {
			t.Errorf("after a change: %+v, %v", got, err)
		}
		got, err = w.Pull(context.Background(), d.caller, protocol.PullRequest{Device: "d1", LastN: d.lastN, Cursors: d.cursors})
		if err != nil || len(got.Rows) != 1 || len(got.Ops) != 1 || len(got.Cursors) != 1 || len(got.Sums) != 1 || size(got) > 1024 {
			t.Errorf("one change: %d bytes, %+v, %v", size(got), got, err)
		}
		// A refusal moves no channel, yet the desk must learn of it.
		d.pull(nil)
		d.push(&refuse{I: "x"})
		ask.Known = protocol.Digest(d.cursors)
		if got, err := w.Pull(context.Background(), d.caller, ask); err != nil || got.Same {
			t.Errorf("after a refusal: %+v, %v", got, err)
		}
		d.known = true
		d.pull(nil)
		if d.lastN != 2 || len(d.results) != 2 || d.results[1].Outcome != protocol.Rejected {
			t.Errorf("last_n %d, results %+v", d.lastN, d.results)
		}
	})
}

func TestSumsEqualRecomputation(t *testing.T) {
	everywhere(t, func(t *testing.T, w *world) {
		rnd := rand.New(rand.NewPCG(3, 4))
		desks := []*desk{w.desk("lin", "d1"), w.desk("wu", "d2"), w.desk("han", "d3")}
		chans := []string{"org", "u:lin", "u:wu", "u:han", "unit:x", "unit:y"}
		some := func() []string {
			var out []string
			for _, i := range rnd.Perm(len(chans))[:rnd.IntN(4)] {
				out = append(out, chans[i])
			}
			return out
		}
		for step := range 250 {
			id, b := fmt.Sprintf("d%d", rnd.IntN(8)), fmt.Sprintf("b%d", rnd.IntN(20))
			cmds := []office.Command{
				&put{K: "t.doc", I: id, B: obj{"to": some(), "n": step}},
				&patch{K: "t.doc", I: id, S: obj{"to": some()}},
				&patch{K: "t.doc", I: id, S: obj{"n": step}},
				&put{K: "t.words", I: b, R: id, B: obj{"only": some()}},
				&patch{K: "t.words", I: b, S: obj{"only": some()}},
				&put{K: "t.body", I: b, R: id, B: obj{"n": step}},
				&patch{K: "t.body", I: b, S: obj{"n": step}},
				&del{K: "t.body", I: b},
				&del{K: "t.words", I: b},
				&del{K: "t.doc", I: id},
				&patch{K: "dir.person", I: "lin", S: obj{"units": [][]string{{}, {"x"}, {"x", "y"}}[rnd.IntN(3)]}},
			}
			if _, err := w.As(context.Background(), "lin", w.mid(), time.Time{}, cmds[rnd.IntN(len(cmds))]); err != nil {
				t.Fatal(err)
			}
			if rnd.IntN(6) == 0 {
				d := desks[rnd.IntN(3)]
				d.limit = 1 + rnd.IntN(900)
				d.sync(t)
			}
			if rnd.IntN(25) == 0 {
				if err := w.GC(context.Background(), w.now()); err != nil {
					t.Fatal(err)
				}
			}
			if t.Failed() {
				t.Fatalf("after step %d", step)
			}
		}
		for _, d := range desks {
			d.sync(t)
			if d.rewound {
				t.Errorf("%s was rewound", d.dev)
			}
		}
		w.healthy()
	})
}

func TestGC(t *testing.T) {
	everywhere(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		d, late := w.desk("lin", "d1"), w.desk("lin", "d2")
		for i := range 12 {
			w.as("wu", doc(fmt.Sprintf("a%02d", i), "org"))
		}
		d.sync(t)
		late.sync(t)
		for i := range 6 {
			w.as("wu", &del{K: "t.doc", I: fmt.Sprintf("a%02d", i)})
		}
		d.sync(t)
		w.pass(time.Hour)
		if err := w.GC(ctx, w.now()); err != nil {
			t.Fatal(err)
		}
		d.sync(t) // has seen them go
		if d.resets != 0 {
			t.Errorf("%d resets of a desk that had seen all", d.resets)
		}
		late.sync(t) // has not: it begins again
		if late.resets == 0 || late.rewound {
			t.Errorf("%d resets, rewound %v", late.resets, late.rewound)
		}
		// A desk that begins after the collection, page by page: its positions
		// are below the floor, yet nothing is missing.
		fresh := w.desk("lin", "d3")
		fresh.limit = 1
		fresh.sync(t)
		if fresh.resets != 0 {
			t.Errorf("%d resets of a fresh desk", fresh.resets)
		}
		// A collection in the middle of its reading is another matter.
		fresh = w.desk("lin", "d4")
		fresh.limit = 1
		fresh.pull(func(page int) {
			if page == 5 {
				w.as("wu", &del{K: "t.doc", I: "a06"})
				if err := w.GC(ctx, w.now().Add(time.Hour)); err != nil {
					t.Fatal(err)
				}
			}
		})
		fresh.check(t)
		if fresh.resets == 0 {
			t.Error("no reset after a collection in the middle")
		}
		w.healthy()
	})
}

func TestOutcomesAreForgottenLate(t *testing.T) {
	everywhere(t, func(t *testing.T, w *world) {
		d := w.desk("lin", "d1")
		r, b := d.request(&add{I: "c"})
		d.send(r, b)
		w.pass(KeepResults - time.Hour)
		if err := w.GC(context.Background(), w.now()); err != nil {
			t.Fatal(err)
		}
		if got := d.send(r, b); outcomes(got.Results) != "applied" || w.count("c") != 1 {
			t.Errorf("%+v", got)
		}
		w.pass(2 * time.Hour)
		if err := w.GC(context.Background(), w.now()); err != nil {
			t.Fatal(err)
		}
		if got, err := w.Push(context.Background(), d.caller, r, b); err != nil || got.Verdict != protocol.VerdictFork {
			t.Errorf("%+v, %v", got, err)
		}
	})
}

// TestRestoredServer: the database is put back to an earlier state, and other
// commands follow. Every desk notices, and ends with the truth.
func TestRestoredServer(t *testing.T) {
	everywhere(t, func(t *testing.T, w *world) {
		tables := []string{"chan_head", "chan_hist", "chan_row", "mut", "sent", "r_t_doc"}
		ctx := context.Background()
		exec := func(queries ...string) {
			t.Helper()
			if err := w.Store.Write(ctx, func(q store.Q) error {
				for _, s := range queries {
					if _, err := q.ExecContext(ctx, s); err != nil {
						return err
					}
				}
				return nil
			}); err != nil {
				t.Fatal(err)
			}
		}
		ahead, behind, partly := w.desk("lin", "d1"), w.desk("lin", "d2"), w.desk("lin", "d3")
		w.as("wu", doc("a", "u:lin"))
		w.as("wu", doc("b", "u:lin"))
		behind.sync(t)
		for _, s := range tables {
			exec("CREATE TABLE backup_" + s + " AS SELECT * FROM " + s)
		}
		w.as("wu", doc("lost", "u:lin"))
		resent := func() {
			if _, err := w.As(ctx, "wu", "resent", time.Time{}, doc("lost2", "u:lin")); err != nil {
				t.Fatal(err)
			}
		}
		resent()
		ahead.sync(t)
		partly.limit = 1
		partly.pull(nil)
		for _, s := range tables {
			exec("DELETE FROM "+s, "INSERT INTO "+s+" SELECT * FROM backup_"+s)
		}
		check := func(d *desk, rewound bool) {
			t.Helper()
			c := *d
			c.rewound, c.resets = false, 0
			c.pull(nil)
			c.check(t)
			if c.rewound != rewound {
				t.Errorf("%s: rewound %v", c.dev, c.rewound)
			}
		}
		before := *ahead
		check(ahead, true) // its head is above the server's
		check(behind, false)
		ahead = &before
		w.as("wu", doc("other", "u:lin"))
		resent()           // the same command at the same place, after another past
		check(ahead, true) // the same head, another chain
		check(partly, true)
		w.as("wu", doc("other3", "u:lin"))
		check(ahead, true) // a head in the history, another chain
		check(behind, false)
		w.healthy()
	})
}

func TestOtherEpoch(t *testing.T) {
	everywhere(t, func(t *testing.T, w *world) {
		d := w.desk("lin", "d1")
		d.sync(t)
		got, err := w.Pull(context.Background(), d.caller, protocol.PullRequest{Device: "d1", Epoch: "another", Known: protocol.Digest(d.cursors), Cursors: d.cursors})
		if err != nil || got.Same || !got.Rewound || len(got.Reset) != len(d.cursors) || got.Epoch != w.Epoch() {
			t.Errorf("%+v, %v", got, err)
		}
	})
}

func TestCursorsThatLie(t *testing.T) {
	everywhere(t, func(t *testing.T, w *world) {
		d := w.desk("lin", "d1")
		w.as("wu", doc("secret", "u:wu"))
		d.sync(t)
		good := cursorMap(d.cursors)[protocol.ChanLane{Chan: "org", Lane: office.LaneHeaders}]
		for name, c := range map[string]protocol.Cursor{
			"another's channel":  {Chan: "u:wu", Lane: 1},
			"no channel":         {Chan: "'; DROP TABLE sub; --", Lane: 1},
			"no lane":            {Chan: "org", Lane: 9},
			"position before 0":  {Chan: good.Chan, Lane: good.Lane, Pos: -5, Head: good.Head, Hash: good.Hash},
			"beyond what it saw": {Chan: good.Chan, Lane: good.Lane, Pos: good.Head, Head: 0},
			"floor above ours":   {Chan: good.Chan, Lane: good.Lane, Pos: 0, Head: good.Head, Hash: good.Hash, GCBase: 99},
			"head from the sky":  {Chan: good.Chan, Lane: good.Lane, Pos: 1, Head: 1 << 60},
		} {
			got, err := w.Pull(context.Background(), d.caller, protocol.PullRequest{Device: "d1", Cursors: []protocol.Cursor{c}})
			if err != nil || len(got.Drop)+len(got.Reset) != 1 {
				t.Errorf("%s: %+v, %v", name, got, err)
			}
			for _, r := range got.Rows {
				if r.ID == "secret" {
					t.Errorf("%s: another's row", name)
				}
			}
		}
	})
}

func TestBitFlipIsFound(t *testing.T) {
	everywhere(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		w.as("wu", &put{K: "t.doc", I: "a", B: obj{"to": []string{"org"}, "text": "原文"}})
		d := w.desk("lin", "d1")
		if err := w.Store.Write(ctx, func(q store.Q) error {
			_, err := q.ExecContext(ctx, "UPDATE r_t_doc SET body = replace(body, '原', '元')")
			return err
		}); err != nil {
			t.Fatal(err)
		}
		found, err := w.Check(ctx)
		if err != nil || len(found) != 1 || !strings.Contains(found[0], "t.doc a") || strings.Contains(found[0], "元文") {
			t.Errorf("doctor: %q, %v", found, err)
		}
		d.pull(nil)
		if len(d.badSums) != 1 {
			t.Errorf("the desk's sums: %v", d.badSums)
		}
	})
}

func TestDoctorFinds(t *testing.T) {
	for name, damage := range map[string]string{
		"body not canonical":     "UPDATE r_t_doc SET body = ' ' || body",
		"lost member":            "UPDATE chan_row SET rem = 1 WHERE id = 'a' AND chan = 'u:lin'",
		"member too many":        "INSERT INTO chan_row (kind, id, chan, lane, seq, rem, at) VALUES ('t.doc', 'a', 'u:han', 1, 1, 0, 0)",
		"ghost":                  "DELETE FROM r_t_body WHERE id = 'b'",
		"orphan":                 "DELETE FROM r_t_doc WHERE id = 'a'",
		"count":                  "UPDATE chan_head SET n_live = n_live + 1 WHERE chan = 'u:lin'",
		"sum":                    "UPDATE chan_head SET sum = sum + 1 WHERE chan = 'u:lin'",
		"head below its entries": "UPDATE chan_head SET seq = 1 WHERE chan = 'org' AND lane = 1",
		"chain":                  "UPDATE chan_head SET chain = 'x' WHERE chan = 'u:lin'",
		"no counter":             "DELETE FROM chan_head WHERE chan = 'u:lin'",
		"subscription":           "DELETE FROM sub WHERE uid = 'lin' AND chan = 'org'",
		"number":                 "UPDATE device SET last_n = 0",
		"outcome":                "DELETE FROM mut WHERE dev = 'd1'",
		"job":                    "INSERT INTO job (id, kind, args, due, state, at) VALUES ('j', 't.job', '{}', 0, 'failed', 0)",
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, store.Config{Dir: t.TempDir()})
			w.as("lin", doc("a", "u:lin", "org"))
			w.as("lin", &put{K: "t.body", I: "b", R: "a", B: obj{}})
			w.desk("lin", "d1").push(&add{I: "c"})
			w.healthy()
			ctx := context.Background()
			if err := w.Store.Write(ctx, func(q store.Q) error { _, err := q.ExecContext(ctx, damage); return err }); err != nil {
				t.Fatal(err)
			}
			if found, err := w.Check(ctx); err != nil || len(found) == 0 {
				t.Errorf("found %q, %v", found, err)
			}
		})
	}
}

func TestJobs(t *testing.T) {
	everywhere(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		run := func(want int) {
			t.Helper()
			if n, err := w.RunJobs(ctx); n != want || err != nil {
				t.Errorf("%d jobs, %v; want %d", n, err, want)
			}
		}
		r, b := w.desk("lin", "d1").request(&emit{Word: "one"}, &emit{Word: "two"})
		for range 2 { // the retry queues nothing again
			if _, err := w.Push(ctx, Caller{"lin", "d1"}, r, b); err != nil {
				t.Fatal(err)
			}
		}
		run(2)
		run(0)
		slices.Sort(w.done)
		if got := strings.Join(w.done, " "); got != `{"w":"one"} {"w":"two"}` {
			t.Errorf("did %s", got)
		}
		// A timer: a command of the system, once, when its time has come.
		w.as("lin", &emit{At: office.Millis(w.clock.Add(time.Hour)), I: "timer"})
		run(0)
		w.pass(time.Hour)
		run(1)
		run(0)
		if w.count("timer") != 1 {
			t.Errorf("count %d", w.count("timer"))
		}
		// A job that fails rests, and is set aside in the end.
		w.done, w.still = nil, true
		w.as("lin", &emit{Word: "fail"})
		w.as("lin", &emit{Word: "panic"})
		run(0)
		run(0)
		if len(w.done) != 2 {
			t.Errorf("tried %d times without a rest", len(w.done))
		}
		for range 20 {
			w.pass(2 * time.Hour)
			run(0)
		}
		if len(w.done) != 24 {
			t.Errorf("tried %d times in all", len(w.done))
		}
		if found, err := w.Check(ctx); err != nil || len(found) != 2 {
			t.Errorf("doctor: %q, %v", found, err)
		}
	})
}

// A timer that was done but not crossed off acts once.
func TestTimerTwice(t *testing.T) {
	everywhere(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		w.as("lin", &emit{At: 1, I: "timer"})
		keep := "CREATE TABLE keep AS SELECT * FROM job"
		back := "INSERT INTO job SELECT * FROM keep"
		for i, s := range []string{keep, back} {
			if err := w.Store.Write(ctx, func(q store.Q) error { _, err := q.ExecContext(ctx, s); return err }); err != nil {
				t.Fatal(err)
			}
			if n, err := w.RunJobs(ctx); n != 1 || err != nil {
				t.Fatal(i, n, err)
			}
		}
		if w.count("timer") != 1 {
			t.Errorf("count %d", w.count("timer"))
		}
	})
}

func TestRunDue(t *testing.T) {
	w := newWorld(t, store.Config{Dir: t.TempDir()})
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error)
	go func() { ended <- w.RunDue(ctx) }()
	pokes, _ := w.Watch("lin")
	w.as("lin", &emit{At: 1, I: "timer"}) // due at once: the commit wakes the clockwork
	if got := <-pokes; !slices.Contains(got, "org") {
		t.Errorf("poke %v", got)
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if w.count("timer") != 1 {
		t.Errorf("count %d", w.count("timer"))
	}
}

// TestTwoServers: a commit on one server pokes the desks of the other, and
// either does the other's jobs.
func TestTwoServers(t *testing.T) {
	url := pg.Database(t)
	one := newWorld(t, store.Config{URL: url})
	s, err := store.Open(context.Background(), store.Config{URL: url, Kinds: one.Kinds})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	o := one.Options
	o.Store = s
	two, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	pokes, _ := two.Watch("lin")
	for _, a := range []*Authority{one.Authority, two} {
		wg.Go(func() {
			if err := a.RunDue(ctx); err != nil {
				t.Error(err)
			}
		})
	}
	if got := <-pokes; !slices.Contains(got, "u:lin") { // it listens now
		t.Errorf("poke at the start: %v", got)
	}
	one.as("wu", doc("a", "u:lin"))
	for !slices.Contains(<-pokes, "u:lin") {
	}
	one.as("system", &patch{K: "dir.person", I: "lin", S: obj{"units": []string{"x"}}})
	for !slices.Contains(<-pokes, "unit:x") { // its subscriptions are read anew
	}
	one.as("wu", doc("b", "unit:x"))
	for !slices.Contains(<-pokes, "unit:x") {
	}
	stop()
	wg.Wait()
	// Both did one push of each device: the order of a channel is one.
	d := one.desk("lin", "d1")
	d.push(&add{I: "c"})
	r, b := d.request(&add{I: "c"})
	if got, err := two.Push(context.Background(), d.caller, r, b); err != nil || outcomes(got.Results) != "applied" {
		t.Errorf("%+v, %v", got, err)
	}
	d.sync(t)
	one.healthy()
}

func TestRelayIsBounded(t *testing.T) {
	r := newRelay()
	for i := range 300 {
		r.add([]office.Channel{office.Channel(fmt.Sprintf("unit:%064d", i))}, []office.UserID{office.UserID(fmt.Sprintf("%064d", i%100))})
	}
	seen := map[office.Channel]bool{}
	for _, n := range r.take(strings.Repeat("f", 32)) {
		b, _ := json.Marshal(n)
		if len(b) > store.MaxNote {
			t.Errorf("a note of %d bytes", len(b))
		}
		for _, c := range n.Chans {
			seen[c] = true
		}
	}
	if len(seen) != 300 || len(r.take("x")) != 0 {
		t.Errorf("%d channels", len(seen))
	}
}

func TestLogHasNoContents(t *testing.T) {
	w := newWorld(t, store.Config{Dir: t.TempDir()})
	d := w.desk("lin", "d1")
	d.push(doc("a", "机密内容"), &panics{}, &emit{Word: "fail 机密内容"}, &refuse{I: "机密内容"})
	w.RunJobs(context.Background())
	if w.log.Len() == 0 || bytes.Contains(w.log.Bytes(), []byte("机密内容")) {
		t.Errorf("log: %s", w.log)
	}
}
