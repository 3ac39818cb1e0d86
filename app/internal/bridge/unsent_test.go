package bridge

import (
	"encoding/json"
	"strings"
	"testing"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/document"
)

// What a wiped desk's person wrote and nobody else has can be read while the
// program runs: words alone, without a title or a text of the office.
func TestFarewell(t *testing.T) {
	r, h, _ := newRooms(t, "lin-zhiyuan")
	blocks := paper(t, h.desk)
	if err := r.Approvals.KeepWords("t1", "拟同意，请再核一遍。"); err != nil {
		t.Fatal(err)
	}
	open, err := r.Documents.Open("d1")
	if err != nil {
		t.Fatal(err)
	}
	open.Now.Blocks = append([]Block{}, open.Now.Blocks...)
	open.Now.Blocks = append(open.Now.Blocks, Block{ID: "own", Type: document.BlockText, Text: "我加的一段"})
	if err := r.Documents.Keep("d1", open); err != nil {
		t.Fatal(err)
	}
	// The desk cannot be read any more: nothing is remembered, nothing breaks.
	desk := h.desk
	h.desk = nil
	r.Farewell()
	h.desk = desk
	h.known.Wiped = true
	if us, err := r.Session.Unsent(); err != nil || len(us) == 0 {
		t.Fatalf("before a farewell the desk itself is asked: %+v %v", us, err)
	}
	r.Farewell()
	h.desk = nil
	us, err := r.Session.Unsent()
	if err != nil {
		t.Fatal(err)
	}
	raw, err := json.Marshal(us)
	if err != nil {
		t.Fatal(err)
	}
	all := string(raw)
	for _, want := range []string{"拟同意，请再核一遍。", "我加的一段"} {
		if !strings.Contains(all, want) {
			t.Errorf("%q is lost: %s", want, all)
		}
	}
	for _, gone := range []string{"关于", blocks[0].Text, "/document/", "/draft/"} {
		if gone != "" && strings.Contains(all, gone) {
			t.Errorf("%q of the office is left: %s", gone, all)
		}
	}
	// Once the person may sign in again the memory is not asked.
	h.known.Wiped, h.desk = false, desk
	h.desk.drafts = map[string]json.RawMessage{}
	if us, err := r.Session.Unsent(); err != nil || len(us) != 0 {
		t.Errorf("%+v %v", us, err)
	}
}

// An editor that is open while its paper is taken away keeps the person's words
// and nothing of the paper.
func TestKeepOfAPaperThatIsGone(t *testing.T) {
	r, h, _ := newRooms(t, "lin-zhiyuan")
	paper(t, h.desk)
	open, err := r.Documents.Open("d1")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.desk.mem.Update(func(tx office.Tx) error { return tx.Delete(document.Headers.Name, "d1") }); err != nil {
		t.Fatal(err)
	}
	if err := r.Documents.Keep("d1", open); err != nil {
		t.Fatal(err)
	}
	if len(h.desk.drafts) != 0 {
		t.Errorf("nothing was written, and %v is kept", h.desk.drafts)
	}
	open.Now.Blocks = append(open.Now.Blocks, Block{ID: "own", Type: document.BlockText, Text: "我加的一段"})
	if err := r.Documents.Keep("d1", open); err != nil {
		t.Fatal(err)
	}
	if words, err := r.Documents.Lost("d1"); err != nil || words != "我加的一段" {
		t.Errorf("%q %v", words, err)
	}
	us, err := r.Session.Unsent()
	if err != nil || len(us) != 1 || us[0].Kind != UnsentLost || us[0].Words != "我加的一段" || us[0].Title != "" {
		t.Errorf("%+v %v", us, err)
	}
	if err := r.Documents.ForgetLost("d1"); err != nil {
		t.Fatal(err)
	}
	if words, err := r.Documents.Lost("d1"); err != nil || words != "" || len(h.desk.drafts) != 0 {
		t.Errorf("%q %v", words, err)
	}
}
