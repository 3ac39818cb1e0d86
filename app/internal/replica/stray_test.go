package replica

import (
	"context"
	"slices"
	"testing"

	"qianshao/syncserver/office"
)

// A record whose membership was damaged is in no channel: the reset of any leaves
// it no longer, whether a command has touched it or not. What only a waiting
// command has made stays, and so does what another channel holds.
func TestAResetLeavesNoStray(t *testing.T) {
	r := open(t, testKinds(), Defects{})
	u := ChanLane{"u:lin", office.LaneHeaders}
	a, b, c, d := card("a", 1, obj{"title": "甲"}), card("b", 1, obj{"title": "乙"}), card("c", 1, obj{"title": "丙"}), card("d", 1, obj{"title": "丁"})
	odd := office.Record{Kind: "t.later", ID: "odd", Root: "odd", Ver: 1, Body: body(obj{"x": 1})}
	take(t, r, Rebase{}, puts(org1, 4, a, b, c, odd), puts(u, 1, d))
	waiting := []Command{
		{Ord: 1, Mid: "m1", Run: func(tx office.Tx) error { return tx.Insert("t.card", "mine", "", obj{"title": "本机写的"}) }},
		{Ord: 2, Mid: "m2", Run: func(tx office.Tx) error { return tx.Delete("t.card", "c") }},
		{Ord: 3, Mid: "m3", Run: func(tx office.Tx) error { return tx.Patch("t.card", "a", office.Fields{"title": "改过"}) }},
	}
	take(t, r, Rebase{Waiting: waiting, Ord: 3})
	for _, id := range []string{"a", "c", "odd"} {
		exec(t, r, "DELETE FROM member WHERE id = ?", id)
	}
	reset := puts(org1, 9, b)
	reset.Reset = []ChanLane{org1}
	out := take(t, r, Rebase{Waiting: waiting[:2], Ord: 3}, reset)
	if !out.Erased {
		t.Error("nothing was erased")
	}
	base, err := r.Base(context.Background(), "t.card")
	if err != nil {
		t.Fatal(err)
	}
	var left []string
	for _, x := range base {
		left = append(left, x.ID)
	}
	if !slices.Equal(left, []string{"b", "d"}) {
		t.Errorf("the base is %v", left)
	}
	if got(t, r, "t.card", "a") != "" || got(t, r, "t.card", "c") != "" || got(t, r, "t.card", "mine") == "" || got(t, r, "t.card", "d") == "" {
		t.Error("what is shown is not base and overlay")
	}
	var foreign int
	if err := r.w.QueryRow("SELECT count(*) FROM foreign_row").Scan(&foreign); err != nil || foreign != 0 {
		t.Errorf("%d records of unknown kinds stay, %v", foreign, err)
	}
}

// Nobody knows what a damaged record matched: a command that read a list stands
// on whoever wrote it, and its question is no error.
func TestADamagedRecordMayHaveMatched(t *testing.T) {
	r := open(t, testKinds(), Defects{})
	take(t, r, Rebase{}, puts(org1, 2, card("a", 1, obj{"grp": "x", "n": 1}), card("b", 1, obj{"grp": "y", "n": 1})))
	wrote := Command{Ord: 1, Mid: "m1", Run: func(tx office.Tx) error { return tx.Patch("t.card", "b", office.Fields{"n": 2}) }}
	take(t, r, Rebase{Waiting: []Command{wrote}, Ord: 1})
	list := Command{Ord: 2, Mid: "m2", Run: func(tx office.Tx) error {
		_, err := tx.List(office.Query{Kind: "t.card", View: "grp", Where: []office.Cond{office.Where("grp", "x")}})
		return err
	}}
	deps := func() (out []string) {
		t.Helper()
		_, err := r.Update(context.Background(), func(tx *Tx) error {
			o, err := tx.Try(list)
			if err != nil {
				return err
			}
			out, err = tx.Deps(o, 0)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	if d := deps(); len(d) != 0 {
		t.Fatalf("b was never in the list: %v", d)
	}
	exec(t, r, `UPDATE r_t_card SET body = '{"grp":' WHERE id = 'b'`)
	if d := deps(); !slices.Equal(d, []string{"m1"}) {
		t.Errorf("damaged as it is shown: %v", d)
	}
	exec(t, r, `UPDATE r_t_card SET body = '{"grp":"y","n":2}' WHERE id = 'b'`)
	exec(t, r, `UPDATE base SET body = 'x' WHERE id = 'b'`)
	if d := deps(); !slices.Equal(d, []string{"m1"}) {
		t.Errorf("damaged as the server said: %v", d)
	}
}

// A record that the disk has lost is taken away: a waiting command that stood on
// it is seen again without it.
func TestLostAndTakenAway(t *testing.T) {
	r := open(t, testKinds(), Defects{})
	a := card("a", 1, obj{"title": "甲"})
	take(t, r, Rebase{Pull: &Checkpoint{Dev: "d", Sums: []Sum{sumOf(org1, a)}}}, puts(org1, 1, a))
	under := Command{Ord: 1, Mid: "m1", Run: func(tx office.Tx) error {
		if _, at, err := tx.Get("t.card", "a"); err != nil || at != office.Present {
			return office.ErrElsewhere()
		}
		return tx.Insert("t.part", "p", "a", obj{"n": 1})
	}}
	give(t, r, under)
	if got(t, r, "t.part", "p") == "" {
		t.Fatal("the command does not show")
	}
	if _, err := r.w.Exec("DELETE FROM r_t_card WHERE id = 'a'"); err != nil {
		t.Fatal(err)
	}
	take(t, r, Rebase{Waiting: []Command{under}, Ord: 1, Pull: &Checkpoint{Dev: "d", Sums: []Sum{sumOf(org1)}}}, rems(org1, 2, a))
	if is := got(t, r, "t.part", "p"); is != "" {
		t.Errorf("what stood on the record still shows: %s", is)
	}
}
