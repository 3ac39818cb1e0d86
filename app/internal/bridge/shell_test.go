package bridge

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"qianshao/app/internal/engine"
	"qianshao/syncserver/office"
	"qianshao/syncserver/office/approval"
	"qianshao/syncserver/office/catalog"
	"qianshao/syncserver/office/directory"
	"qianshao/syncserver/office/document"
	"qianshao/syncserver/office/todo"
)

const paper1, paper2 = "01903f7a-0000-7000-8000-000000000001", "01903f7a-0000-7000-8000-000000000002"

// desk1 is a small office: a head of a unit with two papers of it under way.
func desk1(t *testing.T) (*Rooms, *fakeHost) {
	r, h, _ := newRooms(t, "shao")
	d := h.desk
	d.put(directory.Units.Name, "yike", "yike", directory.Unit{Name: "秘书一科", Head: "shao"})
	person(d, "shao", directory.Official{Name: "邵文渊", Unit: "yike", Roles: []string{"sectionhead"}, State: directory.Active})
	person(d, "ding", directory.Official{Name: "丁小禾", Pinyin: "ding xiao he", Initials: "dxh", Unit: "yike", State: directory.Active})
	d.put(document.Headers.Name, paper1, paper1, document.Header{
		Direction: document.Outgoing, Title: "关于充电桩的通知", Number: "清政办发〔2026〕21号", Unit: "yike", Drafter: "ding",
		FlowState: document.Running, FlowStep: "核稿", FlowHolders: []office.UserID{"ding"}, FlowDue: hour(8), Updated: hour(1),
	})
	d.put(document.Headers.Name, paper2, paper2, document.Header{
		Direction: document.Incoming, Title: "关于积水点的报告", Unit: "yike", Drafter: "ding", Level: "内部",
		FlowState: document.Running, FlowStep: "批示", FlowHolders: []office.UserID{"shao", "ding"}, Updated: hour(2),
	})
	d.put(document.Bodies.Name, paper1, paper1, document.Body{Blocks: []document.Block{{ID: "b1", Type: "text", Text: "物资储备口径"}}})
	d.put(approval.Instances.Name, "i1", "i1", approval.Instance{Subject: paper2, SubjectKind: document.Headers.Name, Title: "关于积水点的报告", State: approval.Running, Participants: []office.UserID{"shao"}})
	d.put(approval.Tasks.Name, "t1", "i1", approval.Task{
		Person: "shao", StepName: "批示", State: approval.TaskOpen, Subject: paper2, SubjectKind: document.Headers.Name, Title: "关于积水点的报告",
		Created: hour(-48), Due: hour(18), DueOrder: hour(18), Sender: "ding",
	})
	d.put(approval.Opinions.Name, "o1", "i1", approval.Opinion{Actor: "ding", StepName: "拟办", Words: "请领导阅示", Effective: hour(2)})
	return r, h
}

func TestWork(t *testing.T) {
	r, _ := desk1(t)
	w, err := r.Approvals.Work()
	if err != nil {
		t.Fatal(err)
	}
	if w.Unit != "秘书一科" || w.Total != 2 || len(w.Late) != 1 || w.Late[0].ID != paper1 || w.Running[0].ID != paper1 {
		t.Errorf("unit work %+v", w)
	}
	if len(w.Holders) != 2 || w.Holders[0] != (HolderCount{"丁小禾", "秘书一科", 2, 1}) || w.Holders[1].Name != "邵文渊" {
		t.Errorf("holders %+v", w.Holders)
	}
	if len(w.Queues) != 1 || w.Queues[0] != (Queue{document.Incoming, "批示", 1, 0, 1}) {
		t.Errorf("queues %+v", w.Queues)
	}
	st, err := r.Session.State()
	if err != nil || st.Desk != DeskHead || !slices.Contains(st.Rooms, RoomDocuments) {
		t.Errorf("%+v %v", st, err)
	}
}

