package store

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"qianshao/syncserver/rowsql"
	"qianshao/syncserver/sqlite"
)

//go:embed migrations
var migrations embed.FS

// kindsLock is the advisory lock under which one server at a time fits the
// tables of records to the declarations.
const kindsLock = 0x7169616e

// migrate runs the numbered SQL files, then fits the tables of records to the
// kinds' declarations.
func (s *Store) migrate(ctx context.Context, c Config) error {
	dir, dialect := "migrations/sqlite", goose.DialectSQLite3
	opts := []goose.ProviderOption{goose.WithLogger(goose.NopLogger()), goose.WithDisableGlobalRegistry(true)}
	if s.Dialect() == rowsql.Postgres {
		dir, dialect = "migrations/postgres", goose.DialectPostgres
		locker, err := lock.NewPostgresSessionLocker()
		if err != nil {
			return fmt.Errorf("migrate: %w", err)
		}
		opts = append(opts, goose.WithSessionLocker(locker))
	}
	files, err := fs.Sub(migrations, dir)
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	if s.Dialect() != rowsql.SQLite || !sqlite.Applied(ctx, s.write, files) {
		if err := s.number(ctx, c, dialect, files, opts); err != nil {
			return err
		}
	}
	return s.Write(ctx, func(q Q) error {
		if q.Dialect() == rowsql.Postgres {
			if _, err := q.ExecContext(ctx, "SELECT pg_advisory_xact_lock(?)", int64(kindsLock)); err != nil {
				return fmt.Errorf("migrate: %w", err)
			}
		}
		return s.Rows.Migrate(ctx, q)
	})
}

// number brings the database to the present one of the numbered migrations, and
// has a copy of it kept as it was.
func (s *Store) number(ctx context.Context, c Config, dialect goose.Dialect, files fs.FS, opts []goose.ProviderOption) error {
	p, err := goose.NewProvider(dialect, s.write, files, opts...)
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	have, want, err := p.GetVersions(ctx)
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	if have > 0 && have < want && c.At == 0 {
		if err := s.keepOld(ctx, c, have); err != nil {
			return fmt.Errorf("copy before the new version: %w", err)
		}
	}
	if c.At > 0 {
		_, err = p.UpTo(ctx, c.At)
	} else {
		_, err = p.Up(ctx)
	}
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	return nil
}

// ErrNoCopy says that a database would be changed without a copy of it.
var ErrNoCopy = errors.New("the tables are of an older version: a folder for a copy is needed before they are changed")

// keepOld keeps a copy of a database before its schema changes.
func (s *Store) keepOld(ctx context.Context, c Config, version int64) error {
	if c.Before != nil {
		return c.Before(ctx, s, version)
	}
	if s.Dialect() == rowsql.Postgres {
		return ErrNoCopy
	}
	to := filepath.Join(c.Dir, fmt.Sprintf("office-of-%d.db", version))
	part := to + ".part"
	for _, f := range []string{part, to} { // of an attempt that did not get through
		if err := os.Remove(f); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	if _, err := s.write.ExecContext(ctx, "VACUUM INTO ?", part); err != nil {
		return err
	}
	if err := os.Chmod(part, 0o600); err != nil {
		return err
	}
	return os.Rename(part, to)
}
