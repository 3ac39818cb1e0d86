package bridge

import (
	"encoding/json"
	"slices"
	"testing"

	"qianshao/app/internal/engine"
	"qianshao/syncserver/office"
	"qianshao/syncserver/office/approval"
	"qianshao/syncserver/office/directory"
	"qianshao/syncserver/office/document"
)

// paper puts a paper that is signed at 签发 by lin-zhiyuan, with one task open.
func paper(t *testing.T, d *fakeDesk) (blocks []document.Block) {
	t.Helper()
	person(d, "lin-zhiyuan", directory.Official{Name: "林知远", Unit: "lingdao", Roles: []string{"incharge"}})
	person(d, "chu-yan", directory.Official{Name: "褚言", Unit: "mishu1"})
	d.put(directory.Units.Name, "lingdao", "", directory.Unit{Name: "市政府领导", Short: "市领导"})
	for _, post := range []string{approval.PostReviser, approval.PostChecker, approval.PostClerk} {
		d.put(directory.Posts.Name, post, "", directory.Post{Name: post, Holders: []office.UserID{"chu-yan"}})
	}
	blocks = []document.Block{{ID: "b1", Type: "text", Text: "储备冲锋舟20艘。", Attrs: map[string]string{"x": "1"}}}
	h := document.Header{
		Direction: document.Outgoing, Genre: "通知", Title: "关于物资的通知", To: []string{"各区县"}, Issuer: "市应急管理局", Publicity: "主动公开", Drafter: "chu-yan", Unit: "mishu1", Rev: 3,
		Flow: "i1", FlowState: document.Running, FlowStep: "签发", FlowHolders: []office.UserID{"lin-zhiyuan"}, Signer: "lin-zhiyuan",
	}
	h.ContentHash = document.ContentHash(h.Elements(), blocks)
	d.put(document.Headers.Name, "d1", "", h)
	d.put(document.Bodies.Name, "d1", "d1", document.Body{Blocks: blocks})
	d.put(document.Versions.Name, "v3", "d1", document.Version{Rev: 3, Author: "chu-yan", At: 1000, Hash: h.ContentHash, Header: h.Elements(), Blocks: blocks})
	def := approval.Fawen()
	def.Version, def.State = 1, approval.DefinitionPublished
	d.put(approval.Definitions.Name, "fawen.1", "", def)
	d.put(approval.Instances.Name, "i1", "", approval.Instance{
		Definition: "fawen.1", Flow: "fawen", FlowName: "发文", SubjectKind: document.Headers.Name, Subject: "d1", State: approval.Running,
		Starter: "chu-yan", Participants: []office.UserID{"chu-yan", "lin-zhiyuan"},
		Path: []approval.Visit{
			{Step: "nigao", Name: "拟稿", Round: 1, By: []office.UserID{"chu-yan"}},
			{Step: "hegao", Name: "核稿", Round: 1, By: []office.UserID{"chu-yan"}},
		},
		Tokens: []approval.Visit{{Step: "qianfa", Name: "签发", Round: 1, From: "chu-yan"}},
	})
	d.put(approval.Tasks.Name, "t1", "i1", approval.Task{
		Person: "lin-zhiyuan", Step: "qianfa", StepName: "签发", Round: 1, Rev: 2, State: approval.TaskOpen,
		Acts: []string{approval.ActApprove, approval.ActReturn}, Area: "sign", AreaName: "签发", Created: 5000,
		DueOrder: office.MaxTime, SubjectKind: document.Headers.Name, Subject: "d1", Title: h.Title, Flow: "fawen",
	})
	d.put(approval.Opinions.Name, "o1", "i1", approval.Opinion{
		Area: "revise", AreaName: "核稿", Step: "hegao", StepName: "核稿", Round: 1, Actor: "chu-yan", Act: approval.ActApprove, Words: "已核。", Effective: 900, Claimed: 800,
	})
	return blocks
}

