package authority

import (
	"context"
	"fmt"
	"testing"
	"time"

	"qianshao/syncserver/office"
	"qianshao/syncserver/protocol"
)

// TestDigest: buckets add up to the channel, list its rows and give them, and
// nothing of any other channel.
func TestDigest(t *testing.T) {
	everywhere(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		d := w.desk("lin", "d1")
		w.desk("wu", "d2")
		for i := range 10 {
			w.as("wu", doc(fmt.Sprint("a", i), "u:lin"))
		}
		w.as("wu", doc("secret", "u:wu"))
		w.as("wu", &del{K: "t.doc", I: "a9"})
		lane := w.Kinds.Get("t.doc").Lane
		at := protocol.ChanLane{Chan: "u:lin", Lane: lane}
		ask := func(r protocol.DigestRequest) protocol.DigestReply {
			t.Helper()
			r.Device, r.ChanLane = "d1", at
			got, err := w.Digest(ctx, d.caller, r)
			if err != nil {
				t.Fatal(err)
			}
			return got
		}
		first := ask(protocol.DigestRequest{})
		var sum uint64
		for _, s := range first.Buckets {
			var x uint64
			fmt.Sscanf(s, "%x", &x)
			sum += x
		}
		if first.N != 9 || len(first.Buckets) != protocol.Buckets || hexSum(sum) != first.Sum || first.Head == 0 || first.Hash == "" {
			t.Errorf("%+v", first)
		}
		b := protocol.Bucket("t.doc", "a3")
		second := ask(protocol.DigestRequest{Buckets: []int{b}})
		there := false
		for _, m := range second.Members {
			there = there || m.ID == "a3"
			if protocol.Bucket(m.Kind, m.ID) != b {
				t.Errorf("%s is not of bucket %d", m.ID, b)
			}
		}
		if !there {
			t.Errorf("%+v", second)
		}
		third := ask(protocol.DigestRequest{Want: []protocol.RowID{{Kind: "t.doc", ID: "a3"}, {Kind: "t.doc", ID: "secret"}, {Kind: "t.doc", ID: "a9"}, {Kind: "t.none", ID: "a3"}}})
		if len(third.Rows) != 1 || third.Rows[0].ID != "a3" {
			t.Errorf("%+v", third.Rows)
		}
		// What is not one's own stays unseen.
		for _, c := range []struct {
			caller Caller
			dev    string
			at     office.Channel
		}{{d.caller, "d1", "u:wu"}, {d.caller, "d2", "u:lin"}, {Caller{UID: "wu", Device: "d2"}, "d2", "u:lin"}, {Caller{UID: "han", Device: "x"}, "x", "u:han"}} {
			_, err := w.Digest(ctx, c.caller, protocol.DigestRequest{Device: c.dev, ChanLane: protocol.ChanLane{Chan: c.at, Lane: lane}})
			if office.CodeOf(err) != office.CodeNotPermitted {
				t.Errorf("%+v: %v", c, err)
			}
		}
		if err := w.WipeDevice(ctx, "lin", "d1"); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Digest(ctx, d.caller, protocol.DigestRequest{Device: "d1", ChanLane: at}); office.CodeOf(err) != office.CodeNotPermitted {
			t.Errorf("a wiped device: %v", err)
		}
	})
}

// TestStuckDevice: a device that asks for news, hour after hour, and does not
// get its commands through is named; one that does, or is forked, is not.
func TestStuckDevice(t *testing.T) {
	everywhere(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		d := w.desk("lin", "d1")
		ask := func(waiting int) {
			t.Helper()
			if _, err := w.Pull(ctx, d.caller, protocol.PullRequest{Device: "d1", Waiting: waiting}); err != nil {
				t.Fatal(err)
			}
		}
		found := func() int {
			t.Helper()
			fs, err := w.Check(ctx)
			if err != nil {
				t.Fatal(err)
			}
			return len(fs)
		}
		ask(3)
		w.pass(50 * time.Minute)
		ask(3)
		if n := found(); n != 0 {
			t.Errorf("%d faults after 50 minutes", n)
		}
		w.pass(20 * time.Minute)
		ask(4)
		if n := found(); n != 1 {
			t.Errorf("%d faults after 70 minutes", n)
		}
		ask(0)
		if n := found(); n != 0 {
			t.Errorf("%d faults when it has got through", n)
		}
		ask(2)
		w.pass(3 * time.Hour)
		ask(2)
		if _, err := w.fork(ctx, d.caller, "d1", "", "x"); err != nil {
			t.Fatal(err)
		}
		if n := found(); n != 0 {
			t.Errorf("%d faults of a device that was forked", n)
		}
		w.pass(3 * time.Hour)
		ask(1)
		w.pass(2 * time.Hour)
		ask(1)
		w.pass(30 * 24 * time.Hour)
		if n := found(); n != 0 {
			t.Errorf("%d faults of a device that is gone", n)
		}
	})
}
