package authority

import (
	"slices"
	"sync"

	"qianshao/syncserver/office"
)

// Watch gives pokes for a person's desk: after a commit, the channels with news
// among those the person subscribes to. Pokes carry no data; they are coalesced
// while nobody reads, and losing one is harmless: a desk polls too. stop ends
// the watch.
func (a *Authority) Watch(uid office.UserID) (pokes <-chan []office.Channel, stop func()) {
	return a.hub.watch(uid)
}

// hub passes pokes on. A commit never waits for a watcher.
type hub struct {
	subs func(office.UserID) ([]office.Channel, error)
	mu   sync.Mutex
	all  map[*watcher]bool
}

type watcher struct {
	uid   office.UserID
	chans []office.Channel // sorted; those the person reads
	all   bool             // they could not be read: poke for everything
	out   chan []office.Channel
}

func (h *hub) watch(uid office.UserID) (<-chan []office.Channel, func()) {
	w := &watcher{uid: uid, all: true, out: make(chan []office.Channel, 1)}
	h.mu.Lock()
	if h.all == nil {
		h.all = map[*watcher]bool{}
	}
	h.all[w] = true
	h.mu.Unlock()
	h.refresh(w) // after it is listed: a change in between is poked for, not missed
	return w.out, func() {
		h.mu.Lock()
		delete(h.all, w)
		h.mu.Unlock()
	}
}

func (h *hub) refresh(w *watcher) {
	chans, err := h.subs(w.uid)
	h.mu.Lock()
	w.chans, w.all = chans, err != nil
	h.mu.Unlock()
}

// poke tells the watchers of these channels; people are those whose
// subscriptions changed.
func (h *hub) poke(chans []office.Channel, people []office.UserID) {
	if len(people) > 0 {
		h.mu.Lock()
		var moved []*watcher
		for w := range h.all {
			if slices.Contains(people, w.uid) {
				moved = append(moved, w)
			}
		}
		h.mu.Unlock()
		for _, w := range moved { // it reads other channels now: news in those it has left and those it has joined
			h.mu.Lock()
			before := w.chans
			h.mu.Unlock()
			h.refresh(w)
			h.mu.Lock()
			w.send(slices.Concat(before, w.chans))
			h.mu.Unlock()
		}
	}
	if len(chans) == 0 {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	for w := range h.all {
		var news []office.Channel
		for _, c := range chans {
			if _, ok := slices.BinarySearch(w.chans, c); ok || w.all {
				news = append(news, c)
			}
		}
		if len(news) > 0 {
			w.send(news)
		}
	}
}

// pokeAll tells every watcher of all their channels: some news may have been
// lost.
func (h *hub) pokeAll() {
	h.mu.Lock()
	defer h.mu.Unlock()
	for w := range h.all {
		w.send(slices.Clone(w.chans))
	}
}

// send puts a poke into the watcher's one place, joined with one that nobody
// has taken yet. The hub is locked: nobody else sends.
func (w *watcher) send(news []office.Channel) {
	select {
	case old := <-w.out:
		news = append(news, old...)
	default:
	}
	slices.Sort(news)
	w.out <- slices.Compact(news)
}
