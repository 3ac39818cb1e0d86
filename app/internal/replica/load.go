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
// less over all rows than row by row. A kind's few rows are copied there instead.
//
// All that costs changes of the schema, after each of which every connection
// reads all of it again. So a load begins in the stage like any other pull, and
// what is staged moves into load tables when it is more than a few records.

const loadMember = "n_member"

// fresh tells whether records of a kind go into load tables. lanes has a bit
// for each lane that a first load reads.
func (t *Tx) fresh(lanes int, kind string) *office.Kind {
	k := t.r.kinds.Get(kind)
	if k == nil || lanes == noLoad || lanes&(1<<k.Lane) == 0 {
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

// large reports whether a pull that has brought so many records more is to go on
// in load tables.
func (t *Tx) large(p Position, more int) (bool, error) {
	if p.fresh != 0 || p.loaded == LoadAll || p.Repairs || more == 0 {
		return false, nil
	}
	var n int
	if err := t.tx.QueryRowContext(t.ctx, "SELECT count(*) FROM stage_row").Scan(&n); err != nil {
		return false, err
	}
	if t.r.defects.NoCopy {
		return true, nil
	}
	return n+more > indexAtOnce, nil
}

// openLoad tells which lanes the pull under way reads for the first time, makes
// loadMember, and moves there what is staged. Of their kinds only what waiting
// commands have made may be here. A load table is made for the first record of
// its kind. noLoad if there are no such lanes.
func (t *Tx) openLoad(p Position) (lanes int, err error) {
	first, last := office.LaneTasks, office.LaneHeaders
	if p.loaded == LoadHeaders {
		first, last = office.LaneHeaders+1, office.LaneRest
	}
	for l := first; l <= last; l++ {
		lanes |= 1 << l
	}
	read, err := t.lanesRead()
	if err != nil {
		return 0, err
	}
	for _, l := range read {
		lanes &^= 1 << l
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
		return noLoad, t.exec("UPDATE stage SET fresh = ?", noLoad)
	}
	if err := t.dropLoad(lanes); err != nil {
		return 0, err
	}
	for _, q := range []string{
		"CREATE TABLE " + loadMember + " (chan TEXT NOT NULL, lane INTEGER NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL, PRIMARY KEY (chan, lane, kind, id)) WITHOUT ROWID",
		fmt.Sprintf("UPDATE stage SET fresh = %d", lanes),
	} {
		if err := t.exec(q); err != nil {
			return 0, err
		}
	}
	return lanes, t.moveStaged(lanes)
}

// noLoad stands in place of lanes for a pull that has none for load tables.
const noLoad = -1

// lanesRead are the lanes of which a checkpoint has been reached.
func (t *Tx) lanesRead() ([]office.Lane, error) {
	rows, err := t.tx.QueryContext(t.ctx, "SELECT DISTINCT lane FROM cursor")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []office.Lane
	for rows.Next() {
		var l office.Lane
		if err := rows.Scan(&l); err != nil {
			return nil, err
		}
		out = append(out, l)
	}
	return out, rows.Err()
}

// moveStaged takes what is staged of these lanes' kinds into the load tables, in
// the order in which it came.
func (t *Tx) moveStaged(lanes int) error {
	for last := int64(0); ; {
		es, err := t.stagedOps(last)
		if err != nil {
			return err
		}
		if len(es) == 0 {
			break
		}
		for _, e := range es {
			last = e.seq
			switch {
			case e.op == opReset:
				err = t.loadReset(e.at)
			case t.fresh(lanes, e.k.Kind) == nil:
				continue
			default:
				if err = t.loadOp(Op{ChanLane: e.at, Key: e.k, Rem: e.op == opRem}); err == nil {
					err = t.exec("DELETE FROM stage_op WHERE seq = ?", e.seq)
				}
			}
			if err != nil {
				return err
			}
		}
	}
	rs, err := t.stagedRows()
	if err != nil {
		return err
	}
	taken := 0
	for _, r := range rs {
		k := t.fresh(lanes, r.Kind)
		if k == nil {
			continue
		}
		if err := t.loadRow(k, r, nil); err != nil {
			return err
		}
		if err := t.exec("DELETE FROM stage_row WHERE kind = ? AND id = ?", r.Kind, r.ID); err != nil {
			return err
		}
		taken++
	}
	return t.exec("UPDATE stage SET taken = taken + ?", taken)
}

// stagedRows are the staged records, in the order in which they came.
func (t *Tx) stagedRows() ([]office.Record, error) {
	rows, err := t.tx.QueryContext(t.ctx, "SELECT kind, id, root, ver, body FROM stage_row ORDER BY seq")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []office.Record
	for rows.Next() {
		var r office.Record
		var body string
		if err := rows.Scan(&r.Kind, &r.ID, &r.Root, &r.Ver, &body); err != nil {
			return nil, err
		}
		r.Body = []byte(body)
		out = append(out, r)
	}
	return out, rows.Err()
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
	if lanes == 0 || lanes == noLoad {
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
	if err != nil || !p.loading() {
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
