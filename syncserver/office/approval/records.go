package approval

import (
	"qianshao/syncserver/office"
)

// RoleFlowAdmin is the role of the 流程管理员: keeps definitions and gets what
// no handler could be found for.
const RoleFlowAdmin = "flowadmin"

// An Instance is one run of a flow with one subject.
type Instance struct {
	Definition   string          `json:"definition"` // id of the version it began with
	Flow         string          `json:"flow"`       // key of the definition
	FlowName     string          `json:"flow_name"`
	SubjectKind  string          `json:"subject_kind"`
	Subject      string          `json:"subject"`
	Title        string          `json:"title"`
	Urgency      string          `json:"urgency,omitempty"`
	Starter      office.UserID   `json:"starter"`
	Unit         string          `json:"unit,omitempty"` // where the paper comes from
	State        string          `json:"state"`
	Tokens       []Visit         `json:"tokens,omitempty"` // where the paper is now; the server alone sets it
	Path         []Visit         `json:"path,omitempty"`   // the steps passed that still count, oldest first
	Rounds       map[string]int  `json:"rounds,omitempty"` // 轮次: how often each step was entered
	Participants []office.UserID `json:"participants"`
	Signed       *Signed         `json:"signed,omitempty"` // the last 签发 that counts
	Events       int             `json:"events"`           // length of the trace
	StepName     string          `json:"step_name,omitempty"`
	Stuck        string          `json:"stuck,omitempty"` // why there is no task, if there is none: StuckNoHandler
	Started      int64           `json:"started"`
	Ended        int64           `json:"ended,omitempty"`
}

// States of an instance.
const (
	Running   = "running"
	Suspended = "suspended"
	Ended     = "ended"
)

// StuckNoHandler: neither a handler nor a 文书 nor a 流程管理员 was found (W41).
const StuckNoHandler = "no_handler"

// A Visit is one stay at one step.
type Visit struct {
	Step   string          `json:"step"`
	Name   string          `json:"name"`
	Round  int             `json:"round"`
	People []office.UserID `json:"people,omitempty"` // who was asked, in order
	From   office.UserID   `json:"from,omitempty"`   // who sent it here and may take it back; nobody after a return
	By     []office.UserID `json:"by,omitempty"`     // who acted, known when the step has been left
	Since  int64           `json:"since"`
	Due    int64           `json:"due,omitempty"`
	Rescue bool            `json:"rescue,omitempty"` // asked to find a handler, not to handle it (W41)
	Recall office.UserID   `json:"recall,omitempty"` // the sender takes it back; the server is about to move it
}

// Signed is what was signed at 签发: a later change of the text brings the
// paper back to the signer (L9).
type Signed struct {
	Step string        `json:"step"`
	By   office.UserID `json:"by"`
	Hash string        `json:"hash"`
	At   int64         `json:"at"`
}

// Instances reach all who took part, and the 流程管理员 while one is stuck.
var Instances = office.Of[Instance]{Kind: &office.Kind{
	Name: "approval.instance", Lane: office.LaneTasks, Residence: office.ResidentWindow,
	Window: func(r office.Record) (int64, error) {
		var i Instance
		if err := r.Decode(&i); err != nil || i.State != Ended {
			return 0, err
		}
		return i.Ended + office.StayLong, nil
	},
	Fields: []office.Field{
		{Name: "subject", Type: office.Text}, {Name: "state", Type: office.Text}, {Name: "flow", Type: office.Text},
		{Name: "starter", Type: office.Text}, {Name: "started", Type: office.Time}, {Name: "ended", Type: office.Time},
		{Name: "stuck", Type: office.Text},
	},
	Views: []office.View{
		{Name: "all", Filters: []string{"state", "flow", "stuck"}, Orders: []string{"started", "ended"}},
		{Name: "subject", By: []string{"subject"}, Filters: []string{"state"}, Orders: []string{"started"}},
		{Name: "mine", By: []string{"starter"}, Filters: []string{"state", "flow"}, Orders: []string{"started", "ended"}},
	},
	Title: "title",
	Audience: func(r office.Record) ([]office.Channel, error) {
		var i Instance
		if err := r.Decode(&i); err != nil {
			return nil, err
		}
		out := office.To(i.Participants...)
		if i.Stuck != "" {
			out = append(out, office.ToRole(RoleFlowAdmin))
		}
		return out, nil
	},
}}

