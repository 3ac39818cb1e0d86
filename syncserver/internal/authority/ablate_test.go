package authority

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"strings"
	"sync"
	"testing"
	"time"

	"qianshao/syncserver/internal/store"
	"qianshao/syncserver/office"
	"qianshao/syncserver/protocol"
)

// TestEachDefenceIsNeeded runs, for every defence, a short story that ends well
// with it and badly without it.
func TestEachDefenceIsNeeded(t *testing.T) {
	ctx := context.Background()
	stories := map[Ablation]func(t *testing.T, w *world) error{
		NoMid: func(t *testing.T, w *world) error {
			d := w.desk("lin", "d1")
			r, b := d.request(&add{I: "c"})
			d.send(r, b)
			again, _ := d.request()
			again.Cmds = []protocol.Command{r.Cmds[0]}
			again.Cmds[0].N = 2
			d.send(again, raw(again))
			return when(w.count("c") != 1, "counted %d for one command", w.count("c"))
		},
		NoTicket: func(t *testing.T, w *world) error {
			d := w.desk("lin", "d1")
			clone := *d
			d.push(&add{I: "c"})
			clone.pull(nil)
			clone.n, clone.tix = clone.lastN, 100
			got := clone.send(clone.request(&add{I: "c"}))
			return when(got.Verdict != protocol.VerdictFork, "a copy of a device goes unnoticed")
		},
		NoLastCheck: func(t *testing.T, w *world) error {
			d := w.desk("lin", "d1")
			late, _ := d.request()
			late.Cmds = []protocol.Command{wire(&add{I: "c"}, 5, w.mid())}
			got := d.send(late, raw(late))
			return when(got.Verdict != protocol.VerdictFork, "commands 1 to 4 are skipped")
		},
		NoHeld: func(t *testing.T, w *world) error {
			d := w.desk("lin", "d1")
			r, _ := d.request(&refuse{I: "x"}, &add{I: "c"})
			r.Cmds[1].Deps = []string{r.Cmds[0].Mid}
			d.send(r, raw(r))
			return when(w.count("c") != 0, "a command runs without the one it rests on")
		},
		NoFormer: func(t *testing.T, w *world) error {
			d := w.desk("lin", "d1")
			r, _ := d.request(&draw{I: "a"})
			r.Cmds[0].Former = &protocol.Former{Outcome: protocol.Applied, Detail: json.RawMessage(`{"given":[{"k":"t.gift","i":"g7","b":{"n":7}}]}`)}
			got := d.send(r, raw(r))
			return when(!strings.Contains(string(got.Results[0].Detail), `"i":"g7"`), "what it once got is not given again: %s", got.Results[0].Detail)
		},
		NoRollback: func(t *testing.T, w *world) error {
			d := w.desk("lin", "d1")
			d.push(&refuse{I: "x"})
			d.pull(nil)
			return when(d.has("t.doc", "x"), "a refused command's record is there")
		},
		NoRem: func(t *testing.T, w *world) error {
			d := w.desk("lin", "d1")
			w.as("wu", doc("a", "u:lin"))
			d.pull(nil)
			w.as("wu", &patch{K: "t.doc", I: "a", S: obj{"to": []string{}}})
			d.pull(nil)
			return when(d.has("t.doc", "a"), "a revoked record is still there")
		},
		NoChildren: func(t *testing.T, w *world) error {
			d := w.desk("lin", "d1")
			w.as("wu", doc("a"))
			w.as("wu", &put{K: "t.body", I: "b", R: "a", B: obj{}})
			w.as("wu", &patch{K: "t.doc", I: "a", S: obj{"to": []string{"u:lin"}}})
			d.pull(nil)
			return when(!d.has("t.body", "b"), "a document without its body")
		},
		NoDrop: func(t *testing.T, w *world) error {
			d := w.desk("lin", "d1")
			w.as("wu", doc("a", "unit:x"))
			w.as("system", &patch{K: "dir.person", I: "lin", S: obj{"units": []string{"x"}}})
			d.pull(nil)
			w.as("system", &patch{K: "dir.person", I: "lin", S: obj{"units": []string{}}})
			d.pull(nil)
			return when(d.has("t.doc", "a"), "a left unit's record is still there")
		},
		NoChain: func(t *testing.T, w *world) error {
			d := w.desk("lin", "d1")
			w.as("wu", doc("a", "u:lin"))
			d.pull(nil)
			// The server is put back to before "a", and "b" takes its place.
			if err := w.Store.Write(ctx, func(q store.Q) error {
				for _, s := range []string{"chan_head", "chan_hist", "chan_row"} {
					if _, err := q.ExecContext(ctx, "DELETE FROM "+s+" WHERE chan = 'u:lin'"); err != nil {
						return err
					}
				}
				_, err := q.ExecContext(ctx, "DELETE FROM r_t_doc")
				return err
			}); err != nil {
				t.Fatal(err)
			}
			w.as("wu", doc("b", "u:lin"))
			d.pull(nil)
			return when(!d.has("t.doc", "b") || d.has("t.doc", "a"), "a restored server goes unnoticed")
		},
		NoBlobRight: func(t *testing.T, w *world) error {
			w.bring("lin", "geheim")
			w.as("lin", &put{K: "t.doc", I: "a", B: obj{"to": []string{"u:lin"}, "file": sum("geheim")}})
			return when(w.readsFile("wu", "geheim"), "whoever knows a hash reads the content")
		},
		NoBlobHash: func(t *testing.T, w *world) error {
			_, err := w.BlobPut(ctx, w.desk("lin", "d1").caller, sum("echt"), 0, 6, strings.NewReader("falsch"))
			if office.CodeOf(err) != protocol.CodeHash {
				return errors.New("a content is taken under another's hash")
			}
			return nil
		},
		NoBlobProof: func(t *testing.T, w *world) error {
			w.bring("lin", "geheim")
			w.as("lin", &put{K: "t.doc", I: "a", B: obj{"to": []string{"u:lin"}, "file": sum("geheim")}})
			w.As(ctx, "wu", w.mid(), time.Time{}, &put{K: "t.doc", I: "b", B: obj{"to": []string{"u:wu"}, "file": sum("geheim")}})
			return when(w.readsFile("wu", "geheim"), "a paper of one's own opens a content whose hash one knows")
		},
		NoAge: func(t *testing.T, w *world) error {
			d := w.desk("lin", "d1")
			w.as("wu", &put{K: "t.case", I: "a", B: obj{"to": []string{"u:lin"}, "until": office.Millis(w.now().Add(time.Hour))}})
			d.pull(nil)
			w.pass(2 * time.Hour)
			if _, err := w.Age(ctx); err != nil {
				t.Fatal(err)
			}
			d.pull(nil)
			return when(d.has("t.case", "a"), "a record whose time is over is still there")
		},
		NoPinRight: func(t *testing.T, w *world) error {
			d := w.desk("lin", "d1")
			if _, err := w.Age(ctx); err != nil {
				t.Fatal(err)
			}
			w.as("wu", &put{K: "t.case", I: "a", B: obj{"to": []string{"u:lin"}, "until": 1}})
			w.as("lin", &office.SetPin{Of: "t.case", Record: "a"})
			w.as("wu", &patch{K: "t.case", I: "a", S: obj{"to": []string{"u:wu"}}})
			d.pull(nil)
			return when(d.has("t.case", "a"), "a pin keeps what was taken")
		},
		NoGCFloor: func(t *testing.T, w *world) error {
			d := w.desk("lin", "d1")
			w.as("wu", doc("a", "u:lin"))
			w.as("wu", doc("b", "u:lin"))
			d.pull(nil)
			w.as("wu", &del{K: "t.doc", I: "a"})
			// The rem entry goes, the history stays.
			if err := w.Store.Write(ctx, func(q store.Q) error {
				_, err := q.ExecContext(ctx, "UPDATE chan_hist SET at = ?", office.Millis(w.now().Add(time.Hour)))
				return err
			}); err != nil {
				t.Fatal(err)
			}
			if err := w.GC(ctx, w.now()); err != nil {
				t.Fatal(err)
			}
			d.pull(nil)
			return when(d.has("t.doc", "a"), "a deleted record is still there")
		},
		NoGCBase: func(t *testing.T, w *world) error {
			for i := range 6 {
				w.as("wu", doc(fmt.Sprint("a", i), "u:lin"))
			}
			w.as("wu", &del{K: "t.doc", I: "a5"})
			if err := w.GC(ctx, w.now().Add(time.Hour)); err != nil {
				t.Fatal(err)
			}
			d := w.desk("lin", "d1")
			var cursors []protocol.Cursor
			for range 30 {
				got, err := w.Pull(ctx, d.caller, protocol.PullRequest{Device: "d1", Limit: 1, Cursors: cursors})
				if err != nil {
					t.Fatal(err)
				}
				if !got.More {
					return nil
				}
				m := cursorMap(cursors)
				maps.Copy(m, cursorMap(got.Cursors))
				cursors = nil
				for _, c := range m {
					cursors = append(cursors, c)
				}
			}
			return errors.New("a first load never ends")
		},
		NoClock: func(t *testing.T, w *world) error {
			d := w.desk("lin", "d1")
			r, _ := d.request(&add{I: "c"})
			r.Cmds[0].Claimed = office.Millis(w.now().AddDate(-10, 0, 0))
			got := d.send(r, raw(r))
			return when(got.Results[0].At == r.Cmds[0].Claimed, "what a desk did happened when its clock said, at %d", got.Results[0].At)
		},
		NoVersion: func(t *testing.T, w *world) error {
			var wg sync.WaitGroup
			for range 8 {
				wg.Go(func() {
					for range 20 {
						w.As(ctx, "lin", w.mid(), time.Time{}, &add{I: "c"})
					}
				})
			}
			wg.Wait()
			return when(w.count("c") != 160, "160 commands counted %d", w.count("c"))
		},
		NoLocks: func(t *testing.T, w *world) error {
			var wg sync.WaitGroup
			for i := range 8 {
				wg.Go(func() {
					for r := range 20 {
						w.As(ctx, "lin", w.mid(), time.Time{}, &book{Room: fmt.Sprint("room", r), I: fmt.Sprintf("b%d-%d", r, i)})
					}
				})
			}
			wg.Wait()
			booked := map[string]int{}
			for k := range w.truth("lin") {
				if k.kind == "t.doc" {
					room, _, _ := strings.Cut(k.id, "-")
					booked[room]++
				}
			}
			for room, n := range booked {
				if n != 1 {
					return fmt.Errorf("room of %s is booked %d times", room, n)
				}
			}
			return when(len(booked) != 20, "%d rooms booked", len(booked))
		},
		NoSnapshotLastN: func(t *testing.T, w *world) error {
			d := w.desk("lin", "d1")
			d.pull(nil)
			var wg sync.WaitGroup
			pusher := *d
			done := make(chan struct{})
			wg.Go(func() {
				defer close(done)
				for i := range 60 {
					pusher.push(doc(fmt.Sprintf("a%02d", i), "u:lin"))
				}
			})
			var harm error
			for {
				d.pull(nil)
				n := int64(0)
				for k := range d.base {
					if k.kind == "t.doc" {
						n++
					}
				}
				if n != d.lastN && harm == nil {
					harm = fmt.Errorf("%d commands settled, %d effects", d.lastN, n)
				}
				select {
				case <-done:
					wg.Wait()
					return harm
				default:
				}
			}
		},
	}
	concurrent := []Ablation{NoVersion, NoLocks, NoSnapshotLastN} // chance decides: several tries, on the database where writers meet
	for _, x := range Ablations() {
		story := stories[x]
		if story == nil {
			t.Errorf("%s has no story", x)
			continue
		}
		t.Run(string(x), func(t *testing.T) {
			fresh := func() *world { return newWorld(t, store.Config{Dir: t.TempDir()}) }
			tries := 1
			for _, c := range concurrent {
				if c == x {
					tries = 20
					fresh = func() *world { return newWorld(t, store.Config{URL: pg.Database(t)}) }
				}
			}
			if err := story(t, fresh()); err != nil {
				t.Errorf("with the defence: %v", err)
			}
			for range tries {
				w := fresh()
				w.Ablate(x)
				if err := story(t, w); err != nil {
					t.Logf("without the defence: %v", err)
					return
				}
			}
			t.Error("without the defence nothing happens")
		})
	}
}

func when(bad bool, format string, args ...any) error {
	if bad {
		return fmt.Errorf(format, args...)
	}
	return nil
}

// book takes a room if nobody has it.
type book struct{ Room, I string }

func (*book) Kind() string      { return "t.book@1" }
func (c *book) Locks() []string { return []string{"room:" + c.Room} }
func (c *book) Run(tx office.Tx, _ office.Context) error {
	rs, err := tx.List(office.Query{Kind: "t.doc", View: "all", Where: []office.Cond{office.Where("title", c.Room)}})
	if err != nil {
		return err
	}
	if len(rs) > 0 {
		return &office.Error{Code: office.CodeState}
	}
	return tx.Insert("t.doc", c.I, "", obj{"title": c.Room, "to": []string{"org"}})
}
