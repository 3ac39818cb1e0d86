// Package todo is what a person means to do: their own list of to-dos (待办事宜,
// P5), with steps, due times and priorities. It is private; tasks that an
// approval flow gives are package approval's.
package todo

import (
	"qianshao/syncserver/office"
)

// Limits, in characters and entries.
const (
	maxTitle = 200
	maxNote  = 4000
	maxList  = 40
	maxSteps = 50
	maxStep  = 200
)

// Priorities.
const (
	Normal    = 0
	Important = 1
	Urgent    = 2
)

// Item is one to-do.
type Item struct {
	Owner    office.UserID `json:"owner"`
	Title    string        `json:"title"`
	Note     string        `json:"note,omitempty"`
	Due      int64         `json:"due,omitempty"` // Millis; 0 = none
	Done     bool          `json:"done"`
	DoneAt   int64         `json:"done_at,omitempty"`
	Priority int           `json:"priority"`
	List     string        `json:"list,omitempty"` // the owner's own heading
	Steps    []Step        `json:"steps,omitempty"`
	Repeat   *Repeat       `json:"repeat,omitempty"` // 事件计划: it comes again
	Remind   *int          `json:"remind,omitempty"` // minutes before Due; missing = no reminder
	Of       string        `json:"of,omitempty"`     // a done occurrence: the to-do that it was one of
	At       int64         `json:"at"`               // made
}

// Step is one part of a to-do. Its id makes edits of different steps join.
type Step struct {
	ID   string `json:"id"`
	Text string `json:"text"`
	Done bool   `json:"done,omitempty"`
}

// Items are the to-dos.
var Items = office.Of[Item]{Kind: &office.Kind{
	Name: "todo.item", Lane: office.LaneTasks, Residence: office.ResidentWindow,
	Window: func(r office.Record) (int64, error) {
		var it Item
		if err := r.Decode(&it); err != nil || !it.Done {
			return 0, err
		}
		return it.DoneAt + office.StayLong, nil
	},
	Fields: []office.Field{
		{Name: "owner", Type: office.Text}, {Name: "done", Type: office.Int}, {Name: "due", Type: office.Time},
		{Name: "done_at", Type: office.Time}, {Name: "priority", Type: office.Int}, {Name: "list", Type: office.Text},
		{Name: "at", Type: office.Time}, {Name: "title", Type: office.Text},
	},
	Views: []office.View{
		{Name: "all", Filters: []string{"owner", "done", "list", "priority", "due", "title"}, Orders: []string{"due", "at"}},
		{Name: "open", By: []string{"owner", "done"}, Filters: []string{"due", "list", "priority"}, Orders: []string{"due", "priority", "at"}},
		{Name: "done", By: []string{"owner", "done"}, Filters: []string{"done_at", "list"}, Orders: []string{"done_at"}},
	},
	Search: []string{"title", "note", "list"}, Title: "title",
	SearchText: func(r office.Record) string {
		var it Item
		if r.Decode(&it) != nil {
			return ""
		}
		var s string
		for _, x := range it.Steps {
			s += x.Text + "\n"
		}
		return s
	},
	Audience: func(r office.Record) ([]office.Channel, error) {
		var it Item
		err := r.Decode(&it)
		return office.To(it.Owner), err
	},
	Merge: map[string]office.Merge{
		"done": office.MergeLast, "priority": office.MergeLast, "list": office.MergeLast,
		"repeat": office.MergeLast, "remind": office.MergeLast,
	},
}}

// Kinds are the room's kinds.
func Kinds() []*office.Kind { return []*office.Kind{Items.Kind} }

// Specs are the room's commands.
func Specs() []office.Spec {
	return []office.Spec{
		{Kind: "todo.create@1", New: func() office.Command { return new(Create) }, Class: office.Queued, Creates: true},
		{Kind: "todo.edit@1", New: func() office.Command { return new(Edit) }, Class: office.Queued},
		{Kind: "todo.delete@1", New: func() office.Command { return new(Delete) }, Class: office.Queued},
	}
}

func locks(id string) []string { return []string{"todo:" + id} }

// own reads a to-do of the actor. Another's is as if it did not exist.
func own(tx office.Tx, c office.Context, id string) (Item, error) {
	it, err := Items.Need(tx, id)
	if err == nil && it.Owner != c.Actor {
		return Item{}, &office.Error{Code: office.CodeNotFound, Field: Items.Name, Message: id}
	}
	return it, err
}

// check holds a whole to-do against the limits.
func (it Item) check() error {
	if err := office.CheckLine("title", it.Title, 1, maxTitle); err != nil {
		return err
	}
	if err := office.CheckText("note", it.Note, maxNote); err != nil {
		return err
	}
	if err := office.CheckLine("list", it.List, 0, maxList); err != nil {
		return err
	}
	if err := office.CheckTime("due", it.Due); err != nil {
		return err
	}
	if it.Priority < Normal || it.Priority > Urgent {
		return office.Invalid("priority", "%d to %d", Normal, Urgent)
	}
	if err := it.checkPlan(); err != nil {
		return err
	}
	if len(it.Steps) > maxSteps {
		return office.Invalid("steps", "%d steps, at most %d", len(it.Steps), maxSteps)
	}
	seen := map[string]bool{}
	for _, s := range it.Steps {
		if err := office.CheckID("steps", s.ID); err != nil {
			return err
		}
		if seen[s.ID] {
			return office.Invalid("steps", "%s is given twice", s.ID)
		}
		seen[s.ID] = true
		if err := office.CheckLine("steps", s.Text, 1, maxStep); err != nil {
			return err
		}
	}
	return nil
}
