package engine_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"qianshao/app/internal/engine"
	"qianshao/syncserver/office"
)

// story is one person's work over which the desk may be killed at any point.
// It is told in steps; a step that was killed is told again only as far as it
// must: what Do had queued stays queued.
func story(t *testing.T, kill string, skip int, ablate ...engine.Ablation) (map[rowKey]office.Record, map[string]string, bool) {
	t.Helper()
	s := newServer("lin", "wang")
	for i := range 8 {
		s.as("wang", &makeNote{ID: fmt.Sprint("w", i), Title: fmt.Sprintf("文%d", i), State: "open", To: []office.UserID{"lin"}})
	}
	dir := tempDir()
	defer removeAll(dir)
	d := newDesk(t, dir, s, "lin", "d1", ablate...)
	d.o.PageBytes = 120 // several pages
	d.reopen()
	d.kill, d.skip = kill, skip
	died := false
	step := func(f func()) {
		t.Helper()
		if d.survive(f) {
			died = true
		}
		d.checkOverlay()
	}
	sync := func() {
		t.Helper()
		for range 6 { // each kill costs one try
			step(func() { d.sync() })
		}
	}
	give := func(key string, cmd office.Command) {
		t.Helper()
		step(func() {
			if _, err := d.Do(context.Background(), cmd); err != nil {
				t.Fatalf("%s: %v", key, err)
			}
		})
		// Killed before the outbox was committed: nothing was given, the person
		// gives it again.
		is, err := d.Outbox(context.Background(), engine.Filter{Archived: true})
		if err != nil {
			t.Fatal(err)
		}
		want := string(raw(cmd))
		for _, i := range is {
			if string(i.Args) == want {
				return
			}
		}
		step(func() { d.do(cmd) })
	}
	sync()
	d.checkBase()
	give("make", &makeNote{ID: "m1", Title: "自拟", To: []office.UserID{"wang"}})
	give("add", &add{ID: "m1", By: 2})
	give("tally", &tally{ID: "m1", State: "open"})
	s.as("wang", &add{ID: "w1", By: 4})
	s.as("wang", &share{ID: "w2"})
	give("lost", &add{ID: "w2", By: 1}) // refused: w2 is no longer shared… but still there
	give("line", &write{ID: "l1", Note: "m1", Text: "正文"})
	sync()
	give("again", &add{ID: "m1", By: 100})
	s.as("lin", &drop{ID: "w3"})
	give("gone", &add{ID: "w3", By: 1})
	give("gone2", &copyTitle{From: "w3", Into: "m1"})
	sync()
	// A second copy of the profile has pushed meanwhile: the device forks.
	s.devices["d1"].ticket = "other"
	give("forked", &add{ID: "m1", By: 1000})
	sync()
	// The server is restored from a backup: what was acknowledged comes again.
	b := s.backup()
	give("afterwards", &add{ID: "m1", By: 10000})
	sync()
	s.restore(b)
	s.epoch = "e2"
	sync()
	// With a new session the device is introduced again and told to rebuild.
	s.epoch = "e3"
	d.reopen()
	sync()
	give("drop", &drop{ID: "w4"})
	sync()
	d.checkBase()
	d.checkOverlay()
	for m, n := range s.applied {
		if n != 1 {
			t.Fatalf("%s took effect %d times", m, n)
		}
	}
	is, err := d.Outbox(context.Background(), engine.Filter{Archived: true})
	if err != nil {
		t.Fatal(err)
	}
	outcomes := map[string]string{}
	for _, i := range is {
		outcomes[i.Command+string(i.Args)] = i.State + " " + i.Outcome + " " + string(i.Code)
		if i.Outcome != s.mids[i.Mid].Outcome {
			t.Fatalf("%s: %q here, %q on the server", i.Args, i.Outcome, s.mids[i.Mid].Outcome)
		}
	}
	truth := map[rowKey]office.Record{}
	for k, r := range d.rows(d.Visible) {
		r.Ver = 0
		truth[k] = r
	}
	d.Close()
	return truth, outcomes, died
}

var points = []string{
	"do.run", "do.outbox", "do.replica", "push.made", "push.kept", "push.answered", "push.landed", "fork.outbox",
	"pull.answered", "pull.results", "pull.staged", "pull.applied", "replay.outbox", "rebuild.replayed",
}

