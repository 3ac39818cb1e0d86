// Package bridge is what the window may call: one bound struct per room, its
// own view types, one way of failing.
//
// A bound method reads through a [Desk], composes what one page shows, or
// builds a command with what the person saw and gives it to the desk. It keeps
// no state of the office: the replica is the state. Signatures are plain
// strings, numbers and structs of this package, times are milliseconds since
// 1970; whatever goes wrong leaves as an *office.Error, even a panic.
package bridge
