package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"qianshao/syncserver/office"
	"qianshao/syncserver/rowsql"
)

// Types of column, as a dump tells them.
const (
	TypeInt   = "int"
	TypeReal  = "real"
	TypeText  = "text"
	TypeBytes = "bytes"
)

// Column is one column of a dumped table.
type Column struct {
	Name string `json:"name"`
	Type string `json:"type"`
}

// Table is a table of the database as a dump has it. Of a table of records only
// what the record is made of is dumped; the columns of its declared fields are
// made again from its body.
type Table struct {
	Name    string   `json:"name"`
	Kind    string   `json:"kind,omitempty"` // of record
	Columns []Column `json:"columns"`
	Key     []string `json:"key"` // the order of its rows
}

// notDumped are tables that say how the database is built, not what is in it.
var notDumped = []string{"goose_db_version"}

// loadFirst are tables that others point to.
var loadFirst = []string{"account"}

// Tables are all tables with contents, found in the database itself, so that a
// new one is never forgotten; in an order in which they can be loaded.
func (s *Store) Tables(ctx context.Context, q Q) ([]Table, error) {
	names, err := tableNames(ctx, q)
	if err != nil {
		return nil, err
	}
	kinds := map[string]string{}
	for _, k := range s.Kinds().All() {
		kinds[s.Rows.Table(k.Name)] = k.Name
	}
	var out []Table
	for _, n := range names {
		if slices.Contains(notDumped, n) {
			continue
		}
		t := Table{Name: n, Kind: kinds[n]}
		switch {
		case t.Kind != "":
			t.Columns, t.Key = recordColumns, []string{"id"}
		case strings.HasPrefix(n, "r_"):
			return nil, fmt.Errorf("table %s: of a kind that this program does not know", n)
		default:
			if t.Columns, t.Key, err = tableColumns(ctx, q, n); err != nil {
				return nil, err
			}
		}
		out = append(out, t)
	}
	slices.SortStableFunc(out, func(a, b Table) int {
		x, y := slices.Index(loadFirst, a.Name), slices.Index(loadFirst, b.Name)
		switch {
		case (x < 0) != (y < 0):
			return y - x
		default:
			return strings.Compare(a.Name, b.Name)
		}
	})
	return out, nil
}

var recordColumns = []Column{{"id", TypeText}, {"root", TypeText}, {"ver", TypeInt}, {"body", TypeText}, {"sum", TypeInt}}

func tableNames(ctx context.Context, q Q) ([]string, error) {
	query := "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name"
	if q.Dialect() == rowsql.Postgres {
		query = `SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema() AND table_type = 'BASE TABLE' ORDER BY table_name COLLATE "C"`
	}
	rs, err := q.QueryContext(ctx, query)
	if err != nil {
		return nil, fmt.Errorf("list tables: %w", err)
	}
	defer rs.Close()
	var out []string
	for rs.Next() {
		var n string
		if err := rs.Scan(&n); err != nil {
			return nil, fmt.Errorf("list tables: %w", err)
		}
		out = append(out, n)
	}
	return out, rs.Err()
}

func tableColumns(ctx context.Context, q Q, table string) (cols []Column, key []string, err error) {
	query := "SELECT name, type, pk FROM pragma_table_info(?) ORDER BY cid"
	if q.Dialect() == rowsql.Postgres {
		query = `SELECT a.attname, format_type(a.atttypid, NULL), COALESCE(array_position(i.indkey::int2[], a.attnum) + 1, 0)
			FROM pg_attribute a LEFT JOIN pg_index i ON i.indrelid = a.attrelid AND i.indisprimary
			WHERE a.attrelid = ?::text::regclass AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum`
	}
	rs, err := q.QueryContext(ctx, query, table)
	if err != nil {
		return nil, nil, fmt.Errorf("columns of %s: %w", table, err)
	}
	defer rs.Close()
	place := map[string]int{}
	for rs.Next() {
		var c Column
		var typ string
		var pk int
		if err := rs.Scan(&c.Name, &typ, &pk); err != nil {
			return nil, nil, fmt.Errorf("columns of %s: %w", table, err)
		}
		typ = strings.ToLower(typ)
		switch {
		case strings.Contains(typ, "int"):
			c.Type = TypeInt
		case typ == "real" || strings.Contains(typ, "double"):
			c.Type = TypeReal
		case typ == "text":
			c.Type = TypeText
		case typ == "blob" || typ == "bytea":
			c.Type = TypeBytes
		default:
			return nil, nil, fmt.Errorf("column %s of %s: type %q", c.Name, table, typ)
		}
		if pk > 0 {
			place[c.Name] = pk
			key = append(key, c.Name)
		}
		cols = append(cols, c)
	}
	slices.SortFunc(key, func(a, b string) int { return place[a] - place[b] })
	if len(key) == 0 && rs.Err() == nil {
		return nil, nil, fmt.Errorf("table %s has no primary key", table)
	}
	return cols, key, rs.Err()
}

