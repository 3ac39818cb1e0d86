//go:build wrongclock

package main

import (
	"os"
	"time"
)

// now is a clock that is wrong by QIANSHAO_WRONG_CLOCK, a duration such as
// 48h: for scripted people with such a machine. No program that is shipped has
// it; build/test looks.
func now() time.Time {
	wrong, _ := time.ParseDuration(os.Getenv("QIANSHAO_WRONG_CLOCK"))
	return time.Now().Add(wrong)
}
