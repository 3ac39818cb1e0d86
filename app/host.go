package app

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"sync"
	"time"

	"qianshao/app/internal/bridge"
	"qianshao/app/internal/carry"
	"qianshao/app/internal/desktop"
	"qianshao/app/internal/engine"
	"qianshao/app/internal/settings"
	"qianshao/syncserver/office"
	"qianshao/syncserver/office/catalog"
	"qianshao/syncserver/protocol"
	"qianshao/syncserver/protocol/client"
)

// host owns the profile's session and its engine: it signs people in and out
// and keeps their desk in sync while they are there. It is the rooms'
// [bridge.Host].
type host struct {
	ctx    context.Context // ends with the program
	folder *settings.Folder
	offer  string // the server the command line offers
	cat    *catalog.Catalog
	log    *slog.Logger
	emit   func(event string, data any)
	window func() *desktop.Window // nil before it is there
	link   func() *asked          // the link asked for last; nil for none

	farewell func() // remembers what only the person has, before their desk is wiped

	preset  settings.Preset // what the office's IT has set on this machine
	trouble string          // why it cannot be read

	told sync.Map // ids of the notices that the system has shown

	turn sync.Mutex // held by whoever signs in or out

	mu   sync.Mutex
	desk *running // nil while nobody is signed in
}

// running is an open desk that syncs.
type running struct {
	engine  *engine.Engine
	client  *client.Client
	profile settings.Profile
	cancel  context.CancelFunc
	locked  bool // as the page was told last
	work    sync.WaitGroup
}

// resume opens the desk of whoever was signed in when the program last ended.
// It needs no network.
func (h *host) resume() error {
	if w, ok := h.folder.Wiped(); ok { // what another program held open then goes now
		return h.erase(w.Server)
	}
	p, err := h.folder.Load()
	if errors.Is(err, settings.ErrNone) {
		return nil
	}
	if err != nil {
		return err
	}
	token, err := h.folder.Token()
	if err != nil || token == "" {
		return err
	}
	return h.open(p)
}

// open opens the profile's desk and starts to sync it.
func (h *host) open(p settings.Profile) error {
	transport, err := h.folder.Client(p, nil)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(h.ctx)
	e, err := engine.Open(ctx, engine.Options{
		Dir: h.folder.Dir(), UID: p.UID, Device: p.Device, Install: p.Install,
		Schema: catalog.SchemaVersion, Version: protocol.Version,
		Kinds: h.cat.Kinds(), Commands: h.cat, Creates: h.cat.Creates, Class: h.cat.Class, Witness: catalog.Witness, Erased: catalog.Erased, Program: Version,
		Wants: carry.Wants(h.cat.Kinds()), Own: carry.Own,
		Transport: transport, Now: clock, Rand: rand.Reader, Log: h.log,
	})
	if err != nil {
		cancel()
		return fmt.Errorf("open the desk: %w", err)
	}
	r := &running{engine: e, client: transport, profile: p, cancel: cancel}
	changes, stop := e.Changes()
	r.work.Go(func() { h.tell(ctx, changes) })
	r.work.Go(func() {
		defer stop()
		if err := e.Run(ctx); err != nil && ctx.Err() == nil {
			h.log.Error("sync ended", "err", err)
		}
	})
	h.mu.Lock()
	h.desk = r
	h.mu.Unlock()
	h.emit(bridge.EventSession, nil)
	return nil
}

// breath is the least time between two events to the page: changes meanwhile
// are joined.
const breath = 50 * time.Millisecond

// tell sends what changed to the page, coalesced.
func (h *host) tell(ctx context.Context, changes <-chan engine.Changed) {
	for {
		select {
		case <-ctx.Done():
			return
		case c, ok := <-changes:
			if !ok {
				return
			}
			if c.All || len(c.Kinds) > 0 {
				out := bridge.Changed{All: c.All, Kinds: []string{}}
				for k := range c.Kinds {
					out.Kinds = append(out.Kinds, k)
				}
				h.emit(bridge.EventChanged, out)
			}
			if c.Status {
				h.watch()
				h.emit(bridge.EventStatus, nil)
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(breath):
		}
	}
}

// Remembered is the server's address to offer and the account last used.
func (h *host) Remembered() (server, user string) {
	p, err := h.folder.Load()
	if err != nil {
		if !errors.Is(err, settings.ErrNone) {
			h.log.Error("profile unreadable", "err", err)
		}
		return cmp.Or(h.offer, h.preset.Server), ""
	}
	return p.Server, p.User
}

// Desk is the open desk and whose it is.
func (h *host) Desk() (bridge.Desk, office.UserID, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.desk == nil {
		return nil, "", false
	}
	return h.desk.engine, h.desk.profile.UID, true
}

// SignIn logs in and opens the person's desk.
func (h *host) SignIn(ctx context.Context, server, user, password string) error {
	h.turn.Lock()
	defer h.turn.Unlock()
	if err := h.shut(); err != nil {
		return err
	}
	p, err := h.login(ctx, server, user, password)
	if err != nil {
		return err
	}
	return h.enter(ctx, p)
}

// enter opens the desk of whoever the server has just let in.
func (h *host) enter(ctx context.Context, p settings.Profile) error {
	if err := h.open(p); err != nil {
		return err
	}
	h.mu.Lock()
	e := h.desk.engine
	h.mu.Unlock()
	e.Contacted(ctx)
	return nil
}

// login opens a session, only where the preset allows it.
func (h *host) login(ctx context.Context, server, user, password string) (settings.Profile, error) {
	if h.trouble != "" {
		return settings.Profile{}, &office.Error{Code: office.CodeNotPermitted, Field: "preset", Message: h.trouble}
	}
	if h.preset.Fixed && strings.TrimRight(server, "/") != h.preset.Server {
		return settings.Profile{}, office.Errorf(office.CodeNotPermitted, "本单位规定只能登录 %s", h.preset.Server)
	}
	machine, _ := os.Hostname() // a machine without a name is one without a name
	return h.folder.SignIn(ctx, settings.SignIn{
		Server: server, User: user, Password: password, Machine: machine,
		Insecure: h.preset.Insecure && strings.TrimRight(server, "/") == h.preset.Server,
		Now:      time.Now, Rand: rand.Reader,
	})
}

// SignOut closes the desk and ends the session, at the server too if it can be
// reached. What waits stays in the profile.
func (h *host) SignOut(ctx context.Context) error {
	h.turn.Lock()
	defer h.turn.Unlock()
	if err := h.shut(); err != nil {
		return err
	}
	defer h.emit(bridge.EventSession, nil)
	untold, err := h.folder.SignOut(ctx, nil)
	if untold != nil {
		h.log.Info("the server could not be told of the sign-out", "code", office.CodeOf(untold))
	}
	if errors.Is(err, settings.ErrNone) {
		return nil
	}
	return err
}

// shut ends the sync and closes the desk, if one is open.
func (h *host) shut() error {
	h.mu.Lock()
	r := h.desk
	h.desk = nil
	h.mu.Unlock()
	if r == nil {
		return nil
	}
	r.cancel()
	r.work.Wait()
	if err := r.engine.Close(); err != nil {
		return fmt.Errorf("close the desk: %w", err)
	}
	return nil
}

// close is shut at the end of the program.
func (h *host) close() error {
	h.turn.Lock()
	defer h.turn.Unlock()
	return h.shut()
}

func (h *host) Preferences() (json.RawMessage, error)     { return h.folder.Preferences() }
func (h *host) SavePreferences(raw json.RawMessage) error { return h.folder.SavePreferences(raw) }
