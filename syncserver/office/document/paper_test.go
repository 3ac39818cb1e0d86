package document_test

import (
	"slices"
	"strings"
	"testing"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/document"
)

// TestDraft: header, body and first version agree; the author's own unit; a
// draft is nobody else's.
func TestDraft(t *testing.T) {
	b := newBench(t)
	b.ok("li", draft())
	h := b.header()
	if h.Drafter != "li" || h.Unit != "si" || h.Rev != 1 || h.FlowState != document.Draft || h.Created == 0 || h.Number != "" {
		t.Errorf("%+v", h)
	}
	vs := b.versions()
	if len(vs) != 1 || vs[0].Hash != h.ContentHash || vs[0].Author != "li" || vs[0].Claimed >= vs[0].At || len(vs[0].Blocks) != 2 {
		t.Errorf("%+v", vs)
	}
	if h.ContentHash != document.ContentHash(h.Elements(), b.blocks()) {
		t.Error("the hash is of another content")
	}
	b.refused("li", draft(), office.CodeExists)
	audience := func() []office.Channel {
		r, _ := b.mem.Get(document.Headers.Name, id)
		cs, err := document.Headers.Audience(r)
		if err != nil {
			t.Fatal(err)
		}
		slices.Sort(cs)
		return slices.Compact(cs)
	}
	if a := audience(); !slices.Equal(a, []office.Channel{"u:li"}) {
		t.Errorf("a draft reaches %v", a)
	}
	b.flow(document.Running, "chu")
	b.update(func(tx office.Tx) error {
		return document.Headers.Patch(tx, id, office.Fields{"readers": []string{"lin"}, "editors": []string{"xu"}, "flow_holders": []string{"ding"}})
	})
	if a := audience(); !slices.Equal(a, []office.Channel{"u:chu", "u:ding", "u:li", "u:lin", "u:xu", "unit:si"}) {
		t.Errorf("a running paper reaches %v", a)
	}
	b.update(func(tx office.Tx) error {
		return document.Headers.Patch(tx, id, office.Fields{"level": document.LevelInternal})
	})
	if slices.Contains(audience(), "unit:si") {
		t.Error("内部 reaches the whole unit")
	}
}

