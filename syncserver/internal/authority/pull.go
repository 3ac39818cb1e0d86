package authority

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"qianshao/syncserver/internal/store"
	"qianshao/syncserver/office"
	"qianshao/syncserver/protocol"
)

const (
	// maxResults is how many outcomes one pull repeats: more than a desk can
	// have in one unanswered push.
	maxResults = 500
	// entryCost is what an entry without its row counts towards a page's
	// limit, rowCost what a row counts beside its body, in bytes.
	entryCost = 80
	rowCost   = 120
	// readAhead is how many entries, with their rows, are read at a time.
	readAhead = 64
)

// Pull answers what is new for a desk since its cursors: one page, read in one
// snapshot (sync.md §3). Authorised is what the person's subscriptions in that
// snapshot hold; nothing else filters.
func (a *Authority) Pull(ctx context.Context, c Caller, r protocol.PullRequest) (protocol.PullReply, error) {
	reply := protocol.PullReply{AsOf: office.Millis(a.Now()), Epoch: a.Epoch(), Policy: &a.Policy}
	var d store.Device
	err := a.Store.Read(ctx, func(q store.Q) (err error) {
		d, err = a.device(ctx, q, c, r.Device, false)
		if err != nil {
			return err
		}
		if d.State != store.DeviceActive {
			return &office.Error{Code: office.CodeNotPermitted, Field: "dev", Message: protocol.VerdictWiped}
		}
		reply.LastN, reply.DurableN = d.LastN, d.DurableN
		p := &page{ctx: ctx, q: q, a: a, request: r, reply: &reply, maxLane: office.LaneRest, limit: r.Limit, rows: map[key]bool{}, chans: map[office.Channel]int{}}
		if r.MaxLane != nil {
			p.maxLane = *r.MaxLane
		}
		if p.limit <= 0 {
			p.limit = protocol.PageDefault
		}
		p.limit = min(p.limit, protocol.PageMax)
		if p.subs, err = store.Subs(ctx, q, c.UID); err != nil {
			return err
		}
		if p.heads, err = store.Heads(ctx, q, p.subs, p.maxLane); err != nil {
			return err
		}
		p.heads = slices.DeleteFunc(p.heads, func(h store.Head) bool { return h.Seq == 0 })
		if r.Known != "" && (r.Epoch == "" || r.Epoch == reply.Epoch) && r.LastN == d.LastN && r.Known == p.known() {
			reply.Same = true
			return nil
		}
		if r.Known != "" && len(r.Cursors) == 0 {
			reply.Need = true
			return nil
		}
		if err := p.fill(); err != nil {
			return err
		}
		if !reply.More {
			reply.Results, err = store.ResultsAfter(ctx, q, d.Dev, r.LastN, maxResults)
		}
		return err
	})
	if err != nil {
		return protocol.PullReply{}, err
	}
	a.heard(ctx, d, int64(r.Waiting), reply.AsOf)
	if a.defences.off(NoSnapshotLastN) {
		err = a.Store.Read(ctx, func(q store.Q) error {
			d, err := a.device(ctx, q, c, r.Device, false)
			reply.LastN = d.LastN
			return err
		})
	}
	return reply, err
}

// heardEvery is how often, in milliseconds, it is written that a device has
// asked: a pull without news costs no write.
const heardEvery = 15 * 60 * 1000

// heard notes that a device has asked for news and what waits there. Not to
// know it harms nobody.
func (a *Authority) heard(ctx context.Context, d store.Device, waiting, at int64) {
	if (waiting > 0) == (d.Waiting > 0) && at-d.Asked < heardEvery && at >= d.Asked {
		return
	}
	switch {
	case waiting == 0:
		d.WaitingSince = 0
	case d.Waiting == 0:
		d.WaitingSince = at
	}
	d.Asked, d.Waiting = at, waiting
	if err := a.Store.Write(ctx, func(q store.Q) error { return store.Asks(ctx, q, d) }); err != nil && ctx.Err() == nil {
		a.Log.Warn("device not noted", "dev", d.Dev, "err", err)
	}
}

