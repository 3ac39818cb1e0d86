package main

import (
	"context"
	"errors"
	"fmt"

	"qianshao/app/internal/carry"
	"qianshao/app/internal/engine"
	"qianshao/app/internal/settings"
	"qianshao/app/internal/vault"
	"qianshao/syncserver/office"
	"qianshao/syncserver/office/catalog"
	"qianshao/syncserver/protocol"
	"qianshao/syncserver/protocol/client"
)

// errBusy says that another process has the profile.
var errBusy = vault.ErrBusy

// lock takes the profile for this process. The caller releases it.
func (c *call) lock() (*vault.Lock, error) {
	l, err := vault.Profile{Dir: c.folder.Dir(), Now: c.now}.Lock()
	if errors.Is(err, vault.ErrBusy) {
		return nil, fmt.Errorf("资料目录正被另一个程序使用：%w", err)
	}
	return l, err
}

// open opens the profile's engine; t may be nil.
func (c *call) open(ctx context.Context, p settings.Profile, t engine.Transport, readOnly bool) (*engine.Engine, error) {
	cat, err := catalog.New()
	if err != nil {
		return nil, err
	}
	return engine.Open(ctx, engine.Options{
		Dir: c.folder.Dir(), UID: p.UID, Device: p.Device, Install: p.Install,
		Schema: catalog.SchemaVersion, Version: protocol.Version,
		Kinds: cat.Kinds(), Commands: cat, Creates: cat.Creates, Class: cat.Class, Witness: catalog.Witness, Erased: catalog.Erased, Program: version,
		Transport: t, ReadOnly: readOnly, Now: c.now, Rand: c.rand, Wants: carry.Wants(cat.Kinds()), Own: carry.Own,
	})
}

// reading runs f on the profile without a lock.
func (c *call) reading(ctx context.Context, f func(*engine.Engine, settings.Profile) error) (err error) {
	p, err := c.folder.Load()
	if err != nil {
		return err
	}
	e, err := c.open(ctx, p, nil, true)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, e.Close()) }()
	return f(e, p)
}

// writing runs f on the locked profile. With online, t speaks to the server.
func (c *call) writing(ctx context.Context, online bool, f func(*engine.Engine, settings.Profile) error) (err error) {
	p, err := c.folder.Load() // first: an empty folder must not get a lock file
	if err != nil {
		return err
	}
	l, err := c.lock()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, l.Release()) }()
	if p, err = c.folder.Load(); err != nil { // again: it may have changed before the lock
		return err
	}
	var t engine.Transport
	if online {
		if t, err = c.folder.Client(p, c.network); err != nil {
			return err
		}
	}
	e, err := c.open(ctx, p, t, false)
	if err != nil {
		return err
	}
	defer func() {
		err = errors.Join(err, e.Close())
		if errors.Is(err, &office.Error{Code: engine.CodeWiped}) {
			err = errors.Join(err, c.wipe(p))
		}
	}()
	return f(e, p)
}

// wipe removes all that a revoked profile holds and leaves a note.
func (c *call) wipe(p settings.Profile) error {
	err := vault.Profile{Dir: c.folder.Dir(), Now: c.now}.Wipe()
	return errors.Join(err, c.folder.NoteWiped(settings.Wiped{Server: p.Server, At: office.Millis(c.now())}))
}

// isUnreachable reports whether err says that the server was not reached or
// could not work: what later, unchanged, may succeed.
func isUnreachable(err error) bool {
	var e *client.Error
	if errors.As(err, &e) {
		return e.Temporary
	}
	switch office.CodeOf(err) {
	case protocol.CodeNetwork, protocol.CodeTimeout, protocol.CodeTLS, protocol.CodeNotServer, protocol.CodeUnavailable:
		return true
	}
	return false
}
