package bridge

// Marks of a row (design: window, "Status mark"); "" is a normal row.
const (
	MarkNone  = ""
	MarkWait  = "wait"  // 待送达: a command of mine waits on this desk
	MarkSent  = "sent"  // 已送达: the server has it and has not settled it
	MarkNeed  = "need"  // 需您处理
	MarkClash = "clash" // 冲突: both values of a field are kept
	MarkAway  = "away"  // 未下载

	MarkOnline = "online" // 在线: read from the server, not on this desk
)

// Done says that a command was accepted by the desk: it is safe in the outbox.
type Done struct {
	Mid string `json:"mid"`
	ID  string `json:"id"` // of the record the command makes or changes
}

// Person is one official as the window shows people.
type Person struct {
	ID       string   `json:"id"`
	Name     string   `json:"name"`
	Pinyin   string   `json:"pinyin"`
	Initials string   `json:"initials"`
	Title    string   `json:"title"`
	Unit     string   `json:"unit"`
	UnitName string   `json:"unitName"`
	Phone    string   `json:"phone"`
	Room     string   `json:"room"`
	Roles    []string `json:"roles"`
	Posts    []string `json:"posts"`
}

// Unit is a part of the office in the public address book.
type Unit struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Parent string `json:"parent"`
	People int    `json:"people"`
}

// Task is a row of 待签 and 待办: one thing asked of this person.
type Task struct {
	ID        string `json:"id"`
	Document  string `json:"document"`
	Title     string `json:"title"`
	Number    string `json:"number"`
	Source    string `json:"source"` // who it comes from: unit or sender
	Kind      string `json:"kind"`   // in | out | sign
	Step      string `json:"step"`
	Urgency   string `json:"urgency"`  // "" | 加急 | 特急 …
	Handling  string `json:"handling"` // 办件 | 阅件 of an incoming paper; "" not decided
	Due       int64  `json:"due"`
	Arrived   int64  `json:"arrived"`
	SayBy     string `json:"sayBy"` // who wrote the latest opinion
	Say       string `json:"say"`
	Mark      string `json:"mark"`
	NeedMid   string `json:"needMid"`   // the refused command behind MarkNeed
	NeedCode  string `json:"needCode"`  // and its code
	MyWords   string `json:"myWords"`   // what I wrote with it
	MyWordsAt int64  `json:"myWordsAt"` // and when
	For       string `json:"for"`       // in whose name, of an agent
	Why       string `json:"why"`       // before | after | beside | delegate, of a person who was added
	Urged     int    `json:"urged"`     // how often today it was asked for: 催办
	UrgedBy   string `json:"urgedBy"`   // who did last
	UrgeSaid  string `json:"urgeSaid"`  // and said

	Escalated []string `json:"escalated"` // who was told that its limit has passed
}

// Copy is a row of 待阅: a document circulated to this person.
type Copy struct {
	ID       string `json:"id"`
	Document string `json:"document"`
	Title    string `json:"title"`
	Number   string `json:"number"`
	Source   string `json:"source"`
	Urgency  string `json:"urgency"`
	Sent     int64  `json:"sent"`
	Read     int64  `json:"read"` // 0 = not yet
	Mark     string `json:"mark"`
	Sort     string `json:"sort"` // notice (知会) | revoked (撤销通知) | escalated (超时上报); "" of a 传阅
}

// Signed is an act made here that has not taken effect yet.
type Signed struct {
	Mid      string `json:"mid"`
	Document string `json:"document"`
	Title    string `json:"title"`
	At       int64  `json:"at"`
	Mark     string `json:"mark"`
}

// Workbench is the first page.
type Workbench struct {
	Now      int64    `json:"now"`
	ToSign   []Task   `json:"toSign"`
	DueToday int      `json:"dueToday"`
	Signed   []Signed `json:"signed"`
	ToRead   []Copy   `json:"toRead"`
	ReadAll  int      `json:"readAll"` // all copies, read ones too
	Unread   int      `json:"unread"`
	Events   []Event  `json:"events"` // of today, by start
	Tomorrow []Event  `json:"tomorrow"`
}

