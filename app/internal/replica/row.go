package replica

import (
	"database/sql"
	"errors"
	"fmt"

	"qianshao/syncserver/office"
)

// visible reads a row as it is shown.
func (t *Tx) visible(k Key) (office.Record, bool, error) {
	if t.r.kinds.Get(k.Kind) == nil {
		return t.foreign(k)
	}
	return t.r.rows.Get(t.ctx, t.tx, k.Kind, k.ID)
}

// setVisible writes a row, or removes it.
func (t *Tx) setVisible(k Key, r office.Record, present bool) error {
	t.changed[k] = true
	if t.r.kinds.Get(k.Kind) == nil {
		return t.setForeign(k, r, present)
	}
	if !present {
		return t.r.rows.Delete(t.ctx, t.tx, k.Kind, k.ID)
	}
	return t.r.rows.Put(t.ctx, t.tx, r)
}

// baseEntry reads what the server said of a row that the overlay has written;
// known is false for any other row.
func (t *Tx) baseEntry(k Key) (r office.Record, present, known bool, err error) {
	r = office.Record{Kind: k.Kind, ID: k.ID}
	var body string
	err = t.tx.QueryRowContext(t.ctx, "SELECT present, root, ver, body FROM base WHERE kind = ? AND id = ?", k.Kind, k.ID).Scan(&present, &r.Root, &r.Ver, &body)
	if errors.Is(err, sql.ErrNoRows) {
		return r, false, false, nil
	}
	if err != nil {
		return r, false, false, fmt.Errorf("read the base: %w", err)
	}
	r.Body = []byte(body)
	return r, present, true, nil
}

// base reads what the server last said of a row.
func (t *Tx) base(k Key) (office.Record, bool, error) {
	r, present, known, err := t.baseEntry(k)
	if err != nil || known {
		return r, present, err
	}
	return t.visible(k)
}

// overlay writes a row on top of what the server said, which it first keeps.
func (t *Tx) overlay(k Key, r office.Record, present bool) error {
	_, _, known, err := t.baseEntry(k)
	if err != nil {
		return err
	}
	if !known {
		old, was, err := t.visible(k)
		if err != nil {
			return err
		}
		if err := t.exec("INSERT INTO base (kind, id, present, root, ver, body, sum) VALUES (?, ?, ?, ?, ?, ?, ?)",
			k.Kind, k.ID, was, old.Root, old.Ver, string(old.Body), int64(old.Sum())); err != nil {
			return fmt.Errorf("keep the base: %w", err)
		}
	}
	return t.setVisible(k, r, present)
}

// restore puts back what the server said of a row.
func (t *Tx) restore(k Key) error {
	r, present, known, err := t.baseEntry(k)
	if err != nil || !known {
		return err
	}
	if err := t.setVisible(k, r, present); err != nil {
		return err
	}
	return t.exec("DELETE FROM base WHERE kind = ? AND id = ?", k.Kind, k.ID)
}

// rewrite writes what the server said of a row once more: its columns and its
// sum may be damaged where its body is not.
func (t *Tx) rewrite(k Key, r office.Record) error {
	_, _, known, err := t.baseEntry(k)
	if err != nil {
		return err
	}
	if known {
		return t.exec("UPDATE base SET sum = ? WHERE kind = ? AND id = ?", int64(r.Sum()), k.Kind, k.ID)
	}
	return t.setVisible(k, r, true)
}

func (t *Tx) foreign(k Key) (office.Record, bool, error) {
	r := office.Record{Kind: k.Kind, ID: k.ID}
	var body string
	err := t.tx.QueryRowContext(t.ctx, "SELECT root, ver, body FROM foreign_row WHERE kind = ? AND id = ?", k.Kind, k.ID).Scan(&r.Root, &r.Ver, &body)
	if errors.Is(err, sql.ErrNoRows) {
		return office.Record{}, false, nil
	}
	if err != nil {
		return r, false, fmt.Errorf("read %s %s: %w", k.Kind, k.ID, err)
	}
	r.Body = []byte(body)
	return r, true, nil
}

func (t *Tx) setForeign(k Key, r office.Record, present bool) error {
	if !present {
		return t.exec("DELETE FROM foreign_row WHERE kind = ? AND id = ?", k.Kind, k.ID)
	}
	return t.exec("INSERT INTO foreign_row (kind, id, root, ver, body, sum) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (kind, id) DO UPDATE SET root = excluded.root, ver = excluded.ver, body = excluded.body, sum = excluded.sum",
		k.Kind, k.ID, r.Root, r.Ver, string(r.Body), int64(r.Sum()))
}

// adopt moves records whose kind the program has learned into their table.
func (t *Tx) adopt() error {
	ks, err := t.keys("SELECT kind, id FROM foreign_row")
	if err != nil {
		return fmt.Errorf("read foreign rows: %w", err)
	}
	for _, k := range ks {
		if t.r.kinds.Get(k.Kind) == nil {
			continue
		}
		r, _, err := t.foreign(k)
		if err != nil {
			return err
		}
		if err := t.setVisible(k, r, true); err != nil {
			return err
		}
		if err := t.setForeign(k, office.Record{}, false); err != nil {
			return err
		}
	}
	return nil
}
