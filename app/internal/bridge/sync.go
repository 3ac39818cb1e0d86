package bridge

import (
	"context"

	"qianshao/app/internal/engine"
)

// Sync is the sync line and its switch.
type Sync struct{ core *core }

// Status is what the sync line says.
func (s *Sync) Status() (Status, error) {
	return signedIn(s.core, "Sync.Status", func(_ context.Context, a *at) (Status, error) {
		return statusOf(a.desk.Status()), nil
	})
}

func statusOf(st engine.Status) Status {
	return Status{
		Online: st.Online, Offline: st.Offline, Running: st.Syncing, Loading: st.Loading,
		SyncedAt: st.SyncedAt, Waiting: st.Waiting, NeedsYou: st.NeedsYou, Error: string(st.LastError),
	}
}

// SetOffline is the person's switch: off line, nothing is sent or fetched.
func (s *Sync) SetOffline(off bool) (Status, error) {
	return signedIn(s.core, "Sync.SetOffline", func(_ context.Context, a *at) (Status, error) {
		a.desk.SetOffline(off)
		return statusOf(a.desk.Status()), nil
	})
}

// Now sends and fetches everything; it answers when that is done.
func (s *Sync) Now() (Status, error) {
	return signedIn(s.core, "Sync.Now", func(ctx context.Context, a *at) (Status, error) {
		_, err := a.desk.Sync(ctx)
		return statusOf(a.desk.Status()), err
	})
}
