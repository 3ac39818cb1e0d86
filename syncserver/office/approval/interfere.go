package approval

import (
	"slices"

	"qianshao/syncserver/office"
)

// Jump is 跳转: the 流程管理员 moves a paper to another step, with a reason that
// everybody reads (W23). 签发 and 复核 are never jumped over.
type Jump struct {
	Instance string `json:"instance"`
	Subject  string `json:"subject"`
	From     string `json:"from"` // the step it is at
	To       string `json:"to"`
	Words    string `json:"words"`
}

func (*Jump) Kind() string      { return "approval.jump@1" }
func (x *Jump) Locks() []string { return lockSubject(x.Subject) }

// Run notes it; the server moves the paper.
func (x *Jump) Run(tx office.Tx, c office.Context) error {
	if err := flowAdmin(tx, c); err != nil {
		return err
	}
	inst, err := aboutSubject(tx, x.Instance, x.Subject)
	if err != nil {
		return err
	}
	if err := said(x.Words); err != nil {
		return err
	}
	if err := alive(inst); err != nil {
		return err
	}
	def, err := Definitions.Need(tx, inst.Definition)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(inst.Tokens, func(v Visit) bool { return v.Step == x.From })
	if i < 0 {
		return &office.Error{Code: office.CodeStaleBody, Field: "from"}
	}
	if err := def.mayJump(inst, inst.Tokens[i], x.To); err != nil {
		return err
	}
	return trace(tx, c, x.Instance, &inst, "event", Event{What: EventJump, Step: x.From, StepName: inst.Tokens[i].Name, Round: inst.Tokens[i].Round, ToStep: x.To, Detail: x.Words})
}

// mayJump refuses a step that is none, that is in another branch, or that lies
// behind a gate the paper has not passed.
func (d Definition) mayJump(inst Instance, v Visit, id string) error {
	s, ok := d.Step(id)
	if !ok || s.Type != "" && s.Type != StepTask {
		return office.Invalid("to", "%q is no step with a task", id)
	}
	nest, err := d.nesting()
	if err != nil {
		return err
	}
	if n := nest[id]; len(n) > 0 && !slices.Equal(n, nest[v.Step]) {
		return office.Invalid("to", "%s is inside other branches", s.Name)
	}
	for _, g := range []Gate{GateSign, GateReview} {
		passed := slices.ContainsFunc(inst.Path, func(p Visit) bool {
			q, ok := d.Step(p.Step)
			return ok && q.Gate == g
		})
		has := slices.ContainsFunc(d.Steps, func(s Step) bool { return s.Gate == g })
		if has && !passed && !d.reach(d.First, g)[id] {
			return office.Errorf(office.CodeState, "%s is not jumped over", g)
		}
	}
	return nil
}

// jump moves a stay to another step.
func (a *advance) jump(x *Jump) error {
	i := slices.IndexFunc(a.inst.Tokens, func(v Visit) bool { return v.Step == x.From })
	v := a.inst.Tokens[i]
	if k := lastVisit(a.inst.Path, x.To, v.Branch); k >= 0 {
		if err := a.cancel(v, "step_left"); err != nil {
			return err
		}
		return a.reopen(v, k, Task{})
	}
	if err := a.cancel(v, "step_left"); err != nil {
		return err
	}
	nest, err := a.def.nesting()
	if err != nil {
		return err
	}
	branch := v.Branch
	if len(nest[x.To]) == 0 { // out of all branches: they are over
		branch = ""
		if _, err := a.cancelLine("", "step_left"); err != nil {
			return err
		}
	}
	return a.goTo(x.To, branch, nil, "")
}

// EndBranch ends one of several parallel branches (W31).
type EndBranch struct {
	Instance string `json:"instance"`
	Subject  string `json:"subject"`
	Branch   string `json:"branch"`
	Words    string `json:"words"`
}

func (*EndBranch) Kind() string      { return "approval.end_branch@1" }
func (x *EndBranch) Locks() []string { return lockSubject(x.Subject) }

// Run notes it; the server ends the branch. The 流程管理员 may.
func (x *EndBranch) Run(tx office.Tx, c office.Context) error {
	if err := flowAdmin(tx, c); err != nil {
		return err
	}
	inst, err := aboutSubject(tx, x.Instance, x.Subject)
	if err != nil {
		return err
	}
	if err := said(x.Words); err != nil {
		return err
	}
	if err := alive(inst); err != nil {
		return err
	}
	if x.Branch == "" || !slices.ContainsFunc(inst.Tokens, func(v Visit) bool { return within(v.Branch, x.Branch) }) {
		return office.Invalid("branch", "nothing is under way there")
	}
	return trace(tx, c, x.Instance, &inst, "event", Event{What: EventBranch, Branch: x.Branch, Detail: x.Words})
}

