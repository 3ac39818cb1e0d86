package replica

import "fmt"

// Sum is what a channel and lane must add up to.
type Sum struct {
	ChanLane
	N   int64
	Sum uint64 // office.Record.Sum added modulo 2^64
}

// compareSums holds the members against what the server counted. Of a channel
// that differs the bad rows are asked for and, if that does not help, all of
// it, once for each of its heads: if that does not help either, the fault is
// not in what this desk holds.
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
		if err := t.keepSum(want); err != nil {
			return err
		}
		if have == want {
			// Kept sums agree; of a channel that the scrub has named the bytes do not.
			if err := t.exec("DELETE FROM repair WHERE chan = ? AND lane = ? AND pending <> ?", string(want.Chan), want.Lane, repairDigest); err != nil {
				return err
			}
			continue
		}
		var tried bool
		if err := t.tx.QueryRowContext(t.ctx, "SELECT EXISTS (SELECT 1 FROM repair r JOIN cursor c ON c.chan = r.chan AND c.lane = r.lane AND c.hash = r.hash WHERE r.chan = ? AND r.lane = ? AND r.pending = ?)", string(want.Chan), want.Lane, repairTried).Scan(&tried); err != nil {
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
	kinds, err := t.memberKinds(c)
	if err != nil {
		return s, err
	}
	for kind, n := range kinds {
		s.N += n
		table, on, args := t.tableOf(kind)
		args = append(args, string(c.Chan), c.Lane, kind)
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
