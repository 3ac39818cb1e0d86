package engine

import (
	"context"
	"sync"
	"time"

	"qianshao/app/internal/replica/outbox"
	"qianshao/syncserver/office"
	"qianshao/syncserver/protocol"
)

// CodeTerm refuses what would show or change anything after the offline term:
// this desk has been without contact for longer than its office allows. What it
// holds stays, what waits is sent at the next contact, and contact opens it.
const CodeTerm office.Code = "offline_term"

// termEvery is how often the count of the offline term is written down, in
// milliseconds: what is counted and not written is lost at a kill, if the clock
// is set back meanwhile; what is not written of a contact locks so much early.
const termEvery = 5 * 60 * 1000

// term is how this desk stands with the offline term.
type term struct {
	mu   sync.Mutex
	kept outbox.Term // as the disk has it
	is   outbox.Term
	told bool // it was over when that was told last
}

func (e *Engine) openTerm(ctx context.Context) (err error) {
	e.term.kept, err = e.box.Term(ctx)
	e.term.is = e.term.kept
	e.term.told = e.lookTerm().Over()
	return err
}

// lookTerm counts up to now.
func (e *Engine) lookTerm() outbox.Term {
	now := office.Millis(e.o.Now())
	e.term.mu.Lock()
	defer e.term.mu.Unlock()
	e.term.is = e.term.is.At(now)
	return e.term.is
}

// barred is CodeTerm after the offline term. Whatever shows or changes anything
// of the office asks it first; drafts may be saved even then, for the term may
// end while somebody writes. A desk that was revoked is open to the one who
// keeps its person's words before all of it goes.
func (e *Engine) barred() error {
	if !e.lookTerm().Over() || e.net.failed() == CodeWiped {
		return nil
	}
	if e.turnTerm(true) {
		e.hub.status()
		e.Wake() // written down there, and the server is asked
	}
	return &office.Error{Code: CodeTerm}
}

// turnTerm notes whether the term is over and reports whether that is news.
func (e *Engine) turnTerm(over bool) bool {
	e.term.mu.Lock()
	defer e.term.mu.Unlock()
	news := e.term.told != over
	e.term.told = over
	return news
}

// Contacted notes that the server has answered this desk as its person's: the
// offline term begins anew. Syncs call it by themselves; signing in does too.
func (e *Engine) Contacted(ctx context.Context) { e.contacted(ctx, nil) }

// contacted is Contacted with what the server says of the term; nil: nothing.
func (e *Engine) contacted(ctx context.Context, p *protocol.DeskPolicy) {
	now := office.Millis(e.o.Now())
	e.term.mu.Lock()
	e.term.is = e.term.is.Met(now)
	if p != nil {
		e.term.is.Term = min(max(0, p.OfflineHours), protocol.MaxOfflineHours) * time.Hour.Milliseconds()
	}
	e.term.mu.Unlock()
	e.tickTerm(ctx)
}

// tickTerm counts up to now, writes that down if it is worth it and tells when
// the desk has locked or opened.
func (e *Engine) tickTerm(ctx context.Context) {
	t := e.lookTerm()
	if e.turnTerm(t.Over()) {
		e.hub.status()
	}
	e.term.mu.Lock()
	k := e.term.kept
	e.term.mu.Unlock()
	near := t.Seen >= k.Seen && t.Seen-k.Seen < termEvery && k.At(t.Seen).Gone-t.Gone < termEvery
	if t.Term == k.Term && t.Over() == k.Over() && (t.Term == 0 || near) {
		return
	}
	e.keepTerm(ctx, t)
}

// keepTerm writes the count down. A disk that is full does not take the desk
// away: the next tick tries again.
func (e *Engine) keepTerm(ctx context.Context, t outbox.Term) {
	ctx, done, err := e.writing(context.WithoutCancel(ctx))
	if err == nil {
		defer done()
		if err = e.box.KeepTerm(ctx, t); err == nil {
			e.term.mu.Lock()
			e.term.kept = t
			e.term.mu.Unlock()
			return
		}
	}
	e.log.Error("the offline term is not written down", "err", err)
}

// closeTerm writes down what is counted.
func (e *Engine) closeTerm() {
	if e.o.ReadOnly || e.box == nil || e.rep == nil {
		return
	}
	t := e.lookTerm()
	e.term.mu.Lock()
	k := e.term.kept
	e.term.mu.Unlock()
	if t.Term != 0 && t != k {
		e.keepTerm(context.Background(), t)
	}
}
