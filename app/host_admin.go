package app

import (
	"context"

	"qianshao/app/internal/bridge"
	"qianshao/app/internal/engine"
	"qianshao/syncserver/office"
	"qianshao/syncserver/protocol"
	"qianshao/syncserver/protocol/client"
)

// online is the way to the server for what is done there and then: none while
// nobody is signed in or the person works off line.
func (h *host) online() (*client.Client, error) {
	h.mu.Lock()
	r := h.desk
	h.mu.Unlock()
	if r == nil {
		return nil, &office.Error{Code: bridge.CodeSignedOut}
	}
	if r.engine.Status().Offline {
		return nil, &office.Error{Code: engine.CodeOffline}
	}
	return r.client, nil
}

// Accounts are all accounts, for administrators.
func (h *host) Accounts(ctx context.Context) ([]bridge.AccountRow, error) {
	c, err := h.online()
	if err != nil {
		return nil, err
	}
	as, err := c.Accounts(ctx)
	out := make([]bridge.AccountRow, 0, len(as))
	for _, a := range as {
		out = append(out, bridge.AccountRow{User: a.User, UID: string(a.UID), State: a.State, Created: a.Created, Changed: a.Changed, Sessions: a.Sessions})
	}
	return out, err
}

// Account acts upon one.
func (h *host) Account(ctx context.Context, x bridge.AccountAct) error {
	c, err := h.online()
	if err != nil {
		return err
	}
	r := protocol.AccountRequest{User: x.User, UID: office.UserID(x.UID), Password: x.Password}
	switch x.Act {
	case bridge.AccountAdd:
		return c.AddAccount(ctx, r)
	case bridge.AccountPassword:
		return c.SetPassword(ctx, r)
	case bridge.AccountEnable:
		return c.EnableAccount(ctx, x.User)
	case bridge.AccountDisable:
		return c.DisableAccount(ctx, x.User)
	}
	return office.Invalid("act", "%.20q", x.Act)
}

// Devices are somebody's machines, for administrators.
func (h *host) Devices(ctx context.Context, uid office.UserID) ([]bridge.DeviceRow, error) {
	c, err := h.online()
	if err != nil {
		return nil, err
	}
	ds, err := c.Devices(ctx, uid)
	out := make([]bridge.DeviceRow, 0, len(ds))
	for _, d := range ds {
		out = append(out, bridge.DeviceRow{ID: d.ID, Name: d.Name, Wiped: d.State != "active", Seen: d.Seen, Sessions: d.Sessions})
	}
	return out, err
}

// Revoke ends a machine of somebody.
func (h *host) Revoke(ctx context.Context, uid office.UserID, dev string) error {
	c, err := h.online()
	if err != nil {
		return err
	}
	return c.RevokeDevice(ctx, uid, dev)
}
