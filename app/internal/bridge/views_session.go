package bridge

// Stages of a session.
const (
	StageOut     = "out"     // nobody is signed in
	StageLoading = "loading" // the first load has not reached its first checkpoint
	StageIn      = "in"
	StageLocked  = "locked" // too long without contact: nothing is shown until the next one
	StageWiped   = "wiped"  // the server has revoked this device: nothing of the office is shown
)

// Credentials open a profile for a person.
type Credentials struct {
	Server   string `json:"server"`
	User     string `json:"user"`
	Password string `json:"password"`
}

// SessionState says who is here.
type SessionState struct {
	Stage   string   `json:"stage"`
	Server  string   `json:"server"`  // the address to offer
	Fixed   bool     `json:"fixed"`   // it was set by the office's IT and stays
	Trouble string   `json:"trouble"` // what is wrong with what IT has set, "" for nothing
	User    string   `json:"user"`    // the account last used here
	Name    string   `json:"name"`    // of the person whose desk is open
	Me      *Person  `json:"me,omitempty"`
	Leader  bool     `json:"leader"` // shown at the leader's size unless set otherwise
	Desk    string   `json:"desk"`   // which workbench fits: leader | head | clerk | admin
	Rooms   []string `json:"rooms"`  // rooms with a right that the person may enter
	Loaded  int      `json:"loaded"` // records that the first load has brought so far
	Error   string   `json:"error"`  // why the first load does not go on, a code
}

// Status is the sync line (sync.md §5).
type Status struct {
	Online   bool   `json:"online"`   // the server answered last
	Offline  bool   `json:"offline"`  // the person's own switch
	Running  bool   `json:"running"`  // a sync is under way
	Loading  bool   `json:"loading"`  // the first load is not complete
	Lists    bool   `json:"lists"`    // of a first load: lists are there, texts may be missing
	Staged   int    `json:"staged"`   // records that are here already and not shown yet
	SyncedAt int64  `json:"syncedAt"` // of the last checkpoint; 0 = never
	Waiting  int    `json:"waiting"`  // commands not delivered
	NeedsYou int    `json:"needsYou"`
	Error    string `json:"error"` // code of the last failure, "" for none

	Term   int64 `json:"term"`   // how long this machine may be without contact, milliseconds; 0 = for ever
	Left   int64 `json:"left"`   // of it
	Locked bool  `json:"locked"` // it is over
}

// Preferences are how this person wants the window on this machine.
type Preferences struct {
	Theme    string   `json:"theme"`    // auto | light | dark
	Scale    string   `json:"scale"`    // auto | leader | clerk
	Text     int      `json:"text"`     // percent, 100 to 160
	Language string   `json:"language"` // zh-CN | en
	Phrases  []string `json:"phrases"`  // the person's own common phrases

	Lists  []SavedList `json:"lists"`  // how the person wants the lists of papers
	Dense  bool        `json:"dense"`  // to-dos in narrow rows
	Spoken bool        `json:"spoken"` // the last opinion is always shown with a to-do

	Notify    bool   `json:"notify"`    // notifications of the system
	Detail    string `json:"detail"`    // what they say: title | count
	Quiet     bool   `json:"quiet"`     // none between QuietFrom and QuietTo
	QuietFrom string `json:"quietFrom"` // 22:00
	QuietTo   string `json:"quietTo"`   // 07:00
}

// SavedList is a way to look at a list of papers that the person keeps: one may
// be the default of its kind.
type SavedList struct {
	ID      string     `json:"id"`
	Kind    string     `json:"kind"` // in | out | sign
	Name    string     `json:"name"`
	Queue   string     `json:"queue"`
	Filter  ListFilter `json:"filter"`
	Order   string     `json:"order"`
	Desc    bool       `json:"desc"`
	Columns []string   `json:"columns"` // shown beside the title; none = the usual ones
	Default bool       `json:"default"`
}
