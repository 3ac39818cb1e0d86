package replica

import (
	"fmt"

	"qianshao/syncserver/office"
)

// Sum is what a channel and lane must add up to.
type Sum struct {
	ChanLane
	N   int64
	Sum uint64 // office.Record.Sum added modulo 2^64
}

// compareSums holds the members against what the server counted. A channel
// that differs is read anew by the next pull, once for each of its heads: if
// that does not help, the fault is not in what this desk holds.
func (t *Tx) compareSums(sums []Sum, p *plan, out *Rebased) error {
	if t.r.defects.NoSums {
		return nil
	}
	late := map[Key]change{}
	for _, c := range p.late {
		late[c.key] = c
	}
	for _, want := range sums {
		have, err := t.sum(want.ChanLane, late)
		if err != nil {
			return fmt.Errorf("sum of %s/%d: %w", want.Chan, want.Lane, err)
		}
		if have == want {
			if err := t.exec("DELETE FROM repair WHERE chan = ? AND lane = ?", string(want.Chan), want.Lane); err != nil {
				return err
			}
			continue
		}
		var tried bool
		if err := t.tx.QueryRowContext(t.ctx, "SELECT EXISTS (SELECT 1 FROM repair r JOIN cursor c ON c.chan = r.chan AND c.lane = r.lane AND c.hash = r.hash WHERE r.chan = ? AND r.lane = ?)", string(want.Chan), want.Lane).Scan(&tried); err != nil {
			return err
		}
		if tried {
			out.Wrong = append(out.Wrong, want.ChanLane)
			continue
		}
		if err := t.Repair(want.ChanLane); err != nil {
			return err
		}
		out.Repairs = append(out.Repairs, want.ChanLane)
	}
	return nil
}

// sum adds up a channel's members as the server said them. late are changes of
// the base that still lie under the overlay.
func (t *Tx) sum(c ChanLane, late map[Key]change) (Sum, error) {
	s := Sum{ChanLane: c}
	rows, err := t.tx.QueryContext(t.ctx, "SELECT kind, count(*) FROM member WHERE chan = ? AND lane = ? GROUP BY kind", string(c.Chan), c.Lane)
	if err != nil {
		return s, err
	}
	kinds := map[string]int64{}
	for rows.Next() {
		var k string
		var n int64
		if err := rows.Scan(&k, &n); err != nil {
			rows.Close()
			return s, err
		}
		kinds[k] = n
	}
	if err := rows.Err(); err != nil {
		return s, err
	}
	rows.Close()
	for kind, n := range kinds {
		s.N += n
		table, args := "foreign_row", []any{kind, string(c.Chan), c.Lane, kind}
		on := "r.kind = ? AND r.id = m.id"
		if t.r.kinds.Get(kind) != nil {
			table, on, args = t.r.rows.Table(kind), "r.id = m.id", args[1:]
		}
		// Halves, because SQLite's sum of 64-bit numbers overflows.
		var lo, hi uint64
		err := t.tx.QueryRowContext(t.ctx, `SELECT COALESCE(sum(s & 0xffffffff), 0), COALESCE(sum((s >> 32) & 0xffffffff), 0) FROM (
			SELECT CASE WHEN b.id IS NULL THEN r.sum WHEN b.present THEN b.sum END AS s
			FROM member m LEFT JOIN `+table+` r ON `+on+` LEFT JOIN base b ON b.kind = m.kind AND b.id = m.id
			WHERE m.chan = ? AND m.lane = ? AND m.kind = ?)`, args...).Scan(&lo, &hi)
		if err != nil {
			return s, err
		}
		s.Sum += lo + hi<<32
	}
	for k, ch := range late {
		var in bool
		if err := t.tx.QueryRowContext(t.ctx, "SELECT EXISTS (SELECT 1 FROM member WHERE chan = ? AND lane = ? AND kind = ? AND id = ?)", string(c.Chan), c.Lane, k.Kind, k.ID).Scan(&in); err != nil {
			return s, err
		}
		if !in {
			continue
		}
		old, was, err := t.base(k)
		if err != nil {
			return s, err
		}
		if was {
			s.Sum -= old.Sum()
		}
		if ch.present {
			s.Sum += ch.rec.Sum()
		}
	}
	return s, nil
}

// Scrub hashes every record again and names the channels that hold one whose
// bytes are not what was written.
func (t *Tx) Scrub() ([]ChanLane, error) {
	bad := map[Key]bool{}
	for _, k := range t.r.kinds.All() {
		if err := t.scrubKind(k, bad); err != nil {
			return nil, fmt.Errorf("scrub %s: %w", k.Name, err)
		}
	}
	rows, err := t.tx.QueryContext(t.ctx, "SELECT kind, id, root, body, sum FROM base WHERE present UNION ALL SELECT kind, id, root, body, sum FROM foreign_row")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var r office.Record
		var body string
		var sum int64
		if err := rows.Scan(&r.Kind, &r.ID, &r.Root, &body, &sum); err != nil {
			return nil, err
		}
		if r.Body = []byte(body); int64(r.Sum()) != sum {
			bad[Key{r.Kind, r.ID}] = true
		}
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	seen := map[ChanLane]bool{}
	var out []ChanLane
	for k := range bad {
		cs, err := t.channels(k)
		if err != nil {
			return nil, err
		}
		for _, c := range cs {
			if !seen[c] {
				seen[c] = true
				out = append(out, c)
			}
		}
	}
	return out, nil
}

func (t *Tx) scrubKind(k *office.Kind, bad map[Key]bool) error {
	rows, err := t.tx.QueryContext(t.ctx, "SELECT id, root, body, sum FROM "+t.r.rows.Table(k.Name))
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		r := office.Record{Kind: k.Name}
		var body string
		var sum int64
		if err := rows.Scan(&r.ID, &r.Root, &body, &sum); err != nil {
			return err
		}
		if r.Body = []byte(body); int64(r.Sum()) != sum {
			bad[Key{k.Name, r.ID}] = true
		}
	}
	return rows.Err()
}

func (t *Tx) channels(k Key) ([]ChanLane, error) {
	rows, err := t.tx.QueryContext(t.ctx, "SELECT chan, lane FROM member WHERE kind = ? AND id = ?", k.Kind, k.ID)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []ChanLane
	for rows.Next() {
		var c ChanLane
		if err := rows.Scan(&c.Chan, &c.Lane); err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	return out, rows.Err()
}
