package authority

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"qianshao/syncserver/internal/store"
	"qianshao/syncserver/office"
)

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
