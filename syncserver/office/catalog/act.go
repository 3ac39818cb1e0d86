package catalog

import (
	"cmp"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/approval"
	"qianshao/syncserver/office/approval/bpmn"
	"qianshao/syncserver/office/directory"
	"qianshao/syncserver/office/document"
	"qianshao/syncserver/office/rules"
)

// actOf is a command as the rules see it. A command without a line here is
// judged by its texts alone.
func actOf(tx office.Tx, cmd office.Command) rules.Act {
	a := rules.Act{Texts: textsOf(cmd)}
	switch x := cmd.(type) {
	case *document.Register:
		a.Moment = rules.Registering
		a.Draft = &rules.Paper{
			ID: x.ID, Direction: document.Incoming, Genre: x.Genre, Title: x.Title, Level: x.Level, From: x.From, FromNumber: x.FromNumber,
		}
	case *approval.Start:
		a.Moment, a.Paper, a.Words = rules.Starting, paperOf(x.SubjectKind, x.Subject), x.Words
	case *approval.Approve:
		a.Moment, a.Paper, a.Task, a.Words, a.Decided = rules.Approving, x.Subject, x.Task, x.Words, x.Decided
	case *approval.Enter: // the secretary enters the leader's act
		a.Moment, a.Paper, a.Task, a.Words = entered(x.Act), x.Subject, x.Task, x.Words
	case *approval.PaperIn: // several people's acts at one step: they stand or fall together
		if len(x.Acts) > 0 {
			a.Moment, a.Paper, a.Task, a.Words = entered(x.Acts[0].Act), x.Subject, x.Acts[0].Task, x.Acts[0].Words
		}
	case *approval.AddSign:
		a.Moment, a.Paper, a.Task, a.To = rules.Transferring, x.Subject, x.Task, x.People
	case *approval.Delegate:
		a.Moment, a.Paper, a.Task, a.To = rules.Transferring, x.Subject, x.Task, []office.UserID{x.To}
	case *approval.HandTask:
		a.Moment, a.Paper, a.Task, a.To = rules.Transferring, x.Subject, x.Task, []office.UserID{x.To}
	case *approval.HandOver:
		a.Moment, a.To = rules.Transferring, []office.UserID{x.To}
	case *approval.Return:
		a.Moment, a.Paper, a.Task, a.Words = rules.Returning, x.Subject, x.Task, x.Words
	case *approval.Transfer:
		a.Moment, a.Paper, a.Task, a.Words = rules.Transferring, x.Subject, x.Task, x.Words
		a.To = []office.UserID{x.To}
	case *approval.Circulate:
		a.Moment, a.Paper, a.Words = rules.Circulating, paperOf(x.SubjectKind, x.Subject), x.Words
	case *approval.Publish:
		a.Moment = rules.Publishing
		a.Steps, a.Out = stepsOf(x.Definition)
	case *bpmn.Publish:
		if d, err := bpmn.Decode(x.XML); err == nil { // otherwise its own Run says what is wrong
			a.Moment = rules.Publishing
			a.Steps, a.Out = stepsOf(d)
		}
	case *bpmn.PublishDraft:
		if d, ok := bpmn.Draft(tx, x.Key); ok {
			a.Moment = rules.Publishing
			a.Steps, a.Out = stepsOf(d)
		}
	case *directory.Assign:
		a.Moment, a.Posts, a.Roles = rules.Assigning, x.Posts, x.Roles
	}
	return a
}

func entered(act string) rules.Moment {
	if act == approval.ActApprove {
		return rules.Approving
	}
	return rules.Returning
}

func paperOf(kind, id string) string {
	if kind != document.Headers.Name || !office.ValidID(id) {
		return ""
	}
	return id
}

// stepsOf are the steps of a definition, the first one first, and whether it is
// one of 发文.
func stepsOf(d approval.Definition) ([]rules.Step, bool) {
	var out []rules.Step
	for _, s := range d.Steps {
		r := rules.Step{ID: s.ID, Name: s.Name, Gate: string(s.Gate), End: s.Type == approval.StepEnd}
		for _, h := range s.Handlers {
			name := h.By
			if h.By == approval.ByPost {
				name += ":" + h.ID
			}
			r.Handlers = append(r.Handlers, name)
		}
		for _, l := range s.Lines {
			r.Next = append(r.Next, l.To)
		}
		if s.ID == d.First {
			out = slices.Insert(out, 0, r)
		} else {
			out = append(out, r)
		}
	}
	isOut := slices.Contains(d.Subjects, document.Headers.Name) && slices.ContainsFunc(d.Requires, func(c approval.Cond) bool {
		return c.Field == "direction" && c.Op == approval.OpIs && c.Value == document.Outgoing
	})
	return out, isOut
}

