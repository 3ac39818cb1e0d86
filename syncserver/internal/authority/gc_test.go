package authority

import (
	"context"
	"fmt"
	"testing"
	"time"

	"qianshao/syncserver/protocol"
)

func TestGC(t *testing.T) {
	everywhere(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		d, late := w.desk("lin", "d1"), w.desk("lin", "d2")
		for i := range 12 {
			w.as("wu", doc(fmt.Sprintf("a%02d", i), "org"))
		}
		d.sync(t)
		late.sync(t)
		for i := range 6 {
			w.as("wu", &del{K: "t.doc", I: fmt.Sprintf("a%02d", i)})
		}
		d.sync(t)
		w.pass(time.Hour)
		if err := w.GC(ctx, w.now()); err != nil {
			t.Fatal(err)
		}
		d.sync(t) // has seen them go
		if d.resets != 0 {
			t.Errorf("%d resets of a desk that had seen all", d.resets)
		}
		late.sync(t) // has not: it begins again
		if late.resets == 0 || late.rewound {
			t.Errorf("%d resets, rewound %v", late.resets, late.rewound)
		}
		// A desk that begins after the collection, page by page: its positions
		// are below the floor, yet nothing is missing.
		fresh := w.desk("lin", "d3")
		fresh.limit = 1
		fresh.sync(t)
		if fresh.resets != 0 {
			t.Errorf("%d resets of a fresh desk", fresh.resets)
		}
		// A collection in the middle of its reading is another matter.
		fresh = w.desk("lin", "d4")
		fresh.limit = 1
		fresh.pull(func(page int) {
			if page == 5 {
				w.as("wu", &del{K: "t.doc", I: "a06"})
				if err := w.GC(ctx, w.now().Add(time.Hour)); err != nil {
					t.Fatal(err)
				}
			}
		})
		fresh.check(t)
		if fresh.resets == 0 {
			t.Error("no reset after a collection in the middle")
		}
		w.healthy()
	})
}

func TestOutcomesAreForgottenLate(t *testing.T) {
	everywhere(t, func(t *testing.T, w *world) {
		d := w.desk("lin", "d1")
		r, b := d.request(&add{I: "c"})
		d.send(r, b)
		w.pass(KeepResults - time.Hour)
		if err := w.GC(context.Background(), w.now()); err != nil {
			t.Fatal(err)
		}
		if got := d.send(r, b); outcomes(got.Results) != "applied" || w.count("c") != 1 {
			t.Errorf("%+v", got)
		}
		w.pass(2 * time.Hour)
		if err := w.GC(context.Background(), w.now()); err != nil {
			t.Fatal(err)
		}
		if got, err := w.Push(context.Background(), d.caller, r, b); err != nil || got.Verdict != protocol.VerdictFork {
			t.Errorf("%+v, %v", got, err)
		}
	})
}
