package replica

import (
	"context"
	"fmt"
	"testing"

	"qianshao/syncserver/office"
)

// What a first load brings can be read at once and is found after IndexSome;
// what is changed or goes meanwhile is indexed, or forgotten, by itself.
func TestIndexedLater(t *testing.T) {
	ctx := context.Background()
	r := open(t, testKinds(), Defects{})
	var all []office.Record
	for i := range indexAtOnce + 100 {
		all = append(all, card(fmt.Sprintf("c%04d", i), 1, obj{"title": fmt.Sprintf("台账 第%d号", i), "grp": "x"}))
	}
	if _, err := r.Update(ctx, func(t *Tx) error { return t.Stage(puts(org1, 1, all...)) }); err != nil {
		t.Fatal(err)
	}
	take(t, r, Rebase{Pull: &Checkpoint{Dev: "d", Sums: []Sum{sumOf(org1, all...)}}})
	if got(t, r, "t.card", "c0003") == "" {
		t.Fatal("a row of the load cannot be read")
	}
	if n, err := r.Unindexed(ctx); err != nil || n != len(all) {
		t.Fatalf("%d rows are left for later, %v", n, err)
	}
	found := func(text string) int {
		hs, err := r.Search(ctx, text, 0)
		if err != nil {
			t.Fatal(err)
		}
		return len(hs)
	}
	if n := found("台账"); n != 0 {
		t.Fatalf("%d hits before the index is there", n)
	}

	// One changes, one goes, before their turn.
	changed := all[3]
	changed.Ver, changed.Body = 2, body(obj{"title": "修订", "grp": "x"})
	left := append([]office.Record{changed}, all[:3]...)
	left = append(left, all[5:]...)
	page := puts(org1, 1000, changed)
	page.Ops = append(page.Ops, Op{ChanLane: org1, Key: Key{all[4].Kind, all[4].ID}, Rem: true})
	take(t, r, Rebase{Pull: &Checkpoint{Dev: "d", Sums: []Sum{sumOf(org1, left...)}}}, page)
	if n := found("修订"); n != 1 {
		t.Errorf("the changed row is found %d times", n)
	}
	for n := 150; n == 150; {
		var err error
		if n, err = r.IndexSome(ctx, 150); err != nil {
			t.Fatal(err)
		}
	}
	if n := found("第4号"); n != 0 {
		t.Errorf("the row that went is found %d times", n)
	}
	if n := found("第30号"); n != 1 {
		t.Errorf("a row of the load is found %d times", n)
	}
	if n, err := r.Unindexed(ctx); err != nil || n != 0 {
		t.Errorf("%d rows are left, %v", n, err)
	}
}

// An index that many transactions have made is one part after its merge, and
// finds and forgets as before.
func TestMergedIndex(t *testing.T) {
	ctx := context.Background()
	r := open(t, testKinds(), Defects{})
	const rows = 3 * indexAtOnce
	var all []office.Record
	for i := range rows {
		all = append(all, card(fmt.Sprintf("c%04d", i), 1, obj{"title": fmt.Sprintf("台账 第%d号", i), "grp": "x"}))
	}
	if _, err := r.Update(ctx, func(t *Tx) error { return t.Stage(puts(org1, 1, all...)) }); err != nil {
		t.Fatal(err)
	}
	take(t, r, Rebase{Pull: &Checkpoint{Dev: "d", Sums: []Sum{sumOf(org1, all...)}}})
	for n := 100; n == 100; {
		var err error
		if n, err = r.IndexSome(ctx, 100); err != nil {
			t.Fatal(err)
		}
	}
	parts := func() int { return count(t, r, "SELECT count(DISTINCT segid) FROM search_idx") }
	if n := parts(); n < 2 {
		t.Fatalf("the index is of %d parts before", n)
	}
	steps := 0
	for more := true; more; steps++ {
		var err error
		if more, err = r.MergeIndex(ctx, steps == 0); err != nil {
			t.Fatal(err)
		}
		if steps > 100 {
			t.Fatal("it does not come to an end")
		}
	}
	if n := parts(); n != 1 {
		t.Errorf("the index is of %d parts after %d steps", n, steps)
	}
	take(t, r, Rebase{Pull: &Checkpoint{Dev: "d", Sums: []Sum{sumOf(org1, all[1:]...)}}}, rems(org1, 2, all[0]))
	for text, want := range map[string]int{"台账 第7号": 1, "台账 第0号": 0, "台账": maxHits} {
		if hs, err := r.Search(ctx, text, 0); err != nil || len(hs) != want {
			t.Errorf("%s: %d hits, %v", text, len(hs), err)
		}
	}
}
