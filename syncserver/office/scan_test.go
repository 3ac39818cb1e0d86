package office

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
)

var scanSamples = []string{
	`{}`, `{"a":1}`, `{"a":"字","b":[1,2,{"c":null}],"c":true,"d":false,"e":-0.5e+7}`, `{"a":"\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00"}`,
	`{"a":{"z":1,"b":2,"b":3}}`, `{"":0}`, `{"a":[]}`, `{"a":{}}`, `{"a":0}`, `{"a":"<b>&\u2028"}`, "{\"a\":\"\u2028\"}",
	// Not canonical, or not plain.
	`{"b":1,"a":2}`, `{"a":1,"a":2}`, `{ "a":1}`, `{"a": 1}`, `{"a":1 }`, `{"a":[1, 2]}`, `{"a":01}`, `{"a":-}`, `{"a":1.}`, `{"a":1e}`, `{"a":.5}`, `{"a":+1}`,
	`{"a":"\u0000"}`, `{"a":"\x"}`, `{"a":"\u12g4"}`, "{\"a\":\"\x01\"}", "{\"a\":\"\xff\"}", `{"a":tru}`, `{"a":nulll}`, `{"a"}`, `{"a":}`, `{"a":1,}`, `{`, `{"`, `{"a`, `{"a":"`,
	`{"a":[1}`, `{"a":{"b":1]}`, `[]`, `null`, ``, `{"字":1}`, `{"a\u0062":1}`, `{"a":1}x`, `{"a":` + strings.Repeat("[", 300) + strings.Repeat("]", 300) + `}`,
}

// canonicalBySlow is what encoding/json makes of a body.
func canonicalBySlow(b []byte) ([]byte, error) {
	m := map[string]json.RawMessage{}
	if err := json.Unmarshal(b, &m); err != nil {
		return nil, err
	}
	return storable(m)
}

// What scanObject takes is what encoding/json would have made of it, field by
// field; and it takes most of what there is.
func TestScanAgreesWithEncodingJSON(t *testing.T) {
	check := func(b []byte) bool {
		fields := map[string]json.RawMessage{}
		n := scanObject(b, func(name, value []byte) { fields[string(name)] = json.RawMessage(value) })
		if n == 0 {
			return false
		}
		want, err := canonicalBySlow(b[:n])
		if err != nil || !bytes.Equal(want, b[:n]) {
			t.Errorf("%q is taken; it is %q, %v", b[:n], want, err)
		}
		m, err := Record{Body: b[:n]}.Fields()
		if err != nil || !reflect.DeepEqual(m, fields) {
			t.Errorf("%q: %v", b[:n], fields)
		}
		return true
	}
	for i, s := range scanSamples {
		if got, want := check([]byte(s)), i < 11 || s == `{"a":1}x`; got != want {
			t.Errorf("%q: taken %t", s, got)
		}
	}
	// Bytes changed at random: whatever is taken must be right.
	rng := rand.New(rand.NewPCG(7, 7))
	alphabet := []byte(`{}[]",:\u0e1-+. atfn` + "字\x00\xff")
	for range 50_000 {
		b := []byte(scanSamples[rng.IntN(len(scanSamples))])
		for range 1 + rng.IntN(3) {
			if len(b) == 0 {
				break
			}
			i := rng.IntN(len(b))
			switch rng.IntN(3) {
			case 0:
				b[i] = alphabet[rng.IntN(len(alphabet))]
			case 1:
				b = append(b[:i], b[i+1:]...)
			default:
				b = append(b[:i], append([]byte{alphabet[rng.IntN(len(alphabet))]}, b[i:]...)...)
			}
		}
		check(b)
	}
}

// The values of columns do not depend on how a body is read.
func TestColumnsOfPlainBodies(t *testing.T) {
	k := &Kind{Fields: []Field{{Name: "t", Type: Text}, {Name: "n", Type: Int}, {Name: "r", Type: Real}, {Name: "at", Type: Time}, {Name: "yes", Type: Int}}}
	for _, v := range []string{`"a"`, `""`, `"\n字"`, `1`, `-7`, `1.5`, `1e3`, `9007199254740993`, `123456789012345678901`, `true`, `false`, `null`, `[1]`, `{"a":1}`, `-0`, `0.0`} {
		plain := Record{Body: json.RawMessage(`{"at":` + v + `,"n":` + v + `,"r":` + v + `,"t":` + v + `,"yes":` + v + `}`)}
		spaced := plain
		spaced.Body = json.RawMessage(strings.Replace(string(plain.Body), "{", "{ ", 1))
		a, err := Columns(k, plain)
		if err != nil {
			t.Fatal(err)
		}
		b, err := Columns(k, spaced)
		if err != nil || !reflect.DeepEqual(a, b) {
			t.Errorf("%s: %v, slowly %v, %v", v, a, b, err)
		}
	}
}
