//go:build !windows && !darwin

package font

import (
	"os"
	"path/filepath"
)

func systemFolders() []string {
	var out []string
	if home, err := os.UserHomeDir(); err == nil {
		out = append(out, filepath.Join(home, ".local", "share", "fonts"), filepath.Join(home, ".fonts"))
	}
	return append(out, "/usr/local/share/fonts", "/usr/share/fonts")
}
