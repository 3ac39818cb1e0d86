package officetest

import (
	"fmt"
	"strings"
	"testing"

	"qianshao/syncserver/office"
)

// deck inserts cards of a group: title, due, rank and weight by position.
func (x *exercise) deck(t *testing.T, grp string, cards ...body) {
	t.Helper()
	x.do(t, func(tx office.Tx) error {
		for i, c := range cards {
			c["grp"] = grp
			if err := tx.Insert("ex.card", fmt.Sprintf("%s-%d", grp, i), "", c); err != nil {
				return err
			}
		}
		return nil
	})
}

func (x *exercise) conditions(t *testing.T) {
	x.deck(t, "con",
		body{"title": "a", "due": 10, "rank": 1, "weight": 0.5, "tags": []string{"li", "chu"}},
		body{"title": "b", "due": 20, "rank": -2, "weight": 1.5, "tags": []string{"l", "%_"}},
		body{"title": "c", "due": 30, "rank": true, "weight": -1, "tags": "li"},
		body{"title": "d"},
	)
	for _, c := range []struct {
		where []office.Cond
		want  string
	}{
		{nil, "0 1 2 3"},
		{[]office.Cond{{Field: "title", Op: office.Eq, Value: "b"}}, "1"},
		{[]office.Cond{{Field: "title", Op: office.Lt, Value: "b"}}, "0"},
		{[]office.Cond{{Field: "title", Op: office.Le, Value: "b"}}, "0 1"},
		{[]office.Cond{{Field: "title", Op: office.Gt, Value: "b"}}, "2 3"},
		{[]office.Cond{{Field: "title", Op: office.Ge, Value: "b"}}, "1 2 3"},
		{[]office.Cond{{Field: "title", Op: office.In, Value: []string{"a", "d", "x"}}}, "0 3"},
		{[]office.Cond{{Field: "title", Op: office.In, Value: []any{office.UserID("a")}}}, "0"},
		{[]office.Cond{{Field: "due", Op: office.Eq, Value: 20}}, "1"},
		{[]office.Cond{{Field: "due", Op: office.Lt, Value: int64(20)}}, "0 3"},
		{[]office.Cond{{Field: "due", Op: office.Le, Value: 20.0}}, "0 1 3"},
		{[]office.Cond{{Field: "due", Op: office.Gt, Value: "10"}, {Field: "due", Op: office.Lt, Value: 30}}, "1"},
		{[]office.Cond{{Field: "due", Op: office.Ge, Value: 20}}, "1 2"},
		{[]office.Cond{{Field: "due", Op: office.In, Value: []any{10, 30}}}, "0 2"},
		{[]office.Cond{{Field: "rank", Op: office.Eq, Value: true}}, "0 2"},
		{[]office.Cond{{Field: "rank", Op: office.Lt, Value: 0}}, "1"},
		{[]office.Cond{{Field: "rank", Op: office.In, Value: []any{-2, false}}}, "1 3"},
		{[]office.Cond{{Field: "weight", Op: office.Eq, Value: 0.5}}, "0"},
		{[]office.Cond{{Field: "weight", Op: office.Eq, Value: 0}}, "3"},
		{[]office.Cond{{Field: "weight", Op: office.Gt, Value: -1}}, "0 1 3"},
		{[]office.Cond{{Field: "weight", Op: office.Le, Value: 0}}, "2 3"},
		{[]office.Cond{{Field: "weight", Op: office.In, Value: []any{1.5, -1}}}, "1 2"},
		{[]office.Cond{{Field: "due", Op: office.Ge, Value: 10}, {Field: "rank", Op: office.Eq, Value: 1}, {Field: "title", Op: office.Gt, Value: "a"}}, "2"},
		{[]office.Cond{{Field: "title", Op: office.Eq, Value: "a' OR '1'='1"}}, ""},
		{[]office.Cond{{Field: "tags", Op: office.Has, Value: []string{"li"}}}, "0"},
		{[]office.Cond{{Field: "tags", Op: office.Has, Value: []any{"chu", "l"}}}, "0 1"},
		{[]office.Cond{{Field: "tags", Op: office.Has, Value: []any{office.UserID("Li")}}}, ""},
		{[]office.Cond{{Field: "tags", Op: office.Has, Value: []string{"%_"}}}, "1"},
		{[]office.Cond{{Field: "tags", Op: office.Has, Value: []string{"%"}}, {Field: "title", Op: office.Ge, Value: "a"}}, ""},
		{[]office.Cond{{Field: "tags", Op: office.Has, Value: []string{"li\x1f\x1fchu"}}}, ""},
		{[]office.Cond{{Field: "tags", Op: office.Has, Value: []string{"li", "l"}}, {Field: "rank", Op: office.Lt, Value: 0}}, "1"},
	} {
		x.do(t, func(tx office.Tx) error {
			if got := x.list(t, tx, "con", office.Query{Where: c.where}); got != c.want {
				t.Errorf("%+v: %q, want %q", c.where, got, c.want)
			}
			return nil
		})
	}
}

