package font

import (
	"os"
	"path/filepath"
)

func systemFolders() []string {
	var out []string
	if home, err := os.UserHomeDir(); err == nil {
		out = append(out, filepath.Join(home, "Library", "Fonts"))
	}
	return append(out, "/Library/Fonts", "/System/Library/Fonts", "/System/Library/AssetsV2")
}
