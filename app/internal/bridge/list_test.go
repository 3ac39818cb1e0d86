package bridge

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/approval"
	"qianshao/syncserver/office/directory"
	"qianshao/syncserver/office/document"
	"qianshao/syncserver/office/todo"
)

// shelf puts incoming papers with the due times given, in hours of the fake
// day (0 = none), each received a day before the one before it.
func shelf(d *fakeDesk, due ...float64) {
	person(d, "ding-xiaohe", directory.Official{Name: "丁小禾", Unit: "mishu1", Roles: []string{document.RoleRegistrar}})
	for i, h := range due {
		x := document.Header{
			Direction: document.Incoming, Genre: "请示", Title: fmt.Sprintf("关于第%d件的请示", i), From: []string{"东屏区", "市水务局", "市教育局"}[i%3],
			FromNumber: fmt.Sprintf("东政请〔2026〕%d号", i), Received: hour(float64(-24 * i)), Drafter: "ding-xiaohe", Unit: "mishu1",
			Flow: fmt.Sprint("i", i), FlowState: document.Running, FlowStep: []string{"拟办", "批示"}[i%2],
			Handling: []string{"", document.HandlingRead, document.HandlingAct, document.HandlingRead}[i%4], Created: hour(1), Updated: hour(float64(i)),
		}
		if h != 0 {
			x.FlowDue = hour(h)
		}
		d.put(document.Headers.Name, fmt.Sprint("p", i), "", x)
		d.put(document.Bodies.Name, fmt.Sprint("p", i), fmt.Sprint("p", i), document.Body{Blocks: []document.Block{{ID: "b", Type: "text", Text: fmt.Sprintf("正文%d。", i)}}})
	}
}

// ids are the rows of a list, and its groups.
func ids2(l DocumentList) string {
	var out []string
	for _, r := range l.Rows {
		out = append(out, r.ID)
	}
	var g []string
	for _, x := range l.Groups {
		g = append(g, fmt.Sprintf("%s:%d", x.Group, x.N))
	}
	return strings.TrimSpace(strings.Join(out, " ") + " " + strings.Join(g, " "))
}

func TestList(t *testing.T) {
	r, h, _ := newRooms(t, "ding-xiaohe")
	d := h.desk
	// It is 9 o'clock on a Tuesday.
	shelf(d, 0, 8, 18, 48, 24*10, 10, 0, -24)
	d.put(approval.Instances.Name, "i2", "", approval.Instance{Subject: "p2", Participants: []office.UserID{"ding-xiaohe"}})
	d.put(approval.Tasks.Name, "t2", "i2", approval.Task{
		Person: "ding-xiaohe", State: approval.TaskOpen, Subject: "p2", SubjectKind: document.Headers.Name, Acts: []string{approval.ActApprove},
	})
	for name, x := range map[string]struct {
		q    ListQuery
		want string
	}{
		"by due":        {ListQuery{Order: "due"}, "p7 p1 p5 p2 p3 p4 p0 p6 late:2 today:2 week:1 later:1 none:2"},
		"by due, back":  {ListQuery{Order: "due", Desc: true}, "p4 p3 p2 p5 p1 p7 p6 p0 later:1 week:1 today:2 late:2 none:2"},
		"a window":      {ListQuery{Order: "due", Skip: 3, Limit: 4}, "p2 p3 p4 p0 late:2 today:2 week:1 later:1 none:2"},
		"received":      {ListQuery{Desc: true, Limit: 3}, "p0 p1 p2"},
		"skip":          {ListQuery{Desc: true, Skip: 6}, "p6 p7"},
		"by title":      {ListQuery{Order: "title", Limit: 2}, "p0 p1"},
		"to be read":    {ListQuery{Filter: ListFilter{Handling: []string{document.HandlingRead}}, Desc: true}, "p1 p3 p5 p7"},
		"to be handled": {ListQuery{Filter: ListFilter{Handling: []string{document.HandlingAct}}, Desc: true}, "p2 p6"},
		"undecided":     {ListQuery{Filter: ListFilter{Handling: []string{""}}, Desc: true}, "p0 p4"},
		"sender":        {ListQuery{Filter: ListFilter{From: []string{"东屏区"}}, Desc: true}, "p0 p3 p6"},
		"step and day":  {ListQuery{Filter: ListFilter{Steps: []string{"批示"}, Since: hour(-24 * 5), Before: hour(-24)}, Desc: true}, "p3 p5"},
		"late":          {ListQuery{Queue: QueueLate, Order: "due"}, "p7 p1 late:2"},
		"in hand":       {ListQuery{Queue: QueueMine}, "p2"},
		"text":          {ListQuery{Filter: ListFilter{Text: "正文3"}}, "p3"},
		"text and step": {ListQuery{Filter: ListFilter{Text: "请示", Steps: []string{"拟办"}}, Desc: true, Limit: 2, Skip: 1}, "p2 p4"},
		"done":          {ListQuery{Queue: QueueDone}, ""},
	} {
		x.q.Kind = document.Incoming
		l, err := r.Documents.List(x.q)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if got := ids2(l); got != x.want {
			t.Errorf("%s: %q, want %q", name, got, x.want)
		}
	}
	l, err := r.Documents.List(ListQuery{Kind: document.Incoming, Limit: 3, Desc: true, Count: true})
	if err != nil || l.Total != 8 || l.Mine != 1 || l.Late != 2 || !slices.Equal(l.Rows[2].Acts, []string{rowSign, rowCirculate}) {
		t.Fatalf("%+v %v", l, err)
	}
	if l, err = r.Documents.List(ListQuery{Kind: document.Incoming, Limit: 3, Desc: true, After: l.Next, Skip: 1}); err != nil || ids2(l) != "p4 p5 p6" {
		t.Errorf("behind the third: %q %v", ids2(l), err)
	}
	c, err := r.Documents.Choices(document.Incoming)
	if err != nil || !slices.Equal(c.From, []string{"东屏区", "市教育局", "市水务局"}) || !slices.Equal(c.Steps, []string{"批示", "拟办"}) {
		t.Errorf("%+v %v", c, err)
	}
	for _, q := range []ListQuery{
		{Kind: "x"}, {Kind: "in", Order: "body"}, {Kind: "in", Queue: "x"}, {Kind: "in", Filter: ListFilter{States: []string{"x"}}},
		{Kind: "in", Filter: ListFilter{From: make([]string, maxValues+1)}},
	} {
		_, err := r.Documents.List(q)
		refused(t, err, office.CodeInvalid)
	}
}

