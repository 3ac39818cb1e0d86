package app

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"log/slog"
	"net/http"
	neturl "net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"unicode"

	"qianshao/app/internal/desktop"
	"qianshao/app/internal/settings"
	"qianshao/syncserver/office"
	"qianshao/syncserver/paper/font"
)

// press is the rooms' [bridge.Press]: the machine's fonts, and PDF files in the
// profile's print folder. It answers the page's requests for fonts.
type press struct {
	folder *settings.Folder // nil in a build that only writes bindings
	log    *slog.Logger
	open   func(path string) error

	policy []string // folders of fonts that IT named for this machine

	fonts sync.Mutex
	set   *font.Set
	mu    sync.Mutex
	made  map[string]bool // names in the print folder
}

func newPress(folder *settings.Folder, log *slog.Logger) *press {
	return &press{folder: folder, log: log, open: desktop.Open}
}

// Fonts looks for the fonts of this machine: once, and again when another
// folder is chosen. What somebody named comes before what the machine has.
func (p *press) Fonts() *font.Set {
	p.fonts.Lock()
	defer p.fonts.Unlock()
	if p.set != nil {
		return p.set
	}
	chosen, policy := p.FontFolders()
	folders := append([]string(nil), policy...)
	if chosen != "" {
		folders = append(folders, chosen)
	}
	p.set = font.NewSet(font.Find(append(folders, font.Folders()...)))
	for _, c := range p.set.Choices() {
		if c.Font == nil {
			p.log.Warn("no font for a face of paper", "face", c.Face)
		} else {
			p.log.Info("font of paper", "face", c.Face, "font", c.Font.Family, "official", c.Official)
		}
	}
	return p.set
}

// FontFolders are the folder chosen in this profile and those of the policy.
func (p *press) FontFolders() (chosen string, policy []string) {
	if p.folder == nil {
		return "", p.policy
	}
	chosen, err := p.folder.FontFolder()
	if err != nil {
		p.log.Warn("the folder of fonts is not known", "err", err)
	}
	return chosen, p.policy
}

// UseFontFolder keeps another folder of fonts, "" for none.
func (p *press) UseFontFolder(path string) error {
	if path != "" && len(font.Find([]string{path})) == 0 {
		return office.Invalid("folder", "no font lies there")
	}
	if err := p.folder.SaveFontFolder(path); err != nil {
		return err
	}
	p.fonts.Lock()
	p.set = nil
	p.fonts.Unlock()
	return nil
}

const (
	fontPath  = "/local/font/"
	printPath = "/local/print/"
)

// URL is where the page loads a font from: a name that tells no path.
func (p *press) URL(f *font.Font) string {
	sum := sha256.Sum256([]byte(fmt.Sprintf("%s\x00%d", f.Path, f.Index)))
	return fontPath + hex.EncodeToString(sum[:8])
}

// ServeHTTP answers the fonts of the set and the PDF files that were made, and
// nothing else.
func (p *press) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if name, ok := strings.CutPrefix(r.URL.Path, printPath); ok && r.Method == http.MethodGet {
		p.printed(w, name)
		return
	}
	if r.Method == http.MethodGet && strings.HasPrefix(r.URL.Path, fontPath) {
		for _, f := range p.Fonts().Fonts() {
			if p.URL(f) != r.URL.Path {
				continue
			}
			b, err := f.Standalone()
			if err != nil {
				p.log.Error("font unreadable", "font", f.Path, "err", err)
				break
			}
			kind := "font/ttf"
			if f.CFF {
				kind = "font/otf"
			}
			w.Header().Set("Content-Type", kind)
			_, _ = w.Write(b)
			return
		}
	}
	http.NotFound(w, r)
}

// dir is where PDF files lie for the system's viewer, while the program runs.
func (p *press) dir() string { return filepath.Join(p.folder.Dir(), "print") }

// clear removes the PDF files: at the program's start, where a crash has left
// some, and at its end.
func (p *press) clear() {
	if p.folder == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.made = nil
	if err := os.RemoveAll(p.dir()); err != nil {
		p.log.Warn("print files stay", "err", err)
	}
}

// Keep writes a PDF into the profile's print folder, under a name of its own.
func (p *press) Keep(name string, file []byte) (path, url string, err error) {
	dir := p.dir()
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", "", fmt.Errorf("make the print folder: %w", err)
	}
	base := fileName(name)
	file1 := base + ".pdf"
	for n := 2; ; n++ {
		path = filepath.Join(dir, file1)
		f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
		if os.IsExist(err) && n < 1000 { // the viewer may still hold the one before
			file1 = fmt.Sprintf("%s (%d).pdf", base, n)
			continue
		}
		if err != nil {
			return "", "", fmt.Errorf("write the PDF: %w", err)
		}
		_, err = f.Write(file)
		if cerr := f.Close(); err == nil {
			err = cerr
		}
		if err != nil {
			return "", "", fmt.Errorf("write the PDF: %w", err)
		}
		break
	}
	if p.made == nil {
		p.made = map[string]bool{}
	}
	p.made[file1] = true
	return path, (&neturl.URL{Path: printPath + file1}).EscapedPath(), nil
}

// Open lets the system's viewer open a file.
func (p *press) Open(path string) bool {
	if err := p.open(path); err != nil {
		p.log.Warn("no viewer opened a PDF", "err", err)
		return false
	}
	return true
}

// printed answers a PDF that this run of the program made.
func (p *press) printed(w http.ResponseWriter, name string) {
	p.mu.Lock()
	ok := p.made[name]
	p.mu.Unlock()
	if ok {
		if b, err := os.ReadFile(filepath.Join(p.dir(), name)); err == nil {
			w.Header().Set("Content-Type", "application/pdf")
			_, _ = w.Write(b)
			return
		}
	}
	w.WriteHeader(http.StatusNotFound)
}

// fileName makes a title a name that every system takes.
func fileName(title string) string {
	s := strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || strings.ContainsRune(`<>:"/\|?*`, r) {
			return '_'
		}
		return r
	}, title)
	s = strings.Trim(s, " .")
	if r := []rune(s); len(r) > 60 {
		s = string(r[:60])
	}
	if s == "" {
		s = "文件"
	}
	return s
}
