package engine_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"qianshao/app/internal/engine"
	"qianshao/app/internal/vault"
	"qianshao/syncserver/office"
	"qianshao/syncserver/protocol"
)

// spy keeps what passes.
type spy struct {
	engine.Transport
	pushed   [][]byte
	pulled   []protocol.PullRequest
	replies  []protocol.PullReply
	asked    []protocol.DigestRequest
	fail     error // every answer is this
	onPull   func(*protocol.PullReply)
	onDigest func(protocol.DigestRequest, *protocol.DigestReply) error
}

func (s *spy) Push(ctx context.Context, b []byte) (protocol.PushReply, error) {
	s.pushed = append(s.pushed, bytes.Clone(b))
	r, err := s.Transport.Push(ctx, b)
	if s.fail != nil {
		return protocol.PushReply{}, s.fail
	}
	return r, err
}

func (s *spy) Pull(ctx context.Context, q protocol.PullRequest) (protocol.PullReply, error) {
	s.pulled = append(s.pulled, q)
	r, err := s.Transport.Pull(ctx, q)
	if s.fail != nil {
		return protocol.PullReply{}, s.fail
	}
	if s.onPull != nil && err == nil {
		s.onPull(&r)
	}
	s.replies = append(s.replies, r)
	return r, err
}

func (s *spy) Digest(ctx context.Context, q protocol.DigestRequest) (protocol.DigestReply, error) {
	s.asked = append(s.asked, q)
	r, err := s.Transport.Digest(ctx, q)
	if err == nil && s.onDigest != nil {
		err = s.onDigest(q, &r)
	}
	return r, err
}

func spied(t *testing.T, s *server, ablate ...engine.Ablation) (*desk, *spy) {
	t.Helper()
	d := newDesk(t, t.TempDir(), s, "lin", "d1", ablate...)
	p := &spy{Transport: d.way}
	d.o.Transport = p
	d.reopen()
	t.Cleanup(func() { d.Close() })
	return d, p
}

// A lost answer is a retry of the same bytes, whatever was given meanwhile and
// even after a restart.
func TestALostAnswerIsTheSameRequestAgain(t *testing.T) {
	s := newServer("lin")
	d, p := spied(t, s)
	d.do(&makeNote{ID: "n1", Title: "x"})
	d.way.lose = func(what string) (bool, bool) { return false, what == "push" }
	for range 3 {
		if _, err := d.Sync(context.Background()); !errors.Is(err, errLost) {
			t.Fatal(err)
		}
		d.do(&add{ID: "n1", By: 1})
		d.reopen()
	}
	if len(p.pushed) != 3 || !bytes.Equal(p.pushed[0], p.pushed[1]) || !bytes.Equal(p.pushed[1], p.pushed[2]) {
		t.Fatalf("%s", p.pushed)
	}
	d.way.lose = nil
	d.sync()
	if v, _ := d.note("n1"); v.N != 3 || s.forks != 0 {
		t.Fatalf("%+v, %d forks", v, s.forks)
	}
	d.checkBase()
}

// 401, 403, 5xx and their like neither drop nor reorder work, and need nothing
// of the person to go on.
func TestRefusalsOfTheRequestAreNoVerdicts(t *testing.T) {
	s := newServer("lin")
	d, p := spied(t, s)
	mids := []string{d.do(&makeNote{ID: "n1", Title: "x"}), d.do(&add{ID: "n1", By: 1}), d.do(&add{ID: "n1", By: 2})}
	for _, err := range []error{
		&office.Error{Code: protocol.CodeSession}, &office.Error{Code: protocol.CodeUnavailable}, &office.Error{Code: office.CodeTooLarge},
		&office.Error{Code: office.CodeInternal}, context.DeadlineExceeded, errors.New("502 <html>"),
	} {
		p.fail = err
		if _, got := d.Sync(context.Background()); !errors.Is(got, err) {
			t.Fatalf("%v, want %v", got, err)
		}
		if st := d.Status(); st.Waiting != 3 || st.Online || st.LastError != office.CodeOf(err) || st.NeedsYou != 0 {
			t.Fatalf("%v: %+v", err, st)
		}
	}
	p.fail = nil
	d.sync()
	is, err := d.Outbox(context.Background(), engine.Filter{})
	if err != nil || len(is) != 3 {
		t.Fatal(is, err)
	}
	for i := range is {
		if is[i].Mid != mids[i] || is[i].State != engine.StateSettled || is[i].N != int64(i+1) {
			t.Fatalf("%+v", is[i])
		}
	}
	if v, _ := d.note("n1"); v.N != 3 {
		t.Fatalf("%+v", v)
	}
}

