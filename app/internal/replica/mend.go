package replica

import (
	"errors"
	"fmt"

	"database/sql"

	"qianshao/syncserver/office"
)

// What is to be done about a channel found wrong (table repair).
const (
	repairTried  = 0 // it was read anew at this head
	repairReread = 1 // the next pull reads it from its start
	repairDigest = 2 // its bad rows are to be asked for, see Mend
)

// Digests is how many sums a channel is divided into.
const Digests = 256

// Share is a record's part in its channel's sum, computed from the bytes on
// the disk.
type Share struct {
	Key
	Sum    uint64 // 0 if the channel holds it and the record is gone
	Rotten bool   // the bytes are not those that were written, or the kept sum is not theirs
}

// Damaged are the channels whose bad rows are to be asked for, with how far
// they were read.
func (t *Tx) Damaged() ([]Cursor, error) {
	rows, err := t.tx.QueryContext(t.ctx, `SELECT c.chan, c.lane, c.pos, c.head, c.hash, c.gc_base FROM repair r
		JOIN cursor c ON c.chan = r.chan AND c.lane = r.lane WHERE r.pending = ? ORDER BY c.lane, c.chan`, repairDigest)
	if err != nil {
		return nil, fmt.Errorf("read what is damaged: %w", err)
	}
	defer rows.Close()
	var out []Cursor
	for rows.Next() {
		var c Cursor
		if err := rows.Scan(&c.Chan, &c.Lane, &c.Pos, &c.Head, &c.Hash, &c.GCBase); err != nil {
			return nil, fmt.Errorf("read what is damaged: %w", err)
		}
		out = append(out, c)
	}
	return out, rows.Err()
}

// BrokenCursors are the cursors that no server ever gave.
func (t *Tx) BrokenCursors() ([]Cursor, error) {
	rows, err := t.tx.QueryContext(t.ctx, "SELECT chan, lane, pos, head, hash, gc_base FROM cursor WHERE pos > head OR pos < 0 OR head > 0 AND hash = '' ORDER BY lane, chan")
	if err != nil {
		return nil, fmt.Errorf("read cursors: %w", err)
	}
	defer rows.Close()
	var out []Cursor
	for rows.Next() {
		var c Cursor
		if err := rows.Scan(&c.Chan, &c.Lane, &c.Pos, &c.Head, &c.Hash, &c.GCBase); err != nil {
			return nil, fmt.Errorf("read cursors: %w", err)
		}
		out = append(out, c)
	}
	return out, rows.Err()
}

// Repair notes that a channel is wrong: its bad rows are to be asked for. It
// counts once until that is done.
func (t *Tx) Repair(c ChanLane) error {
	var pending int
	err := t.tx.QueryRowContext(t.ctx, "SELECT pending FROM repair WHERE chan = ? AND lane = ?", string(c.Chan), c.Lane).Scan(&pending)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("repair a channel: %w", err)
	}
	if err == nil && pending == repairReread {
		return nil
	}
	counted := err == nil && pending == repairDigest
	if err := t.exec("INSERT OR REPLACE INTO repair (chan, lane, hash, pending) VALUES (?, ?, COALESCE((SELECT hash FROM cursor WHERE chan = ? AND lane = ?), ''), ?)",
		string(c.Chan), c.Lane, string(c.Chan), c.Lane, repairDigest); err != nil {
		return fmt.Errorf("repair a channel: %w", err)
	}
	if counted {
		return nil
	}
	return t.exec("UPDATE meta SET repairs = repairs + 1")
}

// Reread makes the next pull read one damaged channel and lane from its start:
// where asking for the bad rows does not help.
func (t *Tx) Reread(c ChanLane) error {
	if err := t.exec("UPDATE repair SET pending = ? WHERE chan = ? AND lane = ?", repairReread, string(c.Chan), c.Lane); err != nil {
		return fmt.Errorf("read a channel anew: %w", err)
	}
	return nil
}

