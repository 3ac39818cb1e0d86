package engine_test

import (
	"context"
	"strings"
	"testing"

	"qianshao/app/internal/engine"
	"qianshao/syncserver/office"
	"qianshao/syncserver/protocol"
)

// judge answers hello and push with set verdicts.
type judge struct {
	engine.Transport
	hello protocol.HelloReply
	push  protocol.PushReply
	asked []protocol.HelloRequest
}

func (j *judge) Hello(ctx context.Context, r protocol.HelloRequest) (protocol.HelloReply, error) {
	j.asked = append(j.asked, r)
	if j.hello.Verdict != "" {
		return j.hello, nil
	}
	return j.Transport.Hello(ctx, r)
}

func (j *judge) Push(ctx context.Context, b []byte) (protocol.PushReply, error) {
	if j.push.Verdict != "" {
		return j.push, nil
	}
	return j.Transport.Push(ctx, b)
}

func judged(t *testing.T, s *server) (*desk, *judge) {
	t.Helper()
	d := newDesk(t, t.TempDir(), s, "lin", "d1")
	j := &judge{Transport: d.way}
	d.o.Transport, d.o.Schema, d.o.Version = j, 3, "2026-11-23"
	d.reopen()
	t.Cleanup(func() { d.Close() })
	return d, j
}

func TestVerdictsThatEndTheSession(t *testing.T) {
	for verdict, want := range map[string]office.Code{
		protocol.VerdictUpgrade: office.CodeTooOld, protocol.VerdictWiped: engine.CodeWiped, "nonsense": office.CodeInternal, "": office.CodeInternal,
	} {
		for _, where := range []string{"hello", "push"} {
			if verdict == "" {
				continue // the judge's word for no verdict of its own
			}
			t.Run(where+" "+verdict, func(t *testing.T) {
				s := newServer("lin")
				d, j := judged(t, s)
				mid := d.do(&makeNote{ID: "n1", Title: "x"})
				if where == "hello" {
					j.hello.Verdict = verdict
				} else {
					j.push.Verdict = verdict
				}
				_, err := d.Sync(context.Background())
				if office.CodeOf(err) != want {
					t.Fatal(err)
				}
				if st := d.Status(); st.LastError != want || st.Waiting != 1 {
					t.Fatalf("%+v", st)
				}
				// A device that is refused is noted once, however often it asks.
				d.Sync(context.Background())
				es, err := d.Events(context.Background(), 10)
				if wantEvents := map[office.Code]int{office.CodeTooOld: 1, engine.CodeWiped: 1}[want]; err != nil || len(es) != wantEvents {
					t.Fatalf("%+v %v", es, err)
				}
				// The work is there, and goes out when the server takes it again.
				j.hello.Verdict, j.push.Verdict = "", ""
				d.sync()
				if d.item(mid).State != engine.StateSettled {
					t.Fatalf("%+v", d.item(mid))
				}
			})
		}
	}
}

func TestHelloTellsWhoItIs(t *testing.T) {
	s := newServer("lin")
	d, j := judged(t, s)
	d.do(&makeNote{ID: "n1", Title: "x"})
	d.sync()
	d.reopen()
	d.sync()
	h := j.asked[len(j.asked)-1]
	if h.Device != "d1" || h.Install != "i-d1" || h.Epoch != "e1" || h.Schema != 3 || h.Version != "2026-11-23" || h.LastN != 1 || h.Ticket == "" {
		t.Fatalf("%+v", h)
	}
	n := len(j.asked)
	d.sync()
	if len(j.asked) != n {
		t.Fatal("a word of greeting in each sync")
	}
}

func TestAForkInHello(t *testing.T) {
	s := newServer("lin")
	d, j := judged(t, s)
	d.do(&makeNote{ID: "n1", Title: "x"})
	s.register("d1-2", "lin")
	j.hello = protocol.HelloReply{Verdict: protocol.VerdictFork, NewDevice: "d1-2"}
	r := d.sync()
	if !r.Forked || d.Status().Device != "d1-2" || s.devices["d1-2"].lastN != 1 || s.devices["d1"].lastN != 0 {
		t.Fatalf("%+v %+v", r, d.Status())
	}
	d.checkBase()
	// A server that names no new device, or none after another, gets no work.
	for _, dev := range []string{"", "d1-2"} {
		j.hello = protocol.HelloReply{}
		j.push = protocol.PushReply{Verdict: protocol.VerdictFork, NewDevice: dev}
		d.do(&add{ID: "n1", By: 1})
		if _, err := d.Sync(context.Background()); err == nil {
			t.Fatal("no error")
		}
	}
	if st := d.Status(); st.Waiting != 2 {
		t.Fatalf("%+v", st)
	}
}

// Pages that lead nowhere end the pull with an error, not in a loop.
func TestPagesWithoutEnd(t *testing.T) {
	s := newServer("lin")
	s.as("lin", &makeNote{ID: "n1", Title: "x"})
	for name, spoil := range map[string]func(*protocol.PullReply){
		"empty": func(r *protocol.PullReply) { *r = protocol.PullReply{More: true} },
		"reset": func(r *protocol.PullReply) {
			r.More = true
			r.Reset = []protocol.ChanLane{{Chan: "u:lin", Lane: office.LaneHeaders}}
		},
		"channel out of range": func(r *protocol.PullReply) { r.Ops = []protocol.Op{{Chan: 7}} },
		"no object":            func(r *protocol.PullReply) { r.Rows = []protocol.Row{{Kind: "t.note", ID: "n1", Body: []byte(`[1]`)}} },
		"no sum":               func(r *protocol.PullReply) { r.Sums = []protocol.Sum{{Sum: "xyz"}} },
		"need again":           func(r *protocol.PullReply) { r.Need = true },
		"same without asking":  func(r *protocol.PullReply) { r.Same = true },
	} {
		t.Run(name, func(t *testing.T) {
			d, p := spied(t, s)
			p.onPull = spoil
			if _, err := d.Sync(context.Background()); err == nil {
				t.Fatal("no error")
			}
			if len(p.pulled) > 20 {
				t.Fatalf("%d pulls", len(p.pulled))
			}
			p.onPull = nil
			d.sync()
			d.checkBase()
		})
	}
}

// Arguments full of characters that HTML minds do not make a push longer than
// what was measured.
func TestAPushKeepsItsMeasure(t *testing.T) {
	s := newServer("lin")
	d, p := spied(t, s)
	for i := range 12 {
		d.do(&makeNote{ID: "n" + strings.Repeat("x", i+1), Title: "x", Text: strings.Repeat("<&>", 300_000)})
	}
	d.sync()
	if len(p.pushed) < 5 {
		t.Fatalf("%d pushes", len(p.pushed))
	}
	for _, b := range p.pushed {
		if len(b) > protocol.MaxBody/2 {
			t.Fatalf("%d bytes", len(b))
		}
	}
	_, err := d.Do(context.Background(), &makeNote{ID: "big", Title: "x", Text: strings.Repeat("<", protocol.MaxCommand)})
	code(t, err, office.CodeTooLarge)
}
