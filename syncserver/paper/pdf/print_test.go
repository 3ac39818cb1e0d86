//go:build linux

package pdf

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"qianshao/syncserver/office/layout"
)

// The printing system of this machine, where it is: a scheduler of the test's
// own with the printer that writes files (printer-driver-cups-pdf).
var printing = []string{"/usr/sbin/cupsd", "/usr/lib/cups/backend/cups-pdf", "/usr/share/ppd/cups-pdf/CUPS-PDF_opt.ppd", "/usr/sbin/lpadmin", "/usr/bin/lp", "/usr/bin/gs", "/usr/bin/pdftoppm"}

// spooled is where the printer leaves what people without an account print.
const spooled = "/var/spool/cups-pdf/ANONYMOUS"

// TestPrint sends papers through the whole printing system: what comes out of
// the printer is, page by page, what went in, on the same sheets.
func TestPrint(t *testing.T) {
	for _, x := range printing {
		if _, err := os.Stat(x); err != nil {
			t.Skipf("no printing system: %s is missing (apt install printer-driver-cups-pdf cups-daemon cups-client)", x)
		}
	}
	if os.Geteuid() != 0 {
		t.Skip("a scheduler of one's own prints as root only")
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	send := scheduler(t, ctx)
	for _, name := range []string{"08-tongzhi", "14-han"} {
		e := examples(t)[name]
		d := layout.Set(e.Paper, layout.Preset(e.Format), layout.Options{})
		in := filepath.Join(t.TempDir(), "in.pdf")
		f, err := os.Create(in)
		if err != nil {
			t.Fatal(err)
		}
		if err := Write(f, d, fonts(t), Options{Title: d.Title}); err != nil {
			t.Fatal(err)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
		out := send(name, in)
		want, got := pictures(t, in), pictures(t, out)
		if len(want) != len(d.Pages) || len(got) != len(want) {
			t.Fatalf("%s: %d pages went in, %d came out", name, len(want), len(got))
		}
		for i := range want {
			printed := got[i]
			if d.Pages[i].Turned { // paper comes upright out of a printer
				printed = turned{printed}
			}
			if x := apart(want[i], printed); x > 0.02 {
				t.Errorf("%s page %d: %.1f %% of the page differ", name, i+1, 100*x)
			}
		}
	}
}

// scheduler starts the printing system with one printer and answers how a file
// is sent to it; that answers the file it printed.
func scheduler(t *testing.T, ctx context.Context) func(title, file string) string {
	dir := t.TempDir()
	// Filters work as another user.
	for d := dir; d != os.TempDir() && d != "/"; d = filepath.Dir(d) {
		if err := os.Chmod(d, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for _, d := range []string{"root/ppd", "spool", "tmp", "cache", "state", "log"} {
		if err := os.MkdirAll(filepath.Join(dir, d), 0o777); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chmod(filepath.Join(dir, "tmp"), 0o777); err != nil {
		t.Fatal(err)
	}
	conf := fmt.Sprintf("LogLevel warn\nListen %s/sock\nBrowsing Off\nDefaultAuthType None\nWebInterface No\n<Location />\nAllow all\n</Location>\n<Location /admin>\nAllow all\n</Location>\n<Policy default>\n<Limit All>\nOrder deny,allow\n</Limit>\n</Policy>\n", dir)
	files := strings.ReplaceAll("ServerRoot @/root\nRequestRoot @/spool\nTempDir @/tmp\nCacheDir @/cache\nStateDir @/state\nAccessLog @/log/access\nErrorLog @/log/error\nPageLog @/log/page\nSandboxing relaxed\n", "@", dir)
	for name, text := range map[string]string{"cupsd.conf": conf, "files.conf": files} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	server := exec.Command("/usr/sbin/cupsd", "-f", "-c", dir+"/cupsd.conf", "-s", dir+"/files.conf")
	var said bytes.Buffer
	server.Stderr, server.Stdout = &said, &said
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = server.Process.Signal(os.Interrupt)
		_ = server.Wait()
	})
	run := func(name string, args ...string) (string, error) {
		cmd := exec.CommandContext(ctx, name, args...)
		cmd.Env = append(os.Environ(), "CUPS_SERVER="+dir+"/sock", "LC_ALL=C")
		b, err := cmd.CombinedOutput()
		return string(b), err
	}
	until := func(what string, f func() bool) {
		for !f() {
			select {
			case <-ctx.Done():
				log, _ := os.ReadFile(dir + "/log/error")
				t.Fatalf("%s: %v\n%s\n%s", what, ctx.Err(), log, said.String())
			case <-time.After(50 * time.Millisecond):
			}
		}
	}
	until("the scheduler", func() bool {
		out, err := run("lpstat", "-r")
		return err == nil && strings.Contains(out, "is running")
	})
	if out, err := run("/usr/sbin/lpadmin", "-p", "PDF", "-E", "-v", "cups-pdf:/", "-P", printing[2]); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return func(title, file string) string {
		title = fmt.Sprintf("qs%d%s", os.Getpid(), title)
		had, _ := filepath.Glob(spooled + "/*")
		out, err := run("/usr/bin/lp", "-d", "PDF", "-U", "qianshao-nobody", "-t", title, file)
		if err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		job := strings.Fields(strings.TrimPrefix(out, "request id is "))[0]
		until("job "+job, func() bool {
			done, err := run("lpstat", "-W", "completed", "-o")
			return err == nil && strings.Contains(done, job+" ")
		})
		now, _ := filepath.Glob(spooled + "/*.pdf")
		for _, f := range now {
			if !strings.Contains("\n"+strings.Join(had, "\n")+"\n", "\n"+f+"\n") {
				t.Cleanup(func() { os.Remove(f) })
				return f
			}
		}
		log, _ := os.ReadFile(dir + "/log/error")
		t.Fatalf("the printer left nothing of %s\n%s", job, log)
		return ""
	}
}

// pictures are the pages of a file as they look.
func pictures(t *testing.T, file string) []image.Image {
	t.Helper()
	dir := t.TempDir()
	if b, err := exec.Command("pdftoppm", "-r", "40", "-gray", "-png", file, filepath.Join(dir, "p")).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, b)
	}
	names, err := filepath.Glob(filepath.Join(dir, "*.png"))
	if err != nil {
		t.Fatal(err)
	}
	var out []image.Image
	for _, n := range names {
		b, err := os.ReadFile(n)
		if err != nil {
			t.Fatal(err)
		}
		img, err := png.Decode(bytes.NewReader(b))
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, img)
	}
	return out
}

