package engine

import (
	"context"
	"io"
	"log/slog"
	"time"

	"qianshao/app/internal/vault"
	"qianshao/syncserver/office"
)

// Options say what an engine works on and with. Dir, UID, Device, Kinds,
// Commands, Now and Rand are needed.
type Options struct {
	Dir     string        // the profile's folder, see package vault
	UID     office.UserID // whose desk this is; a profile belongs to one person
	Device  string        // the device id the last log-in gave
	Install string        // random, made once per profile
	Schema  int           // version of the record declarations: catalog.SchemaVersion
	Version string        // protocol version this desk speaks
	Program string        // names this release: another one runs waiting commands anew; "" = never

	Kinds    *office.Kinds
	Commands Commands
	// Creates reports whether a command makes a record whose id is its
	// argument "id", which DoJSON then fills if it is absent. Class says
	// whether a command may be given off line. Both may be nil.
	Creates func(kind string) bool
	Class   func(kind string) office.Class

	// Own tells which record a draft is about, kind "" for none, and the draft that
	// stays once that record is taken from the person: their own words, nil for
	// nothing. Nil: drafts stay as they are.
	Own func(d Draft) (kind, id string, own *Draft)

	// Witness makes the command that tells a restored server what only desks
	// still know; list reads what this one shows. It may be nil and may give nil.
	Witness func(list func(office.Query) ([]office.Record, error)) (office.Command, error)

	// Erased makes the commands by which this desk confirms what it has erased; list
	// and holds read what it shows, dev is its device. It may be nil.
	Erased func(list func(office.Query) ([]office.Record, error), holds func(kind, id string) (bool, error), who office.UserID, dev string) ([]office.Command, error)

	Cipher    vault.Cipher // nil: the files are not encrypted
	Transport Transport    // nil: a desk that never connects
	ReadOnly  bool         // for reading commands: needs no lock, writes nothing

	Now  func() time.Time
	Rand io.Reader
	Log  *slog.Logger // nil: no log

	// Wants decides which files a desk should have before anybody asks; nil:
	// none. BlobQuota is how many bytes of fetched files stay; 0 =
	// BlobQuotaDefault.
	Wants     func(ctx context.Context, r Reader, uid office.UserID, now time.Time) ([]Want, error)
	BlobQuota int64

	// Beside runs f while the caller goes on; nil: in a goroutine of its own.
	// Tests that must be repeatable run it at once.
	Beside func(f func())

	PageBytes int // size of a pull's page; 0 = protocol.PageDefault
	PushMax   int // commands in one push; 0 = protocol.MaxPush
	// Poll is how often Run looks for what is new where no poke comes through;
	// 0 = 60 s. Whole seconds.
	Poll time.Duration

	// Crash, for tests, is called between every pair of durable writes with
	// the name of the place; it panics to simulate a kill. Nil in production.
	Crash func(point string)
	// Ablate, for tests, switches single defences off.
	Ablate map[Ablation]bool
}
