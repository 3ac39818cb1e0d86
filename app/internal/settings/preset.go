package settings

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"

	"qianshao/syncserver/protocol/client"
)

// PresetEnv names a preset file where the system has none: for trials and
// tests. What an administrator has put on the machine cannot be evaded by it.
const PresetEnv = "QIANSHAO_POLICY"

// Preset is what the office's IT decides for all people of a machine before
// anybody has signed in. It lies in one file that only administrators may
// write: see PresetPath. The zero value decides nothing.
type Preset struct {
	// Server is the address to sign in at.
	Server string `json:"server,omitempty"`
	// Fixed keeps people from signing in at any other address.
	Fixed bool `json:"fixed,omitempty"`
	// Insecure allows http to that server beyond this machine. For trials only.
	Insecure bool `json:"insecure,omitempty"`
	// Fonts are folders with the office's licensed fonts. They draw paper before
	// all others of the machine.
	Fonts []string `json:"fonts,omitempty"`
}

// PresetPath is where the preset of a machine lies: %ProgramData%\Qianshao\
// policy.json on Windows, /Library/Application Support/Qianshao/policy.json on
// macOS, /etc/qianshao/policy.json elsewhere.
func (s System) PresetPath() string {
	const name = "policy.json"
	switch s.OS {
	case "windows":
		if d := s.Getenv("ProgramData"); d != "" {
			return filepath.Join(d, folderTitle, name)
		}
		return filepath.Join(`C:\ProgramData`, folderTitle, name)
	case "darwin":
		return filepath.Join("/Library/Application Support", folderTitle, name)
	default:
		return filepath.Join("/etc", folderPlain, name)
	}
}

// PresetError says which preset file cannot be used.
type PresetError struct {
	Path string
	Err  error
}

func (e *PresetError) Error() string { return "preset " + e.Path + ": " + e.Err.Error() }
func (e *PresetError) Unwrap() error { return e.Err }

// Preset reads it. No file is no preset. A file that cannot be read, or that
// names an address that cannot be used, is a [*PresetError]: to go on without it could
// send a password to another server than the office wants.
func (s System) Preset() (Preset, error) {
	p, err := readPreset(s.PresetPath())
	if errors.Is(err, os.ErrNotExist) {
		other := s.Getenv(PresetEnv)
		if other == "" {
			return Preset{}, nil
		}
		p, err = readPreset(other)
	}
	return p, err
}

func readPreset(path string) (Preset, error) {
	var p Preset
	raw, err := os.ReadFile(path)
	if err != nil {
		return p, &PresetError{path, err}
	}
	if err := json.Unmarshal(raw, &p); err != nil {
		return Preset{}, &PresetError{path, err}
	}
	p.Server = strings.TrimRight(strings.TrimSpace(p.Server), "/")
	if p.Server == "" {
		p.Fixed = false
		return p, nil
	}
	if !p.Insecure {
		if p.Server, err = client.CheckURL(p.Server); err != nil {
			return Preset{}, &PresetError{path, err}
		}
	}
	return p, nil
}
