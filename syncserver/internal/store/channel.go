package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"time"

	"qianshao/syncserver/office"
	"qianshao/syncserver/rowsql"
)

// ChanLane is the key of a channel's counter.
type ChanLane struct {
	Chan office.Channel
	Lane office.Lane
}

// Compare orders counters by lane, then channel: the order in which they are
// locked and pulled.
func (a ChanLane) Compare(b ChanLane) int {
	if a.Lane != b.Lane {
		return int(a.Lane) - int(b.Lane)
	}
	return strings.Compare(string(a.Chan), string(b.Chan))
}

// Head is the state of one channel and lane.
type Head struct {
	ChanLane
	Seq     int64  // number of the newest entry
	Chain   string // hash over the history up to Seq; "" before the first entry
	GCFloor int64  // rem entries up to here may be gone
	Live    int64  // rows in the channel
	Sum     uint64 // their sums, modulo 2^64
}

// Entry is the latest entry of one row in one channel: the row is in it, or
// has left it.
type Entry struct {
	ChanLane
	Kind, ID string
	Seq      int64
	Rem      bool
}

// chunk is how many keys or rows go into one statement.
const chunk = 200

// Heads are the counters of these channels up to a lane, ordered by lane and
// channel. Channels that never had an entry have none.
func Heads(ctx context.Context, q Q, chans []office.Channel, max office.Lane) ([]Head, error) {
	var out []Head
	for part := range slices.Chunk(chans, chunk) {
		args := make([]any, 0, len(part)+1)
		for _, c := range part {
			args = append(args, string(c))
		}
		hs, err := scanHeads(ctx, q, "SELECT chan, lane, seq, chain, gc_floor, n_live, sum FROM chan_head WHERE chan IN ("+marks(len(part))+") AND lane <= ?", append(args, int64(max))...)
		if err != nil {
			return nil, err
		}
		out = append(out, hs...)
	}
	slices.SortFunc(out, func(a, b Head) int { return a.Compare(b.ChanLane) })
	return out, nil
}

// AllHeads are all counters, ordered by lane and channel.
func AllHeads(ctx context.Context, q Q) ([]Head, error) {
	return scanHeads(ctx, q, "SELECT chan, lane, seq, chain, gc_floor, n_live, sum FROM chan_head ORDER BY lane, chan")
}

// LockHeads reads these counters and holds them until the transaction ends,
// making those that are missing. It is among a transaction's last acts: whoever
// waits for a counter waits for nothing else after it.
func LockHeads(ctx context.Context, q Q, keys []ChanLane) (map[ChanLane]*Head, error) {
	keys = slices.Clone(keys)
	slices.SortFunc(keys, ChanLane.Compare)
	keys = slices.Compact(keys)
	out := make(map[ChanLane]*Head, len(keys))
	if err := lockHeads(ctx, q, keys, out); err != nil {
		return nil, err
	}
	if len(out) == len(keys) {
		return out, nil
	}
	missing := slices.DeleteFunc(keys, func(k ChanLane) bool { return out[k] != nil })
	for part := range slices.Chunk(missing, chunk) {
		args := make([]any, 0, 2*len(part))
		for _, k := range part {
			args = append(args, string(k.Chan), int64(k.Lane))
		}
		if _, err := q.ExecContext(ctx, "INSERT INTO chan_head (chan, lane, seq, chain) VALUES "+tuples(len(part), "(?, ?, 0, '')")+" ON CONFLICT (chan, lane) DO NOTHING", args...); err != nil {
			return nil, fmt.Errorf("make channel counters: %w", err)
		}
	}
	if err := lockHeads(ctx, q, missing, out); err != nil {
		return nil, err
	}
	return out, nil
}

