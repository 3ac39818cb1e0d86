package authority

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"qianshao/syncserver/internal/jobs"
	"qianshao/syncserver/office"
	"qianshao/syncserver/protocol"
)

// JobCommandAt is the job of giving a command of the system at a time: a timer.
// Its arguments are {due, command, args}: milliseconds, the command's kind, the
// command's arguments.
const JobCommandAt = "command.at"

type timer struct {
	Due     int64           `json:"due"`
	Command string          `json:"command"`
	Args    json.RawMessage `json:"args"`
}

// commandAt gives a timer's command. The mid comes from the job, so that a
// timer that fires twice acts once. A refusal is the command's recorded
// outcome and ends the timer.
func (a *Authority) commandAt(ctx context.Context, j jobs.Job) error {
	var t timer
	if err := json.Unmarshal(j.Args, &t); err != nil {
		return fmt.Errorf("read timer: %w", err)
	}
	cmd, err := a.Commands.Decode(t.Command, t.Args)
	if err != nil {
		return fmt.Errorf("decode command of timer: %w", err)
	}
	res, err := a.As(ctx, office.System, office.DeriveFrom(j.ID, "timer"), time.Time{}, cmd)
	if err != nil {
		return err
	}
	if res.Outcome == protocol.Quarantined {
		return errors.New("command of timer is in quarantine")
	}
	return nil
}

// RunJobs does all jobs that are due and gives how many it did.
func (a *Authority) RunJobs(ctx context.Context) (int, error) { return a.queue.Run(ctx) }

// Times of the clockwork.
const (
	KeepEntries = 45 * 24 * time.Hour  // a desk away longer than this loads its channels again
	KeepResults = 400 * 24 * time.Hour // at least so long is a command's outcome known
)

// RunDue is the server's clockwork: it does jobs as they come due, at once when
// a commit leaves one, passes pokes between servers over one database and
// collects garbage every night, until ctx ends.
func (a *Authority) RunDue(ctx context.Context) error {
	due := func(ctx context.Context) error {
		_, err := a.RunJobs(ctx)
		return err
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	var others sync.WaitGroup
	others.Go(func() { a.runRelay(ctx) })
	others.Go(func() {
		for {
			select {
			case <-ctx.Done():
				return
			case <-a.wake:
				if err := due(ctx); err != nil && ctx.Err() == nil {
					a.Log.Error("jobs after commit", "err", err)
				}
			}
		}
	})
	if _, err := a.Age(ctx); err != nil && ctx.Err() == nil {
		a.Log.Error("age", "err", err)
	}
	err := jobs.Clockwork(ctx, a.Log,
		jobs.Tick{Name: "jobs", When: "@every 5s", Do: due},
		jobs.Tick{Name: "gc", When: "30 3 * * *", Do: func(ctx context.Context) error { return a.GC(ctx, a.Now().Add(-KeepEntries)) }},
		jobs.Tick{Name: "age", When: "@every 10m", Do: func(ctx context.Context) error { _, err := a.Age(ctx); return err }},
		jobs.Tick{Name: "files", When: "50 3 * * *", Do: func(ctx context.Context) error { return a.BlobGC(ctx, a.Now().Add(-KeepOrphans)) }},
	)
	stop()
	others.Wait()
	return err
}
