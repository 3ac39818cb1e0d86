package desktop

import (
	"fmt"
	"path/filepath"
)

// Open lets the system's program for its type open a file, by its absolute
// path. It does not wait for that program. What may be opened is the caller's
// to decide.
func Open(path string) error {
	if !filepath.IsAbs(path) {
		return fmt.Errorf("open %s: not an absolute path", filepath.Base(path))
	}
	c := opener(path)
	if err := c.Start(); err != nil {
		return fmt.Errorf("open a file: %w", err)
	}
	go func() { _ = c.Wait() }() // what the program says is its own affair
	return nil
}
