// Package store is the server's database behind one interface: an embedded
// SQLite file or a PostgreSQL server. It holds the records (through rowsql),
// the channels that carry them to desks, devices, recorded outcomes and queued
// jobs, and gives transactions over them.
//
// It decides nothing: who may do what, what a command means and which channels
// see a record is the authority's business (package authority). Every statement
// about the protocol's own tables stands here.
package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"time"

	"qianshao/syncserver/office"
	"qianshao/syncserver/rowsql"
)

// Config says where the database is and what it holds. Exactly one of Dir and
// URL is given.
type Config struct {
	Dir   string // folder of the embedded database; made if it is absent
	URL   string // PostgreSQL connection string or URL
	Kinds *office.Kinds
	Rand  io.Reader // makes the epoch of a new database and the name of this opening; nil = crypto/rand
	// Conns is the most connections to PostgreSQL, or readers of the embedded
	// database; 0 = 16.
	Conns int
	// Before is called with a database that has contents and an older schema,
	// before it is brought to the present one: it keeps a copy. nil: of an
	// embedded database a copy is kept beside it; PostgreSQL is refused.
	Before func(ctx context.Context, s *Store, version int64) error
	// At stops the numbered migrations at a version, for loading a dump of that
	// version; 0 = the present one.
	At int64
}

// Store is an open database. Safe for concurrent use.
type Store struct {
	Rows     rowsql.Rows
	epoch    string
	instance string
	write    *sql.DB
	read     *sql.DB
}

// Q runs SQL inside a transaction, with ? placeholders on both databases.
type Q interface {
	rowsql.Conn
	Dialect() rowsql.Dialect
}

// Open opens the database, brings its tables to the present declarations and
// makes its epoch if it is new.
func Open(ctx context.Context, c Config) (*Store, error) {
	if c.Kinds == nil || (c.Dir == "") == (c.URL == "") {
		return nil, errors.New("open store: kinds and one of folder and database URL are needed")
	}
	if c.Rand == nil {
		c.Rand = rand.Reader
	}
	if c.Conns <= 0 {
		c.Conns = 16
	}
	s := &Store{}
	var err error
	if c.Dir != "" {
		s.Rows = rowsql.Rows{Kinds: c.Kinds, Dialect: rowsql.SQLite}
		err = s.openSQLite(c)
	} else {
		s.Rows = rowsql.Rows{Kinds: c.Kinds, Dialect: rowsql.Postgres}
		err = s.openPostgres(c)
	}
	if err == nil {
		err = s.migrate(ctx, c)
	}
	if err == nil {
		err = s.loadEpoch(ctx, c.Rand)
	}
	if err != nil {
		s.Close()
		return nil, fmt.Errorf("open store: %w", err)
	}
	return s, nil
}

// Close ends all connections.
func (s *Store) Close() error {
	var errs []error
	if s.read != nil && s.read != s.write {
		errs = append(errs, s.read.Close())
	}
	if s.write != nil {
		errs = append(errs, s.write.Close())
	}
	return errors.Join(errs...)
}

// Kinds are the declared kinds of record.
func (s *Store) Kinds() *office.Kinds { return s.Rows.Kinds }

// Dialect is the SQL the database speaks.
func (s *Store) Dialect() rowsql.Dialect { return s.Rows.Dialect }

// Epoch names this history of the database; it is made with the database and
// changes when an operator declares that the history was broken.
func (s *Store) Epoch() string { return s.epoch }

// Instance names this opening of the database among those of other servers.
func (s *Store) Instance() string { return s.instance }

// Ping reports whether the database answers.
func (s *Store) Ping(ctx context.Context) error { return s.read.PingContext(ctx) }

// Write runs f in a writing transaction and commits it if f returns nil. After
// a conflict with another transaction (see Retryable) f runs again, on fresh
// data: it must change nothing but the database.
func (s *Store) Write(ctx context.Context, f func(q Q) error) error {
	var err error
	for range Attempts {
		if err = s.Once(ctx, f); err == nil || !Retryable(err) || ctx.Err() != nil {
			return err
		}
	}
	return err
}

// Attempts is how often Write tries before it gives a conflict up.
const Attempts = 20

// Once is Write without a second try.
func (s *Store) Once(ctx context.Context, f func(q Q) error) error {
	return s.in(ctx, s.write, nil, f)
}

// Read runs f on one snapshot, read only.
func (s *Store) Read(ctx context.Context, f func(q Q) error) error {
	opts := &sql.TxOptions{ReadOnly: true}
	if s.Dialect() == rowsql.Postgres {
		opts.Isolation = sql.LevelRepeatableRead
	}
	return s.in(ctx, s.read, opts, f)
}

func (s *Store) in(ctx context.Context, db *sql.DB, opts *sql.TxOptions, f func(q Q) error) (err error) {
	t, err := db.BeginTx(ctx, opts)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	x := &tx{t: t, d: s.Dialect()}
	done := false
	defer func() {
		if !done { // f failed or panicked
			t.Rollback()
		}
	}()
	if err := f(x); err != nil {
		return err
	}
	done = true
	if err := t.Commit(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}

// tx is a transaction that understands ? on both databases.
type tx struct {
	t *sql.Tx
	d rowsql.Dialect
}

func (x *tx) Dialect() rowsql.Dialect { return x.d }

func (x *tx) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	if x.d == rowsql.SQLite {
		// SQLite's driver starts a goroutine for each statement that may be ended
		// half way. One write is short; the transaction itself still ends with ctx.
		ctx = context.WithoutCancel(ctx)
	}
	return x.t.ExecContext(ctx, x.d.Rebind(query), args...)
}

func (x *tx) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	return x.t.QueryContext(ctx, x.d.Rebind(query), args...)
}

func (x *tx) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	return x.t.QueryRowContext(ctx, x.d.Rebind(query), args...)
}

func (s *Store) loadEpoch(ctx context.Context, rnd io.Reader) error {
	var b, i [16]byte
	if _, err := io.ReadFull(rnd, b[:]); err != nil {
		return fmt.Errorf("make epoch: %w", err)
	}
	if _, err := io.ReadFull(rnd, i[:]); err != nil {
		return fmt.Errorf("make instance: %w", err)
	}
	s.instance = hex.EncodeToString(i[:])
	return s.Write(ctx, func(q Q) error {
		if _, err := q.ExecContext(ctx, "INSERT INTO meta (key, value) VALUES ('epoch', ?) ON CONFLICT (key) DO NOTHING", hex.EncodeToString(b[:])); err != nil {
			return fmt.Errorf("make epoch: %w", err)
		}
		if err := q.QueryRowContext(ctx, "SELECT value FROM meta WHERE key = 'epoch'").Scan(&s.epoch); err != nil {
			return fmt.Errorf("read epoch: %w", err)
		}
		return nil
	})
}

// millis is the unit of all times in the database.
func millis(t time.Time) int64 { return office.Millis(t) }
