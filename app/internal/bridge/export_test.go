package bridge

import (
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/approval"
	"qianshao/syncserver/office/document"
)

// TestListByPeople: who has a paper in hand, alone or among others, who drafted
// it, and papers that went back to where they came from.
func TestListByPeople(t *testing.T) {
	r, h, _ := newRooms(t, "ding-xiaohe")
	d := h.desk
	shelf(d, 0, 0, 0, 0)
	set := func(i int, f office.Fields) { d.patch(document.Headers.Name, fmt.Sprint("p", i), f) }
	set(1, office.Fields{"handling": ""})
	set(0, office.Fields{"handling": "", "flow_stand": document.Running, "flow_holders": []string{"lin", "xu"}, "flow_holder": "lin zhi yuan"})
	set(1, office.Fields{"flow_stand": document.Running, "flow_holders": []string{"xu"}, "flow_holder": "xu nan qiao", "drafter": "li", "reading": "li wen"})
	set(2, office.Fields{"flow_state": document.Done, "flow_stand": document.Rejected, "handling": "办件", "level": "内部"})
	set(3, office.Fields{"flow_state": document.Done, "flow_stand": document.Done, "reading": "ding xiao he", "handling": "阅件"})
	for name, x := range map[string]struct {
		q    ListQuery
		want string
	}{
		"one of several": {ListQuery{Filter: ListFilter{Holders: []string{"lin"}}}, "p0"},
		"either":         {ListQuery{Filter: ListFilter{Holders: []string{"lin", "xu"}}}, "p1 p0"},
		"nobody's":       {ListQuery{Filter: ListFilter{Holders: []string{"li"}}}, ""},
		"part of an id":  {ListQuery{Filter: ListFilter{Holders: []string{"x"}}}, ""},
		"drafter":        {ListQuery{Filter: ListFilter{Drafters: []string{"li"}}}, "p1"},
		"sent back":      {ListQuery{Filter: ListFilter{States: []string{"rejected"}}}, "p2"},
		"done":           {ListQuery{Filter: ListFilter{States: []string{"done"}}}, "p3"},
		"either end":     {ListQuery{Filter: ListFilter{States: []string{"done", "rejected"}}}, "p3 p2"},
		"by holder":      {ListQuery{Order: "holder", Desc: true, Limit: 2}, "p1 p0"},
		"by drafter":     {ListQuery{Order: "drafter", Desc: true, Limit: 2}, "p1 p3"},
		"by handling":    {ListQuery{Order: "handling", Desc: true, Limit: 2}, "p3 p2"},
		"by level":       {ListQuery{Order: "level", Desc: true, Limit: 1}, "p2"},
	} {
		x.q.Kind = document.Incoming
		if x.q.Order == "" {
			x.q.Order = "updated"
			x.q.Desc = false // received: the later ones were received earlier
		}
		l, err := r.Documents.List(x.q)
		if got := ids2(l); err != nil || got != x.want {
			t.Errorf("%s: %q %v, want %q", name, got, err, x.want)
		}
	}
	l, err := r.Documents.List(ListQuery{Kind: document.Incoming, Filter: ListFilter{States: []string{"rejected"}}})
	if err != nil || l.Rows[0].Ending != document.Rejected || l.Rows[0].State != document.Done {
		t.Errorf("%+v %v", l, err)
	}
}

// TestReject: 退文 of what nobody asked of the person is refused here, before
// anything is queued; which reasons count the command decides (TestW19Reject).
func TestReject(t *testing.T) {
	r, h, _ := newRooms(t, "ding-xiaohe")
	d := h.desk
	shelf(d, 0)
	d.put(approval.Instances.Name, "i0", "", approval.Instance{Subject: "p0", SubjectKind: document.Headers.Name, Participants: []office.UserID{"ding-xiaohe"}})
	_, err := r.Approvals.Reject(ActInput{Document: "p0", Task: "t9", Step: "chushen", Rev: 1, Seen: "x", Words: "请改报"}, "不属本机关职权")
	refused(t, err, office.CodeNotFound)
	if len(d.given) != 0 {
		t.Errorf("%+v", d.given)
	}
}

