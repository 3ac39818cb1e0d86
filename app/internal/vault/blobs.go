package vault

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// ErrFull says that the disk, or the person's share of it, is full.
var ErrFull = errors.New("the disk is full")

// ErrHash says that a file's content is not the one of its name.
var ErrHash = errors.New("the content has another hash")

// ErrTooLarge says that a content is larger than it may be.
var ErrTooLarge = errors.New("the content is too large")

// Blobs is the profile's store of files, named by the SHA-256 of their content:
//
//	files/own/   brought by the person, not at the server for certain; precious
//	files/have/  fetched or sent, verified; can be fetched again
//	files/part/  on their way here; nobody sees them
//
// Callers check names. Methods are safe for concurrent use on different names.
type Blobs struct{ dir string }

const (
	own  = "own"
	have = "have"
	part = "part"
)

// Blobs makes the store's folders and opens it.
func (p Profile) Blobs() (*Blobs, error) {
	b := &Blobs{filepath.Join(p.Dir, "files")}
	for _, d := range []string{"", own, have, part} {
		if err := os.MkdirAll(filepath.Join(b.dir, d), 0o700); err != nil {
			return nil, fmt.Errorf("make the store of files: %w", full(err))
		}
	}
	return b, nil
}

// ReadBlobs is Blobs for those who only read: it makes nothing.
func (p Profile) ReadBlobs() *Blobs { return &Blobs{filepath.Join(p.Dir, "files")} }

func (b *Blobs) path(where, sha string) string { return filepath.Join(b.dir, where, sha) }

// noRoom reports whether the file system says that the disk, or a person's share
// of it, is full.
func noRoom(err error) bool { return errors.Is(err, syscall.ENOSPC) || isQuota(err) }

// full tells a full disk from other faults.
func full(err error) error {
	if noRoom(err) {
		return fmt.Errorf("%w: %w", ErrFull, err)
	}
	return err
}

// Add copies what the person brings into own and gives its hash and size. When
// it returns, the content is on the disk. ErrTooLarge above max bytes.
func (b *Blobs) Add(r io.Reader, max int64) (sha string, size int64, err error) {
	f, err := os.CreateTemp(filepath.Join(b.dir, own), ".new-*") // 0600
	if err != nil {
		return "", 0, fmt.Errorf("keep a file: %w", full(err))
	}
	defer os.Remove(f.Name()) // after the renaming it does nothing
	h := sha256.New()
	size, err = io.Copy(io.MultiWriter(f, h), io.LimitReader(r, max+1))
	if err == nil && size > max {
		err = ErrTooLarge
	}
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return "", 0, fmt.Errorf("keep a file: %w", full(err))
	}
	sha = hex.EncodeToString(h.Sum(nil))
	if err := os.Rename(f.Name(), b.path(own, sha)); err != nil {
		return "", 0, fmt.Errorf("keep a file: %w", full(err))
	}
	return sha, size, b.sync(own)
}

// Find tells whether a complete content is here, its size, and whether it is
// one of own.
func (b *Blobs) Find(sha string) (size int64, mine, ok bool) {
	for _, where := range []string{own, have} {
		if fi, err := os.Stat(b.path(where, sha)); err == nil && fi.Mode().IsRegular() {
			return fi.Size(), where == own, true
		}
	}
	return 0, false, false
}

// Open opens a complete content for reading. fs.ErrNotExist if it is not here.
func (b *Blobs) Open(sha string) (*os.File, error) {
	f, err := os.Open(b.path(own, sha))
	if errors.Is(err, fs.ErrNotExist) {
		f, err = os.Open(b.path(have, sha))
	}
	if err != nil {
		return nil, fmt.Errorf("open a file: %w", err)
	}
	return f, nil
}

// Sent moves a content from own to have: the server has it.
func (b *Blobs) Sent(sha string) error { return b.move(own, have, sha) }

// Unsent moves a content from have to own: the server may not have it. It
// reports whether it is here at all.
func (b *Blobs) Unsent(sha string) (bool, error) {
	err := b.move(have, own, sha)
	if err != nil {
		return false, err
	}
	_, mine, _ := b.Find(sha)
	return mine, nil
}

