package engine

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"qianshao/app/internal/replica"
	"qianshao/app/internal/replica/outbox"
	"qianshao/syncserver/office"
	"qianshao/syncserver/protocol"
)

// Do gives a command: it runs at once over what this desk shows and is queued
// for the server. A refusal shows now and queues nothing. Where the desk lacks
// a record the command needs, it is queued without foresight. The mid names
// the command everywhere. When Do returns, the command is on the disk.
func (e *Engine) Do(ctx context.Context, cmd office.Command) (mid string, err error) {
	if err := e.barred(); err != nil {
		return "", err
	}
	args, err := encode(cmd)
	if err != nil {
		return "", fmt.Errorf("encode %s: %w", cmd.Kind(), err)
	}
	return e.give(ctx, cmd.Kind(), args, "")
}

// DoJSON is Do for a command by its name and JSON arguments. It fills an
// absent "id" of a command that creates, and gives the id ("" if the command
// has none).
func (e *Engine) DoJSON(ctx context.Context, kind string, args json.RawMessage) (mid, id string, err error) {
	if err := e.barred(); err != nil {
		return "", "", err
	}
	if args, id, err = e.fillID(kind, args); err != nil {
		return "", "", err
	}
	mid, err = e.give(ctx, kind, args, "")
	return mid, id, err
}

func (e *Engine) fillID(kind string, args json.RawMessage) (json.RawMessage, string, error) {
	var m map[string]json.RawMessage
	if err := json.Unmarshal(args, &m); err != nil || m == nil {
		return args, "", nil // Decode says what is wrong with it
	}
	var id string
	if raw, ok := m["id"]; ok {
		_ = json.Unmarshal(raw, &id) // an id of another type is Decode's affair
		return args, id, nil
	}
	if e.o.Creates == nil || !e.o.Creates(kind) {
		return args, "", nil
	}
	id, err := office.NewID(e.o.Now(), e.o.Rand)
	if err != nil {
		return nil, "", fmt.Errorf("make an id: %w", err)
	}
	// Inserted into the text as it is, so that Decode still sees, and refuses,
	// arguments given twice.
	rest := bytes.TrimSpace(args)[1:]
	comma := ","
	if len(m) == 0 {
		comma = ""
	}
	return json.RawMessage(fmt.Sprintf(`{"id":%q%s%s`, id, comma, rest)), id, nil
}

// give runs and queues a command. again names the refused one it replaces.
func (e *Engine) give(ctx context.Context, kind string, args json.RawMessage, again string) (string, error) {
	if len(args) > protocol.MaxCommand {
		return "", office.Errorf(office.CodeTooLarge, "%d bytes of arguments, at most %d", len(args), protocol.MaxCommand)
	}
	// Decoded anew even where the caller had a command: what runs here is what
	// the server will decode, and Run may not change what the caller holds.
	if _, err := e.o.Commands.Decode(kind, args); err != nil {
		return "", err
	}
	if e.o.Class != nil && e.o.Class(kind) == office.Online && e.net.unreachable() {
		return "", &office.Error{Code: CodeOffline, Field: kind}
	}
	ctx, done, err := e.writing(ctx)
	if err != nil {
		return "", room(err)
	}
	defer done()
	now := e.o.Now()
	mid, err := office.NewID(now, e.o.Rand)
	if err != nil {
		return "", fmt.Errorf("make an id: %w", err)
	}
	c := outbox.Command{Mid: mid, Kind: kind, Args: args, Claimed: office.Millis(now), Blobs: e.blobsOf(kind, args)}
	if err := e.queue(ctx, c, again); err != nil {
		return "", room(err)
	}
	e.hub.status()
	e.Wake()
	if len(c.Blobs) > 0 {
		e.wakeLane()
	}
	return mid, nil
}

// queue is the transaction over both files: run, commit the outbox, commit the
// replica. Once the outbox is committed the command is given; if the replica
// then fails, it is brought in line later.
func (e *Engine) queue(ctx context.Context, c outbox.Command, again string) error {
	d, err := e.box.Desk(ctx)
	if err != nil {
		return err
	}
	var others []replica.Command // what stays waiting beside the command that is replaced
	if again != "" {
		all, err := e.waiting(ctx, d)
		if err != nil {
			return err
		}
		others = slices.DeleteFunc(all, func(o replica.Command) bool { return o.Mid == again })
	}
	var out replica.Outcome
	ord := d.Ord + 1
	given := false
	changed, err := e.rep.UpdateBefore(ctx, func(t *replica.Tx) error {
		if again != "" {
			if _, err := t.Rebase(replica.Rebase{Waiting: others, Ord: d.Ord}); err != nil {
				return err
			}
		}
		if out, err = t.Try(e.runnableAt(c, ord)); err != nil {
			return err
		}
		if out.Foresight == replica.Fails {
			if out.Fault != nil {
				e.fault(c.Mid, out.Fault)
				return fmt.Errorf("run %s: %w", c.Kind, out.Fault)
			}
			return out.Err
		}
		if c.Deps, err = t.Deps(out, 0); err != nil {
			return err
		}
		if c.Context, err = e.viewed(out.Saw); err != nil {
			return err
		}
		if err := t.Keep(ord, c.Mid, out); err != nil {
			return err
		}
		return t.SetOverlayOrd(ord)
	}, func(*replica.Tx) error {
		e.crash("do.run")
		if _, err := e.box.Add(ctx, c, again); err != nil {
			return err
		}
		given = true
		e.crash("do.outbox")
		return nil
	})
	if err != nil && given {
		e.log.Error("replica behind the outbox", "err", err)
		return nil
	}
	if err != nil {
		return err
	}
	e.crash("do.replica")
	e.hub.rows(changed)
	return nil
}

// overlay runs all waiting commands again.
func (e *Engine) overlay(ctx context.Context) error {
	d, err := e.box.Desk(ctx)
	if err != nil {
		return err
	}
	cmds, err := e.waiting(ctx, d)
	if err != nil {
		return err
	}
	changed, err := e.rep.Update(ctx, func(t *replica.Tx) error {
		_, err := t.Rebase(replica.Rebase{Waiting: cmds, Ord: d.Ord})
		return err
	})
	if err != nil {
		return err
	}
	e.hub.rows(changed)
	return nil
}

// runnable is a queued command ready to run.
func (e *Engine) runnable(c outbox.Command) replica.Command { return e.runnableAt(c, c.Ord) }

func (e *Engine) runnableAt(c outbox.Command, ord int64) replica.Command {
	return replica.Command{Ord: ord, Mid: c.Mid, Run: func(tx office.Tx) error {
		cmd, err := e.o.Commands.Decode(c.Kind, c.Args)
		if err != nil {
			return err
		}
		// Now is the moment it was given, whenever it runs again: otherwise
		// what is shown would change by itself.
		at := timeOf(c.Claimed)
		return e.o.Commands.Run(tx, office.Context{Actor: e.o.UID, Now: at, Claimed: at, Mid: c.Mid}, cmd)
	}}
}

// viewedMax is how much of what the person saw is kept with a command.
const viewedMax = 64 << 10

// viewed is what the person had before them, for the reconcile desk.
func (e *Engine) viewed(saw []office.Record) (json.RawMessage, error) {
	out := make([]Viewed, 0, len(saw))
	room := viewedMax
	for _, r := range saw {
		v := Viewed{Kind: r.Kind, ID: r.ID, Ver: r.Ver, Title: replica.TitleOf(e.o.Kinds.Get(r.Kind), r)}
		if room -= len(r.Body); room >= 0 {
			v.Body = r.Body
		}
		out = append(out, v)
	}
	return json.Marshal(out)
}
