// Package protocol is the wire between desk and server: its types, its dated
// version history and the desk's HTTP client (design: sync.md §2).
//
// Bodies are JSON, compressed with zstd (Content-Encoding) above a small size.
// Every endpoint is idempotent. A refusal of the request itself is an HTTP
// status with an [office.Error] as its body.
package protocol

import (
	"encoding/json"

	"qianshao/syncserver/office"
)

// Limits of one request. Larger ones are refused with 413 and CodeTooLarge.
const (
	MaxBody     = 8 << 20 // bytes of a request after decompression
	MaxCommand  = 1 << 20 // bytes of one command's arguments
	MaxPush     = 200     // commands in one push
	PageDefault = 1 << 20 // bytes of record bodies in one pull page
	PageMax     = 8 << 20
)

// Verdicts of hello.
const (
	VerdictOK      = "ok"
	VerdictFork    = "fork"    // this device id is used by another copy: take a new one, keep the mids
	VerdictRebuild = "rebuild" // the server's history broke: rebuild the replica
	VerdictUpgrade = "upgrade" // this desk is too old; it keeps its work
	VerdictWiped   = "wiped"   // this device was revoked
)

// Outcomes of a command (sync.md §4).
const (
	Applied     = "applied"
	Noop        = "noop"
	Rejected    = "rejected"
	Conflict    = "conflict" // applied as far as it could be; both values of a field are kept
	Held        = "held"     // depends on a command that was refused
	Quarantined = "quarantined"
)

// LoginRequest opens a session on a device. Device is "" for a new one.
type LoginRequest struct {
	User     string `json:"user"`
	Password string `json:"password"`
	Device   string `json:"dev,omitempty"`
	Install  string `json:"install"`        // random, made once per profile
	Name     string `json:"name,omitempty"` // what the person calls the machine
}

// LoginReply carries the session's opaque token, shown once.
type LoginReply struct {
	Token   string        `json:"token"`
	User    office.UserID `json:"uid"`
	Name    string        `json:"name"`
	Device  string        `json:"dev"`
	Expires int64         `json:"expires"` // Millis
}

// HelloRequest introduces a device at the start of each session.
type HelloRequest struct {
	Device  string `json:"dev"`
	Install string `json:"install"`
	Ticket  string `json:"ticket,omitempty"`
	Epoch   string `json:"epoch,omitempty"`
	Schema  int    `json:"schema"`  // version of the record declarations, catalog.Schema
	Version string `json:"version"` // protocol version the desk speaks, see History
	LastN   int64  `json:"last_n"`
}

// HelloReply is the server's view of the device.
type HelloReply struct {
	ServerTime int64  `json:"server_time"`
	Epoch      string `json:"epoch"`
	Verdict    string `json:"verdict"`
	LastN      int64  `json:"last_n"`
	Message    string `json:"message,omitempty"`
	NewDevice  string `json:"new_dev,omitempty"` // with VerdictFork
	// Policy is what the office decides for its desks; absent from servers
	// before 2026-11-27.
	Policy *DeskPolicy `json:"policy,omitempty"`
}

// Command is one command on the wire.
type Command struct {
	N       int64           `json:"n"` // counted per device from 1 without gaps, fixed at first send
	Mid     string          `json:"mid"`
	Kind    string          `json:"command"`
	Args    json.RawMessage `json:"args"`
	Deps    []string        `json:"deps,omitempty"` // mids whose refusal holds this one
	Claimed int64           `json:"claimed_at"`
	// Former is the result that a server once gave which has since been put
	// back to a backup; nil for a command that is new to every server.
	Former *Former `json:"former,omitempty"`
}

// Former is what a command once came to. Detail names what only the server can
// give, such as official numbers; a restored server gives the same again where
// it is still free.
type Former struct {
	Outcome string          `json:"outcome"`
	Code    office.Code     `json:"code,omitempty"`
	Detail  json.RawMessage `json:"detail,omitempty"`
	At      int64           `json:"at,omitempty"`
}

// PushRequest sends commands in order. Ticket is the device's current push
// ticket ("" before the first push); Next replaces it. The exact bytes are
// persisted before they are sent, so that a lost reply is a retry.
type PushRequest struct {
	Device string    `json:"dev"`
	Ticket string    `json:"ticket"`
	Next   string    `json:"next_ticket"`
	Cmds   []Command `json:"cmds"`
}

// Result is the recorded outcome of one command; the same however often asked.
type Result struct {
	Mid     string          `json:"mid"`
	N       int64           `json:"n"`
	Outcome string          `json:"outcome"`
	Code    office.Code     `json:"code,omitempty"`
	Message string          `json:"message,omitempty"`
	Field   string          `json:"field,omitempty"`
	Detail  json.RawMessage `json:"detail,omitempty"`
	At      int64           `json:"at"` // when it took effect or was refused, the server's clock
}

// PushReply answers the commands handled; a shorter list than sent means a
// temporary error stopped the server, and the rest is to be sent again.
type PushReply struct {
	Verdict   string   `json:"verdict"` // ok | fork | wiped | upgrade
	Results   []Result `json:"results"`
	LastN     int64    `json:"last_n"`
	NewDevice string   `json:"new_dev,omitempty"` // with VerdictFork
}

