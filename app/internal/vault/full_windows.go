package vault

import (
	"errors"
	"syscall"
)

// Windows' own numbers for a disk without room (winerror.h).
const (
	errHandleDiskFull = syscall.Errno(39)
	errDiskFull       = syscall.Errno(112)
)

func noRoom(err error) bool {
	return errors.Is(err, errDiskFull) || errors.Is(err, errHandleDiskFull)
}
