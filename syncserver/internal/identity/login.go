package identity

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"time"

	"qianshao/syncserver/internal/store"
	"qianshao/syncserver/office"
	"qianshao/syncserver/protocol"
)

// Locked says that a name is locked, and how long still.
type Locked struct{ For time.Duration }

func (e *Locked) Error() string { return (&office.Error{Code: protocol.CodeLocked}).Error() }

// Unwrap gives the coded error.
func (e *Locked) Unwrap() error {
	minutes := int(math.Ceil(e.For.Minutes()))
	return &office.Error{Code: protocol.CodeLocked, Message: fmt.Sprintf("%d min", minutes)}
}

func badCredentials() error { return &office.Error{Code: protocol.CodeCredentials} }

// Login opens a session. from says where the request came from, for the log.
//
// Whether the name exists, is disabled or has another password is all the same
// to the caller: CodeCredentials, after the same work; or a *Locked, for any
// name alike. Only who knows the password may learn that the device cannot be
// used (CodeDevice).
func (i *Identity) Login(ctx context.Context, r protocol.LoginRequest, from string) (protocol.LoginReply, error) {
	name := Normal(r.User)
	now := i.o.Now()
	if err := i.countAttempt(ctx, name, now); err != nil {
		if errors.As(err, new(*Locked)) {
			i.o.Log.Warn("log-in refused: locked", "user", i.loggable(ctx, name), "from", from)
		}
		return protocol.LoginReply{}, err
	}

	a, person, known, err := i.lookUp(ctx, name)
	if err != nil {
		return protocol.LoginReply{}, fmt.Errorf("log in: %w", err)
	}
	if !known {
		a.hash = i.dummy
	}
	ok, err := i.verify(ctx, a.hash, r.Password)
	if err != nil {
		return protocol.LoginReply{}, fmt.Errorf("log in: %w", err)
	}
	if !ok || !known || a.state != Active || !person.Active {
		i.o.Log.Warn("log-in refused", "user", logName(name, known), "from", from)
		return protocol.LoginReply{}, badCredentials()
	}

	dev, err := i.device(ctx, a.uid, r)
	if err != nil {
		if office.CodeOf(err) == protocol.CodeDevice {
			i.o.Log.Warn("log-in refused: device", "user", name, "dev", r.Device, "from", from)
		}
		return protocol.LoginReply{}, err
	}
	token, s, err := i.open(ctx, name, a, dev, r.Name, now)
	if err != nil {
		return protocol.LoginReply{}, err
	}
	i.rehash(ctx, name, a.hash, r.Password)
	i.o.Log.Info("logged in", "user", name, "uid", a.uid, "dev", dev, "from", from)
	return protocol.LoginReply{Token: token, User: a.uid, Name: person.Name, Device: dev, Expires: office.Millis(s.Expires)}, nil
}

// countAttempt counts this attempt as a failure, or refuses it with *Locked.
func (i *Identity) countAttempt(ctx context.Context, name string, now time.Time) error {
	var locked time.Duration
	key := failureKey(name)
	err := i.o.Store.Write(ctx, func(q store.Q) error {
		// The row is there before it is read, so that it can be locked and
		// attempts at the same time are counted one after the other.
		if _, err := q.ExecContext(ctx, "INSERT INTO account_failure (name, n, last, until) VALUES (?, 0, 0, 0) ON CONFLICT (name) DO NOTHING", key); err != nil {
			return err
		}
		var n int
		var last, until int64
		if err := q.QueryRowContext(ctx, "SELECT n, last, until FROM account_failure WHERE name = ?"+forUpdate(q), key).Scan(&n, &last, &until); err != nil {
			return err
		}
		f := failures{n: n, last: fromMillis(last), until: fromMillis(until)}
		if locked = f.locked(now); locked > 0 {
			return nil
		}
		f = f.attempt(now)
		_, err := q.ExecContext(ctx, "UPDATE account_failure SET n = ?, last = ?, until = ? WHERE name = ?",
			f.n, office.Millis(f.last), office.Millis(f.until), key)
		return err
	})
	if err != nil {
		return fmt.Errorf("count attempt: %w", err)
	}
	if locked > 0 {
		return &Locked{For: locked}
	}
	return nil
}

// forgive forgets the wrong passwords of a name.
func forgive(ctx context.Context, q store.Q, name string) error {
	_, err := q.ExecContext(ctx, "DELETE FROM account_failure WHERE name = ?", failureKey(name))
	return err
}

func failureKey(name string) string {
	sum := sha256.Sum256([]byte("name\x00" + name))
	return hex.EncodeToString(sum[:16])
}

