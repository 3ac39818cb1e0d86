package pdf

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/layout"
	"qianshao/syncserver/paper/font"
)

// -pdf.out FOLDER keeps the files that the tests write, to be looked at.
var keep = flag.String("pdf.out", "", "folder for the PDF files")

type example struct {
	Name   string
	Format layout.Format
	Paper  layout.Paper
}

// examples are the papers of the layout's tests, by file name.
func examples(t testing.TB) map[string]example {
	t.Helper()
	files, err := filepath.Glob("../../office/layout/testdata/papers/*.json")
	if err != nil || len(files) < 15 {
		t.Fatalf("%d papers, %v", len(files), err)
	}
	out := map[string]example{}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		var e example
		if err := json.Unmarshal(b, &e); err != nil {
			t.Fatalf("%s: %v", f, err)
		}
		out[strings.TrimSuffix(filepath.Base(f), ".json")] = e
	}
	return out
}

func fonts(t testing.TB) *font.Set {
	t.Helper()
	s := font.NewSet(font.Find(append([]string{"../../../build/bin/fonts"}, font.Folders()...)))
	for _, c := range s.Choices() {
		if c.Font == nil || c.Font.CFF {
			t.Fatalf("no TrueType font for %s: build/test --only packages installs them", c.Face)
		}
	}
	return s
}

func write(t testing.TB, s *font.Set, name string, d layout.Document) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, d, s, Options{Title: d.Title, Author: "清岚市人民政府办公室"}); err != nil {
		t.Fatal(err)
	}
	if *keep != "" {
		if err := os.WriteFile(filepath.Join(*keep, name+".pdf"), b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return b.Bytes()
}

// tool is a program that judges PDF files; build/test installs it.
func tool(t testing.TB, name string, args ...string) string {
	t.Helper()
	var out, bad bytes.Buffer
	c := exec.Command(name, args...)
	c.Stdout, c.Stderr = &out, &bad
	if err := c.Run(); err != nil {
		t.Fatalf("%s: %v\n%s%s", name, err, out.String(), bad.String())
	}
	return out.String()
}

// letters is a text without what only separates words on a page.
func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == 0x3000 || r == '\f' {
			return -1
		}
		return r
	}, s)
}

// read is the text of a document in the order of its runs.
func read(d layout.Document) string {
	var b strings.Builder
	for _, p := range d.Pages {
		for _, r := range p.Runs {
			b.WriteString(string(r.Text))
		}
	}
	return b.String()
}

// TestExamples: every example as a file that qpdf finds sound, whose fonts are
// all embedded, cut down to what is used and mapped to Unicode, and whose text
// comes out whole and in order.
func TestExamples(t *testing.T) {
	s := fonts(t)
	dir := t.TempDir()
	for name, e := range examples(t) {
		t.Run(name, func(t *testing.T) {
			d := layout.Set(e.Paper, layout.Preset(e.Format), layout.Options{})
			b := write(t, s, name, d)
			if !bytes.Equal(b, write(t, s, name, d)) {
				t.Error("written twice, the bytes differ")
			}
			file := filepath.Join(dir, name+".pdf")
			if err := os.WriteFile(file, b, 0o644); err != nil {
				t.Fatal(err)
			}
			tool(t, "qpdf", "--check", file)
			rows := strings.Split(strings.TrimSpace(tool(t, "pdffonts", file)), "\n")[2:]
			for _, r := range rows {
				if !strings.Contains(r, "CID TrueType") || !strings.Contains(r, "yes yes yes") {
					t.Errorf("font: %s", r)
				}
			}
			got, want := letters(tool(t, "pdftotext", "-raw", file, "-")), letters(read(d))
			if got != want {
				g, w := []rune(got), []rune(want)
				for i := range min(len(g), len(w)) {
					if g[i] != w[i] {
						t.Fatalf("at %d: %q, want %q", i, string(g[max(0, i-8):min(len(g), i+12)]), string(w[max(0, i-8):min(len(w), i+12)]))
					}
				}
				t.Fatalf("%d characters, want %d", len(g), len(w))
			}
			info := tool(t, "pdfinfo", file)
			for _, x := range []string{"Title:           " + d.Title, "清岚市人民政府办公室", fmt.Sprintf("Pages:           %d", len(d.Pages)), "(A4)"} {
				if !strings.Contains(info, x) {
					t.Errorf("no %q in\n%s", x, info)
				}
			}
		})
	}
}

