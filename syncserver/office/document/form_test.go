package document_test

import (
	"slices"
	"testing"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/document"
)

// TestForm: how a paper is printed is part of what is signed, is edited and
// merged field by field, and holds nothing that its lists do not know.
func TestForm(t *testing.T) {
	b := newBench(t)
	x := draft()
	x.Genre, x.Form = "纪要", document.Form{CopyNo: "12", Seal: document.SealNone, Present: []string{"陈望舒"}}
	b.ok("li", x)
	first := b.header()
	if first.Seal != document.SealNone || first.ContentHash != document.ContentHash(first.Elements(), b.blocks()) || b.versions()[0].Header.CopyNo != "12" {
		t.Errorf("%+v", first)
	}
	b.ok("li", edit("seal", "none", "sign"))
	if h := b.header(); h.Rev != 2 || h.ContentHash == first.ContentHash {
		t.Error("a paper signed otherwise is the same content")
	}
	b.ok("li", edit("present", []string{"陈望舒"}, []string{"陈望舒", "林知远"}))
	if note := b.ok("li", edit("present", []string{"陈望舒"}, []string{"陈望舒", "许南乔"})); note != office.NoteMerged {
		t.Errorf("note %q", note)
	}
	if h := b.header(); !slices.Equal(h.Present, []string{"陈望舒", "林知远", "许南乔"}) {
		t.Errorf("%v", h.Present)
	}
	if note := b.ok("li", edit("seal", "none", "")); note != office.NoteConflict || b.header().Seal != document.SealSign {
		t.Errorf("two seals: note %q, %q", note, b.header().Seal)
	}
	for field, v := range map[string]any{
		"copy_no": "1234567", "joint": "all", "seal": "round", "sign_title": "市\n长", "present": []string{"甲", "甲"}, "also_signed": []string{""},
	} {
		b.refused("li", edit(field, nil, v), office.CodeInvalid)
	}
	b.refused("li", edit("copy_no", nil, "壹"), office.CodeInvalid)
	b.refused("chu", edit("seal", "sign", ""), office.CodeNotPermitted)
	found := document.Compare(document.Version{Header: first.Elements()}, document.Version{Header: b.header().Elements()})
	var places []string
	for _, f := range found {
		places = append(places, f.Place)
	}
	if !slices.Equal(places, []string{"seal", "present"}) {
		t.Errorf("复核 sees %v", places)
	}
}

// TestAnnex: an 附件 is a block among the others, so that it merges as they do.
func TestAnnex(t *testing.T) {
	b := newBench(t)
	b.ok("li", draft())
	annex := document.Block{ID: "x1", Type: document.BlockAnnex, Text: "点位分配表", Attrs: map[string]string{document.AttrTurned: document.Yes}}
	b.ok("li", save(1, document.Op{Op: document.OpInsert, Block: "x1", After: "b2", New: &annex}, insert("x2", "x1", "东屏区52个。")))
	if bs := b.blocks(); len(bs) != 4 || bs[2].Type != document.BlockAnnex || bs[3].ID != "x2" {
		t.Errorf("%+v", bs)
	}
	level := document.Block{ID: "x3", Type: document.BlockAnnex, Level: 1}
	b.refused("li", save(2, document.Op{Op: document.OpInsert, Block: "x3", New: &level}), office.CodeInvalid)
}
