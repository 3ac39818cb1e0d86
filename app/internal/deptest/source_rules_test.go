package deptest

import (
	"go/ast"
	"go/doc"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// calls visits every use of a name of an imported package: pkg.Name.
func calls(f file, visit func(importPath, name string, at ast.Node)) {
	names := map[string]string{}
	for i, spec := range f.ast.Imports {
		local := path.Base(f.imports[i])
		if regexp.MustCompile(`^v\d+$`).MatchString(local) {
			local = path.Base(path.Dir(f.imports[i]))
		}
		if spec.Name != nil {
			local = spec.Name.Name
		}
		names[local] = f.imports[i]
	}
	ast.Inspect(f.ast, func(n ast.Node) bool {
		sel, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		// An identifier that the parser resolved is a variable, not a package.
		if id, ok := sel.X.(*ast.Ident); ok && id.Obj == nil && names[id.Name] != "" {
			visit(names[id.Name], sel.Sel.Name, sel)
		}
		return true
	})
}

// forbidden is a use that a part of the tree must not contain.
type forbidden struct {
	in      []string // packages
	except  []string // packages
	path    string   // import path
	names   []string // empty: any
	tests   bool     // in tests too
	because string
}

var uses = []forbidden{
	{in: []string{"syncserver/office/..."}, except: []string{"syncserver/office/officetest"},
		path: "time", names: []string{"Now", "Since", "Until", "Sleep", "After", "AfterFunc", "Tick", "NewTimer", "NewTicker"},
		because: "a command has one now, given by who runs it"},
	{in: []string{"syncserver/office/..."}, except: []string{"syncserver/office/officetest"},
		path: "math/rand", because: "a command runs again and must decide the same"},
	{in: []string{"syncserver/office/..."}, except: []string{"syncserver/office/officetest"},
		path: "math/rand/v2", because: "a command runs again and must decide the same"},
	{in: []string{"syncserver/office/..."}, except: []string{"syncserver/office/officetest"},
		path: "crypto/rand", because: "a command runs again and must decide the same"},
	{in: []string{"app/..."}, except: []string{"app/internal/vault"},
		path: "database/sql", names: []string{"Open", "OpenDB", "Register"},
		because: "every database of the desk is opened by the vault, which will hold the keys"},
	{in: []string{"app/..."}, except: []string{"app/internal/vault"},
		path: "github.com/mattn/go-sqlite3", because: "every database of the desk is opened by the vault, which will hold the keys"},
	{in: []string{"syncserver/office/...", "syncserver/protocol/...", "syncserver/rowsql"},
		path: "database/sql", names: []string{"Open", "OpenDB", "Register"},
		because: "shared code is given a transaction, it opens nothing"},
	{in: []string{"syncserver/..."}, except: []string{"syncserver/internal/store", "syncserver/internal/store/pgtest", "syncserver/servertest"}, // the last fills one for measuring
		path: "database/sql", names: []string{"Open", "OpenDB", "Register"},
		because: "the server's databases are opened by the store"},
}

func TestForbiddenUses(t *testing.T) {
	for _, f := range goFiles(t) {
		calls(f, func(importPath, name string, at ast.Node) {
			for _, u := range uses {
				if u.path != importPath || f.test && !u.tests ||
					!matchesAny(u.in, f.pkg) || matchesAny(u.except, f.pkg) ||
					len(u.names) > 0 && !slices.Contains(u.names, name) {
					continue
				}
				t.Errorf("%s: %s.%s: %s", fset.Position(at.Pos()), path.Base(importPath), name, u.because)
			}
		})
	}
}

// The office's own source must not even hold a goroutine: a command that runs
// twice at once decides by chance.
func TestTheOfficeRunsInLine(t *testing.T) {
	for _, f := range goFiles(t) {
		if f.test || !matches("syncserver/office/...", f.pkg) || f.pkg == "syncserver/office/officetest" {
			continue
		}
		ast.Inspect(f.ast, func(n ast.Node) bool {
			switch n.(type) {
			case *ast.GoStmt, *ast.SelectStmt, *ast.SendStmt:
				t.Errorf("%s: the office runs in line: no goroutines, no channels", fset.Position(n.Pos()))
			}
			return true
		})
	}
}

// Whoever opens a folder for the first time reads one sentence that says what
// it is.
func TestPackageComments(t *testing.T) {
	comment := map[string]string{}
	name := map[string]string{}
	for _, f := range goFiles(t) {
		if name[f.pkg] == "" || !f.test {
			name[f.pkg] = strings.TrimSuffix(f.ast.Name.Name, "_test")
		}
		if f.ast.Doc != nil {
			comment[f.pkg] += f.ast.Doc.Text()
		}
	}
	var p doc.Package
	for pkg, n := range name {
		want := "Package " + n + " "
		if n == "main" {
			want = "Command "
		}
		c := comment[pkg]
		if !strings.HasPrefix(c, want) {
			t.Errorf("%s: the package comment must begin with %q, it is %q", pkg, want, firstLine(c))
			continue
		}
		if s := p.Synopsis(c); !strings.HasSuffix(s, ".") {
			t.Errorf("%s: the package comment begins with no sentence: %q", pkg, s)
		}
	}
}

func firstLine(s string) string {
	s, _, _ = strings.Cut(s, "\n")
	return s
}

var topLevel = []string{"app", "frontend", "syncserver", "build", "wails.json", "go.mod", "go.sum", "main.go", "README.md", "LICENSE"}

func TestTopLevel(t *testing.T) {
	entries, err := os.ReadDir(root(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		n := e.Name()
		// A Windows build puts its resources beside main.go for a moment.
		if strings.HasPrefix(n, ".") || strings.HasSuffix(n, ".syso") || slices.Contains(topLevel, n) {
			continue
		}
		t.Errorf("%s does not belong at the top: the layout is fixed", n)
	}
}

// rule is what the page's source must not contain.
type rule struct {
	pattern *regexp.Regexp
	except  string // folder below frontend/src
	because string
}

var pageRules = []rule{
	{regexp.MustCompile(`(?:from|import)\s*\(?\s*['"][^'"]*wailsjs`), "bridge",
		"only src/bridge calls Go: everything else goes through its types, errors and fake"},
	{regexp.MustCompile(`window\.(?:go|runtime)\b|\bwindow\[['"](?:go|runtime)['"]\]`), "bridge",
		"only src/bridge calls Go"},
	{regexp.MustCompile(`\bv-html\b`), "",
		"what a person wrote is text, never HTML: a script here reaches Go"},
	{regexp.MustCompile(`\.(?:innerHTML|outerHTML)\s*\+?=[^=]|\binsertAdjacentHTML\b|\bdocument\.write\b|\bcreateContextualFragment\b`), "",
		"what a person wrote is text, never HTML: a script here reaches Go"},
	{regexp.MustCompile(`\beval\(|\bnew Function\(`), "",
		"the page's policy stops it"},
	{regexp.MustCompile(`(?:\bfetch|\bimport|\bfrom|\bsrc=|\bhref=|\burl)\s*\(?\s*['"]?https?://`), "",
		"the page loads nothing from anywhere"},
}

func (r rule) broken(name, src string) string {
	below := strings.TrimPrefix(name, "frontend/src/")
	if r.except != "" && strings.HasPrefix(below, r.except+"/") {
		return ""
	}
	return r.pattern.FindString(src)
}

func TestPageSource(t *testing.T) {
	dir := root(t)
	seen := 0
	walk(t, func(name string) {
		if !strings.HasPrefix(name, "frontend/src/") {
			return
		}
		switch path.Ext(name) {
		case ".vue", ".ts", ".js", ".mjs", ".tsx":
		default:
			return
		}
		b, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
		if err != nil {
			t.Error(err)
			return
		}
		seen++
		isTest := strings.HasSuffix(name, ".test.ts")
		for _, r := range pageRules {
			if m := r.broken(name, string(b)); m != "" && !isTest {
				t.Errorf("%s: %q: %s", name, m, r.because)
			}
		}
	})
	if _, err := os.Stat(filepath.Join(dir, "frontend/src")); err == nil && seen == 0 {
		t.Error("no source of the page found: the walk is wrong")
	}
}

func TestPageRulesStop(t *testing.T) {
	for src, stop := range map[string]bool{
		`import { Approve } from '@/wailsjs/go/bridge/Approvals'`: true,
		`const m = await import("../wailsjs/runtime")`:            true,
		`window.go.bridge.Session.SignIn()`:                       true,
		`<div v-html="words" />`:                                  true,
		`el.innerHTML = words`:                                    true,
		`expect(el.innerHTML === 'x')`:                            false,
		`fetch('https://example.org/x')`:                          true,
		`<img src="http://example.org/x.png">`:                    true,
		`createElementNS('http://www.w3.org/2000/svg', 'g')`:      false,
		`const n = new Function('return 1')`:                      true,
		`import { approve } from '@/bridge'`:                      false,
		`const goods = window.goods`:                              false,
	} {
		stopped := false
		for _, r := range pageRules {
			stopped = stopped || r.broken("frontend/src/rooms/x/A.vue", src) != ""
		}
		if stopped != stop {
			t.Errorf("%s: stopped %v, want %v", src, stopped, stop)
		}
	}
	bridge := `import * as A from '@/wailsjs/go/bridge/A'`
	if m := pageRules[0].broken("frontend/src/bridge/wails.ts", bridge); m != "" {
		t.Error("the bridge itself is stopped")
	}
}
