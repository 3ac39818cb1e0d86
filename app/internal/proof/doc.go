// Package proof has tests only: desks and servers, the real ones, over real
// sockets through a proxy that misbehaves, on disks that are full or lose what
// was not synced, and with files that former versions have left (design:
// sync.md §6).
package proof
