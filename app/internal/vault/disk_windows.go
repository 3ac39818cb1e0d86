package vault

import (
	"errors"
	"syscall"
)

// syncDir is the file system's own business there.
func syncDir(string) error { return nil }

// Codes of Windows for a disk, or a person's share of it, that is full.
const (
	errorDiskFull       = syscall.Errno(112)
	errorHandleDiskFull = syscall.Errno(39)
	errorDiskQuota      = syscall.Errno(1295)
)

func isQuota(err error) bool {
	return errors.Is(err, errorDiskFull) || errors.Is(err, errorHandleDiskFull) || errors.Is(err, errorDiskQuota)
}
