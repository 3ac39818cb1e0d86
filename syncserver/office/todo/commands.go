package todo

import (
	"qianshao/syncserver/office"
)

// Create makes a to-do of the actor.
type Create struct {
	ID       string  `json:"id"`
	Title    string  `json:"title"`
	Note     string  `json:"note,omitempty"`
	Due      int64   `json:"due,omitempty"`
	Priority int     `json:"priority,omitempty"`
	List     string  `json:"list,omitempty"`
	Steps    []Step  `json:"steps,omitempty"`
	Repeat   *Repeat `json:"repeat,omitempty"`
	Remind   *int    `json:"remind,omitempty"`
}

func (*Create) Kind() string      { return "todo.create@1" }
func (x *Create) Locks() []string { return locks(x.ID) }

// Run makes the to-do. CodeExists if the id is taken.
func (x *Create) Run(tx office.Tx, c office.Context) error {
	if err := office.CheckID("id", x.ID); err != nil {
		return err
	}
	if c.Actor == "" {
		return &office.Error{Code: office.CodeNotPermitted}
	}
	it := Item{
		Owner: c.Actor, Title: x.Title, Note: x.Note, Due: x.Due, Priority: x.Priority,
		List: x.List, Steps: x.Steps, Repeat: x.Repeat, Remind: x.Remind, At: office.Millis(c.Now),
	}
	if err := it.check(); err != nil {
		return err
	}
	return Items.Insert(tx, x.ID, it)
}

// editable are the fields that Edit may name.
var editable = []string{"title", "note", "due", "done", "priority", "list", "steps", "repeat", "remind"}

// Edit changes fields of the actor's to-do.
type Edit struct {
	ID      string          `json:"id"`
	Changes []office.Change `json:"changes"`
	// Occurrence is the due time of the occurrence that is ticked off, of a
	// to-do that repeats: two desks that tick the same one off do it once.
	Occurrence int64 `json:"occurrence,omitempty"`
}

func (*Edit) Kind() string      { return "todo.edit@1" }
func (x *Edit) Locks() []string { return locks(x.ID) }

// Run merges the changes field by field; steps join by their ids. Ticking a
// to-do off notes the time; one that repeats keeps the done occurrence as a
// record of its own and goes on with the next.
func (x *Edit) Run(tx office.Tx, c office.Context) error {
	if err := office.CheckID("id", x.ID); err != nil {
		return err
	}
	before, err := own(tx, c, x.ID)
	if err != nil {
		return err
	}
	if err := checkChanges(x.Changes); err != nil {
		return err
	}
	var changes []office.Change
	for _, ch := range x.Changes {
		if ch.Field == "done" && before.Repeat != nil && x.Occurrence != 0 && x.Occurrence != before.Due {
			continue // that occurrence was ticked off already
		}
		if ch.Field != "done" && ch.Field != "priority" && ch.Field != "remind" { // 0 says something in these
			ch = ch.Plain()
		}
		if ch.Field == "steps" {
			ch = joined(tx, before.Steps, ch)
		}
		changes = append(changes, ch)
	}
	if len(changes) == 0 {
		return nil
	}
	wrote, err := Items.MergeFields(tx, c, x.ID, changes, editable...)
	if err != nil || !wrote {
		return err
	}
	after, err := Items.Need(tx, x.ID)
	if err != nil {
		return err
	}
	if err := after.check(); err != nil {
		return err
	}
	switch {
	case after.Done && !before.Done && after.Repeat != nil:
		return x.roll(tx, c, after)
	case after.Done && !before.Done:
		return Items.Patch(tx, x.ID, office.Fields{"done_at": office.Millis(c.Now)})
	case !after.Done && before.Done:
		return Items.Patch(tx, x.ID, office.Fields{"done_at": nil})
	}
	return nil
}

// checkChanges refuses new values of a wrong type or size.
func checkChanges(changes []office.Change) error {
	probe := Item{Title: "x"}
	if err := office.DecodeChanges(changes, &probe, editable, []string{"title"}); err != nil {
		return err
	}
	return probe.check()
}

// Delete removes the actor's to-do. Removing what is gone already is no change:
// two desks of one person may both have removed it.
type Delete struct {
	ID string `json:"id"`
}

func (*Delete) Kind() string      { return "todo.delete@1" }
func (x *Delete) Locks() []string { return locks(x.ID) }

// Run removes the to-do.
func (x *Delete) Run(tx office.Tx, c office.Context) error {
	if err := office.CheckID("id", x.ID); err != nil {
		return err
	}
	_, at, err := Items.Get(tx, x.ID)
	if err != nil || at == office.Absent {
		return err
	}
	if _, err := own(tx, c, x.ID); err != nil {
		return err
	}
	return Items.Delete(tx, x.ID)
}
