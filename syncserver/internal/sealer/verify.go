package sealer

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"qianshao/syncserver/internal/store"
	"qianshao/syncserver/office"
	"qianshao/syncserver/office/seal"
)

// Found is what a verification has seen.
type Found struct {
	Instances, Events, Keys int
	Broken                  []string // a sentence each, without contents
}

// verifyPage is how many instances one snapshot holds together.
const verifyPage = 200

// Verify holds every trace of the store together, page by page, so that a large
// store needs no long snapshot.
func (s *Sealer) Verify(ctx context.Context) (Found, error) {
	var out Found
	for after := ""; ; {
		n, last := 0, ""
		var page Found
		err := s.Store.Read(ctx, func(q store.Q) error {
			n, last, page = 0, "", Found{}
			keys, err := s.keys(ctx, q)
			if err != nil {
				return err
			}
			page.Keys = len(keys)
			if after == "" {
				if id := seal.CheckKeys(keys); id != "" {
					page.Broken = append(page.Broken, fmt.Sprintf("key %s: not vouched for by the key before", id))
				}
			}
			list, err := s.Store.Rows.Page(ctx, q, seal.InstanceKind, after, verifyPage)
			if err != nil {
				return err
			}
			for _, i := range list {
				n, last = n+1, i.ID
				if err := s.one(ctx, q, i.Record, keys, &page); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return out, err
		}
		out.Instances += page.Instances
		out.Events += page.Events
		out.Keys = page.Keys
		out.Broken = append(out.Broken, page.Broken...)
		if n < verifyPage {
			return out, nil
		}
		after = last
	}
}

func (s *Sealer) one(ctx context.Context, q store.Q, inst office.Record, keys map[string]seal.Key, out *Found) error {
	events, err := s.Store.Rows.Children(ctx, q, seal.EventKind, inst.ID)
	if err != nil {
		return err
	}
	opinions, err := s.Store.Rows.Children(ctx, q, seal.OpinionKind, inst.ID)
	if err != nil {
		return err
	}
	out.Instances++
	out.Events += len(events)
	broken, err := seal.Verify(inst, events, opinions, keys)
	if err != nil {
		return err
	}
	if broken != nil {
		out.Broken = append(out.Broken, broken.String())
	}
	return nil
}

// Keys are the published keys, oldest first.
func (s *Sealer) Keys(ctx context.Context) ([]office.Item[seal.Key], error) {
	var out []office.Item[seal.Key]
	err := s.Store.Read(ctx, func(q store.Q) error {
		out = nil
		keys, err := s.keys(ctx, q)
		for id, k := range keys {
			out = append(out, office.Item[seal.Key]{Record: office.Record{ID: id}, Value: k})
		}
		return err
	})
	slices.SortFunc(out, func(a, b office.Item[seal.Key]) int {
		return cmp.Or(cmp.Compare(a.Value.Created, b.Value.Created), cmp.Compare(a.ID, b.ID))
	})
	return out, err
}

func (s *Sealer) keys(ctx context.Context, q store.Q) (map[string]seal.Key, error) {
	out := map[string]seal.Key{}
	err := store.Each(ctx, s.Store, q, seal.Keys, func(id string, k seal.Key) { out[id] = k })
	return out, err
}
