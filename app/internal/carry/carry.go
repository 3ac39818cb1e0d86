// Package carry decides which files a desk fetches before anybody asks, and what
// of an autosave stays when its paper is taken away. It reads records and
// decides; it fetches and writes nothing.
package carry

import (
	"context"
	"fmt"
	"slices"
	"time"

	"qianshao/app/internal/engine"
	"qianshao/syncserver/office"
	"qianshao/syncserver/office/approval"
	"qianshao/syncserver/office/calendar"
	"qianshao/syncserver/office/document"
)

// ahead is how far before a meeting its files are fetched.
const ahead = 7 * 24 * time.Hour

// A Root names a record that files may belong to.
type Root struct{ Kind, ID string }

// Files are the files of the records under a root, in their order, each once.
func Files(ctx context.Context, ks *office.Kinds, r engine.Reader, root Root, keep bool) ([]engine.Want, error) {
	var out []engine.Want
	for _, k := range append([]*office.Kind{ks.Get(root.Kind)}, ks.Children(root.Kind)...) {
		if k == nil || len(k.Blobs) == 0 || k.Name == document.Versions.Name { // former versions are looked up on line
			continue
		}
		var rs []office.Record
		var err error
		if k.Name == root.Kind {
			var rec office.Record
			var ok bool
			if rec, ok, err = r.Get(ctx, root.Kind, root.ID); ok {
				rs = []office.Record{rec}
			}
		} else {
			rs, err = r.Children(ctx, k.Name, root.ID)
		}
		if err != nil {
			return nil, fmt.Errorf("find files of %s %s: %w", root.Kind, root.ID, err)
		}
		for _, rec := range rs {
			shas, err := office.BlobsOf(k, rec)
			if err != nil {
				return nil, err
			}
			var size struct {
				Size int64 `json:"size"`
			}
			if err := rec.Decode(&size); err != nil {
				return nil, err
			}
			for _, sha := range shas {
				if !slices.ContainsFunc(out, func(w engine.Want) bool { return w.SHA256 == sha }) {
					out = append(out, engine.Want{SHA256: sha, Size: size.Size, Keep: keep})
				}
			}
		}
	}
	return out, nil
}

// Wants is what a desk should have without being asked: the files of what is
// pinned, which stay — a bag for a journey (出差包) pins its papers — then, as far as there is room, those of open
// tasks and of the coming week's events.
func Wants(ks *office.Kinds) func(context.Context, engine.Reader, office.UserID, time.Time) ([]engine.Want, error) {
	return func(ctx context.Context, r engine.Reader, uid office.UserID, now time.Time) ([]engine.Want, error) {
		var roots []Root
		keep := map[Root]bool{}
		add := func(root Root, k bool) {
			if !slices.Contains(roots, root) {
				roots = append(roots, root)
			}
			keep[root] = keep[root] || k
		}
		pins, err := r.List(ctx, office.Query{Kind: office.Pins.Name, View: "mine", Where: []office.Cond{office.Where("owner", string(uid))}})
		if err != nil {
			return nil, err
		}
		for _, rec := range pins {
			var p office.Pin
			if err := rec.Decode(&p); err != nil {
				return nil, err
			}
			add(Root{p.Kind, p.ID}, true)
		}
		tasks, err := r.List(ctx, office.Query{Kind: approval.Tasks.Name, View: "mine", Order: "due_order", Where: []office.Cond{
			office.Where("person", string(uid)), office.Where("state", approval.TaskOpen),
		}})
		if err != nil {
			return nil, err
		}
		for _, rec := range tasks {
			var t approval.Task
			if err := rec.Decode(&t); err != nil {
				return nil, err
			}
			add(Root{t.SubjectKind, t.Subject}, false)
		}
		events, err := r.List(ctx, office.Query{Kind: calendar.Events.Name, View: "start", Where: []office.Cond{
			{Field: "end", Op: office.Ge, Value: office.Millis(now)}, {Field: "start", Op: office.Le, Value: office.Millis(now.Add(ahead))},
		}})
		if err != nil {
			return nil, err
		}
		for _, rec := range events {
			add(Root{calendar.Events.Name, rec.ID}, false)
		}
		var out []engine.Want
		for _, kept := range []bool{true, false} {
			for _, root := range roots {
				if keep[root] != kept {
					continue
				}
				ws, err := Files(ctx, ks, r, root, kept)
				if err != nil {
					return nil, err
				}
				for _, w := range ws {
					if !slices.ContainsFunc(out, func(x engine.Want) bool { return x.SHA256 == w.SHA256 }) {
						out = append(out, w)
					}
				}
			}
		}
		return out, nil
	}
}
