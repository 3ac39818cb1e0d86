package rowsql

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"qianshao/syncserver/office"
)

// Schema is the statements that make all tables and indexes where they are not
// there yet: one table per kind, r_<room>_<noun>, with one typed column
// f_<field> per declared field; an index on root and one per view and order
// (By…, order, id).
func (r Rows) Schema() []string {
	var out []string
	for _, k := range r.Kinds.All() {
		out = append(out, r.createTable(k))
		for _, x := range r.indexes(k) {
			out = append(out, x.create())
		}
	}
	return out
}

func (r Rows) createTable(k *office.Kind) string {
	cols := []string{"id " + r.sqlType(office.Text) + " PRIMARY KEY", "root " + r.sqlType(office.Text), "ver BIGINT NOT NULL", "body TEXT NOT NULL", "sum BIGINT NOT NULL"}
	for _, f := range k.Fields {
		cols = append(cols, r.columnDef(f))
	}
	return "CREATE TABLE IF NOT EXISTS " + r.Table(k.Name) + " (" + strings.Join(cols, ", ") + ")"
}

func (r Rows) columnDef(f office.Field) string {
	def := " DEFAULT 0"
	if f.Type == office.Text || f.Type == office.Set {
		def = " DEFAULT ''"
	}
	return column(f.Name) + " " + r.sqlType(f.Type) + def
}

// sqlType is the type of a column. Text orders by code point: SQLite's default
// BINARY and PostgreSQL's "C" agree on UTF-8.
func (r Rows) sqlType(t office.FieldType) string {
	pg := r.Dialect == Postgres
	if t == office.Set {
		t = office.Text
	}
	switch {
	case t == office.Text && pg:
		return `TEXT COLLATE "C" NOT NULL`
	case t == office.Text:
		return "TEXT NOT NULL"
	case t == office.Real && pg:
		return "DOUBLE PRECISION NOT NULL"
	case t == office.Real:
		return "REAL NOT NULL"
	case pg:
		return "BIGINT NOT NULL"
	default:
		return "INTEGER NOT NULL"
	}
}

type index struct {
	name, table string
	cols        []string
}

func (x index) create() string {
	return "CREATE INDEX IF NOT EXISTS " + x.name + " ON " + x.table + " (" + strings.Join(x.cols, ", ") + ")"
}

// indexes of a kind. The name tells the columns, so that a changed view gets a
// new index; views that need the same columns share one.
func (r Rows) indexes(k *office.Kind) []index {
	table := r.Table(k.Name)
	var out []index
	add := func(cols ...string) {
		x := index{table: table, cols: cols}
		h := sha256.Sum256([]byte(strings.Join(cols, ",")))
		x.name = "x" + table[1:]
		if len(x.name) > 40 {
			x.name = x.name[:40]
		}
		t := sha256.Sum256([]byte(table))
		x.name += "_" + hex.EncodeToString(t[:2]) + hex.EncodeToString(h[:5])
		if !slices.ContainsFunc(out, func(o index) bool { return o.name == x.name }) {
			out = append(out, x)
		}
	}
	if !k.IsRoot() {
		add("root", "id")
	}
	for _, v := range k.Views {
		for _, o := range v.Orders {
			var cols []string
			for _, f := range append(slices.Clone(v.By), o) {
				if c := column(f); !slices.Contains(cols, c) {
					cols = append(cols, c)
				}
			}
			add(append(cols, "id")...)
		}
	}
	return out
}

// Migrate brings an existing database to the present declarations: missing
// tables, columns and indexes are added, new columns filled from the bodies,
// indexes no longer declared dropped. Idempotent. Run it inside a transaction,
// by one process at a time.
func (r Rows) Migrate(ctx context.Context, c Conn) error {
	var is made
	if r.Dialect == SQLite {
		var err error
		if is, err = r.made(ctx, c); err != nil {
			return err
		}
	}
	for _, k := range r.Kinds.All() {
		if is.fits(r, k) {
			continue
		}
		if err := r.migrateKind(ctx, c, k); err != nil {
			return fmt.Errorf("migrate %s: %w", k.Name, err)
		}
	}
	return nil
}

// made is what an SQLite database says its tables and indexes were made with:
// one look at it is enough to see that most kinds need nothing.
type made struct {
	tables  map[string]string   // by name
	indexes map[string][]string // by table: the names of those that this package made
}

func (r Rows) made(ctx context.Context, c Conn) (made, error) {
	m := made{tables: map[string]string{}, indexes: map[string][]string{}}
	rs, err := c.QueryContext(ctx, "SELECT type, name, tbl_name, COALESCE(sql, '') FROM sqlite_master WHERE type IN ('table', 'index')")
	if err != nil {
		return m, fmt.Errorf("read tables: %w", err)
	}
	defer rs.Close()
	for rs.Next() {
		var what, name, table, sql string
		if err := rs.Scan(&what, &name, &table, &sql); err != nil {
			return m, fmt.Errorf("read tables: %w", err)
		}
		switch {
		case what == "table":
			m.tables[name] = sql
		case ours(name):
			m.indexes[table] = append(m.indexes[table], name)
		}
	}
	if err := rs.Err(); err != nil {
		return m, fmt.Errorf("read tables: %w", err)
	}
	return m, nil
}

