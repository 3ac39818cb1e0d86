package replica

import (
	"context"
	"fmt"
	"maps"
	"math"
	"slices"

	"qianshao/syncserver/office"
)

// record is what is known of a waiting command's last run.
type record struct {
	ord   int64
	mid   string
	rows  map[Key]bool // true = written
	scans []scan
	stale bool // its scans name what is no longer declared: it must run again
}

// keep records how a waiting command ran, in place of its last run.
func (t *Tx) keep(ord int64, mid string, o Outcome) error {
	if err := t.forget(ord); err != nil {
		return err
	}
	e := o.Err
	if e == nil {
		e = &office.Error{}
	}
	if err := t.exec("INSERT INTO wait (ord, mid, foresight, code, message, field, note) VALUES (?, ?, ?, ?, ?, ?, ?)", ord, mid, o.Foresight, string(e.Code), e.Message, e.Field, string(o.Note)); err != nil {
		return fmt.Errorf("record a run: %w", err)
	}
	for k, wrote := range o.rows {
		if err := t.exec("INSERT INTO wait_row (ord, kind, id, wrote) VALUES (?, ?, ?, ?)", ord, k.Kind, k.ID, wrote); err != nil {
			return fmt.Errorf("record a run: %w", err)
		}
	}
	for _, s := range o.scans {
		conds, err := s.encode()
		if err != nil {
			return err
		}
		if err := t.exec("INSERT OR IGNORE INTO wait_scan (ord, kind, conds) VALUES (?, ?, ?)", ord, s.kind.Name, conds); err != nil {
			return fmt.Errorf("record a run: %w", err)
		}
	}
	return nil
}

// Keep records how a command ran that was just given.
func (t *Tx) Keep(ord int64, mid string, o Outcome) error { return t.keep(ord, mid, o) }

// forget removes the record of a run.
func (t *Tx) forget(ord int64) error {
	for _, table := range []string{"wait", "wait_row", "wait_scan"} {
		if err := t.exec("DELETE FROM "+table+" WHERE ord = ?", ord); err != nil {
			return fmt.Errorf("forget a run: %w", err)
		}
	}
	return nil
}

// records reads all runs, in order.
func records(ctx context.Context, c querier, ks *office.Kinds) ([]*record, error) {
	return recordsOf(ctx, c, ks, 0, math.MaxInt64)
}

// recordsOf reads the runs from one ord to another.
func recordsOf(ctx context.Context, c querier, ks *office.Kinds, from, to int64) ([]*record, error) {
	fail := func(err error) ([]*record, error) { return nil, fmt.Errorf("read the runs: %w", err) }
	rows, err := c.QueryContext(ctx, "SELECT ord, mid FROM wait WHERE ord BETWEEN ? AND ? ORDER BY ord", from, to)
	if err != nil {
		return fail(err)
	}
	defer rows.Close()
	var out []*record
	by := map[int64]*record{}
	for rows.Next() {
		r := &record{rows: map[Key]bool{}}
		if err := rows.Scan(&r.ord, &r.mid); err != nil {
			return fail(err)
		}
		by[r.ord] = r
		out = append(out, r)
	}
	if err := rows.Err(); err != nil || len(out) == 0 {
		return out, err
	}
	rs, err := c.QueryContext(ctx, "SELECT ord, kind, id, wrote FROM wait_row WHERE ord BETWEEN ? AND ?", from, to)
	if err != nil {
		return fail(err)
	}
	defer rs.Close()
	for rs.Next() {
		var ord int64
		var k Key
		var wrote bool
		if err := rs.Scan(&ord, &k.Kind, &k.ID, &wrote); err != nil {
			return fail(err)
		}
		if r := by[ord]; r != nil {
			r.rows[k] = wrote
		}
	}
	if err := rs.Err(); err != nil {
		return fail(err)
	}
	ss, err := c.QueryContext(ctx, "SELECT ord, kind, conds FROM wait_scan WHERE ord BETWEEN ? AND ?", from, to)
	if err != nil {
		return fail(err)
	}
	defer ss.Close()
	for ss.Next() {
		var ord int64
		var kind, conds string
		if err := ss.Scan(&ord, &kind, &conds); err != nil {
			return fail(err)
		}
		s, ok, err := decodeScan(ks, kind, conds)
		if err != nil {
			return fail(err)
		}
		if r := by[ord]; r != nil {
			if ok {
				r.scans = append(r.scans, s)
			} else {
				r.stale = true
			}
		}
	}
	return out, ss.Err()
}

// scansKind reports whether the run scanned records of a kind.
func (r *record) scansKind(kind string) bool {
	for _, s := range r.scans {
		if s.kind.Name == kind {
			return true
		}
	}
	return false
}

// Deps are the waiting commands before ord (0 = all) from which a run read, or
// scanned, what they had written: mids, in order. If one of them is refused,
// the run was made on a false assumption.
func (t *Tx) Deps(o Outcome, ord int64) ([]string, error) {
	return t.deps(o.rows, o.scans, ord)
}

