package authority

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"qianshao/syncserver/internal/store"
	"qianshao/syncserver/internal/store/pgtest"
	"qianshao/syncserver/office"
	"qianshao/syncserver/protocol"
)

// TestStandbyTakesOver: under load the primary of PostgreSQL dies and its
// synchronous standby takes over. Nothing that was answered is lost, nothing
// happens twice, and the servers go on without anybody's act.
func TestStandbyTakesOver(t *testing.T) {
	pair := pgtest.NewPair(t)
	w := newWorld(t, store.Config{URL: pair.URL(), Conns: 6})
	servers := []*Authority{w.Authority, w.twin()}
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	const writers, each = 6, 30
	var acks atomic.Int64
	var mu sync.Mutex
	answered := map[string]string{} // by mid: what was answered
	dead := make(chan struct{})
	var group sync.WaitGroup
	desks := make([]*desk, writers) // all are there before the first of them writes
	for i := range desks {
		desks[i] = w.desk([]office.UserID{"lin", "wu", "han"}[i%3], fmt.Sprint("d", i))
	}
	for i, d := range desks {
		group.Go(func() {
			for k := range each {
				r, b := d.request(&add{I: "sum"}, &put{K: "t.doc", I: fmt.Sprintf("x%d-%03d", i, k), B: obj{"to": []string{"org"}}})
				for try := 0; ; try++ { // a desk sends the same bytes until they are answered, here or there
					got, err := servers[(i+try)%2].Push(ctx, d.caller, r, b)
					if err == nil && got.Verdict != protocol.VerdictOK {
						t.Errorf("%s: %+v", d.dev, got)
						return
					}
					mu.Lock()
					for _, x := range got.Results {
						raw, _ := json.Marshal(x)
						if old, ok := answered[x.Mid]; ok && old != string(raw) {
							t.Errorf("%s was %s and is %s", x.Mid, old, raw)
						}
						answered[x.Mid] = string(raw)
					}
					mu.Unlock()
					if err == nil && len(got.Results) == len(r.Cmds) {
						d.ticket, d.n = r.Next, got.LastN
						break
					}
					if ctx.Err() != nil {
						t.Errorf("%s: no answer: %v", d.dev, err)
						return
					}
					if err != nil {
						select { // the standby is being promoted
						case <-dead:
						case <-time.After(50 * time.Millisecond):
						}
					}
				}
				if acks.Add(1) == writers*each/3 {
					group.Go(func() {
						pair.Crash()
						pair.Promote()
						close(dead)
					})
				}
			}
		})
	}
	group.Wait()
	if t.Failed() {
		return
	}
	if n := w.count("sum"); n != writers*each {
		t.Errorf("counted %d, want %d", n, writers*each)
	}
	err := w.Store.Read(ctx, func(q store.Q) error {
		for mid, want := range answered {
			m, ok, err := store.FindMut(ctx, q, mid)
			if err != nil {
				return err
			}
			raw, _ := json.Marshal(m.Result)
			if !ok || string(raw) != want {
				t.Errorf("%s was answered %s, and the new primary says %s", mid, want, raw)
			}
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	d := w.desk("lin", "fresh")
	d.sync(t)
	if len(d.badSums) > 0 {
		t.Error(d.badSums)
	}
	w.healthy()
}
