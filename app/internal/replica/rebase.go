package replica

import (
	"fmt"

	"qianshao/syncserver/office"
)

// Checkpoint is what closes a pull: the staged pages are one snapshot now.
type Checkpoint struct {
	Dev      string
	LastN    int64 // effects of this device's commands up to here are in the snapshot
	Epoch    string
	AsOf     int64 // the server's clock
	SyncedAt int64 // this desk's clock
	Sums     []Sum
}

// Rebase says what a rebase works with.
type Rebase struct {
	// Waiting are the commands whose effects the base lacks once the checkpoint
	// is applied, in order.
	Waiting []Command
	Ord     int64       // the outbox's ord that Waiting agrees with
	Pull    *Checkpoint // nil: nothing came, only the waiting commands changed
	Mend    *Mend       // nil: no bad rows to put right
	All     bool        // run all commands again, whatever was touched
}

// Rebased is what a rebase did.
type Rebased struct {
	Pulled   int               // records that came, changed or went
	Erased   bool              // some went: their words must leave the files
	Gone     []Key             // those that went
	Repairs  []ChanLane        // channels whose sums differ, to be put right: see Tx.Damaged
	Wrong    []ChanLane        // channels that were read anew, or mended, and still differ
	Outcomes map[int64]Outcome // of the commands that ran again, by ord
	Full     bool              // all of them ran again
	Many     bool              // more rows changed than Update names: a first load
}

// Rebase brings the replica to a new state: the staged pages are applied to the
// base, commands no longer waiting are forgotten, and those that stand on
// changed ground run again, in order, over the base put back. The result is
// the same as if all had run again.
func (t *Tx) Rebase(in Rebase) (Rebased, error) {
	out := Rebased{Outcomes: map[int64]Outcome{}}
	recs, err := records(t.ctx, t.tx, t.r.kinds)
	if err != nil {
		return out, err
	}
	p := &plan{t: t, dirty: map[Key]bool{}, kinds: map[string]bool{}, again: map[int64]bool{}, recs: recs}
	if in.Pull != nil {
		at, err := t.position()
		if err != nil {
			return out, err
		}
		if at.loading() {
			in.All = true // what they read was not here yet
		}
		if err := t.apply(*in.Pull, at, p, &out); err != nil {
			return out, fmt.Errorf("apply what came: %w", err)
		}
	}
	if in.Mend != nil {
		t.sums.forgetAll() // it changes what was counted, not what is there
		if err := t.mend(*in.Mend, p, &out); err != nil {
			return out, fmt.Errorf("mend: %w", err)
		}
	}
	if err := t.overlayAgain(in, p, &out); err != nil {
		return out, fmt.Errorf("run again: %w", err)
	}
	if in.Mend != nil {
		if err := t.mended(*in.Mend, &out); err != nil {
			return out, fmt.Errorf("mend: %w", err)
		}
	}
	return out, t.SetOverlayOrd(in.Ord)
}

// plan collects what a rebase touches.
type plan struct {
	t     *Tx
	recs  []*record       // runs of the commands that waited before
	dirty map[Key]bool    // rows whose base or overlay changes
	kinds map[string]bool // kinds of rows that commands write anew: for scans
	again map[int64]bool  // commands to run again
	late  []change        // changes of rows the overlay has written: applied once it is off
}

// change is a new state of a row.
type change struct {
	key     Key
	rec     office.Record
	present bool
}

// apply brings the staged pages into members, base and cursors.
func (t *Tx) apply(c Checkpoint, at Position, p *plan, out *Rebased) error {
	if at.loading() {
		if err := t.liftAll(); err != nil {
			return err
		}
	}
	if err := t.members(); err != nil {
		return err
	}
	if err := t.sweep(p, out); err != nil {
		return err
	}
	if at.loading() {
		t.sums.forgetAll()
		if err := t.endLoad(at.fresh, out); err != nil {
			return fmt.Errorf("end the first load: %w", err)
		}
	}
	if err := t.upsert(p, out); err != nil {
		return err
	}
	if at.Staged {
		loaded := LoadHeaders
		if at.MaxLane == office.LaneRest {
			loaded = LoadAll
		}
		if err := t.exec("UPDATE meta SET loaded = max(loaded, ?)", loaded); err != nil {
			return err
		}
		for _, q := range []string{
			// What the server told of a channel holds until the channel goes on.
			"DELETE FROM chan_sum WHERE (chan, lane) NOT IN (SELECT c.chan, c.lane FROM cursor c JOIN stage_cursor s ON s.chan = c.chan AND s.lane = c.lane AND s.head = c.head AND s.hash = c.hash AND s.pos = c.pos)",
			"DELETE FROM cursor",
			"INSERT INTO cursor SELECT chan, lane, pos, head, hash, gc_base FROM stage_cursor",
			"UPDATE repair SET pending = 0 WHERE pending = 1",
			"DELETE FROM repair WHERE (chan, lane) NOT IN (SELECT chan, lane FROM cursor)",
		} {
			if err := t.exec(q); err != nil {
				return err
			}
		}
		if err := t.Unstage(); err != nil {
			return err
		}
	}
	if err := t.SetLastN(c.Dev, c.LastN); err != nil {
		return err
	}
	if err := t.exec("UPDATE meta SET as_of = ?, synced_at = ?", c.AsOf, c.SyncedAt); err != nil {
		return err
	}
	if c.Epoch != "" {
		if err := t.exec("UPDATE meta SET epoch = ?", c.Epoch); err != nil {
			return err
		}
	}
	return t.compareSums(c.Sums, p, out)
}

