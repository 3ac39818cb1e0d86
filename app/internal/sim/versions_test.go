package sim

import (
	"encoding/json"
	"fmt"
	"sync"
	"testing"

	"qianshao/app/internal/engine"
	"qianshao/syncserver/office"
	"qianshao/syncserver/office/catalog"
	"qianshao/syncserver/protocol"
)

// Three versions of one command, as three releases of the program would have
// it. The server is of the last one; a desk may be of any.

// tally1 counts, in the words of the first version.
type tally1 struct {
	Note string `json:"note"`
	N    int64  `json:"n"`
}

func (*tally1) Kind() string                               { return "sim.tally@1" }
func (x *tally1) Locks() []string                          { return []string{"note:" + x.Note} }
func (x *tally1) Run(tx office.Tx, c office.Context) error { return bump(tx, c, x.Note, x.N) }

// tally2 names the note as all commands do.
type tally2 struct {
	ID string `json:"id"`
	N  int64  `json:"n"`
}

func (*tally2) Kind() string                               { return "sim.tally@2" }
func (x *tally2) Locks() []string                          { return []string{"note:" + x.ID} }
func (x *tally2) Run(tx office.Tx, c office.Context) error { return bump(tx, c, x.ID, x.N) }

// tally3 counts in tens and ones.
type tally3 struct {
	ID   string `json:"id"`
	Tens int64  `json:"tens"`
	Ones int64  `json:"ones"`
}

func (*tally3) Kind() string      { return "sim.tally@3" }
func (x *tally3) Locks() []string { return []string{"note:" + x.ID} }
func (x *tally3) Run(tx office.Tx, c office.Context) error {
	return bump(tx, c, x.ID, 10*x.Tens+x.Ones)
}

func convert[A, B any](f func(A) B) func(json.RawMessage) (json.RawMessage, error) {
	return func(raw json.RawMessage) (json.RawMessage, error) {
		var a A
		if err := json.Unmarshal(raw, &a); err != nil {
			return nil, err
		}
		return json.Marshal(f(a))
	}
}

var tallyConverters = map[string]catalog.Converter{
	"sim.tally@1": {To: "sim.tally@2", Args: convert(func(a tally1) tally2 { return tally2{a.Note, a.N} })},
	"sim.tally@2": {To: "sim.tally@3", Args: convert(func(a tally2) tally3 { return tally3{a.ID, a.N / 10, a.N % 10} })},
}

// withoutFormer is what a server knows that has lost the converters.
func withoutFormer() (*catalog.Catalog, error) {
	specs := append(simSpecs(), office.Spec{Kind: "sim.tally@3", New: func() office.Command { return new(tally3) }, Class: office.Queued})
	return catalog.With(simKinds(), specs, nil)
}

// newest is the version of the server.
const newest = 3

// catalogOf is what a program of a version knows: its own command, converters
// from the versions before it, nothing of those after it.
func catalogOf(version int) (*catalog.Catalog, error) { return catalogs()[version-1]() }

var catalogs = sync.OnceValue(func() (out [newest]func() (*catalog.Catalog, error)) {
	for v := 1; v <= newest; v++ {
		out[v-1] = sync.OnceValues(func() (*catalog.Catalog, error) {
			tally := []func() office.Command{
				func() office.Command { return new(tally1) }, func() office.Command { return new(tally2) }, func() office.Command { return new(tally3) },
			}[v-1]
			former := map[string]catalog.Converter{}
			for from := 1; from < v; from++ {
				name := fmt.Sprintf("sim.tally@%d", from)
				former[name] = tallyConverters[name]
			}
			specs := append(simSpecs(), office.Spec{Kind: fmt.Sprintf("sim.tally@%d", v), New: tally, Class: office.Queued})
			return catalog.With(simKinds(), specs, former)
		})
	}
	return out
})

// catalog is what this desk's program knows.
func (d *desk) catalog() *catalog.Catalog {
	c, err := catalogOf(d.version)
	d.w.must(err)
	return c
}

// tally is the count as this desk's program gives it.
func (d *desk) tally(id string, n int64) office.Command {
	switch d.version {
	case 1:
		return &tally1{id, n}
	case 2:
		return &tally2{id, n}
	}
	return &tally3{id, n / 10, n % 10}
}

// version puts another release of the program on a desk, older or newer, with
// whatever waits there.
func (w *world) version() {
	d := pick(w.rng, w.desks)
	v := 1 + w.rng.IntN(newest)
	w.log.add("%s now runs version %d", d.name, v)
	w.counts["version"]++
	d.shut()
	d.version = v
	d.open()
	d.check(false)
}

// Invariant 15: work given under one version takes effect once whatever the
// desk runs by the time it is sent, older or newer.
func TestVersions(t *testing.T) {
	t.Run("without converters", func(t *testing.T) { // the ablation
		w, err := newWorld(shared, config{seed: *flagSeed, calm: true, few: true, verify: true}, without("server:noconverters"))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(w.close)
		guarded(t, w, func() {
			w.fill(1)
			d := w.desks[0]
			d.sync()
			d.shut()
			d.version = 1
			d.open()
			mid, err := d.give(d.tally(office.DeriveID("filled", "0"), 11))
			w.must(err)
			d.sync()
			if r, ok := w.outcome(mid); ok && r.Outcome == protocol.Applied {
				t.Error("without converters a former command is applied")
			}
		})
	})
	for _, way := range [][]int{{1, 3}, {2, 3}, {3, 1}, {3, 2}, {1, 2, 3, 1}, {3, 1, 3}} {
		t.Run(fmt.Sprint(way), func(t *testing.T) {
			w := calmWorld(t, protocol.PageDefault)
			guarded(t, w, func() {
				w.fill(1)
				id := office.DeriveID("filled", "0")
				d := w.desks[0]
				d.sync()
				var want int64
				for i, v := range way {
					d.shut()
					d.version = v
					d.open()
					n := int64(11 + i)
					if mid, err := d.give(d.tally(id, n)); err != nil || mid == "" {
						t.Fatalf("version %d: %v", v, err)
					}
					want += n
					d.check(false)
				}
				d.sync()
				for _, it := range d.waiting() {
					if it.Outcome != protocol.Applied || it.State != engine.StateSettled {
						t.Errorf("%s %s is %s %s", it.Command, it.Args, it.State, it.Code)
					}
				}
				if n := w.notes()[0]; n.ID == id && n.Value.N != want {
					t.Errorf("counted %d, want %d", n.Value.N, want)
				}
				w.quiet()
			})
		})
	}
}
