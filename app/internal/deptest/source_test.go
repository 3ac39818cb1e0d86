package deptest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

const module = "qianshao"

// file is one Go file of the repository. All files are read, whatever their
// build tags: a wall that only holds on Linux is none.
type file struct {
	path    string   // from the root, with slashes
	pkg     string   // import path below the module; "" is the root
	test    bool     // a _test.go file
	imports []string // import paths
	ast     *ast.File
}

// root is the repository's top folder.
func root(t *testing.T) string {
	t.Helper()
	dir, err := filepath.Abs("../../..")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(dir, "wails.json")); err != nil {
		t.Fatal("the repository's root is not where this test expects it:", err)
	}
	return dir
}

// walk calls visit with every file below the root that is source: no fetched
// module, nothing built, no dot-folders.
func walk(t *testing.T, visit func(name string)) {
	t.Helper()
	err := fs.WalkDir(os.DirFS(root(t)), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if !d.IsDir() {
			visit(name)
			return nil
		}
		base := path.Base(name)
		switch {
		case name == ".":
			return nil
		case strings.HasPrefix(base, "."), base == "node_modules", base == "testdata",
			name == "build/bin", name == "frontend/dist", name == "frontend/src/wailsjs":
			return fs.SkipDir
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

var fset = token.NewFileSet()

// goFiles reads every Go file of the repository.
func goFiles(t *testing.T) []file {
	t.Helper()
	dir := root(t)
	var out []file
	walk(t, func(name string) {
		if path.Ext(name) != ".go" {
			return
		}
		src, err := parser.ParseFile(fset, filepath.Join(dir, filepath.FromSlash(name)), nil, parser.ParseComments)
		if err != nil {
			t.Error(err)
			return
		}
		f := file{path: name, pkg: strings.TrimPrefix(path.Dir(name), "."), test: strings.HasSuffix(name, "_test.go"), ast: src}
		for _, i := range src.Imports {
			p, err := strconv.Unquote(i.Path.Value)
			if err != nil {
				t.Fatal(err)
			}
			f.imports = append(f.imports, p)
		}
		out = append(out, f)
	})
	if len(out) < 50 {
		t.Fatalf("only %d Go files found: the walk is wrong", len(out))
	}
	return out
}

// inside answers the path below the module of one of our own packages.
func inside(importPath string) (string, bool) {
	if importPath == module {
		return "", true
	}
	return strings.CutPrefix(importPath, module+"/")
}

// standard reports whether an import path is of the standard library.
func standard(importPath string) bool {
	first, _, _ := strings.Cut(importPath, "/")
	_, ours := inside(importPath)
	return !ours && !strings.Contains(first, ".")
}

// matches reports whether name fits pattern: the same, or below it where the
// pattern ends in "/...", or one element deeper where it ends in "/*".
func matches(pattern, name string) bool {
	if base, ok := strings.CutSuffix(pattern, "/..."); ok {
		return name == base || strings.HasPrefix(name, base+"/")
	}
	if base, ok := strings.CutSuffix(pattern, "/*"); ok {
		rest, ok := strings.CutPrefix(name, base+"/")
		return ok && !strings.Contains(rest, "/")
	}
	return pattern == name
}

func matchesAny(patterns []string, name string) bool {
	for _, p := range patterns {
		if matches(p, name) {
			return true
		}
	}
	return false
}
