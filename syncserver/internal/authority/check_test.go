package authority

import (
	"context"
	"strings"
	"testing"

	"qianshao/syncserver/internal/store"
)

func TestBitFlipIsFound(t *testing.T) {
	everywhere(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		w.as("wu", &put{K: "t.doc", I: "a", B: obj{"to": []string{"org"}, "text": "原文"}})
		d := w.desk("lin", "d1")
		if err := w.Store.Write(ctx, func(q store.Q) error {
			_, err := q.ExecContext(ctx, "UPDATE r_t_doc SET body = replace(body, '原', '元')")
			return err
		}); err != nil {
			t.Fatal(err)
		}
		found, err := w.Check(ctx)
		if err != nil || len(found) != 1 || !strings.Contains(found[0], "t.doc a") || strings.Contains(found[0], "元文") {
			t.Errorf("doctor: %q, %v", found, err)
		}
		d.pull(nil)
		if len(d.badSums) != 1 {
			t.Errorf("the desk's sums: %v", d.badSums)
		}
	})
}

func TestDoctorFinds(t *testing.T) {
	for name, damage := range map[string]string{
		"body not canonical":     "UPDATE r_t_doc SET body = ' ' || body",
		"lost member":            "UPDATE chan_row SET rem = 1 WHERE id = 'a' AND chan = 'u:lin'",
		"member too many":        "INSERT INTO chan_row (kind, id, chan, lane, seq, rem, at) VALUES ('t.doc', 'a', 'u:han', 1, 1, 0, 0)",
		"ghost":                  "DELETE FROM r_t_body WHERE id = 'b'",
		"orphan":                 "DELETE FROM r_t_doc WHERE id = 'a'",
		"count":                  "UPDATE chan_head SET n_live = n_live + 1 WHERE chan = 'u:lin'",
		"sum":                    "UPDATE chan_head SET sum = sum + 1 WHERE chan = 'u:lin'",
		"head below its entries": "UPDATE chan_head SET seq = 1 WHERE chan = 'org' AND lane = 1",
		"chain":                  "UPDATE chan_head SET chain = 'x' WHERE chan = 'u:lin'",
		"no counter":             "DELETE FROM chan_head WHERE chan = 'u:lin'",
		"subscription":           "DELETE FROM sub WHERE uid = 'lin' AND chan = 'org'",
		"number":                 "UPDATE device SET last_n = 0",
		"outcome":                "DELETE FROM mut WHERE dev = 'd1'",
		"job":                    "INSERT INTO job (id, kind, args, due, state, at) VALUES ('j', 't.job', '{}', 0, 'failed', 0)",
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, store.Config{Dir: t.TempDir()})
			w.as("lin", doc("a", "u:lin", "org"))
			w.as("lin", &put{K: "t.body", I: "b", R: "a", B: obj{}})
			w.desk("lin", "d1").push(&add{I: "c"})
			w.healthy()
			ctx := context.Background()
			if err := w.Store.Write(ctx, func(q store.Q) error { _, err := q.ExecContext(ctx, damage); return err }); err != nil {
				t.Fatal(err)
			}
			if found, err := w.Check(ctx); err != nil || len(found) == 0 {
				t.Errorf("found %q, %v", found, err)
			}
		})
	}
}
