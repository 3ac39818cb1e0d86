//go:build !wrongclock

package main

import "time"

// now is what the machine's clock shows.
func now() time.Time { return time.Now() }
