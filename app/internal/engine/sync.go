package engine

import (
	"context"
	"errors"
	"fmt"

	"qianshao/app/internal/replica"
	"qianshao/app/internal/replica/outbox"
	"qianshao/app/internal/vault"
	"qianshao/syncserver/office"
	"qianshao/syncserver/protocol"
)

// Limits of one Sync, so that it ends whatever the server does; the next one
// goes on.
const (
	maxForks  = 3
	maxResets = 8 // how often one channel begins anew in one pull
	maxRounds = 4 // push and pull again after the server's history changed or a channel was wrong
)

// Sync brings this desk up to date: it sends all that waits, then fetches what
// is new up to a consistent checkpoint. An error is a fault of the way or of
// the server; nothing of the person's work is lost or reordered by it, and the
// report still tells what was done. Refused commands are no error. CodeOffline
// while the person has switched the desk off the network.
func (e *Engine) Sync(ctx context.Context) (Report, error) {
	if e.o.ReadOnly {
		return Report{}, ErrReadOnly
	}
	if e.o.Transport == nil {
		return Report{}, &office.Error{Code: CodeOffline}
	}
	select {
	case <-e.syncing:
		defer func() { e.syncing <- struct{}{} }()
	case <-ctx.Done():
		return Report{}, ctx.Err()
	}
	ctx, end, err := e.net.begin(ctx)
	if err != nil {
		return Report{}, err
	}
	e.hub.status()
	var r Report
	err = room(e.sync(ctx, &r))
	end(err)
	e.tickTerm(ctx)
	if lerr := e.history(ctx, r, err); lerr != nil {
		err = errors.Join(err, room(lerr))
	}
	e.hub.status()
	return r, err
}

func (e *Engine) sync(ctx context.Context, r *Report) error {
	// A first word before the first request: numbers are fixed and requests
	// kept only while the server is there to take them.
	if !e.net.greeted() {
		if err := e.hello(ctx, r); err != nil {
			return err
		}
	}
	for round := range maxRounds {
		pushed := e.push(ctx, r)
		var stop *office.Error
		if errors.As(pushed, &stop) && (stop.Code == CodeWiped || stop.Code == office.CodeTooOld) || ctx.Err() != nil {
			return pushed
		}
		// Even if sending fails, what is new may come.
		again, err := e.pull(ctx, r)
		bad := false
		if err == nil {
			bad, err = e.mend(ctx, r)
		}
		if err := errors.Join(pushed, err); unknownDevice(err) && round == 0 {
			if err := e.hello(ctx, r); err != nil {
				return err
			}
			continue
		} else if err != nil {
			return err
		}
		said, err := e.confirm(ctx)
		if err != nil {
			return err
		}
		if !again && !bad && !said {
			return nil
		}
	}
	return nil
}

// hello introduces the device.
func (e *Engine) hello(ctx context.Context, r *Report) error {
	d, err := e.box.Desk(ctx)
	if err != nil {
		return err
	}
	m, err := e.rep.Meta(ctx)
	if err != nil {
		return err
	}
	req := protocol.HelloRequest{Device: d.Dev, Install: e.o.Install, Ticket: d.Ticket, Epoch: m.Epoch, Schema: e.o.Schema, Version: e.o.Version, LastN: d.Acked}
	reply, err := e.o.Transport.Hello(ctx, req)
	if unknownDevice(err) && d.Dev != d.Login {
		// A server set back to before it gave this device its new id: the one
		// of the log-in is still good to ask for another.
		req.Device, req.Ticket, req.LastN = d.Login, "", 0
		if reply, err = e.o.Transport.Hello(ctx, req); err == nil {
			err = e.relogin(ctx, d, reply.LastN, r)
		}
	}
	if err != nil {
		return fmt.Errorf("hello: %w", err)
	}
	switch reply.Verdict {
	case protocol.VerdictOK, protocol.VerdictFork, protocol.VerdictRebuild, protocol.VerdictUpgrade:
		e.contacted(ctx, reply.Policy)
	}
	switch reply.Verdict {
	case protocol.VerdictOK:
	case protocol.VerdictFork:
		if err := e.fork(ctx, reply.NewDevice, reply.LastN, r); err != nil {
			return err
		}
	case protocol.VerdictRebuild:
		if err := e.rebuild(ctx, reply.LastN, r); err != nil {
			return err
		}
	default:
		return stopped(reply.Verdict, reply.Message)
	}
	e.net.greet()
	return nil
}

