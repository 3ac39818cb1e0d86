package bridge

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/approval"
	"qianshao/syncserver/office/document"
	"qianshao/syncserver/paper/font"
)

// fakePress has the machine's fonts, or none, and keeps what it is to show.
type fakePress struct {
	set    *font.Set
	name   string
	file   []byte
	opened string
	fail   error
	folder string
}

func (p *fakePress) FontFolders() (string, []string) { return p.folder, []string{"/policy"} }
func (p *fakePress) UseFontFolder(path string) error {
	if path == "/empty" {
		return office.Invalid("folder", "no font lies there")
	}
	p.folder = path
	return nil
}

func (p *fakePress) Fonts() *font.Set        { return p.set }
func (p *fakePress) URL(f *font.Font) string { return "/local/font/" + f.Names[0] + "00000000" }
func (p *fakePress) Keep(name string, file []byte) (string, string, error) {
	p.name, p.file = name, file
	return "/x/" + name + ".pdf", "/local/print/" + name, p.fail
}
func (p *fakePress) Open(path string) bool {
	p.opened = path
	return true
}

func machineFonts() *font.Set {
	return font.NewSet(font.Find(append([]string{"../../../build/bin/fonts"}, font.Folders()...)))
}

func notice() PaperInput {
	return PaperInput{Kind: "out", Updated: hour(9), Elements: Elements{
		Title: "关于测试的通知", Genre: "通知", Series: "清政办发", Issuer: "清岚市人民政府办公室", To: []string{"各区、县人民政府"},
	}, Blocks: []Block{{ID: "a", Type: "text", Text: "<b>正文</b>&amp;王喆同志。"}}}
}

func TestPapers(t *testing.T) {
	r, _, _ := newRooms(t, "lin-zhiyuan")
	press := &fakePress{set: machineFonts()}
	r.core.press = press
	v, err := r.Papers.Draw(notice())
	if err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	var holes []string
	fonts := map[int]bool{}
	for _, p := range v.Pages {
		for _, x := range p.Runs {
			if len(x.X) != len([]rune(x.Text)) || x.Font < 0 || x.Font >= len(v.Fonts) {
				t.Fatalf("%+v", x)
			}
			text.WriteString(x.Text)
			fonts[x.Font] = true
		}
		for _, x := range p.Places {
			if x.Kind == "hole" {
				holes = append(holes, x.Text)
			}
		}
	}
	if !strings.Contains(text.String(), "<b>正文</b>&amp;王喆同志。") || len(fonts) != len(v.Fonts) || !slices.Contains(holes, "待分配") {
		t.Errorf("%s %v %v", text.String(), v.Fonts, holes)
	}
	if v.Template != "gb-file@1" || v.Lost != "" || len(v.Faults) > 0 {
		t.Errorf("%s %q %v", v.Template, v.Lost, v.Faults)
	}
	again, _ := r.Papers.Draw(notice())
	if len(again.Pages) != len(v.Pages) {
		t.Error("drawn twice, the pages differ")
	}

	f, err := r.Papers.Print(notice(), true, true)
	if err != nil || !f.Opened || f.Pages != len(v.Pages) || press.name != "清岚市人民政府办公室关于测试的通知" || !bytes.HasPrefix(press.file, []byte("%PDF-")) {
		t.Errorf("%+v %v %q", f, err, press.name)
	}
	// 内部 does not leave the program, and nothing is written.
	press.file = nil
	in := notice()
	in.Elements.Level = "内部"
	_, err = r.Papers.Print(in, false, true)
	refused(t, err, office.CodeNotPermitted)
	if press.file != nil {
		t.Error("a file was made of it")
	}
	if v, err := r.Papers.Draw(in); err != nil || len(v.Pages) == 0 {
		t.Errorf("its reader does not see it: %v", err)
	}
	press.fail = errors.New("disk full")
	_, err = r.Papers.Print(notice(), false, false)
	refused(t, err, office.CodeInternal)
	in.Blocks = make([]Block, maxPaperBlocks+1)
	_, err = r.Papers.Draw(in)
	refused(t, err, office.CodeInvalid)
}

