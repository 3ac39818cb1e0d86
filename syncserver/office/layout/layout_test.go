package layout

import (
	"encoding/json"
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the golden geometry anew")

type example struct {
	Name   string
	Format Format
	Paper  Paper
}

func examples(t testing.TB) map[string]example {
	t.Helper()
	files, err := filepath.Glob("testdata/papers/*.json")
	if err != nil || len(files) < 15 {
		t.Fatalf("%d papers, %v", len(files), err)
	}
	out := map[string]example{}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		var e example
		if err := json.Unmarshal(b, &e); err != nil {
			t.Fatalf("%s: %v", f, err)
		}
		out[strings.TrimSuffix(filepath.Base(f), ".json")] = e
	}
	return out
}

// geometry is a document as text: every run with its place to a tenth of a
// millimetre, rules and places.
func geometry(d Document) string {
	var b strings.Builder
	r := func(f float64) string { return fmt.Sprintf("%.1f", math.Round(f*10)/10+0) }
	for i, p := range d.Pages {
		fmt.Fprintf(&b, "page %d %sx%s number %d lines %d %s\n", i+1, r(p.W), r(p.H), p.Number, p.Lines, p.Why)
		for _, x := range p.Rules {
			fmt.Fprintf(&b, "  rule %s %s,%s %s,%s w%.2f ink%d\n", x.Part, r(x.X1), r(x.Y1), r(x.X2), r(x.Y2), x.Width, x.Ink)
		}
		for _, x := range p.Places {
			fmt.Fprintf(&b, "  place %s %s %s,%s %sx%s %s\n", x.Part, x.Kind, r(x.X), r(x.Y), r(x.W), r(x.H), x.Text)
		}
		for _, x := range p.Runs {
			fmt.Fprintf(&b, "  %s %s %.2f y%s x%s…%s %s\n", x.Part, x.Face, x.Size, r(x.Y), r(x.X[0]), r(x.End), string(x.Text))
		}
	}
	return b.String()
}

func TestGolden(t *testing.T) {
	for name, e := range examples(t) {
		t.Run(name, func(t *testing.T) {
			d := Set(e.Paper, Preset(e.Format), Options{})
			got := geometry(d)
			file := filepath.Join("testdata", "golden", name+".txt")
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				g, w := strings.Split(got, "\n"), strings.Split(string(want), "\n")
				for i := range min(len(g), len(w)) {
					if g[i] != w[i] {
						t.Fatalf("line %d\n got %s\nwant %s", i+1, g[i], w[i])
					}
				}
				t.Fatalf("%d lines, want %d", len(g), len(w))
			}
			check(t, e.Paper, Preset(e.Format), d)
			for _, f := range d.Faults {
				t.Errorf("%s %s", f.Rule, f.Text)
			}
		})
	}
}

func find(d Document, part Part, page int) []Run {
	var out []Run
	for _, r := range d.Pages[page].Runs {
		if r.Part == part {
			out = append(out, r)
		}
	}
	return out
}

func near(t *testing.T, what string, got, want float64) {
	t.Helper()
	if math.Abs(got-want) > 0.1 {
		t.Errorf("%s: %.2f mm, want %.2f", what, got, want)
	}
}

