package vault

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	_ "qianshao/syncserver/sqlite" // the driver, set for both halves of the program
)

// ErrDamaged says that a database failed its check.
var ErrDamaged = errors.New("the database is damaged")

// readers is how many connections a reading handle may use at once.
const readers = 4

// statements is how many prepared statements a connection keeps: about what the
// desk's programs have. To parse one again took longer than to run it.
const statements = "256"

// Write opens a database for writing, making it if need be: one connection,
// WAL, transactions that take the write lock at once, deleted content
// overwritten. The outbox is synchronous=FULL: what was given is on the disk
// when Do returns. The replica is synchronous=NORMAL: it can be fetched again.
// ErrDamaged if the file is there and fails its check; one that is as Sound left
// it is not checked.
func (p Profile) Write(ctx context.Context, f File) (*sql.DB, error) {
	if err := p.Make(); err != nil {
		return nil, err
	}
	was := p.Exists(f)
	if !was {
		// SQLite would make the file with the rights of the umask; the folder
		// protects it, the file itself should too.
		h, err := os.OpenFile(p.path(f), os.O_CREATE|os.O_WRONLY, 0o600)
		if err != nil {
			return nil, fmt.Errorf("make %s: %w", f, err)
		}
		if err := h.Close(); err != nil {
			return nil, fmt.Errorf("make %s: %w", f, err)
		}
	}
	sound, err := p.sound(f)
	if err != nil {
		return nil, err
	}
	q := url.Values{"_txlock": {"immediate"}, "_secure_delete": {"on"}, "_journal_mode": {"WAL"}, "_synchronous": {"NORMAL"}}
	if f == Outbox {
		q.Set("_synchronous", "FULL")
	}
	db, err := p.open(f, p.path(f), q)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	if was && !sound {
		err = check(ctx, db)
	} else {
		err = db.PingContext(ctx)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open %s: %w", f, err), db.Close())
	}
	return db, nil
}

// Read opens a database for reading beside a writer of this or another
// process. ErrEmpty if it is not there.
func (p Profile) Read(ctx context.Context, f File) (*sql.DB, error) {
	if !p.Exists(f) {
		return nil, fmt.Errorf("open %s: %w", f, ErrEmpty)
	}
	db, err := p.open(f, p.path(f), url.Values{"mode": {"ro"}, "_query_only": {"on"}})
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(readers)
	db.SetMaxIdleConns(readers)
	if err := db.PingContext(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("open %s: %w", f, err), db.Close())
	}
	return db, nil
}

func (p Profile) open(f File, path string, q url.Values) (*sql.DB, error) {
	c := p.Cipher
	if c == nil {
		c = Null{}
	}
	more, err := c.Params(f)
	if err != nil {
		return nil, fmt.Errorf("key of %s: %w", f, err)
	}
	q.Set("_busy_timeout", "10000")
	q.Set("_stmt_cache_size", statements)
	for k, v := range more {
		q[k] = v
	}
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", f, err)
	}
	db, err := sql.Open("sqlite3", uri(abs)+"?"+q.Encode())
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", f, err)
	}
	return db, nil
}

// uri is a path as SQLite's file: URI, whatever characters it holds.
func uri(abs string) string {
	s := filepath.ToSlash(abs)
	if !strings.HasPrefix(s, "/") {
		s = "/" + s // C:/…
	}
	return "file:" + (&url.URL{Path: s}).EscapedPath()
}

// check is SQLite's quick_check. A file that is no database fails it too.
func check(ctx context.Context, db *sql.DB) error {
	var s string
	if err := db.QueryRowContext(ctx, "PRAGMA quick_check(1)").Scan(&s); err != nil {
		// A file that cannot be read just now is not a damaged one.
		if corrupt(err) {
			return fmt.Errorf("%w: %w", ErrDamaged, err)
		}
		return err
	}
	if s != "ok" {
		return fmt.Errorf("%w: %s", ErrDamaged, s)
	}
	return nil
}
