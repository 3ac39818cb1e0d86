package authority

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"qianshao/syncserver/internal/store"
	"qianshao/syncserver/office"
)

// The benchmarks compare a command with the least that any server does for it:
// one transaction that inserts one row.
//
//	go test -tags sqlite_fts5 -run xx -bench . ./syncserver/internal/authority

func benchWorlds(b *testing.B, f func(b *testing.B, w *world)) {
	b.Run("sqlite", func(b *testing.B) { f(b, newWorld(b, store.Config{Dir: b.TempDir()})) })
	b.Run("postgres", func(b *testing.B) { f(b, newWorld(b, store.Config{URL: pg.Database(b)})) })
}

var benchBody = obj{"to": []string{"u:lin"}, "title": "关于报送一季度工作总结的通知", "text": "请各单位于本月二十日前报送。"}

func BenchmarkRawInsert(b *testing.B) {
	benchWorlds(b, func(b *testing.B, w *world) {
		body, _ := office.Canonical(benchBody)
		var n atomic.Int64
		b.SetParallelism(8)
		b.ResetTimer()
		b.RunParallel(func(p *testing.PB) {
			for p.Next() {
				id := fmt.Sprintf("raw%d", n.Add(1))
				err := w.Store.Write(context.Background(), func(q store.Q) error {
					return w.Store.Rows.Insert(context.Background(), q, office.Record{Kind: "t.doc", ID: id, Root: id, Ver: 1, Body: body})
				})
				if err != nil {
					b.Error(err)
				}
			}
		})
	})
}

func BenchmarkCommand(b *testing.B) {
	for _, shared := range []bool{false, true} {
		name := "own channel"
		if shared {
			name = "one hot channel"
		}
		b.Run(name, func(b *testing.B) {
			benchWorlds(b, func(b *testing.B, w *world) {
				var n, g atomic.Int64
				b.SetParallelism(8)
				b.ResetTimer()
				b.RunParallel(func(p *testing.PB) {
					to := "org"
					if !shared {
						to = fmt.Sprintf("u:p%d", g.Add(1))
					}
					for p.Next() {
						i := n.Add(1)
						body := obj{}
						for k, v := range benchBody {
							body[k] = v
						}
						body["to"] = []string{to}
						if _, err := w.As(context.Background(), "lin", fmt.Sprintf("m%d", i), time.Unix(1, 0), &put{K: "t.doc", I: fmt.Sprintf("d%d", i), B: body}); err != nil {
							b.Error(err)
						}
					}
				})
			})
		})
	}
}

func BenchmarkPush(b *testing.B) {
	benchWorlds(b, func(b *testing.B, w *world) {
		var g atomic.Int64
		b.SetParallelism(8)
		b.ResetTimer()
		b.RunParallel(func(p *testing.PB) {
			me := g.Add(1)
			d := w.desk("lin", fmt.Sprintf("d%d", me))
			for i := 0; p.Next(); i++ {
				d.push(&put{K: "t.doc", I: fmt.Sprintf("d%d-%d", me, i), B: benchBody})
			}
		})
	})
}
