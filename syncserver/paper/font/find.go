package font

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Env names the folder in which IT keeps the unit's licensed fonts; several are
// separated as in PATH.
const Env = "QIANSHAO_FONTS"

// Folders are where fonts are looked for on this machine: what IT named, the
// folder beside the program, the person's own, the system's.
func Folders() []string {
	var out []string
	out = append(out, filepath.SplitList(os.Getenv(Env))...)
	if exe, err := os.Executable(); err == nil {
		out = append(out, filepath.Join(filepath.Dir(exe), "fonts"))
	}
	return append(out, systemFolders()...)
}

// Bounds of a search: a folder that somebody named by mistake (the whole disk)
// must not stop the program.
const (
	maxFiles = 8000
	maxDepth = 6
)

// Find lists the fonts in folders. Files that are no fonts or cannot be read
// are passed over.
func Find(folders []string) []*Font {
	var out []*Font
	seen, files := map[string]bool{}, 0
	for _, dir := range folders {
		if dir == "" {
			continue
		}
		root := filepath.Clean(dir)
		_ = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil {
				return nil
			}
			if d.IsDir() {
				rel, _ := filepath.Rel(root, path)
				if strings.Count(rel, string(filepath.Separator)) >= maxDepth {
					return fs.SkipDir
				}
				return nil
			}
			if files++; files > maxFiles {
				return fs.SkipAll
			}
			if ext := strings.ToLower(filepath.Ext(path)); !slices.Contains([]string{".ttf", ".ttc", ".otf", ".otc"}, ext) || seen[path] {
				return nil
			}
			seen[path] = true
			if fonts, err := list(path); err == nil {
				out = append(out, fonts...)
			}
			return nil
		})
	}
	return out
}

// Here is the set of this machine's fonts.
func Here() *Set { return NewSet(Find(Folders())) }