// TestGenerated: the text of made-up papers, with words, numbers, marks and
// characters that the face lacks, comes out of their files as it went in.
func TestGenerated(t *testing.T) {
	s := fonts(t)
	e := examples(t)["07-yijian"]
	dir := t.TempDir()
	awkward := []string{"GB/T 9704-2012", "3.5%", "清政办发〔2026〕21号", "喆堃镕䶮祎", "e-mail：a@b.cn", "——", "“《甲》”", "100～200平方米", "(一)\\", "1.", "PM2.5", "︿", "①②③"}
	for seed := range uint64(24) {
		w := rand.New(rand.NewPCG(seed, 17))
		p := e.Paper
		p.Blocks = nil
		for i := range 1 + w.IntN(30) {
			b := e.Paper.Blocks[w.IntN(len(e.Paper.Blocks))]
			b.ID = strconv.Itoa(i)
			r := []rune(b.Text)
			at := w.IntN(len(r) + 1)
			b.Text = string(r[:at]) + awkward[w.IntN(len(awkward))] + string(r[at:])
			p.Blocks = append(p.Blocks, b)
		}
		d := layout.Set(p, layout.Preset(e.Format), layout.Options{})
		file := filepath.Join(dir, "x.pdf")
		if err := os.WriteFile(file, write(t, s, fmt.Sprintf("generated-%d", seed), d), 0o644); err != nil {
			t.Fatal(err)
		}
		if got, want := letters(tool(t, "pdftotext", "-raw", file, "-")), letters(read(d)); got != want {
			g, x := []rune(got), []rune(want)
			for i := range min(len(g), len(x)) {
				if g[i] != x[i] {
					t.Fatalf("seed %d at %d: %q, want %q", seed, i, string(g[max(0, i-8):min(len(g), i+12)]), string(x[max(0, i-8):min(len(x), i+12)]))
				}
			}
			t.Fatalf("seed %d: %d characters, want %d", seed, len(g), len(x))
		}
	}
}

// TestPlaces: the characters stand on the page where the layout put them, by
// the word boxes of pdftotext.
func TestPlaces(t *testing.T) {
	s := fonts(t)
	e := examples(t)["08-tongzhi"]
	d := layout.Set(e.Paper, layout.Preset(e.Format), layout.Options{})
	file := filepath.Join(t.TempDir(), "x.pdf")
	if err := os.WriteFile(file, write(t, s, "places", d), 0o644); err != nil {
		t.Fatal(err)
	}
	boxes := regexp.MustCompile(`<word xMin="([0-9.]+)" yMin="[0-9.]+" xMax="([0-9.]+)" yMax="[0-9.]+">([^<]+)</word>`).
		FindAllStringSubmatch(tool(t, "pdftotext", "-bbox", "-f", "1", "-l", "1", file, "-"), -1)
	want := map[string][2]float64{}
	for _, r := range d.Pages[0].Runs {
		if r.Part == layout.PartUrgency || r.Part == layout.PartMark {
			want[string(r.Text)] = [2]float64{r.X[0], r.End}
		}
	}
	seen := 0
	for _, b := range boxes {
		w, ok := want[b[3]]
		if !ok {
			continue
		}
		seen++
		for i := range 2 {
			v, _ := strconv.ParseFloat(b[1+i], 64)
			if got := v * 25.4 / 72; math.Abs(got-w[i]) > 0.1 {
				t.Errorf("%s: %.2f mm, want %.2f", b[3], got, w[i])
			}
		}
	}
	if seen != len(want) || seen == 0 {
		t.Errorf("%d of %d found among %d words", seen, len(want), len(boxes))
	}
}

// TestRefusals: a machine without a font is told, not drawn with boxes.
func TestNoFont(t *testing.T) {
	e := examples(t)["08-tongzhi"]
	d := layout.Set(e.Paper, layout.Preset(e.Format), layout.Options{})
	err := Write(io.Discard, d, font.NewSet(nil), Options{})
	if x := office.AsError(err); x == nil || x.Field != "fonts" {
		t.Errorf("%v", err)
	}
}

// Bookmarks lead to the title, the headings and the 附件.
func TestOutline(t *testing.T) {
	e := examples(t)["08-tongzhi"]
	d := layout.Set(e.Paper, layout.Preset(e.Format), layout.Options{})
	file := filepath.Join(t.TempDir(), "x.pdf")
	if err := os.WriteFile(file, write(t, fonts(t), "outline", d), 0o644); err != nil {
		t.Fatal(err)
	}
	out := tool(t, "qpdf", "--json", "--json-key=outlines", file)
	for _, x := range []string{"一、目标任务", "（二）规范建设。", "附件1　老旧小区充电桩点位分配表"} {
		if !strings.Contains(out, x) {
			t.Errorf("no bookmark %q", x)
		}
	}
}

