//go:build !linux

package script

import "os/exec"

// prepare does nothing: the callers end what they started.
func prepare(*exec.Cmd) {}
