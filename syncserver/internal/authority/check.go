package authority

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"qianshao/syncserver/internal/jobs"
	"qianshao/syncserver/internal/store"
	"qianshao/syncserver/office"
)

// Check is the doctor: it computes again what the store keeps ready, in one
// snapshot, and tells each difference as a sentence with kinds, ids and
// channels but no contents; then what an operator should look at although the
// store is sound. An error is a fault of reading. Nothing is mended.
func (a *Authority) Check(ctx context.Context) ([]string, error) {
	damage, notices, err := a.Audit(ctx)
	return append(damage, notices...), err
}

// Audit is Check with the two kept apart: damage of the store, and notices of a
// sound one, such as a device that does not get its commands through.
func (a *Authority) Audit(ctx context.Context) (damage, notices []string, err error) {
	var c *checkup
	err = a.Store.Read(ctx, func(q store.Q) error {
		c = &checkup{ctx: ctx, q: q, a: a, live: map[store.ChanLane]int64{}, sums: map[store.ChanLane]uint64{}}
		for _, k := range a.Kinds.All() {
			if err := c.records(k); err != nil {
				return err
			}
		}
		if err := c.heads(); err != nil {
			return err
		}
		if err := c.people(); err != nil {
			return err
		}
		return c.queues()
	})
	if err != nil {
		return nil, nil, fmt.Errorf("check store: %w", err)
	}
	return c.found, c.notices, nil
}

type checkup struct {
	ctx   context.Context
	q     store.Q
	a     *Authority
	found []string // damage
	live  map[store.ChanLane]int64
	sums  map[store.ChanLane]uint64

	notices []string
}

func (c *checkup) note(format string, args ...any) {
	c.notices = append(c.notices, fmt.Sprintf(format, args...))
}

func (c *checkup) tell(format string, args ...any) {
	c.found = append(c.found, fmt.Sprintf(format, args...))
}

// records checks every row of a kind: sum, form, root, and that it is in
// exactly the channels that its audience says.
func (c *checkup) records(k *office.Kind) error {
	rows := c.a.Store.Rows
	after := ""
	for {
		ss, err := rows.Page(c.ctx, c.q, k.Name, after, 500)
		if err != nil {
			return err
		}
		if len(ss) == 0 {
			break
		}
		after = ss[len(ss)-1].ID
		ids := make([]string, len(ss))
		for i := range ss {
			ids[i] = ss[i].ID
		}
		in, err := store.Members(c.ctx, c.q, k.Name, ids)
		if err != nil {
			return err
		}
		for _, s := range ss {
			if s.Record.Sum() != s.Sum {
				c.tell("%s %s: the body is not the one that was written", k.Name, s.ID)
			}
			if can, err := office.Canonical(json.RawMessage(s.Body)); err != nil || !bytes.Equal(can, s.Body) {
				c.tell("%s %s: the body is not in canonical form", k.Name, s.ID)
				continue
			}
			root := s.Record
			if !k.IsRoot() {
				r, ok, err := rows.Get(c.ctx, c.q, k.Parent, s.Root)
				if err != nil {
					return err
				}
				if !ok {
					c.tell("%s %s: its root %s is not there", k.Name, s.ID, s.Root)
					continue
				}
				root = r
			}
			chans, err := c.a.Kinds.Channels(s.Record, root)
			if err != nil {
				c.tell("%s %s: no audience: %v", k.Name, s.ID, office.CodeOf(err))
				continue
			}
			want, leaving, err := c.house(k, s.Record, root, chans)
			if err != nil {
				return err
			}
			slices.Sort(want)
			if !leaving && !slices.Equal(want, in[s.ID]) {
				c.tell("%s %s: is in channels %v, should be in %v", k.Name, s.ID, in[s.ID], want)
			}
			for _, ch := range in[s.ID] {
				at := store.ChanLane{Chan: ch, Lane: k.Lane}
				c.live[at]++
				c.sums[at] += s.Sum
			}
		}
	}
	var ghosts int
	if err := c.q.QueryRowContext(c.ctx, "SELECT count(*) FROM chan_row WHERE kind = ? AND rem = 0 AND NOT EXISTS (SELECT 1 FROM "+rows.Table(k.Name)+" r WHERE r.id = chan_row.id)", k.Name).Scan(&ghosts); err != nil {
		return fmt.Errorf("look for ghosts: %w", err)
	}
	if ghosts > 0 {
		c.tell("%s: %d channel entries without a record", k.Name, ghosts)
	}
	return nil
}

// house is in which channels a record must be, and checks who else may read it;
// leaving says that it is about to leave the desks and may be found half way.
func (c *checkup) house(k *office.Kind, r, root office.Record, chans []office.Channel) (in []office.Channel, leaving bool, err error) {
	t := c.a.newTx(c.ctx, c.q)
	h, err := c.a.home(t, r, root, chans)
	if err != nil || !t.roams(k) {
		return h.desks, false, err
	}
	until, stays, err := store.Stays(c.ctx, c.q, k.Name, r.ID)
	if err != nil {
		return nil, false, err
	}
	over, staysRoot, err := store.Stays(c.ctx, c.q, root.Kind, root.ID)
	if err != nil {
		return nil, false, err
	}
	if aged := c.a.aged.Load(); stays && until <= aged || staysRoot && over <= aged {
		return nil, true, nil
	}
	away, err := store.Away(c.ctx, c.q, k.Name, []string{r.ID})
	if err != nil {
		return nil, false, err
	}
	if !slices.Equal(away[r.ID], h.away) || stays != (h.until > 0) || until != h.until {
		c.tell("%s %s: is kept for %v until %d, should be for %v until %d", k.Name, r.ID, away[r.ID], until, h.away, h.until)
	}
	return h.desks, false, nil
}

