package servertest

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"qianshao/syncserver/internal/wiring"
)

// Backup makes a verified backup in a new folder below dir and names it.
func (s *Server) Backup(dir string) (string, error) {
	r, err := s.server().Backup(context.Background(), dir)
	return r.Dir, err
}

// Restore ends the server, removes its database and puts a backup in its place:
// the history begins anew. Sessions of the time of the backup go on. For
// embedded databases.
func (s *Server) Restore(backup string) error {
	s.server().handler.Close()
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.inner.Close(); err != nil {
		return err
	}
	old, err := filepath.Glob(filepath.Join(s.o.Dir, "office.db*"))
	if err != nil {
		return err
	}
	for _, f := range old {
		if err := os.Remove(f); err != nil {
			return err
		}
	}
	if _, err := wiring.Restore(context.Background(), backup, s.config(), true); err != nil {
		return fmt.Errorf("restore: %w", err)
	}
	return s.open()
}