// The first load shows lanes 0 and 1 before the texts are there.
func TestTheFirstLoadShowsListsEarly(t *testing.T) {
	s := newServer("lin")
	d, p := spied(t, s)
	s.as("lin", &makeNote{ID: "n1", Title: "x"})
	s.as("lin", &write{ID: "l1", Note: "n1", Text: "y"})
	d.way.lose = func(what string) (bool, bool) { return what == "pull" && len(p.pulled) == 2, false }
	if _, err := d.Sync(context.Background()); err == nil {
		t.Fatal("no error")
	}
	if len(p.pulled) != 2 || p.pulled[0].MaxLane == nil || *p.pulled[0].MaxLane != office.LaneHeaders || p.pulled[1].MaxLane != nil {
		t.Fatalf("%+v", p.pulled)
	}
	if _, ok := d.note("n1"); !ok || !d.Status().Loading {
		t.Fatal("lists are not there, or do not say that they are loading")
	}
	d.way.lose = nil
	d.sync()
	if d.Status().Loading {
		t.Fatal("still loading")
	}
	d.checkBase()
}

// Nothing new costs one small request and no write.
func TestNothingNewCostsLittle(t *testing.T) {
	s := newServer("lin")
	for i := range 50 {
		s.subs["lin"] = append(s.subs["lin"], office.Channel(fmt.Sprint("unit:", i)))
	}
	s.as("lin", &makeNote{ID: "n1", Title: "x"})
	d, p := spied(t, s)
	d.sync()
	d.sync()
	before := modified(t, d.o.Dir)
	p.pulled, p.replies = nil, nil
	d.sync()
	if len(p.pulled) != 1 || !p.replies[0].Same {
		t.Fatalf("%+v %+v", p.pulled, p.replies)
	}
	if n := len(raw(p.pulled[0])) + len(raw(p.replies[0])); n > 1024 {
		t.Fatalf("%d bytes", n)
	}
	if after := modified(t, d.o.Dir); after["outbox.db-wal"] != before["outbox.db-wal"] {
		t.Fatal("the outbox was written")
	}
	s.as("lin", &add{ID: "n1", By: 1})
	p.pulled, p.replies = nil, nil
	d.sync()
	if len(p.replies) != 2 || !p.replies[0].Need || len(p.replies[1].Rows) != 1 || len(p.replies[1].Cursors) != 1 {
		t.Fatalf("%+v", p.replies)
	}
}

func modified(t *testing.T, dir string) map[string]int64 {
	t.Helper()
	out := map[string]int64{}
	es, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range es {
		fi, err := e.Info()
		if err != nil {
			t.Fatal(err)
		}
		out[e.Name()] = fi.ModTime().UnixNano() + fi.Size()
	}
	return out
}

// meddle writes into a file of the desk from outside.
func meddle(t *testing.T, d *desk, f vault.File, query string) {
	t.Helper()
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite3", filepath.Join(d.o.Dir, string(f)+".db"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(query); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	d.open()
}

// spoil makes a file one that no check passes.
func spoil(t *testing.T, d *desk, f vault.File) {
	t.Helper()
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(d.o.Dir, string(f)+".db"), []byte("spoilt "+strings.Repeat("x", 5000)), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, suffix := range []string{"-wal", "-shm"} {
		if err := os.Remove(filepath.Join(d.o.Dir, string(f)+".db"+suffix)); err != nil && !errors.Is(err, os.ErrNotExist) {
			t.Fatal(err)
		}
	}
	d.open()
}

func TestADamagedReplicaIsFetchedAgain(t *testing.T) {
	s := newServer("lin", "wang")
	d, _ := spied(t, s)
	s.as("wang", &makeNote{ID: "n1", Title: "x", To: []office.UserID{"lin"}})
	d.sync()
	d.do(&add{ID: "n1", By: 1})
	d.sync()
	mid := d.do(&makeNote{ID: "n2", Title: "未发"})
	spoil(t, d, vault.Replica)
	if bad, err := filepath.Glob(filepath.Join(d.o.Dir, "replica.bad-*.db")); err != nil || len(bad) != 1 {
		t.Fatal(bad, err)
	}
	// What was not sent is there at once, what was, is not shown twice.
	if _, ok := d.note("n2"); !ok {
		t.Fatal("unsent work does not show")
	}
	if _, ok := d.note("n1"); ok {
		t.Fatal("a settled command runs again")
	}
	d.checkOverlay()
	d.sync()
	d.checkBase()
	if i := d.item(mid); i.State != engine.StateSettled {
		t.Fatalf("%+v", i)
	}
	if v, _ := d.note("n1"); v.N != 1 || s.forks != 0 {
		t.Fatalf("%+v", v)
	}
}

