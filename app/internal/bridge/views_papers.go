package bridge

// DocumentRow is a row of the document lists.
type DocumentRow struct {
	ID       string   `json:"id"`
	Kind     string   `json:"kind"`
	Title    string   `json:"title"`
	Number   string   `json:"number"`
	Register string   `json:"register"` // 收文编号
	Unit     string   `json:"unit"`     // 来文单位 or 拟稿单位
	Genre    string   `json:"genre"`    // 文种
	Level    string   `json:"level"`
	Drafter  string   `json:"drafter"` // name
	Urgency  string   `json:"urgency"`
	Handling string   `json:"handling"` // 办 | 阅 | ""
	State    string   `json:"state"`    // "" draft | running | done | returned
	Ending   string   `json:"ending"`   // of one that is done: rejected (退文) | stopped (终止) | ""
	Step     string   `json:"step"`
	Holders  []string `json:"holders"` // names
	Mine     bool     `json:"mine"`    // in this person's hands
	Task     string   `json:"task"`    // this person's open task with it
	Acts     []string `json:"acts"`    // what may be done with it from the list: sign | start | circulate | drop
	Due      int64    `json:"due"`
	Created  int64    `json:"created"`
	Updated  int64    `json:"updated"` // 收文日期 of an incoming paper
	Reading  int      `json:"reading"` // copies that this person sent and nobody has read: 传阅中
	Mark     string   `json:"mark"`
}

// ListFilter says which papers of a list are wanted; a zero part wants all.
type ListFilter struct {
	Text     string   `json:"text"`      // words of title, number, body …
	States   []string `json:"states"`    // draft | running | returned | done | rejected | stopped
	Steps    []string `json:"steps"`     // names of the present step
	Units    []string `json:"units"`     // ids of 拟稿单位
	From     []string `json:"from"`      // 来文单位
	Urgency  []string `json:"urgency"`   // "" = 平件
	Genres   []string `json:"genres"`    // 文种
	Holders  []string `json:"holders"`   // ids of people who have it in hand
	Drafters []string `json:"drafters"`  // ids of 拟稿人, or of who registered it
	Handling []string `json:"handlings"` // 办件 | 阅件 | "" = not decided
	Since    int64    `json:"since"`     // received, or begun; by day
	Before   int64    `json:"before"`    // exclusive
	Mine     bool     `json:"mine"`      // in this person's hands
	Late     bool     `json:"late"`      // past its time and not done
}

// ListQuery asks for a part of a document list.
type ListQuery struct {
	Kind   string     `json:"kind"`  // in | out | sign
	Queue  string     `json:"queue"` // mine | running | draft | done | late | all
	Filter ListFilter `json:"filter"`
	Order  string     `json:"order"` // updated | created | due | number | title | from | fromNumber | unit | urgency | genre | step | handling | level | drafter | holder
	Desc   bool       `json:"desc"`
	After  string     `json:"after"` // a Next: go on behind it, which costs nothing however far down it is
	Skip   int        `json:"skip"`  // rows to pass over, from the beginning or behind After
	Limit  int        `json:"limit"`
	Count  bool       `json:"count"` // fill Total, Groups, Mine and Late
}

// DocumentList is a part of a document list.
type DocumentList struct {
	Rows   []DocumentRow `json:"rows"`
	Next   string        `json:"next"`   // "" at the end, or where Skip alone goes on
	Total  int           `json:"total"`  // rows of the whole list
	Groups []DueCount    `json:"groups"` // by due time, if that is the order: how many rows of each, in the list's order
	Mine   int           `json:"mine"`   // how many of this kind are in the person's hands
	Late   int           `json:"late"`   // and how many anywhere are past their time
	Cut    bool          `json:"cut"`    // the text found more than is listed
}

// DueCount is how many rows of a list fall into one group of due times.
type DueCount struct {
	Group string `json:"group"` // late | today | week | later | none
	N     int    `json:"n"`
}

// ListChoices are the values that occur in a list, for its filters.
type ListChoices struct {
	From   []string     `json:"from"`
	Units  []FlowChoice `json:"units"`
	Steps  []string     `json:"steps"`
	Genres []string     `json:"genres"`
}

