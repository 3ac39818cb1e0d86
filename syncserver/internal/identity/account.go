package identity

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"qianshao/syncserver/internal/store"
	"qianshao/syncserver/office"
	"qianshao/syncserver/rowsql"
)

// States of an account.
const (
	Active   = "active"
	Disabled = "disabled"
	// Pending: the system administrator has set its password; nobody signs in until
	// the security administrator opens it.
	Pending = "pending"
)

// Account is a log-in name of a person. One person has at most one.
type Account struct {
	Name     string
	UID      office.UserID
	State    string
	Created  int64 // Millis
	Changed  int64 // Millis; when the password was last set
	Sessions int   // open ones
}

// Normal is a log-in name as it is kept: without surrounding space, lower case.
func Normal(name string) string { return strings.ToLower(strings.TrimSpace(name)) }

// Add makes an account for a person of the directory. CodeInvalid for a bad
// name, CodeWeak for a bad password, CodeNotFound without such a person,
// CodeExists if the name or the person has an account.
func (i *Identity) Add(ctx context.Context, name string, uid office.UserID, password string) error {
	return i.add(ctx, name, uid, password, Active, operator)
}

func (i *Identity) add(ctx context.Context, name string, uid office.UserID, password, state string, may guard) error {
	name = Normal(name)
	if err := i.CheckNew(name, password); err != nil {
		return err
	}
	hash, err := i.hash(ctx, password)
	if err != nil {
		return fmt.Errorf("add account: %w", err)
	}
	now := office.Millis(i.o.Now())
	err = i.o.Store.Write(ctx, func(q store.Q) error {
		if err := may(ctx, q, uid); err != nil {
			return err
		}
		if _, ok, err := i.o.People(ctx, q, uid); err != nil {
			return err
		} else if !ok {
			return &office.Error{Code: office.CodeNotFound, Field: "uid", Message: string(uid)}
		}
		var n int
		if err := q.QueryRowContext(ctx, "SELECT count(*) FROM account WHERE name = ? OR uid = ?", name, string(uid)).Scan(&n); err != nil {
			return err
		}
		if n > 0 {
			return &office.Error{Code: office.CodeExists, Field: "user", Message: name}
		}
		_, err := q.ExecContext(ctx, "INSERT INTO account (name, uid, hash, state, created, changed) VALUES (?, ?, ?, ?, ?, ?)",
			name, string(uid), hash, state, now, now)
		return err
	})
	if err != nil {
		return fmt.Errorf("add account: %w", err)
	}
	i.o.Log.Info("account added", "user", name, "uid", uid, "state", state)
	return nil
}

// CheckNew refuses a name or password that no account may have.
func (i *Identity) CheckNew(name, password string) error {
	name = Normal(name)
	if len(name) < 2 || !office.ValidID(name) {
		return office.Invalid("user", "2 to 64 characters of a–z, 0–9, '-', '_' and '.'")
	}
	return i.policy.Check(name, password)
}

// Owner is whose account a name is; CodeNotFound without it.
func (i *Identity) Owner(ctx context.Context, name string) (uid office.UserID, err error) {
	err = i.o.Store.Read(ctx, func(q store.Q) error {
		a, err := i.account(ctx, q, Normal(name))
		uid = a.uid
		return err
	})
	return uid, err
}

// SetPassword is an administrator's: it needs no old password, ends all of the
// person's sessions and unlocks the account.
func (i *Identity) SetPassword(ctx context.Context, name, password string) error {
	return i.setPassword(ctx, name, password, "", operator)
}

