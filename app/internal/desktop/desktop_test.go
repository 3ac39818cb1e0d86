package desktop

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"qianshao/syncserver/office"
)

var quiet = slog.New(slog.NewTextHandler(io.Discard, nil))

func TestEveryAnswerCarriesThePolicy(t *testing.T) {
	h := securityHeaders(localHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, "x")
	})))
	for _, path := range []string{"/", "/index.html", "/assets/a.js", "/nothing", "/local/x", "/local/"} {
		rec := httptest.NewRecorder()
		h.ServeHTTP(rec, httptest.NewRequest("GET", path, nil))
		csp := rec.Header().Get("Content-Security-Policy")
		if !strings.Contains(csp, "default-src 'none'") || strings.Contains(csp, "unsafe-eval") || strings.Contains(csp, "*") {
			t.Errorf("%s: policy %q", path, csp)
		}
		if strings.Contains(csp, "ws:") != Dev {
			t.Errorf("%s: policy %q, want a socket only under the dev tag", path, csp)
		}
		if got := rec.Header().Get("X-Content-Type-Options"); got != "nosniff" {
			t.Errorf("%s: X-Content-Type-Options %q", path, got)
		}
	}
}

// What a person attached is shown or saved, never run.
func TestLocalIsInert(t *testing.T) {
	types := map[string]string{
		"image/png":                 "image/png",
		"image/svg+xml":             "image/svg+xml",
		"application/pdf":           "application/pdf",
		"application/json":          "application/json",
		"text/plain; charset=utf-8": "text/plain; charset=utf-8",
		"font/woff2":                "font/woff2",
		"text/html; charset=utf-8":  "application/octet-stream",
		"application/xhtml+xml":     "application/octet-stream",
		"text/xml":                  "application/octet-stream",
		"text/javascript":           "application/octet-stream",
		"application/javascript":    "application/octet-stream",
		"text/css":                  "application/octet-stream",
		"application/wasm":          "application/octet-stream",
		"not a type":                "application/octet-stream",
		"":                          "application/octet-stream",
	}
	for given, want := range types {
		for _, explicit := range []bool{true, false} {
			h := localHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if given != "" {
					w.Header().Set("Content-Type", given)
				}
				if explicit {
					w.WriteHeader(http.StatusOK)
				}
				fmt.Fprint(w, "<script>alert(1)</script>")
			}))
			rec := httptest.NewRecorder()
			h.ServeHTTP(rec, httptest.NewRequest("GET", "/local/blob/1", nil))
			if got := rec.Header().Get("Content-Type"); got != want {
				t.Errorf("%q is served as %q, want %q", given, got, want)
			}
			if csp := rec.Header().Get("Content-Security-Policy"); !strings.Contains(csp, "sandbox") || strings.Contains(csp, "script-src") {
				t.Errorf("%q: policy %q", given, csp)
			}
		}
	}
}

func TestOnlyLocalPathsReachTheRooms(t *testing.T) {
	reached := false
	h := localHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { reached = true }))
	for path, want := range map[string]bool{
		"/local/blob/1": true, "/local/": false, "/local/a/": false, "/local/a/index.html": false,
		"/": false, "/x": false, "/locals/x": false,
	} {
		reached = false
		rec := httptest.NewRecorder()
		h.ServeHTTP(rec, httptest.NewRequest("GET", path, nil))
		if reached != want {
			t.Errorf("%s reached the rooms: %v, want %v", path, reached, want)
		}
		if !want && rec.Code != http.StatusNotFound {
			t.Errorf("%s: %d, want 404", path, rec.Code)
		}
	}
	rec := httptest.NewRecorder()
	localHandler(nil).ServeHTTP(rec, httptest.NewRequest("GET", "/local/x", nil))
	if rec.Code != http.StatusNotFound {
		t.Errorf("without rooms: %d, want 404", rec.Code)
	}
}

func TestFormatError(t *testing.T) {
	var logged bytes.Buffer
	log := slog.New(slog.NewTextHandler(&logged, nil))
	refusal := fmt.Errorf("approve: %w", office.Invalid("words", "请填写意见"))
	if got, want := formatError(log, refusal), `{"code":"invalid","message":"请填写意见","field":"words"}`; got != want {
		t.Errorf("refusal: %v, want %v", got, want)
	}
	if logged.Len() > 0 {
		t.Errorf("a refusal is not a fault: %s", &logged)
	}
	fault := errors.New("open /home/lin/secret: denied")
	if got, want := formatError(log, fault), `{"code":"internal","message":"","field":""}`; got != want {
		t.Errorf("fault: %v, want %v", got, want)
	}
	if !strings.Contains(logged.String(), "secret") {
		t.Errorf("the log does not say what failed: %s", &logged)
	}
}