func TestBatch(t *testing.T) {
	r, h, _ := newRooms(t, "lin-zhiyuan")
	paper(t, h.desk)
	ready, err := r.Approvals.Ready([]string{"t1", "none"})
	if err != nil || ready[0].Code != string(CodeUnread) || ready[0].Gate != "sign" || ready[1].Code != string(office.CodeNotFound) {
		t.Fatalf("%+v %v", ready, err)
	}
	// A preview is no reading.
	if _, err := r.Documents.Peek("d1"); err != nil {
		t.Fatal(err)
	}
	if ready, _ = r.Approvals.Ready([]string{"t1"}); ready[0].Code != string(CodeUnread) {
		t.Errorf("peeked at: %+v", ready[0])
	}
	if res, err := r.Approvals.SignMany(ready, "同意"); err != nil || res[0].Code != string(CodeUnread) || len(h.desk.given) != 0 {
		t.Errorf("unread: %+v %v", res, err)
	}
	if _, err := r.Documents.Page("d1"); err != nil {
		t.Fatal(err)
	}
	if ready, _ = r.Approvals.Ready([]string{"t1"}); ready[0].Code != "" || !ready[0].Opened {
		t.Fatalf("opened: %+v", ready[0])
	}
	// The text changed after it was read.
	stale := ready[0]
	stale.Seen = "x"
	if res, err := r.Approvals.SignMany([]Ready{stale}, "同意"); err != nil || res[0].Code != string(office.CodeStaleBody) {
		t.Errorf("stale: %+v %v", res, err)
	}
	res, err := r.Approvals.SignMany(ready, "同意")
	if err != nil || res[0].Code != "" || res[0].Mid == "" || res[0].ID != "d1" {
		t.Fatalf("%+v %v", res, err)
	}
	if x := h.desk.given[0].(*approval.Approve); x.Words != "同意" || x.SeenHash != ready[0].Seen || x.TaskRev != 2 {
		t.Errorf("%+v", x)
	}
	if res, _ = r.Approvals.SignMany(ready, "同意"); res[0].Code != string(office.CodeState) {
		t.Errorf("again: %+v", res)
	}
	if done, err := r.Approvals.Handled(); err != nil || len(done) != 1 || done[0].Words != "同意" || done[0].Act != approval.ActApprove {
		t.Errorf("%+v %v", done, err)
	}
	_, err = r.Approvals.Ready(make([]string, maxBatch+1))
	refused(t, err, office.CodeInvalid)

	h.desk.put(approval.Copies.Name, "c1", "", approval.Copy{SubjectKind: document.Headers.Name, Subject: "d1", Title: "x", From: "chu-yan", To: "lin-zhiyuan", State: approval.CopyUnread})
	if res, err = r.Approvals.ReadMany([]string{"c1", "c2"}, "已阅"); err != nil || res[0].Code != "" || res[1].Code != string(office.CodeNotFound) {
		t.Errorf("%+v %v", res, err)
	}
	if res, err = r.Approvals.CirculateMany([]string{"d1", "gone"}, []string{"chu-yan"}, ""); err != nil || res[0].Code != "" || res[1].Code != string(office.CodeNotFound) {
		t.Errorf("%+v %v", res, err)
	}
	if res, err = r.Approvals.StartMany([]string{"d1"}); err != nil || res[0].Code != string(office.CodeState) {
		t.Errorf("%+v %v", res, err)
	}
	if res, err = r.Documents.DiscardMany([]string{"d1"}); err != nil || res[0].Code != string(office.CodeNotPermitted) {
		t.Errorf("%+v %v", res, err)
	}
}

