package authority

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"qianshao/syncserver/internal/backup"
	"qianshao/syncserver/internal/store"
	"qianshao/syncserver/office"
	"qianshao/syncserver/office/document"
	"qianshao/syncserver/protocol"
)

// numbered is a paper that ding registers.
func numbered(id string) *document.Register {
	return &document.Register{ID: id, Series: "shang", Genre: "函", Title: "来函 " + id, From: "省厅", Received: 1_793_580_000_000, Leaders: []office.UserID{"lin"}, Undertakers: []office.UserID{"chu"}}
}

// sender pushes for one device of a bureau.
type sender struct {
	b      *bureau
	caller Caller
	n      int64
	ticket string
}

func (s *sender) push(cmds ...protocol.Command) []protocol.Result {
	s.b.t.Helper()
	next := fmt.Sprintf("%s-%d", s.caller.Device, s.n+int64(len(cmds)))
	r := protocol.PushRequest{Device: s.caller.Device, Ticket: s.ticket, Next: next}
	for _, c := range cmds {
		s.n++
		c.N = s.n
		r.Cmds = append(r.Cmds, c)
	}
	got, err := s.b.Push(context.Background(), s.caller, r, raw(r))
	if err != nil || got.Verdict != protocol.VerdictOK || len(got.Results) != len(cmds) {
		s.b.t.Fatalf("%+v %v", got, err)
	}
	s.ticket = next
	return got.Results
}

func wired(b *bureau, cmd office.Command) protocol.Command {
	b.mids++
	return wire(cmd, 0, office.DeriveID("wired", fmt.Sprint(b.mids)))
}

// TestNumbersComeBack: a server put back to its backup has forgotten numbers.
// Desks bring them back, each paper gets the number it once had, in whatever
// order they come; nobody gets a new one until a clerk has looked.
func TestNumbersComeBack(t *testing.T) {
	bothBureaus(t, func(t *testing.T, b *bureau) {
		ctx := context.Background()
		if err := b.RegisterDevice(ctx, "ding", "d1", "i"); err != nil {
			t.Fatal(err)
		}
		d := &sender{b: b, caller: Caller{"ding", "d1"}}
		d.push(wired(b, numbered("p1")))
		r, err := backup.Write(ctx, backup.Source{Store: b.Store, Now: b.now}, t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		known := *d
		c2, c3 := wired(b, numbered("p2")), wired(b, numbered("p3"))
		got := d.push(c2, c3)
		if b.header("p2").NumberN != 124 || b.header("p3").NumberN != 125 || !strings.Contains(string(got[1].Detail), `"n":125`) {
			t.Fatalf("%+v", got)
		}
		var pulled protocol.PullReply
		if pulled, err = b.Pull(ctx, d.caller, protocol.PullRequest{Device: "d1"}); err != nil || pulled.DurableN != 1 {
			t.Errorf("durable %d, %v", pulled.DurableN, err)
		}

		// The server burns down; what comes back is the backup.
		kept, err := backup.Open(r.Dir)
		if err != nil {
			t.Fatal(err)
		}
		to := store.Config{Dir: filepath.Join(t.TempDir(), "new"), Kinds: b.Kinds}
		if b.Store.Dialect() != 0 {
			to = store.Config{URL: pg.Database(t), Kinds: b.Kinds}
		}
		if _, err := kept.Restore(ctx, backup.Target{Config: to, Now: b.now}); err != nil {
			t.Fatal(err)
		}
		n := &bureau{t: t, time: b.now(), mids: b.mids + 1000}
		s, err := store.Open(ctx, to)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { s.Close() })
		if n.Authority, err = New(Options{Store: s, Commands: b.Commands, Extras: RoomExtras(), Subscriptions: b.Subscriptions, Now: n.now}); err != nil {
			t.Fatal(err)
		}
		if _, err := n.RunJobs(ctx); err != nil {
			t.Fatal(err)
		}
		n.ok(office.System, &document.CloseSeries{Epoch: s.Epoch()})
		if r := n.do("ding", &document.CloseSeries{}); r.Code != office.CodeNotPermitted {
			t.Errorf("closed by a person: %+v", r)
		}
		if h, err := n.Hello(ctx, d.caller, protocol.HelloRequest{Device: "d1", Install: "i", Epoch: b.Epoch(), Schema: 1, LastN: d.n}); err != nil || h.Verdict != protocol.VerdictRebuild {
			t.Errorf("%+v %v", h, err)
		}
		d = &known
		d.b = n
		// A new paper has to wait; it says why.
		if r := n.do("ding", numbered("p4")); r.Outcome != protocol.Rejected || r.Code != document.CodeSeriesClosed {
			t.Errorf("%+v", r)
		}
		// The later one comes first, and has its number.
		again := func(c protocol.Command, f protocol.Result) protocol.Result {
			t.Helper()
			c.Former = &protocol.Former{Outcome: f.Outcome, Code: f.Code, Detail: f.Detail, At: f.At}
			return d.push(c)[0]
		}
		if r := again(c3, got[1]); r.Outcome != protocol.Applied || n.header("p3").Number != "上收〔2026〕0125" {
			t.Fatalf("%+v %+v", r, n.header("p3"))
		}
		// Somebody's copy of a paper tells of 127, nonsense of more.
		n.ok("li", &document.WitnessNumbers{Highest: []document.Highest{{Series: "shang", Year: 2026, N: 127}, {Series: "shang", Year: 2026, N: 99999}, {Series: "shang", Year: 2031, N: 5}, {Series: "none", Year: 2026, N: 5}}})
		for _, x := range list(n, document.AllSeries, office.Query{View: "all"}) {
			if x.Value.Closed == 0 || x.ID == "shang" && fmt.Sprint(x.Value.Seen) != "[{2026 127 li}]" {
				t.Errorf("%+v", x.Value)
			}
		}
		if r := again(c2, got[0]); r.Outcome != protocol.Applied || n.header("p2").NumberN != 124 {
			t.Fatalf("%+v %+v", r, n.header("p2"))
		}
		for who, x := range map[office.UserID]struct {
			next int
			code office.Code
		}{"li": {130, office.CodeNotPermitted}, "ding": {125, office.CodeInvalid}} {
			if r := n.do(who, &document.ReopenSeries{ID: "shang", Year: 2026, Next: x.next}); r.Code != x.code {
				t.Errorf("%s: %+v", who, r)
			}
		}
		n.ok("ding", &document.ReopenSeries{ID: "shang", Year: 2026, Next: 128})
		n.ok("ding", numbered("p5"))
		if got := n.header("p5").NumberN; got != 128 {
			t.Errorf("the next number is %d", got)
		}
		// A desk that comes late still gets its number, if it can be true.
		for i, x := range []struct{ claim, want int }{{127, 127}, {127, 129}, {128, 130}, {700, 131}, {5, 132}} {
			id := fmt.Sprint("late", i)
			body, _ := json.Marshal(document.Number{Series: "shang", Year: 2026, N: x.claim, Document: id})
			again(wired(n, numbered(id)), protocol.Result{Outcome: protocol.Applied, Detail: json.RawMessage(`{"given":[{"k":"doc.number","i":"x","b":` + string(body) + `}]}`)})
			if got := n.header(id).NumberN; got != x.want {
				t.Errorf("%s claims %d, gets %d, want %d", id, x.claim, got, x.want)
			}
		}
		if found, err := n.Check(ctx); err != nil || len(found) > 0 {
			t.Errorf("doctor: %v %v", found, err)
		}
	})
}
