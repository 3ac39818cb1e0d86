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

// A title becomes a name that every system takes, nothing is written over, and
// nobody else may read it; clear leaves nothing behind.
func TestView(t *testing.T) {
	p, opened := newTestPress(t)
	title := "../关于\x00<甲>/乙\"的\u202e通知" + strings.Repeat("长", 90)
	first, ok, err := p.View(title, []byte("one"))
	if err != nil || !ok || filepath.Dir(first) != p.dir() || len([]rune(filepath.Base(first))) > 70 {
		t.Fatalf("%q %v %v", first, ok, err)
	}
	second, _, err := p.View(title, []byte("two"))
	if err != nil || second == first {
		t.Fatalf("%q %v", second, err)
	}
	if b, _ := os.ReadFile(first); string(b) != "one" {
		t.Error("the first file was written over")
	}
	if i, err := os.Stat(first); err != nil || i.Mode().Perm() != 0o600 && filepath.Separator == '/' {
		t.Errorf("%v %v", i.Mode(), err)
	}
	if len(*opened) != 2 || (*opened)[1] != second {
		t.Errorf("%q", *opened)
	}
	p.open = func(string) error { return errors.New("no viewer") }
	if path, ok, err := p.View("", []byte("x")); err != nil || ok || filepath.Base(path) != "文件.pdf" {
		t.Errorf("%q %v %v", path, ok, err)
	}
	p.clear()
	if _, err := os.Stat(p.dir()); !os.IsNotExist(err) {
		t.Error("files are left")
	}
}

// Only the fonts of the set are served, under names that tell no path.
func TestFontsServed(t *testing.T) {
	t.Setenv("QIANSHAO_FONTS", "../build/bin/fonts")
	p, _ := newTestPress(t)
	get := func(method, path string) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		p.ServeHTTP(w, httptest.NewRequest(method, path, nil))
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
