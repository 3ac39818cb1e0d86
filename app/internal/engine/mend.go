package engine

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"qianshao/app/internal/replica"
	"qianshao/app/internal/replica/outbox"
	"qianshao/syncserver/office"
	"qianshao/syncserver/protocol"
)

// maxMoved is how often a channel may move on while its bad rows are looked
// for before all of it is read anew.
const maxMoved = 6

// mend asks for the bad rows of every channel that was found wrong and puts
// exactly these right. again says that a pull has to come first, or has to read
// a channel anew.
func (e *Engine) mend(ctx context.Context, r *Report) (again bool, err error) {
	if e.off(NoMend) {
		return false, nil
	}
	var bad []replica.Cursor
	err = e.rep.View(ctx, func(t *replica.Tx) (err error) {
		bad, err = t.Damaged()
		return err
	})
	if err != nil {
		return false, err
	}
	for _, c := range bad {
		more, err := e.mendOne(ctx, c, r)
		if err != nil {
			return again, err
		}
		again = again || more
	}
	return again, nil
}

// mendOne puts one channel right.
func (e *Engine) mendOne(ctx context.Context, c replica.Cursor, r *Report) (again bool, err error) {
	m, verdict, err := e.compare(ctx, c)
	switch {
	case err != nil:
		switch office.CodeOf(err) {
		case protocol.CodeNoEndpoint: // an older server
			return true, e.reread(ctx, c.ChanLane, "older server")
		case office.CodeNotPermitted: // no longer ours: the next pull says so
			return true, nil
		}
		return false, fmt.Errorf("digest: %w", err)
	case verdict == moved:
		if e.moved[c.ChanLane]++; e.moved[c.ChanLane] <= maxMoved {
			return true, nil
		}
		return true, e.reread(ctx, c.ChanLane, WhyBusy)
	case verdict == tooMany:
		return true, e.reread(ctx, c.ChanLane, WhyTooMany)
	}
	delete(e.moved, c.ChanLane)
	e.crash("mend.compared")
	ctx, done, err := e.writing(ctx)
	if err != nil {
		return false, err
	}
	defer done()
	d, err := e.box.Desk(ctx)
	if err != nil {
		return false, err
	}
	cmds, err := e.waiting(ctx, d)
	if err != nil {
		return false, err
	}
	var out replica.Rebased
	changed, err := e.rep.Update(ctx, func(t *replica.Tx) (err error) {
		out, err = t.Rebase(replica.Rebase{Waiting: cmds, Ord: d.Ord, Mend: m})
		return err
	})
	if err != nil {
		return false, err
	}
	e.crash("mend.applied")
	e.faults(cmds, out.Outcomes)
	e.hub.rows(changed)
	rows := len(m.Put) + len(m.Keep) + len(m.Rem)
	r.Mended += rows
	why := WhyMended
	if len(out.Wrong) > 0 {
		why = WhyDiffers
	}
	e.log.Warn("channel mended", "chan", c.Chan, "lane", c.Lane, "rows", rows, "result", why)
	if err := e.note(ctx, outbox.Event{What: outbox.EventRepair, Why: why, Chan: string(c.Chan), Lane: int(c.Lane), Rows: rows}); err != nil {
		return false, err
	}
	e.erased = e.erased || out.Erased
	return len(out.Wrong) > 0, e.erase(ctx)
}

// reread has a channel read from its start by the next pull.
func (e *Engine) reread(ctx context.Context, c replica.ChanLane, why string) error {
	ctx, done, err := e.writing(ctx)
	if err != nil {
		return err
	}
	defer done()
	delete(e.moved, c)
	if _, err := e.rep.Update(ctx, func(t *replica.Tx) error { return t.Reread(c) }); err != nil {
		return err
	}
	return e.note(ctx, outbox.Event{What: outbox.EventReset, Why: why, Chan: string(c.Chan), Lane: int(c.Lane)})
}

// What a comparison may end with.
type compared int

const (
	found   compared = iota
	moved            // the channel is no longer where this desk has read to
	tooMany          // reading all anew is cheaper
)

