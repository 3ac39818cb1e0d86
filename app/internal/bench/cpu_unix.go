//go:build unix

package main

import (
	"syscall"
	"time"
)

// cpu is the processor time that this program has had.
func cpu() time.Duration {
	var u syscall.Rusage
	must(syscall.Getrusage(syscall.RUSAGE_SELF, &u))
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
