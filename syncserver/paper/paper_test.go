package paper

import (
	"slices"
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

// TestForm: what a document carries beyond its elements comes on the page.
func TestForm(t *testing.T) {
	s := source()
	s.Genre, s.Title = "请示", "关于某项工作的请示"
	s.Issuer = "清岚市水务局、清岚市财政局"
	s.Form = document.Form{CopyNo: "17", AlsoSigned: []string{"陆时雨"}}
	s.Blocks = append(s.Blocks, document.Block{ID: "x", Type: document.BlockAnnex, Text: "分配表", Attrs: map[string]string{document.AttrTurned: document.Yes}},
		document.Block{ID: "y", Type: document.BlockTable, Text: "区县\t点位\n东屏区\t52"})
	p, f := Of(s)
	e := p.Elements
	if f != layout.FormatFile || len(e.Issuers) != 2 || len(e.Sign) != 2 || e.CopyNo != "000017" || len(e.Signers) != 2 || e.Printer != "清岚市水务局" ||
		e.Title != "清岚市水务局　清岚市财政局关于某项工作的请示" {
		t.Errorf("%+v", e)
	}
	if len(p.Blocks) != 1 || len(p.Annexes) != 1 || p.Annexes[0].Label != "附件" || !p.Annexes[0].Landscape || len(p.Annexes[0].Blocks) != 1 {
		t.Errorf("%+v %+v", p.Blocks, p.Annexes)
	}
	d := layout.Set(p, layout.Preset(f), layout.Options{})
	if turned := d.Pages[1]; !turned.Turned || turned.Runs[0].Block != "x" {
		t.Errorf("the 附件 is not on a page laid across: %+v", turned.Runs[0])
	}
	s.Joint = document.JointLead
	if p, _ := Of(s); len(p.Elements.Issuers) != 1 || p.Elements.Mark != "清岚市水务局文件" || len(p.Elements.Sign) != 2 {
		t.Errorf("主办 alone: %+v", p.Elements)
	}

	s = source()
	s.Genre, s.Number, s.Form = "命令", "第12号", document.Form{Seal: document.SealSign, SignTitle: "市长"}
	s.Issuer = "清岚市人民政府"
	p, f = Of(s)
	if e := p.Elements; f != layout.FormatOrder || e.Number != "第12号" || e.Seal != layout.SealSign || len(e.Sign) != 1 || e.Sign[0].Title != "市长" || e.Sign[0].Name != "林知远" {
		t.Errorf("命令: %s %+v", f, e)
	}
	// Of a joint paper everybody has a 签名章 of their own.
	s.Issuer = "清岚市水务局、清岚市财政局"
	s.Form = document.Form{Seal: document.SealSign, SignTitle: "清岚市水务局局长", AlsoSigned: []string{"清岚市财政局局长　陆时雨"}}
	p, _ = Of(s)
	if want := []layout.Signatory{{Unit: "清岚市水务局", Title: "清岚市水务局局长", Name: "林知远"}, {Unit: "清岚市财政局", Title: "清岚市财政局局长", Name: "陆时雨"}}; !slices.Equal(p.Elements.Sign, want) {
		t.Errorf("签名章: %+v", p.Elements.Sign)
	}
	s.Genre, s.AlsoSigned = "请示", []string{"清岚市财政局局长 陆时雨", "王　飞"}
	if p, _ = Of(s); !slices.Equal(p.Elements.Signers, []string{"林知远", "陆时雨", "王　飞"}) {
		t.Errorf("签发人: %q", p.Elements.Signers)
	}
	s.Issuer = "清岚市人民政府"
	s.Genre, s.Form = "纪要", document.Form{Present: []string{"甲", "乙"}, Excused: []string{"丙"}}
	if p, _ := Of(s); len(p.Elements.People) != 2 || p.Elements.People[0].Names != "甲　乙" || p.Elements.People[1].Label != "请假" {
		t.Errorf("纪要: %+v", p.Elements.People)
	}
	// Several are numbered; one bound apart says whose it is.
	s.Blocks = []document.Block{{ID: "a", Type: document.BlockAnnex, Text: "一"}, {ID: "b", Type: document.BlockAnnex, Text: "二", Attrs: map[string]string{document.AttrApart: document.Yes}}}
	s.Number = "清政办发〔2026〕21号"
	if p, _ := Of(s); p.Annexes[0].Label != "附件1" || p.Annexes[1].Label != "附件2" || p.Annexes[1].Apart != s.Number || p.Annexes[0].Apart != "" {
		t.Errorf("%+v", p.Annexes)
	}
}