// Dump reads a table's rows in the order of its key: int64, float64, string,
// []byte or nil for each column.
func Dump(ctx context.Context, q Q, t Table, each func(row []any) error) error {
	names := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		names[i] = c.Name
	}
	rs, err := q.QueryContext(ctx, "SELECT "+strings.Join(names, ", ")+" FROM "+t.Name+" ORDER BY "+strings.Join(t.Key, ", "))
	if err != nil {
		return fmt.Errorf("read %s: %w", t.Name, err)
	}
	defer rs.Close()
	into := make([]any, len(t.Columns))
	for i, c := range t.Columns {
		switch c.Type {
		case TypeInt:
			into[i] = new(sql.NullInt64)
		case TypeReal:
			into[i] = new(sql.NullFloat64)
		case TypeText:
			into[i] = new(sql.NullString)
		default:
			into[i] = new([]byte)
		}
	}
	for rs.Next() {
		if err := rs.Scan(into...); err != nil {
			return fmt.Errorf("read %s: %w", t.Name, err)
		}
		row := make([]any, len(into))
		for i, p := range into {
			switch v := p.(type) {
			case *sql.NullInt64:
				if v.Valid {
					row[i] = v.Int64
				}
			case *sql.NullFloat64:
				if v.Valid {
					row[i] = v.Float64
				}
			case *sql.NullString:
				if v.Valid {
					row[i] = v.String
				}
			case *[]byte:
				if *v != nil {
					row[i] = slices.Clone(*v)
				}
			}
		}
		if err := each(row); err != nil {
			return err
		}
	}
	if err := rs.Err(); err != nil {
		return fmt.Errorf("read %s: %w", t.Name, err)
	}
	return nil
}

// loadChunk is how many parameters one statement of a load has at most.
const loadChunk = 8000

// Load writes rows as Dump gives them into a table that has none of them.
func (s *Store) Load(ctx context.Context, q Q, t Table, rows [][]any) error {
	if t.Kind != "" {
		recs := make([]office.Record, len(rows))
		for i, r := range rows {
			rec, sum, err := RecordOf(t.Kind, r)
			if err != nil {
				return err
			}
			if rec.Sum() != sum {
				return fmt.Errorf("%s %s: the body is not the one that was written", t.Kind, rec.ID)
			}
			recs[i] = rec
		}
		return s.Rows.InsertMany(ctx, q, t.Kind, recs)
	}
	names := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		names[i] = c.Name
	}
	one := "(?" + strings.Repeat(", ?", len(names)-1) + ")"
	for part := range slices.Chunk(rows, max(1, loadChunk/len(names))) {
		var args []any
		for _, r := range part {
			args = append(args, r...)
		}
		if _, err := q.ExecContext(ctx, "INSERT INTO "+t.Name+" ("+strings.Join(names, ", ")+") VALUES "+tuples(len(part), one), args...); err != nil {
			return fmt.Errorf("load %s: %w", t.Name, err)
		}
	}
	return nil
}

// RecordOf is a dumped row of a table of records.
func RecordOf(kind string, row []any) (office.Record, uint64, error) {
	if len(row) == len(recordColumns) {
		id, ok1 := row[0].(string)
		root, ok2 := row[1].(string)
		ver, ok3 := row[2].(int64)
		body, ok4 := row[3].(string)
		sum, ok5 := row[4].(int64)
		if ok1 && ok2 && ok3 && ok4 && ok5 {
			return office.Record{Kind: kind, ID: id, Root: root, Ver: ver, Body: []byte(body)}, uint64(sum), nil
		}
	}
	return office.Record{}, 0, fmt.Errorf("a row of %s of another form", kind)
}

