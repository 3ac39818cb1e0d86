package engine

import (
	"context"
	"fmt"
	"time"

	"qianshao/app/internal/replica"
	"qianshao/syncserver/protocol"
)

// Check is the doctor of the files: it hashes every record again, holds records
// against channels and the overlay against the outbox, and names what is wrong
// in a line each; none = all is well. It writes nothing and needs no lock.
func (e *Engine) Check(ctx context.Context) ([]string, error) {
	d, err := e.box.Desk(ctx)
	if err != nil {
		return nil, err
	}
	var out []string
	err = e.rep.View(ctx, func(t *replica.Tx) error {
		bad, err := t.Scrub()
		if err != nil {
			return err
		}
		for _, c := range bad {
			shares, err := t.Shares(c)
			if err != nil {
				return err
			}
			rotten, lost := 0, 0
			for _, s := range shares {
				switch {
				case s.Sum == 0:
					lost++
				case s.Rotten:
					rotten++
				}
			}
			out = append(out, fmt.Sprintf("channel %s, lane %d: wrong sum: %d records damaged, %d lost; the next scrub and sync put them right", c.Chan, c.Lane, rotten, lost))
		}
		broken, err := t.BrokenCursors()
		if err != nil {
			return err
		}
		for _, c := range broken {
			out = append(out, fmt.Sprintf("channel %s, lane %d: broken chain: read to %d of %d", c.Chan, c.Lane, c.Pos, c.Head))
		}
		more, err := t.Orphans()
		if err != nil {
			return err
		}
		out = append(out, more...)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("check: %w", err)
	}
	m, err := e.rep.Meta(ctx)
	if err != nil {
		return nil, err
	}
	if m.OverlayOrd != d.Ord {
		out = append(out, fmt.Sprintf("the overlay is of step %d, the outbox at %d: it is built again when the profile is opened for writing", m.OverlayOrd, d.Ord))
	}
	return out, nil
}

// stuckAfter is how long a command may wait, while syncs are tried and fail,
// before the desk counts as stuck.
const stuckAfter = time.Hour

// Stuck says that commands do not get through though the server answers, ""
// if they do, if nobody has tried or if there is no network.
func (e *Engine) Stuck(ctx context.Context) (string, error) {
	n, err := e.box.Counts(ctx)
	if err != nil || n.Open == 0 || n.Oldest == 0 {
		return "", err
	}
	hs, err := e.box.History(ctx, 1)
	if err != nil || len(hs) == 0 {
		return "", err
	}
	switch hs[0].Error {
	case "", CodeOffline, protocol.CodeNetwork, protocol.CodeTimeout:
		return "", nil
	}
	if wait := time.Duration(hs[0].At-n.Oldest) * time.Millisecond; wait < stuckAfter {
		return "", nil
	}
	return fmt.Sprintf("stuck: %d commands wait, the oldest since %s; the last sync ended with %s", n.Open, timeOf(n.Oldest).Format(time.RFC3339), hs[0].Error), nil
}
