package store

import (
	"context"
	"embed"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"qianshao/syncserver/rowsql"
)

//go:embed migrations
var migrations embed.FS

// kindsLock is the advisory lock under which one server at a time fits the
// tables of records to the declarations.
const kindsLock = 0x7169616e

// migrate runs the numbered SQL files, then fits the tables of records to the
// kinds' declarations.
func (s *Store) migrate(ctx context.Context) error {
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
	p, err := goose.NewProvider(dialect, s.write, files, opts...)
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("migrate: %w", err)
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