// What another unit does is not this head's to see on the workbench.
func TestWorkOfOthers(t *testing.T) {
	r, h := desk1(t)
	h.desk.uid = "ding"
	w, err := r.Approvals.Work()
	if err != nil || w.Unit != "" || len(w.Running)+len(w.Late)+len(w.Holders)+len(w.Queues) != 0 {
		t.Errorf("%+v %v", w, err)
	}
}

func TestDesks(t *testing.T) {
	for _, x := range []struct {
		roles, heads []string
		want         string
		rooms        int
	}{
		{[]string{"incharge"}, nil, DeskLeader, 2}, {[]string{"sectionhead"}, nil, DeskHead, 2}, {nil, []string{"yike"}, DeskHead, 2},
		{[]string{"registrar", "clerk"}, nil, DeskClerk, 2}, {nil, nil, DeskClerk, 2},
		{[]string{directory.RoleSysAdmin}, nil, DeskAdmin, 0}, {[]string{directory.RoleAuditor}, []string{"x"}, DeskAdmin, 0},
	} {
		p := directory.Official{Roles: x.roles}
		if got := deskOf(p, x.heads); got != x.want || len(roomsOf(p)) != x.rooms {
			t.Errorf("%v %v: %s with rooms %v", x.roles, x.heads, got, roomsOf(p))
		}
	}
}

