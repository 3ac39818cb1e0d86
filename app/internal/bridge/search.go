package bridge

import (
	"context"
	"strings"

	"qianshao/syncserver/office/approval"
	"qianshao/syncserver/office/calendar"
	"qianshao/syncserver/office/contact"
	"qianshao/syncserver/office/directory"
	"qianshao/syncserver/office/document"
	"qianshao/syncserver/office/todo"
)

// Search finds records of this desk.
type Search struct{ core *core }

const maxHits = 40

// Find answers what the text finds on this desk, the newest first. An opinion
// or a body is found as its document; nothing is found twice.
func (s *Search) Find(text string) ([]Hit, error) {
	return signedIn(s.core, "Search.Find", func(ctx context.Context, a *at) ([]Hit, error) {
		text = strings.TrimSpace(text)
		if text == "" {
			return nil, nil
		}
		hits, err := a.desk.Search(ctx, text, 4*maxHits)
		if err != nil {
			return nil, err
		}
		names := a.names(ctx)
		var out []Hit
		seen := map[string]bool{}
		for _, h := range hits {
			hit, ok, err := a.hit(ctx, names, h.Kind, h.ID, h.Root, h.Title)
			if err != nil {
				return nil, err
			}
			if !ok || seen[hit.Kind+"\x00"+hit.ID] {
				continue
			}
			seen[hit.Kind+"\x00"+hit.ID] = true
			if out = append(out, hit); len(out) == maxHits {
				break
			}
		}
		return out, nil
	})
}

// hit is a found record as something that can be opened.
func (a *at) hit(ctx context.Context, names *book, kind, id, root, title string) (Hit, bool, error) {
	switch kind {
	case document.Headers.Name:
		return a.documentHit(ctx, names, id)
	case document.Bodies.Name, document.Versions.Name:
		return a.documentHit(ctx, names, root)
	case approval.Opinions.Name, approval.Tasks.Name:
		inst, ok, err := get(ctx, a, approval.Instances, root)
		if err != nil || !ok {
			return Hit{}, false, err
		}
		return a.documentHit(ctx, names, inst.Value.Subject)
	case approval.Instances.Name:
		inst, ok, err := get(ctx, a, approval.Instances, id)
		if err != nil || !ok {
			return Hit{}, false, err
		}
		return a.documentHit(ctx, names, inst.Value.Subject)
	case directory.People.Name:
		p, ok, err := get(ctx, a, directory.People, id)
		if err != nil || !ok || !p.Value.IsActive() {
			return Hit{}, false, err
		}
		return Hit{Kind: "person", ID: id, Title: p.Value.Name, Sub: joinDot(names.unit(p.Value.Unit), p.Value.Title, p.Value.Phone)}, true, nil
	case contact.Cards.Name:
		c, ok, err := get(ctx, a, contact.Cards, id)
		if err != nil || !ok {
			return Hit{}, false, err
		}
		return Hit{Kind: "card", ID: id, Title: c.Value.Name, Sub: joinDot(c.Value.Org, c.Value.Title)}, true, nil
	case todo.Items.Name:
		return Hit{Kind: "todo", ID: id, Title: title}, true, nil
	case calendar.Events.Name:
		return Hit{Kind: "event", ID: id, Title: title}, true, nil
	}
	return Hit{}, false, nil
}

func (a *at) documentHit(ctx context.Context, names *book, id string) (Hit, bool, error) {
	h, ok, err := get(ctx, a, document.Headers, id)
	if err != nil || !ok {
		return Hit{}, false, err
	}
	row := a.documentRow(names, h, marks{})
	return Hit{Kind: "document", ID: id, Root: row.Kind, Title: row.Title, Sub: joinDot(row.Number, row.Unit, row.Step)}, true, nil
}

// joinDot joins what is not empty with a middle dot.
func joinDot(parts ...string) string {
	var out []string
	for _, p := range parts {
		if p != "" {
			out = append(out, p)
		}
	}
	return strings.Join(out, " · ")
}
