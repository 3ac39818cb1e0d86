//go:build !windows

package desktop

// AttachConsole does something on Windows only.
func AttachConsole() {}
