package proof

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"qianshao/app/internal/engine"
	"qianshao/syncserver/office"
	"qianshao/syncserver/office/directory"
	"qianshao/syncserver/office/document"
)

// copyProfile copies a profile as a backup program or a disk image would, while
// nothing has it open.
func copyProfile(t *testing.T, from, to string) {
	t.Helper()
	if err := os.RemoveAll(to); err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(to, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
}

// give makes a to-do and fails the test if it is not taken.
func (m *machine) give(titles ...string) {
	m.t.Helper()
	for _, title := range titles {
		if _, _, err := m.create(title); err != nil {
			m.t.Fatal(err)
		}
	}
}

func (m *machine) close() {
	m.t.Helper()
	if err := m.Close(); err != nil {
		m.t.Fatal(err)
	}
}

// at is the same profile opened from another folder.
func (m *machine) at(dir string) *machine {
	c := *m
	c.dir, c.Engine = dir, nil
	return c.open()
}

// A profile is cloned to a second machine and both go on: what waited in both
// happens once, what each gives later happens too, and the second one becomes
// a device of its own.
func TestClonedProfile(t *testing.T) {
	s := start(t, t.TempDir())
	m := signIn(t, s, lin, filepath.Join(t.TempDir(), "a"), "i").open()
	m.sync()
	m.give("两台都有的一件", "又一件")
	m.close()
	second := filepath.Join(t.TempDir(), "b")
	copyProfile(t, m.dir, second)
	m.open()
	b := m.at(second)
	m.give("第一台后来的")
	b.give("第二台后来的")
	m.sync()
	if r := b.sync(); !r.Forked {
		t.Errorf("nobody noticed: %+v", r)
	}
	m.sync()
	b.sync()
	if a, c := m.Status().Device, b.Status().Device; a == c {
		t.Error("both are one device still")
	}
	for _, x := range []*machine{m, b} {
		sound(t, s, x, "两台都有的一件", "又一件", "第一台后来的", "第二台后来的")
	}
	es, err := b.Events(context.Background(), 5)
	if err != nil || len(es) == 0 || es[0].What != "fork" {
		t.Errorf("%+v %v", es, err)
	}
}

// A profile comes back from a backup of last week: what was done since is not
// done again, what waited then is sent, and later work goes on.
func TestRestoredProfile(t *testing.T) {
	s := start(t, t.TempDir())
	m := signIn(t, s, lin, filepath.Join(t.TempDir(), "a"), "i").open()
	m.give("早就送达的")
	m.sync()
	m.give("备份时还没送达的")
	m.close()
	shelf := filepath.Join(t.TempDir(), "shelf")
	copyProfile(t, m.dir, shelf)
	m.open()
	m.give("备份以后的")
	m.sync()
	m.close()
	copyProfile(t, shelf, m.dir)
	m.open()
	m.give("恢复以后的")
	m.sync()
	m.sync()
	sound(t, s, m, "早就送达的", "备份时还没送达的", "备份以后的", "恢复以后的")
}

// The replica is spoilt while work waits: it is set aside and fetched again,
// the work put back on top.
func TestSpoiltReplica(t *testing.T) {
	s := start(t, t.TempDir())
	m := signIn(t, s, lin, filepath.Join(t.TempDir(), "a"), "i").open()
	m.give("送达的")
	m.sync()
	m.give("等着的")
	m.close()
	spoil(t, filepath.Join(m.dir, "replica.db"))
	m.open()
	if rs, err := m.Visible(context.Background(), "todo.item"); err != nil || len(rs) != 1 {
		t.Errorf("what waits is not shown: %d, %v", len(rs), err)
	}
	m.sync()
	sound(t, s, m, "送达的", "等着的")
	tells(t, m, "aside")
}

func spoil(t *testing.T, path string) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for at := int64(0); at < 40<<10; at += 4096 {
		if _, err := f.WriteAt([]byte(strings.Repeat("spoilt ", 300)), at+100); err != nil {
			t.Fatal(err)
		}
	}
}

func tells(t *testing.T, m *machine, what string) {
	t.Helper()
	es, err := m.Events(context.Background(), 20)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range es {
		if e.What == what && e.Why != "" {
			return
		}
	}
	t.Errorf("the history has no %s: %+v", what, es)
}

// The outbox is spoilt: its last copy takes its place; what the server has it
// does not do again.
func TestSpoiltOutbox(t *testing.T) {
	ctx := context.Background()
	s := start(t, t.TempDir())
	m := signIn(t, s, lin, filepath.Join(t.TempDir(), "a"), "i").open()
	m.give("在副本里的")
	if err := m.SaveDraft(ctx, "k", []byte(`"草稿"`)); err != nil {
		t.Fatal(err)
	}
	if err := m.Copy(ctx); err != nil {
		t.Fatal(err)
	}
	m.sync()
	m.close()
	spoil(t, filepath.Join(m.dir, "outbox.db"))
	m.open()
	if d, ok, err := m.Draft(ctx, "k"); err != nil || !ok || string(d.Body) != `"草稿"` {
		t.Errorf("%+v %v %v", d, ok, err)
	}
	m.give("以后的")
	m.sync()
	m.sync()
	sound(t, s, m, "在副本里的", "以后的")
	tells(t, m, "aside")
}