// TestPreprinted: 套打 leaves out what is red and moves nothing.
func TestPreprinted(t *testing.T) {
	e := examples(t)["08-tongzhi"]
	d := layout.Set(e.Paper, layout.Preset(e.Format), layout.Options{})
	x := d.WithoutRed()
	for i, p := range x.Pages {
		black := 0
		for _, r := range d.Pages[i].Runs {
			if r.Ink != layout.Red {
				black++
			}
		}
		if black != len(p.Runs) || len(p.Runs) == 0 {
			t.Errorf("page %d: %d runs, want %d", i+1, len(p.Runs), black)
		}
		for _, r := range p.Runs {
			if r.Ink == layout.Red || r.Part == layout.PartMark {
				t.Error("red is left")
			}
		}
	}
	if bytes.Contains(write(t, fonts(t), "preprinted", x), []byte(red)) {
		t.Error("red in the file")
	}
}

func BenchmarkOnePage(b *testing.B) {
	s := fonts(b)
	e := examples(b)["06-tonggao"]
	e.Paper.Elements.CC, e.Paper.Elements.Printer, e.Paper.Elements.Printed = nil, "", ""
	for b.Loop() {
		d := layout.Set(e.Paper, layout.Preset(e.Format), layout.Options{})
		if len(d.Pages) != 1 {
			b.Fatal(len(d.Pages))
		}
		if err := Write(io.Discard, d, s, Options{Title: d.Title}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkLong is a paper of about a hundred pages, from its text to the file.
func BenchmarkLong(b *testing.B) {
	s := fonts(b)
	e := examples(b)["07-yijian"]
	var blocks []layout.Block
	for i := range 34 {
		for _, x := range e.Paper.Blocks {
			x.ID += strconv.Itoa(i)
			blocks = append(blocks, x)
		}
	}
	e.Paper.Blocks = blocks
	pages := 0
	b.ReportAllocs()
	for b.Loop() {
		d := layout.Set(e.Paper, layout.Preset(e.Format), layout.Options{})
		pages = len(d.Pages)
		if err := Write(io.Discard, d, s, Options{Title: d.Title}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(pages)*float64(b.N)/b.Elapsed().Seconds(), "pages/s")
	b.ReportMetric(float64(pages), "pages")
}

// The forms as files, with a code that a reader reads.
func TestSheets(t *testing.T) {
	s := fonts(t)
	for _, f := range layout.Sheets() {
		x := layout.Sheet{Fields: map[string]string{"unit": "清岚市人民政府办公室", "title": "关于开展老旧小区充电桩安装工作的通知"}, Areas: map[string][]layout.Opinion{}, Code: "https://qianshao.invalid/d/0199a0b1"}
		for _, r := range f.Rows {
			for _, c := range r.Cells {
				if c.Area != "" {
					x.Areas[c.Area] = []layout.Opinion{{Words: "同意。", By: "林知远", Unit: "市领导", Date: "11月24日"}, {Words: "请抓紧办理。\n每周报一次进展。", By: "许南乔", Date: "11月25日", Mark: "代录"}}
				}
				if c.Field != "" && x.Fields[c.Field] == "" {
					x.Fields[c.Field] = "清岚市"
				}
			}
		}
		for i := range 30 {
			x.List = append(x.List, map[string]string{"n": strconv.Itoa(i + 1), "code": "Q101-WS·2026-Y-BGS-0001", "number": "清政办发〔2026〕21号", "author": "市政府办公室", "title": "关于开展老旧小区充电桩安装工作的通知", "date": "20260616", "pages": "4"})
		}
		d := layout.SetSheet(x, f, layout.Options{})
		file := filepath.Join(t.TempDir(), f.ID+".pdf")
		if err := os.WriteFile(file, write(t, s, "sheet-"+f.ID, d), 0o644); err != nil {
			t.Fatal(err)
		}
		tool(t, "qpdf", "--check", file)
		if got := letters(tool(t, "pdftotext", "-raw", file, "-")); got != letters(read(d)) {
			t.Errorf("%s: the text differs", f.ID)
		}
	}
}