// Shares computes from the bytes on the disk what each record of a channel
// adds to its sum, as the server said it.
func (t *Tx) Shares(c ChanLane) ([]Share, error) {
	kinds, err := t.memberKinds(c)
	if err != nil {
		return nil, err
	}
	var out []Share
	for kind := range kinds {
		table, on, args := t.tableOf(kind)
		rows, err := t.tx.QueryContext(t.ctx, `SELECT m.id, COALESCE(r.root, ''), COALESCE(r.body, ''), COALESCE(r.sum, 0), r.id IS NOT NULL,
				b.id IS NOT NULL, COALESCE(b.present, 0), COALESCE(b.root, ''), COALESCE(b.body, ''), COALESCE(b.sum, 0)
			FROM member m LEFT JOIN `+table+` r ON `+on+` LEFT JOIN base b ON b.kind = m.kind AND b.id = m.id
			WHERE m.chan = ? AND m.lane = ? AND m.kind = ?`, append(args, string(c.Chan), c.Lane, kind)...)
		if err != nil {
			return nil, fmt.Errorf("hash %s: %w", kind, err)
		}
		for rows.Next() {
			s := Share{Key: Key{Kind: kind}}
			var root, body, baseRoot, baseBody string
			var sum, baseSum int64
			var there, known, present bool
			if err := rows.Scan(&s.ID, &root, &body, &sum, &there, &known, &present, &baseRoot, &baseBody, &baseSum); err != nil {
				rows.Close()
				return nil, fmt.Errorf("hash %s: %w", kind, err)
			}
			if known {
				root, body, sum, there = baseRoot, baseBody, baseSum, present
			}
			if there {
				s.Sum = office.Record{Kind: kind, ID: s.ID, Root: root, Body: []byte(body)}.Sum()
				s.Rotten = s.Sum != uint64(sum)
			}
			out = append(out, s)
		}
		if err := errors.Join(rows.Err(), rows.Close()); err != nil {
			return nil, fmt.Errorf("hash %s: %w", kind, err)
		}
	}
	return out, nil
}

func (t *Tx) memberKinds(c ChanLane) (map[string]int64, error) {
	rows, err := t.tx.QueryContext(t.ctx, "SELECT kind, count(*) FROM member WHERE chan = ? AND lane = ? GROUP BY kind", string(c.Chan), c.Lane)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[string]int64{}
	for rows.Next() {
		var k string
		var n int64
		if err := rows.Scan(&k, &n); err != nil {
			return nil, err
		}
		out[k] = n
	}
	return out, rows.Err()
}

// tableOf is where records of a kind lie, and how a member m finds its own.
func (t *Tx) tableOf(kind string) (table, on string, args []any) {
	if t.r.kinds.Get(kind) == nil {
		return "foreign_row", "r.kind = ? AND r.id = m.id", []any{kind}
	}
	return t.r.rows.Table(kind), "r.id = m.id", nil
}

// Mend is what the server says of the bad rows of one channel.
type Mend struct {
	ChanLane
	Put  []office.Record // these are in the channel and look so
	Keep []Key           // these are as they should be, but what is kept beside them may not be
	Rem  []Key           // these are not in it
	Want Sum             // what the channel must add up to afterwards
}

