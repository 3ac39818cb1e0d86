package document_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/document"
)

const (
	text1 = "加快小区充电桩安装工作。"
	text2 = "完成120个点位。"
)

func drafted(t testing.TB) *bench {
	b := newBench(t)
	d := draft()
	d.Editors = []office.UserID{"chu"}
	b.ok("li", d)
	return b
}

// TestSaveBody: every operation, alone, and two people's at once.
func TestSaveBody(t *testing.T) {
	move := func(block, after string) document.Op {
		return document.Op{Op: document.OpMove, Block: block, After: after}
	}
	for _, x := range []struct {
		name      string
		first     []document.Op // chu's, who is quicker
		ops       []document.Op // li's, who has not seen them
		text      string
		note      office.Code
		conflicts int
	}{
		{"set", nil, []document.Op{set("b1", text1, "新")}, "b1:新 b2:" + text2, "", 0},
		{"insert at the beginning", nil, []document.Op{insert("b3", "", "首")}, "b3:首 b1:" + text1 + " b2:" + text2, "", 0},
		{"insert two in a row", nil, []document.Op{insert("b3", "b1", "三"), insert("b4", "b3", "四")}, "b1:" + text1 + " b3:三 b4:四 b2:" + text2, "", 0},
		{"delete", nil, []document.Op{remove("b1", text1)}, "b2:" + text2, "", 0},
		{"delete all", nil, []document.Op{remove("b1", text1), remove("b2", text2)}, "", "", 0},
		{"move", nil, []document.Op{move("b1", "b2")}, "b2:" + text2 + " b1:" + text1, "", 0},
		{"nothing", nil, []document.Op{set("b1", text1, text1)}, "b1:" + text1 + " b2:" + text2, "", 0},
		{"two blocks", []document.Op{set("b2", text2, "二")}, []document.Op{set("b1", text1, "一")}, "b1:一 b2:二", office.NoteRebased, 0},
		{"one block, two places", []document.Op{set("b1", text1, "加快老旧小区充电桩安装工作。")}, []document.Op{set("b1", text1, "加快小区充电桩建设工作。")},
			"b1:加快老旧小区充电桩建设工作。 b2:" + text2, office.NoteMerged, 0},
		{"one block, one place", []document.Op{set("b2", text2, "完成130个点位。")}, []document.Op{set("b2", text2, "完成125个点位。")},
			"b1:" + text1 + " b2:完成130个点位。", office.NoteConflict, 1},
		{"the same edit", []document.Op{set("b2", text2, "二")}, []document.Op{set("b2", text2, "二")}, "b1:" + text1 + " b2:二", office.NoteRebased, 0},
		{"edit of a deleted block", []document.Op{remove("b1", text1)}, []document.Op{set("b1", text1, "一")}, "b2:" + text2, office.NoteConflict, 1},
		{"deletion of an edited block", []document.Op{set("b1", text1, "一")}, []document.Op{remove("b1", text1)}, "b1:一 b2:" + text2, office.NoteConflict, 1},
		{"deletion on both sides", []document.Op{remove("b1", text1)}, []document.Op{remove("b1", text1)}, "b2:" + text2, office.NoteRebased, 0},
		{"insert after a deleted block", []document.Op{remove("b1", text1)}, []document.Op{insert("b3", "b1", "三")}, "b2:" + text2 + " b3:三", office.NoteRebased, 0},
		{"insert in one place", []document.Op{insert("b3", "b1", "他")}, []document.Op{insert("b4", "b1", "我")}, "b1:" + text1 + " b4:我 b3:他 b2:" + text2, office.NoteRebased, 0},
		{"the same insertion", []document.Op{insert("b3", "b1", "同")}, []document.Op{insert("b3", "b1", "同")}, "b1:" + text1 + " b3:同 b2:" + text2, office.NoteRebased, 0},
		{"an id twice", []document.Op{insert("b3", "b1", "他")}, []document.Op{insert("b3", "b1", "我")}, "b1:" + text1 + " b3:他 b2:" + text2, office.NoteConflict, 1},
		{"move of a deleted block", []document.Op{remove("b1", text1)}, []document.Op{move("b1", "b2")}, "b2:" + text2, office.NoteRebased, 0},
		{"move behind a deleted block", []document.Op{remove("b2", text2)}, []document.Op{move("b1", "b2")}, "b1:" + text1, office.NoteRebased, 0},
		{"move and edit", []document.Op{move("b1", "b2")}, []document.Op{set("b1", text1, "一")}, "b2:" + text2 + " b1:一", office.NoteRebased, 0},
	} {
		t.Run(x.name, func(t *testing.T) {
			b := drafted(t)
			if x.first != nil {
				b.ok("chu", save(1, x.first...))
			}
			before := b.header()
			note := b.ok("li", save(1, x.ops...))
			if b.text() != x.text || note != x.note || len(b.conflicts("li")) != x.conflicts {
				t.Errorf("%q, note %q, %d conflicts; want %q %q %d", b.text(), note, len(b.conflicts("li")), x.text, x.note, x.conflicts)
			}
			h, vs := b.header(), b.versions()
			if h.ContentHash != document.ContentHash(h.Elements(), b.blocks()) || int64(len(vs)) != h.Rev || vs[len(vs)-1].Hash != h.ContentHash {
				t.Errorf("rev %d, %d versions, hash %v", h.Rev, len(vs), h.ContentHash)
			}
			changed := h.ContentHash != before.ContentHash
			if changed != (h.Rev == before.Rev+1) || changed && vs[len(vs)-1].Author != "li" {
				t.Errorf("rev %d after %d", h.Rev, before.Rev)
			}
			if !changed && h.Updated != before.Updated {
				t.Error("nothing changed, yet the paper looks newer")
			}
		})
	}
}

