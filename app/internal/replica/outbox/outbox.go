// Package outbox keeps what the person gave and nobody else has: commands, the
// exact bytes of the request under way, drafts. Its schema is small and
// stable, its file is written through to the disk on every commit.
//
// It knows nothing of records: whether a command still waits is derived from
// the replica's last_n, which callers pass in.
package outbox

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"

	"qianshao/app/internal/vault"
	"qianshao/syncserver/office"
	"qianshao/syncserver/sqlite"
)

//go:embed migrations/*.sql
var files embed.FS

// Box is an open outbox. Writing methods are called by one goroutine at a
// time; each is one transaction.
type Box struct{ db *sql.DB }

// ErrOwner says that the outbox belongs to another person.
var ErrOwner = errors.New("the outbox belongs to another person")

// Identity is whose outbox it is, on which device.
type Identity struct {
	UID     office.UserID
	Device  string // the last log-in's
	Install string
}

// Open opens the outbox of a profile for writing, making it if need be.
// vault.ErrDamaged if it fails its check, ErrOwner if it is another person's.
func Open(ctx context.Context, p vault.Profile, id Identity) (*Box, error) {
	db, err := p.Write(ctx, vault.Outbox)
	if err != nil {
		return nil, err
	}
	b := &Box{db}
	if err := b.prepare(ctx, p, id); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return b, nil
}

// Read opens the outbox of a profile for reading.
func Read(ctx context.Context, p vault.Profile) (*Box, error) {
	db, err := p.Read(ctx, vault.Outbox)
	if err != nil {
		return nil, err
	}
	return &Box{db}, nil
}

// Close closes the file.
func (b *Box) Close() error { return b.db.Close() }

// Copy makes a copy of the outbox in the vault.
func (b *Box) Copy(ctx context.Context, p vault.Profile) error { return p.Copy(ctx, b.db) }

func (b *Box) prepare(ctx context.Context, p vault.Profile, id Identity) error {
	dir, err := fs.Sub(files, "migrations")
	if err != nil {
		return err
	}
	if !sqlite.Applied(ctx, b.db, dir) {
		if err := b.migrate(ctx, p, dir); err != nil {
			return fmt.Errorf("migrate the outbox: %w", err)
		}
	}
	d, err := b.Desk(ctx)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		_, err = b.db.ExecContext(ctx, "INSERT INTO desk (one, uid, install, login, dev) VALUES (1, ?, ?, ?, ?)", string(id.UID), id.Install, id.Device, id.Device)
		if err != nil {
			return fmt.Errorf("make the outbox: %w", err)
		}
		return nil
	case err != nil:
		return err
	case d.UID != id.UID:
		return ErrOwner
	case id.Device != "" && id.Device != d.Login && id.Device != d.Dev:
		// The last log-in made another device of this profile.
		return b.write(ctx, "new device", func(tx *sql.Tx) error {
			if err := fork(ctx, tx, id.Device, 0, 0, true); err != nil {
				return err
			}
			return exec(ctx, tx, "UPDATE desk SET login = ?", id.Device)
		})
	}
	return nil
}

// migrate brings the file to the present one of the numbered migrations, and
// keeps a copy of it as it was.
func (b *Box) migrate(ctx context.Context, p vault.Profile, dir fs.FS) error {
	m, err := goose.NewProvider(goose.DialectSQLite3, b.db, dir)
	if err != nil {
		return err
	}
	have, want, err := m.GetVersions(ctx)
	if err != nil {
		return err
	}
	old := ""
	if have > 0 && have < want {
		if old, err = p.KeepOld(ctx, vault.Outbox, b.db, want); err != nil {
			return err
		}
	}
	if _, err := m.Up(ctx); err != nil || old == "" {
		return err
	}
	return b.Note(ctx, Event{At: office.Millis(p.Now()), What: EventUpgrade, Why: fmt.Sprintf("outbox from version %d to %d", have, want), Detail: old})
}

// Desk is the outbox's one row about the desk itself.
type Desk struct {
	UID     office.UserID
	Install string
	Login   string
	Dev     string
	Ticket  string
	N       int64
	Acked   int64
	Settled int64
	Durable int64
	Ord     int64
}

// Desk reads it.
func (b *Box) Desk(ctx context.Context) (Desk, error) { return readDesk(ctx, b.db) }

func readDesk(ctx context.Context, c querier) (Desk, error) {
	var d Desk
	err := c.QueryRowContext(ctx, "SELECT uid, install, login, dev, ticket, n, acked, settled, durable, ord FROM desk").
		Scan(&d.UID, &d.Install, &d.Login, &d.Dev, &d.Ticket, &d.N, &d.Acked, &d.Settled, &d.Durable, &d.Ord)
	if err != nil {
		return d, fmt.Errorf("read the outbox: %w", err)
	}
	return d, nil
}

type querier interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// write runs f in one transaction; act names it in errors.
func (b *Box) write(ctx context.Context, act string, f func(tx *sql.Tx) error) error {
	tx, err := b.db.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("outbox: %s: %w", act, err)
	}
	defer tx.Rollback()
	if err := f(tx); err != nil {
		return fmt.Errorf("outbox: %s: %w", act, err)
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("outbox: %s: %w", act, err)
	}
	return nil
}

func exec(ctx context.Context, tx *sql.Tx, query string, args ...any) error {
	_, err := tx.ExecContext(ctx, query, args...)
	return err
}

// bump counts a change of the list of waiting commands.
func bump(ctx context.Context, tx *sql.Tx) (int64, error) {
	var ord int64
	err := tx.QueryRowContext(ctx, "UPDATE desk SET ord = ord + 1 RETURNING ord").Scan(&ord)
	return ord, err
}
