package httpd

import (
	"sync"
	"time"
)

// Rate is a bucket of Burst tokens, one of which comes back each Every.
type Rate struct {
	Burst int
	Every time.Duration
}

// maxBuckets bounds a limiter's memory. Beyond it the fullest go.
const maxBuckets = 50_000

// limiter counts per key. Safe for concurrent use.
type limiter struct {
	rate Rate
	mu   sync.Mutex
	keys map[string]bucket
}

// bucket is when a key's bucket will be full again; a full one is not kept.
type bucket struct{ full time.Time }

func newLimiter(r Rate) *limiter { return &limiter{rate: r, keys: map[string]bucket{}} }

// take takes a token, or tells how long until there is one.
func (l *limiter) take(key string, now time.Time) (wait time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	b, ok := l.keys[key]
	if !ok || b.full.Before(now) {
		b.full = now
	}
	next := b.full.Add(l.rate.Every)
	if over := next.Sub(now) - time.Duration(l.rate.Burst)*l.rate.Every; over > 0 {
		return over
	}
	if len(l.keys) >= maxBuckets && !ok {
		l.shrink(now)
	}
	l.keys[key] = bucket{next}
	return 0
}

// giveBack returns a token.
func (l *limiter) giveBack(key string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if b, ok := l.keys[key]; ok {
		b.full = b.full.Add(-l.rate.Every)
		l.keys[key] = b
	}
}

// shrink forgets full buckets and, if that is not enough, some of the others.
func (l *limiter) shrink(now time.Time) {
	for k, b := range l.keys {
		if !b.full.After(now) {
			delete(l.keys, k)
		}
	}
	for k := range l.keys {
		if len(l.keys) < maxBuckets*9/10 {
			return
		}
		delete(l.keys, k)
	}
}
