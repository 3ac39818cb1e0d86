// Package pdf writes the pages of a layout as PDF: real text in reading order,
// fonts embedded with the glyphs that are used, bookmarks, document properties.
//
// The same document and fonts give the same bytes. The writer is our own
// because paper needs what the libraries do not give together: characters
// placed one by one within one text operator, fonts out of collections, faces
// fitted into the grid, and bytes that do not depend on the hour. It claims no
// PDF/A: nothing here has validated one.
package pdf

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"math"
	"sort"
	"strconv"
	"sync"
	"unicode/utf16"

	"github.com/klauspost/compress/zlib"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/layout"
	"qianshao/syncserver/paper/font"
)

// Options say what a file is called and who wrote it.
type Options struct {
	Title    string
	Author   string
	Subject  string
	Keywords string
	// Image answers a picture of the body as JPEG or PNG; nil or no bytes leave
	// an empty frame.
	Image func(source string) ([]byte, error)
}

// Write writes a document, page by page as they are made. It refuses, with
// CodeInternal on the field "fonts", when the machine has no TrueType font for a
// face the document is set in; what has been written by then is no file.
func Write(w io.Writer, d layout.Document, fonts *font.Set, o Options) error {
	p := &writer{set: fonts, subsets: map[*font.Font]*face{}, images: map[string]int{}, o: o, out: sink{w: w, sum: sha256.New()}, scratch: scratches.Get().(*scratch)}
	defer scratches.Put(p.scratch)
	return p.write(d)
}

// ErrNoFont is the code of the refusal for want of fonts.
const ErrNoFont = office.CodeInternal

type writer struct {
	set     *font.Set
	o       Options
	subsets map[*font.Font]*face
	faces   []*face
	images  map[string]int // object number by source
	out     sink
	offsets []int64 // of the objects in the file, by number, from 1
	*scratch
}

// scratch is what one paper after the other is made in.
type scratch struct {
	page   []byte       // a page's stream
	packed bytes.Buffer // a stream, compressed
}

var scratches = sync.Pool{New: func() any { return new(scratch) }}

// sink counts what goes into the file and keeps its digest, and the first
// error.
type sink struct {
	w   io.Writer
	sum hash.Hash
	n   int64
	err error
}

func (s *sink) write(b []byte) {
	s.sum.Write(b)
	s.pass(b)
}

// pass is write for what the digest knows already.
func (s *sink) pass(b []byte) {
	if s.err == nil {
		s.n += int64(len(b))
		_, s.err = s.w.Write(b)
	}
}

// expect makes room for so many bytes at once, where they go into memory.
func (s *sink) expect(n int) {
	if g, ok := s.w.(interface{ Grow(n int) }); ok {
		g.Grow(n)
	}
}

// face is a font of the file.
type face struct {
	font   *font.Font
	sub    *font.Subset
	name   string
	object int
}

// mm in points.
const mm = 72 / 25.4

// reserve takes the next object's number.
func (p *writer) reserve() int {
	p.offsets = append(p.offsets, 0)
	return len(p.offsets)
}

// begin writes an object's number and its dictionary.
func (p *writer) begin(n int, body string) {
	p.offsets[n-1] = p.out.n
	head := make([]byte, 0, 24+len(body))
	head = append(strconv.AppendInt(head, int64(n), 10), " 0 obj\n"...)
	p.out.write(append(head, body...))
}

func (p *writer) end() { p.out.write([]byte("\nendobj\n")) }

// put writes an object.
func (p *writer) put(n int, body string) {
	p.begin(n, body)
	p.end()
}

func (p *writer) add(body string) int {
	n := p.reserve()
	p.put(n, body)
	return n
}

// Packers are kept: they are large, and a page has one stream. Outlines of
// characters hardly repeat: of them only the digits are made shorter, which
// costs a third of the time for one twentieth of the size.
var (
	texts  = packers(zlib.BestSpeed)
	shapes = packers(zlib.HuffmanOnly)
)

func packers(level int) *sync.Pool {
	return &sync.Pool{New: func() any {
		zw, _ := zlib.NewWriterLevel(nil, level) // the level is known
		return zw
	}}
}

