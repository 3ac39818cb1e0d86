package bridge

import (
	"testing"

	"qianshao/syncserver/office/approval"
	"qianshao/syncserver/office/directory"
	"qianshao/syncserver/office/document"
	"qianshao/syncserver/office/rules"
)

// What the window shows beside a draft is what the act is then refused for:
// L2 and L5 with their mends, L3 with a reason that lets it go on.
func TestCheck(t *testing.T) {
	r, h, _ := newRooms(t, "chu-yan")
	person(h.desk, "chu-yan", directory.Official{Name: "褚言", Unit: "mishu1"})
	person(h.desk, "chen", directory.Official{Name: "陈望舒", Roles: []string{"principal"}})
	h.desk.put(directory.Units.Name, "mishu1", "", directory.Unit{Name: "秘书一科", Head: "chen"})
	h.desk.put(approval.Definitions.Name, "fawen.1", "", func() approval.Definition {
		d := approval.Fawen()
		d.Version, d.State, d.Requires = 1, approval.DefinitionPublished, nil
		return d
	}())
	in := DraftInput{
		Kind: document.Outgoing, Genre: "请示", Title: "关于供热补贴的请示", Issuer: "清岚市人民政府", Signer: "chen",
		To: []string{"省人民政府", "国务院"}, Publicity: "主动公开", Note: "联系人：褚言，电话：0000-12345", Blocks: []Block{{ID: "b1", Type: document.BlockText, Text: "妥否，请批示。"}},
	}
	got, err := r.Documents.CheckDraft(in)
	if err != nil || len(got.List) != 2 || got.Saved || len(got.Checklists) != 0 {
		t.Fatalf("%+v %v", got, err)
	}
	l2, l5 := got.List[0], got.List[1]
	if l2.Rule != "L2" || l2.Grade != "block" || l2.Element != "to" || len(l2.Mends) != 1 || l2.Mends[0].Sets[0].List[0] != "省人民政府" || l2.Mends[0].Sets[1].Field != "cc" || l2.Name.ZH == "" || l2.Message.EN == "" {
		t.Errorf("%+v", l2)
	}
	if l5.Rule != "L5" || l5.Grade != "warn" || l5.Mends[0].Sets[0].Field != "cc" {
		t.Errorf("%+v", l5)
	}
	in.To, in.Genre, in.Title = l2.Mends[0].Sets[0].List, "报告", "关于供热补贴的报告"
	done, err := r.Documents.Draft(in)
	if err != nil {
		t.Fatal(err)
	}
	got, err = r.Documents.Check(done.ID, "")
	if err != nil || len(got.List) != 1 || !got.Saved {
		t.Fatalf("%+v %v", got, err)
	}
	l3 := got.List[0]
	if l3.Rule != "L3" || l3.Block != "b1" || l3.Given != nil || l3.Mends[0].Block != "b1" || l3.Mends[1].Sets[0].Text != "请示" {
		t.Errorf("%+v", l3)
	}
	page, err := r.Documents.Page(done.ID)
	if err != nil {
		t.Fatal(err)
	}
	begin := ActInput{Document: done.ID, Seen: page.Seen}
	_, err = r.Approvals.Start(begin, "fawen")
	refused(t, err, rules.CodeReason)
	if _, err := r.Documents.Justify(JustifyInput{Document: done.ID, Rule: "L3", Key: l3.Key, Words: "按省政府办公厅要求一并写明。"}); err != nil {
		t.Fatal(err)
	}
	got, err = r.Documents.Check(done.ID, "")
	if err != nil || got.List[0].Given == nil || got.List[0].Given.By.Name != "褚言" {
		t.Fatalf("%+v %v", got, err)
	}
	if _, err := r.Approvals.Start(begin, "fawen"); err != nil {
		t.Fatal(err)
	}
	in.ID, in.Blocks[0].Text = "", "机密★1年"
	_, err = r.Documents.Draft(in)
	refused(t, err, "classified") // L15
}

// At 核稿 the page offers 三发三不发 (L12) to who fills the post, before the act is
// refused for want of it.
func TestChecklist(t *testing.T) {
	r, h, _ := newRooms(t, "chu-yan")
	person(h.desk, "chu-yan", directory.Official{Name: "褚言", Unit: "mishu1", Posts: []string{"hegao"}})
	h.desk.put(directory.Units.Name, "gov", "", directory.Unit{Name: "清岚市人民政府"})
	d := approval.Fawen()
	d.Version, d.State = 1, approval.DefinitionPublished
	h.desk.put(approval.Definitions.Name, "fawen.1", "", d)
	h.desk.put(document.Headers.Name, "p", "", document.Header{
		Direction: document.Outgoing, Genre: "通知", Title: "通知", To: []string{"各区县"}, Publicity: "主动公开", Issuer: "清岚市人民政府", Drafter: "li", FlowState: document.Running, Flow: "i", FlowHolders: users([]string{"chu-yan"}),
	})
	h.desk.put(document.Bodies.Name, "p", "p", document.Body{Blocks: []document.Block{{ID: "b1", Type: document.BlockText, Text: "正文。"}}})
	h.desk.put(approval.Instances.Name, "i", "", approval.Instance{Definition: "fawen.1", Subject: "p", SubjectKind: document.Headers.Name, State: approval.Running})
	h.desk.put(approval.Tasks.Name, "t", "i", approval.Task{
		Person: "chu-yan", Step: "hegao", Round: 1, Rev: 1, State: approval.TaskOpen, Acts: []string{approval.ActApprove}, Subject: "p", SubjectKind: document.Headers.Name,
	})
	got, err := r.Documents.Check("p", "t")
	if err != nil || len(got.List) != 1 || got.List[0].Rule != "L12" || len(got.Checklists) != 1 || len(got.Checklists[0].Items) != 6 {
		t.Fatalf("%+v %v", got, err)
	}
	act := ActInput{Document: "p", Task: "t", Rev: 1, Step: "hegao"}
	_, err = r.Approvals.Approve(act)
	refused(t, err, rules.CodeReason)
	if _, err := r.Documents.Answer(AnswerInput{Document: "p", Checklist: "L12", Yes: []string{"problem"}}); err != nil {
		t.Fatal(err)
	}
	if got, err = r.Documents.Check("p", "t"); err != nil || len(got.List) != 0 || len(got.Checklists) != 0 {
		t.Errorf("%+v %v", got, err)
	}
}
