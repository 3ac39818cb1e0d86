package outbox

import (
	"context"
	"database/sql"
	"encoding/json"

	"qianshao/app/internal/vault"
)

// KeepOwn takes out of an outbox that was set aside damaged what the person wrote
// and has not settled: commands without what the person saw beside them, and
// drafts as own leaves them (false: nothing). It names the file that holds them
// now, "" if nothing could be read.
func KeepOwn(ctx context.Context, p vault.Profile, aside string, own func(Draft) (Draft, bool)) (string, error) {
	db, err := p.OpenAside(vault.Outbox, aside)
	if err != nil {
		return "", err
	}
	defer db.Close()
	return p.Own(aside, func(to *sql.DB) (keep bool, err error) {
		for _, s := range []string{
			"CREATE TABLE command (mid TEXT PRIMARY KEY, kind TEXT NOT NULL, args TEXT NOT NULL, claimed INTEGER NOT NULL, outcome TEXT NOT NULL, code TEXT NOT NULL)",
			"CREATE TABLE draft (key TEXT PRIMARY KEY, body TEXT NOT NULL, at INTEGER NOT NULL)",
		} {
			if _, err := to.ExecContext(ctx, s); err != nil {
				return false, err
			}
		}
		// From either end, as far as it can be read; indexes may lie.
		for _, order := range []string{"ASC", "DESC"} {
			read(ctx, db, "SELECT mid, kind, args, claimed, outcome, code FROM command NOT INDEXED WHERE ended = '' AND archived = 0 AND (outcome = '' OR outcome IN ("+refused+")) ORDER BY ord "+order, func(rows *sql.Rows) error {
				var mid, kind, args, outcome, code string
				var claimed int64
				if err := rows.Scan(&mid, &kind, &args, &claimed, &outcome, &code); err != nil {
					return err
				}
				_, err = to.ExecContext(ctx, "INSERT INTO command VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING", mid, kind, args, claimed, outcome, code)
				keep = keep || err == nil
				return err
			})
			if err != nil {
				return false, err
			}
			read(ctx, db, "SELECT key, body, at FROM draft NOT INDEXED ORDER BY key "+order, func(rows *sql.Rows) error {
				var d Draft
				var body string
				if err := rows.Scan(&d.Key, &body, &d.At); err != nil {
					return err
				}
				d.Body = json.RawMessage(body)
				d, ok := own(d)
				if !ok {
					return nil
				}
				_, err = to.ExecContext(ctx, "INSERT INTO draft VALUES (?, ?, ?) ON CONFLICT DO NOTHING", d.Key, string(d.Body), d.At)
				keep = keep || err == nil
				return err
			})
			if err != nil {
				return false, err
			}
		}
		return keep, nil
	})
}

// read gives rows to f until they end, f fails, or they cannot be read.
func read(ctx context.Context, db *sql.DB, query string, f func(*sql.Rows) error) {
	rows, err := db.QueryContext(ctx, query)
	if err != nil {
		return
	}
	defer rows.Close()
	for rows.Next() {
		if f(rows) != nil {
			return
		}
	}
}
