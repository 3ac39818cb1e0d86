package replica

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"

	"qianshao/syncserver/office"
)

// scan is a list that a command read: a record that meets the conditions, or
// met them, may change what the command sees. Order and limit are left out: a
// record beyond the limit may move into it.
type scan struct {
	kind  *office.Kind
	where []office.Cond
}

func (s scan) matches(r office.Record) (bool, error) {
	vals, err := office.Columns(s.kind, r)
	if err != nil {
		return false, err
	}
	return office.Meets(s.kind, r.Root, vals, s.where), nil
}

func (s scan) encode() (string, error) {
	b, err := json.Marshal(s.where)
	return string(b), err
}

// decodeScan reads a recorded scan; false if the declarations no longer have
// what it names, after an upgrade.
func decodeScan(ks *office.Kinds, kind, conds string) (scan, bool, error) {
	s := scan{kind: ks.Get(kind)}
	if s.kind == nil {
		return s, false, nil
	}
	d := json.NewDecoder(bytes.NewReader([]byte(conds)))
	d.UseNumber()
	if err := d.Decode(&s.where); err != nil {
		return s, false, fmt.Errorf("read a recorded scan: %w", err)
	}
	for i, w := range s.where {
		t := office.Text
		if w.Field != "root" {
			f, ok := s.kind.Field(w.Field)
			if !ok {
				return s, false, nil
			}
			t = f.Type
		}
		list, many := w.Value.([]any)
		if !many {
			list = []any{w.Value}
		}
		for j := range list {
			v, ok := value(t, list[j])
			if !ok {
				return s, false, nil
			}
			list[j] = v
		}
		if !many {
			s.where[i].Value = list[0]
		}
	}
	return s, true, nil
}

// value is a decoded JSON value as the Go type of a column.
func value(t office.FieldType, v any) (any, bool) {
	if n, ok := v.(json.Number); ok && t == office.Real {
		f, err := strconv.ParseFloat(n.String(), 64)
		return f, err == nil
	}
	x, err := office.Convert(t, v)
	return x, err == nil
}
