package contact

import (
	"encoding/json"
	"slices"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/directory"
)

// Create makes a card of the actor.
type Create struct {
	ID      string   `json:"id"`
	Name    string   `json:"name"`
	Org     string   `json:"org,omitempty"`
	Title   string   `json:"title,omitempty"`
	Phones  []string `json:"phones,omitempty"`
	Mails   []string `json:"mails,omitempty"`
	Address string   `json:"address,omitempty"`
	Note    string   `json:"note,omitempty"`
	Group   string   `json:"group,omitempty"`
	Editors []string `json:"editors,omitempty"`
}

func (*Create) Kind() string      { return "contact.create@1" }
func (x *Create) Locks() []string { return locks(x.ID) }

// Run makes the card. CodeExists if the id is taken.
func (x *Create) Run(tx office.Tx, c office.Context) error {
	if err := office.CheckID("id", x.ID); err != nil {
		return err
	}
	if c.Actor == "" {
		return &office.Error{Code: office.CodeNotPermitted}
	}
	card := Card{
		Owner: c.Actor, Name: x.Name, Org: x.Org, Title: x.Title, Phones: x.Phones, Mails: x.Mails,
		Address: x.Address, Note: x.Note, Group: x.Group, Editors: x.Editors, At: office.Millis(c.Now),
	}
	if err := card.check(); err != nil {
		return err
	}
	if err := directory.CheckActive(tx, "editors", card.Editors, nil); err != nil {
		return err
	}
	card.Pinyin, card.Initials = directory.Pinyin(card.Name)
	return Cards.Insert(tx, x.ID, card)
}

// editable are the fields that Edit may name.
var editable = []string{"name", "org", "title", "phones", "mails", "address", "note", "group", "editors"}

// Edit changes fields of a card; its owner and editors may, but only the owner
// says who edits.
type Edit struct {
	ID      string          `json:"id"`
	Changes []office.Change `json:"changes"`
}

func (*Edit) Kind() string      { return "contact.edit@1" }
func (x *Edit) Locks() []string { return locks(x.ID) }

// Run merges the changes field by field; a field that both sides changed keeps
// both values. Numbers and addresses added or removed on both sides join, but
// one that was corrected on both sides is a conflict.
func (x *Edit) Run(tx office.Tx, c office.Context) error {
	if err := office.CheckID("id", x.ID); err != nil {
		return err
	}
	cur, err := edited(tx, c, x.ID)
	if err != nil {
		return err
	}
	want := Card{Name: "x"}
	if err := office.DecodeChanges(x.Changes, &want, editable, []string{"name"}); err != nil {
		return err
	}
	if err := want.check(); err != nil {
		return err
	}
	changes := make([]office.Change, len(x.Changes))
	for i, ch := range x.Changes {
		ch = ch.Plain()
		switch ch.Field {
		case "editors":
			if c.Actor != cur.Owner {
				return &office.Error{Code: office.CodeNotPermitted, Field: "editors"}
			}
			err = directory.CheckActive(tx, "editors", want.Editors, cur.Editors)
		case "phones":
			ch = joined(tx, cur.Phones, ch)
		case "mails":
			ch = joined(tx, cur.Mails, ch)
		}
		if err != nil {
			return err
		}
		changes[i] = ch
	}
	wrote, err := Cards.MergeFields(tx, c, x.ID, changes, editable...)
	if err != nil || !wrote {
		return err
	}
	after, err := Cards.Need(tx, x.ID)
	if err != nil {
		return err
	}
	if after.Name != cur.Name {
		py, initials := directory.Pinyin(after.Name)
		if err := Cards.Patch(tx, x.ID, office.Fields{"pinyin": py, "initials": initials}); err != nil {
			return err
		}
	}
	return after.check()
}

// Delete removes a card of the actor. Removing what is gone already is no
// change: two desks of one person may both have removed it.
type Delete struct {
	ID string `json:"id"`
}

func (*Delete) Kind() string      { return "contact.delete@1" }
func (x *Delete) Locks() []string { return locks(x.ID) }

// Run removes the card.
func (x *Delete) Run(tx office.Tx, c office.Context) error {
	if err := office.CheckID("id", x.ID); err != nil {
		return err
	}
	_, at, err := Cards.Get(tx, x.ID)
	if err != nil || at == office.Absent {
		return err
	}
	cur, err := edited(tx, c, x.ID)
	if err != nil {
		return err
	}
	if cur.Owner != c.Actor {
		return &office.Error{Code: office.CodeNotPermitted, Message: "only the owner removes a card"}
	}
	return Cards.Delete(tx, x.ID)
}

// edited reads a card that the actor may edit. Another's is as if it did not
// exist.
func edited(tx office.Tx, c office.Context, id string) (Card, error) {
	card, err := Cards.Need(tx, id)
	if err == nil && card.Owner != c.Actor && !slices.Contains(card.Editors, string(c.Actor)) {
		return Card{}, &office.Error{Code: office.CodeNotFound, Field: Cards.Name, Message: id}
	}
	return card, err
}

// joined is a change of a list brought onto the list that is there now. If both
// sides took out the same entry and each put another in its place, they corrected
// it differently: the change stays as it is and becomes a conflict.
func joined(tx office.Tx, cur []string, ch office.Change) office.Change {
	var old, want []string
	if len(ch.Old) > 0 && json.Unmarshal(ch.Old, &old) != nil || len(ch.New) > 0 && json.Unmarshal(ch.New, &want) != nil {
		return ch
	}
	if slices.Equal(old, cur) || slices.Equal(want, cur) {
		return ch
	}
	bothRemoved, mine, theirs := false, without(want, old), without(cur, old)
	for _, s := range old {
		bothRemoved = bothRemoved || !slices.Contains(want, s) && !slices.Contains(cur, s)
	}
	if bothRemoved && len(mine) > 0 && len(theirs) > 0 && !slices.Equal(mine, theirs) {
		return ch
	}
	out := slices.DeleteFunc(slices.Clone(cur), func(s string) bool {
		return slices.Contains(old, s) && !slices.Contains(want, s)
	})
	out = append(out, without(mine, out)...)
	tx.Note(office.NoteMerged)
	return office.Change{Field: ch.Field, Old: encoded(cur), New: encoded(out)}
}

func without(list, rest []string) []string {
	var out []string
	for _, s := range list {
		if !slices.Contains(rest, s) {
			out = append(out, s)
		}
	}
	return out
}

func encoded(list []string) json.RawMessage {
	if len(list) == 0 {
		return nil
	}
	raw, _ := json.Marshal(list) // strings always encode
	return raw
}