func TestADamagedOutboxComesBackFromItsCopy(t *testing.T) {
	s := newServer("lin")
	d, _ := spied(t, s)
	d.sync()
	d.do(&makeNote{ID: "n1", Title: "x"})
	d.sync()
	d.do(&add{ID: "n1", By: 1})
	if err := d.Copy(context.Background()); err != nil {
		t.Fatal(err)
	}
	d.sync()
	d.do(&add{ID: "n1", By: 10}) // never copied, never sent: lost with the file
	spoil(t, d, vault.Outbox)
	d.checkOverlay()
	d.do(&add{ID: "n1", By: 100})
	d.sync()
	// The copy's ticket is an old one: the desk gets another device id, and what
	// the server already has takes effect once.
	if v, _ := d.note("n1"); v.N != 101 || s.forks != 1 {
		t.Fatalf("%+v, %d forks", v, s.forks)
	}
	d.checkBase()
	d.checkOverlay()
}

func TestAnotherPersonsProfile(t *testing.T) {
	s := newServer("lin", "wang")
	dir := t.TempDir()
	newDesk(t, dir, s, "lin", "d1").Close()
	o := newDesk(t, t.TempDir(), s, "wang", "d2").o
	o.Dir = dir
	if _, err := engine.Open(context.Background(), o); err == nil {
		t.Fatal("opened")
	}
	o.ReadOnly, o.Dir = true, t.TempDir()
	if _, err := engine.Open(context.Background(), o); !errors.Is(err, vault.ErrEmpty) {
		t.Fatal(err)
	}
}

// A new log-in may bring a new device id; the work goes along.
func TestANewLogInsDevice(t *testing.T) {
	s := newServer("lin")
	d, _ := spied(t, s)
	d.do(&makeNote{ID: "n1", Title: "x"})
	d.way.lose = func(what string) (bool, bool) { return false, what == "push" }
	_, _ = d.Sync(context.Background())
	d.way.lose = nil
	s.register("d9", "lin")
	delete(s.devices, "d1")
	d.o.Device = "d9"
	d.reopen()
	if st := d.Status(); st.Device != "d9" || st.Waiting != 1 {
		t.Fatalf("%+v", st)
	}
	d.do(&add{ID: "n1", By: 1})
	d.sync()
	d.checkBase()
	if v, _ := d.note("n1"); v.N != 1 {
		t.Fatalf("%+v", v)
	}
}

// The server has lost what it had acknowledged, and no channel of this desk
// tells of it: last_n does.
func forgotten(t tb, ablate ...engine.Ablation) {
	dir := tempDir()
	defer removeAll(dir)
	s := newServer("lin", "wang")
	s.as("wang", &makeNote{ID: "n1", Title: "x"})
	d := newDesk(t, dir, s, "lin", "d1", ablate...)
	defer func() { d.Close() }()
	d.sync()
	b := s.backup()
	d.do(&add{ID: "n1", By: 5}) // of a record that is not here
	d.sync()
	s.restore(b)
	d.sync()
	if r, _ := s.mem.Get("t.note", "n1"); !strings.Contains(string(r.Body), `"n":5`) {
		t.Fatalf("an acknowledged command is lost: %s", r.Body)
	}
}

// The server has lost what it had acknowledged, and gave its number to a
// command of another copy of the profile since: last_n does not tell then.
func TestANumberAnsweredAndGivenToAnotherCopy(t *testing.T) {
	s := newServer("lin", "wang")
	s.as("wang", &makeNote{ID: "n1", Title: "x", To: []office.UserID{"lin"}})
	d := newDesk(t, t.TempDir(), s, "lin", "d1")
	d.do(&add{ID: "n1", By: 1})
	d.sync()
	d.Close()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(d.o.Dir)); err != nil {
		t.Fatal(err)
	}
	d.open()
	defer func() { d.Close() }()
	b := s.backup()
	d.do(&add{ID: "n1", By: 10})
	d.way.lose = func(what string) (bool, bool) { return what == "pull", false }
	if _, err := d.Sync(context.Background()); err == nil {
		t.Fatal("the page came")
	}
	d.way.lose = nil
	s.restore(b)
	copied := newDesk(t, dir, s, "lin", "d1")
	defer func() { copied.Close() }()
	copied.do(&add{ID: "n1", By: 100})
	copied.sync()
	d.sync()
	copied.sync()
	for _, d := range []*desk{d, copied} {
		if v, _ := d.note("n1"); v.N != 111 {
			t.Fatalf("%d, not all three", v.N)
		}
		d.checkBase()
	}
}

