package app

import (
	"context"
	"crypto/rand"
	"errors"
	"net/http"
	"os"
	"path/filepath"

	"qianshao/app/internal/bridge"
	"qianshao/app/internal/desktop"
	"qianshao/app/internal/settings"
	"qianshao/syncserver/office/catalog"
)

// parts is what the rooms give to the window.
type parts struct {
	// bind lists the bound structs, one per room.
	bind []any
	// local answers requests below /local/.
	local http.Handler
	// started is called once when the window is there; it starts the sync.
	started func(*desktop.Window)
	// close stops the sync and closes the databases.
	close func() error
}

// wire puts the rooms together. It is the only place that knows all of them.
//
// The profile is locked when it is called: a.folder is that profile, a.config
// says what the command line asked for. In a build that only writes the
// bindings (desktop.Generating) there is no profile and a.folder is nil: the
// structs are needed for their methods' signatures alone, and wire opens
// nothing.
func wire(a *App) (parts, error) {
	ctx, cancel := context.WithCancel(context.Background())
	cat, err := catalog.New()
	if err != nil {
		cancel()
		return parts{}, err
	}
	h := &host{ctx: ctx, folder: a.folder, offer: a.config.Server, cat: cat, log: a.log, emit: a.emit, window: a.window.Load, link: a.asked.Load}
	if !desktop.Generating {
		h.readPreset(settings.Native())
	}
	print := newPress(a.folder, a.log)
	print.policy = h.preset.Fonts
	rooms := bridge.New(ctx, bridge.Options{Host: h, Kinds: cat.Kinds(), Now: clock, Rand: rand.Reader, Log: a.log, Save: a.save, Press: print})
	h.farewell = rooms.Farewell
	p := parts{bind: rooms.Bind(), local: locals(rooms.Local(), print), started: h.started, close: func() error {
		err := h.close()
		print.clear()
		cancel()
		return err
	}}
	if desktop.Generating {
		return p, nil
	}
	print.clear()
	if err := h.resume(); err != nil {
		return parts{}, errors.Join(err, p.close())
	}
	return p, nil
}

// emit sends an event to the page. Before the window is there nothing is
// missed: the page reads everything when it opens.
func (a *App) emit(event string, data any) {
	if w := a.window.Load(); w != nil {
		w.Emit(event, data)
	}
}

// save asks where to and writes a file there, readable by its owner only; "" if
// the person gave up or there is no window to ask in.
func (a *App) save(name string, data []byte) (string, error) {
	w := a.window.Load()
	if w == nil {
		return "", nil
	}
	path, err := w.SaveFile("保存到", name, desktop.Filter{Name: "*" + filepath.Ext(name), Patterns: "*" + filepath.Ext(name)})
	if err != nil || path == "" {
		return "", err
	}
	return path, os.WriteFile(path, data, 0o600)
}

// locals answers requests below /local/: contents of files by one handler, the
// rest by the other.
func locals(files, rest http.Handler) http.Handler {
	m := http.NewServeMux()
	m.Handle("/local/files/", files)
	m.Handle("/", rest)
	return m
}
