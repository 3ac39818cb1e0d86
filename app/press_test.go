package app

import (
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"qianshao/app/internal/settings"
	"qianshao/syncserver/office/layout"
)

func newTestPress(t *testing.T) (*press, *[]string) {
	t.Helper()
	folder, err := settings.At(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	p := newPress(folder, slog.New(slog.DiscardHandler))
	var opened []string
	p.open = func(path string) error {
		opened = append(opened, path)
		return nil
	}
	return p, &opened
}

// A title becomes a name that every system takes, nothing is written over,
// nobody else may read it, the page reads what was made and nothing else, and
// clear leaves nothing behind.
func TestKeep(t *testing.T) {
	p, opened := newTestPress(t)
	title := "../关于\x00<甲>/乙\"的\u202e通知" + strings.Repeat("长", 90)
	first, url, err := p.Keep(title, []byte("one"))
	if err != nil || filepath.Dir(first) != p.dir() || len([]rune(filepath.Base(first))) > 70 {
		t.Fatalf("%q %v", first, err)
	}
	second, _, err := p.Keep(title, []byte("two"))
	if err != nil || second == first {
		t.Fatalf("%q %v", second, err)
	}
	if b, _ := os.ReadFile(first); string(b) != "one" {
		t.Error("the first file was written over")
	}
	if i, err := os.Stat(first); err != nil || i.Mode().Perm() != 0o600 && filepath.Separator == '/' {
		t.Errorf("%v %v", i.Mode(), err)
	}
	if !p.Open(second) || len(*opened) != 1 || (*opened)[0] != second {
		t.Errorf("%q", *opened)
	}
	p.open = func(string) error { return errors.New("no viewer") }
	if p.Open(first) {
		t.Error("no viewer opened it")
	}
	get := func(path string) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		local(p, nil).ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		return w
	}
	if w := get(url); w.Code != http.StatusOK || w.Body.String() != "one" || w.Header().Get("Content-Type") != "application/pdf" {
		t.Errorf("%d %q", w.Code, w.Body.String())
	}
	if err := os.WriteFile(filepath.Join(p.folder.Dir(), "secret"), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{printPath, printPath + "..%2fsecret", printPath + "../secret", printPath + "x.pdf"} {
		if w := get(bad); w.Code != http.StatusNotFound {
			t.Errorf("%s: %d", bad, w.Code)
		}
	}
	if path, _, err := p.Keep("", []byte("x")); err != nil || filepath.Base(path) != "文件.pdf" {
		t.Errorf("%q %v", path, err)
	}
	p.clear()
	if _, err := os.Stat(p.dir()); !os.IsNotExist(err) {
		t.Error("files are left")
	}
	if w := get(url); w.Code != http.StatusNotFound {
		t.Error("what was removed is served")
	}
}

// Only the fonts of the set are served, under names that tell no path.
func TestFontsServed(t *testing.T) {
	t.Setenv("QIANSHAO_FONTS", "../build/bin/fonts")
	p, _ := newTestPress(t)
	routes := local(p, nil)
	get := func(method, path string) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		routes.ServeHTTP(w, httptest.NewRequest(method, path, nil))
		return w
	}
	fonts := p.Fonts().Fonts()
	if len(fonts) == 0 {
		t.Fatal("no fonts: build/test --only packages installs them")
	}
	url := p.URL(fonts[0])
	if strings.Contains(url, "fonts/") || strings.Contains(url, ".") {
		t.Error(url)
	}
	w := get(http.MethodGet, url)
	if w.Code != http.StatusOK || w.Body.Len() < 100_000 || !strings.HasPrefix(w.Header().Get("Content-Type"), "font/") {
		t.Errorf("%d, %d bytes, %s", w.Code, w.Body.Len(), w.Header())
	}
	for _, bad := range []string{"/local/font/", "/local/font/../../etc/passwd", "/local/font/" + fonts[0].Path, "/local/x"} {
		if w := get(http.MethodGet, bad); w.Code != http.StatusNotFound {
			t.Errorf("%s: %d", bad, w.Code)
		}
	}
	if w := get(http.MethodPost, url); w.Code != http.StatusNotFound {
		t.Errorf("POST: %d", w.Code)
	}
}

// A folder that somebody names is looked into before the machine's own fonts,
// at once and after the next start; one without fonts is refused.
func TestFontFolder(t *testing.T) {
	const ours = "../build/bin/fonts"
	if files, _ := filepath.Glob(ours + "/*.ttf"); len(files) == 0 {
		t.Skip("no fonts beside the programs: build/run or build/test fetches them")
	}
	p, _ := newTestPress(t)
	dir := t.TempDir()
	if err := p.UseFontFolder(dir); err == nil {
		t.Error("an empty folder is taken")
	}
	if err := p.UseFontFolder(filepath.Join(dir, "gone")); err == nil {
		t.Error("no folder is taken")
	}
	b, err := os.ReadFile(filepath.Join(ours, "FandolHei.ttf"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "x.ttf"), b, 0o600); err != nil {
		t.Fatal(err)
	}
	where := func(p *press) string {
		for _, c := range p.Fonts().Choices() {
			if c.Face == layout.Hei && c.Font != nil {
				return filepath.Dir(c.Font.Path)
			}
		}
		return ""
	}
	before := where(p)
	if err := p.UseFontFolder(dir); err != nil {
		t.Fatal(err)
	}
	if got := where(p); got != dir {
		t.Errorf("before %s, now %s, want %s", before, got, dir)
	}
	again := newPress(p.folder, p.log)
	if got := where(again); got != dir {
		t.Errorf("after the next start: %s", got)
	}
	policy := t.TempDir()
	if err := os.WriteFile(filepath.Join(policy, "y.ttf"), b, 0o600); err != nil {
		t.Fatal(err)
	}
	again = newPress(p.folder, p.log)
	again.policy = []string{policy}
	if got := where(again); got != policy {
		t.Errorf("IT's folder comes first: %s", got)
	}
	if err := p.UseFontFolder(""); err != nil || where(p) == dir {
		t.Errorf("given up, yet %s: %v", where(p), err)
	}
}
