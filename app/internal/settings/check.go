package settings

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
)

// Check names what is wrong with the folder's own files: unreadable, or open
// to other people of this machine. It opens no database.
func (f *Folder) Check() ([]string, error) {
	var found []string
	if _, err := f.Load(); err != nil && !errors.Is(err, ErrNone) {
		found = append(found, err.Error())
	}
	if runtime.GOOS == "windows" {
		return found, nil // access lists there; a profile lies in the person's own folder
	}
	entries, err := os.ReadDir(f.dir)
	if err != nil {
		if errors.Is(err, os.ErrNotExist) {
			return found, nil
		}
		return found, fmt.Errorf("check the profile: %w", err)
	}
	names := []string{"."}
	for _, e := range entries {
		names = append(names, e.Name())
	}
	for _, n := range names {
		fi, err := os.Lstat(filepath.Join(f.dir, n))
		if errors.Is(err, os.ErrNotExist) {
			continue // gone since: another process works here
		}
		if err != nil {
			return found, fmt.Errorf("check the profile: %w", err)
		}
		if fi.Mode()&os.ModeSymlink == 0 && fi.Mode().Perm()&0o077 != 0 {
			found = append(found, fmt.Sprintf("%s: other people of this machine have rights on it (%v)", n, fi.Mode().Perm()))
		}
	}
	return found, nil
}
