package desktop

import (
	"os"
	"path/filepath"
)

// canNotify reports whether this session has a message bus. Without this look
// the notification library would start a bus of its own and leave it behind.
func canNotify() bool {
	if os.Getenv("DBUS_SESSION_BUS_ADDRESS") != "" {
		return true
	}
	dir := os.Getenv("XDG_RUNTIME_DIR")
	if dir == "" {
		return false
	}
	_, err := os.Stat(filepath.Join(dir, "bus"))
	return err == nil
}
