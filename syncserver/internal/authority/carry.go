package authority

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"
	"time"

	"qianshao/syncserver/internal/jobs"
	"qianshao/syncserver/internal/store"
	"qianshao/syncserver/office"
	"qianshao/syncserver/protocol"
	"qianshao/syncserver/rowsql"
)

// order is one command that the authority has been given.
type order struct {
	uid     office.UserID
	dev     string // it came from; "" for none
	mid     string
	kind    string
	args    json.RawMessage // decoded unless cmd is given
	cmd     office.Command
	deps    []string
	claimed time.Time
	now     time.Time
	former  *protocol.Former // what it came to in a history that is lost
}

// deed is what an order came to inside its transaction, before the channels
// are stamped.
type deed struct {
	result protocol.Result
	tx     *tx
	moves  moves
	people []office.UserID // whose subscriptions changed
	jobs   int
}

// A crash is a fault of a command's code: a panic, or an error that is neither
// a refusal nor the database's.
type crash struct {
	what  string
	stack []byte
}

func (c *crash) Error() string { return "command crashed: " + c.what }

// CrashTries is how often a crashing command is tried before it is put into
// quarantine and the queue goes on.
const CrashTries = 3

// carry runs an order. A *crash or any other error voids the transaction; a
// refusal is a deed.
func (a *Authority) carry(ctx context.Context, q store.Q, o order, again bool) (deed, error) {
	t := a.newTx(ctx, q)
	t.dev = o.dev
	if again {
		t.hold = rowsql.ForUpdate
	}
	d := deed{tx: t, result: protocol.Result{Mid: o.mid, At: office.Millis(o.now)}}
	if behind, err := a.heldBehind(ctx, q, o); err != nil {
		return d, err
	} else if behind != "" {
		d.result.Outcome, d.result.Code = protocol.Held, office.CodeHeld
		d.result.Detail, err = json.Marshal(map[string]string{"behind": behind})
		return d, err
	}
	p, err := a.judge(t, o)
	if t.fault != nil {
		return d, t.fault
	}
	var no *office.Error
	switch {
	case errors.As(err, &no) && !again && q.Dialect() == rowsql.Postgres:
		// It may have read one record before and another after somebody's
		// commit. Only a run that holds what it reads may refuse.
		return d, fmt.Errorf("refused at first sight: %w", store.ErrConflict)
	case errors.As(err, &no):
		if a.defences.off(NoRollback) {
			t.jobs, t.note = nil, ""
			if p, err = t.plan(); err != nil {
				return d, err
			}
		} else {
			if err := t.undo(); err != nil {
				return d, err
			}
			p = plan{}
		}
		if no.Code == office.CodeElsewhere { // a desk's word; here the record is simply not there
			no = &office.Error{Code: office.CodeNotFound, Field: no.Field, Message: no.Message}
		}
		d.result.Outcome = protocol.Rejected
		d.result.Code, d.result.Message, d.result.Field = no.Code, clean(no.Message, 2000), clean(no.Field, 200)
	case err != nil:
		return d, err
	default:
		d.result.Outcome, d.result.Code = protocol.Applied, t.note
		switch {
		case t.note == office.NoteConflict:
			d.result.Outcome = protocol.Conflict
		case len(p.changed) == 0 && len(t.jobs) == 0 && t.note == "":
			d.result.Outcome = protocol.Noop
		}
	}
	if err := t.flush(true); err != nil {
		return d, err
	}
	if err := t.keepRefs(p); err != nil {
		return d, err
	}
	if d.result.Detail == nil {
		if d.result.Detail, err = a.given(t, p); err != nil {
			return d, err
		}
	}
	if d.moves, err = a.moves(t, p); err != nil {
		return d, err
	}
	if d.people, err = a.resubscribe(t, p); err != nil {
		return d, err
	}
	if err := a.regrant(t, d.moves, d.people); err != nil {
		return d, err
	}
	if a.defences.off(NoRem) {
		d.moves.dropRems()
	}
	return d, a.queueJobs(ctx, q, o, t, &d)
}