// The sheet of a paper has what the page shows; what is not there or 内部 makes
// no file.
func TestPaperSheet(t *testing.T) {
	r, h, _ := newRooms(t, "lin-zhiyuan")
	press := &fakePress{set: machineFonts()}
	r.core.press = press
	_, err := r.Papers.Sheet("nobody", true)
	refused(t, err, CodeNotHere) // and nobody can be asked
	h.desk.put(document.Headers.Name, "doc-1", "doc-1", document.Header{Direction: document.Outgoing, Genre: "通知", Title: "关于测试的通知", Issuer: "清岚市人民政府办公室", Drafter: "lin-zhiyuan"})
	f, err := r.Papers.Sheet("doc-1", false)
	if err != nil || f.Opened || press.opened != "" || f.URL == "" || f.Pages != 1 || press.name != "关于测试的通知（处理单）" {
		t.Errorf("%+v %v %q", f, err, press.name)
	}
	press.file = nil
	h.desk.put(document.Headers.Name, "doc-2", "doc-2", document.Header{Direction: document.Outgoing, Genre: "通知", Title: "内部的通知", Level: document.LevelInternal, Drafter: "lin-zhiyuan"})
	_, err = r.Papers.Sheet("doc-2", true)
	refused(t, err, office.CodeNotPermitted)
	if press.file != nil {
		t.Error("a file was made of it")
	}
}

func TestHandlingOf(t *testing.T) {
	h := handlingOf(DocumentPage{ID: "d1", Kind: "in", Elements: Elements{Title: "函", From: "某厅"}, Areas: []Area{{ID: "lead", Title: "领导批示", Opinions: []Opinion{
		{Words: "请阅。\n抓紧。", By: "林知远", Claimed: hour(9)}, {By: "许南乔", Act: "approve", Said: "agree", Waiting: true}, {By: "沈砚秋", Act: "return", Said: "return", Old: true},
	}}}})
	o := h.Areas[0].Opinions
	if h.Link != "qianshao://document/d1" || o[0].Words != "请阅。\n抓紧。" || o[0].Date != "11月24日" || o[1].Mark != "待送达" || o[1].Words != "同意" || o[2].Mark != "前一轮" || o[2].Words != "退回" {
		t.Errorf("%+v", h)
	}
}

// An act without words says 同意 only where agreement was asked for.
func TestSaidWith(t *testing.T) {
	for _, c := range []struct {
		handling string
		o        approval.Opinion
		want     string
	}{
		{"", approval.Opinion{Act: approval.ActApprove, Area: "sign"}, "agree"},
		{document.HandlingAct, approval.Opinion{Act: approval.ActApprove, Area: "instruct"}, "agree"},
		{document.HandlingAct, approval.Opinion{Act: approval.ActApprove, Area: "read"}, "read"},
		{document.HandlingRead, approval.Opinion{Act: approval.ActApprove, Area: "instruct"}, "read"},
		{document.HandlingRead, approval.Opinion{Act: approval.ActReturn, Area: "read"}, "return"},
		{document.HandlingAct, approval.Opinion{Act: approval.ActReject, Area: "preview"}, "reject"},
		{"", approval.Opinion{Act: approval.ActApprove, Area: "cosign", Verdict: approval.VerdictAbstain}, "abstain"},
		{"", approval.Opinion{Act: approval.ActApprove, Area: "read", Words: "好。"}, ""},
	} {
		p := &DocumentPage{Kind: document.Incoming, Elements: Elements{Handling: c.handling}}
		if got := saidWith(p, c.o); got != c.want || got != "" && unsaid[got] == "" {
			t.Errorf("%s %+v: %q, want %q", c.handling, c.o, got, c.want)
		}
	}
}

// A machine without fonts draws with what the page has, and refuses the PDF.
func TestPapersWithoutFonts(t *testing.T) {
	r, _, _ := newRooms(t, "lin-zhiyuan")
	r.core.press = &fakePress{set: font.NewSet(nil)}
	v, err := r.Papers.Draw(notice())
	if err != nil || len(v.Pages) == 0 || len(v.Fonts) != 0 || len(v.Gaps) == 0 || v.Pages[0].Runs[0].Font != -1 {
		t.Errorf("%+v %v", v.Gaps, err)
	}
	_, err = r.Papers.Print(notice(), false, false)
	if e := office.AsError(err); e == nil || e.Field != "fonts" {
		t.Errorf("%v", err)
	}
}
