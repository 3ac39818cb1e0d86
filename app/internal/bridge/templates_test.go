package bridge

import (
	"testing"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/directory"
	"qianshao/syncserver/office/layout"
)

// A template goes from the page to the command and back, drawn as it is typed;
// a paper is set with the one it was issued with.
func TestTemplates(t *testing.T) {
	r, h, _ := newRooms(t, "gao")
	r.core.press = &fakePress{set: machineFonts()}
	person(h.desk, "gao", directory.Official{Name: "高原", Roles: []string{directory.RoleSysAdmin}})
	book, err := r.Papers.Templates()
	if err != nil || !book.MayPut || len(book.List) != len(layout.Presets()) || !book.List[0].Preset || len(book.List[0].Numbers) != len(layout.Limits()) {
		t.Fatalf("%+v %v", book, err)
	}
	in := TemplateInput{Name: "市政府文件", Format: "file", Words: "标志上移", Numbers: []TemplateNumber{{Field: "mark_top", Value: 60_000}}, Flags: []TemplateFlag{{"bold_third", true}}}
	if v, err := r.Papers.Sample(in); err != nil || len(v.Pages) < 2 {
		t.Fatalf("%v", err)
	}
	done, err := r.Papers.PutTemplate(in)
	if err != nil {
		t.Fatal(err)
	}
	x := h.desk.given[len(h.desk.given)-1].(*layout.PutTemplate)
	if x.Template.MarkTop != 60 || !x.Template.BoldThird || x.Template.Top != 37 || x.Template.ID != done.ID || x.Base != 0 || x.Words != "标志上移" {
		t.Errorf("%+v", x)
	}
	if book, err = r.Papers.Templates(); err != nil {
		t.Fatal(err)
	}
	own := book.List[len(book.List)-1]
	if own.Key != done.ID || own.Version != 1 || own.Preset || len(own.Versions) != 1 || own.By != "高原" || own.Numbers[6].Field != "mark_top" || own.Numbers[6].Value != 60_000 {
		t.Errorf("%+v", own)
	}
	markTop := func(e Elements) int {
		t.Helper()
		in := notice()
		e.Title, e.Genre, e.Issuer = in.Elements.Title, in.Elements.Genre, in.Elements.Issuer
		in.Elements = e
		v, err := r.Papers.Draw(in)
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range v.Pages[0].Runs {
			if x.Part == "mark" {
				return x.Y - x.Size*88/100
			}
		}
		return 0
	}
	if y := markTop(Elements{}); y != 60_000 {
		t.Errorf("a paper that is not issued: %d", y)
	}
	if y := markTop(Elements{Template: "gb-file@1"}); y != 72_000 {
		t.Errorf("one that was issued before: %d", y)
	}
	if y := markTop(Elements{Template: done.ID + "@1"}); y != 60_000 {
		t.Errorf("one that was issued with it: %d", y)
	}
	if y := markTop(Elements{Template: "gone@9"}); y != 60_000 {
		t.Errorf("one whose template is not here: %d", y)
	}
	for _, bad := range []TemplateInput{
		{Name: "x", Format: "file", Words: "y", Numbers: []TemplateNumber{{Field: "top", Value: 5_000}}},
		{Name: "x", Format: "file", Words: "y", Numbers: []TemplateNumber{{Field: "colour", Value: 5_000}}},
		{Name: "x", Format: "file", Words: "y", Numbers: []TemplateNumber{{Field: "lines", Value: 22_500}}},
		{Name: "x", Format: "poster", Words: "y"},
	} {
		_, err := r.Papers.PutTemplate(bad)
		refused(t, err, office.CodeInvalid)
		_, err = r.Papers.Sample(bad)
		refused(t, err, office.CodeInvalid)
	}
	r2, h2, _ := newRooms(t, "li")
	person(h2.desk, "li", directory.Official{Name: "李"})
	if book, err := r2.Papers.Templates(); err != nil || book.MayPut {
		t.Errorf("anybody may: %v", err)
	}
	_, err = r2.Papers.PutTemplate(in)
	refused(t, err, office.CodeNotPermitted)
}

// Which font plays each face is said, and a folder is chosen; what is none is
// refused.
func TestFaces(t *testing.T) {
	r, _, _ := newRooms(t, "gao")
	r.core.press = &fakePress{set: machineFonts()}
	b, err := r.Papers.UseFonts("/fonts ")
	if err != nil || b.Folder != "/fonts" || len(b.Policy) != 1 || len(b.Faces) != len(layout.Faces) || b.Faces[0].Face != "xbs" {
		t.Fatalf("%+v %v", b, err)
	}
	for _, bad := range []string{"fonts", "../x", "/empty"} {
		_, err := r.Papers.UseFonts(bad)
		refused(t, err, office.CodeInvalid)
	}
	if b, err := r.Papers.UseFonts(""); err != nil || b.Folder != "" {
		t.Errorf("%+v %v", b, err)
	}
}
