package layout

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

const han = "为补齐老旧小区充电设施短板方便群众绿色出行经市政府同意现就安装工作通知如下各区县对照台账逐核实电力容量停车位消防道形成案的和在有了是一不人这中大来上国"

// writer makes papers that look like papers and are awkward where they can be.
type writer struct{ *rand.Rand }

func (w writer) sentence(n int) string {
	var b strings.Builder
	h := []rune(han)
	for b.Len() < n*3 {
		switch w.IntN(26) {
		case 0:
			fmt.Fprintf(&b, "清政办发〔20%02d〕%d号", w.IntN(30), 1+w.IntN(900))
		case 1:
			fmt.Fprintf(&b, "%d.%d%%", w.IntN(1000), w.IntN(100))
		case 2:
			fmt.Fprintf(&b, "2026年%d月%d日", 1+w.IntN(12), 1+w.IntN(28))
		case 3:
			b.WriteString([]string{"GB/T 9704", "GDP", "5G", "PM2.5", "e-mail", "2026-11-27"}[w.IntN(6)])
		case 4:
			b.WriteString("“" + string(h[w.IntN(len(h))]) + "小区”")
		case 5:
			b.WriteString("（《条例》第" + []string{"三", "十二", "21"}[w.IntN(3)] + "条）")
		case 6:
			b.WriteString([]string{"——", "……", "》", "、、", "”。", "）；", "×", "·"}[w.IntN(8)])
		case 7, 8, 9:
			b.WriteString([]string{"，", "、", "；", "："}[w.IntN(4)])
		default:
			for range 2 + w.IntN(6) {
				b.WriteRune(h[w.IntN(len(h))])
			}
		}
	}
	return b.String() + "。"
}

func (w writer) paper() (Paper, Template) {
	f := []Format{FormatFile, FormatFile, FormatFile, FormatLetter, FormatMinutes, FormatPlain}[w.IntN(6)]
	e := Elements{Mark: "清岚市人民政府办公室文件", Number: "清政办发〔2026〕21号", Title: "清岚市人民政府办公室关于" + strings.TrimRight(w.sentence(4+w.IntN(24)), "。") + "的通知",
		To: []string{"各区、县人民政府"}, Sign: []Signatory{{Unit: "清岚市人民政府办公室"}}, Date: "2026年6月16日",
		Printer: "清岚市人民政府办公室", Printed: "2026年6月17日"}
	for range w.IntN(14) {
		e.To = append(e.To, "市"+string([]rune(han)[w.IntN(20)])+"局及其所属的各个单位")
	}
	for range w.IntN(8) {
		e.CC = append(e.CC, "市委办公室"+string([]rune(han)[w.IntN(20)]))
	}
	if w.IntN(3) == 0 {
		e.Note = "此件公开发布"
	}
	if w.IntN(4) == 0 {
		e.Seal = []SealKind{SealNone, SealSign}[w.IntN(2)]
	}
	if w.IntN(5) == 0 {
		e.Signers = []string{"林知远", "许南乔", "沈砚秋"}[:1+w.IntN(3)]
	}
	if w.IntN(5) == 0 && f == FormatFile {
		e.Issuers = []string{"清岚市水务局", "清岚市应急管理局", "清岚市财政局"}[:2+w.IntN(2)]
		e.Sign = nil
		for _, u := range e.Issuers {
			e.Sign = append(e.Sign, Signatory{Unit: u})
		}
	}
	var bs []Block
	add := func(b Block) {
		b.ID = fmt.Sprintf("b%d", len(bs))
		bs = append(bs, b)
	}
	// From one page to about sixty.
	n := 1 + w.IntN(8)
	if w.IntN(8) == 0 {
		n = 60 + w.IntN(250)
	}
	for range n {
		switch w.IntN(8) {
		case 0:
			add(Block{Type: BlockHeading, Level: 1, Text: "一、" + strings.TrimRight(w.sentence(5), "。")})
		case 1:
			add(Block{Type: BlockHeading, Level: 2, Text: "（二）" + w.sentence(6) + w.sentence(60)})
		case 2:
			add(Block{Type: BlockText, Text: w.sentence(20) + "\n" + w.sentence(30)})
		default:
			add(Block{Type: BlockText, Text: w.sentence(10 + w.IntN(160))})
		}
	}
	for i := range w.IntN(4) {
		add(Block{Type: BlockAttachment, Text: fmt.Sprintf("%d.%s", i+1, strings.TrimRight(w.sentence(4+w.IntN(40)), "。"))})
	}
	if e.Seal == SealSign {
		for i := range e.Sign {
			e.Sign[i].Title, e.Sign[i].Name = e.Sign[i].Unit+"主要负责人", "林知远"
		}
	}
	p := Paper{Elements: e, Blocks: bs}
	if w.IntN(4) == 0 {
		p.Annexes = append(p.Annexes, Annex{Label: "附件", Title: "分配表", Landscape: w.IntN(2) == 0,
			Blocks: []Block{{ID: "t", Type: BlockTable, Text: "区县\t点位\n" + strings.Repeat("东屏区\t52\n", w.IntN(60)) + "柳汀县\t12"}}})
		if w.IntN(3) == 0 {
			p.Annexes[0].Apart = e.Number
		}
	}
	return p, Preset(f)
}