// setPassword leaves the account in a state; "" keeps the one it has.
func (i *Identity) setPassword(ctx context.Context, name, password, state string, may guard) error {
	name = Normal(name)
	if err := i.policy.Check(name, password); err != nil {
		return err
	}
	hash, err := i.hash(ctx, password)
	if err != nil {
		return fmt.Errorf("set password: %w", err)
	}
	var ended []string
	err = i.o.Store.Write(ctx, func(q store.Q) error {
		a, err := i.lockAccount(ctx, q, name)
		if err != nil {
			return err
		}
		if err := may(ctx, q, a.uid); err != nil {
			return err
		}
		if state == "" {
			state = a.state
		}
		if _, err := q.ExecContext(ctx, "UPDATE account SET hash = ?, changed = ?, state = ? WHERE name = ?", hash, office.Millis(i.o.Now()), state, name); err != nil {
			return err
		}
		if err := forgive(ctx, q, name); err != nil {
			return err
		}
		ended, err = endSessions(ctx, q, "uid = ?", string(a.uid))
		return err
	})
	if err != nil {
		return fmt.Errorf("set password: %w", err)
	}
	i.ends.tell(ended)
	i.o.Log.Info("password set by an administrator", "user", name, "sessions ended", len(ended))
	return nil
}

// Disable closes an account and ends its sessions.
func (i *Identity) Disable(ctx context.Context, name string) error {
	return i.setState(ctx, Normal(name), Disabled, operator)
}

// Enable opens a closed account again, and unlocks it.
func (i *Identity) Enable(ctx context.Context, name string) error {
	return i.setState(ctx, Normal(name), Active, operator)
}

func (i *Identity) setState(ctx context.Context, name, state string, may guard) error {
	var ended []string
	err := i.o.Store.Write(ctx, func(q store.Q) error {
		a, err := i.lockAccount(ctx, q, name)
		if err != nil {
			return err
		}
		if err := may(ctx, q, a.uid); err != nil {
			return err
		}
		if _, err := q.ExecContext(ctx, "UPDATE account SET state = ? WHERE name = ?", state, name); err != nil {
			return err
		}
		if state == Active {
			return forgive(ctx, q, name)
		}
		ended, err = endSessions(ctx, q, "uid = ?", string(a.uid))
		return err
	})
	if err != nil {
		return fmt.Errorf("make account %s: %w", state, err)
	}
	i.ends.tell(ended)
	i.o.Log.Info("account "+state, "user", name, "sessions ended", len(ended))
	return nil
}

// Accounts are all accounts, ordered by name.
func (i *Identity) Accounts(ctx context.Context) ([]Account, error) { return i.accounts(ctx, operator) }

func (i *Identity) accounts(ctx context.Context, may guard) ([]Account, error) {
	var out []Account
	err := i.o.Store.Read(ctx, func(q store.Q) error {
		if err := may(ctx, q, ""); err != nil {
			return err
		}
		rows, err := q.QueryContext(ctx, `SELECT a.name, a.uid, a.state, a.created, a.changed,
			(SELECT count(*) FROM session s WHERE s.uid = a.uid AND s.expires > ?) FROM account a ORDER BY a.name`, office.Millis(i.o.Now()))
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var a Account
			if err := rows.Scan(&a.Name, &a.UID, &a.State, &a.Created, &a.Changed, &a.Sessions); err != nil {
				return err
			}
			out = append(out, a)
		}
		return rows.Err()
	})
	if err != nil {
		return nil, fmt.Errorf("list accounts: %w", err)
	}
	return out, nil
}

// account is one row of the table, with the hash that leaves this package never.
type account struct {
	uid         office.UserID
	hash, state string
}

// account reads one row; CodeNotFound without it.
func (i *Identity) account(ctx context.Context, q store.Q, name string) (account, error) {
	return readAccount(ctx, q, name, "")
}

// lockAccount is account, and keeps others from changing the row until the
// transaction ends.
func (i *Identity) lockAccount(ctx context.Context, q store.Q, name string) (account, error) {
	return readAccount(ctx, q, name, forUpdate(q))
}

// forUpdate is the clause that locks rows read; SQLite's writer is alone.
func forUpdate(q store.Q) string {
	if q.Dialect() == rowsql.Postgres {
		return " FOR UPDATE"
	}
	return ""
}

func readAccount(ctx context.Context, q store.Q, name, lock string) (account, error) {
	var a account
	err := q.QueryRowContext(ctx, "SELECT uid, hash, state FROM account WHERE name = ?"+lock, name).Scan(&a.uid, &a.hash, &a.state)
	if errors.Is(err, sql.ErrNoRows) {
		return a, &office.Error{Code: office.CodeNotFound, Field: "user", Message: name}
	}
	return a, err
}
