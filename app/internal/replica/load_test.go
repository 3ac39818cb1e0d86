package replica

import (
	"context"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"qianshao/syncserver/office"
)

var org2 = ChanLane{office.Org, office.LaneBodies}

func stage(t *testing.T, r *Replica, p Page) {
	t.Helper()
	r.Prepare(&p)
	if _, err := r.Update(context.Background(), func(tx *Tx) error { return tx.Stage(p) }); err != nil {
		t.Fatal(err)
	}
}

func patch(ord int64, id string, set office.Fields) Command {
	return Command{Ord: ord, Mid: fmt.Sprint("m", ord), Run: func(tx office.Tx) error { return tx.Patch("t.card", id, set) }}
}

// give runs a command over what is there, as Do does.
func give(t *testing.T, r *Replica, c Command) Outcome {
	t.Helper()
	var o Outcome
	_, err := r.Update(context.Background(), func(tx *Tx) (err error) {
		if o, err = tx.Try(c); err == nil {
			err = tx.Keep(c.Ord, c.Mid, o)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// schema is what the file has of tables and indexes.
func schema(t *testing.T, r *Replica) []string {
	t.Helper()
	rows, err := r.r.Query("SELECT type || ' ' || name || ' on ' || tbl_name FROM sqlite_master WHERE name NOT LIKE 'goose%' AND name NOT LIKE 'sqlite_%' ORDER BY 1")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			t.Fatal(err)
		}
		out = append(out, s)
	}
	return out
}

// The pages of a first load lie in tables of their own, survive the end of the
// program, and show at the checkpoint as if they had come at once: records that
// left on the way, channels that began anew, and commands given meanwhile.
func TestAFirstLoadInTablesOfItsOwn(t *testing.T) {
	firstLoad(t, Defects{NoCopy: true})
}

// A small first load is staged as any other pull is.
func TestASmallFirstLoad(t *testing.T) { firstLoad(t, Defects{}) }

// A load that turns out to be large moves into tables of its own on its way, with
// what left and what began anew before that.
func TestALoadThatGrows(t *testing.T) {
	ctx := context.Background()
	pr := profile(t)
	var r *Replica
	again := func() {
		if r != nil {
			if err := r.Close(); err != nil {
				t.Fatal(err)
			}
		}
		var err error
		if r, err = Open(ctx, pr, testKinds(), Defects{}); err != nil {
			t.Fatal(err)
		}
	}
	again()
	lin := ChanLane{"u:lin", office.LaneHeaders}
	var cards []office.Record
	for i := range indexAtOnce + 100 {
		cards = append(cards, card(fmt.Sprintf("c%04d", i), 1, obj{"title": fmt.Sprint("题", i), "grp": "g"}))
	}
	name := office.Record{Kind: "t.person", ID: "p", Root: "p", Ver: 1, Body: body(obj{"name": "林"})}
	stage(t, r, puts(lin, 1, cards[0]))
	anew := puts(lin, 2, cards[1])
	anew.Reset = []ChanLane{lin}
	stage(t, r, anew)
	stage(t, r, puts(org1, 1, append(cards[2:300:300], name)...))
	again()
	stage(t, r, rems(org1, 2, cards[2]))
	if p := position(t, r); p.loading() {
		t.Fatal("a few hundred records are in tables of their own")
	}
	stage(t, r, puts(org1, 3, cards[300:]...))
	if p := position(t, r); !p.loading() {
		t.Fatal("more of them are not")
	}
	again()
	if n, err := r.Staged(ctx); err != nil || n != len(cards)+1 {
		t.Errorf("%d staged, %v", n, err)
	}
	out := take(t, r, Rebase{Pull: &Checkpoint{Dev: "d", Sums: []Sum{sumOf(lin, cards[1]), sumOf(org1, append(slices.Clone(cards[3:]), name)...)}}}, puts(org1, 4))
	if len(out.Repairs)+len(out.Wrong) > 0 || !slices.Contains(out.Gone, key(cards[0])) || !slices.Contains(out.Gone, key(cards[2])) || len(out.Gone) != 2 {
		t.Errorf("%+v", out)
	}
	for _, c := range cards {
		want := string(c.Body)
		if c.ID == cards[0].ID || c.ID == cards[2].ID {
			want = ""
		}
		if is := got(t, r, c.Kind, c.ID); is != want {
			t.Fatalf("%s is %q, should be %q", c.ID, is, want)
		}
	}
	if got(t, r, "t.person", "p") == "" {
		t.Error("the record of another kind did not come")
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
}

func firstLoad(t *testing.T, way Defects) {
	ctx := context.Background()
	pr := profile(t)
	again := func(r *Replica) *Replica {
		if r != nil {
			if err := r.Close(); err != nil {
				t.Fatal(err)
			}
		}
		r, err := Open(ctx, pr, testKinds(), way)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	r := again(nil)
	made := Command{Ord: 1, Mid: "m1", Run: func(tx office.Tx) error { return tx.Insert("t.card", "mine", "", obj{"title": "我的"}) }}
	give(t, r, made)
	cards := map[string]office.Record{}
	for _, id := range []string{"a", "b", "c", "d", "e"} {
		cards[id] = card(id, 1, obj{"title": "题" + id, "grp": "g"})
	}
	lin := ChanLane{"u:lin", office.LaneHeaders}
	stage(t, r, puts(org1, 2, cards["a"], cards["b"]))
	r = again(r)
	stage(t, r, puts(lin, 2, cards["b"], cards["c"]))
	late := patch(2, "c", office.Fields{"n": 7})
	if o := give(t, r, late); o.Foresight != Elsewhere {
		t.Errorf("a record of a load that is not over is %q for a command", o.Foresight)
	}
	if got(t, r, "t.card", "a") != "" || got(t, r, "t.card", "mine") == "" {
		t.Error("the load shows, or hides what was made here")
	}
	large := position(t, r).loading()
	if large != way.NoCopy {
		t.Errorf("in tables of its own: %v", large)
	}
	staged := 3
	if large {
		staged = 4 // b is counted each time it comes
	}
	if n, err := r.Staged(ctx); err != nil || n != staged {
		t.Errorf("%d staged, %v", n, err)
	}
	again1 := puts(org1, 9, cards["d"]) // org begins anew: a is no longer in it
	again1.Reset = []ChanLane{org1}
	stage(t, r, again1)
	changed := card("b", 2, obj{"title": "题b改", "grp": "g"})
	r = again(r)
	out := take(t, r, Rebase{Waiting: []Command{made, late}, Ord: 2, Pull: &Checkpoint{Dev: "d", Sums: []Sum{sumOf(org1, cards["d"], cards["e"]), sumOf(lin, changed)}}},
		rems(lin, 3, cards["c"]), puts(lin, 4, changed), puts(org1, 10, cards["e"]))
	if len(out.Repairs) > 0 || large && !out.Full {
		t.Errorf("%+v", out)
	}
	for id, want := range map[string]string{"a": "", "b": string(changed.Body), "c": "", "d": string(cards["d"].Body), "e": string(cards["e"].Body), "mine": `{"title":"我的"}`} {
		if is := got(t, r, "t.card", id); is != want {
			t.Errorf("%s is %q, should be %q", id, is, want)
		}
	}
	if large && !out.Erased || large && !slices.Contains(out.Gone, Key{"t.card", "c"}) {
		t.Errorf("what left on the way: %+v", out.Gone)
	}
	fresh, err := Open(ctx, profile(t), testKinds(), Defects{})
	if err != nil {
		t.Fatal(err)
	}
	defer fresh.Close()
	if is, want := schema(t, r), schema(t, fresh); !reflect.DeepEqual(is, want) {
		t.Errorf("tables and indexes\n%s\nshould be\n%s", strings.Join(is, "\n"), strings.Join(want, "\n"))
	}
	// The bodies come the same way, beside headers that change meanwhile.
	part := office.Record{Kind: "t.part", ID: "p", Root: "d", Ver: 1, Body: body(obj{"n": 3})}
	stage(t, r, puts(org2, 1, part))
	r = again(r)
	defer func() { r.Close() }()
	changed2 := card("d", 2, obj{"title": "又改"})
	take(t, r, Rebase{Waiting: []Command{made, late}, Ord: 2, Pull: &Checkpoint{Dev: "d", Sums: []Sum{sumOf(org1, changed2, cards["e"]), sumOf(org2, part)}}}, puts(org1, 11, changed2))
	if got(t, r, "t.part", "p") == "" || got(t, r, "t.card", "d") != string(changed2.Body) {
		t.Error("the second half of the load is wrong")
	}
	if m, err := r.Meta(ctx); err != nil || m.Repairs != 0 || m.Loaded != LoadAll {
		t.Errorf("%+v %v", m, err)
	}
	if is, want := schema(t, r), schema(t, fresh); !reflect.DeepEqual(is, want) {
		t.Errorf("tables and indexes after all: %v", is)
	}
}

// A program whose kinds are declared otherwise begins an unfinished load anew,
// and so does one that knows a kind which came as an unknown one.
func TestALoadOfOtherDeclarations(t *testing.T) {
	ctx := context.Background()
	fields := testKinds()
	fields.Get("t.card").Fields = fields.Get("t.card").Fields[:3]
	org := func(office.Record) ([]office.Channel, error) { return nil, nil }
	more := testKinds(&office.Kind{Name: "t.more", Lane: office.LaneHeaders, Residence: office.ResidentAlways, Audience: org})
	for _, c := range []struct {
		name  string
		kinds *office.Kinds
		rec   office.Record
		anew  bool
	}{
		{"the same", testKinds(), card("a", 1, obj{"title": "甲"}), false},
		{"another field", fields, card("a", 1, obj{"title": "甲"}), true},
		{"another kind", more, card("a", 1, obj{"title": "甲"}), false},
		{"a kind that came already", more, office.Record{Kind: "t.more", ID: "m", Root: "m", Ver: 1, Body: body(obj{})}, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			pr := profile(t)
			r, err := Open(ctx, pr, testKinds(), Defects{NoCopy: true})
			if err != nil {
				t.Fatal(err)
			}
			stage(t, r, puts(org1, 1, c.rec))
			if err := r.Close(); err != nil {
				t.Fatal(err)
			}
			if r, err = Open(ctx, pr, c.kinds, Defects{NoCopy: true}); err != nil {
				t.Fatal(err)
			}
			defer r.Close()
			if p := position(t, r); p.Staged == c.anew {
				t.Errorf("%+v", p)
			}
			take(t, r, Rebase{}, puts(org1, 1, c.rec))
			if got(t, r, c.rec.Kind, c.rec.ID) == "" {
				t.Error("it did not come")
			}
		})
	}
}

// The sums that are brought along are those that counting everything gives.
func TestSumsAreBroughtAlong(t *testing.T) {
	ctx := context.Background()
	for seed := range uint64(20) {
		rng := rand.New(rand.NewPCG(seed, 1))
		r := open(t, testKinds(), Defects{})
		chans := []ChanLane{org1, {"u:lin", office.LaneHeaders}, {"unit:x", office.LaneHeaders}}
		truth := map[ChanLane]map[string]office.Record{}
		for _, c := range chans {
			truth[c] = map[string]office.Record{}
		}
		bodies := map[string]office.Record{}
		var wait []Command
		counted := 0
		for step := range 30 {
			var pages []Page
			for range 1 + rng.IntN(3) {
				c := chans[rng.IntN(len(chans))]
				id := fmt.Sprint("c", rng.IntN(8))
				switch _, in := truth[c][id]; {
				case rng.IntN(10) == 0:
					p := puts(c, int64(step+1))
					p.Reset = []ChanLane{c}
					clear(truth[c])
					pages = append(pages, p)
				case in && rng.IntN(3) == 0:
					pages = append(pages, rems(c, int64(step+1), truth[c][id]))
					delete(truth[c], id)
				default: // a change shows in every channel that has the record
					x := card(id, int64(step), obj{"title": fmt.Sprint(step, rng.IntN(3))})
					bodies[id] = x
					pages = append(pages, puts(c, int64(step+1), x))
					truth[c][id] = x
					for _, o := range chans {
						if _, ok := truth[o][id]; ok {
							truth[o][id] = x
						}
					}
				}
			}
			if len(wait) < 6 && rng.IntN(3) == 0 {
				wait = append(wait, patch(int64(len(wait)+1), fmt.Sprint("c", rng.IntN(8)), office.Fields{"n": step}))
			}
			var sums []Sum
			for _, c := range chans {
				var rs []office.Record
				for _, x := range truth[c] {
					rs = append(rs, x)
				}
				sums = append(sums, sumOf(c, rs...))
			}
			if out := take(t, r, Rebase{Waiting: wait, Pull: &Checkpoint{Dev: "d", Sums: sums}}, pages...); len(out.Repairs)+len(out.Wrong) > 0 {
				t.Fatalf("seed %d step %d: %+v", seed, step, out)
			}
			for c, is := range r.counted {
				err := r.View(ctx, func(tx *Tx) error {
					want, err := tx.sum(c, nil)
					if err == nil && is != want {
						t.Errorf("seed %d step %d: %v is %+v, should be %+v", seed, step, c, is, want)
					}
					counted++
					return err
				})
				if err != nil {
					t.Fatal(err)
				}
			}
		}
		if counted < 60 {
			t.Errorf("seed %d: only %d sums were brought along", seed, counted)
		}
	}
}