// lockHeads takes one lane after the other, each sorted, into out.
func lockHeads(ctx context.Context, q Q, sorted []ChanLane, out map[ChanLane]*Head) error {
	for len(sorted) > 0 {
		n := 1
		for n < len(sorted) && n < chunk && sorted[n].Lane == sorted[0].Lane {
			n++
		}
		args := make([]any, 0, n+1)
		for _, k := range sorted[:n] {
			args = append(args, string(k.Chan))
		}
		query := "SELECT chan, lane, seq, chain, gc_floor, n_live, sum FROM chan_head WHERE chan IN (" + marks(n) + ") AND lane = ? ORDER BY chan"
		if q.Dialect() == rowsql.Postgres {
			query += " FOR UPDATE"
		}
		hs, err := scanHeads(ctx, q, query, append(args, int64(sorted[0].Lane))...)
		if err != nil {
			return err
		}
		for i := range hs {
			out[hs[i].ChanLane] = &hs[i]
		}
		sorted = sorted[n:]
	}
	return nil
}

func scanHeads(ctx context.Context, q Q, query string, args ...any) ([]Head, error) {
	rs, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("read channel counters: %w", err)
	}
	defer rs.Close()
	var out []Head
	for rs.Next() {
		var h Head
		var sum int64
		if err := rs.Scan(&h.Chan, &h.Lane, &h.Seq, &h.Chain, &h.GCFloor, &h.Live, &sum); err != nil {
			return nil, fmt.Errorf("read channel counters: %w", err)
		}
		h.Sum = uint64(sum)
		out = append(out, h)
	}
	if err := rs.Err(); err != nil {
		return nil, fmt.Errorf("read channel counters: %w", err)
	}
	return out, nil
}

// putHeads writes counters held by LockHeads and enters each into the history.
func putHeads(ctx context.Context, q Q, heads []Head, at time.Time) error {
	for part := range slices.Chunk(heads, chunk) {
		hist := make([]any, 0, 5*len(part))
		args := make([]any, 0, 6*len(part))
		for _, h := range part {
			hist = append(hist, string(h.Chan), int64(h.Lane), h.Seq, h.Chain, millis(at))
			args = append(args, string(h.Chan), int64(h.Lane), h.Seq, h.Chain, h.Live, int64(h.Sum))
		}
		if _, err := q.ExecContext(ctx, "INSERT INTO chan_hist (chan, lane, seq, chain, at) VALUES "+tuples(len(part), "(?, ?, ?, ?, ?)"), hist...); err != nil {
			return fmt.Errorf("write channel history: %w", err)
		}
		if _, err := q.ExecContext(ctx, "INSERT INTO chan_head (chan, lane, seq, chain, n_live, sum) VALUES "+tuples(len(part), "(?, ?, ?, ?, ?, ?)")+
			" ON CONFLICT (chan, lane) DO UPDATE SET seq = excluded.seq, chain = excluded.chain, n_live = excluded.n_live, sum = excluded.sum", args...); err != nil {
			return fmt.Errorf("write channel counters: %w", err)
		}
	}
	return nil
}

// putEntries writes entries, each in the place of the row's former one.
func putEntries(ctx context.Context, q Q, entries []Entry, at time.Time) error {
	for part := range slices.Chunk(entries, chunk) {
		args := make([]any, 0, 7*len(part))
		for _, e := range part {
			args = append(args, e.Kind, e.ID, string(e.Chan), int64(e.Lane), e.Seq, truth(e.Rem), millis(at))
		}
		if _, err := q.ExecContext(ctx, "INSERT INTO chan_row (kind, id, chan, lane, seq, rem, at) VALUES "+tuples(len(part), "(?, ?, ?, ?, ?, ?, ?)")+
			" ON CONFLICT (kind, id, chan) DO UPDATE SET lane = excluded.lane, seq = excluded.seq, rem = excluded.rem, at = excluded.at", args...); err != nil {
			return fmt.Errorf("write channel entries: %w", err)
		}
	}
	return nil
}

// Members are the channels that each of these records is in, sorted.
func Members(ctx context.Context, q Q, kind string, ids []string) (map[string][]office.Channel, error) {
	out := map[string][]office.Channel{}
	for part := range slices.Chunk(ids, chunk) {
		args := make([]any, 0, len(part)+1)
		args = append(args, kind)
		for _, id := range part {
			args = append(args, id)
		}
		rs, err := q.QueryContext(ctx, "SELECT id, chan FROM chan_row WHERE kind = ? AND id IN ("+marks(len(part))+") AND rem = 0 ORDER BY id, chan", args...)
		if err != nil {
			return nil, fmt.Errorf("read membership: %w", err)
		}
		for rs.Next() {
			var id string
			var c office.Channel
			if err := rs.Scan(&id, &c); err != nil {
				rs.Close()
				return nil, fmt.Errorf("read membership: %w", err)
			}
			out[id] = append(out[id], c)
		}
		if err := firstOf(rs.Err(), rs.Close()); err != nil {
			return nil, fmt.Errorf("read membership: %w", err)
		}
	}
	return out, nil
}

