package approval

import (
	"slices"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/directory"
)

// A Delegation says who acts for whom, and when and where (W13). The half-open
// interval [Start, End) is in force; 签发 is never delegated.
type Delegation struct {
	From    office.UserID `json:"from"`
	To      office.UserID `json:"to"`
	Start   int64         `json:"start"`
	End     int64         `json:"end"`
	Flows   []string      `json:"flows,omitempty"`   // keys; empty: all
	Except  []string      `json:"except,omitempty"`  // keys that are left out
	Genres  []string      `json:"genres,omitempty"`  // 文种; empty: all
	Onward  bool          `json:"onward,omitempty"`  // the agent's own agent may act too
	Already bool          `json:"already,omitempty"` // also what is open when it begins
	State   string        `json:"state"`
	Words   string        `json:"words,omitempty"`
}

// States of a delegation.
const (
	DelegationOn    = "on"
	DelegationEnded = "ended"
)

// Delegations are seen by both and by the 流程管理员.
var Delegations = office.Of[Delegation]{Kind: &office.Kind{
	Name: "approval.delegation", Lane: office.LaneTasks, Residence: office.ResidentAlways,
	Fields: []office.Field{
		{Name: "from", Type: office.Text}, {Name: "to", Type: office.Text}, {Name: "state", Type: office.Text},
		{Name: "start", Type: office.Time}, {Name: "end", Type: office.Time},
	},
	Views: []office.View{
		{Name: "from", By: []string{"from"}, Filters: []string{"state"}, Orders: []string{"start"}},
		{Name: "to", By: []string{"to"}, Filters: []string{"state"}, Orders: []string{"start"}},
	},
	Audience: func(r office.Record) ([]office.Channel, error) {
		var d Delegation
		err := r.Decode(&d)
		return append(office.To(d.From, d.To), office.ToRole(RoleFlowAdmin)), err
	},
}}

// maxAgents bounds agents of agents.
const maxAgents = 3

// covers reports whether a rule is in force for a paper of a 文种 in a flow at a
// time. A rule for certain 文种 covers none that has no such thing.
func (d Delegation) covers(flow, genre string, at int64) bool {
	return d.State == DelegationOn && d.Start <= at && at < d.End &&
		(len(d.Flows) == 0 || slices.Contains(d.Flows, flow)) && !slices.Contains(d.Except, flow) &&
		(len(d.Genres) == 0 || slices.Contains(d.Genres, genre))
}

// agentOf finds who acts for a person, "" for nobody.
func (a *advance) agentOf(who office.UserID, created int64) (office.UserID, error) {
	now := office.Millis(a.c.Now)
	agent, seen := who, []office.UserID{who}
	for range maxAgents {
		list, err := Delegations.All(a.tx, office.Query{View: "from", Where: []office.Cond{
			office.Where("from", string(agent)), office.Where("state", DelegationOn),
		}})
		if err != nil {
			return "", err
		}
		i := slices.IndexFunc(list, func(d office.Item[Delegation]) bool {
			return d.Value.covers(a.inst.Flow, a.subject.text("genre"), now) && (d.Value.Already || created >= d.Value.Start) && !slices.Contains(seen, d.Value.To)
		})
		if i < 0 {
			break
		}
		agent = list[i].Value.To
		seen = append(seen, agent)
		if !list[i].Value.Onward {
			break
		}
	}
	if agent == who {
		return "", nil
	}
	p, at, err := directory.People.Get(a.tx, string(agent))
	if err != nil || at != office.Present || !p.IsActive() {
		return "", err
	}
	return agent, nil
}

// agents gives those who act for somebody their copy of the task, and takes it
// back when they no longer do. The principal's own task stays: whoever acts
// first acts for both.
func (a *advance) agents() error {
	for _, v := range slices.Clone(a.inst.Tokens) {
		step, ok := a.def.Step(v.Step)
		if !ok || step.Type == StepSub || step.Gate == GateSign || v.Rescue || v.policy(step) == Pool {
			continue
		}
		items, err := tasksOf(a.tx, a.id, v.Step, v.Round)
		if err != nil {
			return err
		}
		for _, t := range items {
			x := t.Value
			if x.Kind == TaskAgent || x.State != TaskOpen && x.State != TaskAsleep {
				continue
			}
			want := office.UserID("")
			if x.State == TaskOpen {
				if want, err = a.agentOf(x.Person, x.Created); err != nil {
					return err
				}
			}
			if err := a.agent(v, step, items, x, want); err != nil {
				return err
			}
		}
	}
	return nil
}

func (a *advance) agent(v Visit, step Step, items []taskItem, x Task, want office.UserID) error {
	has := false
	for _, o := range items {
		y := o.Value
		if y.State != TaskOpen && y.State != TaskAsleep {
			continue
		}
		if y.Kind == TaskAgent && y.For == x.Person && y.Parent == x.Parent && y.Seat == x.Seat {
			if y.Person == want {
				has = true
			} else if y.State == TaskOpen {
				if err := closeTask(a.tx, a.c, o, "lapsed"); err != nil {
					return err
				}
			}
		} else if y.Person == want { // is asked here anyway
			has = true
		}
	}
	if want == "" || has {
		return nil
	}
	return a.ask(v, step, []office.UserID{want}, Task{
		Kind: TaskAgent, For: x.Person, Seat: x.Seat, Parent: x.Parent, AddedBy: x.AddedBy, Depth: x.Depth, Sender: x.Sender,
	})
}
