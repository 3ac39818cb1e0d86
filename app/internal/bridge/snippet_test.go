package bridge

import (
	"strings"
	"testing"
)

func shownAs(ps []Piece) string {
	var b strings.Builder
	for _, p := range ps {
		if p.Changed {
			b.WriteString("[" + p.Text + "]")
		} else {
			b.WriteString(p.Text)
		}
	}
	return b.String()
}

func TestSnippet(t *testing.T) {
	for _, x := range []struct{ text, query, want string }{
		{"关于开展老旧小区充电桩安装工作的通知", "充电", "关于开展老旧小区[充电]桩安装工作的通知"},
		{"清政办发〔2026〕21号", "2026 21", "清政办发〔[2026]〕[21]号"},
		{"清政办发〔2026〕21号", "清政办发〔2026〕21", "[清政办发〔2026〕21]号"},
		{"岚建函〔２０２６〕118号", "2026", "岚建函〔[２０２６]〕118号"},
		{"第一段没有\n第二段有储备二字\n第三段", "储备", "第二段有[储备]二字"},
		{"Wi-Fi 覆盖", "wifi", "[Wi-Fi] 覆盖"},
		{"前面很长很长很长很长很长很长很长很长的文字后面才有汛期", "汛期", "…长很长很长的文字后面才有[汛期]"},
		{"䶮喆𠮷三字", "喆𠮷", "䶮[喆𠮷]三字"},
		{"<b>粗</b>", "粗", "<b>[粗]</b>"},
	} {
		got, ok := snippet(x.text, wordsOfQuery(x.query))
		if !ok || shownAs(got) != x.want {
			t.Errorf("%q in %q: %q %v, want %q", x.query, x.text, shownAs(got), ok, x.want)
		}
	}
	for _, x := range [][2]string{{"没有", "充电"}, {"", "x"}, {"一二", "〔〕"}, {"充\n电", "充电"}} {
		if got, ok := snippet(x[0], wordsOfQuery(x[1])); ok {
			t.Errorf("%q in %q: %q", x[1], x[0], shownAs(got))
		}
	}
	long, _ := snippet(strings.Repeat("汛", 500), []string{"汛"})
	if n := len([]rune(shownAs(long))); n > aroundHit+4 {
		t.Errorf("%d characters", n)
	}
}
