package settings

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"qianshao/syncserver/office"
)

// ProfileFile is the file's name inside the folder.
const ProfileFile = "profile.json"

// ErrNone says that nobody has signed in to this folder yet.
var ErrNone = errors.New("nobody has signed in on this profile")

// Profile says whose a folder is. A profile belongs to one person at one
// server for ever: its queue is that person's.
type Profile struct {
	Server  string        `json:"server"`  // base URL, such as https://host:port, without a final slash
	User    string        `json:"user"`    // the account's name
	UID     office.UserID `json:"uid"`     // the person in the directory
	Name    string        `json:"name"`    // the person's name, to show
	Device  string        `json:"dev"`     // given by the server; changes when a copy of this profile was found
	Install string        `json:"install"` // random, made once
	Machine string        `json:"machine"` // what the person calls this machine
	Policy  Policy        `json:"policy"`
	Wiped   bool          `json:"wiped,omitempty"` // the server has revoked this device: nothing of it is shown
}

// Load reads the profile: ErrNone if there is none.
func (f *Folder) Load() (Profile, error) {
	var p Profile
	raw, err := os.ReadFile(filepath.Join(f.dir, ProfileFile))
	if errors.Is(err, os.ErrNotExist) {
		return p, ErrNone
	}
	if err != nil {
		return p, fmt.Errorf("read the profile: %w", err)
	}
	if err := json.Unmarshal(raw, &p); err != nil {
		return p, fmt.Errorf("read the profile: %w", err)
	}
	if p.UID == "" || p.Server == "" {
		return p, fmt.Errorf("read the profile: %s names no person or no server", ProfileFile)
	}
	return p, nil
}

// Save writes the profile. Fields of a newer version that the file already has
// stay, so that going back a version and forward again loses nothing.
func (f *Folder) Save(p Profile) error {
	old, err := os.ReadFile(filepath.Join(f.dir, ProfileFile))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("write the profile: %w", err)
	}
	set, err := json.Marshal(p)
	if err != nil {
		return fmt.Errorf("write the profile: %w", err)
	}
	merged, err := overlay(old, set)
	if err != nil {
		return fmt.Errorf("write the profile: %w", err)
	}
	if err := f.write(ProfileFile, merged); err != nil {
		return fmt.Errorf("write the profile: %w", err)
	}
	return nil
}

// overlay is the object old with the members of set replaced. An old content
// that is no object, as after a disk fault, is given up.
func overlay(old, set []byte) ([]byte, error) {
	m := map[string]json.RawMessage{}
	if json.Unmarshal(old, &m) != nil || m == nil {
		m = map[string]json.RawMessage{}
	}
	if err := json.Unmarshal(set, &m); err != nil {
		return nil, err
	}
	return json.MarshalIndent(m, "", "  ")
}
