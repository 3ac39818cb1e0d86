package office

import "time"

// A Command is one intention of one person; nothing else changes state.
//
// A command is a plain struct whose exported fields are its JSON arguments.
// Released argument JSON is frozen; behaviour is the current Run.
type Command interface {
	// Kind is the command's name and version, such as "todo.create@1": its
	// name on the wire and in the outbox, stable for ever.
	Kind() string
	// Locks names what the command must hold before it reads anything, such
	// as "inst:<id>"; the authority takes them sorted. It depends on the
	// command's fields alone. Everything Run decides on and then writes must
	// be covered; a desk, alone with its replica, takes none.
	Locks() []string
	// Run carries the intention out. It depends on nothing but the command's
	// fields, tx and c; it may run many times on a desk and once on the
	// server. A returned *Error is a refusal, and every write of the run is
	// undone; any other error is a fault of the machine.
	Run(tx Tx, c Context) error
}

// Context says who commands and when.
type Context struct {
	Actor   UserID
	Now     time.Time // the desk's clock on the desk, the server's on the server
	Claimed time.Time // when the person acted, by the desk's clock: a claim, shown beside the server's time
	Mid     string    // the command's id, the same on the desk and the server
	// Given is what this command once got from a server that has forgotten it
	// since: records of kinds that only the server makes. A desk's word, to be
	// judged like any argument. Empty on desks.
	Given []Record
}

// NewID is the id of a record made inside Run: the same on every run of this
// command. Labels must differ within one command.
func (c Context) NewID(label string) string { return DeriveFrom(c.Mid, label) }

// Millis is the unit of all times in records and arguments: milliseconds
// since 1970-01-01 UTC. Zero means "no time".
func Millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// Class says whether an act may be given off line (design: approval.md).
type Class string

const (
	Queued Class = "Q" // may be queued off line with its precondition
	Intent Class = "I" // may be asked off line; the server may refuse
	Online Class = "N" // needs the server now
)
