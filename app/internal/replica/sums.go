package replica

import (
	"encoding/json"
	"errors"
	"fmt"

	"database/sql"

	"qianshao/syncserver/office"
)

// Sum is what a channel and lane must add up to.
type Sum struct {
	ChanLane
	N   int64
	Sum uint64 // office.Record.Sum added modulo 2^64
}

// sums are what the channels add up to. A channel that was counted in full since
// the file was opened, and agreed, is brought along with each change, so that
// the next checkpoint costs what changed and not what there is. Counted in full
// are channels of which the server tells though nothing of them came, and those
// that do not agree, before anything is said of them. Bytes that change by
// themselves beside a busy channel's news are the scrub's to find.
type sums struct {
	known map[ChanLane]Sum // before delta
	delta map[ChanLane]Sum
}

// add notes that a channel and lane changes by n records and by sum.
func (s *sums) add(c ChanLane, n int64, sum uint64) {
	d := s.delta[c]
	s.delta[c] = Sum{ChanLane: c, N: d.N + n, Sum: d.Sum + sum}
}

// forget makes the next comparison count a channel in full.
func (s *sums) forget(c ChanLane) { delete(s.known, c) }

// forgetAll is forget of every channel.
func (s *sums) forgetAll() { clear(s.known) }

// now is what a channel that something came of adds up to, if that is known.
func (s *sums) now(c ChanLane) (Sum, bool) {
	k, known := s.known[c]
	d, came := s.delta[c]
	k.N, k.Sum = k.N+d.N, k.Sum+d.Sum
	return k, known && came
}

// is notes what a channel adds up to.
func (s *sums) is(x Sum) {
	s.known[x.ChanLane] = x
	delete(s.delta, x.ChanLane)
}

// all is what every known channel adds up to.
func (s *sums) all() map[ChanLane]Sum {
	out := map[ChanLane]Sum{}
	for c := range s.known {
		out[c], _ = s.now(c) // without a change it is what it was
	}
	return out
}

// share is what a record, as the server said it, was counted with; 0 if there
// is none.
func (t *Tx) share(k Key) (uint64, error) {
	var sum int64
	var present bool
	err := t.tx.QueryRowContext(t.ctx, "SELECT present, sum FROM base WHERE kind = ? AND id = ?", k.Kind, k.ID).Scan(&present, &sum)
	if err == nil && !present {
		return 0, nil
	}
	if errors.Is(err, sql.ErrNoRows) {
		q, args := "SELECT sum FROM foreign_row WHERE kind = ? AND id = ?", []any{k.Kind, k.ID}
		if t.r.kinds.Get(k.Kind) != nil {
			q, args = "SELECT sum FROM "+t.r.rows.Table(k.Kind)+" WHERE id = ?", []any{k.ID}
		}
		err = t.tx.QueryRowContext(t.ctx, q, args...).Scan(&sum)
	}
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return uint64(sum), err
}

// shifted notes what a change of a record, as the server said it, does to the
// sums of its channels.
func (t *Tx) shifted(k Key, r office.Record, present bool) error {
	var list []byte
	if err := t.tx.QueryRowContext(t.ctx, "SELECT json_group_array(json_array(chan, lane)) FROM member WHERE kind = ? AND id = ?", k.Kind, k.ID).Scan(&list); err != nil {
		return err
	}
	var in [][2]any
	if err := json.Unmarshal(list, &in); err != nil || len(in) == 0 {
		return err
	}
	was, err := t.share(k)
	if err != nil {
		return err
	}
	is := uint64(0)
	if present {
		is = r.Sum()
	}
	for _, x := range in {
		name, _ := x[0].(string)
		lane, _ := x[1].(float64)
		t.sums.add(ChanLane{Chan: office.Channel(name), Lane: office.Lane(lane)}, 0, is-was)
	}
	return nil
}

// enter and leave change a channel's members.
func (t *Tx) enter(c ChanLane, k Key) error {
	return t.step("INSERT OR IGNORE INTO member (chan, lane, kind, id) VALUES (?, ?, ?, ?)", c, k, 1)
}

func (t *Tx) leave(c ChanLane, k Key) error {
	return t.step("DELETE FROM member WHERE chan = ? AND lane = ? AND kind = ? AND id = ?", c, k, -1)
}

func (t *Tx) step(query string, c ChanLane, k Key, n int64) error {
	res, err := t.tx.ExecContext(t.ctx, query, string(c.Chan), int64(c.Lane), k.Kind, k.ID)
	if err != nil {
		return err
	}
	if done, err := res.RowsAffected(); err != nil || done == 0 {
		return err
	}
	sum, err := t.share(k)
	if n < 0 {
		sum = -sum
	}
	t.sums.add(c, n, sum)
	return err
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
		have, known := t.sums.now(want.ChanLane)
		if !known || have != want {
			var err error
			if have, err = t.sum(want.ChanLane, late); err != nil {
				return fmt.Errorf("sum of %s/%d: %w", want.Chan, want.Lane, err)
			}
		}
		if err := t.keepSum(want); err != nil {
			return err
		}
		t.sums.forget(want.ChanLane)
		if have == want {
			t.sums.is(want)
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
