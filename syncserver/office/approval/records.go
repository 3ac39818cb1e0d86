package approval

import (
	"strconv"

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
	Signed       *Signed         `json:"signed,omitempty"`     // the last 签发 that counts
	Events       int             `json:"events"`               // length of the trace
	TraceHead    string          `json:"trace_head,omitempty"` // hash of its last event (package seal)
	StepName     string          `json:"step_name,omitempty"`
	Stuck        string          `json:"stuck,omitempty"` // why there is no task, if there is none: StuckNoHandler
	Started      int64           `json:"started"`
	Ended        int64           `json:"ended,omitempty"`

	Outcome  string    `json:"outcome,omitempty"` // how it ended: OutcomeDone …
	Reason   string    `json:"reason,omitempty"`  // of the outcome or the suspension
	Forks    []Fork    `json:"forks,omitempty"`   // parallel branches that have not met again (W31)
	Parent   *ParentOf `json:"parent,omitempty"`  // of a sub-flow (W32)
	Former   string    `json:"former,omitempty"`  // the instance this one took over from (W24)
	Verdict  string    `json:"verdict,omitempty"` // the last one given
	Consents []Consent `json:"consents,omitempty"`
	Settled  string    `json:"settled,omitempty"`  // how a disagreement was decided above (W2, L7)
	Returned bool      `json:"returned,omitempty"` // it was returned once: nobody is left out any more (W40)
	Did      []string  `json:"did,omitempty"`      // effects that were done
	Stopped  int64     `json:"stopped,omitempty"`  // since when it sleeps
	Resumes  int64     `json:"resumes,omitempty"`  // when it is planned to go on
}

// A Fork is one splitting of a paper's way.
type Fork struct {
	Step    string   `json:"step"`
	Round   int      `json:"round"`
	Branch  string   `json:"branch,omitempty"`  // the one it split
	Opened  int      `json:"opened"`            // branches
	Arrived []string `json:"arrived,omitempty"` // branches that came to the join
	Ended   []string `json:"ended,omitempty"`   // branches that were ended on the way
}

// ParentOf is where a sub-flow belongs.
type ParentOf struct {
	Instance string `json:"instance"`
	Root     string `json:"root"` // the instance the subject runs in
	Step     string `json:"step"`
	Round    int    `json:"round"`
	Unit     string `json:"unit,omitempty"`
	Depth    int    `json:"depth"`
}

// A Consent is a unit's answer in a 公文会签 (W2).
type Consent struct {
	Unit     string        `json:"unit"`
	Verdict  string        `json:"verdict"`
	Silent   bool          `json:"silent,omitempty"` // the limit passed: 视为无意见
	By       office.UserID `json:"by,omitempty"`
	Words    string        `json:"words,omitempty"`
	Hash     string        `json:"hash,omitempty"` // the text it was given on
	At       int64         `json:"at"`
	Instance string        `json:"instance,omitempty"`
}

// Answers that an approval may carry.
const (
	VerdictAgree    = "agree"
	VerdictAmend    = "amend" // 有修改意见
	VerdictDisagree = "disagree"
	VerdictAbstain  = "abstain"
)

// How an instance ended.
const (
	OutcomeDone       = ""
	OutcomeCancelled  = "cancelled"  // 撤销, by its starter (W21)
	OutcomeTerminated = "terminated" // 终止 (W42)
	OutcomeRejected   = "rejected"   // 退文 (W19)
	OutcomeSwitched   = "switched"   // another flow took over (W24)
)

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

	Branch  string                `json:"branch,omitempty"`  // which parallel branch, "" the main line (W31)
	Policy  Policy                `json:"policy,omitempty"`  // of a free step: chosen by whoever sent it (W29)
	Weights map[office.UserID]int `json:"weights,omitempty"` // as they were on arrival (W6)
	Subs    []string              `json:"subs,omitempty"`    // instances of a sub-flow
	Resume  *Resume               `json:"resume,omitempty"`  // where a returned paper goes straight back to (W18)
	Paper   *Paper                `json:"paper,omitempty"`   // it is handled on paper (W34)
	Left    int64                 `json:"left,omitempty"`    // time left when the clock was stopped
	Auto    string                `json:"auto,omitempty"`    // passed without anybody: why
	Failed  bool                  `json:"failed,omitempty"`  // the vote failed
	Escaped bool                  `json:"escaped,omitempty"` // its Timeout has been carried out
}

