package identity

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"time"

	"qianshao/syncserver/internal/store"
	"qianshao/syncserver/office"
)

// Devices is what identity needs of the authority, who keeps the devices.
type Devices interface {
	// RegisterDevice makes a device of this person or confirms that it is one;
	// a coded error if it is another person's.
	RegisterDevice(ctx context.Context, uid office.UserID, dev, install string) error
	// LoseDevice tells those who wait for a word of a device, or of a fork of it,
	// that it was revoked and will give none.
	LoseDevice(ctx context.Context, dev string) error
}

// Person is what the directory says of somebody.
type Person struct {
	Name   string
	Active bool
	Roles  []string
}

// Options of an Identity; Store, Devices, People, Now and Rand are needed.
type Options struct {
	Store   *store.Store
	Devices Devices
	// People looks a person up; ok is false if the directory has nobody of
	// that id.
	People func(ctx context.Context, q store.Q, uid office.UserID) (p Person, ok bool, err error)
	Now    func() time.Time
	Rand   io.Reader // safe for concurrent use
	Log    *slog.Logger
	Params Params // of new hashes; zero = DefaultParams
	Terms  Terms  // zero = DefaultTerms
	// Hashes is how many passwords are hashed at the same time; 0 = 2. The
	// others wait: each takes Params.Memory.
	Hashes int
}

// Identity judges who calls. Safe for concurrent use.
type Identity struct {
	o      Options
	policy *Policy
	dummy  string        // the hash of no password, for names nobody has
	slots  chan struct{} // one for each hash at work
	ends   ends
}

// New makes an Identity over an open store.
func New(o Options) (*Identity, error) {
	if o.Store == nil || o.Devices == nil || o.People == nil || o.Now == nil || o.Rand == nil {
		return nil, errors.New("identity: store, devices, people, clock and randomness are needed")
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Params == (Params{}) {
		o.Params = DefaultParams()
	}
	if o.Terms == (Terms{}) {
		o.Terms = DefaultTerms()
	}
	if o.Hashes <= 0 {
		o.Hashes = 2
	}
	dummy, err := o.Params.hash("", o.Rand)
	if err != nil {
		return nil, err
	}
	return &Identity{o: o, policy: NewPolicy(), dummy: dummy, slots: make(chan struct{}, o.Hashes)}, nil
}

// hash makes the hash of a new password, when a slot is free.
func (i *Identity) hash(ctx context.Context, password string) (string, error) {
	free, err := i.slot(ctx)
	if err != nil {
		return "", err
	}
	defer free()
	return i.o.Params.hash(password, i.o.Rand)
}

// verify compares a password with a hash, when a slot is free.
func (i *Identity) verify(ctx context.Context, phc, password string) (bool, error) {
	free, err := i.slot(ctx)
	if err != nil {
		return false, err
	}
	defer free()
	return verify(phc, password)
}

func (i *Identity) slot(ctx context.Context) (free func(), err error) {
	select {
	case i.slots <- struct{}{}:
		return func() { <-i.slots }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}
