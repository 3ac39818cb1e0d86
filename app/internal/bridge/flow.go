package bridge

import (
	"cmp"
	"context"
	"slices"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/approval"
	"qianshao/syncserver/office/document"
)

// Sides of the flow line.
const (
	stepDone = "done"
	stepNow  = "now"
	stepNext = "next" // expected, never promised
)

// fillFlow adds the flow line, the sheet, the trace and what the person is
// asked to do.
func (a *at) fillFlow(ctx context.Context, names *book, p *DocumentPage, h document.Header) error {
	if h.Flow == "" {
		return nil
	}
	inst, ok, err := get(ctx, a, approval.Instances, h.Flow)
	if err != nil || !ok {
		return err
	}
	def, _, err := get(ctx, a, approval.Definitions, inst.Value.Definition)
	if err != nil {
		return err
	}
	p.Flow = inst.Value.FlowName
	p.Suspended = inst.Value.State == approval.Suspended
	p.OnPaper = slices.ContainsFunc(inst.Value.Tokens, func(v approval.Visit) bool { return v.Paper != nil })
	p.Outcome, p.Reason, p.Resumes = inst.Value.Outcome, inst.Value.Reason, inst.Value.Resumes
	if s := inst.Value.Signed; s != nil {
		p.Elements.SignedAt = s.At
	}
	tasks, err := children(ctx, a, approval.Tasks, h.Flow)
	if err != nil {
		return err
	}
	if err := a.fillSteps(ctx, names, p, inst.Value, tasks); err != nil {
		return err
	}
	a.fillHolders(names, p, tasks)
	a.fillTask(names, p, inst.Value, def.Value, tasks)
	if err := a.fillOffers(ctx, p); err != nil {
		return err
	}
	if err := a.fillAreas(ctx, names, p, h.Flow, def.Value); err != nil {
		return err
	}
	return a.fillTrace(ctx, names, p, h.Flow)
}

func (a *at) fillSteps(ctx context.Context, names *book, p *DocumentPage, inst approval.Instance, tasks []item[approval.Task]) error {
	for _, v := range inst.Path {
		if n := len(p.Steps); n > 0 && p.Steps[n-1].ID == v.Step {
			continue
		}
		by := v.By
		if len(by) == 0 {
			by = v.People
		}
		p.Steps = append(p.Steps, StepView{ID: v.Step, Name: v.Name, State: stepDone, Branch: len(by), People: names.list(by)})
	}
	if inst.Outcome == approval.OutcomeRejected {
		// The step that sent the paper back to where it came from was not passed.
		for _, t := range tasks {
			if v := t.Value; v.Act == approval.ActReject {
				p.Steps = append(p.Steps, StepView{ID: v.Step, Name: v.StepName, State: stepDone, Branch: 1, People: []string{names.name(v.Person)}})
			}
		}
	}
	for _, v := range inst.Tokens {
		if inst.State == approval.Ended {
			break
		}
		var asked []office.UserID
		for _, t := range tasks {
			if t.Value.Step == v.Step && t.Value.Round == v.Round && !slices.Contains(asked, t.Value.Person) {
				asked = append(asked, t.Value.Person)
			}
		}
		p.Steps = append(p.Steps, StepView{ID: v.Step, Name: v.Name, State: stepNow, Branch: len(asked), People: names.list(asked)})
	}
	ahead, err := approval.Expected(&reading{ctx: ctx, at: a}, p.Instance)
	if err != nil {
		// A forecast needs records that this desk may not have; the page does not.
		a.log.Debug("no forecast", "instance", p.Instance, "code", office.CodeOf(err))
		return nil
	}
	for _, f := range ahead {
		p.Steps = append(p.Steps, StepView{ID: f.Step, Name: f.Name, State: stepNext, Branch: len(f.People), People: names.list(f.People)})
	}
	return nil
}

func (a *at) fillHolders(names *book, p *DocumentPage, tasks []item[approval.Task]) {
	for _, t := range tasks {
		v := t.Value
		if v.State != approval.TaskOpen && v.State != approval.TaskAsleep {
			continue
		}
		h := Holder{
			Task: t.ID, ID: string(v.Person), Name: names.name(v.Person), Unit: names.unitOf(v.Person),
			Step: v.StepName, Arrived: v.Created, Due: v.Due, Me: v.Person == a.uid, Area: v.Area,
			For: names.name(v.For), Why: v.Kind, Opened: cmp.Or(v.Looked, v.Opened), Escalated: names.list(v.Escalated),
		}
		if v.State == approval.TaskAsleep {
			h.Why = v.State
		}
		p.Holders = append(p.Holders, h)
	}
}

