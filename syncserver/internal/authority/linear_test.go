package authority

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"

	"qianshao/syncserver/internal/store"
	"qianshao/syncserver/office"
	"qianshao/syncserver/protocol"
	"qianshao/syncserver/rowsql"
)

// twin is a second server over the same database.
func (w *world) twin() *Authority {
	w.t.Helper()
	if w.Store.Dialect() != rowsql.Postgres {
		return w.Authority
	}
	s, err := store.Open(context.Background(), store.Config{URL: w.url, Kinds: w.Kinds})
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { s.Close() })
	o := w.Options
	o.Store = s
	a, err := New(o)
	if err != nil {
		w.t.Fatal(err)
	}
	a.defences = w.defences
	return a
}

// swap sets a register if it holds what is expected; New alone sets it.
type swap struct {
	I        string
	Old, New int
	Blind    bool
}

func (*swap) Kind() string      { return "t.swap@1" }
func (c *swap) Locks() []string { return nil }
func (c *swap) Run(tx office.Tx, _ office.Context) error {
	r, p, err := tx.Get("t.count", c.I)
	if err != nil {
		return err
	}
	if p != office.Present {
		return &office.Error{Code: office.CodeNotFound}
	}
	var v struct{ N int }
	if err := r.Decode(&v); err != nil {
		return err
	}
	if !c.Blind && v.N != c.Old {
		return &office.Error{Code: office.CodeState}
	}
	return tx.Patch("t.count", c.I, office.Fields{"n": c.New})
}

// touch is one operation on a register: a read, a write or a swap.
type touch struct {
	reg      string
	read     bool
	blind    bool
	old, new int
}

// register is what a record is to those who use it: one value at a time, what
// was answered holds from then on, and nobody sees what was before again.
var register = porcupine.Model{
	Partition: func(h []porcupine.Operation) [][]porcupine.Operation {
		by := map[string][]porcupine.Operation{}
		for _, o := range h {
			by[o.Input.(touch).reg] = append(by[o.Input.(touch).reg], o)
		}
		var out [][]porcupine.Operation
		for _, p := range by {
			out = append(out, p)
		}
		return out
	},
	Init: func() any { return 0 },
	Step: func(state, input, output any) (bool, any) {
		s, in, out := state.(int), input.(touch), output.(int)
		switch {
		case in.read:
			return out == s, s
		case in.blind:
			return out == 1, in.new
		case out == 1:
			return s == in.old, in.new
		default:
			return s != in.old, s
		}
	},
}

// history lets writers and readers loose on a few registers, through two
// servers, and tells what each was answered and when.
func (w *world) history(seed uint64, writers, readers, each int) []porcupine.Operation {
	w.t.Helper()
	ctx := context.Background()
	const registers = 4
	for i := range registers {
		w.as("system", &put{K: "t.count", I: fmt.Sprint("r", i), B: obj{"n": 0}})
	}
	servers := []*Authority{w.Authority, w.twin()}
	var clock atomic.Int64
	var mu sync.Mutex
	var ops []porcupine.Operation
	note := func(o porcupine.Operation) {
		mu.Lock()
		defer mu.Unlock()
		ops = append(ops, o)
	}
	var group sync.WaitGroup
	for i := range writers {
		d := w.desk([]office.UserID{"lin", "wu", "han"}[i%3], fmt.Sprint("w", i))
		rng := rand.New(rand.NewPCG(seed, uint64(i)))
		group.Go(func() {
			seen := 0
			for k := range each {
				x := touch{reg: fmt.Sprint("r", rng.IntN(registers)), blind: rng.IntN(3) == 0, old: seen, new: i*1000 + k + 1}
				r, b := d.request(&swap{I: x.reg, Old: x.old, New: x.new, Blind: x.blind})
				call := clock.Add(1)
				got, err := servers[(i+k)%2].Push(ctx, d.caller, r, b)
				end := clock.Add(1)
				if err != nil || len(got.Results) != 1 {
					w.t.Errorf("writer %d: %+v, %v", i, got, err)
					return
				}
				d.ticket, d.n = r.Next, got.LastN
				ok := 0
				if got.Results[0].Outcome == protocol.Applied || got.Results[0].Outcome == protocol.Noop {
					ok, seen = 1, x.new
				}
				note(porcupine.Operation{ClientId: i, Input: x, Output: ok, Call: call, Return: end})
			}
		})
	}
	for i := range readers {
		d := w.desk("lin", fmt.Sprint("reader", i))
		group.Go(func() {
			for k := range each {
				call := clock.Add(1)
				got, err := servers[(i+k)%2].Pull(ctx, d.caller, protocol.PullRequest{Device: d.dev})
				end := clock.Add(1)
				if err != nil || got.More {
					w.t.Errorf("reader %d: %v", i, err)
					return
				}
				for _, row := range got.Rows {
					var v struct{ N int }
					if row.Kind == "t.count" && json.Unmarshal(row.Body, &v) == nil {
						note(porcupine.Operation{ClientId: writers + i, Input: touch{reg: row.ID, read: true}, Output: v.N, Call: call, Return: end})
					}
				}
			}
		})
	}
	group.Wait()
	return ops
}

// TestRegisters: every record is a linearizable register, however many desks
// write and read it through however many servers.
func TestRegisters(t *testing.T) {
	everywhere(t, func(t *testing.T, w *world) {
		ops := w.history(1, 6, 3, 25)
		if t.Failed() {
			return
		}
		if got := porcupine.CheckOperationsTimeout(register, ops, 30*time.Second); got != porcupine.Ok {
			t.Errorf("%d operations: %s", len(ops), got)
		}
		// The check is worth something: one stale answer more and it fails.
		last := map[string]porcupine.Operation{}
		for _, o := range ops {
			if x := o.Input.(touch); o.Output == 1 && !x.read && o.Return > last[x.reg].Return {
				last[x.reg] = o
			}
		}
		o := last["r0"]
		ops = append(ops, porcupine.Operation{Input: touch{reg: "r0", read: true}, Output: -1, Call: o.Return + 1_000_000, Return: o.Return + 1_000_001})
		if got := porcupine.CheckOperationsTimeout(register, ops, 30*time.Second); got != porcupine.Illegal {
			t.Errorf("a stale read passes: %s", got)
		}
	})
}
