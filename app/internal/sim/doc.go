// Package sim has tests only: a deterministic simulation of an office with
// several people, two desks each, one server and a bad network.
//
// One seed decides everything: who does what, which message is lost, delayed
// or doubled, when a process dies. The same seed gives the same run, event for
// event, so that a failing one can be replayed. The desks and the server are
// the real ones on real SQLite databases; only the clock, the randomness and
// the network are the simulation's. After each pull that reaches a checkpoint
// an oracle compares the desk with the server's truth (design: sync.md §6).
package sim
