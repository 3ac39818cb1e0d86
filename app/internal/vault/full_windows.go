package vault

import "syscall"

// ERROR_HANDLE_DISK_FULL, ERROR_DISK_FULL, ERROR_DISK_QUOTA_EXCEEDED.
func noRoom(no syscall.Errno) bool { return no == 39 || no == 112 || no == 1295 }