// stream adds a compressed stream.
func (p *writer) stream(dict string, data []byte) int {
	p.pack(texts, data)
	p.out.sum.Write(p.packed.Bytes())
	return p.keep(dict)
}

// outlines adds a font's file as a compressed stream. Its first part has the
// checksums of the others, which are not digested again.
func (p *writer) outlines(file [][]byte) int {
	p.pack(shapes, file...)
	p.out.sum.Write(file[0])
	size := 0
	for _, b := range file {
		size += len(b)
	}
	return p.keep(fmt.Sprintf("/Length1 %d", size))
}

// pack compresses into the scratch.
func (p *writer) pack(how *sync.Pool, parts ...[]byte) {
	p.packed.Reset()
	zw := how.Get().(*zlib.Writer)
	zw.Reset(&p.packed)
	for _, b := range parts {
		_, _ = zw.Write(b) // into memory
	}
	_ = zw.Close()
	how.Put(zw)
}

// keep adds what was packed, and digested, as a stream.
func (p *writer) keep(dict string) int {
	n := p.reserve()
	p.out.expect(p.packed.Len() + 4096)
	p.begin(n, fmt.Sprintf("<<%s/Length %d/Filter/FlateDecode>>stream\n", dict, p.packed.Len()))
	p.out.pass(p.packed.Bytes())
	p.out.write([]byte("\nendstream"))
	p.end()
	return n
}

func (p *writer) write(d layout.Document) error {
	p.out.write([]byte("%PDF-1.7\n%\xe5\x89\x8d\xe5\x93\xa8\n"))
	catalog, pages, info, resources := p.reserve(), p.reserve(), p.reserve(), p.reserve()
	kids := make([]int, 0, len(d.Pages))
	kidList := make([]byte, 0, 8*len(d.Pages))
	for i := range d.Pages {
		pg := &d.Pages[i]
		if err := p.content(pg); err != nil {
			return err
		}
		stream := p.stream("", p.page)
		turn := ""
		w, h := pg.W, pg.H
		if pg.Turned {
			w, h, turn = h, w, "/Rotate 90"
		}
		n := p.add(fmt.Sprintf("<</Type/Page/Parent %d 0 R/MediaBox[0 0 %s %s]%s/Resources %d 0 R/Contents %d 0 R>>",
			pages, num(w*mm), num(h*mm), turn, resources, stream))
		kids = append(kids, n)
		kidList = append(strconv.AppendInt(kidList, int64(n), 10), " 0 R "...)
	}
	p.put(pages, fmt.Sprintf("<</Type/Pages/Count %d/Kids[%s]>>", len(kids), kidList))
	if err := p.resources(resources); err != nil {
		return err
	}
	outline := p.outline(d, kids)
	extra := ""
	if outline > 0 {
		extra = fmt.Sprintf("/Outlines %d 0 R/PageMode/UseOutlines", outline)
	}
	p.put(catalog, fmt.Sprintf("<</Type/Catalog/Pages %d 0 R/Lang(zh-CN)/ViewerPreferences<</DisplayDocTitle true>>%s>>", pages, extra))
	p.put(info, fmt.Sprintf("<</Title %s/Author %s/Subject %s/Keywords %s/Creator %s/Producer %s>>",
		text(p.o.Title), text(p.o.Author), text(p.o.Subject), text(p.o.Keywords), text("前哨 "+d.Template), text("Qianshao")))
	return p.finish(catalog, info)
}

// finish writes cross references and trailer. The file's id is the digest of
// its content.
func (p *writer) finish(catalog, info int) error {
	id := hex.EncodeToString(p.out.sum.Sum(nil)[:16])
	xref := p.out.n
	b := fmt.Appendf(nil, "xref\n0 %d\n0000000000 65535 f \n", len(p.offsets)+1)
	for _, o := range p.offsets {
		b = fmt.Appendf(b, "%010d 00000 n \n", o)
	}
	b = fmt.Appendf(b, "trailer\n<</Size %d/Root %d 0 R/Info %d 0 R/ID[<%s><%s>]>>\nstartxref\n%d\n%%%%EOF\n", len(p.offsets)+1, catalog, info, id, id, xref)
	p.out.pass(b)
	return p.out.err
}

