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

	Asked        int64 // Millis when it last asked for news
	Waiting      int64 // commands it held unanswered then
	WaitingSince int64 // since when it has had some at every asking
}

// FindDevice reads a device; lock holds it until the transaction ends.
func FindDevice(ctx context.Context, q Q, dev string, lock bool) (Device, bool, error) {
	query := "SELECT uid, origin, install, last_n, durable_n, ticket, ticket_digest, state, asked, waiting, waiting_since FROM device WHERE dev = ?"
	if lock && q.Dialect() == rowsql.Postgres {
		query += " FOR UPDATE"
	}
	d := Device{Dev: dev}
	err := q.QueryRowContext(ctx, query, dev).Scan(&d.UID, &d.Origin, &d.Install, &d.LastN, &d.DurableN, &d.Ticket, &d.Digest, &d.State, &d.Asked, &d.Waiting, &d.WaitingSince)
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

// Asks notes that a device has asked for news, and what waits there.
func Asks(ctx context.Context, q Q, d Device) error {
	if _, err := q.ExecContext(ctx, "UPDATE device SET asked = ?, waiting = ?, waiting_since = ? WHERE dev = ?", d.Asked, d.Waiting, d.WaitingSince, d.Dev); err != nil {
		return fmt.Errorf("write device: %w", err)
	}
	return nil
}

// StuckAfter is how long, in milliseconds, a device may ask for news again and
// again without getting its own commands through before it counts as stuck.
const StuckAfter = 3600 * 1000

// Stuck are the active devices that have asked within a week and do not get
// through.
func Stuck(ctx context.Context, q Q, now time.Time) ([]Device, error) {
	rs, err := q.QueryContext(ctx, "SELECT dev, uid, asked, waiting, waiting_since FROM device WHERE state = ? AND waiting > 0 AND asked - waiting_since >= ? AND asked >= ? ORDER BY dev",
		DeviceActive, int64(StuckAfter), millis(now)-7*24*3600*1000)
	if err != nil {
		return nil, fmt.Errorf("find stuck devices: %w", err)
	}
	defer rs.Close()
	var out []Device
	for rs.Next() {
		var d Device
		if err := rs.Scan(&d.Dev, &d.UID, &d.Asked, &d.Waiting, &d.WaitingSince); err != nil {
			return nil, fmt.Errorf("find stuck devices: %w", err)
		}
		out = append(out, d)
	}
	return out, rs.Err()
}

// Forks are a device and the forks that share its origin, revoked ones too.
func Forks(ctx context.Context, q Q, origin string) ([]string, error) {
	rs, err := q.QueryContext(ctx, "SELECT dev FROM device WHERE origin = ? ORDER BY dev", origin)
	if err != nil {
		return nil, fmt.Errorf("find forks: %w", err)
	}
	defer rs.Close()
	var out []string
	for rs.Next() {
		var dev string
		if err := rs.Scan(&dev); err != nil {
			return nil, fmt.Errorf("find forks: %w", err)
		}
		out = append(out, dev)
	}
	return out, rs.Err()
}

// Named is a device with what its person calls it.
type Named struct {
	Device
	Name string
}

// DevicesOf are a person's devices, revoked ones too, that have asked for news
// since a time in Millis, by id.
func DevicesOf(ctx context.Context, q Q, uid office.UserID, since int64) ([]Named, error) {
	rs, err := q.QueryContext(ctx, "SELECT d.dev, d.uid, d.origin, d.state, d.asked, coalesce(n.name, '') FROM device d LEFT JOIN device_name n ON n.dev = d.origin WHERE d.uid = ? AND d.asked > 0 AND d.asked >= ? ORDER BY d.dev",
		string(uid), since)
	if err != nil {
		return nil, fmt.Errorf("find devices: %w", err)
	}
	defer rs.Close()
	var out []Named
	for rs.Next() {
		var d Named
		if err := rs.Scan(&d.Dev, &d.UID, &d.Origin, &d.State, &d.Asked, &d.Name); err != nil {
			return nil, fmt.Errorf("find devices: %w", err)
		}
		out = append(out, d)
	}
	return out, rs.Err()
}

// Fleet is what the metrics tell of all devices.
type Fleet struct {
	Devices int64 // active ones
	Silent  int64 // of these, not heard of for a day
	Stuck   int64
	Queued  int64 // commands they held when they last asked
	Jobs    int64 // waiting
	Lag     int64 // milliseconds since the least recent of those heard within a day asked
}

// FleetAt counts it.
func FleetAt(ctx context.Context, q Q, now time.Time) (Fleet, error) {
	var f Fleet
	at, day := millis(now), int64(24*3600*1000)
	err := q.QueryRowContext(ctx, `SELECT count(*), COALESCE(sum(CASE WHEN asked < ? THEN 1 ELSE 0 END), 0),
		COALESCE(sum(CASE WHEN waiting > 0 AND asked - waiting_since >= ? THEN 1 ELSE 0 END), 0), COALESCE(sum(waiting), 0),
		? - COALESCE(min(CASE WHEN asked >= ? THEN asked END), ?), (SELECT count(*) FROM job WHERE state = 'queued') FROM device WHERE state = ?`,
		at-day, int64(StuckAfter), at, at-day, at, DeviceActive).Scan(&f.Devices, &f.Silent, &f.Stuck, &f.Queued, &f.Lag, &f.Jobs)
	if err != nil {
		return f, fmt.Errorf("count devices: %w", err)
	}
	return f, nil
}
