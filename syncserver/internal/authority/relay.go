package authority

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"sync"
	"time"

	"qianshao/syncserver/internal/store"
	"qianshao/syncserver/office"
)

const (
	// relayRest is how long the relay waits between two notes: at most 50 a second.
	relayRest = 20 * time.Millisecond
	// relayRetry is how long it waits to listen again after a broken connection.
	relayRetry = 2 * time.Second
)

// relay passes pokes to the other servers over the same database, in batches
// and outside of all business transactions. A lost note is harmless: desks
// poll.
type relay struct {
	mu     sync.Mutex
	chans  map[office.Channel]bool
	people map[office.UserID]bool
	wake   chan struct{}
}

func newRelay() *relay {
	return &relay{chans: map[office.Channel]bool{}, people: map[office.UserID]bool{}, wake: make(chan struct{}, 1)}
}

// note is what servers tell each other. From is the server it comes from, which
// has poked its own desks already.
type note struct {
	From   string           `json:"from"`
	Chans  []office.Channel `json:"chans,omitempty"`
	People []office.UserID  `json:"people,omitempty"`
}

func (r *relay) add(chans []office.Channel, people []office.UserID) {
	if len(chans)+len(people) == 0 {
		return
	}
	r.mu.Lock()
	for _, c := range chans {
		r.chans[c] = true
	}
	for _, p := range people {
		r.people[p] = true
	}
	r.mu.Unlock()
	select {
	case r.wake <- struct{}{}:
	default:
	}
}

// take empties the relay into notes of bounded size.
func (r *relay) take(from string) []note {
	r.mu.Lock()
	chans, people := slices.Sorted(maps.Keys(r.chans)), slices.Sorted(maps.Keys(r.people))
	clear(r.chans)
	clear(r.people)
	r.mu.Unlock()
	const each = 40 // names of at most 69 bytes, two lists: below store.MaxNote
	var out []note
	for len(chans)+len(people) > 0 {
		n := note{From: from}
		k := min(each, len(chans))
		n.Chans, chans = chans[:k], chans[k:]
		k = min(each, len(people))
		n.People, people = people[:k], people[k:]
		out = append(out, n)
	}
	return out
}

// runRelay sends and hears notes until ctx ends.
func (a *Authority) runRelay(ctx context.Context) {
	if a.Store.Alone() {
		return
	}
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			select {
			case <-ctx.Done():
				return
			case <-a.relay.wake:
			}
			for _, n := range a.relay.take(a.Store.Instance()) {
				text, err := json.Marshal(n)
				if err == nil && len(text) <= store.MaxNote {
					err = a.Store.Notify(ctx, string(text))
				}
				if err != nil && ctx.Err() == nil {
					a.Log.Warn("other servers are not poked", "err", err)
				}
			}
			pause(ctx, relayRest)
		}
	})
	for ctx.Err() == nil {
		err := a.Store.Listen(ctx, a.hub.pokeAll, func(text string) {
			var n note
			if err := json.Unmarshal([]byte(text), &n); err != nil || n.From == a.Store.Instance() {
				return
			}
			a.hub.poke(n.Chans, n.People)
		})
		if err != nil && ctx.Err() == nil {
			a.Log.Warn("other servers are not heard", "err", err)
			pause(ctx, relayRetry)
		}
	}
	wg.Wait()
}

func pause(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}