// TestStandard holds the numbers of GB/T 9704 one by one, apart from the
// golden files: a wrong golden file must not pass.
func TestStandard(t *testing.T) {
	ex := examples(t)
	file := Set(ex["08-tongzhi"].Paper, Preset(FormatFile), Options{})
	mark := find(file, PartMark, 0)[0]
	near(t, "标志 top, 35 mm below the 版心", mark.Top(), 72)
	if mark.Ink != Red || mark.X[0] < 28-eps || mark.End > 184+eps {
		t.Error("标志 is red and within the 版心")
	}
	number := find(file, PartNumber, 0)
	near(t, "发文字号 two lines under the 标志", number[0].Y-ascent*Size3-mark.Bottom(), 2*225.0/22+(225.0/22-Size3)/2)
	near(t, "发文字号 in the middle", (number[0].X[0]+number[len(number)-1].End)/2, 106)
	rule := file.Pages[0].Rules[0]
	near(t, "red line 4 mm under the 发文字号", rule.Y1-number[0].Bottom(), 4-0.12*Size3+0.12*Size3)
	near(t, "red line's width", rule.X2-rule.X1, 156)
	near(t, "紧急程度 on the first line", find(file, PartUrgency, 0)[0].Y, 37+baseline(0, 225.0/22, Size3))
	title := find(file, PartTitle, 0)
	if gap := title[0].Top() - rule.Y1; gap < 1.7*225/22 || gap > 2.8*225/22 {
		t.Errorf("标题 %.1f mm under the line: two empty lines", gap)
	}
	body := find(file, PartBody, 1)
	near(t, "first line of a page", body[0].Y, 37+baseline(0, 225.0/22, Size3))
	near(t, "indent of two 字", body[0].X[0], 28+2*156.0/28)
	date := find(file, PartDate, 1)
	near(t, "成文日期 four 字 from the right", 184-date[len(date)-1].End, 4*156.0/28)
	sign := find(file, PartSignature, 1)
	near(t, "署名 over the middle of the date", (sign[0].X[0]+sign[len(sign)-1].End)/2, (date[0].X[0]+date[len(date)-1].End)/2)
	seal := file.Pages[1].Places[0]
	text := 0.0
	for _, r := range file.Pages[1].Runs {
		if r.Part == PartAttachment {
			text = r.Bottom()
		}
	}
	if gap := seal.Y - text; gap > 225.0/22 || gap < -3 {
		t.Errorf("the seal's top is %.1f mm under the text: one line at most", gap)
	}
	note := find(file, PartNote, 1)
	near(t, "附注 on the line after the date", note[0].Y-date[0].Y, 225.0/22)
	last := file.Pages[len(file.Pages)-1]
	foot := 0.0
	for _, r := range last.Rules {
		if r.Part == PartColophon {
			foot = math.Max(foot, r.Y1+r.Width/2)
		}
	}
	near(t, "版记 on the foot of the 版心", foot, 262)
	if len(file.Pages)%2 != 0 {
		t.Error("版记 on an even page")
	}
	for i := range 2 {
		no := find(file, PartPageNo, i)[0]
		near(t, "页码's dash 7 mm under the 版心", no.Y-(ascent-0.5)*Size4, 269)
		if i == 0 {
			near(t, "odd: one 字 from the right", 184-no.End, 156.0/28)
		} else {
			near(t, "even: one 字 from the left", no.X[0]-28, 156.0/28)
		}
	}
	for _, r := range append(find(file, PartAnnex, 2)[:1], find(file, PartAnnex, 3)[0]) {
		if r.Face != Hei || !strings.HasPrefix(string(r.Text), "附件") {
			t.Errorf("附件 label %q", string(r.Text))
		}
	}
	if p := file.Pages[2]; !p.Turned || p.W != 297 {
		t.Error("a 横表 lies on a turned page")
	}

	letter := Set(ex["14-han"].Paper, Preset(FormatLetter), Options{})
	near(t, "信函 标志 30 mm from the top", find(letter, PartMark, 0)[0].Top(), 30)
	rs := letter.Pages[0].Rules
	near(t, "信函 rule 4 mm under it", rs[0].Y1-rs[0].Width/2, find(letter, PartMark, 0)[0].Bottom()+4)
	near(t, "170 mm wide", rs[0].X2-rs[0].X1, 170)
	near(t, "in the middle of the page", (rs[0].X1+rs[0].X2)/2, 105)
	near(t, "second rule 20 mm from the foot", rs[3].Y1, 277)
	if !(rs[0].Width > rs[1].Width && rs[2].Width < rs[3].Width) {
		t.Error("thick over thin above, thin over thick below")
	}
	no := find(letter, PartNumber, 0)
	near(t, "number at the right edge", no[len(no)-1].End, 184)
	near(t, "7/8 of a 字 under the rule", no[0].Y-ascent*Size3-rs[1].Y1-rs[1].Width/2, Size3*7/8)
	if letter.Pages[0].Number != 0 {
		t.Error("the first page of a 信函 has no number")
	}
	for _, r := range rs {
		if r.Part == PartColophon {
			t.Error("the 版记 of a 信函 has no rules")
		}
	}

	order := Set(ex["03-mingling"].Paper, Preset(FormatOrder), Options{})
	near(t, "命令 标志 20 mm below the 版心's top", find(order, PartMark, 0)[0].Top(), 57)

	up := Set(ex["11-qingshi"].Paper, Preset(FormatFile), Options{})
	signer := find(up, PartSigner, 0)
	near(t, "上行文 number one 字 from the left", find(up, PartNumber, 0)[0].X[0], 28+156.0/28)
	near(t, "签发人 one 字 from the right", 184-signer[2].End, 156.0/28)
	near(t, "the last 签发人 beside the number", signer[len(signer)-1].Y, find(up, PartNumber, 0)[0].Y)
	if signer[0].Face != Fang || signer[1].Face != Kai {
		t.Error("签发人: 仿宋, names 楷体")
	}

	plain := Set(ex["10-baogao"].Paper, Preset(FormatFile), Options{})
	p := ex["10-baogao"].Paper
	p.Elements.Seal = SealNone
	plain = Set(p, Preset(FormatFile), Options{})
	pg := len(plain.Pages) - 1
	for len(find(plain, PartDate, pg)) == 0 {
		pg--
	}
	us, ds := find(plain, PartSignature, pg), find(plain, PartDate, pg)
	if len([]rune(p.Elements.Sign[0].Unit)) >= 8 {
		t.Fatal("the name should be shorter than the date")
	}
	near(t, "a date longer than the name: two 字 from the right", 184-ds[len(ds)-1].End, 2*156.0/28)
	near(t, "the date begins two 字 after the name", ds[0].X[0]-us[0].X[0], 2*156.0/28)

	joint := Set(ex["16-lianhe"].Paper, Preset(FormatFile), Options{})
	var seals []Place
	for _, x := range joint.Pages[1].Places {
		if x.Kind == PlaceSeal {
			seals = append(seals, x)
		}
	}
	if len(seals) != 4 {
		t.Fatalf("%d seals", len(seals))
	}
	apart(t, seals)

	// Five offices: three seals beside each other, two below in the same columns,
	// the last on its name and the date.
	five := Set(ex["17-lianhe5"].Paper, Preset(FormatFile), Options{})
	seals = five.Pages[1].Places
	if len(seals) != 5 {
		t.Fatalf("%d seals", len(seals))
	}
	apart(t, seals)
	names, days := find(five, PartSignature, 1), find(five, PartDate, 1)
	for i, s := range seals {
		near(t, "a name in the middle of its seal", (names[i].X[0]+names[i].End)/2, s.X+s.W/2)
		if row := i / 3; math.Abs(s.Y-seals[3*row].Y) > eps || row == 1 && math.Abs(s.X-seals[i-2].X) > eps {
			t.Errorf("seal %d stands at %.1f, %.1f", i+1, s.X, s.Y)
		}
	}
	if last := seals[4]; days[0].Y > last.Y+last.H || days[0].X[0] < last.X || days[len(days)-1].End > last.X+last.W {
		t.Error("the last seal is not on the date")
	}
	first := seals[0].Y
	for _, r := range find(five, PartBody, 1) {
		if gap := seals[0].Y - r.Bottom(); gap < first {
			first = gap
		}
	}
	if first < 0 || first > 225.0/22 {
		t.Errorf("the first row's top is %.1f mm under the text: one line at most", first)
	}

	// A joint 命令: a 签名章 for each office, under each other, each four 字 from
	// the right with its 职务 two 字 to the left.
	chops := Set(ex["18-lianheling"].Paper, Preset(FormatOrder), Options{})
	page := len(chops.Pages) - 1
	places := chops.Pages[page].Places
	if len(places) != 3 || places[0].Text != "林知远" || places[2].Text != "沈砚秋" {
		t.Fatalf("签名章: %+v", places)
	}
	titles := map[string]Run{}
	for _, r := range find(chops, PartSignature, page) {
		titles[string(r.Text)] = r
	}
	for i, x := range []string{"清岚市水务局局长", "清岚市发展改革局局长", "管理委员会主任"} {
		a := places[i]
		near(t, "签名章 four 字 from the right", 184-a.X-a.W, 4*156.0/28)
		near(t, "职务 two 字 left of it", a.X-titles[x].End, 2*156.0/28)
		if i > 0 && a.Y < places[i-1].Y+places[i-1].H+1 {
			t.Error("two 签名章 touch")
		}
		if r := titles[x]; r.Top() < a.Y || r.Bottom() > a.Y+a.H {
			t.Errorf("%s is not beside its 签名章", x)
		}
	}
	below := find(chops, PartDate, page)
	near(t, "成文日期 four 字 from the right", 184-below[len(below)-1].End, 4*156.0/28)
	if gap := below[0].Top() - places[2].Y - places[2].H; gap < 225.0/22 || gap > 2.5*225.0/22 {
		t.Errorf("成文日期 %.1f mm under the last 签名章: an empty line", gap)
	}
	if m := find(chops, PartMark, 0); len(m) != 4 || string(m[3].Text) != "令" {
		t.Errorf("标志 of a joint 命令: %d runs", len(m))
	}
}