func TestPage(t *testing.T) {
	r, h, _ := newRooms(t, "lin-zhiyuan")
	blocks := paper(t, h.desk)
	p, err := r.Documents.Page("d1")
	if err != nil {
		t.Fatal(err)
	}
	var head document.Header
	rec, _ := h.desk.mem.Get(document.Headers.Name, "d1")
	if err := rec.Decode(&head); err != nil {
		t.Fatal(err)
	}
	if p.Seen != document.ContentHash(head.Elements(), blocks) || !p.Intact {
		t.Errorf("seen %s intact %v", p.Seen, p.Intact)
	}
	if p.Task == nil || p.Task.ID != "t1" || p.Task.Rev != 2 || p.Task.Gate != "sign" {
		t.Fatalf("task %+v", p.Task)
	}
	if got := []string{p.Task.Targets[0].ID, p.Task.Targets[1].ID}; !slices.Equal(got, []string{"nigao", "hegao"}) {
		t.Errorf("targets %v", got)
	}
	var steps []string
	for _, s := range p.Steps {
		steps = append(steps, s.ID+":"+s.State)
	}
	if want := []string{"nigao:done", "hegao:done", "qianfa:now", "fuhe:next", "bianhao:next", "banjie:next"}; !slices.Equal(steps, want) {
		t.Errorf("steps %v", steps)
	}
	var areas []string
	for _, a := range p.Areas {
		areas = append(areas, a.ID)
		if a.ID == "sign" && !a.Mine || a.ID != "sign" && a.Mine {
			t.Errorf("area %s mine %v", a.ID, a.Mine)
		}
	}
	if want := []string{"sign", "revise", "note"}; !slices.Equal(areas, want) {
		t.Errorf("areas %v", areas)
	}
	if p.Areas[1].Opinions[0].By != "褚言" || p.Areas[1].Opinions[0].Words != "已核。" {
		t.Errorf("opinion %+v", p.Areas[1].Opinions[0])
	}
	if p.MayEdit || p.MayDrop || p.TakeBack || len(p.Holders) != 1 || !p.Holders[0].Me {
		t.Errorf("page %+v", p)
	}
}

// A page whose text is not what the header names offers no act: its hash is
// computed from the text, never copied.
func TestPageOfAnotherText(t *testing.T) {
	r, h, _ := newRooms(t, "lin-zhiyuan")
	paper(t, h.desk)
	before, err := r.Documents.Page("d1")
	if err != nil {
		t.Fatal(err)
	}
	h.desk.patch(document.Bodies.Name, "d1", office.Fields{"blocks": []document.Block{{ID: "b1", Type: "text", Text: "储备冲锋舟24艘。"}}})
	p, err := r.Documents.Page("d1")
	if err != nil {
		t.Fatal(err)
	}
	if p.Intact || p.Seen == before.Seen {
		t.Errorf("intact %v, seen unchanged %v", p.Intact, p.Seen == before.Seen)
	}
	if _, err := h.desk.mem.Update(func(tx office.Tx) error { return tx.Delete(document.Bodies.Name, "d1") }); err != nil {
		t.Fatal(err)
	}
	if p, err = r.Documents.Page("d1"); err != nil || p.Body || p.Intact || p.Seen != "" {
		t.Errorf("without a body: %v %v %q, %v", p.Body, p.Intact, p.Seen, err)
	}
}

func TestApproveCarriesWhatWasSeen(t *testing.T) {
	r, h, _ := newRooms(t, "lin-zhiyuan")
	paper(t, h.desk)
	p, err := r.Documents.Page("d1")
	if err != nil {
		t.Fatal(err)
	}
	in := ActInput{Document: "d1", Task: p.Task.ID, Rev: p.Task.Rev, Step: p.Task.Step, Seen: "another", Words: "同意"}
	_, err = r.Approvals.Approve(in)
	refused(t, err, office.CodeStaleBody)
	if len(h.desk.given) != 0 {
		t.Fatal("a refused act was queued")
	}
	in.Seen = p.Seen
	if _, err = r.Approvals.Approve(in); err != nil {
		t.Fatal(err)
	}
	got := h.desk.given[0].(*approval.Approve)
	if got.SeenHash != p.Seen || got.TaskRev != 2 || got.Step != "qianfa" || got.Subject != "d1" || got.Words != "同意" {
		t.Errorf("%+v", got)
	}
	if p, err = r.Documents.Page("d1"); err != nil || p.Task != nil {
		t.Errorf("the task is still mine: %+v %v", p.Task, err)
	}
	w, err := r.Approvals.Workbench()
	if err != nil || len(w.ToSign) != 0 || len(w.Signed) != 1 || w.Signed[0].Title != "关于物资的通知" || w.Signed[0].Mark != MarkWait {
		t.Errorf("workbench %+v %v", w, err)
	}
}