// heads checks every counter against its rows, its entries and its history.
func (c *checkup) heads() error {
	heads, err := store.AllHeads(c.ctx, c.q)
	if err != nil {
		return err
	}
	for _, h := range heads {
		if h.Live != c.live[h.ChanLane] || h.Sum != c.sums[h.ChanLane] {
			c.tell("%s lane %d: counts %d rows with sum %016x, has %d with %016x", h.Chan, h.Lane, h.Live, h.Sum, c.live[h.ChanLane], c.sums[h.ChanLane])
		}
		delete(c.live, h.ChanLane)
		var top int64
		if err := c.q.QueryRowContext(c.ctx, "SELECT coalesce(max(seq), 0) FROM chan_row WHERE chan = ? AND lane = ?", string(h.Chan), int64(h.Lane)).Scan(&top); err != nil {
			return fmt.Errorf("read channel entries: %w", err)
		}
		if top > h.Seq || h.GCFloor > h.Seq {
			c.tell("%s lane %d: head %d, but entries up to %d and floor %d", h.Chan, h.Lane, h.Seq, top, h.GCFloor)
		}
		chain, found, _, err := store.ChainAt(c.ctx, c.q, h.ChanLane, h.Seq)
		if err != nil {
			return err
		}
		if h.Seq > 0 && (!found || chain != h.Chain) {
			c.tell("%s lane %d: the chain is broken: the history does not end in the head", h.Chan, h.Lane)
		}
	}
	for at, n := range c.live {
		if n > 0 {
			c.tell("%s lane %d: %d rows but no counter", at.Chan, at.Lane, n)
		}
	}
	return nil
}

// people checks the subscriptions against the records of people.
func (c *checkup) people() error {
	if c.a.Kinds.Get(c.a.PersonKind) == nil {
		return nil
	}
	after := ""
	for {
		ss, err := c.a.Store.Rows.Page(c.ctx, c.q, c.a.PersonKind, after, 500)
		if err != nil || len(ss) == 0 {
			return err
		}
		after = ss[len(ss)-1].ID
		for _, s := range ss {
			want, err := c.a.Subscriptions(s.Record)
			if err != nil {
				c.tell("%s %s: no subscriptions: %v", c.a.PersonKind, s.ID, office.CodeOf(err))
				continue
			}
			slices.Sort(want)
			have, err := store.Subs(c.ctx, c.q, office.UserID(s.ID))
			if err != nil {
				return err
			}
			if !slices.Equal(slices.Compact(want), have) {
				c.tell("%s %s: subscribes to %v, should to %v", c.a.PersonKind, s.ID, have, want)
			}
		}
	}
}

// queues checks that each device's commands are numbered without gaps and have
// outcomes, and that no job was set aside.
func (c *checkup) queues() error {
	rs, err := c.q.QueryContext(c.ctx, "SELECT device.dev, device.last_n, coalesce(max(sent.n), 0) FROM device LEFT JOIN sent ON sent.dev = device.dev GROUP BY device.dev, device.last_n ORDER BY device.dev")
	if err != nil {
		return fmt.Errorf("read devices: %w", err)
	}
	defer rs.Close()
	for rs.Next() {
		var dev string
		var last, top int64
		if err := rs.Scan(&dev, &last, &top); err != nil {
			return fmt.Errorf("read devices: %w", err)
		}
		if top > last {
			c.tell("device %s: last number %d, but %d was handled", dev, last, top)
		}
	}
	if err := rs.Err(); err != nil {
		return fmt.Errorf("read devices: %w", err)
	}
	var lost int
	if err := c.q.QueryRowContext(c.ctx, "SELECT count(*) FROM sent WHERE NOT EXISTS (SELECT 1 FROM mut WHERE mut.mid = sent.mid)").Scan(&lost); err != nil {
		return fmt.Errorf("read outcomes: %w", err)
	}
	if lost > 0 {
		c.tell("%d handled commands have no outcome", lost)
	}
	stuck, err := store.Stuck(c.ctx, c.q, c.a.Now())
	if err != nil {
		return err
	}
	for _, d := range stuck {
		c.note("device %s of %s is stuck: since %s it asks for news and does not get its %d commands through", d.Dev, d.UID, time.UnixMilli(d.WaitingSince).UTC().Format(time.RFC3339), d.Waiting)
	}
	failed, err := jobs.Failed(c.ctx, c.q)
	if err != nil {
		return err
	}
	for _, id := range failed {
		c.note("job %s was set aside after %d failures", id, jobs.MaxTries)
	}
	return nil
}
