// Package rowsql turns the declarations of record kinds into SQL: it is the one
// place where a kind becomes a table, a view becomes an index and a query
// becomes a statement, for the desk's replica (SQLite) and for the server's
// store (SQLite, PostgreSQL).
//
// It knows nothing of channels, presence or permission, opens no database and
// begins no transaction. Names in its statements come from declarations that
// office.NewKinds has checked; values are always parameters.
package rowsql

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"strings"

	"qianshao/syncserver/office"
)

// Dialect is the SQL that a database speaks.
type Dialect int

const (
	SQLite   Dialect = 0
	Postgres Dialect = 1 // through pgx's database/sql driver
)

// Conn runs statements: a *sql.DB, *sql.Tx or *sql.Conn.
type Conn interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// Rows reads and writes records of these kinds. It is a plain value without
// state: copy it freely, use it from any goroutine.
type Rows struct {
	Kinds   *office.Kinds
	Dialect Dialect
}

// Stored is a record as it lies in its table, with the share in its channels'
// sums that was counted when it was written. A body damaged later no longer
// agrees with Sum.
type Stored struct {
	office.Record
	Sum uint64
}

// Table is the name of the kind's table, "" for an unknown kind.
func (r Rows) Table(kind string) string {
	if r.Kinds.Get(kind) == nil {
		return ""
	}
	return "r_" + strings.Replace(kind, ".", "_", 1)
}

func (r Rows) table(kind string) (*office.Kind, string, error) {
	k := r.Kinds.Get(kind)
	if k == nil {
		return nil, "", office.Invalid("kind", "unknown kind %q", kind)
	}
	return k, r.Table(kind), nil
}

// Rebind writes a statement with ? placeholders for the dialect. The statement
// must hold no ? in literals.
func (d Dialect) Rebind(query string) string {
	if d == SQLite || !strings.Contains(query, "?") {
		return query
	}
	var b strings.Builder
	b.Grow(len(query) + 16)
	n := 0
	for i := range len(query) {
		if query[i] != '?' {
			b.WriteByte(query[i])
			continue
		}
		n++
		b.WriteByte('$')
		b.WriteString(strconv.Itoa(n))
	}
	return b.String()
}

// Get reads one record.
func (r Rows) Get(ctx context.Context, c Conn, kind, id string) (office.Record, bool, error) {
	s, ok, err := r.Load(ctx, c, kind, id, NoLock)
	return s.Record, ok, err
}

// Lock reads one record and, on PostgreSQL, holds its row until the transaction
// ends (FOR UPDATE). On SQLite the writer is alone anyway.
func (r Rows) Lock(ctx context.Context, c Conn, kind, id string) (office.Record, bool, error) {
	s, ok, err := r.Load(ctx, c, kind, id, ForUpdate)
	return s.Record, ok, err
}

// Hold says how a read row is held until the transaction ends. SQLite's writer
// is alone and needs none.
type Hold string

const (
	NoLock    Hold = ""
	ForShare  Hold = " FOR SHARE"  // others may read it, nobody may write it
	ForUpdate Hold = " FOR UPDATE" // nobody else may hold it
)

func (r Rows) hold(h Hold) string {
	if r.Dialect == Postgres {
		return string(h)
	}
	return ""
}

// Load reads one record with its stored sum and holds its row.
func (r Rows) Load(ctx context.Context, c Conn, kind, id string, hold Hold) (Stored, bool, error) {
	_, table, err := r.table(kind)
	if err != nil {
		return Stored{}, false, err
	}
	q := "SELECT root, ver, body, sum FROM " + table + " WHERE id = ?" + r.hold(hold)
	s := Stored{Record: office.Record{Kind: kind, ID: id}}
	var sum int64
	var body string
	err = c.QueryRowContext(ctx, r.Dialect.Rebind(q), id).Scan(&s.Root, &s.Ver, &body, &sum)
	if err == sql.ErrNoRows {
		return Stored{}, false, nil
	}
	if err != nil {
		return Stored{}, false, fmt.Errorf("read %s %s: %w", kind, id, err)
	}
	s.Body, s.Sum = []byte(body), uint64(sum)
	return s, true, nil
}

