package httpd_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"image"
	"image/png"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/document"
	"qianshao/syncserver/protocol"
	"qianshao/syncserver/servertest"
)

func sum(b []byte) string {
	h := sha256.Sum256(b)
	return hex.EncodeToString(h[:])
}

// bring uploads a content in pieces of n bytes.
func bring(t *testing.T, c interface {
	BlobPut(ctx context.Context, sha string, offset, total int64, piece []byte) (int64, bool, error)
}, b []byte, n int) {
	t.Helper()
	for at := 0; ; {
		end := min(at+n, len(b))
		now, done, err := c.BlobPut(t.Context(), sum(b), int64(at), int64(len(b)), b[at:end])
		if err != nil {
			t.Fatal(err)
		}
		if at = int(now); done {
			return
		}
	}
}

func paper(id string, more ...func(*document.DraftPaper)) *document.DraftPaper {
	x := &document.DraftPaper{ID: id, Direction: document.Outgoing, Genre: "通知", Title: "汛前检查"}
	for _, f := range more {
		f(x)
	}
	return x
}

// A content is brought in pieces, belongs to a paper, and is read by whoever may
// read the paper, by nobody else.
func TestBlobLife(t *testing.T) {
	w := newWorld(t)
	b := bytes.Repeat([]byte("附件"), 5000)
	sha := sum(b)
	head := func(token string) *httptest.ResponseRecorder {
		return w.send(t, scenario{method: http.MethodHead, path: "/blob/" + sha, token: token})
	}
	get := func(token string) *httptest.ResponseRecorder {
		return w.send(t, scenario{method: http.MethodGet, path: "/blob/" + sha, token: token})
	}
	lin, xu := w.lin.Token(), w.xu.Token()
	if r := head(lin); r.Code != 404 || r.Header().Get(protocol.HeaderOffset) != "0" {
		t.Fatalf("%d %v", r.Code, r.Header())
	}
	bring(t, w.lin, b, 7000)
	if r := head(lin); r.Code != 200 || r.Header().Get("Content-Length") != fmt.Sprint(len(b)) {
		t.Errorf("%d %v", r.Code, r.Header())
	}
	lacks := func(d *servertest.Desk, want ...string) {
		t.Helper()
		r, err := d.Blobs(t.Context(), protocol.BlobsRequest{Device: d.Device, SHA256: []string{sha, sum([]byte("nirgends"))}})
		if err != nil || !slices.Equal(r.Lacks, want) {
			t.Errorf("%+v %v", r, err)
		}
	}
	lacks(w.lin, sum([]byte("nirgends")))
	lacks(w.xu, sha, sum([]byte("nirgends"))) // whoever has not brought it learns nothing
	if r := get(lin); r.Code != 404 {
		t.Errorf("a content that belongs to nothing can be read: %d", r.Code)
	}
	if r := head(xu); r.Code != 404 || r.Header().Get(protocol.HeaderOffset) != "0" {
		t.Errorf("knowing a hash tells that the content is there: %d", r.Code)
	}
	if err := w.As("lin-zhiyuan").Must(paper("d1")); err != nil {
		t.Fatal(err)
	}
	attach := &document.Attach{ID: "a1", Document: "d1", Name: "值班表.xlsx", Size: int64(len(b)), SHA256: sha}
	if err := w.As("lin-zhiyuan").Must(attach); err != nil {
		t.Fatal(err)
	}
	if r := get(lin); r.Code != 200 || !bytes.Equal(r.Body.Bytes(), b) {
		t.Errorf("%d, %d bytes", r.Code, r.Body.Len())
	}
	r := w.send(t, scenario{method: http.MethodGet, path: "/blob/" + sha, token: lin, header: map[string]string{"Range": "bytes=100-199"}})
	if r.Code != 206 || !bytes.Equal(r.Body.Bytes(), b[100:200]) || r.Header().Get("Content-Range") != fmt.Sprintf("bytes 100-199/%d", len(b)) {
		t.Errorf("%d %v", r.Code, r.Header())
	}
	if r := get(xu); r.Code != 404 {
		t.Errorf("a stranger reads it: %d", r.Code)
	}
	// A stranger who knows the hash cannot have it by a paper of their own.
	if err := w.As("xu-nanqiao").Must(paper("d2")); err != nil {
		t.Fatal(err)
	}
	steal := &document.Attach{ID: "a2", Document: "d2", Name: "x", Size: int64(len(b)), SHA256: sha}
	res, err := w.As("xu-nanqiao").Do(steal)
	if err != nil || res.Outcome != protocol.Rejected || res.Code != office.CodeNoBlob {
		t.Errorf("%+v %v", res, err)
	}
	if r := get(xu); r.Code != 404 {
		t.Errorf("it is read through a refused paper: %d", r.Code)
	}
	// Nor one that is not there, nor under another size.
	for _, x := range []*document.Attach{
		{ID: "a3", Document: "d1", Name: "y", Size: 1, SHA256: sum([]byte("nirgends"))},
		{ID: "a4", Document: "d1", Name: "z", Size: 1, SHA256: sha},
	} {
		if res, err := w.As("lin-zhiyuan").Do(x); err != nil || res.Outcome != protocol.Rejected && x.ID == "a3" {
			t.Errorf("%+v %v", res, err)
		}
	}
	// The grant of an old paper grants its files; taking it away takes them.
	edit := func(old, new string) {
		t.Helper()
		if err := w.As("lin-zhiyuan").Must(&document.Edit{ID: "d1", Changes: []office.Change{{Field: "editors", Old: []byte(old), New: []byte(new)}}}); err != nil {
			t.Fatal(err)
		}
	}
	edit(`null`, `["xu-nanqiao"]`)
	if r := get(xu); r.Code != 200 {
		t.Errorf("after the grant: %d", r.Code)
	}
	lacks(w.xu, sum([]byte("nirgends")))
	edit(`["xu-nanqiao"]`, `[]`)
	if r := get(xu); r.Code != 404 {
		t.Errorf("after it was taken: %d", r.Code)
	}
	if found, err := w.Check(); err != nil || len(found) > 0 {
		t.Error(found, err)
	}
}

