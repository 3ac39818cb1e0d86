package bridge

// Groups of the reconcile desk.
const (
	GroupNeed    = "need"    // 需您处理
	GroupTransit = "transit" // 在途
	GroupDone    = "done"    // 已生效
)

// Choices a person has with an item.
const (
	ChoiceSignNew = "sign_new" // look at the present text and sign it
	ChoiceResend  = "resend"
	ChoiceEdit    = "edit" // change the words, then send again
	ChoiceCopy    = "copy"
	ChoiceDiscard = "discard"
	ChoicePick    = "pick"    // a conflict: choose field by field
	ChoiceBoth    = "both"    // a conflict about an event: a second one with mine
	ChoiceOpen    = "open"    // open what it is about
	ChoiceTodo    = "todo"    // make a to-do of it
	ChoiceReading = "reading" // write the words on my circulation copy
)

// Piece is a run of text that both sides share or only one has.
type Piece struct {
	Text    string `json:"text"`
	Changed bool   `json:"changed"`
}

// Difference is one block that is not the same on both sides.
type Difference struct {
	Before []Piece `json:"before"`
	After  []Piece `json:"after"`
}

// Clash is one field of which both values are kept.
type Clash struct {
	Conflict string `json:"conflict"`
	Field    string `json:"field"`
	Mine     string `json:"mine"`   // as text; "" = removed; a time as milliseconds
	Theirs   string `json:"theirs"` // as Mine
	Type     string `json:"type"`   // text | time | flag | list | json: how to show it
	// MinePieces and TheirsPieces are a text's two sides with the difference marked.
	MinePieces   []Piece `json:"minePieces"`
	TheirsPieces []Piece `json:"theirsPieces"`
}

// Wrote is one field that the person filled in. Text and Type as in Clash.
type Wrote struct {
	Field string `json:"field"`
	Text  string `json:"text"`
	Type  string `json:"type"`
}

// ChainLink is a command held behind a refused one: the next of its chain.
type ChainLink struct {
	Mid     string `json:"mid"`
	Command string `json:"command"`
	Title   string `json:"title"`
	Words   string `json:"words"`
	Acted   int64  `json:"acted"`
}

// Entry is one item of the reconcile desk: a command and what became of it.
type Entry struct {
	Mid      string       `json:"mid"`
	Group    string       `json:"group"`
	Mark     string       `json:"mark"`    // wait | sent | done | void | need | clash
	State    string       `json:"state"`   // of the outbox
	Command  string       `json:"command"` // name without version
	Title    string       `json:"title"`
	Document string       `json:"document"` // id to open, if it is about a document
	Record   string       `json:"record"`   // id of the record
	Step     string       `json:"step"`
	Code     string       `json:"code"`
	Message  string       `json:"message"`
	Field    string       `json:"field"`
	Acted    int64        `json:"acted"`   // when I acted, by this desk's clock
	Settled  int64        `json:"settled"` // when the server decided, by its clock
	Words    string       `json:"words"`
	By       string       `json:"by"`   // who changed it or was first
	ByAt     int64        `json:"byAt"` // and when
	ByWords  string       `json:"byWords"`
	RevSeen  int64        `json:"revSeen"`
	RevNow   int64        `json:"revNow"`
	Diff     []Difference `json:"diff"`
	Clashes  []Clash      `json:"clashes"`
	SeenNow  string       `json:"seenNow"` // hash of the present text, of which Diff shows what is new
	TaskRev  int64        `json:"taskRev"` // of my task now; 0 = it is no longer mine
	Choices  []string     `json:"choices"`
	Chain    []ChainLink  `json:"chain"` // commands held behind this one, in their order
	Wrote    []Wrote      `json:"wrote"` // what was filled in, where there are no words of an opinion
	Again    bool         `json:"again"` // refused, and given again since
	Seen     bool         `json:"seen"`
}

// HistoryQuery asks for cases that have ended.
type HistoryQuery struct {
	Group string `json:"group"` // all | done | void
	Text  string `json:"text"`  // in title or words
	From  int64  `json:"from"`  // acted at or after; 0 = whenever
	To    int64  `json:"to"`    // acted before; 0 = whenever
	Skip  int    `json:"skip"`
	Limit int    `json:"limit"`
}

// HistoryPage is a page of them.
type HistoryPage struct {
	Entries []Entry `json:"entries"`
	Total   int     `json:"total"`
}

// Reconcile is the reconcile desk.
type Reconcile struct {
	Entries []Entry `json:"entries"`
	Acted   int     `json:"acted"` // commands given on this desk today
	Online  bool    `json:"online"`
}

// Pick is the choice for one field of a clash.
type Pick struct {
	Conflict string `json:"conflict"`
	Mine     bool   `json:"mine"`
}
