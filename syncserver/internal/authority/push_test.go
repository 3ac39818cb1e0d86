package authority

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"qianshao/syncserver/office"
	"qianshao/syncserver/protocol"
)

func doc(id string, to ...string) *put { return &put{K: "t.doc", I: id, B: obj{"to": to}} }

func outcomes(rs []protocol.Result) string {
	var out []string
	for _, r := range rs {
		out = append(out, r.Outcome)
	}
	return strings.Join(out, " ")
}

func (w *world) count(id string) int {
	w.t.Helper()
	var v struct{ N int }
	r, ok := w.row("t.count", id)
	if !ok {
		return 0
	}
	if err := r.Decode(&v); err != nil {
		w.t.Fatal(err)
	}
	return v.N
}

func TestOutcomes(t *testing.T) {
	everywhere(t, func(t *testing.T, w *world) {
		d := w.desk("lin", "d1")
		for _, c := range []struct {
			cmd     office.Command
			outcome string
			code    office.Code
		}{
			{doc("a", "u:lin"), protocol.Applied, ""},
			{doc("a", "u:lin"), protocol.Rejected, office.CodeExists},
			{&patch{K: "t.doc", I: "a", S: obj{"title": "x"}}, protocol.Applied, ""},
			{&patch{K: "t.doc", I: "a", S: obj{"title": "x"}}, protocol.Noop, ""},
			{&patch{K: "t.doc", I: "a", S: obj{"title": "x"}, Note: office.NoteMerged}, protocol.Applied, office.NoteMerged},
			{&patch{K: "t.doc", I: "a", S: obj{"title": "y"}, Note: office.NoteConflict}, protocol.Conflict, office.NoteConflict},
			{&patch{K: "t.doc", I: "b"}, protocol.Rejected, office.CodeNotFound},
			{&refuse{I: "r"}, protocol.Rejected, office.CodeState},
			{&refuse{I: "r", Code: office.CodeElsewhere}, protocol.Rejected, office.CodeNotFound},
			{&put{K: "t.body", I: "orphan", R: "nowhere", B: obj{}}, protocol.Rejected, office.CodeNotFound},
			{&put{K: "t.none", I: "a", B: obj{}}, protocol.Rejected, office.CodeInvalid},
			{&emit{Word: "x"}, protocol.Applied, ""},
			{&emit{}, protocol.Noop, ""},
			{&extra{I: "e1"}, protocol.Applied, ""},
			{&extra{I: "e2", Say: "no_number"}, protocol.Rejected, "no_number"},
		} {
			r := d.push(c.cmd)[0]
			if r.Outcome != c.outcome || r.Code != c.code || r.N != d.n || r.At == 0 {
				t.Errorf("%s %+v: %+v, want %s %s", c.cmd.Kind(), c.cmd, r, c.outcome, c.code)
			}
		}
		if r, _ := w.row("t.doc", "e1"); !strings.Contains(string(r.Body), "1号") {
			t.Errorf("the server's extra left %s", r.Body)
		}
		if _, ok := w.row("t.doc", "e2"); ok {
			t.Error("a command refused by an extra left its record")
		}
		d.sync(t)
		w.healthy()
	})
}

func TestUndecodable(t *testing.T) {
	everywhere(t, func(t *testing.T, w *world) {
		d := w.desk("lin", "d1")
		r, _ := d.request(&emit{}, &emit{}, &emit{}, &emit{})
		r.Cmds[0].Kind = "bad\x00\xffkind@9" + strings.Repeat("長", 500)
		r.Cmds[1].Args = json.RawMessage(`{"Nope":1}`)
		r.Cmds[2].Args = json.RawMessage(`{"Word":"` + strings.Repeat("a", protocol.MaxCommand) + `"}`)
		got := d.send(r, []byte("raw"))
		if outcomes(got.Results) != "rejected rejected rejected noop" || got.Results[0].Code != office.CodeUnknown || got.Results[1].Code != office.CodeInvalid || got.Results[2].Code != office.CodeTooLarge {
			t.Errorf("%+v", got)
		}
		d.sync(t)
		if len(d.results) != 4 || !reflect.DeepEqual(d.results[:3], got.Results[:3]) {
			t.Errorf("pulled %+v, pushed %+v", d.results, got.Results)
		}
		w.healthy()
	})
}

