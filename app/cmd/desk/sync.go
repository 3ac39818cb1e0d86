package main

import (
	"context"
	"errors"
	"fmt"

	"qianshao/app/internal/engine"
	"qianshao/app/internal/settings"
)

// syncOnce sends and fetches once, or until it is interrupted.
func syncOnce(ctx context.Context, c *call) error {
	return c.writing(ctx, true, func(e *engine.Engine, _ settings.Profile) error {
		if c.flags.watch {
			return watch(ctx, c, e)
		}
		r, err := e.Sync(ctx)
		if err != nil {
			return err
		}
		files, ferr := e.SyncBlobs(ctx)
		if files.Sent > 0 { // what waited for them can go now
			again, err := e.Sync(ctx)
			if err != nil {
				return err
			}
			r.Pushed, r.Applied = r.Pushed+again.Pushed, r.Applied+again.Applied
			r.Refused, r.Pulled = r.Refused+again.Refused, r.Pulled+again.Pulled
		}
		if ferr != nil { // the records are in step all the same
			fmt.Fprintln(c.err, "附件：", ferr)
		}
		if err := e.Index(ctx); err != nil {
			return err
		}
		s := e.Status()
		if c.json {
			return writeLine(c.out, struct {
				engine.Report
				Waiting  int               `json:"waiting"`
				NeedsYou int               `json:"needs_you"`
				Files    engine.BlobReport `json:"files"`
			}{r, s.Waiting, s.NeedsYou, files})
		}
		fmt.Fprintf(c.out, "送达 %d（生效 %d，被拒 %d）· 取回 %d · 待送达 %d · 需您处理 %d\n",
			r.Pushed, r.Applied, r.Refused, r.Pulled, s.Waiting, s.NeedsYou)
		return nil
	})
}

// hour is one, in milliseconds.
const hour = 60 * 60 * 1000

// watch keeps the profile in step and prints the status each time it changes.
// An interrupt is its ordinary end.
func watch(ctx context.Context, c *call, e *engine.Engine) error {
	changes, stop := e.Changes()
	defer stop()
	done := make(chan error, 1)
	go func() { done <- e.Run(ctx) }()
	var last engine.Status
	first := true
	for {
		select {
		case err := <-done:
			if ctx.Err() != nil && (err == nil || errors.Is(err, context.Canceled)) {
				return nil
			}
			return err
		case _, open := <-changes:
			if !open {
				changes = nil
				continue
			}
			s := e.Status()
			s.Left = s.Left / hour * hour // it runs all the time
			if s == last && !first {
				continue
			}
			last, first = s, false
			if c.json {
				if err := writeLine(c.out, s); err != nil {
					return err
				}
				continue
			}
			fmt.Fprintf(c.out, "已同步至 %s · %d 件待送达 · %d 件需您处理 %s\n", clock(s.SyncedAt), s.Waiting, s.NeedsYou, s.LastError)
		}
	}
}