func TestBlobRequests(t *testing.T) {
	w := newWorld(t)
	lin := w.lin.Token()
	path := "/blob/" + sum([]byte("inhalt"))
	put := func(offset, total string) map[string]string {
		return map[string]string{protocol.HeaderOffset: offset, protocol.HeaderLength: total, "Content-Type": "application/octet-stream"}
	}
	w.play(t,
		scenario{name: "no session", method: http.MethodGet, path: path, status: 401, code: protocol.CodeSession},
		scenario{name: "bad session", method: http.MethodPut, path: path, token: "x", header: put("0", "6"), body: "inhalt", status: 401, code: protocol.CodeSession},
		scenario{name: "not there", method: http.MethodGet, path: path, token: lin, status: 404, code: office.CodeNotFound, field: "sha256"},
		scenario{name: "no hash", method: http.MethodGet, path: "/blob/abc", token: lin, status: 404, code: protocol.CodeNoEndpoint},
		scenario{name: "upper case", method: http.MethodGet, path: strings.ToUpper(path), token: lin, status: 404, code: protocol.CodeNoEndpoint},
		scenario{name: "a path", method: http.MethodGet, path: "/blob/../office.db", token: lin, status: 404, code: protocol.CodeNoEndpoint},
		scenario{name: "post", path: path, token: lin, body: "{}", status: 405, code: protocol.CodeMethod},
		scenario{name: "no offset", method: http.MethodPut, path: path, token: lin, body: "inhalt", status: 400, code: protocol.CodeBadRequest},
		scenario{name: "offset beyond", method: http.MethodPut, path: path, token: lin, header: put("7", "6"), status: 400, code: office.CodeInvalid, field: "offset"},
		scenario{name: "negative", method: http.MethodPut, path: path, token: lin, header: put("-1", "6"), status: 400, code: office.CodeInvalid, field: "offset"},
		scenario{name: "too large", method: http.MethodPut, path: path, token: lin, header: put("0", "2147483649"), status: 413, code: office.CodeTooLarge},
		scenario{name: "compressed", method: http.MethodPut, path: path, token: lin, header: map[string]string{protocol.HeaderOffset: "0", protocol.HeaderLength: "6", "Content-Encoding": "zstd"}, status: 415, code: protocol.CodeMediaType},
		scenario{name: "begins in the middle", method: http.MethodPut, path: path, token: lin, header: put("3", "6"), body: "alt", status: 409, code: protocol.CodeOffset, field: "offset"},
		scenario{name: "another content", method: http.MethodPut, path: path, token: lin, header: put("0", "6"), body: "fremd!", status: 422, code: protocol.CodeHash, field: "sha256"},
		scenario{name: "a piece that is too large", method: http.MethodPut, path: path, token: lin, header: put("0", "99999999"), body: strings.Repeat("x", protocol.MaxPiece+1), status: 413, code: office.CodeTooLarge},
		scenario{name: "which are there: no session", path: protocol.BlobsPath, body: `{"dev":"d","sha256":[]}`, status: 401, code: protocol.CodeSession},
		scenario{name: "which are there: another's device", path: protocol.BlobsPath, token: lin, body: `{"dev":"` + w.xu.Device + `","sha256":[]}`, status: 403, code: office.CodeNotPermitted, field: "dev"},
		scenario{name: "which are there: no hash", path: protocol.BlobsPath, token: lin, body: `{"dev":"` + w.lin.Device + `","sha256":["abc"]}`, status: 400, code: office.CodeInvalid, field: "sha256[0]"},
		scenario{name: "which are there: too many", path: protocol.BlobsPath, token: lin, body: `{"dev":"` + w.lin.Device + `","sha256":["` + strings.Repeat(`","`, protocol.MaxBlobs) + `"]}`, status: 413, code: office.CodeTooLarge, field: "sha256"},
		scenario{name: "bad range", method: http.MethodGet, path: path, token: lin, header: map[string]string{"Range": "bytes=-5"}, status: 400, code: protocol.CodeBadRequest},
	)
}

