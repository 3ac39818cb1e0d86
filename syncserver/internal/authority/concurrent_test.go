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

	"qianshao/syncserver/internal/store"
	"qianshao/syncserver/office"
	"qianshao/syncserver/protocol"
	"qianshao/syncserver/rowsql"
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
		const writers = 16
		rounds := 20
		if w.Store.Dialect() == rowsql.SQLite { // one writer at a time: nothing more would happen
			rounds = 6
		}
		ctx := context.Background()
		w.as("wu", doc("hub", "org"))
		servers := []*Authority{w.Authority, w.twin()} // over one database; a desk changes between them
		runCtx, stopServers := context.WithCancel(ctx)
		var running sync.WaitGroup
		for _, a := range servers {
			running.Go(func() { a.runRelay(runCtx) })
		}
		defer running.Wait()
		defer stopServers()
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
						&put{K: "t.doc", I: fmt.Sprintf("w%02d-%03d", i, k), B: obj{"to": []string{"org"}, "n": 6*k + 1}},
						&add{I: "free"},               // version check alone
						&add{I: "locked", Lock: true}, // what it reads is held
						upend(i+k),                    // children move with it
						&put{K: "t.body", I: fmt.Sprintf("b%02d-%03d", i, k), R: "hub", B: obj{}},
						[]office.Command{ // a root that comes and goes while children are put under it
							doc("fly", "org"), &del{K: "t.doc", I: "fly"},
							&put{K: "t.body", I: fmt.Sprintf("f%02d-%03d", i, k), R: "fly", B: obj{}},
							&put{K: "t.body", I: fmt.Sprintf("f%02d-%03d", i, k), R: "fly", B: obj{}},
						}[(i+k)%4],
					)
					got, err := servers[(i+k)%2].Push(ctx, d.caller, r, raw(r))
					if err != nil || len(got.Results) != len(r.Cmds) {
						t.Errorf("writer %d: %+v, %v", i, got, err)
						return
					}
					for j, x := range got.Results {
						if j == 5 && (x.Code == office.CodeExists || x.Code == office.CodeNotFound) {
							continue // the root was there already, or not
						}
						if x.Outcome != protocol.Applied && x.Outcome != protocol.Noop {
							refused.Add(1)
							t.Errorf("writer %d: %+v", i, x)
						}
					}
					if k%5 == 0 { // a lost reply
						again, err := servers[(i+k+1)%2].Push(ctx, d.caller, r, raw(r)) // at the other server
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
			// It hears of commits at the other server than the one it asks.
			pokes, unwatch := servers[1].Watch(d.caller.UID)
			defer unwatch()
			for {
				select {
				case <-stop:
					return
				case <-pokes:
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
					if i == mine && n != int(d.lastN+5)/6 {
						t.Errorf("%s: has %d of its own, but last_n is %d", d.dev, n, d.lastN)
					}
				}
				if t.Failed() {
					return
				}
			}
		}
		pullers := []*desk{own[0], own[7], w.desk("wu", "p2"), w.desk("han", "p3")}
		other := &world{Authority: servers[1], t: t, log: w.log}
		for i, d := range pullers {
			if i%2 == 1 {
				d.w = other
			}
			mine := -1
			if i < 2 {
				mine = i * 7
			}
			pulling.Go(func() { look(d, mine) })
		}
		pulling.Go(func() {
			pokes, unwatch := w.Watch("han")
			defer unwatch()
			for {
				select {
				case <-stop:
					return
				case <-pokes:
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

// during starts f while a transaction of PostgreSQL is open, and returns when f
// has ended or waits for that transaction.
func (w *world) during(f func()) (ended chan struct{}) {
	ended = make(chan struct{})
	go func() {
		defer close(ended)
		f()
	}()
	for {
		select {
		case <-ended:
			return ended
		default:
		}
		waiting := 0
		if err := w.Store.Read(context.Background(), func(q store.Q) error {
			return q.QueryRowContext(context.Background(), "SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid) WHERE NOT granted AND datname = current_database()").Scan(&waiting)
		}); err != nil {
			w.t.Error(err)
			return ended
		}
		if waiting > 0 {
			return ended
		}
	}
}

// A child is written while its root's audience moves: it follows.
func TestChildWhileRootMoves(t *testing.T) {
	var hook func()
	hub := &office.Kind{Name: "t.hub", Residence: office.ResidentAlways, Audience: func(r office.Record) ([]office.Channel, error) {
		if f := hook; f != nil {
			hook = nil
			f()
		}
		var v struct{ To []office.Channel }
		err := r.Decode(&v)
		return v.To, err
	}}
	spoke := &office.Kind{Name: "t.spoke", Parent: "t.hub", Residence: office.ResidentAlways}
	w := newWorld(t, store.Config{URL: pg.Database(t)}, hub, spoke)
	w.as("lin", &put{K: "t.hub", I: "h", B: obj{"to": []string{"u:lin"}}})
	var ended chan struct{}
	hook = func() { // the child's channels are decided now
		ended = w.during(func() { w.as("lin", &patch{K: "t.hub", I: "h", S: obj{"to": []string{"u:wu"}}}) })
	}
	w.as("lin", &put{K: "t.spoke", I: "s", R: "h", B: obj{}})
	<-ended
	w.healthy()
	w.desk("lin", "d1").expect(t)
	w.desk("wu", "e1").expect(t, "hub/h", "spoke/s")
}

// A child is written while its root is deleted: it is refused.
func TestChildWhileRootGoes(t *testing.T) {
	w := newWorld(t, store.Config{URL: pg.Database(t)})
	w.as("lin", doc("h", "org"))
	var ended chan struct{}
	var child protocol.Result
	_, err := w.As(context.Background(), "lin", w.mid(), time.Time{}, function{func(tx office.Tx) error {
		if err := tx.Delete("t.doc", "h"); err != nil {
			return err
		}
		ended = w.during(func() {
			child, _ = w.As(context.Background(), "wu", "child", time.Time{}, &put{K: "t.body", I: "b", R: "h", B: obj{}})
		})
		return nil
	}, new(error)})
	if err != nil {
		t.Fatal(err)
	}
	<-ended
	if child.Code != office.CodeNotFound {
		t.Errorf("%+v", child)
	}
	w.healthy()
}

// A refusal rests on one moment: a command that read a counter before
// somebody's commit and the ledger after it looks again.
func TestRefusalOfTwoMoments(t *testing.T) {
	w := newWorld(t, store.Config{URL: pg.Database(t)})
	next := func(between func()) office.Command {
		return function{func(tx office.Tx) error {
			n := 0
			if r, p, err := tx.Get("t.count", "c"); err != nil {
				return err
			} else if p == office.Present {
				var v struct{ N int }
				if err := r.Decode(&v); err != nil {
					return err
				}
				n = v.N
			}
			if between != nil {
				f := between
				between = nil
				f()
			}
			if _, p, err := tx.Get("t.doc", fmt.Sprint("n", n)); err != nil || p == office.Present {
				return office.Errorf(office.CodeExists, "number %d is given", n)
			}
			if err := tx.Insert("t.doc", fmt.Sprint("n", n), "", obj{}); err != nil {
				return err
			}
			if n == 0 {
				return tx.Insert("t.count", "c", "", obj{"n": 1})
			}
			return tx.Patch("t.count", "c", office.Fields{"n": n + 1})
		}, new(error)}
	}
	w.as("lin", next(nil))
	w.as("lin", next(func() { w.as("wu", next(nil)) }))
	if n := w.count("c"); n != 3 {
		t.Errorf("count %d", n)
	}
	w.healthy()
}
