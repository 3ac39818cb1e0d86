package rowsql

import (
	"context"
	"fmt"
	"strings"

	"qianshao/syncserver/office"
)

var operators = map[office.Op]string{
	office.Eq: "=", office.Lt: "<", office.Le: "<=", office.Gt: ">", office.Ge: ">=",
}

// List reads one page of a checked query: by the order's value, then by id,
// after the key if one is given. Text compares by code point on both databases.
func (r Rows) List(ctx context.Context, c Conn, q office.Checked) ([]office.Record, error) {
	return r.ListOnly(ctx, c, q, Only{})
}

// Only is a further condition that a caller of this package's own side puts on
// the rows of a table; the zero value is none. Its text never comes from outside.
type Only struct {
	SQL  string // with ? placeholders
	Args []any
}

func (o Only) and(b *strings.Builder, and string, args []any) []any {
	if o.SQL == "" {
		return args
	}
	b.WriteString(and + o.SQL)
	return append(args, o.Args...)
}

// ListOnly is List among the rows that meet a condition.
func (r Rows) ListOnly(ctx context.Context, c Conn, q office.Checked, only Only) ([]office.Record, error) {
	query, args, err := r.selectOnly(q, only)
	if err != nil {
		return nil, err
	}
	return r.records(ctx, c, q.Kind.Name, query, args...)
}

func (r Rows) records(ctx context.Context, c Conn, kind, query string, args ...any) ([]office.Record, error) {
	ss, err := r.scan(ctx, c, kind, query, args...)
	if err != nil {
		return nil, err
	}
	out := make([]office.Record, len(ss))
	for i := range ss {
		out[i] = ss[i].Record
	}
	return out, nil
}

// Among are the records with these ids that meet a condition, ordered by id. At
// most 500 ids.
func (r Rows) Among(ctx context.Context, c Conn, kind string, ids []string, only Only) ([]office.Record, error) {
	_, table, err := r.table(kind)
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	args := make([]any, len(ids))
	for i := range ids {
		args[i] = ids[i]
	}
	var b strings.Builder
	b.WriteString("SELECT id, root, ver, body, sum FROM " + table + " WHERE id IN (?" + strings.Repeat(", ?", len(ids)-1) + ")")
	args = only.and(&b, " AND ", args)
	b.WriteString(" ORDER BY id")
	return r.records(ctx, c, kind, b.String(), args...)
}

// Below is one page of the records of a child kind under a root that meet a
// condition, ordered by id, after one of them.
func (r Rows) Below(ctx context.Context, c Conn, kind, root, after string, limit int, only Only) ([]office.Record, error) {
	_, table, err := r.table(kind)
	if err != nil {
		return nil, err
	}
	var b strings.Builder
	b.WriteString("SELECT id, root, ver, body, sum FROM " + table + " WHERE root = ? AND id > ?")
	args := only.and(&b, " AND ", []any{root, after})
	b.WriteString(" ORDER BY id LIMIT ?")
	return r.records(ctx, c, kind, b.String(), append(args, int64(limit))...)
}

// Count counts the records that meet the conditions of a checked query; its
// place, limit and order do not matter.
func (r Rows) Count(ctx context.Context, c Conn, q office.Checked) (int, error) {
	where, args, err := r.where(q)
	if err != nil {
		return 0, err
	}
	var n int
	query := r.Dialect.Rebind("SELECT count(*) FROM " + r.Table(q.Kind.Name) + where)
	if err := c.QueryRowContext(ctx, query, args...).Scan(&n); err != nil {
		return 0, fmt.Errorf("count %s: %w", q.Kind.Name, err)
	}
	return n, nil
}

// Select is the statement of a checked query, with ? placeholders, and its
// arguments. Its columns are id, root, ver, body, sum.
func (r Rows) Select(q office.Checked) (string, []any, error) { return r.selectOnly(q, Only{}) }

func (r Rows) selectOnly(q office.Checked, only Only) (string, []any, error) {
	where, args, err := r.where(q)
	if err != nil {
		return "", nil, err
	}
	var b strings.Builder
	b.WriteString("SELECT id, root, ver, body, sum FROM " + r.Table(q.Kind.Name) + where)
	if only.SQL != "" {
		and := " WHERE "
		if where != "" {
			and = " AND "
		}
		args = only.and(&b, and, args)
		where += and
	}
	order, dir, beyond := column(q.Order), "", ">"
	if q.Desc {
		dir, beyond = " DESC", "<"
	}
	if q.After != nil {
		and := " WHERE "
		if where != "" {
			and = " AND "
		}
		b.WriteString(and + "(" + order + ", id) " + beyond + " (?, ?)")
		args = append(args, q.After.Value, q.After.ID)
	}
	b.WriteString(" ORDER BY " + order + dir + ", id" + dir + " LIMIT ?")
	args = append(args, int64(q.Limit))
	if q.Skip > 0 {
		b.WriteString(" OFFSET ?")
		args = append(args, int64(q.Skip))
	}
	return b.String(), args, nil
}

// where are the conditions of a checked query, "" if there are none.
func (r Rows) where(q office.Checked) (string, []any, error) {
	var b strings.Builder
	var args []any
	and := " WHERE "
	for _, w := range q.Where {
		if w.Op == office.Has {
			list, _ := w.Value.([]any)
			if len(list) == 0 {
				return "", nil, fmt.Errorf("list %s: unchecked query", q.Kind.Name)
			}
			// Alike on both databases, and no character of a value is special.
			one := "replace(" + column(w.Field) + ", ?, '') <> " + column(w.Field)
			b.WriteString(and + "(" + one + strings.Repeat(" OR "+one, len(list)-1) + ")")
			and = " AND "
			args = append(args, list...)
			continue
		}
		b.WriteString(and + column(w.Field))
		and = " AND "
		if w.Op == office.In {
			list, _ := w.Value.([]any)
			if len(list) == 0 {
				return "", nil, fmt.Errorf("list %s: unchecked query", q.Kind.Name)
			}
			b.WriteString(" IN (?" + strings.Repeat(", ?", len(list)-1) + ")")
			args = append(args, list...)
			continue
		}
		op, ok := operators[w.Op]
		if !ok {
			return "", nil, fmt.Errorf("list %s: unchecked query", q.Kind.Name)
		}
		b.WriteString(" " + op + " ?")
		args = append(args, w.Value)
	}
	return b.String(), args, nil
}
