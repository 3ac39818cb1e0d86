package wiring

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

	"qianshao/syncserver/internal/store"
	"qianshao/syncserver/office/approval"
	"qianshao/syncserver/office/approval/bpmn"
	"qianshao/syncserver/office/directory"
)

// Flows are the newest published versions of all flows, by their keys.
func (s *Server) Flows(ctx context.Context) ([]approval.Definition, error) {
	newest := map[string]approval.Definition{}
	err := s.Store.Read(ctx, func(q store.Q) error {
		clear(newest)
		return store.Each(ctx, s.Store, q, approval.Definitions, func(_ string, d approval.Definition) {
			if d.State == approval.DefinitionPublished && d.Version > newest[d.Key].Version {
				newest[d.Key] = d
			}
		})
	})
	return slices.SortedFunc(maps.Values(newest), func(a, b approval.Definition) int { return cmp.Compare(a.Key, b.Key) }), err
}

// StandardFlows publishes the standard flows that the office does not have, and
// first makes the posts they name, so far without holders: until somebody holds
// one, what comes to it goes to the 文书. What is there already is left as it is.
func (s *Server) StandardFlows(ctx context.Context) (posts []approval.Post, flows []approval.Definition, err error) {
	have, err := s.Flows(ctx)
	if err != nil {
		return nil, nil, err
	}
	keys := map[string]bool{}
	for _, d := range have {
		keys[d.Key] = true
	}
	for _, p := range approval.StandardPosts() {
		there, err := s.has(ctx, directory.Posts.Name, p.ID)
		if err != nil {
			return posts, flows, err
		}
		if there {
			continue
		}
		if err := s.system(ctx, &directory.PutPost{ID: p.ID, Name: p.Name}); err != nil {
			return posts, flows, fmt.Errorf("make post %s: %w", p.ID, err)
		}
		posts = append(posts, p)
	}
	for _, d := range approval.Standard() {
		if keys[d.Key] {
			continue
		}
		if err := s.system(ctx, &approval.Publish{Definition: d}); err != nil {
			return posts, flows, fmt.Errorf("publish %s: %w", d.Key, err)
		}
		flows = append(flows, d)
	}
	return posts, flows, nil
}

// PublishFlow publishes the next version of a flow from BPMN. Instances under way
// keep the version they began with (W39).
func (s *Server) PublishFlow(ctx context.Context, xml string) (key string, version int, err error) {
	d, err := bpmn.Decode(xml)
	if err != nil {
		return "", 0, err
	}
	have, err := s.Flows(ctx)
	if err != nil {
		return "", 0, err
	}
	for _, h := range have {
		if h.Key == d.Key {
			version = h.Version
		}
	}
	return d.Key, version + 1, s.system(ctx, &bpmn.Publish{Key: d.Key, Base: version, XML: xml})
}