// The bringer's quota counts what belongs to nothing; what a paper has is free.
func TestBlobQuotaAndGC(t *testing.T) {
	w := newWorld(t)
	b := []byte("verwaist")
	bring(t, w.lin, b, 3)
	bring(t, w.lin, nil, 1) // 0 bytes are a content too
	if err := w.BlobGC(w.Clock.Now().Add(-1)); err != nil {
		t.Fatal(err)
	}
	if _, _, done, err := w.lin.BlobHead(t.Context(), sum(b)); err != nil || !done {
		t.Fatal("a young orphan is gone", err)
	}
	if err := w.BlobGC(w.Clock.Now().Add(1000000)); err != nil {
		t.Fatal(err)
	}
	if _, at, done, err := w.lin.BlobHead(t.Context(), sum(b)); err != nil || done || at != 0 {
		t.Error("an old orphan stays", err)
	}
	bring(t, w.lin, b, 100)
	if err := w.As("lin-zhiyuan").Must(paper("d1")); err != nil {
		t.Fatal(err)
	}
	if err := w.As("lin-zhiyuan").Must(&document.Attach{ID: "a", Document: "d1", Name: "a", Size: int64(len(b)), SHA256: sum(b)}); err != nil {
		t.Fatal(err)
	}
	if err := w.As("lin-zhiyuan").Must(&document.Detach{ID: "a", Document: "d1"}); err != nil {
		t.Fatal(err)
	}
	if err := w.BlobGC(w.Clock.Now().Add(1000000)); err != nil {
		t.Fatal(err)
	}
	if _, _, done, err := w.lin.BlobHead(t.Context(), sum(b)); err != nil || !done {
		t.Error("a file that an old version has is gone", err)
	}
	if err := w.As("lin-zhiyuan").Must(&document.Discard{ID: "d1"}); err != nil {
		t.Fatal(err)
	}
	if err := w.BlobGC(w.Clock.Now().Add(1000000)); err != nil {
		t.Fatal(err)
	}
	if _, _, done, err := w.lin.BlobHead(t.Context(), sum(b)); err != nil || done {
		t.Error("a file of nothing stays", err)
	}
}

// The server looks into what a desk calls a picture, and takes no text with a
// picture that its paper does not have, whatever the desk let pass.
func TestPictures(t *testing.T) {
	w := newWorld(t)
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 4, 3))); err != nil {
		t.Fatal(err)
	}
	lie := []byte("<svg onload=alert(1)>")
	for _, c := range [][]byte{b.Bytes(), lie} {
		bring(t, w.lin, c, 100)
	}
	lin := w.As("lin-zhiyuan")
	for _, id := range []string{"d1", "d2"} {
		if err := lin.Must(paper(id)); err != nil {
			t.Fatal(err)
		}
	}
	refused := func(cmd office.Command, code office.Code) {
		t.Helper()
		if res, err := lin.Do(cmd); err != nil || res.Outcome != protocol.Rejected || res.Code != code {
			t.Errorf("%+v %v, want %s", res, err, code)
		}
	}
	refused(&document.Attach{ID: "p0", Document: "d1", Name: "x.png", Type: "image/png", Size: int64(len(lie)), SHA256: sum(lie), Inline: true}, office.CodePicture)
	if err := lin.Must(&document.Attach{ID: "p1", Document: "d1", Name: "现场.png", Type: "image/png", Size: int64(b.Len()), SHA256: sum(b.Bytes()), Inline: true}); err != nil {
		t.Fatal(err)
	}
	show := func(id, sha string) *document.SaveBody {
		return &document.SaveBody{ID: id, BaseRev: 2, Ops: []document.Op{{Op: document.OpInsert, Block: "i1", New: &document.Block{
			ID: "i1", Type: document.BlockImage, Text: "图1", Attrs: map[string]string{"sha256": sha, "width": "80", "w": "4", "h": "3"},
		}}}}
	}
	refused(show("d2", sum(b.Bytes())), office.CodeNoBlob) // it is d1's
	refused(show("d1", sum(lie)), office.CodeNoBlob)
	if err := lin.Must(show("d1", sum(b.Bytes()))); err != nil {
		t.Fatal(err)
	}
}
