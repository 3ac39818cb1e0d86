package authority

import (
	"errors"
	"fmt"
	"reflect"
	"runtime"
	"slices"
	"sync"
	"testing"

	"qianshao/syncserver/office"
)

// settle waits until all is told.
func (h *hub) settle() {
	for {
		h.left.Lock()
		busy := h.busy
		h.left.Unlock()
		if !busy {
			return
		}
		runtime.Gosched()
	}
}

func TestWatch(t *testing.T) {
	everywhere(t, func(t *testing.T, w *world) {
		lin, stop := w.Watch("lin")
		wu, stopWu := w.Watch("wu")
		defer stopWu()
		w.as("han", doc("a", "u:lin", "unit:x"))
		w.as("han", doc("b", "u:lin", "org"))
		w.as("han", &emit{})
		w.hub.settle()
		if got := <-lin; !reflect.DeepEqual(got, []office.Channel{"org", "u:lin"}) { // both commits in one
			t.Errorf("lin: %v", got)
		}
		if got := <-wu; !reflect.DeepEqual(got, []office.Channel{"org"}) {
			t.Errorf("wu: %v", got)
		}
		w.as("system", &patch{K: "dir.person", I: "lin", S: obj{"units": []string{"x"}}})
		w.hub.settle()
		if got := <-lin; !slices.Contains(got, "unit:x") {
			t.Errorf("after a grant: %v", got)
		}
		w.as("han", doc("c", "unit:x"))
		if got := <-lin; !reflect.DeepEqual(got, []office.Channel{"unit:x"}) {
			t.Errorf("in the new channel: %v", got)
		}
		stop()
		w.as("han", doc("d", "u:lin"))
		w.hub.settle()
		select {
		case got := <-lin:
			t.Errorf("after stop: %v", got)
		default:
		}
	})
}

// A watcher whose subscriptions cannot be read is poked for everything.
func TestWatchInTheDark(t *testing.T) {
	fail := true
	h := &hub{subs: func(office.UserID) ([]office.Channel, error) {
		if fail {
			return nil, errors.New("no database")
		}
		return []office.Channel{"u:lin"}, nil
	}}
	pokes, stop := h.watch("lin")
	defer stop()
	h.poke([]office.Channel{"unit:x"}, nil)
	if got := <-pokes; len(got) != 1 {
		t.Errorf("poke %v", got)
	}
	fail = false
	h.poke(nil, []office.UserID{"lin"})
	<-pokes
	h.poke([]office.Channel{"unit:x"}, nil)
	h.settle()
	select {
	case got := <-pokes:
		t.Errorf("poke %v", got)
	default:
	}
}

// A commit waits neither for watchers nor for the reading of subscriptions, and
// what is left to tell meanwhile is no more than the names there are.
func TestACommitWaitsForNoWatcher(t *testing.T) {
	gate := make(chan struct{})
	open := true // the first reading, of the watch itself
	h := &hub{subs: func(uid office.UserID) ([]office.Channel, error) {
		if !open {
			<-gate
		}
		return []office.Channel{office.Org, office.Channel("u:" + uid)}, nil
	}}
	pokes, stop := h.watch("lin")
	defer stop()
	open = false
	h.poke(nil, []office.UserID{"lin"}) // told by whoever waits at the gate
	for range 1000 {
		h.poke([]office.Channel{office.Org, "u:lin", "u:wu"}, []office.UserID{"lin", "wu"})
	}
	h.left.Lock()
	if n := len(h.chans) + len(h.people); n > 6 {
		t.Errorf("%d names are left to tell", n)
	}
	h.left.Unlock()
	close(gate)
	h.settle()
	if got := <-pokes; !reflect.DeepEqual(got, []office.Channel{office.Org, "u:lin"}) {
		t.Errorf("poke %v", got)
	}
}

// Whatever is committed at once, every watcher hears of all its channels, and of
// none of others.
func TestNoPokeIsLost(t *testing.T) {
	const watchers, commits = 8, 300
	own := func(i int) office.Channel { return office.Channel(fmt.Sprintf("unit:%d", i)) }
	h := &hub{subs: func(uid office.UserID) ([]office.Channel, error) {
		var i int
		_, err := fmt.Sscanf(string(uid), "p%d", &i)
		return []office.Channel{office.Org, own(i)}, err
	}}
	var heard [watchers]int
	var reading, writing sync.WaitGroup
	var stops []func()
	for i := range watchers {
		pokes, stop := h.watch(office.UserID(fmt.Sprintf("p%d", i)))
		stops = append(stops, stop)
		reading.Go(func() {
			for got := range pokes {
				switch {
				case slices.Contains(got, "unit:end"):
					return
				case !slices.Equal(got, []office.Channel{own(i)}):
					t.Errorf("p%d hears %v", i, got)
				}
				heard[i]++
			}
		})
	}
	for i := range watchers {
		writing.Go(func() {
			for range commits {
				h.poke([]office.Channel{own(i)}, nil)
			}
		})
	}
	writing.Wait()
	h.settle()
	h.mu.Lock()
	for w := range h.all {
		w.out <- []office.Channel{"unit:end"} // waits until the last poke is taken
	}
	h.mu.Unlock()
	reading.Wait()
	for i, n := range heard {
		if n == 0 || n > commits {
			t.Errorf("p%d heard %d pokes of %d commits", i, n, commits)
		}
	}
	for _, stop := range stops {
		stop()
	}
	if len(h.all)+len(h.by)+len(h.dark) > 0 {
		t.Errorf("%d watchers, %d channels and %d in the dark stay", len(h.all), len(h.by), len(h.dark))
	}
}