// unknownDevice reports whether the server does not know the device, or not as
// this session's.
func unknownDevice(err error) bool {
	return errors.Is(err, &office.Error{Code: office.CodeNotPermitted}) || errors.Is(err, &office.Error{Code: protocol.CodeDevice})
}

// stopped is a verdict that ends the session: the work stays here.
func stopped(verdict, message string) error {
	switch verdict {
	case protocol.VerdictWiped:
		return &office.Error{Code: CodeWiped, Message: message}
	case protocol.VerdictUpgrade:
		return &office.Error{Code: office.CodeTooOld, Message: message}
	}
	return fmt.Errorf("the server's verdict %q is unknown", verdict)
}

// fork makes this desk another device: the server has seen another copy of it,
// or has lost its own memory of it.
func (e *Engine) fork(ctx context.Context, dev string, serverN int64, r *Report) error {
	ctx, done, err := e.writing(ctx)
	if err != nil {
		return err
	}
	defer done()
	d, err := e.box.Desk(ctx)
	if err != nil {
		return err
	}
	if dev == "" || dev == d.Dev {
		return errors.New("the server asks for a new device and names none")
	}
	lastN, err := e.lastN(ctx, d)
	if err != nil {
		return err
	}
	return e.become(ctx, d, dev, lastN, 0, serverN < d.Acked, r)
}

// relogin makes this desk the device of its last log-in again, whose numbers
// the server has up to serverN.
func (e *Engine) relogin(ctx context.Context, d outbox.Desk, serverN int64, r *Report) error {
	ctx, done, err := e.writing(ctx)
	if err != nil {
		return err
	}
	defer done()
	lastN, err := e.lastN(ctx, d)
	if err != nil {
		return err
	}
	from, _, err := e.rep.LastN(ctx, d.Login)
	if err != nil {
		return err
	}
	return e.become(ctx, d, d.Login, lastN, max(from, serverN), true, r)
}

// become takes another device id. The caller has the pen.
func (e *Engine) become(ctx context.Context, d outbox.Desk, dev string, lastN, from int64, replay bool, r *Report) error {
	replay = replay && !e.off(NoReplay)
	e.log.Warn("device forked", "from", d.Dev, "to", dev, "replay", replay)
	if err := e.box.Fork(ctx, dev, lastN, from, replay); err != nil {
		return err
	}
	if e.off(NoMid) {
		err := e.box.Remid(ctx, func() (string, error) { return office.NewID(e.o.Now(), e.o.Rand) })
		if err != nil {
			return err
		}
	}
	r.Forked = true
	e.crash("fork.outbox")
	why := WhyCopy
	if replay {
		why = WhyForgotten
	}
	if err := e.note(ctx, outbox.Event{What: outbox.EventFork, Why: why, Detail: dev}); err != nil {
		return err
	}
	return e.align(ctx)
}

// rebuild reads everything anew, because the server's history is not the one
// this desk knew; until that is done, the desk shows what it had.
func (e *Engine) rebuild(ctx context.Context, serverN int64, r *Report) error {
	if _, err := e.replay(ctx, serverN, r); err != nil {
		return err
	}
	if err := e.witness(ctx); err != nil {
		return err
	}
	ctx, done, err := e.writing(ctx)
	if err != nil {
		return err
	}
	defer done()
	e.crash("rebuild.replayed")
	if err := e.note(ctx, outbox.Event{What: outbox.EventRebuild, Why: WhyHistory}); err != nil {
		return err
	}
	_, err = e.rep.Update(ctx, func(t *replica.Tx) error { return t.Restart() })
	return err
}

