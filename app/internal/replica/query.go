package replica

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

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

// Visible are all records of these kinds as they are shown, ordered by kind and
// id; Base as the server last said them. Without a kind those of all kinds. For
// diagnosis and tests: no view limits them.
func (r *Replica) Visible(ctx context.Context, kinds ...string) ([]office.Record, error) {
	return r.all(ctx, kinds, func(k *office.Kind) (string, []any) {
		return "SELECT ?, id, root, ver, body FROM " + r.rows.Table(k.Name), []any{k.Name}
	})
}

// Base are all records of these kinds as the server last said them.
func (r *Replica) Base(ctx context.Context, kinds ...string) ([]office.Record, error) {
	return r.all(ctx, kinds, func(k *office.Kind) (string, []any) {
		return "SELECT kind, id, root, ver, body FROM base WHERE kind = ? AND present UNION ALL SELECT ?, id, root, ver, body FROM " + r.rows.Table(k.Name) +
			" WHERE id NOT IN (SELECT id FROM base WHERE kind = ?)", []any{k.Name, k.Name, k.Name}
	})
}

// all runs one statement for many kinds: most of them have few records or none.
func (r *Replica) all(ctx context.Context, names []string, of func(k *office.Kind) (string, []any)) ([]office.Record, error) {
	kinds := r.kinds.All()
	if len(names) > 0 {
		kinds = nil
		for _, n := range names {
			k := r.kinds.Get(n)
			if k == nil {
				return nil, office.Invalid("kind", "unknown kind %q", n)
			}
			kinds = append(kinds, k)
		}
	}
	var queries []string
	var args []any
	for _, k := range kinds {
		q, as := of(k)
		queries, args = append(queries, q), append(args, as...)
	}
	rows, err := r.r.QueryContext(ctx, strings.Join(queries, " UNION ALL "), args...)
	if err != nil {
		return nil, fmt.Errorf("read records: %w", err)
	}
	defer rows.Close()
	var out []office.Record
	for rows.Next() {
		var rec office.Record
		var body string
		if err := rows.Scan(&rec.Kind, &rec.ID, &rec.Root, &rec.Ver, &body); err != nil {
			return nil, fmt.Errorf("read records: %w", err)
		}
		rec.Body = []byte(body)
		out = append(out, rec)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read records: %w", err)
	}
	slices.SortFunc(out, func(a, b office.Record) int { return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.ID, b.ID)) })
	return out, nil
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