func TestExactlyOnce(t *testing.T) {
	everywhere(t, func(t *testing.T, w *world) {
		d := w.desk("lin", "d1")
		r, b := d.request(&add{I: "c"}, &refuse{I: "r"}, &add{I: "c"})
		first := d.send(r, b)
		if outcomes(first.Results) != "applied rejected applied" || w.count("c") != 2 {
			t.Fatalf("%+v, count %d", first, w.count("c"))
		}
		again := d.send(r, b) // the reply was lost
		if !reflect.DeepEqual(again, first) || w.count("c") != 2 {
			t.Errorf("again: %+v, want %+v; count %d", again, first, w.count("c"))
		}
		// A part came through, the rest comes with it again.
		r2, _ := d.request(&add{I: "c"})
		r2.Cmds = append(r.Cmds[:3:3], r2.Cmds...)
		if got := d.send(r2, raw(r2)); outcomes(got.Results) != "applied rejected applied applied" || w.count("c") != 3 {
			t.Errorf("joined: %+v, count %d", got, w.count("c"))
		}
		// Another device of the same person sends the same mids (after a fork).
		d2 := w.desk("lin", "d2")
		r3, _ := d2.request()
		for i, c := range r2.Cmds {
			c.N = int64(i + 1)
			r3.Cmds = append(r3.Cmds, c)
		}
		got := d2.send(r3, raw(r3))
		if outcomes(got.Results) != "applied rejected applied applied" || w.count("c") != 3 || got.LastN != 4 {
			t.Errorf("other device: %+v, count %d", got, w.count("c"))
		}
		d2.sync(t)
		if !reflect.DeepEqual(d2.results, got.Results) || d2.lastN != 4 {
			t.Errorf("pulled %+v, pushed %+v", d2.results, got.Results)
		}
		w.healthy()
	})
}

func TestForeignMid(t *testing.T) {
	everywhere(t, func(t *testing.T, w *world) {
		d, e := w.desk("lin", "d1"), w.desk("wu", "e1")
		r, b := d.request(&refuse{I: "secret"})
		d.send(r, b)
		r2, _ := e.request()
		r2.Cmds = r.Cmds
		got := e.send(r2, raw(r2))
		if got.Results[0].Outcome != protocol.Rejected || got.Results[0].Code != office.CodeExists || got.Results[0].Message != "" || got.LastN != 1 {
			t.Errorf("another person's mid: %+v", got)
		}
		if got := e.push(&add{I: "c"}); got[0].Outcome != protocol.Applied || got[0].N != 2 {
			t.Errorf("queue after it: %+v", got)
		}
	})
}

func TestFork(t *testing.T) {
	everywhere(t, func(t *testing.T, w *world) {
		d := w.desk("lin", "d1")
		d.push(&add{I: "c"})
		clone := *d
		d.push(&add{I: "c"})
		clone.tix = 100
		r, b := clone.request(&add{I: "c"})
		got := clone.send(r, b)
		if got.Verdict != protocol.VerdictFork || got.NewDevice == "" || len(got.Results) != 0 || w.count("c") != 2 {
			t.Fatalf("clone: %+v, count %d", got, w.count("c"))
		}
		if again := clone.send(r, b); again.NewDevice != got.NewDevice {
			t.Errorf("asked again it is %s, was %s", again.NewDevice, got.NewDevice)
		}
		// It goes on as a new device, with the session it has and the same mids.
		clone.dev, clone.n, clone.ticket, clone.lastN = got.NewDevice, 0, "", 0
		r.Device, r.Ticket, r.Next, r.Cmds[0].N = clone.dev, "", "fresh", 1
		if got := clone.send(r, raw(r)); outcomes(got.Results) != "applied" || w.count("c") != 3 {
			t.Errorf("new device: %+v, count %d", got, w.count("c"))
		}
		clone.sync(t)
		d.sync(t)
		// The same ticket with other contents is no retry.
		r2, b2 := d.request(&add{I: "c"})
		d.send(r2, b2)
		more := r2
		more.Cmds = append(r2.Cmds[:1:1], wire(&add{I: "c"}, r2.Cmds[0].N+1, w.mid()))
		was := w.count("c")
		if got, err := w.Push(context.Background(), d.caller, more, raw(more)); err != nil || got.Verdict != protocol.VerdictFork || w.count("c") != was {
			t.Errorf("more contents: %+v, %v", got, err)
		}
		r2.Cmds[0].Mid = w.mid()
		if got, err := w.Push(context.Background(), d.caller, r2, raw(r2)); err != nil || got.Verdict != protocol.VerdictFork {
			t.Errorf("other contents: %+v, %v", got, err)
		}
		w.healthy()
	})
}

