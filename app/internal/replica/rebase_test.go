package replica

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"qianshao/syncserver/office"
)

// deed is a random command: what it reads decides what it writes.
type deed struct {
	ord   int64
	steps []step
}

type step struct {
	op   string // get, patch, put, del, scan, fail, if
	id   string
	into string
	n    int64
}

func (d deed) String() string { return fmt.Sprintf("%d%v", d.ord, d.steps) }

type num struct {
	N   int64  `json:"n"`
	Grp string `json:"grp"`
}

func (d deed) run(tx office.Tx) error {
	var acc int64
	for i, s := range d.steps {
		switch s.op {
		case "get":
			r, p, err := tx.Get("t.card", s.id)
			if err != nil {
				return err
			}
			var v num
			if p == office.Present {
				if err := r.Decode(&v); err != nil {
					return err
				}
			}
			acc = acc*3 + v.N + int64(p)
		case "patch":
			set := office.Fields{"n": acc%50 + s.n}
			if s.into != "" {
				set["grp"] = s.into
			}
			if err := tx.Patch("t.card", s.id, set); err != nil {
				return err
			}
		case "put":
			if err := tx.Insert("t.card", s.id, "", num{N: acc%50 + s.n, Grp: s.into}); err != nil {
				return err
			}
		case "part":
			if err := tx.Insert("t.part", fmt.Sprint("p", d.ord, i), s.id, obj{"n": acc}); err != nil {
				return err
			}
		case "del":
			if err := tx.Delete("t.card", s.id); err != nil {
				return err
			}
		case "scan":
			rs, err := tx.List(office.Query{Kind: "t.card", View: "grp", Where: []office.Cond{office.Where("grp", s.into), {Field: "n", Op: office.Lt, Value: s.n * 10}}})
			if err != nil {
				return err
			}
			for _, r := range rs {
				var v num
				if err := r.Decode(&v); err != nil {
					return err
				}
				acc += v.N + 7
			}
		case "if": // what follows is done only sometimes
			if acc%2 == 1 {
				return nil
			}
		case "fail":
			if acc%3 == 1 {
				return &office.Error{Code: office.CodeState}
			}
		}
	}
	return nil
}

func randomDeed(r *rand.Rand, ord int64) deed {
	d := deed{ord: ord}
	ops := []string{"get", "get", "get", "patch", "patch", "patch", "put", "put", "part", "del", "scan", "if", "fail"}
	for range 1 + r.IntN(5) {
		d.steps = append(d.steps, step{op: ops[r.IntN(len(ops))], id: fmt.Sprint("c", r.IntN(12)), into: []string{"", "x", "y"}[r.IntN(3)], n: int64(r.IntN(8))})
	}
	return d
}

// twin is one history told to two replicas.
type twin struct {
	t     interface{ Fatalf(string, ...any) }
	r     *rand.Rand
	two   [2]*Replica
	queue []deed
	ord   int64
	ver   int64
	fulls int // rebases of the first that ran everything again
	parts int
}

func (w *twin) commands() []Command {
	out := make([]Command, len(w.queue))
	for i, d := range w.queue {
		out[i] = Command{Ord: d.ord, Mid: fmt.Sprint("m", d.ord), Run: d.run}
	}
	return out
}

func (w *twin) step() {
	ctx := context.Background()
	switch w.r.IntN(5) {
	case 0, 1:
		w.ord++
		d := randomDeed(w.r, w.ord)
		w.queue = append(w.queue, d)
		for _, rep := range w.two {
			_, err := rep.Update(ctx, func(t *Tx) error {
				o, err := t.Try(Command{Ord: d.ord, Mid: fmt.Sprint("m", d.ord), Run: d.run})
				if err != nil {
					return err
				}
				return t.Keep(d.ord, fmt.Sprint("m", d.ord), o)
			})
			if err != nil {
				w.t.Fatalf("%v", err)
			}
		}
	case 2, 3:
		var page Page
		for range w.r.IntN(4) {
			w.ver++
			c := card(fmt.Sprint("c", w.r.IntN(12)), w.ver, obj{"n": w.r.IntN(40), "grp": []string{"", "x", "y"}[w.r.IntN(3)]})
			if w.r.IntN(4) == 0 {
				page.Ops = append(page.Ops, Op{ChanLane: org1, Key: key(c), Rem: true})
			} else {
				page.Ops = append(page.Ops, Op{ChanLane: org1, Key: key(c)})
				page.Rows = append(page.Rows, c)
			}
		}
		if w.r.IntN(2) == 0 && len(w.queue) > 0 { // some come back
			w.queue = w.queue[w.r.IntN(len(w.queue)+1):]
		}
		w.rebase(&Checkpoint{Dev: "d"}, page)
	default:
		if len(w.queue) > 0 { // one is discarded
			i := w.r.IntN(len(w.queue))
			w.queue = append(append([]deed{}, w.queue[:i]...), w.queue[i+1:]...)
			w.rebase(nil, Page{})
		}
	}
	w.compare()
}