// Counts are the numbers of the rail.
type Counts struct {
	Tasks int `json:"tasks"` // papers that ask something of this person
	Need  int `json:"need"`  // items of the reconcile desk that ask for a decision
	Fresh int `json:"fresh"` // of these, not looked at yet
}

// Block is one block of a document's body.
type Block struct {
	ID    string            `json:"id"`
	Type  string            `json:"type"`
	Level int               `json:"level"`
	Text  string            `json:"text"`
	Attrs map[string]string `json:"attrs,omitempty"`
}

// Elements are a document's header as the page and the sheet show it.
type Elements struct {
	Title       string   `json:"title"`
	Genre       string   `json:"genre"` // 文种
	Number      string   `json:"number"`
	NumberState string   `json:"numberState"` // "" | given | void
	NumberWish  int      `json:"numberWish"`  // 预留: the number that is put down for it; 0 = none
	Series      string   `json:"series"`      // 机关代字, for a number that is not given yet
	Issuer      string   `json:"issuer"`      // 发文机关
	Urgency     string   `json:"urgency"`
	Level       string   `json:"level"`
	Publicity   string   `json:"publicity"` // 公开属性
	To          []string `json:"to"`        // 主送
	CC          []string `json:"cc"`        // 抄送
	Copies      int      `json:"copies"`    // 份数
	Note        string   `json:"note"`      // 附注
	Form        Form     `json:"form"`
	Template    string   `json:"template"`   // the 版式模板 it was issued with; "": not issued
	From        string   `json:"from"`       // 来文单位
	FromNumber  string   `json:"fromNumber"` // 来文字号
	Received    int64    `json:"received"`
	Handling    string   `json:"handling"` // 办件 | 阅件
	Limit       int64    `json:"limit"`    // 办理时限
	Due         int64    `json:"due"`      // of the present step
	SignedAt    int64    `json:"signedAt"` // when the last 签发 took effect: 成文日期
}

// StepView is one step of the flow line.
type StepView struct {
	ID     string   `json:"id"`
	Name   string   `json:"name"`
	State  string   `json:"state"`  // done | now | next
	Branch int      `json:"branch"` // how many people act side by side
	People []string `json:"people"` // names: who acted, who is asked, who will probably be
}

// Opinion is what a person wrote in an area of the handling sheet.
type Opinion struct {
	ID      string `json:"id"`
	By      string `json:"by"`
	Unit    string `json:"unit"`
	Words   string `json:"words"`
	Act     string `json:"act"`     // approve | return | …
	Said    string `json:"said"`    // what an act without words says: agree | read | return | reject | abstain
	Claimed int64  `json:"claimed"` // when the person signed, by the desk's clock
	At      int64  `json:"at"`      // when it took effect, by the server's
	Old     bool   `json:"old"`     // of a former round
	Waiting bool   `json:"waiting"` // written here, not delivered

	Verdict string   `json:"verdict"` // agree | amend | disagree | abstain, where one was asked for
	Answer  string   `json:"answer"`  // of whom it was entered for: confirmed | disputed
	Dispute string   `json:"dispute"` // what he says instead
	Former  []string `json:"former"`  // what it said before it was changed
	Ink     bool     `json:"ink"`     // written by hand
}

// Area is one area of the handling sheet.
type Area struct {
	ID       string    `json:"id"`
	Title    string    `json:"title"`
	Mine     bool      `json:"mine"`
	Opinions []Opinion `json:"opinions"`
}

// TraceEvent is one entry of the trace.
type TraceEvent struct {
	ID      string   `json:"id"`
	Step    string   `json:"step"`
	Act     string   `json:"act"`
	By      string   `json:"by"`
	For     string   `json:"for"` // in whose name: 代理, 代录
	Unit    string   `json:"unit"`
	To      []string `json:"to"`
	ToStep  string   `json:"toStep"`
	Detail  string   `json:"detail"`
	Claimed int64    `json:"claimed"`
	At      int64    `json:"at"`
	Waiting bool     `json:"waiting"`
}

