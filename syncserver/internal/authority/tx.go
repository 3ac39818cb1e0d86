package authority

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"qianshao/syncserver/internal/store"
	"qianshao/syncserver/office"
	"qianshao/syncserver/rowsql"
)

type key struct{ kind, id string }

// touched is a record that a run has read or written.
type touched struct {
	base    rowsql.Stored // as it was before the run
	had     bool
	now     office.Record // as it is for the run
	has     bool
	table   rowsql.Stored // as the table has it: base until it is flushed
	inTable bool
	dirty   bool // now is not what the table has
	written bool // the table has been written
}

// tx is the server's office.Tx: writes are kept in memory until a list needs
// them or the command is accepted. A row is written only if nobody changed it
// since it was read; otherwise the whole transaction is run again.
type tx struct {
	ctx   context.Context // of the one transaction it serves
	q     store.Q
	rows  rowsql.Rows
	dev   string      // device that the command came from; "" for none
	hold  rowsql.Hold // how rows are held that are read: NoLock at first, ForUpdate after a lost race
	loose bool        // ablation: rows are written whatever the table has

	cache map[key]*touched
	moved map[key]bool // records whose place is decided
	note  office.Code
	jobs  []office.Job
	wrote bool

	fault     error // the database failed, or a race was lost: the transaction is void
	savepoint bool
}

const savepoint = "command"

func (t *tx) fail(err error) error {
	if t.fault == nil {
		t.fault = err
	}
	return err
}

func (t *tx) kind(name string) (*office.Kind, error) {
	k := t.rows.Kinds.Get(name)
	if k == nil {
		return nil, office.Invalid("kind", "unknown kind %q", name)
	}
	return k, nil
}

func (t *tx) row(kind, id string) (*touched, error) {
	if _, err := t.kind(kind); err != nil {
		return nil, err
	}
	if r := t.cache[key{kind, id}]; r != nil {
		return r, nil
	}
	if !office.ValidID(id) { // cannot exist; must not reach the database
		return &touched{}, nil
	}
	s, ok, err := t.rows.Load(t.ctx, t.q, kind, id, t.hold)
	if err != nil {
		return nil, t.fail(err)
	}
	return t.remember(key{kind, id}, s, ok), nil
}

func (t *tx) remember(k key, s rowsql.Stored, ok bool) *touched {
	r := &touched{base: s, had: ok, now: s.Record, has: ok, table: s, inTable: ok}
	t.cache[k] = r
	return r
}

// Get reads one record. The server holds all records: it never answers
// office.Elsewhere.
func (t *tx) Get(kind, id string) (office.Record, office.Presence, error) {
	r, err := t.row(kind, id)
	if err != nil || !r.has {
		return office.Record{}, office.Absent, err
	}
	return clone(r.now), office.Present, nil
}

// clone keeps a command that changes a body in place from changing the cache.
func clone(r office.Record) office.Record {
	r.Body = slices.Clone(r.Body)
	return r
}

// List reads records by a declared view, the run's own writes included.
func (t *tx) List(q office.Query) ([]office.Record, error) {
	c, err := t.rows.Kinds.Check(q)
	if err != nil {
		return nil, err
	}
	if err := t.flush(false); err != nil {
		return nil, err
	}
	rs, err := t.rows.List(t.ctx, t.q, c)
	if err != nil {
		return nil, t.fail(err)
	}
	return rs, nil
}

// Insert makes a record.
func (t *tx) Insert(kind, id, root string, body any) error {
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
	r := t.cache[key{kind, id}]
	if r == nil && t.q.Dialect() == rowsql.Postgres && t.hold == rowsql.NoLock {
		// It is most likely new: a round trip saved. If it is there, writing
		// it fails and the transaction runs again, looking first.
		r = t.remember(key{kind, id}, rowsql.Stored{}, false)
	} else if r, err = t.row(kind, id); err != nil {
		return err
	}
	if r.has {
		return &office.Error{Code: office.CodeExists, Field: kind, Message: id}
	}
	b, err := office.Canonical(body)
	if err != nil {
		return err
	}
	rec := office.Record{Kind: kind, ID: id, Root: root, Ver: 1, Body: b}
	if _, err := office.Columns(k, rec); err != nil {
		return err
	}
	r.now, r.has, r.dirty, t.wrote = rec, true, true, true
	return nil
}

// Patch sets top-level fields of a record.
func (t *tx) Patch(kind, id string, set office.Fields) error {
	k, err := t.kind(kind)
	if err != nil {
		return err
	}
	r, err := t.row(kind, id)
	if err != nil {
		return err
	}
	if !r.has {
		return &office.Error{Code: office.CodeNotFound, Field: kind, Message: id}
	}
	b, err := office.Patched(r.now.Body, set)
	if err != nil {
		return err
	}
	if string(b) == string(r.now.Body) {
		return nil
	}
	rec := r.now
	rec.Body, rec.Ver = b, rec.Ver+1
	if _, err := office.Columns(k, rec); err != nil {
		return err
	}
	r.now, r.dirty, t.wrote = rec, true, true
	return nil
}

// written are the records that the run has made, changed or removed, ordered by
// kind and id.
func (t *tx) written() []office.Wrote {
	var out []office.Wrote
	for _, r := range t.cache {
		switch {
		case r.has && (!r.had || string(r.now.Body) != string(r.base.Body)):
			out = append(out, office.Wrote{Record: clone(r.now), New: !r.had})
		case !r.has && r.had:
			out = append(out, office.Wrote{Record: clone(r.base.Record), Gone: true})
		}
	}
	slices.SortFunc(out, func(a, b office.Wrote) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.ID, b.ID))
	})
	return out
}

