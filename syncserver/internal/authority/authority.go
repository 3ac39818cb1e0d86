// Package authority carries commands out for real: each exactly once, in its
// device's order, over the server's store, and tells desks what came of it. It
// decides outcomes, moves records between channels, answers pulls from one
// snapshot, pokes desks after a commit and does the jobs that commands leave.
//
// It speaks the protocol's types and knows nothing of HTTP, passwords or the
// rooms' business: rooms come in as kinds, commands and extras.
// Design: sync.md §1–4.
package authority

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"qianshao/syncserver/internal/jobs"
	"qianshao/syncserver/internal/store"
	"qianshao/syncserver/office"
	"qianshao/syncserver/protocol"
)

// Commands decodes commands by name and runs them; *catalog.Catalog is one.
// Decode is strict: whatever it does not know is an *office.Error. Run is the
// office's rules and then the command's own Run; nobody calls that one directly.
type Commands interface {
	Decode(kind string, args json.RawMessage) (office.Command, error)
	Run(tx office.Tx, c office.Context, cmd office.Command) error
}

// An Extra is what only the server does with a command, after its Run and in
// the same transaction: official numbers, moving a flow on. Its refusal is the
// command's refusal.
type Extra func(tx office.Tx, c office.Context, cmd office.Command) error

// Extras lists the extras of commands by the commands' kinds, in order.
type Extras map[string][]Extra

// Options say what an authority works on and with. Store and Commands are
// needed.
type Options struct {
	Store    *store.Store
	Kinds    *office.Kinds // nil = the store's
	Commands Commands
	Extras   Extras
	// Seal adds the last to what a command has written, in its transaction and
	// after its extras: what proves it. Its refusal is the command's; any other
	// error is a fault. nil: nothing is added.
	Seal func(tx office.Tx, c office.Context, wrote []office.Wrote) error
	// Subscriptions are the channels of a person, from the record of kind
	// PersonKind whose id is the person's. nil: each has u:<uid> and org.
	Subscriptions func(person office.Record) ([]office.Channel, error)
	PersonKind    string // "" = "dir.person"
	// Jobs are the handlers of further job kinds; jobs.go lists the built-in
	// one. A command that emits a job of no known kind fails.
	Jobs map[string]jobs.Handler
	// MinSchema and Versions tell which desks are too old: those with a lower
	// schema, or for which Supported is false. nil: none.
	MinSchema int
	Supported func(version string) bool

	Files Files // where the contents of files lie

	Policy protocol.DeskPolicy // what the office decides for its desks; told at every contact

	Now func() time.Time // nil = time.Now
	Log *slog.Logger     // nil: no log. Never gets contents of records.
}

// Authority is the server's judgement over one store. Several authorities, in
// one process or many, may share a PostgreSQL store. Safe for concurrent use.
type Authority struct {
	Options
	hub      *hub
	relay    *relay
	queue    *jobs.Queue
	wake     chan struct{} // a commit left jobs
	aged     atomic.Int64  // up to when records have left the desks, as this process knows
	defences defences
}

// Caller is who asks: the person and device of the session.
type Caller struct {
	UID    office.UserID
	Device string
}

// New makes an authority.
func New(o Options) (*Authority, error) {
	if o.Store == nil || o.Commands == nil {
		return nil, errors.New("new authority: store and commands are needed")
	}
	if o.Kinds == nil {
		o.Kinds = o.Store.Kinds()
	}
	if o.Kinds != o.Store.Kinds() {
		return nil, errors.New("new authority: the store has other kinds")
	}
	if o.PersonKind == "" {
		o.PersonKind = "dir.person"
	}
	if o.Subscriptions == nil {
		o.Subscriptions = func(p office.Record) ([]office.Channel, error) {
			return append(office.To(office.UserID(p.ID)), office.Org), nil
		}
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	a := &Authority{Options: o, relay: newRelay(), wake: make(chan struct{}, 1)}
	a.hub = &hub{subs: a.subscriptions}
	handlers := map[string]jobs.Handler{JobCommandAt: a.commandAt}
	for k, h := range o.Jobs {
		if handlers[k] != nil {
			return nil, fmt.Errorf("new authority: job kind %q is built in", k)
		}
		handlers[k] = h
	}
	err := o.Store.Read(context.Background(), func(q store.Q) error {
		aged, err := store.Aged(context.Background(), q)
		a.aged.Store(aged)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("new authority: %w", err)
	}
	a.queue = &jobs.Queue{Store: o.Store, Handlers: handlers, Now: o.Now, Log: o.Log}
	return a, nil
}

// Epoch names the history of the store.
func (a *Authority) Epoch() string { return a.Store.Epoch() }

func (a *Authority) subscriptions(uid office.UserID) ([]office.Channel, error) {
	var out []office.Channel
	err := a.Store.Read(context.Background(), func(q store.Q) (err error) {
		out, err = store.Subs(context.Background(), q, uid)
		return err
	})
	return out, err
}

// transact runs f in a writing transaction, again after each lost race; from
// the second time on rows are held as they are read, so that somebody always
// gets through.
func (a *Authority) transact(ctx context.Context, f func(q store.Q, again bool) error) error {
	var err error
	for i := range store.Attempts {
		err = a.Store.Once(ctx, func(q store.Q) error { return f(q, i > 0) })
		if err == nil || !store.Retryable(err) || ctx.Err() != nil {
			return err
		}
	}
	return err
}
