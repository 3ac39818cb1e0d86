package authority

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"time"

	"qianshao/syncserver/internal/store"
	"qianshao/syncserver/office"
	"qianshao/syncserver/rowsql"
)

// A plan is which channels see each changed record from now on. Making it may
// still refuse the command; carrying it out may not.
type plan struct {
	changed []key
	chans   map[key][]office.Channel // of the records that exist; only resident ones enter them
	blobs   map[key][]string         // the files that records refer to from now on, where that changes
}

// plan decides who sees what the run has written. It reads roots FOR SHARE, so
// that a root cannot change its audience while a child is written under it.
func (t *tx) plan() (plan, error) {
	p := plan{changed: t.changed(), chans: map[key][]office.Channel{}}
	for _, k := range p.changed {
		r := t.cache[k]
		if !r.has {
			continue
		}
		root, err := t.rootOf(r.now)
		if err != nil {
			return p, err
		}
		chans, err := t.rows.Kinds.Channels(r.now, root)
		if err != nil {
			return p, fmt.Errorf("audience of %s %s: %w", k.kind, k.id, err)
		}
		p.chans[k] = chans
	}
	return p, nil
}

func (t *tx) rootOf(r office.Record) (office.Record, error) {
	k := t.rows.Kinds.Get(r.Kind)
	if k.IsRoot() {
		return r, nil
	}
	x := key{k.Parent, r.Root}
	c := t.cache[x]
	if c == nil || c.inTable && !c.dirty && !c.written {
		s, ok, err := t.rows.Load(t.ctx, t.q, k.Parent, r.Root, rowsql.ForShare)
		if err != nil {
			return office.Record{}, t.fail(err)
		}
		if c != nil && (!ok || s.Ver != c.table.Ver || s.Sum != c.table.Sum) && !t.loose {
			return office.Record{}, t.fail(fmt.Errorf("read %s %s: %w", k.Parent, r.Root, store.ErrConflict))
		}
		if c == nil {
			c = t.remember(x, s, ok)
		}
	}
	if !c.has {
		return office.Record{}, &office.Error{Code: office.CodeNotFound, Field: k.Parent, Message: r.Root}
	}
	return c.now, nil
}

// step is one record's move in one channel.
type step struct {
	kind, id string
	rem      bool
	live     int64  // change of the number of rows in the channel
	sum      uint64 // change of their sums
	now      uint64 // the record's sum, 0 if it leaves
}

// moves collects the steps of a transaction by channel and lane.
type moves map[store.ChanLane][]step

// move enters what happens to a record that was in the channels old with the
// sum was and is in the channels new with the sum is.
func (m moves) move(k *office.Kind, id string, old []office.Channel, was uint64, new []office.Channel, is uint64) {
	for _, c := range new {
		s := step{kind: k.Name, id: id, now: is, sum: is, live: 1}
		if slices.Contains(old, c) {
			s.sum, s.live = is-was, 0
		}
		at := store.ChanLane{Chan: c, Lane: k.Lane}
		m[at] = append(m[at], s)
	}
	for _, c := range old {
		if !slices.Contains(new, c) {
			at := store.ChanLane{Chan: c, Lane: k.Lane}
			m[at] = append(m[at], step{kind: k.Name, id: id, rem: true, live: -1, sum: -was})
		}
	}
}

