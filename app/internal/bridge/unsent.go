package bridge

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strings"

	"qianshao/app/internal/carry"
	"qianshao/app/internal/engine"
	"qianshao/syncserver/office"
	"qianshao/syncserver/office/approval"
	"qianshao/syncserver/office/document"
)

// CodeUnsent refuses a sign-out while the server lacks something of the
// person's; see Session.Unsent.
const CodeUnsent office.Code = "unsent"

// Kinds of unsent work.
const (
	UnsentWaiting = "waiting" // given, not delivered
	UnsentRefused = "refused" // refused and not ended by the person
	UnsentDraft   = "draft"   // in the editor, not saved
	UnsentWords   = "words"   // an opinion written, the act not given
	UnsentLost    = "lost"    // written in a paper that was taken away
)

// Farewell remembers, for as long as the program runs, the words that the person
// wrote and nobody else has: their desk is about to be wiped. No title or text of
// the office is kept.
func (r *Rooms) Farewell() {
	us, err := signedIn(r.core, "Rooms.Farewell", func(ctx context.Context, a *at) ([]Unsent, error) { return a.unsent(ctx) })
	if err != nil {
		r.core.log.Error("words of a revoked desk", "err", err)
		return
	}
	var words []Unsent
	for _, u := range us {
		if u.Words != "" {
			words = append(words, Unsent{Kind: u.Kind, At: u.At, Words: u.Words})
		}
	}
	r.core.left.Store(&words)
}

// Unsent names what of the person's the server does not have, the newest first.
// On a wiped device these are the words that Farewell remembered.
func (s *Session) Unsent() ([]Unsent, error) {
	if left := s.core.left.Load(); left != nil && s.core.host.Known().Wiped {
		return *left, nil
	}
	return signedIn(s.core, "Session.Unsent", func(ctx context.Context, a *at) ([]Unsent, error) {
		return a.unsent(ctx)
	})
}

func (a *at) unsent(ctx context.Context) ([]Unsent, error) {
	items, err := a.given(ctx, engine.Filter{})
	if err != nil {
		return nil, err
	}
	names := a.names(ctx)
	var out []Unsent
	for _, x := range items {
		kind := ""
		switch {
		case x.NeedsYou:
			kind = UnsentRefused
		case x.State == engine.StateQueued || x.State == engine.StateSent:
			kind = UnsentWaiting
		default:
			continue
		}
		ab, err := a.about(ctx, names, x)
		if err != nil {
			return nil, err
		}
		name, _, _ := strings.Cut(x.Command, "@")
		out = append(out, Unsent{Kind: kind, Title: ab.title, Command: name, At: x.Claimed, Words: parseArgs(x.Args).Words, Route: "/reconcile/" + x.Mid})
	}
	drafts, err := a.desk.Drafts(ctx, "")
	if err != nil {
		return nil, err
	}
	for _, d := range drafts {
		room, key, _ := strings.Cut(d.Key, "/")
		switch room {
		case "document":
			var x Autosave
			if json.Unmarshal(d.Body, &x) != nil {
				continue
			}
			u := Unsent{Kind: UnsentDraft, Title: x.Now.Title, At: d.At, Route: "/draft/" + key}
			_, u.Words = carry.Words(d.Body)
			if x.Now.ID != "" {
				u.Route = "/draft/" + x.Now.Kind + "/" + x.Now.ID
			}
			out = append(out, u)
		case "lost":
			u := Unsent{Kind: UnsentLost, At: d.At, Route: "/document/" + key}
			if json.Unmarshal(d.Body, &u.Words) == nil && u.Words != "" {
				out = append(out, u)
			}
		case "words":
			u := Unsent{Kind: UnsentWords, At: d.At}
			if json.Unmarshal(d.Body, &u.Words) != nil || u.Words == "" {
				continue
			}
			if t, ok, err := get(ctx, a, approval.Tasks, key); err != nil {
				return nil, err
			} else if ok {
				u.Title, u.Route = t.Value.Title, "/document/"+t.Value.Subject
				if h, ok, err := get(ctx, a, document.Headers, t.Value.Subject); err != nil {
					return nil, err
				} else if ok {
					u.Title = h.Value.Title
				}
			}
			out = append(out, u)
		}
	}
	slices.SortStableFunc(out, func(x, y Unsent) int { return cmp.Compare(y.At, x.At) })
	return out, nil
}
