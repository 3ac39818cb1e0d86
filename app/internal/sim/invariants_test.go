package sim

import (
	"fmt"
	"testing"
	"time"

	"qianshao/syncserver/office"
	"qianshao/syncserver/protocol"
)

// Invariant 11: device clocks, ten years wrong and jumping, change nothing: the
// same seed gives the same events, one by one, whether the clocks are right or
// wrong. (Without papers: ids that are derived from commands' ids, in which
// clocks are, order what the simulated people choose from.)
func TestClocksChangeNothing(t *testing.T) {
	for n := range uint64(3) {
		var hashes []string
		for _, sound := range []bool{true, false} {
			c := config{seed: *flagSeed + n, steps: *flagSteps, verify: true, plain: true, sound: sound}
			w, err := play(t, c)
			if err != nil {
				t.Fatalf("seed %d: %v", c.seed, err)
			}
			hashes = append(hashes, fmt.Sprintf("%s of %d events", w.log.hash(), w.log.n))
		}
		if hashes[0] != hashes[1] {
			t.Errorf("seed %d: %s with right clocks, %s with wrong ones", *flagSeed+n, hashes[0], hashes[1])
		}
	}
	// Ablation: the server takes the desks' time for its own.
	var hashes []string
	for _, sound := range []bool{true, false} {
		w, err := playWithout(t, config{seed: *flagSeed, steps: *flagSteps, verify: true, plain: true, sound: sound}, without("server:noclock"))
		hashes = append(hashes, fmt.Sprintf("%s %v", w.log.hash(), err))
	}
	if hashes[0] == hashes[1] {
		t.Error("without the server's clock nothing changes")
	}
}

// calmWorld is a world without mishaps, for scripts.
func calmWorld(t *testing.T, pages int) *world {
	t.Helper()
	w, err := newWorld(shared, config{seed: *flagSeed, calm: true, few: true, pages: pages, verify: true}, ablations{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.close)
	return w
}

// guarded runs f; a broken invariant fails the test.
func guarded(t *testing.T, w *world, f func()) {
	t.Helper()
	defer func() {
		switch p := recover().(type) {
		case nil:
		case *failure:
			t.Fatalf("%v\n%s", p, w.log.end())
		default:
			panic(p)
		}
	}()
	f()
}

// fill makes n notes that everybody sees.
func (w *world) fill(n int) {
	for i := range n {
		w.as("a", office.DeriveID("fill", fmt.Sprint(i)), &makeNote{
			ID: office.DeriveID("filled", fmt.Sprint(i)), Chans: []office.Channel{office.Org}, Tail: "底",
		})
	}
}

// Invariant 18: a pull that finds nothing costs at most 1 KB, headers included,
// and one changed row costs the same whether the desk holds a few rows or many.
func TestCostOfAPull(t *testing.T) {
	one := map[int]int64{}
	nothing := func(w *world, n int) int64 {
		w.fill(n)
		d := w.desks[0]
		for range 2 {
			if !d.sync() {
				t.Fatal("no sync in calm weather")
			}
		}
		before := w.traffic
		d.sync()
		return w.traffic - before
	}
	for _, n := range []int{10, 1500} {
		w := calmWorld(t, protocol.PageDefault)
		guarded(t, w, func() {
			if cost := nothing(w, n); cost > 1024 {
				t.Errorf("with %d rows a sync without news costs %d bytes", n, cost)
			}
			d := w.desks[0]
			w.as("b", office.DeriveID("one"), &add{ID: office.DeriveID("filled", "3"), By: 1})
			before := w.traffic
			d.sync()
			one[n] = w.traffic - before
		})
	}
	if few, many := one[10], one[1500]; many > few+few/10 {
		t.Errorf("one changed row costs %d bytes where the desk holds 10, %d where it holds 1500", few, many)
	}
	t.Logf("bytes of one changed row: %v", one)
	// Ablation: all cursors, each time.
	w, err := newWorld(shared, config{seed: *flagSeed, calm: true, few: true, pages: protocol.PageDefault, verify: true}, without("desk:noknown"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.close)
	guarded(t, w, func() {
		if cost := nothing(w, 10); cost <= 1024 {
			t.Errorf("with all cursors a sync without news costs %d bytes: nothing is saved", cost)
		}
	})
}

// story is a script without choices: what it leaves does not depend on where a
// machine died in it. Each act is repeated if the person does not find it given.
func (w *world) story(kill int) (points int, left string) {
	a, b := w.people[0].desks[0], w.people[1].desks[0]
	count := 0
	for _, d := range []*desk{a, b} {
		d.onCrash = func() bool {
			count++
			return count == kill
		}
	}
	act := func(d *desk, cmd office.Command) {
		if mid, err := d.give(cmd); err == nil && mid == "" {
			d.give(cmd) // the machine died before it was taken
		}
		d.check(false)
	}
	sync := func(d *desk) {
		for range 3 { // a killed sync is simply done again
			if d.sync() {
				return
			}
		}
		w.fail(4, "%s does not get through", d.name)
	}
	id := func(n int) string { return office.DeriveID("story", fmt.Sprint(n)) }
	everyone := []office.Channel{office.Org}
	sync(a)
	sync(b)
	act(a, &makeNote{ID: id(1), Chans: everyone, Parts: 0, Tail: "一"})
	act(a, &add{ID: id(1), By: 1})
	sync(a)
	sync(b)
	act(b, &add{ID: id(1), By: 10})
	act(a, &lateRefusal{ID: id(1), Seen: 1}) // refused: b is faster
	act(a, &add{ID: id(1), By: 100})         // depends on it: held
	act(a, &makeNote{ID: id(2), Chans: []office.Channel{"u:b"}, Tail: "二"})
	act(b, &putPart{ID: id(1), Part: id(3), Text: "文"})
	sync(b)
	sync(a)
	w.as("c", id(9), &share{ID: id(1), Chans: []office.Channel{"u:a"}})
	act(b, &add{ID: id(2), By: 5})
	sync(b)
	sync(a)
	for _, it := range a.waiting() {
		if it.NeedsYou {
			a.discard(it)
		}
	}
	sync(a)
	for _, d := range []*desk{a, b} {
		d.onCrash = nil
	}
	w.quiet()
	for _, n := range w.notes() {
		left += fmt.Sprintf("%s %d %v %s %d\n", n.ID, n.Value.N, n.Value.Chans, n.Value.Tail, len(n.Value.Log))
	}
	all, err := w.server.all()
	w.must(err)
	for _, k := range sorted(all) {
		if k.kind == parts.Name {
			left += fmt.Sprintf("%s %s\n", k.id, all[k].Body)
		}
	}
	for _, it := range append(a.waiting(), b.waiting()...) {
		left += fmt.Sprintf("%s %s %s %s\n", it.Command, it.State, it.Outcome, it.Code)
	}
	return count, left
}

// Invariant 8: a kill at any of the engine's crash points gives the same final
// state, on the server and in the outboxes, as no kill.
func TestKillAnywhere(t *testing.T) {
	began := time.Now()
	w := calmWorld(t, 0)
	var points int
	var want string
	guarded(t, w, func() { points, want = w.story(0) })
	if points < 20 {
		t.Fatalf("only %d crash points were passed", points)
	}
	for kill := 1; kill <= points; kill++ {
		w := calmWorld(t, 0)
		guarded(t, w, func() {
			if _, got := w.story(kill); got != want {
				t.Errorf("killed at point %d of %d:\n%s\nwithout a kill:\n%s", kill, points, got, want)
			}
		})
		w.close()
	}
	t.Logf("%d crash points, %v", points, time.Since(began).Round(time.Second))
}
