package bridge

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strings"

	"qianshao/app/internal/engine"
)

// Sync is the sync line and its switch.
type Sync struct{ core *core }

// Status is what the sync line says.
func (s *Sync) Status() (Status, error) {
	return signedIn(s.core, "Sync.Status", func(ctx context.Context, a *at) (Status, error) {
		return a.status(ctx)
	})
}

func statusOf(st engine.Status) Status {
	return Status{
		Online: st.Online, Offline: st.Offline, Running: st.Syncing, Loading: st.Loading,
		Lists: st.Lists, Staged: st.Staged,
		SyncedAt: st.SyncedAt, Waiting: st.Waiting, NeedsYou: st.NeedsYou, Error: string(st.LastError),
		Term: st.Term, Left: st.Left, Locked: st.Locked,
	}
}

// SetOffline is the person's switch: off line, nothing is sent or fetched.
func (s *Sync) SetOffline(off bool) (Status, error) {
	return signedIn(s.core, "Sync.SetOffline", func(ctx context.Context, a *at) (Status, error) {
		a.desk.SetOffline(off)
		return a.status(ctx)
	})
}

// Now sends and fetches everything; it answers when that is done.
func (s *Sync) Now() (Status, error) {
	return signedIn(s.core, "Sync.Now", func(ctx context.Context, a *at) (Status, error) {
		_, err := a.desk.Sync(ctx)
		st, serr := a.status(ctx)
		return st, cmp.Or(err, serr)
	})
}

// maxHistory is the most lines of the history that are shown; the export has
// more.
const maxHistory = 300

// History is the replication history, the newest line first.
func (s *Sync) History() ([]SyncLine, error) {
	return signedIn(s.core, "Sync.History", func(ctx context.Context, a *at) ([]SyncLine, error) {
		return a.history(ctx, maxHistory)
	})
}

func (a *at) history(ctx context.Context, limit int) ([]SyncLine, error) {
	lines, err := a.desk.History(ctx, limit)
	if err != nil {
		return nil, err
	}
	out := make([]SyncLine, 0, len(lines))
	for _, x := range lines {
		out = append(out, SyncLine{
			At: x.At, Sent: x.Pushed, Came: x.Pulled, Refused: x.Refused, Repairs: x.Repairs,
			Error: string(x.Error), Count: max(1, x.Count),
		})
	}
	return out, nil
}

// Here is what this machine holds of the office.
func (s *Sync) Here() (Here, error) {
	return signedIn(s.core, "Sync.Here", func(ctx context.Context, a *at) (Here, error) { return a.here(ctx) })
}

func (a *at) here(ctx context.Context) (Here, error) {
	known := a.host.Known()
	st := a.desk.Status()
	out := Here{Folder: known.Folder, Device: cmp.Or(st.Device, known.Device), Machine: known.Machine, SyncedAt: st.SyncedAt, AsOf: st.AsOf, Repairs: st.Repairs}
	out.Server, out.User = a.host.Remembered()
	h, err := a.desk.Here(ctx)
	if err != nil {
		return out, err
	}
	for k, n := range h.Kinds {
		out.Kinds = append(out.Kinds, KindCount{Kind: k, N: n})
	}
	slices.SortFunc(out.Kinds, func(x, y KindCount) int { return cmp.Or(cmp.Compare(y.N, x.N), cmp.Compare(x.Kind, y.Kind)) })
	for _, u := range h.Use {
		out.Use = append(out.Use, DiskUse(u))
	}
	drafts, err := a.desk.Drafts(ctx, "")
	if err != nil {
		return out, err
	}
	for _, d := range drafts {
		if !strings.HasPrefix(d.Key, windowPrefix) {
			out.Drafts++
		}
	}
	items, err := a.desk.Outbox(ctx, engine.Filter{Archived: true})
	out.Outbox = len(items)
	return out, err
}

// ExportLog writes the program's log with the history and what this machine
// holds into one file, and answers where. No content of a paper is in it.
func (s *Sync) ExportLog() (string, error) {
	return signedIn(s.core, "Sync.ExportLog", func(ctx context.Context, a *at) (string, error) {
		here, err := a.here(ctx)
		if err != nil {
			return "", err
		}
		lines, err := a.history(ctx, 2000)
		if err != nil {
			return "", err
		}
		events, err := a.desk.Events(ctx, 5000)
		if err != nil {
			return "", err
		}
		raw, err := json.MarshalIndent(struct {
			At      int64      `json:"at"`
			Program Program    `json:"program"`
			Here    Here       `json:"here"`
			History []SyncLine `json:"history"`
			// Events are what was out of the ordinary, and why.
			Events []engine.Event `json:"events"`
		}{a.now.UnixMilli(), s.core.host.Program(), here, lines, events}, "", "  ")
		if err != nil {
			return "", err
		}
		return s.core.host.ExportLog(raw)
	})
}