// Holder is somebody in whose hands the document is now.
type Holder struct {
	Task    string `json:"task"`
	Area    string `json:"area"`   // of the sheet, that waits for the person
	For     string `json:"for"`    // in whose name, of an agent
	Why     string `json:"why"`    // before | after | beside | delegate, of who was added; asleep, of who waits for those
	Opened  int64  `json:"opened"` // when the person first looked at it; 0 = 未阅
	ID      string `json:"id"`
	Name    string `json:"name"`
	Unit    string `json:"unit"`
	Step    string `json:"step"`
	Arrived int64  `json:"arrived"`
	Due     int64  `json:"due"`
	Me      bool   `json:"me"`

	Escalated []string `json:"escalated"` // who was told that the limit has passed
}

// Target is a place a document may be returned to.
type Target struct {
	ID   string   `json:"id"` // "" = the starter
	Name string   `json:"name"`
	Who  []string `json:"who"` // names
}

// MyTask is what this person is asked to do with the document now, with the
// values that an act must carry back.
type MyTask struct {
	ID       string   `json:"id"`
	Rev      int64    `json:"rev"`
	Step     string   `json:"step"`
	Name     string   `json:"name"` // of the step
	Area     string   `json:"area"`
	AreaName string   `json:"areaName"`
	Gate     string   `json:"gate"`   // sign | review | ""
	Choose   string   `json:"choose"` // name of the next step if its people are chosen here
	Targets  []Target `json:"targets"`
	Arrived  int64    `json:"arrived"`
	Due      int64    `json:"due"`
	Acts     []string `json:"acts"`  // approve, return, transfer, circulate, claim …
	For      string   `json:"for"`   // in whose name, of an agent
	Added    string   `json:"added"` // who added the person
	Opened   int64    `json:"opened"`
	Reasons  []string `json:"reasons"` // that the step lists for a 退文
}

// Offer is an action the person may give on the document now, and what becomes
// of it: Q is queued off line, I is asked and may be refused, N needs the server.
type Offer struct {
	ID      string `json:"id"` // of the design, "W7"
	Command string `json:"command"`
	Act     string `json:"act"`
	Class   string `json:"class"`
	Task    string `json:"task"`
}

// CopyRow is one circulation copy of the document.
type CopyRow struct {
	ID    string `json:"id"`
	Who   string `json:"who"`
	Unit  string `json:"unit"`
	From  string `json:"from"`
	Ask   string `json:"ask"` // what the sender wrote
	Sent  int64  `json:"sent"`
	Read  int64  `json:"read"`
	Words string `json:"words"` // what the reader wrote last
	Mine  bool   `json:"mine"`
	Mark  string `json:"mark"`
	Sort  string `json:"sort"` // as of Copy

	Recalled bool   `json:"recalled"` // taken back unread; what follows is known to who did
	Why      string `json:"why"`
	Desks    int    `json:"desks"` // the reader's machines that may have held it
	Gone     int    `json:"gone"`  // of these, confirmed erased
	Lost     int    `json:"lost"`  // of these, revoked: they confirm nothing
}

// VersionRow is one kept version of the document.
type VersionRow struct {
	ID  string `json:"id"`
	Rev int64  `json:"rev"`
	By  string `json:"by"`
	At  int64  `json:"at"`
	Now bool   `json:"now"` // it is the text that the page shows

	Unit    string `json:"unit"`
	Claimed int64  `json:"claimed"` // when its author saved it, by his desk
}

