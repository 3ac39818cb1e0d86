package authority

import (
	"context"
	"fmt"
	"testing"
	"time"

	"qianshao/syncserver/internal/store"
	"qianshao/syncserver/office"
	"qianshao/syncserver/protocol"
)

// What leaves the desks is a removal there and can be read on line; a pin brings
// it back, children and all, for as long as its owner may read it.
func TestResidence(t *testing.T) {
	everywhere(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		lin, wu := w.desk("lin", "d1"), w.desk("wu", "d2")
		hour := office.Millis(w.now().Add(time.Hour))
		w.as("han", &put{K: "t.case", I: "a", B: obj{"to": []string{"u:lin", "u:wu"}, "title": "甲", "until": hour}})
		w.as("han", &put{K: "t.page", I: "p", R: "a", B: obj{"only": []string{"u:lin", "u:wu"}}})
		w.as("han", &put{K: "t.page", I: "secret", R: "a", B: obj{"only": []string{"u:wu"}}})
		w.as("han", &put{K: "t.state", I: "old", R: "a", B: obj{"until": 5}})
		w.as("han", &put{K: "t.state", I: "new", R: "a", B: obj{"until": hour + 1000*3600}})
		if _, err := w.Age(ctx); err != nil {
			t.Fatal(err)
		}
		check := func(d *desk, what string, want ...string) {
			t.Helper()
			d.pull(nil)
			for _, k := range []key{{"t.case", "a"}, {"t.page", "p"}, {"t.page", "secret"}, {"t.state", "old"}, {"t.state", "new"}} {
				in := false
				for _, x := range want {
					in = in || x == k.id
				}
				if d.has(k.kind, k.id) != in {
					t.Errorf("%s: %s has %s: %t", what, d.caller.UID, k.id, !in)
				}
			}
			if found, err := w.Check(ctx); err != nil || len(found) > 0 {
				t.Errorf("%s: %v %v", what, found, err)
			}
		}
		reads := func(uid office.UserID, kind string, want ...string) {
			t.Helper()
			q := protocol.ReadRequest{Device: map[office.UserID]string{"lin": "d1", "wu": "d2", "han": "d3"}[uid], Kind: kind, View: "all"}
			if kind != "t.case" {
				q.View, q.Root = "", "a"
			}
			got, err := w.Read(ctx, Caller{uid, q.Device}, q)
			if err != nil {
				t.Fatal(err)
			}
			var ids []string
			for _, r := range got.Rows {
				ids = append(ids, r.ID)
			}
			if fmt.Sprint(ids) != fmt.Sprint(want) {
				t.Errorf("%s reads %v of %s on line, want %v", uid, ids, kind, want)
			}
		}
		w.desk("han", "d3")
		check(lin, "at first", "a", "p", "new")
		check(wu, "at first", "a", "p", "secret", "new")
		reads("lin", "t.state", "new", "old") // what was never on a desk is read on line
		w.pass(2 * time.Hour)
		age := func() {
			t.Helper()
			if _, err := w.Age(ctx); err != nil {
				t.Fatal(err)
			}
		}
		age()
		check(lin, "after an hour")
		check(wu, "after an hour")
		reads("lin", "t.case", "a")
		reads("lin", "t.page", "p")
		reads("wu", "t.page", "p", "secret")
		reads("han", "t.case")
		reads("han", "t.page")
		w.as("lin", &office.SetPin{Of: "t.case", Record: "a"})
		w.as("han", &office.SetPin{Of: "t.case", Record: "a"}) // may not read it: gets nothing
		check(lin, "pinned", "a", "p", "old", "new")
		check(wu, "pinned by another")
		w.as("han", &patch{K: "t.case", I: "a", S: obj{"title": "乙"}})
		check(lin, "changed", "a", "p", "old", "new")
		w.as("han", &patch{K: "t.case", I: "a", S: obj{"to": []string{"unit:x"}}})
		check(lin, "taken")
		w.as("system", &patch{K: "dir.person", I: "lin", S: obj{"units": []string{"x"}}})
		check(lin, "granted through a unit", "a", "old", "new")
		w.as("system", &patch{K: "dir.person", I: "lin", S: obj{"units": []string{}}})
		check(lin, "left the unit")
		w.as("han", &patch{K: "t.case", I: "a", S: obj{"to": []string{"u:lin", "u:wu"}}})
		check(lin, "granted again", "a", "p", "old", "new")
		w.as("lin", &office.ClearPin{Of: "t.case", Record: "a"})
		check(lin, "no longer pinned")
		w.as("han", &patch{K: "t.case", I: "a", S: obj{"until": 0}})
		check(lin, "opened again", "a", "p", "new")
		check(wu, "opened again", "a", "p", "secret", "new")
		w.as("han", &del{K: "t.case", I: "a"})
		check(lin, "deleted")
		reads("lin", "t.case")
		w.pass(5000 * time.Hour)
		age()
		check(wu, "nothing is left to leave")
	})
}

