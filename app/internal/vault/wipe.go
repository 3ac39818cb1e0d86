package vault

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// Wipe removes everything from a profile's folder but its lock, files
// overwritten first as well as a file system lets them be. Nothing may have its
// databases open. It goes on past what cannot be removed, and may be repeated.
func (p Profile) Wipe() error {
	err := filepath.WalkDir(p.Dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || !e.Type().IsRegular() || e.Name() == LockName {
			return nil // what cannot be read is removed below
		}
		_ = overwrite(path) // best effort: removing is what counts
		return nil
	})
	es, rerr := os.ReadDir(p.Dir)
	if errors.Is(rerr, fs.ErrNotExist) {
		return nil
	}
	err = errors.Join(err, rerr)
	for _, e := range es {
		if e.Name() != LockName {
			err = errors.Join(err, os.RemoveAll(filepath.Join(p.Dir, e.Name())))
		}
	}
	return err
}
