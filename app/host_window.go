package app

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
	"time"

	"qianshao/app/internal/bridge"
	"qianshao/app/internal/desktop"
	"qianshao/app/internal/engine"
	"qianshao/app/internal/settings"
	"qianshao/app/internal/vault"
	"qianshao/syncserver/office"
	"qianshao/syncserver/office/catalog"
	"qianshao/syncserver/protocol"
)

// readPreset takes what IT has set on this machine. What cannot be read keeps
// people from signing in, and says why: without it a password could go to
// another server than the office wants.
func (h *host) readPreset(s settings.System) {
	p, err := s.Preset()
	if err != nil {
		h.log.Error("preset unreadable", "err", err)
		h.trouble = err.Error()
		if bad := new(settings.PresetError); errors.As(err, &bad) {
			h.trouble = bad.Path // the log says the rest
		}
		return
	}
	h.preset = p
}

// started is called when the window is there: what a person answers of the
// system's notifications leads where the notice does.
func (h *host) started(w *desktop.Window) {
	w.OnNotification(func(id string) {
		w.Raise()
		kind, rest, _ := strings.Cut(id, "|")
		if kind == "route" {
			h.emit(bridge.EventNotice, rest)
		}
	})
}

// watch looks at what a change of the status means for the profile: after the
// offline term the window locks, and opens again at the next contact; a revoked
// device shows nothing of the office from then on, after a restart neither, and
// nothing of it stays.
func (h *host) watch() {
	h.mu.Lock()
	r := h.desk
	if r == nil || r.profile.Wiped {
		h.mu.Unlock()
		return
	}
	s := r.engine.Status()
	turned := r.locked != s.Locked
	r.locked = s.Locked
	h.mu.Unlock()
	if turned {
		h.emit(bridge.EventSession, nil)
	}
	if s.LastError != engine.CodeWiped {
		return
	}
	h.farewell() // while the desk can still be read
	h.mu.Lock()
	r.profile.Wiped = true
	p := r.profile
	h.mu.Unlock()
	if err := h.folder.Save(p); err != nil {
		h.log.Error("the revocation is not remembered", "err", err)
	}
	h.emit(bridge.EventSession, nil)
	go h.wipe() // it waits for whoever calls watch
}

// wipe removes all that this profile holds and leaves a note.
func (h *host) wipe() {
	h.turn.Lock()
	defer h.turn.Unlock()
	server, _ := h.Remembered()
	if err := h.shut(); err != nil {
		h.log.Error("close a revoked desk", "err", err)
	}
	if err := h.erase(server); err != nil {
		h.log.Error("wipe a revoked desk", "err", err)
	}
	h.emit(bridge.EventSession, nil)
}

// erase wipes the folder and notes it.
func (h *host) erase(server string) error {
	err := vault.Profile{Dir: h.folder.Dir(), Now: time.Now}.Wipe()
	return errors.Join(err, h.folder.NoteWiped(settings.Wiped{Server: server, At: office.Millis(time.Now())}))
}

// AskSave asks the person where to write a file.
func (h *host) AskSave(name string, kinds ...bridge.FileKind) (string, error) {
	w := h.window()
	if w == nil {
		return "", nil
	}
	var fs []desktop.Filter
	for _, k := range kinds {
		fs = append(fs, desktop.Filter{Name: k.Name, Patterns: "*" + k.Ending})
	}
	return w.SaveFile("另存为", name, fs...)
}

// ExportFolder is the profile's folder for copies that other programs open.
func (h *host) ExportFolder() (string, error) {
	return vault.Profile{Dir: h.folder.Dir(), Now: time.Now}.Export()
}

// OpenPath lets the system's program open a file.
func (h *host) OpenPath(path string) error { return desktop.Open(path) }

