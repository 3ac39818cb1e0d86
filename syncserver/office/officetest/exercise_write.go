package officetest

import (
	"encoding/json"
	"errors"
	"slices"
	"testing"

	"qianshao/syncserver/office"
)

func (x *exercise) get(t *testing.T) {
	x.do(t, func(tx office.Tx) error {
		want := office.Absent
		if x.Desk {
			want = office.Elsewhere
		}
		if r, p, err := tx.Get("ex.card", "never-there"); p != want || err != nil || r.ID != "" {
			t.Errorf("a record that never was: %+v %d %v", r, p, err)
		}
		if _, p, err := tx.Get("ex.nothing", "a"); office.CodeOf(err) != office.CodeInvalid || p == office.Present {
			t.Errorf("unknown kind: %d %v", p, err)
		}
		for _, id := range []string{"", "Ä", "a b", "a'; DROP TABLE r_ex_card; --", "a\x00b", "\xff"} {
			if _, p, err := tx.Get("ex.card", id); p == office.Present || err != nil {
				t.Errorf("id %q: %d %v", id, p, err)
			}
		}
		return nil
	})
}

func (x *exercise) insert(t *testing.T) {
	x.do(t, func(tx office.Tx) error {
		return errors.Join(
			tx.Insert("ex.card", "ins-1", "", body{"title": "一"}),
			tx.Insert("ex.card", "ins-2", "ins-2", struct {
				Title string `json:"title"`
			}{"二"}),
			tx.Insert("ex.other", "ins-1", "", body{}), // ids are of a kind
		)
	})
	x.do(t, func(tx office.Tx) error {
		if r := want(t, tx, "ex.card", "ins-1", `{"title":"一"}`); r.Root != "ins-1" {
			t.Errorf("root %q", r.Root)
		}
		want(t, tx, "ex.card", "ins-2", `{"title":"二"}`)
		want(t, tx, "ex.other", "ins-1", `{}`)
		return nil
	})
	for name, f := range map[string]func(tx office.Tx) error{
		"unknown kind":       func(tx office.Tx) error { return tx.Insert("ex.nothing", "a", "", body{}) },
		"empty id":           func(tx office.Tx) error { return tx.Insert("ex.card", "", "", body{}) },
		"bad id":             func(tx office.Tx) error { return tx.Insert("ex.card", "A b", "", body{}) },
		"sql as id":          func(tx office.Tx) error { return tx.Insert("ex.card", "x');--", "", body{}) },
		"root of another":    func(tx office.Tx) error { return tx.Insert("ex.card", "ins-3", "ins-1", body{}) },
		"child without root": func(tx office.Tx) error { return tx.Insert("ex.line", "ins-l", "", body{}) },
		"child of bad root":  func(tx office.Tx) error { return tx.Insert("ex.line", "ins-l", "Ä", body{}) },
	} {
		t.Run(name, func(t *testing.T) { x.refused(t, office.CodeInvalid, f) })
	}
	for name, v := range map[string]any{"list": []int{1}, "text": "a", "number": 1, "unencodable": body{"a": func() {}}} {
		t.Run("body is "+name, func(t *testing.T) {
			if _, err := x.Begin(func(tx office.Tx) error { return tx.Insert("ex.card", "ins-4", "", v) }); err == nil {
				t.Error("accepted")
			}
		})
	}
	x.refused(t, office.CodeExists, func(tx office.Tx) error { return tx.Insert("ex.card", "ins-1", "", body{}) })
	x.refused(t, office.CodeExists, func(tx office.Tx) error {
		if err := tx.Insert("ex.card", "ins-5", "", body{}); err != nil {
			return err
		}
		return tx.Insert("ex.card", "ins-5", "", body{})
	})
	x.do(t, func(tx office.Tx) error { x.wantGone(t, tx, "ex.card", "ins-5"); return nil })
}

