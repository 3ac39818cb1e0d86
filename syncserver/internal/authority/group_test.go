package authority

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"reflect"
	"testing"

	"qianshao/syncserver/office"
	"qianshao/syncserver/protocol"
)

// hold stops the clock, so that groups end by their other bounds alone.
func (w *world) hold() {
	w.mu.Lock()
	w.still = true
	w.mu.Unlock()
}

// some hands the first group of a request over.
func (d *desk) some(r protocol.PushRequest, b []byte) []protocol.Result {
	d.w.t.Helper()
	digest := sha256.Sum256(b)
	res, _, err := d.w.pushSome(context.Background(), pushing{caller: d.caller, request: r, digest: hex.EncodeToString(digest[:16])}, r.Cmds)
	if err != nil {
		d.w.t.Fatal(err)
	}
	return res
}

// On the embedded database a push is one transaction, up to its bounds; on
// PostgreSQL each command has its own.
func TestGroupsOfAPush(t *testing.T) {
	everywhere(t, func(t *testing.T, w *world) {
		d := w.desk("lin", "d1")
		var cmds []office.Command
		for range groupMax + 3 {
			cmds = append(cmds, &add{I: "c"})
		}
		r, b := d.request(cmds...)
		if got := len(d.some(r, b)); got != 1 {
			t.Errorf("with a clock that runs: %d commands", got)
		}
		w.hold()
		// The first one is done already; it counts all the same.
		if got, want := len(d.some(r, b)), w.group(); got != want {
			t.Errorf("%d commands, want %d", got, want)
		}
		d.send(r, b)
		if w.count("c") != len(cmds) {
			t.Errorf("count %d", w.count("c"))
		}
		w.healthy()
	})
}

// What stands in one group with others is judged as if it stood alone: refusals
// take back their own writes, crashes are quarantined, dependants held, and a
// lost answer is a retry.
func TestAGroupJudgesEachAlone(t *testing.T) {
	everywhere(t, func(t *testing.T, w *world) {
		w.hold()
		d, e := w.desk("lin", "d1"), w.desk("wu", "e1")
		r, _ := d.request(
			&put{K: "t.doc", I: "d", B: obj{"to": []string{"org"}, "title": "a"}}, &refuse{I: "x", List: true},
			&add{I: "c"}, &refuse{I: "y"}, &patch{K: "t.doc", I: "d", S: obj{"title": "b"}}, &panics{How: "panic"},
			&patch{K: "t.doc", I: "d", S: obj{"title": "c"}}, &panics{How: "error"}, &add{I: "c"}, &patch{K: "t.doc", I: "d", S: obj{"title": "d"}},
		)
		r.Cmds[8].Deps = []string{r.Cmds[1].Mid}
		got := d.send(r, raw(r))
		if out := outcomes(got.Results); out != "applied rejected applied rejected applied quarantined applied quarantined held applied" || got.LastN != 10 {
			t.Errorf("%s, last %d", out, got.LastN)
		}
		if again := d.send(r, raw(r)); !reflect.DeepEqual(again, got) {
			t.Errorf("again: %+v", again)
		}
		for _, id := range []string{"x", "y", "left-by-panic"} {
			if _, ok := w.row("t.doc", id); ok {
				t.Errorf("%s is there", id)
			}
		}
		if w.count("c") != 1 {
			t.Errorf("count %d", w.count("c"))
		}
		e.sync(t) // it compares itself with the truth
		w.healthy()
	})
}

// A number out of turn in the middle of a group is a copied profile; what came
// before it stays done.
func TestAGroupEndsBeforeACopy(t *testing.T) {
	everywhere(t, func(t *testing.T, w *world) {
		w.hold()
		d := w.desk("lin", "d1")
		r, _ := d.request(&add{I: "c"}, &add{I: "c"}, &add{I: "c"})
		r.Cmds[2].N = 7 // no desk sends that; checkPush refuses it
		if _, err := d.w.Push(context.Background(), d.caller, r, raw(r)); office.CodeOf(err) != office.CodeInvalid {
			t.Fatal(err)
		}
		digest := pushing{caller: d.caller, request: r}
		res, last, err := w.pushSome(context.Background(), digest, r.Cmds)
		for err == nil && len(res) < 2 {
			var more []protocol.Result
			more, last, err = w.pushSome(context.Background(), digest, r.Cmds[len(res):])
			res = append(res, more...)
		}
		if err != nil || last != 2 || w.count("c") != 2 {
			t.Errorf("%d results, last %d, count %d, %v", len(res), last, w.count("c"), err)
		}
		if _, _, err = w.pushSome(context.Background(), digest, r.Cmds[2:]); err != verdict(protocol.VerdictFork) {
			t.Errorf("%v", err)
		}
		w.healthy()
	})
}
