package jobs_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"sync"
	"testing"
	"time"

	"qianshao/syncserver/internal/jobs"
	"qianshao/syncserver/internal/store"
	"qianshao/syncserver/internal/store/pgtest"
	"qianshao/syncserver/office"
)

var pg pgtest.Cluster

func TestMain(m *testing.M) {
	code := m.Run()
	pg.Stop()
	os.Exit(code)
}

func everywhere(t *testing.T, f func(t *testing.T, s *store.Store)) {
	ks, err := office.NewKinds(office.Conflicts.Kind)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]store.Config{"sqlite": {Dir: t.TempDir()}, "postgres": {URL: pg.Database(t)}} {
		t.Run(name, func(t *testing.T) {
			c.Kinds = ks
			s, err := store.Open(context.Background(), c)
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			f(t, s)
		})
	}
}

func add(t *testing.T, s *store.Store, js ...jobs.Job) {
	t.Helper()
	if err := s.Write(context.Background(), func(q store.Q) error {
		return jobs.Add(context.Background(), q, time.Unix(0, 0), js...)
	}); err != nil {
		t.Fatal(err)
	}
}

// TestShared: several queues do each job once.
func TestShared(t *testing.T) {
	everywhere(t, func(t *testing.T, s *store.Store) {
		const n = 60
		for i := range n {
			add(t, s, jobs.Job{ID: fmt.Sprintf("j%02d", i), Kind: "k", Args: json.RawMessage(fmt.Sprint(i))})
		}
		var mu sync.Mutex
		did := map[string]int{}
		total := 0
		var wg sync.WaitGroup
		for range 5 {
			x := &jobs.Queue{Store: s, Now: func() time.Time { return time.Unix(1000, 0) }, Handlers: map[string]jobs.Handler{
				"k": func(_ context.Context, j jobs.Job) error {
					mu.Lock()
					defer mu.Unlock()
					did[j.ID+string(j.Args)]++
					return nil
				},
			}}
			wg.Go(func() {
				k, err := x.Run(context.Background())
				if err != nil {
					t.Error(err)
				}
				mu.Lock()
				total += k
				mu.Unlock()
			})
		}
		wg.Wait()
		for id, k := range did {
			if k != 1 {
				t.Errorf("%s was done %d times", id, k)
			}
		}
		if len(did) != n || total != n {
			t.Errorf("%d jobs done, %d counted", len(did), total)
		}
	})
}

// TestLease: a job whose server fell silent is taken over, not before its lease
// has ended; the order is by due time.
func TestLease(t *testing.T) {
	everywhere(t, func(t *testing.T, s *store.Store) {
		now := time.Unix(1000, 0)
		clock := func() time.Time { return now }
		add(t, s, jobs.Job{ID: "b", Kind: "k", Due: time.Unix(900, 0)}, jobs.Job{ID: "a", Kind: "k", Due: time.Unix(950, 0)}, jobs.Job{ID: "later", Kind: "k", Due: time.Unix(5000, 0)})
		ctx, die := context.WithCancel(context.Background())
		dying := &jobs.Queue{Store: s, Now: clock, Handlers: map[string]jobs.Handler{"k": func(context.Context, jobs.Job) error { die(); return nil }}}
		if n, err := dying.Run(ctx); n != 0 || !errors.Is(err, context.Canceled) {
			t.Fatal(n, err)
		}
		var did []string
		x := &jobs.Queue{Store: s, Now: clock, Handlers: map[string]jobs.Handler{"k": func(_ context.Context, j jobs.Job) error {
			did = append(did, fmt.Sprint(j.ID, j.Tries))
			return nil
		}}}
		for _, want := range []string{"[a1]", "[a1]", "[a1 b2]", "[a1 b2 later1]"} {
			if _, err := x.Run(context.Background()); err != nil {
				t.Fatal(err)
			}
			if fmt.Sprint(did) != want {
				t.Errorf("at %d: did %v, want %s", now.Unix(), did, want)
			}
			switch want {
			case "[a1]":
				now = now.Add(jobs.Lease/2 + time.Second)
			case "[a1 b2]":
				now = time.Unix(5000, 0)
			}
		}
	})
}

func TestBackoff(t *testing.T) {
	for n, want := range map[int]time.Duration{0: time.Second, 1: time.Second, 2: 2 * time.Second, 4: 8 * time.Second, 13: time.Hour, 1000: time.Hour} {
		if got := jobs.Backoff(n); got != want {
			t.Errorf("after failure %d: %s, want %s", n, got, want)
		}
	}
}

func TestClockwork(t *testing.T) {
	if err := jobs.Clockwork(context.Background(), nil, jobs.Tick{Name: "x", When: "when I like"}); err == nil {
		t.Error("a bad time is accepted")
	}
	ctx, stop := context.WithCancel(context.Background())
	calls := make(chan bool, 100)
	err := jobs.Clockwork(ctx, nil, jobs.Tick{Name: "often", When: "@every 1s", Do: func(context.Context) error {
		select {
		case calls <- true:
		default:
		}
		stop()
		return errors.New("logged")
	}})
	if err != nil || len(calls) == 0 {
		t.Errorf("%d calls, %v", len(calls), err)
	}
}
