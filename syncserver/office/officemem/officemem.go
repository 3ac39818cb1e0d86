// Package officemem is a store in memory with the same Tx as the real ones: for
// rehearsing commands, in tests and in the demonstration. It keeps nothing.
package officemem

import (
	"cmp"
	"maps"
	"slices"

	"qianshao/syncserver/office"
)

// Mem is a store in memory. The zero value is not usable; call NewMem.
// Not safe for concurrent use.
type Mem struct {
	Kinds *office.Kinds
	// Desk makes Get answer Elsewhere instead of Absent for records that were
	// never here, as a replica does.
	Desk bool
	rows map[key]*row
	gone map[key]bool // were here and are removed
}

type key struct{ kind, id string }

// row is a record as it was written; writing makes another row.
type row struct {
	office.Record
	cols []any // the declared fields, read from the body when a list first asks
}

func (r *row) columns(k *office.Kind) ([]any, error) {
	if r.cols == nil {
		cols, err := office.Columns(k, r.Record)
		if err != nil {
			return nil, err
		}
		r.cols = cols
	}
	return r.cols, nil
}

// NewMem makes an empty store of these kinds.
func NewMem(ks *office.Kinds) *Mem {
	return &Mem{Kinds: ks, rows: map[key]*row{}, gone: map[key]bool{}}
}

// Outcome is what a run left beside its writes.
type Outcome struct {
	Note  office.Code
	Jobs  []office.Job
	Wrote bool
}

// Do runs a command in a transaction: an error undoes all its writes.
func (m *Mem) Do(cmd office.Command, c office.Context) (Outcome, error) {
	return m.Update(func(tx office.Tx) error { return cmd.Run(tx, c) })
}

// Update runs f in a transaction: an error undoes all its writes.
func (m *Mem) Update(f func(office.Tx) error) (Outcome, error) {
	tx := &memTx{m: m, rows: maps.Clone(m.rows), gone: maps.Clone(m.gone)}
	if err := f(tx); err != nil {
		return Outcome{}, err
	}
	m.rows, m.gone = tx.rows, tx.gone
	return Outcome{Note: tx.note, Jobs: tx.jobs, Wrote: tx.wrote}, nil
}

// Get reads one record outside a transaction.
func (m *Mem) Get(kind, id string) (office.Record, bool) {
	r, ok := m.rows[key{kind, id}]
	if !ok {
		return office.Record{}, false
	}
	return r.Record, true
}

// All are the records of a kind, ordered by id.
func (m *Mem) All(kind string) []office.Record {
	var out []office.Record
	for k, r := range m.rows {
		if k.kind == kind {
			out = append(out, r.Record)
		}
	}
	slices.SortFunc(out, func(a, b office.Record) int { return cmp.Compare(a.ID, b.ID) })
	return out
}

type memTx struct {
	m     *Mem
	rows  map[key]*row
	gone  map[key]bool
	note  office.Code
	jobs  []office.Job
	wrote bool
}

func (t *memTx) kind(name string) (*office.Kind, error) {
	k := t.m.Kinds.Get(name)
	if k == nil {
		return nil, office.Invalid("kind", "unknown kind %q", name)
	}
	return k, nil
}

func (t *memTx) Get(kind, id string) (office.Record, office.Presence, error) {
	if _, err := t.kind(kind); err != nil {
		return office.Record{}, office.Absent, err
	}
	r, ok := t.rows[key{kind, id}]
	if ok {
		out := r.Record
		out.Body = slices.Clone(r.Body) // the command may do with it what it likes
		return out, office.Present, nil
	}
	if t.m.Desk && !t.gone[key{kind, id}] {
		return office.Record{}, office.Elsewhere, nil
	}
	return office.Record{}, office.Absent, nil
}

