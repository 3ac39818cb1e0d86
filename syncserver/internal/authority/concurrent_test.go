package authority

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"qianshao/syncserver/office"
	"qianshao/syncserver/protocol"
)

// upend gives a document to somebody else and back, over and over.
func upend(i int) *patch {
	return &patch{K: "t.doc", I: "hub", S: obj{"to": [][]string{{"org"}, {"u:lin"}, {"u:lin", "u:wu"}, {}}[i%4]}}
}

// TestManyWriters: 16 writers on shared and own records, while desks pull. No
// row is missed, none comes before an earlier one, no effect is lost or
// doubled, and every checkpoint is a true moment.
func TestManyWriters(t *testing.T) {
	everywhere(t, func(t *testing.T, w *world) {
		const writers, rounds = 16, 25
		ctx := context.Background()
		w.as("wu", doc("hub", "org"))
		var refused, doubled atomic.Int64
		var writing, pulling sync.WaitGroup
		stop := make(chan struct{})

		own := make([]*desk, writers) // a device that one goroutine pushes for and another pulls for
		for i := range writers {
			own[i] = w.desk([]office.UserID{"lin", "wu", "han"}[i%3], fmt.Sprintf("own%d", i))
		}
		for i := range writers {
			d := *own[i]
			writing.Go(func() {
				for k := range rounds {
					r, _ := d.request(
						&put{K: "t.doc", I: fmt.Sprintf("w%02d-%03d", i, k), B: obj{"to": []string{"org"}, "n": 5*k + 1}},
						&add{I: "free"},               // version check alone
						&add{I: "locked", Lock: true}, // what it reads is held
						upend(i+k),                    // children move with it
						&put{K: "t.body", I: fmt.Sprintf("b%02d-%03d", i, k), R: "hub", B: obj{}},
					)
					got, err := w.Push(ctx, d.caller, r, raw(r))
					if err != nil || len(got.Results) != len(r.Cmds) {
						t.Errorf("writer %d: %+v, %v", i, got, err)
						return
					}
					for _, x := range got.Results {
						if x.Outcome != protocol.Applied && x.Outcome != protocol.Noop {
							refused.Add(1)
							t.Errorf("writer %d: %+v", i, x)
						}
					}
					if k%5 == 0 { // a lost reply
						again, err := w.Push(ctx, d.caller, r, raw(r))
						a, _ := json.Marshal(got)
						b, _ := json.Marshal(again)
						if err != nil || string(a) != string(b) {
							doubled.Add(1)
						}
					}
					d.ticket, d.n = r.Next, got.LastN
				}
			})
		}
		look := func(d *desk, mine int) {
			d.limit = 4000 + 1000*mine
			top := map[string]int{}
			for {
				select {
				case <-stop:
					return
				default:
				}
				d.pull(nil)
				for _, s := range d.badSums {
					t.Errorf("%s: %s", d.dev, s)
				}
				for _, c := range []string{"free", "locked"} {
					var v struct{ N int }
					if r, ok := d.base[key{"t.count", c}]; ok {
						json.Unmarshal(r.Body, &v)
					}
					if v.N < top[c] {
						t.Errorf("%s: %s went back from %d to %d", d.dev, c, top[c], v.N)
					}
					top[c] = v.N
				}
				for i := range writers { // of each writer a beginning without holes
					n := 0
					for n < rounds && d.has("t.doc", fmt.Sprintf("w%02d-%03d", i, n)) {
						n++
					}
					for k := n; k < rounds; k++ {
						if d.has("t.doc", fmt.Sprintf("w%02d-%03d", i, k)) {
							t.Errorf("%s: has writer %d's %d but not %d", d.dev, i, k, n)
						}
					}
					if i == mine && n != int(d.lastN+4)/5 {
						t.Errorf("%s: has %d of its own, but last_n is %d", d.dev, n, d.lastN)
					}
				}
				if t.Failed() {
					return
				}
			}
		}
		pullers := []*desk{own[0], own[7], w.desk("wu", "p2"), w.desk("han", "p3")}
		for i, d := range pullers {
			mine := -1
			if i < 2 {
				mine = i * 7
			}
			pulling.Go(func() { look(d, mine) })
		}
		pulling.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				if err := w.GC(ctx, w.now()); err != nil {
					t.Errorf("gc: %v", err)
					return
				}
			}
		})
		writing.Wait()
		close(stop)
		pulling.Wait()
		if n := w.count("free"); n != writers*rounds {
			t.Errorf("free: %d of %d", n, writers*rounds)
		}
		if n := w.count("locked"); n != writers*rounds {
			t.Errorf("locked: %d of %d", n, writers*rounds)
		}
		if doubled.Load() > 0 {
			t.Errorf("%d retries were answered otherwise", doubled.Load())
		}
		for _, d := range pullers {
			d.sync(t)
			fresh := *d
			fresh.cursors, fresh.member, fresh.base = nil, map[protocol.ChanLane]map[key]bool{}, map[key]protocol.Row{}
			fresh.sync(t)
			if !maps.EqualFunc(d.base, fresh.base, func(a, b protocol.Row) bool { return string(a.Body) == string(b.Body) && a.Ver == b.Ver }) {
				t.Errorf("%s differs from a fresh desk", d.dev)
			}
			if d.rewound {
				t.Errorf("%s was rewound", d.dev)
			}
		}
		w.healthy()
	})
}

// TestSameMidAtOnce: copies of one profile send one command at the same moment.
func TestSameMidAtOnce(t *testing.T) {
	everywhere(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		for round := range 10 {
			mid := w.mid()
			var wg sync.WaitGroup
			for i := range 6 {
				dev := fmt.Sprintf("r%d-%d", round, i)
				d := w.desk("lin", dev)
				wg.Go(func() {
					r, _ := d.request()
					r.Cmds = []protocol.Command{wire(&add{I: "c"}, 1, mid)}
					if got, err := w.Push(ctx, d.caller, r, raw(r)); err != nil || outcomes(got.Results) != "applied" {
						t.Errorf("%+v, %v", got, err)
					}
				})
			}
			wg.Go(func() {
				if _, err := w.As(ctx, "lin", mid, time.Time{}, &add{I: "c"}); err != nil {
					t.Error(err)
				}
			})
			wg.Wait()
			if n := w.count("c"); n != round+1 {
				t.Fatalf("count %d after %d commands", n, round+1)
			}
		}
		w.healthy()
	})
}
