package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"qianshao/syncserver/office"
	"qianshao/syncserver/rowsql"
)

// States of a device.
const (
	DeviceActive = "active"
	DeviceWiped  = "wiped" // revoked: it gets no data and its commands are not taken
)

// Device is one profile of one person.
type Device struct {
	Dev      string
	UID      office.UserID
	Origin   string // the device that logged in; forks of it share its origin
	Install  string // random, made once per profile
	LastN    int64  // number of the last command handled
	DurableN int64  // up to here a verified backup holds
	Ticket   string // the push ticket that the next push must carry
	Digest   string // of the request that brought Ticket
	State    string
}

// FindDevice reads a device; lock holds it until the transaction ends.
func FindDevice(ctx context.Context, q Q, dev string, lock bool) (Device, bool, error) {
	query := "SELECT uid, origin, install, last_n, durable_n, ticket, ticket_digest, state FROM device WHERE dev = ?"
	if lock && q.Dialect() == rowsql.Postgres {
		query += " FOR UPDATE"
	}
	d := Device{Dev: dev}
	err := q.QueryRowContext(ctx, query, dev).Scan(&d.UID, &d.Origin, &d.Install, &d.LastN, &d.DurableN, &d.Ticket, &d.Digest, &d.State)
	if err == sql.ErrNoRows {
		return Device{}, false, nil
	}
	if err != nil {
		return Device{}, false, fmt.Errorf("read device: %w", err)
	}
	return d, true, nil
}

// AddDevice enters a new device; one that is there already stays as it is.
func AddDevice(ctx context.Context, q Q, d Device, at time.Time) error {
	_, err := q.ExecContext(ctx, "INSERT INTO device (dev, uid, origin, install, state, created) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (dev) DO NOTHING",
		d.Dev, string(d.UID), d.Origin, d.Install, DeviceActive, millis(at))
	if err != nil {
		return fmt.Errorf("add device: %w", err)
	}
	return nil
}

const advance = "UPDATE device SET last_n = ?, ticket = ?, ticket_digest = ? WHERE dev = ?"

// Advance writes how far a device's pushes have come.
func Advance(ctx context.Context, q Q, d Device) error {
	if _, err := q.ExecContext(ctx, advance, d.LastN, d.Ticket, d.Digest, d.Dev); err != nil {
		return fmt.Errorf("write device: %w", err)
	}
	return nil
}

// SetDeviceState writes the state of a device and all its forks.
func SetDeviceState(ctx context.Context, q Q, origin, state string) error {
	if _, err := q.ExecContext(ctx, "UPDATE device SET state = ? WHERE origin = ?", state, origin); err != nil {
		return fmt.Errorf("write device: %w", err)
	}
	return nil
}
