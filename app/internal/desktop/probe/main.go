// Command probe opens a window like the product's own on a page of a few lines.
//
// It shows what holds for every page before there is one: that calls, refusals
// and events pass under the page's policy, what the policy stops, and that the
// window is reachable by its accessible names. build/test runs it through the
// accessibility bus; nothing ships it.
package main

import (
	"embed"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"os"

	"qianshao/app/internal/desktop"
	"qianshao/syncserver/office"
)

//go:embed page
var page embed.FS

// Probe is bound to the page.
type Probe struct {
	report string
	window *desktop.Window
}

// Sign answers as the product does after an act off line.
func (p *Probe) Sign(words string) (string, error) {
	if words == "" {
		return "", office.Invalid("words", "请填写意见")
	}
	p.window.Emit("changed", words)
	return "待送达：" + words, nil
}

// Break fails with an error that must not reach the page.
func (p *Probe) Break() error { return fmt.Errorf("a path and a password") }

// Report keeps what the page found out about itself.
func (p *Probe) Report(found map[string]string) error {
	b, err := json.MarshalIndent(found, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(p.report, append(b, '\n'), 0o600)
}

// local answers below /local/ as an attachment room would.
func local(w http.ResponseWriter, r *http.Request) {
	switch r.URL.Path {
	case "/local/text":
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		fmt.Fprint(w, "正文")
	case "/local/echo":
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = io.Copy(w, r.Body)
	case "/local/script.js":
		w.Header().Set("Content-Type", "text/javascript")
		fmt.Fprint(w, "window.ranAttachment = true")
	default:
		http.NotFound(w, r)
	}
}

func main() {
	profile := flag.String("profile", "", "folder for the window's place")
	report := flag.String("report", "", "file for what the page found out")
	flag.Parse()
	if *profile == "" || *report == "" {
		flag.Usage()
		os.Exit(2)
	}
	assets, err := fs.Sub(page, "page")
	if err != nil {
		panic(err) // the path is a constant and valid
	}
	p := &Probe{report: *report}
	err = desktop.Run(desktop.Options{
		Profile: *profile,
		Assets:  assets,
		Log:     slog.New(slog.NewTextHandler(os.Stderr, nil)),
		Program: desktop.Program{
			Bind:    []any{p},
			Local:   http.HandlerFunc(local),
			Started: func(w *desktop.Window) { p.window = w },
		},
	})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
