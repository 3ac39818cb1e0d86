package script

import (
	"os/exec"
	"syscall"
)

// prepare makes a program end with this one, however this one ends.
func prepare(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
}
