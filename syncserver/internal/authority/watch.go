package authority

import (
	"maps"
	"slices"
	"sync"
	"sync/atomic"

	"qianshao/syncserver/office"
)

// Watch gives pokes for a person's desk: after a commit, the channels with news
// among those the person subscribes to. Pokes carry no data; they are coalesced
// while nobody reads, and losing one is harmless: a desk polls too. stop ends
// the watch.
func (a *Authority) Watch(uid office.UserID) (pokes <-chan []office.Channel, stop func()) {
	return a.hub.watch(uid)
}

// hub passes pokes on. A commit only leaves the names of its channels and people
// here; a goroutine that lives while there are any tells the watchers. What it
// has not told yet is a set: however far it lags, there are no more names than
// channels and people, and none is lost.
type hub struct {
	subs func(office.UserID) ([]office.Channel, error)

	size atomic.Int64 // how many watch
	mu   sync.Mutex   // of the watchers
	all  map[*watcher]bool
	by   map[office.Channel]map[*watcher]bool // who reads a channel
	dark map[*watcher]bool                    // their channels could not be read: poke for everything

	left   sync.Mutex // of what is left to tell; never held together with mu
	chans  map[office.Channel]bool
	people map[office.UserID]bool
	busy   bool // somebody is telling
}

type watcher struct {
	uid   office.UserID
	chans []office.Channel // sorted; those the person reads
	out   chan []office.Channel
}

func (h *hub) watch(uid office.UserID) (<-chan []office.Channel, func()) {
	w := &watcher{uid: uid, out: make(chan []office.Channel, 1)}
	h.size.Add(1)
	h.mu.Lock()
	if h.all == nil {
		h.all, h.by, h.dark = map[*watcher]bool{}, map[office.Channel]map[*watcher]bool{}, map[*watcher]bool{}
	}
	h.all[w], h.dark[w] = true, true
	h.mu.Unlock()
	h.refresh(w) // after it is listed: a change in between is poked for, not missed
	return w.out, func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		if h.all[w] {
			h.list(w, nil, false)
			delete(h.all, w)
			h.size.Add(-1)
		}
	}
}

// refresh reads anew what a watcher's person subscribes to, and gives what they
// did before and do now.
func (h *hub) refresh(w *watcher) []office.Channel {
	chans, err := h.subs(w.uid)
	h.mu.Lock()
	defer h.mu.Unlock()
	both := slices.Concat(w.chans, chans)
	if h.all[w] {
		h.list(w, chans, err != nil)
	}
	return both
}

// list enters a watcher under these channels and no others. h.mu is held.
func (h *hub) list(w *watcher, chans []office.Channel, dark bool) {
	for _, c := range w.chans {
		if delete(h.by[c], w); len(h.by[c]) == 0 {
			delete(h.by, c)
		}
	}
	w.chans = chans
	for _, c := range chans {
		if h.by[c] == nil {
			h.by[c] = map[*watcher]bool{}
		}
		h.by[c][w] = true
	}
	if delete(h.dark, w); dark {
		h.dark[w] = true
	}
}

// poke tells the watchers of these channels, soon; people are those whose
// subscriptions changed. It waits for no watcher and for no reading.
func (h *hub) poke(chans []office.Channel, people []office.UserID) {
	if len(chans)+len(people) == 0 || h.size.Load() == 0 {
		return // whoever watches from now on has not pulled yet
	}
	h.left.Lock()
	defer h.left.Unlock()
	if h.chans == nil {
		h.chans, h.people = map[office.Channel]bool{}, map[office.UserID]bool{}
	}
	for _, c := range chans {
		h.chans[c] = true
	}
	for _, p := range people {
		h.people[p] = true
	}
	if !h.busy {
		h.busy = true
		go h.tell()
	}
}

// tell tells the watchers until nothing is left to tell.
func (h *hub) tell() {
	for {
		h.left.Lock()
		chans, people := h.chans, h.people
		h.chans, h.people = nil, nil
		h.busy = len(chans)+len(people) > 0
		h.left.Unlock()
		if len(chans)+len(people) == 0 {
			return
		}
		h.moved(people)
		h.news(slices.Collect(maps.Keys(chans)))
	}
}

// moved tells watchers whose people read other channels now that there is news in
// those they have left and those they have joined.
func (h *hub) moved(people map[office.UserID]bool) {
	if len(people) == 0 {
		return
	}
	var moved []*watcher
	h.mu.Lock()
	for w := range h.all {
		if people[w.uid] {
			moved = append(moved, w)
		}
	}
	h.mu.Unlock()
	for _, w := range moved {
		both := h.refresh(w)
		h.mu.Lock()
		if h.all[w] {
			w.send(both)
		}
		h.mu.Unlock()
	}
}

func (h *hub) news(chans []office.Channel) {
	h.mu.Lock()
	defer h.mu.Unlock()
	told := map[*watcher][]office.Channel{}
	for _, c := range chans {
		for w := range h.by[c] {
			told[w] = append(told[w], c)
		}
	}
	for w := range h.dark {
		told[w] = slices.Clone(chans)
	}
	for w, news := range told {
		w.send(news)
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
