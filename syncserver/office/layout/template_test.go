package layout

import (
	"slices"
	"strings"
	"testing"

	"qianshao/syncserver/office"
)

func TestTemplate(t *testing.T) {
	for _, p := range Presets() {
		if err := p.Check(); err != nil {
			t.Errorf("%s: %v", p.Key(), err)
		}
		again, err := ReadTemplate(p.JSON())
		if err != nil || again != p {
			t.Errorf("%s does not survive JSON: %v", p.Key(), err)
		}
	}
	for _, x := range []struct {
		field string
		spoil func(t *Template)
	}{
		{"top", func(t *Template) { t.Top = 30 }}, {"left", func(t *Template) { t.Left = 20 }}, {"lines", func(t *Template) { t.Lines = 30 }},
		{"format", func(t *Template) { t.Format = "poster" }}, {"name", func(t *Template) { t.Name = "" }}, {"version", func(t *Template) { t.Version = 0 }},
		{"seal_size", func(t *Template) { t.SealSize = 80 }}, {"rule_width", func(t *Template) { t.RuleWidth = 3 }}, {"id", func(t *Template) { t.ID = "../x" }},
	} {
		p := Preset(FormatFile)
		x.spoil(&p)
		if e := office.AsError(p.Check()); e == nil || e.Field != x.field {
			t.Errorf("%s: %v", x.field, e)
		}
	}
	if _, err := ReadTemplate([]byte(`{"id":"x","colour":"blue"}`)); err == nil {
		t.Error("an unknown number is dropped")
	}
}

func TestTitle(t *testing.T) {
	for _, x := range []struct {
		title string
		want  string
	}{
		{"关于测试的通知", "关于测试的通知"},
		{"清岚市人民政府办公室关于开展老旧小区充电桩安装工作的通知", "清岚市人民政府办公室|关于开展老旧小区充电桩安装工作的通知"},
		{"清岚市人民政府关于公布第三批市级文物保护单位的公告", "清岚市人民政府|关于公布第三批市级文物保护单位的公告"},
		{"关于甲\n和乙的通知", "关于甲|和乙的通知"},
	} {
		if got := strings.Join(breakTitle(x.title, 20, [][]rune{[]rune("清岚市人民政府办公室")}), "|"); got != x.want {
			t.Errorf("%s, want %s", got, x.want)
		}
	}
	// Whatever is broken adds up, holds in a line and tears no number.
	long := "清岚市人民政府办公室转发市住房城乡建设局等12个部门关于进一步加强2026年城市地下管线安全管理和应急处置工作若干意见的通知"
	rows := breakTitle(long, 20, nil)
	if strings.Join(rows, "") != long {
		t.Errorf("%v", rows)
	}
	for i, r := range rows {
		if cellsIn([]rune(r)) > 20 || slices.Contains([]string{"的", "、", "，"}, string([]rune(r)[0])) {
			t.Errorf("line %d: %s", i+1, r)
		}
	}
	t.Log(strings.Join(rows, " / "))
	if rows := breakTitle(strings.Repeat("W", 90), 20, nil); strings.Join(rows, "") != strings.Repeat("W", 90) {
		t.Errorf("%v", rows)
	}
}

// Horizontal rules of a table that goes over pages close it on each, and its
// first row is repeated.
func TestTables(t *testing.T) {
	p := Paper{Blocks: []Block{{ID: "t", Type: BlockTable, Text: "区县\t点位\n" + strings.Repeat("东屏区\t52\n", 80) + "柳汀县\t12"}}}
	d := Set(p, Preset(FormatPlain), Options{})
	if len(d.Pages) < 2 {
		t.Fatal(len(d.Pages))
	}
	cells := 0
	for n, pg := range d.Pages {
		heads, top, bottom := 0, 300.0, 0.0
		for _, r := range pg.Runs {
			if string(r.Text) == "区县" {
				heads++
			}
			if r.Part == PartBody && (string(r.Text) == "东屏区" || string(r.Text) == "柳汀县") {
				cells++
			}
			if r.Part == PartBody {
				top, bottom = min(top, r.Top()), max(bottom, r.Bottom())
			}
		}
		if heads != 1 {
			t.Errorf("page %d has %d head rows", n+1, heads)
		}
		above, below := false, false
		for _, r := range pg.Rules {
			above = above || r.Y1 == r.Y2 && r.Y1 < top && r.Width > 0.3
			below = below || r.Y1 == r.Y2 && r.Y1 > bottom && r.Width > 0.3
		}
		if !above || !below {
			t.Errorf("page %d: the table is open", n+1)
		}
	}
	if cells != 81 {
		t.Errorf("%d rows came out", cells)
	}
}

// 密级、份号、紧急程度 stand in this order at the left corner; a hole is a place,
// not a character.
func TestCornerAndHole(t *testing.T) {
	p := Paper{Elements: Elements{CopyNo: "000012", Level: "内部", Urgency: "特急", Mark: "某府文件", Number: "某发〔2026〕" + string(Hole) + "号", HoleHint: "待分配", Title: "关于某事的通知"},
		Blocks: []Block{{ID: "a", Type: BlockText, Text: "正文。"}}}
	d := Set(p, Preset(FormatFile), Options{})
	var parts []Part
	for _, r := range d.Pages[0].Runs[:3] {
		parts = append(parts, r.Part)
	}
	if !slices.Equal(parts, []Part{PartCopyNo, PartLevel, PartUrgency}) {
		t.Error(parts)
	}
	if pl := d.Pages[0].Places; len(pl) != 1 || pl[0].Kind != PlaceHole || pl[0].Text != "待分配" || pl[0].Part != PartNumber {
		t.Errorf("%+v", pl)
	}
	for _, r := range d.Pages[0].Runs {
		if strings.ContainsRune(string(r.Text), Hole) {
			t.Error("a hole is drawn")
		}
	}
}

// A blank page before the 版记 is not numbered, and neither is its page.
func TestColophonPages(t *testing.T) {
	long := strings.Repeat("正文写到页末。", 4) + "\n"
	for lines := 20; lines < 60; lines++ {
		p := Paper{Elements: Elements{Title: "关于某事的通知", Printer: "某办", Printed: "2026年6月1日"}, Blocks: []Block{{ID: "a", Type: BlockText, Text: strings.TrimSpace(strings.Repeat(long, lines/2))}}}
		tm := Preset(FormatFile)
		d := Set(p, tm, Options{})
		n := len(d.Pages)
		if n%2 != 0 {
			t.Fatalf("%d lines: 版记 on page %d", lines, n)
		}
		blank := d.Pages[n-2].Why == WhyBlank
		if blank != (d.Pages[n-1].Number == 0) {
			t.Errorf("%d lines: blank %v, number %d", lines, blank, d.Pages[n-1].Number)
		}
	}
}
