package outbox_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"qianshao/app/internal/replica/outbox"
	"qianshao/app/internal/vault"
	"qianshao/syncserver/office"
)

func profile(t *testing.T) vault.Profile {
	t.Helper()
	now := time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)
	return vault.Profile{Dir: filepath.Join(t.TempDir(), "p"), Now: func() time.Time { now = now.Add(time.Second); return now }}
}

var lin = outbox.Identity{UID: "lin", Device: "d1", Install: "i1"}

func open(t *testing.T, p vault.Profile, id outbox.Identity) *outbox.Box {
	t.Helper()
	b, err := outbox.Open(context.Background(), p, id)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.Close() })
	return b
}

func fresh(t *testing.T, commands int) *outbox.Box {
	t.Helper()
	b := open(t, profile(t), lin)
	for i := range commands {
		add(t, b, fmt.Sprint("m", i+1), "")
	}
	return b
}

func must[T any](t *testing.T) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func add(t *testing.T, b *outbox.Box, mid, again string) int64 {
	t.Helper()
	return must[int64](t)(b.Add(context.Background(), outbox.Command{Mid: mid, Kind: "t.x@1", Args: []byte(`{}`), Deps: []string{"m0"}, Claimed: 7}, again))
}

// fly sends commands under these numbers and answers some of them.
func fly(t *testing.T, b *outbox.Box, n int64, mids []string, outcomes ...string) {
	t.Helper()
	var sent []outbox.Sent
	var rs []outbox.Result
	for i, m := range mids {
		sent = append(sent, outbox.Sent{Mid: m, N: n + int64(i)})
		if i < len(outcomes) {
			rs = append(rs, outbox.Result{Mid: m, Outcome: outcomes[i], At: 1})
		}
	}
	ok(t, b.Launch(context.Background(), outbox.Flight{Body: []byte("x"), Next: "t1"}, sent))
	if outcomes != nil {
		ok(t, b.Land(context.Background(), "t1", rs))
	}
}

func mids(cs []outbox.Command) string {
	var out []string
	for _, c := range cs {
		out = append(out, fmt.Sprintf("%s/%d", c.Mid, c.N))
	}
	return fmt.Sprint(out)
}

func TestWhatIsKept(t *testing.T) {
	ctx := context.Background()
	p := profile(t)
	b := open(t, p, lin)
	ord := add(t, b, "m1", "")
	fly(t, b, 1, []string{"m1"})
	ok(t, b.Close())
	b = open(t, p, lin)
	c, found, err := b.Get(ctx, "m1")
	if err != nil || !found || c.Ord != ord || c.N != 1 || c.Dev != "d1" || string(c.Args) != "{}" || c.Claimed != 7 {
		t.Fatalf("%+v %v", c, err)
	}
	f, flying, err := b.Flight(ctx)
	if err != nil || !flying || string(f.Body) != "x" || f.Next != "t1" {
		t.Fatalf("%+v %v", f, err)
	}
	d := must[outbox.Desk](t)(b.Desk(ctx))
	if d.UID != "lin" || d.N != 1 || d.Ord != ord || d.Ticket != "" {
		t.Fatalf("%+v", d)
	}
	ok(t, b.Land(ctx, "t1", []outbox.Result{{Mid: "m1", Outcome: "rejected", Code: "not_found", Message: "weg", Field: "id", At: 9}, {Mid: "stranger", Outcome: "applied"}}))
	c, _, _ = b.Get(ctx, "m1")
	if c.Outcome != "rejected" || c.Code != office.CodeNotFound || c.Message != "weg" || c.Field != "id" || c.At != 9 {
		t.Fatalf("%+v", c)
	}
	if d = must[outbox.Desk](t)(b.Desk(ctx)); d.Ticket != "t1" || d.Acked != 1 {
		t.Fatalf("%+v", d)
	}
	if _, flying, _ = b.Flight(ctx); flying {
		t.Fatal("still under way")
	}
	if _, err := outbox.Open(ctx, p, outbox.Identity{UID: "wang", Device: "d1"}); !errors.Is(err, outbox.ErrOwner) {
		t.Fatal(err)
	}
}