// Put writes a record whole, with its columns and its sum: it inserts the row
// or replaces it, whatever version is there.
func (r Rows) Put(ctx context.Context, c Conn, rec office.Record) error {
	names, args, err := r.values(rec)
	if err != nil {
		return err
	}
	var b strings.Builder
	b.WriteString("INSERT INTO " + r.Table(rec.Kind) + " (" + strings.Join(names, ", ") + ") VALUES (?" + strings.Repeat(", ?", len(names)-1) + ") ON CONFLICT (id) DO UPDATE SET ")
	for i, n := range names[1:] {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(n + " = excluded." + n)
	}
	if _, err := c.ExecContext(ctx, r.Dialect.Rebind(b.String()), args...); err != nil {
		return fmt.Errorf("write %s %s: %w", rec.Kind, rec.ID, err)
	}
	return nil
}

// Insert writes a record that is not there yet; if it is, the error is the
// driver's unique violation.
func (r Rows) Insert(ctx context.Context, c Conn, rec office.Record) error {
	names, args, err := r.values(rec)
	if err != nil {
		return err
	}
	q := "INSERT INTO " + r.Table(rec.Kind) + " (" + strings.Join(names, ", ") + ") VALUES (?" + strings.Repeat(", ?", len(names)-1) + ")"
	if _, err := c.ExecContext(ctx, r.Dialect.Rebind(q), args...); err != nil {
		return fmt.Errorf("insert %s %s: %w", rec.Kind, rec.ID, err)
	}
	return nil
}

// InsertMany is Insert of many records of one kind.
func (r Rows) InsertMany(ctx context.Context, c Conn, kind string, recs []office.Record) error {
	const most = 8000 // parameters of one statement
	for len(recs) > 0 {
		var args []any
		var names []string
		n := 0
		for n < len(recs) && (n == 0 || len(args)+len(names) <= most) {
			ns, as, err := r.values(recs[n])
			if err != nil {
				return err
			}
			names, args = ns, append(args, as...)
			n++
		}
		one := "(?" + strings.Repeat(", ?", len(names)-1) + ")"
		q := "INSERT INTO " + r.Table(kind) + " (" + strings.Join(names, ", ") + ") VALUES " + one + strings.Repeat(", "+one, n-1)
		if _, err := c.ExecContext(ctx, r.Dialect.Rebind(q), args...); err != nil {
			return fmt.Errorf("insert %s: %w", kind, err)
		}
		recs = recs[n:]
	}
	return nil
}

// Swap replaces old by rec if old is still what the table has, and reports
// whether it was.
func (r Rows) Swap(ctx context.Context, c Conn, old Stored, rec office.Record) (bool, error) {
	names, args, err := r.values(rec)
	if err != nil {
		return false, err
	}
	q := "UPDATE " + r.Table(rec.Kind) + " SET " + strings.Join(names[1:], " = ?, ") + " = ? WHERE id = ? AND ver = ? AND sum = ?"
	args = append(args[1:], rec.ID, old.Ver, int64(old.Sum))
	return r.one(ctx, c, q, rec, args...)
}

// Remove deletes old if it is still what the table has, and reports whether it
// was.
func (r Rows) Remove(ctx context.Context, c Conn, old Stored) (bool, error) {
	_, table, err := r.table(old.Kind)
	if err != nil {
		return false, err
	}
	q := "DELETE FROM " + table + " WHERE id = ? AND ver = ? AND sum = ?"
	return r.one(ctx, c, q, old.Record, old.ID, old.Ver, int64(old.Sum))
}

func (r Rows) one(ctx context.Context, c Conn, q string, rec office.Record, args ...any) (bool, error) {
	res, err := c.ExecContext(ctx, r.Dialect.Rebind(q), args...)
	if err != nil {
		return false, fmt.Errorf("write %s %s: %w", rec.Kind, rec.ID, err)
	}
	n, err := res.RowsAffected()
	if err != nil {
		return false, fmt.Errorf("write %s %s: %w", rec.Kind, rec.ID, err)
	}
	return n == 1, nil
}

