// Package fill puts the demonstration office into an empty server, once.
package fill

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"qianshao/syncserver/internal/demo"
	"qianshao/syncserver/internal/store"
	"qianshao/syncserver/internal/wiring"
	"qianshao/syncserver/office"
)

// Marks of a database that holds the demonstration, in the store's table meta.
const (
	demoBegun = "demo.begun" // the moment all of its times are counted from
	demoDone  = "demo.done"
)

// ErrNotEmpty refuses to mix the demonstration with an office's own data.
var ErrNotEmpty = errors.New("the store holds other data than the demonstration")

// Demo fills an empty store with the demonstration office and gives each of
// its people an account with this password. One that was broken off goes on;
// one that is complete stays as it is, and already is true.
func Demo(ctx context.Context, s *wiring.Server, password string) (accounts int, already bool, err error) {
	if already, err = Has(ctx, s); err != nil || already {
		return 0, already, err
	}
	for _, a := range demo.Accounts() {
		if err := s.Identity.CheckNew(a.User, password); err != nil {
			return 0, false, fmt.Errorf("account %s: %w", a.User, err)
		}
	}
	begun, err := begin(ctx, s)
	if err != nil {
		return 0, false, err
	}
	give := func(ctx context.Context, uid office.UserID, mid string, at time.Time, cmd office.Command) error {
		r, err := s.Authority.As(ctx, uid, mid, at, cmd)
		if err != nil {
			return err
		}
		return wiring.Refusal(r)
	}
	if err := demo.Fill(ctx, give, begun); err != nil {
		return 0, false, err
	}
	for _, a := range demo.Accounts() {
		err := s.Identity.Add(ctx, a.User, a.UID, password)
		if err != nil && office.CodeOf(err) != office.CodeExists { // made before it was broken off
			return 0, false, fmt.Errorf("account %s: %w", a.User, err)
		}
		accounts++
	}
	return accounts, false, s.Store.Write(ctx, func(q store.Q) error { return putMeta(ctx, q, demoDone, "1") })
}

// Has reports whether the store holds the whole demonstration.
func Has(ctx context.Context, s *wiring.Server) (done bool, err error) {
	err = s.Store.Read(ctx, func(q store.Q) error {
		_, done, err = meta(ctx, q, demoDone)
		return err
	})
	return done, err
}

// begin marks the store as the demonstration's, if it is empty or that
// already, and gives the moment it counts from.
func begin(ctx context.Context, s *wiring.Server) (begun time.Time, err error) {
	err = s.Store.Write(ctx, func(q store.Q) error {
		at, marked, err := meta(ctx, q, demoBegun)
		if err != nil {
			return err
		}
		if marked {
			begun, err = time.Parse(time.RFC3339, at)
			return err
		}
		var commands, accounts int
		// The server's own key is published in any store.
		if err := q.QueryRowContext(ctx, "SELECT (SELECT count(*) FROM mut WHERE command <> 'seal.publish_key@1'), (SELECT count(*) FROM account)").Scan(&commands, &accounts); err != nil {
			return err
		}
		if commands > 0 || accounts > 0 {
			return ErrNotEmpty
		}
		begun = s.Now().Truncate(time.Second)
		return putMeta(ctx, q, demoBegun, begun.Format(time.RFC3339))
	})
	return begun, err
}

func meta(ctx context.Context, q store.Q, key string) (value string, ok bool, err error) {
	err = q.QueryRowContext(ctx, "SELECT value FROM meta WHERE key = ?", key).Scan(&value)
	if errors.Is(err, sql.ErrNoRows) {
		return "", false, nil
	}
	return value, err == nil, err
}

func putMeta(ctx context.Context, q store.Q, key, value string) error {
	_, err := q.ExecContext(ctx, "INSERT INTO meta (key, value) VALUES (?, ?)", key, value)
	return err
}