// page is one pull under way.
type page struct {
	ctx     context.Context
	q       store.Q
	a       *Authority
	request protocol.PullRequest
	reply   *protocol.PullReply
	subs    []office.Channel
	heads   []store.Head
	maxLane office.Lane
	limit   int // bytes
	size    int
	rows    map[key]bool // rows that are in the page
	chans   map[office.Channel]int
}

// known is the digest of a desk that has seen and drained every channel.
func (p *page) known() string {
	cs := make([]protocol.Cursor, len(p.heads))
	for i, h := range p.heads {
		cs[i] = protocol.Cursor{Chan: h.Chan, Lane: h.Lane, Pos: h.Seq, Head: h.Seq, Hash: h.Chain}
	}
	return protocol.Digest(cs)
}

// fill compares the cursors with the channels and reads entries in the order
// of lanes until the page is full.
func (p *page) fill() error {
	cursors := map[store.ChanLane]protocol.Cursor{}
	for _, c := range p.request.Cursors {
		cursors[store.ChanLane{Chan: c.Chan, Lane: c.Lane}] = c
	}
	p.drop(cursors)
	// A desk in the middle of reading gets the sums of all channels at the end,
	// those of former pages too; one that is up to date those of the changed.
	reading := false
	var changed []store.Head
	for _, h := range p.heads {
		cur, ok := cursors[h.ChanLane]
		next := cur
		if !ok {
			next = protocol.Cursor{Chan: h.Chan, Lane: h.Lane, GCBase: h.GCFloor}
		} else {
			reset, rewound, err := p.broken(h, cur)
			if err != nil {
				return err
			}
			p.reply.Rewound = p.reply.Rewound || rewound
			if reset {
				p.reply.Reset = append(p.reply.Reset, protocol.ChanLane{Chan: h.Chan, Lane: h.Lane})
				next = protocol.Cursor{Chan: h.Chan, Lane: h.Lane, GCBase: h.GCFloor}
			}
		}
		reading = reading || next.Pos < next.Head || next.Head == 0
		drained, err := p.entries(h, &next)
		if err != nil {
			return err
		}
		if drained {
			next.Pos = h.Seq
		}
		next.Head, next.Hash = h.Seq, h.Chain
		if next != cur || !ok {
			p.reply.Cursors = append(p.reply.Cursors, next)
			changed = append(changed, h)
		}
		if !drained {
			p.reply.More = true
			return nil
		}
	}
	if reading {
		changed = p.heads
	}
	for _, h := range changed {
		p.reply.Sums = append(p.reply.Sums, protocol.Sum{ChanLane: protocol.ChanLane{Chan: h.Chan, Lane: h.Lane}, N: h.Live, Sum: fmt.Sprintf("%016x", h.Sum)})
	}
	return nil
}

// drop names the cursors of channels that the person no longer reads, and
// those of channels that this history never had: the desk saw another one.
func (p *page) drop(cursors map[store.ChanLane]protocol.Cursor) {
	if p.a.defences.off(NoDrop) {
		return
	}
	for k, c := range cursors {
		_, subscribed := slices.BinarySearch(p.subs, k.Chan)
		_, there := slices.BinarySearchFunc(p.heads, k, func(h store.Head, k store.ChanLane) int { return h.Compare(k) })
		switch {
		case !subscribed, k.Lane < 0, k.Lane > office.LaneRest:
		case k.Lane <= p.maxLane && !there:
			p.reply.Rewound = p.reply.Rewound || c.Head > 0
		default:
			continue
		}
		p.reply.Drop = append(p.reply.Drop, protocol.ChanLane{Chan: k.Chan, Lane: k.Lane})
	}
	slices.SortFunc(p.reply.Drop, func(a, b protocol.ChanLane) int {
		return cmp.Or(cmp.Compare(a.Lane, b.Lane), cmp.Compare(a.Chan, b.Chan))
	})
}

