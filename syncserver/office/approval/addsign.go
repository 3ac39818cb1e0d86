package approval

import (
	"slices"

	"qianshao/syncserver/office"
)

// AddSign is 加签: further people before me, after me or beside me (W7–W9). The
// server asks them; what I was asked stays mine.
type AddSign struct {
	Task    string          `json:"task"`
	Subject string          `json:"subject"`
	TaskRev int64           `json:"task_rev"`
	Step    string          `json:"step"`
	Mode    string          `json:"mode"` // AddBefore …
	People  []office.UserID `json:"people"`
	Words   string          `json:"words,omitempty"`
}

func (*AddSign) Kind() string      { return "approval.add_sign@1" }
func (x *AddSign) Locks() []string { return lockSubject(x.Subject) }

// Run notes the addition; before me, my task sleeps. Besides the codes of
// decide: CodeInvalid for nobody, oneself or somebody who is asked already;
// CodeState for 前 and 后 at once, and deeper than three.
func (x *AddSign) Run(tx office.Tx, c office.Context) error {
	switch x.Mode {
	case AddBefore, AddAfter, AddBeside:
	default:
		return office.Invalid("mode", "%q is no way to add", x.Mode)
	}
	return add(tx, c, seen{act: ActAdd, task: x.Task, subject: x.Subject, rev: x.TaskRev, step: x.Step, words: x.Words, blind: true}, x.Mode, "people", x.People)
}

// Delegate is 委派: another acts in my place, and I end it when he has (W12).
type Delegate struct {
	Task    string        `json:"task"`
	Subject string        `json:"subject"`
	TaskRev int64         `json:"task_rev"`
	Step    string        `json:"step"`
	To      office.UserID `json:"to"`
	Words   string        `json:"words,omitempty"`
}

func (*Delegate) Kind() string      { return "approval.delegate@1" }
func (x *Delegate) Locks() []string { return lockSubject(x.Subject) }

// Run notes it; my task sleeps until it comes back. Refusals as AddSign.
func (x *Delegate) Run(tx office.Tx, c office.Context) error {
	return add(tx, c, seen{act: ActDelegate, task: x.Task, subject: x.Subject, rev: x.TaskRev, step: x.Step, words: x.Words, blind: true}, AddDelegate, "to", []office.UserID{x.To})
}

func add(tx office.Tx, c office.Context, s seen, mode, field string, people []office.UserID) error {
	f, err := decide(tx, c, s)
	if err != nil {
		return err
	}
	if len(people) == 0 {
		return office.Invalid(field, "nobody is added")
	}
	if err := checkPeople(tx, field, people, maxChoose); err != nil {
		return err
	}
	if f.task.Depth >= maxDepth {
		return office.Errorf(office.CodeState, "%d deep already", f.task.Depth)
	}
	if mode == AddBeside && (f.task.Parent != "" || f.visit().policy(f.step) == Any) {
		return office.Invalid("mode", "only a member of a step where several act has others beside him")
	}
	asked, err := tasksOf(tx, f.instID, f.task.Step, f.task.Round)
	if err != nil {
		return err
	}
	for _, u := range people {
		if u == c.Actor || slices.ContainsFunc(asked, func(t taskItem) bool {
			return t.Value.Person == u && (t.Value.State == TaskOpen || t.Value.State == TaskAsleep)
		}) || mode == AddBeside && slices.Contains(f.visit().People, u) {
			return office.Invalid(field, "%s is asked already", u)
		}
	}
	for _, a := range f.task.Adds {
		if mode != AddBeside && a.Mode != AddBeside && a.Mode != mode && mode == AddAfter != (a.Mode == AddAfter) && (!a.Made || servants(asked, f.taskID, TaskOpen, TaskAsleep)) {
			return office.Errorf(office.CodeState, "%s and %s at once", a.Mode, mode)
		}
		if mode == AddAfter && a.Mode == AddAfter && slices.ContainsFunc(people, func(u office.UserID) bool { return slices.Contains(a.People, u) }) {
			return office.Invalid(field, "is asked already")
		}
	}
	set := office.Fields{"adds": append(slices.Clone(f.task.Adds), Add{Mode: mode, People: people, Words: s.words})}
	if mode == AddBefore || mode == AddDelegate {
		if set["state"], err = to(taskMoves, f.task.State, "sleep"); err != nil {
			return err
		}
	}
	if err := Tasks.Patch(tx, f.taskID, set); err != nil {
		return err
	}
	what := EventAdd
	if mode == AddDelegate {
		what = EventDelegate
	}
	return f.note(tx, c, Event{What: what, To: people, Detail: mode})
}