func TestNumbers(t *testing.T) {
	everywhere(t, func(t *testing.T, w *world) {
		d := w.desk("lin", "d1")
		d.push(&add{I: "c"}, &add{I: "c"})
		for name, n := range map[string]int64{"gap": 4, "used": 2, "long ago": 1} {
			r, _ := d.request()
			r.Cmds = []protocol.Command{wire(&add{I: "c"}, n, w.mid())}
			got, err := w.Push(context.Background(), d.caller, r, raw(r))
			if err != nil || got.Verdict != protocol.VerdictFork || w.count("c") != 2 {
				t.Errorf("%s: %+v, %v, count %d", name, got, err, w.count("c"))
			}
		}
		// A verdict in the middle keeps what was done before it.
		r, _ := d.request(&add{I: "c"})
		r2, _ := d.request(&add{I: "c"})
		if got := d.send(r, raw(r)); got.Verdict != protocol.VerdictOK {
			t.Errorf("the right number after wrong ones: %+v", got)
		}
		if got, _ := w.Push(context.Background(), d.caller, r2, raw(r2)); got.Verdict != protocol.VerdictFork {
			t.Errorf("%+v", got)
		}
		w.healthy()
	})
}

func TestBadRequests(t *testing.T) {
	everywhere(t, func(t *testing.T, w *world) {
		d := w.desk("lin", "d1")
		w.desk("wu", "e1")
		w.desk("lin", "d2")
		ok := wire(&add{I: "c"}, 1, "m1")
		two := func(n int64, mid string) []protocol.Command {
			return []protocol.Command{ok, wire(&add{I: "c"}, n, mid)}
		}
		for name, c := range map[string]struct {
			caller Caller
			r      protocol.PushRequest
			code   office.Code
		}{
			"one's other device":   {Caller{"lin", "d1"}, protocol.PushRequest{Device: "d2", Next: "x"}, office.CodeNotPermitted},
			"another's device":     {Caller{"lin", "d1"}, protocol.PushRequest{Device: "e1", Next: "x"}, office.CodeNotPermitted},
			"another's session":    {Caller{"wu", "d1"}, protocol.PushRequest{Device: "d1", Next: "x"}, office.CodeNotPermitted},
			"session of no device": {Caller{"lin", ""}, protocol.PushRequest{Device: "d1", Next: "x"}, office.CodeNotPermitted},
			"unknown device":       {Caller{"lin", "d1"}, protocol.PushRequest{Device: "d9", Next: "x"}, office.CodeNotPermitted},
			"bad device":           {Caller{"lin", "d1"}, protocol.PushRequest{Device: "d\x00", Next: "x"}, office.CodeInvalid},
			"no next ticket":       {Caller{"lin", "d1"}, protocol.PushRequest{Device: "d1"}, office.CodeInvalid},
			"ticket with U+0000":   {Caller{"lin", "d1"}, protocol.PushRequest{Device: "d1", Next: "a\x00"}, office.CodeInvalid},
			"long ticket":          {Caller{"lin", "d1"}, protocol.PushRequest{Device: "d1", Next: strings.Repeat("a", 201)}, office.CodeInvalid},
			"ticket twice":         {Caller{"lin", "d1"}, protocol.PushRequest{Device: "d1", Ticket: "a", Next: "a"}, office.CodeInvalid},
			"too many":             {Caller{"lin", "d1"}, protocol.PushRequest{Device: "d1", Next: "x", Cmds: make([]protocol.Command, protocol.MaxPush+1)}, office.CodeTooLarge},
			"numbers from 0":       {Caller{"lin", "d1"}, protocol.PushRequest{Device: "d1", Next: "x", Cmds: []protocol.Command{wire(&add{}, 0, "m")}}, office.CodeInvalid},
			"gap within":           {Caller{"lin", "d1"}, protocol.PushRequest{Device: "d1", Next: "x", Cmds: two(3, "m2")}, office.CodeInvalid},
			"mid twice":            {Caller{"lin", "d1"}, protocol.PushRequest{Device: "d1", Next: "x", Cmds: two(2, "m1")}, office.CodeInvalid},
			"bad mid":              {Caller{"lin", "d1"}, protocol.PushRequest{Device: "d1", Next: "x", Cmds: two(2, "')--")}, office.CodeInvalid},
			"bad dependency":       {Caller{"lin", "d1"}, protocol.PushRequest{Device: "d1", Next: "x", Cmds: []protocol.Command{wire(&add{}, 1, "m", "\x00")}}, office.CodeInvalid},
		} {
			_, err := w.Push(context.Background(), c.caller, c.r, raw(c.r))
			if office.CodeOf(err) != c.code {
				t.Errorf("%s: %v, want %s", name, err, c.code)
			}
		}
		if w.count("c") != 0 {
			t.Error("a refused request had an effect")
		}
		d.push(&add{I: "c"}) // the ticket is as it was
		if _, err := w.Pull(context.Background(), Caller{"lin", "d1"}, protocol.PullRequest{Device: "e1"}); office.CodeOf(err) != office.CodeNotPermitted {
			t.Errorf("pull for another's device: %v", err)
		}
		if _, err := w.Hello(context.Background(), Caller{"lin", "d1"}, protocol.HelloRequest{Device: "e1"}); office.CodeOf(err) != office.CodeNotPermitted {
			t.Errorf("hello for another's device: %v", err)
		}
		if err := w.RegisterDevice(context.Background(), "lin", "e1", "x"); office.CodeOf(err) != office.CodeNotPermitted {
			t.Errorf("registering another's device: %v", err)
		}
	})
}