// lookUp reads an account with its person; known is false without one.
func (i *Identity) lookUp(ctx context.Context, name string) (a account, p Person, known bool, err error) {
	if !office.ValidID(name) { // nobody's, and some databases refuse such texts
		return account{}, Person{}, false, nil
	}
	err = i.o.Store.Read(ctx, func(q store.Q) error {
		if a, err = i.account(ctx, q, name); err != nil {
			if office.CodeOf(err) == office.CodeNotFound {
				return nil
			}
			return err
		}
		known = true
		p, _, err = i.o.People(ctx, q, a.uid)
		return err
	})
	return a, p, known, err
}

// device is the device the person works on: theirs already, or a new one.
func (i *Identity) device(ctx context.Context, uid office.UserID, r protocol.LoginRequest) (string, error) {
	dev := r.Device
	if dev == "" {
		var err error
		if dev, err = office.NewID(i.o.Now(), i.o.Rand); err != nil {
			return "", fmt.Errorf("make device id: %w", err)
		}
	}
	if err := i.o.Devices.RegisterDevice(ctx, uid, dev, r.Install); err != nil {
		if office.CodeOf(err) == office.CodeInternal {
			return "", fmt.Errorf("log in: %w", err)
		}
		return "", &office.Error{Code: protocol.CodeDevice, Field: "dev", Message: "not a device of this person"}
	}
	return dev, nil
}

// rehash brings a hash of former costs to the present ones. A failure is only
// logged: the next log-in tries again.
func (i *Identity) rehash(ctx context.Context, name, old, password string) {
	if p, _, _, err := parsePHC(old); err != nil || p == i.o.Params {
		return
	}
	hash, err := i.hash(ctx, password)
	if err == nil {
		err = i.o.Store.Write(ctx, func(q store.Q) error {
			_, err := q.ExecContext(ctx, "UPDATE account SET hash = ? WHERE name = ? AND hash = ?", hash, name, old)
			return err
		})
	}
	if err != nil {
		i.o.Log.Error("hash password with the present costs", "user", name, "err", err)
	}
}

// ChangePassword is the person's own: it needs the old password, and ends their
// other sessions. A wrong old password counts as a failed log-in.
func (i *Identity) ChangePassword(ctx context.Context, s Session, r protocol.PasswordRequest, from string) error {
	now := i.o.Now()
	if err := i.countAttempt(ctx, s.Name, now); err != nil {
		return err
	}
	a, _, known, err := i.lookUp(ctx, s.Name)
	if err != nil {
		return fmt.Errorf("change password: %w", err)
	}
	if !known {
		return sessionOver()
	}
	if ok, err := i.verify(ctx, a.hash, r.Old); err != nil {
		return fmt.Errorf("change password: %w", err)
	} else if !ok {
		i.o.Log.Warn("change of password refused", "user", s.Name, "from", from)
		return &office.Error{Code: protocol.CodeCredentials, Field: "old"}
	}
	weak := i.policy.Check(s.Name, r.New)
	if weak == nil && r.New == r.Old {
		weak = &office.Error{Code: protocol.CodeWeak, Field: "password", Message: "the same as before"}
	}
	hash := ""
	if weak == nil {
		if hash, err = i.hash(ctx, r.New); err != nil {
			return fmt.Errorf("change password: %w", err)
		}
	}
	var ended []string
	err = i.o.Store.Write(ctx, func(q store.Q) error {
		if err := forgive(ctx, q, s.Name); err != nil || weak != nil {
			return err
		}
		res, err := q.ExecContext(ctx, "UPDATE account SET hash = ?, changed = ? WHERE name = ? AND hash = ? AND state = ?",
			hash, office.Millis(now), s.Name, a.hash, Active)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil {
			return err
		} else if n == 0 { // set or disabled by an administrator meanwhile
			return sessionOver()
		}
		ended, err = endSessions(ctx, q, "uid = ? AND id <> ?", string(s.UID), s.ID)
		return err
	})
	if err == nil {
		err = weak
	}
	if err != nil {
		return fmt.Errorf("change password: %w", err)
	}
	i.ends.tell(ended)
	i.o.Log.Info("password changed", "user", s.Name, "uid", s.UID, "from", from, "sessions ended", len(ended))
	return nil
}

// loggable is name if there is such an account; what else people type in the
// name's place may be their password.
func (i *Identity) loggable(ctx context.Context, name string) string {
	_, _, known, err := i.lookUp(ctx, name)
	return logName(name, known && err == nil)
}

func logName(name string, known bool) string {
	if known {
		return name
	}
	return "(unknown)"
}

func fromMillis(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}