func TestPlacement(t *testing.T) {
	dir := t.TempDir()
	first := placement{Width: Width, Height: Height}
	if got := loadPlacement(dir); got != first {
		t.Errorf("without a file: %+v", got)
	}
	p := placement{Width: 1500, Height: 900, X: 40, Y: 30, Placed: true}
	if err := p.save(dir); err != nil {
		t.Fatal(err)
	}
	if got := loadPlacement(dir); got != p {
		t.Errorf("got %+v, want %+v", got, p)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "*")); len(left) != 1 {
		t.Errorf("files left: %v", left)
	}
	for content, want := range map[string]placement{
		`{"width":10,"height":10}`:          {Width: MinWidth, Height: MinHeight},
		`{"width":-5,"height":99999}`:       first,
		`{"width":1500,"height":900,"x":7`:  first,
		`{"width":1500,"height":900,"y":9}`: {Width: 1500, Height: 900, Y: 9},
		``:                                  first,
	} {
		if err := os.WriteFile(filepath.Join(dir, placementFile), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if got := loadPlacement(dir); got != want {
			t.Errorf("%s: %+v, want %+v", content, got, want)
		}
	}
}

func TestPlacementFitsTheScreens(t *testing.T) {
	at := func(x, y int) placement { return placement{Width: 1280, Height: 800, X: x, Y: y, Placed: true} }
	for _, c := range []struct {
		name   string
		p      placement
		w, h   int
		x, y   int
		usable bool
	}{
		{"never placed", placement{Width: 1280, Height: 800}, 1920, 1080, 0, 0, false},
		{"as it was", at(100, 50), 1920, 1080, 100, 50, true},
		{"partly below", at(100, 400), 1920, 1080, 100, 280, true},
		{"left edge", at(-300, 50), 1920, 1080, 0, 50, true},
		{"second screen", at(2000, 50), 3840, 1080, 2000, 50, true},
		{"second screen taken away", at(2000, 50), 1920, 1080, 0, 0, false},
		{"smaller than the window", at(10, 10), 1024, 768, 0, 0, true},
		{"above the screen", at(10, -700), 1920, 1080, 0, 0, false},
	} {
		x, y, ok := c.p.fit(c.w, c.h)
		if x != c.x || y != c.y || ok != c.usable {
			t.Errorf("%s: %d, %d, %v; want %d, %d, %v", c.name, x, y, ok, c.x, c.y, c.usable)
		}
	}
}

func TestWithoutAPage(t *testing.T) {
	if Dev || Generating {
		t.Skip("these builds take the page from elsewhere or need none")
	}
	err := Run(Options{Profile: t.TempDir(), Assets: fstest.MapFS{".gitkeep": {}}, Log: quiet})
	if !errors.Is(err, ErrNoPage) {
		t.Errorf("got %v, want ErrNoPage", err)
	}
}

// A window before its start and after its end is silent, not a crash.
func TestWindowThatIsNotThere(t *testing.T) {
	w := &Window{log: quiet}
	w.Emit("changed", nil)
	w.Raise()
	w.Quit()
	w.Notify("1", "a", "b")
	w.OnNotification(func(string) {})
	w.OnFileDrop(func(int, int, []string) {})
	if got, err := w.OpenFiles("t"); got != nil || err != nil {
		t.Errorf("OpenFiles: %v, %v", got, err)
	}
	if got, err := w.SaveFile("t", "n"); got != "" || err != nil {
		t.Errorf("SaveFile: %v, %v", got, err)
	}
	if got, err := w.PickFolder("t"); got != "" || err != nil {
		t.Errorf("PickFolder: %v, %v", got, err)
	}
	newKeeper(w, t.TempDir(), placement{}).stop()
	w.detach()
}

// The dev build serves its calls to any page of this machine. Only the scripts
// that test or measure it may build it.
func TestNothingThatShipsIsADevBuild(t *testing.T) {
	const root = "../../.."
	allowed := map[string]bool{
		"build/lib/window.sh":    true, // defines the build
		"build/lib/devwindow.sh": true, // tests through it
		"build/bench-window":     true, // measures it
	}
	asks := regexp.MustCompile(`(?m)tags_dev|window_dev|-tags[ =]["']?([\w,. ]*[ ,])?dev\b|tags"\s*:.*\bdev\b|\bwails dev\b`)
	defined := false
	check := func(path string) {
		b, err := os.ReadFile(filepath.Join(root, path))
		if err != nil {
			t.Error(err)
			return
		}
		if m := asks.Find(b); m != nil {
			if allowed[filepath.ToSlash(path)] {
				defined = true
				return
			}
			t.Errorf("%s asks for a dev build: %s", path, m)
		}
	}
	check("wails.json")
	for _, dir := range []string{"build", ".ci"} {
		err := fs.WalkDir(os.DirFS(root), dir, func(path string, d fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return err
			case d.IsDir() && path == "build/bin":
				return fs.SkipDir
			case d.IsDir() || !textScript(path):
				return nil
			}
			check(path)
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	}
	if !defined {
		t.Error("the pattern finds no dev build at all: it no longer matches how they are written")
	}
	if got := asks.FindString("go build -tags 'desktop,dev' ."); got == "" {
		t.Error("the pattern misses a plain dev build")
	}
}

func textScript(path string) bool {
	switch filepath.Ext(path) {
	case "", ".sh", ".py", ".go", ".mjs", ".json", ".yml", ".yaml", ".nsi", ".nsh", ".ps1":
		return true
	}
	return false
}
