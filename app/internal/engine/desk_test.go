package engine_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	"qianshao/app/internal/engine"
	"qianshao/syncserver/office"
	"qianshao/syncserver/office/officetest"
)

// tb is what tests and rapid's checks have in common.
type tb interface {
	Helper()
	Fatalf(format string, args ...any)
}

// desk is one desk under test.
type desk struct {
	t    tb
	o    engine.Options
	way  *way
	now  time.Time
	kill string // crash point to die at, once; "" = live
	skip int    // after so many passes of it
	*engine.Engine
}

// killed is the panic of a simulated kill.
type killed struct{ point string }

func newDesk(t tb, dir string, s *server, uid office.UserID, dev string, ablate ...engine.Ablation) *desk {
	t.Helper()
	if s.devices[dev] == nil {
		s.register(dev, uid)
	}
	d := &desk{t: t, way: &way{s: s, uid: uid, snaps: []map[rowKey]office.Record{{}}}, now: s.now}
	seed := [32]byte{}
	copy(seed[:], dev+dir)
	var clock sync.Mutex
	d.o = engine.Options{
		Dir: dir, UID: uid, Device: dev, Install: "i-" + dev, Kinds: mustKinds(), Commands: book{}, Creates: creates,
		Class: func(kind string) office.Class {
			if kind == "t.drop@1" {
				return office.Online
			}
			return office.Queued
		},
		Transport: d.way, Rand: rand.NewChaCha8(seed),
		Now: func() time.Time { // pages are fetched beside what else runs
			clock.Lock()
			defer clock.Unlock()
			d.now = d.now.Add(time.Millisecond)
			return d.now
		},
		Crash: func(point string) {
			if point == d.kill {
				if d.skip > 0 {
					d.skip--
					return
				}
				d.kill = ""
				panic(killed{point})
			}
		},
		Ablate: map[engine.Ablation]bool{},
	}
	if testing.Verbose() && os.Getenv("DESKLOG") != "" {
		d.o.Log = slog.New(slog.NewTextHandler(os.Stdout, nil)).With("desk", dev)
	}
	for _, a := range ablate {
		d.o.Ablate[a] = true
	}
	d.open()
	return d
}

func (d *desk) open() {
	d.t.Helper()
	e, err := engine.Open(context.Background(), d.o)
	if err != nil {
		d.t.Fatalf("open: %v", err)
	}
	d.Engine = e
}

func (d *desk) reopen() {
	d.t.Helper()
	if err := d.Close(); err != nil {
		d.t.Fatalf("close: %v", err)
	}
	d.open()
}

// survive runs f; if it is killed, the desk is opened again. It reports whether
// it was.
func (d *desk) survive(f func()) (was bool) {
	d.t.Helper()
	func() {
		defer func() {
			if p := recover(); p != nil {
				if _, ok := p.(killed); !ok {
					panic(p)
				}
				was = true
			}
		}()
		f()
	}()
	if was {
		d.reopen()
	}
	return was
}

func (d *desk) do(cmd office.Command) string {
	d.t.Helper()
	mid, err := d.Do(context.Background(), cmd)
	if err != nil {
		d.t.Fatalf("%s: %v", cmd.Kind(), err)
	}
	return mid
}

func (d *desk) sync() engine.Report {
	d.t.Helper()
	r, err := d.Sync(context.Background())
	if err != nil {
		d.t.Fatalf("sync: %v", err)
	}
	return r
}

func (d *desk) item(mid string) engine.Item {
	d.t.Helper()
	i, ok, err := d.Item(context.Background(), mid)
	if err != nil || !ok {
		d.t.Fatalf("item %s: %v %v", mid, ok, err)
	}
	return i
}

func (d *desk) note(id string) (note, bool) {
	d.t.Helper()
	r, ok, err := d.Get(context.Background(), "t.note", id)
	if err != nil {
		d.t.Fatalf("get: %v", err)
	}
	var v note
	if ok {
		if err := r.Decode(&v); err != nil {
			d.t.Fatalf("%v", err)
		}
	}
	return v, ok
}

// rows are all records as read tells, by kind and id; Ver counts too.
func (d *desk) rows(read func(context.Context, ...string) ([]office.Record, error)) map[rowKey]office.Record {
	d.t.Helper()
	out := map[rowKey]office.Record{}
	for _, k := range d.o.Kinds.All() {
		rs, err := read(context.Background(), k.Name)
		if err != nil {
			d.t.Fatalf("read %s: %v", k.Name, err)
		}
		for _, r := range rs {
			out[rowKey{k.Name, r.ID}] = r
		}
	}
	return out
}

// checkBase holds the base against what the server lets this person see. Call
// it after a checkpoint only.
func (d *desk) checkBase() {
	d.t.Helper()
	same(d.t, d.o.Device+": base", d.rows(d.Base), d.way.s.truth(d.way.uid), true)
}

// checkSnapshot holds the base against the snapshots the server has given this
// desk: at any moment it is exactly one of them, and never an older one again.
func (d *desk) checkSnapshot() {
	d.t.Helper()
	base := d.rows(d.Base)
	for i, s := range d.way.snaps {
		if maps.EqualFunc(base, s, func(a, b office.Record) bool {
			return a.Ver == b.Ver && a.Root == b.Root && bytes.Equal(a.Body, b.Body)
		}) {
			d.way.snaps = d.way.snaps[i:]
			return
		}
	}
	same(d.t, d.o.Device+": base and the last snapshot", base, d.way.snaps[len(d.way.snaps)-1], true)
}

