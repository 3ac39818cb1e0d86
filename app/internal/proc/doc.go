// Package proc has tests only: scripted people work through the real programs,
// over real sockets on loopback, while desks and server are killed at random
// moments (design: sync.md §6, invariants 2, 4, 8, 16 and 20).
package proc