// Reading on line asks nothing that is not declared and answers nothing that is
// not the reader's.
func TestReadRefuses(t *testing.T) {
	everywhere(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		lin := w.desk("lin", "d1").caller
		for i := range 7 {
			to := "u:lin"
			if i%2 == 1 {
				to = "u:wu"
			}
			w.as("wu", &put{K: "t.case", I: fmt.Sprint("c", i), B: obj{"to": []string{to}, "title": fmt.Sprint(i), "until": 1}})
		}
		for name, r := range map[string]protocol.ReadRequest{
			"unknown kind":      {Kind: "t.none", View: "all"},
			"a table":           {Kind: "device", View: "all"},
			"unknown view":      {Kind: "t.case", View: "x"},
			"undeclared filter": {Kind: "t.case", View: "all", Where: []office.Cond{office.Where("to", "u:wu")}},
			"undeclared order":  {Kind: "t.case", View: "all", Order: "body"},
			"SQL":               {Kind: "t.case", View: "all", Order: "title; DROP TABLE device"},
			"bad keyset":        {Kind: "t.case", View: "all", After: "zzz"},
			"children of none":  {Kind: "t.case", Root: "c0"},
		} {
			r.Device = "d1"
			if _, err := w.Read(ctx, lin, r); office.CodeOf(err) != office.CodeInvalid {
				t.Errorf("%s: %v", name, err)
			}
		}
		if _, err := w.Read(ctx, Caller{"wu", "d1"}, protocol.ReadRequest{Device: "d1", Kind: "t.case", View: "all"}); office.CodeOf(err) != office.CodeNotPermitted {
			t.Errorf("another person's device: %v", err)
		}
		got, err := w.Read(ctx, lin, protocol.ReadRequest{Device: "d1", Kind: "t.case", IDs: []string{"c0", "c1", "c2", "nothing"}})
		if err != nil || len(got.Rows) != 2 {
			t.Errorf("%d rows by their ids, %v", len(got.Rows), err)
		}
		r := protocol.ReadRequest{Device: "d1", Kind: "t.case", View: "all", Limit: 2, Desc: true}
		var ids []string
		for n := 0; ; n++ {
			got, err := w.Read(ctx, lin, r)
			if err != nil || n > 5 {
				t.Fatal(n, err)
			}
			for _, x := range got.Rows {
				ids = append(ids, x.ID)
			}
			if r.After = got.Next; r.After == "" {
				break
			}
		}
		if fmt.Sprint(ids) != "[c6 c4 c2 c0]" {
			t.Errorf("pages: %v", ids)
		}
		if err := w.Store.Write(ctx, func(q store.Q) error { return store.SetDeviceState(ctx, q, "d1", store.DeviceWiped) }); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Read(ctx, lin, r); err == nil {
			t.Error("a revoked device reads on line")
		}
	})
}
