package bridge

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"os"
	"time"

	"qianshao/app/internal/engine"
	"qianshao/syncserver/office"
)

// Desk is what the rooms need of the engine; *engine.Engine is one.
type Desk interface {
	Do(ctx context.Context, cmd office.Command) (mid string, err error)

	Sync(ctx context.Context) (engine.Report, error)
	SetOffline(off bool)
	Status() engine.Status

	Outbox(ctx context.Context, f engine.Filter) ([]engine.Item, error)
	CountOf(ctx context.Context, kinds ...string) (waiting, needsYou int, err error)
	Item(ctx context.Context, mid string) (engine.Item, bool, error)
	Retry(ctx context.Context, mid string) (string, error)
	RetryWith(ctx context.Context, mid string, args json.RawMessage) (string, error)
	Discard(ctx context.Context, mid string) error
	MarkSeen(ctx context.Context, mids ...string) error

	SaveDraft(ctx context.Context, key string, body json.RawMessage) error
	Draft(ctx context.Context, key string) (engine.Draft, bool, error)
	DeleteDraft(ctx context.Context, key string) error

	Get(ctx context.Context, kind, id string) (office.Record, bool, error)
	List(ctx context.Context, q office.Query) ([]office.Record, error)
	Count(ctx context.Context, q office.Query) (int, error)
	Children(ctx context.Context, kind, root string) ([]office.Record, error)
	Search(ctx context.Context, text string, limit int) ([]engine.Hit, error)
	History(ctx context.Context, limit int) ([]engine.Sync, error)
	Events(ctx context.Context, limit int) ([]engine.Event, error)
	Drafts(ctx context.Context, prefix string) ([]engine.Draft, error)
	Here(ctx context.Context) (engine.Here, error)
	PendingOf(ctx context.Context, kind string) (map[string][]string, error)

	AddBlob(ctx context.Context, r io.Reader) (office.BlobRef, error)
	OpenBlob(ctx context.Context, sha string) (*os.File, error)
	FetchBlob(ctx context.Context, sha string) error
	WantBlob(sha string)
	Blobs(ctx context.Context, shas []string) (map[string]engine.BlobState, error)

	ReadOnline(ctx context.Context, q office.Query) (rs []office.Record, next string, err error)
	GetOnline(ctx context.Context, kind string, ids ...string) ([]office.Record, error)
	ChildrenOnline(ctx context.Context, kind, root string) ([]office.Record, error)
}

// Host owns the profile: it signs people in and out and opens their desk. It
// is safe for concurrent use.
type Host interface {
	// Remembered is the server's address to offer and the account last used.
	Remembered() (server, user string)
	// Desk is the open desk and whose it is; ok is false while nobody is
	// signed in.
	Desk() (desk Desk, uid office.UserID, ok bool)
	// SignIn logs in and opens the person's desk. Refusals are *office.Error.
	SignIn(ctx context.Context, server, user, password string) error
	// SignOut ends the session and closes the desk; what waits stays in the
	// profile.
	SignOut(ctx context.Context) error
	// Preferences are the person's settings of this machine as JSON; nil if
	// none were saved.
	Preferences() (json.RawMessage, error)
	// SavePreferences keeps them.
	SavePreferences(json.RawMessage) error

	// Known is what the profile says of itself before its desk is open.
	Known() Known
	// Renew opens a new session for the person whose desk is open, without
	// closing it.
	Renew(ctx context.Context, password string) error
	// Accounts, Account, Devices and Revoke are what administrators do about log-ins
	// and machines, on line; the server judges each.
	Accounts(ctx context.Context) ([]AccountRow, error)
	Account(ctx context.Context, act AccountAct) error
	Devices(ctx context.Context, uid office.UserID) ([]DeviceRow, error)
	Revoke(ctx context.Context, uid office.UserID, dev string) error
	// Password changes the person's password at the server.
	Password(ctx context.Context, old, now string) error
	// Link is the link the program was last asked to open, and when; "" for
	// none.
	Link() (link string, at int64)
	// Notify shows a notification of the system where there are such, one for
	// each id.
	Notify(id, title, body string)
	// CanNotify reports whether there are.
	CanNotify() bool
	// ExportLog writes the program's log and about beside it to one file that
	// the person may take away, and names it.
	ExportLog(about []byte) (path string, err error)
	// Program says what runs.
	Program() Program

	// AskSave asks the person where to write a file, of one of these kinds if any
	// are given; "" if they gave up.
	AskSave(name string, kinds ...FileKind) (path string, err error)
	// ExportFolder is the profile's folder for copies that other programs open.
	ExportFolder() (string, error)
	// OpenPath lets the system's program open a file.
	OpenPath(path string) error
}

// Known is what a profile knows while nobody is signed in.
type Known struct {
	Folder  string
	Person  string // the name of whoever is signed in
	Device  string
	Machine string
	Fixed   bool   // the office's IT has set the server's address
	Trouble string // the preset cannot be read: nobody may sign in; "" for none
	Wiped   bool   // the server has revoked this device
}

// Program is what runs.
type Program struct {
	Version, Protocol, Go, System string
	Schema                        int
	Libraries                     []Library
}

// Options say what the rooms work with. All but Save are needed.
type Options struct {
	Host  Host
	Kinds *office.Kinds
	Now   func() time.Time
	Rand  io.Reader
	Log   *slog.Logger
	// Save asks the person where to and writes a file there; "" if they gave up.
	// nil: there is nobody to ask.
	Save func(name string, data []byte) (path string, err error)
	// Press draws and prints paper.
	Press Press
}

// Rooms are the bound structs.
type Rooms struct {
	core *core

	Approvals *Approvals
	Calendar  *Calendar
	Contacts  *Contacts
	Directory *Directory
	Documents *Documents
	Files     *Files
	Outbox    *Outbox
	Papers    *Papers
	Search    *Search
	Session   *Session
	Settings  *Settings
	Shell     *Shell
	Sync      *Sync
	Todos     *Todos
	Travel    *Travel
}

// New makes the rooms. They work until ctx ends.
func New(ctx context.Context, o Options) *Rooms {
	c := &core{ctx: ctx, host: o.Host, kinds: o.Kinds, now: o.Now, rand: o.Rand, log: o.Log, save: o.Save, press: o.Press}
	return &Rooms{
		core:      c,
		Approvals: &Approvals{c}, Calendar: &Calendar{core: c}, Contacts: &Contacts{c},
		Directory: &Directory{c}, Documents: &Documents{c}, Files: &Files{c}, Outbox: &Outbox{c},
		Papers: &Papers{c},
		Search: &Search{c}, Session: &Session{c}, Settings: &Settings{c}, Shell: &Shell{c},
		Sync: &Sync{c}, Todos: &Todos{c}, Travel: &Travel{c},
	}
}

// Bind lists what the window binds.
func (r *Rooms) Bind() []any {
	return []any{
		r.Approvals, r.Calendar, r.Contacts, r.Directory, r.Documents, r.Files, r.Outbox,
		r.Papers, r.Search, r.Session, r.Settings, r.Shell, r.Sync, r.Todos, r.Travel,
	}
}
