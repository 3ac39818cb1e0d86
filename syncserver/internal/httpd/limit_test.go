package httpd

import (
	"fmt"
	"testing"
	"time"
)

func TestLimiter(t *testing.T) {
	now := time.Date(2026, 11, 2, 8, 0, 0, 0, time.UTC)
	l := newLimiter(Rate{Burst: 3, Every: 10 * time.Second})
	take := func(want time.Duration) {
		t.Helper()
		if got := l.take("k", now); got != want {
			t.Errorf("wait %s, want %s", got, want)
		}
	}
	take(0)
	take(0)
	take(0)
	take(10 * time.Second)
	take(10 * time.Second) // asking costs nothing
	now = now.Add(4 * time.Second)
	take(6 * time.Second)
	now = now.Add(6 * time.Second)
	take(0)
	take(10 * time.Second)
	l.giveBack("k")
	take(0)
	take(10 * time.Second)
	now = now.Add(time.Hour) // no more than the burst is saved up
	take(0)
	take(0)
	take(0)
	take(10 * time.Second)
	if got := l.take("other", now); got != 0 {
		t.Errorf("another key waits %s", got)
	}
	l.giveBack("never seen")
	if len(l.keys) != 2 {
		t.Errorf("%d keys", len(l.keys))
	}
}

// Strangers with many addresses cannot fill the memory, and full buckets go
// first.
func TestLimiterIsBounded(t *testing.T) {
	now := time.Date(2026, 11, 2, 8, 0, 0, 0, time.UTC)
	l := newLimiter(Rate{Burst: 1, Every: time.Second})
	for i := range maxBuckets {
		l.take(fmt.Sprint("old", i), now)
	}
	now = now.Add(2 * time.Second)
	l.take("guesser", now)
	if len(l.keys) != 1 {
		t.Errorf("%d keys, the old ones are full again", len(l.keys))
	}
	for i := range 3 * maxBuckets {
		l.take(fmt.Sprint("new", i), now)
	}
	if len(l.keys) > maxBuckets {
		t.Errorf("%d keys", len(l.keys))
	}
}

func TestTakes(t *testing.T) {
	for header, want := range map[string]bool{
		"": false, "zstd": true, "gzip, zstd": true, "gzip;q=1, ZSTD; q=0.5": true, "zstd;q=0": false, "zstd; q=0": false, "xzstd": false, "*": false,
	} {
		r := requestWith("Accept-Encoding", header)
		if takes(r, "zstd") != want {
			t.Errorf("%q: %t", header, !want)
		}
	}
}
