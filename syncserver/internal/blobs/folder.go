package blobs

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"qianshao/syncserver/office"
)

// folder keeps contents as files named by their hash, below folders named by
// its first two characters.
type folder struct{ dir string }

func openFolder(dir string) (Store, error) {
	if dir == "" {
		return nil, errors.New("open store of files: no folder")
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("open store of files: %w", err)
	}
	return &folder{dir}, nil
}

func (s *folder) path(sha string) string { return filepath.Join(s.dir, sha[:2], sha) }

// Put links or copies the file in, under a name of its own first.
func (s *folder) Put(_ context.Context, sha, file string, size int64) error {
	to := s.path(sha)
	if fi, err := os.Stat(to); err == nil && fi.Size() == size {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		return fmt.Errorf("store file: %w", full(err))
	}
	tmp, err := os.CreateTemp(filepath.Dir(to), "new-*")
	if err != nil {
		return fmt.Errorf("store file: %w", full(err))
	}
	defer os.Remove(tmp.Name())
	err = copyInto(tmp, file)
	if err = errors.Join(err, tmp.Close()); err != nil {
		return fmt.Errorf("store file: %w", full(err))
	}
	if err := os.Rename(tmp.Name(), to); err != nil {
		return fmt.Errorf("store file: %w", full(err))
	}
	for _, d := range []string{filepath.Dir(to), s.dir} {
		if err := syncDir(d); err != nil {
			return fmt.Errorf("store file: %w", err)
		}
	}
	return nil
}

func copyInto(to *os.File, file string) error {
	from, err := os.Open(file)
	if err != nil {
		return err
	}
	defer from.Close()
	if _, err := io.Copy(to, from); err != nil {
		return err
	}
	return to.Sync()
}

// Open reads from an offset on.
func (s *folder) Open(_ context.Context, sha string, offset int64) (io.ReadCloser, int64, error) {
	f, err := os.Open(s.path(sha))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, 0, ErrAbsent
	}
	if err != nil {
		return nil, 0, fmt.Errorf("open file: %w", err)
	}
	fi, err := f.Stat()
	if err == nil {
		_, err = f.Seek(offset, io.SeekStart)
	}
	if err != nil {
		return nil, 0, errors.Join(fmt.Errorf("open file: %w", err), f.Close())
	}
	return f, fi.Size(), nil
}

// Stat tells the size.
func (s *folder) Stat(_ context.Context, sha string) (int64, error) {
	fi, err := os.Stat(s.path(sha))
	if errors.Is(err, fs.ErrNotExist) {
		return 0, ErrAbsent
	}
	if err != nil {
		return 0, fmt.Errorf("find file: %w", err)
	}
	return fi.Size(), nil
}

// Remove removes a file.
func (s *folder) Remove(_ context.Context, sha string) error {
	if err := os.Remove(s.path(sha)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("remove file: %w", err)
	}
	return nil
}

// List walks the folders.
func (s *folder) List(_ context.Context, f func(string, time.Time) error) error {
	heads, err := os.ReadDir(s.dir)
	if err != nil {
		return fmt.Errorf("list files: %w", err)
	}
	for _, h := range heads {
		if !h.IsDir() || len(h.Name()) != 2 {
			continue
		}
		es, err := os.ReadDir(filepath.Join(s.dir, h.Name()))
		if err != nil {
			return fmt.Errorf("list files: %w", err)
		}
		for _, e := range es {
			if !office.ValidSHA256(e.Name()) {
				continue
			}
			fi, err := e.Info()
			if errors.Is(err, fs.ErrNotExist) {
				continue
			}
			if err != nil {
				return fmt.Errorf("list files: %w", err)
			}
			if err := f(e.Name(), fi.ModTime()); err != nil {
				return err
			}
		}
	}
	return nil
}