func (x *exercise) patch(t *testing.T) {
	x.do(t, func(tx office.Tx) error {
		return tx.Insert("ex.card", "pat-1", "", body{"grp": "pat", "title": "旧", "rank": 1, "keep": body{"b": 1, "a": []int{2}}})
	})
	x.do(t, func(tx office.Tx) error {
		return tx.Patch("ex.card", "pat-1", office.Fields{"title": "新", "rank": nil, "more": json.RawMessage(`{"z":1, "y":[ ]}`)})
	})
	x.do(t, func(tx office.Tx) error {
		want(t, tx, "ex.card", "pat-1", `{"grp":"pat","keep":{"a":[2],"b":1},"more":{"z":1,"y":[]},"title":"新"}`)
		if got := x.list(t, tx, "pat", office.Query{Where: []office.Cond{office.Where("title", "新"), office.Where("rank", 0)}}); got != "1" {
			t.Errorf("columns after a patch: list %q", got)
		}
		return nil
	})
	out := x.do(t, func(tx office.Tx) error {
		return errors.Join(tx.Patch("ex.card", "pat-1", office.Fields{"title": "新", "absent": nil}), tx.Patch("ex.card", "pat-1", nil))
	})
	if out.Wrote {
		t.Error("a patch that changes nothing counts as a write")
	}
	x.refused(t, x.missing(), func(tx office.Tx) error { return tx.Patch("ex.card", "pat-none", office.Fields{"a": 1}) })
	x.refused(t, office.CodeInvalid, func(tx office.Tx) error { return tx.Patch("ex.nothing", "pat-1", office.Fields{"a": 1}) })
}

func (x *exercise) delete(t *testing.T) {
	x.do(t, func(tx office.Tx) error {
		return errors.Join(tx.Insert("ex.card", "del-1", "", body{"grp": "del"}), tx.Insert("ex.card", "del-2", "", body{"grp": "del"}))
	})
	x.do(t, func(tx office.Tx) error {
		if err := tx.Delete("ex.card", "del-1"); err != nil {
			return err
		}
		x.wantGone(t, tx, "ex.card", "del-1")
		if got := x.list(t, tx, "del", office.Query{}); got != "2" {
			t.Errorf("list %q", got)
		}
		return nil
	})
	x.do(t, func(tx office.Tx) error {
		x.wantGone(t, tx, "ex.card", "del-1")
		if err := tx.Delete("ex.card", "del-2"); err != nil {
			return err
		}
		return tx.Insert("ex.card", "del-2", "", body{"again": true})
	})
	x.do(t, func(tx office.Tx) error { want(t, tx, "ex.card", "del-2", `{"again":true}`); return nil })
	x.refused(t, x.missing(), func(tx office.Tx) error { return tx.Delete("ex.card", "del-none") })
	x.refused(t, office.CodeInvalid, func(tx office.Tx) error { return tx.Delete("ex.nothing", "del-2") })
}

func (x *exercise) children(t *testing.T) {
	x.do(t, func(tx office.Tx) error {
		return errors.Join(
			tx.Insert("ex.card", "par-1", "", body{}), tx.Insert("ex.card", "par-2", "", body{}),
			tx.Insert("ex.line", "l1", "par-1", body{"no": 2}), tx.Insert("ex.line", "l2", "par-1", body{"no": 1}), tx.Insert("ex.line", "l3", "par-2", body{"no": 0}),
			tx.Insert("ex.mark", "m1", "par-1", body{}),
			tx.Insert("ex.other", "par-1", "", body{}),
		)
	})
	of := func(tx office.Tx, root string) string {
		rs, err := tx.List(office.Query{Kind: "ex.line", View: "of", Where: []office.Cond{office.Where("root", root)}})
		if err != nil {
			t.Fatal(err)
		}
		return ids(rs, "")
	}
	x.do(t, func(tx office.Tx) error {
		if r := want(t, tx, "ex.line", "l1", `{"no":2}`); r.Root != "par-1" {
			t.Errorf("root %q", r.Root)
		}
		if got := of(tx, "par-1"); got != "l2 l1" {
			t.Errorf("children %q", got)
		}
		return nil
	})
	x.do(t, func(tx office.Tx) error { // a root takes along the children of this transaction too
		if err := errors.Join(tx.Insert("ex.line", "l4", "par-1", body{}), tx.Patch("ex.line", "l1", office.Fields{"no": 9}), tx.Delete("ex.card", "par-1")); err != nil {
			return err
		}
		for _, k := range [][2]string{{"ex.card", "par-1"}, {"ex.line", "l1"}, {"ex.line", "l2"}, {"ex.line", "l4"}, {"ex.mark", "m1"}} {
			x.wantGone(t, tx, k[0], k[1])
		}
		if got := of(tx, "par-1"); got != "" {
			t.Errorf("children of a deleted root: %q", got)
		}
		return nil
	})
	x.do(t, func(tx office.Tx) error {
		for _, k := range [][2]string{{"ex.card", "par-1"}, {"ex.line", "l1"}, {"ex.line", "l2"}, {"ex.line", "l4"}, {"ex.mark", "m1"}} {
			x.wantGone(t, tx, k[0], k[1])
		}
		want(t, tx, "ex.line", "l3", `{"no":0}`) // another root's
		want(t, tx, "ex.other", "par-1", `{}`)   // another kind with the same id
		return tx.Delete("ex.line", "l3")        // a child goes alone
	})
	x.do(t, func(tx office.Tx) error {
		x.wantGone(t, tx, "ex.line", "l3")
		want(t, tx, "ex.card", "par-2", `{}`)
		return nil
	})
}

