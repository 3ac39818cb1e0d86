package backup

import (
	"bytes"
	"context"
	"fmt"
	"iter"
	"reflect"

	"qianshao/syncserver/internal/store"
)

// Move copies all of one database into another, empty one, in one snapshot of
// the first and one transaction of the second, and then compares the two row
// by row. The history stays the same: desks notice nothing. progress may be
// nil; it is told a table, its rows so far and what is being done.
func Move(ctx context.Context, from *store.Store, to store.Config, progress func(what, table string, rows int64)) (Report, error) {
	if progress == nil {
		progress = func(string, string, int64) {}
	}
	if err := store.CheckEmpty(ctx, to); err != nil {
		return Report{}, err
	}
	target, err := store.Open(ctx, to)
	if err != nil {
		return Report{}, err
	}
	defer target.Close()
	var r Report
	err = from.Read(ctx, func(q store.Q) error {
		tables, err := from.Tables(ctx, q)
		if err != nil {
			return err
		}
		r.Tables, r.Epoch = len(tables), from.Epoch()
		err = target.Once(ctx, func(w store.Q) error {
			if _, err := w.ExecContext(ctx, "DELETE FROM meta"); err != nil {
				return err
			}
			for _, t := range tables {
				n, err := copyTable(ctx, q, target, w, t, progress)
				if err != nil {
					return err
				}
				r.Rows += n
			}
			return nil
		})
		if err != nil {
			return err
		}
		return target.Read(ctx, func(w store.Q) error {
			theirs, err := target.Tables(ctx, w)
			if err != nil {
				return err
			}
			if !sameNames(tables, theirs) {
				return fmt.Errorf("the two have other tables")
			}
			for _, t := range tables {
				if err := compareTable(ctx, q, w, t, progress); err != nil {
					return err
				}
			}
			return nil
		})
	})
	if err != nil {
		return Report{}, fmt.Errorf("move: %w", err)
	}
	return r, nil
}

func sameNames(a, b []store.Table) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i].Name != b[i].Name {
			return false
		}
	}
	return true
}

func copyTable(ctx context.Context, from store.Q, target *store.Store, to store.Q, t store.Table, progress func(what, table string, rows int64)) (n int64, err error) {
	var batch [][]any
	flush := func() error {
		if len(batch) == 0 {
			return nil
		}
		err := target.Load(ctx, to, t, batch)
		n += int64(len(batch))
		batch = batch[:0]
		progress("copy", t.Name, n)
		return err
	}
	err = store.Dump(ctx, from, t, func(row []any) error {
		if batch = append(batch, row); len(batch) >= loadRows {
			return flush()
		}
		return nil
	})
	if err == nil {
		err = flush()
	}
	return n, err
}

// compareTable holds two tables against each other, row by row.
func compareTable(ctx context.Context, a, b store.Q, t store.Table, progress func(what, table string, rows int64)) error {
	theirs := func(yield func([]any, error) bool) {
		stop := fmt.Errorf("enough")
		err := store.Dump(ctx, b, t, func(row []any) error {
			if !yield(row, nil) {
				return stop
			}
			return nil
		})
		if err != nil && err != stop {
			yield(nil, err)
		}
	}
	next, done := iter.Pull2(theirs)
	defer done()
	var n int64
	err := store.Dump(ctx, a, t, func(row []any) error {
		other, err, ok := next()
		switch {
		case err != nil:
			return err
		case !ok:
			return fmt.Errorf("table %s: row %d is not there", t.Name, n+1)
		case !equal(row, other):
			return fmt.Errorf("table %s: row %d, of key %v, is another one", t.Name, n+1, row[0])
		}
		if n++; n%loadRows == 0 {
			progress("check", t.Name, n)
		}
		return nil
	})
	if err != nil {
		return err
	}
	if _, err, more := next(); err != nil {
		return err
	} else if more {
		return fmt.Errorf("table %s: more than %d rows", t.Name, n)
	}
	progress("check", t.Name, n)
	return nil
}

func equal(a, b []any) bool {
	for i := range a {
		x, isBytes := a[i].([]byte)
		y, _ := b[i].([]byte)
		if isBytes && !bytes.Equal(x, y) || !isBytes && !reflect.DeepEqual(a[i], b[i]) {
			return false
		}
	}
	return len(a) == len(b)
}