// turned is a picture turned clockwise by a quarter.
type turned struct{ image.Image }

func (t turned) Bounds() image.Rectangle {
	r := t.Image.Bounds()
	return image.Rect(0, 0, r.Dy(), r.Dx())
}

func (t turned) At(x, y int) color.Color {
	r := t.Image.Bounds()
	return t.Image.At(r.Min.X+y, r.Max.Y-1-x)
}

// apart is the share of a page on which two pictures differ plainly, one pixel
// of shift forgiven; 1 for pages of other sizes.
func apart(a, b image.Image) float64 {
	r := a.Bounds()
	if dx, dy := r.Dx()-b.Bounds().Dx(), r.Dy()-b.Bounds().Dy(); dx < -1 || dx > 1 || dy < -1 || dy > 1 {
		return 1
	}
	dark := func(m image.Image, x, y int) bool {
		if !(image.Point{x, y}).In(m.Bounds()) {
			return false
		}
		v, _, _, _ := m.At(x, y).RGBA()
		return v < 0x8000
	}
	near := func(m image.Image, x, y int) bool {
		for dy := -1; dy <= 1; dy++ {
			for dx := -1; dx <= 1; dx++ {
				if dark(m, x+dx, y+dy) {
					return true
				}
			}
		}
		return false
	}
	n := 0
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			if dark(a, x, y) && !near(b, x, y) || dark(b, x, y) && !near(a, x, y) {
				n++
			}
		}
	}
	return float64(n) / float64(r.Dx()*r.Dy())
}