// sweep removes records that are in no channel any more.
func (t *Tx) sweep(p *plan, out *Rebased) error {
	gone, err := t.keys("SELECT kind, id FROM stage_gone g WHERE NOT EXISTS (SELECT 1 FROM member m WHERE m.kind = g.kind AND m.id = g.id)")
	if err != nil {
		return err
	}
	for _, k := range gone {
		old, was, err := t.base(k)
		if err != nil {
			return err
		}
		if !was {
			// It never came, or it was here and the disk has lost it: commands that
			// saw it, or what it was among, must not go on as if it were there.
			p.dirty[k], p.kinds[k.Kind] = true, true
			continue
		}
		out.Erased = true
		out.Gone = append(out.Gone, k)
		if err := p.change(change{key: k}, old, was, out); err != nil {
			return err
		}
	}
	return nil
}

// upsert takes over the records of the staged pages that are in a channel. A
// record always overwrites, whatever its version.
func (t *Tx) upsert(p *plan, out *Rebased) error {
	const page = 500
	var repairing bool
	if err := t.tx.QueryRowContext(t.ctx, "SELECT EXISTS (SELECT 1 FROM repair WHERE pending = 1)").Scan(&repairing); err != nil {
		return err
	}
	for last := int64(0); ; {
		rows, err := t.tx.QueryContext(t.ctx, `SELECT seq, kind, id, root, ver, body FROM stage_row s WHERE seq > ?
			AND EXISTS (SELECT 1 FROM member m WHERE m.kind = s.kind AND m.id = s.id) ORDER BY seq LIMIT ?`, last, page)
		if err != nil {
			return err
		}
		var rs []office.Record
		for rows.Next() {
			var r office.Record
			var body string
			if err := rows.Scan(&last, &r.Kind, &r.ID, &r.Root, &r.Ver, &body); err != nil {
				rows.Close()
				return err
			}
			r.Body = []byte(body)
			rs = append(rs, r)
		}
		if err := rows.Err(); err != nil {
			return err
		}
		rows.Close()
		for _, r := range rs {
			k := Key{r.Kind, r.ID}
			old, was, err := t.base(k)
			if err != nil {
				return err
			}
			if was && old.Ver == r.Ver && old.Root == r.Root && string(old.Body) == string(r.Body) {
				if repairing {
					t.sums.forgetAll()
					if err := t.rewrite(k, r); err != nil {
						return err
					}
				}
				continue
			}
			if err := p.change(change{key: k, rec: r, present: true}, old, was, out); err != nil {
				return err
			}
		}
		if len(rs) < page {
			return nil
		}
	}
}

// change notes a new state of a row and applies it, at once where no overlay
// lies on the row.
func (p *plan) change(c change, old office.Record, was bool, out *Rebased) error {
	out.Pulled++
	p.dirty[c.key] = true
	if err := p.t.shifted(c.key, c.rec, c.present); err != nil {
		return err
	}
	for _, w := range p.recs {
		for _, s := range w.scans {
			if p.again[w.ord] || s.kind.Name != c.key.Kind {
				continue
			}
			if was {
				// What lay here may be damaged; then nobody knows what it matched.
				hit, err := s.matches(old)
				p.again[w.ord] = hit || err != nil
			}
			if c.present && !p.again[w.ord] {
				hit, err := s.matches(c.rec)
				if err != nil {
					return err
				}
				p.again[w.ord] = hit
			}
		}
	}
	_, _, known, err := p.t.baseEntry(c.key)
	if err != nil {
		return err
	}
	if known {
		p.late = append(p.late, c)
		return nil
	}
	return p.t.setVisible(c.key, c.rec, c.present)
}