// DropSign is 减签, and the end of a 委派 while it is away: people whom I added
// and who have not acted are no longer asked (W10, W12).
type DropSign struct {
	Task    string        `json:"task"` // the task of whoever added them
	Subject string        `json:"subject"`
	Person  office.UserID `json:"person"`
	Words   string        `json:"words,omitempty"`
}

func (*DropSign) Kind() string      { return "approval.drop_sign@1" }
func (x *DropSign) Locks() []string { return lockSubject(x.Subject) }

// Run removes the person. CodeNotPermitted for others than who added him and the
// 流程管理员, and for people whom the definition asks; CodeDoneByOther if he has acted.
func (x *DropSign) Run(tx office.Tx, c office.Context) error {
	if err := office.CheckID("task", x.Task); err != nil {
		return err
	}
	if err := office.CheckText("words", x.Words, maxWords); err != nil {
		return err
	}
	r, p, err := tx.Get(Tasks.Name, x.Task)
	switch {
	case err != nil:
		return err
	case p == office.Elsewhere:
		return office.ErrElsewhere()
	case p == office.Absent:
		return &office.Error{Code: office.CodeNotFound, Field: "task", Message: x.Task}
	}
	t, err := Tasks.Need(tx, x.Task)
	if err != nil {
		return err
	}
	inst, err := aboutSubject(tx, r.Root, x.Subject)
	if err != nil {
		return err
	}
	if t.Person != c.Actor {
		if err := flowAdmin(tx, c); err != nil {
			return err
		}
	}
	if err := alive(inst); err != nil {
		return err
	}
	f := found{taskID: x.Task, task: t, instID: r.Root, inst: inst}
	for i, a := range t.Adds {
		if k := slices.Index(a.People, x.Person); k >= 0 && !a.Made { // not asked yet
			adds := slices.Clone(t.Adds)
			adds[i].People = slices.Delete(slices.Clone(a.People), k, k+1)
			if len(adds[i].People) == 0 {
				adds = slices.Delete(adds, i, i+1)
			}
			if err := Tasks.Patch(tx, x.Task, office.Fields{"adds": orNil(adds)}); err != nil {
				return err
			}
			return f.note(tx, c, Event{What: EventDrop, To: []office.UserID{x.Person}, Detail: x.Words})
		}
	}
	asked, err := tasksOf(tx, r.Root, t.Step, t.Round)
	if err != nil {
		return err
	}
	added := -1
	for i, o := range asked {
		y := o.Value
		if y.Seat == x.Person && (y.Parent == x.Task || y.Kind == TaskBeside && y.AddedBy == t.Person) {
			if y.State == TaskDone {
				return &office.Error{Code: office.CodeDoneByOther}
			}
			if y.State == TaskOpen || y.State == TaskAsleep {
				added = i
			}
		}
	}
	if added < 0 {
		return &office.Error{Code: office.CodeNotPermitted, Field: "person"}
	}
	for _, o := range asked { // his agent's and his own added people's, too
		if o.ID == asked[added].ID || o.Value.Parent == asked[added].ID || o.Value.Kind == TaskAgent && o.Value.For == x.Person {
			if o.Value.State == TaskOpen || o.Value.State == TaskAsleep {
				if err := closeTask(tx, c, o, "removed"); err != nil {
					return err
				}
			}
		}
	}
	if asked[added].Value.Kind == TaskBeside {
		tokens := slices.Clone(inst.Tokens)
		for i, v := range tokens {
			if v.Step == t.Step && v.Round == t.Round {
				tokens[i].People = slices.DeleteFunc(slices.Clone(v.People), func(u office.UserID) bool { return u == x.Person })
			}
		}
		f.inst.Tokens = tokens
		if err := Instances.Patch(tx, r.Root, office.Fields{"tokens": tokens}); err != nil {
			return err
		}
	}
	return f.note(tx, c, Event{What: EventDrop, To: []office.UserID{x.Person}, Detail: x.Words})
}
