package authority

import (
	"context"
	"flag"
	"fmt"
	"testing"
	"time"

	"qianshao/syncserver/internal/store"
	"qianshao/syncserver/office"
	"qianshao/syncserver/protocol"
)

var flagArchive = flag.Int("authority.archive", 20_000, "records of the archive in TestArchiveLeavesDesksSmall")

// An archive of any size costs a desk nothing: its first load is as small as
// without, and it is read on line page by page.
func TestArchiveLeavesDesksSmall(t *testing.T) {
	w := newWorld(t, store.Config{Dir: t.TempDir()})
	ctx := context.Background()
	if _, err := w.Age(ctx); err != nil {
		t.Fatal(err)
	}
	rows := w.Store.Rows
	for n := 0; n < *flagArchive; {
		err := w.Store.Write(ctx, func(q store.Q) error {
			for end := min(n+5000, *flagArchive); n < end; n++ {
				to := []string{"u:wu"}
				if n%3 == 0 {
					to = []string{"u:lin"}
				}
				body, err := office.Canonical(obj{"to": to, "title": fmt.Sprintf("二〇二四年档案 %07d", n), "until": 1})
				if err != nil {
					return err
				}
				id := fmt.Sprintf("a%07d", n)
				if err := rows.Insert(ctx, q, office.Record{Kind: "t.case", ID: id, Root: id, Ver: 1, Body: body}); err != nil {
					return err
				}
				if err := store.SetHouse(ctx, q, store.House{Kind: "t.case", ID: id, Away: []office.Channel{office.Channel(to[0])}}, false); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	w.as("wu", &put{K: "t.case", I: "open", B: obj{"to": []string{"u:lin"}, "title": "在办"}})
	d := w.desk("lin", "d1")
	d.pull(nil)
	n := 0
	for k := range d.base {
		if k.kind == "t.case" {
			n++
		}
	}
	if n != 1 || len(d.base) > 10 {
		t.Errorf("%d cases of %d records are on the desk", n, len(d.base))
	}
	began := time.Now()
	r := protocol.ReadRequest{Device: "d1", Kind: "t.case", View: "all", Desc: true, Limit: 60}
	for range 3 {
		got, err := w.Read(ctx, d.caller, r)
		if err != nil || len(got.Rows) != 60 {
			t.Fatal(len(got.Rows), err)
		}
		r.After = got.Next
	}
	t.Logf("%d records in the archive, %d on the desk; three pages on line in %v", *flagArchive, len(d.base), time.Since(began).Round(time.Millisecond))
}