func (a *advance) endBranch(branch string) error {
	n, err := a.forkOf(branch)
	if err != nil {
		return err
	}
	key := a.inst.Forks[n]
	ended, err := a.cancelLine(branch, "step_left")
	if err != nil {
		return err
	}
	join := a.def.joinOf(key.Step)
	for i, f := range a.inst.Forks {
		if f.Step == key.Step && f.Round == key.Round {
			f.Ended = append(slices.Clone(f.Ended), branch)
			a.inst.Forks[i] = f
			step, err := a.step(join)
			if err != nil || len(ended) == 0 {
				return err
			}
			return a.meet(step, i, "")
		}
	}
	return nil
}

// Switch is 流程切换: another flow takes the paper over, with its sheet and its
// number, at a step of the new flow (W24).
type Switch struct {
	ID       string `json:"id"` // of the new instance
	Instance string `json:"instance"`
	Subject  string `json:"subject"`
	Flow     string `json:"flow"`
	Step     string `json:"step"` // of the new flow
	Words    string `json:"words"`
}

func (*Switch) Kind() string      { return "approval.switch@1" }
func (x *Switch) Locks() []string { return lockSubject(x.Subject) }

// Run notes it; the server moves the paper. The 流程管理员 may, at steps that
// allow it. CodeInvalid naming a field that the new flow requires; CodeState for
// a step behind a gate.
func (x *Switch) Run(tx office.Tx, c office.Context) error {
	if err := flowAdmin(tx, c); err != nil {
		return err
	}
	if err := office.CheckID("id", x.ID); err != nil {
		return err
	}
	inst, err := mainInstance(tx, x.Instance, x.Subject)
	if err != nil {
		return err
	}
	if err := said(x.Words); err != nil {
		return err
	}
	if err := alive(inst); err != nil {
		return err
	}
	old, err := Definitions.Need(tx, inst.Definition)
	if err != nil {
		return err
	}
	for _, v := range inst.Tokens {
		if s, ok := old.Step(v.Step); !ok || !s.Switch {
			return office.Errorf(office.CodeState, "%s cannot be left for another flow", v.Name)
		}
	}
	def, err := Newest(tx, x.Flow)
	if err != nil {
		return err
	}
	if err := allows(def.Value, inst.SubjectKind); err != nil {
		return err
	}
	s, err := subjectOf(tx, inst.SubjectKind, inst.Subject)
	if err != nil {
		return err
	}
	if err := required(def.Value, s); err != nil {
		return err
	}
	if err := def.Value.mayJump(Instance{}, Visit{Step: def.Value.First}, x.Step); err != nil {
		return err
	}
	if _, at, err := Instances.Get(tx, x.ID); err != nil {
		return err
	} else if at == office.Present {
		return &office.Error{Code: office.CodeExists, Field: "id"}
	}
	return trace(tx, c, x.Instance, &inst, "event", Event{What: EventSwitch, ToStep: x.Step, Detail: x.Flow + ": " + x.Words})
}

// swap closes this instance and begins the other flow.
func (a *advance) swap(x *Switch) error {
	if err := a.close(OutcomeSwitched, x.Words, EventEnd); err != nil {
		return err
	}
	def, err := Newest(a.tx, x.Flow)
	if err != nil {
		return err
	}
	d, i := def.Value, a.inst
	if err := Instances.Insert(a.tx, x.ID, Instance{
		Definition: def.ID, Flow: d.Key, FlowName: d.Name, SubjectKind: i.SubjectKind, Subject: i.Subject,
		Title: a.subject.Title, Urgency: a.subject.Urgency, Starter: i.Starter, Unit: i.Unit, State: Running,
		Rounds: map[string]int{}, Participants: i.Participants, Started: office.Millis(a.c.Now), Former: a.id,
		Consents: i.Consents, Settled: i.Settled,
	}); err != nil {
		return err
	}
	if err := a.tx.Patch(i.SubjectKind, i.Subject, office.Fields{"flow": x.ID, "flow_state": FlowRunning}); err != nil {
		return err
	}
	said, err := Opinions.List(a.tx, office.Query{View: "instance", Order: "effective", Where: []office.Cond{office.Where("root", a.id)}})
	if err != nil {
		return err
	}
	for _, o := range said { // the sheet goes along
		v := o.Value
		v.From, v.Task = a.id, ""
		if err := Opinions.InsertUnder(a.tx, x.ID, a.newID(), v); err != nil {
			return err
		}
	}
	b, err := a.other(x.ID)
	if err != nil {
		return err
	}
	first, err := b.step(d.First)
	if err != nil {
		return err
	}
	b.inst.Path = []Visit{{Step: first.ID, Name: first.Name, Round: 1, By: []office.UserID{i.Starter}, People: []office.UserID{i.Starter}, Since: i.Started}}
	b.inst.Rounds = map[string]int{first.ID: 1}
	if x.Step == d.First {
		b.inst.Path = nil
	}
	if err := b.event(Event{What: EventSwitch, ToStep: x.Step, Detail: a.inst.Flow}); err != nil {
		return err
	}
	if err := b.goTo(x.Step, "", nil, ""); err != nil {
		return err
	}
	return b.run()
}