// overlayAgain puts the overlay back on the changed base.
func (t *Tx) overlayAgain(in Rebase, p *plan, out *Rebased) error {
	all := in.All || t.r.defects.AlwaysAll
	waiting := map[int64]bool{}
	for _, c := range in.Waiting {
		waiting[c.Ord] = true
	}
	recorded := map[int64]bool{}
	kept := p.recs[:0:0]
	for _, w := range p.recs {
		if !waiting[w.ord] { // answered and come back, or discarded
			p.taint(w)
			if err := t.forget(w.ord); err != nil {
				return err
			}
			continue
		}
		recorded[w.ord] = true
		all = all || w.stale
		kept = append(kept, w)
	}
	p.recs = kept
	for _, c := range in.Waiting {
		all = all || !recorded[c.Ord]
	}
	if !all {
		p.close()
		ok, err := t.selective(in, p, out)
		if err != nil || ok {
			return err
		}
	}
	out.Full = true
	return t.full(in, p, out)
}

// taint makes what a command wrote dirty: it is undone.
func (p *plan) taint(w *record) {
	for k, wrote := range w.rows {
		if wrote {
			p.dirty[k] = true
			p.kinds[k.Kind] = true
		}
	}
}

// close finds the commands that must run again: those that read, scanned or
// wrote a dirty row; what they wrote is dirty in turn.
func (p *plan) close() {
	for size := -1; size != len(p.dirty)+len(p.kinds); {
		size = len(p.dirty) + len(p.kinds)
		for _, w := range p.recs {
			if !p.again[w.ord] && !p.hits(w) {
				continue
			}
			p.again[w.ord] = true
			if !p.t.r.defects.NoClosure {
				p.taint(w)
			}
		}
	}
}

func (p *plan) hits(w *record) bool {
	for k := range w.rows {
		if p.dirty[k] {
			return true
		}
	}
	for k := range p.kinds {
		if w.scansKind(k) {
			return true
		}
	}
	return false
}

// selective runs the planned commands again and reports whether that was
// enough. It was not if one of them now touches what a later command, which
// did not run again, has written, or writes what a later one has touched; then
// nothing of it remains.
func (t *Tx) selective(in Rebase, p *plan, out *Rebased) (bool, error) {
	if err := t.exec("SAVEPOINT again"); err != nil {
		return false, err
	}
	if err := t.lift(p, p.dirty); err != nil {
		return false, err
	}
	for _, c := range in.Waiting {
		if !p.again[c.Ord] {
			continue
		}
		o, err := t.Try(c)
		if err != nil {
			return false, err
		}
		if !t.r.defects.NoClosure && p.unsafe(c.Ord, o) {
			clear(out.Outcomes)
			if err := t.exec("ROLLBACK TO again"); err != nil {
				return false, err
			}
			return false, t.exec("RELEASE again")
		}
		out.Outcomes[c.Ord] = o
		if err := t.keep(c.Ord, c.Mid, o); err != nil {
			return false, err
		}
	}
	return true, t.exec("RELEASE again")
}

// unsafe reports whether a run touched what a later command that keeps its
// effects has to do with.
func (p *plan) unsafe(ord int64, o Outcome) bool {
	for _, w := range p.recs {
		if w.ord <= ord || p.again[w.ord] {
			continue
		}
		for k, wrote := range o.rows {
			theirs, touched := w.rows[k]
			if touched && (wrote || theirs) || wrote && w.scansKind(k.Kind) {
				return true
			}
		}
		for k, theirs := range w.rows {
			for _, s := range o.scans {
				if theirs && s.kind.Name == k.Kind {
					return true
				}
			}
		}
	}
	return false
}

// full runs all waiting commands again over the whole base.
func (t *Tx) full(in Rebase, p *plan, out *Rebased) error {
	ks, err := t.keys("SELECT kind, id FROM base")
	if err != nil {
		return err
	}
	all := map[Key]bool{}
	for _, k := range ks {
		all[k] = true
	}
	if err := t.lift(p, all); err != nil {
		return err
	}
	for _, table := range []string{"wait", "wait_row", "wait_scan"} {
		if err := t.exec("DELETE FROM " + table); err != nil {
			return err
		}
	}
	for _, c := range in.Waiting {
		o, err := t.Try(c)
		if err != nil {
			return err
		}
		out.Outcomes[c.Ord] = o
		if err := t.keep(c.Ord, c.Mid, o); err != nil {
			return err
		}
	}
	return nil
}

// lift takes the overlay off these rows and lets the base's changes through.
func (t *Tx) lift(p *plan, rows map[Key]bool) error {
	for k := range rows {
		if t.r.defects.NoBase {
			if err := t.exec("DELETE FROM base WHERE kind = ? AND id = ?", k.Kind, k.ID); err != nil {
				return err
			}
			continue
		}
		if err := t.restore(k); err != nil {
			return err
		}
	}
	for _, c := range p.late {
		if err := t.setVisible(c.key, c.rec, c.present); err != nil {
			return err
		}
	}
	return nil
}
