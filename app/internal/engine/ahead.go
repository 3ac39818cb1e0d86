package engine

import (
	"cmp"
	"context"
	"fmt"
	"reflect"
	"slices"
	"time"

	"qianshao/app/internal/replica"
	"qianshao/syncserver/office"
	"qianshao/syncserver/protocol"
)

// answer is a page as it came, decoded.
type answer struct {
	reply protocol.PullReply
	page  replica.Page
	sums  []replica.Sum
	took  time.Duration
	err   error
}

// Sizes of pages, in bytes of records, where the options say none: large ones
// cost fewer transactions, small ones get through bad lines.
const (
	minPage  = protocol.PageDefault / 4
	maxPage  = protocol.PageDefault * 4
	fastPage = 500 * time.Millisecond // a page that comes sooner may be larger
	slowPage = 5 * time.Second        // one that takes longer should be smaller
)

// learn fits the size of the next page to how long one took.
func (n *ahead) learn(took time.Duration) {
	switch {
	case n.e.o.PageBytes > 0:
		n.limit = n.e.o.PageBytes
	case took < fastPage:
		n.limit = min(2*cmp.Or(n.limit, protocol.PageDefault), maxPage)
	case took > slowPage:
		n.limit = max(cmp.Or(n.limit, protocol.PageDefault)/2, minPage)
	}
}

// fetch asks for a page and decodes it.
func (e *Engine) fetch(ctx context.Context, req protocol.PullRequest) (a answer) {
	began := e.o.Now()
	defer func() { a.took = e.o.Now().Sub(began) }()
	if a.reply, a.err = e.ask(ctx, req); a.err != nil {
		return a
	}
	if a.page, a.sums, a.err = decodePage(a.reply); a.err != nil {
		a.err = fmt.Errorf("pull: %w", a.err)
		return a
	}
	e.rep.Prepare(&a.page)
	return a
}

// ahead asks for the next page while this one is written. What the next request
// will be follows from this page's cursors; should it turn out to be another
// one, the page is thrown away: the files alone say what a desk asks for.
type ahead struct {
	e      *Engine
	limit  int // bytes of the next page; 0 = not known yet
	req    protocol.PullRequest
	came   chan answer
	cancel context.CancelFunc
}

// ask begins to ask for the page after a reply, if there is one.
func (n *ahead) ask(ctx context.Context, req protocol.PullRequest, reply protocol.PullReply) {
	if !reply.More || reply.Rewound {
		return
	}
	n.req = after(req, reply)
	n.req.Limit = n.limit
	n.came = make(chan answer, 1)
	ctx, n.cancel = context.WithCancel(ctx)
	req, came, run := n.req, n.came, n.e.o.Beside
	if run == nil {
		run = func(f func()) { go f() }
	}
	run(func() { came <- n.e.fetch(ctx, req) })
}

// get is the page that was asked for, once; false if it is none for this
// request.
func (n *ahead) get(req protocol.PullRequest) (answer, bool) {
	if n.came == nil {
		return answer{}, false
	}
	req.Limit = n.req.Limit // how much is no part of what
	if !reflect.DeepEqual(req, n.req) {
		n.stop()
		return answer{}, false
	}
	a := <-n.came
	n.came = nil
	n.cancel()
	return a, true
}

// stop gives up what was asked for and waits for its end.
func (n *ahead) stop() {
	if n.came == nil {
		return
	}
	n.cancel()
	<-n.came
	n.came = nil
}

// after is the request that follows a page.
func after(req protocol.PullRequest, reply protocol.PullReply) protocol.PullRequest {
	changed := map[protocol.ChanLane]bool{}
	for _, c := range slices.Concat(reply.Drop, reply.Reset) {
		changed[c] = true
	}
	for _, c := range reply.Cursors {
		changed[protocol.ChanLane{Chan: c.Chan, Lane: c.Lane}] = true
	}
	cursors := slices.DeleteFunc(slices.Clone(req.Cursors), func(c protocol.Cursor) bool {
		return changed[protocol.ChanLane{Chan: c.Chan, Lane: c.Lane}]
	})
	req.Cursors = append(cursors, reply.Cursors...)
	slices.SortFunc(req.Cursors, func(a, b protocol.Cursor) int {
		return cmp.Or(cmp.Compare(a.Chan, b.Chan), cmp.Compare(a.Lane, b.Lane))
	})
	req.Known = ""
	if reply.Epoch != "" {
		req.Epoch = reply.Epoch
	}
	if req.MaxLane == nil || *req.MaxLane == office.LaneRest {
		req.MaxLane = nil
	}
	return req
}
