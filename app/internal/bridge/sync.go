package bridge

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strings"

	"qianshao/app/internal/engine"
	"qianshao/syncserver/office"
	"qianshao/syncserver/office/directory"
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

// Events are what was out of the ordinary in the replication, the newest first.
func (s *Sync) Events() ([]SyncEvent, error) {
	return signedIn(s.core, "Sync.Events", func(ctx context.Context, a *at) ([]SyncEvent, error) {
		es, err := a.desk.Events(ctx, maxHistory)
		if err != nil {
			return nil, err
		}
		names := a.names(ctx)
		out := make([]SyncEvent, 0, len(es))
		for _, x := range es {
			e := SyncEvent{At: x.At, What: x.What, Why: whyOf(x), Rows: x.Rows, Lane: x.Lane}
			kind, id, _ := strings.Cut(x.Chan, ":")
			switch e.Of = kind; kind {
			case "u":
				e.Of = "me"
			case "unit":
				e.Name = names.unit(id)
			case "post":
				e.Name = nameOf(ctx, a, directory.Posts, id, func(p directory.Post) string { return p.Name })
			case "role":
				e.Name = nameOf(ctx, a, directory.Roles, id, func(r directory.Role) string { return r.Name })
			}
			if e.Of != "" && e.Of != "me" && e.Of != "org" && e.Name == "" {
				e.Name = id // no longer on this desk
			}
			out = append(out, e)
		}
		return out, nil
	})
}

func nameOf[T any](ctx context.Context, a *at, k office.Of[T], id string, name func(T) string) string {
	r, ok, err := get(ctx, a, k, id)
	if err != nil || !ok {
		return ""
	}
	return name(r.Value)
}

// whys are the codes of the reasons, of which the window has a sentence each.
var whys = map[string]string{
	engine.WhyMended: "mended", engine.WhyDiffers: "differs", engine.WhyBusy: "sums", engine.WhyTooMany: "sums", engine.WhyOld: "old",
	engine.WhyHistory: "history", engine.WhyCopy: "copy", engine.WhyForgotten: "forgotten", engine.WhyReplayed: "replayed",
	engine.WhyAnew: "anew", engine.WhyBack: "back", engine.WhyOwnWords: "own_words", engine.WhyFetched: "fetched", engine.WhyOlder: "older",
	engine.WhyWiped: "wiped", engine.WhyTooOld: "too_old", engine.WhyBlobAgain: "blob_again", engine.WhyBlobBad: "blob_bad", engine.WhyBlobGone: "blob_gone",
}

// whyOf is the code of an event's reason; where a reason tells of all that was
// read it is another one than where it tells of one channel.
func whyOf(x engine.Event) string {
	why := whys[x.Why]
	if why == "history" && x.Chan == "" {
		return "history_all"
	}
	if why == "" && x.What == "upgrade" {
		return "older"
	}
	return why
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
