package identity

import (
	"context"
	"fmt"

	"qianshao/syncserver/internal/store"
	"qianshao/syncserver/office"
)

// Device is a machine somebody works on.
type Device struct {
	ID       string
	UID      office.UserID
	Name     string // what the person calls it
	State    string // store.DeviceActive, store.DeviceWiped
	Seen     int64  // Millis; log-in or last move of a session's end
	Sessions int
}

// DevicesOf are the devices of a person, ordered by id, thus by age.
func (i *Identity) DevicesOf(ctx context.Context, uid office.UserID) ([]Device, error) {
	return i.devicesOf(ctx, uid, operator)
}

func (i *Identity) devicesOf(ctx context.Context, uid office.UserID, may guard) ([]Device, error) {
	var out []Device
	err := i.o.Store.Read(ctx, func(q store.Q) error {
		if err := may(ctx, q, uid); err != nil {
			return err
		}
		rows, err := q.QueryContext(ctx, `SELECT d.dev, d.uid, d.state, coalesce(n.name, ''), coalesce(n.seen, 0),
			(SELECT count(*) FROM session s WHERE s.dev = d.dev AND s.expires > ?)
			FROM device d LEFT JOIN device_name n ON n.dev = d.dev WHERE d.uid = ? ORDER BY d.dev`, office.Millis(i.o.Now()), string(uid))
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var d Device
			if err := rows.Scan(&d.ID, &d.UID, &d.State, &d.Name, &d.Seen, &d.Sessions); err != nil {
				return err
			}
			out = append(out, d)
		}
		return rows.Err()
	})
	if err != nil {
		return nil, fmt.Errorf("list devices: %w", err)
	}
	return out, nil
}

// RevokeDevice ends a lost machine, with all its forks: it gets no data and
// nothing it sends is taken. Its sessions stay, to tell the desk at its next
// contact to remove its data (see Session.Wiped); so does a later log-in on it.
// Streams end. CodeNotFound without such a device.
func (i *Identity) RevokeDevice(ctx context.Context, dev string) error {
	return i.revoke(ctx, "", dev, operator)
}

// revoke ends a device of a person; "" is whosever it is.
func (i *Identity) revoke(ctx context.Context, of office.UserID, dev string, may guard) error {
	var left []string
	var uid office.UserID
	err := i.o.Store.Write(ctx, func(q store.Q) error {
		d, ok, err := store.FindDevice(ctx, q, dev, true)
		if err != nil {
			return err
		}
		if err := may(ctx, q, d.UID); err != nil {
			return err
		}
		if !ok || of != "" && d.UID != of {
			return &office.Error{Code: office.CodeNotFound, Field: "dev", Message: dev}
		}
		uid = d.UID
		if err := store.SetDeviceState(ctx, q, d.Origin, store.DeviceWiped); err != nil {
			return err
		}
		left, err = sessionIDs(ctx, q, "SELECT id FROM session WHERE dev IN (SELECT dev FROM device WHERE origin = ?)", d.Origin)
		return err
	})
	if err != nil {
		return fmt.Errorf("revoke device: %w", err)
	}
	i.ends.tell(left)
	i.o.Log.Info("device revoked", "uid", uid, "dev", dev, "sessions", len(left))
	if err := i.o.Devices.LoseDevice(ctx, dev); err != nil {
		return fmt.Errorf("revoke device: it is revoked, but not noted where its word is waited for: %w", err)
	}
	return nil
}
