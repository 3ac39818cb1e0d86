package store

import (
	"database/sql"
	"errors"
	"fmt"
	"syscall"

	"github.com/jackc/pgx/v5/pgconn"
	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
	"github.com/mattn/go-sqlite3"
)

func (s *Store) openPostgres(c Config) error {
	db, err := sql.Open("pgx", c.URL)
	if err != nil {
		return fmt.Errorf("open database: %w", err)
	}
	db.SetMaxOpenConns(c.Conns)
	db.SetMaxIdleConns(c.Conns)
	s.write, s.read = db, db
	return nil
}

// ErrConflict says that another transaction changed what this one had read.
var ErrConflict = errors.New("changed by another transaction")

// Retryable reports whether the transaction that gave err may succeed when it
// is run again: deadlock, lost race for a row or key, busy file.
func Retryable(err error) bool {
	if errors.Is(err, ErrConflict) {
		return true
	}
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		switch pg.Code {
		case "40001", "40P01", "23505": // serialization failure, deadlock, unique violation
			return true
		}
	}
	var lite sqlite3.Error
	if errors.As(err, &lite) {
		return lite.Code == sqlite3.ErrBusy || lite.Code == sqlite3.ErrLocked ||
			lite.ExtendedCode == sqlite3.ErrConstraintUnique || lite.ExtendedCode == sqlite3.ErrConstraintPrimaryKey
	}
	return false
}

// Full reports whether err says that the disk of the database is full: nothing
// was written, and the same may succeed when there is room.
func Full(err error) bool {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return pg.Code == "53100" // disk_full
	}
	var lite sqlite3.Error
	if errors.As(err, &lite) {
		return lite.Code == sqlite3.ErrFull || lite.SystemErrno == syscall.ENOSPC
	}
	return errors.Is(err, syscall.ENOSPC)
}