// TestBoundApart: an 附件 that cannot be bound with the paper says whose it is and
// counts its own pages; the 版记 closes the paper without it.
func TestBoundApart(t *testing.T) {
	e := examples(t)["08-tongzhi"]
	p := e.Paper
	long := Annex{ID: "x9", Label: "附件3", Title: "规范汇编", Apart: "清政办发〔2026〕21号", Blocks: []Block{{ID: "y", Type: BlockText, Text: strings.Repeat("第一条　充电桩的安装应当符合消防要求。\n", 30)}}}
	whole := Set(p, Preset(e.Format), Options{})
	p.Annexes = append(slices.Clone(p.Annexes), long)
	d := Set(p, Preset(e.Format), Options{})
	n := len(whole.Pages)
	if got, want := geometry(Document{Pages: d.Pages[:n-1]}), geometry(Document{Pages: whole.Pages[:n-1]}); got != want {
		t.Error("the paper changed with what is bound apart")
	}
	if len(find(d, PartColophon, n-1)) == 0 || len(d.Pages) != n+2 {
		t.Fatalf("%d pages, %d with the 版记", len(d.Pages), n)
	}
	if label := find(d, PartAnnex, n); len(label) == 0 || label[0].X[0] != 28 || label[0].Face != Hei {
		t.Errorf("its label: %+v", label)
	}
	text := ""
	for _, r := range find(d, PartAnnex, n) {
		text += string(r.Text)
	}
	if !strings.HasPrefix(text, "清政办发〔2026〕21号附件3规范汇编") {
		t.Errorf("its first page reads %.60s", text)
	}
	for i, want := range []int{1, 2} {
		if got := d.Pages[n+i].Number; got != want {
			t.Errorf("page %d is numbered %d", n+i+1, got)
		}
	}
	at := slices.IndexFunc(d.Outline, func(e Entry) bool { return strings.Contains(e.Text, "规范汇编") })
	if at < 0 || d.Outline[at].Page != n {
		t.Error("its bookmark leads elsewhere")
	}
	// One between others: the paper's own pages go on counting behind it.
	p.Annexes = append([]Annex{long}, e.Paper.Annexes...)
	d = Set(p, Preset(e.Format), Options{})
	if d.Pages[2].Number != 1 || d.Pages[3].Number != 2 || d.Pages[4].Number != 3 || len(find(d, PartColophon, len(d.Pages)-1)) == 0 {
		t.Errorf("numbers %d %d %d", d.Pages[2].Number, d.Pages[3].Number, d.Pages[4].Number)
	}
}

