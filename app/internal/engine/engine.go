package engine

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"sync"

	"qianshao/app/internal/replica"
	"qianshao/app/internal/replica/outbox"
	"qianshao/app/internal/vault"
	"qianshao/syncserver/office"
)

// Engine is one desk. Its methods are safe for concurrent use.
type Engine struct {
	o    Options
	log  *slog.Logger
	prof vault.Profile
	box  *outbox.Box
	rep  *replica.Replica

	store *vault.Blobs
	lane  *lane

	mu      sync.Mutex               // held by whoever writes a file
	erased  bool                     // the replica's log may hold erased content
	aside   bool                     // a damaged replica lies beside the present one
	syncing chan struct{}            // holds one token while nobody syncs
	moved   map[replica.ChanLane]int // how often a damaged channel moved on; for whoever syncs

	net  contact
	term term
	hub  hub
	wake chan struct{} // holds one token when there is something to sync
}

// Codes that only a desk gives.
const (
	// CodeOffline refuses a command that needs the server now (office.Online)
	// while the server cannot be reached.
	CodeOffline office.Code = "offline"
	// CodeWiped says that the server has revoked this device.
	CodeWiped office.Code = "wiped"
	// CodeSums says that a channel still differs from the server's sums after
	// it was read anew.
	CodeSums office.Code = "sums"
)

// CodeFull is CodeDiskFull as the databases give it.
const CodeFull = CodeDiskFull

// room gives an error that says the disk is full its code.
func room(err error) error {
	if vault.Full(err) {
		return fmt.Errorf("%w: %w", &office.Error{Code: CodeDiskFull}, err)
	}
	return err
}

// ErrReadOnly is returned by whatever would write in an engine opened for
// reading.
var ErrReadOnly = errors.New("the profile is open for reading only")

// Open opens the profile. A damaged replica is set aside and fetched again; a
// damaged outbox is set aside and its last good copy used. Where a kill has
// left replica and outbox apart, the overlay is built again. With ReadOnly the
// files are opened as they are; vault.ErrEmpty if there are none.
func Open(ctx context.Context, o Options) (*Engine, error) {
	o.Rand = &reader{r: o.Rand}
	e := &Engine{o: o, log: o.Log, syncing: make(chan struct{}, 1), wake: make(chan struct{}, 1), lane: newLane(), moved: map[replica.ChanLane]int{}}
	e.syncing <- struct{}{}
	if e.log == nil {
		e.log = slog.New(slog.DiscardHandler)
	}
	e.prof = vault.Profile{Dir: o.Dir, Cipher: o.Cipher, Now: o.Now}
	var err error
	if o.ReadOnly {
		err = e.openRead(ctx)
	} else {
		err = e.openWrite(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, e.Close())
	}
	return e, nil
}

func (e *Engine) openRead(ctx context.Context) (err error) {
	e.store = e.prof.ReadBlobs()
	if e.box, err = outbox.Read(ctx, e.prof); err != nil {
		return err
	}
	if e.rep, err = replica.Read(ctx, e.prof, e.o.Kinds); err != nil {
		return err
	}
	return e.openTerm(ctx)
}

func (e *Engine) openWrite(ctx context.Context) (err error) {
	id := outbox.Identity{UID: e.o.UID, Device: e.o.Device, Install: e.o.Install}
	e.box, err = outbox.Open(ctx, e.prof, id)
	if errors.Is(err, vault.ErrDamaged) {
		name, aside := e.prof.SetAside(vault.Outbox)
		if aside != nil {
			return aside
		}
		found, back := e.prof.Restore(ctx)
		if back != nil {
			return back
		}
		e.log.Error("outbox damaged and set aside", "file", name, "copy", found, "err", err)
		if e.box, err = outbox.Open(ctx, e.prof, id); err != nil {
			return err
		}
		why := WhyAnew
		if found {
			why = WhyBack
		}
		err = e.note(ctx, outbox.Event{What: outbox.EventAside, Why: why, Detail: name})
	}
	if err != nil {
		return err
	}
	if e.store, err = e.prof.Blobs(); err != nil {
		return err
	}
	defects := replica.Defects{
		NoBase: e.off(NoBase), NoSweep: e.off(NoSweep), NoClosure: e.off(NoClosure), NoSums: e.off(NoSums), AlwaysAll: e.off(NoSelective), NoCopy: e.off(NoCopy),
	}
	e.rep, err = replica.Open(ctx, e.prof, e.o.Kinds, defects)
	if errors.Is(err, vault.ErrDamaged) {
		name, aside := e.prof.SetAside(vault.Replica)
		if aside != nil {
			return aside
		}
		e.log.Error("replica damaged and set aside", "file", name, "err", err)
		if e.rep, err = replica.Open(ctx, e.prof, e.o.Kinds, defects); err != nil {
			return err
		}
		err = e.note(ctx, outbox.Event{What: outbox.EventAside, Why: WhyFetched, Detail: name})
	}
	if err != nil {
		return err
	}
	bad, err := e.prof.Asides(vault.Replica)
	if err != nil {
		return err
	}
	e.aside = len(bad) > 0
	if e.rep.Upgraded != "" {
		if err := e.note(ctx, outbox.Event{What: outbox.EventUpgrade, Why: WhyOlder, Detail: e.rep.Upgraded}); err != nil {
			return err
		}
	}
	if !e.off(NoOverlayOrd) {
		if err := e.align(ctx); err != nil {
			return err
		}
	}
	if err := e.program(ctx); err != nil {
		return err
	}
	if err := e.settleBlobs(ctx); err != nil {
		return err
	}
	if err := e.openTerm(ctx); err != nil {
		return err
	}
	e.erased = true
	return e.erase(ctx)
}

