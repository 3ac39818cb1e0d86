package door

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func knocked(t *testing.T, dir string) {
	t.Helper()
	heard := make(chan string, 1)
	d, err := Listen(dir, func(link string) { heard <- link })
	if err != nil {
		t.Fatal(err)
	}
	const link = "qianshao://document/汛期"
	if !Knock(dir, link) {
		t.Error("nobody answers")
	}
	select {
	case got := <-heard:
		if got != link {
			t.Errorf("heard %q", got)
		}
	case <-time.After(5 * time.Second):
		t.Error("the window was not told")
	}
	if err := d.Close(); err != nil {
		t.Error(err)
	}
	if Knock(dir, "") {
		t.Error("somebody answers at a closed door")
	}
}

func TestKnock(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "资料 a")
	if Knock(dir, "") {
		t.Error("somebody answers where nobody is")
	}
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	knocked(t, dir)
	knocked(t, dir) // again, as the next start does
}

// A killed process leaves its socket behind.
func TestDeadDoor(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "window.sock"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if Knock(dir, "") {
		t.Error("somebody answers at a dead door")
	}
	knocked(t, dir)
}

func TestLongPath(t *testing.T) {
	home, err := os.MkdirTemp("", "h") // short, as homes are
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(home)
	t.Setenv("HOME", home)
	t.Setenv("LocalAppData", home)
	t.Setenv("XDG_CACHE_HOME", "")
	dir := filepath.Join(t.TempDir(), strings.Repeat("深", 30), strings.Repeat("层", 30))
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	knocked(t, dir)
}
