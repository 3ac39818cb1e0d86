package store

import (
	"context"
	"fmt"
	"slices"

	"qianshao/syncserver/office"
)

// Subs are the channels a person subscribes to, sorted.
func Subs(ctx context.Context, q Q, uid office.UserID) ([]office.Channel, error) {
	rs, err := q.QueryContext(ctx, "SELECT chan FROM sub WHERE uid = ? ORDER BY chan", string(uid))
	if err != nil {
		return nil, fmt.Errorf("read subscriptions: %w", err)
	}
	defer rs.Close()
	var out []office.Channel
	for rs.Next() {
		var c office.Channel
		if err := rs.Scan(&c); err != nil {
			return nil, fmt.Errorf("read subscriptions: %w", err)
		}
		out = append(out, c)
	}
	if err := rs.Err(); err != nil {
		return nil, fmt.Errorf("read subscriptions: %w", err)
	}
	return out, nil
}

// SetSubs makes a person's subscriptions exactly these and reports whether
// they changed.
func SetSubs(ctx context.Context, q Q, uid office.UserID, chans []office.Channel) (bool, error) {
	old, err := Subs(ctx, q, uid)
	if err != nil {
		return false, err
	}
	want := slices.Clone(chans)
	slices.Sort(want)
	want = slices.Compact(want)
	if slices.Equal(old, want) {
		return false, nil
	}
	for _, c := range old {
		if !slices.Contains(want, c) {
			if _, err := q.ExecContext(ctx, "DELETE FROM sub WHERE uid = ? AND chan = ?", string(uid), string(c)); err != nil {
				return false, fmt.Errorf("write subscriptions: %w", err)
			}
		}
	}
	for _, c := range want {
		if !slices.Contains(old, c) {
			if _, err := q.ExecContext(ctx, "INSERT INTO sub (uid, chan) VALUES (?, ?)", string(uid), string(c)); err != nil {
				return false, fmt.Errorf("write subscriptions: %w", err)
			}
		}
	}
	return true, nil
}
