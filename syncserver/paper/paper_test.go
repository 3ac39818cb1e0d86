package paper

import (
	"strings"
	"testing"
	"time"

	"qianshao/syncserver/office/document"
	"qianshao/syncserver/office/layout"
)

func source() Source {
	return Source{Direction: document.Outgoing, Genre: "通知", Title: "关于开展某项工作的通知", Series: "清政办发", Issuer: "清岚市人民政府办公室",
		Updated: time.Date(2026, 6, 16, 9, 0, 0, 0, Zone).UnixMilli(), Signer: "林知远",
		Blocks: []document.Block{{ID: "a", Type: document.BlockText, Text: "正文。", Attrs: map[string]string{"align": "center"}}}}
}

func TestOf(t *testing.T) {
	s := source()
	p, f := Of(s)
	e := p.Elements
	if f != layout.FormatFile || e.Mark != "清岚市人民政府办公室文件" || e.Title != "清岚市人民政府办公室关于开展某项工作的通知" || len(e.Signers) != 0 ||
		e.Number != "清政办发〔2026〕"+string(layout.Hole)+"号" || e.Date != "2026年6月"+string(layout.Hole)+"日" || p.Blocks[0].Align != "center" {
		t.Errorf("%s %+v", f, p)
	}
	// Midnight in the office is still the day before in London.
	s.Signed = time.Date(2026, 6, 17, 0, 30, 0, 0, Zone).UnixMilli()
	s.Number = "清政办发〔2026〕21号"
	if p, _ := Of(s); p.Elements.Date != "2026年6月17日" || p.Elements.Number != s.Number {
		t.Errorf("%+v", p.Elements)
	}
	s.Genre = "请示"
	if p, _ := Of(s); len(p.Elements.Signers) != 1 {
		t.Error("an 上行文 names its 签发人")
	}
	s.Blocks = append(s.Blocks, document.Block{ID: "s", Type: document.BlockSignature, Text: "某局"})
	if p, _ := Of(s); len(p.Elements.Sign) != 0 {
		t.Error("the 署名 stands twice")
	}
	for genre, want := range map[string]struct {
		format layout.Format
		mark   string
	}{"函": {layout.FormatLetter, "清岚市人民政府办公室"}, "命令": {layout.FormatOrder, "清岚市人民政府办公室令"}, "纪要": {layout.FormatMinutes, "清岚市人民政府办公室纪要"}} {
		s.Genre = genre
		if p, f := Of(s); f != want.format || p.Elements.Mark != want.mark {
			t.Errorf("%s: %s %s", genre, f, p.Elements.Mark)
		}
	}
	s.Direction = document.Incoming
	if p, f := Of(s); f != layout.FormatPlain || p.Elements.Mark != "" || p.Elements.Number != "" || p.Elements.Printer != "" {
		t.Errorf("what came in has our head: %+v", p.Elements)
	}
}

// Every 文种 is set without a fault.
func TestGenres(t *testing.T) {
	for _, g := range append(append([]string{}, document.Genres...), document.InternalGenres...) {
		s := source()
		s.Genre = g
		s.Title = "关于某项工作的" + g
		d := Set(s)
		if len(d.Faults) > 0 || len(d.Pages) == 0 || !strings.HasPrefix(d.Template, "gb-") {
			t.Errorf("%s: %+v", g, d.Faults)
		}
	}
}