// flowOf is where the paper of an act is, by the records of package approval.
func flowOf(tx office.Tx, c office.Context, a rules.Act) (rules.Flow, error) {
	var f rules.Flow
	if a.Paper == "" {
		return f, nil
	}
	running, err := approval.Instances.List(tx, office.Query{View: "subject", Where: []office.Cond{
		office.Where("subject", a.Paper), office.Where("state", approval.Running),
	}})
	if err != nil {
		return f, err
	}
	running = slices.DeleteFunc(running, func(i office.Item[approval.Instance]) bool { return i.Value.Parent != nil })
	for _, i := range running {
		f.Running, f.Live = append(f.Running, i.ID), true
	}
	step, inst, err := place(tx, &f, a, running)
	if err != nil || f.Instance == "" {
		return f, here(err)
	}
	def, err := approval.Definitions.Need(tx, inst.Definition)
	if err != nil {
		return f, here(err)
	}
	if s, ok := def.Step(step); ok {
		f.Gate = string(s.Gate)
		f.Reasons = s.Reasons
		f.Numbers = slices.Contains(s.Effects, approval.EffectNumber)
		for _, h := range s.Handlers {
			if h.By == approval.ByPost {
				f.Posts = append(f.Posts, h.ID)
			}
		}
	}
	for _, v := range inst.Path {
		if s, ok := def.Step(v.Step); ok && s.Gate == approval.GateReview {
			f.Reviewed = true
		}
	}
	if err := signed(tx, &f, a, inst); err != nil {
		return f, err
	}
	said, err := approval.Opinions.All(tx, office.Query{View: "instance", Where: []office.Cond{office.Where("root", f.Instance)}})
	for _, o := range said {
		v := o.Value
		f.Opinions = append(f.Opinions, rules.Opinion{Actor: v.Actor, Area: v.Area, Act: v.Act, Stance: v.Verdict, Old: v.Old})
	}
	for _, k := range inst.Consents {
		f.Consents = append(f.Consents, rules.Consent{Unit: k.Unit, Stance: k.Verdict})
	}
	f.Settled = inst.Settled != ""
	return f, err
}

// place finds the step: that of the task answered, or where the paper is.
func place(tx office.Tx, f *rules.Flow, a rules.Act, running []office.Item[approval.Instance]) (string, approval.Instance, error) {
	if a.Task == "" {
		if len(running) == 0 {
			return "", approval.Instance{}, nil
		}
		f.Instance = running[0].ID
		step := ""
		if t := running[0].Value.Tokens; len(t) > 0 {
			step, f.StepName = t[0].Step, t[0].Name
		}
		return step, running[0].Value, nil
	}
	if !office.ValidID(a.Task) {
		return "", approval.Instance{}, nil
	}
	r, at, err := tx.Get(approval.Tasks.Name, a.Task)
	if err != nil || at == office.Absent {
		return "", approval.Instance{}, err
	}
	if at == office.Elsewhere {
		return "", approval.Instance{}, office.ErrElsewhere()
	}
	var t approval.Task
	if err := r.Decode(&t); err != nil {
		return "", approval.Instance{}, err
	}
	inst, err := approval.Instances.Need(tx, r.Root)
	f.Found, f.Instance, f.Step, f.StepName, f.Area = true, r.Root, t.Step, t.StepName, t.Area
	f.Seat = cmp.Or(t.For, t.Person)
	return t.Step, inst, err
}

// signed compares what was signed with the present text.
func signed(tx office.Tx, f *rules.Flow, a rules.Act, inst approval.Instance) error {
	if inst.Signed == nil {
		return nil
	}
	r, at, err := tx.Get(document.Headers.Name, a.Paper)
	if err != nil || at != office.Present {
		return err
	}
	var s approval.Subject
	if err := r.Decode(&s); err != nil {
		return err
	}
	f.Signed = s.Carries(inst.Signed.Hash)
	f.Changed = !f.Signed
	return nil
}

// textsOf is every text a command carries, by the path of its argument.
func textsOf(cmd office.Command) []rules.Words {
	var out []rules.Words
	var walk func(v reflect.Value, path string)
	walk = func(v reflect.Value, path string) {
		switch {
		case !v.IsValid():
		case v.Type() == rawMessage:
			var any any
			if json.Unmarshal(v.Bytes(), &any) == nil {
				walk(reflect.ValueOf(any), path)
			}
		case v.Kind() == reflect.Pointer || v.Kind() == reflect.Interface:
			walk(v.Elem(), path)
		case v.Kind() == reflect.String:
			if v.Len() > 0 {
				out = append(out, rules.Words{Path: path, Text: v.String()})
			}
		case v.Kind() == reflect.Slice || v.Kind() == reflect.Array:
			for i := range v.Len() {
				walk(v.Index(i), fmt.Sprintf("%s[%d]", path, i))
			}
		case v.Kind() == reflect.Map:
			keys := v.MapKeys()
			slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) })
			for _, k := range keys {
				walk(v.MapIndex(k), join(path, k.String()))
			}
		case v.Kind() == reflect.Struct:
			for i := range v.NumField() {
				f := v.Type().Field(i)
				if !f.IsExported() {
					continue
				}
				if f.Anonymous {
					walk(v.Field(i), path)
					continue
				}
				walk(v.Field(i), join(path, jsonName(f)))
			}
		}
	}
	walk(reflect.ValueOf(cmd), "")
	return out
}

func jsonName(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	if name == "" {
		return f.Name
	}
	return name
}