// num writes a length with three digits at most.
func num(f float64) string { return string(appendNum(nil, f)) }

// appendNum is num on a buffer: most of a file is numbers.
func appendNum(b []byte, f float64) []byte { return appendFixed(b, int64(math.Round(f*1000)), 100) }

// appendFine is appendNum with five digits, for what is repeated along a line.
func appendFine(b []byte, f float64) []byte {
	return appendFixed(b, int64(math.Round(f*100000)), 10000)
}

// appendFixed writes n as so many tens of top, without zeros at the end.
func appendFixed(b []byte, n, top int64) []byte {
	if n < 0 {
		b, n = append(b, '-'), -n
	}
	b = strconv.AppendInt(b, n/(10*top), 10)
	if n %= 10 * top; n == 0 {
		return b
	}
	b = append(b, '.')
	for ; n > 0; top /= 10 {
		b = append(b, byte('0'+n/top))
		n %= top
	}
	return b
}

// text is a text string of the file: UTF-16 with its mark, in hex.
func text(s string) string {
	b := []byte("<FEFF")
	for _, u := range utf16.Encode([]rune(s)) {
		b = hex4(b, u)
	}
	return string(append(b, '>'))
}

// outline writes the bookmarks and answers the object of their root, 0 for none.
func (p *writer) outline(d layout.Document, pages []int) int {
	type node struct {
		entry    layout.Entry
		object   int
		parent   int // index, -1: the root
		children []int
	}
	var nodes []node
	var open []int // indexes of the path
	entries := append([]layout.Entry(nil), d.Outline...)
	sort.SliceStable(entries, func(i, j int) bool {
		a, b := entries[i], entries[j]
		return a.Page < b.Page || a.Page == b.Page && a.Y < b.Y
	})
	for _, e := range entries {
		if e.Page >= len(pages) || e.Text == "" {
			continue
		}
		for len(open) > 0 && nodes[open[len(open)-1]].entry.Level >= e.Level {
			open = open[:len(open)-1]
		}
		n := node{entry: e, object: p.reserve(), parent: -1}
		if len(open) > 0 {
			n.parent = open[len(open)-1]
			nodes[n.parent].children = append(nodes[n.parent].children, len(nodes))
		}
		nodes = append(nodes, n)
		open = append(open, len(nodes)-1)
	}
	if len(nodes) == 0 {
		return 0
	}
	root := p.reserve()
	var top []int
	for i := range nodes {
		if nodes[i].parent < 0 {
			top = append(top, i)
		}
	}
	link := func(siblings []int, k int) string {
		s := ""
		if k > 0 {
			s += fmt.Sprintf("/Prev %d 0 R", nodes[siblings[k-1]].object)
		}
		if k+1 < len(siblings) {
			s += fmt.Sprintf("/Next %d 0 R", nodes[siblings[k+1]].object)
		}
		return s
	}
	var put func(siblings []int, parent int)
	put = func(siblings []int, parent int) {
		for k, i := range siblings {
			n := nodes[i]
			kids := ""
			if c := n.children; len(c) > 0 {
				kids = fmt.Sprintf("/First %d 0 R/Last %d 0 R/Count %d", nodes[c[0]].object, nodes[c[len(c)-1]].object, len(c))
			}
			page := d.Pages[n.entry.Page]
			dest := fmt.Sprintf("[%d 0 R/XYZ 0 %s 0]", pages[n.entry.Page], num((page.H-n.entry.Y)*mm))
			if page.Turned {
				dest = fmt.Sprintf("[%d 0 R/Fit]", pages[n.entry.Page])
			}
			p.put(n.object, fmt.Sprintf("<</Title %s/Parent %d 0 R/Dest%s%s%s>>", text(n.entry.Text), parent, dest, link(siblings, k), kids))
			put(n.children, n.object)
		}
	}
	put(top, root)
	p.put(root, fmt.Sprintf("<</Type/Outlines/First %d 0 R/Last %d 0 R/Count %d>>", nodes[top[0]].object, nodes[top[len(top)-1]].object, len(nodes)))
	return root
}
