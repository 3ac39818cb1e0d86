package replica

import (
	"cmp"
	"fmt"
	"slices"

	"qianshao/syncserver/office"
	"qianshao/syncserver/rowsql"
)

// A first load is most of what a replica ever takes in, and nothing is there
// yet that it could change. So its records need not be staged and read again:
// they go straight into load tables (rowsql) and their memberships into
// loadMember, a page in each transaction together with its cursors. Nobody sees
// them; after a kill the load goes on where it was. At the checkpoint the load
// tables take the places of the empty ones and get their indexes, which cost
// less over all rows than row by row. A few rows are copied there: that costs less
// than changing the schema.

const loadMember = "n_member"

// fresh tells whether records of a kind go into load tables. lanes has a bit
// for each lane that a first load reads.
func (t *Tx) fresh(lanes int, kind string) *office.Kind {
	k := t.r.kinds.Get(kind)
	if k == nil || lanes&(1<<k.Lane) == 0 {
		return nil
	}
	return k
}

// freshKinds are the kinds that have load tables.
func (t *Tx) freshKinds(lanes int) (out []*office.Kind) {
	for _, k := range t.r.kinds.All() {
		if t.fresh(lanes, k.Name) != nil {
			out = append(out, k)
		}
	}
	return out
}

// openLoad tells which lanes a pull now begins to read for the first time, and
// makes loadMember. Of their kinds only what waiting commands have made may be
// here. A load table is made for the first record of its kind.
func (t *Tx) openLoad(p Position) (lanes int, err error) {
	first, last := office.LaneTasks, office.LaneHeaders
	switch {
	case p.loaded == LoadAll || p.Repairs:
		return 0, nil
	case p.loaded == LoadHeaders:
		first, last = office.LaneHeaders+1, office.LaneRest
	}
	for l := first; l <= last; l++ {
		lanes |= 1 << l
	}
	for _, c := range p.Cursors {
		lanes &^= 1 << c.Lane
	}
	for _, k := range t.freshKinds(lanes) {
		var there bool
		err := t.tx.QueryRowContext(t.ctx, "SELECT EXISTS (SELECT 1 FROM member WHERE kind = ?) OR EXISTS (SELECT 1 FROM "+t.r.rows.Table(k.Name)+
			" r WHERE NOT EXISTS (SELECT 1 FROM base b WHERE b.kind = ? AND b.id = r.id AND NOT b.present)) OR EXISTS (SELECT 1 FROM base WHERE kind = ? AND present)", k.Name, k.Name, k.Name).Scan(&there)
		if err != nil {
			return 0, err
		}
		if there {
			lanes &^= 1 << k.Lane
		}
	}
	if lanes == 0 {
		return 0, nil
	}
	if err := t.dropLoad(lanes); err != nil {
		return 0, err
	}
	return lanes, t.exec("CREATE TABLE " + loadMember + " (chan TEXT NOT NULL, lane INTEGER NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL, PRIMARY KEY (chan, lane, kind, id)) WITHOUT ROWID")
}

// loadReset forgets what the load tables hold of a channel and lane. Records
// that are then in no channel are left in stage_gone.
func (t *Tx) loadReset(c ChanLane) error {
	if err := t.exec("INSERT OR IGNORE INTO stage_gone (kind, id) SELECT kind, id FROM "+loadMember+" WHERE chan = ? AND lane = ?", string(c.Chan), c.Lane); err != nil {
		return err
	}
	return t.exec("DELETE FROM "+loadMember+" WHERE chan = ? AND lane = ?", string(c.Chan), c.Lane)
}

// loadOp takes an entry over.
func (t *Tx) loadOp(o Op) error {
	if !o.Rem {
		return t.exec("INSERT OR IGNORE INTO "+loadMember+" (chan, lane, kind, id) VALUES (?, ?, ?, ?)", string(o.Chan), int64(o.Lane), o.Kind, o.ID)
	}
	if err := t.exec("INSERT OR IGNORE INTO stage_gone (kind, id) VALUES (?, ?)", o.Kind, o.ID); err != nil {
		return err
	}
	return t.exec("DELETE FROM "+loadMember+" WHERE chan = ? AND lane = ? AND kind = ? AND id = ?", string(o.Chan), o.Lane, o.Kind, o.ID)
}

// loadRow takes a record over. args is what its row holds, nil if nobody has
// computed that yet.
func (t *Tx) loadRow(k *office.Kind, r office.Record, args []any) (err error) {
	if !t.opened[k.Name] {
		there, err := t.r.rows.HasLoad(t.ctx, t.tx, k)
		if err == nil && !there {
			err = t.r.rows.OpenLoad(t.ctx, t.tx, k)
		}
		if err != nil {
			return err
		}
		if t.opened == nil {
			t.opened = map[string]bool{}
		}
		t.opened[k.Name] = true
	}
	if args == nil {
		if args, err = t.r.rows.Values(r); err != nil {
			return err
		}
	}
	return t.exec(t.r.loads[k.Name], args...)
}

// liftAll takes the overlay off all rows: the tables then hold the base alone.
func (t *Tx) liftAll() error {
	ks, err := t.keys("SELECT kind, id FROM base")
	if err != nil {
		return err
	}
	for _, k := range ks {
		if err := t.restore(k); err != nil {
			return err
		}
	}
	return nil
}

