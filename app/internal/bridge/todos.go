package bridge

import (
	"context"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/todo"
)

// Todos are the person's own to-dos.
type Todos struct{ core *core }

// List is the open or the done to-dos: open ones by due time, those without
// one last; done ones newest first.
func (t *Todos) List(done bool) ([]Todo, error) {
	return signedIn(t.core, "Todos.List", func(ctx context.Context, a *at) ([]Todo, error) {
		q := office.Query{View: "open", Order: "due", Where: []office.Cond{
			office.Where("owner", string(a.uid)), office.Where("done", done),
		}}
		if done {
			q.View, q.Order, q.Desc = "done", "done_at", true
		}
		rows, err := list(ctx, a, todo.Items, q)
		if err != nil {
			return nil, err
		}
		m, err := a.marks(ctx, todo.Items.Name)
		if err != nil {
			return nil, err
		}
		var timed, free []Todo
		for _, r := range rows {
			v := r.Value
			x := todoOf(r)
			x.Mark = m.of(r.ID)
			if !done && v.Due == 0 {
				free = append(free, x)
			} else {
				timed = append(timed, x)
			}
		}
		return append(timed, free...), nil
	})
}

// Create makes a to-do.
func (t *Todos) Create(in TodoInput) (Done, error) {
	return signedIn(t.core, "Todos.Create", func(ctx context.Context, a *at) (Done, error) {
		id, err := a.newID()
		if err != nil {
			return Done{}, err
		}
		return a.give(ctx, id, &todo.Create{
			ID: id, Title: in.Title, Note: in.Note, Due: in.Due, Priority: in.Priority, List: in.List,
			Steps: stepsOf(in.Steps), Repeat: repeatOf(in.Repeat), Remind: remindOf(in.Remind),
		})
	})
}

// Edit sets what differs from in.Base.
func (t *Todos) Edit(in TodoInput) (Done, error) {
	return signedIn(t.core, "Todos.Edit", func(ctx context.Context, a *at) (Done, error) {
		if in.Base == nil {
			return Done{}, office.Invalid("base", "what was seen is missing")
		}
		var c changes
		c.add("title", in.Base.Title, in.Title)
		c.add("note", in.Base.Note, in.Note)
		c.add("due", in.Base.Due, in.Due)
		c.addFlag("priority", in.Base.Priority, in.Priority)
		c.addFlag("done", in.Base.Done, in.Done)
		c.add("list", in.Base.List, in.List)
		c.add("steps", stepsOf(in.Base.Steps), stepsOf(in.Steps))
		c.add("repeat", repeatOf(in.Base.Repeat), repeatOf(in.Repeat))
		c.addFlag("remind", remindOf(in.Base.Remind), remindOf(in.Remind))
		if c.err != nil || len(c.list) == 0 {
			return Done{ID: in.ID}, c.err
		}
		return a.give(ctx, in.ID, &todo.Edit{ID: in.ID, Changes: c.list, Occurrence: occurrence(in)})
	})
}

// Delete removes a to-do.
func (t *Todos) Delete(id string) (Done, error) {
	return signedIn(t.core, "Todos.Delete", func(ctx context.Context, a *at) (Done, error) {
		return a.give(ctx, id, &todo.Delete{ID: id})
	})
}

func todoOf(r item[todo.Item]) Todo {
	v := r.Value
	x := Todo{
		ID: r.ID, Title: v.Title, Note: v.Note, Due: v.Due, Priority: v.Priority, List: v.List,
		Done: v.Done, DoneAt: v.DoneAt, Created: v.At, Remind: noReminder, Once: v.Of != "",
	}
	for _, s := range v.Steps {
		x.Steps = append(x.Steps, TodoStep(s))
	}
	if v.Repeat != nil {
		x.Repeat = TodoRepeat(*v.Repeat)
	}
	if v.Remind != nil {
		x.Remind = *v.Remind
	}
	return x
}

func stepsOf(in []TodoStep) []todo.Step {
	var out []todo.Step
	for _, s := range in {
		out = append(out, todo.Step(s))
	}
	return out
}

func repeatOf(in TodoRepeat) *todo.Repeat {
	if in.Every == "" {
		return nil
	}
	return ptr(todo.Repeat(in))
}

func remindOf(minutes int) *int {
	if minutes < 0 {
		return nil
	}
	return &minutes
}

// occurrence says which one is ticked off, of a to-do that repeats.
func occurrence(in TodoInput) int64 {
	if in.Base.Repeat.Every != "" && in.Done && !in.Base.Done {
		return in.Base.Due
	}
	return 0
}
