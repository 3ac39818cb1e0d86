package protocol_test

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"reflect"
	"testing"

	. "qianshao/syncserver/protocol"
)

func pages() []PullReply {
	raw := func(s string) json.RawMessage { return json.RawMessage(s) }
	full := PullReply{LastN: 4, AsOf: 5}
	for _, s := range samples() {
		if p, ok := s.(PullReply); ok {
			full = p
		}
	}
	odd := full
	odd.Ops = []Op{{Kind: "字\"k", ID: "a\\b<"}, {Chan: 3, Lane: 2, Kind: "t.a", ID: "x", Rem: true}}
	odd.Rows = []Row{{Kind: "t.a", ID: "x", Ver: 1, Body: raw(`{}`)}, {Kind: "t.a", ID: "<", Root: "字", Ver: 1 << 60, Body: raw(`{"b":1,"a":[{"字":"\u0000"}]}`)}}
	rows := PullReply{Rows: odd.Rows[:1]}
	ops := PullReply{Ops: odd.Ops[1:], More: true}
	return []PullReply{{}, full, odd, rows, ops}
}

// A page that is written and read by hand is the page that encoding/json reads
// and writes.
func TestPagesByHand(t *testing.T) {
	for i, p := range pages() {
		b, err := AppendPage(nil, p)
		if err != nil {
			t.Fatal(err)
		}
		var slow PullReply
		if err := json.Unmarshal(b, &slow); err != nil || !reflect.DeepEqual(slow, p) {
			t.Errorf("page %d written: %s: %+v, %v", i, b, slow, err)
		}
		if got, err := DecodePage(b); err != nil || !reflect.DeepEqual(got, p) {
			t.Errorf("page %d read: %+v, %v", i, got, err)
		}
		old, err := json.Marshal(p) // a server of before
		if err != nil {
			t.Fatal(err)
		}
		if got, err := DecodePage(old); err != nil || !reflect.DeepEqual(got, p) {
			t.Errorf("page %d of encoding/json read: %+v, %v", i, got, err)
		}
	}
	bad := PullReply{Rows: []Row{{Kind: "t.a", ID: "x", Body: json.RawMessage(`{"a":`)}}}
	if b, err := AppendPage(nil, bad); err == nil {
		t.Errorf("a damaged body is written: %s", b)
	}
}

// Whatever comes over the wire is read as encoding/json reads it, or refused.
func TestBrokenPages(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 3))
	all := pages()
	alphabet := []byte(`{}[]",:\0ckliorvb tru`)
	for range 20_000 {
		b, err := AppendPage(nil, all[1+rng.IntN(len(all)-1)])
		if err != nil {
			t.Fatal(err)
		}
		for range 1 + rng.IntN(2) {
			i := rng.IntN(len(b))
			switch rng.IntN(3) {
			case 0:
				b[i] = alphabet[rng.IntN(len(alphabet))]
			case 1:
				b = append(b[:i], b[i+1:]...)
			default:
				b = b[:i+1]
			}
		}
		var slow PullReply
		want := json.Unmarshal(bytes.Clone(b), &slow)
		got, err := DecodePage(b)
		if (err == nil) != (want == nil) || err == nil && !reflect.DeepEqual(got, slow) {
			t.Fatalf("%s: %+v, %v; encoding/json: %+v, %v", b, got, err, slow, want)
		}
	}
}
