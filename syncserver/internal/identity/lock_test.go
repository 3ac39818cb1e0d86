package identity

import (
	"testing"
	"time"
)

func TestLockGrows(t *testing.T) {
	now := time.Date(2026, 11, 2, 8, 0, 0, 0, time.UTC)
	var f failures
	for i := 1; i <= 14; i++ {
		f = f.attempt(now)
		want := map[bool]time.Duration{true: 0, false: time.Hour}[i < 5]
		if i >= 5 && i < 11 {
			want = time.Minute << (i - 5)
		}
		if got := f.locked(now); got != want {
			t.Errorf("after %d failures locked for %s, want %s", i, got, want)
		}
		if f.locked(now.Add(want)) != 0 {
			t.Errorf("after %d failures: locked longer than it says", i)
		}
		now = now.Add(want)
	}
	f = f.attempt(now.Add(24 * time.Hour))
	if f.n != 1 || f.locked(now.Add(24*time.Hour)) != 0 {
		t.Errorf("a day later: %+v", f)
	}
}
