package vault

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// kept is how many copies of the outbox stay.
const kept = 24

// SetAside moves a damaged database out of the way, as <file>.bad-<time>.db,
// and names it. Nothing may have it open.
func (p Profile) SetAside(f File) (string, error) {
	name := fmt.Sprintf("%s.bad-%s.db", f, p.stamp())
	to := filepath.Join(p.Dir, name)
	for _, suffix := range []string{"", "-wal", "-shm"} {
		err := os.Rename(p.path(f)+suffix, to+suffix)
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			return "", fmt.Errorf("set %s aside: %w", f, err)
		}
	}
	return name, nil
}

// Asides are the databases of a kind that were set aside, oldest first.
func (p Profile) Asides(f File) ([]string, error) {
	es, err := os.ReadDir(p.Dir)
	if err != nil {
		return nil, fmt.Errorf("list what was set aside: %w", err)
	}
	var out []string
	for _, e := range es {
		if n := e.Name(); strings.HasPrefix(n, string(f)+".bad-") && strings.HasSuffix(n, ".db") {
			out = append(out, n)
		}
	}
	slices.Sort(out)
	return out, nil
}

// OpenAside opens a database that was set aside, as damaged as it is.
func (p Profile) OpenAside(f File, name string) (*sql.DB, error) {
	db, err := p.open(f, filepath.Join(p.Dir, name), url.Values{"mode": {"rw"}})
	if err == nil {
		db.SetMaxOpenConns(1)
	}
	return db, err
}

// DropAside removes a database that was set aside, overwritten first. Nothing
// may have it open.
func (p Profile) DropAside(name string) error {
	var err error
	for _, suffix := range []string{"-wal", "-shm", ""} { // the name last: after a kill it is found again
		path := filepath.Join(p.Dir, name) + suffix
		err = errors.Join(err, overwrite(path))
		if rerr := os.Remove(path); !errors.Is(rerr, os.ErrNotExist) {
			err = errors.Join(err, rerr)
		}
	}
	return err
}

// Own makes a database that takes the person's own words out of one that was set
// aside, outbox.own-<time>.db: fill fills it. It is there only if fill succeeds
// and keeps anything.
func (p Profile) Own(aside string, fill func(db *sql.DB) (keep bool, err error)) (name string, err error) {
	name = strings.Replace(aside, ".bad-", ".own-", 1)
	part := filepath.Join(p.Dir, name+".part")
	if err := os.Remove(part); err != nil && !errors.Is(err, os.ErrNotExist) {
		return "", fmt.Errorf("keep own words: %w", err)
	}
	h, err := os.OpenFile(part, os.O_CREATE|os.O_WRONLY, 0o600)
	if err == nil {
		err = h.Close()
	}
	if err != nil {
		return "", fmt.Errorf("keep own words: %w", full(err))
	}
	db, err := p.open(Outbox, part, url.Values{"_synchronous": {"FULL"}})
	if err != nil {
		return "", err
	}
	db.SetMaxOpenConns(1)
	keep, err := fill(db)
	if err = errors.Join(err, db.Close()); err != nil {
		return "", errors.Join(fmt.Errorf("keep own words: %w", err), os.Remove(part))
	}
	if !keep {
		return "", os.Remove(part)
	}
	if err := os.Rename(part, filepath.Join(p.Dir, name)); err != nil {
		return "", fmt.Errorf("keep own words: %w", err)
	}
	return name, syncDir(p.Dir)
}

