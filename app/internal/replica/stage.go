package replica

import (
	"context"
	"fmt"

	"qianshao/syncserver/office"
)

// ChanLane names a channel and lane.
type ChanLane struct {
	Chan office.Channel
	Lane office.Lane
}

// Cursor is how far this desk has read one channel and lane.
type Cursor struct {
	ChanLane
	Pos, Head, GCBase int64
	Hash              string
}

// Op is one entry of a channel: the record is in it, or no longer.
type Op struct {
	ChanLane
	Key
	Rem bool
}

// Page is one page of a pull.
type Page struct {
	Drop, Reset []ChanLane
	Ops         []Op
	Rows        []office.Record
	Cursors     []Cursor // changed ones
	Epoch       string   // of the server's history; "" = as before

	args [][]any // of Rows, if Prepare has computed them
}

// Position is what the next page is to be asked with.
type Position struct {
	Cursors []Cursor
	Staged  bool        // pages of an unfinished pull are kept here
	MaxLane office.Lane // lanes up to here are read; a first load begins with the first two
	Repairs bool        // some channels are read anew: the cursors are not all
	Epoch   string      // of the history that the cursors belong to

	fresh  int // lanes, a bit each, whose records go into load tables; or noLoad
	loaded Load
}

// loading reports whether there are load tables.
func (p Position) loading() bool { return p.fresh > 0 }

// Position reads it.
func (r *Replica) Position(ctx context.Context) (Position, error) {
	var p Position
	err := r.View(ctx, func(t *Tx) (err error) {
		p, err = t.position()
		return err
	})
	if err != nil {
		return p, fmt.Errorf("read cursors: %w", err)
	}
	return p, nil
}

func (t *Tx) position() (Position, error) {
	p := Position{MaxLane: office.LaneRest}
	if err := t.tx.QueryRowContext(t.ctx, "SELECT s.active, s.lane, s.fresh, CASE WHEN s.active AND s.epoch <> '' THEN s.epoch ELSE m.epoch END, m.loaded, EXISTS (SELECT 1 FROM repair WHERE pending = 1) FROM stage s, meta m").
		Scan(&p.Staged, &p.MaxLane, &p.fresh, &p.Epoch, &p.loaded, &p.Repairs); err != nil {
		return p, err
	}
	q := "SELECT chan, lane, pos, head, hash, gc_base FROM stage_cursor ORDER BY chan, lane"
	if !p.Staged {
		q = "SELECT chan, lane, pos, head, hash, gc_base FROM cursor WHERE (chan, lane) NOT IN (SELECT chan, lane FROM repair WHERE pending = 1) ORDER BY chan, lane"
		p.MaxLane = office.LaneRest
		if p.loaded == LoadNothing {
			p.MaxLane = office.LaneHeaders
		}
	}
	rows, err := t.tx.QueryContext(t.ctx, q)
	if err != nil {
		return p, err
	}
	defer rows.Close()
	for rows.Next() {
		var c Cursor
		if err := rows.Scan(&c.Chan, &c.Lane, &c.Pos, &c.Head, &c.Hash, &c.GCBase); err != nil {
			return p, err
		}
		p.Cursors = append(p.Cursors, c)
	}
	return p, rows.Err()
}

// Stage keeps a page until its pull reaches a checkpoint. Where records of one
// id come on several pages, the last one counts: it is of the newest snapshot.
func (t *Tx) Stage(p Page) error {
	at, err := t.begin()
	if err == nil {
		err = t.stage(p, at)
	}
	if err != nil {
		return fmt.Errorf("stage a page: %w", err)
	}
	return nil
}

// begin opens the stage for the first page: the cursors go on from where they
// are, and channels under repair begin anew.
func (t *Tx) begin() (p Position, err error) {
	p, err = t.position()
	if err != nil || p.Staged {
		return p, err
	}
	p.fresh = 0
	if err := t.exec("UPDATE stage SET active = 1, lane = ?, fresh = 0", p.MaxLane); err != nil {
		return p, err
	}
	for _, q := range []string{
		"INSERT INTO stage_cursor SELECT chan, lane, pos, head, hash, gc_base FROM cursor WHERE (chan, lane) NOT IN (SELECT chan, lane FROM repair WHERE pending = 1)",
		"INSERT INTO stage_op (op, chan, lane) SELECT 'reset', chan, lane FROM repair WHERE pending = 1",
	} {
		if err := t.exec(q); err != nil {
			return p, err
		}
	}
	return p, nil
}