func (x *exercise) ownWrites(t *testing.T) {
	x.do(t, func(tx office.Tx) error { return tx.Insert("ex.card", "own-a", "", body{"grp": "own", "title": "a"}) })
	x.do(t, func(tx office.Tx) error {
		if err := tx.Insert("ex.card", "own-b", "", body{"grp": "own", "title": "b"}); err != nil {
			return err
		}
		want(t, tx, "ex.card", "own-b", `{"grp":"own","title":"b"}`)
		if got := x.list(t, tx, "own", office.Query{}); got != "a b" {
			t.Errorf("after insert: %q", got)
		}
		if err := errors.Join(tx.Patch("ex.card", "own-a", office.Fields{"title": "z"}), tx.Patch("ex.card", "own-b", office.Fields{"title": "y"})); err != nil {
			return err
		}
		if got := x.list(t, tx, "own", office.Query{}); got != "b a" {
			t.Errorf("after patch: %q", got)
		}
		if err := tx.Patch("ex.card", "own-b", office.Fields{"title": "zz"}); err != nil { // written after it was listed
			return err
		}
		if got := x.list(t, tx, "own", office.Query{Desc: true}); got != "b a" {
			t.Errorf("after second patch: %q", got)
		}
		if err := tx.Delete("ex.card", "own-a"); err != nil {
			return err
		}
		if got := x.list(t, tx, "own", office.Query{}); got != "b" {
			t.Errorf("after delete: %q", got)
		}
		return nil
	})
	x.do(t, func(tx office.Tx) error {
		want(t, tx, "ex.card", "own-b", `{"grp":"own","title":"zz"}`)
		return nil
	})
}

func (x *exercise) rollback(t *testing.T) {
	x.do(t, func(tx office.Tx) error {
		return errors.Join(tx.Insert("ex.card", "rol-1", "", body{"grp": "rol", "title": "a"}), tx.Insert("ex.line", "rol-l", "rol-1", body{}))
	})
	for _, listed := range []bool{false, true} { // a list may have brought writes to the tables already
		boom := office.Errorf(office.CodeState, "boom")
		out, err := x.Begin(func(tx office.Tx) error {
			if err := errors.Join(tx.Insert("ex.card", "rol-2", "", body{"grp": "rol"}), tx.Patch("ex.card", "rol-1", office.Fields{"title": "b"})); err != nil {
				return err
			}
			if listed {
				if got := x.list(t, tx, "rol", office.Query{}); got != "2 1" {
					t.Errorf("list %q", got)
				}
			}
			tx.Note(office.NoteMerged)
			tx.Emit(office.Job{Kind: ExerciseJob, Args: body{}})
			if err := tx.Delete("ex.card", "rol-1"); err != nil {
				return err
			}
			return boom
		})
		if !errors.Is(err, boom) || len(out.Jobs) != 0 || out.Wrote {
			t.Errorf("outcome %+v, %v", out, err)
		}
		x.do(t, func(tx office.Tx) error {
			want(t, tx, "ex.card", "rol-1", `{"grp":"rol","title":"a"}`)
			want(t, tx, "ex.line", "rol-l", `{}`)
			x.wantGone(t, tx, "ex.card", "rol-2")
			if got := x.list(t, tx, "rol", office.Query{}); got != "1" {
				t.Errorf("list after rollback: %q", got)
			}
			return nil
		})
	}
}