// TestCheck: every limit and list, in a draft and, where the field can be
// edited, in an edit; L15: 涉密 levels by any spelling.
func TestCheck(t *testing.T) {
	long := strings.Repeat("长", 101)
	many := make([]string, 101)
	for i := range many {
		many[i] = strings.Repeat("名", i+1)
	}
	for _, x := range []struct {
		name  string
		spoil func(d *document.DraftPaper)
		edit  *document.Edit
		code  office.Code
		field string
	}{
		{"绝密", func(d *document.DraftPaper) { d.Level = "绝密" }, edit("level", nil, "绝密"), office.CodeClassified, "level"},
		{"机密", func(d *document.DraftPaper) { d.Level = "机密★1年" }, edit("level", nil, "机密★1年"), office.CodeClassified, "level"},
		{"秘密", func(d *document.DraftPaper) { d.Level = " 秘密" }, edit("level", nil, " 秘密"), office.CodeClassified, "level"},
		{"other level", func(d *document.DraftPaper) { d.Level = "公开" }, edit("level", nil, "公开"), office.CodeInvalid, "level"},
		{"no title", func(d *document.DraftPaper) { d.Title = " " }, edit("title", draft().Title, ""), office.CodeInvalid, "title"},
		{"long title", func(d *document.DraftPaper) { d.Title = strings.Repeat("题", 201) }, edit("title", draft().Title, strings.Repeat("题", 201)), office.CodeInvalid, "title"},
		{"NUL in the title", func(d *document.DraftPaper) { d.Title = "a\x00" }, nil, office.CodeInvalid, "title"},
		{"title not UTF-8", func(d *document.DraftPaper) { d.Title = "a\xff" }, nil, office.CodeInvalid, "title"},
		{"two lines", func(d *document.DraftPaper) { d.Title = "a\nb" }, edit("title", draft().Title, "a\nb"), office.CodeInvalid, "title"},
		{"文种", func(d *document.DraftPaper) { d.Genre = "公函" }, edit("genre", "通知", "公函"), office.CodeInvalid, "genre"},
		{"urgency", func(d *document.DraftPaper) { d.Urgency = "快" }, edit("urgency", nil, "快"), office.CodeInvalid, "urgency"},
		{"公开属性", func(d *document.DraftPaper) { d.Publicity = "公开" }, edit("publicity", "主动公开", "公开"), office.CodeInvalid, "publicity"},
		{"incoming", func(d *document.DraftPaper) { d.Direction = document.Incoming }, edit("direction", "out", "in"), office.CodeInvalid, "direction"},
		{"主送", func(d *document.DraftPaper) { d.To = []string{long} }, edit("to", draft().To, []string{long}), office.CodeInvalid, "to"},
		{"主送 twice", func(d *document.DraftPaper) { d.To = []string{"甲", "甲"} }, edit("to", draft().To, []string{"甲", "甲"}), office.CodeInvalid, "to"},
		{"many 抄送", func(d *document.DraftPaper) { d.CC = many }, edit("cc", nil, many), office.CodeInvalid, "cc"},
		{"leader", func(d *document.DraftPaper) { d.Leader = "../x" }, edit("leader", "xu", "../x"), office.CodeInvalid, "leader"},
		{"cosigners twice", func(d *document.DraftPaper) { d.Cosigners = []office.UserID{"xu", "xu"} }, edit("cosigners", nil, []string{"xu", "xu"}), office.CodeInvalid, "cosigners"},
		{"copies", func(d *document.DraftPaper) { d.Copies = -1 }, edit("copies", nil, -1), office.CodeInvalid, "copies"},
		{"series of incoming", func(d *document.DraftPaper) { d.Series = "shang" }, edit("series", "qzbf", "shang"), office.CodeInvalid, "series"},
		{"no such series", func(d *document.DraftPaper) { d.Series = "none" }, edit("series", "qzbf", "none"), office.CodeInvalid, "series"},
		{"another unit", func(d *document.DraftPaper) { d.Unit = "yi" }, edit("unit", "si", "yi"), office.CodeNotPermitted, "unit"},
		{"id", func(d *document.DraftPaper) { d.ID = "../x" }, nil, office.CodeInvalid, "id"},
		{"block id", func(d *document.DraftPaper) { d.Blocks[0].ID = "" }, nil, office.CodeInvalid, "block"},
		{"block twice", func(d *document.DraftPaper) { d.Blocks[0].ID = "b2" }, nil, office.CodeInvalid, "block:b2"},
		{"block type", func(d *document.DraftPaper) { d.Blocks[0].Type = "html" }, nil, office.CodeInvalid, "block:b1"},
		{"level without heading", func(d *document.DraftPaper) { d.Blocks[0].Level = 1 }, nil, office.CodeInvalid, "block:b1"},
		{"heading without level", func(d *document.DraftPaper) { d.Blocks[0].Type = document.BlockHeading }, nil, office.CodeInvalid, "block:b1"},
		{"long block", func(d *document.DraftPaper) { d.Blocks[0].Text = strings.Repeat("字", 20001) }, nil, office.CodeInvalid, "block:b1"},
		{"NUL in a block", func(d *document.DraftPaper) { d.Blocks[0].Text = "a\x00" }, nil, office.CodeInvalid, "block:b1"},
		{"attribute", func(d *document.DraftPaper) { d.Blocks[0].Attrs = map[string]string{"": "x"} }, nil, office.CodeInvalid, "block:b1"},
		{"many blocks", func(d *document.DraftPaper) { d.Blocks = make([]document.Block, 2001) }, nil, office.CodeTooLarge, "blocks"},
		{"a field that is the flow's", nil, edit("flow_state", "", "done"), office.CodeInvalid, "flow_state"},
		{"a field that is the server's", nil, edit("number", nil, "1"), office.CodeInvalid, "number"},
		{"the hash", nil, edit("content_hash", nil, "x"), office.CodeInvalid, "content_hash"},
		{"a value of another type", nil, edit("title", draft().Title, 7), office.CodeInvalid, "title"},
		{"a list of other things", nil, edit("to", draft().To, []int{7}), office.CodeInvalid, "to"},
		{"no changes", nil, &document.Edit{ID: id}, office.CodeInvalid, "changes"},
		{"twice", nil, &document.Edit{ID: id, Changes: append(edit("note", nil, "a").Changes, edit("note", nil, "b").Changes...)}, office.CodeInvalid, "note"},
	} {
		t.Run(x.name, func(t *testing.T) {
			b := newBench(t)
			if x.spoil != nil {
				d := draft()
				x.spoil(d)
				_, err := b.do("li", d)
				if e := office.AsError(err); e == nil || e.Code != x.code || e.Field != x.field {
					t.Errorf("draft: %v, want %s (%s)", err, x.code, x.field)
				}
				if len(b.mem.All(document.Headers.Name))+len(b.mem.All(document.Versions.Name)) > 0 {
					t.Error("the refused draft left something")
				}
			}
			if x.edit != nil {
				b.ok("li", draft())
				_, err := b.do("li", x.edit)
				code := x.code
				if x.field == "unit" {
					code = office.CodeInvalid // cannot be edited at all
				}
				if e := office.AsError(err); e == nil || e.Code != code || e.Field != x.field {
					t.Errorf("edit: %v, want %s (%s)", err, code, x.field)
				}
			}
		})
	}
}