// A Task asks one person to act at one step in one round.
type Task struct {
	Person      office.UserID   `json:"person"`
	Step        string          `json:"step"`
	StepName    string          `json:"step_name"`
	Round       int             `json:"round"`
	Rev         int64           `json:"rev"` // counted when the terms of the task change; an act says which it saw
	State       string          `json:"state"`
	Acts        []string        `json:"acts"`
	Edit        bool            `json:"edit,omitempty"`
	Area        string          `json:"area,omitempty"`
	AreaName    string          `json:"area_name,omitempty"`
	Created     int64           `json:"created"`
	Due         int64           `json:"due,omitempty"`
	DueOrder    int64           `json:"due_order"` // Due, or the end of time: lists show what has no limit last
	Overdue     bool            `json:"overdue,omitempty"`
	DoneAt      int64           `json:"done_at,omitempty"`
	Act         string          `json:"act,omitempty"`    // what was done: ActApprove …
	Target      string          `json:"target,omitempty"` // the step returned to; "": whoever sent it
	To          office.UserID   `json:"to,omitempty"`     // whom it was transferred to
	Successor   string          `json:"successor,omitempty"`
	Chosen      []office.UserID `json:"chosen,omitempty"` // the people chosen for the next step
	Sender      office.UserID   `json:"sender,omitempty"`
	Chain       []office.UserID `json:"chain,omitempty"` // 转办: who had it before, oldest first (W11)
	Flow        string          `json:"flow"`
	FlowName    string          `json:"flow_name"`
	SubjectKind string          `json:"subject_kind"`
	Subject     string          `json:"subject"`
	Title       string          `json:"title"`
	Urgency     string          `json:"urgency,omitempty"`
}

// States of a task.
const (
	TaskOpen        = "open"
	TaskDone        = "done"
	TaskDoneByOther = "done_by_other" // 或签: somebody else was first
	TaskWithdrawn   = "withdrawn"     // 取回
	TaskTransferred = "transferred"   // 转办
	TaskCancelled   = "cancelled"     // the step was left without this act, by a return
)

// Tasks are everybody's to-dos.
var Tasks = office.Of[Task]{Kind: &office.Kind{
	Name: "approval.task", Parent: "approval.instance", Lane: office.LaneTasks, Residence: office.ResidentAlways,
	Fields: []office.Field{
		{Name: "person", Type: office.Text}, {Name: "state", Type: office.Text}, {Name: "step", Type: office.Text},
		{Name: "round", Type: office.Int}, {Name: "subject", Type: office.Text}, {Name: "flow", Type: office.Text},
		{Name: "urgency", Type: office.Text}, {Name: "title", Type: office.Text}, {Name: "step_name", Type: office.Text},
		{Name: "created", Type: office.Time}, {Name: "due", Type: office.Time}, {Name: "due_order", Type: office.Time},
		{Name: "overdue", Type: office.Int}, {Name: "done_at", Type: office.Time},
	},
	Views: []office.View{
		{Name: "mine", By: []string{"person"}, Filters: []string{"state", "flow", "urgency", "step", "subject", "overdue", "due"}, Orders: []string{"due_order", "created", "done_at"}},
		{Name: "instance", By: []string{"root"}, Filters: []string{"state", "person", "step", "round"}, Orders: []string{"created"}},
		{Name: "subject", By: []string{"subject"}, Filters: []string{"state", "person"}, Orders: []string{"created"}},
		{Name: "all", Filters: []string{"state", "flow", "person"}, Orders: []string{"due_order", "created"}},
	},
	Title: "title",
}}

// An Opinion is what a person wrote in an area of the sheet. Opinions are never
// deleted; those of rounds that no longer count are old and shown greyed.
type Opinion struct {
	Area      string        `json:"area,omitempty"`
	AreaName  string        `json:"area_name,omitempty"`
	Step      string        `json:"step"`
	StepName  string        `json:"step_name"`
	Round     int           `json:"round"`
	Task      string        `json:"task,omitempty"`
	Actor     office.UserID `json:"actor"`
	Act       string        `json:"act"`
	Words     string        `json:"words"`
	Seen      string        `json:"seen,omitempty"` // content hash the author saw
	Claimed   int64         `json:"claimed"`        // when it was written, by the author's desk
	Effective int64         `json:"effective"`      // when the server took it
	Old       bool          `json:"old,omitempty"`
}

// Opinions are the words of an instance.
var Opinions = office.Of[Opinion]{Kind: &office.Kind{
	Name: "approval.opinion", Parent: "approval.instance", Lane: office.LaneTasks, Residence: office.ResidentAlways,
	Fields: []office.Field{
		{Name: "actor", Type: office.Text}, {Name: "area", Type: office.Text}, {Name: "step", Type: office.Text},
		{Name: "round", Type: office.Int}, {Name: "effective", Type: office.Time}, {Name: "old", Type: office.Int},
	},
	Views: []office.View{
		{Name: "instance", By: []string{"root"}, Filters: []string{"area", "step", "round", "actor", "old"}, Orders: []string{"effective"}},
		{Name: "mine", By: []string{"actor"}, Orders: []string{"effective"}},
	},
	Search: []string{"words"}, Title: "step_name",
}}