func TestOrderOfSending(t *testing.T) {
	ctx := context.Background()
	b := fresh(t, 5)
	fly(t, b, 1, []string{"m1", "m2", "m3"}, "applied") // the server stopped after the first
	if got := mids(must[[]outbox.Command](t)(b.Sendable(ctx, 9))); got != "[m2/2 m3/3 m4/0 m5/0]" {
		t.Fatal(got)
	}
	if got := mids(must[[]outbox.Command](t)(b.Waiting(ctx, "d1", 0))); got != "[m1/1 m2/2 m3/3 m4/0 m5/0]" {
		t.Fatal(got)
	}
	if got := mids(must[[]outbox.Command](t)(b.Waiting(ctx, "d1", 2))); got != "[m3/3 m4/0 m5/0]" {
		t.Fatal(got)
	}
	for _, c := range must[[]outbox.Command](t)(b.List(ctx, outbox.Filter{})) {
		if in := slices.Contains([]string{"m3", "m4", "m5"}, c.Mid); c.Waits("d1", 2) != in {
			t.Errorf("%s waits: %v", c.Mid, !in)
		}
	}
}

func TestForkAndReplay(t *testing.T) {
	ctx := context.Background()
	build := func() *outbox.Box {
		b := fresh(t, 6)
		fly(t, b, 1, []string{"m1", "m2", "m3", "m4", "m5"}, "applied", "rejected", "applied", "rejected")
		return b
	}
	state := func(b *outbox.Box) string {
		var out []string
		for _, c := range must[[]outbox.Command](t)(b.List(ctx, outbox.Filter{})) {
			out = append(out, fmt.Sprintf("%s%s/%d", c.Dev, c.Outcome, c.N))
		}
		return fmt.Sprint(out)
	}
	// Effects up to 2 have come back.
	b := build()
	before := must[outbox.Desk](t)(b.Desk(ctx))
	ok(t, b.Fork(ctx, "f1", 2, 0, false))
	if got := state(b); got != "[d1applied/1 d1rejected/2 /0 rejected/0 /0 /0]" {
		t.Fatal(got)
	}
	if got := mids(must[[]outbox.Command](t)(b.Sendable(ctx, 9))); got != "[m3/0 m5/0 m6/0]" {
		t.Fatal(got)
	}
	d := must[outbox.Desk](t)(b.Desk(ctx))
	if d.Dev != "f1" || d.Login != "d1" || d.N != 0 || d.Acked != 0 || d.Ticket != "" || d.Ord == before.Ord {
		t.Fatalf("%+v", d)
	}
	b = build()
	ok(t, b.Fork(ctx, "f1", 2, 40, true))
	if got := state(b); got != "[/0 d1rejected/2 /0 rejected/0 /0 /0]" {
		t.Fatal(got)
	}
	if d := must[outbox.Desk](t)(b.Desk(ctx)); d.N != 40 || d.Settled != 40 {
		t.Fatalf("%+v", d)
	}
	b = build()
	if n := must[int64](t)(b.Replay(ctx, 3)); n != 2 {
		t.Fatal(n)
	}
	if got := state(b); got != "[/0 d1rejected/2 /0 rejected/0 d1/5 /0]" {
		t.Fatal(got)
	}
	if d := must[outbox.Desk](t)(b.Desk(ctx)); d.Acked != 3 || d.N != 5 || d.Dev != "d1" {
		t.Fatalf("%+v", d)
	}
	ord := must[outbox.Desk](t)(b.Desk(ctx)).Ord
	if n := must[int64](t)(b.Replay(ctx, 3)); n != 0 || must[outbox.Desk](t)(b.Desk(ctx)).Ord != ord {
		t.Fatal("a replay of nothing is a change")
	}
}

func TestANumberIsNeverReusedAfterANewLogIn(t *testing.T) {
	ctx := context.Background()
	p := profile(t)
	b := open(t, p, lin)
	add(t, b, "m1", "")
	fly(t, b, 1, []string{"m1"}, "applied")
	b.Close()
	b = open(t, p, outbox.Identity{UID: "lin", Device: "d1"})
	if d := must[outbox.Desk](t)(b.Desk(ctx)); d.N != 1 || d.Dev != "d1" {
		t.Fatalf("%+v", d)
	}
	ok(t, b.Fork(ctx, "f1", 1, 0, false))
	b.Close()
	// The log-in still names d1: the fork stays.
	b = open(t, p, lin)
	if d := must[outbox.Desk](t)(b.Desk(ctx)); d.Dev != "f1" {
		t.Fatalf("%+v", d)
	}
	b.Close()
	b = open(t, p, outbox.Identity{UID: "lin", Device: "d2"})
	if d := must[outbox.Desk](t)(b.Desk(ctx)); d.Dev != "d2" || d.Login != "d2" || d.N != 0 {
		t.Fatalf("%+v", d)
	}
}

