package store

import (
	"context"
	"fmt"
	"time"
)

// StaleChannels are the channels and lanes that hold rem entries or history
// from before a time, ordered.
func StaleChannels(ctx context.Context, q Q, before time.Time) ([]ChanLane, error) {
	rs, err := q.QueryContext(ctx, "SELECT lane, chan FROM chan_row WHERE rem = 1 AND at < ? UNION SELECT lane, chan FROM chan_hist WHERE at < ? ORDER BY lane, chan", millis(before), millis(before))
	if err != nil {
		return nil, fmt.Errorf("find old entries: %w", err)
	}
	defer rs.Close()
	var out []ChanLane
	for rs.Next() {
		var c ChanLane
		if err := rs.Scan(&c.Lane, &c.Chan); err != nil {
			return nil, fmt.Errorf("find old entries: %w", err)
		}
		out = append(out, c)
	}
	if err := rs.Err(); err != nil {
		return nil, fmt.Errorf("find old entries: %w", err)
	}
	return out, nil
}

// Collect drops a channel's rem entries from before a time, raises its floor
// to the newest of them, and drops its history up to that time except the
// last. The counter is held meanwhile.
func Collect(ctx context.Context, q Q, c ChanLane, before time.Time) error {
	heads, err := LockHeads(ctx, q, []ChanLane{c})
	if err != nil {
		return err
	}
	h := heads[c]
	var top int64
	if err := q.QueryRowContext(ctx, "SELECT coalesce(max(seq), 0) FROM chan_row WHERE chan = ? AND lane = ? AND rem = 1 AND at < ?", string(c.Chan), int64(c.Lane), millis(before)).Scan(&top); err != nil {
		return fmt.Errorf("find old entries: %w", err)
	}
	if _, err := q.ExecContext(ctx, "DELETE FROM chan_row WHERE chan = ? AND lane = ? AND rem = 1 AND at < ?", string(c.Chan), int64(c.Lane), millis(before)); err != nil {
		return fmt.Errorf("drop old entries: %w", err)
	}
	if top > h.GCFloor {
		if _, err := q.ExecContext(ctx, "UPDATE chan_head SET gc_floor = ? WHERE chan = ? AND lane = ?", top, string(c.Chan), int64(c.Lane)); err != nil {
			return fmt.Errorf("raise floor: %w", err)
		}
	}
	// What goes is a beginning of the history, without holes: clocks of several
	// commands do not follow the order of their commits.
	var last int64
	if err := q.QueryRowContext(ctx, "SELECT coalesce(max(seq), 0) FROM chan_hist WHERE chan = ? AND lane = ? AND at < ?", string(c.Chan), int64(c.Lane), millis(before)).Scan(&last); err != nil {
		return fmt.Errorf("find old history: %w", err)
	}
	if _, err := q.ExecContext(ctx, "DELETE FROM chan_hist WHERE chan = ? AND lane = ? AND seq <= ? AND seq < ?", string(c.Chan), int64(c.Lane), last, h.Seq); err != nil {
		return fmt.Errorf("drop old history: %w", err)
	}
	return nil
}

// ForgetResults drops recorded outcomes from before a time, with the numbers
// under which devices sent them. A command sent again after that would run
// again.
func ForgetResults(ctx context.Context, q Q, before time.Time) error {
	if _, err := q.ExecContext(ctx, "DELETE FROM sent WHERE mid IN (SELECT mid FROM mut WHERE at < ?)", millis(before)); err != nil {
		return fmt.Errorf("forget outcomes: %w", err)
	}
	if _, err := q.ExecContext(ctx, "DELETE FROM mut WHERE at < ?", millis(before)); err != nil {
		return fmt.Errorf("forget outcomes: %w", err)
	}
	return nil
}
