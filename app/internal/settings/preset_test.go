package settings

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"testing"
)

func presetFrom(t *testing.T, content string) (Preset, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "policy.json")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	// A system whose own place holds nothing: the environment's file counts.
	s := System{OS: "windows", Getenv: func(k string) string {
		switch k {
		case "ProgramData":
			return filepath.Join(t.TempDir(), "none")
		case PresetEnv:
			return path
		}
		return ""
	}}
	return s.Preset()
}

func TestPreset(t *testing.T) {
	for content, want := range map[string]Preset{
		`{"server":" https://oa.example.cn/ ","fixed":true}`: {Server: "https://oa.example.cn", Fixed: true},
		`{"server":"http://127.0.0.1:8470"}`:                 {Server: "http://127.0.0.1:8470"},
		`{"server":"http://10.0.0.9:8470","insecure":true}`:  {Server: "http://10.0.0.9:8470", Insecure: true},
		`{"fixed":true}`:          {},
		`{"fonts":["D:\\Fonts"]}`: {Fonts: []string{`D:\Fonts`}},
		`{"server":"https://oa.example.cn:8443","later":"field"}`: {Server: "https://oa.example.cn:8443"},
	} {
		if got, err := presetFrom(t, content); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v %v, want %+v", content, got, err, want)
		}
	}
	for _, content := range []string{`{`, `{"server":"http://10.0.0.9"}`, `{"server":"ftp://x"}`, `{"server":7}`} {
		if got, err := presetFrom(t, content); err == nil || !reflect.DeepEqual(got, Preset{}) {
			t.Errorf("%s: %+v %v, want an error and nothing", content, got, err)
		}
	}
}

// What the administrator put there counts, whatever the environment says.
func TestPresetOfTheMachineWins(t *testing.T) {
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "Qianshao"), 0o700); err != nil {
		t.Fatal(err)
	}
	raw, _ := json.Marshal(Preset{Server: "https://right.example", Fixed: true})
	if err := os.WriteFile(filepath.Join(dir, "Qianshao", "policy.json"), raw, 0o600); err != nil {
		t.Fatal(err)
	}
	other := filepath.Join(dir, "other.json")
	if err := os.WriteFile(other, []byte(`{"server":"https://wrong.example"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	s := System{OS: "windows", Getenv: func(k string) string {
		return map[string]string{"ProgramData": dir, PresetEnv: other}[k]
	}}
	if p, err := s.Preset(); err != nil || p.Server != "https://right.example" {
		t.Errorf("%+v %v", p, err)
	}
	s.Getenv = func(string) string { return "" }
	if got := s.PresetPath(); got != `C:\ProgramData`+string(filepath.Separator)+filepath.Join("Qianshao", "policy.json") {
		t.Errorf("without an environment: %s", got)
	}
}

// Package desktop writes the window's place to window.json, whole: preferences
// in the same file would be lost with it.
func TestPreferencesHaveAFileOfTheirOwn(t *testing.T) {
	f, err := At(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if err := f.SavePreferences(json.RawMessage(`{"theme":"dark"}`)); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(f.Dir(), "window.json")); err == nil {
		t.Error("preferences lie where the window's place does")
	}
}