func TestPullRecordsAndArchives(t *testing.T) {
	ctx := context.Background()
	b := fresh(t, 4)
	fly(t, b, 1, []string{"m1", "m2", "m3", "m4"})
	rs := []outbox.Result{{Mid: "m1", Outcome: "applied", At: 1}, {Mid: "m2", Outcome: "rejected", At: 1}, {Mid: "m3", Outcome: "conflict", At: 1}}
	if n := must[int](t)(b.Pull(ctx, outbox.Pulled{Results: rs})); n != 3 {
		t.Fatal(n)
	}
	if n := must[int](t)(b.Pull(ctx, outbox.Pulled{Results: rs, Base: 1, Durable: 3})); n != 0 {
		t.Fatal(n)
	}
	// Archived is what a backup holds and this desk has back, but not what its
	// author has to end.
	var archived []string
	for _, c := range must[[]outbox.Command](t)(b.List(ctx, outbox.Filter{Archived: true})) {
		if c.Archived {
			archived = append(archived, c.Mid)
		}
	}
	if !slices.Equal(archived, []string{"m1"}) {
		t.Fatal(archived)
	}
	must[int](t)(b.Pull(ctx, outbox.Pulled{Base: 4, Durable: 4}))
	if got := mids(must[[]outbox.Command](t)(b.List(ctx, outbox.Filter{}))); got != "[m2/2 m4/4]" {
		t.Fatal(got)
	}
	if c := must[outbox.Counts](t)(b.Counts(ctx)); c.Open != 1 || c.NeedsYou != 1 {
		t.Fatalf("%+v", c)
	}
	for _, c := range []struct {
		byN    map[int64]string
		copied bool
		forgot int64
	}{
		{map[int64]string{1: "m1", 4: "m4", 9: "x"}, false, 0},
		{map[int64]string{1: "m1", 4: "another"}, true, 0},
		{map[int64]string{1: "m1", 2: "another", 4: "m4"}, false, 2},
		{map[int64]string{1: "another", 2: "another", 4: "another"}, true, 1},
	} {
		if copied, forgot, err := b.Claims(ctx, "d1", c.byN); copied != c.copied || forgot != c.forgot || err != nil {
			t.Fatalf("%v: %v %d %v", c.byN, copied, forgot, err)
		}
	}
}

func TestEnding(t *testing.T) {
	ctx := context.Background()
	b := fresh(t, 5)
	fly(t, b, 1, []string{"m1", "m2", "m3"}, "applied", "rejected")
	for mid, want := range map[string]bool{"m1": false, "m2": true, "m3": false, "m4": true, "none": false} {
		if did := must[bool](t)(b.Discard(ctx, mid)); did != want {
			t.Errorf("%s: %v", mid, did)
		}
	}
	add(t, b, "m6", "m5")
	c, _, _ := b.Get(ctx, "m5")
	if c.Ended != outbox.Retried || c.Next != "m6" || !c.Seen {
		t.Fatalf("%+v", c)
	}
	ok(t, b.MarkSeen(ctx, []string{"m1"}))
	if c, _, _ := b.Get(ctx, "m1"); !c.Seen {
		t.Fatalf("%+v", c)
	}
	if got := mids(must[[]outbox.Command](t)(b.Sendable(ctx, 9))); got != "[m3/3 m6/0]" {
		t.Fatal(got)
	}
	if got := mids(must[[]outbox.Command](t)(b.List(ctx, outbox.Filter{Mids: []string{"m6", "m1'; --"}}))); got != "[m6/0]" {
		t.Fatal(got)
	}
	if got := mids(must[[]outbox.Command](t)(b.List(ctx, outbox.Filter{Limit: 2}))); got != "[m5/0 m6/0]" {
		t.Fatal(got)
	}
}