// DocumentPage is everything the document page shows, read in one go.
type DocumentPage struct {
	ID        string       `json:"id"`
	Kind      string       `json:"kind"`
	State     string       `json:"state"`
	Ending    string       `json:"ending"` // as of DocumentRow
	Rev       int64        `json:"rev"`
	Elements  Elements     `json:"elements"`
	Body      bool         `json:"body"` // the body is on this desk
	Blocks    []Block      `json:"blocks"`
	Drafter   string       `json:"drafter"` // name
	Leader    string       `json:"leader"`  // names of the people of the flow's steps
	Signer    string       `json:"signer"`
	Phone     string       `json:"phone"`
	Unit      string       `json:"unit"`
	Updated   int64        `json:"updated"`
	Seen      string       `json:"seen"`      // hash of what this page holds; an act carries it back
	Intact    bool         `json:"intact"`    // Seen is the hash that the header names
	Duplicate string       `json:"duplicate"` // an incoming paper with the same sender and number, "" for none
	Instance  string       `json:"instance"`
	Flow      string       `json:"flow"` // name of the definition
	Suspended bool         `json:"suspended"`
	OnPaper   bool         `json:"onPaper"`  // a step is handled on paper
	Outcome   string       `json:"outcome"`  // how the flow ended, if not as usual
	Reason    string       `json:"reason"`   // of the outcome or the suspension
	Resumes   int64        `json:"resumes"`  // planned end of the suspension
	Standing  string       `json:"standing"` // revoked | abolished: it was issued and holds no more
	Basis     string       `json:"basis"`    // by what
	Void      int64        `json:"void"`     // from when on
	Offers    []Offer      `json:"offers"`
	Steps     []StepView   `json:"steps"`
	Holders   []Holder     `json:"holders"`
	Areas     []Area       `json:"areas"`
	Trace     []TraceEvent `json:"trace"`
	Copies    []CopyRow    `json:"copies"`
	Versions  []VersionRow `json:"versions"`
	Task      *MyTask      `json:"task,omitempty"`
	TakeBack  bool         `json:"takeBack"` // this person may take it back from where it is now
	Rest      bool         `json:"rest"`     // only from those who have not acted
	Kept      string       `json:"kept"`     // why it may not be taken back: read | acted | never; "" to who did not send it
	CopyID    string       `json:"copyId"`   // my unread circulation copy, "" for none
	Flows     []FlowChoice `json:"flows"`    // that this person may start with it
	MayEdit   bool         `json:"mayEdit"`
	MayDrop   bool         `json:"mayDrop"`
	Mark      string       `json:"mark"`
	Online    bool         `json:"online"` // read from the server: the paper is not on this desk
	Pinned    bool         `json:"pinned"` // this person keeps it on their desks
}

// Todo is a personal to-do.
type Todo struct {
	ID       string `json:"id"`
	Title    string `json:"title"`
	Note     string `json:"note"`
	Due      int64  `json:"due"`
	Priority int    `json:"priority"`
	Done     bool   `json:"done"`
	DoneAt   int64  `json:"doneAt"`
	Created  int64  `json:"created"`
	Mark     string `json:"mark"`

	List   string     `json:"list"`
	Steps  []TodoStep `json:"steps"`
	Repeat TodoRepeat `json:"repeat"`
	Remind int        `json:"remind"` // minutes before; -1 = none
	Once   bool       `json:"once"`   // one done occurrence of a to-do that goes on
}

// Event is an occurrence of a calendar event: a repeating event comes once for
// each time in the range asked.
type Event struct {
	ID          string   `json:"id"`  // of the event; the same for all its occurrences
	Day         string   `json:"day"` // "2026-11-09" of a repeating event, "" otherwise
	Title       string   `json:"title"`
	Place       string   `json:"place"`
	Note        string   `json:"note"`
	Start       int64    `json:"start"`
	End         int64    `json:"end"`
	AllDay      bool     `json:"allDay"`
	Status      string   `json:"status"`   // confirmed | tentative | cancelled
	Reminder    int      `json:"reminder"` // minutes before; -1 = none
	Repeat      string   `json:"repeat"`   // "" | daily | weekly | monthly | yearly | other
	Rule        Rule     `json:"rule"`
	Changed     bool     `json:"changed"` // this occurrence differs from its series
	Attendees   []string `json:"attendees"`
	People      []string `json:"people"` // names of the attendees
	Owner       string   `json:"owner"`  // name
	MayEdit     bool     `json:"mayEdit"`
	SeriesStart int64    `json:"seriesStart"` // the event's own start and end, which an edit changes
	SeriesEnd   int64    `json:"seriesEnd"`
	Mark        string   `json:"mark"`
	Clash       int64    `json:"clash"` // minutes of overlap with the event before it
}

