package servertest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"strings"

	"qianshao/syncserver/internal/store"
)

// bulkValues bounds the values of one statement (SQLite takes 32,766).
const bulkValues = 20_000

// Bulk inserts rows that are new, as many as next gives until it gives none: it
// fills a store as years would, which playing would take days for. The server is
// closed meanwhile and opened again: a connection of Bulk's own writes all in one
// transaction without a journal, and builds the indexes anew at the end, for in
// small steps a large file is written over and over. After a fault the folder is
// of no use. For embedded databases.
func (s *Server) Bulk(next func() []Row) (err error) {
	s.server().handler.Close()
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.inner.Close(); err != nil {
		return err
	}
	if err := s.bulk(context.Background(), next); err != nil {
		return err
	}
	return s.open()
}

func (s *Server) bulk(ctx context.Context, next func() []Row) (err error) {
	path, err := filepath.Abs(filepath.Join(s.o.Dir, store.File))
	if err != nil {
		return err
	}
	db, err := sql.Open("sqlite3", "file:"+(&url.URL{Path: filepath.ToSlash(path)}).EscapedPath()+"?_foreign_keys=0")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	db.SetMaxOpenConns(1) // pragmas are a connection's
	for _, q := range []string{"PRAGMA locking_mode = EXCLUSIVE", "PRAGMA journal_mode = OFF", "PRAGMA synchronous = OFF", "PRAGMA cache_size = -6000000", "BEGIN EXCLUSIVE"} {
		if _, err := db.ExecContext(ctx, q); err != nil {
			return fmt.Errorf("%s: %w", q, err)
		}
	}
	indexes, err := dropIndexes(ctx, db)
	if err != nil {
		return err
	}
	for rows := next(); len(rows) > 0; rows = next() {
		if err := insertMany(ctx, db, rows); err != nil {
			return err
		}
	}
	for _, q := range append(indexes, "COMMIT", "PRAGMA journal_mode = WAL") {
		if _, err := db.ExecContext(ctx, q); err != nil {
			return fmt.Errorf("%s: %w", q, err)
		}
	}
	return nil
}

// dropIndexes drops what can be built anew and gives the statements that do.
func dropIndexes(ctx context.Context, db *sql.DB) (again []string, err error) {
	rows, err := db.QueryContext(ctx, "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL ORDER BY name")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var names []string
	for rows.Next() {
		var name, q string
		if err := rows.Scan(&name, &q); err != nil {
			return nil, err
		}
		names, again = append(names, name), append(again, q)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	rows.Close()
	for _, name := range names {
		if _, err := db.ExecContext(ctx, `DROP INDEX "`+name+`"`); err != nil {
			return nil, err
		}
	}
	return again, nil
}

// insertMany inserts rows, many with a statement.
func insertMany(ctx context.Context, db *sql.DB, rows []Row) error {
	by := map[string][]Row{}
	for _, r := range rows {
		by[r.Table] = append(by[r.Table], r)
	}
	for table, rs := range by {
		cols := rs[0].Cols
		one := "(?" + strings.Repeat(", ?", len(cols)-1) + ")"
		for len(rs) > 0 {
			n := min(len(rs), bulkValues/len(cols))
			args := make([]any, 0, n*len(cols))
			for _, r := range rs[:n] {
				args = append(args, r.Values...)
			}
			query := "INSERT INTO " + table + " (" + strings.Join(cols, ", ") + ") VALUES " + one + strings.Repeat(", "+one, n-1)
			if _, err := db.ExecContext(ctx, query, args...); err != nil {
				return fmt.Errorf("fill %s: %w", table, err)
			}
			rs = rs[n:]
		}
	}
	return nil
}
