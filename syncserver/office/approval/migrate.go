package approval

import (
	"slices"

	"qianshao/syncserver/office"
)

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
	inst, err := intervened(tx, c, x.Instance, x.Subject, x.Words)
	if err != nil {
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
	said, err := Opinions.All(tx, office.Query{View: "instance", Order: "effective", Where: []office.Cond{office.Where("root", x.Instance)}})
	for _, o := range said {
		if s, ok := def.Step(place(o.Value.Step)); ok && s.ID != o.Value.Step {
			if err := Opinions.Patch(tx, o.ID, office.Fields{"step": s.ID}); err != nil {
				return err
			}
		}
	}
	return err
}
