package servertest

import (
	"sync"
	"time"
)

// Clock is a clock that moves only when told to.
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

// NewClock makes a clock that stands at now.
func NewClock(now time.Time) *Clock { return &Clock{now: now} }

// Now is what the clock shows.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Add moves the clock, also back.
func (c *Clock) Add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// Set puts the clock.
func (c *Clock) Set(now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = now
}

// beats are the heartbeats of open streams, given by hand.
type beats struct {
	mu  sync.Mutex
	all map[chan time.Time]bool
}

func (b *beats) new() (<-chan time.Time, func()) {
	ch := make(chan time.Time, 1)
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.all == nil {
		b.all = map[chan time.Time]bool{}
	}
	b.all[ch] = true
	return ch, func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		delete(b.all, ch)
	}
}

// Beat makes all open streams of pokes beat once: they ask whether their
// session still is.
func (s *Server) Beat() {
	now := s.o.Now()
	s.beats.mu.Lock()
	defer s.beats.mu.Unlock()
	for ch := range s.beats.all {
		select {
		case ch <- now:
		default: // it has a beat to give already
		}
	}
}
