// Package wiring puts a server together: store, authority, identity and
// handlers over one database, with the catalog's kinds and commands. The
// program and the tests start from here; nothing is decided here.
package wiring

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"qianshao/syncserver/internal/authority"
	"qianshao/syncserver/internal/backup"
	"qianshao/syncserver/internal/blobs"
	"qianshao/syncserver/internal/httpd"
	"qianshao/syncserver/internal/identity"
	"qianshao/syncserver/internal/jobs"
	"qianshao/syncserver/internal/sealer"
	"qianshao/syncserver/internal/store"
	"qianshao/syncserver/office"
	"qianshao/syncserver/office/catalog"
	"qianshao/syncserver/office/directory"
	"qianshao/syncserver/protocol"
)

// minSchema is the oldest catalog.SchemaVersion a desk may have.
const minSchema = 1

// Config says what a server works on. Now and Rand are needed.
type Config struct {
	Dir  string // folder of the embedded database; unused with URL
	URL  string // PostgreSQL
	Now  func() time.Time
	Rand io.Reader // safe for concurrent use
	Log  *slog.Logger

	Catalog   *catalog.Catalog // nil = catalog.New(); tests bring more kinds and commands
	Passwords identity.Params  // costs of new hashes; zero = the usual
	Terms     identity.Terms   // of sessions; zero = the usual
	Conns     int              // connections to the database; 0 = the usual

	// Blobs says where files lie, see blobs.Open; "" = the folder "blobs" in
	// Dir, or without Dir none: such a server keeps no files. BlobMax and
	// BlobQuota are the limits of authority.Files.
	Blobs              string
	BlobMax, BlobQuota int64
	// Copies is the folder for a copy of a PostgreSQL database before its tables
	// are brought to a new version; "" refuses to change them.
	Copies string

	// OfflineTerm is how long desks may stay unlocked without contact, in whole
	// hours; 0 = for ever.
	OfflineTerm time.Duration
}

// Server is everything a server is, but for the listening.
type Server struct {
	Config
	Catalog   *catalog.Catalog
	Store     *store.Store
	Authority *authority.Authority
	Identity  *identity.Identity
	Sealer    *sealer.Sealer

	contents blobs.Store // of files; nil = it keeps none
}

// Open opens the database, made if it is new, and puts the parts over it.
func Open(ctx context.Context, c Config) (*Server, error) {
	if c.Now == nil || c.Rand == nil {
		return nil, errors.New("clock and randomness are needed")
	}
	s := &Server{Config: c, Catalog: c.Catalog}
	var err error
	if s.Catalog == nil {
		if s.Catalog, err = catalog.New(); err != nil {
			return nil, fmt.Errorf("catalog: %w", err)
		}
	}
	if s.Store, err = store.Open(ctx, c.store(s.Catalog.Kinds())); err != nil {
		return nil, err
	}
	if err = s.open(ctx); err != nil {
		return nil, errors.Join(err, s.Store.Close())
	}
	return s, nil
}

// store is where the database is.
func (c Config) store(ks *office.Kinds) store.Config {
	out := store.Config{Dir: c.Dir, URL: c.URL, Kinds: ks, Rand: c.Rand, Conns: c.Conns}
	if c.URL != "" {
		out.Dir = ""
	}
	if c.Copies != "" {
		out.Before = func(ctx context.Context, s *store.Store, _ int64) error {
			_, err := backup.Write(ctx, backup.Source{Store: s, Now: c.Now}, c.Copies)
			return err
		}
	}
	return out
}

