package engine

import (
	"slices"
	"sync"

	"qianshao/app/internal/replica"
)

// hubMax is how many ids a Changed names before it says All.
const hubMax = 1000

// hub tells receivers what changed, coalesced: a slow one finds one Changed
// for all it missed. The zero value is ready.
type hub struct {
	mu     sync.Mutex
	subs   map[*sub]bool
	closed bool
}

type sub struct {
	mu     sync.Mutex
	next   Changed
	some   bool
	bell   chan struct{}
	done   chan struct{}
	finish sync.Once
}

// Changes is a stream of what may look different now. It never blocks the
// engine; changes that come while the receiver is busy are joined, and very
// many become All. The channel is closed by stop and by Close.
func (e *Engine) Changes() (ch <-chan Changed, stop func()) { return e.hub.subscribe() }

func (h *hub) subscribe() (<-chan Changed, func()) {
	s := &sub{bell: make(chan struct{}, 1), done: make(chan struct{})}
	out := make(chan Changed)
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		close(out)
		return out, func() {}
	}
	if h.subs == nil {
		h.subs = map[*sub]bool{}
	}
	h.subs[s] = true
	go s.deliver(out)
	return out, func() {
		h.mu.Lock()
		delete(h.subs, s)
		h.mu.Unlock()
		s.end()
	}
}

func (s *sub) end() { s.finish.Do(func() { close(s.done) }) }

func (s *sub) deliver(out chan<- Changed) {
	defer close(out)
	for {
		select {
		case <-s.bell:
		case <-s.done:
			return
		}
		c, ok := s.take()
		if !ok {
			continue
		}
		select {
		case out <- c:
		case <-s.done:
			return
		}
	}
}

func (s *sub) take() (Changed, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, ok := s.next, s.some
	s.next, s.some = Changed{}, false
	return c, ok
}

func (s *sub) add(rows []replica.Key, status bool) {
	s.mu.Lock()
	s.some = true
	s.next.Status = s.next.Status || status
	if !s.next.All {
		s.next.merge(rows)
	}
	s.mu.Unlock()
	select {
	case s.bell <- struct{}{}:
	default:
	}
}

func (c *Changed) merge(rows []replica.Key) {
	n := len(rows)
	for _, ids := range c.Kinds {
		n += len(ids)
	}
	if n > hubMax {
		c.All, c.Kinds = true, nil
		return
	}
	for _, k := range rows {
		if c.Kinds == nil {
			c.Kinds = map[string][]string{}
		}
		if !slices.Contains(c.Kinds[k.Kind], k.ID) {
			c.Kinds[k.Kind] = append(c.Kinds[k.Kind], k.ID)
		}
	}
}

func (h *hub) tell(rows []replica.Key, status bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for s := range h.subs {
		s.add(rows, status)
	}
}

// rows tells that these rows may look different.
func (h *hub) rows(ks []replica.Key) {
	if len(ks) > 0 {
		h.tell(ks, true)
	}
}

// all tells that everything may look different.
func (h *hub) all() {
	h.mu.Lock()
	defer h.mu.Unlock()
	for s := range h.subs {
		s.mu.Lock()
		s.next.All, s.next.Kinds = true, nil
		s.mu.Unlock()
		s.add(nil, true)
	}
}

// status tells that the status line or the outbox may look different.
func (h *hub) status() { h.tell(nil, true) }

func (h *hub) close() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.closed = true
	for s := range h.subs {
		s.end()
	}
	h.subs = nil
}