// wrongTypes: a declared field of another JSON type counts as missing.
func (x *exercise) wrongTypes(t *testing.T) {
	x.deck(t, "wro",
		body{"title": 5, "due": "soon", "rank": []int{1}, "weight": "heavy"},
		body{"title": nil, "due": nil, "rank": nil, "weight": nil},
		body{"title": body{}, "due": 1.5, "rank": false, "weight": true},
	)
	x.do(t, func(tx office.Tx) error {
		for _, w := range []office.Cond{office.Where("title", ""), office.Where("due", 0), office.Where("rank", 0), office.Where("weight", 0)} {
			if got := x.list(t, tx, "wro", office.Query{Where: []office.Cond{w}}); got != "0 1 2" {
				t.Errorf("%s: %q", w.Field, got)
			}
		}
		return nil
	})
}

func (x *exercise) orders(t *testing.T) {
	x.deck(t, "ord",
		body{"title": "b", "due": 3, "rank": 1, "weight": 0.25},
		body{"title": "a", "due": 1, "rank": 1, "weight": -7},
		body{"title": "c", "due": 2, "rank": 0, "weight": 10},
		body{"title": "b", "due": 2, "rank": -5, "weight": 9},
	)
	for order, want := range map[string]string{"": "1 0 3 2", "title": "1 0 3 2", "due": "1 2 3 0", "rank": "3 2 0 1", "weight": "1 0 3 2", "root": "0 1 2 3"} {
		x.do(t, func(tx office.Tx) error {
			if got := x.list(t, tx, "ord", office.Query{Order: order}); got != want {
				t.Errorf("by %q: %q, want %q", order, got, want)
			}
			back := strings.Fields(want)
			for i, j := 0, len(back)-1; i < j; i, j = i+1, j-1 {
				back[i], back[j] = back[j], back[i]
			}
			if got := x.list(t, tx, "ord", office.Query{Order: order, Desc: true}); got != strings.Join(back, " ") {
				t.Errorf("back by %q: %q, want %q", order, got, back)
			}
			if got := x.list(t, tx, "ord", office.Query{Order: order, Desc: true, Skip: 2, Limit: 1}); got != back[2] {
				t.Errorf("the third by %q: %q, want %q", order, got, back[2])
			}
			return nil
		})
	}
}

// pages: walking a list by keyset meets every record once, whatever the order,
// equal values and writes behind the walker included.
func (x *exercise) pages(t *testing.T) {
	var cards []body
	for i := range 23 {
		cards = append(cards, body{"title": string(rune('a' + i%4)), "due": i % 3, "rank": i % 2, "weight": float64(i%5) / 3})
	}
	x.deck(t, "pag", cards...)
	for _, order := range []string{"title", "due", "rank", "weight", "root"} {
		for _, desc := range []bool{false, true} {
			for _, size := range []int{1, 4, 23, 50} {
				x.do(t, func(tx office.Tx) error {
					all := x.list(t, tx, "pag", office.Query{Order: order, Desc: desc})
					q := office.Query{Kind: "ex.card", View: "all", Where: []office.Cond{office.Where("grp", "pag")}, Order: order, Desc: desc, Limit: size}
					var got []office.Record
					for range 30 {
						rs, err := tx.List(q)
						if err != nil {
							t.Fatal(err)
						}
						if len(rs) == 0 {
							break
						}
						got = append(got, rs...)
						if q.After, err = x.ks.KeyOf(q, rs[len(rs)-1]); err != nil {
							t.Fatal(err)
						}
					}
					if ids(got, "pag-") != all || len(got) != 23 {
						t.Errorf("by %s desc %v, pages of %d: %q, want %q", order, desc, size, ids(got, "pag-"), all)
					}
					return nil
				})
			}
		}
	}
}

