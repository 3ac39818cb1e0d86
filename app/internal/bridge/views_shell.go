package bridge

// Tab is an open document.
type Tab struct {
	Path  string `json:"path"`  // the page's route: /document/ID or /draft/KIND[/ID]
	Title string `json:"title"` // "" for a paper that is not on this desk, and for a new one
	Kind  string `json:"kind"`  // in | out | sign | ""
	Dirty bool   `json:"dirty"` // something written in it was not saved or sent
	Gone  bool   `json:"gone"`  // the paper is no longer on this desk
}

// Arrangement is how a person wants a workbench: the pieces in their order,
// and those not shown.
type Arrangement struct {
	Order  []string `json:"order"`
	Hidden []string `json:"hidden"`
}

// Notice is one thing the person should know of. Nothing of a paper but its
// title is in it.
type Notice struct {
	ID    string `json:"id"`   // stable: seen marks go by it
	Kind  string `json:"kind"` // task | copy | refused | conflict | due | late | todo
	Title string `json:"title"`
	Sub   string `json:"sub"` // who it comes from, the step
	Code  string `json:"code"`
	At    int64  `json:"at"`
	Due   int64  `json:"due"`
	Route string `json:"route"` // where it is handled
	Seen  bool   `json:"seen"`
}

// Followed is where a link from outside leads.
type Followed struct {
	Route string `json:"route"` // of the page; "" for nowhere
	At    int64  `json:"at"`    // when it was asked for; tells links apart
}

// SyncLine is one line of the replication history.
type SyncLine struct {
	At      int64  `json:"at"`
	Sent    int    `json:"sent"`
	Came    int    `json:"came"`
	Refused int    `json:"refused"`
	Repairs int    `json:"repairs"`
	Error   string `json:"error"` // a code, "" for none
	Count   int    `json:"count"` // equal syncs in a row
}

// SyncEvent is something out of the ordinary in the replication.
type SyncEvent struct {
	At   int64  `json:"at"`
	What string `json:"what"` // repair | reset | rebuild | replay | fork | aside | upgrade | refused | blob
	Why  string `json:"why"`  // a code, see whys; "" for none that the window knows
	Of   string `json:"of"`   // whose channel: me | org | unit | post | role; "" = none
	Name string `json:"name"` // of the unit, post or role
	Lane int    `json:"lane"`
	Rows int    `json:"rows"`
}

// KindCount is how many records of a kind are on this machine.
type KindCount struct {
	Kind string `json:"kind"`
	N    int    `json:"n"`
}

// DiskUse is how much room a part of the profile takes.
type DiskUse struct {
	Part  string `json:"part"`
	Bytes int64  `json:"bytes"`
}

// Here is what this machine holds.
type Here struct {
	Folder   string      `json:"folder"`
	Server   string      `json:"server"`
	User     string      `json:"user"`
	Device   string      `json:"device"`
	Machine  string      `json:"machine"`
	SyncedAt int64       `json:"syncedAt"` // by this machine's clock
	AsOf     int64       `json:"asOf"`     // by the server's
	Repairs  int64       `json:"repairs"`
	Drafts   int         `json:"drafts"` // kept between save points
	Outbox   int         `json:"outbox"` // commands given here that are kept
	Kinds    []KindCount `json:"kinds"`
	Use      []DiskUse   `json:"use"`
}

// Unsent is something of the person's that the server does not have.
type Unsent struct {
	Kind    string `json:"kind"` // waiting | refused | draft | words
	Title   string `json:"title"`
	Command string `json:"command"` // of a command, without version
	At      int64  `json:"at"`
	Words   string `json:"words"` // what the person wrote with it
	Route   string `json:"route"`
}

// Profile is what is known of the person who works here.
type Profile struct {
	Me     *Person  `json:"me,omitempty"`
	User   string   `json:"user"`
	Units  []string `json:"units"`  // names, the main one first
	Posts  []string `json:"posts"`  // names
	Roles  []string `json:"roles"`  // names
	Heads  []string `json:"heads"`  // names of the units the person answers for
	Unsent int      `json:"unsent"` // things the server does not have
	Here   Here     `json:"here"`
}

// Queue is one kind of work in a clerk's hands.
type Queue struct {
	Kind  string `json:"kind"` // in | out | sign
	Step  string `json:"step"`
	N     int    `json:"n"`
	Late  int    `json:"late"`
	Today int    `json:"today"` // due today
}

// HolderCount is how much of a unit's work is in somebody's hands.
type HolderCount struct {
	Name string `json:"name"`
	Unit string `json:"unit"`
	N    int    `json:"n"`
	Late int    `json:"late"`
}

// Work is what the workbenches of heads and clerks show besides the piles.
type Work struct {
	Unit    string        `json:"unit"`    // name of the unit that is looked after
	Running []DocumentRow `json:"running"` // its papers under way, by due time
	Late    []DocumentRow `json:"late"`    // of these, past their time
	Total   int           `json:"total"`   // papers under way, shown or not
	Holders []HolderCount `json:"holders"` // who has them, the most first
	Queues  []Queue       `json:"queues"`  // the person's own open tasks
	Drafts  []DocumentRow `json:"drafts"`  // the person's own drafts and returned papers
}

// Library is a part of the program that others made.
type Library struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

// About says what runs here.
type About struct {
	Version   string    `json:"version"`
	Protocol  string    `json:"protocol"`
	Schema    int       `json:"schema"`
	Go        string    `json:"go"`
	System    string    `json:"system"`
	Libraries []Library `json:"libraries"`
	CanNotify bool      `json:"canNotify"` // this desktop shows notifications of programs
}
