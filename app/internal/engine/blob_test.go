package engine_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"qianshao/app/internal/engine"
	"qianshao/syncserver/office"
	"qianshao/syncserver/office/catalog"
	"qianshao/syncserver/office/document"
	"qianshao/syncserver/office/todo"
	"qianshao/syncserver/protocol"
	"qianshao/syncserver/servertest"
)

// real is a desk at a real server, over a line that can be cut.
type real struct {
	*engine.Engine
	t    *testing.T
	dir  string
	o    engine.Options
	line *wire
	who  *servertest.Desk
}

// wire is a line that carries so many bytes of files, then breaks.
type wire struct {
	http.RoundTripper
	down  bool
	old   bool // the server does not know the question for files yet
	bytes int  // of contents that still get through in either direction; -1 = any
	count map[string]int
}

func (w *wire) RoundTrip(r *http.Request) (*http.Response, error) {
	if w.down {
		return nil, errors.New("no route")
	}
	if w.old && r.URL.Path == protocol.BlobsPath {
		r = r.Clone(r.Context())
		r.URL.Path = "/sync/of-a-later-version"
	}
	w.count[r.Method+" "+r.URL.Path[:min(6, len(r.URL.Path))]]++
	if w.bytes >= 0 && r.Method == http.MethodPut && r.Body != nil {
		r.Body = io.NopCloser(io.MultiReader(io.LimitReader(r.Body, int64(w.bytes)), brokenLine{}))
	}
	res, err := w.RoundTripper.RoundTrip(r)
	if err == nil && w.bytes >= 0 && r.Method == http.MethodGet {
		res.Body = io.NopCloser(io.MultiReader(io.LimitReader(res.Body, int64(w.bytes)), brokenLine{}))
	}
	return res, err
}

type brokenLine struct{}

func (brokenLine) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

func realDesk(t *testing.T, s *servertest.Server, u servertest.User, install string, change ...func(*engine.Options)) *real {
	t.Helper()
	w := &wire{RoundTripper: s.RoundTripper(), bytes: -1, count: map[string]int{}}
	who, err := s.SignIn(u, "", install, w)
	if err != nil {
		t.Fatal(err)
	}
	cat, err := catalog.New()
	if err != nil {
		t.Fatal(err)
	}
	d := &real{t: t, dir: t.TempDir(), line: w, who: who}
	d.o = engine.Options{
		Dir: d.dir, UID: who.UID, Device: who.Device, Install: install, Schema: catalog.SchemaVersion, Version: protocol.Version,
		Kinds: cat.Kinds(), Commands: cat, Creates: cat.Creates, Class: cat.Class, Transport: who.Client, Now: time.Now, Rand: rand.Reader,
	}
	for _, f := range change {
		f(&d.o)
	}
	d.open()
	return d
}

func (d *real) open() {
	d.t.Helper()
	e, err := engine.Open(context.Background(), d.o)
	if err != nil {
		d.t.Fatal(err)
	}
	d.Engine = e
	d.t.Cleanup(func() { _ = e.Close() })
}

func (d *real) reopen() {
	d.t.Helper()
	if err := d.Close(); err != nil {
		d.t.Fatal(err)
	}
	d.open()
}

func (d *real) must(cmd office.Command) string {
	d.t.Helper()
	mid, err := d.Do(context.Background(), cmd)
	if err != nil {
		d.t.Fatalf("%s: %v", cmd.Kind(), err)
	}
	return mid
}

// both carries files and records until nothing is left.
func (d *real) both() {
	d.t.Helper()
	for range 3 {
		if _, err := d.Sync(context.Background()); err != nil {
			d.t.Fatal(err)
		}
		if _, err := d.SyncBlobs(context.Background()); err != nil {
			d.t.Fatal(err)
		}
	}
}

func (d *real) bring(content []byte) office.BlobRef {
	d.t.Helper()
	b, err := d.AddBlob(context.Background(), bytes.NewReader(content))
	if err != nil {
		d.t.Fatal(err)
	}
	return b
}

func (d *real) state(mid string) string {
	d.t.Helper()
	i, ok, err := d.Item(context.Background(), mid)
	if err != nil || !ok {
		d.t.Fatal(mid, err)
	}
	return i.State
}

