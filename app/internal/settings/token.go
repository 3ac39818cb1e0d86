package settings

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// TokenFile is the file's name inside the folder.
const TokenFile = "session.token"

// Token is the session's token; "" if signed out. It lies in a file that only
// its owner may read: any program of the same person can read it. The systems'
// key stores take its place once the databases are encrypted, for the key and
// the token belong together.
func (f *Folder) Token() (string, error) {
	raw, err := os.ReadFile(filepath.Join(f.dir, TokenFile))
	if errors.Is(err, os.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("read the session: %w", err)
	}
	return strings.TrimSpace(string(raw)), nil
}

// SaveToken keeps the session's token; "" forgets it.
func (f *Folder) SaveToken(token string) error {
	if token == "" {
		if err := os.Remove(filepath.Join(f.dir, TokenFile)); err != nil && !errors.Is(err, os.ErrNotExist) {
			return fmt.Errorf("forget the session: %w", err)
		}
		return nil
	}
	if err := f.write(TokenFile, []byte(token+"\n")); err != nil {
		return fmt.Errorf("keep the session: %w", err)
	}
	return nil
}
