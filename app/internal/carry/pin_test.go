package carry_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"qianshao/app/internal/carry"
	"qianshao/app/internal/engine"
	"qianshao/syncserver/office"
	"qianshao/syncserver/office/approval"
	"qianshao/syncserver/office/catalog"
	"qianshao/syncserver/office/document"
	"qianshao/syncserver/protocol"
	"qianshao/syncserver/protocol/client"
	"qianshao/syncserver/servertest"
)

// machine is a desk at a real server, over a real socket.
type machine struct {
	*engine.Engine
	t   *testing.T
	dir string
}

func open(t *testing.T, s *servertest.Server, u servertest.User, install string) *machine {
	t.Helper()
	d, err := s.SignIn(u, "", install, nil)
	if err != nil {
		t.Fatal(err)
	}
	cat, err := catalog.New()
	if err != nil {
		t.Fatal(err)
	}
	m := &machine{t: t, dir: t.TempDir()}
	m.Engine, err = engine.Open(context.Background(), engine.Options{
		Dir: m.dir, UID: u.UID, Device: d.Device, Install: install, Schema: catalog.SchemaVersion, Version: protocol.Version,
		Kinds: cat.Kinds(), Commands: cat, Creates: cat.Creates, Class: cat.Class, Now: s.Clock.Now, Rand: rand.Reader,
		Transport: client.New(client.Options{BaseURL: s.URL, Token: d.Token()}),
		Wants:     carry.Wants(cat.Kinds()),
		BlobQuota: 1, // whatever may make room does
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { m.Close() })
	m.both()
	return m
}

func (m *machine) do(cmd office.Command) {
	m.t.Helper()
	if _, err := m.Do(context.Background(), cmd); err != nil {
		m.t.Fatalf("%s: %v", cmd.Kind(), err)
	}
	m.both()
}

// both carries records and files until nothing is left.
func (m *machine) both() {
	m.t.Helper()
	for range 3 {
		if _, err := m.Sync(context.Background()); err != nil {
			m.t.Fatal(err)
		}
		if _, err := m.SyncBlobs(context.Background()); err != nil {
			m.t.Fatal(err)
		}
	}
	is, err := m.Outbox(context.Background(), engine.Filter{NeedsYou: true})
	if err != nil || len(is) > 0 {
		m.t.Fatalf("refused: %s %v", is[0].Code, err)
	}
}

// attach brings a file to a paper and gives its name.
func (m *machine) attach(paper, id string, content []byte) string {
	m.t.Helper()
	b, err := m.AddBlob(context.Background(), bytes.NewReader(content))
	if err != nil {
		m.t.Fatal(err)
	}
	m.do(&document.Attach{ID: id, Document: paper, Name: id + ".txt", Size: b.Size, SHA256: b.SHA256})
	return b.SHA256
}

// reads is the content of a file; "" if the desk does not show it.
func (m *machine) reads(sha string) string {
	m.t.Helper()
	f, err := m.OpenBlob(context.Background(), sha)
	if code := office.CodeOf(err); code == engine.CodeAway || code == office.CodeNotFound {
		return ""
	}
	if err != nil {
		m.t.Fatal(err)
	}
	defer f.Close()
	b, err := io.ReadAll(f)
	if err != nil {
		m.t.Fatal(err)
	}
	return string(b)
}

// keeps reports whether some bytes are in a file of the profile.
func (m *machine) keeps(what string) (found bool) {
	m.t.Helper()
	err := filepath.WalkDir(m.dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		found = found || bytes.Contains(b, []byte(what))
		return err
	})
	if err != nil {
		m.t.Fatal(err)
	}
	return found
}

func (m *machine) has(paper string) bool {
	m.t.Helper()
	_, ok, err := m.Get(context.Background(), document.Headers.Name, paper)
	if err != nil {
		m.t.Fatal(err)
	}
	return ok
}

// An old paper that is pinned comes with its files; they stay whatever makes
// room, and go, bytes and all, with the pin.
func TestFilesFollowAPin(t *testing.T) {
	s := servertest.New(t)
	if _, err := s.Listen(); err != nil {
		t.Fatal(err)
	}
	lin := servertest.User{UID: "lin-zhiyuan", Name: "林知远", Unit: "si"}
	xu := servertest.User{UID: "xu-nanqiao", Name: "许南乔", Unit: "si"}
	for _, u := range []servertest.User{lin, xu} {
		if err := s.AddUser(u); err != nil {
			t.Fatal(err)
		}
	}
	err := s.As(office.System).Must(&approval.Publish{Definition: approval.Definition{
		Key: "one", Name: "一步", Subjects: []string{document.Headers.Name}, First: "sign",
		Steps: []approval.Step{
			{ID: "sign", Name: "签发", Handlers: []approval.Handler{{By: approval.ByStarter}}, Acts: []string{approval.ActApprove}, Lines: []approval.Line{{To: "end"}}},
			{ID: "end", Name: "办结", Type: approval.StepEnd},
		},
	}})
	if err != nil {
		t.Fatal(err)
	}
	const words = "去年汛期的值班表，只有旧公文里有"
	a := open(t, s, lin, "i1")
	a.do(&document.DraftPaper{ID: "old", Direction: document.Internal, Genre: "签报", Title: "去年的签报", Blocks: []document.Block{{ID: "b1", Type: document.BlockText, Text: "妥否，请批示。"}}})
	sha := a.attach("old", "f1", []byte(words))
	a.do(&approval.Start{ID: "i-old", Flow: "one", SubjectKind: document.Headers.Name, Subject: "old"}) // the starter's own step: it is done

	// More than a year later it lives on nobody's desk.
	s.Clock.Add(office.StayLong*time.Millisecond + time.Hour)
	if _, err := s.Age(); err != nil {
		t.Fatal(err)
	}
	b := open(t, s, xu, "i2")
	a = open(t, s, lin, "i3")
	if b.has("old") || b.reads(sha) != "" {
		t.Fatal("an old paper is on the desk")
	}
	b.do(&office.SetPin{Of: document.Headers.Name, Record: "old"})
	if !b.has("old") || b.reads(sha) != words {
		t.Fatalf("pinned: paper %t, file %q", b.has("old"), b.reads(sha))
	}
	// Others come and make room for each other; the pinned one stays.
	a.do(&document.DraftPaper{ID: "new", Direction: document.Internal, Genre: "签报", Title: "新的签报", Editors: []office.UserID{"xu-nanqiao"}})
	other := a.attach("new", "f2", []byte("随手打开过的附件"))
	b.both()
	if err := b.FetchBlob(t.Context(), other); err != nil || b.reads(other) == "" {
		t.Fatal(err)
	}
	more := a.attach("new", "f3", []byte("又一个"))
	b.both()
	b.WantBlob(more)
	b.both()
	if b.reads(other) != "" {
		t.Error("nothing made room")
	}
	if b.reads(sha) != words {
		t.Error("the file of what is pinned made room")
	}
	b.do(&office.ClearPin{Of: document.Headers.Name, Record: "old"})
	if b.has("old") || b.reads(sha) != "" {
		t.Error("unpinned, it stays")
	}
	if b.keeps(words) {
		t.Error("unpinned, its bytes stay")
	}
}
