package bridge

import (
	"context"
	"strings"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/contact"
)

// Contacts are the person's own cards and those they keep for a leader.
type Contacts struct{ core *core }

// List is the cards that match the text, by pinyin.
func (s *Contacts) List(text string) ([]Card, error) {
	return signedIn(s.core, "Contacts.List", func(ctx context.Context, a *at) ([]Card, error) {
		rows, err := list(ctx, a, contact.Cards, office.Query{View: "all", Order: "pinyin"})
		if err != nil {
			return nil, err
		}
		m, err := a.marks(ctx, contact.Cards.Name)
		if err != nil {
			return nil, err
		}
		names := a.names(ctx)
		text = strings.ToLower(strings.TrimSpace(text))
		var out []Card
		for _, r := range rows {
			v := r.Value
			if !cardMatches(v, text) {
				continue
			}
			out = append(out, Card{
				ID: r.ID, Name: v.Name, Pinyin: v.Pinyin, Org: v.Org, Title: v.Title, Phones: v.Phones,
				Mails: v.Mails, Address: v.Address, Note: v.Note, Group: v.Group,
				Owner: names.name(v.Owner), Mine: v.Owner == a.uid, Mark: m.of(r.ID),
			})
		}
		return out, nil
	})
}

func cardMatches(c contact.Card, text string) bool {
	if text == "" {
		return true
	}
	all := strings.ToLower(strings.Join(append(append([]string{
		c.Name, strings.ReplaceAll(c.Pinyin, " ", ""), c.Initials, c.Org, c.Title, c.Group, c.Address,
	}, c.Phones...), c.Mails...), "\n"))
	return strings.Contains(all, text)
}

// Create makes a card.
func (s *Contacts) Create(in CardInput) (Done, error) {
	return signedIn(s.core, "Contacts.Create", func(ctx context.Context, a *at) (Done, error) {
		id, err := a.newID()
		if err != nil {
			return Done{}, err
		}
		return a.give(ctx, id, newCard(id, in))
	})
}

func newCard(id string, in CardInput) *contact.Create {
	return &contact.Create{
		ID: id, Name: in.Name, Org: in.Org, Title: in.Title, Phones: in.Phones, Mails: in.Mails,
		Address: in.Address, Note: in.Note, Group: in.Group,
	}
}

// Edit sets what differs from in.Base.
func (s *Contacts) Edit(in CardInput) (Done, error) {
	return signedIn(s.core, "Contacts.Edit", func(ctx context.Context, a *at) (Done, error) {
		if in.Base == nil {
			return Done{}, office.Invalid("base", "what was seen is missing")
		}
		return a.editCard(ctx, in.ID, *in.Base, in)
	})
}

// editCard sets what differs from what was seen.
func (a *at) editCard(ctx context.Context, id string, seen, now CardInput) (Done, error) {
	var c changes
	c.add("name", seen.Name, now.Name)
	c.add("org", seen.Org, now.Org)
	c.add("title", seen.Title, now.Title)
	c.add("phones", full(seen.Phones), full(now.Phones))
	c.add("mails", full(seen.Mails), full(now.Mails))
	c.add("address", seen.Address, now.Address)
	c.add("note", seen.Note, now.Note)
	c.add("group", seen.Group, now.Group)
	if c.err != nil || len(c.list) == 0 {
		return Done{ID: id}, c.err
	}
	return a.give(ctx, id, &contact.Edit{ID: id, Changes: c.list})
}

// Delete removes a card.
func (s *Contacts) Delete(id string) (Done, error) {
	return signedIn(s.core, "Contacts.Delete", func(ctx context.Context, a *at) (Done, error) {
		return a.give(ctx, id, &contact.Delete{ID: id})
	})
}

// full makes nil and empty lists one.
func full(l []string) []string {
	if l == nil {
		return []string{}
	}
	return l
}
