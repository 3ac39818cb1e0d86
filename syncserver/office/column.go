package office

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// MaxText is the most bytes of UTF-8 that a declared text field may have: an
// index entry of PostgreSQL holds 2,700 bytes. Long text belongs into fields
// that are not declared.
const MaxText = 1000

// Columns are the values of the kind's declared fields in r, in the order of
// the declaration: string, int64 or float64, never nil; of a Set one text of
// all its members, each between two characters that no text has. A field of
// another JSON type than declared counts as missing; a text field longer than
// MaxText is CodeInvalid.
func Columns(k *Kind, r Record) ([]any, error) {
	raws := make([]json.RawMessage, len(k.Fields))
	plain := scanObject(r.Body, func(name, value []byte) {
		for i := range k.Fields {
			if k.Fields[i].Name == string(name) {
				raws[i] = value
			}
		}
	})
	if plain == 0 || plain != len(r.Body) {
		m, err := r.Fields()
		if err != nil {
			return nil, err
		}
		for i, f := range k.Fields {
			raws[i] = m[f.Name]
		}
	}
	out := make([]any, len(k.Fields))
	for i, f := range k.Fields {
		out[i] = column(f.Type, raws[i])
		if s, ok := out[i].(string); ok && f.Type != Set && len(s) > MaxText {
			return nil, Invalid(f.Name, "longer than %d bytes", MaxText)
		}
	}
	return out, nil
}

func column(t FieldType, raw json.RawMessage) any {
	switch n := len(raw); {
	case t == Text && n > 1 && raw[0] == '"' && bytes.IndexByte(raw, '\\') < 0 && utf8.Valid(raw):
		return string(raw[1 : n-1])
	case t != Text && t != Set && t != Real && n > 0 && n < 18 && raw[0] >= '0' && raw[0] <= '9':
		if x, err := strconv.ParseInt(string(raw), 10, 64); err == nil {
			return x
		}
	}
	var v any
	if len(raw) > 0 {
		_ = json.Unmarshal(raw, &v) // the body is valid JSON; a wrong type counts as missing below
	}
	switch t {
	case Text:
		s, _ := v.(string)
		return s
	case Set:
		list, _ := v.([]any)
		var b strings.Builder
		for _, x := range list {
			if s, ok := x.(string); ok {
				b.WriteString(member(s))
			}
		}
		return b.String()
	case Real:
		f, _ := v.(float64)
		return f
	default:
		switch x := v.(type) {
		case bool:
			if x {
				return int64(1)
			}
		case float64:
			if n, err := strconv.ParseInt(string(raw), 10, 64); err == nil {
				return n
			}
			if x == math.Trunc(x) && math.Abs(x) < 1<<53 {
				return int64(x)
			}
		}
		return int64(0)
	}
}

// member is how one text of a Set stands in its column. U+001F is a control
// character: no line that a command lets through has it.
func member(s string) string { return "\x1f" + strings.ReplaceAll(s, "\x1f", "") + "\x1f" }

// Convert makes v the Go type of a column: string, int64 or float64.
func Convert(t FieldType, v any) (any, error) {
	switch t {
	case Text, Set:
		switch x := v.(type) {
		case string:
			return x, nil
		case UserID:
			return string(x), nil
		case fmt.Stringer:
			return x.String(), nil
		}
	case Real:
		switch x := v.(type) {
		case float64:
			return x, nil
		case int:
			return float64(x), nil
		case int64:
			return float64(x), nil
		case string:
			if f, err := strconv.ParseFloat(x, 64); err == nil {
				return f, nil
			}
		}
	default:
		switch x := v.(type) {
		case int64:
			return x, nil
		case int:
			return int64(x), nil
		case bool:
			if x {
				return int64(1), nil
			}
			return int64(0), nil
		case float64:
			if x == math.Trunc(x) && math.Abs(x) < 1<<53 {
				return int64(x), nil
			}
		case json.Number:
			if n, err := x.Int64(); err == nil {
				return n, nil
			}
		case string:
			if n, err := strconv.ParseInt(x, 10, 64); err == nil {
				return n, nil
			}
		}
	}
	return nil, fmt.Errorf("%v is not a value of type %s", v, t)
}
