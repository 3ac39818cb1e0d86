package settings

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Folder is a profile's folder on disk.
type Folder struct{ dir string }

// At names a profile's folder by its path, relative or not. It makes nothing.
// The path may be any a person may have folders at; empty, containing a zero
// byte, the root of a drive or something that is not a folder is an error.
func At(path string) (*Folder, error) {
	if strings.TrimSpace(path) == "" {
		return nil, errors.New("a profile needs a folder")
	}
	if strings.ContainsRune(path, 0) {
		return nil, errors.New("the profile's path contains a zero byte")
	}
	dir, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("find the profile: %w", err)
	}
	if dir == filepath.VolumeName(dir)+string(filepath.Separator) {
		return nil, errors.New("the root of a drive cannot be a profile")
	}
	if fi, err := os.Stat(dir); err == nil && !fi.IsDir() {
		return nil, fmt.Errorf("%s is not a folder", path)
	} else if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("find the profile: %w", err)
	}
	return &Folder{dir: dir}, nil
}

// Dir is the folder's absolute path. The databases lie in it too.
func (f *Folder) Dir() string { return f.dir }

// Make makes the folder, readable by its owner only.
func (f *Folder) Make() error {
	if err := os.MkdirAll(f.dir, 0o700); err != nil {
		return fmt.Errorf("make the profile's folder: %w", err)
	}
	return nil
}

// write replaces a file of the folder whole: a reader, or the next start after
// a power cut, finds the old content or the new one, never a part. The file is
// readable by its owner only.
func (f *Folder) write(name string, content []byte) (err error) {
	if err := f.Make(); err != nil {
		return err
	}
	tmp, err := os.CreateTemp(f.dir, "."+name+".*") // 0600
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = tmp.Close()
			_ = os.Remove(tmp.Name())
		}
	}()
	if _, err = tmp.Write(content); err != nil {
		return err
	}
	if err = tmp.Sync(); err != nil {
		return err
	}
	if err = tmp.Close(); err != nil {
		return err
	}
	if err = os.Rename(tmp.Name(), filepath.Join(f.dir, name)); err != nil {
		return err
	}
	return syncDir(f.dir)
}
