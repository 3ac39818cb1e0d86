package settings

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// PreferencesFile is the file's name inside the folder. window.json beside it is
// where the window stood (package desktop): two files, for each is written whole.
const PreferencesFile = "preferences.json"

// Preferences are how the person wants the window on this machine, as the
// window wrote them; nil if it never did.
func (f *Folder) Preferences() (json.RawMessage, error) {
	raw, err := os.ReadFile(filepath.Join(f.dir, PreferencesFile))
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the preferences: %w", err)
	}
	return raw, nil
}

// SavePreferences keeps them.
func (f *Folder) SavePreferences(raw json.RawMessage) error {
	if err := f.write(PreferencesFile, raw); err != nil {
		return fmt.Errorf("keep the preferences: %w", err)
	}
	return nil
}