// witness gives the command that tells a restored server what this desk still
// knows, from what it showed before it reads all anew.
func (e *Engine) witness(ctx context.Context) error {
	if e.o.Witness == nil {
		return nil
	}
	cmd, err := e.o.Witness(func(q office.Query) ([]office.Record, error) { return e.rep.List(ctx, q) })
	if err != nil || cmd == nil {
		return err
	}
	_, err = e.Do(ctx, cmd)
	var refused *office.Error
	if errors.As(err, &refused) {
		e.log.Warn("no witness for the restored server", "code", refused.Code)
		return nil
	}
	return err
}

// confirm gives the commands by which this desk says that what it was told to
// purge is gone, once it is: also out of the replica's log. It reports whether
// there were any.
func (e *Engine) confirm(ctx context.Context) (bool, error) {
	if e.o.Erased == nil || e.erased {
		return false, nil
	}
	d, err := e.box.Desk(ctx)
	if err != nil {
		return false, err
	}
	cmds, err := e.o.Erased(
		func(q office.Query) ([]office.Record, error) { return e.rep.List(ctx, q) },
		func(kind, id string) (bool, error) { _, here, err := e.rep.Get(ctx, kind, id); return here, err },
		e.o.UID, d.Dev)
	if err != nil {
		return false, err
	}
	said := false
	for _, cmd := range cmds {
		_, err := e.Do(ctx, cmd)
		var refused *office.Error
		switch {
		case errors.As(err, &refused):
			e.log.Warn("what was purged is not confirmed", "code", refused.Code)
		case err != nil:
			return said, err
		default:
			said = true
		}
	}
	return said, nil
}

// replay queues again what the server had acknowledged and may have lost, and
// reports whether anything was.
func (e *Engine) replay(ctx context.Context, serverN int64, r *Report) (bool, error) {
	r.Rewound = true
	if e.off(NoReplay) {
		return false, nil
	}
	ctx, done, err := e.writing(ctx)
	if err != nil {
		return false, err
	}
	defer done()
	n, err := e.box.Replay(ctx, serverN)
	if err != nil {
		return false, err
	}
	e.log.Warn("the server's history changed", "replayed", n)
	if n > 0 {
		if err := e.note(ctx, outbox.Event{What: outbox.EventReplay, Why: WhyReplayed, Rows: int(n)}); err != nil {
			return false, err
		}
	}
	e.crash("replay.outbox")
	return n > 0, e.align(ctx)
}

// history writes the sync's line.
func (e *Engine) history(ctx context.Context, r Report, failed error) error {
	ctx, done, err := e.writing(context.WithoutCancel(ctx))
	if err != nil {
		return err
	}
	defer done()
	s := outbox.Sync{At: office.Millis(e.o.Now()), Pushed: r.Pushed, Pulled: r.Pulled, Refused: r.Refused, Repairs: max(r.Repairs, r.Mended), Error: codeOf(failed)}
	if s == (outbox.Sync{At: s.At}) && !e.net.first() {
		return nil // nothing happened, as usual: no write for that
	}
	if err := e.noteRefused(ctx, s.Error); err != nil {
		return err
	}
	return e.box.Log(ctx, s)
}

// codeOf is the code of a failed sync, "" for none.
func codeOf(err error) office.Code {
	if err == nil {
		return ""
	}
	if errors.Is(err, context.Canceled) {
		return CodeOffline
	}
	return office.CodeOf(Known(err))
}

// Known is an error as an *office.Error where the desk knows what lies behind
// it, and the error itself otherwise.
func Known(err error) error {
	var e *office.Error
	if err != nil && !errors.As(err, &e) && vault.Full(err) {
		return &office.Error{Code: CodeDiskFull}
	}
	return err
}
