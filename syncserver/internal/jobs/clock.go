package jobs

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/robfig/cron/v3"
)

// Tick is one entry of a server's clockwork.
type Tick struct {
	Name string
	When string // cron's notation, with "@every 1s" and the like
	Do   func(ctx context.Context) error
}

// Clockwork calls each tick at its times until ctx ends, and returns when the
// last call has. A tick that is still running is not started again. Failures
// are logged.
func Clockwork(ctx context.Context, log *slog.Logger, ticks ...Tick) error {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	c := cron.New(cron.WithChain(cron.SkipIfStillRunning(cron.DiscardLogger)))
	for _, t := range ticks {
		if _, err := c.AddFunc(t.When, func() {
			if err := t.Do(ctx); err != nil && ctx.Err() == nil {
				log.Error("clockwork", "tick", t.Name, "err", err)
			}
		}); err != nil {
			return fmt.Errorf("tick %s: %w", t.Name, err)
		}
	}
	c.Start()
	<-ctx.Done()
	<-c.Stop().Done()
	return nil
}