// broken says whether a cursor must begin again, and whether that is because
// the history is not the one the desk has read. The hash is that of the newest
// head the desk has seen: a hash at its position would miss a restored backup.
func (p *page) broken(h store.Head, c protocol.Cursor) (reset, rewound bool, err error) {
	off := p.a.defences.off
	if e := p.request.Epoch; e != "" && e != p.a.Epoch() {
		return true, true, nil
	}
	switch {
	case off(NoChain):
		if c.Pos > h.Seq {
			return true, true, nil
		}
	case c.Head > h.Seq || c.Pos > c.Head || c.Pos < 0 || c.GCBase > h.GCFloor:
		return true, true, nil
	case c.Head == h.Seq:
		if c.Hash != h.Chain {
			return true, true, nil
		}
	case c.Head > 0:
		chain, found, oldest, err := store.ChainAt(p.ctx, p.q, h.ChanLane, c.Head)
		if err != nil {
			return false, false, err
		}
		if found && chain != c.Hash || !found && c.Head >= oldest {
			return true, true, nil
		}
		if !found {
			return true, false, nil // older than the kept history
		}
	}
	if c.Pos < h.GCFloor && !off(NoGCFloor) {
		if off(NoGCBase) {
			return c.Pos > 0, false, nil
		}
		return c.GCBase != h.GCFloor, false, nil
	}
	return false, false, nil
}

// entries reads one channel from the cursor on, as far as the page has room,
// and reports whether that was all.
func (p *page) entries(h store.Head, c *protocol.Cursor) (drained bool, err error) {
	for c.Pos < h.Seq {
		es, err := store.Entries(p.ctx, p.q, h.ChanLane, c.Pos, readAhead)
		if err != nil {
			return false, err
		}
		rows, err := p.load(es)
		if err != nil {
			return false, err
		}
		for _, e := range es {
			if p.size >= p.limit {
				return false, nil
			}
			k := key{e.Kind, e.ID}
			op := protocol.Op{Chan: p.channel(e.Chan), Lane: e.Lane, Kind: e.Kind, ID: e.ID, Rem: e.Rem}
			p.size += entryCost
			if !e.Rem && !p.rows[k] {
				row, ok := rows[k]
				if !ok { // the doctor finds it too; the sums will not agree
					p.a.Log.Error("channel entry without a record", "kind", e.Kind, "id", e.ID, "chan", e.Chan)
					op.Rem = true
				} else {
					p.rows[k] = true
					p.size += rowCost + len(row.Body)
					p.reply.Rows = append(p.reply.Rows, row)
				}
			}
			p.reply.Ops = append(p.reply.Ops, op)
			c.Pos = e.Seq
		}
		if len(es) < readAhead {
			break
		}
	}
	return true, nil
}

// load reads the records that entries put and that the page does not have.
func (p *page) load(es []store.Entry) (map[key]protocol.Row, error) {
	ids := map[string][]string{}
	for _, e := range es {
		if !e.Rem && !p.rows[key{e.Kind, e.ID}] {
			ids[e.Kind] = append(ids[e.Kind], e.ID)
		}
	}
	out := map[key]protocol.Row{}
	for kind, list := range ids {
		if p.a.Kinds.Get(kind) == nil {
			continue
		}
		ss, err := p.a.Store.Rows.LoadMany(p.ctx, p.q, kind, list)
		if err != nil {
			return nil, err
		}
		for _, s := range ss {
			row := protocol.Row{Kind: kind, ID: s.ID, Ver: s.Ver, Body: s.Body}
			if s.Root != s.ID {
				row.Root = s.Root
			}
			out[key{kind, s.ID}] = row
		}
	}
	return out, nil
}

// channel is the index of a channel in the page's list.
func (p *page) channel(c office.Channel) int {
	i, ok := p.chans[c]
	if !ok {
		i = len(p.reply.Chans)
		p.chans[c] = i
		p.reply.Chans = append(p.reply.Chans, c)
	}
	return i
}