// TestClassifiedNowhere: L15. What is refused is kept nowhere, not even in the
// conflict that a late edit would make.
func TestClassifiedNowhere(t *testing.T) {
	b := newBench(t)
	b.ok("li", draft())
	b.ok("li", edit("level", nil, document.LevelInternal))
	b.refused("li", edit("level", "", "绝密"), office.CodeClassified)
	x := register()
	x.Level = "秘密★5年"
	b.refused("ding", x, office.CodeClassified)
	for _, k := range b.mem.Kinds.All() {
		for _, r := range b.mem.All(k.Name) {
			if strings.Contains(string(r.Body), "绝密") || strings.Contains(string(r.Body), "秘密") {
				t.Errorf("%s %s holds it", r.Kind, r.ID)
			}
		}
	}
}

// TestEdit: a change of content is a revision with its version; a change of the
// flow's people is not, and leaves the hash that others sign alone.
func TestEdit(t *testing.T) {
	b := newBench(t)
	b.ok("li", draft())
	first := b.header()
	b.ok("li", edit("signer", "lin", "xu"))
	if h := b.header(); h.Rev != 1 || h.ContentHash != first.ContentHash || h.Signer != "xu" || len(b.versions()) != 1 {
		t.Errorf("%+v", h)
	}
	b.ok("li", edit("title", first.Title, "新标题"))
	h := b.header()
	if h.Rev != 2 || h.ContentHash == first.ContentHash || h.ContentHash != document.ContentHash(h.Elements(), b.blocks()) || h.Updated <= first.Updated {
		t.Errorf("%+v", h)
	}
	if vs := b.versions(); len(vs) != 2 || vs[1].Hash != h.ContentHash || vs[1].Header.Title != "新标题" {
		t.Errorf("%+v", vs)
	}
	b.ok("li", edit("title", first.Title, "新标题")) // as it is already
	if len(b.versions()) != 2 {
		t.Error("nothing changed, yet there is a version")
	}
	// Lists merge; a text that somebody changed meanwhile is kept twice.
	b.ok("li", edit("cc", nil, []string{"市财政局"}))
	if note := b.ok("li", edit("cc", nil, []string{"市水务局"})); note != office.NoteMerged {
		t.Errorf("note %q", note)
	}
	if h := b.header(); !slices.Equal(h.CC, []string{"市财政局", "市水务局"}) {
		t.Errorf("%v", h.CC)
	}
	rev := b.header().Rev
	if note := b.ok("li", edit("title", first.Title, "第三个标题")); note != office.NoteConflict {
		t.Errorf("note %q", note)
	}
	if cs := b.conflicts("li"); b.header().Title != "新标题" || b.header().Rev != rev || len(cs) != 1 || string(cs[0].Mine) != `"第三个标题"` {
		t.Errorf("%+v", cs)
	}
}

// TestMayEdit: who may change a paper, by the state of its flow; what a person
// may not edit he may not discard either.
func TestMayEdit(t *testing.T) {
	change := func() []office.Command {
		return []office.Command{edit("note", nil, "x"), save(1, set("b1", "加快小区充电桩安装工作。", "改过。"))}
	}
	for _, x := range []struct {
		state   string
		editors []office.UserID
		may     []office.UserID
		not     []office.UserID
		code    office.Code
	}{
		{document.Draft, nil, []office.UserID{"li", "xu"}, []office.UserID{"chu", "lin", "", office.System, "nobody"}, office.CodeNotPermitted},
		{document.Running, []office.UserID{"chu"}, []office.UserID{"chu"}, []office.UserID{"li", "xu", "lin", "", office.System}, office.CodeNotPermitted},
		{document.Returned, []office.UserID{"li"}, []office.UserID{"li", "xu"}, []office.UserID{"chu", "", office.System}, office.CodeNotPermitted},
		{document.Done, []office.UserID{"chu"}, nil, []office.UserID{"li", "xu", "chu", "lin", ""}, office.CodeState},
	} {
		for _, who := range x.may {
			for _, cmd := range change() {
				b := newBench(t)
				d := draft()
				d.Editors = []office.UserID{"xu"}
				b.ok("li", d)
				b.flow(x.state, x.editors...)
				b.ok(who, cmd)
			}
		}
		b := newBench(t)
		d := draft()
		d.Editors = []office.UserID{"xu"}
		b.ok("li", d)
		b.flow(x.state, x.editors...)
		for _, who := range x.not {
			for _, cmd := range change() {
				b.refused(who, cmd, x.code)
			}
			if who != "li" {
				b.refused(who, &document.Discard{ID: id}, office.CodeNotPermitted)
			}
		}
		b.refused("li", &document.Discard{ID: id}, office.CodeState) // it has a flow
	}
}