// Rule says how an event repeats, beside Event.Repeat.
type Rule struct {
	Interval int      `json:"interval"` // every so many days, weeks, months, years
	Days     []string `json:"days"`     // weekly: MO … SU; none = the start's own
	Nth      int      `json:"nth"`      // monthly: the n-th weekday of the start's kind, -1 the last; 0 = by the day
	Last     bool     `json:"last"`     // monthly: the last day
	Count    int      `json:"count"`    // times in all; 0 = no such end
	Until    int64    `json:"until"`    // the last day, included; 0 = no such end
}

// DayInfo is one day of the calendar.
type DayInfo struct {
	At         int64  `json:"at"`   // its midnight in the office's zone
	Date       string `json:"date"` // 2026-06-19
	LunarYear  string `json:"lunarYear"`
	LunarMonth string `json:"lunarMonth"`
	LunarDay   string `json:"lunarDay"`
	Term       string `json:"term"`     // 节气, "" for none
	Festival   string `json:"festival"` // "" for none
	Kind       string `json:"kind"`     // off | work where it is not as its weekday says
	Name       string `json:"name"`     // of the holiday to which that belongs
	Rest       bool   `json:"rest"`
	Published  bool   `json:"published"` // the year's days off are known
}

// YearDay is one day of YearInfo.
type YearDay struct {
	Date string `json:"date"`
	Kind string `json:"kind"`
	Name string `json:"name"`
}

// YearInfo is a year's 放假 and 调休.
type YearInfo struct {
	Year   int       `json:"year"`
	Source string    `json:"source"`
	Days   []YearDay `json:"days"`
	By     string    `json:"by"` // name, "" for the system
	At     int64     `json:"at"`
}

// Reminder is an occurrence whose time to be reminded of has come.
type Reminder struct {
	Key    string `json:"key"`
	ID     string `json:"id"`
	Day    string `json:"day"`
	Title  string `json:"title"`
	Place  string `json:"place"`
	Start  int64  `json:"start"`
	End    int64  `json:"end"`
	AllDay bool   `json:"allDay"`
	Ring   bool   `json:"ring"` // this answer is the first to tell of it
	// Notice names this ring for Shell.Tell: each ring is told of once. The event's
	// id is what follows its last "~".
	Notice string `json:"notice"`
}

// Card is a personal contact.
type Card struct {
	ID      string   `json:"id"`
	Name    string   `json:"name"`
	Pinyin  string   `json:"pinyin"`
	Org     string   `json:"org"`
	Title   string   `json:"title"`
	Phones  []string `json:"phones"`
	Mails   []string `json:"mails"`
	Address string   `json:"address"`
	Note    string   `json:"note"`
	Group   string   `json:"group"`
	Owner   string   `json:"owner"` // name
	Mine    bool     `json:"mine"`
	Mark    string   `json:"mark"`
}

// CardFile is a file of vCards as read.
type CardFile struct {
	Cards  []FileCard `json:"cards"`
	Broken int        `json:"broken"` // cards in it that could not be read
}

// FileCard is one card of a file.
type FileCard struct {
	N     int        `json:"n"`
	Card  CardInput  `json:"card"`
	Moved []string   `json:"moved"` // fields of which a part went into the note
	Same  []SameCard `json:"same"`  // cards here that seem to be of the same person
	Twin  int        `json:"twin"`  // 1 + N of an earlier card of the file that seems to be; 0 = none
}

// SameCard is a card here that a card of a file resembles.
type SameCard struct {
	ID   string    `json:"id"`
	Why  string    `json:"why"` // phone | mail | name
	Card CardInput `json:"card"`
}

// Hit is one search hit.
type Hit struct {
	Kind  string `json:"kind"`
	ID    string `json:"id"`
	Root  string `json:"root"`
	Title string `json:"title"`
	Sub   string `json:"sub"`
	// Group of the list: person | document | opinion | todo | event | card.
	Group string `json:"group"`
	// Part that matched: title | number | from_number | register | from | to |
	// issuer | body | words | name | pinyin | other.
	Part    string  `json:"part"`
	Snippet []Piece `json:"snippet"` // of that part, the matches marked as changed
}
