package settings

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// WipedFile is the note that is left of a wiped profile.
const WipedFile = "wiped.json"

// Wiped is the note: which server revoked this machine, and when its data went.
type Wiped struct {
	Server string `json:"server"`
	At     int64  `json:"at"` // Millis, by this machine's clock
}

// Wiped reads the note; false if this profile was not wiped.
func (f *Folder) Wiped() (Wiped, bool) {
	var w Wiped
	raw, err := os.ReadFile(filepath.Join(f.dir, WipedFile))
	if err != nil {
		return w, false
	}
	_ = json.Unmarshal(raw, &w) // a note that cannot be read is one all the same
	return w, true
}

// NoteWiped leaves the note.
func (f *Folder) NoteWiped(w Wiped) error {
	raw, err := json.Marshal(w)
	if err == nil {
		err = f.write(WipedFile, raw)
	}
	if err != nil {
		return fmt.Errorf("note that the profile was wiped: %w", err)
	}
	return nil
}

// forgetWiped removes the note: the server has let this machine in again.
func (f *Folder) forgetWiped() error {
	if err := os.Remove(filepath.Join(f.dir, WipedFile)); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("forget that the profile was wiped: %w", err)
	}
	return nil
}