// judge decodes, locks, runs and plans; all that a command's code does is here,
// and its panics become crashes.
func (a *Authority) judge(t *tx, o order) (p plan, err error) {
	defer func() {
		if v := recover(); v != nil {
			c := &crash{what: fmt.Sprintf("panic of type %T", v), stack: debug.Stack()}
			if re, ok := v.(runtime.Error); ok { // its text is the runtime's own, not a record's
				c.what = re.Error()
			}
			err = c
		}
	}()
	if o.cmd == nil {
		if o.cmd, err = a.Commands.Decode(o.kind, o.args); err != nil {
			return p, refusal(err)
		}
	}
	if !a.defences.off(NoLocks) {
		if err := store.Lock(t.ctx, t.q, o.cmd.Locks()); err != nil {
			return p, t.fail(err)
		}
	}
	c := office.Context{Actor: o.uid, Now: o.now, Claimed: o.claimed, Mid: o.mid, Given: a.formerly(o.former)}
	if err := a.Commands.Run(t, c, o.cmd); err != nil {
		return p, refusal(err)
	}
	for _, x := range a.Extras[o.kind] {
		if err := x(t, c, o.cmd); err != nil {
			return p, refusal(err)
		}
	}
	if a.Seal != nil {
		if err := a.Seal(t, c, t.written()); err != nil {
			return p, refusal(err)
		}
	}
	for _, j := range t.jobs {
		if a.queue.Handlers[j.Kind] == nil {
			return p, &crash{what: "job of unknown kind " + j.Kind}
		}
	}
	if p, err = t.plan(); err != nil {
		return p, refusal(err)
	}
	if err := a.refs(t, o, &p); err != nil {
		return p, refusal(err)
	}
	return p, nil
}

// refusal keeps a refusal and makes any other error of a command's code a
// crash. The database's errors are told apart by tx.fault.
func refusal(err error) error {
	var e *office.Error
	if errors.As(err, &e) {
		return e
	}
	return &crash{what: fmt.Sprintf("error of type %T", err)}
}

// heldBehind is the first refused command that o depends on, "" if none.
func (a *Authority) heldBehind(ctx context.Context, q store.Q, o order) (string, error) {
	if len(o.deps) == 0 || a.defences.off(NoHeld) {
		return "", nil
	}
	got, err := store.Outcomes(ctx, q, o.uid, o.deps)
	if err != nil {
		return "", err
	}
	for _, d := range o.deps {
		switch got[d] {
		case protocol.Rejected, protocol.Held, protocol.Quarantined:
			return d, nil
		}
	}
	return "", nil
}

// resubscribe derives the subscriptions of the people whose records changed.
func (a *Authority) resubscribe(t *tx, p plan) ([]office.UserID, error) {
	var out []office.UserID
	for _, k := range p.changed {
		if k.kind != a.PersonKind {
			continue
		}
		var chans []office.Channel
		if r := t.cache[k]; r.has {
			var err error
			if chans, err = a.Subscriptions(r.now); err != nil {
				return nil, refusal(err)
			}
		}
		changed, err := store.SetSubs(t.ctx, t.q, office.UserID(k.id), chans)
		if err != nil {
			return nil, err
		}
		if changed {
			out = append(out, office.UserID(k.id))
		}
	}
	return out, nil
}

func (a *Authority) queueJobs(ctx context.Context, q store.Q, o order, t *tx, d *deed) error {
	for i, j := range t.jobs {
		args, err := json.Marshal(j.Args)
		if err != nil {
			return &crash{what: "arguments of job " + j.Kind}
		}
		row := jobs.Job{ID: office.DeriveFrom(o.mid, "job", fmt.Sprint(i)), Kind: j.Kind, Args: args}
		if j.Kind == JobCommandAt {
			var at timer
			if err := json.Unmarshal(args, &at); err != nil {
				return &crash{what: "arguments of job " + j.Kind}
			}
			if at.Due > 0 {
				row.Due = time.UnixMilli(at.Due)
			}
		}
		if err := jobs.Add(ctx, q, o.now, row); err != nil {
			return err
		}
	}
	d.jobs = len(t.jobs)
	return nil
}

// tell lets desks and the job runner know, after the commit.
func (a *Authority) tell(chans []office.Channel, people []office.UserID, jobs int) {
	a.hub.poke(chans, people)
	if !a.Store.Alone() {
		a.relay.add(chans, people)
	}
	if jobs > 0 {
		select {
		case a.wake <- struct{}{}:
		default:
		}
	}
}

// clean makes a text storable on every database and not longer than max bytes.
func clean(s string, max int) string {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, "�"), "\x00", "�")
	if len(s) > max {
		s = strings.ToValidUTF8(s[:max], "")
	}
	return s
}
