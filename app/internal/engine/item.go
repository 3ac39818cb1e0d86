package engine

import (
	"encoding/json"

	"qianshao/syncserver/office"
)

// States of a command in the outbox (sync.md §4).
const (
	StateDraft       = "draft"        // a draft that was never given; see SaveDraft
	StateQueued      = "queued"       // waits to be sent
	StateBlob        = "waiting_blob" // waits for a file that the server does not have yet
	StateSent        = "sent"         // sent, or about to be; not answered
	StateApplied     = "applied"      // took effect; its effects have not come back yet
	StateNoop        = "noop"         // accepted, nothing to change
	StateRejected    = "rejected"     // refused; Code says why
	StateConflict    = "conflict"     // applied, both values of a field are kept
	StateHeld        = "held"         // waits behind a refused command
	StateQuarantined = "quarantined"  // the server failed on it repeatedly
	StateSettled     = "settled"      // took effect and came back, or was refused and sent again; Outcome says which
	StateArchived    = "archived"     // settled, and in a verified backup of the server
	StateDiscarded   = "discarded"    // given up by the person
)

// Item is one command of the outbox. Times are office.Millis.
type Item struct {
	Mid     string          `json:"mid"`
	Ord     int64           `json:"ord"` // place in this desk's order
	Command string          `json:"command"`
	Args    json.RawMessage `json:"args"`
	State   string          `json:"state"`
	// Outcome is the server's answer, whatever became of it later: applied,
	// noop, rejected, conflict, held, quarantined; "" = not answered.
	Outcome string `json:"outcome,omitempty"`
	// Waiting: its effects are shown by this desk on top of the server's truth.
	Waiting bool            `json:"waiting"`
	N       int64           `json:"n,omitempty"`
	Code    office.Code     `json:"code,omitempty"`
	Message string          `json:"message,omitempty"`
	Field   string          `json:"field,omitempty"`
	Detail  json.RawMessage `json:"detail,omitempty"`
	Claimed int64           `json:"claimed"`      // when the person acted, by the desk's clock
	At      int64           `json:"at,omitempty"` // when it took effect or was refused, by the server's clock
	Deps    []string        `json:"deps,omitempty"`
	Seen    bool            `json:"seen"`              // the person has seen the outcome
	Context json.RawMessage `json:"context,omitempty"` // what the person saw when they acted: a list of Viewed
	Next    string          `json:"next,omitempty"`    // the command it was sent again as

	// Foresight of a waiting command: "" = it runs on this desk; "elsewhere" =
	// it needs records that are not here; "fails" = it is expected to be
	// refused, with Expect saying why. It is sent all the same.
	Foresight string        `json:"foresight,omitempty"`
	Expect    *office.Error `json:"expect,omitempty"`
	// Blobs are the files a command in StateBlob waits for; BlobError says why
	// the server did not take one, last time.
	Blobs     []string    `json:"blobs,omitempty"`
	BlobError office.Code `json:"blob_error,omitempty"`
	// NeedsYou: the person has to end it (send again, edit, discard).
	NeedsYou bool `json:"needs_you,omitempty"`
}

// Filter chooses items; the zero value chooses all but archived ones.
type Filter struct {
	Mids     []string // only these
	States   []string // only in these states
	NeedsYou bool     // only those the person has to end
	Archived bool     // archived ones too
	Limit    int      // the newest so many; 0 = all
}

// Viewed is one record as the person had it before them when they acted; an
// Item's Context is a list of them.
type Viewed struct {
	Kind  string          `json:"kind"`
	ID    string          `json:"id"`
	Ver   int64           `json:"ver"`
	Title string          `json:"title,omitempty"`
	Body  json.RawMessage `json:"body,omitempty"` // left out where the whole would exceed 64 KiB
}

// Draft is unsent work of the person, kept by key.
type Draft struct {
	Key  string          `json:"key"`
	Body json.RawMessage `json:"body"`
	At   int64           `json:"at"`
}

// Hit is one found record.
type Hit struct {
	Kind  string `json:"kind"`
	ID    string `json:"id"`
	Root  string `json:"root"`
	Title string `json:"title"`
}

// Changed tells what may look different now. Receivers read again.
type Changed struct {
	All    bool                `json:"all,omitempty"`    // anything
	Kinds  map[string][]string `json:"kinds,omitempty"`  // ids by kind
	Status bool                `json:"status,omitempty"` // the status line or the outbox
}

// Sync is one line of the replication history.
type Sync struct {
	At      int64       `json:"at"`
	Pushed  int         `json:"pushed"`
	Pulled  int         `json:"pulled"`
	Refused int         `json:"refused"`
	Repairs int         `json:"repairs"`
	Error   office.Code `json:"error,omitempty"`
	Count   int         `json:"count"` // equal lines in a row, of syncs that did nothing
}

// Event is something out of the ordinary in this desk's replication: what,
// and why. It holds no contents.
type Event struct {
	At     int64  `json:"at"`
	What   string `json:"what"` // repair, reset, rebuild, replay, fork, aside, upgrade
	Why    string `json:"why"`
	Chan   string `json:"chan,omitempty"`
	Lane   int    `json:"lane,omitempty"`
	Rows   int    `json:"rows,omitempty"`
	Detail string `json:"detail,omitempty"`
}