// swallowed: a refused write may be passed over; what was written before and
// after stays.
func (x *exercise) swallowed(t *testing.T) {
	x.do(t, func(tx office.Tx) error {
		if err := tx.Insert("ex.card", "swa-1", "", body{"n": 1}); err != nil {
			return err
		}
		for _, err := range []error{
			tx.Insert("ex.card", "swa-1", "", body{}), tx.Patch("ex.card", "swa-none", nil), tx.Delete("ex.card", "swa-none"),
			tx.Patch("ex.card", "swa-1", office.Fields{"n": func() {}}), tx.Patch("ex.card", "swa-1", office.Fields{"n": 2, "bad": "\x00"}),
		} {
			if err == nil {
				t.Error("a bad write was accepted")
			}
		}
		if _, err := tx.List(office.Query{Kind: "ex.card", View: "none"}); err == nil {
			t.Error("a bad list was accepted")
		}
		return tx.Insert("ex.card", "swa-2", "", body{})
	})
	x.do(t, func(tx office.Tx) error {
		want(t, tx, "ex.card", "swa-1", `{"n":1}`)
		want(t, tx, "ex.card", "swa-2", `{}`)
		return nil
	})
}

func (x *exercise) notes(t *testing.T) {
	for _, c := range []struct{ give, want []office.Code }{
		{nil, []office.Code{""}},
		{[]office.Code{office.NoteMerged}, []office.Code{office.NoteMerged}},
		{[]office.Code{office.NoteMerged, office.NoteRebased}, []office.Code{office.NoteRebased}},
		{[]office.Code{office.NoteConflict, office.NoteMerged}, []office.Code{office.NoteConflict}},
		{[]office.Code{office.NoteMerged, office.NoteConflict}, []office.Code{office.NoteConflict}},
	} {
		out := x.do(t, func(tx office.Tx) error {
			for _, n := range c.give {
				tx.Note(n)
			}
			return nil
		})
		if out.Note != c.want[0] || out.Wrote {
			t.Errorf("notes %v: %+v", c.give, out)
		}
	}
}

func (x *exercise) jobs(t *testing.T) {
	out := x.do(t, func(tx office.Tx) error {
		tx.Emit(office.Job{Kind: ExerciseJob, Args: body{"a": 1}})
		tx.Emit(office.Job{Kind: ExerciseJob, Args: body{"a": 2}})
		return nil
	})
	if !x.Desk && len(out.Jobs) != 2 {
		t.Errorf("%d jobs", len(out.Jobs))
	}
	if out.Wrote {
		t.Error("a job counts as a write")
	}
}

// aliasing: what a command does to a value after giving or getting it changes
// nothing.
func (x *exercise) aliasing(t *testing.T) {
	x.do(t, func(tx office.Tx) error {
		list := []string{"a"}
		raw := json.RawMessage(`"b"`)
		if err := tx.Insert("ex.card", "ali-1", "", body{"l": list, "r": raw}); err != nil {
			return err
		}
		list[0] = "changed"
		raw[1] = 'X'
		r := want(t, tx, "ex.card", "ali-1", `{"l":["a"],"r":"b"}`)
		for i := range r.Body {
			r.Body[i] = '!'
		}
		want(t, tx, "ex.card", "ali-1", `{"l":["a"],"r":"b"}`)
		set := office.Fields{"r": json.RawMessage(`"c"`)}
		if err := tx.Patch("ex.card", "ali-1", set); err != nil {
			return err
		}
		set["r"] = 7
		return nil
	})
	x.do(t, func(tx office.Tx) error {
		want(t, tx, "ex.card", "ali-1", `{"l":["a"],"r":"c"}`)
		rs, err := tx.List(office.Query{Kind: "ex.card", View: "bare", Limit: 1})
		if err != nil || len(rs) != 1 {
			t.Fatal(rs, err)
		}
		before := slices.Clone(rs[0].Body)
		clear(rs[0].Body)
		want(t, tx, rs[0].Kind, rs[0].ID, string(before))
		return nil
	})
}
