package document_test

import (
	"testing"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/directory"
	"qianshao/syncserver/office/document"
)

// L9: 复核 classifies every change after 签发, with both sides of it kept; only
// corrections let the signed text stand for the present one.
func TestClassify(t *testing.T) {
	b := newBench(t)
	b.update(func(tx office.Tx) error {
		return directory.People.Patch(tx, "chu", office.Fields{"posts": []string{document.PostChecker}})
	})
	b.ok("li", draft())
	signed := b.header().ContentHash
	b.flow(document.Running, "chu")
	b.ok("chu", edit("title", draft().Title, draft().Title+"（修订）"))
	b.ok("chu", save(2, set("b1", "加快小区充电桩安装工作。", "加快小区充电桩安装。"), remove("b2", "完成120个点位。"), insert("b3", "b1", "新的一段。")))
	b.update(func(tx office.Tx) error {
		return document.Headers.Patch(tx, id, office.Fields{"flow_holders": []string{"chu"}})
	})
	now := b.header().ContentHash
	verdicts := []document.ChangeVerdict{
		{Place: "title", Sort: document.ChangeWording, Words: "漏字"}, {Place: "block:b1", Sort: document.ChangeWording},
		{Place: "block:b2", Sort: document.ChangeFormat}, {Place: "block:b3", Sort: document.ChangeFormat},
	}
	classify := func(f func(*document.Classify)) *document.Classify {
		x := &document.Classify{ID: id, From: signed, To: now, Changes: append([]document.ChangeVerdict(nil), verdicts...)}
		f(x)
		return x
	}
	for name, x := range map[string]struct {
		who  office.UserID
		code office.Code
		f    func(*document.Classify)
	}{
		"anybody":            {"li", office.CodeNotPermitted, func(*document.Classify) {}},
		"one change missing": {"chu", office.CodeInvalid, func(x *document.Classify) { x.Changes = x.Changes[1:] }},
		"one that is none":   {"chu", office.CodeInvalid, func(x *document.Classify) { x.Changes[0].Place = "note" }},
		"one twice":          {"chu", office.CodeInvalid, func(x *document.Classify) { x.Changes[1].Place = "title" }},
		"no such sort":       {"chu", office.CodeInvalid, func(x *document.Classify) { x.Changes[0].Sort = "x" }},
		"never had this":     {"chu", office.CodeElsewhere, func(x *document.Classify) { x.From = "abc" }},
		"changed again":      {"chu", office.CodeStaleBody, func(x *document.Classify) { x.To = signed; x.From = now }},
		"nothing":            {"chu", office.CodeInvalid, func(x *document.Classify) { x.Changes = nil }},
	} {
		if _, err := b.do(x.who, classify(x.f)); office.CodeOf(err) != x.code {
			t.Errorf("%s: %v", name, err)
		}
	}
	b.ok("chu", classify(func(x *document.Classify) { x.Changes[3].Sort = document.ChangeSubstance }))
	if len(b.header().Corrected) != 0 {
		t.Error("a change of substance is no correction")
	}
	b.ok("chu", classify(func(*document.Classify) {}))
	if c := b.header().Corrected; len(c) != 1 || c[0].From != signed || c[0].To != now {
		t.Errorf("%+v", c)
	}
	all := b.mem.All(document.Findings.Name)
	if len(all) != 2 {
		t.Fatalf("%d findings", len(all))
	}
	var f document.Finding
	for _, r := range all {
		if err := r.Decode(&f); err != nil {
			t.Fatal(err)
		}
		if f.By != "chu" || f.At == 0 || len(f.Changes) != 4 || string(f.Changes[0].Before) != `"`+draft().Title+`"` || f.Changes[2].After != nil || f.Changes[3].Before != nil {
			t.Errorf("%+v", f)
		}
	}
}

func TestCompare(t *testing.T) {
	v := func(title string, blocks ...document.Block) document.Version {
		return document.Version{Header: document.Elements{Title: title}, Blocks: blocks}
	}
	for _, x := range []struct {
		name          string
		before, after document.Version
		want          []string
	}{
		{"same", v("a", para("1", "x")), v("a", para("1", "x")), nil},
		{"title", v("a"), v("b"), []string{"title"}},
		{"attachment", v("a"), document.Version{Header: document.Elements{Title: "a"}, Files: []document.File{{Name: "表.pdf", SHA256: "00"}}}, []string{"attachments"}},
		{"moved", v("a", para("1", "x"), para("2", "y")), v("a", para("2", "y"), para("1", "x")), []string{"order"}},
		{"inserted before", v("a", para("1", "x")), v("a", para("2", "y"), para("1", "x")), []string{"block:2"}},
		{"deleted", v("a", para("1", "x"), para("2", "y")), v("a", para("2", "y")), []string{"block:1"}},
	} {
		var got []string
		for _, c := range document.Compare(x.before, x.after) {
			got = append(got, c.Place)
		}
		if len(got) != len(x.want) || len(got) > 0 && got[0] != x.want[0] {
			t.Errorf("%s: %v", x.name, got)
		}
	}
}
