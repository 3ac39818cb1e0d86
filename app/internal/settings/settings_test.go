package settings

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"testing"
)

func env(kv map[string]string) func(string) string { return func(k string) string { return kv[k] } }

func TestBasePerSystem(t *testing.T) {
	home := filepath.FromSlash("/home/lin")
	for _, x := range []struct {
		name string
		sys  System
		want string
	}{
		{"linux", System{"linux", env(nil), home}, "/home/lin/.local/share/qianshao"},
		{"linux with XDG", System{"linux", env(map[string]string{"XDG_DATA_HOME": "/data/lin"}), home}, "/data/lin/qianshao"},
		{"a relative XDG folder is ignored", System{"linux", env(map[string]string{"XDG_DATA_HOME": "data"}), home}, "/home/lin/.local/share/qianshao"},
		{"macOS", System{"darwin", env(map[string]string{"XDG_DATA_HOME": "/data/lin"}), home}, "/home/lin/Library/Application Support/Qianshao"},
		{"Windows keeps databases off the roaming folder", System{"windows", env(map[string]string{"LOCALAPPDATA": "/local", "APPDATA": "/roaming"}), ""}, "/local/Qianshao"},
		{"Windows without the variable", System{"windows", env(nil), home}, "/home/lin/AppData/Local/Qianshao"},
	} {
		got, err := x.sys.Base()
		if err != nil || got != filepath.FromSlash(x.want) {
			t.Errorf("%s: %q, %v; want %q", x.name, got, err, x.want)
		}
	}
	if _, err := (System{"linux", env(nil), ""}).Base(); err == nil {
		t.Error("no home folder: no error")
	}
}

func TestProfileOfThePerson(t *testing.T) {
	for _, x := range []struct{ set, want string }{
		{"", "/home/lin/.local/share/qianshao/profile"},
		{"/tmp/p", "/tmp/p"},
	} {
		s := System{"linux", env(map[string]string{ProfileEnv: x.set}), filepath.FromSlash("/home/lin")}
		if got, err := s.Profile(); err != nil || got != filepath.FromSlash(x.want) {
			t.Errorf("%q: %q, %v", x.set, got, err)
		}
	}
}

