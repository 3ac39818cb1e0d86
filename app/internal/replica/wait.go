package replica

import (
	"context"
	"fmt"

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
	fail := func(err error) ([]*record, error) { return nil, fmt.Errorf("read the runs: %w", err) }
	rows, err := c.QueryContext(ctx, "SELECT ord, mid FROM wait ORDER BY ord")
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
	rs, err := c.QueryContext(ctx, "SELECT ord, kind, id, wrote FROM wait_row")
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
	ss, err := c.QueryContext(ctx, "SELECT ord, kind, conds FROM wait_scan")
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
	recs, err := records(t.ctx, t.tx, t.r.kinds)
	if err != nil {
		return nil, err
	}
	return t.deps(recs, o.rows, o.scans, ord)
}

// DepsOf are the Deps of recorded runs, by ord.
func (t *Tx) DepsOf(ords []int64) (map[int64][]string, error) {
	recs, err := records(t.ctx, t.tx, t.r.kinds)
	if err != nil {
		return nil, err
	}
	want := map[int64]bool{}
	for _, o := range ords {
		want[o] = true
	}
	out := map[int64][]string{}
	for _, r := range recs {
		if !want[r.ord] {
			continue
		}
		if out[r.ord], err = t.deps(recs, r.rows, r.scans, r.ord); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (t *Tx) deps(recs []*record, rows map[Key]bool, scans []scan, before int64) ([]string, error) {
	var out []string
	for _, r := range recs {
		if before > 0 && r.ord >= before {
			break
		}
		for k, wrote := range r.rows {
			if !wrote {
				continue
			}
			_, hit := rows[k]
			for i := 0; i < len(scans) && !hit; i++ {
				var err error
				if hit, err = t.inScan(scans[i], k); err != nil {
					return nil, err
				}
			}
			if hit {
				out = append(out, r.mid)
				break
			}
		}
	}
	return out, nil
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
