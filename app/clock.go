//go:build !dev

package app

import "time"

// clock is this machine's.
func clock() time.Time { return time.Now() }
