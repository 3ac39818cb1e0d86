package replica

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"qianshao/syncserver/office"
)

// A first load of ten thousand headers, and a change on top of it with twenty
// commands waiting.
func BenchmarkFirstLoad(b *testing.B) {
	for range b.N {
		r := open(b, testKinds(), Defects{})
		load(b, r, 10000)
	}
}

func load(b *testing.B, r *Replica, rows int) []office.Record {
	const page = 500
	var all []office.Record
	for i := range rows {
		all = append(all, card(fmt.Sprintf("c%06d", i), 1, obj{"title": fmt.Sprintf("关于第%d号文件办理情况的报告", i), "grp": "x", "text": strings.Repeat("字", 100)}))
	}
	for i := 0; i < rows; i += page {
		if _, err := r.Update(context.Background(), func(t *Tx) error { return t.Stage(puts(org1, int64(i), all[i:i+page]...)) }); err != nil {
			b.Fatal(err)
		}
	}
	out := take(b, r, Rebase{Pull: &Checkpoint{Dev: "d", Sums: []Sum{sumOf(org1, all...)}}})
	if out.Pulled != rows || len(out.Repairs) != 0 {
		b.Fatalf("%+v", out)
	}
	return all
}

func BenchmarkOneChange(b *testing.B) {
	r := open(b, testKinds(), Defects{})
	all := load(b, r, 10000)
	var wait []Command
	for i := range 20 {
		id := all[i*7].ID
		wait = append(wait, Command{Ord: int64(i + 1), Mid: fmt.Sprint("m", i), Run: func(tx office.Tx) error { return tx.Patch("t.card", id, office.Fields{"n": 5}) }})
	}
	take(b, r, Rebase{Waiting: wait})
	for i := 0; b.Loop(); i++ {
		all[0].Ver++
		all[0].Body = body(obj{"title": fmt.Sprint("改", i)})
		take(b, r, Rebase{Waiting: wait, Pull: &Checkpoint{Dev: "d", Sums: []Sum{sumOf(org1, all...)}}}, puts(org1, int64(20000+i), all[0]))
	}
}

func BenchmarkSearch(b *testing.B) {
	r := open(b, testKinds(), Defects{})
	load(b, r, 10000)
	for b.Loop() {
		if hs, err := r.Search(context.Background(), "文件 办理", 50); err != nil || len(hs) != 50 {
			b.Fatal(len(hs), err)
		}
	}
}
