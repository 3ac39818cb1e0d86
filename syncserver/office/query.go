package office

import (
	"encoding/base64"
	"encoding/json"
	"slices"
)

// Op compares a field with a value.
type Op string

const (
	Eq Op = "eq"
	Lt Op = "lt"
	Le Op = "le"
	Gt Op = "gt"
	Ge Op = "ge"
	In Op = "in" // Value is a []any or []string
	// Has wants a Set that holds one of the values; Value as of In.
	Has Op = "has"
)

// Cond is one condition of a query.
type Cond struct {
	Field string `json:"field"`
	Op    Op     `json:"op"`
	Value any    `json:"value"` // string, int64, int, float64, bool; a slice for In
}

// Where is an equality condition.
func Where(field string, value any) Cond { return Cond{Field: field, Op: Eq, Value: value} }

// Query lists records of one kind by a declared view.
type Query struct {
	Kind  string
	View  string
	Where []Cond
	Order string // one of the view's orders; "" = the first
	Desc  bool
	After string // key of the last record of the former page (see Key); "" = from the start
	Limit int    // 1 to MaxLimit; 0 = MaxLimit
	Skip  int    // records to pass over behind After: for a jump in a long list that a person scrolls
}

// MaxLimit is the most records one List gives.
const MaxLimit = 1000

// Checked is a query that has been held against the declarations.
type Checked struct {
	Query
	Kind  *Kind
	View  View
	After *Key
}

// Key is a place in an ordered list: the value of the order field and the id.
type Key struct {
	Value any    `json:"v"`
	ID    string `json:"i"`
}

// Encode is the key as a Query.After string.
func (k Key) Encode() string {
	b, _ := json.Marshal(k)
	return base64.RawURLEncoding.EncodeToString(b)
}

// Check holds a query against the declared views. Whatever is not declared is
// CodeInvalid: no name from outside ever becomes SQL. "root" may be used as a
// field where a view declares it.
func (ks *Kinds) Check(q Query) (Checked, error) {
	k := ks.Get(q.Kind)
	if k == nil {
		return Checked{}, Invalid("kind", "unknown kind %q", q.Kind)
	}
	v, ok := k.View(q.View)
	if !ok {
		return Checked{}, Invalid("view", "%s has no view %q", q.Kind, q.View)
	}
	c := Checked{Query: q, Kind: k, View: v}
	if c.Order == "" {
		c.Order = v.Orders[0]
	}
	if !slices.Contains(v.Orders, c.Order) {
		return Checked{}, Invalid("order", "view %s of %s has no order %q", q.View, q.Kind, q.Order)
	}
	for _, f := range v.By {
		if !slices.ContainsFunc(q.Where, func(w Cond) bool { return w.Field == f && w.Op == Eq }) {
			return Checked{}, Invalid(f, "view %s of %s needs %s", q.View, q.Kind, f)
		}
	}
	c.Where = slices.Clone(q.Where)
	for i, w := range c.Where {
		if !slices.Contains(v.By, w.Field) && !slices.Contains(v.Filters, w.Field) {
			return Checked{}, Invalid(w.Field, "view %s of %s has no filter %q", q.View, q.Kind, w.Field)
		}
		t := Text
		if f, ok := k.Field(w.Field); ok {
			t = f.Type
		}
		if (t == Set) != (w.Op == Has) {
			return Checked{}, Invalid(w.Field, "a set is asked what it has, and nothing else is")
		}
		switch w.Op {
		case Eq, Lt, Le, Gt, Ge:
			val, err := Convert(t, w.Value)
			if err != nil {
				return Checked{}, Invalid(w.Field, "%v", err)
			}
			c.Where[i].Value = val
		case In, Has:
			list, ok := anyList(w.Value)
			if !ok || len(list) == 0 || len(list) > 500 {
				return Checked{}, Invalid(w.Field, "a list of 1 to 500 values is needed")
			}
			for j := range list {
				val, err := Convert(t, list[j])
				if err != nil {
					return Checked{}, Invalid(w.Field, "%v", err)
				}
				list[j] = val
			}
			if w.Op == Has {
				for j := range list {
					list[j] = member(list[j].(string))
				}
			}
			c.Where[i].Value = list
		default:
			return Checked{}, Invalid(w.Field, "unknown comparison %q", w.Op)
		}
	}
	if c.Limit == 0 {
		c.Limit = MaxLimit
	}
	if c.Limit < 1 || c.Limit > MaxLimit {
		return Checked{}, Invalid("limit", "1 to %d", MaxLimit)
	}
	if c.Skip < 0 {
		return Checked{}, Invalid("skip", "at least 0")
	}
	if q.After != "" {
		raw, err := base64.RawURLEncoding.DecodeString(q.After)
		var key Key
		if err == nil {
			err = json.Unmarshal(raw, &key)
		}
		if err != nil || key.ID == "" {
			return Checked{}, Invalid("after", "not a place in a list")
		}
		t := Text
		if f, ok := k.Field(c.Order); ok {
			t = f.Type
		}
		if key.Value, err = Convert(t, key.Value); err != nil {
			return Checked{}, Invalid("after", "not a place in a list")
		}
		c.After = &key
	}
	return c, nil
}

// KeyOf is the place of r in the list that q asks for: the next page's After.
func (ks *Kinds) KeyOf(q Query, r Record) (string, error) {
	c, err := ks.Check(q)
	if err != nil {
		return "", err
	}
	if c.Order == "root" {
		return Key{Value: r.Root, ID: r.ID}.Encode(), nil
	}
	vals, err := Columns(c.Kind, r)
	if err != nil {
		return "", err
	}
	for i, f := range c.Kind.Fields {
		if f.Name == c.Order {
			return Key{Value: vals[i], ID: r.ID}.Encode(), nil
		}
	}
	return "", Invalid("order", "%q", c.Order)
}

func anyList(v any) ([]any, bool) {
	switch l := v.(type) {
	case []any:
		return slices.Clone(l), true
	case []string:
		out := make([]any, len(l))
		for i := range l {
			out[i] = l[i]
		}
		return out, true
	}
	return nil, false
}