// moves compares the plan with the channels that the records are in. It comes
// after the rows are written and thereby held: nobody else moves them now.
func (a *Authority) moves(t *tx, p plan) (moves, error) {
	m := moves{}
	byKind := map[string][]string{}
	for _, k := range p.changed {
		if t.cache[k].had {
			byKind[k.kind] = append(byKind[k.kind], k.id)
		}
	}
	in, away := map[key][]office.Channel{}, map[key][]office.Channel{}
	for kind, ids := range byKind {
		ms, err := store.Members(t.ctx, t.q, kind, ids)
		if err != nil {
			return nil, t.fail(err)
		}
		for id, cs := range ms {
			in[key{kind, id}] = cs
		}
		if !t.roams(t.rows.Kinds.Get(kind)) {
			continue
		}
		if ms, err = store.Away(t.ctx, t.q, kind, ids); err != nil {
			return nil, t.fail(err)
		}
		for id, cs := range ms {
			away[key{kind, id}] = cs
		}
	}
	for _, k := range p.changed {
		r, kind := t.cache[k], t.rows.Kinds.Get(k.kind)
		t.moved[k] = true
		var h house
		var is uint64
		var was int64 // until when it was to stay
		if r.has {
			root, err := t.rootOf(r.now)
			if err != nil {
				return nil, err
			}
			if h, err = a.home(t, r.now, root, p.chans[k]); err != nil {
				return nil, err
			}
			is = r.table.Sum
			if r.had && t.roams(kind) {
				// An old body that its rule no longer understands: write anew.
				if _, was, err = open(t.rows.Kinds, a.aged.Load(), r.base.Record, root); err != nil {
					was = -1
				}
			}
		} else {
			was = -1
		}
		if was != h.until || len(away[k])+len(h.away) > 0 {
			if err := t.settleHouse(k, h, len(away[k]) == 0); err != nil {
				return nil, err
			}
		}
		m.move(kind, k.id, in[k], r.base.Sum, h.desks, is)
		// Children follow a root that lives elsewhere now, or has other readers.
		if kind.IsRoot() && r.had && r.has && !a.defences.off(NoChildren) &&
			(!slices.Equal(in[k], h.desks) || !slices.Equal(away[k], h.away)) {
			if err := a.moveChildren(t, m, kind, r.now); err != nil {
				return nil, err
			}
		}
	}
	if err := a.repin(t, m, p); err != nil {
		return nil, err
	}
	return m, nil
}

// moveChildren takes the children of a root to where they live now. Those that
// the run itself has changed are in the plan already.
func (a *Authority) moveChildren(t *tx, m moves, root *office.Kind, r office.Record) error {
	for _, ck := range t.rows.Kinds.Children(root.Name) {
		ss, err := t.rows.Under(t.ctx, t.q, ck.Name, r.ID, rowsql.NoLock)
		if err != nil {
			return t.fail(err)
		}
		ids := make([]string, len(ss))
		for i := range ss {
			ids[i] = ss[i].ID
		}
		in, err := store.Members(t.ctx, t.q, ck.Name, ids)
		if err != nil {
			return t.fail(err)
		}
		for _, s := range ss {
			x := key{ck.Name, s.ID}
			if c := t.cache[x]; c != nil && c.written || t.moved[x] {
				continue
			}
			t.moved[x] = true
			chans, err := t.rows.Kinds.Channels(s.Record, r)
			if err != nil {
				return fmt.Errorf("audience of %s %s: %w", ck.Name, s.ID, err)
			}
			h, err := a.home(t, s.Record, r, chans)
			if err != nil {
				return err
			}
			if err := t.settleHouse(x, h, false); err != nil {
				return err
			}
			m.moveUnwritten(ck, s, in[s.ID], h.desks)
		}
	}
	return nil
}

// dropRems is the ablation NoRem.
func (m moves) dropRems() {
	for c, steps := range m {
		m[c] = slices.DeleteFunc(steps, func(s step) bool { return s.rem })
		if len(m[c]) == 0 {
			delete(m, c)
		}
	}
}

// stamp numbers the moves: the last statement of the transaction. It gives the
// channels that have news.
func (t *tx) stamp(m moves, mid string, at time.Time) ([]office.Channel, error) {
	var out []store.Move
	var chans []office.Channel
	for c, steps := range m {
		move := store.Move{ChanLane: c}
		digest := sha256.New()
		for _, s := range steps {
			move.Live += s.live
			move.Sum += s.sum
			move.Entries = append(move.Entries, store.Entry{Kind: s.kind, ID: s.id, Rem: s.rem})
			fmt.Fprintf(digest, "%s\x00%s\x00%t\x00%016x\n", s.kind, s.id, s.rem, s.now)
		}
		move.Digest = hex.EncodeToString(digest.Sum(nil))
		out = append(out, move)
		chans = append(chans, c.Chan)
	}
	if err := store.Stamp(t.ctx, t.q, mid, at, out); err != nil {
		return nil, t.fail(err)
	}
	slices.Sort(chans)
	return slices.Compact(chans), nil
}
