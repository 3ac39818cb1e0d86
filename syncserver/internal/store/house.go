package store

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"time"

	"qianshao/syncserver/office"
	"qianshao/syncserver/rowsql"
)

// Away are, by id, the channels that may read records of a kind that are in no
// channel, each sorted.
func Away(ctx context.Context, q Q, kind string, ids []string) (map[string][]office.Channel, error) {
	out := map[string][]office.Channel{}
	for len(ids) > 0 {
		part := ids[:min(chunk, len(ids))]
		ids = ids[len(part):]
		args := []any{kind}
		for _, id := range part {
			args = append(args, id)
		}
		rs, err := q.QueryContext(ctx, "SELECT id, chan FROM away WHERE kind = ? AND id IN ("+marks(len(part))+") ORDER BY id, chan", args...)
		if err != nil {
			return nil, fmt.Errorf("read who may read: %w", err)
		}
		for rs.Next() {
			var id string
			var c office.Channel
			if err := rs.Scan(&id, &c); err != nil {
				rs.Close()
				return nil, fmt.Errorf("read who may read: %w", err)
			}
			out[id] = append(out[id], c)
		}
		if err := firstOf(rs.Err(), rs.Close()); err != nil {
			return nil, fmt.Errorf("read who may read: %w", err)
		}
	}
	return out, nil
}

// House is where a record lives beside the channels.
type House struct {
	Kind, ID string
	Away     []office.Channel // who may read it though it is on no desk of theirs
	Until    int64            // when it leaves the desks; 0 = it does not by itself
}

// SetHouse writes it in place of what was there; clean says that nobody was
// away.
func SetHouse(ctx context.Context, q Q, h House, clean bool) error {
	fail := func(err error) error { return fmt.Errorf("write where a record lives: %w", err) }
	if clean && len(h.Away) == 0 {
		return setStay(ctx, q, h)
	}
	if _, err := q.ExecContext(ctx, "DELETE FROM away WHERE kind = ? AND id = ?", h.Kind, h.ID); err != nil {
		return fail(err)
	}
	for _, c := range h.Away {
		if _, err := q.ExecContext(ctx, "INSERT INTO away (kind, id, chan) VALUES (?, ?, ?)", h.Kind, h.ID, string(c)); err != nil {
			return fail(err)
		}
	}
	return setStay(ctx, q, h)
}

func setStay(ctx context.Context, q Q, h House) error {
	query, args := "DELETE FROM stay WHERE kind = ? AND id = ?", []any{h.Kind, h.ID}
	if h.Until > 0 {
		query, args = "INSERT INTO stay (kind, id, until) VALUES (?, ?, ?) ON CONFLICT (kind, id) DO UPDATE SET until = excluded.until", append(args, h.Until)
	}
	if _, err := q.ExecContext(ctx, query, args...); err != nil {
		return fmt.Errorf("write until when a record stays: %w", err)
	}
	return nil
}

// Due are the next records whose time on desks is over.
func Due(ctx context.Context, q Q, now int64, limit int) ([]House, error) {
	query := "SELECT kind, id, until FROM stay WHERE until <= ? ORDER BY until, kind, id LIMIT ?"
	if q.Dialect() == rowsql.Postgres {
		query += " FOR UPDATE SKIP LOCKED"
	}
	rs, err := q.QueryContext(ctx, query, now, int64(limit))
	if err != nil {
		return nil, fmt.Errorf("find what leaves the desks: %w", err)
	}
	defer rs.Close()
	var out []House
	for rs.Next() {
		var h House
		if err := rs.Scan(&h.Kind, &h.ID, &h.Until); err != nil {
			return nil, fmt.Errorf("find what leaves the desks: %w", err)
		}
		out = append(out, h)
	}
	return out, rs.Err()
}

// Stays reads until when a record lives on desks, if that ends by itself.
func Stays(ctx context.Context, q Q, kind, id string) (int64, bool, error) {
	var until int64
	err := q.QueryRowContext(ctx, "SELECT until FROM stay WHERE kind = ? AND id = ?", kind, id).Scan(&until)
	if err == sql.ErrNoRows {
		return 0, false, nil
	}
	if err != nil {
		return 0, false, fmt.Errorf("read until when a record stays: %w", err)
	}
	return until, true, nil
}

// Aged is up to when records have left the desks, in Millis.
func Aged(ctx context.Context, q Q) (int64, error) {
	var s string
	err := q.QueryRowContext(ctx, "SELECT value FROM meta WHERE key = 'aged'").Scan(&s)
	if err == sql.ErrNoRows {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("read what has left the desks: %w", err)
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return 0, fmt.Errorf("read what has left the desks: %w", err)
	}
	return n, nil
}

// SetAged moves it forward, never back, and gives what it is then.
func SetAged(ctx context.Context, q Q, at time.Time) (int64, error) {
	if q.Dialect() == rowsql.Postgres {
		if err := Lock(ctx, q, []string{"aged"}); err != nil {
			return 0, err
		}
	}
	was, err := Aged(ctx, q)
	if err != nil || was >= millis(at) {
		return was, err
	}
	_, err = q.ExecContext(ctx, "INSERT INTO meta (key, value) VALUES ('aged', ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value", strconv.FormatInt(millis(at), 10))
	if err != nil {
		return 0, fmt.Errorf("note what has left the desks: %w", err)
	}
	return millis(at), nil
}

// Readable is the condition of rows of a table that a person may read: in a
// channel they subscribe to, or off the desks and open to one.
func Readable(table, kind string, uid office.UserID) rowsql.Only {
	return rowsql.Only{
		SQL: "(EXISTS (SELECT 1 FROM chan_row c JOIN sub s ON s.chan = c.chan WHERE c.kind = ? AND c.id = " + table + ".id AND c.rem = 0 AND s.uid = ?) OR " +
			"EXISTS (SELECT 1 FROM away w JOIN sub s ON s.chan = w.chan WHERE w.kind = ? AND w.id = " + table + ".id AND s.uid = ?))",
		Args: []any{kind, string(uid), kind, string(uid)},
	}
}
