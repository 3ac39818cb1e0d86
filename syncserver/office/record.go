package office

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"unicode/utf8"
)

// Record is one JSON document of a declared kind.
type Record struct {
	Kind string
	ID   string
	Root string          // id of the root record; its own id for a root
	Ver  int64           // counted by the server, one per write; 0 for a record the server does not know yet
	Body json.RawMessage // canonical JSON object: sorted keys, no spaces; unknown fields are kept
}

// Fields are the top-level fields of a record that a command sets. A nil value
// removes the field.
type Fields map[string]any

// Decode reads the body into v.
func (r Record) Decode(v any) error {
	if err := json.Unmarshal(r.Body, v); err != nil {
		return fmt.Errorf("decode %s %s: %w", r.Kind, r.ID, err)
	}
	return nil
}

// Fields are the body's top-level fields, each still encoded.
func (r Record) Fields() (map[string]json.RawMessage, error) {
	m := map[string]json.RawMessage{}
	if len(r.Body) == 0 {
		return m, nil
	}
	if err := json.Unmarshal(r.Body, &m); err != nil {
		return nil, fmt.Errorf("decode %s %s: %w", r.Kind, r.ID, err)
	}
	return m, nil
}

// Canonical encodes v, which must be a JSON object, as a record's body. Text
// with the character U+0000 or that is not UTF-8 is CodeInvalid.
func Canonical(v any) (json.RawMessage, error) {
	if raw, ok := v.(json.RawMessage); ok && len(raw) > 0 && CanonicalPrefix(raw) == len(raw) {
		return raw, nil
	}
	raw, err := marshal(v)
	if err != nil {
		return nil, err
	}
	m := map[string]json.RawMessage{}
	if err := json.Unmarshal(raw, &m); err != nil {
		return nil, fmt.Errorf("a record's body must be a JSON object: %w", err)
	}
	return storable(m)
}

// Patched is body with set applied: other fields, known or not, stay. It
// refuses what Canonical refuses.
func Patched(body json.RawMessage, set Fields) (json.RawMessage, error) {
	m := map[string]json.RawMessage{}
	if len(body) > 0 {
		if err := json.Unmarshal(body, &m); err != nil {
			return nil, err
		}
	}
	for k, v := range set {
		if v == nil {
			delete(m, k)
			continue
		}
		raw, err := marshal(v)
		if err != nil {
			return nil, err
		}
		m[k] = raw
	}
	return storable(m)
}

// storable encodes a body and refuses what some database cannot keep: the
// character U+0000 and bytes that are not UTF-8, both with CodeInvalid.
func storable(m map[string]json.RawMessage) (json.RawMessage, error) {
	body, err := marshal(m)
	if err != nil {
		return nil, err
	}
	if !utf8.Valid(body) {
		return nil, Invalid("body", "text is not UTF-8")
	}
	for rest := []byte(body); ; {
		i := bytes.Index(rest, []byte(`\u0000`))
		if i < 0 {
			return body, nil
		}
		slashes := 0 // an odd number of backslashes before makes this one an escaped backslash
		for slashes < i && rest[i-1-slashes] == '\\' {
			slashes++
		}
		if slashes%2 == 0 {
			return nil, Invalid("body", "text with the character U+0000")
		}
		rest = rest[i+6:]
	}
}

// marshal encodes without HTML escapes and without a final newline. Maps come
// out with sorted keys.
func marshal(v any) (json.RawMessage, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return json.RawMessage(bytes.TrimRight(b.Bytes(), "\n")), nil
}

// Sum is the record's share in the sums that desk and server compare: the
// first eight bytes of SHA-256 over kind, id, root and body. Shares of a
// channel are added modulo 2^64. Ver is left out: it says nothing of content.
func (r Record) Sum() uint64 {
	h := sha256.New()
	for _, p := range []string{r.Kind, r.ID, r.Root} {
		h.Write([]byte(p))
		h.Write([]byte{0})
	}
	h.Write(r.Body)
	return binary.BigEndian.Uint64(h.Sum(nil)[:8])
}
