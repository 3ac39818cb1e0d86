package authority

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"qianshao/syncserver/internal/store"
	"qianshao/syncserver/office"
	"qianshao/syncserver/office/approval"
	"qianshao/syncserver/office/catalog"
	"qianshao/syncserver/office/directory"
	"qianshao/syncserver/office/document"
	"qianshao/syncserver/office/layout"
	"qianshao/syncserver/protocol"
)

// bureau is a server with the real rooms and a small office.
type bureau struct {
	*Authority
	t    testing.TB
	mu   sync.Mutex
	time time.Time
	mids int
}

// bothBureaus runs a test over both databases.
func bothBureaus(t *testing.T, f func(t *testing.T, b *bureau)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { f(t, newBureau(t, store.Config{Dir: t.TempDir()})) })
	t.Run("postgres", func(t *testing.T) { f(t, newBureau(t, store.Config{URL: pg.Database(t)})) })
}

func newBureau(t testing.TB, c store.Config) *bureau {
	t.Helper()
	cat, err := catalog.New()
	if err != nil {
		t.Fatal(err)
	}
	c.Kinds = cat.Kinds()
	s, err := store.Open(context.Background(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	b := &bureau{t: t, time: time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC)}
	b.Authority, err = New(Options{
		Store: s, Commands: cat, Extras: RoomExtras(), Subscriptions: directory.Subscriptions,
		Now: b.now, Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, role := range []string{document.RoleRegistrar, approval.RoleFlowAdmin} {
		b.ok(office.System, &directory.PutRole{ID: role, Name: role})
	}
	b.ok(office.System, &directory.PutUnit{ID: "si", Name: "秘书四科"})
	for _, post := range []string{approval.PostReviser, approval.PostChecker, approval.PostClerk} {
		b.ok(office.System, &directory.PutPost{ID: post, Name: post, Unit: "si"})
	}
	for i, p := range []struct {
		id          office.UserID
		posts, role []string
	}{
		{"li", nil, nil}, {"wang", nil, nil}, {"chu", []string{approval.PostReviser}, nil}, {"shao", []string{approval.PostChecker}, nil},
		{"ma", []string{approval.PostClerk}, nil}, {"ding", []string{approval.PostClerk}, []string{document.RoleRegistrar}},
		{"lin", nil, nil}, {"xu", nil, nil},
	} {
		b.ok(office.System, &directory.PutPerson{ID: string(p.id), Name: string(p.id), Order: i})
		b.ok(office.System, &directory.Assign{UID: p.id, Unit: "si", Posts: p.posts, Roles: p.role})
	}
	b.ok(office.System, &directory.PutUnit{ID: "si", Name: "秘书四科", Head: "wang", Clerk: approval.PostClerk})
	for _, d := range approval.Defaults() {
		b.ok(office.System, &approval.Publish{Definition: d})
	}
	b.ok(office.System, &document.PutSeries{ID: "qzbf", Code: "清政办发", Name: "办公室文件", Direction: document.Outgoing, Style: document.StyleOfficial, Year: 2026, Next: 21})
	b.ok(office.System, &document.PutSeries{ID: "shang", Code: "上收", Name: "上级来文", Direction: document.Incoming, Style: document.StyleRegister, Year: 2026, Next: 123})
	return b
}

func (b *bureau) now() time.Time {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.time = b.time.Add(time.Second)
	return b.time
}

func (b *bureau) do(who office.UserID, cmd office.Command) protocol.Result {
	b.t.Helper()
	b.mu.Lock()
	b.mids++
	mid := office.DeriveID("bureau", fmt.Sprint(b.mids))
	b.mu.Unlock()
	r, err := b.As(context.Background(), who, mid, time.Time{}, cmd)
	if err != nil {
		b.t.Errorf("%s by %s: %v", cmd.Kind(), who, err)
	}
	return r
}

func (b *bureau) ok(who office.UserID, cmd office.Command) protocol.Result {
	b.t.Helper()
	r := b.do(who, cmd)
	if r.Outcome != protocol.Applied && r.Outcome != protocol.Noop {
		b.t.Fatalf("%s by %s: %+v", cmd.Kind(), who, r)
	}
	return r
}

func list[T any](b *bureau, o office.Of[T], q office.Query) []office.Item[T] {
	b.t.Helper()
	q.Kind = o.Name
	c, err := b.Kinds.Check(q)
	if err != nil {
		b.t.Fatal(err)
	}
	var out []office.Item[T]
	err = b.Store.Read(context.Background(), func(tx store.Q) error {
		rs, err := b.Store.Rows.List(context.Background(), tx, c)
		for _, r := range rs {
			x := office.Item[T]{Record: r}
			if err := r.Decode(&x.Value); err != nil {
				return err
			}
			out = append(out, x)
		}
		return err
	})
	if err != nil {
		b.t.Fatal(err)
	}
	return out
}

func (b *bureau) header(id string) document.Header {
	b.t.Helper()
	for _, h := range list(b, document.Headers, office.Query{View: "all"}) {
		if h.ID == id {
			return h.Value
		}
	}
	b.t.Fatalf("no paper %s", id)
	return document.Header{}
}

// act is what a person who looks at the paper now would send.
func (b *bureau) act(who office.UserID, doc string) *approval.Approve {
	b.t.Helper()
	ts := list(b, approval.Tasks, office.Query{View: "subject", Where: []office.Cond{
		office.Where("subject", doc), office.Where("person", string(who)), office.Where("state", approval.TaskOpen),
	}})
	if len(ts) != 1 {
		b.t.Fatalf("%s has %d tasks for %s", who, len(ts), doc)
	}
	t := ts[0]
	return &approval.Approve{Task: t.ID, Subject: doc, TaskRev: t.Value.Rev, Step: t.Value.Step, SeenHash: b.header(doc).ContentHash, Words: "同意"}
}

func (b *bureau) outgoing(id string) {
	b.t.Helper()
	b.ok("li", &document.DraftPaper{
		ID: id, Direction: document.Outgoing, Genre: "通知", Title: "关于充电桩的通知 " + id, To: []string{"市水务局"}, Issuer: "市住房城乡建设局", Publicity: "主动公开", Leader: "xu", Signer: "lin", Series: "qzbf",
		Blocks: []document.Block{{ID: "b1", Type: document.BlockText, Text: "正文"}},
	})
	b.ok("li", &approval.Start{ID: "i-" + id, Flow: "fawen", SubjectKind: document.Headers.Name, Subject: id})
}

func (b *bureau) pass(doc string, people ...office.UserID) {
	b.t.Helper()
	for _, who := range people {
		b.ok(who, b.act(who, doc))
	}
}

// TestExtrasAreListed: every command in the table exists, and the table is the
// whole difference between a desk and the server.
func TestExtrasAreListed(t *testing.T) {
	known := map[string]bool{}
	for _, s := range catalog.Commands() {
		known[s.Kind] = true
	}
	for kind := range RoomExtras() {
		if !known[kind] {
			t.Errorf("%s is no command", kind)
		}
	}
	x := effects[[2]string{approval.EffectNumber, "dir.person"}]
	if x != nil || office.CodeOf(applyEffect(nil, office.Context{}, approval.Effect{Name: approval.EffectNumber, SubjectKind: "dir.person"})) != office.CodeState {
		t.Error("a person gets a number")
	}
}

// TestPapersWithNumbers: a 发文 goes through the real rooms to its number; a
// return keeps it; a 收文 is numbered as it is registered.
func TestPapersWithNumbers(t *testing.T) {
	bothBureaus(t, func(t *testing.T, b *bureau) {
		own := layout.Preset(layout.FormatFile)
		own.ID, own.Name = "jianju", "住建局文件"
		b.ok(office.System, &layout.PutTemplate{Template: own, Issuers: []string{"市住房城乡建设局"}, Words: "本局用"})
		b.outgoing("d1")
		b.pass("d1", "wang", "chu", "xu", "lin", "shao")
		if h := b.header("d1"); h.Number != "" || h.FlowStep != "登记编号" || !slices.Contains(h.FlowEditors, "ma") {
			t.Fatalf("%+v", h)
		}
		if r := b.ok("ma", b.act("ma", "d1")); r.Code != "" {
			t.Errorf("the number is there, yet %+v", r)
		}
		h := b.header("d1")
		if h.Number != "清政办发〔2026〕21号" || h.NumberState != document.NumberGiven || h.FlowState != document.Done || len(h.FlowHolders) != 0 || h.Template != "jianju@1" {
			t.Errorf("%+v", h)
		}
		r := b.ok("ding", &document.Register{ID: "d2", Series: "shang", Genre: "函", Title: "关于台账的函", From: "省厅", Received: 1_793_580_000_000, Leaders: []office.UserID{"lin", "xu"}, Undertakers: []office.UserID{"chu"}})
		if h := b.header("d2"); h.Number != "上收〔2026〕0123" || r.Code != "" {
			t.Errorf("%+v %+v", r, h)
		}
		found, err := b.Check(context.Background())
		if err != nil || len(found) > 0 {
			t.Errorf("doctor: %v %v", found, err)
		}
	})
}

// TestNumberRace: 16 writers in the names of two 文书 give numbers, set some
// aside, enter some by hand and strike some off, and a registrar registers, all
// at the same moment: no number twice, no gap that the ledger does not explain
// (trip (i)).
func TestNumberRace(t *testing.T) {
	bothBureaus(t, func(t *testing.T, b *bureau) {
		const papers = 16
		put := &document.PutSeries{
			ID: "qzbf", Code: "清政办发", Name: "办公室文件", Direction: document.Outgoing, Style: document.StyleOfficial, Reserve: true, Fill: true, Void: true,
		}
		b.ok(office.System, put)
		clerk := func(i int) office.UserID { return []office.UserID{"ma", "ding"}[i%2] }
		acts := make([]*approval.Approve, papers)
		for i := range papers {
			id := fmt.Sprintf("d%d", i)
			b.outgoing(id)
			b.pass(id, "wang", "chu", "xu", "lin", "shao")
			acts[i] = b.act(clerk(i), id)
		}
		b.ok("ma", &document.ReserveNumbers{Series: "qzbf", Year: 2026, Count: 6, Words: "全会文件"}) // 21 to 26
		var wg sync.WaitGroup
		for w := range papers {
			wg.Go(func() {
				who, doc := clerk(w), fmt.Sprintf("d%d", w)
				switch w % 4 {
				case 1: // by hand: two want each of 21 and 22, others numbers ahead
					n := []int{21, 21, 40, 44}[w/4]
					r := b.do(who, &document.ChooseNumber{ID: doc, Year: 2026, N: n, Words: "补登"})
					if r.Outcome != protocol.Applied && r.Code != office.CodeExists {
						t.Errorf("choose %d: %+v", n, r)
					}
				case 2:
					if r := b.do(who, &document.ReserveNumbers{Series: "qzbf", Year: 2026, Count: 2, Words: "专项工作"}); r.Outcome != protocol.Applied {
						t.Errorf("reserve: %+v", r)
					}
				case 3:
					if r := b.do(who, &document.VoidNumber{Series: "qzbf", Year: 2026, N: 23 + w/4, Words: "会议取消"}); r.Outcome != protocol.Applied {
						t.Errorf("void: %+v", r)
					}
					b.do("ding", &document.Register{ID: fmt.Sprintf("in%d", w), Series: "shang", Genre: "函", Title: "来文", From: "省厅", Received: 1_793_580_000_000})
				}
				if r := b.do(who, acts[w]); r.Outcome != protocol.Applied {
					t.Errorf("number %s: %+v", doc, r)
				}
			})
		}
		wg.Wait()
		given := map[string]string{}
		for _, h := range list(b, document.Headers, office.Query{View: "all"}) {
			if h.Value.Number == "" || given[h.Value.Number] != "" {
				t.Errorf("%s has %q, and so has %s", h.ID, h.Value.Number, given[h.Value.Number])
			}
			given[h.Value.Number] = h.ID
		}
		if len(given) != papers+4 {
			t.Errorf("%d numbers", len(given))
		}
		entries := list(b, document.Numbers, office.Query{View: "series", Where: []office.Cond{office.Where("series", "qzbf")}})
		seen := map[int]bool{}
		for _, e := range entries {
			if seen[e.Value.N] {
				t.Errorf("%d is in the ledger twice", e.Value.N)
			}
			seen[e.Value.N] = true
		}
		unexplained(t, b, "qzbf", 2026)
		unexplained(t, b, "shang", 2026)
	})
}

// unexplained holds the numbers of a series against the ledger of gaps.
func unexplained(t *testing.T, b *bureau, series string, year int) {
	t.Helper()
	faults, err := b.Ledgers(context.Background())
	if err != nil || len(faults) > 0 {
		t.Errorf("%s %d: %v %v", series, year, faults, err)
	}
}

// The store refuses a number twice even where no command asks: both databases
// keep one ledger entry for one (series, year, n).
func TestNumberIsUnique(t *testing.T) {
	bothBureaus(t, func(t *testing.T, b *bureau) {
		b.outgoing("d1")
		b.pass("d1", "wang", "chu", "xu", "lin", "shao", "ma")
		b.ok(office.System, &document.PutSeries{ID: "qzbf", Code: "清政办发", Name: "办公室文件", Direction: document.Outgoing, Style: document.StyleOfficial, Fill: true})
		b.outgoing("d2")
		if r := b.do("ma", &document.ChooseNumber{ID: "d2", Year: 2026, N: 21, Words: "重号"}); r.Code != office.CodeExists {
			t.Errorf("%+v", r)
		}
		if faults, err := b.Ledgers(context.Background()); err != nil || len(faults) > 0 {
			t.Errorf("%v %v", faults, err)
		}
		// A hole made behind the commands' back is named.
		e := list(b, document.Numbers, office.Query{View: "series", Where: []office.Cond{office.Where("series", "qzbf")}})[0]
		err := b.Store.Once(context.Background(), func(q store.Q) error {
			_, err := q.ExecContext(context.Background(), "DELETE FROM "+b.Store.Rows.Table(document.Numbers.Name)+" WHERE id = '"+e.ID+"'")
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		faults, err := b.Ledgers(context.Background())
		if err != nil || len(faults) != 1 || !strings.Contains(faults[0], "qzbf") || !strings.Contains(faults[0], "21") {
			t.Errorf("%v %v", faults, err)
		}
	})
}

// TestTwoSign: W3, trip (b). Two leaders decide at the same moment: one act
// counts, the other is told that it was done.
func TestTwoSign(t *testing.T) {
	bothBureaus(t, func(t *testing.T, b *bureau) {
		for i := range 6 {
			id := fmt.Sprintf("d%d", i)
			b.ok("ding", &document.Register{ID: id, Series: "shang", Genre: "函", Title: "来文", From: "省厅", Received: 1_793_580_000_000, Leaders: []office.UserID{"lin", "xu"}, Undertakers: []office.UserID{"chu"}})
			b.ok("ding", &approval.Start{ID: "i-" + id, Flow: "shouwen", SubjectKind: document.Headers.Name, Subject: id})
			b.pass(id, "wang")
			var wg sync.WaitGroup
			var results [2]protocol.Result
			signers := []office.UserID{"lin", "xu"}
			acts := []*approval.Approve{b.act("lin", id), b.act("xu", id)} // both look before either acts
			for j, who := range signers {
				wg.Go(func() { results[j] = b.do(who, acts[j]) })
			}
			wg.Wait()
			won, lost := results[0], results[1]
			if won.Outcome != protocol.Applied {
				won, lost = lost, won
			}
			if won.Outcome != protocol.Applied || lost.Outcome != protocol.Rejected || lost.Code != office.CodeDoneByOther {
				t.Fatalf("%+v", results)
			}
			if h := b.header(id); h.FlowStep != "承办" || !slices.Equal(h.FlowHolders, []office.UserID{"chu"}) {
				t.Fatalf("%+v", h)
			}
		}
	})
}

// TestSignOrEdit: a colleague saves while the leader signs: either the
// signature is on the new text, or it is refused as stale; never on one and
// counted for the other (L9).
func TestSignOrEdit(t *testing.T) {
	bothBureaus(t, func(t *testing.T, b *bureau) {
		for i := range 6 {
			id := fmt.Sprintf("d%d", i)
			b.outgoing(id)
			b.pass(id, "wang", "chu", "xu")
			sign := b.act("lin", id)
			old := document.Block{ID: "b1", Type: document.BlockText, Text: "正文"}
			now := old
			now.Text = "正文有改动"
			save := &document.SaveBody{ID: id, BaseRev: 1, Ops: []document.Op{{Op: document.OpSet, Block: "b1", Old: &old, New: &now}}}
			var wg sync.WaitGroup
			var signed, saved protocol.Result
			wg.Go(func() { signed = b.do("lin", sign) })
			wg.Go(func() { saved = b.do("chu", save) })
			wg.Wait()
			h := b.header(id)
			switch {
			case signed.Outcome == protocol.Applied && saved.Code == office.CodeNotPermitted: // signed first: 核稿 may change nothing any more
				if h.ContentHash != sign.SeenHash || h.FlowStep != "复核" {
					t.Fatalf("%+v", h)
				}
			case signed.Code == office.CodeStaleBody && saved.Outcome == protocol.Applied:
				if h.ContentHash == sign.SeenHash || h.FlowStep != "签发" {
					t.Fatalf("%+v", h)
				}
			default:
				t.Fatalf("signed %+v, saved %+v", signed, saved)
			}
		}
	})
}

// TestTimers: a time limit and a circulation to many come back as commands of
// the system.
func TestTimers(t *testing.T) {
	bothBureaus(t, func(t *testing.T, b *bureau) {
		b.outgoing("d1")
		readers := make([]office.UserID, 450)
		for i := range readers {
			readers[i] = office.UserID(fmt.Sprintf("r%03d", i))
			b.ok(office.System, &directory.PutPerson{ID: string(readers[i]), Name: "阅者", Order: i})
		}
		b.ok("li", &approval.Circulate{ID: "c1", SubjectKind: document.Headers.Name, Subject: "d1", To: readers})
		if _, err := b.RunJobs(context.Background()); err != nil {
			t.Fatal(err)
		}
		if n := len(list(b, approval.Copies, office.Query{View: "subject", Where: []office.Cond{office.Where("subject", "d1")}})); n != 450 {
			t.Errorf("%d copies", n)
		}
		overdue := func() int {
			return len(list(b, approval.Tasks, office.Query{View: "mine", Where: []office.Cond{office.Where("person", "wang"), office.Where("overdue", 1)}}))
		}
		if overdue() != 0 {
			t.Fatal("overdue before its time")
		}
		b.mu.Lock()
		b.time = b.time.Add(25 * time.Hour)
		b.mu.Unlock()
		if _, err := b.RunJobs(context.Background()); err != nil {
			t.Fatal(err)
		}
		if overdue() != 1 {
			t.Error("the time limit passed in silence")
		}
	})
}
