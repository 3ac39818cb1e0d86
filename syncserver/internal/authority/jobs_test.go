package authority

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"qianshao/syncserver/internal/store"
	"qianshao/syncserver/office"
)

func TestJobs(t *testing.T) {
	everywhere(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		run := func(want int) {
			t.Helper()
			if n, err := w.RunJobs(ctx); n != want || err != nil {
				t.Errorf("%d jobs, %v; want %d", n, err, want)
			}
		}
		r, b := w.desk("lin", "d1").request(&emit{Word: "one"}, &emit{Word: "two"})
		for range 2 { // the retry queues nothing again
			if _, err := w.Push(ctx, Caller{"lin", "d1"}, r, b); err != nil {
				t.Fatal(err)
			}
		}
		run(2)
		run(0)
		slices.Sort(w.done)
		if got := strings.Join(w.done, " "); got != `{"w":"one"} {"w":"two"}` {
			t.Errorf("did %s", got)
		}
		// A timer: a command of the system, once, when its time has come.
		w.as("lin", &emit{At: office.Millis(w.clock.Add(time.Hour)), I: "timer"})
		run(0)
		w.pass(time.Hour)
		run(1)
		run(0)
		if w.count("timer") != 1 {
			t.Errorf("count %d", w.count("timer"))
		}
		// A job that fails rests, and is set aside in the end.
		w.done, w.still = nil, true
		w.as("lin", &emit{Word: "fail"})
		w.as("lin", &emit{Word: "panic"})
		run(0)
		run(0)
		if len(w.done) != 2 {
			t.Errorf("tried %d times without a rest", len(w.done))
		}
		for range 20 {
			w.pass(2 * time.Hour)
			run(0)
		}
		if len(w.done) != 24 {
			t.Errorf("tried %d times in all", len(w.done))
		}
		if found, err := w.Check(ctx); err != nil || len(found) != 2 {
			t.Errorf("doctor: %q, %v", found, err)
		}
	})
}

// A timer that was done but not crossed off acts once.
func TestTimerTwice(t *testing.T) {
	everywhere(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		w.as("lin", &emit{At: 1, I: "timer"})
		keep := "CREATE TABLE keep AS SELECT * FROM job"
		back := "INSERT INTO job SELECT * FROM keep"
		for i, s := range []string{keep, back} {
			if err := w.Store.Write(ctx, func(q store.Q) error { _, err := q.ExecContext(ctx, s); return err }); err != nil {
				t.Fatal(err)
			}
			if n, err := w.RunJobs(ctx); n != 1 || err != nil {
				t.Fatal(i, n, err)
			}
		}
		if w.count("timer") != 1 {
			t.Errorf("count %d", w.count("timer"))
		}
	})
}

func TestRunDue(t *testing.T) {
	w := newWorld(t, store.Config{Dir: t.TempDir()})
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error)
	go func() { ended <- w.RunDue(ctx) }()
	pokes, _ := w.Watch("lin")
	w.as("lin", &emit{At: 1, I: "timer"}) // due at once: the commit wakes the clockwork
	if got := <-pokes; !slices.Contains(got, "org") {
		t.Errorf("poke %v", got)
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if w.count("timer") != 1 {
		t.Errorf("count %d", w.count("timer"))
	}
}
