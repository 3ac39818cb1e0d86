package engine

import (
	"cmp"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/robfig/cron/v3"

	"qianshao/app/internal/replica"
	"qianshao/syncserver/office"
)

// tickPoll is how often a desk looks for what is new where pokes get lost, unless
// Options.Poll says otherwise.
const tickPoll = 60 * time.Second

// The desk's other ticks.
const (
	tickCopy  = "@every 1h" // a copy of the outbox
	tickScrub = "@every 6h" // every record is hashed again
)

// Pauses after failures: doubled each time, with up to half as much again by
// chance, so that many desks do not come back in one moment.
const (
	pauseMin = time.Second
	pauseMax = 60 * time.Second
)

// Wake makes Run sync soon: a command was given, the network changed, the
// machine woke up.
func (e *Engine) Wake() {
	select {
	case e.wake <- struct{}{}:
	default:
	}
}

// Run keeps this desk in sync until ctx ends: woken by what is given, by the
// server's pokes, by Wake and by its clock; after a failure it waits a little
// longer each time. It answers ctx's error.
func (e *Engine) Run(ctx context.Context) error {
	if e.o.ReadOnly {
		return ErrReadOnly
	}
	clock, err := e.clockwork(ctx)
	if err != nil {
		return err
	}
	clock.Start()
	var group sync.WaitGroup
	if e.o.Transport != nil {
		group.Go(func() { e.listen(ctx) })
		group.Go(func() { e.runLane(ctx) })
	}
	err = e.loop(ctx)
	<-clock.Stop().Done()
	group.Wait()
	return err
}

// clockwork is the desk's cron.
func (e *Engine) clockwork(ctx context.Context) (*cron.Cron, error) {
	c := cron.New(cron.WithLogger(cron.DiscardLogger), cron.WithChain(cron.Recover(cron.DiscardLogger), cron.SkipIfStillRunning(cron.DiscardLogger)))
	for _, job := range []struct {
		when string
		what string
		run  func(context.Context) error
	}{
		{"@every " + cmp.Or(e.o.Poll, tickPoll).String(), "poll", func(ctx context.Context) error { e.tickTerm(ctx); e.Wake(); e.wakeLane(); return nil }},
		{tickCopy, "copy the outbox", e.Copy},
		{tickScrub, "scrub", func(ctx context.Context) error { _, err := e.Scrub(ctx); return err }},
	} {
		_, err := c.AddFunc(job.when, func() {
			if err := job.run(ctx); err != nil && ctx.Err() == nil {
				e.log.Error("tick failed", "tick", job.what, "err", err)
			}
		})
		if err != nil {
			return nil, err
		}
	}
	return c, nil
}

// loop syncs whenever it is woken.
func (e *Engine) loop(ctx context.Context) error {
	fails := 0
	for {
		if !e.net.isOffline() && e.o.Transport != nil {
			_, err := e.Sync(ctx)
			switch {
			case err == nil:
				fails = 0
			case ctx.Err() != nil:
				return ctx.Err()
			default:
				fails++
				e.log.Info("sync failed", "code", codeOf(err), "fails", fails)
				if err := e.pause(ctx, fails); err != nil {
					return err
				}
				continue
			}
		}
		if err := e.Index(ctx); err != nil {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			e.log.Error("index for search", "err", err)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-e.wake:
		}
	}
}

// pause waits after a failure, until the person turns the switch at most.
func (e *Engine) pause(ctx context.Context, fails int) error {
	d := min(pauseMin<<min(fails-1, 10), pauseMax)
	var b [2]byte
	if _, err := io.ReadFull(e.o.Rand, b[:]); err != nil {
		return err
	}
	d += d / 2 * time.Duration(binary.BigEndian.Uint16(b[:])) >> 16
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
	case <-e.net.turn():
	}
	return nil
}

// listen keeps the server's stream of pokes open while the desk is on line.
func (e *Engine) listen(ctx context.Context) {
	fails := 0
	for ctx.Err() == nil {
		if !e.net.isOffline() {
			poked := false
			during, end := e.net.while(ctx)
			err := e.o.Transport.Poke(during, func([]office.Channel) {
				poked = true
				e.Wake()
			})
			end()
			if poked {
				fails = 0
			}
			if err != nil && ctx.Err() == nil {
				e.log.Debug("stream of pokes ended", "code", codeOf(err))
			}
		}
		fails++
		if e.pause(ctx, fails) != nil {
			return
		}
	}
}

// Copy makes a copy of the outbox in the vault.
func (e *Engine) Copy(ctx context.Context) error {
	ctx, done, err := e.writing(ctx)
	if err != nil {
		return err
	}
	defer done()
	return e.box.Copy(ctx, e.prof)
}

// Scrub hashes every record again and holds each channel against the sum the
// server told last. The bad rows of channels that differ are asked for by the
// next sync; it reports how many channels.
func (e *Engine) Scrub(ctx context.Context) (int, error) {
	if e.off(NoScrub) {
		return 0, nil
	}
	if err := e.rep.Verify(ctx); err != nil {
		return 0, fmt.Errorf("scrub: %w", err)
	}
	var bad []replica.ChanLane
	err := e.rep.View(ctx, func(t *replica.Tx) (err error) {
		bad, err = t.Scrub()
		return err
	})
	if err != nil || len(bad) == 0 {
		return 0, err
	}
	ctx, done, err := e.writing(ctx)
	if err != nil {
		return 0, err
	}
	defer done()
	_, err = e.rep.Update(ctx, func(t *replica.Tx) error {
		var errs error
		for _, c := range bad {
			e.log.Error("damaged record", "chan", c.Chan, "lane", c.Lane)
			errs = errors.Join(errs, t.Repair(c))
		}
		return errs
	})
	e.Wake()
	return len(bad), err
}
