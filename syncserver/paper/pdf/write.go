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
	"compress/zlib"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"math"
	"sort"
	"strconv"
	"sync"
	"unicode/utf16"

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

// Write writes a document. It refuses, with CodeInternal on the field "fonts",
// when the machine has no TrueType font for a face the document is set in.
func Write(w io.Writer, d layout.Document, fonts *font.Set, o Options) error {
	p := &writer{set: fonts, subsets: map[*font.Font]*face{}, images: map[string]int{}, o: o}
	return p.write(w, d)
}

// ErrNoFont is the code of the refusal for want of fonts.
const ErrNoFont = office.CodeInternal

type writer struct {
	set     *font.Set
	o       Options
	subsets map[*font.Font]*face
	faces   []*face
	images  map[string]int // object number by source
	objects [][]byte       // by number, from 1
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

func (p *writer) reserve() int {
	p.objects = append(p.objects, nil)
	return len(p.objects)
}

func (p *writer) set1(n int, body string) { p.objects[n-1] = []byte(body) }

func (p *writer) add(body string) int {
	n := p.reserve()
	p.set1(n, body)
	return n
}

// stream adds a compressed stream.
func (p *writer) stream(dict string, data []byte) int {
	n := p.reserve()
	p.objects[n-1] = streamOf(dict, data)
	return n
}

// deflaters are kept: each is more than a megabyte, and a page has one stream.
var deflaters = sync.Pool{New: func() any {
	zw, _ := zlib.NewWriterLevel(nil, zlib.BestSpeed)
	return zw
}}

func streamOf(dict string, data []byte) []byte {
	var z, b bytes.Buffer
	zw := deflaters.Get().(*zlib.Writer)
	zw.Reset(&z)
	zw.Write(data)
	zw.Close()
	deflaters.Put(zw)
	fmt.Fprintf(&b, "<<%s/Length %d/Filter/FlateDecode>>stream\n", dict, z.Len())
	b.Write(z.Bytes())
	b.WriteString("\nendstream")
	return b.Bytes()
}

func (p *writer) write(w io.Writer, d layout.Document) error {
	catalog, pages, info := p.reserve(), p.reserve(), p.reserve()
	resources := p.reserve()
	var kids []int
	var contents [][]byte
	for i := range d.Pages {
		c, err := p.content(&d.Pages[i])
		if err != nil {
			return err
		}
		contents = append(contents, c)
	}
	var kidList bytes.Buffer
	for i := range d.Pages {
		pg := &d.Pages[i]
		stream := p.stream("", contents[i])
		turn := ""
		w, h := pg.W, pg.H
		if pg.Turned {
			w, h, turn = h, w, "/Rotate 90"
		}
		n := p.add(fmt.Sprintf("<</Type/Page/Parent %d 0 R/MediaBox[0 0 %s %s]%s/Resources %d 0 R/Contents %d 0 R>>",
			pages, num(w*mm), num(h*mm), turn, resources, stream))
		kids = append(kids, n)
		fmt.Fprintf(&kidList, "%d 0 R ", n)
	}
	p.set1(pages, fmt.Sprintf("<</Type/Pages/Count %d/Kids[%s]>>", len(kids), kidList.String()))
	if err := p.resources(resources); err != nil {
		return err
	}
	outline := p.outline(d, kids)
	extra := ""
	if outline > 0 {
		extra = fmt.Sprintf("/Outlines %d 0 R/PageMode/UseOutlines", outline)
	}
	p.set1(catalog, fmt.Sprintf("<</Type/Catalog/Pages %d 0 R/Lang(zh-CN)/ViewerPreferences<</DisplayDocTitle true>>%s>>", pages, extra))
	p.set1(info, fmt.Sprintf("<</Title %s/Author %s/Subject %s/Keywords %s/Creator %s/Producer %s>>",
		text(p.o.Title), text(p.o.Author), text(p.o.Subject), text(p.o.Keywords), text("前哨 "+d.Template), text("Qianshao")))
	return p.finish(w, catalog, info)
}

// finish writes objects, cross references and trailer. The file's id is the
// digest of its content.
func (p *writer) finish(w io.Writer, catalog, info int) error {
	var b bytes.Buffer
	b.WriteString("%PDF-1.7\n%\xe5\x89\x8d\xe5\x93\xa8\n")
	offsets := make([]int, len(p.objects))
	for i, o := range p.objects {
		offsets[i] = b.Len()
		fmt.Fprintf(&b, "%d 0 obj\n", i+1)
		b.Write(o)
		b.WriteString("\nendobj\n")
	}
	sum := sha256.Sum256(b.Bytes())
	id := hex.EncodeToString(sum[:16])
	xref := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(p.objects)+1)
	for _, o := range offsets {
		fmt.Fprintf(&b, "%010d 00000 n \n", o)
	}
	fmt.Fprintf(&b, "trailer\n<</Size %d/Root %d 0 R/Info %d 0 R/ID[<%s><%s>]>>\nstartxref\n%d\n%%%%EOF\n", len(p.objects)+1, catalog, info, id, id, xref)
	_, err := w.Write(b.Bytes())
	return err
}

// num writes a length with three digits at most.
func num(f float64) string { return string(appendNum(nil, f)) }

// appendNum is num on a buffer: most of a file is numbers.
func appendNum(b []byte, f float64) []byte {
	n := int64(math.Round(f * 1000))
	if n < 0 {
		b, n = append(b, '-'), -n
	}
	b = strconv.AppendInt(b, n/1000, 10)
	if n %= 1000; n == 0 {
		return b
	}
	b = append(b, '.', byte('0'+n/100))
	if n %= 100; n == 0 {
		return b
	}
	b = append(b, byte('0'+n/10))
	if n %= 10; n == 0 {
		return b
	}
	return append(b, byte('0'+n))
}

// text is a text string of the file: UTF-16 with its mark, in hex.
func text(s string) string {
	b := []byte("<FEFF")
	for _, u := range utf16.Encode([]rune(s)) {
		b = append(b, fmt.Sprintf("%04X", u)...)
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
			p.set1(n.object, fmt.Sprintf("<</Title %s/Parent %d 0 R/Dest%s%s%s>>", text(n.entry.Text), parent, dest, link(siblings, k), kids))
			put(n.children, n.object)
		}
	}
	put(top, root)
	p.set1(root, fmt.Sprintf("<</Type/Outlines/First %d 0 R/Last %d 0 R/Count %d>>", nodes[top[0]].object, nodes[top[len(top)-1]].object, len(nodes)))
	return root
}
