package bridge

import (
	"context"
	"encoding/json"
	"regexp"
	"slices"
	"strings"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/approval"
	"qianshao/syncserver/office/document"
)

// Shell is the window around the rooms: open documents, how the workbench is
// arranged, notices, links from outside.
type Shell struct{ core *core }

// What the window keeps on this desk lies among the drafts, so that it is
// protected as they are: titles and ids of papers are of the office.
const (
	windowPrefix = "window/"
	tabsKey      = windowPrefix + "tabs"
	seenKey      = windowPrefix + "seen"
	deskPrefix   = windowPrefix + "desk/"
	probeKey     = windowPrefix + "probe"
)

// maxTabs is the most open documents that are kept.
const maxTabs = 24

var tabPath = regexp.MustCompile(`^/(document|draft)/(?:([0-9A-Za-z_-]{1,64}))(?:/([0-9A-Za-z_-]{1,64}))?$`)

// tabOf says what a path shows: the paper's id, and the kind of a new one.
func tabOf(path string) (id, kind string, ok bool) {
	m := tabPath.FindStringSubmatch(path)
	switch {
	case m == nil:
		return "", "", false
	case m[1] == "document":
		return m[2], "", m[3] == "" && office.CheckID("id", m[2]) == nil
	}
	if !slices.Contains([]string{document.Incoming, document.Outgoing, document.Internal}, m[2]) {
		return "", "", false
	}
	return m[3], m[2], m[3] == "" || office.CheckID("id", m[3]) == nil
}

// Tabs are the documents that were open, with their titles of now.
func (s *Shell) Tabs() ([]Tab, error) {
	return signedIn(s.core, "Shell.Tabs", func(ctx context.Context, a *at) ([]Tab, error) {
		var paths []string
		if err := a.kept(ctx, tabsKey, &paths); err != nil {
			return nil, err
		}
		return a.tabs(ctx, paths)
	})
}

// SaveTabs keeps which documents are open and answers them with their titles.
// A path that is no document's is refused.
func (s *Shell) SaveTabs(paths []string) ([]Tab, error) {
	return signedIn(s.core, "Shell.SaveTabs", func(ctx context.Context, a *at) ([]Tab, error) {
		if len(paths) > maxTabs {
			return nil, office.Invalid("tabs", "at most %d", maxTabs)
		}
		for i, p := range paths {
			if _, _, ok := tabOf(p); !ok || slices.Contains(paths[:i], p) {
				return nil, office.Invalid("tabs", "%q", p)
			}
		}
		if err := a.keep(ctx, tabsKey, paths); err != nil {
			return nil, err
		}
		return a.tabs(ctx, paths)
	})
}

func (a *at) tabs(ctx context.Context, paths []string) ([]Tab, error) {
	out := make([]Tab, 0, len(paths))
	for _, p := range paths {
		id, kind, ok := tabOf(p)
		if !ok {
			continue // of a later version
		}
		t := Tab{Path: p, Kind: kind}
		if id != "" {
			h, here, err := get(ctx, a, document.Headers, id)
			if err != nil {
				return nil, err
			}
			t.Gone = !here
			if here {
				t.Title, t.Kind = h.Value.Title, h.Value.Direction
			} else if x := a.farTitle(ctx, id); x.title != "" {
				t.Title, t.Kind, t.Gone = x.title, x.kind, false
			}
		}
		var err error
		if t.Dirty, err = a.dirty(ctx, id, kind); err != nil {
			return nil, err
		}
		out = append(out, t)
	}
	return out, nil
}

// dirty reports whether something written about a paper was neither saved nor
// sent: an autosave of its editor, or words of an act not given.
func (a *at) dirty(ctx context.Context, id, kind string) (bool, error) {
	key := id
	if key == "" {
		key = kind
	}
	if _, ok, err := a.desk.Draft(ctx, draftKey(key)); err != nil || ok || id == "" {
		return ok, err
	}
	tasks, err := list(ctx, a, approval.Tasks, office.Query{View: "subject", Order: "created", Where: []office.Cond{
		office.Where("subject", id), office.Where("state", approval.TaskOpen), office.Where("person", string(a.uid)),
	}})
	if err != nil {
		return false, err
	}
	for _, t := range tasks {
		if _, ok, err := a.desk.Draft(ctx, wordsKey(t.ID)); err != nil || ok {
			return ok, err
		}
	}
	return false, nil
}

// Arrangement is how the person arranged a workbench; both lists are empty if
// they never did.
func (s *Shell) Arrangement(desk string) (Arrangement, error) {
	return signedIn(s.core, "Shell.Arrangement", func(ctx context.Context, a *at) (Arrangement, error) {
		var x Arrangement
		if !slices.Contains(desks, desk) {
			return x, office.Invalid("desk", "%q", desk)
		}
		return x, a.kept(ctx, deskPrefix+desk, &x)
	})
}

// Arrange keeps it.
func (s *Shell) Arrange(desk string, x Arrangement) error {
	return do(s.core, "Shell.Arrange", func(ctx context.Context, a *at) error {
		if !slices.Contains(desks, desk) {
			return office.Invalid("desk", "%q", desk)
		}
		for _, l := range [][]string{x.Order, x.Hidden} {
			if err := office.CheckIDs("pieces", l, 20); err != nil {
				return err
			}
		}
		return a.keep(ctx, deskPrefix+desk, x)
	})
}

var desks = []string{DeskLeader, DeskHead, DeskClerk, DeskAdmin}

// Link is where the last link from outside wants to lead, and when it was
// asked for: the page follows each once. What is on no list leads nowhere.
func (s *Shell) Link() (Followed, error) {
	return call(s.core, "Shell.Link", func(context.Context) (Followed, error) {
		link, at := s.core.host.Link()
		route, _ := Route(link)
		return Followed{Route: route, At: at}, nil
	})
}

// Tell shows a notification of the system; answering it leads to the route,
// which must be one that a notice has. Where the desktop has none, nothing
// happens.
func (s *Shell) Tell(id, title, body string) error {
	return do(s.core, "Shell.Tell", func(_ context.Context, a *at) error {
		if !noticeID.MatchString(id) {
			return office.Invalid("id", "%q", id)
		}
		s.core.host.Notify(id, clip(title, 80), clip(body, 160))
		return nil
	})
}

// Probe writes something small and takes it away again: whether the disk has
// room again.
func (s *Shell) Probe() error {
	return do(s.core, "Shell.Probe", func(ctx context.Context, a *at) error {
		if err := a.keep(ctx, probeKey, strings.Repeat("x", 16<<10)); err != nil {
			return err
		}
		return a.desk.DeleteDraft(ctx, probeKey)
	})
}

// clip cuts a text to n characters.
func clip(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	return string(r[:n-1]) + "…"
}

// keep and kept store what the window remembers.
func (a *at) keep(ctx context.Context, key string, v any) error {
	raw, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return a.desk.SaveDraft(ctx, key, raw)
}

func (a *at) kept(ctx context.Context, key string, v any) error {
	d, ok, err := a.desk.Draft(ctx, key)
	if err != nil || !ok {
		return err
	}
	_ = json.Unmarshal(d.Body, v) // what another version kept is not kept for this one
	return nil
}
