package desktop

import (
	"encoding/json"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/wailsapp/wails/v2/pkg/runtime"
)

// placement is where the window was when it was last seen.
type placement struct {
	Width     int  `json:"width"`
	Height    int  `json:"height"`
	X         int  `json:"x"`
	Y         int  `json:"y"`
	Placed    bool `json:"placed"` // X and Y are known
	Maximised bool `json:"maximised"`
}

const placementFile = "window.json"

// maxSide bounds a remembered side; more is a damaged file.
const maxSide = 16384

// loadPlacement reads the remembered placement. A missing, damaged or absurd
// file gives the first placement: the window must open in any case.
func loadPlacement(profile string) placement {
	first := placement{Width: Width, Height: Height}
	b, err := os.ReadFile(filepath.Join(profile, placementFile))
	if err != nil {
		return first
	}
	var p placement
	if json.Unmarshal(b, &p) != nil || p.Width > maxSide || p.Height > maxSide {
		return first
	}
	p.Width, p.Height = max(p.Width, MinWidth), max(p.Height, MinHeight)
	return p
}

// save replaces the file in one step, so that a stop at any instant leaves the
// old or the new one.
func (p placement) save(profile string) error {
	b, err := json.Marshal(p)
	if err != nil {
		return err
	}
	f, err := os.CreateTemp(profile, placementFile+".*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.Write(append(b, '\n'))
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		return err
	}
	return os.Rename(f.Name(), filepath.Join(profile, placementFile))
}

// fit answers where to put the window on screens of the given whole extent: the
// remembered place, moved so that the window is all there if it can be; false
// if it was on a screen that is no longer there.
func (p placement) fit(totalWidth, maxHeight int) (x, y int, ok bool) {
	const grip = 120 // enough of a window to grasp it
	if !p.Placed || p.X+p.Width < grip || p.X > totalWidth-grip || p.Y < 0 || p.Y > maxHeight-grip {
		return 0, 0, false
	}
	return max(0, min(p.X, totalWidth-p.Width)), max(0, min(p.Y, maxHeight-p.Height)), true
}

// keeper puts the window where it was, then remembers where it goes.
type keeper struct {
	window  *Window
	profile string
	quit    chan struct{}
	stopped sync.Once

	mu   sync.Mutex
	last placement
}

func newKeeper(w *Window, profile string, last placement) *keeper {
	return &keeper{window: w, profile: profile, quit: make(chan struct{}), last: last}
}

// run looks now and then until stop: a log-off may end the process without a
// word, so the end is not waited for.
func (k *keeper) run() {
	const every = 10 * time.Second
	k.window.restore(k.last)
	t := time.NewTicker(every)
	defer t.Stop()
	for {
		select {
		case <-t.C:
			k.look()
		case <-k.quit:
			return
		}
	}
}

// stop looks a last time, but does not wait for a window system that no longer
// answers: closing never blocks.
func (k *keeper) stop() {
	const patience = 300 * time.Millisecond
	k.stopped.Do(func() {
		close(k.quit)
		looked := make(chan struct{})
		go func() { k.look(); close(looked) }()
		select {
		case <-looked:
		case <-time.After(patience):
		}
	})
}

func (k *keeper) look() {
	k.mu.Lock()
	defer k.mu.Unlock()
	now, ok := k.window.placement(k.last)
	if !ok || now == k.last {
		return
	}
	if err := now.save(k.profile); err != nil {
		k.window.log.Warn("the window's place is not remembered", "err", err)
		return
	}
	k.last = now
}

// restore moves the window to a remembered place, if that is still on a screen.
func (w *Window) restore(p placement) {
	ctx := w.context()
	if ctx == nil || p.Maximised {
		return
	}
	screens, err := runtime.ScreenGetAll(ctx)
	if err != nil {
		return
	}
	width, height := 0, 0
	for _, s := range screens {
		width += s.Size.Width
		height = max(height, s.Size.Height)
	}
	if x, y, ok := p.fit(width, height); ok {
		runtime.WindowSetPosition(ctx, x, y)
	}
}

// placement asks where the window is. A minimised or full-screen window keeps
// what was known; a maximised one keeps the size it will shrink back to.
func (w *Window) placement(last placement) (placement, bool) {
	ctx := w.context()
	if ctx == nil || runtime.WindowIsMinimised(ctx) || runtime.WindowIsFullscreen(ctx) {
		return last, false
	}
	p := last
	if p.Maximised = runtime.WindowIsMaximised(ctx); p.Maximised {
		return p, true
	}
	p.Width, p.Height = runtime.WindowGetSize(ctx)
	p.X, p.Y = runtime.WindowGetPosition(ctx)
	p.Placed = true
	return p, p.Width > 0 && p.Height > 0
}
