package bridge

import (
	"context"
	"encoding/base64"
	"slices"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/contact"
)

// What to do with a card of a file.
const (
	importNew  = "new"  // as a card of its own
	importJoin = "join" // the card here learns what it does not know
)

// maxImport is the most cards one call takes: the window gives a large file in
// several, so that it can show how far it is and stop.
const maxImport = 50

// ReadFile reads a file of vCards, in base64, and finds for each card those here
// that seem to be of the same person. It stores nothing.
func (s *Contacts) ReadFile(data string) (CardFile, error) {
	return signedIn(s.core, "Contacts.ReadFile", func(ctx context.Context, a *at) (CardFile, error) {
		if base64.StdEncoding.DecodedLen(len(data)) > contact.MaxCardFile+2 {
			return CardFile{}, office.Errorf(office.CodeTooLarge, "at most %d bytes", contact.MaxCardFile)
		}
		raw, err := base64.StdEncoding.DecodeString(data)
		if err != nil {
			return CardFile{}, office.Invalid("file", "not base64")
		}
		cards, broken, err := contact.ReadCards(raw)
		if err != nil {
			return CardFile{}, err
		}
		mine, err := a.ownCards(ctx)
		if err != nil {
			return CardFile{}, err
		}
		out := CardFile{Broken: broken}
		for i, c := range cards {
			f := FileCard{N: i, Card: cardInput(c.Card), Moved: c.Moved}
			for _, m := range mine {
				if why := contact.Same(m.Value, c.Card); why != "" {
					f.Same = append(f.Same, SameCard{ID: m.ID, Why: why, Card: cardInput(m.Value)})
				}
			}
			for j, other := range cards[:i] {
				if f.Twin == 0 && contact.Same(other.Card, c.Card) != "" {
					f.Twin = j + 1
				}
			}
			out.Cards = append(out.Cards, f)
		}
		return out, nil
	})
}

// ownCards are the person's own cards; those they keep for a leader are not
// looked at: a file is one's own.
func (a *at) ownCards(ctx context.Context) ([]item[contact.Card], error) {
	return list(ctx, a, contact.Cards, office.Query{
		View: "owner", Order: "pinyin", Where: []office.Cond{office.Where("owner", string(a.uid))},
	})
}

func cardInput(c contact.Card) CardInput {
	return CardInput{
		Name: c.Name, Org: c.Org, Title: c.Title, Phones: full(c.Phones), Mails: full(c.Mails), Address: c.Address, Note: c.Note, Group: c.Group,
	}
}

func cardOf(in CardInput) contact.Card {
	return contact.Card{
		Name: in.Name, Org: in.Org, Title: in.Title, Phones: in.Phones, Mails: in.Mails, Address: in.Address, Note: in.Note, Group: in.Group,
	}
}

// Import stores cards of a file as chosen, each by a command of its own, and
// gives how many it stored: on a refusal those before it are stored.
func (s *Contacts) Import(choices []CardChoice) (int, error) {
	return signedIn(s.core, "Contacts.Import", func(ctx context.Context, a *at) (int, error) {
		if len(choices) > maxImport {
			return 0, office.Errorf(office.CodeTooLarge, "%d cards, at most %d", len(choices), maxImport)
		}
		done := 0
		for _, c := range choices {
			if err := a.importOne(ctx, c); err != nil {
				return done, err
			}
			done++
		}
		return done, nil
	})
}

func (a *at) importOne(ctx context.Context, c CardChoice) error {
	switch c.Act {
	case importNew:
		id, err := a.newID()
		if err != nil {
			return err
		}
		_, err = a.give(ctx, id, newCard(id, c.Card))
		return err
	case importJoin:
		m, ok, err := get(ctx, a, contact.Cards, c.Into)
		if err != nil {
			return err
		}
		if !ok {
			return &office.Error{Code: office.CodeNotFound, Field: contact.Cards.Name, Message: c.Into}
		}
		_, err = a.editCard(ctx, c.Into, cardInput(m.Value), cardInput(contact.Joined(m.Value, cardOf(c.Card))))
		return err
	}
	return office.Invalid("act", "%.20q", c.Act)
}

// Text is cards of this person as a vCard file: those of the ids, or all they may
// see if none are given.
func (s *Contacts) Text(ids []string, version string) (string, error) {
	return signedIn(s.core, "Contacts.Text", func(ctx context.Context, a *at) (string, error) {
		raw, err := a.cardText(ctx, ids, version)
		return string(raw), err
	})
}

// Export asks where to and writes the cards there; "" if the person gave up.
func (s *Contacts) Export(ids []string, version string) (string, error) {
	return signedIn(s.core, "Contacts.Export", func(ctx context.Context, a *at) (string, error) {
		raw, err := a.cardText(ctx, ids, version)
		if err != nil {
			return "", err
		}
		if a.save == nil {
			return "", nil
		}
		return a.save("contacts.vcf", raw)
	})
}

func (a *at) cardText(ctx context.Context, ids []string, version string) ([]byte, error) {
	rows, err := list(ctx, a, contact.Cards, office.Query{View: "all", Order: "pinyin"})
	if err != nil {
		return nil, err
	}
	var cards []contact.Card
	for _, r := range rows {
		if len(ids) == 0 || slices.Contains(ids, r.ID) {
			cards = append(cards, r.Value)
		}
	}
	return contact.WriteCards(cards, version)
}
