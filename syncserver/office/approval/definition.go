package approval

import (
	"strings"

	"qianshao/syncserver/office"
)

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
	Suits     []Cond   `json:"suits,omitempty"`    // the papers it is made for: those for which all of these hold are offered it first
	First     string   `json:"first"`              // the starter's own step; starting is having done it
	Steps     []Step   `json:"steps"`
	Published int64    `json:"published,omitempty"` // Millis
	By        string   `json:"by,omitempty"`

	Form     []FormField `json:"form,omitempty"`     // the typed fields that expressions may read (W30)
	Material []string    `json:"material,omitempty"` // fields whose change sends a returned paper step by step (W18)
	Dedupe   string      `json:"dedupe,omitempty"`   // DedupeNone … (W40)
	Child    bool        `json:"child,omitempty"`    // runs only as a part of another flow (W32)
	Source   string      `json:"source,omitempty"`   // the BPMN it was published as, with its drawing

	Base  int    `json:"base,omitempty"`  // of a draft: the newest version when it was begun
	Rev   int    `json:"rev,omitempty"`   // of a draft: how often it was saved
	Fault string `json:"fault,omitempty"` // of a draft: what stands in the way of publishing it
}

// A FormField says of what type a field of the subject is, for expressions.
type FormField struct {
	Name string `json:"name"`
	Type string `json:"type"` // FieldText …
}

// Types of a form's fields.
const (
	FieldText   = "text"
	FieldNumber = "number"
	FieldBool   = "bool"
	FieldList   = "list" // of texts
)

// Whom a flow does not ask twice (W40). Never at a gate or a step with Keep,
// and never after a return.
const (
	DedupeNone        = ""
	DedupeConsecutive = "consecutive" // who acted at the step before
	DedupeAny         = "any"         // who acted at any step that counts
)

// States of a definition.
const (
	DefinitionPublished = "published"
	DefinitionDraft     = "draft"
)

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

	Pass     *Pass     `json:"pass,omitempty"`      // of Ratio and Vote
	Fail     string    `json:"fail,omitempty"`      // the step a failed Collect, Ratio or Vote leads to; "": back to whoever sent it
	Sealed   bool      `json:"sealed,omitempty"`    // nobody reads the others' words before the step is left (W1)
	Order    string    `json:"order,omitempty"`     // OrderRank (W5)
	Limit    *Limit    `json:"limit,omitempty"`     // time limit in working time, instead of Hours
	Remind   []int     `json:"remind,omitempty"`    // hours before the limit, negative: after it
	Timeout  *Timeout  `json:"timeout,omitempty"`   // what the end of the limit does (W37)
	Resubmit string    `json:"resubmit,omitempty"`  // how a paper comes back that was returned from here (W18)
	TakeBack string    `json:"take_back,omitempty"` // when its sender may take it back (W20)
	Claim    int       `json:"claim,omitempty"`     // hours after which a claim ends by itself (W4)
	Free     bool      `json:"free,omitempty"`      // each handler picks the next people (W29)
	CC       []Handler `json:"cc,omitempty"`        // get a copy when the step is left (W26)
	Ban      []string  `json:"ban,omitempty"`       // words that alone are no opinion here (W35)
	Reasons  []string  `json:"reasons,omitempty"`   // of a 退文 (W19)
	Switch   bool      `json:"switch,omitempty"`    // another flow may take over here (W24)
	Keep     bool      `json:"keep,omitempty"`      // never skipped because somebody has acted before (W40)
	Empty    string    `json:"empty,omitempty"`     // when nobody handles it (W41)
	Self     string    `json:"self,omitempty"`      // when the starter handles it himself (W41)
	Join     *Join     `json:"join,omitempty"`      // of a StepJoin (W31)
	Sub      *Sub      `json:"sub,omitempty"`       // of a StepSub (W2, W32)
}

// Types of step.
const (
	StepTask   = "task"
	StepEnd    = "end"
	StepChoice = "choice" // only a branching: the first line that holds
	StepFork   = "fork"   // all lines that hold, at once (W31)
	StepJoin   = "join"   // where the lines of a fork meet again
	StepSub    = "sub"    // another flow inside this one, for one or for each of many units (W2, W32)
)

// Pass is when a Ratio or a Vote is passed.
type Pass struct {
	Percent    int  `json:"percent,omitempty"`     // of the members (Ratio) or of all weights (Vote)
	Weight     int  `json:"weight,omitempty"`      // of a Vote: the sum needed, instead of Percent
	Over       bool `json:"over,omitempty"`        // more than, not at least
	AbstainOut bool `json:"abstain_out,omitempty"` // who abstains does not count in the base
}

// OrderRank asks the people of a Serial step by rank, the most senior last.
const OrderRank = "rank"

// Limit is a time limit in working time.
type Limit struct {
	N      int    `json:"n"`
	Unit   string `json:"unit"`             // UnitHours …
	Fast   int    `json:"fast,omitempty"`   // instead of N for 加急 and 急件
	Urgent int    `json:"urgent,omitempty"` // instead of N for 特急 and 特提
}

// of is the number for a paper's urgency. A title that says 紧急 counts as 加急.
func (l Limit) of(urgency, title string) int {
	switch {
	case l.Urgent > 0 && (urgency == "特急" || urgency == "特提"):
		return l.Urgent
	case l.Fast > 0 && (urgency == "加急" || urgency == "急件" || urgency == "" && strings.Contains(title, "紧急")):
		return l.Fast
	}
	return l.N
}