// few is how many loaded records are rather copied.
func (r *Replica) few() int {
	if r.defects.NoCopy {
		return 0
	}
	return rowsql.FewLoaded
}

// endLoad puts the load tables in the places of the empty ones. No overlay may
// lie on the rows.
func (t *Tx) endLoad(lanes int, out *Rebased) error {
	var kinds []*office.Kind
	for _, k := range t.freshKinds(lanes) {
		there, err := t.r.rows.HasLoad(t.ctx, t.tx, k)
		if err != nil {
			return err
		}
		if !there {
			continue // nothing of it came
		}
		if err := t.r.rows.EndLoad(t.ctx, t.tx, k, t.r.few()); err != nil {
			return err
		}
		kinds = append(kinds, k)
	}
	var others bool // or so few that they are rather copied
	if err := t.tx.QueryRowContext(t.ctx, "SELECT EXISTS (SELECT 1 FROM member) OR NOT EXISTS (SELECT 1 FROM "+loadMember+" LIMIT 1 OFFSET ?)", int64(t.r.few())).Scan(&others); err != nil {
		return err
	}
	qs := []string{"DROP TABLE member", "ALTER TABLE " + loadMember + " RENAME TO member", "CREATE INDEX member_row ON member (kind, id)"}
	if others {
		qs = []string{"INSERT OR IGNORE INTO member SELECT chan, lane, kind, id FROM " + loadMember, "DROP TABLE " + loadMember}
	}
	for _, q := range append(qs, "UPDATE stage SET fresh = 0") {
		if err := t.exec(q); err != nil {
			return err
		}
	}
	for _, k := range kinds {
		if err := t.loaded(k, out); err != nil {
			return fmt.Errorf("%s: %w", k.Name, err)
		}
	}
	return nil
}

// loaded does for a kind's new table what follows each change of a row.
func (t *Tx) loaded(k *office.Kind, out *Rebased) error {
	table := t.r.rows.Table(k.Name)
	gone, err := t.keys("SELECT g.kind, g.id FROM stage_gone g JOIN "+table+" r ON r.id = g.id WHERE g.kind = ? AND NOT EXISTS (SELECT 1 FROM member m WHERE m.kind = g.kind AND m.id = g.id)", k.Name)
	if err != nil {
		return err
	}
	for _, g := range gone {
		if err := t.r.rows.Delete(t.ctx, t.tx, g.Kind, g.ID); err != nil {
			return err
		}
		out.Erased = true
	}
	out.Gone = append(out.Gone, gone...)
	var n int
	if err := t.tx.QueryRowContext(t.ctx, "SELECT count(*) FROM "+table).Scan(&n); err != nil {
		return err
	}
	out.Pulled += n
	if n <= indexAtOnce {
		ks, err := t.keys("SELECT ?, id FROM "+table, k.Name)
		for _, x := range ks {
			t.changed[x] = true
		}
		return err
	}
	out.Many = true
	if searchable(k) {
		if err := t.exec("INSERT OR IGNORE INTO search_wait (kind, id) SELECT ?, id FROM "+table+" ORDER BY id", k.Name); err != nil {
			return err
		}
	}
	if len(k.Blobs) == 0 {
		return nil
	}
	ks, err := t.keys("SELECT ?, id FROM "+table, k.Name)
	if err != nil {
		return err
	}
	for _, x := range ks {
		if err := t.referenceRow(k, x); err != nil {
			return err
		}
	}
	return nil
}

// dropLoad forgets the load tables.
func (t *Tx) dropLoad(lanes int) error {
	if lanes == 0 {
		return nil
	}
	for _, k := range t.freshKinds(lanes) {
		if err := t.r.rows.DropLoad(t.ctx, t.tx, k); err != nil {
			return err
		}
	}
	return t.exec("DROP TABLE IF EXISTS " + loadMember)
}

// checkLoad begins a pull anew whose load tables are of other declarations
// than this program's, or that has staged what would now go into one.
func (t *Tx) checkLoad() error {
	p, err := t.position()
	if err != nil || p.fresh == 0 {
		return err
	}
	for _, k := range t.freshKinds(p.fresh) {
		fits, err := t.r.rows.LoadFits(t.ctx, t.tx, k)
		if err != nil {
			return err
		}
		var staged bool
		if err := t.tx.QueryRowContext(t.ctx, "SELECT EXISTS (SELECT 1 FROM stage_op WHERE kind = ?)", k.Name).Scan(&staged); err != nil {
			return err
		}
		if !fits || staged {
			return t.Unstage()
		}
	}
	return nil
}

// Prepare computes what Stage needs of a page's records, and orders them as
// their tables are: then neighbours are written one after the other. It touches
// no file and may run beside everything else.
func (r *Replica) Prepare(p *Page) {
	// Entries of one record stay in their order.
	slices.SortStableFunc(p.Ops, func(a, b Op) int { return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.ID, b.ID)) })
	slices.SortStableFunc(p.Rows, func(a, b office.Record) int { return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.ID, b.ID)) })
	p.args = make([][]any, len(p.Rows))
	for i, rec := range p.Rows {
		if r.kinds.Get(rec.Kind) == nil {
			continue
		}
		if rec.Root == "" {
			rec.Root = rec.ID
		}
		p.args[i], _ = r.rows.Values(rec) // an error comes again when it is staged
	}
}