func (x *exercise) badQueries(t *testing.T) {
	grp := office.Where("grp", "bad")
	for name, q := range map[string]office.Query{
		"unknown kind":       {Kind: "ex.nothing", View: "all"},
		"unknown view":       {Kind: "ex.card", View: "none"},
		"no view":            {Kind: "ex.card"},
		"without its By":     {Kind: "ex.card", View: "all"},
		"By not by equality": {Kind: "ex.card", View: "all", Where: []office.Cond{{Field: "grp", Op: office.Ge, Value: "a"}}},
		"undeclared filter":  {Kind: "ex.card", View: "bare", Where: []office.Cond{office.Where("title", "a")}},
		"unknown field":      {Kind: "ex.card", View: "all", Where: []office.Cond{grp, office.Where("nothing", "a")}},
		"field as SQL":       {Kind: "ex.card", View: "all", Where: []office.Cond{grp, office.Where("1=1 OR title", "a")}},
		"order as SQL":       {Kind: "ex.card", View: "all", Where: []office.Cond{grp}, Order: "title; DROP TABLE r_ex_card"},
		"undeclared order":   {Kind: "ex.card", View: "bare", Order: "title"},
		"unknown comparison": {Kind: "ex.card", View: "all", Where: []office.Cond{grp, {Field: "title", Op: "LIKE", Value: "a"}}},
		"value of no type":   {Kind: "ex.card", View: "all", Where: []office.Cond{grp, office.Where("rank", "one")}},
		"value of wrong type": {Kind: "ex.card", View: "all",
			Where: []office.Cond{grp, office.Where("title", 5)}},
		"empty list":   {Kind: "ex.card", View: "all", Where: []office.Cond{grp, {Field: "title", Op: office.In, Value: []string{}}}},
		"no list":      {Kind: "ex.card", View: "all", Where: []office.Cond{grp, {Field: "title", Op: office.In, Value: "a"}}},
		"limit":        {Kind: "ex.card", View: "bare", Limit: office.MaxLimit + 1},
		"less than 0":  {Kind: "ex.card", View: "bare", Limit: -1},
		"skip":         {Kind: "ex.card", View: "bare", Skip: -1},
		"bad place":    {Kind: "ex.card", View: "bare", After: "%%%"},
		"place of SQL": {Kind: "ex.card", View: "bare", After: office.Key{Value: "0 OR 1=1", ID: "a"}.Encode()},
	} {
		t.Run(name, func(t *testing.T) {
			x.refused(t, office.CodeInvalid, func(tx office.Tx) error { _, err := tx.List(q); return err })
		})
	}
}

// textOrder: text is ordered by code point, not by any language.
func (x *exercise) textOrder(t *testing.T) {
	sorted := []string{"", " ", "B", "Z", "_", "a", "ab", "b", "é", "“", "一", "丁", "七", "中", "龘", "\ufb01", "ａ", "\U0001f600", "𠮷"}
	for i, s := range sorted {
		x.do(t, func(tx office.Tx) error {
			return tx.Insert("ex.card", fmt.Sprintf("txt-%02d", (i*7)%len(sorted)), "", body{"grp": "txt", "title": s})
		})
	}
	x.do(t, func(tx office.Tx) error {
		rs, err := tx.List(office.Query{Kind: "ex.card", View: "all", Where: []office.Cond{office.Where("grp", "txt")}})
		if err != nil {
			return err
		}
		for i, r := range rs {
			var v struct{ Title string }
			if err := r.Decode(&v); err != nil || v.Title != sorted[i] {
				t.Errorf("place %d: %q, want %q", i, v.Title, sorted[i])
			}
		}
		if len(rs) != len(sorted) {
			t.Errorf("%d of %d", len(rs), len(sorted))
		}
		return nil
	})
}