// fits reports whether a kind's table and indexes are as this declaration makes
// them. A table that columns were added to is made of another text: it is then
// looked at column by column.
func (m made) fits(r Rows, k *office.Kind) bool {
	table := r.Table(k.Name)
	text := strings.TrimPrefix(r.createTable(k), "CREATE TABLE IF NOT EXISTS "+table)
	is := m.tables[table]
	if is != "CREATE TABLE "+table+text && is != `CREATE TABLE "`+table+`"`+text { // the second was a load table
		return false
	}
	want := r.indexes(k)
	if len(want) != len(m.indexes[table]) {
		return false
	}
	for _, x := range want {
		if !slices.Contains(m.indexes[table], x.name) {
			return false
		}
	}
	return true
}

func (r Rows) migrateKind(ctx context.Context, c Conn, k *office.Kind) error {
	table := r.Table(k.Name)
	if _, err := c.ExecContext(ctx, r.createTable(k)); err != nil {
		return fmt.Errorf("create table: %w", err)
	}
	have, err := r.columnsOf(ctx, c, table)
	if err != nil {
		return err
	}
	stale, err := r.indexNames(ctx, c, table)
	if err != nil {
		return err
	}
	want := r.indexes(k)
	var add, drop []office.Field
	for _, f := range k.Fields {
		t, ok := have[column(f.Name)]
		if ok && t != r.family(f.Type) {
			drop = append(drop, f) // the declaration changed its type
		}
		if !ok || t != r.family(f.Type) {
			add = append(add, f)
		}
	}
	for _, name := range stale {
		keep := len(drop) == 0 && slices.ContainsFunc(want, func(x index) bool { return x.name == name })
		if keep {
			continue
		}
		if _, err := c.ExecContext(ctx, "DROP INDEX IF EXISTS "+name); err != nil {
			return fmt.Errorf("drop index: %w", err)
		}
	}
	for _, f := range drop {
		if _, err := c.ExecContext(ctx, "ALTER TABLE "+table+" DROP COLUMN "+column(f.Name)); err != nil {
			return fmt.Errorf("drop column: %w", err)
		}
	}
	for _, f := range add {
		if _, err := c.ExecContext(ctx, "ALTER TABLE "+table+" ADD COLUMN "+r.columnDef(f)); err != nil {
			return fmt.Errorf("add column: %w", err)
		}
	}
	if len(add) > 0 {
		if err := r.fill(ctx, c, k); err != nil {
			return err
		}
	}
	for _, x := range want {
		if _, err := c.ExecContext(ctx, x.create()); err != nil {
			return fmt.Errorf("create index: %w", err)
		}
	}
	return nil
}

// fill writes every row of the kind again, so that its columns agree with its
// body.
func (r Rows) fill(ctx context.Context, c Conn, k *office.Kind) error {
	const page = 500
	after := ""
	for {
		ss, err := r.Page(ctx, c, k.Name, after, page)
		if err != nil {
			return err
		}
		for _, s := range ss {
			cols, err := office.Columns(k, s.Record)
			if err != nil {
				return err
			}
			var set []string
			for _, f := range k.Fields {
				set = append(set, column(f.Name)+" = ?")
			}
			q := "UPDATE " + r.Table(k.Name) + " SET " + strings.Join(set, ", ") + " WHERE id = ?"
			if _, err := c.ExecContext(ctx, r.Dialect.Rebind(q), append(cols, s.ID)...); err != nil {
				return fmt.Errorf("fill columns of %s: %w", s.ID, err)
			}
		}
		if len(ss) < page {
			return nil
		}
		after = ss[len(ss)-1].ID
	}
}

// family is a column's type as columnsOf tells it.
func (r Rows) family(t office.FieldType) string {
	return strings.ToLower(strings.Fields(strings.ReplaceAll(r.sqlType(t), "DOUBLE PRECISION", "DOUBLE"))[0])
}

func (r Rows) columnsOf(ctx context.Context, c Conn, table string) (map[string]string, error) {
	q := "SELECT name, type FROM pragma_table_info(?)"
	if r.Dialect == Postgres {
		q = "SELECT column_name, data_type FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = $1"
	}
	rs, err := c.QueryContext(ctx, q, table)
	if err != nil {
		return nil, fmt.Errorf("read columns: %w", err)
	}
	defer rs.Close()
	out := map[string]string{}
	for rs.Next() {
		var name, typ string
		if err := rs.Scan(&name, &typ); err != nil {
			return nil, fmt.Errorf("read columns: %w", err)
		}
		out[name] = strings.ToLower(strings.Fields(typ)[0])
	}
	return out, rs.Err()
}

// indexNames are the indexes of a table that this package made.
func (r Rows) indexNames(ctx context.Context, c Conn, table string) ([]string, error) {
	q := "SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name = ?"
	if r.Dialect == Postgres {
		q = "SELECT indexname FROM pg_indexes WHERE schemaname = current_schema() AND tablename = $1"
	}
	rs, err := c.QueryContext(ctx, q, table)
	if err != nil {
		return nil, fmt.Errorf("read indexes: %w", err)
	}
	defer rs.Close()
	var out []string
	for rs.Next() {
		var name string
		if err := rs.Scan(&name); err != nil {
			return nil, fmt.Errorf("read indexes: %w", err)
		}
		if ours(name) {
			out = append(out, name)
		}
	}
	return out, rs.Err()
}

// ours reports whether an index is one that this package made.
func ours(index string) bool { return strings.HasPrefix(index, "x_") }
