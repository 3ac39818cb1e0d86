package sim

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"time"

	"qianshao/app/internal/engine"
	"qianshao/syncserver/office"
	"qianshao/syncserver/office/approval"
	"qianshao/syncserver/office/catalog"
	"qianshao/syncserver/office/contact"
	"qianshao/syncserver/office/directory"
	"qianshao/syncserver/office/document"
	"qianshao/syncserver/office/todo"
	"qianshao/syncserver/protocol"
	"qianshao/syncserver/servertest"
)

type ctx = context.Context

// newCatalog is the real catalog and the simulation's own rooms.
func newCatalog() (*catalog.Catalog, error) { return catalogOf(newest) }

// server is the one server of a run.
type server struct {
	*servertest.Server
	twin    *servertest.Server // another server over the same store; nil = there is none
	catalog *catalog.Catalog
	dir     string
	tables  rows                   // what all says, until something changes
	truths  map[office.UserID]rows // what truth says, until then
}

func openServer(dir string, now func() time.Time, off ablations, seed uint64) (*server, error) {
	c, err := newCatalog()
	if i := slices.Index(off.server, "noconverters"); i >= 0 { // not the authority's
		off.server = slices.Delete(slices.Clone(off.server), i, i+1)
		c, err = withoutFormer()
	}
	if err != nil {
		return nil, err
	}
	s, err := servertest.Start(servertest.Options{
		Dir: dir, Now: now, Catalog: c, Ablate: off.server, LoginBurst: 1000,
		Rand: rand.NewChaCha8([32]byte{byte(seed), byte(seed >> 8), byte(seed >> 16), byte(seed >> 24), 99}),
	})
	if err != nil {
		return nil, err
	}
	return &server{Server: s, catalog: c, dir: dir, truths: map[office.UserID]rows{}}, nil
}

// pair starts another server over the same store. The product has several only
// over PostgreSQL; what they share is the same.
func (s *server) pair(now func() time.Time, off ablations, seed uint64) (err error) {
	s.twin, err = servertest.Start(servertest.Options{
		Dir: s.dir, Now: now, Catalog: s.catalog, Ablate: off.server, LoginBurst: 1000,
		Rand: rand.NewChaCha8([32]byte{byte(seed), byte(seed >> 8), byte(seed >> 16), byte(seed >> 24), 98}),
	})
	return err
}

// Close ends both.
func (s *server) Close() error {
	var err error
	if s.twin != nil {
		err = s.twin.Close()
		s.twin = nil
	}
	return errors.Join(err, s.Server.Close())
}

// changed says that the tables may differ from what was read of them.
func (s *server) changed() { s.tables, s.truths = nil, map[office.UserID]rows{} }

// all reads every record of every kind.
func (s *server) all() (rows, error) {
	if s.tables != nil {
		return s.tables, nil
	}
	out := rows{}
	for _, k := range s.catalog.Kinds().All() {
		rs, err := s.Records(k.Name)
		if err != nil {
			return nil, err
		}
		for _, r := range rs {
			out[key{r.Kind, r.ID}] = r
		}
	}
	s.tables = out
	return out, nil
}

// as carries a command out without a desk.
func (s *server) as(who office.UserID, mid string, cmd office.Command) (protocol.Result, error) {
	s.changed()
	return s.As(who).DoAs(mid, cmd)
}

// The flow that papers of the simulation take: 或签 of everybody, then 会签 of
// two, so that acts cross.
const (
	simFlow  = "sim"
	simGenre = "签报"
)

func flow() approval.Definition {
	person := func(ids ...string) []approval.Handler {
		var out []approval.Handler
		for _, id := range ids {
			out = append(out, approval.Handler{By: approval.ByPerson, ID: id})
		}
		return out
	}
	acts := []string{approval.ActApprove, approval.ActReturn, approval.ActTransfer}
	return approval.Definition{
		Key: simFlow, Name: "模拟", Subjects: []string{document.Headers.Name}, First: "draft",
		Steps: []approval.Step{
			{ID: "draft", Name: "拟稿", Handlers: []approval.Handler{{By: approval.ByStarter}}, Edit: true, Acts: []string{approval.ActApprove}, Lines: []approval.Line{{To: "any"}}},
			{ID: "any", Name: "或签", Handlers: person("a", "b", "c"), Policy: approval.Any, Acts: acts, Edit: true, Lines: []approval.Line{{To: "all"}}},
			{ID: "all", Name: "会签", Handlers: person("b", "c"), Policy: approval.All, Acts: acts, Edit: true, Hours: 1, Lines: []approval.Line{{To: "end"}}},
			{ID: "end", Name: "办结", Type: approval.StepEnd},
		},
	}
}

