package rowsql

import (
	"context"
	"fmt"
	"strings"

	"qianshao/syncserver/office"
)

// A load table stands beside a kind's own, has the same columns and no index
// but the key: records are collected there by many transactions, seen by
// nobody, until the whole of it takes the place of the kind's empty table.
// SQLite alone.

// LoadTable is the name of a kind's load table.
func (r Rows) LoadTable(kind string) string { return "n" + strings.TrimPrefix(r.Table(kind), "r") }

// OpenLoad makes an empty load table.
func (r Rows) OpenLoad(ctx context.Context, c Conn, k *office.Kind) error {
	if err := r.DropLoad(ctx, c, k); err != nil {
		return err
	}
	if _, err := c.ExecContext(ctx, r.createLoad(k)); err != nil {
		return fmt.Errorf("make a load table of %s: %w", k.Name, err)
	}
	return nil
}

func (r Rows) createLoad(k *office.Kind) string {
	return strings.Replace(r.createTable(k), "CREATE TABLE IF NOT EXISTS "+r.Table(k.Name), "CREATE TABLE "+r.LoadTable(k.Name), 1)
}

// DropLoad forgets a load table, if there is one.
func (r Rows) DropLoad(ctx context.Context, c Conn, k *office.Kind) error {
	if _, err := c.ExecContext(ctx, "DROP TABLE IF EXISTS "+r.LoadTable(k.Name)); err != nil {
		return fmt.Errorf("drop the load table of %s: %w", k.Name, err)
	}
	return nil
}

// HasLoad reports whether a kind has a load table.
func (r Rows) HasLoad(ctx context.Context, c Conn, k *office.Kind) (bool, error) {
	sql, err := r.loadSQL(ctx, c, k)
	return sql != "", err
}

// LoadFits reports whether the load table, if there is one, is of this
// declaration.
func (r Rows) LoadFits(ctx context.Context, c Conn, k *office.Kind) (bool, error) {
	sql, err := r.loadSQL(ctx, c, k)
	return sql == "" || sql == r.createLoad(k), err
}

// loadSQL is the statement that made a load table, "" if there is none.
func (r Rows) loadSQL(ctx context.Context, c Conn, k *office.Kind) (sql string, err error) {
	err = c.QueryRowContext(ctx, "SELECT COALESCE(max(sql), '') FROM sqlite_master WHERE type = 'table' AND name = ?", r.LoadTable(k.Name)).Scan(&sql)
	if err != nil {
		return "", fmt.Errorf("look at the load table of %s: %w", k.Name, err)
	}
	return sql, nil
}

// LoadStatement puts a record into the load table; its arguments are Values.
func (r Rows) LoadStatement(k *office.Kind) string {
	names := r.loadNames(k)
	return "INSERT OR REPLACE INTO " + r.LoadTable(k.Name) + " (" + strings.Join(names, ", ") + ") VALUES (?" + strings.Repeat(", ?", len(names)-1) + ")"
}

func (r Rows) loadNames(k *office.Kind) []string {
	names := []string{"id", "root", "ver", "body", "sum"}
	for _, f := range k.Fields {
		names = append(names, column(f.Name))
	}
	return names
}

// Values are what LoadStatement takes.
func (r Rows) Values(rec office.Record) ([]any, error) {
	_, args, err := r.values(rec)
	return args, err
}

// FewLoaded is how many records of a load are rather copied than left where they
// are: to give a table another name SQLite reads the whole schema, three times.
const FewLoaded = 1000

// EndLoad puts what the load table holds in the place of what the kind's own
// holds: the rows where they are few, otherwise the table itself, which then gets
// its indexes.
func (r Rows) EndLoad(ctx context.Context, c Conn, k *office.Kind, few int) error {
	var many bool
	if err := c.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM "+r.LoadTable(k.Name)+" LIMIT 1 OFFSET ?)", int64(few)).Scan(&many); err != nil {
		return fmt.Errorf("end the load of %s: %w", k.Name, err)
	}
	if !many {
		return r.copyLoad(ctx, c, k)
	}
	qs := []string{"DROP TABLE " + r.Table(k.Name), "ALTER TABLE " + r.LoadTable(k.Name) + " RENAME TO " + r.Table(k.Name)}
	for _, x := range r.indexes(k) {
		qs = append(qs, x.create())
	}
	for _, q := range qs {
		if _, err := c.ExecContext(ctx, q); err != nil {
			return fmt.Errorf("end the load of %s: %w", k.Name, err)
		}
	}
	return nil
}

// copyLoad takes the load table's rows over and drops it.
func (r Rows) copyLoad(ctx context.Context, c Conn, k *office.Kind) error {
	names := strings.Join(r.loadNames(k), ", ")
	for _, q := range []string{
		"DELETE FROM " + r.Table(k.Name),
		"INSERT INTO " + r.Table(k.Name) + " (" + names + ") SELECT " + names + " FROM " + r.LoadTable(k.Name) + " ORDER BY id",
		"DROP TABLE " + r.LoadTable(k.Name),
	} {
		if _, err := c.ExecContext(ctx, q); err != nil {
			return fmt.Errorf("end the load of %s: %w", k.Name, err)
		}
	}
	return nil
}