// Close ends all streams of changes and closes the files. A sync under way
// must have been ended by its context.
func (e *Engine) Close() error {
	e.hub.close()
	e.closeTerm()
	var err error
	if e.rep != nil {
		err = e.rep.Close()
	}
	if e.box != nil {
		err = errors.Join(err, e.box.Close())
	}
	return err
}

func (e *Engine) off(a Ablation) bool { return e.o.Ablate[a] }

// crash is where a test kills the desk.
func (e *Engine) crash(point string) {
	if e.o.Crash != nil {
		e.o.Crash(point)
	}
}

// writing takes the pen: one writer at a time, files in agreement. The context
// it gives does not end half way.
func (e *Engine) writing(ctx context.Context) (context.Context, func(), error) {
	if e.o.ReadOnly {
		return nil, nil, ErrReadOnly
	}
	if err := ctx.Err(); err != nil {
		return nil, nil, err
	}
	e.mu.Lock()
	ctx = context.WithoutCancel(ctx)
	if e.off(NoOverlayOrd) {
		return ctx, e.mu.Unlock, nil
	}
	if err := e.align(ctx); err != nil {
		e.mu.Unlock()
		return nil, nil, room(err)
	}
	return ctx, e.mu.Unlock, nil
}

// align builds the overlay again where outbox and replica do not agree on the
// list of waiting commands.
func (e *Engine) align(ctx context.Context) error {
	d, err := e.box.Desk(ctx)
	if err != nil {
		return err
	}
	m, err := e.rep.Meta(ctx)
	if err != nil {
		return err
	}
	if d.Ord == m.OverlayOrd {
		return nil
	}
	cmds, err := e.waiting(ctx, d)
	if err != nil {
		return err
	}
	changed, err := e.rep.Update(ctx, func(t *replica.Tx) error {
		r, err := t.Rebase(replica.Rebase{Waiting: cmds, Ord: d.Ord, All: true})
		e.faults(cmds, r.Outcomes)
		return err
	})
	if err != nil {
		return fmt.Errorf("build the overlay again: %w", err)
	}
	e.hub.rows(changed)
	return nil
}

// program builds the overlay anew where another release of the program has
// built it: this one may run what waits otherwise, or not know it.
func (e *Engine) program(ctx context.Context) error {
	m, err := e.rep.Meta(ctx)
	if err != nil || e.o.Program == "" || m.Program == e.o.Program {
		return err
	}
	d, err := e.box.Desk(ctx)
	if err != nil {
		return err
	}
	cmds, err := e.waiting(ctx, d)
	if err != nil {
		return err
	}
	changed, err := e.rep.Update(ctx, func(t *replica.Tx) error {
		r, err := t.Rebase(replica.Rebase{Waiting: cmds, Ord: d.Ord, All: true})
		e.faults(cmds, r.Outcomes)
		if err != nil {
			return err
		}
		return t.SetProgram(e.o.Program)
	})
	if err != nil {
		return fmt.Errorf("build the overlay for this program: %w", err)
	}
	e.hub.rows(changed)
	return nil
}

// lastN is up to which n the effects of this device's commands are in the base.
func (e *Engine) lastN(ctx context.Context, d outbox.Desk) (int64, error) {
	n, known, err := e.rep.LastN(ctx, d.Dev)
	if err != nil || known {
		return n, err
	}
	// A replica that was lost: what it had covered comes back with the first
	// pull and is not shown twice meanwhile.
	return d.Settled, nil
}

// waiting are the commands the overlay is made of, ready to run.
func (e *Engine) waiting(ctx context.Context, d outbox.Desk) ([]replica.Command, error) {
	n, err := e.lastN(ctx, d)
	if err != nil {
		return nil, err
	}
	return e.waitingAfter(ctx, d.Dev, n)
}

func (e *Engine) waitingAfter(ctx context.Context, dev string, lastN int64) ([]replica.Command, error) {
	cs, err := e.box.Waiting(ctx, dev, lastN)
	if err != nil {
		return nil, err
	}
	out := make([]replica.Command, 0, len(cs))
	for _, c := range cs {
		if e.off(EarlyForget) && c.Outcome != "" {
			continue
		}
		out = append(out, e.runnable(c))
	}
	return out, nil
}

// faults logs what made waiting commands fail that no refusal explains.
func (e *Engine) faults(cmds []replica.Command, outs map[int64]replica.Outcome) {
	for _, c := range cmds {
		if o, ok := outs[c.Ord]; ok && o.Fault != nil {
			e.fault(c.Mid, o.Fault)
		}
	}
}

// fault logs what broke a command, without what it worked on.
func (e *Engine) fault(mid string, err error) {
	var p *replica.Panic
	if errors.As(err, &p) {
		e.log.Error("a command panicked", "mid", mid, "what", p.What, "stack", string(p.Stack))
		return
	}
	e.log.Error("a command broke", "mid", mid, "error", fmt.Sprintf("%T", err))
}

// reader makes a source of randomness safe for concurrent use.
type reader struct {
	mu sync.Mutex
	r  io.Reader
}

func (r *reader) Read(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.r.Read(p)
}
