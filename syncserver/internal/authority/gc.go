package authority

import (
	"context"
	"fmt"
	"time"

	"qianshao/syncserver/internal/store"
)

// GC drops rem entries and channel history from before a time, raising the
// channels' floors, and outcomes of commands older than KeepResults. It changes
// nothing that a desk sees: one whose cursor is older loads that channel again.
func (a *Authority) GC(ctx context.Context, before time.Time) error {
	var stale []store.ChanLane
	err := a.Store.Read(ctx, func(q store.Q) (err error) {
		stale, err = store.StaleChannels(ctx, q, before)
		return err
	})
	if err != nil {
		return fmt.Errorf("collect garbage: %w", err)
	}
	for _, c := range stale { // one short transaction each: commands wait for a counter only briefly
		if err := a.Store.Write(ctx, func(q store.Q) error { return store.Collect(ctx, q, c, before) }); err != nil {
			return fmt.Errorf("collect garbage: %w", err)
		}
	}
	if err := a.Store.Write(ctx, func(q store.Q) error { return store.ForgetResults(ctx, q, a.Now().Add(-KeepResults)) }); err != nil {
		return fmt.Errorf("collect garbage: %w", err)
	}
	return nil
}
