package approval

import (
	"slices"

	"qianshao/syncserver/office"
)

// A Talk is 沟通: a question on the side, and its answers. It moves nothing and is
// not on the sheet (W45).
type Talk struct {
	SubjectKind string          `json:"subject_kind"`
	Subject     string          `json:"subject"`
	Instance    string          `json:"instance,omitempty"`
	Title       string          `json:"title"`
	From        office.UserID   `json:"from"`
	To          []office.UserID `json:"to"`
	Said        []TalkLine      `json:"said"`
	Begun       int64           `json:"begun"`
	Last        int64           `json:"last"`
}

// A TalkLine is one thing said.
type TalkLine struct {
	By      office.UserID `json:"by"`
	Words   string        `json:"words"`
	Claimed int64         `json:"claimed"`
	At      int64         `json:"at"`
}

// Talks reach those who talk, nobody else.
var Talks = office.Of[Talk]{Kind: &office.Kind{
	Name: "approval.talk", Lane: office.LaneTasks, Residence: office.ResidentAlways,
	Fields: []office.Field{
		{Name: "subject", Type: office.Text}, {Name: "from", Type: office.Text}, {Name: "last", Type: office.Time},
	},
	Views: []office.View{
		{Name: "all", Filters: []string{"from"}, Orders: []string{"last"}},
		{Name: "subject", By: []string{"subject"}, Orders: []string{"last"}},
	},
	Title: "title",
	Audience: func(r office.Record) ([]office.Channel, error) {
		var x Talk
		err := r.Decode(&x)
		return office.To(append(slices.Clone(x.To), x.From)...), err
	},
}}

// maxLines bounds one talk.
const maxLines = 500

// Ask begins a talk about a paper. Those asked may read the paper from then on.
type Ask struct {
	ID          string          `json:"id"`
	SubjectKind string          `json:"subject_kind"`
	Subject     string          `json:"subject"`
	To          []office.UserID `json:"to"`
	Words       string          `json:"words"`
}

func (*Ask) Kind() string      { return "approval.talk@1" }
func (x *Ask) Locks() []string { return lockSubject(x.Subject) }

// Run makes the talk. Who may circulate the paper may ask about it.
func (x *Ask) Run(tx office.Tx, c office.Context) error {
	if err := office.CheckID("subject", x.Subject); err != nil {
		return err
	}
	if err := said(x.Words); err != nil {
		return err
	}
	s, err := subjectOf(tx, x.SubjectKind, x.Subject)
	if err != nil {
		return err
	}
	if err := mayCirculate(tx, c.Actor, s); err != nil {
		return err
	}
	if len(x.To) == 0 || slices.Contains(x.To, c.Actor) {
		return office.Invalid("to", "somebody else is asked")
	}
	if err := checkPeople(tx, "to", x.To, 20); err != nil {
		return err
	}
	now := office.Millis(c.Now)
	if err := Talks.Insert(tx, x.ID, Talk{
		SubjectKind: x.SubjectKind, Subject: x.Subject, Instance: s.Flow, Title: s.Title, From: c.Actor, To: x.To, Begun: now, Last: now,
		Said: []TalkLine{{c.Actor, x.Words, office.Millis(c.Claimed), now}},
	}); err != nil {
		return err
	}
	if all := union(s.Readers, x.To...); len(all) > len(s.Readers) {
		return tx.Patch(x.SubjectKind, x.Subject, office.Fields{"readers": all})
	}
	return nil
}

// Reply says something in a talk.
type Reply struct {
	ID    string `json:"id"`
	Words string `json:"words"`
}

func (*Reply) Kind() string      { return "approval.talk_reply@1" }
func (x *Reply) Locks() []string { return []string{"talk:" + x.ID} }

// Run adds the line. CodeNotPermitted for outsiders.
func (x *Reply) Run(tx office.Tx, c office.Context) error {
	if err := office.CheckID("id", x.ID); err != nil {
		return err
	}
	if err := said(x.Words); err != nil {
		return err
	}
	k, err := Talks.Need(tx, x.ID)
	if err != nil {
		return err
	}
	if k.From != c.Actor && !slices.Contains(k.To, c.Actor) {
		return &office.Error{Code: office.CodeNotPermitted}
	}
	if len(k.Said) >= maxLines {
		return office.Errorf(office.CodeTooLarge, "at most %d lines", maxLines)
	}
	now := office.Millis(c.Now)
	return Talks.Patch(tx, x.ID, office.Fields{
		"said": append(slices.Clone(k.Said), TalkLine{c.Actor, x.Words, office.Millis(c.Claimed), now}), "last": now,
	})
}
