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
	"qianshao/syncserver/rowsql"
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

// Settle records an outcome and under which number m.Dev sent the command (not
// if that is 0); with a device also how far its pushes have come. A mid or
// number that has been recorded meanwhile is a lost race: see Retryable.
func Settle(ctx context.Context, q Q, m Mut, n int64, d *Device) error {
	insert := "INSERT INTO mut (mid, uid, dev, n, command, outcome, code, message, field, detail, claimed, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
	args := []any{m.Mid, string(m.UID), m.Dev, m.N, m.Command, m.Outcome, string(m.Code), m.Message, m.Field, string(m.Detail), millis(m.Claimed), m.At}
	if q.Dialect() == rowsql.Postgres && d != nil && n > 0 { // one round trip
		insert = "WITH m AS (" + insert + "), s AS (" + addSent + ") " + advance
		args = append(args, d.Dev, n, m.Mid, d.LastN, d.Ticket, d.Digest, d.Dev)
		n, d = 0, nil
	}
	if _, err := q.ExecContext(ctx, insert, args...); err != nil {
		return fmt.Errorf("record outcome: %w", err)
	}
	if n > 0 {
		if err := AddSent(ctx, q, m.Dev, n, m.Mid); err != nil {
			return err
		}
	}
	if d == nil {
		return nil
	}
	return Advance(ctx, q, *d)
}

const addSent = "INSERT INTO sent (dev, n, mid) VALUES (?, ?, ?)"

// AddSent notes under which number a device sent a command.
func AddSent(ctx context.Context, q Q, dev string, n int64, mid string) error {
	if _, err := q.ExecContext(ctx, addSent, dev, n, mid); err != nil {
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
