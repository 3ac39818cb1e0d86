package replica

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"

	"qianshao/syncserver/office"
)

// Kinds of the tests' own.
func testKinds(extra ...*office.Kind) *office.Kinds {
	org := func(office.Record) ([]office.Channel, error) { return []office.Channel{office.Org}, nil }
	ks, err := office.NewKinds(append([]*office.Kind{
		{
			Name: "t.card", Lane: office.LaneHeaders, Residence: office.ResidentAlways,
			Fields: []office.Field{{Name: "title", Type: office.Text}, {Name: "grp", Type: office.Text}, {Name: "n", Type: office.Int}, {Name: "w", Type: office.Real}},
			Views:  []office.View{{Name: "grp", By: []string{"grp"}, Filters: []string{"n", "w"}, Orders: []string{"title"}}},
			Search: []string{"title", "tags"}, Title: "title", Audience: org,
		},
		{
			Name: "t.person", Lane: office.LaneHeaders, Residence: office.ResidentAlways,
			Fields: []office.Field{{Name: "name", Type: office.Text}, {Name: "pinyin", Type: office.Text}, {Name: "initials", Type: office.Text}},
			Search: []string{"name"}, Title: "name", Audience: org,
		},
		{
			Name: "t.part", Parent: "t.card", Lane: office.LaneBodies, Residence: office.ResidentAlways,
			Fields: []office.Field{{Name: "n", Type: office.Int}},
			Views:  []office.View{{Name: "of", By: []string{"root"}, Orders: []string{"n"}}},
			SearchText: func(r office.Record) string {
				var v struct{ Blocks []struct{ Text string } }
				if r.Decode(&v) != nil || len(v.Blocks) == 0 {
					return ""
				}
				return v.Blocks[0].Text
			},
		},
	}, extra...)...)
	if err != nil {
		panic(err)
	}
	return ks
}

func body(v any) json.RawMessage {
	b, err := office.Canonical(v)
	if err != nil {
		panic(err)
	}
	return b
}

type obj = map[string]any

func card(id string, ver int64, v obj) office.Record {
	return office.Record{Kind: "t.card", ID: id, Root: id, Ver: ver, Body: body(v)}
}

func key(r office.Record) Key { return Key{r.Kind, r.ID} }

var org1 = ChanLane{office.Org, office.LaneHeaders}

// puts is a page that puts records into a channel.
func puts(c ChanLane, pos int64, rs ...office.Record) Page {
	p := Page{Rows: rs, Cursors: []Cursor{{ChanLane: c, Pos: pos, Head: pos, Hash: fmt.Sprint("h", pos)}}}
	for _, r := range rs {
		p.Ops = append(p.Ops, Op{ChanLane: c, Key: key(r)})
	}
	return p
}

func rems(c ChanLane, pos int64, rs ...office.Record) Page {
	p := puts(c, pos, rs...)
	p.Rows = nil
	for i := range p.Ops {
		p.Ops[i].Rem = true
	}
	return p
}

func sumOf(c ChanLane, rs ...office.Record) Sum {
	s := Sum{ChanLane: c, N: int64(len(rs))}
	for _, r := range rs {
		s.Sum += r.Sum()
	}
	return s
}

// take applies pages at a checkpoint.
func take(t testing.TB, r *Replica, in Rebase, pages ...Page) Rebased {
	t.Helper()
	var out Rebased
	if in.Pull == nil {
		in.Pull = &Checkpoint{Dev: "d"}
	}
	_, err := r.Update(context.Background(), func(tx *Tx) (err error) {
		for _, p := range pages {
			if err := tx.Stage(p); err != nil {
				return err
			}
		}
		out, err = tx.Rebase(in)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func got(t testing.TB, r *Replica, kind, id string) string {
	t.Helper()
	rec, ok, err := r.Get(context.Background(), kind, id)
	if err != nil {
		t.Fatal(err)
	}
	if !ok {
		return ""
	}
	return string(rec.Body)
}

// exec meddles with the file behind the replica's back.
func exec(t testing.TB, r *Replica, query string, args ...any) {
	t.Helper()
	res, err := r.w.Exec(query, args...)
	if err != nil {
		t.Fatal(err)
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		t.Fatalf("%s: %d rows, %v", query, n, err)
	}
}
