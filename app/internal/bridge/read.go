package bridge

import (
	"context"
	"encoding/json"

	"qianshao/syncserver/office"
)

// item is a decoded record.
type item[T any] struct {
	office.Record
	Value T
}

// list reads all records of a query, decoded.
func list[T any](ctx context.Context, a *at, o office.Of[T], q office.Query) ([]item[T], error) {
	q.Kind = o.Name
	rs, err := a.listAll(ctx, q)
	if err != nil {
		return nil, err
	}
	return decoded[T](rs)
}

// first reads the first records of a query, decoded.
func first[T any](ctx context.Context, a *at, o office.Of[T], q office.Query) ([]item[T], error) {
	q.Kind = o.Name
	rs, err := a.desk.List(ctx, q)
	if err != nil {
		return nil, err
	}
	return decoded[T](rs)
}

// children reads the records of a child kind under one root, decoded.
func children[T any](ctx context.Context, a *at, o office.Of[T], root string) ([]item[T], error) {
	rs, err := a.desk.Children(ctx, o.Name, root)
	if err != nil {
		return nil, err
	}
	return decoded[T](rs)
}

// get reads one record, decoded.
func get[T any](ctx context.Context, a *at, o office.Of[T], id string) (item[T], bool, error) {
	r, ok, err := a.desk.Get(ctx, o.Name, id)
	if err != nil || !ok {
		return item[T]{}, false, err
	}
	x := item[T]{Record: r}
	return x, true, r.Decode(&x.Value)
}

func decoded[T any](rs []office.Record) ([]item[T], error) {
	out := make([]item[T], len(rs))
	for i, r := range rs {
		out[i].Record = r
		if err := r.Decode(&out[i].Value); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// changes collects what a person changed, with what they saw.
type changes struct {
	list []office.Change
	err  error
}

// add notes one field if it differs. An empty value is a field that is not set.
func (c *changes) add(field string, old, now any) {
	o, err := json.Marshal(old)
	if err == nil {
		var n []byte
		if n, err = json.Marshal(now); err == nil && string(o) != string(n) {
			c.list = append(c.list, office.Change{Field: field, Old: o, New: n}.Plain())
		}
	}
	if err != nil && c.err == nil {
		c.err = err
	}
}

// addFlag is add for a field that is always in the body, false and 0 included.
func (c *changes) addFlag(field string, old, now any) {
	n := len(c.list)
	c.add(field, old, now)
	if len(c.list) > n {
		o, _ := json.Marshal(old) // plain values encode; add has tried
		w, _ := json.Marshal(now)
		c.list[n].Old, c.list[n].New = o, w
	}
}

// pair notes a field whether or not it differs: it says what the person saw.
func (c *changes) pair(field string, old, now any) {
	o, err := json.Marshal(old)
	if err == nil {
		var n []byte
		if n, err = json.Marshal(now); err == nil {
			c.list = append(c.list, office.Change{Field: field, Old: o, New: n})
		}
	}
	if err != nil && c.err == nil {
		c.err = err
	}
}

// marks are the marks of the rows of a kind: waiting ones and those with an
// open conflict of this person.
type marks struct {
	waiting map[string][]string
	clashes map[string]bool
	needs   map[string]bool
	reading map[string]int // unread copies that the person sent, by paper
}

func (a *at) marks(ctx context.Context, kind string) (marks, error) {
	m := marks{clashes: map[string]bool{}}
	var err error
	if m.waiting, err = a.desk.PendingOf(ctx, kind); err != nil {
		return m, err
	}
	open, err := list(ctx, a, office.Conflicts, office.Query{
		View: "mine", Where: []office.Cond{
			office.Where("actor", string(a.uid)), office.Where("state", office.ConflictOpen), office.Where("kind", kind),
		},
	})
	if err != nil {
		return m, err
	}
	for _, c := range open {
		m.clashes[c.Value.ID] = true
	}
	return m, nil
}

func (m marks) of(id string) string {
	switch {
	case m.needs[id]:
		return MarkNeed
	case m.clashes[id]:
		return MarkClash
	case len(m.waiting[id]) > 0:
		return MarkWait
	}
	return MarkNone
}
