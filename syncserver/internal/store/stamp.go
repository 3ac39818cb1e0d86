package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"time"

	"qianshao/syncserver/rowsql"
)

// Move is what one transaction does in one channel and lane.
type Move struct {
	ChanLane
	Entries []Entry // in order; Kind, ID and Rem count, Stamp numbers them
	Live    int64   // change of the number of rows
	Sum     uint64  // change of their sums
	Digest  string  // over the entries and the sums of their records
}

// Stamp numbers the entries of the command mid, counts them and links them into
// the channels' histories. It is the transaction's last act: the counters are
// taken in one order by everybody and held until the commit.
func Stamp(ctx context.Context, q Q, mid string, at time.Time, moves []Move) error {
	if len(moves) == 0 {
		return nil
	}
	slices.SortFunc(moves, func(a, b Move) int { return a.Compare(b.ChanLane) })
	if q.Dialect() == rowsql.Postgres {
		return stampPostgres(ctx, q, mid, at, moves)
	}
	keys := make([]ChanLane, len(moves))
	for i, m := range moves {
		keys[i] = m.ChanLane
	}
	locked, err := LockHeads(ctx, q, keys)
	if err != nil {
		return err
	}
	var entries []Entry
	heads := make([]Head, 0, len(moves))
	for _, m := range moves {
		h := locked[m.ChanLane]
		for _, e := range m.Entries {
			h.Seq++
			e.ChanLane, e.Seq = m.ChanLane, h.Seq
			entries = append(entries, e)
		}
		h.Live += m.Live
		h.Sum += m.Sum
		h.Chain = link(h.Chain, mid, h.Seq, m.Digest)
		heads = append(heads, *h)
	}
	if err := putEntries(ctx, q, entries, at); err != nil {
		return err
	}
	return putHeads(ctx, q, heads, at)
}

// link is the next hash of a channel's history: over the one before, the
// command, the number reached and the entries. stampSQL computes the same.
func link(prev, mid string, seq int64, digest string) string {
	h := sha256.Sum256([]byte(prev + " " + mid + " " + strconv.FormatInt(seq, 10) + " " + digest))
	return hex.EncodeToString(h[:16])
}

// stampSQL does all of Stamp in one statement, so that the counters of busy
// channels are held for one round trip and the commit. Sums wrap at 2^64.
const stampSQL = `
WITH d AS (
	SELECT * FROM unnest(?::text[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::text[]) AS d (chan, lane, k, live, sum, digest)
), up AS (
	INSERT INTO chan_head AS h (chan, lane, seq, chain, n_live, sum)
	SELECT chan, lane, k, encode(substring(sha256(convert_to(' ' || ?::text || ' ' || k || ' ' || digest, 'UTF8')) FROM 1 FOR 16), 'hex'), live, sum
	FROM d ORDER BY lane, chan COLLATE "C"
	ON CONFLICT (chan, lane) DO UPDATE SET
		seq = h.seq + excluded.seq,
		n_live = h.n_live + excluded.n_live,
		sum = (mod(h.sum::numeric + excluded.sum::numeric + 27670116110564327424, 18446744073709551616) - 9223372036854775808)::bigint,
		chain = encode(substring(sha256(convert_to(h.chain || ' ' || ?::text || ' ' || (h.seq + excluded.seq) || ' ' ||
			(SELECT digest FROM d WHERE d.chan = excluded.chan AND d.lane = excluded.lane), 'UTF8')) FROM 1 FOR 16), 'hex')
	RETURNING h.chan, h.lane, h.seq, h.chain
), hist AS (
	INSERT INTO chan_hist (chan, lane, seq, chain, at) SELECT chan, lane, seq, chain, ?::bigint FROM up
)
INSERT INTO chan_row (kind, id, chan, lane, seq, rem, at)
SELECT e.kind, e.id, e.chan, e.lane, up.seq - e.back, e.rem, ?::bigint
FROM unnest(?::text[], ?::text[], ?::text[], ?::bigint[], ?::bigint[], ?::bigint[]) AS e (kind, id, chan, lane, back, rem)
JOIN up ON up.chan = e.chan AND up.lane = e.lane
ON CONFLICT (kind, id, chan) DO UPDATE SET lane = excluded.lane, seq = excluded.seq, rem = excluded.rem, at = excluded.at`

func stampPostgres(ctx context.Context, q Q, mid string, at time.Time, moves []Move) error {
	n := len(moves)
	chans, digests := make([]string, n), make([]string, n)
	lanes, ks, lives, sums := make([]int64, n), make([]int64, n), make([]int64, n), make([]int64, n)
	var kinds, ids, echans []string
	var elanes, backs, rems []int64
	for i, m := range moves {
		chans[i], lanes[i], digests[i] = string(m.Chan), int64(m.Lane), m.Digest
		ks[i], lives[i], sums[i] = int64(len(m.Entries)), m.Live, int64(m.Sum)
		for j, e := range m.Entries {
			kinds, ids, echans = append(kinds, e.Kind), append(ids, e.ID), append(echans, chans[i])
			elanes, backs, rems = append(elanes, lanes[i]), append(backs, int64(len(m.Entries)-1-j)), append(rems, truth(e.Rem))
		}
	}
	if _, err := q.ExecContext(ctx, stampSQL, chans, lanes, ks, lives, sums, digests, mid, mid, millis(at), millis(at),
		kinds, ids, echans, elanes, backs, rems); err != nil {
		return fmt.Errorf("stamp channels: %w", err)
	}
	return nil
}
