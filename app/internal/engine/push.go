package engine

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"qianshao/app/internal/replica"
	"qianshao/app/internal/replica/outbox"
	"qianshao/syncserver/protocol"
)

// pushBytes is about how many bytes of arguments one push carries.
const pushBytes = 2 << 20

// errStalled says that the server took a push and answered none of it: a
// temporary fault of its own.
var errStalled = errors.New("the server answered no command")

// push sends all that is to be sent, request by request. A request is kept
// before it leaves and sent again, byte for byte, until it is answered.
func (e *Engine) push(ctx context.Context, r *Report) error {
	asked := map[string]bool{}
	for forks := 0; ; {
		if err := e.askBlobs(ctx, asked); err != nil {
			return err
		}
		f, ok, err := e.flight(ctx)
		if err != nil || !ok {
			return err
		}
		reply, err := e.o.Transport.Push(ctx, f.Body)
		if err != nil {
			return fmt.Errorf("push: %w", err)
		}
		e.crash("push.answered")
		switch reply.Verdict {
		case protocol.VerdictOK:
		case protocol.VerdictFork:
			if forks++; forks > maxForks {
				return errors.New("the server asks for one new device after another")
			}
			if err := e.fork(ctx, reply.NewDevice, reply.LastN, r); err != nil {
				return err
			}
			clear(asked) // perhaps it has forgotten more than the device
			continue
		default:
			return stopped(reply.Verdict, "")
		}
		if err := e.land(ctx, f, reply, r); err != nil {
			return err
		}
		if len(reply.Results) == 0 {
			return errStalled
		}
	}
}

// land records the answers to a push.
func (e *Engine) land(ctx context.Context, f outbox.Flight, reply protocol.PushReply, r *Report) error {
	ctx, done, err := e.writing(ctx)
	if err != nil {
		return err
	}
	defer done()
	if err := e.box.Land(ctx, f.Next, results(reply.Results)); err != nil {
		return err
	}
	e.crash("push.landed")
	r.Pushed += len(reply.Results)
	for _, res := range reply.Results {
		if refusedOutcome(res.Outcome) {
			r.Refused++
		} else {
			r.Applied++
		}
	}
	e.hub.status()
	if e.off(EarlyForget) {
		return e.overlay(ctx)
	}
	return nil
}

func results(rs []protocol.Result) []outbox.Result {
	out := make([]outbox.Result, len(rs))
	for i, r := range rs {
		out[i] = outbox.Result{Mid: r.Mid, Outcome: r.Outcome, Code: r.Code, Message: r.Message, Field: r.Field, Detail: r.Detail, At: r.At}
	}
	return out
}

// flight is the push under way, or else the next one, kept; false if there is
// nothing to send.
func (e *Engine) flight(ctx context.Context) (outbox.Flight, bool, error) {
	ctx, done, err := e.writing(ctx)
	if err != nil {
		return outbox.Flight{}, false, err
	}
	defer done()
	f, ok, err := e.box.Flight(ctx)
	if err != nil || ok && !e.off(NoRequest) {
		return f, ok, err
	}
	limit := e.o.PushMax
	if limit <= 0 || limit > protocol.MaxPush {
		limit = protocol.MaxPush
	}
	cs, err := e.sendable(ctx, limit)
	if err != nil || len(cs) == 0 {
		return outbox.Flight{}, false, err
	}
	return e.launch(ctx, cs)
}

// launch makes a request of these commands, fixes their numbers and keeps it.
func (e *Engine) launch(ctx context.Context, cs []outbox.Command) (outbox.Flight, bool, error) {
	d, err := e.box.Desk(ctx)
	if err != nil {
		return outbox.Flight{}, false, err
	}
	deps, err := e.deps(ctx, cs)
	if err != nil {
		return outbox.Flight{}, false, err
	}
	var ticket [16]byte
	if _, err := io.ReadFull(e.o.Rand, ticket[:]); err != nil {
		return outbox.Flight{}, false, fmt.Errorf("make a ticket: %w", err)
	}
	req := protocol.PushRequest{Device: d.Dev, Ticket: d.Ticket, Next: hex.EncodeToString(ticket[:])}
	var sent []outbox.Sent
	// A pull may have told of numbers that another copy of this profile used:
	// under one of those the command would count as come back already.
	n, err := e.lastN(ctx, d)
	if err != nil {
		return outbox.Flight{}, false, err
	}
	n = max(n, d.N)
	size := 0
	for _, c := range cs {
		if size += len(c.Args); size > pushBytes && len(sent) > 0 {
			break
		}
		if c.N == 0 {
			n++
			c.N = n
		}
		wire := protocol.Command{N: c.N, Mid: c.Mid, Kind: c.Kind, Args: c.Args, Deps: deps[c.Mid], Claimed: c.Claimed}
		if f := c.Former; f.Outcome != "" && !e.off(NoFormer) {
			wire.Former = &protocol.Former{Outcome: f.Outcome, Code: f.Code, Detail: f.Detail, At: f.At}
		}
		req.Cmds = append(req.Cmds, wire)
		sent = append(sent, outbox.Sent{Mid: c.Mid, N: c.N, Deps: deps[c.Mid]})
	}
	body, err := encode(req)
	if err != nil {
		return outbox.Flight{}, false, fmt.Errorf("encode the push: %w", err)
	}
	f := outbox.Flight{Body: body, Next: req.Next}
	e.crash("push.made")
	if err := e.box.Launch(ctx, f, sent); err != nil {
		return outbox.Flight{}, false, err
	}
	e.crash("push.kept")
	e.hub.status()
	return f, true, nil
}

// encode is JSON without escapes for HTML, which would make it longer than what
// its limits were held against.
func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimRight(b.Bytes(), "\n"), nil
}

// maxDeps is how many dependences the server takes for one command.
const maxDeps = 1000

// deps are, by mid, the earlier commands these depend on: what their runs read
// that those wrote, when they were given and now. Only those count that the
// server may still refuse or has refused, and that the person has not ended.
func (e *Engine) deps(ctx context.Context, cs []outbox.Command) (map[string][]string, error) {
	out := map[string][]string{}
	if e.off(NoDeps) {
		return out, nil
	}
	var ords []int64
	for _, c := range cs {
		ords = append(ords, c.Ord)
	}
	var now map[int64][]string
	err := e.rep.View(ctx, func(t *replica.Tx) (err error) {
		now, err = t.DepsOf(ords)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("find dependences: %w", err)
	}
	known := map[string]outbox.Command{}
	for _, c := range cs {
		var list []string
		for _, mid := range append(slices.Clone(c.Deps), now[c.Ord]...) {
			dep, ok := known[mid]
			if !ok {
				if dep, ok, err = e.box.Get(ctx, mid); err != nil {
					return nil, err
				}
				if !ok {
					continue
				}
				known[mid] = dep
			}
			open := dep.Outcome == "" || refusedOutcome(dep.Outcome)
			if dep.Ord < c.Ord && dep.Ended == "" && !dep.Archived && open && !slices.Contains(list, mid) {
				list = append(list, mid)
			}
		}
		// The latest are the nearest: what they depend on holds them in turn.
		if len(list) > maxDeps {
			list = list[len(list)-maxDeps:]
		}
		out[c.Mid] = list
	}
	return out, nil
}
