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
	query, args, err := r.Select(q)
	if err != nil {
		return nil, err
	}
	ss, err := r.scan(ctx, c, q.Kind.Name, query, args...)
	if err != nil {
		return nil, err
	}
	out := make([]office.Record, len(ss))
	for i := range ss {
		out[i] = ss[i].Record
	}
	return out, nil
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
func (r Rows) Select(q office.Checked) (string, []any, error) {
	where, args, err := r.where(q)
	if err != nil {
		return "", nil, err
	}
	var b strings.Builder
	b.WriteString("SELECT id, root, ver, body, sum FROM " + r.Table(q.Kind.Name) + where)
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
