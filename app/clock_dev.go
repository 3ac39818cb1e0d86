//go:build dev

package app

import (
	"os"
	"strings"
	"time"
)

// clock is this machine's, moved by what the file says that QIANSHAO_CLOCK
// names, such as 170h or -24h: tests of the window turn it.
func clock() time.Time {
	now := time.Now()
	raw, err := os.ReadFile(os.Getenv("QIANSHAO_CLOCK"))
	if err != nil {
		return now
	}
	if by, err := time.ParseDuration(strings.TrimSpace(string(raw))); err == nil {
		return now.Add(by).Round(0)
	}
	return now
}
