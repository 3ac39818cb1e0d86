package bridge

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"qianshao/app/internal/engine"
	"qianshao/syncserver/office/approval"
	"qianshao/syncserver/office/calendar"
	"qianshao/syncserver/office/contact"
	"qianshao/syncserver/office/directory"
	"qianshao/syncserver/office/document"
	"qianshao/syncserver/office/todo"
)

// Search finds records of this desk.
type Search struct{ core *core }

const (
	maxHits    = 40
	maxInGroup = 12
)

// Groups of hits, in the order they are shown.
var hitGroups = []string{"person", "document", "opinion", "todo", "event", "card"}

// Find answers what the text finds on this desk, by group, the newest first in
// each. A body is found as its document; a document is found once, by its best
// part; an opinion leads to its document.
func (s *Search) Find(text string) ([]Hit, error) {
	return signedIn(s.core, "Search.Find", func(ctx context.Context, a *at) ([]Hit, error) {
		text = strings.TrimSpace(text)
		if text == "" {
			return nil, nil
		}
		found, err := a.desk.Search(ctx, text, 4*maxHits)
		if err != nil {
			return nil, err
		}
		f := finder{at: a, ctx: ctx, names: a.names(ctx), words: wordsOfQuery(text)}
		byKey := map[string]int{}
		var out []Hit
		for _, h := range found {
			hit, ok, err := f.hit(h)
			if err != nil {
				return nil, err
			}
			if !ok {
				continue
			}
			key := hit.Group + "\x00" + hit.ID
			if hit.Group == "opinion" {
				key += "\x00" + h.ID
			}
			if i, had := byKey[key]; had {
				// The title and the number say more than a place in the text.
				if weight(hit.Part) > weight(out[i].Part) {
					out[i] = hit
				}
				continue
			}
			byKey[key] = len(out)
			out = append(out, hit)
		}
		n := map[string]int{}
		out = slices.DeleteFunc(out, func(h Hit) bool { n[h.Group]++; return n[h.Group] > maxInGroup })
		slices.SortStableFunc(out, func(x, y Hit) int {
			return cmp.Compare(slices.Index(hitGroups, x.Group), slices.Index(hitGroups, y.Group))
		})
		return out[:min(len(out), maxHits)], nil
	})
}

// weight is how much it says that a part of a paper was found.
func weight(part string) int {
	switch part {
	case "file":
		return 0
	case "body":
		return 1
	}
	return 2
}

// finder makes hits of one search.
type finder struct {
	*at
	ctx   context.Context
	names *book
	words []string
}

// part is a text that may have matched, with the name the window knows it by.
type part struct{ name, text string }

// hit is a found record as something that can be opened.
func (f *finder) hit(h engine.Hit) (Hit, bool, error) {
	switch h.Kind {
	case document.Headers.Name:
		return f.document(h.ID, nil)
	case document.Bodies.Name:
		body, ok, err := get(f.ctx, f.at, document.Bodies, h.ID)
		if err != nil || !ok {
			return Hit{}, false, err
		}
		return f.document(h.Root, body.Value.Blocks)
	case document.Attachments.Name: // a file is found as its paper
		file, ok, err := get(f.ctx, f.at, document.Attachments, h.ID)
		if err != nil || !ok {
			return Hit{}, false, err
		}
		out, ok, err := f.document(h.Root, nil)
		f.mark(&out, part{"file", file.Value.Name})
		return out, ok, err
	case approval.Opinions.Name:
		return f.opinion(h)
	case directory.People.Name:
		p, ok, err := get(f.ctx, f.at, directory.People, h.ID)
		if err != nil || !ok || !p.Value.IsActive() {
			return Hit{}, false, err
		}
		v := p.Value
		out := Hit{Kind: "person", Group: "person", ID: h.ID, Title: v.Name, Sub: joinDot(f.names.unit(v.Unit), v.Title, v.Phone)}
		f.mark(&out, part{"name", v.Name}, part{"pinyin", v.Pinyin}, part{"other", joinDot(v.Title, v.Phone, v.Room)})
		if out.Part == "other" && f.bySound(v.Pinyin, v.Initials) {
			out.Part, out.Snippet = "pinyin", []Piece{{Text: v.Pinyin}}
		}
		return out, true, nil
	case contact.Cards.Name:
		c, ok, err := get(f.ctx, f.at, contact.Cards, h.ID)
		if err != nil || !ok {
			return Hit{}, false, err
		}
		v := c.Value
		out := Hit{Kind: "card", Group: "card", ID: h.ID, Title: v.Name, Sub: joinDot(v.Org, v.Title)}
		f.mark(&out, part{"name", v.Name}, part{"other", joinDot(v.Org, v.Title, strings.Join(v.Phones, " "), strings.Join(v.Mails, " "), v.Address, v.Note)})
		return out, true, nil
	case todo.Items.Name:
		x, ok, err := get(f.ctx, f.at, todo.Items, h.ID)
		if err != nil || !ok {
			return Hit{}, false, err
		}
		out := Hit{Kind: "todo", Group: "todo", ID: h.ID, Title: x.Value.Title}
		f.mark(&out, part{"title", x.Value.Title}, part{"other", x.Value.Note})
		return out, true, nil
	case calendar.Events.Name:
		x, ok, err := get(f.ctx, f.at, calendar.Events, h.ID)
		if err != nil || !ok {
			return Hit{}, false, err
		}
		out := Hit{Kind: "event", Group: "event", ID: h.ID, Title: x.Value.Title, Sub: x.Value.Place}
		f.mark(&out, part{"title", x.Value.Title}, part{"other", joinDot(x.Value.Place, x.Value.Note)})
		return out, true, nil
	}
	return Hit{}, false, nil
}