func TestRefusalLeavesNothing(t *testing.T) {
	everywhere(t, func(t *testing.T, w *world) {
		d, e := w.desk("lin", "d1"), w.desk("wu", "e1")
		e.sync(t)
		before := e.cursors
		if got := d.push(&refuse{I: "r1"}, &refuse{I: "r2", List: true}); outcomes(got) != "rejected rejected" || got[0].Message != "not now" || got[0].Field != "I" {
			t.Errorf("%+v", got)
		}
		for _, id := range []string{"r1", "r2"} {
			if _, ok := w.row("t.doc", id); ok {
				t.Errorf("%s is there", id)
			}
		}
		e.sync(t)
		if !reflect.DeepEqual(cursorMap(before), cursorMap(e.cursors)) {
			t.Error("a refused command moved a channel")
		}
		if n, err := w.RunJobs(context.Background()); n != 0 || err != nil {
			t.Errorf("%d jobs, %v", n, err)
		}
		w.healthy()
	})
}

func TestCrashesAreQuarantined(t *testing.T) {
	everywhere(t, func(t *testing.T, w *world) {
		d := w.desk("lin", "d1")
		for _, how := range []string{"panic", "error", "audience", "job", "locks"} {
			r, b := d.request(&panics{How: how}, &add{I: "c"})
			got := d.send(r, b)
			if outcomes(got.Results) != "quarantined applied" || got.Results[0].Code != office.CodeQuarantined || got.Results[0].Message != "" {
				t.Errorf("%s: %+v", how, got)
			}
			if again := d.send(r, b); !reflect.DeepEqual(again, got) {
				t.Errorf("%s again: %+v", how, again)
			}
		}
		if w.count("c") != 5 {
			t.Errorf("count %d", w.count("c"))
		}
		if _, ok := w.row("t.doc", "left-by-panic"); ok {
			t.Error("a crashed command left its record")
		}
		if got := strings.Count(w.log.String(), "command crashed"); got != 5*CrashTries {
			t.Errorf("%d crashes logged", got)
		}
		if strings.Contains(w.log.String(), "secret text") {
			t.Error("the log quotes what the command said")
		}
		if r, err := w.As(context.Background(), "lin", w.mid(), time.Time{}, &panics{}); err != nil || r.Outcome != protocol.Quarantined {
			t.Errorf("As: %+v, %v", r, err)
		}
		w.healthy()
	})
}

func TestHeldChain(t *testing.T) {
	everywhere(t, func(t *testing.T, w *world) {
		d := w.desk("lin", "d1")
		r, _ := d.request(&refuse{I: "x"}, &add{I: "a"}, &add{I: "b"}, &add{I: "c"}, &panics{}, &add{I: "e"})
		r.Cmds[1].Deps = []string{r.Cmds[0].Mid}
		r.Cmds[2].Deps = []string{"unheard-of", r.Cmds[1].Mid}
		r.Cmds[5].Deps = []string{r.Cmds[3].Mid, r.Cmds[4].Mid}
		got := d.send(r, raw(r))
		if outcomes(got.Results) != "rejected held held applied quarantined held" {
			t.Errorf("%+v", got)
		}
		if want := fmt.Sprintf(`{"behind":"%s"}`, r.Cmds[1].Mid); string(got.Results[2].Detail) != want || got.Results[2].Code != office.CodeHeld {
			t.Errorf("detail %s, want %s", got.Results[2].Detail, want)
		}
		d.sync(t)
		if !reflect.DeepEqual(d.results, got.Results) {
			t.Errorf("pulled %+v", d.results)
		}
		if w.count("a")+w.count("b")+w.count("e") != 0 || w.count("c") != 1 {
			t.Error("a held command had an effect")
		}
		// Somebody else's refusal holds nobody.
		e := w.desk("wu", "e1")
		r2, _ := e.request(&add{I: "a"})
		r2.Cmds[0].Deps = []string{r.Cmds[0].Mid}
		if got := e.send(r2, raw(r2)); outcomes(got.Results) != "applied" {
			t.Errorf("%+v", got)
		}
	})
}

