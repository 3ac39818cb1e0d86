package engine

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"qianshao/app/internal/replica"
	"qianshao/app/internal/replica/outbox"
	"qianshao/syncserver/office"
	"qianshao/syncserver/protocol"
)

// errCopied says that another copy of this profile works under the same device.
var errCopied = errors.New("another copy of this profile is at work")

// errUnsteady says that the server's pages lead nowhere; a later sync goes on.
var errUnsteady = errors.New("the server's pages lead to no checkpoint")

// pull fetches what is new up to a checkpoint over all lanes. A first load
// stops on its way at a checkpoint over the first two lanes, so that there is
// something to see. again says that there is now something to send, or a
// channel to be read anew.
func (e *Engine) pull(ctx context.Context, r *Report) (again bool, err error) {
	replayed := false
	resets := map[protocol.ChanLane]int{}
	next := &ahead{e: e}
	defer next.stop()
	for {
		p, err := e.page(ctx, r, &replayed, next)
		if err != nil {
			return false, err
		}
		for _, c := range p.resets {
			if resets[c]++; resets[c] > maxResets {
				return false, errUnsteady
			}
		}
		if !p.done {
			continue
		}
		m, err := e.rep.Meta(ctx)
		if err != nil {
			return false, err
		}
		if m.Loaded == replica.LoadAll {
			if err := e.dropReplicas(); err != nil {
				return false, err
			}
			at, err := e.rep.Position(ctx)
			return replayed || at.Repairs, err
		}
	}
}

// pulled is what one page brought.
type pulled struct {
	done   bool                // it reached a checkpoint
	resets []protocol.ChanLane // channels that began anew
}

// page asks for one page and takes it in; the one after it is asked for
// meanwhile.
func (e *Engine) page(ctx context.Context, r *Report, replayed *bool, next *ahead) (pulled, error) {
	req, d, err := e.request(ctx)
	if err != nil {
		return pulled{}, err
	}
	a, ok := next.get(req)
	if !ok {
		a = e.fetch(ctx, req)
	}
	reply, err := a.reply, a.err
	if err != nil {
		return pulled{}, err
	}
	next.learn(a.took)
	next.ask(ctx, req, reply)
	e.contacted(ctx, reply.Policy)
	e.crash("pull.answered")
	_, forgot, err := e.claims(ctx, d, reply)
	if err != nil {
		return pulled{}, err
	}
	// Before the page is kept: after a kill the cursors no longer tell.
	if reply.Rewound || (reply.LastN < d.Acked || forgot > 0) && !e.off(NoLastCheck) {
		known := reply.LastN
		if forgot > 0 {
			known = min(known, forgot-1)
		}
		n, err := e.replay(ctx, known, r)
		if err != nil {
			return pulled{}, err
		}
		*replayed = *replayed || n
		if req.Epoch != "" && reply.Epoch != req.Epoch {
			if err := e.witness(ctx); err != nil {
				return pulled{}, err
			}
			*replayed = true
		}
	}
	p, err := e.take(ctx, d, a, r)
	p.resets = reply.Reset
	if err == nil && !p.done && len(reply.Reset)+len(reply.Ops)+len(reply.Drop)+len(reply.Cursors) == 0 {
		err = errUnsteady
	}
	return p, err
}

// claims holds the numbers of the page's results against those of the outbox.
func (e *Engine) claims(ctx context.Context, d outbox.Desk, reply protocol.PullReply) (copied bool, forgot int64, err error) {
	byN := map[int64]string{}
	for _, res := range reply.Results {
		byN[res.N] = res.Mid
	}
	return e.box.Claims(ctx, d.Dev, byN)
}

// request is what to ask for next. Where this desk has read all there was, a
// digest is enough.
func (e *Engine) request(ctx context.Context) (protocol.PullRequest, outbox.Desk, error) {
	var req protocol.PullRequest
	d, err := e.box.Desk(ctx)
	if err != nil {
		return req, d, err
	}
	m, err := e.rep.Meta(ctx)
	if err != nil {
		return req, d, err
	}
	lastN, err := e.lastN(ctx, d)
	if err != nil {
		return req, d, err
	}
	at, err := e.rep.Position(ctx)
	if err != nil {
		return req, d, err
	}
	n, err := e.box.Counts(ctx)
	if err != nil {
		return req, d, err
	}
	req = protocol.PullRequest{Device: d.Dev, Epoch: at.Epoch, LastN: lastN, Limit: e.o.PageBytes, Waiting: n.Open}
	for _, c := range at.Cursors {
		req.Cursors = append(req.Cursors, protocol.Cursor{Chan: c.Chan, Lane: c.Lane, Pos: c.Pos, Head: c.Head, Hash: c.Hash, GCBase: c.GCBase})
	}
	if at.MaxLane != office.LaneRest {
		req.MaxLane = &at.MaxLane
	} else if m.Loaded == replica.LoadAll && !at.Staged && !at.Repairs && len(req.Cursors) > 0 && !e.off(NoKnown) {
		req.Known = protocol.Digest(req.Cursors)
	}
	return req, d, nil
}

