// Package contact is a person's own address book and card holder (个人通讯录, P7;
// 名片夹, P8). The public address book is package directory.
package contact

import (
	"strings"

	"qianshao/syncserver/office"
)

// Limits, in characters and entries.
const (
	maxName    = 60
	maxOrg     = 100
	maxTitle   = 60
	maxAddress = 200
	maxNote    = 4000
	maxGroup   = 40
	maxNumbers = 10
	maxNumber  = 40
	maxMail    = 254
	maxEditors = 10
)

// Card is what one person keeps of somebody they deal with.
type Card struct {
	Owner    office.UserID `json:"owner"`
	Name     string        `json:"name"`
	Pinyin   string        `json:"pinyin"` // as in directory.Official
	Initials string        `json:"initials"`
	Org      string        `json:"org,omitempty"`
	Title    string        `json:"title,omitempty"`
	Phones   []string      `json:"phones,omitempty"`
	Mails    []string      `json:"mails,omitempty"`
	Address  string        `json:"address,omitempty"`
	Note     string        `json:"note,omitempty"`
	Group    string        `json:"group,omitempty"`
	Editors  []string      `json:"editors,omitempty"` // may read and edit besides the owner: a leader's bound secretary
	At       int64         `json:"at"`
}

// Cards are the cards of all people.
var Cards = office.Of[Card]{Kind: &office.Kind{
	Name: "contact.card", Lane: office.LaneRest, Residence: office.ResidentAlways,
	Fields: []office.Field{
		{Name: "owner", Type: office.Text}, {Name: "name", Type: office.Text}, {Name: "pinyin", Type: office.Text},
		{Name: "org", Type: office.Text}, {Name: "group", Type: office.Text}, {Name: "at", Type: office.Time},
	},
	Views: []office.View{
		{Name: "all", Filters: []string{"owner", "group", "name", "org"}, Orders: []string{"pinyin", "at"}},
		{Name: "owner", By: []string{"owner"}, Filters: []string{"group", "org", "name"}, Orders: []string{"pinyin", "at"}},
	},
	Search: []string{"name", "org", "title", "phones", "mails", "address", "note", "group"}, Title: "name",
	SearchText: func(r office.Record) string {
		var c Card
		if r.Decode(&c) != nil {
			return ""
		}
		return strings.ReplaceAll(c.Pinyin, " ", "") + " " + c.Initials
	},
	Audience: func(r office.Record) ([]office.Channel, error) {
		var c Card
		if err := r.Decode(&c); err != nil {
			return nil, err
		}
		out := office.To(c.Owner)
		for _, uid := range c.Editors {
			out = append(out, office.To(office.UserID(uid))...)
		}
		return out, nil
	},
	Merge: map[string]office.Merge{"editors": office.MergeSet, "group": office.MergeLast},
}}

// Kinds are the room's kinds.
func Kinds() []*office.Kind { return []*office.Kind{Cards.Kind} }

// Specs are the room's commands.
func Specs() []office.Spec {
	return []office.Spec{
		{Kind: "contact.create@1", New: func() office.Command { return new(Create) }, Class: office.Queued, Creates: true},
		{Kind: "contact.edit@1", New: func() office.Command { return new(Edit) }, Class: office.Queued},
		{Kind: "contact.delete@1", New: func() office.Command { return new(Delete) }, Class: office.Queued},
	}
}

func locks(id string) []string { return []string{"card:" + id} }

// check holds a whole card against the limits.
func (c Card) check() error {
	for _, f := range []struct {
		name, text string
		min, max   int
	}{
		{"name", c.Name, 1, maxName}, {"org", c.Org, 0, maxOrg}, {"title", c.Title, 0, maxTitle},
		{"address", c.Address, 0, maxAddress}, {"group", c.Group, 0, maxGroup},
	} {
		if err := office.CheckLine(f.name, f.text, f.min, f.max); err != nil {
			return err
		}
	}
	if err := office.CheckText("note", c.Note, maxNote); err != nil {
		return err
	}
	for _, l := range []struct {
		field string
		list  []string
		max   int
	}{{"phones", c.Phones, maxNumber}, {"mails", c.Mails, maxMail}} {
		if len(l.list) > maxNumbers {
			return office.Invalid(l.field, "%d entries, at most %d", len(l.list), maxNumbers)
		}
		seen := map[string]bool{}
		for _, s := range l.list {
			if err := office.CheckLine(l.field, s, 1, l.max); err != nil {
				return err
			}
			if seen[s] {
				return office.Invalid(l.field, "an entry is given twice")
			}
			seen[s] = true
		}
	}
	for _, m := range c.Mails {
		if name, host, ok := strings.Cut(m, "@"); !ok || name == "" || host == "" || strings.ContainsAny(m, " ,;<>\"") || strings.Contains(host, "@") {
			return office.Invalid("mails", "a mail address has the form name@host")
		}
	}
	return office.CheckIDs("editors", c.Editors, maxEditors)
}
