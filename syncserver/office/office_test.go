package office_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/officetest"
)

// card is a record with one field of each way to merge.
type card struct {
	Name  string   `json:"name"`
	Phone string   `json:"phone"`
	Star  bool     `json:"star"`
	Tags  []string `json:"tags,omitempty"`
}

func cards() office.Of[card] {
	return office.Of[card]{Kind: &office.Kind{
		Name: "test.card", Residence: office.ResidentAlways, Title: "name",
		Fields: []office.Field{{Name: "name", Type: office.Text}},
		Views:  []office.View{{Name: "all", Orders: []string{"name"}}},
		Merge:  map[string]office.Merge{"star": office.MergeLast, "tags": office.MergeSet},
		Audience: func(office.Record) ([]office.Channel, error) {
			return []office.Channel{office.Org}, nil
		},
	}}
}

func store(t testing.TB, kinds ...*office.Kind) *officetest.Mem {
	t.Helper()
	ks, err := office.NewKinds(append(kinds, office.Conflicts.Kind)...)
	if err != nil {
		t.Fatal(err)
	}
	return officetest.NewMem(ks)
}

func change(field string, old, now any) office.Change {
	enc := func(v any) json.RawMessage {
		if v == nil {
			return nil
		}
		b, _ := json.Marshal(v)
		return b
	}
	return office.Change{Field: field, Old: enc(old), New: enc(now)}
}

func as(who office.UserID, mid string) office.Context {
	now := time.UnixMilli(1_780_000_000_000).UTC()
	return office.Context{Actor: who, Now: now, Claimed: now, Mid: mid}
}