func TestHistoryCountsWhatIsEqual(t *testing.T) {
	ctx := context.Background()
	b := fresh(t, 0)
	for i, s := range []outbox.Sync{{Pushed: 1}, {Error: "network"}, {Error: "network"}, {}, {}, {}, {Pulled: 2}} {
		s.At = int64(i)
		ok(t, b.Log(ctx, s))
	}
	var got []string
	for _, s := range must[[]outbox.Sync](t)(b.History(ctx, 9)) {
		got = append(got, fmt.Sprintf("%d%s*%d", s.At, s.Error, s.Count))
	}
	if !slices.Equal(got, []string{"6*1", "5*3", "2network*2", "0*1"}) {
		t.Fatalf("%q", got)
	}
	for i := range 2100 {
		ok(t, b.Log(ctx, outbox.Sync{At: int64(i), Pulled: 1}))
	}
	if n := len(must[[]outbox.Sync](t)(b.History(ctx, 9999))); n != 2000 {
		t.Fatal(n)
	}
}

// What was answered under a former device lies in every backup that has a
// command of the present one: it is let go too, with its files.
func TestAForkLetsGoWhatABackupHas(t *testing.T) {
	ctx := context.Background()
	b := fresh(t, 2)
	ok(t, b.AddBlob(ctx, outbox.Blob{SHA256: "f", Size: 1}, 1))
	must[int64](t)(b.Add(ctx, outbox.Command{Mid: "m3", Kind: "t.x@1", Args: []byte(`{}`), Blobs: []string{"f"}}, ""))
	fly(t, b, 1, []string{"m1", "m3"}, "applied", "applied")
	ok(t, b.BlobUp(ctx, "f"))
	must[int](t)(b.Pull(ctx, outbox.Pulled{Base: 2}))
	ok(t, b.Fork(ctx, "d2", 2, 0, false))
	if kept := must[[]string](t)(b.Kept(ctx)); !slices.Equal(kept, []string{"f"}) {
		t.Errorf("kept %v", kept)
	}
	fly(t, b, 1, []string{"m2"}, "applied")
	must[int](t)(b.Pull(ctx, outbox.Pulled{Base: 1}))
	if kept := must[[]string](t)(b.Kept(ctx)); !slices.Equal(kept, []string{"f"}) {
		t.Errorf("before the backup has anything of the new device: kept %v", kept)
	}
	must[int](t)(b.Pull(ctx, outbox.Pulled{Base: 1, Durable: 1}))
	if kept := must[[]string](t)(b.Kept(ctx)); kept != nil {
		t.Errorf("kept %v", kept)
	}
}

// A push under way is given up where a command that the server has not handled
// names a file that it lacks, and only there.
func TestAPushIsMadeAnewForItsFiles(t *testing.T) {
	ctx := context.Background()
	for name, x := range map[string]struct {
		lastN  int64
		flight bool
		wait   int
	}{"nothing handled": {1, false, 1}, "the other one handled": {2, false, 1}, "its command handled": {3, true, 0}} {
		t.Run(name, func(t *testing.T) {
			b := fresh(t, 2)
			ok(t, b.AddBlob(ctx, outbox.Blob{SHA256: "f", Size: 1}, 1))
			must[int64](t)(b.Add(ctx, outbox.Command{Mid: "m3", Kind: "t.x@1", Args: []byte(`{}`), Blobs: []string{"f"}}, ""))
			ok(t, b.BlobUp(ctx, "f"))
			fly(t, b, 1, []string{"m1"}, "applied")
			fly(t, b, 2, []string{"m2", "m3"})
			if shas := must[[]string](t)(b.FilesToSend(ctx)); !slices.Equal(shas, []string{"f"}) {
				t.Errorf("files %v", shas)
			}
			ok(t, b.Lack(ctx, []outbox.Blob{{SHA256: "f", Size: 1}}, 1, x.lastN))
			_, flight, err := b.Flight(ctx)
			ok(t, err)
			waiting := must[map[string][]outbox.Blob](t)(b.WaitForBlobs(ctx))
			d := must[outbox.Desk](t)(b.Desk(ctx))
			if want := map[bool]int64{true: 3, false: 1}[x.flight]; flight != x.flight || len(waiting) != x.wait || d.N != want {
				t.Errorf("under way %t, waiting %v, n %d", flight, waiting, d.N)
			}
			if list := must[[]outbox.Blob](t)(b.Blobs(ctx, true)); len(list) != 1 {
				t.Errorf("to be brought %v", list)
			}
		})
	}
}
