package sealer_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"qianshao/syncserver/internal/identity"
	"qianshao/syncserver/internal/store"
	"qianshao/syncserver/internal/store/pgtest"
	"qianshao/syncserver/internal/wiring"
	"qianshao/syncserver/office"
	"qianshao/syncserver/office/approval"
	"qianshao/syncserver/office/directory"
	"qianshao/syncserver/office/document"
	"qianshao/syncserver/office/seal"
	"qianshao/syncserver/protocol"
)

var pg pgtest.Cluster

func TestMain(m *testing.M) {
	code := m.Run()
	pg.Stop()
	os.Exit(code)
}

// bench is a whole server with two people and a flow from one to the other.
type bench struct {
	*wiring.Server
	t    *testing.T
	conf wiring.Config
	mu   sync.Mutex
	n    int
}

func everywhere(t *testing.T, f func(b *bench)) {
	t.Run("sqlite", func(t *testing.T) { f(newBench(t, wiring.Config{Dir: t.TempDir()})) })
	t.Run("postgres", func(t *testing.T) { f(newBench(t, wiring.Config{Dir: t.TempDir(), URL: pg.Database(t)})) })
}

func newBench(t *testing.T, c wiring.Config) *bench {
	t.Helper()
	now := time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC)
	var mu sync.Mutex
	c.Now = func() time.Time {
		mu.Lock()
		defer mu.Unlock()
		now = now.Add(time.Second)
		return now
	}
	c.Rand, c.Passwords = rand.Reader, identity.Params{Memory: 8, Time: 1, Threads: 1}
	b := &bench{t: t, conf: c}
	b.Server = b.open()
	b.ok(office.System, &directory.PutUnit{ID: "si", Name: "秘书四科"})
	for i, who := range []office.UserID{"li", "lin", "xu"} {
		b.ok(office.System, &directory.PutPerson{ID: string(who), Name: string(who), Order: i})
		b.ok(office.System, &directory.Assign{UID: who, Unit: "si"})
	}
	b.ok(office.System, &approval.Publish{Definition: approval.Definition{
		Key: "t", Name: "测试", Subjects: []string{document.Headers.Name}, First: "a", Steps: []approval.Step{
			{ID: "a", Name: "拟稿", Handlers: []approval.Handler{{By: approval.ByStarter}}, Acts: []string{approval.ActApprove}, Edit: true, Lines: []approval.Line{{To: "b"}}},
			{ID: "b", Name: "批示", Handlers: []approval.Handler{{By: approval.ByPerson, ID: "lin"}}, Area: "x", AreaName: "批示", Lines: []approval.Line{{To: "c"}}},
			{ID: "c", Name: "承办", Handlers: []approval.Handler{{By: approval.ByPerson, ID: "xu"}}, Area: "y", AreaName: "承办", Lines: []approval.Line{{To: "z"}}},
			{ID: "z", Name: "办结", Type: approval.StepEnd},
		},
	}})
	return b
}

func (b *bench) open() *wiring.Server {
	b.t.Helper()
	s, err := wiring.Open(context.Background(), b.conf)
	if err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(func() { s.Close() })
	return s
}

func (b *bench) do(s *wiring.Server, who office.UserID, cmd office.Command) protocol.Result {
	b.t.Helper()
	b.mu.Lock()
	b.n++
	mid := office.DeriveID("bench", fmt.Sprint(b.n))
	b.mu.Unlock()
	r, err := s.Authority.As(context.Background(), who, mid, time.Time{}, cmd)
	if err != nil {
		b.t.Errorf("%s by %s: %v", cmd.Kind(), who, err)
	}
	return r
}

func (b *bench) ok(who office.UserID, cmd office.Command) {
	b.t.Helper()
	if r := b.do(b.Server, who, cmd); r.Outcome != protocol.Applied {
		b.t.Fatalf("%s by %s: %+v", cmd.Kind(), who, r)
	}
}

