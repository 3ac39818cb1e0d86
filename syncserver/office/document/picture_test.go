package document_test

import (
	"maps"
	"strings"
	"testing"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/document"
)

var (
	sha1st = strings.Repeat("ab", 32)
	sha2nd = strings.Repeat("cd", 32)
)

func picture(id, sha, caption string) document.Block {
	return document.Block{ID: id, Type: document.BlockImage, Text: caption, Attrs: map[string]string{
		document.AttrSHA256: sha, document.AttrWidth: "120", document.AttrW: "1600", document.AttrH: "1200", document.AttrAlt: "泵站现场",
	}}
}

func attachPicture(id, sha string) *document.Attach {
	return &document.Attach{ID: id, Document: "d1", Name: id + ".png", Type: "image/png", Size: 9, SHA256: sha, Inline: true}
}

func put(x document.Block, after string) document.Op {
	return document.Op{Op: document.OpInsert, Block: x.ID, After: after, New: &x}
}

// TestPicture: a picture stands in the text, is kept by versions, is found by
// its caption, and cannot be taken off while it is shown.
func TestPicture(t *testing.T) {
	b := drafted(t)
	b.ok("li", attachPicture("p1", sha1st))
	b.ok("li", save(2, put(picture("i1", sha1st, "图1 一号泵站"), "b1")))
	if b.text() != "b1:"+text1+" i1:图1 一号泵站 b2:"+text2 {
		t.Error(b.text())
	}
	vs := b.versions()
	last := vs[len(vs)-1]
	if len(last.Files) != 1 || last.Files[0].SHA256 != sha1st || last.Blocks[1].Attrs[document.AttrSHA256] != sha1st {
		t.Errorf("%+v", last)
	}
	r, _ := b.mem.Get(document.Bodies.Name, id)
	if !strings.Contains(document.Bodies.SearchText(r), "一号泵站") {
		t.Error("its caption is not found")
	}
	if w, h := document.ImageSize(b.blocks()[1]); w != 120 || h != 90 {
		t.Errorf("%v×%v", w, h)
	}
	b.refused("li", &document.Detach{ID: "p1", Document: "d1"}, office.CodeState)
	now := b.blocks()[1]
	b.ok("li", save(3, document.Op{Op: document.OpDelete, Block: "i1", Old: &now}))
	b.ok("li", &document.Detach{ID: "p1", Document: "d1"})
}

// TestPictureMerges: the caption merges word by word, width and words for the
// blind as flags.
func TestPictureMerges(t *testing.T) {
	b := drafted(t)
	b.ok("li", attachPicture("p1", sha1st))
	old := picture("i1", sha1st, "图1 一号泵站现场")
	b.ok("li", save(2, put(old, "b1")))
	chu, li := old, old
	chu.Text = "图1 一号大型泵站现场"
	li.Text, li.Attrs = "图1 一号泵站现场照片", maps.Clone(old.Attrs)
	li.Attrs[document.AttrWidth] = "80"
	b.ok("chu", save(3, document.Op{Op: document.OpSet, Block: "i1", Old: &old, New: &chu}))
	if note := b.ok("li", save(3, document.Op{Op: document.OpSet, Block: "i1", Old: &old, New: &li})); note != office.NoteMerged {
		t.Error(note)
	}
	if got := b.blocks()[1]; got.Text != "图1 一号大型泵站现场照片" || got.Attrs[document.AttrWidth] != "80" || got.Attrs[document.AttrSHA256] != sha1st {
		t.Errorf("%+v", got)
	}
}

// TestPictureRefused: a block names a picture of this very paper or is refused,
// whichever command brings it.
func TestPictureRefused(t *testing.T) {
	b := drafted(t)
	b.ok("li", attachPicture("p1", sha1st))
	b.ok("li", &document.Attach{ID: "a1", Document: "d1", Name: "值班表.xlsx", Size: 9, SHA256: sha2nd})
	other := draft()
	other.ID = "d2"
	b.ok("li", other)
	foreign := strings.Repeat("ef", 32)
	b.ok("li", &document.Attach{ID: "p2", Document: "d2", Name: "x.png", Type: "image/png", Size: 9, SHA256: foreign, Inline: true})

	b.refused("li", save(3, put(picture("i1", foreign, ""), "b1")), office.CodeNoBlob) // another paper's
	b.refused("li", save(3, put(picture("i1", sha2nd, ""), "b1")), office.CodeNoBlob)  // a file that is no picture of the text
	b.refused("li", save(3, put(picture("i1", strings.Repeat("00", 32), ""), "b1")), office.CodeNoBlob)
	o, n := para("b1", text1), picture("b1", sha1st, "")
	b.refused("li", save(3, document.Op{Op: document.OpSet, Block: "b1", Old: &o, New: &n}), office.CodeInvalid)
	with := draft()
	with.ID, with.Blocks = "d3", append(with.Blocks, picture("i1", sha1st, ""))
	b.refused("li", with, office.CodeNoBlob)
	in := register()
	in.ID, in.Blocks = "d4", []document.Block{picture("i1", sha1st, "")}
	b.refused("ding", in, office.CodeNoBlob)

	for name, change := range map[string]func(*document.Block){
		"no hash":      func(x *document.Block) { delete(x.Attrs, document.AttrSHA256) },
		"a path":       func(x *document.Block) { x.Attrs[document.AttrSHA256] = "../../etc/passwd" },
		"too narrow":   func(x *document.Block) { x.Attrs[document.AttrWidth] = "9" },
		"too wide":     func(x *document.Block) { x.Attrs[document.AttrWidth] = "157" },
		"half a mm":    func(x *document.Block) { x.Attrs[document.AttrWidth] = "99.5" },
		"signed":       func(x *document.Block) { x.Attrs[document.AttrWidth] = "+99" },
		"no pixels":    func(x *document.Block) { x.Attrs[document.AttrW] = "0" },
		"many pixels":  func(x *document.Block) { x.Attrs[document.AttrH] = "10001" },
		"two lines":    func(x *document.Block) { x.Text = "图1\n图2" },
		"long caption": func(x *document.Block) { x.Text = strings.Repeat("字", 201) },
		"long alt":     func(x *document.Block) { x.Attrs[document.AttrAlt] = strings.Repeat("字", 201) },
	} {
		x := picture("i1", sha1st, "")
		change(&x)
		if _, err := b.do("li", save(3, put(x, "b1"))); office.CodeOf(err) != office.CodeInvalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	b.refused("xu", attachPicture("p9", sha2nd), office.CodeNotPermitted)
	gif := attachPicture("p3", sha2nd)
	gif.Type = "image/gif"
	b.refused("li", gif, office.CodePicture)
	large := attachPicture("p3", sha2nd)
	large.Size = office.MaxPicture + 1
	b.refused("li", large, office.CodeTooLarge)
	if b.text() != "b1:"+text1+" b2:"+text2 {
		t.Error(b.text())
	}
}
