package blobs

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// Staging holds uploads that are not complete, one file for each uploader and
// hash, so that they go on where they broke off. Nothing in it is visible.
type Staging struct {
	dir string
	mu  sync.Mutex
	use map[string]bool // uploads with a request under way
}

// ErrBusy says that another request of the same upload is under way.
var ErrBusy = errors.New("another request of this upload is under way")

// ErrOffset says that a piece does not begin where the upload stands.
var ErrOffset = errors.New("the upload stands elsewhere")

// ErrHash says that the content has another hash than its name; the upload
// begins anew.
var ErrHash = errors.New("the content has another hash")

// OpenStaging opens the folder, made if it is absent.
func OpenStaging(dir string) (*Staging, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("open uploads: %w", err)
	}
	return &Staging{dir: dir, use: map[string]bool{}}, nil
}

// owner is a person's name as a file's: ids may be anything.
func owner(who string) string {
	h := sha256.Sum256([]byte(who))
	return hex.EncodeToString(h[:8])
}

func (s *Staging) path(who, sha string) string {
	return filepath.Join(s.dir, owner(who)+"-"+sha)
}

// Offset is how much of an upload is here.
func (s *Staging) Offset(who, sha string) (int64, error) {
	fi, err := os.Stat(s.path(who, sha))
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("find upload: %w", err)
	}
	return fi.Size(), nil
}

// Pending is how many bytes a person's uploads take, this one left out.
func (s *Staging) Pending(who, but string) (int64, error) {
	es, err := os.ReadDir(s.dir)
	if err != nil {
		return 0, fmt.Errorf("list uploads: %w", err)
	}
	var n int64
	for _, e := range es {
		if sha, ok := strings.CutPrefix(e.Name(), owner(who)+"-"); ok && sha != but {
			if fi, err := e.Info(); err == nil {
				n += fi.Size()
			}
		}
	}
	return n, nil
}

// Append adds a piece at the offset, at most up to total, and gives the new
// offset; what arrived before r broke off stays. ErrOffset, ErrBusy, ErrFull.
func (s *Staging) Append(who, sha string, offset, total int64, r io.Reader) (int64, error) {
	done, err := s.take(who, sha)
	if err != nil {
		return 0, err
	}
	defer done()
	f, err := os.OpenFile(s.path(who, sha), os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return 0, fmt.Errorf("keep upload: %w", full(err))
	}
	at, err := f.Seek(0, io.SeekEnd)
	if err == nil && at != offset {
		return at, errors.Join(ErrOffset, f.Close())
	}
	var n int64
	if err == nil {
		n, err = io.Copy(f, io.LimitReader(r, total-offset))
	}
	if serr := f.Sync(); err == nil {
		err = serr
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return offset + n, fmt.Errorf("keep upload: %w", full(err))
	}
	return offset + n, nil
}

// Finish verifies a complete upload, lets keep store the file, and forgets it.
// Unless verify is false, content with another hash is thrown away: ErrHash.
func (s *Staging) Finish(ctx context.Context, who, sha string, size int64, verify bool, keep func(file string) error) error {
	done, err := s.take(who, sha)
	if err != nil {
		return err
	}
	defer done()
	file := s.path(who, sha)
	is, n, err := Hash(ctx, file)
	if err != nil {
		return fmt.Errorf("verify upload: %w", err)
	}
	if (is != sha || n != size) && verify {
		return errors.Join(ErrHash, os.Remove(file))
	}
	if err := keep(file); err != nil {
		return err
	}
	if err := os.Remove(file); err != nil {
		return fmt.Errorf("forget upload: %w", err)
	}
	return nil
}

// Drop throws an upload away.
func (s *Staging) Drop(who, sha string) error {
	if err := os.Remove(s.path(who, sha)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("drop upload: %w", err)
	}
	return nil
}

// Expire throws away uploads that nobody has gone on with since a time.
func (s *Staging) Expire(before time.Time) error {
	es, err := os.ReadDir(s.dir)
	if err != nil {
		return fmt.Errorf("list uploads: %w", err)
	}
	for _, e := range es {
		fi, err := e.Info()
		if err != nil || !fi.ModTime().Before(before) {
			continue
		}
		if err := os.Remove(filepath.Join(s.dir, e.Name())); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("drop upload: %w", err)
		}
	}
	return nil
}

func (s *Staging) take(who, sha string) (func(), error) {
	key := owner(who) + sha
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.use[key] {
		return nil, ErrBusy
	}
	s.use[key] = true
	return func() {
		s.mu.Lock()
		delete(s.use, key)
		s.mu.Unlock()
	}, nil
}

// Hash is the SHA-256 of a file's content, in hex, and its size.
func Hash(ctx context.Context, file string) (string, int64, error) {
	f, err := os.Open(file)
	if err != nil {
		return "", 0, err
	}
	defer f.Close()
	h := sha256.New()
	n, err := io.Copy(h, readerCtx{ctx, f})
	if err != nil {
		return "", 0, err
	}
	return hex.EncodeToString(h.Sum(nil)), n, nil
}

// readerCtx ends with its context: hashing 2 GiB takes seconds.
type readerCtx struct {
	ctx context.Context
	r   io.Reader
}

func (r readerCtx) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.r.Read(p)
}