// places are where contents of files lie, "" = nowhere, and uploads that are not
// complete: those on this machine in any case.
func (c Config) places() (contents, uploads string) {
	contents, uploads = c.Blobs, filepath.Join(c.Dir, "uploads")
	switch {
	case contents == "" && (c.Dir == "" || c.URL != ""):
		return "", ""
	case contents == "":
		contents = filepath.Join(c.Dir, "blobs")
	case c.URL != "" && strings.Contains(contents, "://"):
		uploads = filepath.Join(os.TempDir(), "qianshao-uploads")
	case c.URL != "":
		uploads = strings.TrimRight(contents, `/\`) + "-uploads"
	}
	return contents, uploads
}

// files opens where files lie.
func (s *Server) files(ctx context.Context) (authority.Files, error) {
	f := authority.Files{Max: s.BlobMax, Quota: s.BlobQuota}
	contents, uploads := s.places()
	if contents == "" {
		return f, nil
	}
	var err error
	if f.Store, err = blobs.Open(ctx, contents); err != nil {
		return f, err
	}
	f.Staging, err = blobs.OpenStaging(uploads)
	return f, err
}

func (s *Server) open(ctx context.Context) error {
	files, err := s.files(ctx)
	if err != nil {
		return err
	}
	s.contents = files.Store
	if s.Sealer, err = sealer.Open(ctx, sealer.Options{Store: s.Store, Now: s.Now, Rand: s.Rand}); err != nil {
		return err
	}
	s.Authority, err = authority.New(authority.Options{
		Store: s.Store, Commands: s.Catalog, Extras: authority.RoomExtras(), Seal: s.Sealer.Seal,
		Subscriptions: directory.Subscriptions, PersonKind: directory.People.Name,
		MinSchema: minSchema, Supported: protocol.Supported, Files: files,
		Policy: protocol.DeskPolicy{OfflineHours: int64(s.OfflineTerm / time.Hour)},
		Now:    s.Now, Log: s.Log,
	})
	if err != nil {
		return err
	}
	if err := s.Authority.Rehome(ctx); err != nil {
		return err
	}
	if err := s.Sealer.Publish(ctx, s.give); err != nil {
		return err
	}
	s.Identity, err = identity.New(identity.Options{
		Store: s.Store, Devices: s.Authority, People: s.person,
		Now: s.Now, Rand: s.Rand, Log: s.Log, Params: s.Passwords, Terms: s.Terms,
	})
	return err
}

// give carries a command of the system out, once for its mid; a refusal is an
// error.
func (s *Server) give(ctx context.Context, mid string, cmd office.Command) error {
	r, err := s.Authority.As(ctx, office.System, mid, s.Now(), cmd)
	if err != nil {
		return err
	}
	return Refusal(r)
}

// RotateKey makes a new key that seals traces, and gives its id.
func (s *Server) RotateKey(ctx context.Context) (string, error) { return s.Sealer.Rotate(ctx, s.give) }

// Verify holds all traces and the books of numbers together.
func (s *Server) Verify(ctx context.Context) (sealer.Found, error) {
	out, err := s.Sealer.Verify(ctx)
	if err != nil {
		return out, err
	}
	faults, err := s.Authority.Ledgers(ctx)
	out.Broken = append(out.Broken, faults...)
	return out, err
}

// person is what the directory says of somebody.
func (s *Server) person(ctx context.Context, q store.Q, uid office.UserID) (identity.Person, bool, error) {
	r, ok, err := s.Store.Rows.Get(ctx, q, directory.People.Name, string(uid))
	if err != nil || !ok {
		return identity.Person{}, false, err
	}
	var p directory.Official
	if err := r.Decode(&p); err != nil {
		return identity.Person{}, false, err
	}
	return identity.Person{Name: p.Name, Active: p.IsActive(), Roles: p.Roles}, true, nil
}

// HTTP makes the handlers; of o only what the server itself cannot know is used.
func (s *Server) HTTP(o httpd.Options) (*httpd.Server, error) {
	o.Authority, o.Identity, o.Ping = s.Authority, s.Identity, s.Store.Ping
	o.Now, o.Rand, o.Log = s.Now, s.Rand, s.Log
	o.Fleet = func(ctx context.Context) (f store.Fleet, err error) {
		err = s.Store.Read(ctx, func(q store.Q) error {
			f, err = store.FleetAt(ctx, q, s.Now())
			return err
		})
		return f, err
	}
	return httpd.New(o)
}

// Clockwork does what time brings, until ctx ends: jobs, garbage, expired
// sessions.
func (s *Server) Clockwork(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	done := make(chan error, 1)
	go func() {
		done <- jobs.Clockwork(ctx, s.Log,
			jobs.Tick{Name: "expired sessions", When: "@every 10m", Do: s.Identity.GC},
			jobs.Tick{Name: "seal key", When: "@every 1m", Do: s.Sealer.Reload})
	}()
	err := s.Authority.RunDue(ctx)
	cancel()
	return errors.Join(err, <-done)
}

// Close ends the connections to the database.
func (s *Server) Close() error { return s.Store.Close() }
