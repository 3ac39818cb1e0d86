package authority

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"qianshao/syncserver/office"
	"qianshao/syncserver/protocol"
)

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