// Known is what the profile says of itself.
func (h *host) Known() bridge.Known {
	k := bridge.Known{Folder: h.folder.Dir(), Fixed: h.preset.Fixed, Trouble: h.trouble}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.desk == nil {
		_, k.Wiped = h.folder.Wiped()
		return k
	}
	p := h.desk.profile
	k.Person, k.Device, k.Machine, k.Wiped = p.Name, p.Device, p.Machine, p.Wiped
	return k
}

// Renew opens a new session for whoever's desk is open. The desk stays open
// unless the server gave the machine another device id.
func (h *host) Renew(ctx context.Context, password string) error {
	h.turn.Lock()
	defer h.turn.Unlock()
	h.mu.Lock()
	r := h.desk
	h.mu.Unlock()
	if r == nil {
		return &office.Error{Code: bridge.CodeSignedOut}
	}
	p, err := h.login(ctx, r.profile.Server, r.profile.User, password)
	if err != nil {
		return err
	}
	if p.Device != r.profile.Device {
		if err := h.shut(); err != nil {
			return err
		}
		return h.enter(ctx, p)
	}
	token, err := h.folder.Token()
	if err != nil {
		return err
	}
	r.client.SetToken(token)
	r.engine.Contacted(ctx)
	h.mu.Lock()
	r.profile = p
	h.mu.Unlock()
	r.engine.Wake()
	return nil
}

// Password changes the password at the server.
func (h *host) Password(ctx context.Context, old, now string) error {
	h.mu.Lock()
	r := h.desk
	h.mu.Unlock()
	if r == nil {
		return &office.Error{Code: bridge.CodeSignedOut}
	}
	return r.client.Password(ctx, protocol.PasswordRequest{Old: old, New: now})
}

// Link is the link asked for last and when, in milliseconds.
func (h *host) Link() (link string, at int64) {
	if x := h.link(); x != nil {
		return x.link, office.Millis(x.at)
	}
	return "", 0
}

// Notify shows a notification of the system, each id once while the program
// runs: a page that is loaded again announces nothing twice.
func (h *host) Notify(id, title, body string) {
	if _, had := h.told.LoadOrStore(id, true); had {
		return
	}
	if w := h.window(); w != nil {
		w.Notify("route|"+id, title, body)
	}
}

// CanNotify reports whether the desktop has notifications.
func (h *host) CanNotify() bool {
	w := h.window()
	return w != nil && w.CanNotify()
}

// ExportLog writes the log, the one before it and about into a file of the
// profile's export folder.
func (h *host) ExportLog(about []byte) (path string, err error) {
	dir, err := vault.Profile{Dir: h.folder.Dir(), Now: time.Now}.Export()
	if err != nil {
		return "", err
	}
	path = filepath.Join(dir, "qianshao-log-"+time.Now().Format("20060102-150405")+".zip")
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return "", fmt.Errorf("export the log: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(path))
		}
	}()
	z := zip.NewWriter(f)
	err = fillLog(z, h.folder.Dir(), about)
	return path, errors.Join(err, z.Close(), f.Close())
}

func fillLog(z *zip.Writer, profile string, about []byte) error {
	w, err := z.Create("about.json")
	if err != nil {
		return err
	}
	if _, err := w.Write(about); err != nil {
		return err
	}
	for _, name := range []string{logName, logName + ".1"} {
		log, err := os.Open(filepath.Join(profile, name))
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err != nil {
			return err
		}
		if w, err = z.Create(name); err == nil {
			_, err = io.Copy(w, log)
		}
		if err := errors.Join(err, log.Close()); err != nil {
			return err
		}
	}
	return nil
}

// Program says what runs, as the linker wrote it down.
func (h *host) Program() bridge.Program {
	p := bridge.Program{
		Version: Version, Protocol: protocol.Version, Schema: catalog.SchemaVersion,
		Go: strings.TrimPrefix(runtime.Version(), "go"), System: runtime.GOOS + "/" + runtime.GOARCH,
	}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, m := range info.Deps {
			p.Libraries = append(p.Libraries, bridge.Library{Name: m.Path, Version: m.Version})
		}
	}
	return p
}
