// Package vault is the only place of the desk that opens databases, stores of
// files and export folders: the layout of a profile's folder, its lock, its keys.
//
// A profile belongs to one person on one machine. Its folder:
//
//	profile.lock             held by the one process that may write
//	replica.db               what the server said and what waits on top; disposable
//	outbox.db                what the person gave and nobody else has; precious
//	replica.bad-<time>.db    a replica found damaged, kept until another one is loaded
//	outbox.bad-<time>.db     an outbox found damaged, kept until something is taken from the person
//	outbox.own-<time>.db     the person's own words out of such a one: commands not settled, drafts
//	copies/outbox-<time>.db  copies of the outbox, the newest few
//	copies/before-<n>-….db   a file as it was before a program brought it to version n
//	files/                   contents of files, see Blobs
//	export/                  files the person asked for
//
// Until keys exist the cipher is the null cipher: see [Cipher].
package vault

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"time"
)

// File is a database of the profile.
type File string

const (
	Replica File = "replica"
	Outbox  File = "outbox"
)

// LockName is the name of the lock in a profile's folder.
const LockName = "profile.lock"

// ErrBusy says that another process holds the profile.
var ErrBusy = errors.New("the profile is in use by another process")

// ErrEmpty says that the profile has no databases yet.
var ErrEmpty = errors.New("the profile is empty")

// Cipher gives what a database needs to be opened with a key: parameters of
// its URI. The null cipher gives none.
type Cipher interface {
	Params(f File) (url.Values, error)
}

// Null is the cipher that does not encrypt.
type Null struct{}

// Params are none.
func (Null) Params(File) (url.Values, error) { return nil, nil }

// Profile is the folder of one person on one machine.
type Profile struct {
	Dir    string
	Cipher Cipher           // nil: Null
	Now    func() time.Time // names copies and files set aside
}

// Make makes the folder and what belongs in it, readable by the owner only.
func (p Profile) Make() error {
	for _, d := range []string{p.Dir, p.copies()} {
		if err := os.MkdirAll(d, 0o700); err != nil {
			return fmt.Errorf("make the profile: %w", err)
		}
		// An existing folder may have been made by hand with wider rights.
		if err := os.Chmod(d, 0o700); err != nil {
			return fmt.Errorf("protect the profile: %w", err)
		}
	}
	return nil
}

// Exists reports whether the profile has this database.
func (p Profile) Exists(f File) bool {
	fi, err := os.Stat(p.path(f))
	return err == nil && fi.Mode().IsRegular()
}

// Export makes and names the folder for files the person asks for.
func (p Profile) Export() (string, error) {
	d := filepath.Join(p.Dir, "export")
	if err := os.MkdirAll(d, 0o700); err != nil {
		return "", fmt.Errorf("make the export folder: %w", err)
	}
	return d, nil
}

func (p Profile) path(f File) string { return filepath.Join(p.Dir, string(f)+".db") }
func (p Profile) copies() string     { return filepath.Join(p.Dir, "copies") }

// stamp is the present time in a form that file systems take and that sorts.
func (p Profile) stamp() string { return p.Now().UTC().Format("20060102T150405.000Z") }