// TestFlags: type, level and attributes are flags; the text under them merges.
func TestFlags(t *testing.T) {
	b := drafted(t)
	b.ok("chu", save(1, set("b1", text1, "加快老旧小区充电桩安装工作。")))
	o, n := para("b1", text1), para("b1", text1)
	n.Type, n.Level, n.Attrs = document.BlockHeading, 1, map[string]string{"align": "center"}
	b.ok("li", save(1, document.Op{Op: document.OpSet, Block: "b1", Old: &o, New: &n}))
	got := b.blocks()[0]
	if got.Text != "加快老旧小区充电桩安装工作。" || got.Type != document.BlockHeading || got.Level != 1 || got.Attrs["align"] != "center" {
		t.Errorf("%+v", got)
	}
}

// TestConflictEnds: the author decides with the present text before his eyes,
// and the question is closed; a second late edit updates his side.
func TestConflictEnds(t *testing.T) {
	b := drafted(t)
	b.ok("chu", save(1, set("b2", text2, "完成130个点位。")))
	b.ok("li", save(1, set("b2", text2, "完成125个点位。")))
	b.ok("li", save(1, set("b2", text2, "完成126个点位。")))
	cs := b.conflicts("li")
	if len(cs) != 1 || !strings.Contains(string(cs[0].Mine), "126") || !strings.Contains(string(cs[0].Theirs), "130") || !strings.Contains(string(cs[0].Base), "120") ||
		cs[0].Field != "block:b2" || cs[0].Kind != document.Bodies.Name || cs[0].ID != id || cs[0].Title == "" {
		t.Fatalf("%+v", cs)
	}
	b.ok("li", save(2, set("b2", "完成130个点位。", "完成128个点位。")))
	if len(b.conflicts("li")) != 0 || !strings.Contains(b.text(), "128") {
		t.Errorf("%+v %s", b.conflicts("li"), b.text())
	}
	// Taking theirs is also a decision.
	b.ok("chu", save(3, set("b2", "完成128个点位。", "完成140个点位。")))
	b.ok("li", save(3, set("b2", "完成128个点位。", "完成150个点位。")))
	b.ok("li", save(4, set("b2", "完成140个点位。", "完成140个点位。")))
	if len(b.conflicts("li")) != 0 {
		t.Error("the decision for theirs left the question open")
	}
}

func TestSaveBodyRefuses(t *testing.T) {
	o, n := para("b1", text1), para("b1", "x")
	other := para("b9", "x")
	html := document.Block{ID: "b1", Type: "html", Text: "<script>"}
	many := make([]document.Op, 0, 2001)
	for i := range 2001 {
		many = append(many, insert(fmt.Sprintf("n%d", i), "", "x"))
	}
	large := make([]document.Op, 0, 21)
	for i := range 21 {
		large = append(large, insert(fmt.Sprintf("n%d", i), "", strings.Repeat("字", 20_000)))
	}
	for _, x := range []struct {
		name string
		ops  []document.Op
		code office.Code
	}{
		{"none", nil, office.CodeInvalid},
		{"too many", make([]document.Op, 5001), office.CodeInvalid},
		{"unknown operation", []document.Op{{Op: "paint", Block: "b1"}}, office.CodeInvalid},
		{"bad id", []document.Op{{Op: document.OpMove, Block: "../x"}}, office.CodeInvalid},
		{"bad place", []document.Op{{Op: document.OpMove, Block: "b1", After: "../x"}}, office.CodeInvalid},
		{"set without old", []document.Op{{Op: document.OpSet, Block: "b1", New: &n}}, office.CodeInvalid},
		{"set without new", []document.Op{{Op: document.OpSet, Block: "b1", Old: &o}}, office.CodeInvalid},
		{"insert with old", []document.Op{{Op: document.OpInsert, Block: "b1", Old: &o, New: &n}}, office.CodeInvalid},
		{"delete with new", []document.Op{{Op: document.OpDelete, Block: "b1", Old: &o, New: &n}}, office.CodeInvalid},
		{"move with old", []document.Op{{Op: document.OpMove, Block: "b1", Old: &o}}, office.CodeInvalid},
		{"move behind itself", []document.Op{{Op: document.OpMove, Block: "b1", After: "b1"}}, office.CodeInvalid},
		{"another id", []document.Op{{Op: document.OpSet, Block: "b1", Old: &o, New: &other}}, office.CodeInvalid},
		{"type", []document.Op{{Op: document.OpSet, Block: "b1", Old: &o, New: &html}}, office.CodeInvalid},
		{"NUL", []document.Op{set("b1", text1, "a\x00")}, office.CodeInvalid},
		{"not UTF-8", []document.Op{set("b1", text1, "a\xff")}, office.CodeInvalid},
		{"long", []document.Op{set("b1", text1, strings.Repeat("字", 20_001))}, office.CodeInvalid},
		{"too many blocks", many, office.CodeTooLarge},
		{"too much text", large, office.CodeTooLarge},
	} {
		b := drafted(t)
		before := b.text()
		b.refused("li", save(1, x.ops...), x.code)
		if b.text() != before || len(b.versions()) != 1 {
			t.Errorf("%s: the refused save left something", x.name)
		}
	}
	b := drafted(t)
	b.refused("li", &document.SaveBody{ID: "../x", Ops: []document.Op{remove("b1", text1)}}, office.CodeInvalid)
	b.refused("li", &document.SaveBody{ID: "d9", Ops: []document.Op{remove("b1", text1)}}, office.CodeNotFound)
}