// Cursor is how far a desk has read one channel and lane.
type Cursor struct {
	Chan   office.Channel `json:"c"`
	Lane   office.Lane    `json:"l"`
	Pos    int64          `json:"p"`           // entries up to here have been read
	Head   int64          `json:"h"`           // newest head ever seen
	Hash   string         `json:"x,omitempty"` // chain hash at that head
	GCBase int64          `json:"g"`           // gc floor when reading from 0 began
}

// PullRequest asks for what is new. Known is Digest over all the cursors: if it
// is still the server's, the answer is empty and Cursors need not be sent.
type PullRequest struct {
	Device  string       `json:"dev"`
	Epoch   string       `json:"epoch,omitempty"`
	LastN   int64        `json:"last_n"`
	Known   string       `json:"known,omitempty"`
	Cursors []Cursor     `json:"cursors,omitempty"` // absent with Known alone
	Limit   int          `json:"limit_bytes,omitempty"`
	MaxLane *office.Lane `json:"max_lane,omitempty"`
	Waiting int          `json:"waiting,omitempty"` // commands that this desk holds unanswered
}

// Op is one entry of a channel: the record is in it (put) or no longer (rem).
type Op struct {
	Chan int         `json:"c"` // index into PullReply.Chans
	Lane office.Lane `json:"l"`
	Kind string      `json:"k"`
	ID   string      `json:"i"`
	Rem  bool        `json:"r,omitempty"`
}

// Row is a record's current state; each page carries the row of every put once.
type Row struct {
	Kind string          `json:"k"`
	ID   string          `json:"i"`
	Root string          `json:"o,omitempty"` // "" = ID
	Ver  int64           `json:"v"`
	Body json.RawMessage `json:"b"`
}

// ChanLane names a channel and lane.
type ChanLane struct {
	Chan office.Channel `json:"c"`
	Lane office.Lane    `json:"l"`
}

// Sum is what a drained channel and lane must add up to on the desk.
type Sum struct {
	ChanLane
	N   int64  `json:"n"`
	Sum string `json:"s"` // 16 hex digits, office.Record.Sum added modulo 2^64
}

// PullReply is one page, read in one snapshot. Unknown (Same=false without
// cursors) asks the desk to repeat the request with its cursors. With More
// false the desk has reached a consistent checkpoint.
type PullReply struct {
	Same     bool             `json:"same,omitempty"` // nothing new since Known
	Need     bool             `json:"need,omitempty"` // send the cursors
	Epoch    string           `json:"epoch,omitempty"`
	Rewound  bool             `json:"rewound,omitempty"` // the server's history is not the one the desk read: resend what it still holds
	Drop     []ChanLane       `json:"drop,omitempty"`
	Reset    []ChanLane       `json:"reset,omitempty"`
	Chans    []office.Channel `json:"chans,omitempty"`
	Ops      []Op             `json:"ops,omitempty"`
	Rows     []Row            `json:"rows,omitempty"`
	Cursors  []Cursor         `json:"cursors,omitempty"` // changed ones
	Sums     []Sum            `json:"sums,omitempty"`    // when More is false: of the changed channels; of all, if the desk was in the middle of reading
	LastN    int64            `json:"last_n"`            // of this device, in this snapshot
	DurableN int64            `json:"durable_n"`         // up to here a verified backup holds
	Results  []Result         `json:"results,omitempty"` // outcomes the desk may have missed: n > request.last_n
	More     bool             `json:"more,omitempty"`
	AsOf     int64            `json:"as_of"`
	Policy   *DeskPolicy      `json:"policy,omitempty"` // as in HelloReply
}

// Buckets is how many parts a digest divides a channel and lane into; a record
// is in the one that Bucket names.
const Buckets = 256

// MaxWant is how many rows one digest request may name.
const MaxWant = 500

// DigestRequest finds the bad rows of one channel and lane in three questions,
// each finer: without Buckets and Want for the sums of all buckets; with
// Buckets for the rows in these; with Want for these rows themselves.
type DigestRequest struct {
	Device string `json:"dev"`
	ChanLane
	Buckets []int   `json:"buckets,omitempty"`
	Want    []RowID `json:"want,omitempty"`
}

// RowID names a record.
type RowID struct {
	Kind string `json:"k"`
	ID   string `json:"i"`
}

// RowSum is a record's share in its channel's sum.
type RowSum struct {
	RowID
	Sum string `json:"s"` // 16 hex digits
}

// DigestReply answers one question in one snapshot. Head and Hash name it: a
// desk whose cursor is elsewhere pulls first. Of the rows wanted those are
// left out that are not in the channel, and those beyond the size of a page.
type DigestReply struct {
	Head    int64    `json:"h"`
	Hash    string   `json:"x,omitempty"`
	N       int64    `json:"n"`
	Sum     string   `json:"s"`
	Buckets []string `json:"buckets,omitempty"` // sums, as Sum
	Members []RowSum `json:"members,omitempty"`
	Rows    []Row    `json:"rows,omitempty"`
}
