package proof

import (
	"context"
	"crypto/rand"
	"log/slog"
	"net/http"
	"os"
	"testing"
	"time"

	"qianshao/app/internal/engine"
	"qianshao/syncserver/office"
	"qianshao/syncserver/office/catalog"
	"qianshao/syncserver/office/todo"
	"qianshao/syncserver/protocol"
	"qianshao/syncserver/protocol/client"
	"qianshao/syncserver/servertest"
)

var lin = servertest.User{UID: "lin", Name: "林知远"}

// machine is one profile of a person.
type machine struct {
	t       testing.TB
	dir     string
	url     string
	token   string
	device  string
	install string
	network http.RoundTripper
	timeout time.Duration
	poll    time.Duration
	now     func() time.Time
	cat     *catalog.Catalog
	off     map[engine.Ablation]bool // defences that are off
	*engine.Engine
}

// signIn makes a machine of a user at a server.
func signIn(t testing.TB, s *servertest.Server, u servertest.User, dir, install string) *machine {
	t.Helper()
	d, err := s.SignIn(u, "", install, nil)
	if err != nil {
		t.Fatal(err)
	}
	m := &machine{t: t, dir: dir, url: s.URL, token: d.Token(), device: d.Device, install: install, now: time.Now}
	if s.URL == servertest.BaseURL {
		m.network = s.RoundTripper()
	}
	return m
}

// open opens the profile; an error is given, not told.
func (m *machine) tryOpen() error {
	if m.cat == nil {
		c, err := catalog.New()
		if err != nil {
			return err
		}
		m.cat = c
	}
	o := engine.Options{
		Dir: m.dir, UID: "lin", Device: m.device, Install: m.install, Schema: catalog.SchemaVersion, Version: protocol.Version,
		Kinds: m.cat.Kinds(), Commands: m.cat, Creates: m.cat.Creates, Class: m.cat.Class, Witness: catalog.Witness, Erased: catalog.Erased, Now: m.now, Rand: rand.Reader, Ablate: m.off, Poll: m.poll,
		Transport: client.New(client.Options{BaseURL: m.url, Token: m.token, RoundTripper: m.network, Timeout: m.timeout}),
	}
	if os.Getenv("PROOFLOG") != "" {
		o.Log = slog.New(slog.NewTextHandler(os.Stderr, nil))
	}
	e, err := engine.Open(context.Background(), o)
	m.Engine = e
	return err
}

func (m *machine) open() *machine {
	m.t.Helper()
	if err := m.tryOpen(); err != nil {
		m.t.Fatal(err)
	}
	m.t.Cleanup(func() { m.Close() })
	return m
}

func (m *machine) create(title string) (id, mid string, err error) {
	if id, err = office.NewID(m.now(), rand.Reader); err != nil {
		return "", "", err
	}
	mid, err = m.Do(context.Background(), &todo.Create{ID: id, Title: title})
	return id, mid, err
}

func (m *machine) sync() engine.Report {
	m.t.Helper()
	r, err := m.Sync(context.Background())
	if err != nil {
		m.t.Fatalf("sync: %v", err)
	}
	return r
}

func (m *machine) items() []engine.Item {
	m.t.Helper()
	is, err := m.Outbox(context.Background(), engine.Filter{Archived: true})
	if err != nil {
		m.t.Fatal(err)
	}
	return is
}

// todos are the titles the server has, by how often.
func todos(t testing.TB, s *servertest.Server) map[string]int {
	t.Helper()
	rs, err := s.Records("todo.item")
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]int{}
	for _, r := range rs {
		var v struct{ Title string }
		if err := r.Decode(&v); err != nil {
			t.Fatal(err)
		}
		out[v.Title]++
	}
	return out
}

// sound holds everything against everything: each command once on the server,
// base equal to the truth, both doctors content.
func sound(t testing.TB, s *servertest.Server, m *machine, titles ...string) {
	t.Helper()
	have := todos(t, s)
	for _, w := range titles {
		if have[w] != 1 {
			t.Errorf("%q is on the server %d times", w, have[w])
		}
		delete(have, w)
	}
	for w, n := range have {
		t.Errorf("%q is on the server %d times, and nobody gave it", w, n)
	}
	for _, i := range m.items() {
		if i.Waiting || i.Outcome == "" {
			t.Errorf("%s is %s", i.Mid, i.State)
		}
	}
	if lines, err := m.Check(context.Background()); err != nil || len(lines) > 0 {
		t.Errorf("desk doctor: %v %v", lines, err)
	}
	if lines, err := s.Check(); err != nil || len(lines) > 0 {
		t.Errorf("server doctor: %v %v", lines, err)
	}
}
