package replica

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// Meta is what the replica knows of itself. Times are office.Millis.
type Meta struct {
	Epoch      string
	AsOf       int64
	SyncedAt   int64
	Loaded     Load
	OverlayOrd int64
	Repairs    int64
	Program    string // that ran the waiting commands last
	Wrong      bool   // a channel was read anew and still differs from the server's sums
}

// Load is how far the first load has come.
type Load int

const (
	LoadNothing Load = 0
	LoadHeaders Load = 1 // lanes 0 and 1: lists are there, texts may be missing
	LoadAll     Load = 2
)

type querier interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// Meta reads it.
func (r *Replica) Meta(ctx context.Context) (Meta, error) { return readMeta(ctx, r.r) }

func readMeta(ctx context.Context, c querier) (Meta, error) {
	var m Meta
	err := c.QueryRowContext(ctx, "SELECT epoch, as_of, synced_at, loaded, overlay_ord, repairs, program, EXISTS (SELECT 1 FROM repair WHERE pending = 0) FROM meta").
		Scan(&m.Epoch, &m.AsOf, &m.SyncedAt, &m.Loaded, &m.OverlayOrd, &m.Repairs, &m.Program, &m.Wrong)
	if err != nil {
		return m, fmt.Errorf("read the replica: %w", err)
	}
	return m, nil
}

// LastN is up to which n the effects of a device's commands are in the base;
// false if this replica has never heard of the device.
func (r *Replica) LastN(ctx context.Context, dev string) (int64, bool, error) {
	var n int64
	err := r.r.QueryRowContext(ctx, "SELECT last_n FROM device WHERE dev = ?", dev).Scan(&n)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, false, nil
	}
	if err != nil {
		return 0, false, fmt.Errorf("read the replica: %w", err)
	}
	return n, true, nil
}

// SetLastN notes it for a device.
func (t *Tx) SetLastN(dev string, n int64) error {
	return t.exec("INSERT INTO device (dev, last_n) VALUES (?, ?) ON CONFLICT (dev) DO UPDATE SET last_n = excluded.last_n", dev, n)
}

// SetOverlayOrd notes that the visible rows agree with the outbox's ord.
func (t *Tx) SetOverlayOrd(ord int64) error {
	return t.exec("UPDATE meta SET overlay_ord = ?", ord)
}

// SetProgram notes which program ran the waiting commands.
func (t *Tx) SetProgram(name string) error {
	return t.exec("UPDATE meta SET program = ?", name)
}
