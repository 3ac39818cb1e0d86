package replica

import (
	"context"
	"fmt"

	"qianshao/syncserver/office"
)

// Get reads one record as it is shown.
func (r *Replica) Get(ctx context.Context, kind, id string) (office.Record, bool, error) {
	return r.rows.Get(ctx, r.r, kind, id)
}

// List reads one page of a declared view.
func (r *Replica) List(ctx context.Context, q office.Query) ([]office.Record, error) {
	c, err := r.kinds.Check(q)
	if err != nil {
		return nil, err
	}
	return r.rows.List(ctx, r.r, c)
}

// Children reads the records of a child kind under one root, ordered by id.
func (r *Replica) Children(ctx context.Context, kind, root string) ([]office.Record, error) {
	return r.rows.Children(ctx, r.r, kind, root)
}

// Count counts the records of a view's query.
func (r *Replica) Count(ctx context.Context, q office.Query) (int, error) {
	c, err := r.kinds.Check(q)
	if err != nil {
		return 0, err
	}
	return r.rows.Count(ctx, r.r, c)
}

// Visible are all records of a kind as they are shown, ordered by id; Base as
// the server last said them. For diagnosis and tests: no view limits them.
func (r *Replica) Visible(ctx context.Context, kind string) ([]office.Record, error) {
	return r.all(ctx, kind, "SELECT id, root, ver, body FROM "+r.rows.Table(kind)+" ORDER BY id")
}

// Base are all records of a kind as the server last said them.
func (r *Replica) Base(ctx context.Context, kind string) ([]office.Record, error) {
	return r.all(ctx, kind, "SELECT id, root, ver, body FROM base WHERE kind = ? AND present UNION ALL SELECT id, root, ver, body FROM "+r.rows.Table(kind)+
		" WHERE id NOT IN (SELECT id FROM base WHERE kind = ?) ORDER BY id", kind, kind)
}

func (r *Replica) all(ctx context.Context, kind, query string, args ...any) ([]office.Record, error) {
	if r.kinds.Get(kind) == nil {
		return nil, office.Invalid("kind", "unknown kind %q", kind)
	}
	rows, err := r.r.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", kind, err)
	}
	defer rows.Close()
	var out []office.Record
	for rows.Next() {
		rec := office.Record{Kind: kind}
		var body string
		if err := rows.Scan(&rec.ID, &rec.Root, &rec.Ver, &body); err != nil {
			return nil, fmt.Errorf("read %s: %w", kind, err)
		}
		rec.Body = []byte(body)
		out = append(out, rec)
	}
	return out, rows.Err()
}

// Counts are the numbers of records of each kind as they are shown; kinds with
// none are left out.
func (r *Replica) Counts(ctx context.Context) (map[string]int, error) {
	out := map[string]int{}
	for _, k := range r.kinds.All() {
		var n int
		if err := r.r.QueryRowContext(ctx, "SELECT count(*) FROM "+r.rows.Table(k.Name)).Scan(&n); err != nil {
			return nil, fmt.Errorf("count %s: %w", k.Name, err)
		}
		if n > 0 {
			out[k.Name] = n
		}
	}
	return out, nil
}

// Staged is how many records of a checkpoint that is not reached yet are here.
func (r *Replica) Staged(ctx context.Context) (int, error) {
	var n int
	if err := r.r.QueryRowContext(ctx, "SELECT taken + (SELECT count(*) FROM stage_row) FROM stage").Scan(&n); err != nil {
		return 0, fmt.Errorf("count what is staged: %w", err)
	}
	return n, nil
}