// An Event is one entry of the trace, which only grows.
type Event struct {
	N         int             `json:"n"` // counted from 1 in the instance
	What      string          `json:"what"`
	Who       office.UserID   `json:"who"`
	Step      string          `json:"step,omitempty"`
	StepName  string          `json:"step_name,omitempty"`
	Round     int             `json:"round,omitempty"`
	Task      string          `json:"task,omitempty"`
	Opinion   string          `json:"opinion,omitempty"` // record that holds the words
	To        []office.UserID `json:"to,omitempty"`
	ToStep    string          `json:"to_step,omitempty"`
	Detail    string          `json:"detail,omitempty"`
	Claimed   int64           `json:"claimed,omitempty"`
	Effective int64           `json:"effective"`
}

// What happens in a trace.
const (
	EventStart    = "start"
	EventApprove  = "approve"
	EventReturn   = "return"
	EventTakeBack = "take_back"
	EventTransfer = "transfer"
	EventArrive   = "arrive"  // the paper came to a step; To are the people asked
	EventRescue   = "rescue"  // no handler was found; To are asked to find one (W41)
	EventStuck    = "stuck"   // nobody at all was found
	EventResign   = "re_sign" // the text changed after 签发: back to the signer (L9)
	EventEffect   = "effect"  // Detail names the effect, such as a number given
	EventOverdue  = "overdue" // Detail is the due time
	EventEnd      = "end"
)

// Events are the trace of an instance.
var Events = office.Of[Event]{Kind: &office.Kind{
	Name: "approval.event", Parent: "approval.instance", Lane: office.LaneTasks, Residence: office.ResidentAlways,
	Fields: []office.Field{
		{Name: "n", Type: office.Int}, {Name: "who", Type: office.Text}, {Name: "what", Type: office.Text},
		{Name: "effective", Type: office.Time},
	},
	Views: []office.View{
		{Name: "instance", By: []string{"root"}, Filters: []string{"what", "who"}, Orders: []string{"n", "effective"}},
	},
}}

// A Copy is a 传阅 copy: it reaches its sender and its reader, and whatever the
// reader does with it never touches the instance (W25).
type Copy struct {
	Circulation string        `json:"circulation"` // id of the Circulate that made it
	SubjectKind string        `json:"subject_kind"`
	Subject     string        `json:"subject"`
	Title       string        `json:"title"`
	Urgency     string        `json:"urgency,omitempty"`
	From        office.UserID `json:"from"`
	To          office.UserID `json:"to"`
	Must        bool          `json:"must,omitempty"` // 必阅, otherwise 可阅
	Words       string        `json:"words,omitempty"`
	State       string        `json:"state"`
	Sent        int64         `json:"sent"`
	Read        int64         `json:"read,omitempty"`
	ReadClaimed int64         `json:"read_claimed,omitempty"`
	Remarks     []Remark      `json:"remarks,omitempty"` // 阅示意见, never on the sheet
}

// A Remark is what a reader wrote on a copy.
type Remark struct {
	Words     string `json:"words"`
	Claimed   int64  `json:"claimed"`
	Effective int64  `json:"effective"`
}

// States of a copy.
const (
	CopyUnread = "unread"
	CopyRead   = "read"
)

// Copies are the 传阅 copies.
var Copies = office.Of[Copy]{Kind: &office.Kind{
	Name: "approval.copy", Lane: office.LaneTasks, Residence: office.ResidentWindow,
	Window: func(r office.Record) (int64, error) {
		var x Copy
		if err := r.Decode(&x); err != nil || x.State != CopyRead {
			return 0, err
		}
		return x.Read + office.StayLong, nil
	},
	Fields: []office.Field{
		{Name: "from", Type: office.Text}, {Name: "to", Type: office.Text}, {Name: "subject", Type: office.Text},
		{Name: "circulation", Type: office.Text}, {Name: "state", Type: office.Text}, {Name: "must", Type: office.Int},
		{Name: "sent", Type: office.Time}, {Name: "read", Type: office.Time},
	},
	Views: []office.View{
		{Name: "mine", By: []string{"to"}, Filters: []string{"state", "must", "subject"}, Orders: []string{"sent", "read"}},
		{Name: "sent", By: []string{"from"}, Filters: []string{"state", "subject", "circulation"}, Orders: []string{"sent"}},
		{Name: "subject", By: []string{"subject"}, Filters: []string{"state", "to", "from"}, Orders: []string{"sent"}},
	},
	Title: "title",
	Audience: func(r office.Record) ([]office.Channel, error) {
		var x Copy
		err := r.Decode(&x)
		return office.To(x.From, x.To), err
	},
}}
