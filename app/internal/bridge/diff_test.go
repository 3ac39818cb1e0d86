package bridge

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"qianshao/syncserver/office/document"
)

func joined(ps []Piece, changed ...bool) string {
	var s strings.Builder
	for _, p := range ps {
		if len(changed) == 0 || p.Changed == changed[0] {
			s.WriteString(p.Text)
		}
	}
	return s.String()
}

func TestPieces(t *testing.T) {
	for _, x := range []struct{ a, b, del, ins string }{
		{"冲锋舟20艘、编织袋", "冲锋舟24艘、编织袋", "20", "24"},
		{"于6月30日前完成", "于6月25日前完成", "30", "25"},
		{"同意", "同意签发", "", "签发"},
		{"", "新的一段", "", "新的一段"},
		{"一样", "一样", "", ""},
		{"𠮷野家", "吉野家", "𠮷", "吉"},
		{"<b>a</b>", "<i>a</i>", "bb", "ii"},
	} {
		before, after := pieces(x.a, x.b)
		if d, i := joined(before, true), joined(after, true); d != x.del || i != x.ins {
			t.Errorf("%q → %q: deleted %q inserted %q", x.a, x.b, d, i)
		}
	}
}

func TestPiecesLoseNothing(t *testing.T) {
	text := rapid.StringOf(rapid.SampledFrom([]rune("一二三，12ab䶮 \n")))
	rapid.Check(t, func(t *rapid.T) {
		a, b := text.Draw(t, "a"), text.Draw(t, "b")
		before, after := pieces(a, b)
		if joined(before) != a || joined(after) != b {
			t.Fatalf("%q %q became %q %q", a, b, joined(before), joined(after))
		}
		if joined(before, false) != joined(after, false) {
			t.Fatalf("what is shared differs: %q %q", joined(before, false), joined(after, false))
		}
		if a == b && joined(before, true)+joined(after, true) != "" {
			t.Fatal("equal texts are marked")
		}
	})
}

func TestDifferences(t *testing.T) {
	b := func(id, text string) document.Block { return document.Block{ID: id, Type: "text", Text: text} }
	d := differences(
		[]document.Block{b("a", "甲"), b("gone", "删去"), b("c", "丙20"), b("e", "戊")},
		[]document.Block{b("a", "甲"), b("c", "丙24"), b("new", "新增"), b("e", "戊")},
	)
	if len(d) != 3 {
		t.Fatalf("%d differences: %v", len(d), d)
	}
	if joined(d[0].Before) != "删去" || len(d[0].After) != 0 {
		t.Errorf("removed: %v", d[0])
	}
	if joined(d[1].Before, true) != "20" || joined(d[1].After, true) != "24" {
		t.Errorf("changed: %v", d[1])
	}
	if len(d[2].Before) != 0 || joined(d[2].After) != "新增" {
		t.Errorf("added: %v", d[2])
	}
}
