package desktop

import (
	"errors"
	"os/exec"
	"path/filepath"
)

// OpenFile asks the system to open a file with the program it has for its kind.
// It does not wait for that program.
func OpenFile(path string) error {
	if !filepath.IsAbs(path) {
		return errors.New("only a whole path can be opened")
	}
	name, args := opener(path)
	c := exec.Command(name, args...)
	if err := c.Start(); err != nil {
		return err
	}
	go func() { _ = c.Wait() }()
	return nil
}
