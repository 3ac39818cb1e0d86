package wiring

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"qianshao/syncserver/internal/store"
	"qianshao/syncserver/rowsql"
)

// Count is a number of the doctor's report.
type Count struct {
	What string
	N    int64
}

// Doctor examines the store: counts of what there is, and each fault as a
// sentence. An error is a fault of reading.
func (s *Server) Doctor(ctx context.Context) (counts []Count, faults []string, err error) {
	err = s.Store.Read(ctx, func(q store.Q) error {
		counts, faults = nil, nil
		count := func(what, query string) error {
			c := Count{What: what}
			if err := q.QueryRowContext(ctx, query).Scan(&c.N); err != nil {
				return fmt.Errorf("count %s: %w", what, err)
			}
			counts = append(counts, c)
			return nil
		}
		for _, c := range [][2]string{
			{"accounts", "SELECT count(*) FROM account"},
			{"sessions", "SELECT count(*) FROM session"},
			{"devices", "SELECT count(*) FROM device"},
			{"commands handled", "SELECT count(*) FROM mut"},
			{"commands refused", "SELECT count(*) FROM mut WHERE outcome = 'rejected'"},
			{"commands in quarantine", "SELECT count(*) FROM mut WHERE outcome = 'quarantined'"},
			{"jobs waiting", "SELECT count(*) FROM job WHERE state = 'queued'"},
			{"channels and lanes", "SELECT count(*) FROM chan_head"},
		} {
			if err := count(c[0], c[1]); err != nil {
				return err
			}
		}
		at, err := store.Meta(ctx, q, store.MetaBackup)
		if err != nil {
			return err
		}
		if ms, err := strconv.ParseInt(at, 10, 64); err == nil {
			counts = append(counts, Count{What: "hours since the last verified backup", N: int64(s.Now().Sub(time.UnixMilli(ms)).Hours())})
		}
		for _, k := range s.Catalog.Kinds().All() {
			if err := count(k.Name, "SELECT count(*) FROM "+s.Store.Rows.Table(k.Name)); err != nil {
				return err
			}
		}
		if s.Store.Dialect() == rowsql.SQLite {
			if faults, err = quickCheck(ctx, q); err != nil {
				return err
			}
		}
		var orphans int64
		if err := q.QueryRowContext(ctx, "SELECT count(*) FROM account WHERE NOT EXISTS (SELECT 1 FROM "+s.Store.Rows.Table("dir.person")+" p WHERE p.id = account.uid)").Scan(&orphans); err != nil {
			return err
		}
		if orphans > 0 {
			faults = append(faults, fmt.Sprintf("%d accounts are of nobody in the directory", orphans))
		}
		return nil
	})
	if err != nil {
		return nil, nil, err
	}
	files, err := s.fileFaults(ctx)
	if err != nil {
		return nil, nil, err
	}
	faults = append(faults, files...)
	more, err := s.Authority.Check(ctx)
	return counts, append(faults, more...), err
}

// orphanAge is how old a content may be that no row knows: a younger one may be
// on its way in.
const orphanAge = 24 * time.Hour

// fileFaults compares the contents of files with what the database says of
// them: an orphan, or one that is missing.
func (s *Server) fileFaults(ctx context.Context) ([]string, error) {
	if s.contents == nil {
		return nil, nil
	}
	known := map[string]bool{}
	err := s.Store.Read(ctx, func(q store.Q) error {
		rows, err := q.QueryContext(ctx, "SELECT sha256, state FROM blob")
		if err != nil {
			return fmt.Errorf("read files: %w", err)
		}
		defer rows.Close()
		for rows.Next() {
			var sha, state string
			if err := rows.Scan(&sha, &state); err != nil {
				return fmt.Errorf("read files: %w", err)
			}
			known[sha] = state == "live"
		}
		return rows.Err()
	})
	if err != nil {
		return nil, err
	}
	var out []string
	err = s.contents.List(ctx, func(sha string, at time.Time) error {
		if _, ok := known[sha]; !ok && s.Now().Sub(at) > orphanAge {
			out = append(out, "file "+sha+" is an orphan: no row knows it")
		}
		delete(known, sha)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("list files: %w", err)
	}
	for sha, live := range known {
		if live {
			out = append(out, "file "+sha+" is missing: the database says it is there")
		}
	}
	slices.Sort(out)
	return out, nil
}

// quickCheck is SQLite's own examination of the file.
func quickCheck(ctx context.Context, q store.Q) ([]string, error) {
	rows, err := q.QueryContext(ctx, "PRAGMA quick_check")
	if err != nil {
		return nil, fmt.Errorf("check file: %w", err)
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			return nil, fmt.Errorf("check file: %w", err)
		}
		if line != "ok" {
			out = append(out, "file: "+line)
		}
	}
	return out, rows.Err()
}