func (e *Engine) ask(ctx context.Context, req protocol.PullRequest) (protocol.PullReply, error) {
	cursors := req.Cursors
	if req.Known != "" {
		req.Cursors = nil
	}
	reply, err := e.o.Transport.Pull(ctx, req)
	if err == nil && reply.Need && req.Known != "" {
		req.Known, req.Cursors = "", cursors
		reply, err = e.o.Transport.Pull(ctx, req)
	}
	if err == nil && (reply.Need || reply.Same && req.Known == "") {
		err = fmt.Errorf("the server asks for cursors it has")
	}
	if err != nil {
		return reply, fmt.Errorf("pull: %w", err)
	}
	return reply, nil
}

// take takes a page in: outcomes first, because the replica's last_n says that
// they are known; then the page, staged, or at the checkpoint applied with all
// before it in one transaction.
func (e *Engine) take(ctx context.Context, d outbox.Desk, a answer, r *Report) (pulled, error) {
	reply, page, sums := a.reply, a.page, a.sums
	ctx, done, err := e.writing(ctx)
	if err != nil {
		return pulled{}, err
	}
	defer done()
	base, err := e.lastN(ctx, d)
	if err != nil {
		return pulled{}, err
	}
	copied, _, err := e.claims(ctx, d, reply)
	if err != nil {
		return pulled{}, err
	}
	if copied {
		// Its last_n counts the other copy's commands. The next push gets this
		// one a device of its own.
		return pulled{}, errCopied
	}
	news := outbox.Pulled{Durable: reply.DurableN, Base: base, Results: results(reply.Results)}
	if _, err := e.box.Pull(ctx, news); err != nil {
		return pulled{}, err
	}
	e.crash("pull.results")
	for _, c := range reply.Reset {
		why := WhyOld
		if reply.Rewound {
			why = WhyHistory
		}
		if err := e.note(ctx, outbox.Event{What: outbox.EventReset, Why: why, Chan: string(c.Chan), Lane: int(c.Lane)}); err != nil {
			return pulled{}, err
		}
	}
	if reply.More && !e.off(ApplyPartial) {
		_, err := e.rep.Update(ctx, func(t *replica.Tx) error { return t.Stage(page) })
		e.crash("pull.staged")
		e.hub.status()
		return pulled{}, err
	}
	out, err := e.checkpoint(ctx, reply, page, sums)
	if err != nil {
		return pulled{}, err
	}
	r.Pulled += out.Pulled
	r.Repairs += len(out.Repairs)
	for _, c := range append(out.Repairs, out.Wrong...) {
		e.log.Error("a channel differs from the server's sums", "chan", c.Chan, "lane", c.Lane)
	}
	return pulled{done: !reply.More}, nil
}

// checkpoint applies the last page with all staged ones and puts the waiting
// commands back on top.
func (e *Engine) checkpoint(ctx context.Context, reply protocol.PullReply, page replica.Page, sums []replica.Sum) (replica.Rebased, error) {
	d, err := e.box.Desk(ctx)
	if err != nil {
		return replica.Rebased{}, err
	}
	cmds, err := e.waitingAfter(ctx, d.Dev, reply.LastN)
	if err != nil {
		return replica.Rebased{}, err
	}
	var out replica.Rebased
	changed, err := e.rep.UpdateBefore(ctx, func(t *replica.Tx) error {
		if !reply.Same {
			if err := t.Stage(page); err != nil {
				return err
			}
		}
		out, err = t.Rebase(replica.Rebase{Waiting: cmds, Ord: d.Ord, Pull: &replica.Checkpoint{
			Dev: d.Dev, LastN: reply.LastN, Epoch: reply.Epoch, AsOf: reply.AsOf, SyncedAt: office.Millis(e.o.Now()), Sums: sums,
		}})
		return err
	}, func(*replica.Tx) error { return e.forgetViewed(ctx, out.Gone) })
	if err != nil {
		return out, err
	}
	e.crash("pull.applied")
	e.faults(cmds, out.Outcomes)
	if out.Many {
		e.hub.all()
	} else {
		e.hub.rows(changed)
	}
	e.erased = e.erased || out.Erased
	if out.Erased {
		if err := e.sweepBlobs(ctx); err != nil {
			return out, err
		}
	}
	e.wakeLane()
	return out, e.erase(ctx)
}