// fillTask is this person's open task, the oldest if there are several.
func (a *at) fillTask(names *book, p *DocumentPage, inst approval.Instance, def approval.Definition, tasks []item[approval.Task]) {
	slices.SortFunc(tasks, func(x, y item[approval.Task]) int { return cmp.Compare(x.Value.Created, y.Value.Created) })
	for _, t := range tasks {
		v := t.Value
		if v.Person != a.uid || v.State != approval.TaskOpen {
			continue
		}
		step, _ := def.Step(v.Step)
		mine := &MyTask{
			ID: t.ID, Rev: v.Rev, Step: v.Step, Name: v.StepName, Area: v.Area, AreaName: v.AreaName,
			Gate: string(step.Gate), Arrived: v.Created, Due: v.Due, Acts: v.Acts,
			For: names.name(v.For), Added: names.name(v.AddedBy), Opened: v.Opened, Reasons: step.Reasons,
		}
		for _, at := range inst.Path {
			if at.Step == v.Step || slices.ContainsFunc(mine.Targets, func(x Target) bool { return x.ID == at.Step }) {
				continue
			}
			who := at.By
			if len(who) == 0 {
				who = at.People
			}
			mine.Targets = append(mine.Targets, Target{ID: at.Step, Name: at.Name, Who: names.list(who)})
		}
		if line := next(def, step); line != nil && slices.ContainsFunc(line.Handlers, func(x approval.Handler) bool { return x.By == approval.ByChosen }) {
			mine.Choose = line.Name
		}
		p.Task = mine
		return
	}
}

// next is the step behind a step that has one line only: where a handler may
// have to choose people.
func next(def approval.Definition, step approval.Step) *approval.Step {
	if len(step.Lines) != 1 {
		return nil
	}
	if s, ok := def.Step(step.Lines[0].To); ok {
		return &s
	}
	return nil
}

// fillOffers says what the person may give now, before they give it; Run decides.
func (a *at) fillOffers(ctx context.Context, p *DocumentPage) error {
	list, err := approval.Offers(&reading{ctx: ctx, at: a}, office.Context{Actor: a.uid, Now: a.now}, p.Instance)
	if err != nil {
		// What may be done needs records that this desk may not have; the page does not.
		a.log.Debug("no offers", "instance", p.Instance, "code", office.CodeOf(err))
		return nil
	}
	for _, o := range list {
		p.Offers = append(p.Offers, Offer{ID: o.ID, Command: o.Command, Act: o.Act, Class: string(o.Class), Task: o.Task})
	}
	back, err := approval.Retrievable(&reading{ctx: ctx, at: a}, p.Instance, a.uid)
	if err == nil {
		p.TakeBack, p.Rest, p.Kept = back.May, back.Rest, back.Why
	}
	return nil
}

// author is whose words an opinion is: ×××(代 ×××) of an agent, ×××(×××代录) of
// words that were entered for somebody.
func author(names *book, o approval.Opinion) string {
	switch {
	case o.For == "":
		return names.name(o.Actor)
	case o.Basis != "":
		return names.name(o.For) + "（" + names.name(o.Actor) + "代录）"
	}
	return names.name(o.Actor) + "（代 " + names.name(o.For) + "）"
}

// formerOf is what an opinion said before, the oldest first.
func formerOf(o approval.Opinion) []string {
	out := make([]string, len(o.Former))
	for i, x := range o.Former {
		out[i] = x.Words
	}
	return out
}

// areaNote is the area of remarks, always the last of the sheet.
const areaNote = "note"

// areaRead is the area of 传阅 (R9).
const areaRead = "read"

// sheetOrder are the steps whose areas the sheet has, in its order: 收文 in the
// order of the steps; 发文 and 签报 with the signature on top, those before it
// below it, then what follows the signature.
func sheetOrder(def approval.Definition, kind string) []approval.Step {
	var before, after, notes []approval.Step
	signed := false
	for _, s := range def.Steps {
		switch {
		case s.Area == "":
		case s.Area == areaNote:
			notes = append(notes, s)
		case signed:
			after = append(after, s)
		default:
			before = append(before, s)
		}
		signed = signed || s.Gate == approval.GateSign
	}
	if kind != document.Incoming {
		slices.Reverse(before)
	}
	return slices.Concat(before, after, notes)
}

