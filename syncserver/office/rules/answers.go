package rules

import (
	"slices"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/directory"
)

// A Checklist is a list of questions that somebody answers about a paper.
type Checklist struct {
	ID    string // of the rule that asks for it
	Post  string // who answers
	Items []Item
}

// An Item is one question.
type Item struct {
	ID   string
	Text Text
	// Good is what a paper should have: at least one of the good ones is
	// needed. The others are what it must not be.
	Good bool
}

// PostReviser is the post of 核稿, as the default definitions name it.
const PostReviser = "hegao"

// Checklists is the explicit list of them.
func Checklists() []Checklist { return []Checklist{sanfa()} }

// FindChecklist is the checklist of an id.
func FindChecklist(id string) (Checklist, bool) {
	for _, l := range Checklists() {
		if l.ID == id {
			return l, true
		}
	}
	return Checklist{}, false
}

// Answers are a checklist answered for one paper.
type Answers struct {
	Checklist string        `json:"checklist"`
	Yes       []string      `json:"yes"` // the items answered with yes; all others with no
	Words     string        `json:"words,omitempty"`
	By        office.UserID `json:"by"`
	Claimed   int64         `json:"claimed"`
	At        int64         `json:"at"`
	Seen      string        `json:"seen"` // the content hash of the paper then
}

// Sheets are the answers, children of the paper; none is ever changed, the
// latest counts.
var Sheets = office.Of[Answers]{Kind: &office.Kind{
	Name: "rules.answers", Parent: PaperKind, Lane: office.LaneTasks, Residence: office.ResidentAlways,
	Fields: []office.Field{{Name: "checklist", Type: office.Text}, {Name: "at", Type: office.Time}},
	Views:  []office.View{{Name: "paper", By: []string{"root"}, Filters: []string{"checklist"}, Orders: []string{"at"}}},
	Title:  "checklist",
}}

// Answer answers a checklist: the person in whose hands the paper is, in the
// post that is asked.
type Answer struct {
	Paper     string   `json:"paper"`
	Checklist string   `json:"checklist"`
	Yes       []string `json:"yes"`
	Words     string   `json:"words,omitempty"`
}

func (*Answer) Kind() string      { return "rules.answer@1" }
func (x *Answer) Locks() []string { return []string{"subject:" + x.Paper} }

// Run keeps the answers. CodeInvalid for an unknown checklist or item,
// CodeNotPermitted for anybody else.
func (x *Answer) Run(tx office.Tx, c office.Context) error {
	if err := office.CheckID("paper", x.Paper); err != nil {
		return err
	}
	list, ok := FindChecklist(x.Checklist)
	if !ok {
		return office.Invalid("checklist", "there is no checklist %.20q", x.Checklist)
	}
	for i, id := range x.Yes {
		if !slices.ContainsFunc(list.Items, func(it Item) bool { return it.ID == id }) || slices.Contains(x.Yes[:i], id) {
			return office.Invalid("yes", "%.40q is not in %s, or is there twice", id, list.ID)
		}
	}
	if err := office.CheckText("words", x.Words, maxReason); err != nil {
		return err
	}
	p, err := inHand(tx, c.Actor, x.Paper)
	if err != nil {
		return err
	}
	ok, err = directory.HasPost(tx, c.Actor, list.Post)
	if err != nil {
		return err
	}
	if !ok {
		return &office.Error{Code: office.CodeNotPermitted, Field: "checklist"}
	}
	return Sheets.InsertUnder(tx, p.ID, c.NewID("answers"), Answers{
		Checklist: x.Checklist, Yes: x.Yes, Words: x.Words, By: c.Actor, Claimed: office.Millis(c.Claimed), At: office.Millis(c.Now), Seen: p.ContentHash,
	})
}

// Answered are the latest answers to a checklist; ok is false for none.
func (f *Facts) Answered(checklist string) (Answers, bool) {
	var out Answers
	found := false
	for _, a := range f.answers.get(f, func() ([]Answers, error) {
		if f.Act.Paper == "" {
			return nil, nil
		}
		rows, err := Sheets.All(f.tx, office.Query{View: "paper", Where: []office.Cond{office.Where("root", f.Act.Paper)}})
		out := make([]Answers, len(rows))
		for i, r := range rows {
			out[i] = r.Value
		}
		return out, err
	}) {
		if a.Checklist == checklist {
			out, found = a, true
		}
	}
	return out, found
}