// Units of a Limit.
const (
	UnitHours = "hours" // working hours
	UnitDays  = "days"  // working days: the end of the nth working day after arrival
)

// Timeout is what happens when the limit of a stay has passed. A gate is never
// passed, refused, given away or skipped by time.
type Timeout struct {
	Do    string    `json:"do"`              // TimeoutEscalate …
	After int       `json:"after,omitempty"` // hours after the limit
	To    []Handler `json:"to,omitempty"`    // of TimeoutEscalate and TimeoutTransfer
}

// What a Timeout does.
const (
	TimeoutEscalate = "escalate" // tells To
	TimeoutTransfer = "transfer" // To handle it instead
	TimeoutPass     = "pass"     // goes on as if everybody had agreed; marked as 超时自动
	TimeoutSkip     = "skip"     // goes on without an opinion; marked as 超时自动跳过; at a sub-flow: 视为无意见
	TimeoutReturn   = "return"   // goes back to whoever sent it
)

// How a returned paper comes back (W18).
const (
	ResubmitAgain    = ""         // 逐步重走
	ResubmitDirect   = "direct"   // 直送退回人, unless Material fields changed
	ResubmitReturner = "returner" // whoever returns decides
)

// When a sender may take back (W20).
const (
	TakeBackUndone = ""       // while nobody has acted
	TakeBackUnread = "unread" // while nobody has opened it
	TakeBackRest   = "rest"   // also later: then only those who have not acted lose their tasks
	TakeBackNever  = "never"
)

// What happens at a step without a handler, or whose handler is the starter (W41).
const (
	EmptyClerk = ""         // the 文书 post finds one
	EmptyAdmin = "admin"    // the 流程管理员 finds one
	SelfAct    = ""         // the starter acts
	SelfAbove  = "superior" // the starter's superior acts instead
	SelfSkip   = "skip"     // the step is skipped; never at a gate
)

// Join is when a StepJoin lets the paper on.
type Join struct {
	Need  int  `json:"need,omitempty"`  // branches that must arrive; 0: all
	Ended bool `json:"ended,omitempty"` // a branch that was ended counts as arrived
}

// Sub is the flow inside a StepSub.
type Sub struct {
	Flow    string `json:"flow"`
	Units   string `json:"units,omitempty"`   // field of the subject with the units, one run each; "": one run for the paper's own unit
	Async   bool   `json:"async,omitempty"`   // does not wait
	Refused string `json:"refused,omitempty"` // RefusedRecord …
}

// What a run that ends in disagreement means.
const (
	RefusedRecord = ""       // it is recorded and settled above: 会签 is never a veto (W2, L7)
	RefusedReturn = "return" // the paper goes back to whoever sent it
)

// Policy is how many of a step's people must act.
type Policy string

const (
	Serial Policy = "serial" // 顺签: one after the other, in order (W5)
	All    Policy = "all"    // 会签: everybody, at once (W1)
	Any    Policy = "any"    // 或签: the first decides (W3)

	Pool    Policy = "pool"    // 抢办: whoever claims it does it (W4)
	Collect Policy = "collect" // 收齐再定: everybody acts, then one refusal is enough to fail (W1)
	Ratio   Policy = "ratio"   // 比例: Pass.Percent of the members agree (W1)
	Vote    Policy = "vote"    // 票签: Pass by weights (W6)
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
	ActAdd      = "add_sign" // 加签 (W7–W9)
	ActDelegate = "delegate" // 委派 (W12)
	ActClaim    = "claim"    // 认领 (W4)
	ActRelease  = "release"  // 释放 (W4)
	ActReject   = "reject"   // 退文 (W19)
)

// A Handler names people in a way that is resolved when a paper arrives.
type Handler struct {
	By     string `json:"by"`               // ByPerson …
	ID     string `json:"id,omitempty"`     // of the person, post, role, unit, step, or name of the subject's field
	Weight int    `json:"weight,omitempty"` // of each of these people in a Vote; 0 is 1
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
	ByCharge     = "charge"      // the leader in charge (分管) of the unit in the subject's field; without a field of the unit the paper comes from
)

// A Line leads to the next step if its condition holds.
type Line struct {
	To   string `json:"to"`
	When *Cond  `json:"when,omitempty"` // nil: always
}

// A Cond compares one field of the subject, or is an expression over the form.
type Cond struct {
	Field string `json:"field,omitempty"`
	Op    string `json:"op,omitempty"` // OpSet …
	Value string `json:"value,omitempty"`
	Expr  string `json:"expr,omitempty"` // instead of the three others (W30)
}

// Comparisons of a Cond. Numbers and booleans are compared by their JSON text.
const (
	OpSet   = "set"   // has a value: not missing, "", [], 0, false
	OpUnset = "unset" // the contrary
	OpIs    = "is"
	OpNot   = "not"
	OpHas   = "has" // a list that contains the value
	OpIn    = "in"  // is one of the values, which "|" parts
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

// Definitions are the flows' versions; everybody may read them, and the
// 流程管理员 the drafts.
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
	Audience: func(r office.Record) ([]office.Channel, error) {
		var d struct {
			State string `json:"state"`
		}
		if err := r.Decode(&d); err != nil || d.State == DefinitionDraft {
			return []office.Channel{office.ToRole(RoleFlowAdmin)}, err
		}
		return []office.Channel{office.Org}, nil
	},
}}