// paper begins a paper d with its flow.
func (b *bench) paper(d string) {
	b.t.Helper()
	b.ok("li", &document.DraftPaper{ID: d, Direction: document.Internal, Genre: "签报", Title: "关于供热的签报"})
	b.ok("li", &approval.Start{ID: "i-" + d, Flow: "t", SubjectKind: document.Headers.Name, Subject: d, Words: "请批示"})
}

func (b *bench) rows(kind, root string) []office.Record {
	b.t.Helper()
	var out []office.Record
	err := b.Store.Read(context.Background(), func(q store.Q) (err error) {
		out, err = b.Store.Rows.Children(context.Background(), q, kind, root)
		return err
	})
	if err != nil {
		b.t.Fatal(err)
	}
	return out
}

func (b *bench) approve(s *wiring.Server, who office.UserID, d, words string) {
	b.t.Helper()
	var h document.Header
	err := b.Store.Read(context.Background(), func(q store.Q) error {
		r, _, err := b.Store.Rows.Get(context.Background(), q, document.Headers.Name, d)
		if err != nil {
			return err
		}
		return r.Decode(&h)
	})
	if err != nil {
		b.t.Fatal(err)
	}
	for _, r := range b.rows(approval.Tasks.Name, "i-"+d) {
		var t approval.Task
		if err := r.Decode(&t); err != nil {
			b.t.Fatal(err)
		}
		if t.Person == who && t.State == approval.TaskOpen {
			if x := b.do(s, who, &approval.Approve{Task: r.ID, Subject: d, TaskRev: t.Rev, Step: t.Step, SeenHash: h.ContentHash, Words: words}); x.Outcome != protocol.Applied {
				b.t.Fatalf("%+v", x)
			}
			return
		}
	}
	b.t.Fatalf("%s has no task on %s", who, d)
}

func (b *bench) verified() string {
	b.t.Helper()
	f, err := b.Verify(context.Background())
	if err != nil {
		b.t.Fatal(err)
	}
	return strings.Join(f.Broken, "; ")
}

// behind changes the store behind the server's back.
func (b *bench) behind(query string, args ...any) {
	b.t.Helper()
	err := b.Store.Once(context.Background(), func(q store.Q) error {
		r, err := q.ExecContext(context.Background(), query, args...)
		if err != nil {
			return err
		}
		if n, err := r.RowsAffected(); err != nil || n == 0 {
			return fmt.Errorf("%d rows, %v", n, err)
		}
		return nil
	})
	if err != nil {
		b.t.Fatal(err)
	}
}

// A whole flow is sealed as it goes; whatever is changed in the database
// afterwards is found, with the place.
func TestVerify(t *testing.T) {
	everywhere(t, func(b *bench) {
		for _, d := range []string{"d1", "d2", "d3", "d4"} {
			b.paper(d)
			b.approve(b.Server, "lin", d, "同意。")
			b.approve(b.Server, "xu", d, "已办。")
		}
		if got := b.verified(); got != "" {
			b.t.Fatal(got)
		}
		for _, r := range b.rows(seal.EventKind, "i-d1") {
			if strings.Contains(string(r.Body), "同意") || strings.Contains(string(r.Body), "salt") {
				b.t.Errorf("words or salt in an event: %s", r.Body)
			}
		}
		events, opinions := b.Store.Rows.Table(seal.EventKind), b.Store.Rows.Table(seal.OpinionKind)
		b.behind("UPDATE " + opinions + " SET body = replace(body, '同意。', '不同意。') WHERE root = 'i-d1'")
		b.behind("UPDATE " + events + " SET body = replace(body, '\"who\":\"lin\"', '\"who\":\"xu\"') WHERE root = 'i-d2'")
		b.behind("DELETE FROM " + events + " WHERE root = 'i-d3' AND body LIKE '%\"n\":2,%'")
		var want []string
		for _, d := range []struct{ id, what string }{{"i-d1", "3: words"}, {"i-d2", "3: changed"}, {"i-d3", "2: missing"}} {
			want = append(want, "instance "+d.id+", event "+d.what)
		}
		got := strings.Split(b.verified(), "; ")
		slices.Sort(got)
		if !slices.Equal(got, want) {
			b.t.Errorf("%q, want %q", got, want)
		}
	})
}

