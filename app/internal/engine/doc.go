// Package engine is the desk's mind: it runs commands at once, keeps them
// until the server has answered, sends them, fetches what is new and puts the
// commands that still wait back on top (design: sync.md §1, §3, §4).
//
// It is the only writer of the replica and of the outbox. It is a value: two
// engines over two folders live in one process without knowing each other. It
// takes no file lock itself; whoever opens it holds the profile's lock (see
// package vault), except for reading.
package engine
