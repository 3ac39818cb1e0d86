package layout

import (
	"fmt"
	"strings"
	"testing"

	"qianshao/syncserver/office"
)

func filled(t SheetTemplate) Sheet {
	x := Sheet{Fields: map[string]string{"unit": "清岚市人民政府办公室"}, Areas: map[string][]Opinion{}, Code: "qianshao:doc/0199a0b1"}
	for _, r := range t.Rows {
		for _, c := range r.Cells {
			if c.Field != "" {
				x.Fields[c.Field] = "填写" + c.Field
			}
			if c.Area != "" {
				x.Areas[c.Area] = []Opinion{{Words: "同意。", By: "林知远", Unit: "市领导", Date: "11月24日"}, {Words: "请抓紧办理。\n每周报一次进展。", By: "许南乔", Date: "11月25日", Mark: "代录"}}
			}
		}
	}
	for i := range 40 {
		r := map[string]string{}
		for _, c := range t.Columns {
			r[c.Field] = fmt.Sprint(i + 1)
		}
		r["title"] = "关于开展老旧小区充电桩安装工作的通知"
		x.List = append(x.List, r)
	}
	return x
}

// TestSheets: every form adds up, holds all that was filled in, keeps within
// its frame and closes its rules on every page.
func TestSheets(t *testing.T) {
	if len(Sheets()) < 9 {
		t.Fatal(len(Sheets()))
	}
	for _, f := range Sheets() {
		t.Run(f.ID, func(t *testing.T) {
			if err := f.Check(); err != nil {
				t.Fatal(err)
			}
			x := filled(f)
			d := SetSheet(x, f, Options{})
			text := ""
			codes := 0
			for n, p := range d.Pages {
				x0, x1, y0, y1 := sheetLeft, sheetLeft+sheetWidth, sheetTop, sheetTop+sheetHeight
				if p.Turned {
					x0, x1, y0, y1 = 297-y1, 297-y0, x0, x1
				}
				for _, r := range p.Runs {
					text += string(r.Text)
					if r.Part != PartPageNo && (r.X[0] < x0-0.01 || r.End > x1+0.01 || r.Top() < y0-0.01 || r.Bottom() > y1+0.01) {
						t.Errorf("page %d: %s leaves the frame", n+1, string(r.Text))
					}
				}
				for _, pl := range p.Places {
					if pl.Kind == PlaceQR {
						codes++
					}
				}
			}
			if codes != 1 {
				t.Errorf("%d codes", codes)
			}
			for _, v := range x.Fields {
				if v != "清岚市人民政府办公室" && !strings.Contains(text, v) {
					t.Errorf("%s is lost", v)
				}
			}
			for range x.Areas {
				if !strings.Contains(text, "请抓紧办理。") || !strings.Contains(text, "（代录）") {
					t.Error("an opinion is lost")
				}
			}
			if len(f.Columns) > 0 {
				if n := strings.Count(text, "题名"); n != len(d.Pages) || n < 2 {
					t.Errorf("the head of the list stands %d times on %d pages", n, len(d.Pages))
				}
				if n := strings.Count(text, "充电桩"); n != 40 {
					t.Errorf("%d rows", n)
				}
			}
		})
	}
}

// An opinion of many lines grows over pages; each line that was written stays
// a line, and the name stands after the last.
func TestOpinionGrows(t *testing.T) {
	f, _ := SheetByID("shouwen")
	f = f.WithAreas([]AreaTitle{{"leader", "领导批示"}})
	var words []string
	for i := range 90 {
		words = append(words, fmt.Sprintf("第%d条意见", i+1))
	}
	x := Sheet{Fields: map[string]string{"title": "标题"}, Areas: map[string][]Opinion{"leader": {{Words: strings.Join(words, "\n"), By: "林知远", Date: "11月24日"}}}}
	d := SetSheet(x, f, Options{})
	if len(d.Pages) < 3 {
		t.Fatalf("%d pages", len(d.Pages))
	}
	var got []string
	for n, p := range d.Pages {
		line, y := "", 0.0
		for _, r := range p.Runs {
			if r.Face != Kai {
				continue
			}
			if r.Y != y && line != "" {
				got = append(got, line)
				line = ""
			}
			line, y = line+string(r.Text), r.Y
		}
		if line != "" {
			got = append(got, line)
		}
		if n > 0 {
			outer := 0
			for _, r := range p.Rules {
				if r.Y1 == r.Y2 && r.Width >= 0.5 {
					outer++
				}
			}
			if outer < 2 {
				t.Errorf("page %d: the table is open", n+1)
			}
		}
	}
	want := append(words[:89:89], words[89]+"林知远")
	if strings.Join(got, "|") != strings.Join(want, "|") {
		t.Errorf("%d lines, want %d: %v", len(got), len(want), got[max(0, len(got)-3):])
	}
}

func TestSheetCheck(t *testing.T) {
	for field, spoil := range map[string]func(t *SheetTemplate){
		"rows":    func(t *SheetTemplate) { t.Rows[0].Cells[0].Span = 3 },
		"id":      func(t *SheetTemplate) { t.ID = "" },
		"version": func(t *SheetTemplate) { t.Version = 0 },
		"title":   func(t *SheetTemplate) { t.Title = "" },
	} {
		f, _ := SheetByID("shouwen")
		f = f.WithAreas(nil)
		f.Rows[0].Cells = append([]SheetCell(nil), f.Rows[0].Cells...)
		spoil(&f)
		if e := office.AsError(f.Check()); e == nil || e.Field != field {
			t.Errorf("%s: %v", field, e)
		}
	}
}

// A 横表 within the text lies on pages of its own; the text goes on upright.
func TestTurnedTable(t *testing.T) {
	p := Paper{Blocks: []Block{{ID: "a", Type: BlockText, Text: "前文。"}, {ID: "t", Type: BlockTable, Turned: true, Text: "区县\t点位\n东屏区\t52"}, {ID: "b", Type: BlockText, Text: "后文。"}}}
	d := Set(p, Preset(FormatPlain), Options{})
	if len(d.Pages) != 3 || d.Pages[0].Turned || !d.Pages[1].Turned || d.Pages[2].Turned {
		t.Fatalf("%d pages", len(d.Pages))
	}
	for i, want := range []string{"前文。", "区县", "后文。"} {
		if got := string(d.Pages[i].Runs[0].Text); got != want {
			t.Errorf("page %d begins with %s", i+1, got)
		}
	}
	if r := d.Pages[1].Rules[0]; r.X2-r.X1 < 224 {
		t.Errorf("the table is %.0f mm wide", r.X2-r.X1)
	}
}
