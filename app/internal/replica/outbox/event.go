package outbox

import (
	"context"
	"database/sql"
	"fmt"
)

// What an event may be.
const (
	EventRepair  = "repair"  // bad rows of a channel were put right
	EventReset   = "reset"   // a channel is read from its start
	EventRebuild = "rebuild" // everything is read anew
	EventReplay  = "replay"  // answered commands are sent again
	EventFork    = "fork"    // this desk became another device
	EventAside   = "aside"   // a damaged file was set aside
	EventUpgrade = "upgrade" // a file was brought to this program's version
	EventRefused = "refused" // the server takes nothing of this device any more
	EventBlob    = "blob"    // a file was damaged
)

// Event is something out of the ordinary, and why. It holds no contents.
type Event struct {
	ID     int64
	At     int64
	What   string
	Why    string
	Chan   string
	Lane   int
	Rows   int    // records concerned, or commands
	Detail string // a file's name, a device's id
}

// eventsKept is how many events stay.
const eventsKept = 5000

// Note keeps an event.
func (b *Box) Note(ctx context.Context, e Event) error {
	return b.write(ctx, "note an event", func(tx *sql.Tx) error {
		if err := exec(ctx, tx, "INSERT INTO event (at, what, why, chan, lane, rows, detail) VALUES (?, ?, ?, ?, ?, ?, ?)", e.At, e.What, e.Why, e.Chan, e.Lane, e.Rows, e.Detail); err != nil {
			return err
		}
		return exec(ctx, tx, "DELETE FROM event WHERE id <= (SELECT max(id) FROM event) - ?", eventsKept)
	})
}

// Events are the newest events, newest first.
func (b *Box) Events(ctx context.Context, limit int) ([]Event, error) {
	rows, err := b.db.QueryContext(ctx, "SELECT id, at, what, why, chan, lane, rows, detail FROM event ORDER BY id DESC LIMIT ?", limit)
	if err != nil {
		return nil, fmt.Errorf("read events: %w", err)
	}
	defer rows.Close()
	var out []Event
	for rows.Next() {
		var e Event
		if err := rows.Scan(&e.ID, &e.At, &e.What, &e.Why, &e.Chan, &e.Lane, &e.Rows, &e.Detail); err != nil {
			return nil, fmt.Errorf("read events: %w", err)
		}
		out = append(out, e)
	}
	return out, rows.Err()
}
