//go:build !windows

package vault

import "syscall"

func noRoom(no syscall.Errno) bool { return no == syscall.ENOSPC || no == syscall.EDQUOT }
