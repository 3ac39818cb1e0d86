package approval

import "qianshao/syncserver/office"

// A Definition is one version of a flow: a record of kind approval.definition
// whose id is key and version, "fawen.3". Running instances keep the version
// they began with (W39).
type Definition struct {
	Key       string   `json:"key"`
	Name      string   `json:"name"`
	Version   int      `json:"version,omitempty"`
	State     string   `json:"state,omitempty"`    // DefinitionPublished
	Subjects  []string `json:"subjects"`           // kinds of record that may take this flow
	Requires  []Cond   `json:"requires,omitempty"` // what the subject must have before it starts
	First     string   `json:"first"`              // the starter's own step; starting is having done it
	Steps     []Step   `json:"steps"`
	Published int64    `json:"published,omitempty"` // Millis
	By        string   `json:"by,omitempty"`
}

// States of a definition.
const DefinitionPublished = "published"

// A Step is one stop of a flow.
type Step struct {
	ID       string    `json:"id"`
	Name     string    `json:"name"`
	Type     string    `json:"type,omitempty"`     // StepTask if empty
	Handlers []Handler `json:"handlers,omitempty"` // resolved on arrival, not at the start; all of them together
	Policy   Policy    `json:"policy,omitempty"`   // Serial if empty
	Area     string    `json:"area,omitempty"`     // the opinion area of the sheet that is written here
	AreaName string    `json:"area_name,omitempty"`
	Acts     []string  `json:"acts,omitempty"`    // what a handler may do here, see ActApprove …
	Edit     bool      `json:"edit,omitempty"`    // the handlers may change the text
	Editors  []Handler `json:"editors,omitempty"` // others who may change the text while it is here
	Hours    int       `json:"hours,omitempty"`   // time limit; 0: none
	Effects  []string  `json:"effects,omitempty"` // done by the server on leaving, in order, see Effects
	Gate     Gate      `json:"gate,omitempty"`
	Lines    []Line    `json:"lines,omitempty"` // tried in order; the last has no condition (W30)
}

// Types of step.
const (
	StepTask = "task"
	StepEnd  = "end"
)

// Policy is how many of a step's people must act.
type Policy string

const (
	Serial Policy = "serial" // 顺签: one after the other, in order (W5)
	All    Policy = "all"    // 会签: everybody, at once (W1)
	Any    Policy = "any"    // 或签: the first decides (W3)
)

// Gate marks a step that nothing may go around (L1, L9, L11).
type Gate string

const (
	GateSign   Gate = "sign"   // 签发
	GateReview Gate = "review" // 复核
)

// Acts that a step may allow its handlers.
const (
	ActApprove  = "approve"
	ActReturn   = "return"
	ActTransfer = "transfer"
)

// A Handler names people in a way that is resolved when a paper arrives.
type Handler struct {
	By string `json:"by"`           // ByPerson …
	ID string `json:"id,omitempty"` // of the person, post, role, unit, step, or name of the subject's field
}

// Ways to name people.
const (
	ByPerson     = "person"
	ByPost       = "post"
	ByRole       = "role"
	ByHead       = "head"        // head of a unit; without id of the unit the paper comes from
	ByStarter    = "starter"     // who started the instance
	BySuperior   = "superior"    // the starter's superior
	ByField      = "field"       // a person or list of people in the subject's field
	ByFieldUnits = "field_units" // the heads of the units in the subject's field
	ByDone       = "done"        // those who acted at another step when it was last passed
	ByChosen     = "chosen"      // chosen by whoever sends the paper here
)

// A Line leads to the next step if its condition holds.
type Line struct {
	To   string `json:"to"`
	When *Cond  `json:"when,omitempty"` // nil: always
}

// A Cond compares one field of the subject.
type Cond struct {
	Field string `json:"field"`
	Op    string `json:"op"` // OpSet …
	Value string `json:"value,omitempty"`
}

// Comparisons of a Cond. Numbers and booleans are compared by their JSON text.
const (
	OpSet   = "set"   // has a value: not missing, "", [], 0, false
	OpUnset = "unset" // the contrary
	OpIs    = "is"
	OpNot   = "not"
	OpHas   = "has" // a list that contains the value
)

// Step finds a step of the definition.
func (d Definition) Step(id string) (Step, bool) {
	for _, s := range d.Steps {
		if s.ID == id {
			return s, true
		}
	}
	return Step{}, false
}

func (s Step) policy() Policy {
	if s.Policy == "" {
		return Serial
	}
	return s.Policy
}

// Definitions are the flows' versions; everybody may read them.
var Definitions = office.Of[Definition]{Kind: &office.Kind{
	Name: "approval.definition", Lane: office.LaneTasks, Residence: office.ResidentAlways,
	Fields: []office.Field{
		{Name: "key", Type: office.Text}, {Name: "version", Type: office.Int},
		{Name: "name", Type: office.Text}, {Name: "state", Type: office.Text},
	},
	Views: []office.View{
		{Name: "all", Filters: []string{"key", "state"}, Orders: []string{"key"}},
		{Name: "versions", By: []string{"key"}, Filters: []string{"state", "version"}, Orders: []string{"version"}},
	},
	Title: "name",
	Audience: func(office.Record) ([]office.Channel, error) {
		return []office.Channel{office.Org}, nil
	},
}}