// Copy writes a copy of the outbox that db has open, checked and complete, and
// removes the oldest copies.
func (p Profile) Copy(ctx context.Context, db *sql.DB) error {
	to := filepath.Join(p.copies(), "outbox-"+p.stamp()+".db")
	tmp := to + ".part"
	if err := os.Remove(tmp); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("copy the outbox: %w", err)
	}
	if _, err := db.ExecContext(ctx, "VACUUM INTO ?", tmp); err != nil {
		return fmt.Errorf("copy the outbox: %w", err)
	}
	if err := os.Chmod(tmp, 0o600); err != nil {
		return fmt.Errorf("copy the outbox: %w", err)
	}
	if err := os.Rename(tmp, to); err != nil {
		return fmt.Errorf("copy the outbox: %w", err)
	}
	all, err := p.list()
	if err != nil {
		return err
	}
	for _, old := range all[:max(0, len(all)-kept)] {
		if err := os.Remove(filepath.Join(p.copies(), old)); err != nil {
			return fmt.Errorf("remove an old copy: %w", err)
		}
	}
	return nil
}

// KeepOld keeps a copy of a database, as before-<version>-<file>.db, before its
// tables are brought to a version. A copy that is there already stays: the
// first attempt saw the file as the former program left it.
func (p Profile) KeepOld(ctx context.Context, f File, db *sql.DB, version int64) (string, error) {
	name := fmt.Sprintf("before-%d-%s.db", version, f)
	to := filepath.Join(p.copies(), name)
	if _, err := os.Stat(to); err == nil {
		return name, nil
	}
	part := to + ".part"
	if err := os.Remove(part); err != nil && !errors.Is(err, os.ErrNotExist) {
		return "", fmt.Errorf("copy %s: %w", f, err)
	}
	if _, err := db.ExecContext(ctx, "VACUUM INTO ?", part); err != nil {
		return "", fmt.Errorf("copy %s: %w", f, err)
	}
	if err := os.Chmod(part, 0o600); err != nil {
		return "", fmt.Errorf("copy %s: %w", f, err)
	}
	if err := os.Rename(part, to); err != nil {
		return "", fmt.Errorf("copy %s: %w", f, err)
	}
	return name, nil
}

// DropCopies removes all copies of the outbox.
func (p Profile) DropCopies() error {
	all, err := p.list()
	for _, name := range all {
		path := filepath.Join(p.copies(), name)
		err = errors.Join(err, overwrite(path), os.Remove(path))
	}
	return err
}

// DropOld removes what KeepOld keeps: it may hold what was taken from the person
// since.
func (p Profile) DropOld() error {
	found, err := filepath.Glob(filepath.Join(p.copies(), "before-*.db"))
	for _, path := range found {
		err = errors.Join(err, overwrite(path), os.Remove(path))
	}
	return err
}

// Restore puts the newest good copy of the outbox in its place and reports
// whether there was one. The outbox must have been set aside. A restored outbox
// holds an old ticket: the server then gives the device a new id, and commands
// that it already has keep their recorded outcome.
func (p Profile) Restore(ctx context.Context) (bool, error) {
	all, err := p.list()
	if err != nil {
		return false, err
	}
	for _, name := range slices.Backward(all) {
		path := filepath.Join(p.copies(), name)
		if p.good(ctx, path) != nil {
			continue
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return false, fmt.Errorf("restore the outbox: %w", err)
		}
		tmp := p.path(Outbox) + ".part"
		if err := os.WriteFile(tmp, b, 0o600); err != nil {
			return false, fmt.Errorf("restore the outbox: %w", err)
		}
		if err := os.Rename(tmp, p.path(Outbox)); err != nil {
			return false, fmt.Errorf("restore the outbox: %w", err)
		}
		return true, nil
	}
	return false, nil
}

func (p Profile) good(ctx context.Context, path string) error {
	db, err := p.open(Outbox, path, url.Values{"mode": {"ro"}})
	if err != nil {
		return err
	}
	return errors.Join(check(ctx, db), db.Close())
}

// list are the names of the outbox's copies, oldest first.
func (p Profile) list() ([]string, error) {
	es, err := os.ReadDir(p.copies())
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("list the copies: %w", err)
	}
	var out []string
	for _, e := range es {
		if n := e.Name(); strings.HasPrefix(n, "outbox-") && strings.HasSuffix(n, ".db") {
			out = append(out, n)
		}
	}
	slices.Sort(out)
	return out, nil
}