func (b *Blobs) move(from, to, sha string) error {
	err := os.Rename(b.path(from, sha), b.path(to, sha))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("move a file: %w", err)
	}
	return errors.Join(b.sync(to), b.sync(from))
}

// PartSize is how much of a content on its way is here.
func (b *Blobs) PartSize(sha string) (int64, error) {
	fi, err := os.Stat(b.path(part, sha))
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("find a part: %w", err)
	}
	return fi.Size(), nil
}

// AppendPart lets f write more of a content on its way; what it wrote stays,
// also if it then fails.
func (b *Blobs) AppendPart(sha string, f func(io.Writer) error) error {
	w, err := os.OpenFile(b.path(part, sha), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return fmt.Errorf("keep a part: %w", full(err))
	}
	err = f(w)
	if serr := w.Sync(); err == nil {
		err = serr
	}
	if cerr := w.Close(); err == nil {
		err = cerr
	}
	return full(err)
}

// FinishPart makes a content that has arrived visible, if it has the hash of
// its name; else it is thrown away: ErrHash. Unless verify is false.
func (b *Blobs) FinishPart(sha string, verify bool) error {
	f, err := os.OpenFile(b.path(part, sha), os.O_RDONLY|os.O_CREATE, 0o600) // an empty content has no part
	if err != nil {
		return fmt.Errorf("verify a file: %w", err)
	}
	h := sha256.New()
	_, err = io.Copy(h, f)
	if err = errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("verify a file: %w", err)
	}
	if hex.EncodeToString(h.Sum(nil)) != sha && verify {
		return errors.Join(ErrHash, os.Remove(b.path(part, sha)))
	}
	return b.move(part, have, sha)
}

// Verify hashes a complete content again: ErrHash if it is damaged.
func (b *Blobs) Verify(sha string) error {
	f, err := b.Open(sha)
	if err != nil {
		return err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return fmt.Errorf("verify a file: %w", err)
	}
	if hex.EncodeToString(h.Sum(nil)) != sha {
		return ErrHash
	}
	return nil
}

// Drop removes what can be fetched again, parts too. With wipe its bytes are
// overwritten first, as well as a file system lets them be.
func (b *Blobs) Drop(sha string, wipe bool) error { return b.drop(sha, wipe, have, part) }

// DropOwn removes what the person brought and gave up.
func (b *Blobs) DropOwn(sha string) error { return b.drop(sha, false, own) }

func (b *Blobs) drop(sha string, wipe bool, from ...string) error {
	for _, where := range from {
		path := b.path(where, sha)
		if wipe {
			if err := overwrite(path); err != nil {
				return err
			}
		}
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("remove a file: %w", err)
		}
	}
	return nil
}

// overwrite writes zeros over a file, if it is there.
func overwrite(path string) error {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("erase a file: %w", err)
	}
	fi, err := f.Stat()
	if err == nil {
		_, err = io.CopyN(f, zeros{}, fi.Size())
	}
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("erase a file: %w", err)
	}
	return nil
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

// A BlobFile is what lies in the store under one name.
type BlobFile struct {
	SHA256 string
	Size   int64
	Own    bool
	Part   bool
}

// List are all contents and parts, ordered by name. What a kill left half made
// in own is removed.
func (b *Blobs) List() ([]BlobFile, error) {
	var out []BlobFile
	for _, where := range []string{own, have, part} {
		es, err := os.ReadDir(filepath.Join(b.dir, where))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("list files: %w", err)
		}
		for _, e := range es {
			fi, err := e.Info()
			if err != nil || !fi.Mode().IsRegular() {
				continue
			}
			if e.Name()[0] != '.' {
				out = append(out, BlobFile{SHA256: e.Name(), Size: fi.Size(), Own: where == own, Part: where == part})
			}
		}
	}
	return out, nil
}

// Tidy removes what a kill left half made. Nobody may be adding.
func (b *Blobs) Tidy() error {
	fs, err := filepath.Glob(filepath.Join(b.dir, own, ".new-*"))
	for _, f := range fs {
		err = errors.Join(err, os.Remove(f))
	}
	return err
}

func (b *Blobs) sync(where string) error {
	if err := syncDir(filepath.Join(b.dir, where)); err != nil {
		return fmt.Errorf("keep a file: %w", err)
	}
	return nil
}
