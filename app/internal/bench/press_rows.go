package main

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"golang.org/x/text/encoding/simplifiedchinese"

	"qianshao/app/internal/bridge"
	"qianshao/syncserver/office/document"
	"qianshao/syncserver/office/layout"
	sheets "qianshao/syncserver/paper"
	"qianshao/syncserver/paper/font"
	"qianshao/syncserver/paper/pdf"
)

// machinePress is what the rooms draw with: the fonts beside the programs.
type machinePress struct {
	bridge.Press
	set *font.Set
}

func (p machinePress) Fonts() *font.Set { return p.set }
func (p machinePress) URL(f *font.Font) string {
	return "/local/font/" + fmt.Sprintf("%08x", len(f.Path))
}

// common are the characters of GB 2312's first level, 3,755 of them, which are
// nearly all that official papers have and what their type faces are made for.
var common = func() []rune {
	d := simplifiedchinese.GBK.NewDecoder()
	var out []rune
	for row := byte(0xb0); row <= 0xd7; row++ {
		for col := byte(0xa1); col <= 0xfe && (row < 0xd7 || col <= 0xf9); col++ {
			out = append(out, []rune(got(d.String(string([]byte{row, col}))))...)
		}
	}
	return out
}()

// plain puts such characters in the place of rare ones, each time the same.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		if r < 0x4e00 {
			return r
		}
		return common[int(r)%len(common)]
	}, s)
}

// paperOf is a 通知 of about so many pages.
func paperOf(texts *corpus, pages int) sheets.Source {
	s := sheets.Sample(layout.FormatFile)
	s.Blocks = nil
	for n := 0; n < pages*pageChars*9/10; n += 150 {
		b := document.Block{ID: fmt.Sprintf("b%d", n), Type: document.BlockText, Text: plain(texts.text(148)) + "。"}
		if len(s.Blocks)%9 == 0 {
			b.Type, b.Level, b.Text = document.BlockHeading, 1, "一、工作安排"
		}
		s.Blocks = append(s.Blocks, b)
	}
	return s
}

func write(s sheets.Source, set *font.Set) (pages, size int) {
	d := sheets.Set(s)
	var b bytes.Buffer
	must(pdf.Write(&b, d, set, pdf.Options{Title: d.Title}))
	return len(d.Pages), b.Len()
}

func (b *bench) paperPart() {
	s := newStage(b.ctx, b.at("paper"), "")
	d := s.desk(people[0], "paper")
	got(d.Sync(b.ctx))
	b.press(s, d)
	d.close()
	s.close()
}

// press measures papers on pages: what a keystroke costs, what printing costs,
// and both beside an office program that does the same.
func (b *bench) press(s *stage, d *desk) {
	set := font.NewSet(font.Find(append([]string{"build/bin/fonts"}, font.Folders()...)))
	for _, c := range set.Choices() {
		if c.Font == nil || c.Font.CFF {
			b.note("papers are not measured: no TrueType font for %s", c.Face)
			return
		}
		b.note("face %s of paper: %s", c.Face, c.Font.Family)
	}
	cores := runtime.GOMAXPROCS(1)
	defer runtime.GOMAXPROCS(cores)

	one := paperOf(s.texts, 1)
	one.Blocks = one.Blocks[:2]
	n, _ := write(one, set) // warm
	// The page of the 版记 is a second side of the same sheet.
	b.goal(fmt.Sprintf("a paper of one page (%d sides) to PDF, warm", n), 50*time.Millisecond, func(int) { write(one, set) })

	forty := paperOf(s.texts, 40)
	p, f := sheets.Of(forty)
	t := layout.Preset(f)
	sides := 0
	key := func(i int) {
		blocks := append([]layout.Block(nil), p.Blocks...)
		blocks[20].Text += strings.Repeat("字", 1+i%3)
		q := p
		q.Blocks = blocks
		sides = len(layout.Set(q, t, layout.Options{}).Pages)
	}
	key(0)
	b.goal(fmt.Sprintf("setting a paper of %d pages anew after a keystroke", sides), 30*time.Millisecond, key)

	rooms := bridge.New(b.ctx, bridge.Options{Host: host{desk: d}, Kinds: s.cat.Kinds(), Now: time.Now, Rand: rand.Reader, Log: slog.New(slog.DiscardHandler), Press: machinePress{set: set}})
	in := bridge.PaperInput{Kind: document.Outgoing, Elements: bridge.Elements{Genre: forty.Genre, Title: forty.Title, Issuer: forty.Issuer, To: forty.To}}
	for _, x := range forty.Blocks {
		in.Blocks = append(in.Blocks, bridge.Block(x))
	}
	size := 0
	drawn := repeat(50, func(i int) {
		in.Blocks[20].Text += "字"
		size = len(got(json.Marshal(got(rooms.Papers.Draw(in)))))
	})
	b.add(row{what: "the same with fonts chosen and encoded for the window", ours: fmt.Sprintf("p95 %s, %.1f MB", ms(quantile(drawn, 0.95)), float64(size)/1e6), beside: "median " + ms(quantile(drawn, 0.5))})

	long := paperOf(s.texts, 100)
	heap()
	before := heap()
	const times = 8
	var held [times]layout.Document // many: what else goes on is small beside them
	for i := range held {
		held[i] = sheets.Set(long)
	}
	takes := (heap() - before) / times
	hundred := held[0]
	pages := len(hundred.Pages)
	var m1, m2 runtime.MemStats
	runtime.ReadMemStats(&m1)
	must(pdf.Write(new(bytes.Buffer), hundred, set, pdf.Options{}))
	runtime.ReadMemStats(&m2)
	runtime.KeepAlive(&held)
	b.add(row{what: fmt.Sprintf("memory of a paper of %d pages", pages), ours: fmt.Sprintf("%.1f MB a hundred pages, set", takes*100/float64(pages)),
		beside: fmt.Sprintf("its PDF takes %.1f MB on the way", float64(m2.TotalAlloc-m1.TotalAlloc)/1e6)})

	b.besideOffice(s, set)
}

