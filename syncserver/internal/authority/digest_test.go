package authority

import (
	"context"
	"fmt"
	"testing"

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