// forgetViewed takes what the person once saw of these records, also under an
// autosave of theirs, out of the outbox and its copies: they were taken from the
// person, whose own words stay.
// It comes before the replica forgets them, for after a kill nobody knows which
// they were.
func (e *Engine) forgetViewed(ctx context.Context, gone []replica.Key) error {
	if len(gone) == 0 {
		return nil
	}
	if err := e.prof.DropOld(); err != nil {
		return err
	}
	asides, err := e.forgetAsides(ctx)
	if err != nil {
		return err
	}
	keys := map[[2]string]bool{}
	for _, k := range gone {
		keys[[2]string{k.Kind, k.ID}] = true
	}
	was, err := e.box.ForgetViewed(ctx, keys, e.prof.DropCopies)
	if err != nil {
		return err
	}
	drafts, err := e.forgetDrafts(ctx, keys)
	if err != nil || !was && !drafts && !asides {
		return err
	}
	e.crash("viewed.forgotten")
	return e.box.Copy(ctx, e.prof)
}

// forgetDrafts leaves of drafts about these records the person's own words, and
// reports whether there were any.
func (e *Engine) forgetDrafts(ctx context.Context, gone map[[2]string]bool) (bool, error) {
	if e.o.Own == nil {
		return false, nil
	}
	ds, err := e.box.Drafts(ctx, "")
	if err != nil {
		return false, err
	}
	by := map[string]*outbox.Draft{}
	for _, d := range ds {
		kind, id, own := e.o.Own(Draft(d))
		if kind == "" || !gone[[2]string{kind, id}] {
			continue
		}
		by[d.Key] = nil
		if own != nil {
			by[d.Key] = &outbox.Draft{Key: own.Key, Body: own.Body, At: own.At}
		}
	}
	if len(by) == 0 {
		return false, nil
	}
	if err := e.prof.DropCopies(); err != nil {
		return false, err
	}
	return true, e.box.ReplaceDrafts(ctx, by)
}

// erase empties the replica's log if something was erased; where somebody
// reads, the next checkpoint tries again, and so does the next opening.
func (e *Engine) erase(ctx context.Context) error {
	if !e.erased {
		return nil
	}
	done, err := e.rep.Truncate(ctx)
	e.erased = !done
	return err
}

// decodePage is a reply in the replica's terms.
func decodePage(reply protocol.PullReply) (replica.Page, []replica.Sum, error) {
	p := replica.Page{Epoch: reply.Epoch, Drop: chanLanes(reply.Drop), Reset: chanLanes(reply.Reset)}
	for _, o := range reply.Ops {
		if o.Chan < 0 || o.Chan >= len(reply.Chans) {
			return p, nil, fmt.Errorf("entry of channel %d of %d", o.Chan, len(reply.Chans))
		}
		p.Ops = append(p.Ops, replica.Op{
			ChanLane: replica.ChanLane{Chan: reply.Chans[o.Chan], Lane: o.Lane}, Key: replica.Key{Kind: o.Kind, ID: o.ID}, Rem: o.Rem,
		})
	}
	for _, w := range reply.Rows {
		// The canonical form again: the way may have changed how it is written.
		body, err := office.Canonical(w.Body)
		if err != nil {
			return p, nil, fmt.Errorf("%s %s: %w", w.Kind, w.ID, err)
		}
		p.Rows = append(p.Rows, office.Record{Kind: w.Kind, ID: w.ID, Root: w.Root, Ver: w.Ver, Body: body})
	}
	for _, c := range reply.Cursors {
		p.Cursors = append(p.Cursors, replica.Cursor{ChanLane: replica.ChanLane{Chan: c.Chan, Lane: c.Lane}, Pos: c.Pos, Head: c.Head, Hash: c.Hash, GCBase: c.GCBase})
	}
	var sums []replica.Sum
	for _, s := range reply.Sums {
		v, err := strconv.ParseUint(s.Sum, 16, 64)
		if err != nil {
			return p, nil, fmt.Errorf("sum of %s: %w", s.Chan, err)
		}
		sums = append(sums, replica.Sum{ChanLane: replica.ChanLane{Chan: s.Chan, Lane: s.Lane}, N: s.N, Sum: v})
	}
	return p, sums, nil
}

func chanLanes(cs []protocol.ChanLane) []replica.ChanLane {
	out := make([]replica.ChanLane, len(cs))
	for i, c := range cs {
		out[i] = replica.ChanLane{Chan: c.Chan, Lane: c.Lane}
	}
	return out
}