func TestAsIsExactlyOnce(t *testing.T) {
	everywhere(t, func(t *testing.T, w *world) {
		at := time.Date(2024, 1, 2, 3, 4, 5, 0, time.UTC)
		first, err := w.As(context.Background(), "lin", "m1", at, &add{I: "c"})
		if err != nil || first.Outcome != protocol.Applied || first.At != office.Millis(at) {
			t.Fatalf("%+v, %v", first, err)
		}
		if again, err := w.As(context.Background(), "lin", "m1", time.Time{}, &add{I: "c"}); err != nil || !reflect.DeepEqual(first, again) || w.count("c") != 1 {
			t.Errorf("%+v, %v, count %d", again, err, w.count("c"))
		}
		if _, err := w.As(context.Background(), "wu", "m1", at, &add{I: "c"}); office.CodeOf(err) != office.CodeExists {
			t.Errorf("another person's mid: %v", err)
		}
		if _, err := w.As(context.Background(), "wu", "", at, &add{I: "c"}); office.CodeOf(err) != office.CodeInvalid {
			t.Errorf("no mid: %v", err)
		}
	})
}

func TestHello(t *testing.T) {
	everywhere(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		w.MinSchema = 2
		w.Supported = func(v string) bool { return v >= "2025" }
		d := w.desk("lin", "d1")
		d.push(&add{I: "c"})
		good := protocol.HelloRequest{Device: "d1", Install: "install-d1", Epoch: w.Epoch(), Schema: 2, Version: "2025-01-01", LastN: 1}
		for name, c := range map[string]struct {
			change  func(*protocol.HelloRequest)
			verdict string
		}{
			"good":          {func(*protocol.HelloRequest) {}, protocol.VerdictOK},
			"new":           {func(r *protocol.HelloRequest) { r.Epoch, r.LastN = "", 0 }, protocol.VerdictOK},
			"old schema":    {func(r *protocol.HelloRequest) { r.Schema = 1 }, protocol.VerdictUpgrade},
			"old protocol":  {func(r *protocol.HelloRequest) { r.Version = "2024-12-31" }, protocol.VerdictUpgrade},
			"other epoch":   {func(r *protocol.HelloRequest) { r.Epoch = "other" }, protocol.VerdictRebuild},
			"from a future": {func(r *protocol.HelloRequest) { r.LastN = 2 }, protocol.VerdictRebuild},
			"other install": {func(r *protocol.HelloRequest) { r.Install = "other" }, protocol.VerdictFork},
		} {
			r := good
			c.change(&r)
			got, err := w.Hello(ctx, d.caller, r)
			if err != nil || got.Verdict != c.verdict || got.LastN != 1 || got.Epoch != w.Epoch() || got.ServerTime == 0 {
				t.Errorf("%s: %+v, %v", name, got, err)
			}
			if got.Verdict != protocol.VerdictFork {
				continue
			}
			r.Device, r.LastN = got.NewDevice, 0
			if got, err := w.Hello(ctx, d.caller, r); err != nil || got.Verdict != protocol.VerdictOK || got.LastN != 0 {
				t.Errorf("the new device: %+v, %v", got, err)
			}
		}
		if err := w.WipeDevice(ctx, "wu", "d1"); office.CodeOf(err) != office.CodeNotFound {
			t.Errorf("wiping another's device: %v", err)
		}
		if err := w.WipeDevice(ctx, "lin", "d1"); err != nil {
			t.Fatal(err)
		}
		if got, err := w.Hello(ctx, d.caller, good); err != nil || got.Verdict != protocol.VerdictWiped {
			t.Errorf("hello of a wiped device: %+v, %v", got, err)
		}
		r, b := d.request(&add{I: "c"})
		if got, err := w.Push(ctx, d.caller, r, b); err != nil || got.Verdict != protocol.VerdictWiped || w.count("c") != 1 {
			t.Errorf("push of a wiped device: %+v, %v", got, err)
		}
		if _, err := w.Pull(ctx, d.caller, protocol.PullRequest{Device: "d1"}); office.CodeOf(err) != office.CodeNotPermitted {
			t.Errorf("pull of a wiped device: %v", err)
		}
	})
}