func TestExport(t *testing.T) {
	r, h, _ := newRooms(t, "ding-xiaohe")
	d := h.desk
	shelf(d, 0, 8, 18)
	bad := []string{"=HYPERLINK(\"http://x\")", " ＝1+1", "@SUM(A1)", "-2", "+86", "\tx", "'; DROP TABLE doc;--", `"引号",逗号`}
	for i, title := range bad {
		d.put(document.Headers.Name, fmt.Sprint("q", i), "", document.Header{Direction: document.Incoming, Genre: "函", Title: title, From: "东屏区", Received: hour(float64(i)), Drafter: "ding-xiaohe"})
	}
	d.put(document.Headers.Name, "secret", "", document.Header{Direction: document.Incoming, Genre: "函", Title: "工作秘密", Level: document.LevelInternal, Received: hour(2), Drafter: "ding-xiaohe"})
	d.put(document.Headers.Name, "other", "", document.Header{Direction: document.Outgoing, Genre: "函", Title: "发文", Drafter: "ding-xiaohe"})
	in := ExportInput{
		Query: ListQuery{Kind: document.Incoming, Order: "title"}, Name: "收文登记簿",
		Columns: []ExportColumn{{"title", "标题"}, {"unit", "来文单位"}, {"urgency", "紧急程度"}, {"due", "到期"}, {"state", "状态"}},
		Words:   map[string]string{"urgency.": "平件", "state.running": "在办", "state.draft": "草稿"},
	}
	if out, err := r.Documents.Export(in); err != nil || out.Path != "" || out.Rows != 0 {
		t.Errorf("who gives up gets %+v %v", out, err)
	}
	h.saveTo = filepath.Join(t.TempDir(), "x.csv")
	out, err := r.Documents.Export(in)
	if err != nil || out.Rows != 11 || out.Held != 1 {
		t.Fatalf("%+v %v", out, err)
	}
	raw, err := os.ReadFile(h.saveTo)
	if err != nil || !strings.HasPrefix(string(raw), "\ufeff标题,") || !strings.Contains(string(raw), "\r\n") {
		t.Fatalf("%q %v", raw, err)
	}
	rows, err := csv.NewReader(strings.NewReader(string(raw)[3:])).ReadAll()
	if err != nil || len(rows) != 12 {
		t.Fatal(len(rows), err)
	}
	for _, row := range rows[1:] {
		if strings.ContainsAny(row[0][:1], "=+-@\t") || strings.HasPrefix(strings.TrimSpace(row[0]), "＝") || strings.Contains(row[0], "秘密") || row[0] == "发文" {
			t.Errorf("%q", row[0])
		}
	}
	if last := rows[11]; last[0] != "关于第2件的请示" || last[1] != "市教育局" || last[2] != "平件" || last[3] != "2026-11-24 18:00" || last[4] != "在办" {
		t.Errorf("%q", last)
	}
	for _, x := range []struct {
		change func(*ExportInput)
	}{
		{func(x *ExportInput) { x.Columns = nil }}, {func(x *ExportInput) { x.Columns[0].ID = "body" }}, {func(x *ExportInput) { x.Query.Kind = "mail" }},
	} {
		y := in
		y.Columns = append([]ExportColumn(nil), in.Columns...)
		x.change(&y)
		_, err := r.Documents.Export(y)
		refused(t, err, office.CodeInvalid)
	}
}

