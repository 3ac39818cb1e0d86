//go:build !cgo

package vault

// Full reports whether an error says that the disk has no room left.
func Full(err error) bool { return IsFull(err) }