func (t *Tx) stage(p Page, at Position) error {
	fresh := at.fresh
	many, err := t.large(at, len(p.Rows))
	if err == nil && many {
		fresh, err = t.openLoad(at)
	}
	if err != nil {
		return err
	}
	if p.Epoch != "" {
		if err := t.exec("UPDATE stage SET epoch = ?", p.Epoch); err != nil {
			return err
		}
	}
	for _, list := range [][]ChanLane{p.Drop, p.Reset} {
		for _, c := range list {
			if err := t.exec("INSERT INTO stage_op (op, chan, lane) VALUES ('reset', ?, ?)", string(c.Chan), c.Lane); err != nil {
				return err
			}
			if err := t.exec("DELETE FROM stage_cursor WHERE chan = ? AND lane = ?", string(c.Chan), c.Lane); err != nil {
				return err
			}
			if fresh <= 0 {
				continue
			}
			if err := t.loadReset(c); err != nil {
				return err
			}
		}
	}
	for _, o := range p.Ops {
		if t.fresh(fresh, o.Kind) != nil {
			if err := t.loadOp(o); err != nil {
				return err
			}
			continue
		}
		op := opPut
		if o.Rem {
			op = opRem
		}
		if err := t.exec("INSERT INTO stage_op (op, chan, lane, kind, id) VALUES (?, ?, ?, ?, ?)", op, string(o.Chan), o.Lane, o.Kind, o.ID); err != nil {
			return err
		}
	}
	taken := 0
	for i, r := range p.Rows {
		if r.Root == "" {
			r.Root = r.ID
		}
		if k := t.fresh(fresh, r.Kind); k != nil {
			var args []any
			if p.args != nil {
				args = p.args[i]
			}
			if err := t.loadRow(k, r, args); err != nil {
				return err
			}
			taken++
			continue
		}
		if err := t.exec("INSERT OR REPLACE INTO stage_row (kind, id, root, ver, body) VALUES (?, ?, ?, ?, ?)", r.Kind, r.ID, r.Root, r.Ver, string(r.Body)); err != nil {
			return err
		}
	}
	if taken > 0 {
		if err := t.exec("UPDATE stage SET taken = taken + ?", taken); err != nil {
			return err
		}
	}
	for _, c := range p.Cursors {
		if err := t.exec("INSERT OR REPLACE INTO stage_cursor (chan, lane, pos, head, hash, gc_base) VALUES (?, ?, ?, ?, ?, ?)", string(c.Chan), c.Lane, c.Pos, c.Head, c.Hash, c.GCBase); err != nil {
			return err
		}
	}
	return nil
}

// Unstage forgets the pages of an unfinished pull.
func (t *Tx) Unstage() error {
	p, err := t.position()
	if err == nil {
		err = t.dropLoad(p.fresh)
	}
	if err != nil {
		return fmt.Errorf("clear the stage: %w", err)
	}
	for _, q := range []string{"DELETE FROM stage_op", "DELETE FROM stage_row", "DELETE FROM stage_cursor", "DELETE FROM stage_gone", "UPDATE stage SET active = 0, fresh = 0, taken = 0, epoch = ''"} {
		if err := t.exec(q); err != nil {
			return fmt.Errorf("clear the stage: %w", err)
		}
	}
	return nil
}

// Restart makes the next pull read every channel from its start; what is
// visible stays until that pull reaches its checkpoint.
func (t *Tx) Restart() error {
	if err := t.Unstage(); err != nil {
		return err
	}
	if err := t.exec("INSERT OR REPLACE INTO repair (chan, lane, hash, pending) SELECT chan, lane, '', 1 FROM cursor"); err != nil {
		return fmt.Errorf("read anew: %w", err)
	}
	return nil
}

// What a staged entry says.
const (
	opPut   = "put"
	opRem   = "rem"
	opReset = "reset" // all of a channel and lane
)

// stagedOp is a staged entry.
type stagedOp struct {
	seq int64
	op  string
	at  ChanLane
	k   Key
}

// stagedOps are the staged entries after one of them, so many at a time.
func (t *Tx) stagedOps(after int64) ([]stagedOp, error) {
	rows, err := t.tx.QueryContext(t.ctx, "SELECT seq, op, chan, lane, kind, id FROM stage_op WHERE seq > ? ORDER BY seq LIMIT 2000", after)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []stagedOp
	for rows.Next() {
		var e stagedOp
		if err := rows.Scan(&e.seq, &e.op, &e.at.Chan, &e.at.Lane, &e.k.Kind, &e.k.ID); err != nil {
			return nil, err
		}
		out = append(out, e)
	}
	return out, rows.Err()
}

// members applies the staged entries to the channels' members. Keys whose
// record may now be in no channel are left in stage_gone.
func (t *Tx) members() error {
	swept := false
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
			switch e.op {
			case opPut:
				err = t.enter(e.at, e.k)
			case opRem:
				if err = t.exec("INSERT OR IGNORE INTO stage_gone (kind, id) VALUES (?, ?)", e.k.Kind, e.k.ID); err == nil {
					err = t.leave(e.at, e.k)
				}
			default:
				t.sums.forget(e.at)
				if t.r.defects.NoSweep {
					break
				}
				swept = true
				if err = t.exec("INSERT OR IGNORE INTO stage_gone (kind, id) SELECT kind, id FROM member WHERE chan = ? AND lane = ?", string(e.at.Chan), int64(e.at.Lane)); err == nil {
					err = t.exec("DELETE FROM member WHERE chan = ? AND lane = ?", string(e.at.Chan), int64(e.at.Lane))
				}
			}
			if err != nil {
				return err
			}
		}
	}
	if swept {
		return t.strays()
	}
	return nil
}

// strays leaves in stage_gone the records that are in no channel at all: a reset
// forgets members, and one whose membership was damaged would stay for ever. What
// only the overlay has is not among the base and stays; what the overlay has
// deleted is only among the base.
func (t *Tx) strays() error {
	const none = " r WHERE NOT EXISTS (SELECT 1 FROM member m WHERE m.kind = %s AND m.id = r.id)"
	for _, k := range t.r.kinds.All() {
		q := "INSERT OR IGNORE INTO stage_gone (kind, id) SELECT ?, id FROM " + t.r.rows.Table(k.Name) + fmt.Sprintf(none, "?")
		if err := t.exec(q, k.Name, k.Name); err != nil {
			return err
		}
	}
	for _, from := range []string{"foreign_row", "(SELECT kind, id FROM base WHERE present = 1)"} {
		if err := t.exec("INSERT OR IGNORE INTO stage_gone (kind, id) SELECT kind, id FROM " + from + fmt.Sprintf(none, "r.kind")); err != nil {
			return err
		}
	}
	return nil
}