func (w *twin) rebase(pull *Checkpoint, page Page) {
	for i, rep := range w.two {
		_, err := rep.Update(context.Background(), func(t *Tx) error {
			if pull != nil {
				if err := t.Stage(page); err != nil {
					return err
				}
			}
			out, err := t.Rebase(Rebase{Waiting: w.commands(), Pull: pull})
			if i == 0 && len(w.queue) > 0 {
				if out.Full {
					w.fulls++
				} else {
					w.parts++
				}
			}
			return err
		})
		if err != nil {
			w.t.Fatalf("%v", err)
		}
	}
}

// compare holds all that matters of the two files against each other.
func (w *twin) compare() {
	for _, q := range []string{
		"SELECT id, root, ver, body FROM r_t_card ORDER BY id", "SELECT id, root, ver, body FROM r_t_part ORDER BY id",
		"SELECT kind, id, present, root, ver, body, sum FROM base ORDER BY kind, id", "SELECT ord, foresight, code, field, note FROM wait ORDER BY ord",
		"SELECT ord, kind, id, wrote FROM wait_row ORDER BY ord, kind, id", "SELECT ord, kind, conds FROM wait_scan ORDER BY ord, kind, conds",
		"SELECT kind, id, text FROM search_doc ORDER BY kind, id",
	} {
		if a, b := dump(w.t, w.two[0], q), dump(w.t, w.two[1], q); a != b {
			w.t.Fatalf("%s\nselective:\n%s\nall again:\n%s\nqueue %v", q, a, b, w.queue)
		}
	}
}

func dump(t interface{ Fatalf(string, ...any) }, r *Replica, q string) string {
	rows, err := r.r.Query(q)
	if err != nil {
		t.Fatalf("%v", err)
	}
	defer rows.Close()
	cols, err := rows.Columns()
	if err != nil {
		t.Fatalf("%v", err)
	}
	var b bytes.Buffer
	vals, ptrs := make([]any, len(cols)), make([]any, len(cols))
	for i := range vals {
		ptrs[i] = &vals[i]
	}
	for rows.Next() {
		if err := rows.Scan(ptrs...); err != nil {
			t.Fatalf("%v", err)
		}
		fmt.Fprintln(&b, vals...)
	}
	return b.String()
}

func newTwin(t testing.TB, d Defects) *twin {
	ks := testKinds()
	return &twin{t: t, two: [2]*Replica{open(t, ks, d), open(t, ks, Defects{AlwaysAll: true})}}
}

// again empties both replicas, which is faster than to open new ones.
func (w *twin) again(t interface{ Fatalf(string, ...any) }, seed uint64) {
	w.t, w.r, w.queue = t, rand.New(rand.NewPCG(seed, 7)), nil
	for _, rep := range w.two {
		for _, table := range []string{"r_t_card", "r_t_part", "base", "member", "cursor", "wait", "wait_row", "wait_scan"} {
			if _, err := rep.w.Exec("DELETE FROM " + table); err != nil {
				t.Fatalf("%v", err)
			}
		}
		if _, err := rep.Update(context.Background(), func(t *Tx) error {
			ks, err := t.keys("SELECT kind, id FROM search_doc")
			for _, k := range ks {
				t.changed[k] = true
			}
			return err
		}); err != nil {
			t.Fatalf("%v", err)
		}
	}
}

// A selective re-run leaves the same file as running everything again.
func TestSelectiveEqualsAll(t *testing.T) {
	w := newTwin(t, Defects{})
	rapid.Check(t, func(rt *rapid.T) {
		w.again(rt, rapid.Uint64().Draw(rt, "seed"))
		for range rapid.IntRange(1, 40).Draw(rt, "steps") {
			w.step()
		}
	})
	if w.parts < w.fulls/4 {
		t.Errorf("%d selective, %d full: the selective way is hardly tried", w.parts, w.fulls)
	}
	t.Logf("%d selective, %d full", w.parts, w.fulls)
}

type found struct{ why string }

func (f *found) Fatalf(format string, args ...any) {
	f.why = fmt.Sprintf(format, args...)
	panic(f)
}

// With a defence removed the comparison fails: the test sees what it must.
func TestSelectiveDefects(t *testing.T) {
	for name, d := range map[string]Defects{"closure": {NoClosure: true}, "base": {NoBase: true}} {
		t.Run(name, func(t *testing.T) {
			w := newTwin(t, d)
			for seed := range uint64(100) {
				if func() (failed bool) {
					defer func() {
						if p := recover(); p != nil {
							if _, ok := p.(*found); !ok && !strings.Contains(fmt.Sprint(p), "UNIQUE") {
								panic(p)
							}
							failed = true
						}
					}()
					w.again(&found{}, seed)
					for range 30 {
						w.step()
					}
					return false
				}() {
					return
				}
			}
			t.Error("nothing fails")
		})
	}
}
