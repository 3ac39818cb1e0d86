package office

import "slices"

// Of is a kind together with the Go struct of its bodies. Rooms declare their
// kinds as variables of this type:
//
//	var Tasks = office.Of[Task]{Kind: &office.Kind{Name: "approval.task", …}}
type Of[T any] struct{ *Kind }

// Get reads a record and its decoded body.
func (o Of[T]) Get(tx Tx, id string) (T, Presence, error) {
	var v T
	r, p, err := tx.Get(o.Name, id)
	if err != nil || p != Present {
		return v, p, err
	}
	return v, p, r.Decode(&v)
}

// Need reads a record that must be there: CodeNotFound if it is absent,
// CodeElsewhere if this desk does not hold it.
func (o Of[T]) Need(tx Tx, id string) (T, error) {
	v, p, err := o.Get(tx, id)
	switch {
	case err != nil:
		return v, err
	case p == Absent:
		return v, &Error{Code: CodeNotFound, Field: o.Name, Message: id}
	case p == Elsewhere:
		return v, ErrElsewhere()
	}
	return v, nil
}

// Insert makes a root record.
func (o Of[T]) Insert(tx Tx, id string, v T) error { return tx.Insert(o.Name, id, id, v) }

// InsertUnder makes a child record under its root.
func (o Of[T]) InsertUnder(tx Tx, root, id string, v T) error { return tx.Insert(o.Name, id, root, v) }

// Patch sets fields.
func (o Of[T]) Patch(tx Tx, id string, set Fields) error { return tx.Patch(o.Name, id, set) }

// Delete removes the record.
func (o Of[T]) Delete(tx Tx, id string) error { return tx.Delete(o.Name, id) }

// Item is a decoded record of a list.
type Item[T any] struct {
	Record
	Value T
}

// All reads a view to its end, page by page: for whatever must miss nothing. A
// Limit in q is the size of a page.
func (o Of[T]) All(tx Tx, q Query) ([]Item[T], error) {
	if q.Limit == 0 {
		q.Limit = MaxLimit
	}
	if v, ok := o.View(q.View); ok && q.Order == "" {
		q.Order = v.Orders[0]
	}
	var out []Item[T]
	for {
		page, err := o.List(tx, q)
		if err != nil {
			return nil, err
		}
		out = append(out, page...)
		if len(page) < q.Limit {
			return out, nil
		}
		last := page[len(page)-1].Record
		q.Skip = 0
		if q.After, err = o.keyOf(last, q.Order); err != nil {
			return nil, err
		}
	}
}

// keyOf is where a record stands in an order.
func (o Of[T]) keyOf(r Record, order string) (string, error) {
	if order == "root" {
		return Key{Value: r.Root, ID: r.ID}.Encode(), nil
	}
	cols, err := Columns(o.Kind, r)
	if err != nil {
		return "", err
	}
	i := slices.IndexFunc(o.Fields, func(f Field) bool { return f.Name == order })
	if i < 0 {
		return "", Invalid("order", "%s has no order %q", o.Name, order)
	}
	return Key{Value: cols[i], ID: r.ID}.Encode(), nil
}

// List reads one page of a view; All reads it to the end.
func (o Of[T]) List(tx Tx, q Query) ([]Item[T], error) {
	q.Kind = o.Name
	rs, err := tx.List(q)
	if err != nil {
		return nil, err
	}
	out := make([]Item[T], len(rs))
	for i, r := range rs {
		out[i].Record = r
		if err := r.Decode(&out[i].Value); err != nil {
			return nil, err
		}
	}
	return out, nil
}