// Delete removes a record; a root takes its children along.
func (t *tx) Delete(kind, id string) error {
	k, err := t.kind(kind)
	if err != nil {
		return err
	}
	r, err := t.row(kind, id)
	if err != nil {
		return err
	}
	if !r.has {
		return &office.Error{Code: office.CodeNotFound, Field: kind, Message: id}
	}
	if k.IsRoot() {
		if err := t.deleteChildren(k, r, id); err != nil {
			return err
		}
	}
	r.has, r.dirty, t.wrote = false, true, true
	return nil
}

func (t *tx) deleteChildren(k *office.Kind, root *touched, id string) error {
	kinds := t.rows.Kinds.Children(k.Name)
	if len(kinds) == 0 {
		return nil
	}
	if root.inTable { // nobody may add a child meanwhile
		s, ok, err := t.rows.Load(t.ctx, t.q, k.Name, id, rowsql.ForUpdate)
		if err != nil {
			return t.fail(err)
		}
		if !ok || s.Ver != root.table.Ver || s.Sum != root.table.Sum {
			return t.fail(fmt.Errorf("delete %s %s: %w", k.Name, id, store.ErrConflict))
		}
	}
	for _, ck := range kinds {
		ss, err := t.rows.Under(t.ctx, t.q, ck.Name, id, rowsql.ForUpdate)
		if err != nil {
			return t.fail(err)
		}
		for _, s := range ss {
			if x := (key{ck.Name, s.ID}); t.cache[x] == nil {
				t.remember(x, s, true)
			}
		}
	}
	for x, r := range t.cache {
		if r.has && x.kind != k.Name && r.now.Root == id && t.rows.Kinds.Get(x.kind).Parent == k.Name {
			r.has, r.dirty = false, true
		}
	}
	return nil
}

// Note marks the command as applied with a remark.
func (t *tx) Note(code office.Code) {
	if t.note != office.NoteConflict {
		t.note = code
	}
}

// Emit queues a job.
func (t *tx) Emit(job office.Job) { t.jobs = append(t.jobs, job) }

// changed are the records that differ from what they were, roots before
// children, ordered by kind and id: the order in which rows are locked.
func (t *tx) changed() []key {
	var out []key
	for k, r := range t.cache {
		switch {
		case r.written, r.had != r.has:
		case !r.has || r.base.Root == r.now.Root && string(r.base.Body) == string(r.now.Body):
			continue
		}
		out = append(out, k)
	}
	t.sort(out)
	return out
}

func (t *tx) sort(ks []key) {
	slices.SortFunc(ks, func(a, b key) int {
		if x, y := t.rows.Kinds.Get(a.kind).IsRoot(), t.rows.Kinds.Get(b.kind).IsRoot(); x != y {
			if x {
				return -1
			}
			return 1
		}
		return cmp.Or(cmp.Compare(a.kind, b.kind), cmp.Compare(a.id, b.id))
	})
}

// flush brings the tables up to what the run has written so far. Unless the
// run is accepted, a refusal may follow, and rolls back to before the first
// flush.
func (t *tx) flush(accepted bool) error {
	if t.fault != nil {
		return t.fault
	}
	var dirty []key
	for k, r := range t.cache {
		if r.dirty {
			dirty = append(dirty, k)
		}
	}
	if len(dirty) == 0 {
		return nil
	}
	if !t.savepoint && !accepted {
		if _, err := t.q.ExecContext(t.ctx, "SAVEPOINT "+savepoint); err != nil {
			return t.fail(fmt.Errorf("savepoint: %w", err))
		}
		t.savepoint = true
	}
	return t.write(dirty)
}

func (t *tx) write(dirty []key) error {
	t.sort(dirty)
	for _, k := range dirty {
		r := t.cache[k]
		ok, err := true, error(nil)
		switch {
		case r.has && !r.inTable:
			err = t.rows.Insert(t.ctx, t.q, r.now)
		case t.loose && r.has:
			err = t.rows.Put(t.ctx, t.q, r.now)
		case r.has && (r.table.Ver != r.now.Ver || string(r.table.Body) != string(r.now.Body) || r.table.Root != r.now.Root):
			ok, err = t.rows.Swap(t.ctx, t.q, r.table, r.now)
		case !r.has && r.inTable:
			ok, err = t.rows.Remove(t.ctx, t.q, r.table)
		}
		if err == nil && !ok && !t.loose {
			err = fmt.Errorf("write %s %s: %w", k.kind, k.id, store.ErrConflict)
		}
		if err != nil {
			return t.fail(err)
		}
		r.inTable, r.dirty, r.written = r.has, false, true
		r.table = rowsql.Stored{}
		if r.has {
			r.table = rowsql.Stored{Record: r.now, Sum: r.now.Sum()}
		}
	}
	return nil
}

// undo takes back all writes of a refused run.
func (t *tx) undo() error {
	if t.savepoint {
		if _, err := t.q.ExecContext(t.ctx, "ROLLBACK TO SAVEPOINT "+savepoint); err != nil {
			return t.fail(fmt.Errorf("roll back: %w", err))
		}
	}
	t.cache, t.jobs, t.note, t.wrote = map[key]*touched{}, nil, "", false
	return nil
}

// release ends the run's savepoint where its transaction goes on.
func (t *tx) release() error {
	if !t.savepoint {
		return nil
	}
	if _, err := t.q.ExecContext(t.ctx, "RELEASE SAVEPOINT "+savepoint); err != nil {
		return t.fail(fmt.Errorf("release: %w", err))
	}
	t.savepoint = false
	return nil
}
