package protocol

import "qianshao/syncserver/office"

// Account is a log-in as administrators see it.
type Account struct {
	User     string        `json:"user"`
	UID      office.UserID `json:"uid"`
	State    string        `json:"state"`    // active, disabled, pending: waits for the security administrator
	Created  int64         `json:"created"`  // Millis
	Changed  int64         `json:"changed"`  // when the password was last set
	Sessions int           `json:"sessions"` // open ones
}

// AccountsReply is every account, ordered by name.
type AccountsReply struct {
	Accounts []Account `json:"accounts"`
}

// AccountRequest names the account to act upon; making one needs UID and
// Password too, a new password Password.
type AccountRequest struct {
	User     string        `json:"user"`
	UID      office.UserID `json:"uid,omitempty"`
	Password string        `json:"password,omitempty"`
}

// Device is a machine somebody works on, as administrators see it.
type Device struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	State    string `json:"state"` // active, wiped
	Seen     int64  `json:"seen"`  // Millis; 0 = never
	Sessions int    `json:"sessions"`
}

// DevicesRequest asks for somebody's machines.
type DevicesRequest struct {
	UID office.UserID `json:"uid"`
}

// DevicesReply is a person's machines, the oldest first.
type DevicesReply struct {
	Devices []Device `json:"devices"`
}

// DeviceRequest names a machine of a person.
type DeviceRequest struct {
	UID    office.UserID `json:"uid"`
	Device string        `json:"dev"`
}
