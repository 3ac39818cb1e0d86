package vault

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"
)

// Checking a large database takes longer than a person waits for the window.
// One that was closed well, and that nobody has touched since, is as sound as
// it was: a note beside it tells its size and time. The note goes with the next
// opening, so that after a kill or a power cut there is none. What rots without
// a trace is found by the scrub, which hashes every record and checks the file, or
// by whoever meets it: then there is no note either.

// oddTime is the part of a second that Sound gives a file's time: no later write
// leaves the same, however soon it comes and however coarse the clock is.
const oddTime = 123_456_700

func (p Profile) note(f File) string { return p.path(f) + ".sound" }

// Sound notes that a database, just closed, is well.
func (p Profile) Sound(f File) error {
	fi, err := os.Stat(p.path(f))
	if err == nil {
		at := time.Unix(fi.ModTime().Unix(), oddTime)
		err = os.Chtimes(p.path(f), at, at)
	}
	if err != nil {
		return fmt.Errorf("note that %s is sound: %w", f, err)
	}
	is, ok := p.looks(f)
	if !ok {
		return nil
	}
	if err := os.WriteFile(p.note(f), []byte(is), 0o600); err != nil {
		return fmt.Errorf("note that %s is sound: %w", f, err)
	}
	return nil
}

// sound reports whether the database is as Sound saw it, and forgets the note.
func (p Profile) sound(f File) (bool, error) {
	was, err := os.ReadFile(p.note(f))
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err == nil {
		err = os.Remove(p.note(f))
	}
	if err != nil {
		return false, fmt.Errorf("look whether %s is sound: %w", f, err)
	}
	is, ok := p.looks(f)
	return ok && is == string(was), nil
}

// looks is a database's size and time; false if a log lies beside it, which
// holds more than the file does.
func (p Profile) looks(f File) (string, bool) {
	if wal, err := os.Stat(p.path(f) + "-wal"); err == nil && wal.Size() > 0 {
		return "", false
	}
	fi, err := os.Stat(p.path(f))
	if err != nil {
		return "", false
	}
	return fmt.Sprintf("%d %d\n", fi.Size(), fi.ModTime().UnixNano()), true
}

// Check is the check that Write makes, of a database that is open. ErrDamaged
// if it fails.
func Check(ctx context.Context, db *sql.DB) error { return check(ctx, db) }

// Corrupt reports whether an error says that a database is damaged.
func Corrupt(err error) bool { return errors.Is(err, ErrDamaged) || corrupt(err) }
