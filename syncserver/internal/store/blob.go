package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"qianshao/syncserver/office"
	"qianshao/syncserver/rowsql"
)

// States of a content.
const (
	BlobLive  = "live"
	BlobDying = "dying" // it is being removed: as if it were not there
)

// Blob is a complete content.
type Blob struct {
	SHA256 string
	Size   int64
	State  string
}

// FindBlob reads a content's row; share keeps it from dying until the
// transaction ends.
func FindBlob(ctx context.Context, q Q, sha string, share bool) (Blob, bool, error) {
	query := "SELECT size, state FROM blob WHERE sha256 = ?"
	if share && q.Dialect() == rowsql.Postgres {
		query += " FOR SHARE"
	}
	b := Blob{SHA256: sha}
	err := q.QueryRowContext(ctx, query, sha).Scan(&b.Size, &b.State)
	if err == sql.ErrNoRows {
		return b, false, nil
	}
	if err != nil {
		return b, false, fmt.Errorf("read file: %w", err)
	}
	return b, true, nil
}

// PutBlob enters a content that is complete and who has brought it. A content
// that is dying is a lost race: see Retryable.
func PutBlob(ctx context.Context, q Q, b Blob, uid office.UserID, at time.Time) error {
	res, err := q.ExecContext(ctx, "INSERT INTO blob (sha256, size, state, at) VALUES (?, ?, ?, ?) ON CONFLICT (sha256) DO UPDATE SET at = excluded.at WHERE blob.state = ?",
		b.SHA256, b.Size, BlobLive, millis(at), BlobLive)
	if err != nil {
		return fmt.Errorf("enter file: %w", err)
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return firstOf(err, fmt.Errorf("enter file: %w", ErrConflict))
	}
	if _, err := q.ExecContext(ctx, "INSERT INTO blob_up (sha256, uid, at) VALUES (?, ?, ?) ON CONFLICT (sha256, uid) DO UPDATE SET at = excluded.at", b.SHA256, string(uid), millis(at)); err != nil {
		return fmt.Errorf("enter file: %w", err)
	}
	return nil
}

// Brought reports whether a person has brought a content.
func Brought(ctx context.Context, q Q, sha string, uid office.UserID) (bool, error) {
	return exists(ctx, q, "SELECT count(*) FROM blob_up WHERE sha256 = ? AND uid = ?", sha, string(uid))
}

// RefersUnder reports whether a record under a root refers to a content.
func RefersUnder(ctx context.Context, q Q, sha, root string) (bool, error) {
	return exists(ctx, q, "SELECT count(*) FROM blob_ref WHERE sha256 = ? AND root = ?", sha, root)
}

// MayRead reports whether a record that refers to a content is in a channel of
// the person, or off the desks and open to one.
func MayRead(ctx context.Context, q Q, sha string, uid office.UserID) (bool, error) {
	return exists(ctx, q, `SELECT count(*) FROM blob_ref b WHERE b.sha256 = ? AND (
		EXISTS (SELECT 1 FROM chan_row c JOIN sub s ON s.chan = c.chan WHERE c.kind = b.kind AND c.id = b.id AND c.rem = 0 AND s.uid = ?) OR
		EXISTS (SELECT 1 FROM away a JOIN sub s ON s.chan = a.chan WHERE a.kind = b.kind AND a.id = b.id AND s.uid = ?))`, sha, string(uid), string(uid))
}

func exists(ctx context.Context, q Q, query string, args ...any) (bool, error) {
	var n int64
	if err := q.QueryRowContext(ctx, query, args...).Scan(&n); err != nil {
		return false, fmt.Errorf("read references to files: %w", err)
	}
	return n > 0, nil
}

// SetBlobRefs makes the references of a record exactly these; none removes all.
func SetBlobRefs(ctx context.Context, q Q, kind, id, root string, shas []string) error {
	if _, err := q.ExecContext(ctx, "DELETE FROM blob_ref WHERE kind = ? AND id = ?", kind, id); err != nil {
		return fmt.Errorf("write references to files: %w", err)
	}
	for _, sha := range shas {
		if _, err := q.ExecContext(ctx, "INSERT INTO blob_ref (kind, id, sha256, root) VALUES (?, ?, ?, ?)", kind, id, sha, root); err != nil {
			return fmt.Errorf("write references to files: %w", err)
		}
	}
	return nil
}

// Unreferred is how many bytes a person has brought that no record refers to.
func Unreferred(ctx context.Context, q Q, uid office.UserID) (int64, error) {
	var n int64
	err := q.QueryRowContext(ctx, "SELECT coalesce(sum(b.size), 0) FROM blob_up u JOIN blob b ON b.sha256 = u.sha256 WHERE u.uid = ? AND NOT EXISTS (SELECT 1 FROM blob_ref r WHERE r.sha256 = b.sha256)", string(uid)).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("count files: %w", err)
	}
	return n, nil
}

// Orphans are contents without a reference, last brought before a time, and
// those whose removal was begun.
func Orphans(ctx context.Context, q Q, before time.Time, limit int) ([]string, error) {
	rs, err := q.QueryContext(ctx, "SELECT sha256 FROM blob b WHERE state = ? OR at < ? AND NOT EXISTS (SELECT 1 FROM blob_ref r WHERE r.sha256 = b.sha256) ORDER BY sha256 LIMIT ?", BlobDying, millis(before), int64(limit))
	if err != nil {
		return nil, fmt.Errorf("find orphans: %w", err)
	}
	defer rs.Close()
	var out []string
	for rs.Next() {
		var sha string
		if err := rs.Scan(&sha); err != nil {
			return nil, fmt.Errorf("find orphans: %w", err)
		}
		out = append(out, sha)
	}
	return out, rs.Err()
}

// Condemn marks an orphan as dying and reports whether it was still one. From
// then on nobody can refer to it or bring it, until Bury.
func Condemn(ctx context.Context, q Q, sha string, before time.Time) (bool, error) {
	query := "SELECT state, at FROM blob WHERE sha256 = ?"
	if q.Dialect() == rowsql.Postgres {
		query += " FOR UPDATE"
	}
	var state string
	var at int64
	err := q.QueryRowContext(ctx, query, sha).Scan(&state, &at)
	if err == sql.ErrNoRows {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("condemn orphan: %w", err)
	}
	if state == BlobDying {
		return true, nil
	}
	// A statement of its own: it sees what was committed before the row was held.
	used, err := exists(ctx, q, "SELECT count(*) FROM blob_ref WHERE sha256 = ?", sha)
	if err != nil || used || at >= millis(before) {
		return false, err
	}
	if _, err := q.ExecContext(ctx, "UPDATE blob SET state = ? WHERE sha256 = ?", BlobDying, sha); err != nil {
		return false, fmt.Errorf("condemn orphan: %w", err)
	}
	return true, nil
}

// Bury forgets a content that has been removed.
func Bury(ctx context.Context, q Q, sha string) error {
	for _, query := range []string{"DELETE FROM blob_up WHERE sha256 = ?", "DELETE FROM blob WHERE sha256 = ? AND state = '" + BlobDying + "'"} {
		if _, err := q.ExecContext(ctx, query, sha); err != nil {
			return fmt.Errorf("forget orphan: %w", err)
		}
	}
	return nil
}