// apart holds that seals stay within the 版心 and do not touch.
func apart(t *testing.T, seals []Place) {
	t.Helper()
	for i, a := range seals {
		if a.X < 28-eps || a.X+a.W > 184+eps {
			t.Error("a seal leaves the 版心")
		}
		for _, b := range seals[:i] {
			if math.Hypot(a.X-b.X, a.Y-b.Y) < a.W+1 {
				t.Error("two seals touch")
			}
		}
	}
}

// check holds what must be so on every page of every document.
func check(t testing.TB, p Paper, tm Template, d Document) {
	t.Helper()
	right, bottom := tm.Left+tm.Width, tm.Top+tm.Height
	var text strings.Builder
	for n, pg := range d.Pages {
		lineY := map[float64]bool{}
		for i, r := range pg.Runs {
			if len(r.X) != len(r.Text) || len(r.Text) == 0 {
				t.Fatalf("page %d: run %d has %d places for %d characters", n+1, i, len(r.X), len(r.Text))
			}
			x0, x1, y0, y1 := tm.Left, right, tm.Top, bottom
			if pg.Turned {
				x0, x1, y0, y1 = 297-bottom, 297-tm.Top, tm.Left, right
			}
			if r.Part != PartPageNo && !(tm.Format == FormatLetter && r.Part == PartMark) {
				if r.X[0] < x0-0.01 || r.End > x1+0.01 || r.Top() < y0-0.01 || r.Bottom() > y1+0.01 {
					t.Fatalf("page %d: %q leaves the 版心: %.2f…%.2f, %.2f…%.2f", n+1, string(r.Text), r.X[0], r.End, r.Top(), r.Bottom())
				}
			}
			for k := 1; k < len(r.X); k++ {
				if r.X[k] < r.X[k-1]-r.Size*0.51 {
					t.Fatalf("page %d: %q runs back", n+1, string(r.Text))
				}
			}
			if r.Part == PartBody && r.Size == Size3 {
				lineY[math.Round(r.Y*100)] = true
			}
			if r.Part == PartBody || r.Part == PartTo || r.Part == PartAttachment {
				text.WriteString(string(r.Text))
			}
		}
		// 避头尾, by the first and last character of each line.
		for _, part := range []Part{PartBody, PartTo, PartAttachment, PartNote, PartPeople} {
			checkEdges(t, n, pg, part)
		}
		if pg.Why == WhyFull && n < len(d.Pages)-1 && pg.Lines != tm.Lines && !pg.Turned {
			t.Fatalf("page %d has %d lines and says no reason", n+1, pg.Lines)
		}
	}
	var want strings.Builder
	if len(p.Elements.To) > 0 {
		if !slices.ContainsFunc(d.Pages, func(pg Page) bool {
			return slices.ContainsFunc(pg.Runs, func(r Run) bool {
				return r.Part == PartColophon && strings.HasPrefix(string(r.Text), "主送")
			})
		}) {
			want.WriteString(strings.Join(p.Elements.To, "，") + "：")
		}
	}
	first := true
	for _, b := range p.Blocks {
		switch b.Type {
		case BlockText:
			for _, l := range lines(b.Text) {
				want.WriteString(clean(l))
			}
		case BlockHeading:
			want.WriteString(clean(strings.Join(lines(b.Text), " ")))
		case BlockAttachment:
			if first && !strings.HasPrefix(b.Text, "附件") {
				want.WriteString("附件：")
			}
			first = false
			want.WriteString(clean(b.Text))
		case BlockTable:
			return // its cells are read across: TestTables
		}
	}
	if text.String() != want.String() {
		g, w := []rune(text.String()), []rune(want.String())
		for i := range min(len(g), len(w)) {
			if g[i] != w[i] {
				t.Fatalf("text differs at %d: …%s, want …%s", i, string(g[max(0, i-5):min(len(g), i+10)]), string(w[max(0, i-5):min(len(w), i+10)]))
			}
		}
		t.Fatalf("%d characters came out, %d went in", len(g), len(w))
	}
}

func checkEdges(t testing.TB, n int, pg Page, part Part) {
	t.Helper()
	for i, r := range pg.Runs {
		if r.Part != part || r.Size != Size3 {
			continue
		}
		if i == 0 || pg.Runs[i-1].Y != r.Y {
			c := classOf(r.Text[0])
			begins := i == 0 || pg.Runs[i-1].Last || pg.Runs[i-1].Part != part
			if c&isNoStart != 0 && !begins {
				t.Fatalf("page %d: a line begins with %q", n+1, string(r.Text))
			}
		}
		if (i+1 == len(pg.Runs) || pg.Runs[i+1].Y != r.Y) && !r.Last {
			if c := classOf(r.Text[len(r.Text)-1]); c&isNoEnd != 0 {
				t.Fatalf("page %d: a line ends with %q", n+1, string(r.Text))
			}
		}
	}
}
