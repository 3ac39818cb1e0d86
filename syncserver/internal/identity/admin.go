package identity

import (
	"context"
	"slices"

	"qianshao/syncserver/internal/store"
	"qianshao/syncserver/office"
	"qianshao/syncserver/office/directory"
)

// guard judges, in the transaction of an act about somebody ("" = about nobody in
// particular), whether it may be done.
type guard func(ctx context.Context, q store.Q, about office.UserID) error

// operator is whoever has the server's own commands: everything.
func operator(context.Context, store.Q, office.UserID) error { return nil }

// Admin is what an administrator of the directory may do about accounts and
// devices (三员, L23): the system administrator makes accounts and sets passwords,
// the security administrator opens accounts and revokes devices, either closes
// them. Whoever sets a password does not open the account, so that nobody alone
// becomes somebody else. Nobody decides about himself. Every act is judged in its
// own transaction; CodeNotPermitted for all others.
type Admin struct {
	i  *Identity
	by office.UserID
}

// As is what somebody may do as an administrator; each act judges it.
func (i *Identity) As(by office.UserID) Admin { return Admin{i, by} }

var (
	keepers = []string{directory.RoleSysAdmin}
	guards  = []string{directory.RoleSecAdmin}
	either  = []string{directory.RoleSysAdmin, directory.RoleSecAdmin}
)

// may lets active holders of one of the roles pass, not about themselves.
func (a Admin) may(roles []string) guard {
	return func(ctx context.Context, q store.Q, about office.UserID) error {
		p, ok, err := a.i.o.People(ctx, q, a.by)
		switch {
		case err != nil:
			return err
		case !ok || !p.Active || !slices.ContainsFunc(p.Roles, func(r string) bool { return slices.Contains(roles, r) }):
			return &office.Error{Code: office.CodeNotPermitted}
		case about == a.by:
			return &office.Error{Code: office.CodeNotPermitted, Field: "uid", Message: "nobody decides about himself"}
		}
		return nil
	}
}

// first judges before any work is done: a hash costs memory and time.
func (a Admin) first(ctx context.Context, roles []string) error {
	return a.i.o.Store.Read(ctx, func(q store.Q) error { return a.may(roles)(ctx, q, "") })
}

// Accounts are all accounts, ordered by name.
func (a Admin) Accounts(ctx context.Context) ([]Account, error) {
	return a.i.accounts(ctx, a.may(either))
}

// Add makes an account that the security administrator has yet to open.
func (a Admin) Add(ctx context.Context, name string, uid office.UserID, password string) error {
	if err := a.first(ctx, keepers); err != nil {
		return err
	}
	return a.did(a.i.add(ctx, name, uid, password, Pending, a.may(keepers)), "account added", name)
}

// SetPassword sets a password, ends all of the person's sessions and closes the
// account until the security administrator opens it.
func (a Admin) SetPassword(ctx context.Context, name, password string) error {
	if err := a.first(ctx, keepers); err != nil {
		return err
	}
	return a.did(a.i.setPassword(ctx, name, password, Pending, a.may(keepers)), "password set", name)
}

// Enable opens an account, and unlocks it.
func (a Admin) Enable(ctx context.Context, name string) error {
	if err := a.first(ctx, guards); err != nil {
		return err
	}
	return a.did(a.i.setState(ctx, Normal(name), Active, a.may(guards)), "account opened", name)
}

// Disable closes an account and ends its sessions.
func (a Admin) Disable(ctx context.Context, name string) error {
	if err := a.first(ctx, either); err != nil {
		return err
	}
	return a.did(a.i.setState(ctx, Normal(name), Disabled, a.may(either)), "account closed", name)
}

// Devices are a person's machines.
func (a Admin) Devices(ctx context.Context, uid office.UserID) ([]Device, error) {
	return a.i.devicesOf(ctx, uid, a.may(guards))
}

// Revoke ends a person's machine: see RevokeDevice.
func (a Admin) Revoke(ctx context.Context, uid office.UserID, dev string) error {
	if err := a.first(ctx, guards); err != nil {
		return err
	}
	return a.did(a.i.revoke(ctx, uid, dev, a.may(guards)), "device revoked", dev)
}

// did logs who did what, or was refused; not about what then: somebody may have
// typed a password where a name belongs.
func (a Admin) did(err error, what, about string) error {
	if err != nil {
		a.i.o.Log.Warn("an administrator's act was refused", "by", a.by, "what", what, "code", office.CodeOf(err))
		return err
	}
	a.i.o.Log.Info("an administrator acted", "by", a.by, "what", what, "about", about)
	return nil
}
