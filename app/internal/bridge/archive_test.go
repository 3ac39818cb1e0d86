package bridge

import (
	"encoding/json"
	"fmt"
	"testing"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/catalog"
	"qianshao/syncserver/office/document"
	"qianshao/syncserver/office/officetest"
)

// archived gives a desk a server that has more than the desk.
func archived(t *testing.T, d *fakeDesk) *fakeDesk {
	t.Helper()
	cat, err := catalog.New()
	if err != nil {
		t.Fatal(err)
	}
	d.far = &fakeDesk{t: t, mem: officetest.NewMem(cat.Kinds()), rooms: cat, uid: d.uid, now: start, drafts: map[string]json.RawMessage{}}
	d.status.Online = true
	return d.far
}

// A paper that does not live on the desk is read from the server, whole and
// marked; without the server it is not here, which is not to say that there is
// none.
func TestAPaperThatIsNotHere(t *testing.T) {
	r, h, _ := newRooms(t, "lin-zhiyuan")
	far := archived(t, h.desk)
	blocks := paper(t, far)
	far.put(document.Attachments.Name, "a1", "d1", document.Attachment{Name: "台账.xlsx", Size: 9, SHA256: "x", By: "chu-yan"})
	p, err := r.Documents.Page("d1")
	if err != nil {
		t.Fatal(err)
	}
	if !p.Online || p.Mark != MarkOnline || p.Pinned || !p.Body || len(p.Blocks) != len(blocks) || len(p.Versions) != 1 {
		t.Errorf("%+v", p)
	}
	if len(p.Steps) < 3 || len(p.Areas) != 3 || p.Areas[1].Opinions[0].Words != "已核。" {
		t.Errorf("the flow: %+v %+v", p.Steps, p.Areas)
	}
	files, err := r.Files.List("d1")
	if err != nil || !files.Online || len(files.Rows) != 1 || files.Rows[0].Name != "台账.xlsx" || files.Rows[0].State != FileAway {
		t.Errorf("%+v %v", files, err)
	}
	tabs, err := r.Shell.SaveTabs([]string{"/document/d1", "/document/d7"})
	if err != nil || tabs[0].Gone || tabs[0].Title != p.Elements.Title || !tabs[1].Gone {
		t.Errorf("%+v %v", tabs, err)
	}
	if n := len(h.desk.mem.All(document.Headers.Name)); n != 0 {
		t.Error("what was read on line stays on the desk")
	}
	_, err = r.Documents.Page("d9")
	refused(t, err, office.CodeNotFound)
	_, err = r.Documents.Page("' OR 1=1")
	refused(t, err, office.CodeNotFound)

	h.desk.status.Online = false
	_, err = r.Documents.Page("d1")
	refused(t, err, CodeNotHere)
	h.desk.status.Online, h.desk.far = true, nil // the way has just gone
	_, err = r.Documents.Page("d1")
	refused(t, err, CodeNotHere)
	if files, err = r.Files.List("d1"); err != nil || len(files.Rows) != 0 {
		t.Errorf("%+v %v", files, err)
	}
}

// What is here is read here, whatever the server has.
func TestAPaperThatIsHereIsNotReadOnline(t *testing.T) {
	r, h, _ := newRooms(t, "lin-zhiyuan")
	paper(t, archived(t, h.desk))
	paper(t, h.desk)
	h.desk.patch(document.Headers.Name, "d1", office.Fields{"title": "本机的题目"})
	p, err := r.Documents.Page("d1")
	if err != nil || p.Online || p.Mark == MarkOnline || p.Elements.Title != "本机的题目" {
		t.Errorf("%+v %v", p.Elements, err)
	}
}

