package engine

import (
	"cmp"
	"context"
	"slices"

	"qianshao/app/internal/replica/outbox"
	"qianshao/syncserver/protocol"
)

// CountOf is how many of Status.Waiting and of Status.NeedsYou are commands of
// some kinds. It names nothing and is answered by a locked desk too.
func (e *Engine) CountOf(ctx context.Context, kinds ...string) (waiting, needsYou int, err error) {
	n, err := e.box.Counts(ctx, kinds...)
	return n.Open, n.NeedsYou, err
}

// Outbox lists the person's commands, oldest first.
func (e *Engine) Outbox(ctx context.Context, f Filter) ([]Item, error) {
	if err := e.barred(); err != nil {
		return nil, err
	}
	of := outbox.Filter{Mids: f.Mids, NeedsYou: f.NeedsYou, Archived: f.Archived || f.Mids != nil}
	if len(f.States) == 0 {
		of.Limit = f.Limit
	}
	d, err := e.box.Desk(ctx)
	if err != nil {
		return nil, err
	}
	lastN, err := e.lastN(ctx, d)
	if err != nil {
		return nil, err
	}
	cs, err := e.box.List(ctx, of)
	if err != nil {
		return nil, err
	}
	runs, err := e.rep.Runs(ctx)
	if err != nil {
		return nil, err
	}
	files, err := e.box.WaitForBlobs(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]Item, 0, len(cs))
	for _, c := range cs {
		i := Item{
			Mid: c.Mid, Ord: c.Ord, Command: c.Kind, Args: c.Args, Outcome: c.Outcome, N: c.N,
			Waiting: c.Waits(d.Dev, lastN), Code: c.Code, Message: c.Message, Field: c.Field, Detail: c.Detail,
			Claimed: c.Claimed, At: c.At, Deps: c.Deps, Seen: c.Seen, Context: c.Context, Next: c.Next,
		}
		i.State = e.state(c, i.Waiting)
		for _, f := range files[c.Mid] {
			i.State = StateBlob
			i.Blobs = append(i.Blobs, f.SHA256)
			i.BlobError = cmp.Or(i.BlobError, f.Error)
		}
		i.NeedsYou = c.Ended == "" && !c.Archived && refusedOutcome(c.Outcome)
		if run, ok := runs[c.Ord]; ok && i.Waiting {
			i.Foresight, i.Expect = run.Foresight, run.Err
		}
		if len(f.States) == 0 || slices.Contains(f.States, i.State) {
			out = append(out, i)
		}
	}
	if f.Limit > 0 && len(out) > f.Limit {
		out = out[len(out)-f.Limit:]
	}
	return out, nil
}

// Item reads one command of the outbox.
func (e *Engine) Item(ctx context.Context, mid string) (Item, bool, error) {
	is, err := e.Outbox(ctx, Filter{Mids: []string{mid}})
	if err != nil || len(is) == 0 {
		return Item{}, false, err
	}
	return is[0], true, nil
}

// state is the word for where a command is in its life. waits: its effects
// have not come back.
func (e *Engine) state(c outbox.Command, waits bool) string {
	switch {
	case c.Ended == outbox.Discarded:
		return StateDiscarded
	case c.Ended == outbox.Retried:
		return StateSettled
	case c.Archived:
		return StateArchived
	case refusedOutcome(c.Outcome):
		return c.Outcome
	case c.N == 0:
		return StateQueued
	case c.Outcome == "":
		return StateSent
	case waits:
		return c.Outcome
	case c.Outcome == protocol.Conflict:
		return StateConflict // both values are kept until the person has chosen
	default:
		return StateSettled
	}
}

// Pending are the mids of the waiting commands that touch a record, in order:
// the record's mark 待送达.
func (e *Engine) Pending(ctx context.Context, kind, id string) ([]string, error) {
	if err := e.barred(); err != nil {
		return nil, err
	}
	m, err := e.rep.Pending(ctx, kind, id)
	return m[id], err
}

// PendingOf is Pending for all records of a kind, by id.
func (e *Engine) PendingOf(ctx context.Context, kind string) (map[string][]string, error) {
	if err := e.barred(); err != nil {
		return nil, err
	}
	return e.rep.Pending(ctx, kind, "")
}