func TestCompare(t *testing.T) {
	text := func(id, s string) document.Block { return document.Block{ID: id, Type: "text", Text: s} }
	before := []document.Block{text("a", "一段"), text("b", "储备20艘。"), text("c", "三段"), text("d", "四段")}
	now := []document.Block{text("d", "四段"), text("a", "一段"), text("b", "储备24艘。"), {ID: "c", Type: "heading", Level: 1, Text: "三段"}, text("e", "新")}
	var got []string
	for _, p := range pairs(before, now) {
		got = append(got, p.State)
	}
	if want := "moved same changed changed moved added"; strings.Join(got, " ") != want {
		t.Errorf("%v, want %s", got, want)
	}
	p := pairs(before, now)[2]
	if len(p.Before) != 3 || p.Before[1] != (Piece{"20", true}) || p.After[1] != (Piece{"24", true}) {
		t.Errorf("%+v", p)
	}
	d, err := elementDiffs(document.Elements{Title: "甲", To: []string{"各区"}}, document.Elements{Title: "甲", To: []string{"各区", "各县"}, Note: "公开"})
	if err != nil || len(d) != 2 || d[0].Field != "note" || d[1].Field != "to" || len(d[0].Before) != 0 {
		t.Errorf("%+v %v", d, err)
	}
	r, h, _ := newRooms(t, "lin-zhiyuan")
	blocks := paper(t, h.desk)
	h.desk.put(document.Versions.Name, "v2", "d1", document.Version{Rev: 2, Author: "lin-zhiyuan", Header: document.Elements{Title: "旧"}, Blocks: blocks})
	c, err := r.Documents.Compare("d1", "v3", "v2")
	if err != nil || c.Left.Rev != 2 || c.Right.By != "褚言" || len(c.Rows) != 1 || c.Changed != len(c.Elements) || c.Changed == 0 {
		t.Errorf("%+v %v", c, err)
	}
	h.desk.put(document.Headers.Name, "d9", "", document.Header{Title: "x"})
	_, err = r.Documents.Compare("d9", "v3", "v2") // versions of another paper
	refused(t, err, office.CodeNotFound)
}

func TestRelated(t *testing.T) {
	r, h, _ := newRooms(t, "ding-xiaohe")
	d := h.desk
	shelf(d, 0, 0, 0, 0)
	d.patch(document.Headers.Name, "p3", office.Fields{"from": "东屏区", "from_number": "东政请〔2026〕0号"})
	d.put(document.Headers.Name, "reply", "", document.Header{Direction: document.Outgoing, Title: "关于公交线路的批复", Number: "清政函〔2026〕8号", Unit: "mishu1"})
	d.put(document.Bodies.Name, "reply", "reply", document.Body{Blocks: []document.Block{{ID: "b", Type: "text", Text: "你区《请示》（东政请〔2026〕0号）收悉，请按清政函〔2026〕7号执行。"}}})
	d.put(document.Headers.Name, "old", "", document.Header{Direction: document.Outgoing, Title: "清岚政务信息第23期", Number: "清政函〔2026〕7号"})
	d.put(document.Headers.Name, "issue", "", document.Header{Direction: document.Outgoing, Title: "清岚政务信息第24期"})
	d.put(document.Headers.Name, "twin", "", document.Header{Direction: document.Internal, Title: "清岚政务信息第24期"})
	show := func(id string) string {
		l, err := r.Documents.Related(id)
		if err != nil {
			t.Fatal(err)
		}
		var out []string
		for _, x := range l {
			out = append(out, x.Why+":"+x.ID)
		}
		return strings.Join(out, " ")
	}
	for id, want := range map[string]string{
		"p0": "duplicate:p3 reply:reply", "reply": "origin:p3 origin:p0 cites:old", "old": "cited:reply series:issue", "issue": "series:old title:twin",
	} {
		got, w := strings.Fields(show(id)), strings.Fields(want)
		slices.Sort(got)
		slices.Sort(w)
		if !slices.Equal(got, w) {
			t.Errorf("%s: %v, want %v", id, got, w)
		}
	}
}

