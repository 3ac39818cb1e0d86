package bridge

import (
	"testing"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/approval"
	"qianshao/syncserver/office/directory"
	"qianshao/syncserver/office/document"
)

// The 文书 sets numbers aside, enters one by hand, strikes one off and sees the
// ledger.
func TestNumbers(t *testing.T) {
	r, h, _ := newRooms(t, "ding")
	person(h.desk, "ding", directory.Official{Name: "丁小禾", Unit: "mishu1", Posts: []string{document.PostClerk}, Roles: []string{document.RoleRegistrar}})
	for i, s := range []*document.PutSeries{
		{ID: "qzf", Code: "清政发", Name: "文件", Direction: document.Outgoing, Style: document.StyleOfficial, Reserve: true, Fill: true, Void: true, Year: 2026, Next: 5},
		{ID: "shang", Code: "上收", Name: "来文", Direction: document.Incoming, Style: document.StyleRegister},
	} {
		if err := h.desk.run(office.DeriveID("s", s.ID, string(rune('0'+i))), s, office.System); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := r.Documents.ReserveNumbers(NumberInput{Series: "qzf", Year: 2026, N: 2, Words: "全会文件"}); err != nil {
		t.Fatal(err)
	}
	made, err := r.Documents.Draft(DraftInput{Kind: document.Outgoing, Genre: "通知", Title: "通知", Series: "qzf"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Documents.ChooseNumber(NumberInput{Document: made.ID, Year: 2026, N: 5, Words: "补登"}); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Documents.VoidNumber(NumberInput{Series: "qzf", Year: 2026, N: 6, Words: "会议取消"}); err != nil {
		t.Fatal(err)
	}
	gaps, err := r.Documents.Gaps("qzf")
	if err != nil || len(gaps) != 3 || gaps[1].State != document.GapReserved || gaps[2].State != document.GapVoid || gaps[2].By != "丁小禾" {
		t.Errorf("%+v %v", gaps, err)
	}
	_, err = r.Documents.Gaps("'; DROP TABLE")
	refused(t, err, office.CodeInvalid)
	_, err = r.Documents.Annul(AnnulInput{Document: made.ID, Standing: document.Revoked, Basis: "清政发〔2026〕9号"})
	refused(t, err, office.CodeState)
}

// 复核 sees each change after 签发 and classifies it (L9).
func TestChangesAfterSigning(t *testing.T) {
	r, h, _ := newRooms(t, "chu-yan")
	person(h.desk, "chu-yan", directory.Official{Name: "褚言", Unit: "mishu1", Posts: []string{document.PostChecker}})
	made, err := r.Documents.Draft(DraftInput{Kind: document.Outgoing, Genre: "通知", Title: "关于供热的通知", Blocks: []Block{{ID: "b1", Type: "text", Text: "库存不少于十天。"}}})
	if err != nil {
		t.Fatal(err)
	}
	page, err := r.Documents.Page(made.ID)
	if err != nil {
		t.Fatal(err)
	}
	h.desk.put(approval.Instances.Name, "i", "", approval.Instance{Subject: made.ID, State: approval.Running, Signed: &approval.Signed{Hash: page.Seen}})
	h.desk.patch(document.Headers.Name, made.ID, office.Fields{"flow": "i", "flow_state": document.Running, "flow_holders": []string{"chu-yan"}, "flow_editors": []string{"chu-yan"}})
	if got, err := r.Documents.Changes(made.ID); err != nil || len(got.List) != 0 {
		t.Errorf("unchanged: %+v %v", got, err)
	}
	old := []Block{{ID: "b1", Type: "text", Text: "库存不少于十天。"}}
	now := []Block{{ID: "b1", Type: "text", Text: "库存不得少于十天。"}}
	if _, err := r.Documents.Save(SaveInput{Base: DraftInput{ID: made.ID, Kind: "out", Blocks: old}, Now: DraftInput{ID: made.ID, Kind: "out", Blocks: now}, Rev: 1}); err != nil {
		t.Fatal(err)
	}
	got, err := r.Documents.Changes(made.ID)
	if err != nil || len(got.List) != 1 || got.List[0].Place != "block:b1" || got.From != page.Seen {
		t.Fatalf("%+v %v", got, err)
	}
	if _, err := r.Documents.Classify(ClassifyInput{Document: made.ID, From: got.From, To: got.To, Changes: []ChangeSort{{Place: "block:b1", Sort: "wording"}}}); err != nil {
		t.Fatal(err)
	}
	var head document.Header
	rec, _ := h.desk.mem.Get(document.Headers.Name, made.ID)
	if err := rec.Decode(&head); err != nil || len(head.Corrected) != 1 {
		t.Errorf("%+v %v", head.Corrected, err)
	}
}