// A command is held with the one it was built on.
func chained(t tb, ablate ...engine.Ablation) {
	dir := tempDir()
	defer removeAll(dir)
	s := newServer("lin")
	s.as("lin", &makeNote{ID: "n1", Title: "旧"})
	s.as("lin", &makeNote{ID: "n2", Title: "二"})
	d := newDesk(t, dir, s, "lin", "d1", ablate...)
	defer func() { d.Close() }()
	d.sync()
	d.do(&move{From: "n1", Into: "n2", N: 0})
	d.do(&add{ID: "n1", By: 3})
	first := d.do(&move{From: "n1", Into: "n2", N: 2})
	second := d.do(&copyTitle{From: "n2", Into: "n1"})
	s.as("lin", &add{ID: "n1", By: -9})
	d.sync()
	if a, b := d.item(first).State, d.item(second).State; a != engine.StateRejected || b != engine.StateHeld {
		t.Fatalf("%s, then %s", a, b)
	}
}

// retried is a push whose answer is lost.
func retried(t tb, ablate ...engine.Ablation) {
	dir := tempDir()
	defer removeAll(dir)
	s := newServer("lin")
	d := newDesk(t, dir, s, "lin", "d1", ablate...)
	defer func() { d.Close() }()
	d.do(&makeNote{ID: "n1", Title: "x"})
	d.way.lose = func(what string) (bool, bool) { return false, what == "push" }
	_, _ = d.Sync(context.Background())
	d.way.lose = nil
	d.do(&add{ID: "n1", By: 3})
	d.sync()
	if s.forks > 0 {
		t.Fatalf("the device was taken for a copy of itself")
	}
}

// damaged is a record lost on the way.
func damaged(t tb, ablate ...engine.Ablation) {
	dir := tempDir()
	defer removeAll(dir)
	s := newServer("lin")
	s.as("lin", &makeNote{ID: "n1", Title: "x"})
	d := newDesk(t, dir, s, "lin", "d1", ablate...)
	defer func() { d.Close() }()
	p := &spy{Transport: d.way}
	d.o.Transport = p
	d.reopen()
	d.sync()
	p.onPull = func(r *protocol.PullReply) {
		if len(r.Rows) > 0 {
			r.Rows, p.onPull = nil, nil
		}
	}
	s.as("lin", &add{ID: "n1", By: 3})
	d.sync()
	d.checkBase()
}

func TestDefencesByScenario(t *testing.T) {
	for a, scenario := range map[engine.Ablation]func(tb, ...engine.Ablation){
		engine.NoLastCheck: forgotten, engine.NoDeps: chained, engine.NoRequest: retried, engine.NoSums: damaged,
	} {
		t.Run(string(a), func(t *testing.T) {
			scenario(t)
			if !breaks(t, func(f tb) { scenario(f, a) }) {
				t.Errorf("without %s nothing breaks", a)
			}
		})
	}
}

// Run syncs by itself when something is given, and ends with its context.
func TestRun(t *testing.T) {
	s := newServer("lin")
	d, _ := spied(t, s)
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error)
	go func() { ended <- d.Run(ctx) }()
	ch, end := d.Changes()
	defer end()
	mid := d.do(&makeNote{ID: "n1", Title: "x"})
	for d.item(mid).State != engine.StateSettled {
		<-ch
	}
	d.SetOffline(true)
	mid = d.do(&add{ID: "n1", By: 1})
	if i := d.item(mid); i.State != engine.StateQueued {
		t.Fatalf("%+v", i)
	}
	d.SetOffline(false)
	for d.item(mid).State != engine.StateSettled {
		<-ch
	}
	stop()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
}

// Two goroutines that sync and many that give do not disturb each other.
func TestManyAtOnce(t *testing.T) {
	s := newServer("lin")
	d, _ := spied(t, s)
	d.do(&makeNote{ID: "n1", Title: "x"})
	errs := make(chan error)
	for range 4 {
		go func() {
			var err error
			for range 10 {
				_, e := d.Do(context.Background(), &add{ID: "n1", By: 1})
				err = errors.Join(err, e)
			}
			errs <- err
		}()
	}
	for range 2 {
		go func() {
			var err error
			for range 5 {
				_, e := d.Sync(context.Background())
				err = errors.Join(err, e)
			}
			errs <- err
		}()
	}
	for range 6 {
		if err := <-errs; err != nil {
			t.Fatal(err)
		}
	}
	d.sync()
	d.checkBase()
	d.checkOverlay()
	if v, _ := d.note("n1"); v.N != 40 {
		t.Fatalf("%+v", v)
	}
}