func (t *memTx) List(q office.Query) ([]office.Record, error) {
	c, err := t.m.Kinds.Check(q)
	if err != nil {
		return nil, err
	}
	type hit struct {
		r office.Record
		v any
	}
	var hits []hit
	for k, r := range t.rows {
		if k.kind != c.Kind.Name {
			continue
		}
		vals, err := r.columns(c.Kind)
		if err != nil {
			return nil, err
		}
		if office.Meets(c.Kind, r.Root, vals, c.Where) {
			hits = append(hits, hit{r.Record, office.Value(c.Kind, r.Root, vals, c.Order)})
		}
	}
	dir := 1
	if c.Desc {
		dir = -1
	}
	order := func(v any, id string, w any, jd string) int {
		if n := office.CompareColumns(v, w); n != 0 {
			return dir * n
		}
		return dir * cmp.Compare(id, jd)
	}
	slices.SortFunc(hits, func(a, b hit) int { return order(a.v, a.r.ID, b.v, b.r.ID) })
	var out []office.Record
	skip := c.Skip
	for _, h := range hits {
		if c.After != nil && order(h.v, h.r.ID, c.After.Value, c.After.ID) <= 0 {
			continue
		}
		if skip > 0 {
			skip--
			continue
		}
		h.r.Body = slices.Clone(h.r.Body)
		if out = append(out, h.r); len(out) == c.Limit {
			break
		}
	}
	return out, nil
}

func (t *memTx) Insert(kind, id, root string, body any) error {
	k, err := t.kind(kind)
	if err != nil {
		return err
	}
	if k.IsRoot() && root == "" {
		root = id
	}
	if !office.ValidID(id) || !office.ValidID(root) || k.IsRoot() && root != id {
		return office.Invalid("id", "bad id %q under %q", id, root)
	}
	if _, ok := t.rows[key{kind, id}]; ok {
		return &office.Error{Code: office.CodeExists, Field: kind, Message: id}
	}
	b, err := office.Canonical(body)
	if err != nil {
		return err
	}
	r := office.Record{Kind: kind, ID: id, Root: root, Ver: 1, Body: b}
	if err := t.put(k, r); err != nil {
		return err
	}
	t.wrote = true
	delete(t.gone, key{kind, id})
	return nil
}

// put keeps a record whose declared fields can be read.
func (t *memTx) put(k *office.Kind, r office.Record) error {
	x := &row{Record: r}
	if _, err := x.columns(k); err != nil {
		return err
	}
	t.rows[key{r.Kind, r.ID}] = x
	return nil
}

func (t *memTx) missing(kind, id string) error {
	if t.m.Desk && !t.gone[key{kind, id}] {
		return office.ErrElsewhere()
	}
	return &office.Error{Code: office.CodeNotFound, Field: kind, Message: id}
}

func (t *memTx) Patch(kind, id string, set office.Fields) error {
	k, err := t.kind(kind)
	if err != nil {
		return err
	}
	old, ok := t.rows[key{kind, id}]
	if !ok {
		return t.missing(kind, id)
	}
	r := old.Record
	b, err := office.Patched(r.Body, set)
	if err != nil {
		return err
	}
	if string(b) == string(r.Body) {
		return nil
	}
	r.Body, r.Ver = b, r.Ver+1
	if err := t.put(k, r); err != nil {
		return err
	}
	t.wrote = true
	return nil
}

func (t *memTx) Delete(kind, id string) error {
	k, err := t.kind(kind)
	if err != nil {
		return err
	}
	if _, ok := t.rows[key{kind, id}]; !ok {
		return t.missing(kind, id)
	}
	t.wrote = true
	for x, r := range t.rows {
		if x == (key{kind, id}) || k.IsRoot() && r.Root == id && t.m.Kinds.Get(x.kind).Parent == kind {
			delete(t.rows, x)
			t.gone[x] = true
		}
	}
	return nil
}

func (t *memTx) Note(code office.Code) {
	if t.note != office.NoteConflict {
		t.note = code
	}
}

func (t *memTx) Emit(job office.Job) { t.jobs = append(t.jobs, job) }