// goal times f a hundred times. What it computes is told beside what passes on
// the clock, which on a busy machine is mostly waiting.
func (b *bench) goal(what string, goal time.Duration, f func(i int)) {
	before := cpu()
	ds := repeat(100, f)
	each := (cpu() - before) / 100
	p := quantile(ds, 0.95)
	b.add(row{what: what, ours: "p95 " + ms(p), beside: "median " + ms(quantile(ds, 0.5)) + ", processor time " + ms(each), goal: "≤ " + ms(goal), met: yes(p <= goal)})
}

// besideOffice converts a DOCX of the same text with LibreOffice, both on one
// core. The office program's start is measured by an empty file and not counted.
func (b *bench) besideOffice(s *stage, set *font.Set) {
	src := paperOf(s.texts, 200)
	var ours time.Duration
	var n int
	for range 3 {
		before := cpu()
		n, _ = write(src, set)
		if took := cpu() - before; ours == 0 || took < ours {
			ours = took
		}
	}
	// Both by the time of one processor, so that other work on the machine does
	// not count.
	r := row{what: fmt.Sprintf("a paper of %d pages, set and written as PDF, by processor time", n), ours: fmt.Sprintf("%s pages, %s", perSecond(n, ours), ms(ours)), goal: "≥ 20 ×"}
	dir := filepath.Join(b.dir, "docx")
	must(os.MkdirAll(dir, 0o755))
	must(os.WriteFile(filepath.Join(dir, "long.docx"), docx(src.Title, src.Blocks), 0o644))
	must(os.WriteFile(filepath.Join(dir, "empty.docx"), docx("", nil), 0o644))
	convert := func(name string) (time.Duration, error) {
		ctx, cancel := context.WithTimeout(b.ctx, 10*time.Minute)
		defer cancel()
		cmd := exec.CommandContext(ctx, "taskset", "-c", "0", "soffice", "-env:UserInstallation=file://"+dir+"/profile", "--headless", "--convert-to", "pdf", "--outdir", dir, filepath.Join(dir, name))
		if err := cmd.Run(); err != nil {
			return 0, err
		}
		return cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(), nil
	}
	if _, err := convert("empty.docx"); err != nil { // makes its profile
		r.beside, r.met = "LibreOffice is not here", ""
		b.add(r)
		return
	}
	start := got(convert("empty.docx"))
	whole := got(convert("long.docx"))
	pages := bytes.Count(got(os.ReadFile(filepath.Join(dir, "long.pdf"))), []byte("/Type/Page/"))
	theirs := whole - start
	ratio := (float64(n) / ours.Seconds()) / (float64(pages) / theirs.Seconds())
	r.beside = fmt.Sprintf("LibreOffice, an equal DOCX, %d pages: %s pages (%.1f s, its start of %.1f s not counted)", pages, perSecond(pages, theirs), whole.Seconds(), start.Seconds())
	r.ratio, r.met = fmt.Sprintf("%.0f ×", ratio), yes(ratio >= 20)
	b.add(r)

	// One paper, as an office prints it: the other program is started for it.
	short := paperOf(s.texts, 5)
	must(os.WriteFile(filepath.Join(dir, "short.docx"), docx(short.Title, short.Blocks), 0o644))
	before := cpu()
	for range 20 {
		n, _ = write(short, set)
	}
	mine := (cpu() - before) / 20
	other := got(convert("short.docx"))
	b.add(row{what: fmt.Sprintf("one paper of %d pages, the other program's start counted", n), ours: ms(mine), beside: "LibreOffice, an equal DOCX: " + ms(other), ratio: fmt.Sprintf("%.0f ×", other.Seconds()/mine.Seconds())})
}

// docx is a file of the same page and text for another program: the least that
// one can open.
func docx(title string, blocks []document.Block) []byte {
	escape := func(s string) string {
		var b bytes.Buffer
		must(xml.EscapeText(&b, []byte(s)))
		return b.String()
	}
	var body strings.Builder
	para := func(props, font, size, text string) {
		fmt.Fprintf(&body, `<w:p><w:pPr><w:spacing w:line="580" w:lineRule="exact"/>%s</w:pPr><w:r><w:rPr><w:rFonts w:eastAsia="%s" w:ascii="%s" w:hAnsi="%s"/><w:spacing w:val="-4"/><w:sz w:val="%s"/></w:rPr><w:t xml:space="preserve">%s</w:t></w:r></w:p>`, props, font, font, font, size, escape(text))
	}
	para(`<w:jc w:val="center"/>`, "Noto Serif CJK SC", "44", title)
	for _, x := range blocks {
		face := "FandolFang R"
		if x.Type == document.BlockHeading {
			face = "FandolHei"
		}
		para(`<w:ind w:firstLineChars="200" w:firstLine="640"/><w:jc w:val="both"/>`, face, "32", x.Text)
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, f := range []struct{ name, text string }{
		{"[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`},
		{"_rels/.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`},
		{"word/document.xml", `<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>` + body.String() +
			`<w:sectPr><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="2098" w:right="1474" w:bottom="1984" w:left="1588" w:header="851" w:footer="992" w:gutter="0"/></w:sectPr></w:body></w:document>`},
	} {
		w := got(z.Create(f.name))
		got(w.Write([]byte(f.text)))
	}
	must(z.Close())
	return b.Bytes()
}
