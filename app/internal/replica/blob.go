package replica

import (
	"context"
	"encoding/json"
	"fmt"

	"qianshao/syncserver/office"
)

// reference brings the references to files in step with the changed rows.
func (t *Tx) reference() error {
	for k := range t.changed {
		kind := t.r.kinds.Get(k.Kind)
		if kind == nil || len(kind.Blobs) == 0 {
			continue
		}
		if err := t.referenceRow(kind, k); err != nil {
			return fmt.Errorf("note references to files: %w", err)
		}
	}
	return nil
}

func (t *Tx) referenceRow(kind *office.Kind, k Key) error {
	if err := t.exec("DELETE FROM blob_ref WHERE kind = ? AND id = ?", k.Kind, k.ID); err != nil {
		return err
	}
	for _, read := range []func(Key) (office.Record, bool, error){t.visible, t.base} {
		r, ok, err := read(k)
		if err != nil {
			return err
		}
		if !ok {
			continue
		}
		shas, err := office.BlobsOf(kind, r)
		if err != nil {
			return err
		}
		for _, sha := range shas {
			if err := t.exec("INSERT OR IGNORE INTO blob_ref (kind, id, sha256) VALUES (?, ?, ?)", k.Kind, k.ID, sha); err != nil {
				return err
			}
		}
	}
	return nil
}

// referenceAll fills the references of a replica that an older program wrote.
func (t *Tx) referenceAll() error {
	var n int
	if err := t.tx.QueryRowContext(t.ctx, "SELECT count(*) FROM blob_ref").Scan(&n); err != nil || n > 0 {
		return err
	}
	for _, k := range t.r.kinds.All() {
		if len(k.Blobs) == 0 {
			continue
		}
		ks, err := t.keys("SELECT ?, id FROM "+t.r.rows.Table(k.Name)+" UNION SELECT kind, id FROM base WHERE kind = ?", k.Name, k.Name)
		if err != nil {
			return err
		}
		for _, x := range ks {
			if err := t.referenceRow(k, x); err != nil {
				return err
			}
		}
	}
	return nil
}

// Referrers are the records that refer to a file.
func (r *Replica) Referrers(ctx context.Context, sha string) ([]Key, error) {
	rows, err := r.r.QueryContext(ctx, "SELECT kind, id FROM blob_ref WHERE sha256 = ? ORDER BY kind, id", sha)
	if err != nil {
		return nil, fmt.Errorf("read references to files: %w", err)
	}
	defer rows.Close()
	var out []Key
	for rows.Next() {
		var k Key
		if err := rows.Scan(&k.Kind, &k.ID); err != nil {
			return nil, fmt.Errorf("read references to files: %w", err)
		}
		out = append(out, k)
	}
	return out, rows.Err()
}

// Referred tells which of these files some record refers to.
func (r *Replica) Referred(ctx context.Context, shas []string) (map[string]bool, error) {
	list, err := json.Marshal(shas)
	if err != nil {
		return nil, err
	}
	rows, err := r.r.QueryContext(ctx, "SELECT DISTINCT sha256 FROM blob_ref WHERE sha256 IN (SELECT value FROM json_each(?))", string(list))
	if err != nil {
		return nil, fmt.Errorf("read references to files: %w", err)
	}
	defer rows.Close()
	out := map[string]bool{}
	for rows.Next() {
		var sha string
		if err := rows.Scan(&sha); err != nil {
			return nil, fmt.Errorf("read references to files: %w", err)
		}
		out[sha] = true
	}
	return out, rows.Err()
}

// UseBlob notes that a file was used now.
func (t *Tx) UseBlob(sha string) error {
	return t.exec("INSERT INTO blob_use (sha256, used) VALUES (?, (SELECT COALESCE(max(used), 0) + 1 FROM blob_use)) ON CONFLICT (sha256) DO UPDATE SET used = excluded.used", sha)
}

// ForgetBlob forgets when a file was used.
func (t *Tx) ForgetBlob(sha string) error {
	return t.exec("DELETE FROM blob_use WHERE sha256 = ?", sha)
}

// BlobUse tells when files were last used: a larger number is later.
func (r *Replica) BlobUse(ctx context.Context) (map[string]int64, error) {
	rows, err := r.r.QueryContext(ctx, "SELECT sha256, used FROM blob_use")
	if err != nil {
		return nil, fmt.Errorf("read the use of files: %w", err)
	}
	defer rows.Close()
	out := map[string]int64{}
	for rows.Next() {
		var sha string
		var n int64
		if err := rows.Scan(&sha, &n); err != nil {
			return nil, fmt.Errorf("read the use of files: %w", err)
		}
		out[sha] = n
	}
	return out, rows.Err()
}
