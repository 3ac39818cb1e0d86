package bridge

// ActInput is an act on a task with what the person saw.
type ActInput struct {
	Document string   `json:"document"`
	Task     string   `json:"task"`
	Rev      int64    `json:"rev"`
	Step     string   `json:"step"`
	Seen     string   `json:"seen"`
	Words    string   `json:"words"`
	Target   string   `json:"target"` // return: step id, "" = the starter
	To       []string `json:"to"`     // transfer and circulate: people
}

// FlowChoice is a flow that a document may take.
type FlowChoice struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// DraftInput is what a person writes into a paper: a 发文, a 签报 or a
// registered 收文. What does not belong to its kind is empty.
type DraftInput struct {
	ID          string   `json:"id"`   // "" = not made yet
	Kind        string   `json:"kind"` // in | out | sign
	Title       string   `json:"title"`
	Genre       string   `json:"genre"`
	Urgency     string   `json:"urgency"`
	Level       string   `json:"level"`
	Publicity   string   `json:"publicity"`
	Reason      string   `json:"reason"` // why 不予公开
	Series      string   `json:"series"`
	Issuer      string   `json:"issuer"`
	To          []string `json:"to"`
	CC          []string `json:"cc"`
	Copies      int      `json:"copies"`
	Note        string   `json:"note"`
	Form        Form     `json:"form"`
	Contact     string   `json:"contact"`
	Leader      string   `json:"leader"`      // person
	Signer      string   `json:"signer"`      // person
	CosignUnits []string `json:"cosignUnits"` // units
	Leaders     []string `json:"leaders"`     // people: 批示
	Undertakers []string `json:"undertakers"` // people: 承办
	From        string   `json:"from"`
	FromNumber  string   `json:"fromNumber"`
	Received    int64    `json:"received"`
	Handling    string   `json:"handling"`
	Limit       int64    `json:"limit"`
	Blocks      []Block  `json:"blocks"`
}

// Form is what a printed paper shows beyond its text and the elements that
// every paper has.
type Form struct {
	CopyNo     string   `json:"copyNo"`     // 份号
	Joint      string   `json:"joint"`      // the 标志 of a 联合行文: "" all issuers | lead
	Seal       string   `json:"seal"`       // "" 印章 | none | sign 签名章
	SignTitle  string   `json:"signTitle"`  // 职务 before a 签名章
	AlsoSigned []string `json:"alsoSigned"` // 签发人 of the other issuers; with a 签名章 each after the 职务
	Present    []string `json:"present"`    // 出席
	Excused    []string `json:"excused"`    // 请假
	Attending  []string `json:"attending"`  // 列席
}

// SaveInput is a draft as it is now and as it was when the person began to
// change it: what differs is what they changed.
type SaveInput struct {
	Now  DraftInput `json:"now"`
	Base DraftInput `json:"base"`
	Rev  int64      `json:"rev"`
}

// Autosave is a draft kept between save points; it never leaves this desk.
type Autosave struct {
	Found bool       `json:"found"`
	At    int64      `json:"at"`
	Now   DraftInput `json:"now"`
	Base  DraftInput `json:"base"`
	Rev   int64      `json:"rev"`
}

// TodoInput makes a to-do (no ID) or sets its fields. Base is what the person
// saw before changing it.
type TodoInput struct {
	ID       string     `json:"id"`
	Title    string     `json:"title"`
	Note     string     `json:"note"`
	Due      int64      `json:"due"`
	Priority int        `json:"priority"`
	Done     bool       `json:"done"`
	List     string     `json:"list"`
	Steps    []TodoStep `json:"steps"`
	Repeat   TodoRepeat `json:"repeat"`
	Remind   int        `json:"remind"` // minutes before; -1 = none
	Base     *TodoInput `json:"base,omitempty"`
}

// EventInput makes a calendar event (no ID) or sets its fields. Base is what
// the person saw before changing it.
type EventInput struct {
	ID        string   `json:"id"`
	Title     string   `json:"title"`
	Place     string   `json:"place"`
	Note      string   `json:"note"`
	Start     int64    `json:"start"`
	End       int64    `json:"end"`
	AllDay    bool     `json:"allDay"`
	Tentative bool     `json:"tentative"`
	Reminder  int      `json:"reminder"` // minutes before; -1 = none
	Repeat    string   `json:"repeat"`   // as in Event; other is left as it is
	Rule      Rule     `json:"rule"`
	Attendees []string `json:"attendees"`
	// Of a repeating event Start and End are those of the occurrence on Day.
	Day         string      `json:"day"`
	Scope       string      `json:"scope"` // one | following | all; "" = all
	SeriesStart int64       `json:"seriesStart"`
	SeriesEnd   int64       `json:"seriesEnd"`
	Base        *EventInput `json:"base,omitempty"`
}

// CardInput makes a contact (no ID) or sets its fields. Base as in EventInput.
type CardInput struct {
	ID      string     `json:"id"`
	Name    string     `json:"name"`
	Org     string     `json:"org"`
	Title   string     `json:"title"`
	Phones  []string   `json:"phones"`
	Mails   []string   `json:"mails"`
	Address string     `json:"address"`
	Note    string     `json:"note"`
	Group   string     `json:"group"`
	Base    *CardInput `json:"base,omitempty"`
}

// CardChoice is what to do with a card of a file.
type CardChoice struct {
	Card CardInput `json:"card"`
	Act  string    `json:"act"`  // new | join
	Into string    `json:"into"` // join: the card here
}
