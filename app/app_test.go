package app

import (
	"bytes"
	"errors"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"qianshao/app/internal/desktop"
	"qianshao/app/internal/desktop/door"
	"qianshao/app/internal/vault"
)

func try(t *testing.T, args ...string) (code int, stdout, told string) {
	t.Helper()
	var out, errs bytes.Buffer
	code = run(args, fstest.MapFS{".gitkeep": {}}, &out, &errs, func(s string) { told += s })
	return code, out.String(), told + errs.String()
}

func TestCommandLine(t *testing.T) {
	if code, out, _ := try(t, "--version"); code != exitOK || !strings.Contains(out, Version) {
		t.Errorf("--version: %d %q", code, out)
	}
	if code, _, told := try(t, "--help"); code != exitOK || !strings.Contains(told, "-profile") {
		t.Errorf("--help: %d %q", code, told)
	}
	if code, _, _ := try(t, "--nonsense"); code != exitUsage {
		t.Errorf("unknown flag: %d", code)
	}
	for _, stray := range [][]string{{"a.qs"}, {"https://todo"}, {"qianshao://todo", "qianshao://todo"}} {
		if code, _, _ := try(t, stray...); code != exitUsage {
			t.Errorf("%q: %d", stray, code)
		}
	}
}

func TestSecondProcess(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "林知远")
	lock, err := vault.Profile{Dir: dir, Now: time.Now}.Lock()
	if err != nil {
		t.Fatal(err)
	}
	defer lock.Release()
	before, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	code, _, told := try(t, "--profile", dir)
	if code != exitBusy || !strings.Contains(told, "前哨已在使用这个资料目录") || !strings.Contains(told, dir) {
		t.Errorf("exit %d, told %q", code, told)
	}
	if after, err := os.ReadDir(dir); err != nil || len(after) != len(before) {
		t.Errorf("the second process touched the profile: %v, %v", after, err)
	}

	raised := make(chan string, 1)
	d, err := door.Listen(dir, func(link string) { raised <- link })
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	code, _, told = try(t, "--profile", dir, "qianshao://todo")
	if code != exitBusy || !strings.Contains(told, "已切换到打开的窗口") {
		t.Errorf("exit %d, told %q", code, told)
	}
	if link := <-raised; link != "qianshao://todo" {
		t.Errorf("the open window was asked for %q", link)
	}
}

func TestProfileFromTheEnvironment(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "p")
	t.Setenv("QIANSHAO_PROFILE", dir)
	if code, _, told := try(t); code != exitFailed || !strings.Contains(told, "没有页面") {
		t.Errorf("exit %d, told %q", code, told)
	}
	if _, err := os.Stat(filepath.Join(dir, vault.LockName)); err != nil {
		t.Error("the profile was not opened there:", err)
	}
}

func TestProfileThatCannotBe(t *testing.T) {
	file := filepath.Join(t.TempDir(), "f")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if code, _, told := try(t, "--profile", filepath.Join(file, "p")); code != exitFailed || !strings.Contains(told, "无法打开资料目录") {
		t.Errorf("exit %d, told %q", code, told)
	}
}

// New after Close finds the profile free and closed properly.
func TestOpenAndClose(t *testing.T) {
	dir := t.TempDir()
	for range 2 {
		a, err := New(Config{Profile: dir, Assets: fstest.MapFS{}})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := New(Config{Profile: dir, Assets: fstest.MapFS{}}); !errors.Is(err, ErrBusy) {
			t.Errorf("second New: %v, want ErrBusy", err)
		}
		if !door.Knock(dir, "") {
			t.Error("nobody listens for a second start")
		}
		if err := a.Close(); err != nil {
			t.Error(err)
		}
		if err := a.Close(); err != nil {
			t.Error("second Close:", err)
		}
	}
}

func TestLogIsTurnedOver(t *testing.T) {
	dir := t.TempDir()
	old := filepath.Join(dir, logName)
	if err := os.WriteFile(old, bytes.Repeat([]byte{'x'}, logMax+1), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := openLog(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if fi, err := os.Stat(old + ".1"); err != nil || fi.Size() != logMax+1 {
		t.Error("the old log is not kept:", err)
	}
	if fi, err := f.Stat(); err != nil || fi.Size() != 0 {
		t.Error("the new log is not empty:", err)
	}
}

// The rooms' structs are needed for the bindings without any profile.
func TestWireWithoutAProfile(t *testing.T) {
	if !desktop.Generating {
		t.Skip("for the build that writes bindings: go test -tags bindings ./app")
	}
	a, err := New(Config{Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
	if err != nil {
		t.Fatal(err)
	}
	if a.folder != nil {
		t.Error("a profile was opened")
	}
}