// compare finds the bad rows of a channel: first which of its buckets differ,
// then which rows in these, then the rows themselves.
func (e *Engine) compare(ctx context.Context, c replica.Cursor) (*replica.Mend, compared, error) {
	d, err := e.box.Desk(ctx)
	if err != nil {
		return nil, found, err
	}
	ask := func(req protocol.DigestRequest) (protocol.DigestReply, bool, error) {
		req.Device, req.ChanLane = d.Dev, protocol.ChanLane{Chan: c.Chan, Lane: c.Lane}
		reply, err := e.o.Transport.Digest(ctx, req)
		return reply, err == nil && reply.Head == c.Head && reply.Hash == c.Hash && c.Pos == c.Head, err
	}
	first, same, err := ask(protocol.DigestRequest{})
	if err != nil || !same {
		return nil, moved, err
	}
	want, err := strconv.ParseUint(first.Sum, 16, 64)
	if err != nil || len(first.Buckets) != protocol.Buckets {
		return nil, found, fmt.Errorf("a digest of another form")
	}
	m := &replica.Mend{ChanLane: c.ChanLane, Want: replica.Sum{ChanLane: c.ChanLane, N: first.N, Sum: want}}
	mine, buckets, err := e.differing(ctx, c, first.Buckets)
	if err != nil {
		return nil, found, err
	}
	if len(buckets) > protocol.Buckets/2 && first.N > 4*protocol.Buckets {
		return nil, tooMany, nil
	}
	if len(buckets) == 0 {
		return m, found, nil
	}
	second, same, err := ask(protocol.DigestRequest{Buckets: buckets})
	if err != nil || !same {
		return nil, moved, err
	}
	ids := judgeRows(m, second.Members, mine)
	for len(ids) > 0 {
		part := slices.Clone(ids[:min(len(ids), protocol.MaxWant)])
		third, same, err := ask(protocol.DigestRequest{Want: part})
		if err != nil || !same {
			return nil, moved, err
		}
		got := map[protocol.RowID]bool{}
		for _, w := range third.Rows {
			body, err := office.Canonical(w.Body)
			if err != nil {
				return nil, found, fmt.Errorf("%s %s: %w", w.Kind, w.ID, err)
			}
			got[protocol.RowID{Kind: w.Kind, ID: w.ID}] = true
			m.Put = append(m.Put, office.Record{Kind: w.Kind, ID: w.ID, Root: w.Root, Ver: w.Ver, Body: body})
		}
		if len(got) == 0 {
			return nil, tooMany, nil // it lists rows that it does not give
		}
		ids = slices.DeleteFunc(ids, func(id protocol.RowID) bool { return got[id] })
	}
	return m, found, nil
}

// differing are this desk's rows in the buckets whose sums are not the
// server's, or that hold a row whose bytes are not what was written.
func (e *Engine) differing(ctx context.Context, c replica.Cursor, theirs []string) (map[protocol.RowID]replica.Share, []int, error) {
	var shares []replica.Share
	err := e.rep.View(ctx, func(t *replica.Tx) (err error) {
		shares, err = t.Shares(c.ChanLane)
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	var sums [protocol.Buckets]uint64
	var bad [protocol.Buckets]bool
	for _, s := range shares {
		b := protocol.Bucket(s.Kind, s.ID)
		sums[b] += s.Sum
		bad[b] = bad[b] || s.Rotten || s.Sum == 0
	}
	var out []int
	for b, text := range theirs {
		if bad[b] || fmt.Sprintf("%016x", sums[b]) != text {
			out = append(out, b)
			bad[b] = true
		}
	}
	mine := map[protocol.RowID]replica.Share{}
	for _, s := range shares {
		if bad[protocol.Bucket(s.Kind, s.ID)] {
			mine[protocol.RowID{Kind: s.Kind, ID: s.ID}] = s
		}
	}
	return mine, out, nil
}

// judgeRows compares row by row: what is to be asked for, and into m what is to
// go and what is to be written again.
func judgeRows(m *replica.Mend, theirs []protocol.RowSum, mine map[protocol.RowID]replica.Share) []protocol.RowID {
	var ask []protocol.RowID
	there := map[protocol.RowID]bool{}
	for _, s := range theirs {
		there[s.RowID] = true
		have, ok := mine[s.RowID]
		switch {
		case !ok || fmt.Sprintf("%016x", have.Sum) != s.Sum:
			ask = append(ask, s.RowID)
		case have.Rotten: // the bytes are right, what is kept beside them is not
			m.Keep = append(m.Keep, have.Key)
		}
	}
	for id, s := range mine {
		if !there[id] {
			m.Rem = append(m.Rem, s.Key)
		}
	}
	return ask
}
