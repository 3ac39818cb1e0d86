//go:build !linux

package desktop

// canNotify reports whether the system has notifications; outside Linux the
// runtime finds out by itself.
func canNotify() bool { return true }