// Version is the newest numbered migration that the database has had.
func Version(ctx context.Context, q Q) (int64, error) {
	var v int64
	if err := q.QueryRowContext(ctx, "SELECT COALESCE(max(version_id), 0) FROM goose_db_version WHERE is_applied = "+yes(q)).Scan(&v); err != nil {
		return 0, fmt.Errorf("read the version: %w", err)
	}
	return v, nil
}

func yes(q Q) string {
	if q.Dialect() == rowsql.Postgres {
		return "TRUE"
	}
	return "1"
}

// ErrNotEmpty says that a database has contents already.
var ErrNotEmpty = errors.New("the database is not empty")

// CheckEmpty gives ErrNotEmpty unless the database that c names is absent or
// has no tables at all. It makes nothing.
func CheckEmpty(ctx context.Context, c Config) error {
	if c.Dir != "" {
		fi, err := os.Stat(filepath.Join(c.Dir, File))
		switch {
		case errors.Is(err, os.ErrNotExist):
			return nil
		case err != nil:
			return fmt.Errorf("find database: %w", err)
		case fi.Size() > 0:
			return fmt.Errorf("%s: %w", filepath.Join(c.Dir, File), ErrNotEmpty)
		}
		return nil
	}
	s := &Store{Rows: rowsql.Rows{Kinds: c.Kinds, Dialect: rowsql.Postgres}}
	c.Conns = 1
	if err := s.openPostgres(c); err != nil {
		return err
	}
	defer s.Close()
	return s.Read(ctx, func(q Q) error {
		names, err := tableNames(ctx, q)
		if err == nil && len(names) > 0 {
			err = fmt.Errorf("%d tables: %w", len(names), ErrNotEmpty)
		}
		return err
	})
}

// Meta reads a word the database keeps about itself, "" if it has none.
func Meta(ctx context.Context, q Q, key string) (string, error) {
	var v string
	err := q.QueryRowContext(ctx, "SELECT value FROM meta WHERE key = ?", key).Scan(&v)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("read %s: %w", key, err)
	}
	return v, nil
}

// SetMeta writes it.
func SetMeta(ctx context.Context, q Q, key, value string) error {
	if _, err := q.ExecContext(ctx, "INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value", key, value); err != nil {
		return fmt.Errorf("write %s: %w", key, err)
	}
	return nil
}

// Keys of Meta.
const (
	MetaEpoch  = "epoch"
	MetaBackup = "backup" // Millis of the last verified backup
	MetaMoved  = "moved"  // where this office has moved to: nothing may serve it here
)

// SetDurable notes that a verified backup, begun at a time, holds the commands
// of these devices up to these numbers.
func SetDurable(ctx context.Context, q Q, upTo map[string]int64, at int64) error {
	for dev, n := range upTo {
		if _, err := q.ExecContext(ctx, "UPDATE device SET durable_n = ? WHERE dev = ? AND durable_n < ? AND last_n >= ?", n, dev, n, n); err != nil {
			return fmt.Errorf("note the backup: %w", err)
		}
	}
	return SetMeta(ctx, q, MetaBackup, fmt.Sprint(at))
}

// BeginAnew gives a restored database a new history: desks see by its epoch
// that it is another one. What the backup holds of each device is durable.
func BeginAnew(ctx context.Context, q Q, epoch string, at int64) error {
	if _, err := q.ExecContext(ctx, "UPDATE device SET durable_n = last_n"); err != nil {
		return fmt.Errorf("begin anew: %w", err)
	}
	if err := SetMeta(ctx, q, MetaBackup, fmt.Sprint(at)); err != nil {
		return err
	}
	return SetMeta(ctx, q, MetaEpoch, epoch)
}

// EndSessions ends all sessions.
func EndSessions(ctx context.Context, q Q) error {
	if _, err := q.ExecContext(ctx, "DELETE FROM session"); err != nil {
		return fmt.Errorf("end sessions: %w", err)
	}
	return nil
}