// A server put back to its backup: desks bring back what it had answered since,
// each command once, each paper with its number; number series stay closed
// until a clerk opens them; what the backup has is archived and not sent again.
func TestRestoredServer(t *testing.T) {
	t.Run("as it is", func(t *testing.T) { restored(t, nil) })
	// Without its former result a paper is refused a number it had.
	t.Run("without former results", func(t *testing.T) { restored(t, map[engine.Ablation]bool{engine.NoFormer: true}) })
}

func restored(t *testing.T, off map[engine.Ablation]bool) {
	ctx := context.Background()
	s := start(t, t.TempDir())
	if err := s.As(office.System).Must(&document.PutSeries{ID: "shang", Code: "上收", Name: "上级来文", Direction: document.Incoming, Style: document.StyleRegister, Year: time.Now().In(time.FixedZone("CST", 8*3600)).Year(), Next: 7}); err != nil {
		t.Fatal(err)
	}
	for _, cmd := range []office.Command{
		&directory.PutUnit{ID: "yi", Name: "秘书一科"}, &directory.PutRole{ID: document.RoleRegistrar, Name: "收发员"},
		&directory.Assign{UID: "lin", Unit: "yi", Roles: []string{document.RoleRegistrar}},
	} {
		if err := s.As(office.System).Must(cmd); err != nil {
			t.Fatal(err)
		}
	}
	m := signIn(t, s, lin, filepath.Join(t.TempDir(), "a"), "i")
	m.off = off
	m.open()
	m.sync()
	paper := func(id string) *document.Register {
		return &document.Register{ID: id, Series: "shang", Genre: "函", Title: "来函 " + id, From: "省厅", Received: office.Millis(time.Now()), Unit: "yi"}
	}
	do := func(cmd office.Command) string {
		t.Helper()
		mid, err := m.Do(ctx, cmd)
		if err != nil {
			t.Fatal(err)
		}
		return mid
	}
	m.give("备份里有的")
	do(paper("p1"))
	m.sync()
	backup, err := s.Backup(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	m.sync()
	if i := m.items()[0]; i.State != engine.StateArchived {
		t.Errorf("what a verified backup holds is %s", i.State)
	}
	m.give("备份以后的")
	second := do(paper("p2"))
	m.sync()
	epoch := m.Status().Epoch
	if err := s.Restore(backup); err != nil {
		t.Fatal(err)
	}
	m.give("恢复以后的")
	blocked := do(paper("p3"))
	m.sync()
	m.sync()
	if off != nil {
		if i, _, err := m.Item(ctx, second); err != nil || i.Code != document.CodeSeriesClosed {
			t.Errorf("the paper that had a number: %+v %v", i, err)
		}
		return
	}
	have := todos(t, s)
	for _, w := range []string{"备份里有的", "备份以后的", "恢复以后的"} {
		if have[w] != 1 {
			t.Errorf("%q is there %d times", w, have[w])
		}
	}
	number := func(id string) string {
		r, ok, err := m.Get(ctx, document.Headers.Name, id)
		var h document.Header
		if err != nil || !ok || r.Decode(&h) != nil {
			t.Errorf("%s: %v %v", id, ok, err)
		}
		return fmt.Sprint(h.NumberN)
	}
	if a, b := number("p1"), number("p2"); a != "7" || b != "8" {
		t.Errorf("numbers %s and %s", a, b)
	}
	if i, _, err := m.Item(ctx, blocked); err != nil || i.Code != document.CodeSeriesClosed || !i.NeedsYou {
		t.Errorf("%+v %v", i, err)
	}
	if m.Status().Epoch == epoch {
		t.Error("the history is the old one")
	}
	tells(t, m, "replay")
	if _, err := m.Do(ctx, &document.ReopenSeries{ID: "shang", Year: time.Now().In(time.FixedZone("CST", 8*3600)).Year(), Next: 9}); err != nil {
		t.Fatal(err)
	}
	if _, err := m.Retry(ctx, blocked); err != nil {
		t.Fatal(err)
	}
	m.sync()
	if n := number("p3"); n != "9" {
		t.Errorf("the paper that waited has number %s", n)
	}
	if lines, err := s.Check(); err != nil || len(lines) > 0 {
		t.Errorf("server doctor: %v %v", lines, err)
	}
}

// Collection of garbage at any time: a desk that was away longer than the
// server keeps entries reads its channels anew, and what was deleted stays so.
func TestLongAway(t *testing.T) {
	ctx := context.Background()
	s := start(t, t.TempDir())
	m := signIn(t, s, lin, filepath.Join(t.TempDir(), "a"), "i").open()
	m.give("留下的", "要删的")
	m.sync()
	other := signIn(t, s, lin, filepath.Join(t.TempDir(), "b"), "j").open()
	other.sync()
	rs, err := other.Visible(ctx, "todo.item")
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rs {
		if strings.Contains(string(r.Body), "要删的") {
			if _, _, err := other.DoJSON(ctx, "todo.delete@1", []byte(`{"id":"`+r.ID+`"}`)); err != nil {
				t.Fatal(err)
			}
		}
	}
	other.sync()
	if err := s.GC(time.Now().Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	m.give("离开时写的")
	m.sync()
	m.sync()
	rs, err = m.Visible(ctx, "todo.item")
	if err != nil || len(rs) != 2 {
		t.Errorf("%d to-dos, %v", len(rs), err)
	}
	tells(t, m, "reset")
}