func (d *real) reads(sha string) ([]byte, error) {
	f, err := d.OpenBlob(context.Background(), sha)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(f)
}

// holds reports in which of the profile's files some bytes are.
func (d *real) holds(what string) []string {
	d.t.Helper()
	var out []string
	err := filepath.WalkDir(d.dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		if err == nil && bytes.Contains(b, []byte(what)) {
			out = append(out, strings.TrimPrefix(path, d.dir))
		}
		return err
	})
	if err != nil {
		d.t.Fatal(err)
	}
	return out
}

func realOffice(t *testing.T) *servertest.Server {
	t.Helper()
	s := servertest.New(t)
	for _, u := range []servertest.User{lin, xu} {
		if err := s.AddUser(u); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

var (
	lin = servertest.User{UID: "lin-zhiyuan", Name: "林知远", Unit: "si"}
	xu  = servertest.User{UID: "xu-nanqiao", Name: "许南乔", Unit: "si"}
)

func draft(id string, editors ...office.UserID) *document.DraftPaper {
	return &document.DraftPaper{
		ID: id, Direction: document.Outgoing, Genre: "通知", Title: "关于汛前检查的通知 " + id, Editors: editors,
		Blocks: []document.Block{{ID: "b1", Type: document.BlockText, Text: "各县区人民政府：" + id}},
	}
}

func attach(doc, id string, b office.BlobRef) *document.Attach {
	return &document.Attach{ID: id, Document: doc, Name: id + ".docx", Size: b.Size, SHA256: b.SHA256}
}

// A file attached off line waits, with what depends on it; other commands go on.
func TestFileWaitsAloneAndArrives(t *testing.T) {
	s := realOffice(t)
	d := realDesk(t, s, lin, "i1")
	d.both()
	d.line.down = true
	content := bytes.Repeat([]byte("值班表 "), 100_000) // 1 MB: several pieces
	b := d.bring(content)
	d.must(draft("p1", "xu-nanqiao"))
	a := d.must(attach("p1", "a1", b))
	off := d.must(&document.Detach{ID: "a1", Document: "p1"})
	again := d.must(attach("p1", "a2", b))
	other := d.must(&todo.Create{ID: "t1", Title: "无关"})
	for mid, want := range map[string]string{a: engine.StateBlob, off: engine.StateQueued, other: engine.StateQueued} {
		if got := d.state(mid); got != want {
			t.Errorf("off line: %s, want %s", got, want)
		}
	}
	if got, err := d.reads(b.SHA256); err != nil || !bytes.Equal(got, content) {
		t.Errorf("a file brought off line cannot be read here: %v", err)
	}
	d.line.down, d.line.bytes = false, 0
	if _, err := d.Sync(t.Context()); err != nil {
		t.Fatal(err)
	}
	if d.state(other) != engine.StateSettled || d.state(a) != engine.StateBlob || d.state(off) != engine.StateQueued {
		t.Errorf("records before files: %s %s %s", d.state(other), d.state(a), d.state(off))
	}
	// The line breaks again and again; each time a little more is there.
	last := int64(0)
	d.line.bytes = 100_000
	for range 40 {
		_, err := d.SyncBlobs(t.Context())
		if err == nil {
			break
		}
		_, at, done, herr := d.who.BlobHead(t.Context(), b.SHA256)
		if herr != nil || !done && at < last {
			t.Fatalf("the upload stands at %d after %d: %v", at, last, herr)
		}
		last = at
	}
	d.line.bytes = -1
	d.both()
	for _, mid := range []string{a, off, again} {
		if got := d.state(mid); got != engine.StateSettled {
			t.Errorf("%s after the upload", got)
		}
	}
	// Another desk has the row and not the file, and says so; then it has both.
	x := realDesk(t, s, xu, "i2")
	x.both()
	r, ok, err := x.Get(t.Context(), document.Attachments.Name, "a2")
	if err != nil || !ok || !strings.Contains(string(r.Body), b.SHA256) {
		t.Fatal(ok, err)
	}
	if _, err := x.reads(b.SHA256); office.CodeOf(err) != engine.CodeAway {
		t.Errorf("a file that is not here: %v", err)
	}
	x.line.bytes = 70_000
	for range 60 {
		if x.FetchBlob(t.Context(), b.SHA256) == nil {
			break
		}
		x.reopen()
	}
	x.line.bytes = -1
	if got, err := x.reads(b.SHA256); err != nil || !bytes.Equal(got, content) {
		t.Errorf("a fetched file: %v", err)
	}
	for _, r := range []*real{d, x} {
		if found, err := r.Check(t.Context()); err != nil || len(found) > 0 {
			t.Error(found, err)
		}
	}
}

// What depends on a command that waits for its file waits with it; sent before
// it, it would be refused.
func TestDependantsWaitForFiles(t *testing.T) {
	for off, want := range map[bool]string{false: engine.StateQueued, true: engine.StateRejected} {
		d := realDesk(t, realOffice(t), lin, "i1", func(o *engine.Options) { o.Ablate = map[engine.Ablation]bool{engine.NoBlobWait: off} })
		d.both()
		b := d.bring([]byte("值班表"))
		d.must(draft("p1"))
		d.must(attach("p1", "a1", b))
		detach := d.must(&document.Detach{ID: "a1", Document: "p1"})
		if _, err := d.Sync(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := d.state(detach); got != want {
			t.Errorf("without the wait %v: %s, want %s", off, got, want)
		}
	}
}

func TestEmptyFileAndBadOnes(t *testing.T) {
	s := realOffice(t)
	d := realDesk(t, s, lin, "i1")
	d.both()
	d.must(draft("p1"))
	empty := d.bring(nil)
	d.must(attach("p1", "a1", empty))
	d.both()
	x := realDesk(t, s, lin, "i2")
	x.both()
	if err := x.FetchBlob(t.Context(), empty.SHA256); err != nil {
		t.Fatal(err)
	}
	if b, err := x.reads(empty.SHA256); err != nil || len(b) != 0 {
		t.Error(b, err)
	}
	if err := x.FetchBlob(t.Context(), strings.Repeat("0", 64)); office.CodeOf(err) != office.CodeNotFound {
		t.Error("a file of no record:", err)
	}
	// A file damaged on this machine is not sent under its name.
	b := d.bring([]byte("unversehrt"))
	if err := os.WriteFile(filepath.Join(d.dir, "files", "own", b.SHA256), []byte("beschädig"), 0o600); err != nil {
		t.Fatal(err)
	}
	bad := d.must(&document.Attach{ID: "a9", Document: "p1", Name: "x", Size: b.Size - 1, SHA256: b.SHA256})
	_, err := d.SyncBlobs(t.Context())
	if err == nil {
		t.Error("a damaged file is sent")
	}
	if d.state(bad) != engine.StateBlob {
		t.Error(d.state(bad))
	}
	// Given up, it blocks nothing and leaves nothing.
	if err := d.Discard(t.Context(), bad); err != nil {
		t.Fatal(err)
	}
	d.both()
	d.reopen()
	if es, err := os.ReadDir(filepath.Join(d.dir, "files", "own")); err != nil || len(es) != 0 {
		t.Error(es, err)
	}
}

// What is taken from somebody leaves the bytes of the profile: rows, index,
// files, what was kept of what the person saw. The person's own unsent words stay.
func TestRevocationLeavesNoBytes(t *testing.T) {
	s := realOffice(t)
	a := realDesk(t, s, lin, "i1")
	x := realDesk(t, s, xu, "i2")
	a.both()
	secret, content := "鹭岛防汛密钥", "附件里的话七七八八"
	p := draft("p1", "xu-nanqiao")
	p.Blocks[0].Text = secret
	a.must(p)
	b := a.bring([]byte(content))
	a.must(attach("p1", "a1", b))
	a.both()
	x.both()
	if err := x.FetchBlob(t.Context(), b.SHA256); err != nil {
		t.Fatal(err)
	}
	if err := x.Copy(t.Context()); err != nil {
		t.Fatal(err)
	}
	// Words of xu's own, not sent, over a text that will be taken.
	x.line.down = true
	mine := "许南乔自己的修改"
	x.must(&document.SaveBody{ID: "p1", BaseRev: 1, Ops: []document.Op{{Op: document.OpInsert, Block: "b9", New: &document.Block{ID: "b9", Type: document.BlockText, Text: mine}}}})
	own := x.bring([]byte("许南乔自己的附件"))
	x.must(attach("p1", "a2", own))
	if err := x.Copy(t.Context()); err != nil {
		t.Fatal(err)
	}
	if len(x.holds(secret)) == 0 || len(x.holds(content)) == 0 {
		t.Fatal("the test finds nothing that could go")
	}
	a.must(&document.Edit{ID: "p1", Changes: []office.Change{{Field: "editors", Old: []byte(`["xu-nanqiao"]`), New: []byte(`[]`)}}})
	a.both()
	x.line.down = false
	for range 3 {
		_, err1 := x.Sync(t.Context())
		_, err2 := x.SyncBlobs(t.Context())
		if err1 != nil || err2 != nil && office.CodeOf(err2) != office.CodeNotFound {
			t.Fatal(err1, err2)
		}
	}
	for _, what := range []string{secret, content} {
		if in := x.holds(what); len(in) > 0 {
			t.Errorf("%s is still in %v", what, in)
		}
	}
	if hits, err := x.Search(t.Context(), "防汛", 10); err != nil || len(hits) > 0 {
		t.Error(hits, err)
	}
	for _, what := range []string{mine, "许南乔自己的附件"} {
		if len(x.holds(what)) == 0 {
			t.Errorf("own words are lost: %s", what)
		}
	}
	if _, err := x.reads(b.SHA256); office.CodeOf(err) != office.CodeNotFound {
		t.Error(err)
	}
	items, err := x.Outbox(t.Context(), engine.Filter{NeedsYou: true})
	if err != nil || len(items) != 2 {
		t.Errorf("%d refused commands, %v", len(items), err)
	}
}

// Least recently used files make room; those that are kept, and those the
// server does not have, stay.
func TestEviction(t *testing.T) {
	s := realOffice(t)
	a := realDesk(t, s, lin, "i1")
	a.both()
	a.must(draft("p1", "xu-nanqiao"))
	var refs []office.BlobRef
	for i := range 5 {
		b := a.bring([]byte(strings.Repeat(fmt.Sprint(i), 1000)))
		refs = append(refs, b)
		a.must(attach("p1", fmt.Sprint("a", i), b))
	}
	a.both()
	var keep []engine.Want
	x := realDesk(t, s, xu, "i2", func(o *engine.Options) {
		o.BlobQuota = 3000
		o.Wants = func(context.Context, engine.Reader, office.UserID, time.Time) ([]engine.Want, error) {
			return keep, nil
		}
	})
	x.both()
	here := func() (out []int) {
		m, err := x.Blobs(t.Context(), []string{refs[0].SHA256, refs[1].SHA256, refs[2].SHA256, refs[3].SHA256, refs[4].SHA256})
		if err != nil {
			t.Fatal(err)
		}
		for i, r := range refs {
			if m[r.SHA256].Here {
				out = append(out, i)
			}
		}
		return out
	}
	want := func(i int) {
		x.WantBlob(refs[i].SHA256)
		x.both()
	}
	for i := range 3 {
		want(i)
	}
	if _, err := x.reads(refs[0].SHA256); err != nil { // used again: 1 is the oldest now
		t.Fatal(err)
	}
	want(3)
	if got := here(); !slices.Equal(got, []int{0, 2, 3}) {
		t.Errorf("%v are here", got)
	}
	keep = []engine.Want{{SHA256: refs[2].SHA256, Size: 1000, Keep: true}}
	x.reopen()
	want(4)
	if got := here(); !slices.Equal(got, []int{2, 3, 4}) {
		t.Errorf("%v are here after a kept one was the oldest", got)
	}
	// Brought and not sent: never evicted, whatever the quota.
	x.line.down = true
	own := x.bring(bytes.Repeat([]byte("x"), 9000))
	x.must(attach("p1", "own", own))
	x.line.down = false
	x.line.bytes = 0
	_, _ = x.SyncBlobs(t.Context())
	if m, err := x.Blobs(t.Context(), []string{own.SHA256}); err != nil || !m[own.SHA256].Here || !m[own.SHA256].Waits {
		t.Error(m, err)
	}
}
