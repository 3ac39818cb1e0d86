package bridge

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"qianshao/app/internal/engine"
	"qianshao/syncserver/office"
	"qianshao/syncserver/office/document"
)

// filePaper is a draft of lin's, with rooms.
func filePaper(t *testing.T) (*Rooms, *fakeHost) {
	t.Helper()
	r, h, _ := newRooms(t, "lin")
	h.desk.put(document.Headers.Name, "d1", "d1", document.Header{Direction: document.Outgoing, Genre: "通知", Title: "汛前检查", Drafter: "lin"})
	h.desk.put(document.Bodies.Name, "d1", "d1", document.Body{Blocks: []document.Block{}})
	return r, h
}

// add posts a file as the page does.
func add(t *testing.T, r *Rooms, doc, name, content string) (Done, office.Error) {
	t.Helper()
	return bring(t, r, url.Values{"document": {doc}, "name": {name}}, strings.NewReader(content))
}

// bringPicture posts a picture for the text as the page does.
func bringPicture(t *testing.T, r *Rooms, doc, name string, data []byte) (Done, office.Error) {
	t.Helper()
	return bring(t, r, url.Values{"use": {"text"}, "document": {doc}, "name": {name}}, bytes.NewReader(data))
}

// bring posts bytes to the local handler and reads what it says.
func bring(t *testing.T, r *Rooms, q url.Values, content io.Reader) (Done, office.Error) {
	t.Helper()
	w := httptest.NewRecorder()
	r.Local().ServeHTTP(w, httptest.NewRequest("POST", "/local/files/new?"+q.Encode(), content))
	var out struct {
		Done
		office.Error
	}
	if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil {
		t.Fatalf("%d %s: %v", w.Code, w.Body, err)
	}
	return out.Done, out.Error
}

func TestFilesOfAPaper(t *testing.T) {
	r, h := filePaper(t)
	h.desk.status.Offline = true
	done, no := add(t, r, "d1", "值班表.xlsx", "一二三")
	if no.Code != "" || done.Mid == "" {
		t.Fatal(no)
	}
	list, err := r.Files.List("d1")
	if err != nil || len(list.Rows) != 1 || !list.MayAdd {
		t.Fatal(list, err)
	}
	if x := list.Rows[0]; x.Name != "值班表.xlsx" || x.State != FileWait || x.Mid != done.Mid || x.Size != 9 || !x.MayOpen {
		t.Errorf("%+v", x)
	}
	w := httptest.NewRecorder()
	r.Local().ServeHTTP(w, httptest.NewRequest("GET", "/local/files/"+done.ID, nil))
	if w.Code != 200 || w.Body.String() != "一二三" || w.Header().Get("Content-Type") != "application/octet-stream" {
		t.Errorf("%d %q %s", w.Code, w.Body, w.Header().Get("Content-Type"))
	}
	// Refused with its reason, behind the others.
	h.desk.items[0].Outcome, h.desk.items[0].State, h.desk.items[0].NeedsYou, h.desk.items[0].Waiting, h.desk.items[0].Code = "rejected", engine.StateRejected, true, false, office.CodeNoBlob
	if list, err = r.Files.List("d1"); err != nil || len(list.Rows) != 2 || list.Rows[1].State != FileRefused || list.Rows[1].Error != string(office.CodeNoBlob) {
		t.Errorf("%+v %v", list, err)
	}
	// The reconcile desk tells which file of which paper it was.
	rec, err := r.Outbox.Reconcile()
	if err != nil || len(rec.Entries) != 1 || rec.Entries[0].Title != "值班表.xlsx" || rec.Entries[0].Document != "d1" {
		t.Errorf("%+v %v", rec, err)
	}
}

func TestBadFilesAreRefused(t *testing.T) {
	r, h := filePaper(t)
	for name, code := range map[string]office.Code{
		"": office.CodeInvalid, "../../etc/passwd": office.CodeInvalid, `C:\x.docx`: office.CodeInvalid, "a\x00b": office.CodeInvalid,
		"con.txt": office.CodeInvalid, "LPT1": office.CodeInvalid, "x.": office.CodeInvalid, " x": office.CodeInvalid, "a\u202Egpj.exe": office.CodeInvalid,
		strings.Repeat("长", 201): office.CodeInvalid, "机密文件.docx": office.CodeClassified, "关于商业秘密保护.docx": "",
	} {
		if _, no := add(t, r, "d1", name, "x"); no.Code != code {
			t.Errorf("%q: %q, want %q", name, no.Code, code)
		}
	}
	if _, no := add(t, r, "d9", "x", "x"); no.Code != office.CodeNotFound {
		t.Error(no)
	}
	h.desk.put(document.Headers.Name, "d2", "d2", document.Header{Direction: document.Outgoing, Genre: "通知", Title: "别人的", Drafter: "xu"})
	if _, no := add(t, r, "d2", "x", "x"); no.Code != office.CodeNotPermitted {
		t.Error(no)
	}
	for _, path := range []string{"/local/files/../../x", "/local/files/", "/local/other", "/local/files/NOT-AN-ID"} {
		w := httptest.NewRecorder()
		r.Local().ServeHTTP(w, httptest.NewRequest("GET", "http://x"+path, nil))
		if w.Code == 200 {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
	// What could run is never given to the system's programs.
	done, no := add(t, r, "d1", "setup.exe", "MZ")
	if no.Code != "" {
		t.Fatal(no)
	}
	refused(t, r.Files.Open(done.ID), CodeRisky)
}

// TestFileIsFound: a paper that is found by the name of a file says so, and
// with words of its own says those.
func TestFileIsFound(t *testing.T) {
	r, h := filePaper(t)
	h.desk.put(document.Attachments.Name, "f1", "d1", document.Attachment{Name: "泵站值班表.xlsx", Size: 7, SHA256: strings.Repeat("ab", 32), Order: 1})
	h.desk.patch(document.Bodies.Name, "d1", office.Fields{"blocks": []document.Block{{ID: "b1", Type: document.BlockText, Text: "一号泵站值班"}}})
	file, body := engine.Hit{Kind: document.Attachments.Name, ID: "f1", Root: "d1"}, engine.Hit{Kind: document.Bodies.Name, ID: "d1", Root: "d1"}
	for _, x := range []struct {
		hits []engine.Hit
		part string
	}{{[]engine.Hit{file}, "file"}, {[]engine.Hit{file, body}, "body"}, {[]engine.Hit{body, file}, "body"}} {
		h.desk.hits = x.hits
		got, err := r.Search.Find("泵站")
		if err != nil || len(got) != 1 || got[0].Part != x.part || got[0].Title != "汛前检查" || len(got[0].Snippet) == 0 {
			t.Errorf("%s: %+v %v", x.part, got, err)
		}
	}
}
