package authority

import (
	"context"
	"testing"
	"time"

	"qianshao/syncserver/internal/store"
	"qianshao/syncserver/office"
	"qianshao/syncserver/protocol"
)

// TestRestoredServer: the database is put back to an earlier state, and other
// commands follow. Every desk notices, and ends with the truth.
func TestRestoredServer(t *testing.T) {
	everywhere(t, func(t *testing.T, w *world) {
		tables := []string{"chan_head", "chan_hist", "chan_row", "mut", "sent", "r_t_doc"}
		ctx := context.Background()
		exec := func(queries ...string) {
			t.Helper()
			if err := w.Store.Write(ctx, func(q store.Q) error {
				for _, s := range queries {
					if _, err := q.ExecContext(ctx, s); err != nil {
						return err
					}
				}
				return nil
			}); err != nil {
				t.Fatal(err)
			}
		}
		ahead, behind, partly := w.desk("lin", "d1"), w.desk("lin", "d2"), w.desk("lin", "d3")
		w.as("wu", doc("a", "u:lin"))
		w.as("wu", doc("b", "u:lin"))
		behind.sync(t)
		for _, s := range tables {
			exec("CREATE TABLE backup_" + s + " AS SELECT * FROM " + s)
		}
		w.as("wu", doc("lost", "u:lin"))
		resent := func() {
			if _, err := w.As(ctx, "wu", "resent", time.Time{}, doc("lost2", "u:lin")); err != nil {
				t.Fatal(err)
			}
		}
		resent()
		ahead.sync(t)
		partly.limit = 1
		partly.pull(nil)
		for _, s := range tables {
			exec("DELETE FROM "+s, "INSERT INTO "+s+" SELECT * FROM backup_"+s)
		}
		check := func(d *desk, rewound bool) {
			t.Helper()
			c := *d
			c.rewound, c.resets = false, 0
			c.pull(nil)
			c.check(t)
			if c.rewound != rewound {
				t.Errorf("%s: rewound %v", c.dev, c.rewound)
			}
		}
		before := *ahead
		check(ahead, true) // its head is above the server's
		check(behind, false)
		ahead = &before
		w.as("wu", doc("other", "u:lin"))
		resent()           // the same command at the same place, after another past
		check(ahead, true) // the same head, another chain
		check(partly, true)
		w.as("wu", doc("other3", "u:lin"))
		check(ahead, true) // a head in the history, another chain
		check(behind, false)
		w.healthy()
	})
}

func TestOtherEpoch(t *testing.T) {
	everywhere(t, func(t *testing.T, w *world) {
		d := w.desk("lin", "d1")
		d.sync(t)
		got, err := w.Pull(context.Background(), d.caller, protocol.PullRequest{Device: "d1", Epoch: "another", Known: protocol.Digest(d.cursors), Cursors: d.cursors})
		if err != nil || got.Same || !got.Rewound || len(got.Reset) != len(d.cursors) || got.Epoch != w.Epoch() {
			t.Errorf("%+v, %v", got, err)
		}
	})
}

func TestCursorsThatLie(t *testing.T) {
	everywhere(t, func(t *testing.T, w *world) {
		d := w.desk("lin", "d1")
		w.as("wu", doc("secret", "u:wu"))
		d.sync(t)
		good := cursorMap(d.cursors)[protocol.ChanLane{Chan: "org", Lane: office.LaneHeaders}]
		for name, c := range map[string]protocol.Cursor{
			"another's channel":  {Chan: "u:wu", Lane: 1},
			"no channel":         {Chan: "'; DROP TABLE sub; --", Lane: 1},
			"no lane":            {Chan: "org", Lane: 9},
			"position before 0":  {Chan: good.Chan, Lane: good.Lane, Pos: -5, Head: good.Head, Hash: good.Hash},
			"beyond what it saw": {Chan: good.Chan, Lane: good.Lane, Pos: good.Head, Head: 0},
			"floor above ours":   {Chan: good.Chan, Lane: good.Lane, Pos: 0, Head: good.Head, Hash: good.Hash, GCBase: 99},
			"head from the sky":  {Chan: good.Chan, Lane: good.Lane, Pos: 1, Head: 1 << 60},
		} {
			got, err := w.Pull(context.Background(), d.caller, protocol.PullRequest{Device: "d1", Cursors: []protocol.Cursor{c}})
			if err != nil || len(got.Drop)+len(got.Reset) != 1 {
				t.Errorf("%s: %+v, %v", name, got, err)
			}
			for _, r := range got.Rows {
				if r.ID == "secret" {
					t.Errorf("%s: another's row", name)
				}
			}
		}
	})
}
