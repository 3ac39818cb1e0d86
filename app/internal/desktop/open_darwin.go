package desktop

import "os/exec"

// opener is how the system opens a file with the program for its type.
func opener(path string) *exec.Cmd { return exec.Command("open", path) }