func TestReconcileStale(t *testing.T) {
	r, h, _ := newRooms(t, "lin-zhiyuan")
	blocks := paper(t, h.desk)
	p, err := r.Documents.Page("d1")
	if err != nil {
		t.Fatal(err)
	}
	// Somebody corrects the text; what was signed on the former one is refused.
	now := slices.Clone(blocks)
	now[0].Text = "储备冲锋舟24艘。"
	var head document.Header
	rec, _ := h.desk.mem.Get(document.Headers.Name, "d1")
	if err := rec.Decode(&head); err != nil {
		t.Fatal(err)
	}
	hash := document.ContentHash(head.Elements(), now)
	h.desk.patch(document.Headers.Name, "d1", office.Fields{"content_hash": hash, "rev": 4})
	h.desk.patch(document.Bodies.Name, "d1", office.Fields{"blocks": now})
	h.desk.put(document.Versions.Name, "v4", "d1", document.Version{Rev: 4, Author: "chu-yan", At: 7000, Hash: hash, Header: head.Elements(), Blocks: now})
	args, err := json.Marshal(approval.Approve{Task: "t1", Subject: "d1", TaskRev: 2, Step: "qianfa", SeenHash: p.Seen, Words: "同意签发。"})
	if err != nil {
		t.Fatal(err)
	}
	h.desk.items = []engine.Item{{
		Mid: "m1", Command: "approval.approve@1", Args: args, State: engine.StateRejected, Outcome: engine.StateRejected,
		Code: office.CodeStaleBody, Claimed: 6000, At: 8000, NeedsYou: true,
	}}
	h.desk.status.NeedsYou = 1
	rc, err := r.Outbox.Reconcile()
	if err != nil {
		t.Fatal(err)
	}
	e := rc.Entries[0]
	if e.Group != GroupNeed || e.Mark != MarkNeed || e.Title != "关于物资的通知" || e.By != "褚言" || e.ByAt != 7000 || e.RevSeen != 3 || e.RevNow != 4 || e.Words != "同意签发。" {
		t.Errorf("%+v", e)
	}
	if len(e.Diff) != 1 || joined(e.Diff[0].Before, true) != "20" || joined(e.Diff[0].After, true) != "24" {
		t.Errorf("difference %+v", e.Diff)
	}
	if e.SeenNow != hash || e.TaskRev != 2 || !slices.Contains(e.Choices, ChoiceSignNew) {
		t.Errorf("%s %d %v", e.SeenNow, e.TaskRev, e.Choices)
	}
	tasks, err := r.Approvals.Tasks()
	if err != nil || len(tasks) != 1 || tasks[0].Mark != MarkNeed || tasks[0].NeedMid != "m1" || tasks[0].MyWords != "同意签发。" {
		t.Errorf("tasks %+v %v", tasks, err)
	}
	if _, err := r.Outbox.SignNew("m1", e.SeenNow, e.TaskRev, "同意。"); err != nil {
		t.Fatal(err)
	}
	got := parseArgs(h.desk.items[0].Args)
	if got.Seen != hash || got.Words != "同意。" || got.Task != "t1" {
		t.Errorf("sent again: %+v", got)
	}
}

// TestOpened: the page tells once that a task was opened; nobody hears that this
// waits, and the sender sees it.
func TestOpened(t *testing.T) {
	r, h, _ := newRooms(t, "lin-zhiyuan")
	paper(t, h.desk)
	h.desk.status.Waiting = 1
	for range 2 {
		if err := r.Approvals.Opened("d1", "t1"); err != nil {
			t.Fatal(err)
		}
	}
	if len(h.desk.given) != 1 {
		t.Fatalf("given: %v", h.desk.given)
	}
	p, err := r.Documents.Page("d1")
	if err != nil {
		t.Fatal(err)
	}
	if p.Task.Opened == 0 || p.Holders[0].Opened == 0 || p.Holders[0].Area != "sign" || p.Mark != MarkNone {
		t.Errorf("%+v %+v %q", p.Task, p.Holders[0], p.Mark)
	}
	if st, err := r.Sync.Status(); err != nil || st.Waiting != 0 {
		t.Errorf("%+v %v", st, err)
	}
	rec, err := r.Outbox.Reconcile()
	if err != nil || len(rec.Entries) != 0 || rec.Acted != 0 {
		t.Errorf("%+v %v", rec, err)
	}
	if err := r.Approvals.Opened("d1", "nothing"); err != nil {
		t.Error(err)
	}
}
