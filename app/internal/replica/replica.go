// Package replica is the desk's picture of the office: what the server said
// last (the base) and, on top, the effects of the person's waiting commands
// (the overlay), in one SQLite file that can be thrown away and fetched again.
//
// Visible rows lie in one table per kind. Of each row that a waiting command
// has written, table base keeps what the server said; a rebase puts it back,
// applies what is new and runs the waiting commands again, all in one
// transaction. The package decodes no commands and knows no network: the
// engine gives it what to run and what has come.
package replica

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"sync/atomic"

	"github.com/pressly/goose/v3"

	"qianshao/app/internal/vault"
	"qianshao/syncserver/office"
	"qianshao/syncserver/rowsql"
	"qianshao/syncserver/sqlite"
)

//go:embed migrations/*.sql
var files embed.FS

// Defects switch single defences off, for tests that must then fail.
type Defects struct {
	NoBase    bool // the base is not put back before commands run again
	NoSweep   bool // a reset channel forgets no members
	NoClosure bool // only commands that a page touches directly run again
	NoSums    bool // sums are not compared
	NoCopy    bool // a first load goes the way of a large one however little it brings: not a defect
	AlwaysAll bool // every command runs again at every rebase: not a defect, the measure of the selective way
}

// Replica is an open replica. Reading methods are safe for concurrent use and
// see the last commit; Update is called by one goroutine at a time.
type Replica struct {
	rows    rowsql.Rows
	kinds   *office.Kinds
	w       *sql.DB // nil if opened for reading
	r       *sql.DB
	defects Defects
	prof    vault.Profile
	damaged atomic.Bool       // somebody has met damage: the next opening must check the file
	counted map[ChanLane]Sum  // see sums
	loads   map[string]string // by kind: the statement that puts a record into its load table

	// Upgraded says, after Open, that the file was of an older program, and
	// where a copy of it lies; "" if it was not.
	Upgraded string
}

// Open opens the replica of a profile for writing, making it if need be.
// vault.ErrDamaged if it fails its check.
func Open(ctx context.Context, p vault.Profile, ks *office.Kinds, d Defects) (*Replica, error) {
	w, err := p.Write(ctx, vault.Replica)
	if err != nil {
		return nil, err
	}
	r := &Replica{rows: rowsql.Rows{Kinds: ks, Dialect: rowsql.SQLite}, kinds: ks, w: w, defects: d, prof: p, loads: map[string]string{}, counted: map[ChanLane]Sum{}}
	for _, k := range ks.All() {
		r.loads[k.Name] = r.rows.LoadStatement(k)
	}
	if err := r.migrate(ctx, p); err != nil {
		return nil, errors.Join(err, w.Close())
	}
	if r.r, err = p.Read(ctx, vault.Replica); err != nil {
		return nil, errors.Join(err, w.Close())
	}
	return r, nil
}

// Read opens the replica of a profile for reading only. A replica that an
// older program wrote may lack what a query needs; it is then an error of the
// query, and goes with the next opening for writing.
func Read(ctx context.Context, p vault.Profile, ks *office.Kinds) (*Replica, error) {
	db, err := p.Read(ctx, vault.Replica)
	if err != nil {
		return nil, err
	}
	return &Replica{rows: rowsql.Rows{Kinds: ks, Dialect: rowsql.SQLite}, kinds: ks, r: db}, nil
}

// Close closes the file. If all is well, the next opening need not check it.
func (r *Replica) Close() error {
	err := r.r.Close()
	if r.w == nil {
		return err
	}
	err = errors.Join(err, r.w.Close())
	if err != nil || r.damaged.Load() {
		return err
	}
	return r.prof.Sound(vault.Replica)
}

// Verify checks the whole file. vault.ErrDamaged if it is damaged: it is then
// checked, and set aside, at the next opening.
func (r *Replica) Verify(ctx context.Context) error { return r.met(vault.Check(ctx, r.r)) }

// met notes an error that tells of damage.
func (r *Replica) met(err error) error {
	if err != nil && vault.Corrupt(err) {
		r.damaged.Store(true)
	}
	return err
}

func (r *Replica) migrate(ctx context.Context, p vault.Profile) error {
	dir, err := fs.Sub(files, "migrations")
	if err != nil {
		return err
	}
	if !sqlite.Applied(ctx, r.w, dir) {
		if err := r.number(ctx, p, dir); err != nil {
			return fmt.Errorf("migrate the replica: %w", err)
		}
	}
	_, err = r.Update(ctx, func(t *Tx) error {
		if err := r.rows.Migrate(ctx, t.tx); err != nil {
			return err
		}
		if err := t.checkLoad(); err != nil {
			return err
		}
		if err := t.referenceAll(); err != nil {
			return err
		}
		return t.adopt()
	})
	if err != nil {
		return fmt.Errorf("migrate the replica: %w", err)
	}
	return nil
}

