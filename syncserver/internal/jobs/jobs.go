// Package jobs is work that follows a command: queued in the command's own
// transaction, done after its commit, at least once, by whichever server comes
// first. It knows no command and no person; what a job means is in the handler
// that the authority lists for its kind.
package jobs

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"qianshao/syncserver/internal/store"
	"qianshao/syncserver/office"
	"qianshao/syncserver/rowsql"
)

// Job is one piece of queued work.
type Job struct {
	ID    string
	Kind  string
	Args  json.RawMessage
	Due   time.Time // not before; the zero time is "at once"
	Tries int       // started so far, this one included
}

// Handler does jobs of one kind. It may be called again for a job that it has
// done already: it must make repetition harmless. An error has the job tried
// again later.
type Handler func(ctx context.Context, j Job) error

const (
	// Lease is how long a job counts as being done; after that another
	// server may take it over.
	Lease = 2 * time.Minute
	// MaxTries is how often a failing job is tried before it is set aside,
	// where the doctor finds it.
	MaxTries = 12
)

// Backoff is how long a job rests after its nth failure: 1 s, 2 s, 4 s … up to
// an hour.
func Backoff(n int) time.Duration {
	d := time.Second << max(0, min(n-1, 20))
	return min(d, time.Hour)
}

// Add queues jobs within the transaction of the command that asked for them.
func Add(ctx context.Context, q store.Q, at time.Time, js ...Job) error {
	for _, j := range js {
		if _, err := q.ExecContext(ctx, "INSERT INTO job (id, kind, args, due, at) VALUES (?, ?, ?, ?, ?)", j.ID, j.Kind, string(j.Args), office.Millis(j.Due), office.Millis(at)); err != nil {
			return fmt.Errorf("queue job: %w", err)
		}
	}
	return nil
}

// Queue does what is queued. Several queues over one database, in one process
// or many, share the work.
type Queue struct {
	Store    *store.Store
	Handlers map[string]Handler
	Now      func() time.Time
	Log      *slog.Logger
}

// Run does all jobs that are due and gives how many it did. Jobs that fail are
// put back for later and are no error; a database that fails is.
func (x *Queue) Run(ctx context.Context) (int, error) {
	n := 0
	for {
		j, ok, err := x.claim(ctx)
		if err != nil || !ok {
			return n, err
		}
		did := x.do(ctx, j)
		if ctx.Err() != nil {
			return n, ctx.Err() // its lease will end
		}
		if err := x.finish(ctx, j, did); err != nil {
			return n, err
		}
		if did == nil {
			n++
		}
	}
}

// claim takes the job that is due longest and that nobody is doing.
func (x *Queue) claim(ctx context.Context) (j Job, ok bool, err error) {
	err = x.Store.Write(ctx, func(q store.Q) error {
		now := x.Now()
		pick := "SELECT id FROM job WHERE state = 'queued' AND due <= ? AND lease <= ? ORDER BY due, id LIMIT 1"
		if q.Dialect() == rowsql.Postgres {
			pick += " FOR UPDATE SKIP LOCKED"
		}
		var args string
		var due int64
		ok = true
		err := q.QueryRowContext(ctx, "UPDATE job SET lease = ?, tries = tries + 1 WHERE id = ("+pick+") RETURNING id, kind, args, due, tries",
			office.Millis(now.Add(Lease)), office.Millis(now), office.Millis(now)).Scan(&j.ID, &j.Kind, &args, &due, &j.Tries)
		if err == sql.ErrNoRows {
			ok = false
			return nil
		}
		if err != nil {
			return fmt.Errorf("claim job: %w", err)
		}
		j.Args = json.RawMessage(args)
		if due != 0 {
			j.Due = time.UnixMilli(due)
		}
		return nil
	})
	return j, ok, err
}

func (x *Queue) do(ctx context.Context, j Job) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic of type %T", p) // its text might quote contents
		}
	}()
	h := x.Handlers[j.Kind]
	if h == nil {
		return errors.New("no handler")
	}
	return h(ctx, j)
}

// finish drops a job that is done; one that failed rests and is tried again.
func (x *Queue) finish(ctx context.Context, j Job, failure error) error {
	return x.Store.Write(ctx, func(q store.Q) error {
		if failure == nil {
			if _, err := q.ExecContext(ctx, "DELETE FROM job WHERE id = ?", j.ID); err != nil {
				return fmt.Errorf("finish job: %w", err)
			}
			return nil
		}
		state := "queued"
		if j.Tries >= MaxTries {
			state = "failed"
		}
		if x.Log != nil {
			x.Log.Warn("job failed", "job", j.ID, "kind", j.Kind, "tries", j.Tries, "state", state, "err", failure)
		}
		if _, err := q.ExecContext(ctx, "UPDATE job SET state = ?, lease = ?, error = ? WHERE id = ?",
			state, office.Millis(x.Now().Add(Backoff(j.Tries))), failure.Error(), j.ID); err != nil {
			return fmt.Errorf("put job back: %w", err)
		}
		return nil
	})
}

// Failed are the ids of jobs that were set aside.
func Failed(ctx context.Context, q store.Q) ([]string, error) {
	rs, err := q.QueryContext(ctx, "SELECT id FROM job WHERE state = 'failed' ORDER BY id")
	if err != nil {
		return nil, fmt.Errorf("read jobs: %w", err)
	}
	defer rs.Close()
	var out []string
	for rs.Next() {
		var id string
		if err := rs.Scan(&id); err != nil {
			return nil, fmt.Errorf("read jobs: %w", err)
		}
		out = append(out, id)
	}
	return out, rs.Err()
}
