package vault

import (
	"fmt"
	"path/filepath"

	"github.com/gofrs/flock"
)

// Lock holds a profile for this process.
type Lock struct{ f *flock.Flock }

// Lock makes the profile's folder and takes its lock before any database is
// opened; ErrBusy if another process has it. The operating system drops the
// lock when the process ends, however it ends. Reading commands take none.
func (p Profile) Lock() (*Lock, error) {
	if err := p.Make(); err != nil {
		return nil, err
	}
	f := flock.New(filepath.Join(p.Dir, LockName), flock.SetPermissions(0o600))
	ok, err := f.TryLock()
	if err != nil {
		return nil, fmt.Errorf("lock the profile: %w", err)
	}
	if !ok {
		return nil, ErrBusy
	}
	return &Lock{f}, nil
}

// Release gives the profile free.
func (l *Lock) Release() error { return l.f.Unlock() }