// mend applies it, row by row. It is part of a rebase: waiting commands over a
// bad row run again.
func (t *Tx) mend(m Mend, p *plan, out *Rebased) error {
	for _, k := range m.Rem {
		if err := t.exec("DELETE FROM member WHERE chan = ? AND lane = ? AND kind = ? AND id = ?", string(m.Chan), m.Lane, k.Kind, k.ID); err != nil {
			return err
		}
		var elsewhere bool
		if err := t.tx.QueryRowContext(t.ctx, "SELECT EXISTS (SELECT 1 FROM member WHERE kind = ? AND id = ?)", k.Kind, k.ID).Scan(&elsewhere); err != nil {
			return err
		}
		if elsewhere {
			continue
		}
		old, was, err := t.base(k)
		if err != nil {
			return err
		}
		if !was {
			continue
		}
		out.Erased = true
		if err := p.change(change{key: k}, old, was, out); err != nil {
			return err
		}
	}
	for _, r := range m.Put {
		if r.Root == "" {
			r.Root = r.ID
		}
		k := Key{r.Kind, r.ID}
		if err := t.exec("INSERT OR IGNORE INTO member (chan, lane, kind, id) VALUES (?, ?, ?, ?)", string(m.Chan), m.Lane, k.Kind, k.ID); err != nil {
			return err
		}
		old, was, err := t.base(k)
		if err != nil {
			return err
		}
		if was && old.Ver == r.Ver && old.Root == r.Root && string(old.Body) == string(r.Body) {
			if err := t.rewrite(k, r); err != nil {
				return err
			}
			continue
		}
		if err := p.change(change{key: k, rec: r, present: true}, old, was, out); err != nil {
			return err
		}
	}
	for _, k := range m.Keep {
		r, was, err := t.base(k)
		if err != nil {
			return err
		}
		if !was {
			continue
		}
		if err := t.rewrite(k, r); err != nil {
			return err
		}
	}
	return nil
}

// mended holds the channel against the server's sum after a mend and ends the
// repair, or has the channel read anew.
func (t *Tx) mended(m Mend, out *Rebased) error {
	have, err := t.sum(m.ChanLane, nil)
	if err != nil {
		return err
	}
	if have.N != m.Want.N || have.Sum != m.Want.Sum {
		out.Wrong = append(out.Wrong, m.ChanLane)
		return t.Reread(m.ChanLane)
	}
	if err := t.keepSum(m.Want); err != nil {
		return err
	}
	return t.exec("DELETE FROM repair WHERE chan = ? AND lane = ?", string(m.Chan), m.Lane)
}

// keepSum notes what a channel must add up to.
func (t *Tx) keepSum(s Sum) error {
	return t.exec("INSERT OR REPLACE INTO chan_sum (chan, lane, n, sum) VALUES (?, ?, ?, ?)", string(s.Chan), s.Lane, s.N, int64(s.Sum))
}

// Scrub hashes every record again and names the channels that are not what the
// server said: bytes that changed, records or members that went.
func (t *Tx) Scrub() ([]ChanLane, error) {
	type state struct {
		ChanLane
		known bool
		sum   Sum
	}
	rows, err := t.tx.QueryContext(t.ctx, `SELECT c.chan, c.lane, s.n IS NOT NULL, COALESCE(s.n, 0), COALESCE(s.sum, 0) FROM
		(SELECT chan, lane FROM cursor UNION SELECT DISTINCT chan, lane FROM member) c
		LEFT JOIN chan_sum s ON s.chan = c.chan AND s.lane = c.lane ORDER BY c.lane, c.chan`)
	if err != nil {
		return nil, fmt.Errorf("scrub: %w", err)
	}
	var all []state
	for rows.Next() {
		var s state
		var sum int64
		if err := rows.Scan(&s.Chan, &s.Lane, &s.known, &s.sum.N, &sum); err != nil {
			rows.Close()
			return nil, fmt.Errorf("scrub: %w", err)
		}
		s.sum.Sum = uint64(sum)
		all = append(all, s)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return nil, fmt.Errorf("scrub: %w", err)
	}
	var out []ChanLane
	for _, s := range all {
		shares, err := t.Shares(s.ChanLane)
		if err != nil {
			return nil, fmt.Errorf("scrub: %w", err)
		}
		var sum uint64
		bad := s.known && int64(len(shares)) != s.sum.N
		for _, x := range shares {
			sum += x.Sum
			bad = bad || x.Rotten || x.Sum == 0
		}
		if bad || s.known && sum != s.sum.Sum {
			out = append(out, s.ChanLane)
		}
	}
	return out, nil
}