// TestExportSheet: the same list as a workbook. What looks like a formula or a
// number is a text there, days are days, the head stays in sight.
func TestExportSheet(t *testing.T) {
	r, h, _ := newRooms(t, "ding-xiaohe")
	d := h.desk
	shelf(d, 0, 8, 18)
	texts := []string{"=HYPERLINK(\"http://x\")", "=1+1", "+86", "-2", "@SUM(A1)", "0012345678901234567890", "1e5", "2026-1-2", "<b>&\u202eabc", "两行\n的"}
	for i, title := range texts {
		d.put(document.Headers.Name, fmt.Sprint("q", i), "", document.Header{
			Direction: document.Incoming, Genre: "函", Title: title, FromNumber: fmt.Sprintf("000%d", i), From: "东屏区", Received: hour(float64(i)), Drafter: "ding-xiaohe",
		})
	}
	d.put(document.Headers.Name, "secret", "", document.Header{Direction: document.Incoming, Genre: "函", Title: "工作秘密", Level: document.LevelInternal, Received: hour(2), Drafter: "ding-xiaohe"})
	in := ExportInput{
		Query: ListQuery{Kind: document.Incoming, Order: "title"}, Name: "收文",
		Columns: []ExportColumn{{"title", "标题"}, {"number", "=来文字号"}, {"updated", "收到"}, {"due", "到期"}},
	}
	folder := t.TempDir()
	h.saveTo = filepath.Join(folder, "x.XLSX")
	out, err := r.Documents.Export(in)
	if err != nil || out.Path != h.saveTo || out.Rows != 13 || out.Held != 1 {
		t.Fatalf("%+v %v", out, err)
	}
	f, err := excelize.OpenFile(out.Path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := f.GetRows(sheetName)
	if err != nil || len(rows) != 14 {
		t.Fatal(len(rows), err)
	}
	got := map[string][]string{}
	for i, row := range rows {
		got[row[0]] = row
		for c, name := range []string{"A", "B", "C", "D"} {
			at := fmt.Sprint(name, i+1)
			kind, _ := f.GetCellType(sheetName, at)
			formula, _ := f.GetCellFormula(sheetName, at)
			style, _ := f.GetCellStyle(sheetName, at)
			format, _ := f.GetStyle(style)
			if formula != "" || (c < 2 || i == 0) && (kind != excelize.CellTypeInlineString || format.NumFmt != 49) || c > 1 && i > 0 && kind == excelize.CellTypeInlineString {
				t.Errorf("%s: %v %q %+v", at, kind, formula, format)
			}
		}
	}
	for i, x := range texts {
		x = strings.ReplaceAll(x, "\n", " ")
		if row := got[x]; row == nil || row[1] != fmt.Sprintf("000%d", i) || row[2] != "2026-11-24" {
			t.Errorf("%q: %q", x, row)
		}
	}
	if row := got["关于第2件的请示"]; len(row) != 4 || row[3] != "2026-11-24 18:00" {
		t.Errorf("%q", row)
	}
	if panes, err := f.GetPanes(sheetName); err != nil || !panes.Freeze || panes.YSplit != 1 {
		t.Errorf("%+v %v", panes, err)
	}
	// Who names no ending gets one, and no file that is there is written over.
	h.saveTo = filepath.Join(folder, "x")
	for _, want := range []string{"x.xlsx", "x (2).xlsx"} {
		if out, err = r.Documents.Export(in); err != nil || filepath.Base(out.Path) != want {
			t.Errorf("%+v %v", out, err)
		}
	}
}

// TestExportLong: a list of several pages is written whole, each paper once.
func TestExportLong(t *testing.T) {
	r, h, _ := newRooms(t, "ding-xiaohe")
	if _, err := h.desk.mem.Update(func(tx office.Tx) error {
		for i := range 2*office.MaxLimit + 7 {
			x := document.Header{Direction: document.Incoming, Genre: "函", Title: fmt.Sprintf("第%05d件", i), Drafter: "ding-xiaohe", FlowDue: int64(i%3) * hour(9)}
			if err := tx.Insert(document.Headers.Name, fmt.Sprintf("p%05d", i), "", x); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	for _, order := range []string{"title", "due"} {
		h.saveTo = filepath.Join(t.TempDir(), map[bool]string{true: "x.csv", false: "x.xlsx"}[order == "due"])
		out, err := r.Documents.Export(ExportInput{Query: ListQuery{Kind: document.Incoming, Order: order}, Columns: []ExportColumn{{"title", "标题"}}, Name: "x"})
		if err != nil || out.Rows != 2*office.MaxLimit+7 {
			t.Errorf("%s: %+v %v", order, out, err)
		}
	}
}