// number brings the file to the present one of the numbered migrations, and keeps
// a copy of it as it was.
func (r *Replica) number(ctx context.Context, p vault.Profile, dir fs.FS) error {
	m, err := goose.NewProvider(goose.DialectSQLite3, r.w, dir)
	if err != nil {
		return err
	}
	have, want, err := m.GetVersions(ctx)
	if err != nil {
		return err
	}
	if have > 0 && have < want {
		if r.Upgraded, err = p.KeepOld(ctx, vault.Replica, r.w, want); err != nil {
			return err
		}
	}
	_, err = m.Up(ctx)
	return err
}

// Key names a record.
type Key struct{ Kind, ID string }

// Update runs f in one transaction, keeps the search index in step and tells
// which visible rows may have changed. Nothing of f remains after an error or
// a panic.
func (r *Replica) Update(ctx context.Context, f func(*Tx) error) (changed []Key, err error) {
	return r.UpdateBefore(ctx, f, nil)
}

// UpdateBefore is Update with a last word before the commit: an error of
// before undoes everything. The engine commits the outbox there.
func (r *Replica) UpdateBefore(ctx context.Context, f func(*Tx) error, before func(*Tx) error) (changed []Key, err error) {
	defer func() { r.met(err) }()
	tx, err := r.w.BeginTx(ctx, nil)
	if err != nil {
		return nil, fmt.Errorf("begin: %w", err)
	}
	defer tx.Rollback() // after a commit it does nothing
	t := &Tx{r: r, ctx: ctx, tx: prepare(tx), changed: map[Key]bool{}}
	t.sums = sums{known: maps.Clone(r.counted), delta: map[ChanLane]Sum{}}
	if err := f(t); err != nil {
		return nil, err
	}
	if err := t.reindex(); err != nil {
		return nil, err
	}
	if err := t.reference(); err != nil {
		return nil, err
	}
	if before != nil {
		if err := before(t); err != nil {
			return nil, err
		}
	}
	if err := tx.Commit(); err != nil {
		return nil, fmt.Errorf("commit: %w", err)
	}
	r.counted = t.sums.all()
	for k := range t.changed {
		changed = append(changed, k)
	}
	return changed, nil
}

// View runs f over one snapshot. Of the methods of Tx, f may call those that
// only read.
func (r *Replica) View(ctx context.Context, f func(*Tx) error) (err error) {
	defer func() { r.met(err) }()
	tx, err := r.r.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	defer tx.Rollback()
	return f(&Tx{r: r, ctx: ctx, tx: prepare(tx)})
}

// truncateWait is how long, in milliseconds, Truncate waits for readers.
const truncateWait = 200

// Truncate empties the write-ahead log, so that erased content does not stay
// there. Where others read it may not be able to: false, and it is to be
// called again.
func (r *Replica) Truncate(ctx context.Context) (bool, error) {
	c, err := r.w.Conn(ctx)
	if err != nil {
		return false, fmt.Errorf("truncate the log: %w", err)
	}
	defer c.Close()
	var was, busy, log, done int
	if err := c.QueryRowContext(ctx, "PRAGMA busy_timeout").Scan(&was); err != nil {
		return false, fmt.Errorf("truncate the log: %w", err)
	}
	wait := func(ms int) error {
		_, err := c.ExecContext(ctx, fmt.Sprintf("PRAGMA busy_timeout = %d", ms))
		return err
	}
	err = wait(truncateWait)
	if err == nil {
		err = c.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &log, &done)
	}
	if err = errors.Join(err, wait(was)); err != nil {
		return false, fmt.Errorf("truncate the log: %w", err)
	}
	return busy == 0, nil
}

// Tx is one transaction over the replica.
type Tx struct {
	r       *Replica
	ctx     context.Context
	tx      prepared
	changed map[Key]bool
	sums    sums
	opened  map[string]bool // kinds whose load tables are there for certain
	lastDoc int64           // highest number in search_doc; 0 = not read yet
}

func (t *Tx) exec(query string, args ...any) error {
	_, err := t.tx.ExecContext(t.ctx, query, args...)
	return err
}

// keys reads a query of kind and id.
func (t *Tx) keys(query string, args ...any) ([]Key, error) {
	rows, err := t.tx.QueryContext(t.ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Key
	for rows.Next() {
		var k Key
		if err := rows.Scan(&k.Kind, &k.ID); err != nil {
			return nil, err
		}
		out = append(out, k)
	}
	return out, rows.Err()
}
