package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"qianshao/app/internal/vault"
	"qianshao/syncserver/office"
	"qianshao/syncserver/rowsql"
)

// rawInserts is the limit of a first load: the same rows put into the same
// table, columns and indexes by prepared inserts, durable at the end, in the
// batch that does best.
func rawInserts(ctx context.Context, dir string, ks *office.Kinds, rs []office.Record) (best time.Duration, batch int) {
	rows := rowsql.Rows{Kinds: ks, Dialect: rowsql.SQLite}
	for _, size := range []int{1000, 5000, 20000, len(rs)} {
		// The replica's own file: same driver, same pragmas.
		profile := vault.Profile{Dir: filepath.Join(dir, fmt.Sprintf("raw-%d", size)), Now: time.Now}
		db := got(profile.Write(ctx, vault.Replica))
		for _, q := range rows.Schema() {
			got(db.ExecContext(ctx, q))
		}
		columns := make([][]any, len(rs)) // what the driver is given, made before the clock starts
		for i, r := range rs {
			columns[i] = append([]any{r.ID, r.ID, r.Ver, string(r.Body), int64(i)}, got(office.Columns(papers.Kind, r))...)
		}
		took := since(func() {
			for at := 0; at < len(rs); at += size {
				tx := got(db.BeginTx(ctx, nil))
				ins := got(tx.PrepareContext(ctx, "INSERT INTO r_bench_paper (id, root, ver, body, sum, f_owner, f_state, f_title, f_due) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"))
				for _, c := range columns[at:min(at+size, len(rs))] {
					got(ins.ExecContext(ctx, c...))
				}
				must(tx.Commit())
			}
			got(db.ExecContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)"))
		})
		must(db.Close())
		must(os.RemoveAll(profile.Dir))
		if best == 0 || took < best {
			best, batch = took, size
		}
	}
	return best, batch
}
