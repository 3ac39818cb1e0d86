package approval

import (
	"qianshao/syncserver/office"
)

// flush writes the instance and shows the subject where it stands.
func (a *advance) flush() error {
	i := a.inst
	set := office.Fields{
		"state": i.State, "tokens": orNil(i.Tokens), "path": orNil(i.Path), "rounds": i.Rounds, "participants": i.Participants,
		"step_name": i.StepName, "title": a.subject.Title, "urgency": text(a.subject.Urgency), "events": i.Events, "signed": nil, "stuck": nil, "ended": nil,
	}
	if i.Signed != nil {
		set["signed"] = i.Signed
	}
	if i.Stuck != "" {
		set["stuck"] = i.Stuck
	}
	if i.Ended != 0 {
		set["ended"] = i.Ended
	}
	if err := Instances.Patch(a.tx, a.id, set); err != nil {
		return err
	}
	return a.show()
}

// show patches the subject's flow fields, so that lists of the subject need no
// join, and its readers, so that all who take part can see it.
func (a *advance) show() error {
	holders, editors := []office.UserID(nil), []office.UserID(nil)
	var stepID string
	var due int64
	state := FlowDone
	if a.inst.State != Ended {
		v := a.inst.Tokens[0]
		stepID, due = v.Step, v.Due
		items, err := tasksOf(a.tx, a.id, v.Step, v.Round)
		if err != nil {
			return err
		}
		for _, t := range items {
			if t.Value.State == TaskOpen {
				holders = union(holders, t.Value.Person)
				if t.Value.Edit {
					editors = union(editors, t.Value.Person)
				}
			}
		}
		step, _ := a.def.Step(v.Step)
		others, err := a.resolve(step.Editors)
		if err != nil {
			return err
		}
		editors = union(editors, others...)
		state = FlowRunning
		if v.Step == a.def.First {
			state = FlowReturned
		}
	}
	if err := a.checkSubjectMove(state); err != nil {
		return err
	}
	set := office.Fields{
		"flow_state": state, "flow_step": a.inst.StepName, "flow_step_id": nil, "flow_due": nil,
		"flow_holders": orNil(holders), "flow_editors": orNil(editors),
		"readers": union(a.subject.Readers, append(editors, a.inst.Participants...)...),
	}
	if a.inst.Signed != nil {
		set["flow_signed"] = a.inst.Signed.At
	}
	if stepID != "" {
		set["flow_step_id"] = stepID
	}
	if due != 0 {
		set["flow_due"] = due
	}
	return a.tx.Patch(a.inst.SubjectKind, a.inst.Subject, set)
}

func (a *advance) checkSubjectMove(state string) error {
	command := map[string]string{FlowRunning: "advance", FlowReturned: "return", FlowDone: "end"}[state]
	_, err := to(subjectMoves, a.subject.FlowState, command)
	return err
}

// text is a text as a field of a record: an empty one is no field.
func text(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// orNil removes an empty list from a record.
func orNil[T any](list []T) any {
	if len(list) == 0 {
		return nil
	}
	return list
}