func TestAKillAnywhereChangesNothing(t *testing.T) {
	want, outcomes, _ := story(t, "", 0)
	for _, p := range points {
		for skip := 0; skip < 40; skip += 1 + skip/2 {
			have, outs, died := story(t, p, skip)
			if !died {
				if skip == 0 {
					t.Errorf("%s is never passed", p)
				}
				break
			}
			for k, r := range have {
				k, r := k, r
				w := want[k]
				// Claimed times differ by the kill.
				r.Body, w.Body = untimed(r.Body), untimed(w.Body)
				have[k] = r
				if string(r.Body) != string(w.Body) {
					t.Errorf("%s after %d: %v is %s, not %s", p, skip, k, r.Body, w.Body)
				}
			}
			if len(have) != len(want) {
				t.Errorf("%s after %d: %d rows, not %d", p, skip, len(have), len(want))
			}
			for k, o := range outs {
				if o != outcomes[k] {
					t.Errorf("%s after %d: %s is %s, not %s", p, skip, k, o, outcomes[k])
				}
			}
		}
	}
}

func untimed(body []byte) []byte {
	b, err := office.Patched(body, office.Fields{"at": nil})
	if err != nil {
		panic(err)
	}
	return b
}

func TestAKillWhileDiscarding(t *testing.T) {
	s := newServer("lin")
	d := newDesk(t, t.TempDir(), s, "lin", "d1")
	mid := d.do(&makeNote{ID: "n1", Title: "x"})
	d.do(&makeNote{ID: "n2", Title: "y"})
	d.kill = "discard.outbox"
	if !d.survive(func() { _ = d.Discard(context.Background(), mid) }) {
		t.Fatal("not killed")
	}
	d.checkOverlay()
	if _, ok := d.note("n1"); ok {
		t.Fatal("a discarded command shows")
	}
	d.Close()
}

// Each of these defences, taken away, makes the story fail when the desk is
// killed at that point.
func TestAblatedDefencesOfTheFiles(t *testing.T) {
	for _, c := range []struct {
		a     engine.Ablation
		point string
		skip  int
	}{
		{engine.NoOverlayOrd, "do.outbox", 0},
		{engine.NoRequest, "push.answered", 0},
	} {
		if !breaks(t, func(t tb) { ablated(t, c.point, c.skip, c.a) }) {
			t.Errorf("without %s a kill at %s changes nothing", c.a, c.point)
		}
	}
}

// failing stands in for a test that is meant to fail.
type failing struct{ why string }

type failed struct{}

func (f *failing) Helper() {}
func (f *failing) Fatalf(format string, args ...any) {
	f.why = fmt.Sprintf(format, args...)
	panic(failed{})
}

// breaks reports whether f fails.
func breaks(t *testing.T, f func(tb)) (broke bool) {
	t.Helper()
	fake := &failing{}
	defer func() {
		if p := recover(); p != nil {
			if _, ok := p.(failed); !ok {
				panic(p)
			}
			broke = true
			t.Log(fake.why)
		}
	}()
	f(fake)
	return false
}

// ablated is a short story that ends with every check there is.
func ablated(t tb, kill string, skip int, a engine.Ablation) {
	dir := tempDir()
	defer removeAll(dir)
	s := newServer("lin", "wang")
	d := newDesk(t, dir, s, "lin", "d1", a)
	defer func() { d.Close() }()
	try := func(f func()) { d.survive(f); d.checkOverlay() }
	try(func() { d.sync() })
	d.kill, d.skip = kill, skip
	try(func() { d.do(&makeNote{ID: "n1", Title: "x"}) })
	try(func() { _, _ = d.Do(context.Background(), &add{ID: "n1", By: 1}) })
	s.stall = 1
	lost := true
	d.way.lose = func(what string) (bool, bool) {
		if what == "push" && lost {
			lost = false
			return false, true
		}
		return false, false
	}
	for range 5 {
		try(func() {
			if _, err := d.Sync(context.Background()); err != nil && !errors.Is(err, errLost) {
				t.Fatalf("%v", err)
			}
		})
	}
	d.checkBase()
	if s.forks > 0 {
		t.Fatalf("the device was taken for a copy of itself")
	}
	is, err := d.Outbox(context.Background(), engine.Filter{Archived: true})
	if err != nil {
		t.Fatalf("%v", err)
	}
	for _, i := range is {
		if i.Outcome != s.mids[i.Mid].Outcome {
			t.Fatalf("%s: %q here, %q on the server", i.Args, i.Outcome, s.mids[i.Mid].Outcome)
		}
	}
}
