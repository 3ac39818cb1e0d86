package bridge

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/directory"
	"qianshao/syncserver/office/document"
)

func person(d *fakeDesk, id string, p directory.Official) {
	p.State = directory.Active
	if p.Name == "" {
		p.Name = id
	}
	d.put(directory.People.Name, id, "", p)
}

// The operations that an edit becomes lead, through the command itself, to the
// very text that was on the page.
func TestBlockOps(t *testing.T) {
	types := []string{"text", "signature", "date"}
	gen := func(t *rapid.T, label string, ids []string) []Block {
		perm := rapid.Permutation(ids).Draw(t, label+" order")
		n := rapid.IntRange(0, len(ids)).Draw(t, label+" n")
		var out []Block
		for _, id := range perm[:n] {
			out = append(out, Block{
				ID: id, Type: rapid.SampledFrom(types).Draw(t, "type"), Text: rapid.SampledFrom([]string{"", "甲", "乙", "<b>"}).Draw(t, "text"),
			})
		}
		return out
	}
	ids := []string{"b1", "b2", "b3", "b4", "b5", "b6", "b7"}
	outer := t
	rapid.Check(t, func(t *rapid.T) {
		before, now := gen(t, "before", ids), gen(t, "now", ids)
		r, h, _ := newRooms(outer, "chu-yan")
		person(h.desk, "chu-yan", directory.Official{Unit: "mishu1"})
		made, err := r.Documents.Draft(DraftInput{Kind: document.Outgoing, Genre: "通知", Title: "测试", Blocks: before})
		if err != nil {
			t.Fatal(err)
		}
		_, err = r.Documents.Save(SaveInput{
			Base: DraftInput{ID: made.ID, Kind: document.Outgoing, Blocks: before},
			Now:  DraftInput{ID: made.ID, Kind: document.Outgoing, Blocks: now}, Rev: 1,
		})
		if err != nil {
			t.Fatal(err)
		}
		p, err := r.Documents.Page(made.ID)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.EqualFunc(p.Blocks, now, sameBlock) {
			t.Fatalf("before %v\nnow %v\ngot %v\nops %v", before, now, p.Blocks, blockOps(before, now))
		}
	})
}

func TestSaveSendsOnlyWhatChanged(t *testing.T) {
	r, h, _ := newRooms(t, "chu-yan")
	person(h.desk, "chu-yan", directory.Official{Unit: "mishu1"})
	in := DraftInput{Kind: document.Outgoing, Genre: "通知", Title: "旧标题", To: []string{"各区"}, Blocks: []Block{{ID: "b1", Type: "text", Text: "一"}}}
	made, err := r.Documents.Draft(in)
	if err != nil {
		t.Fatal(err)
	}
	opened, err := r.Documents.Open(made.ID)
	if err != nil {
		t.Fatal(err)
	}
	n := len(h.desk.given)
	if _, err := r.Documents.Save(SaveInput{Base: opened.Base, Now: opened.Now, Rev: opened.Rev}); err != nil || len(h.desk.given) != n {
		t.Fatalf("nothing changed, yet %d commands, %v", len(h.desk.given)-n, err)
	}
	now := opened.Now
	now.Title = "新标题"
	if _, err := r.Documents.Save(SaveInput{Base: opened.Base, Now: now, Rev: opened.Rev}); err != nil {
		t.Fatal(err)
	}
	got := h.desk.given[n:]
	if len(got) != 1 {
		t.Fatalf("%d commands", len(got))
	}
	e := got[0].(*document.Edit)
	if len(e.Changes) != 1 || e.Changes[0].Field != "title" || string(e.Changes[0].Old) != `"旧标题"` || string(e.Changes[0].New) != `"新标题"` {
		t.Errorf("changes: %s", fmt.Sprint(e.Changes))
	}
}

func TestAutosave(t *testing.T) {
	r, _, _ := newRooms(t, "chu-yan")
	if k, err := r.Documents.Kept("new-out"); err != nil || k.Found {
		t.Fatalf("found %v, %v", k, err)
	}
	want := Autosave{Now: DraftInput{Title: "写到一半", Blocks: []Block{{ID: "b", Type: "text", Text: "䶮"}}}, Rev: 3}
	if err := r.Documents.Keep("new-out", want); err != nil {
		t.Fatal(err)
	}
	k, err := r.Documents.Kept("new-out")
	if err != nil || !k.Found || k.Now.Title != "写到一半" || k.Now.Blocks[0].Text != "䶮" || k.Rev != 3 || k.At != office.Millis(start) {
		t.Errorf("kept %+v, %v", k, err)
	}
	if err := r.Documents.Forget("new-out"); err != nil {
		t.Fatal(err)
	}
	if k, _ := r.Documents.Kept("new-out"); k.Found {
		t.Error("forgotten, yet found")
	}
	if err := r.Approvals.KeepWords("t1", "同意"); err != nil {
		t.Fatal(err)
	}
	if s, err := r.Approvals.KeptWords("t1"); err != nil || s != "同意" {
		t.Errorf("words %q, %v", s, err)
	}
}

// How a paper is printed goes the same way as its elements: what differs, and
// only that, is changed.
func TestForm(t *testing.T) {
	r, h, _ := newRooms(t, "chu-yan")
	person(h.desk, "chu-yan", directory.Official{Unit: "mishu1"})
	made, err := r.Documents.Draft(DraftInput{Kind: document.Outgoing, Genre: "命令", Title: "公布办法", Form: Form{Seal: "sign", SignTitle: "市长"}})
	if err != nil {
		t.Fatal(err)
	}
	open, err := r.Documents.Open(made.ID)
	if err != nil || open.Now.Form.SignTitle != "市长" {
		t.Fatalf("%+v %v", open.Now.Form, err)
	}
	next := open.Now
	next.Form.CopyNo, next.Form.Present = "7", []string{"甲"}
	if c := elementChanges(open.Base, next); c.err != nil || len(c.list) != 2 || c.list[0].Field != "copy_no" || c.list[1].Field != "present" {
		t.Fatalf("%+v %v", c.list, c.err)
	}
	if _, err := r.Documents.Save(SaveInput{Now: next, Base: open.Base, Rev: open.Rev}); err != nil {
		t.Fatal(err)
	}
	p, err := r.Documents.Page(made.ID)
	if f := p.Elements.Form; err != nil || f.CopyNo != "7" || f.Seal != "sign" || !slices.Equal(f.Present, []string{"甲"}) || !p.Intact {
		t.Errorf("%+v %v", f, err)
	}
}
