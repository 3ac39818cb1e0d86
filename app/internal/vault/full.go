package vault

import (
	"errors"
	"syscall"
)

// Full reports whether err says that the disk, or the person's share of it, is
// full: nothing was written, and it may be tried again when there is room.
func Full(err error) bool {
	var no syscall.Errno
	return err != nil && (fullFile(err) || errors.As(err, &no) && noRoom(no))
}