// Resume is how a returned paper comes straight back.
type Resume struct {
	At       Visit         `json:"at"`
	Path     []Visit       `json:"path"` // what was passed between
	Signed   *Signed       `json:"signed,omitempty"`
	Hash     string        `json:"hash"`
	Material string        `json:"material,omitempty"` // the material fields as they were
	By       office.UserID `json:"by"`                 // who returned it
}

// Paper is a stay that is handled on paper.
type Paper struct {
	By    office.UserID `json:"by"`
	Since int64         `json:"since"`
	Mark  string        `json:"mark"` // printed on the sheet, so that it is found again
}

// Key names a stay in the trace: step and round.
func (v Visit) Key() string { return v.Step + "#" + strconv.Itoa(v.Round) }

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

	Kind     string        `json:"kind,omitempty"`   // TaskBefore …; "" for a member of the step
	Seat     office.UserID `json:"seat"`             // whose place in the step it fills
	For      office.UserID `json:"for,omitempty"`    // 代理: in whose name (W13)
	Parent   string        `json:"parent,omitempty"` // the task it serves, of an added one
	AddedBy  office.UserID `json:"added_by,omitempty"`
	Depth    int           `json:"depth,omitempty"` // of added people who add people
	Adds     []Add         `json:"adds,omitempty"`
	Opened   int64         `json:"opened,omitempty"`  // first seen by its person, when the server heard of it
	Looked   int64         `json:"looked,omitempty"`  // the same by the desk's clock
	Claimed  int64         `json:"claimed,omitempty"` // 认领
	Urged    int           `json:"urged,omitempty"`   // how often, today and before
	UrgedAt  int64         `json:"urged_at,omitempty"`
	UrgedBy  office.UserID `json:"urged_by,omitempty"`
	Ring     int64         `json:"ring,omitempty"` // when the last 催办 may be heard
	UrgeSaid string        `json:"urge_said,omitempty"`

	Escalated []office.UserID `json:"escalated,omitempty"` // who was told that its limit has passed (W37)

	Verdict  string          `json:"verdict,omitempty"`
	Resubmit string          `json:"resubmit,omitempty"` // of a return: ResubmitDirect or ""
	Previous bool            `json:"previous,omitempty"` // of a return: to the one before in a 顺签 (W5)
	Ask      []office.UserID `json:"ask,omitempty"`      // of a return: only these of those who acted there
	Finish   bool            `json:"finish,omitempty"`   // ends a free flow
	Then     Policy          `json:"then,omitempty"`     // how the chosen people act, in a free flow
	Decided  string          `json:"decided,omitempty"`  // how a disagreement was settled
}

// An Add is one 加签 or 委派 of a task.
type Add struct {
	Mode   string          `json:"mode"`
	People []office.UserID `json:"people"`
	Words  string          `json:"words,omitempty"`
	Made   bool            `json:"made,omitempty"` // the server has asked them
}

// Kinds of task besides a member's own.
const (
	TaskBefore   = "before"   // 前加签
	TaskAfter    = "after"    // 后加签
	TaskBeside   = "beside"   // 并加签: a member like the others, taken back by whoever added it
	TaskDelegate = "delegate" // 委派
	TaskAgent    = "agent"    // 代理
)

// States of a task.
const (
	TaskOpen        = "open"
	TaskDone        = "done"
	TaskDoneByOther = "done_by_other" // 或签: somebody else was first
	TaskWithdrawn   = "withdrawn"     // 取回
	TaskTransferred = "transferred"   // 转办
	TaskCancelled   = "cancelled"     // the step was left without this act, by a return
	TaskAsleep      = "asleep"        // waits for those it asked first (W7, W12)
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

	For      office.UserID `json:"for,omitempty"`     // 代理 or 代录: in whose name
	Basis    string        `json:"basis,omitempty"`   // of a 代录: scan, phone, face (W33)
	Scan     string        `json:"scan,omitempty"`    // the attachment that shows it
	Entered  int64         `json:"entered,omitempty"` // of a 代录: when it was typed; Claimed is when it was given
	Answer   string        `json:"answer,omitempty"`  // of whom it was entered for: confirmed, disputed
	Answered int64         `json:"answered,omitempty"`
	Dispute  string        `json:"dispute,omitempty"`
	Verdict  string        `json:"verdict,omitempty"`
	Sealed   bool          `json:"sealed,omitempty"`  // only its author reads it yet (W1)
	Ink      *Ink          `json:"ink,omitempty"`     // W36
	Former   []Former      `json:"former,omitempty"`  // what it said before (W46)
	From     string        `json:"from,omitempty"`    // the instance it was taken over from (W24)
	Decided  string        `json:"decided,omitempty"` // how a disagreement was settled
	Salts    []string      `json:"salts,omitempty"`   // one for each former wording and the present one (package seal)
}