func TestAlike(t *testing.T) {
	r, h, _ := newRooms(t, "ding-xiaohe")
	shelf(h.desk, 0, 0)
	h.desk.put(document.Headers.Name, "near", "", document.Header{Direction: document.Incoming, Title: "东屏区关于调整公交线路走向的请示", From: "东屏区"})
	h.desk.put(document.Headers.Name, "far", "", document.Header{Direction: document.Incoming, Title: "关于调整公务车辆停放区域的函"})
	l, err := r.Documents.Alike("市水务局", "东政请〔2026〕1号", "关于调整公交线路的请示", "")
	if err != nil || len(l) != 2 || l[0].ID != "p1" || !l[0].Same || l[1].ID != "near" || l[1].Same {
		t.Errorf("%+v %v", l, err)
	}
	if l, err = r.Documents.Alike("市水务局", "东政请〔2026〕1号", "", "p1"); err != nil || len(l) != 0 {
		t.Errorf("itself: %+v %v", l, err)
	}
}

func TestPlans(t *testing.T) {
	r, h, _ := newRooms(t, "lin-zhiyuan")
	made, err := r.Todos.Create(TodoInput{
		Title: "报值班表", Due: hour(10), Remind: 0, Repeat: TodoRepeat{Every: "week", N: 1}, List: "防汛", Steps: []TodoStep{{ID: "s", Text: "核对"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	quiet, err := r.Todos.Create(TodoInput{Title: "按例提醒", Due: hour(10), Remind: -1})
	if err != nil {
		t.Fatal(err)
	}
	// It is 9 o'clock: one is told at 10, the other, by custom, two hours before.
	kinds := func(now float64) (out []string) {
		for _, x := range []string{made.ID, quiet.ID} {
			rec, _ := h.desk.mem.Get(todo.Items.Name, x)
			var it todo.Item
			if err := rec.Decode(&it); err != nil {
				t.Fatal(err)
			}
			if n, ok := todoNotice(x, it, hour(now)); ok {
				out = append(out, n.Title)
			}
		}
		return out
	}
	if got := kinds(9); !slices.Equal(got, []string{"按例提醒"}) {
		t.Errorf("at 9: %v", got)
	}
	if got := kinds(10); len(got) != 2 {
		t.Errorf("at 10: %v", got)
	}
	l, err := r.Todos.List(false)
	if err != nil || l[0].Repeat.Every != "week" || l[0].Remind != 0 || l[0].List != "防汛" || len(l[0].Steps) != 1 {
		t.Fatalf("%+v %v", l, err)
	}
	base := TodoInput{ID: made.ID, Title: l[0].Title, Due: l[0].Due, List: l[0].List, Steps: l[0].Steps, Repeat: l[0].Repeat, Remind: l[0].Remind}
	now := base
	now.Done, now.Base = true, &base
	if _, err := r.Todos.Edit(now); err != nil {
		t.Fatal(err)
	}
	if l, err = r.Todos.List(false); err != nil || len(l) != 2 {
		t.Fatalf("%+v %v", l, err)
	}
	if i := slices.IndexFunc(l, func(x Todo) bool { return x.ID == made.ID }); l[i].Due != hour(10+7*24) {
		t.Errorf("the next: %+v", l[i])
	}
	if l, err = r.Todos.List(true); err != nil || len(l) != 1 || !l[0].Once {
		t.Errorf("the done one: %+v %v", l, err)
	}
	off := base
	off.Due, off.Remind, off.Base = hour(10+7*24), -1, &base
	base.Due = off.Due
	if _, err := r.Todos.Edit(off); err != nil {
		t.Fatal(err)
	}
	if l, err = r.Todos.List(false); err != nil || slices.ContainsFunc(l, func(x Todo) bool { return x.ID == made.ID && x.Remind != noReminder }) {
		t.Errorf("switched back: %+v %v", l, err)
	}
}
