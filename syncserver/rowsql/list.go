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

// Select is the statement of a checked query, with ? placeholders, and its
// arguments. Its columns are id, root, ver, body, sum.
func (r Rows) Select(q office.Checked) (string, []any, error) {
	var b strings.Builder
	var args []any
	b.WriteString("SELECT id, root, ver, body, sum FROM " + r.Table(q.Kind.Name))
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
	order, dir, beyond := column(q.Order), "", ">"
	if q.Desc {
		dir, beyond = " DESC", "<"
	}
	if q.After != nil {
		b.WriteString(and + "(" + order + ", id) " + beyond + " (?, ?)")
		args = append(args, q.After.Value, q.After.ID)
	}
	b.WriteString(" ORDER BY " + order + dir + ", id" + dir + " LIMIT ?")
	args = append(args, int64(q.Limit))
	return b.String(), args, nil
}
