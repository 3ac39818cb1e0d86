package engine

import (
	"context"
	"fmt"

	"qianshao/app/internal/replica"
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
			out = append(out, fmt.Sprintf("a record of channel %s, lane %d, is damaged", c.Chan, c.Lane))
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