func TestTabs(t *testing.T) {
	r, h := desk1(t)
	paths := []string{"/document/" + paper2, "/draft/out", "/draft/out/" + paper1, "/document/01903f7a-0000-7000-8000-00000000dead"}
	if _, err := r.Shell.SaveTabs(paths); err != nil {
		t.Fatal(err)
	}
	if err := r.Approvals.KeepWords("t1", "写了一半"); err != nil {
		t.Fatal(err)
	}
	if err := r.Documents.Keep("out", Autosave{Now: DraftInput{Title: "新的"}}); err != nil {
		t.Fatal(err)
	}
	tabs, err := r.Shell.Tabs()
	want := []Tab{
		{Path: paths[0], Title: "关于积水点的报告", Kind: "in", Dirty: true}, {Path: paths[1], Kind: "out", Dirty: true},
		{Path: paths[2], Title: "关于充电桩的通知", Kind: "out"}, {Path: paths[3], Gone: true},
	}
	if err != nil || !slices.Equal(tabs, want) {
		t.Errorf("%+v %v", tabs, err)
	}
	// Titles are of the office: what is kept are paths alone, in the outbox.
	if raw := string(h.desk.drafts[tabsKey]); strings.Contains(raw, "积水") {
		t.Errorf("kept %s", raw)
	}
	for _, bad := range [][]string{{"/todo"}, {"/document/../x"}, {"/document/a/b"}, {"/draft/mail"}, {paths[0], paths[0]}, {"https://x"}, {"/document/<b>"}, make([]string, maxTabs+1)} {
		if _, err := r.Shell.SaveTabs(bad); office.CodeOf(err) != office.CodeInvalid {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

func TestUnsentAndSignOut(t *testing.T) {
	r, h := desk1(t)
	if err := r.Approvals.KeepWords("t1", "再核一遍"); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Shell.SaveTabs([]string{"/document/" + paper1}); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Todos.Create(TodoInput{Title: "记一笔"}); err != nil {
		t.Fatal(err)
	}
	left, err := r.Session.Unsent()
	if err != nil || len(left) != 2 {
		t.Fatalf("%+v %v", left, err)
	}
	if left[0].Kind != UnsentWaiting || left[0].Title != "记一笔" || left[1].Kind != UnsentWords || left[1].Words != "再核一遍" || left[1].Title != "关于积水点的报告" {
		t.Errorf("%+v", left)
	}
	refused(t, r.Session.SignOut(false), CodeUnsent)
	if h.desk == nil {
		t.Fatal("signed out all the same")
	}
	if err := r.Session.SignOut(true); err != nil || h.desk != nil {
		t.Errorf("keeping the profile: %v", err)
	}
}

func TestNotices(t *testing.T) {
	r, h := desk1(t)
	h.desk.put(approval.Copies.Name, "c1", "c1", approval.Copy{To: "shao", From: "ding", Subject: paper1, SubjectKind: document.Headers.Name, Title: "关于充电桩的通知", State: approval.CopyUnread, Sent: hour(3)})
	h.desk.put(todo.Items.Name, "d1", "d1", todo.Item{Title: "回电话", Owner: "shao", Due: hour(10)})
	h.desk.items = append(h.desk.items, engine.Item{Mid: "m1", Command: "approval.approve@1", Args: json.RawMessage(`{"subject":"` + paper1 + `"}`), State: engine.StateRejected, NeedsYou: true, Code: office.CodeStaleBody, Claimed: hour(4)})
	ns, err := r.Shell.Notices()
	if err != nil {
		t.Fatal(err)
	}
	kinds := []string{}
	for _, n := range ns {
		kinds = append(kinds, n.Kind)
		if strings.Contains(n.Sub+n.Title, "阅示") {
			t.Errorf("%+v tells of contents", n)
		}
		if !noticeID.MatchString(n.ID) {
			t.Errorf("id %q", n.ID)
		}
	}
	// The task is due within a day of now (9:00): a notice of yesterday 18:00.
	if !slices.Equal(kinds, []string{NoticeTodo, NoticeRefused, NoticeCopy, NoticeDue}) {
		t.Errorf("kinds %v", kinds)
	}
	if err := r.Shell.SeeNotices([]string{ns[0].ID, "task/none"}); err != nil {
		t.Fatal(err)
	}
	if ns, err = r.Shell.Notices(); err != nil || !ns[0].Seen || ns[1].Seen {
		t.Errorf("%+v %v", ns, err)
	}
	if raw := string(h.desk.drafts[seenKey]); strings.Contains(raw, "none") {
		t.Errorf("marks of nothing are kept: %s", raw)
	}
	if err := r.Shell.Tell(ns[0].ID, strings.Repeat("长", 200), ""); err != nil || len([]rune(h.told[1])) != 80 {
		t.Errorf("%v %v", h.told, err)
	}
	refused(t, r.Shell.Tell("../x", "", ""), office.CodeInvalid)
}

func TestFind(t *testing.T) {
	r, h := desk1(t)
	find := func(text string, hits ...engine.Hit) []Hit {
		t.Helper()
		h.desk.hits = hits
		out, err := r.Search.Find(text)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	body := engine.Hit{Kind: document.Bodies.Name, ID: paper1, Root: paper1}
	head := engine.Hit{Kind: document.Headers.Name, ID: paper1}
	out := find("储备", body)
	if len(out) != 1 || out[0].Part != "body" || shownAs(out[0].Snippet) != "物资[储备]口径" || out[0].Title != "关于充电桩的通知" {
		t.Errorf("%+v", out)
	}
	// Found twice is shown once, by what says more.
	if out = find("21", body, head); len(out) != 1 || out[0].Part != "number" || shownAs(out[0].Snippet) != "清政办发〔2026〕[21]号" {
		t.Errorf("%+v", out)
	}
	out = find("阅示", engine.Hit{Kind: approval.Opinions.Name, ID: "o1", Root: "i1"})
	if len(out) != 1 || out[0].Group != "opinion" || out[0].ID != paper2 || out[0].Sub != "丁小禾 · 拟办" || shownAs(out[0].Snippet) != "请领导[阅示]" {
		t.Errorf("%+v", out)
	}
	out = find("dxh", head, engine.Hit{Kind: directory.People.Name, ID: "ding"})
	if len(out) != 2 || out[0].Kind != "person" || out[0].Part != "pinyin" {
		t.Errorf("people first: %+v", out)
	}
}

func TestLinkIsChecked(t *testing.T) {
	r, h, _ := newRooms(t, "shao")
	h.link = "qianshao://document/" + paper1
	if to, err := r.Shell.Link(); err != nil || to != (Followed{"/document/" + paper1, 7}) {
		t.Errorf("%+v %v", to, err)
	}
	h.link = "qianshao://document/x?y"
	if to, err := r.Shell.Link(); err != nil || to.Route != "" {
		t.Errorf("off the list %+v %v", to, err)
	}
}

// A revoked device shows nothing of the office.
func TestWiped(t *testing.T) {
	r, h := desk1(t)
	h.known.Wiped = true
	st, err := r.Session.State()
	if err != nil || st.Stage != StageWiped || st.Me != nil {
		t.Errorf("%+v %v", st, err)
	}
}

func TestLoadingStages(t *testing.T) {
	r, h := desk1(t)
	h.desk.status = engine.Status{Loading: true, Staged: 40, LastError: "network"}
	if st, err := r.Session.State(); err != nil || st.Stage != StageLoading || st.Loaded != 40 || st.Error != "network" {
		t.Errorf("%+v %v", st, err)
	}
	h.desk.status.Lists = true
	if st, err := r.Session.State(); err != nil || st.Stage != StageIn {
		t.Errorf("with the lists here: %+v %v", st, err)
	}
}

func TestHereAndExport(t *testing.T) {
	r, _ := desk1(t)
	if err := r.Approvals.KeepWords("t1", "秘而不宣"); err != nil {
		t.Fatal(err)
	}
	here, err := r.Sync.Here()
	if err != nil || here.Drafts != 1 || here.Kinds[0] != (KindCount{"doc.header", 9}) || here.Use[0].Bytes != 4096 {
		t.Errorf("%+v %v", here, err)
	}
	out, err := r.Sync.ExportLog()
	if err != nil || !strings.Contains(out, "network") || strings.Contains(out, "积水") || strings.Contains(out, "秘而不宣") {
		t.Errorf("%s %v", out, err)
	}
}

// Whatever the engine gives as a reason, the window has a sentence for it.
func TestSyncEventsInWords(t *testing.T) {
	r, h := desk1(t)
	person(h.desk, "he", directory.Official{Name: "何云舟"})
	h.desk.events = []engine.Event{
		{At: 5, What: "repair", Why: engine.WhyMended, Chan: "unit:yike", Lane: 1, Rows: 3},
		{At: 4, What: "reset", Why: engine.WhyHistory, Chan: "u:shao"},
		{At: 3, What: "rebuild", Why: engine.WhyHistory},
		{At: 2, What: "reset", Why: engine.WhyOld, Chan: "post:gone", Lane: 2},
		{At: 1, What: "upgrade", Why: "outbox from version 1 to 2", Detail: "x"},
	}
	es, err := r.Sync.Events()
	if err != nil || !slices.Equal(es, []SyncEvent{
		{At: 5, What: "repair", Why: "mended", Of: "unit", Name: "秘书一科", Lane: 1, Rows: 3},
		{At: 4, What: "reset", Why: "history", Of: "me"},
		{At: 3, What: "rebuild", Why: "history_all"},
		{At: 2, What: "reset", Why: "old", Of: "post", Name: "gone", Lane: 2},
		{At: 1, What: "upgrade", Why: "older"},
	}) {
		t.Errorf("%+v %v", es, err)
	}
}

// The page of what is on this machine names every kind of record, in both
// languages.
func TestEveryKindHasAName(t *testing.T) {
	cat, err := catalog.New()
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{"zh-CN.kinds.ts", "en.kinds.ts"} {
		words, err := os.ReadFile("../../../frontend/src/i18n/" + file)
		if err != nil {
			t.Fatal(err)
		}
		for _, k := range cat.Kinds().All() {
			if !strings.Contains(string(words), "\n    "+strings.ReplaceAll(k.Name, ".", "_")+": '") {
				t.Errorf("%s has no name for %s", file, k.Name)
			}
		}
	}
}
