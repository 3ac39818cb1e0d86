package servertest

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"qianshao/syncserver/internal/store"
)

// Row is a row of the server's database, for measuring what its tables alone
// cost.
type Row struct {
	Table  string
	Cols   []string
	Values []any
}

// keys are the key columns of the tables that a pushed command writes; all
// others have an id.
var keys = map[string][]string{
	"chan_head": {"chan", "lane"}, "chan_hist": {"chan", "lane", "seq"}, "chan_row": {"kind", "id", "chan"},
	"device": {"dev"}, "mut": {"mid"}, "sent": {"dev", "n"}, "stay": {"kind", "id"}, "away": {"kind", "id", "chan"}, "blob_ref": {"kind", "id", "sha256"},
}

// Key tells rows of one table apart.
func (r Row) Key() string {
	key := keys[r.Table]
	if key == nil {
		key = []string{"id"}
	}
	var b strings.Builder
	for _, k := range key {
		fmt.Fprintf(&b, "%v\x00", r.Values[slices.Index(r.Cols, k)])
	}
	return b.String()
}

// TableOf is the table of a kind.
func (s *Server) TableOf(kind string) string { return s.server().Store.Rows.Table(kind) }

// Dump reads tables whole.
func (s *Server) Dump(tables ...string) ([]Row, error) {
	var out []Row
	ctx := context.Background()
	err := s.server().Store.Read(ctx, func(q store.Q) error {
		for _, t := range tables {
			rs, err := q.QueryContext(ctx, "SELECT * FROM "+t)
			if err != nil {
				return err
			}
			defer rs.Close()
			cols, err := rs.Columns()
			if err != nil {
				return err
			}
			for rs.Next() {
				row := Row{Table: t, Cols: cols, Values: make([]any, len(cols))}
				to := make([]any, len(cols))
				for i := range to {
					to[i] = &row.Values[i]
				}
				if err := rs.Scan(to...); err != nil {
					return err
				}
				out = append(out, row)
			}
			if err := rs.Err(); err != nil {
				return err
			}
			rs.Close()
		}
		return nil
	})
	return out, err
}

// Raw writes rows in one transaction over those of their keys, and nothing else.
func (s *Server) Raw(rows []Row) error {
	ctx := context.Background()
	return s.server().Store.Write(ctx, func(q store.Q) error {
		for _, r := range rows {
			key := keys[r.Table]
			if key == nil {
				key = []string{"id"}
			}
			var set []string
			for _, c := range r.Cols {
				if !slices.Contains(key, c) {
					set = append(set, c+" = excluded."+c)
				}
			}
			do := "NOTHING"
			if len(set) > 0 {
				do = "UPDATE SET " + strings.Join(set, ", ")
			}
			query := "INSERT INTO " + r.Table + " (" + strings.Join(r.Cols, ", ") + ") VALUES (?" + strings.Repeat(", ?", len(r.Cols)-1) +
				") ON CONFLICT (" + strings.Join(key, ", ") + ") DO " + do
			if _, err := q.ExecContext(ctx, query, r.Values...); err != nil {
				return fmt.Errorf("write a row of %s: %w", r.Table, err)
			}
		}
		return nil
	})
}

// Tables are all tables that commands write: the kinds', and those of channels,
// outcomes and residence.
func (s *Server) Tables() []string {
	out := []string{"chan_head", "chan_hist", "chan_row", "mut", "stay", "away", "blob_ref"}
	for _, k := range s.Kinds().All() {
		out = append(out, s.TableOf(k.Name))
	}
	return out
}