// template is a server with its people signed in on their desks, made once and
// copied for each run.
type template struct {
	serverDir string
	people    []templatePerson
}

type templatePerson struct {
	uid   office.UserID
	desks []templateDesk
}

// templateDesk is a desk that has just been signed in; its files are empty.
type templateDesk struct{ token, device, install, dir string }

// make opens its files once, so that no run has to make them.
func (d templateDesk) make(uid office.UserID) error {
	c, err := newCatalog()
	if err != nil {
		return err
	}
	e, err := engine.Open(context.Background(), engine.Options{
		Dir: d.dir, UID: uid, Device: d.device, Install: d.install, Kinds: c.Kinds(), Commands: c,
		Program: fmt.Sprint(newest), Now: func() time.Time { return begin },
	})
	if err != nil {
		return err
	}
	return e.Close()
}

// makeTemplate makes it in dir.
func makeTemplate(dir string) (t *template, err error) {
	t = &template{serverDir: filepath.Join(dir, "server")}
	if err := os.MkdirAll(t.serverDir, 0o700); err != nil {
		return nil, err
	}
	s, err := openServer(t.serverDir, func() time.Time { return begin.Add(-time.Hour) }, ablations{}, 1)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	system := s.As(office.System)
	for _, cmd := range []office.Command{
		&directory.PutUnit{ID: "x", Name: "甲科"}, &directory.PutUnit{ID: "y", Name: "乙科"},
		&directory.PutPost{ID: "p", Name: "文书", Unit: "x"},
	} {
		if err := system.Must(cmd); err != nil {
			return nil, err
		}
	}
	for i, uid := range []office.UserID{"a", "b", "c"} {
		u := servertest.User{UID: uid, Login: "user-" + string(uid), Units: [][]string{{"x"}, {"x", "y"}, {"y"}}[i]}
		u.Unit = u.Units[0]
		if err := s.AddUser(u); err != nil {
			return nil, err
		}
		p := templatePerson{uid: uid}
		for n := range 2 {
			install := fmt.Sprintf("install-%s-%d", uid, n)
			d, err := s.SignIn(u, "", install, nil)
			if err != nil {
				return nil, err
			}
			td := templateDesk{d.Token(), d.Device, install, filepath.Join(dir, install)}
			if err := td.make(uid); err != nil {
				return nil, err
			}
			p.desks = append(p.desks, td)
		}
		t.people = append(t.people, p)
	}
	if err := system.Must(&approval.Publish{Definition: flow()}); err != nil {
		return nil, err
	}
	return t, furnish(s)
}

// furnish gives everybody something to cross hands over from the first step on.
func furnish(s *server) error {
	others := map[office.UserID][]string{"a": {"b", "c"}, "b": {"a"}, "c": {"b"}}
	for _, uid := range []office.UserID{"a", "b", "c"} {
		id := func(what string) string { return what + "-" + string(uid) }
		who := s.As(uid)
		for _, cmd := range []office.Command{
			&todo.Create{ID: id("todo"), Title: "待办"},
			&contact.Create{ID: id("card"), Name: "沐言", Editors: others[uid]},
			&document.DraftPaper{
				ID: id("paper"), Direction: document.Internal, Genre: simGenre, Title: "签报",
				Blocks: []document.Block{block("b1", "一"), block("b2", "二")},
			},
			&approval.Start{ID: id("flow"), Flow: simFlow, SubjectKind: document.Headers.Name, Subject: id("paper")},
			&makeNote{ID: id("note"), Chans: []office.Channel{office.Org, "unit:x"}, Parts: 2, Tail: "记事"},
		} {
			if err := who.Must(cmd); err != nil {
				return err
			}
		}
	}
	return nil
}

// serve lets the server handle a letter.
func (w *world) serve(l letter) *httptest.ResponseRecorder {
	rec := httptest.NewRecorder()
	to := w.server.Server
	if w.server.twin != nil && w.chance(50) {
		to = w.server.twin
		w.counts["other server"]++
	}
	w.observe(l, rec, func() { to.ServeHTTP(rec, l.request()) })
	return rec
}

// notes are the ids of all notes.
func (w *world) notes() []office.Item[note] {
	all, err := w.server.all()
	w.must(err)
	var out []office.Item[note]
	for _, k := range sorted(all) {
		if k.kind != notes.Name {
			continue
		}
		it := office.Item[note]{Record: all[k]}
		w.must(it.Decode(&it.Value))
		out = append(out, it)
	}
	return out
}