// TestGenerated: 200 papers of one to about sixty pages. Nothing outside the
// 版心, text out equals text in, 22 lines a page unless a rule says why, 避头尾,
// and 正文 beside the 署名.
func TestGenerated(t *testing.T) {
	pages, most := 0, 0
	for seed := range uint64(200) {
		p, tm := writer{rand.New(rand.NewPCG(seed, 9704))}.paper()
		d := Set(p, tm, Options{})
		pages += len(d.Pages)
		most = max(most, len(d.Pages))
		check(t, p, tm, d)
		for _, f := range d.Faults {
			if f.Rule == FaultFirstPage || f.Rule == FaultSealPage {
				t.Fatalf("seed %d: %s on page %d", seed, f.Rule, f.Page)
			}
		}
		// Setting is a function: the same paper, the same pages.
		if geometry(d) != geometry(Set(p, tm, Options{})) {
			t.Fatalf("seed %d: set twice, the pages differ", seed)
		}
		checkTorn(t, seed, d)
	}
	if most < 40 {
		t.Errorf("the longest paper has %d pages", most)
	}
	t.Logf("%d pages, the longest paper %d", pages, most)
}

// checkTorn: no line begins within a number, a 文号 or a Latin word.
func checkTorn(t *testing.T, seed uint64, d Document) {
	t.Helper()
	for n, pg := range d.Pages {
		for i := 1; i < len(pg.Runs); i++ {
			a, b := pg.Runs[i-1], pg.Runs[i]
			if a.Part != PartBody || b.Part != PartBody || a.Y == b.Y || a.Last {
				continue
			}
			x, y := a.Text[len(a.Text)-1], b.Text[0]
			if classOf(x)&isWord != 0 && classOf(y)&isWord != 0 || x == '〔' || y == '〔' || x == '〕' || classOf(x)&isDigit != 0 && strings.ContainsRune("年月日号%", y) {
				t.Fatalf("seed %d page %d: torn at %s|%s", seed, n+1, string(a.Text), string(b.Text))
			}
		}
	}
}

// paper40 is a paper of about forty pages.
func paper40() (Paper, Template) {
	w := writer{rand.New(rand.NewPCG(1, 40))}
	p, _ := w.paper()
	p.Blocks = nil
	for i := range 160 {
		b := Block{ID: fmt.Sprintf("b%d", i), Type: BlockText, Text: w.sentence(140)}
		if i%8 == 0 {
			b = Block{ID: b.ID, Type: BlockHeading, Level: 1, Text: "一、工作安排"}
		}
		p.Blocks = append(p.Blocks, b)
	}
	p.Elements.Seal = SealStamp
	return p, Preset(FormatFile)
}

// BenchmarkRelayout40 is what a keystroke in a paper of forty pages costs.
func BenchmarkRelayout40(b *testing.B) {
	p, tm := paper40()
	pages := 0
	for b.Loop() {
		pages = len(Set(p, tm, Options{}).Pages)
	}
	b.ReportMetric(float64(pages)*float64(b.N)/b.Elapsed().Seconds(), "pages/s")
	b.ReportMetric(float64(pages), "pages")
}