// TestNothingLost: two people edit one text at random without seeing each
// other; whatever either of them wrote is in the text, or in his conflict, and
// replaying makes the same.
func TestNothingLost(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		type step struct {
			who office.UserID
			cmd *document.SaveBody
		}
		b := drafted(t)
		seen := map[office.UserID][]document.Block{"li": b.blocks(), "chu": b.blocks()}
		rev := map[office.UserID]int64{"li": 1, "chu": 1}
		var steps []step
		var marks []string
		owner := map[string]office.UserID{}
		for i := range rapid.IntRange(1, 12).Draw(rt, "steps") {
			who := rapid.SampledFrom([]office.UserID{"li", "chu"}).Draw(rt, "who")
			if rapid.IntRange(0, 3).Draw(rt, "pull") == 0 {
				seen[who], rev[who] = b.blocks(), b.header().Rev
				continue
			}
			view := seen[who]
			var op document.Op
			mark := string(rune(0x3400 + i)) // one word, so that nobody writes into the middle of it
			switch kind := rapid.SampledFrom([]string{"set", "set", "insert", "delete", "move"}).Draw(rt, "op"); {
			case kind == "insert" || len(view) == 0:
				after := ""
				if len(view) > 0 {
					after = rapid.SampledFrom(view).Draw(rt, "after").ID
				}
				op = insert(fmt.Sprintf("n%d", i), after, mark)
				marks, owner[mark] = append(marks, mark), who
			case kind == "set":
				old := rapid.SampledFrom(view).Draw(rt, "block")
				rs := []rune(old.Text)
				at := rapid.IntRange(0, len(rs)).Draw(rt, "at")
				op = set(old.ID, old.Text, string(rs[:at])+mark+string(rs[at:]))
				marks, owner[mark] = append(marks, mark), who
			case kind == "delete":
				old := rapid.SampledFrom(view).Draw(rt, "block")
				op = remove(old.ID, old.Text)
				// What is deleted knowingly is not lost.
				marks = slices.DeleteFunc(marks, func(m string) bool { return strings.Contains(old.Text, m) })
			default:
				op = document.Op{Op: document.OpMove, Block: rapid.SampledFrom(view).Draw(rt, "block").ID}
				if after := rapid.SampledFrom(view).Draw(rt, "after").ID; after != op.Block {
					op.After = after
				}
			}
			cmd := save(rev[who], op)
			steps = append(steps, step{who, cmd})
			b.ok(who, cmd)
			// He goes on from what he has before his eyes, merged or not.
			seen[who], rev[who] = b.blocks(), b.header().Rev
			if rapid.IntRange(0, 1).Draw(rt, "other stays blind") == 0 {
				other := map[office.UserID]office.UserID{"li": "chu", "chu": "li"}[who]
				seen[other], rev[other] = b.blocks(), b.header().Rev
			}
		}
		all := b.text()
		for _, r := range b.mem.All(office.Conflicts.Name) {
			all += string(r.Body)
		}
		for _, m := range marks {
			if !strings.Contains(all, m) {
				rt.Fatalf("%s of %s is lost: %s", m, owner[m], all)
			}
		}
		c := drafted(t)
		for _, s := range steps {
			c.ok(s.who, s.cmd)
		}
		if c.text() != b.text() || c.header().ContentHash != b.header().ContentHash {
			rt.Fatal("replaying makes another text")
		}
	})
}
