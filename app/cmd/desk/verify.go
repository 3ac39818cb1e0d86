package main

import (
	"context"
	"fmt"

	"qianshao/app/internal/engine"
	"qianshao/app/internal/settings"
	"qianshao/syncserver/office"
	"qianshao/syncserver/office/seal"
)

// verifyJSON is what a verification has seen.
type verifyJSON struct {
	Instances int      `json:"instances"`
	Events    int      `json:"events"`
	Keys      int      `json:"keys"`
	Broken    []string `json:"broken"`
}

// verify holds the traces that the server has sent to this desk together, with
// nothing but what is here. Whatever waits is left out: it is expected, not proven.
func verify(ctx context.Context, c *call) error {
	return c.reading(ctx, func(e *engine.Engine, _ settings.Profile) error {
		out := verifyJSON{Broken: []string{}}
		keys := map[string]seal.Key{}
		rs, err := e.Base(ctx, seal.Keys.Name)
		if err != nil {
			return err
		}
		for _, r := range rs {
			var k seal.Key
			if err := r.Decode(&k); err != nil {
				return err
			}
			keys[r.ID] = k
		}
		out.Keys = len(keys)
		if id := seal.CheckKeys(keys); id != "" {
			out.Broken = append(out.Broken, fmt.Sprintf("key %s: not vouched for by the key before", id))
		}
		events, err := byRoot(ctx, e, seal.EventKind)
		if err != nil {
			return err
		}
		opinions, err := byRoot(ctx, e, seal.OpinionKind)
		if err != nil {
			return err
		}
		instances, err := e.Base(ctx, seal.InstanceKind)
		if err != nil {
			return err
		}
		for _, i := range instances {
			out.Instances++
			out.Events += len(events[i.ID])
			broken, err := seal.Verify(i, events[i.ID], opinions[i.ID], keys)
			if err != nil {
				return err
			}
			if broken != nil {
				out.Broken = append(out.Broken, broken.String())
			}
		}
		return tell(c, out)
	})
}

// byRoot are all records of a child kind, as the server last said them, by root.
func byRoot(ctx context.Context, e *engine.Engine, kind string) (map[string][]office.Record, error) {
	rs, err := e.Base(ctx, kind)
	out := map[string][]office.Record{}
	for _, r := range rs {
		out[r.Root] = append(out[r.Root], r)
	}
	return out, err
}

func tell(c *call, out verifyJSON) error {
	if c.json {
		if err := writeJSON(c.out, out); err != nil {
			return err
		}
	} else {
		fmt.Fprintf(c.out, "%d 件流程，%d 条轨迹，%d 把公钥\n", out.Instances, out.Events, out.Keys)
		for _, b := range out.Broken {
			fmt.Fprintln(c.out, "断裂："+b)
		}
	}
	if len(out.Broken) > 0 {
		return fmt.Errorf("轨迹核验未通过：%d 处", len(out.Broken))
	}
	return nil
}