func TestArchive(t *testing.T) {
	r, h, _ := newRooms(t, "lin-zhiyuan")
	_, err := r.Documents.Archive(ArchiveQuery{Kind: document.Outgoing})
	refused(t, err, "offline")
	far := archived(t, h.desk)
	const n = archivePage + 5
	for i := range n {
		far.put(document.Headers.Name, fmt.Sprintf("d%03d", i), "", document.Header{
			Direction: document.Outgoing, Genre: "通知", Title: fmt.Sprintf("二〇二五年第%d件", i), Number: fmt.Sprintf("清政办发〔2025〕%d号", i),
			FlowState: document.Done, Created: int64(1000 + i), Drafter: "lin-zhiyuan",
		})
	}
	far.put(document.Headers.Name, "in1", "", document.Header{Direction: document.Incoming, Genre: "函", Title: "来文", Number: "上收〔2025〕0001", FromNumber: "岚建函〔2025〕1号", From: "省厅", Received: 5})
	h.desk.put(document.Headers.Name, "d064", "", document.Header{Direction: document.Outgoing, Title: "在本机"})
	var ids []string
	q := ArchiveQuery{Kind: document.Outgoing}
	for range 3 {
		p, err := r.Documents.Archive(q)
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range p.Rows {
			ids = append(ids, x.ID)
		}
		if q.After = p.Next; q.After == "" {
			break
		}
	}
	if len(ids) != n || ids[0] != "d064" || ids[n-1] != "d000" {
		t.Errorf("%d papers, from %s to %s", len(ids), ids[0], ids[len(ids)-1])
	}
	p, err := r.Documents.Archive(ArchiveQuery{Kind: document.Incoming})
	if err != nil || len(p.Rows) != 1 || p.Rows[0].Number != "上收〔2025〕0001" || p.Rows[0].Day != 5 || p.Rows[0].Unit != "省厅" {
		t.Errorf("%+v %v", p, err)
	}
	p, err = r.Documents.Archive(ArchiveQuery{Kind: document.Outgoing, Number: "清政办发〔2025〕7号"})
	if err != nil || len(p.Rows) != 1 || p.Rows[0].ID != "d007" {
		t.Errorf("%+v %v", p, err)
	}
	p, err = r.Documents.Archive(ArchiveQuery{Kind: document.Outgoing, Since: 1002, Before: 1004, Genres: []string{"通知"}})
	if err != nil || len(p.Rows) != 2 {
		t.Errorf("%+v %v", p, err)
	}
	for _, bad := range []ArchiveQuery{{Kind: "all"}, {Kind: document.Outgoing, Number: "a\nb"}, {Kind: document.Outgoing, After: "nonsense"}} {
		_, err := r.Documents.Archive(bad)
		refused(t, err, office.CodeInvalid)
	}
	w, err := r.Documents.Whereabouts([]string{"d064", "d007"})
	if err != nil || !w[0].Here || w[1].Here || w[0].Pinned {
		t.Errorf("%+v %v", w, err)
	}
	_, err = r.Documents.Whereabouts(make([]string, maxWhereabouts+1))
	refused(t, err, office.CodeInvalid)
}

func TestPin(t *testing.T) {
	r, h, _ := newRooms(t, "lin-zhiyuan")
	paper(t, archived(t, h.desk))
	if _, err := r.Documents.Pin("d1", "关于测试的通知"); err != nil {
		t.Fatal(err)
	}
	if x, ok := h.desk.given[len(h.desk.given)-1].(*office.SetPin); !ok || x.Of != "approval.instance" || x.Record != "i1" {
		t.Errorf("its flow is not pinned: %+v", h.desk.given)
	}
	p, err := r.Documents.Page("d1")
	if err != nil || !p.Pinned || !p.Online {
		t.Errorf("%+v %v", p.Pinned, err)
	}
	w, err := r.Documents.Whereabouts([]string{"d1"})
	if err != nil || !w[0].Pinned {
		t.Errorf("%+v %v", w, err)
	}
	if _, err := r.Documents.Unpin("d1"); err != nil {
		t.Fatal(err)
	}
	if p, err = r.Documents.Page("d1"); err != nil || p.Pinned {
		t.Errorf("%+v %v", p.Pinned, err)
	}
	_, err = r.Documents.Pin("not an id\n", "")
	refused(t, err, office.CodeInvalid)
}
