package fill_test

import (
	"context"
	"crypto/rand"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"qianshao/syncserver/internal/demo"
	"qianshao/syncserver/internal/identity"
	"qianshao/syncserver/internal/wiring"
	"qianshao/syncserver/internal/wiring/fill"
	"qianshao/syncserver/office"
	"qianshao/syncserver/protocol"
)

// ends is a context that ends after it was asked n times.
type ends struct {
	context.Context
	n atomic.Int64
}

func (e *ends) Err() error {
	if e.n.Add(-1) < 0 {
		return context.Canceled
	}
	return nil
}

// One that was broken off, twice and on another day, goes on to the same end.
func TestBrokenOffAndFilledAgain(t *testing.T) {
	now := time.Date(2026, 11, 2, 8, 0, 0, 0, time.UTC)
	s, err := wiring.Open(t.Context(), wiring.Config{
		Dir: t.TempDir(), Now: func() time.Time { return now }, Rand: rand.Reader, Passwords: identity.Params{Memory: 8, Time: 1, Threads: 1},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	const password = "Tr4vel-by-night-train"
	if _, _, err := fill.Demo(t.Context(), s, "short"); office.CodeOf(err) != protocol.CodeWeak {
		t.Errorf("weak password: %v", err)
	}
	for _, n := range []int64{40, 400} {
		e := &ends{Context: t.Context()}
		e.n.Store(n)
		if _, _, err := fill.Demo(e, s, password); !errors.Is(err, context.Canceled) {
			t.Fatalf("after %d: %v", n, err)
		}
		if done, err := fill.Has(t.Context(), s); done || err != nil {
			t.Errorf("counts as filled after %d, %v", n, err)
		}
		now = now.Add(26 * time.Hour)
	}
	n, already, err := fill.Demo(t.Context(), s, password)
	if err != nil || already || n != len(demo.Accounts()) {
		t.Fatalf("%d accounts, %t, %v", n, already, err)
	}
	counts, faults, err := s.Doctor(t.Context())
	if err != nil || len(faults) > 0 {
		t.Fatal(faults, err)
	}
	if _, already, err := fill.Demo(t.Context(), s, ""); !already || err != nil {
		t.Errorf("again: %t, %v", already, err)
	}
	again, _, err := s.Doctor(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for i, c := range counts {
		if again[i] != c {
			t.Errorf("%s: %d, before %d", c.What, again[i].N, c.N)
		}
		if c.What == "commands refused" && c.N != 0 || c.What == "commands handled" && c.N < 500 {
			t.Errorf("%s: %d", c.What, c.N)
		}
	}
}

func TestOnlyIntoAnEmptyStore(t *testing.T) {
	s, err := wiring.Open(t.Context(), wiring.Config{Dir: t.TempDir(), Now: time.Now, Rand: rand.Reader, Passwords: identity.Params{Memory: 8, Time: 1, Threads: 1}})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := s.AddUser(t.Context(), "zhoumuye", "Tr4vel-by-night-train", wiring.NewPerson{UID: "zhou-muye", Name: "周牧野"}); err != nil {
		t.Fatal(err)
	}
	if _, _, err := fill.Demo(t.Context(), s, "Tr4vel-by-night-train"); !errors.Is(err, fill.ErrNotEmpty) {
		t.Errorf("%v", err)
	}
}