// document is a paper found by its header or, with blocks, by its text.
func (f *finder) document(id string, blocks []document.Block) (Hit, bool, error) {
	h, ok, err := get(f.ctx, f.at, document.Headers, id)
	if err != nil || !ok {
		return Hit{}, false, err
	}
	v := h.Value
	row := f.documentRow(f.names, h, marks{})
	out := Hit{Kind: "document", Group: "document", ID: id, Root: row.Kind, Title: row.Title, Sub: joinDot(row.Number, row.Unit, row.Step)}
	if blocks != nil {
		texts := make([]string, 0, len(blocks))
		for _, b := range blocks {
			texts = append(texts, b.Text)
		}
		f.mark(&out, part{"body", strings.Join(texts, "\n")})
		return out, true, nil
	}
	number := part{"number", v.Number}
	if v.Direction == document.Incoming {
		number.name = "register"
	}
	f.mark(&out, part{"title", v.Title}, number, part{"from_number", v.FromNumber}, part{"from", v.From},
		part{"to", strings.Join(v.To, "、")}, part{"issuer", v.Issuer})
	return out, true, nil
}

// opinion is what somebody wrote on a paper.
func (f *finder) opinion(h engine.Hit) (Hit, bool, error) {
	o, ok, err := get(f.ctx, f.at, approval.Opinions, h.ID)
	if err != nil || !ok {
		return Hit{}, false, err
	}
	inst, ok, err := get(f.ctx, f.at, approval.Instances, h.Root)
	if err != nil || !ok {
		return Hit{}, false, err
	}
	d, ok, err := get(f.ctx, f.at, document.Headers, inst.Value.Subject)
	if err != nil || !ok {
		return Hit{}, false, err
	}
	out := Hit{
		Kind: "document", Group: "opinion", ID: d.ID, Root: d.Value.Direction, Title: d.Value.Title,
		Sub: joinDot(f.names.name(o.Value.Actor), o.Value.StepName),
	}
	f.mark(&out, part{"words", o.Value.Words})
	return out, true, nil
}

// bySound reports whether the words begin a spelling of a name.
func (f *finder) bySound(pinyin, initials string) bool {
	whole := strings.ReplaceAll(pinyin, " ", "")
	return slices.ContainsFunc(f.words, func(w string) bool {
		return strings.HasPrefix(whole, w) || strings.HasPrefix(initials, w) || slices.ContainsFunc(strings.Fields(pinyin), func(s string) bool { return strings.HasPrefix(s, w) })
	})
}

// mark sets which part matched and a piece of its text: of the parts the first
// that holds one of the words, otherwise the last.
func (f *finder) mark(h *Hit, parts ...part) {
	for _, p := range parts {
		cut := snippet
		if p.name == "title" || p.name == "name" {
			cut = titled
		}
		if s, ok := cut(p.text, f.words); ok {
			h.Part, h.Snippet = p.name, s
			return
		}
	}
	last := parts[len(parts)-1]
	h.Part = last.name
	if last.text != "" {
		h.Snippet = []Piece{{Text: clip(firstLineOf(last.text), aroundHit)}}
	}
}

func firstLineOf(s string) string {
	s, _, _ = strings.Cut(s, "\n")
	return s
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
