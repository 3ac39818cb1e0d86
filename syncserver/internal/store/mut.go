package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"qianshao/syncserver/office"
	"qianshao/syncserver/protocol"
)

// Mut is a command that was carried out or refused, with its outcome.
type Mut struct {
	UID     office.UserID
	Dev     string // "" for the system's own commands
	Command string
	Claimed time.Time
	protocol.Result
}

// FindMut reads the recorded outcome of a command.
func FindMut(ctx context.Context, q Q, mid string) (Mut, bool, error) {
	m := Mut{Result: protocol.Result{Mid: mid}}
	var detail string
	var claimed int64
	err := q.QueryRowContext(ctx, "SELECT uid, dev, n, command, outcome, code, message, field, detail, claimed, at FROM mut WHERE mid = ?", mid).
		Scan(&m.UID, &m.Dev, &m.N, &m.Command, &m.Outcome, &m.Code, &m.Message, &m.Field, &detail, &claimed, &m.At)
	if err == sql.ErrNoRows {
		return Mut{}, false, nil
	}
	if err != nil {
		return Mut{}, false, fmt.Errorf("read outcome: %w", err)
	}
	if detail != "" {
		m.Detail = json.RawMessage(detail)
	}
	m.Claimed = time.UnixMilli(claimed)
	return m, true, nil
}

// AddMut records an outcome. If the command has one already, the transaction
// lost a race and is ErrConflict.
func AddMut(ctx context.Context, q Q, m Mut) error {
	res, err := q.ExecContext(ctx, "INSERT INTO mut (mid, uid, dev, n, command, outcome, code, message, field, detail, claimed, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (mid) DO NOTHING",
		m.Mid, string(m.UID), m.Dev, m.N, m.Command, m.Outcome, string(m.Code), m.Message, m.Field, string(m.Detail), millis(m.Claimed), m.At)
	if err != nil {
		return fmt.Errorf("record outcome: %w", err)
	}
	if n, err := res.RowsAffected(); err != nil {
		return fmt.Errorf("record outcome: %w", err)
	} else if n == 0 {
		return fmt.Errorf("record outcome: %w", ErrConflict)
	}
	return nil
}

// AddSent notes under which number a device sent a command.
func AddSent(ctx context.Context, q Q, dev string, n int64, mid string) error {
	if _, err := q.ExecContext(ctx, "INSERT INTO sent (dev, n, mid) VALUES (?, ?, ?)", dev, n, mid); err != nil {
		return fmt.Errorf("note command: %w", err)
	}
	return nil
}

// ResultsAfter are the outcomes of a device's commands with a number above n,
// the newest limit of them, in order.
func ResultsAfter(ctx context.Context, q Q, dev string, n int64, limit int) ([]protocol.Result, error) {
	rs, err := q.QueryContext(ctx, "SELECT sent.mid, sent.n, outcome, code, message, field, detail, at FROM sent JOIN mut ON mut.mid = sent.mid WHERE sent.dev = ? AND sent.n > ? ORDER BY sent.n DESC LIMIT ?", dev, n, int64(limit))
	if err != nil {
		return nil, fmt.Errorf("read outcomes: %w", err)
	}
	defer rs.Close()
	var out []protocol.Result
	for rs.Next() {
		var r protocol.Result
		var detail string
		if err := rs.Scan(&r.Mid, &r.N, &r.Outcome, &r.Code, &r.Message, &r.Field, &detail, &r.At); err != nil {
			return nil, fmt.Errorf("read outcomes: %w", err)
		}
		if detail != "" {
			r.Detail = json.RawMessage(detail)
		}
		out = append(out, r)
	}
	if err := rs.Err(); err != nil {
		return nil, fmt.Errorf("read outcomes: %w", err)
	}
	slices.Reverse(out)
	return out, nil
}

// Outcomes are the recorded outcomes of those of these commands of a person
// that have one, by mid.
func Outcomes(ctx context.Context, q Q, uid office.UserID, mids []string) (map[string]string, error) {
	out := map[string]string{}
	for part := range slices.Chunk(mids, chunk) {
		args := make([]any, 0, len(part)+1)
		for _, m := range part {
			args = append(args, m)
		}
		rs, err := q.QueryContext(ctx, "SELECT mid, outcome FROM mut WHERE mid IN ("+marks(len(part))+") AND uid = ?", append(args, string(uid))...)
		if err != nil {
			return nil, fmt.Errorf("read outcomes: %w", err)
		}
		for rs.Next() {
			var mid, o string
			if err := rs.Scan(&mid, &o); err != nil {
				rs.Close()
				return nil, fmt.Errorf("read outcomes: %w", err)
			}
			out[mid] = o
		}
		if err := firstOf(rs.Err(), rs.Close()); err != nil {
			return nil, fmt.Errorf("read outcomes: %w", err)
		}
	}
	return out, nil
}