// DepsOf are the Deps of recorded runs, by ord.
func (t *Tx) DepsOf(ords []int64) (map[int64][]string, error) {
	out := map[int64][]string{}
	if len(ords) == 0 {
		return out, nil
	}
	recs, err := recordsOf(t.ctx, t.tx, t.r.kinds, slices.Min(ords), slices.Max(ords))
	if err != nil {
		return nil, err
	}
	want := map[int64]bool{}
	for _, o := range ords {
		want[o] = true
	}
	for _, r := range recs {
		if !want[r.ord] {
			continue
		}
		if out[r.ord], err = t.deps(r.rows, r.scans, r.ord); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// deps looks the writers up row by row: a person off line for weeks has
// thousands of commands waiting.
func (t *Tx) deps(rows map[Key]bool, scans []scan, before int64) ([]string, error) {
	if before <= 0 {
		before = math.MaxInt64
	}
	hits := map[int64]string{}
	for k := range rows {
		err := t.writers("x.kind = ? AND x.id = ?", before, func(ord int64, mid string, _ Key) error {
			hits[ord] = mid
			return nil
		}, k.Kind, k.ID)
		if err != nil {
			return nil, err
		}
	}
	for _, s := range scans {
		type write struct {
			ord int64
			mid string
			k   Key
		}
		var ws []write
		err := t.writers("x.kind = ?", before, func(ord int64, mid string, k Key) error {
			ws = append(ws, write{ord, mid, k})
			return nil
		}, s.kind.Name)
		if err != nil {
			return nil, err
		}
		for _, w := range ws {
			if hits[w.ord] != "" {
				continue
			}
			hit, err := t.inScan(s, w.k)
			if err != nil {
				return nil, err
			}
			if hit {
				hits[w.ord] = w.mid
			}
		}
	}
	var out []string
	for _, ord := range slices.Sorted(maps.Keys(hits)) {
		out = append(out, hits[ord])
	}
	return out, nil
}

// writers gives the waiting commands before an ord that have written rows.
func (t *Tx) writers(where string, before int64, each func(ord int64, mid string, k Key) error, args ...any) error {
	rows, err := t.tx.QueryContext(t.ctx, "SELECT w.ord, w.mid, x.kind, x.id FROM wait_row x JOIN wait w ON w.ord = x.ord WHERE "+where+" AND x.wrote = 1 AND x.ord < ?", append(args, before)...)
	if err != nil {
		return fmt.Errorf("read the runs: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var ord int64
		var mid string
		var k Key
		if err := rows.Scan(&ord, &mid, &k.Kind, &k.ID); err != nil {
			return fmt.Errorf("read the runs: %w", err)
		}
		if err := each(ord, mid, k); err != nil {
			return err
		}
	}
	return rows.Err()
}

// inScan reports whether a row, as it is shown or as the server said, meets
// the scan's conditions.
func (t *Tx) inScan(s scan, k Key) (bool, error) {
	if s.kind.Name != k.Kind {
		return false, nil
	}
	for _, read := range []func(Key) (office.Record, bool, error){t.visible, t.base} {
		r, ok, err := read(k)
		if err != nil {
			return false, err
		}
		if ok {
			// Of a damaged record nobody knows what it matched: it may have.
			if hit, err := s.matches(r); err != nil || hit {
				return true, nil
			}
		}
	}
	return false, nil
}

// Run is how a waiting command last ran on this desk.
type Run struct {
	Foresight string
	Err       *office.Error
	Note      office.Code
}

// Runs reads them, by ord.
func (r *Replica) Runs(ctx context.Context) (map[int64]Run, error) {
	rows, err := r.r.QueryContext(ctx, "SELECT ord, foresight, code, message, field, note FROM wait")
	if err != nil {
		return nil, fmt.Errorf("read the runs: %w", err)
	}
	defer rows.Close()
	out := map[int64]Run{}
	for rows.Next() {
		var ord int64
		var run Run
		var e office.Error
		if err := rows.Scan(&ord, &run.Foresight, &e.Code, &e.Message, &e.Field, &run.Note); err != nil {
			return nil, fmt.Errorf("read the runs: %w", err)
		}
		if e.Code != "" {
			run.Err = &e
		}
		out[ord] = run
	}
	return out, rows.Err()
}

// Pending are the mids of the waiting commands that write a row or, where they
// could not run here, read it; by the row's id, in order. With id "" of all
// rows of the kind.
func (r *Replica) Pending(ctx context.Context, kind, id string) (map[string][]string, error) {
	rows, err := r.r.QueryContext(ctx, `SELECT x.id, w.mid FROM wait_row x JOIN wait w ON w.ord = x.ord
		WHERE x.kind = ? AND (? = '' OR x.id = ?) AND (x.wrote = 1 OR w.foresight <> '') ORDER BY w.ord`, kind, id, id)
	if err != nil {
		return nil, fmt.Errorf("read what waits: %w", err)
	}
	defer rows.Close()
	out := map[string][]string{}
	for rows.Next() {
		var id, mid string
		if err := rows.Scan(&id, &mid); err != nil {
			return nil, fmt.Errorf("read what waits: %w", err)
		}
		out[id] = append(out[id], mid)
	}
	return out, rows.Err()
}
