package seal_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/officetest"
	"qianshao/syncserver/office/seal"
)

// kinds are what a trace is made of, as far as the seal knows them.
func kinds(t testing.TB) *office.Kinds {
	all := func(office.Record) ([]office.Channel, error) { return []office.Channel{office.Org}, nil }
	ks, err := office.NewKinds(append(seal.Kinds(),
		&office.Kind{Name: seal.InstanceKind, Residence: office.ResidentAlways, Audience: all},
		&office.Kind{Name: seal.EventKind, Parent: seal.InstanceKind, Residence: office.ResidentAlways},
		&office.Kind{Name: seal.OpinionKind, Parent: seal.InstanceKind, Residence: office.ResidentAlways},
	)...)
	if err != nil {
		t.Fatal(err)
	}
	return ks
}

func signer(t testing.TB, n byte) *seal.Signer {
	t.Helper()
	s, err := seal.NewSigner(append(make([]byte, 31), n))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// trace is an instance with its records, as a store or a desk holds them.
type trace struct {
	mem  *officetest.Mem
	keys map[string]seal.Key
}

// write makes n events, each with words, sealed by the signers in turn.
func write(t testing.TB, n int, by ...*seal.Signer) *trace {
	t.Helper()
	x := &trace{mem: officetest.NewMem(kinds(t)), keys: map[string]seal.Key{}}
	for _, s := range by {
		x.keys[s.Key] = seal.Key{Public: s.Public()}
	}
	_, err := x.mem.Update(func(tx office.Tx) error {
		if err := tx.Insert(seal.InstanceKind, "i", "i", map[string]any{"events": n}); err != nil {
			return err
		}
		head := ""
		for k := 1; k <= n; k++ {
			op, ev := fmt.Sprintf("o%d", k), fmt.Sprintf("e%d", k)
			if err := tx.Insert(seal.OpinionKind, op, "i", map[string]any{"words": fmt.Sprintf("同意%d", k), "actor": "lin"}); err != nil {
				return err
			}
			if err := tx.Insert(seal.EventKind, ev, "i", map[string]any{"n": k, "what": "approve", "who": "lin", "opinion": op, "effective": 1000 * k}); err != nil {
				return err
			}
			var err error
			if head, err = by[k%len(by)].Link(tx, ev, head); err != nil {
				return err
			}
		}
		return tx.Patch(seal.InstanceKind, "i", office.Fields{seal.FieldHead: head})
	})
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func (x *trace) verify(t testing.TB, withWords bool) string {
	t.Helper()
	inst, _ := x.mem.Get(seal.InstanceKind, "i")
	var words []office.Record
	if withWords {
		words = x.mem.All(seal.OpinionKind)
	}
	b, err := seal.Verify(inst, x.mem.All(seal.EventKind), words, x.keys)
	if err != nil {
		t.Fatal(err)
	}
	if b == nil {
		return ""
	}
	return fmt.Sprint(b.N, " ", b.What)
}

func (x *trace) update(t testing.TB, f func(tx office.Tx) error) {
	t.Helper()
	if _, err := x.mem.Update(f); err != nil {
		t.Fatal(err)
	}
}

func set(kind, id, field string, v any) func(office.Tx) error {
	return func(tx office.Tx) error { return tx.Patch(kind, id, office.Fields{field: v}) }
}

// A trace as it was written holds, also for those who may not read the words.
func TestHolds(t *testing.T) {
	for n := range 4 {
		x := write(t, n, signer(t, 7))
		if got := x.verify(t, true) + x.verify(t, false); got != "" {
			t.Errorf("%d events: %s", n, got)
		}
	}
}

// Every way to tamper is found, and the first broken link named.
func TestTampering(t *testing.T) {
	other := signer(t, 9)
	for _, x := range []struct {
		name, want string
		do         func(tx office.Tx) error
	}{
		{"the words", "2 words", set(seal.OpinionKind, "o2", "words", "不同意")},
		{"the salt", "2 words", set(seal.OpinionKind, "o2", "salts", []string{"00"})},
		{"no salt", "2 words", set(seal.OpinionKind, "o2", "salts", nil)},
		{"the event", "2 changed", set(seal.EventKind, "e2", "who", "xu")},
		{"a field nobody knows", "2 changed", set(seal.EventKind, "e2", "extra", "x")},
		{"the time", "3 changed", set(seal.EventKind, "e3", "effective", 1)},
		{"the sum, to fit other words", "2 changed", set(seal.EventKind, "e2", "sum", seal.Words("s", "不同意"))},
		{"another opinion", "2 changed", set(seal.EventKind, "e2", "opinion", "o3")},
		{"the hash", "2 changed", set(seal.EventKind, "e2", "hash", strings.Repeat("0", 64))},
		{"no hash", "2 unsealed", set(seal.EventKind, "e2", "hash", nil)},
		{"the signature", "2 signature", set(seal.EventKind, "e2", "sig", "3006020101020101")},
		{"no signature", "2 signature", set(seal.EventKind, "e2", "sig", nil)},
		{"a key nobody published", "2 key", set(seal.EventKind, "e2", "key", other.Key)},
		{"the order", "2 order", func(tx office.Tx) error { // renumbered
			if err := tx.Patch(seal.EventKind, "e2", office.Fields{"n": 3}); err != nil {
				return err
			}
			return tx.Patch(seal.EventKind, "e3", office.Fields{"n": 2})
		}},
		{"one removed", "2 missing", func(tx office.Tx) error { return tx.Delete(seal.EventKind, "e2") }},
		{"the first removed", "1 missing", func(tx office.Tx) error { return tx.Delete(seal.EventKind, "e1") }},
		{"the last removed", "4 end", func(tx office.Tx) error { return tx.Delete(seal.EventKind, "e4") }},
		{"the last removed, and the count", "4 end", func(tx office.Tx) error {
			if err := tx.Delete(seal.EventKind, "e4"); err != nil {
				return err
			}
			return tx.Patch(seal.InstanceKind, "i", office.Fields{"events": 3})
		}},
		{"the count alone", "5 end", set(seal.InstanceKind, "i", "events", 5)},
		{"one twice", "2 twice", func(tx office.Tx) error {
			r, _, err := tx.Get(seal.EventKind, "e2")
			if err != nil {
				return err
			}
			var body map[string]any
			if err := json.Unmarshal(r.Body, &body); err != nil {
				return err
			}
			return tx.Insert(seal.EventKind, "e2x", "i", body)
		}},
		{"one put in between, sealed by somebody else", "3 signature", func(tx office.Tx) error {
			r, _, err := tx.Get(seal.EventKind, "e3")
			if err != nil {
				return err
			}
			hash, err := seal.Hash(r)
			if err != nil {
				return err
			}
			sig, err := seal.Sign(other.Private, hash)
			if err != nil {
				return err
			}
			return tx.Patch(seal.EventKind, "e3", office.Fields{"sig": sig})
		}},
	} {
		tr := write(t, 4, signer(t, 7))
		tr.update(t, x.do)
		got := tr.verify(t, true)
		if got != x.want {
			t.Errorf("%s: %q, want %q", x.name, got, x.want)
		}
	}
}

// A hash is of one event in one instance: the same body elsewhere has another.
func TestHashNamesThePlace(t *testing.T) {
	body := json.RawMessage(`{"n":1,"what":"start"}`)
	seen := map[string]bool{}
	for _, r := range []office.Record{{Root: "i", ID: "e", Body: body}, {Root: "j", ID: "e", Body: body}, {Root: "i", ID: "f", Body: body}} {
		h, err := seal.Hash(r)
		if err != nil || seen[h] {
			t.Errorf("%s %s: %s %v", r.Root, r.ID, h, err)
		}
		seen[h] = true
	}
}

// Whoever may not read words verifies the rest, and learns nothing of them: an
// event holds neither words nor salt.
func TestWordsStayNarrow(t *testing.T) {
	x := write(t, 3, signer(t, 7))
	for _, r := range x.mem.All(seal.EventKind) {
		if bytes.Contains(r.Body, []byte("同意")) || bytes.Contains(r.Body, []byte("salt")) {
			t.Errorf("%s", r.Body)
		}
	}
	var o struct{ Salts []string }
	r, _ := x.mem.Get(seal.OpinionKind, "o1")
	if err := r.Decode(&o); err != nil || len(o.Salts) != 1 || len(o.Salts[0]) != 32 {
		t.Fatalf("%+v %v", o, err)
	}
	x.update(t, set(seal.OpinionKind, "o2", "words", "不同意"))
	if got := x.verify(t, false); got != "" {
		t.Errorf("without the words: %s", got)
	}
}

// An opinion that its author worded anew (W46) proves both wordings.
func TestReworded(t *testing.T) {
	s := signer(t, 7)
	x := write(t, 2, s)
	x.update(t, func(tx office.Tx) error {
		if err := tx.Patch(seal.OpinionKind, "o1", office.Fields{"words": "同意，请抓紧", "former": []map[string]any{{"words": "同意1", "until": 5000}}}); err != nil {
			return err
		}
		if err := tx.Insert(seal.EventKind, "e3", "i", map[string]any{"n": 3, "what": "reword", "who": "lin", "opinion": "o1"}); err != nil {
			return err
		}
		inst, _, err := tx.Get(seal.InstanceKind, "i")
		if err != nil {
			return err
		}
		var v struct {
			Head string `json:"trace_head"`
		}
		if err := inst.Decode(&v); err != nil {
			return err
		}
		head, err := s.Link(tx, "e3", v.Head)
		if err != nil {
			return err
		}
		return tx.Patch(seal.InstanceKind, "i", office.Fields{"trace_head": head, "events": 3})
	})
	if got := x.verify(t, true); got != "" {
		t.Fatal(got)
	}
	x.update(t, set(seal.OpinionKind, "o1", "former", []map[string]any{{"words": "不同意", "until": 5000}}))
	if got := x.verify(t, true); got != "1 words" {
		t.Errorf("the former words changed: %q", got)
	}
}

// The same run seals alike, and sealing twice is refused.
func TestSealedOnce(t *testing.T) {
	s := signer(t, 7)
	a, b := write(t, 3, s), write(t, 3, s)
	for _, k := range []string{seal.EventKind, seal.OpinionKind, seal.InstanceKind} {
		if !slices.EqualFunc(a.mem.All(k), b.mem.All(k), func(x, y office.Record) bool { return string(x.Body) == string(y.Body) }) {
			t.Errorf("%s differ", k)
		}
	}
	if _, err := a.mem.Update(func(tx office.Tx) error { _, err := s.Link(tx, "e2", "x"); return err }); err == nil {
		t.Error("sealed a second time")
	}
}

// Keys: published by the system alone, each vouched for by the one before; what
// an old key signed stays proven.
func TestKeys(t *testing.T) {
	first, second := signer(t, 7), signer(t, 8)
	x := write(t, 4, first, second)
	if got := x.verify(t, true); got != "" {
		t.Errorf("two keys: %s", got)
	}
	vouch, err := seal.Sign(first.Private, second.Key)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC)
	do := func(who office.UserID, cmd *seal.PublishKey) office.Code {
		now = now.Add(time.Second)
		_, err := x.mem.Do(cmd, office.Context{Actor: who, Now: now, Mid: office.DeriveID(now.String())})
		return office.CodeOf(err)
	}
	good := &seal.PublishKey{Public: second.Public(), By: first.Key, Sig: vouch}
	for _, y := range []struct {
		name string
		who  office.UserID
		cmd  *seal.PublishKey
		code office.Code
	}{
		{"a person", "sys01", &seal.PublishKey{Public: first.Public()}, office.CodeNotPermitted},
		{"not hex", office.System, &seal.PublishKey{Public: "xy"}, office.CodeInvalid},
		{"no point", office.System, &seal.PublishKey{Public: "04" + strings.Repeat("11", 64)}, office.CodeInvalid},
		{"vouched for by nobody", office.System, good, office.CodeNotFound},
		{"the first", office.System, &seal.PublishKey{Public: first.Public()}, ""},
		{"again", office.System, &seal.PublishKey{Public: first.Public()}, office.CodeExists},
		{"vouched for wrongly", office.System, &seal.PublishKey{Public: second.Public(), By: first.Key, Sig: vouch[:len(vouch)-2] + "00"}, office.CodeInvalid},
		{"the second", office.System, good, ""},
	} {
		if got := do(y.who, y.cmd); got != y.code {
			t.Errorf("%s: %q", y.name, got)
		}
	}
	keys := map[string]seal.Key{}
	for _, r := range x.mem.All(seal.Keys.Name) {
		var k seal.Key
		if err := r.Decode(&k); err != nil {
			t.Fatal(err)
		}
		keys[r.ID] = k
	}
	if keys[first.Key].Retired == 0 || keys[second.Key].Retired != 0 || seal.CheckKeys(keys) != "" {
		t.Errorf("%+v %q", keys, seal.CheckKeys(keys))
	}
	third := signer(t, 9)
	keys[third.Key] = seal.Key{Public: third.Public(), Created: office.Millis(now) + 1000}
	if got := seal.CheckKeys(keys); got != third.Key {
		t.Errorf("a key nobody vouched for: %q", got)
	}
}

// The published test vectors of SM3 (GB/T 32905-2016) hold for what is used here.
func TestSM3(t *testing.T) {
	if got := seal.Words("a", "bc"); got != "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0" {
		t.Error(got)
	}
}

func BenchmarkLink(b *testing.B) {
	s := signer(b, 7)
	mem := officetest.NewMem(kinds(b))
	_, err := mem.Update(func(tx office.Tx) error {
		if err := tx.Insert(seal.InstanceKind, "i", "i", map[string]any{}); err != nil {
			return err
		}
		head := ""
		for n := range b.N {
			op, ev := fmt.Sprintf("o%d", n), fmt.Sprintf("e%d", n)
			if err := tx.Insert(seal.OpinionKind, op, "i", map[string]any{"words": "同意，请抓紧办理。"}); err != nil {
				return err
			}
			if err := tx.Insert(seal.EventKind, ev, "i", map[string]any{"n": n + 1, "what": "approve", "opinion": op}); err != nil {
				return err
			}
			var err error
			if head, err = s.Link(tx, ev, head); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
}

func BenchmarkVerify(b *testing.B) {
	x := write(b, 20, signer(b, 7))
	for b.Loop() {
		if got := x.verify(b, true); got != "" {
			b.Fatal(got)
		}
	}
}
