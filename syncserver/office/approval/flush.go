package approval

import (
	"cmp"
	"slices"
	"strings"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/directory"
)

// flush writes the instance and shows the subject where it stands.
func (a *advance) flush() error {
	a.stuck()
	if len(a.gone) > 0 { // left without anything that says so
		if err := a.event(Event{What: EventLeave}); err != nil {
			return err
		}
	}
	i := a.inst
	if i.State != Ended {
		i.StepName = a.stepNames()
	}
	a.inst.StepName = i.StepName
	set := office.Fields{
		"state": i.State, "tokens": orNil(i.Tokens), "path": orNil(i.Path), "rounds": i.Rounds, "participants": i.Participants,
		"step_name": i.StepName, "title": a.subject.Title, "urgency": text(a.subject.Urgency), "events": i.Events,
		"signed": nil, "stuck": text(i.Stuck), "ended": number(i.Ended),
		"outcome": text(i.Outcome), "reason": text(i.Reason), "forks": orNil(i.Forks), "verdict": text(i.Verdict),
		"consents": orNil(i.Consents), "settled": text(i.Settled), "did": orNil(i.Did),
		"stopped": number(i.Stopped), "resumes": number(i.Resumes), "returned": nil,
	}
	if i.Signed != nil {
		set["signed"] = i.Signed
	}
	if i.Returned {
		set["returned"] = true
	}
	if err := Instances.Patch(a.tx, a.id, set); err != nil {
		return err
	}
	if i.Parent != nil {
		return nil
	}
	return a.show()
}

func (a *advance) stepNames() string {
	var names []string
	for _, t := range a.inst.Tokens {
		if !slices.Contains(names, t.Name) {
			names = append(names, t.Name)
		}
	}
	return strings.Join(names, "、")
}

// stuck says of an instance that waits for nobody why it does.
func (a *advance) stuck() {
	a.inst.Stuck = ""
	for _, t := range a.inst.Tokens {
		if len(t.People) == 0 && len(t.Subs) == 0 {
			a.inst.Stuck = StuckNoHandler
		}
	}
}

// show patches the subject's flow fields, so that lists of the subject need no
// join, and its readers, so that all who take part can see it.
func (a *advance) show() error {
	holders, editors := []office.UserID(nil), []office.UserID(nil)
	var stepID string
	var due int64
	state := FlowDone
	if a.inst.State != Ended {
		open, err := openOf(a.tx, a.inst.Subject)
		if err != nil {
			return err
		}
		for _, t := range open {
			holders = union(holders, t.Value.Person)
			if t.Value.Edit {
				editors = union(editors, t.Value.Person)
			}
		}
		state = FlowRunning
		for i, v := range a.inst.Tokens {
			if i == 0 {
				stepID = v.Step
			}
			if v.Due != 0 && v.Left == 0 && (due == 0 || v.Due < due) { // a clock that stands shows no limit
				due = v.Due
			}
			step, _ := a.def.Step(v.Step)
			others, err := a.resolve(step.Editors)
			if err != nil {
				return err
			}
			editors = union(editors, others...)
			if v.Step == a.def.First && !step.Free {
				state = FlowReturned
			}
		}
	} else if a.inst.Outcome == OutcomeCancelled {
		state = FlowNone
	}
	if err := a.checkSubjectMove(state); err != nil {
		return err
	}
	set := office.Fields{
		"flow_state": state, "flow_step": a.inst.StepName, "flow_step_id": nil, "flow_due": nil,
		"flow_holders": orNil(holders), "flow_holder": nil, "flow_stand": stand(state, a.inst.Outcome), "flow_editors": orNil(editors), "flow_outcome": text(a.inst.Outcome),
		"readers": union(a.subject.Readers, append(append(editors, a.inst.Participants...), a.readers...)...),
	}
	if len(holders) > 0 {
		read, err := reading(a.tx, holders[0])
		if err != nil {
			return err
		}
		set["flow_holder"] = read
	}
	if state == FlowNone {
		set["flow"], set["flow_step"] = nil, nil
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

// stand is how a subject stands in lists: its state, or how its flow ended; nil
// for none.
func stand(state, outcome string) any {
	if state == FlowDone {
		switch outcome {
		case OutcomeRejected:
			return "rejected"
		case OutcomeTerminated:
			return "stopped"
		}
	}
	return text(state)
}

// reading is how a person's name is read; lists sort by it.
func reading(tx office.Tx, who office.UserID) (string, error) {
	p, at, err := directory.People.Get(tx, string(who))
	if err != nil || at != office.Present {
		return string(who), err
	}
	return cmp.Or(p.Pinyin, p.Name), nil
}

func (a *advance) checkSubjectMove(state string) error {
	command := map[string]string{FlowRunning: "advance", FlowReturned: "return", FlowDone: "end", FlowNone: "cancel"}[state]
	_, err := to(subjectMoves, a.subject.FlowState, command)
	return err
}

// openOf lists the open tasks about a subject, of all its instances.
func openOf(tx office.Tx, subject string) ([]taskItem, error) {
	return allTasks(tx, office.Query{
		View: "subject", Order: "created", Where: []office.Cond{office.Where("subject", subject), office.Where("state", TaskOpen)},
	})
}

// text is a text as a field of a record: an empty one is no field.
func text(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// number is a number as a field of a record: zero is no field.
func number(n int64) any {
	if n == 0 {
		return nil
	}
	return n
}

// orNil removes an empty list from a record.
func orNil[T any](list []T) any {
	if len(list) == 0 {
		return nil
	}
	return list
}
