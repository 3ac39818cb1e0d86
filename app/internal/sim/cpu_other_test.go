//go:build !unix

package sim

import "time"

var processBegan = time.Now()

// cpuTime is the time since the start, where the system does not say more.
func cpuTime() time.Duration { return time.Since(processBegan) }