func TestFolderRefusesWhatIsNoFolder(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	root := "/"
	if runtime.GOOS == "windows" {
		root = `C:\`
	}
	for _, bad := range []string{"", "  ", "a\x00b", file, filepath.Join(file, "under"), root} {
		if _, err := At(bad); err == nil {
			t.Errorf("%q was taken", bad)
		}
	}
}

func sample() Profile {
	return Profile{Server: "https://qianshao.example:8443", User: "linzhiyuan", UID: "lin-zhiyuan", Name: "林知远",
		Device: "dev1", Install: "inst1", Machine: "笔记本", Policy: Policy{Insecure: true}}
}

func TestProfileRoundTrip(t *testing.T) {
	f, err := At(filepath.Join(t.TempDir(), "新 配置?mode=memory"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Load(); !errors.Is(err, ErrNone) {
		t.Fatalf("empty folder: %v", err)
	}
	if err := f.Save(sample()); err != nil {
		t.Fatal(err)
	}
	got, err := f.Load()
	if err != nil || got != sample() {
		t.Fatalf("%+v, %v", got, err)
	}
	if runtime.GOOS != "windows" {
		for p, want := range map[string]os.FileMode{f.Dir(): 0o700, filepath.Join(f.Dir(), ProfileFile): 0o600} {
			if fi, err := os.Stat(p); err != nil || fi.Mode().Perm() != want {
				t.Errorf("%s: %v %v, want %v", p, fi.Mode(), err, want)
			}
		}
	}
}

func TestSaveKeepsFieldsOfNewerVersions(t *testing.T) {
	f, _ := At(t.TempDir())
	if err := os.WriteFile(filepath.Join(f.Dir(), ProfileFile), []byte(`{"seal":"x","server":"old"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := f.Save(sample()); err != nil {
		t.Fatal(err)
	}
	raw, _ := os.ReadFile(filepath.Join(f.Dir(), ProfileFile))
	m := map[string]any{}
	if err := json.Unmarshal(raw, &m); err != nil || m["seal"] != "x" || m["server"] != sample().Server {
		t.Errorf("%s: %v", raw, err)
	}
}

func TestDefaultsAndDamage(t *testing.T) {
	f, _ := At(t.TempDir())
	write := func(s string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(f.Dir(), ProfileFile), []byte(s), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(`{"server":"https://s","uid":"lin"}`)
	if p, err := f.Load(); err != nil || p.Policy != (Policy{}) {
		t.Errorf("%+v, %v", p, err)
	}
	for _, bad := range []string{"", "{", `[]`, `{"server":"https://s"}`, `{"server":"https://s","uid":"lin","policy":7}`} {
		write(bad)
		if _, err := f.Load(); err == nil || errors.Is(err, ErrNone) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

func TestToken(t *testing.T) {
	f, _ := At(filepath.Join(t.TempDir(), "p"))
	check := func(want string) {
		t.Helper()
		if got, err := f.Token(); err != nil || got != want {
			t.Fatalf("token %q, %v; want %q", got, err, want)
		}
	}
	check("")
	for _, tok := range []string{"abc", "def", ""} {
		if err := f.SaveToken(tok); err != nil {
			t.Fatal(err)
		}
		check(tok)
	}
	if err := f.SaveToken(""); err != nil {
		t.Errorf("forgetting twice: %v", err)
	}
	left, err := os.ReadDir(f.Dir())
	if err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

// A write that fails half way leaves the old file and no litter.
func TestFailedWriteKeepsTheOldFile(t *testing.T) {
	f, _ := At(t.TempDir())
	if err := f.SaveToken("old"); err != nil {
		t.Fatal(err)
	}
	// A folder of the target's name makes the last step, the rename, fail.
	if err := os.Mkdir(filepath.Join(f.Dir(), ProfileFile), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := f.write(ProfileFile, []byte("{}")); err == nil {
		t.Fatal("no error")
	}
	var names []string
	left, _ := os.ReadDir(f.Dir())
	for _, e := range left {
		names = append(names, e.Name())
	}
	if slices.Sort(names); !slices.Equal(names, []string{ProfileFile, TokenFile}) {
		t.Errorf("left behind: %v", names)
	}
}

func TestCheck(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no permission bits there")
	}
	f, _ := At(filepath.Join(t.TempDir(), "p"))
	if found, err := f.Check(); err != nil || len(found) != 0 {
		t.Fatalf("nothing there: %v, %v", found, err)
	}
	if err := f.Save(sample()); err != nil {
		t.Fatal(err)
	}
	if found, err := f.Check(); err != nil || len(found) != 0 {
		t.Fatalf("as made: %v, %v", found, err)
	}
	if err := os.Chmod(filepath.Join(f.Dir(), ProfileFile), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(f.Dir(), ProfileFile), []byte("{"), 0o644); err != nil {
		t.Fatal(err)
	}
	if found, err := f.Check(); err != nil || len(found) != 2 {
		t.Fatalf("damaged and open to others: %v, %v", found, err)
	}
}

func TestPreferences(t *testing.T) {
	f, _ := At(filepath.Join(t.TempDir(), "p"))
	if raw, err := f.Preferences(); err != nil || raw != nil {
		t.Fatalf("%s, %v", raw, err)
	}
	for _, want := range []string{`{"size":"大"}`, `{}`} {
		if err := f.SavePreferences(json.RawMessage(want)); err != nil {
			t.Fatal(err)
		}
		if raw, err := f.Preferences(); err != nil || string(raw) != want {
			t.Errorf("%s, %v; want %s", raw, err, want)
		}
	}
}
