package desktop

import (
	"context"
	"log/slog"
	"sync"

	"github.com/wailsapp/wails/v2/pkg/runtime"

	"qianshao/syncserver/office"
)

// Window is the open window as the rest of the program sees it. Its methods
// may be called from any goroutine; before the window is there and after it
// has closed they do nothing.
type Window struct {
	log *slog.Logger

	mu       sync.Mutex
	ctx      context.Context // the runtime's handle; nil while there is no window
	notifies bool            // the notification service answers
}

func (w *Window) attach(ctx context.Context) {
	notifies := false
	if canNotify() {
		if err := runtime.InitializeNotifications(ctx); err != nil {
			w.log.Info("no notifications on this desktop", "err", err)
		} else {
			notifies = true
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.ctx, w.notifies = ctx, notifies
}

func (w *Window) detach() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.notifies {
		runtime.CleanupNotifications(w.ctx)
	}
	w.ctx, w.notifies = nil, false
}

func (w *Window) context() context.Context {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.ctx
}

// Emit sends an event to the page. Data must be small: bodies and lists are
// read, not sent.
func (w *Window) Emit(event string, data any) {
	if ctx := w.context(); ctx != nil {
		runtime.EventsEmit(ctx, event, data)
	}
}

// Raise brings the window to the front.
func (w *Window) Raise() {
	if ctx := w.context(); ctx != nil {
		runtime.Show(ctx)
		runtime.WindowShow(ctx)
		runtime.WindowUnminimise(ctx)
	}
}

// Quit closes the window as its close button does.
func (w *Window) Quit() {
	if ctx := w.context(); ctx != nil {
		runtime.Quit(ctx)
	}
}

// Filter is one choice of file types in a dialog: a name and patterns
// separated by semicolons ("*.docx;*.wps").
type Filter struct{ Name, Patterns string }

func filters(fs []Filter) []runtime.FileFilter {
	var out []runtime.FileFilter
	for _, f := range fs {
		out = append(out, runtime.FileFilter{DisplayName: f.Name, Pattern: f.Patterns})
	}
	return out
}

// OpenFiles asks for files to read; none if the person gave up.
func (w *Window) OpenFiles(title string, fs ...Filter) ([]string, error) {
	ctx := w.context()
	if ctx == nil {
		return nil, nil
	}
	return runtime.OpenMultipleFilesDialog(ctx, runtime.OpenDialogOptions{Title: title, Filters: filters(fs)})
}

// SaveFile asks for a file to write; "" if the person gave up.
func (w *Window) SaveFile(title, name string, fs ...Filter) (string, error) {
	ctx := w.context()
	if ctx == nil {
		return "", nil
	}
	return runtime.SaveFileDialog(ctx, runtime.SaveDialogOptions{
		Title: title, DefaultFilename: name, Filters: filters(fs), CanCreateDirectories: true,
	})
}

// PickFolder asks for a folder; "" if the person gave up.
func (w *Window) PickFolder(title string) (string, error) {
	ctx := w.context()
	if ctx == nil {
		return "", nil
	}
	return runtime.OpenDirectoryDialog(ctx, runtime.OpenDialogOptions{Title: title, CanCreateDirectories: true})
}

// CanNotify reports whether this desktop shows notifications of programs.
func (w *Window) CanNotify() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.notifies
}

// Notify shows a notification of the system. A later one with the same id
// takes the place of the earlier.
func (w *Window) Notify(id, title, body string) {
	w.mu.Lock()
	ctx, ok := w.ctx, w.notifies
	w.mu.Unlock()
	if !ok {
		return
	}
	if err := runtime.SendNotification(ctx, runtime.NotificationOptions{ID: id, Title: office.Isolate(title), Body: office.Isolate(body)}); err != nil {
		w.log.Warn("notification not shown", "err", err)
	}
}

// OnNotification sets what happens when the person answers a notification; it
// gets the notification's id.
func (w *Window) OnNotification(do func(id string)) {
	ctx := w.context()
	if ctx == nil {
		return
	}
	runtime.OnNotificationResponse(ctx, func(r runtime.NotificationResult) {
		if r.Error == nil {
			do(r.Response.ID)
		}
	})
}

// OnFileDrop sets what happens when files are dropped on an element whose
// style says --wails-drop-target: drop; x and y are in the page.
func (w *Window) OnFileDrop(do func(x, y int, paths []string)) {
	if ctx := w.context(); ctx != nil {
		runtime.OnFileDrop(ctx, do)
	}
}