func TestMergeFields(t *testing.T) {
	all := []string{"name", "phone", "star", "tags"}
	tests := []struct {
		name    string
		now     card // what the server has
		changes []office.Change
		want    card
		note    office.Code
		kept    string // my side of the conflict, if one is kept
	}{
		{"unchanged", card{Name: "a", Phone: "1"}, []office.Change{change("phone", "1", "2")}, card{Name: "a", Phone: "2"}, "", ""},
		{"other field changed", card{Name: "b", Phone: "1"}, []office.Change{change("phone", "1", "2")}, card{Name: "b", Phone: "2"}, "", ""},
		{"same field changed", card{Name: "a", Phone: "9"}, []office.Change{change("phone", "1", "2")}, card{Name: "a", Phone: "9"}, office.NoteConflict, `"2"`},
		{"same value from both", card{Name: "a", Phone: "2"}, []office.Change{change("phone", "1", "2")}, card{Name: "a", Phone: "2"}, "", ""},
		{"flag, last writer", card{Name: "a", Star: true}, []office.Change{change("star", false, false)}, card{Name: "a", Star: false}, "", ""},
		{"sets join", card{Name: "a", Tags: []string{"x", "z"}}, []office.Change{change("tags", []string{"x"}, []string{"y"})}, card{Name: "a", Tags: []string{"z", "y"}}, office.NoteMerged, ""},
		{"one field kept, one set", card{Name: "b", Phone: "1"}, []office.Change{change("name", "a", "c"), change("phone", "1", "2")}, card{Name: "b", Phone: "2"}, office.NoteConflict, `"c"`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			ks := cards()
			m := store(t, ks.Kind)
			if _, err := m.Update(func(tx office.Tx) error { return ks.Insert(tx, "c1", tt.now) }); err != nil {
				t.Fatal(err)
			}
			out, err := m.Update(func(tx office.Tx) error {
				_, err := ks.MergeFields(tx, as("li", "m1"), "c1", tt.changes, all...)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			if out.Note != tt.note {
				t.Errorf("note %q, want %q", out.Note, tt.note)
			}
			r, _ := m.Get("test.card", "c1")
			var got card
			if err := r.Decode(&got); err != nil {
				t.Fatal(err)
			}
			g, _ := json.Marshal(got)
			w, _ := json.Marshal(tt.want)
			if !bytes.Equal(g, w) {
				t.Errorf("record %s, want %s", g, w)
			}
			kept := m.All("office.conflict")
			if tt.kept == "" {
				if len(kept) != 0 {
					t.Errorf("a conflict was kept: %s", kept[0].Body)
				}
				return
			}
			if len(kept) != 1 {
				t.Fatalf("%d conflicts kept, want 1", len(kept))
			}
			var c office.Conflict
			if err := kept[0].Decode(&c); err != nil {
				t.Fatal(err)
			}
			if string(c.Mine) != tt.kept || c.State != office.ConflictOpen || c.Actor != "li" {
				t.Errorf("kept %s", kept[0].Body)
			}
		})
	}
}

// A second edit by the same person, made before they know of the conflict,
// updates their side and does not touch the other's.
func TestMergeFieldsLaterEditUpdatesMySide(t *testing.T) {
	ks := cards()
	m := store(t, ks.Kind)
	run := func(f func(tx office.Tx) error) {
		t.Helper()
		if _, err := m.Update(f); err != nil {
			t.Fatal(err)
		}
	}
	run(func(tx office.Tx) error { return ks.Insert(tx, "c1", card{Phone: "theirs"}) })
	for i, ch := range []office.Change{change("phone", "base", "mine"), change("phone", "mine", "mine, later")} {
		run(func(tx office.Tx) error {
			_, err := ks.MergeFields(tx, as("li", string(rune('a'+i))), "c1", []office.Change{ch}, "phone")
			return err
		})
	}
	all := m.All("office.conflict")
	if len(all) != 1 {
		t.Fatalf("%d conflicts, want 1", len(all))
	}
	var c office.Conflict
	if err := all[0].Decode(&c); err != nil {
		t.Fatal(err)
	}
	if string(c.Base) != `"base"` || string(c.Mine) != `"mine, later"` || string(c.Theirs) != `"theirs"` {
		t.Errorf("conflict %s", all[0].Body)
	}

	// Knowing theirs, the person takes their own side: that ends the conflict.
	run(func(tx office.Tx) error {
		_, err := ks.MergeFields(tx, as("li", "z"), "c1", []office.Change{change("phone", "theirs", "mine, later")}, "phone")
		return err
	})
	if err := m.All("office.conflict")[0].Decode(&c); err != nil || c.State != office.ConflictClosed {
		t.Errorf("state %q, %v", c.State, err)
	}
}

func TestMergeFieldsRefusesUndeclaredField(t *testing.T) {
	ks := cards()
	m := store(t, ks.Kind)
	_, err := m.Update(func(tx office.Tx) error {
		if err := ks.Insert(tx, "c1", card{}); err != nil {
			return err
		}
		_, err := ks.MergeFields(tx, as("li", "m"), "c1", []office.Change{change("owner", nil, "me")}, "phone")
		return err
	})
	if office.CodeOf(err) != office.CodeInvalid {
		t.Errorf("got %v", err)
	}
	if _, there := m.Get("test.card", "c1"); there {
		t.Error("a refused run left a record")
	}
}

func TestCloseConflictIsForItsAuthorAlone(t *testing.T) {
	m := store(t)
	if _, err := m.Update(func(tx office.Tx) error {
		return office.KeepConflict(tx, as("li", "m"), "test.card", "c1", "phone", "t", nil, json.RawMessage(`"a"`), json.RawMessage(`"b"`))
	}); err != nil {
		t.Fatal(err)
	}
	id := office.ConflictID("test.card", "c1", "phone", "li")
	if _, err := m.Do(&office.CloseConflict{ID: id}, as("wang", "n")); office.CodeOf(err) != office.CodeNotPermitted {
		t.Errorf("somebody else: %v", err)
	}
	if _, err := m.Do(&office.CloseConflict{ID: id}, as("li", "o")); err != nil {
		t.Fatal(err)
	}
	if out, err := m.Do(&office.CloseConflict{ID: id}, as("li", "p")); err != nil || out.Wrote {
		t.Errorf("a second time: wrote %v, %v", out.Wrote, err)
	}
}

func TestChannelsNarrowNeverWiden(t *testing.T) {
	root := &office.Kind{Name: "test.root", Residence: office.ResidentAlways, Audience: func(office.Record) ([]office.Channel, error) {
		return []office.Channel{"u:b", "u:a", "u:a", "u:"}, nil
	}}
	child := &office.Kind{Name: "test.child", Parent: "test.root", Residence: office.ResidentAlways, Narrow: func(office.Record) ([]office.Channel, error) {
		return []office.Channel{"u:a", "u:z"}, nil
	}}
	ks, err := office.NewKinds(root, child)
	if err != nil {
		t.Fatal(err)
	}
	r := office.Record{Kind: "test.root", ID: "1", Root: "1"}
	got, err := ks.Channels(r, r)
	if err != nil || len(got) != 2 || got[0] != "u:a" || got[1] != "u:b" {
		t.Errorf("root: %v, %v", got, err)
	}
	got, err = ks.Channels(office.Record{Kind: "test.child", ID: "2", Root: "1"}, r)
	if err != nil || len(got) != 1 || got[0] != "u:a" {
		t.Errorf("child: %v, %v", got, err)
	}
	if _, err := ks.Channels(office.Record{Kind: "test.child", ID: "2", Root: "1"}, office.Record{}); err == nil {
		t.Error("a child without its root has channels")
	}
}

func TestNewKindsRefuses(t *testing.T) {
	aud := func(office.Record) ([]office.Channel, error) { return nil, nil }
	ok := func(k office.Kind) *office.Kind {
		if k.Residence == "" {
			k.Residence = office.ResidentAlways
		}
		return &k
	}
	for name, k := range map[string]*office.Kind{
		"name":             ok(office.Kind{Name: "Bad Name", Audience: aud}),
		"no audience":      ok(office.Kind{Name: "a.b"}),
		"child audience":   ok(office.Kind{Name: "a.b", Parent: "office.conflict", Audience: aud}),
		"no such parent":   ok(office.Kind{Name: "a.b", Parent: "a.x"}),
		"reserved field":   ok(office.Kind{Name: "a.b", Audience: aud, Fields: []office.Field{{Name: "body", Type: office.Text}}}),
		"field type":       ok(office.Kind{Name: "a.b", Audience: aud, Fields: []office.Field{{Name: "x", Type: "jsonb"}}}),
		"undeclared order": ok(office.Kind{Name: "a.b", Audience: aud, Views: []office.View{{Name: "v", Orders: []string{"x"}}}}),
		"residence":        {Name: "a.b", Audience: aud, Residence: "sometimes"},
		"twice":            office.Conflicts.Kind,
	} {
		if _, err := office.NewKinds(office.Conflicts.Kind, k); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func TestCheckLetsNoUndeclaredNameThrough(t *testing.T) {
	ks := store(t).Kinds
	good := office.Query{Kind: "office.conflict", View: "mine", Where: []office.Cond{office.Where("actor", "li")}}
	if _, err := ks.Check(good); err != nil {
		t.Fatal(err)
	}
	bad := map[string]func(q *office.Query){
		"kind":       func(q *office.Query) { q.Kind = "office.conflict; drop table x" },
		"view":       func(q *office.Query) { q.View = "all" },
		"field":      func(q *office.Query) { q.Where = append(q.Where, office.Where("title", "x")) },
		"op":         func(q *office.Query) { q.Where[0].Op = "or 1=1" },
		"order":      func(q *office.Query) { q.Order = "state" },
		"missing by": func(q *office.Query) { q.Where = nil },
		"by not eq":  func(q *office.Query) { q.Where = []office.Cond{{Field: "actor", Op: office.Gt, Value: ""}} },
		"type":       func(q *office.Query) { q.Where = []office.Cond{office.Where("actor", 7)} },
		"empty in": func(q *office.Query) {
			q.Where = append(q.Where, office.Cond{Field: "state", Op: office.In, Value: []string{}})
		},
		"limit":       func(q *office.Query) { q.Limit = office.MaxLimit + 1 },
		"after":       func(q *office.Query) { q.After = "!!" },
		"after empty": func(q *office.Query) { q.After = office.Key{Value: 1}.Encode() },
	}
	for name, f := range bad {
		q := good
		q.Where = append([]office.Cond(nil), good.Where...)
		f(&q)
		if _, err := ks.Check(q); office.CodeOf(err) != office.CodeInvalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestIDs(t *testing.T) {
	now := time.UnixMilli(1_780_000_000_000)
	id, err := office.NewID(now, bytes.NewReader(bytes.Repeat([]byte{0xff}, 10)))
	if err != nil || id != "019e7044-8800-7fff-bfff-ffffffffffff" {
		t.Errorf("%s, %v", id, err)
	}
	if a, b := office.DeriveID("ab", "c"), office.DeriveID("a", "bc"); a == b {
		t.Error("parts run together")
	}
	if id := office.DeriveID("m", "x"); id[14] != '8' || !office.ValidID(id) {
		t.Errorf("not a UUIDv8: %s", id)
	}
	if a, b := office.DeriveFrom(id, "x"), office.DeriveFrom(id, "y"); a[:14] != id[:14] || a[14] != '8' || a == b || !office.ValidID(a) {
		t.Errorf("what is made of %s: %s, %s", id, a, b)
	}
	for _, from := range []string{"", "lin", "019e7044+8800-7fff-bfff-ffffffffffff", "019e7044-88g0-7fff-bfff-ffffffffffff"} {
		if a := office.DeriveFrom(from, "x"); a != office.DeriveID(from, "x") {
			t.Errorf("of %q: %s", from, a)
		}
	}
	for _, s := range []string{"", "-a", "A", "a/b", "a b", "../x", "é", strings.Repeat("a", 65)} {
		if office.ValidID(s) {
			t.Errorf("%q is accepted", s)
		}
	}
}

func TestErrorCodes(t *testing.T) {
	refusal := office.Errorf(office.CodeStaleBody, "changed")
	wrapped := errors.Join(errors.New("run"), refusal)
	if office.CodeOf(wrapped) != office.CodeStaleBody || office.AsError(wrapped) != refusal {
		t.Error("a wrapped refusal lost its code")
	}
	if e := office.AsError(errors.New("dial tcp 10.0.0.1: secret")); e.Code != office.CodeInternal || e.Message != "" {
		t.Errorf("a fault's text would leave the room: %v", e)
	}
}

// Patching keeps what it does not set, byte for byte, and gives one encoding
// for one content.
func TestPatchedKeepsTheRest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := rapid.MapOf(rapid.StringMatching(`[a-z]{1,4}`), rapid.OneOf(
			rapid.Map(rapid.String(), func(s string) any { return strings.ReplaceAll(s, "\x00", "") }),
			rapid.Map(rapid.Int64(), func(n int64) any { return n }),
		)).Draw(t, "body")
		body, err := office.Canonical(m)
		if err != nil {
			t.Fatal(err)
		}
		got, err := office.Patched(body, office.Fields{"zzzzz": "<b>&"})
		if err != nil {
			t.Fatal(err)
		}
		back, err := office.Patched(got, office.Fields{"zzzzz": nil})
		if err != nil || !bytes.Equal(back, body) {
			t.Fatalf("%s → %s → %s, %v", body, got, back, err)
		}
		if !bytes.Contains(got, []byte(`"<b>&"`)) {
			t.Fatalf("text was escaped: %s", got)
		}
	})
}

// PostgreSQL keeps no U+0000 in text, so no body may hold one; an escaped
// backslash before u0000 is only text that looks like it.
func TestNoNULInBodies(t *testing.T) {
	for text, ok := range map[string]bool{"a\x00b": false, `\u0000`: true, `\\u0000`: true, "\\\x00": false} {
		_, err := office.Canonical(map[string]string{"x": text})
		if (err == nil) != ok {
			t.Errorf("%q: %v", text, err)
		}
		if _, err := office.Patched(nil, office.Fields{"x": text}); (err == nil) != ok {
			t.Errorf("patch %q: %v", text, err)
		}
	}
}
