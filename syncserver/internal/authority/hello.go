package authority

import (
	"context"
	"fmt"
	"time"

	"qianshao/syncserver/internal/store"
	"qianshao/syncserver/office"
	"qianshao/syncserver/office/approval"
	"qianshao/syncserver/protocol"
)

// RegisterDevice enters the device that a log-in gave to a profile. A device
// that is entered already stays as it is, if it is this person's.
func (a *Authority) RegisterDevice(ctx context.Context, uid office.UserID, dev, install string) error {
	if !office.ValidID(dev) {
		return office.Invalid("dev", "not an id")
	}
	return a.transact(ctx, func(q store.Q, _ bool) error {
		d, ok, err := store.FindDevice(ctx, q, dev, false)
		if err != nil {
			return err
		}
		if ok && d.UID != uid {
			return &office.Error{Code: office.CodeNotPermitted, Field: "dev"}
		}
		return store.AddDevice(ctx, q, store.Device{Dev: dev, UID: uid, Origin: dev, Install: clean(install, 200)}, a.Now())
	})
}

// WipeDevice revokes a device and its forks: their next contact tells them.
func (a *Authority) WipeDevice(ctx context.Context, uid office.UserID, dev string) error {
	return a.transact(ctx, func(q store.Q, _ bool) error {
		d, ok, err := store.FindDevice(ctx, q, dev, true)
		if err != nil {
			return err
		}
		if !ok || d.UID != uid {
			return &office.Error{Code: office.CodeNotFound, Field: "dev"}
		}
		return store.SetDeviceState(ctx, q, d.Origin, store.DeviceWiped)
	})
}

// LoseDevice notes, wherever the word of a device or of a fork of it is waited
// for, that it was revoked and will give none.
func (a *Authority) LoseDevice(ctx context.Context, dev string) error {
	var forks []string
	err := a.Store.Read(ctx, func(q store.Q) (err error) {
		d, ok, err := store.FindDevice(ctx, q, dev, false)
		if err != nil || !ok {
			return err
		}
		forks, err = store.Forks(ctx, q, d.Origin)
		return err
	})
	for _, f := range forks {
		if err == nil {
			_, err = a.As(ctx, office.System, office.DeriveID("lose", f), time.Time{}, &approval.LoseMachine{Machine: f})
		}
	}
	return err
}

// device reads a device that the caller may use: the one of their session, or
// a fork of it. Any other is CodeNotPermitted, whether or not it exists.
func (a *Authority) device(ctx context.Context, q store.Q, c Caller, dev string, lock bool) (store.Device, error) {
	no := &office.Error{Code: office.CodeNotPermitted, Field: "dev"}
	if !office.ValidID(dev) || !office.ValidID(c.Device) {
		return store.Device{}, no
	}
	d, ok, err := store.FindDevice(ctx, q, dev, lock)
	if err != nil {
		return d, err
	}
	if !ok || d.UID != c.UID {
		return d, no
	}
	if dev == c.Device || d.Origin == c.Device {
		return d, nil
	}
	own, ok, err := store.FindDevice(ctx, q, c.Device, false)
	if err != nil {
		return d, err
	}
	if !ok || own.Origin != d.Origin {
		return d, no
	}
	return d, nil
}

// fork makes the new device of a copied profile. The same request gets the
// same one, however often it asks. An empty install is the old device's.
func (a *Authority) fork(ctx context.Context, c Caller, dev, install string, what ...string) (string, error) {
	id := office.DeriveID(append([]string{"fork", dev, install}, what...)...)
	err := a.transact(ctx, func(q store.Q, _ bool) error {
		old, err := a.device(ctx, q, c, dev, false)
		if err != nil {
			return err
		}
		if install == "" {
			install = old.Install
		}
		// What waited there is the new device's now. If another copy still goes
		// by the old name, it says so itself.
		if old.Waiting > 0 {
			old.Waiting, old.WaitingSince = 0, 0
			if err := store.Asks(ctx, q, old); err != nil {
				return err
			}
		}
		return store.AddDevice(ctx, q, store.Device{Dev: id, UID: c.UID, Origin: old.Origin, Install: install}, a.Now())
	})
	return id, err
}

// Hello is the server's view of a device. A copied profile is told by its push
// ticket, at its first push; here only by another install.
func (a *Authority) Hello(ctx context.Context, c Caller, r protocol.HelloRequest) (protocol.HelloReply, error) {
	reply := protocol.HelloReply{ServerTime: office.Millis(a.Now()), Epoch: a.Epoch(), Verdict: protocol.VerdictOK, Policy: &a.Policy}
	var d store.Device
	err := a.Store.Read(ctx, func(q store.Q) (err error) {
		d, err = a.device(ctx, q, c, r.Device, false)
		return err
	})
	if err != nil {
		return protocol.HelloReply{}, err
	}
	reply.LastN = d.LastN
	switch {
	case d.State != store.DeviceActive:
		reply.Verdict = protocol.VerdictWiped
	case r.Schema < a.MinSchema || a.Supported != nil && !a.Supported(r.Version):
		reply.Verdict = protocol.VerdictUpgrade
		reply.Message = fmt.Sprintf("this desk speaks %s with schema %d; protocol %s or newer and schema %d or newer are needed: install the present version, what waits here is kept and sent by it",
			clean(r.Version, 40), r.Schema, protocol.MinVersion, a.MinSchema)
	case r.Install != "" && d.Install != clean(r.Install, 200):
		reply.Verdict = protocol.VerdictFork
		if reply.NewDevice, err = a.fork(ctx, c, r.Device, clean(r.Install, 200)); err != nil {
			return protocol.HelloReply{}, err
		}
	case r.Epoch != "" && r.Epoch != reply.Epoch, r.LastN > d.LastN:
		reply.Verdict = protocol.VerdictRebuild
	}
	return reply, nil
}
