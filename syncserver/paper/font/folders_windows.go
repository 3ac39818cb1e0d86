package font

import (
	"os"
	"path/filepath"
)

func systemFolders() []string {
	windir := os.Getenv("WINDIR")
	if windir == "" {
		windir = `C:\Windows`
	}
	out := []string{filepath.Join(windir, "Fonts")}
	if local := os.Getenv("LOCALAPPDATA"); local != "" {
		out = append([]string{filepath.Join(local, "Microsoft", "Windows", "Fonts")}, out...)
	}
	return out
}
