package engine

import (
	"context"
	"encoding/json"
	"time"

	"qianshao/app/internal/replica/outbox"
	"qianshao/syncserver/office"
	"qianshao/syncserver/protocol"
)

// timeOf is the moment of Millis.
func timeOf(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

// refusedOutcome reports whether an outcome needs the person.
func refusedOutcome(o string) bool {
	return o == protocol.Rejected || o == protocol.Held || o == protocol.Quarantined
}

// Retry sends a refused command again, as a new one, over what the desk shows
// now; the refused one is ended. A refusal here shows now and changes nothing.
// CodeState if the command is not one that was refused and still open.
func (e *Engine) Retry(ctx context.Context, mid string) (newMid string, err error) {
	return e.RetryWith(ctx, mid, nil)
}

// RetryWith is Retry with edited arguments; nil takes the former ones.
func (e *Engine) RetryWith(ctx context.Context, mid string, args json.RawMessage) (newMid string, err error) {
	if err := e.barred(); err != nil {
		return "", err
	}
	c, ok, err := e.box.Get(ctx, mid)
	if err != nil {
		return "", err
	}
	if !ok {
		return "", &office.Error{Code: office.CodeNotFound, Field: "mid", Message: mid}
	}
	if c.Ended != "" || !refusedOutcome(c.Outcome) {
		return "", office.Errorf(office.CodeState, "%s", e.state(c, true))
	}
	if args == nil {
		args = c.Args
	}
	return e.give(ctx, c.Kind, args, mid)
}

// Discard gives a command up: one that was not sent yet, or one that was
// refused. Its words stay in the outbox. CodeState for a command under way or
// one that took effect.
func (e *Engine) Discard(ctx context.Context, mid string) error {
	if err := e.barred(); err != nil {
		return err
	}
	ctx, done, err := e.writing(ctx)
	if err != nil {
		return err
	}
	defer done()
	c, ok, err := e.box.Get(ctx, mid)
	if err != nil {
		return err
	}
	if !ok {
		return &office.Error{Code: office.CodeNotFound, Field: "mid", Message: mid}
	}
	gone, err := e.box.Discard(ctx, mid)
	if err != nil {
		return room(err)
	}
	if !gone {
		return office.Errorf(office.CodeState, "%s", e.state(c, true))
	}
	e.crash("discard.outbox")
	e.hub.status()
	return e.overlay(ctx)
}

// MarkSeen notes that the person has seen what became of these commands.
func (e *Engine) MarkSeen(ctx context.Context, mids ...string) error {
	if err := e.barred(); err != nil {
		return err
	}
	ctx, done, err := e.writing(ctx)
	if err != nil {
		return err
	}
	defer done()
	if err := e.box.MarkSeen(ctx, mids); err != nil {
		return room(err)
	}
	e.hub.status()
	return nil
}

// SaveDraft keeps unsent work by a key of the caller's choice, in place of
// what was there.
func (e *Engine) SaveDraft(ctx context.Context, key string, body json.RawMessage) error {
	if !json.Valid(body) {
		return office.Invalid("body", "not JSON")
	}
	ctx, done, err := e.writing(ctx)
	if err != nil {
		return err
	}
	defer done()
	return room(e.box.SaveDraft(ctx, outbox.Draft{Key: key, Body: body, At: office.Millis(e.o.Now())}))
}

// Draft reads the work kept by a key.
func (e *Engine) Draft(ctx context.Context, key string) (Draft, bool, error) {
	if err := e.barred(); err != nil {
		return Draft{}, false, err
	}
	d, ok, err := e.box.Draft(ctx, key)
	return Draft(d), ok, err
}

// Drafts are the drafts whose keys begin with prefix, the latest first.
func (e *Engine) Drafts(ctx context.Context, prefix string) ([]Draft, error) {
	if err := e.barred(); err != nil {
		return nil, err
	}
	ds, err := e.box.Drafts(ctx, prefix)
	out := make([]Draft, len(ds))
	for i, d := range ds {
		out[i] = Draft(d)
	}
	return out, err
}

// DeleteDraft removes what was kept by a key, if anything was.
func (e *Engine) DeleteDraft(ctx context.Context, key string) error {
	if err := e.barred(); err != nil {
		return err
	}
	ctx, done, err := e.writing(ctx)
	if err != nil {
		return err
	}
	defer done()
	return room(e.box.DeleteDraft(ctx, key))
}
