package outbox

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"qianshao/syncserver/office"
)

// Draft is unsent work of the person.
type Draft struct {
	Key  string
	Body json.RawMessage
	At   int64
}

// SaveDraft keeps a draft in place of the one with this key.
func (b *Box) SaveDraft(ctx context.Context, d Draft) error {
	return b.write(ctx, "keep a draft", func(tx *sql.Tx) error {
		return exec(ctx, tx, "INSERT INTO draft (key, body, at) VALUES (?, ?, ?) ON CONFLICT (key) DO UPDATE SET body = excluded.body, at = excluded.at", d.Key, string(d.Body), d.At)
	})
}

// Draft reads one draft.
func (b *Box) Draft(ctx context.Context, key string) (Draft, bool, error) {
	d := Draft{Key: key}
	var body string
	err := b.db.QueryRowContext(ctx, "SELECT body, at FROM draft WHERE key = ?", key).Scan(&body, &d.At)
	if errors.Is(err, sql.ErrNoRows) {
		return d, false, nil
	}
	if err != nil {
		return d, false, fmt.Errorf("read a draft: %w", err)
	}
	d.Body = json.RawMessage(body)
	return d, true, nil
}

// Drafts are the drafts whose keys begin with prefix, the latest first.
func (b *Box) Drafts(ctx context.Context, prefix string) ([]Draft, error) {
	rows, err := b.db.QueryContext(ctx, "SELECT key, body, at FROM draft WHERE substr(key, 1, length(?)) = ? ORDER BY at DESC, key", prefix, prefix)
	if err != nil {
		return nil, fmt.Errorf("read drafts: %w", err)
	}
	defer rows.Close()
	var out []Draft
	for rows.Next() {
		var d Draft
		var body string
		if err := rows.Scan(&d.Key, &body, &d.At); err != nil {
			return nil, fmt.Errorf("read drafts: %w", err)
		}
		d.Body = json.RawMessage(body)
		out = append(out, d)
	}
	return out, rows.Err()
}

// DeleteDraft removes a draft; one that is not there is no error.
func (b *Box) DeleteDraft(ctx context.Context, key string) error {
	return b.write(ctx, "remove a draft", func(tx *sql.Tx) error {
		return exec(ctx, tx, "DELETE FROM draft WHERE key = ?", key)
	})
}

// ReplaceDrafts puts, for drafts by their keys, others in their place; nil for
// none. What they were is in no file afterwards.
func (b *Box) ReplaceDrafts(ctx context.Context, by map[string]*Draft) error {
	if len(by) == 0 {
		return nil
	}
	err := b.write(ctx, "replace drafts", func(tx *sql.Tx) error {
		for key, d := range by {
			if err := exec(ctx, tx, "DELETE FROM draft WHERE key = ?", key); err != nil {
				return err
			}
			if d == nil {
				continue
			}
			if err := exec(ctx, tx, "INSERT INTO draft (key, body, at) VALUES (?, ?, ?) ON CONFLICT (key) DO UPDATE SET body = excluded.body, at = excluded.at", d.Key, string(d.Body), d.At); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return b.truncate(ctx)
}

// Sync is one line of the history.
type Sync struct {
	At                               int64
	Pushed, Pulled, Refused, Repairs int
	Error                            office.Code
	Count                            int
}

// historyKept is how many lines of the history stay.
const historyKept = 2000

// Log adds a line to the history. A line equal to the last one but for the
// time, of a sync that moved nothing, is only counted there.
func (b *Box) Log(ctx context.Context, s Sync) error {
	return b.write(ctx, "history", func(tx *sql.Tx) error {
		if s.Pushed+s.Pulled+s.Refused+s.Repairs == 0 {
			r, err := tx.ExecContext(ctx, `UPDATE history SET at = ?, count = count + 1 WHERE id = (SELECT max(id) FROM history)
				AND pushed + pulled + refused + repairs = 0 AND error = ?`, s.At, string(s.Error))
			if err != nil {
				return err
			}
			if n, err := r.RowsAffected(); err != nil || n > 0 {
				return err
			}
		}
		if err := exec(ctx, tx, "INSERT INTO history (at, pushed, pulled, refused, repairs, error) VALUES (?, ?, ?, ?, ?, ?)", s.At, s.Pushed, s.Pulled, s.Refused, s.Repairs, string(s.Error)); err != nil {
			return err
		}
		return exec(ctx, tx, "DELETE FROM history WHERE id <= (SELECT max(id) FROM history) - ?", historyKept)
	})
}

// History are the newest lines, newest first.
func (b *Box) History(ctx context.Context, limit int) ([]Sync, error) {
	rows, err := b.db.QueryContext(ctx, "SELECT at, pushed, pulled, refused, repairs, error, count FROM history ORDER BY id DESC LIMIT ?", limit)
	if err != nil {
		return nil, fmt.Errorf("read the history: %w", err)
	}
	defer rows.Close()
	var out []Sync
	for rows.Next() {
		var s Sync
		if err := rows.Scan(&s.At, &s.Pushed, &s.Pulled, &s.Refused, &s.Repairs, &s.Error, &s.Count); err != nil {
			return nil, fmt.Errorf("read the history: %w", err)
		}
		out = append(out, s)
	}
	return out, rows.Err()
}
