package office

// Presence is what a Tx knows of a record.
type Presence int

const (
	// Absent: there is no such record.
	Absent Presence = 0
	// Present: the record is here.
	Present Presence = 1
	// Elsewhere: this desk does not hold the record and cannot know whether
	// it exists. The server never answers this.
	Elsewhere Presence = 2
)

// Tx is the state a command runs over, on the desk (replica), on the server
// (SQLite, PostgreSQL) or in memory. All implementations pass
// officetest.Exercise. A Tx is used by one goroutine. Reads see the writes of
// the same Tx.
type Tx interface {
	// Get reads one record.
	Get(kind, id string) (Record, Presence, error)
	// List reads records by a declared view. A condition, order or kind that
	// the view does not declare is CodeInvalid. A desk lists what it holds.
	List(q Query) ([]Record, error)
	// Insert makes a record. For a root kind root must be "" or id; for a
	// child it is the id of its root. CodeExists if the record is there;
	// CodeInvalid for an unknown kind, a bad id or a child without root.
	Insert(kind, id, root string, body any) error
	// Patch sets top-level fields of a record and leaves the others.
	// CodeNotFound if it is absent, CodeElsewhere if it is elsewhere.
	Patch(kind, id string, set Fields) error
	// Delete removes a record; a root takes its children along. CodeNotFound
	// or CodeElsewhere as Patch.
	Delete(kind, id string) error
	// Note marks the command as applied with a remark, such as NoteConflict.
	// The last note counts, but NoteConflict is never overwritten.
	Note(code Code)
	// Emit queues a job in the same transaction, done after the commit. Only
	// the server does jobs; a desk drops them.
	Emit(job Job)
}

// Job is work that follows a command: done after its commit, at least once.
type Job struct {
	Kind string // looked up in an explicit list
	Args any    // JSON
}

// Elsewhere as an error: the run cannot be foreseen on this desk.
var errElsewhere = &Error{Code: CodeElsewhere}

// ErrElsewhere is returned by Run when a desk lacks a record it needs. The
// engine then queues the command without foresight; it is not a refusal.
func ErrElsewhere() error { return errElsewhere }