// A new key is published before it seals, vouched for by the old one, and taken
// up by every server of the store; what the old key signed stays proven.
func TestRotate(t *testing.T) {
	everywhere(t, func(b *bench) {
		ctx := context.Background()
		b.paper("d1")
		b.approve(b.Server, "lin", "d1", "同意。")
		other := b.open() // a second server over the same store, or the same one started again
		old := used(b, "i-d1")
		id, err := b.RotateKey(ctx)
		if err != nil || len(old) != 1 || id == old[0] {
			b.t.Fatalf("%q %v %v", id, old, err)
		}
		b.paper("d2")
		if got := used(b, "i-d2"); !slices.Equal(got, []string{id}) {
			b.t.Errorf("sealed by %v, not by the new key %s", got, id)
		}
		if err := other.Sealer.Reload(ctx); err != nil {
			b.t.Fatal(err)
		}
		b.approve(other, "xu", "d1", "已办。")
		if got := used(b, "i-d1"); len(got) != 2 {
			b.t.Errorf("both keys sealed d1: %v", got)
		}
		keys, err := b.Sealer.Keys(ctx)
		if err != nil || len(keys) != 2 || keys[0].Value.Retired == 0 || keys[1].Value.By != keys[0].ID {
			b.t.Errorf("%+v %v", keys, err)
		}
		if got := b.verified(); got != "" {
			b.t.Error(got)
		}
		if _, err := b.RotateKey(ctx); err != nil {
			b.t.Error(err)
		}
		b.behind("UPDATE "+b.Store.Rows.Table(seal.Keys.Name)+" SET body = replace(body, '\"sig\"', '\"gis\"') WHERE id = ?", id)
		if got := b.verified(); !strings.Contains(got, "key "+id) {
			b.t.Errorf("a key nobody vouches for: %q", got)
		}
	})
}

// used are the keys that sealed an instance's trace.
func used(b *bench, instance string) []string {
	b.t.Helper()
	var out []string
	for _, r := range b.rows(seal.EventKind, instance) {
		var e approval.Event
		if err := r.Decode(&e); err != nil {
			b.t.Fatal(err)
		}
		if !slices.Contains(out, e.Key) {
			out = append(out, e.Key)
		}
	}
	return out
}

// Two servers that start on an empty store at once have one key between them.
func TestOneKey(t *testing.T) {
	everywhere(t, func(b *bench) {
		keys, err := b.Sealer.Keys(context.Background())
		if err != nil || len(keys) != 1 {
			b.t.Fatalf("%+v %v", keys, err)
		}
		if again, err := b.open().Sealer.Keys(context.Background()); err != nil || len(again) != 1 || again[0].ID != keys[0].ID {
			b.t.Errorf("%+v %v", again, err)
		}
	})
}

// A trace only grows: sealing refuses a run that changed or removed an event.
func TestOnlyGrows(t *testing.T) {
	b := newBench(t, wiring.Config{Dir: t.TempDir()})
	b.paper("d1")
	e := b.rows(seal.EventKind, "i-d1")[0]
	for name, w := range map[string]office.Wrote{"changed": {Record: e}, "removed": {Record: e, Gone: true}} {
		if err := b.Sealer.Seal(nil, office.Context{}, []office.Wrote{w}); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
}

// Many acts at once on many papers: every chain holds.
func TestManyAtOnce(t *testing.T) {
	everywhere(t, func(b *bench) {
		for i := range 8 {
			b.paper(fmt.Sprintf("d%d", i))
		}
		var wg sync.WaitGroup
		for i := range 8 {
			wg.Go(func() {
				d := fmt.Sprintf("d%d", i)
				b.approve(b.Server, "lin", d, "同意。")
				b.approve(b.Server, "xu", d, "已办。")
			})
		}
		wg.Wait()
		if got := b.verified(); got != "" {
			b.t.Error(got)
		}
	})
}
