package bridge

import (
	"context"
	"strings"

	"qianshao/syncserver/office"
)

// What an administrator does about an account. The system administrator makes
// accounts and sets passwords, the security administrator opens them and ends
// devices; the server judges each act.
const (
	AccountAdd      = "add"
	AccountPassword = "password"
	AccountEnable   = "enable"
	AccountDisable  = "disable"
)

// AccountRow is a log-in of a person.
type AccountRow struct {
	User     string `json:"user"`
	UID      string `json:"uid"`
	State    string `json:"state"` // active | disabled | pending: waits for the security administrator
	Created  int64  `json:"created"`
	Changed  int64  `json:"changed"`  // when the password was last set
	Sessions int    `json:"sessions"` // open ones
}

// AccountAct is one act about an account.
type AccountAct struct {
	Act      string `json:"act"`
	User     string `json:"user"`
	UID      string `json:"uid"`      // for a new one
	Password string `json:"password"` // for a new one and a new password
}

// DeviceRow is a machine of a person.
type DeviceRow struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Wiped    bool   `json:"wiped"`
	Seen     int64  `json:"seen"` // 0 = never
	Sessions int    `json:"sessions"`
}

// Accounts are all accounts as the server has them now.
func (d *Directory) Accounts() ([]AccountRow, error) {
	return signedIn(d.core, "Directory.Accounts", func(ctx context.Context, _ *at) ([]AccountRow, error) {
		return d.core.host.Accounts(ctx)
	})
}

// Account acts upon one, at the server; it is done when the answer is there.
func (d *Directory) Account(x AccountAct) error {
	return do(d.core, "Directory.Account", func(ctx context.Context, _ *at) error {
		x.User = strings.ToLower(strings.TrimSpace(x.User))
		return d.core.host.Account(ctx, x)
	})
}

// Devices are a person's machines as the server has them now.
func (d *Directory) Devices(uid string) ([]DeviceRow, error) {
	return signedIn(d.core, "Directory.Devices", func(ctx context.Context, _ *at) ([]DeviceRow, error) {
		return d.core.host.Devices(ctx, office.UserID(uid))
	})
}

// Revoke ends a person's machine: at its next contact it removes its data.
func (d *Directory) Revoke(uid, dev string) error {
	return do(d.core, "Directory.Revoke", func(ctx context.Context, _ *at) error {
		return d.core.host.Revoke(ctx, office.UserID(uid), dev)
	})
}