// TestNotPermitted: who may not create, register, number.
func TestNotPermitted(t *testing.T) {
	b := newBench(t)
	for _, who := range []office.UserID{"", office.System, "nobody", "gone"} {
		b.refused(who, draft(), office.CodeNotPermitted)
	}
	for _, who := range []office.UserID{"", office.System, "nobody", "gone", "li", "sys"} {
		b.refused(who, register(), office.CodeNotPermitted) // L13
	}
	for _, who := range []office.UserID{"", "nobody", "gone", "li", "ding"} {
		b.refused(who, &document.PutSeries{ID: "x", Code: "清政函", Name: "函", Direction: document.Outgoing, Style: document.StyleOfficial}, office.CodeNotPermitted)
	}
	b.ok("sys", &document.PutSeries{ID: "x", Code: "清政函", Name: "函", Direction: document.Outgoing, Style: document.StyleOfficial})
}

func TestDiscard(t *testing.T) {
	b := newBench(t)
	b.ok("li", draft())
	b.refused("xu", &document.Discard{ID: id}, office.CodeNotPermitted)
	b.ok("li", &document.Discard{ID: id})
	for _, k := range []string{document.Headers.Name, document.Bodies.Name, document.Versions.Name} {
		if n := len(b.mem.All(k)); n != 0 {
			t.Errorf("%d %s left", n, k)
		}
	}
	b.refused("li", &document.Discard{ID: id}, office.CodeNotFound)
	b.ok("ding", register())
	b.refused("ding", &document.Discard{ID: id}, office.CodeState) // registered is in the books
}

// TestElsewhere: a desk that lacks the paper queues without foresight.
func TestElsewhere(t *testing.T) {
	b := newBench(t)
	b.mem.Desk = true
	for _, cmd := range []office.Command{edit("note", nil, "x"), save(1, remove("b1", "x")), &document.Discard{ID: id}} {
		b.refused("li", cmd, office.CodeElsewhere)
	}
	b.ok("li", draft()) // a new paper needs nothing but the directory
}

func TestContentHash(t *testing.T) {
	h := document.Header{Direction: document.Outgoing, Genre: "通知", Title: "标题", To: []string{"甲"}}
	blocks := []document.Block{{ID: "b1", Type: document.BlockText, Text: "正文", Attrs: map[string]string{"b": "2", "a": "1"}}}
	base := document.ContentHash(h.Elements(), blocks)
	// Frozen: desks of different versions must agree on what was signed.
	if want := "764135c35845406e0691b8304245666a2d7351d0fa28e0f063d5489366cb5542"; base != want {
		t.Errorf("the form of the hash changed: %s", base)
	}
	seen := map[string]string{base: "base"}
	for name, f := range map[string]func(){
		"title": func() { h.Title = "标题二" }, "to": func() { h.To = []string{"甲", "乙"} }, "text": func() { blocks[0].Text = "正 文" },
		"attrs": func() { blocks[0].Attrs["a"] = "3" }, "type": func() { blocks[0].Type = document.BlockTable },
		"one more": func() { blocks = append(blocks, document.Block{ID: "b2", Type: document.BlockText}) },
	} {
		f()
		x := document.ContentHash(h.Elements(), blocks)
		if seen[x] != "" {
			t.Errorf("%s does not change the hash", name)
		}
		seen[x] = name
	}
	if document.ContentHash(h.Elements(), nil) != document.ContentHash(h.Elements(), []document.Block{}) {
		t.Error("no blocks and none differ")
	}
	if document.ContentHash(document.Elements{To: []string{}}, nil) != document.ContentHash(document.Elements{}, nil) {
		t.Error("an empty list and none differ")
	}
	before := document.ContentHash(h.Elements(), blocks)
	h.Number, h.FlowState, h.Rev, h.Signer, h.Readers, h.Copies = "清政办发〔2026〕21号", "done", 9, "lin", []office.UserID{"x"}, 3
	if document.ContentHash(h.Elements(), blocks) != before {
		t.Error("what the office adds is no part of what is signed")
	}
}

func TestSpecs(t *testing.T) {
	for _, s := range document.Specs() {
		cmd := s.New()
		if cmd.Kind() != s.Kind || len(cmd.Locks()) == 0 {
			t.Errorf("%s: %s %v", s.Kind, cmd.Kind(), cmd.Locks())
		}
	}
}