// Peek is a paper as the preview beside a list shows it.
type Peek struct {
	ID       string      `json:"id"`
	Row      DocumentRow `json:"row"`
	Elements Elements    `json:"elements"`
	Drafter  string      `json:"drafter"`
	Phone    string      `json:"phone"`
	Brief    string      `json:"brief"` // how its text begins
	Body     bool        `json:"body"`
	Words    []Opinion   `json:"words"` // the latest opinions
	Steps    []StepView  `json:"steps"`
	Holders  []Holder    `json:"holders"`
}

// Ready says of a task whether it can be signed from a list, with the values
// that the act carries back.
type Ready struct {
	Task     string `json:"task"`
	Document string `json:"document"`
	Title    string `json:"title"`
	Step     string `json:"step"` // id
	StepName string `json:"stepName"`
	Gate     string `json:"gate"` // sign | review | ""
	Rev      int64  `json:"rev"`
	TextRev  int64  `json:"textRev"`
	Seen     string `json:"seen"`
	Opened   bool   `json:"opened"` // this very text was opened since the program began
	SayBy    string `json:"sayBy"`
	Say      string `json:"say"`
	Code     string `json:"code"` // why it cannot, "" if it can
}

// BatchResult is what became of one act of a batch: queued, or refused here
// and now.
type BatchResult struct {
	ID    string `json:"id"`    // of the paper or copy
	Title string `json:"title"` //
	Mid   string `json:"mid"`   // of the queued command
	Code  string `json:"code"`  // why it was refused, "" if it is queued
	Field string `json:"field"`
}

// Related is a paper that has to do with another one, by what the records say.
type Related struct {
	Why    string `json:"why"` // duplicate | reply | origin | cites | cited | series | title
	ID     string `json:"id"`
	Kind   string `json:"kind"`
	Title  string `json:"title"`
	Number string `json:"number"`
	Unit   string `json:"unit"`
	State  string `json:"state"`
	At     int64  `json:"at"`
}

// Alike is a registered paper that a new one may repeat.
type Alike struct {
	ID       string `json:"id"`
	Title    string `json:"title"`
	Number   string `json:"number"`
	Register string `json:"register"`
	From     string `json:"from"`
	At       int64  `json:"at"`
	Same     bool   `json:"same"` // the same sender and number; otherwise a title much like it
}

// Comparison is two versions side by side.
type Comparison struct {
	Left     VersionRow    `json:"left"`
	Right    VersionRow    `json:"right"`
	Elements []ElementDiff `json:"elements"` // that differ
	Rows     []BlockPair   `json:"rows"`     // the whole text, block by block
	Changed  int           `json:"changed"`  // how many elements and blocks differ
}

// ElementDiff is one element of the header that differs.
type ElementDiff struct {
	Field  string  `json:"field"`
	Before []Piece `json:"before"`
	After  []Piece `json:"after"`
}

// BlockPair is a block of two versions, one beside the other.
type BlockPair struct {
	State      string  `json:"state"`      // same | changed | added | removed | moved (stands elsewhere)
	BeforeType string  `json:"beforeType"` // text | h1 … | attachment …; "" where there is none
	AfterType  string  `json:"afterType"`
	Before     []Piece `json:"before"`
	After      []Piece `json:"after"`
	// Picture says what differs of a picture beside its caption: picture | size | "".
	Picture string `json:"picture"`
}

// TodoStep is one part of a to-do.
type TodoStep struct {
	ID   string `json:"id"`
	Text string `json:"text"`
	Done bool   `json:"done"`
}

// TodoRepeat says when a to-do comes again; Every "" = it does not.
type TodoRepeat struct {
	Every string `json:"every"` // "" | day | workday | week | month | year
	N     int    `json:"n"`
	Day   int    `json:"day"`   // of the month, where a shorter month cuts it
	Until int64  `json:"until"` // 0 = for ever
}

// Handled is a task that this person has acted on.
type Handled struct {
	ID       string `json:"id"`
	Document string `json:"document"`
	Title    string `json:"title"`
	Kind     string `json:"kind"`
	Number   string `json:"number"`
	Step     string `json:"step"`
	Act      string `json:"act"` // approve | return | transfer
	At       int64  `json:"at"`
	Words    string `json:"words"`
	Now      string `json:"now"`   // where the paper is now
	State    string `json:"state"` // of the paper
	Mark     string `json:"mark"`
}