// fillAreas is the sheet: its areas, each with its opinions.
func (a *at) fillAreas(ctx context.Context, names *book, p *DocumentPage, instance string, def approval.Definition) error {
	opinions, err := children(ctx, a, approval.Opinions, instance)
	if err != nil {
		return err
	}
	pending, err := a.desk.PendingOf(ctx, approval.Opinions.Name)
	if err != nil {
		return err
	}
	slices.SortStableFunc(opinions, func(x, y item[approval.Opinion]) int {
		return cmp.Or(cmp.Compare(boolInt(x.Value.Old), boolInt(y.Value.Old)), cmp.Compare(x.Value.Effective, y.Value.Effective))
	})
	area := func(id, title string) *Area {
		for i := range p.Areas {
			if p.Areas[i].ID == id {
				return &p.Areas[i]
			}
		}
		p.Areas = append(p.Areas, Area{ID: id, Title: title})
		return &p.Areas[len(p.Areas)-1]
	}
	for _, s := range sheetOrder(def, p.Kind) {
		reached := slices.ContainsFunc(p.Steps, func(x StepView) bool { return x.ID == s.ID && x.State != stepNext })
		if !reached && s.Gate != approval.GateSign {
			continue // an area appears when the paper comes to it
		}
		x := area(s.Area, cmp.Or(s.AreaName, s.Name))
		x.Mine = x.Mine || p.Task != nil && p.Task.Area == s.Area
	}
	for _, o := range opinions {
		v := o.Value
		if v.Words == "" && v.Area == areaNote {
			continue
		}
		x := area(v.Area, cmp.Or(v.AreaName, v.StepName))
		x.Opinions = append(x.Opinions, Opinion{
			ID: o.ID, By: author(names, v), Unit: names.unitOf(v.Actor), Words: v.Words, Act: v.Act, Said: saidWith(p, v),
			Claimed: v.Claimed, At: v.Effective, Old: v.Old, Waiting: len(pending[o.ID]) > 0,
			Verdict: v.Verdict, Answer: v.Answer, Dispute: v.Dispute, Ink: v.Ink != nil, Former: formerOf(v),
		})
	}
	return nil
}

// saidWith is what an act without words says, "" where there are words. 圈阅 or a
// bare signature agrees to what asks for agreement (K art.22); on a paper that
// only wants to be read, or at a step of 传阅, it says that it was read (R9).
func saidWith(p *DocumentPage, v approval.Opinion) string {
	switch {
	case v.Words != "":
		return ""
	case v.Act == approval.ActReturn:
		return "return"
	case v.Act == approval.ActReject:
		return "reject"
	case v.Verdict == approval.VerdictAbstain:
		return "abstain"
	case v.Area == areaRead, p.Kind == document.Incoming && p.Elements.Handling == document.HandlingRead:
		return "read"
	}
	return "agree"
}

func (a *at) fillTrace(ctx context.Context, names *book, p *DocumentPage, instance string) error {
	events, err := children(ctx, a, approval.Events, instance)
	if err != nil {
		return err
	}
	pending, err := a.desk.PendingOf(ctx, approval.Events.Name)
	if err != nil {
		return err
	}
	slices.SortFunc(events, func(x, y item[approval.Event]) int { return cmp.Compare(y.Value.N, x.Value.N) })
	for _, e := range events {
		v := e.Value
		t := TraceEvent{
			ID: e.ID, Step: v.StepName, Act: v.What, Unit: names.unitOf(v.Who), To: names.list(v.To),
			ToStep: v.ToStep, Detail: v.Detail, For: names.name(v.For), Claimed: v.Claimed, At: v.Effective, Waiting: len(pending[e.ID]) > 0,
		}
		if v.Who != office.System {
			t.By = names.name(v.Who)
		}
		for _, s := range p.Steps {
			if s.ID == v.ToStep {
				t.ToStep = s.Name
			}
		}
		p.Trace = append(p.Trace, t)
	}
	return nil
}