// checkOverlay holds what is shown against the waiting commands run, one by
// one, over a copy of the base.
func (d *desk) checkOverlay() {
	d.t.Helper()
	same(d.t, d.o.Device+": visible", d.rows(d.Visible), d.fold(), false)
	lines, err := d.Check(context.Background())
	if err != nil || len(lines) > 0 {
		d.t.Fatalf("check: %v %v", lines, err)
	}
}

// fold is the oracle: base and waiting commands on a fresh desk.
func (d *desk) fold() map[rowKey]office.Record {
	d.t.Helper()
	mem := officetest.NewMem(d.o.Kinds)
	mem.Desk = true
	for k, r := range d.rows(d.Base) {
		_, err := mem.Update(func(tx office.Tx) error { return tx.Insert(k.kind, k.id, r.Root, json.RawMessage(r.Body)) })
		if err != nil {
			d.t.Fatalf("oracle: %v", err)
		}
	}
	items, err := d.Outbox(context.Background(), engine.Filter{Archived: true})
	if err != nil {
		d.t.Fatalf("outbox: %v", err)
	}
	touched := map[rowKey]bool{}
	for _, i := range items {
		if !i.Waiting {
			continue
		}
		cmd, err := book{}.Decode(i.Command, i.Args)
		if err != nil {
			d.t.Fatalf("oracle: %v", err)
		}
		at := time.UnixMilli(i.Claimed).UTC()
		w := &witness{known: touched, fresh: map[rowKey]bool{}}
		_, err = mem.Update(func(tx office.Tx) error {
			w.Tx = tx
			return cmd.Run(w, office.Context{Actor: d.way.uid, Now: at, Claimed: at, Mid: i.Mid})
		})
		var want string
		switch {
		case err == nil:
			for k := range w.fresh {
				touched[k] = true
			}
		case office.CodeOf(err) == office.CodeElsewhere:
			want = "elsewhere"
		default:
			want = "fails"
		}
		if i.Foresight != want {
			d.t.Fatalf("%s %s: foresight %q, the oracle says %q (%v)", i.Command, i.Args, i.Foresight, want, err)
		}
	}
	out := map[rowKey]office.Record{}
	for _, k := range d.o.Kinds.All() {
		for _, r := range mem.All(k.Name) {
			out[rowKey{k.Name, r.ID}] = r
		}
	}
	return out
}

// witness lets the oracle know, as a desk does, that a row removed by an
// earlier waiting command is absent, not elsewhere.
type witness struct {
	office.Tx
	known, fresh map[rowKey]bool
}

func (w *witness) Get(kind, id string) (office.Record, office.Presence, error) {
	r, p, err := w.Tx.Get(kind, id)
	if p == office.Elsewhere && (w.known[rowKey{kind, id}] || w.fresh[rowKey{kind, id}]) {
		p = office.Absent
	}
	return r, p, err
}

func (w *witness) missing(kind, id string, err error) error {
	if office.CodeOf(err) == office.CodeElsewhere && w.known[rowKey{kind, id}] {
		return &office.Error{Code: office.CodeNotFound, Field: kind, Message: id}
	}
	return err
}

func (w *witness) Insert(kind, id, root string, body any) error {
	w.fresh[rowKey{kind, id}] = true
	return w.Tx.Insert(kind, id, root, body)
}

func (w *witness) Patch(kind, id string, set office.Fields) error {
	before, _, _ := w.Tx.Get(kind, id)
	err := w.Tx.Patch(kind, id, set)
	if after, _, _ := w.Tx.Get(kind, id); after.Ver != before.Ver {
		w.fresh[rowKey{kind, id}] = true
	}
	return w.missing(kind, id, err)
}

func (w *witness) Delete(kind, id string) error {
	if kind == "t.note" {
		is, err := lines.List(w.Tx, office.Query{View: "of", Where: []office.Cond{office.Where("root", id)}})
		if err != nil {
			return err
		}
		for _, i := range is {
			w.fresh[rowKey{"t.line", i.ID}] = true
		}
	}
	err := w.Tx.Delete(kind, id)
	w.fresh[rowKey{kind, id}] = true
	return w.missing(kind, id, err)
}

func same(t tb, what string, have, want map[rowKey]office.Record, ver bool) {
	t.Helper()
	var diff []string
	for k, w := range want {
		h, ok := have[k]
		switch {
		case !ok:
			diff = append(diff, fmt.Sprintf("lacks %v %s", k, w.Body))
		case !bytes.Equal(h.Body, w.Body) || h.Root != w.Root || ver && h.Ver != w.Ver:
			diff = append(diff, fmt.Sprintf("%v is %s v%d, not %s v%d", k, h.Body, h.Ver, w.Body, w.Ver))
		}
	}
	for k, h := range have {
		if _, ok := want[k]; !ok {
			diff = append(diff, fmt.Sprintf("has %v %s too many", k, h.Body))
		}
	}
	if len(diff) > 0 {
		slices.Sort(diff)
		t.Fatalf("%s differs:\n%s", what, diff)
	}
}

func code(t *testing.T, err error, want office.Code) {
	t.Helper()
	if !errors.Is(err, &office.Error{Code: want}) {
		t.Fatalf("error %v, want %s", err, want)
	}
}