// Migrate moves a running instance to another version of its flow (W39). Steps
// that the new version calls otherwise are mapped.
type Migrate struct {
	Instance string            `json:"instance"`
	Subject  string            `json:"subject"`
	Version  int               `json:"version"`
	Map      map[string]string `json:"map,omitempty"` // old step: new step
	Words    string            `json:"words"`
}

func (*Migrate) Kind() string      { return "approval.migrate@1" }
func (x *Migrate) Locks() []string { return lockSubject(x.Subject) }

// Run moves it. Open tasks get their new step and are counted up: what was
// signed against the old version is asked again. The 流程管理员 may. CodeInvalid
// naming a step that has no place in the new version; CodeState if a gate would
// be gone around.
func (x *Migrate) Run(tx office.Tx, c office.Context) error {
	if err := flowAdmin(tx, c); err != nil {
		return err
	}
	inst, err := aboutSubject(tx, x.Instance, x.Subject)
	if err != nil {
		return err
	}
	if err := said(x.Words); err != nil {
		return err
	}
	if err := alive(inst); err != nil {
		return err
	}
	old, err := Definitions.Need(tx, inst.Definition)
	if err != nil {
		return err
	}
	id := DefinitionID(inst.Flow, x.Version)
	def, at, err := Definitions.Get(tx, id)
	if err != nil {
		return err
	}
	if at != office.Present || def.State != DefinitionPublished || id == inst.Definition {
		return office.Invalid("version", "there is no other version %d", x.Version)
	}
	if len(inst.Forks) > 0 || len(inst.Tokens) != 1 || len(inst.Tokens[0].Subs) > 0 {
		return office.Errorf(office.CodeState, "parallel")
	}
	place := func(step string) string {
		if to, ok := x.Map[step]; ok {
			return to
		}
		return step
	}
	move := func(vs []Visit) ([]Visit, error) {
		out := slices.Clone(vs)
		for i, v := range out {
			s, ok := def.Step(place(v.Step))
			was, _ := old.Step(v.Step)
			if !ok || s.Type != was.Type && !(s.Type == "" && was.Type == StepTask || s.Type == StepTask && was.Type == "") {
				return nil, office.Invalid("map", "%s has no place in version %d", v.Step, x.Version)
			}
			if s.Gate != was.Gate {
				return nil, office.Errorf(office.CodeState, "%s: %q and %q", v.Step, was.Gate, s.Gate)
			}
			out[i].Step, out[i].Name = s.ID, s.Name
		}
		return out, nil
	}
	tokens, err := move(inst.Tokens)
	if err != nil {
		return err
	}
	path, err := move(inst.Path)
	if err != nil {
		return err
	}
	moved := inst
	moved.Path = path
	if err := def.mayJump(moved, tokens[0], tokens[0].Step); err != nil {
		return err
	}
	rounds := map[string]int{}
	for step, n := range inst.Rounds {
		rounds[place(step)] = max(rounds[place(step)], n)
	}
	set := office.Fields{"definition": id, "flow_name": def.Name, "tokens": tokens, "path": orNil(path), "rounds": rounds, "step_name": tokens[0].Name}
	if inst.Signed != nil {
		s := *inst.Signed
		s.Step = place(s.Step)
		set["signed"] = s
	}
	if err := Instances.Patch(tx, x.Instance, set); err != nil {
		return err
	}
	if err := x.moveTasks(tx, def, place); err != nil {
		return err
	}
	return trace(tx, c, x.Instance, &inst, "event", Event{
		What: EventMigrate, Step: tokens[0].Step, StepName: tokens[0].Name, Round: tokens[0].Round,
		Gone: []string{inst.Tokens[0].Key()}, Detail: id + ": " + x.Words,
	})
}

func (x *Migrate) moveTasks(tx office.Tx, def Definition, place func(string) string) error {
	q := office.Query{View: "instance", Order: "created", Where: []office.Cond{office.Where("root", x.Instance)}}
	tasks, err := allTasks(tx, q)
	if err != nil {
		return err
	}
	for _, t := range tasks {
		s, ok := def.Step(place(t.Value.Step))
		if !ok {
			continue // of a round that no longer counts
		}
		set := office.Fields{"step": s.ID, "step_name": s.Name}
		if t.Value.State == TaskOpen || t.Value.State == TaskAsleep {
			set["rev"] = t.Value.Rev + 1
			set["flow_name"], set["area"], set["area_name"] = def.Name, text(s.Area), text(s.AreaName)
		}
		if err := Tasks.Patch(tx, t.ID, set); err != nil {
			return err
		}
	}
	said, err := Opinions.List(tx, office.Query{View: "instance", Order: "effective", Where: []office.Cond{office.Where("root", x.Instance)}})
	for _, o := range said {
		if s, ok := def.Step(place(o.Value.Step)); ok && s.ID != o.Value.Step {
			if err := Opinions.Patch(tx, o.ID, office.Fields{"step": s.ID}); err != nil {
				return err
			}
		}
	}
	return err
}