// Former is what an opinion said before it was reworded.
type Former struct {
	Words string `json:"words"`
	Until int64  `json:"until"`
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
	Narrow: func(r office.Record) ([]office.Channel, error) {
		var o Opinion
		if err := r.Decode(&o); err != nil || !o.Sealed {
			return nil, err
		}
		return office.To(o.Actor, o.For), nil
	},
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
	For       office.UserID   `json:"for,omitempty"`
	Gone      []string        `json:"gone,omitempty"`   // stays that were left, see Visit.Key
	Branch    string          `json:"branch,omitempty"` // of the stay that began
	Claimed   int64           `json:"claimed,omitempty"`
	Effective int64           `json:"effective"`

	// The server seals the trace (package seal). Without Hash an event is what a
	// waiting command expects.
	Prev string `json:"prev,omitempty"` // hash of the event before
	Sum  string `json:"sum,omitempty"`  // of salt and words
	Hash string `json:"hash,omitempty"`
	Sig  string `json:"sig,omitempty"`
	Key  string `json:"key,omitempty"` // that signed
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

	EventFork     = "fork"
	EventJoin     = "join"     // a branch came to the join; Detail is "arrived/needed"
	EventSkip     = "skip"     // passed without anybody; Detail says why
	EventFailed   = "failed"   // the members did not agree
	EventWake     = "wake"     // those asked before have acted: To acts again
	EventSub      = "sub"      // flows inside this one began
	EventSubEnd   = "sub_end"  // one of them ended; Detail is its verdict
	EventStepwise = "stepwise" // a returned paper may not go straight back (W18)
	EventLeave    = "leave"
	EventTimeout  = "timeout" // 超时自动: Detail is what was done, never "approved" (W37)
	EventRemind   = "remind"
	EventAdd      = "add_sign"
	EventDrop     = "drop_sign"
	EventDelegate = "delegate"
	EventClaim    = "claim"
	EventRelease  = "release"
	EventRequeue  = "requeue"
	EventHandOver = "hand_over"
	EventReject   = "reject"
	EventCancel   = "cancel"
	EventJump     = "jump"
	EventSwitch   = "switch"
	EventUrge     = "urge"
	EventSuspend  = "suspend"
	EventResume   = "resume"
	EventEnter    = "enter" // 代录
	EventAnswer   = "answer"
	EventPaperOut = "paper_out"
	EventPaperIn  = "paper_in"
	EventMigrate  = "migrate"
	EventStop     = "terminate"
	EventReopen   = "reopen"
	EventReword   = "reword"
	EventBranch   = "end_branch"
	EventRecall   = "recall" // copies were taken back from To; Detail says why (W22)
	EventPurged   = "purged" // they are confirmed gone from all machines; Detail is how many
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

// CopyID is the id of a person's copy in a circulation.
func CopyID(circulation string, to office.UserID) string {
	return office.DeriveFrom(circulation, "copy", string(to))
}

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

	Sort  string          `json:"sort,omitempty"`  // CopyNotice …; "" for 传阅
	Area  string          `json:"area,omitempty"`  // while the paper runs, the reader's words also go to this area (W25)
	Next  []office.UserID `json:"next,omitempty"`  // of a 传阅 one after the other: who gets it then
	Urged int64           `json:"urged,omitempty"` // when it was last asked for (W27)
	Why   string          `json:"why,omitempty"`   // of a recall
}

// CopyNotice is the sort of 知会: for information only (W26). CopyEscalated tells
// that a limit has passed; the system makes it (W37).
const (
	CopyNotice    = "notice"
	CopyEscalated = "escalated"
)

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

	CopyRecalled = "recalled" // taken back unread: only its sender still sees it (W22)
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
		if x.State == CopyRecalled {
			return office.To(x.From), err
		}
		return office.To(x.From, x.To), err
	},
}}