// Entries are a channel's next entries after a position, in order.
func Entries(ctx context.Context, q Q, c ChanLane, after int64, limit int) ([]Entry, error) {
	rs, err := q.QueryContext(ctx, "SELECT kind, id, seq, rem FROM chan_row WHERE chan = ? AND lane = ? AND seq > ? ORDER BY seq LIMIT ?", string(c.Chan), int64(c.Lane), after, int64(limit))
	if err != nil {
		return nil, fmt.Errorf("read channel entries: %w", err)
	}
	defer rs.Close()
	var out []Entry
	for rs.Next() {
		e := Entry{ChanLane: c}
		var rem int64
		if err := rs.Scan(&e.Kind, &e.ID, &e.Seq, &rem); err != nil {
			return nil, fmt.Errorf("read channel entries: %w", err)
		}
		e.Rem = rem != 0
		out = append(out, e)
	}
	if err := rs.Err(); err != nil {
		return nil, fmt.Errorf("read channel entries: %w", err)
	}
	return out, nil
}

// Shares tells what each row of a channel and lane adds to its sum. Entries
// without a record tell nothing.
func (s *Store) Shares(ctx context.Context, q Q, c ChanLane, each func(kind, id string, sum uint64)) error {
	for _, k := range s.Kinds().All() {
		if k.Lane != c.Lane {
			continue
		}
		rs, err := q.QueryContext(ctx, "SELECT r.id, r.sum FROM chan_row c JOIN "+s.Rows.Table(k.Name)+" r ON r.id = c.id WHERE c.chan = ? AND c.lane = ? AND c.kind = ? AND c.rem = 0",
			string(c.Chan), int64(c.Lane), k.Name)
		if err != nil {
			return fmt.Errorf("read shares: %w", err)
		}
		for rs.Next() {
			var id string
			var sum int64
			if err := rs.Scan(&id, &sum); err != nil {
				rs.Close()
				return fmt.Errorf("read shares: %w", err)
			}
			each(k.Name, id, uint64(sum))
		}
		if err := firstOf(rs.Err(), rs.Close()); err != nil {
			return fmt.Errorf("read shares: %w", err)
		}
	}
	return nil
}

// ChainAt is the chain hash that a channel had at a head, if the kept history
// still tells; oldest is the first head it tells of, 0 if it is empty.
func ChainAt(ctx context.Context, q Q, c ChanLane, seq int64) (chain string, found bool, oldest int64, err error) {
	err = q.QueryRowContext(ctx, "SELECT chain FROM chan_hist WHERE chan = ? AND lane = ? AND seq = ?", string(c.Chan), int64(c.Lane), seq).Scan(&chain)
	if err == nil {
		return chain, true, 0, nil
	}
	if err != sql.ErrNoRows {
		return "", false, 0, fmt.Errorf("read channel history: %w", err)
	}
	err = q.QueryRowContext(ctx, "SELECT coalesce(min(seq), 0) FROM chan_hist WHERE chan = ? AND lane = ?", string(c.Chan), int64(c.Lane)).Scan(&oldest)
	if err != nil {
		return "", false, 0, fmt.Errorf("read channel history: %w", err)
	}
	return "", false, oldest, nil
}

func truth(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// firstOf is the first of two errors.
func firstOf(a, b error) error {
	if a != nil {
		return a
	}
	return b
}

// marks are n placeholders.
func marks(n int) string {
	if n == 0 {
		return "NULL" // IN (NULL) holds nothing
	}
	return "?" + strings.Repeat(", ?", n-1)
}

// tuples are n rows of VALUES.
func tuples(n int, one string) string { return one + strings.Repeat(", "+one, n-1) }