// values are the columns of a record's row, the id first, and what to put
// there.
func (r Rows) values(rec office.Record) (names []string, args []any, err error) {
	k, _, err := r.table(rec.Kind)
	if err != nil {
		return nil, nil, err
	}
	cols, err := office.Columns(k, rec)
	if err != nil {
		return nil, nil, err
	}
	names = make([]string, 0, 5+len(cols))
	names = append(names, "id", "root", "ver", "body", "sum")
	args = make([]any, 0, 8+len(cols))
	args = append(args, rec.ID, rec.Root, rec.Ver, string(rec.Body), int64(rec.Sum()))
	for i, f := range k.Fields {
		names = append(names, column(f.Name))
		args = append(args, cols[i])
	}
	return names, args, nil
}

// Delete removes a record; removing what is not there is no error.
func (r Rows) Delete(ctx context.Context, c Conn, kind, id string) error {
	_, table, err := r.table(kind)
	if err != nil {
		return err
	}
	if _, err := c.ExecContext(ctx, r.Dialect.Rebind("DELETE FROM "+table+" WHERE id = ?"), id); err != nil {
		return fmt.Errorf("delete %s %s: %w", kind, id, err)
	}
	return nil
}

// Children are the records of a child kind under one root, ordered by id.
func (r Rows) Children(ctx context.Context, c Conn, childKind, root string) ([]office.Record, error) {
	ss, err := r.Under(ctx, c, childKind, root, NoLock)
	if err != nil {
		return nil, err
	}
	out := make([]office.Record, len(ss))
	for i := range ss {
		out[i] = ss[i].Record
	}
	return out, nil
}

// Under is Children with stored sums; their rows are held.
func (r Rows) Under(ctx context.Context, c Conn, childKind, root string, hold Hold) ([]Stored, error) {
	_, table, err := r.table(childKind)
	if err != nil {
		return nil, err
	}
	q := "SELECT id, root, ver, body, sum FROM " + table + " WHERE root = ? ORDER BY id" + r.hold(hold)
	return r.scan(ctx, c, childKind, q, root)
}

// Page reads the records of a kind in the order of their ids, after one of
// them; "" is from the start.
func (r Rows) Page(ctx context.Context, c Conn, kind, after string, limit int) ([]Stored, error) {
	_, table, err := r.table(kind)
	if err != nil {
		return nil, err
	}
	return r.scan(ctx, c, kind, "SELECT id, root, ver, body, sum FROM "+table+" WHERE id > ? ORDER BY id LIMIT ?", after, int64(limit))
}

// LoadMany reads the records of one kind with these ids, those that are there,
// in no certain order. At most 500 ids.
func (r Rows) LoadMany(ctx context.Context, c Conn, kind string, ids []string) ([]Stored, error) {
	_, table, err := r.table(kind)
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	args := make([]any, len(ids))
	for i := range ids {
		args[i] = ids[i]
	}
	q := "SELECT id, root, ver, body, sum FROM " + table + " WHERE id IN (?" + strings.Repeat(", ?", len(ids)-1) + ")"
	return r.scan(ctx, c, kind, q, args...)
}

func (r Rows) scan(ctx context.Context, c Conn, kind, query string, args ...any) ([]Stored, error) {
	rs, err := c.QueryContext(ctx, r.Dialect.Rebind(query), args...)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", kind, err)
	}
	defer rs.Close()
	var out []Stored
	for rs.Next() {
		s := Stored{Record: office.Record{Kind: kind}}
		var sum int64
		var body string
		if err := rs.Scan(&s.ID, &s.Root, &s.Ver, &body, &sum); err != nil {
			return nil, fmt.Errorf("read %s: %w", kind, err)
		}
		s.Body, s.Sum = []byte(body), uint64(sum)
		out = append(out, s)
	}
	if err := rs.Err(); err != nil {
		return nil, fmt.Errorf("read %s: %w", kind, err)
	}
	return out, nil
}

// column is the name of a declared field's column.
func column(field string) string {
	if field == "root" || field == "id" {
		return field
	}
	return "f_" + field
}
