package outbox

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"qianshao/syncserver/office"
)

// Blob is a file the person brought.
type Blob struct {
	SHA256 string
	Size   int64
	Up     bool        // the server said it has it
	Error  office.Code // why the server did not take it, last time
}

// AddBlob enters a file the person brought: until the server has it for
// certain, commands that refer to it wait.
func (b *Box) AddBlob(ctx context.Context, x Blob, at int64) error {
	return b.write(ctx, "enter a file", func(tx *sql.Tx) error {
		return exec(ctx, tx, "INSERT INTO blob (sha256, size, at) VALUES (?, ?, ?) ON CONFLICT (sha256) DO UPDATE SET state = 'wait', error = '', at = excluded.at", x.SHA256, x.Size, at)
	})
}

// BlobUp notes that the server has a file.
func (b *Box) BlobUp(ctx context.Context, sha string) error {
	return b.write(ctx, "note a file", func(tx *sql.Tx) error {
		return exec(ctx, tx, "UPDATE blob SET state = 'up', error = '' WHERE sha256 = ?", sha)
	})
}

// BlobError notes why the server did not take a file; "" forgets it.
func (b *Box) BlobError(ctx context.Context, sha string, code office.Code) error {
	return b.write(ctx, "note a file", func(tx *sql.Tx) error {
		return exec(ctx, tx, "UPDATE blob SET error = ? WHERE sha256 = ? AND error <> ?", string(code), sha, string(code))
	})
}

// FilesToSend are the files that commands to be sent refer to, those left out
// that such a command waits for already.
func (b *Box) FilesToSend(ctx context.Context) ([]string, error) {
	// From the few files to the many commands, at every push.
	return b.names(ctx, `SELECT DISTINCT x.sha256 FROM command_blob x CROSS JOIN command c ON c.mid = x.mid LEFT JOIN blob f ON f.sha256 = x.sha256
		WHERE c.outcome = '' AND c.ended = '' AND c.archived = 0 AND (c.n IS NOT NULL OR f.state IS NOT 'wait') ORDER BY x.sha256`)
}

func (b *Box) names(ctx context.Context, query string) ([]string, error) {
	rows, err := b.db.QueryContext(ctx, query)
	if err != nil {
		return nil, fmt.Errorf("read the outbox: %w", err)
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var sha string
		if err := rows.Scan(&sha); err != nil {
			return nil, fmt.Errorf("read the outbox: %w", err)
		}
		out = append(out, sha)
	}
	return out, rows.Err()
}

// Lack enters files that are here and that the server, which has handled this
// device's commands up to lastN, lacks: what refers to them waits. A push that
// was made when the server had them, and that names any of them in a command it
// has not handled, is made anew.
func (b *Box) Lack(ctx context.Context, files []Blob, at, lastN int64) error {
	return b.write(ctx, "enter files that the server lacks", func(tx *sql.Tx) error {
		recall := false
		for _, x := range files {
			if err := exec(ctx, tx, "INSERT INTO blob (sha256, size, at) VALUES (?, ?, ?) ON CONFLICT (sha256) DO UPDATE SET state = 'wait', error = ''", x.SHA256, x.Size, at); err != nil {
				return err
			}
			var n int
			if err := tx.QueryRowContext(ctx, "SELECT count(*) FROM command c JOIN command_blob x ON x.mid = c.mid WHERE x.sha256 = ? AND c.n > ? AND c.outcome = '' AND c.ended = ''", x.SHA256, lastN).Scan(&n); err != nil {
				return err
			}
			recall = recall || n > 0
		}
		if !recall {
			return nil
		}
		return recallPush(ctx, tx)
	})
}

// recallPush takes the numbers from all unanswered commands and gives the push
// under way up. If the server has handled none of them its ticket is still good;
// if it has handled some and never told, the next push meets another ticket and
// gets a new device, under which each command counts once all the same.
func recallPush(ctx context.Context, tx *sql.Tx) error {
	var first, answered sql.NullInt64
	err := tx.QueryRowContext(ctx, `SELECT min(CASE outcome WHEN '' THEN n END), max(CASE outcome WHEN '' THEN NULL ELSE n END)
		FROM command WHERE n IS NOT NULL AND dev = (SELECT dev FROM desk)`).Scan(&first, &answered)
	if err != nil || !first.Valid || first.Int64 <= answered.Int64 {
		return err
	}
	if err := exec(ctx, tx, "UPDATE command SET n = NULL, dev = '' WHERE n IS NOT NULL AND outcome = '' AND dev = (SELECT dev FROM desk)"); err != nil {
		return err
	}
	return exec(ctx, tx, "UPDATE desk SET n = ?, flight = NULL, next = ''", first.Int64-1)
}

// Kept are the files the person brought that belong to a command which no
// verified backup of the server holds yet: should it go back to one, only this
// desk has them.
func (b *Box) Kept(ctx context.Context) ([]string, error) {
	return b.names(ctx, "SELECT DISTINCT f.sha256 FROM blob f CROSS JOIN command_blob x ON x.sha256 = f.sha256 CROSS JOIN command c ON c.mid = x.mid WHERE c.ended = '' AND c.archived = 0")
}

// needed are the commands whose files must stay on this desk: those not
// answered, and refused ones that the person has not ended.
const needed = "SELECT x.sha256 FROM command_blob x JOIN command c ON c.mid = x.mid WHERE c.ended = '' AND c.archived = 0 AND (c.outcome = '' OR c.outcome IN (" + refused + "))"

// Blobs are the files the person brought that some command still needs; with
// wait only those the server does not have for certain.
func (b *Box) Blobs(ctx context.Context, wait bool) ([]Blob, error) {
	where := ""
	if wait {
		where = " AND state = 'wait'"
	}
	return b.blobs(ctx, "sha256 IN ("+needed+")"+where)
}

// AllBlobs are all files that were brought here and not forgotten.
func (b *Box) AllBlobs(ctx context.Context) ([]Blob, error) { return b.blobs(ctx, "1") }

func (b *Box) blobs(ctx context.Context, where string) ([]Blob, error) {
	rows, err := b.db.QueryContext(ctx, "SELECT sha256, size, state = 'up', error FROM blob WHERE "+where+" ORDER BY at, sha256")
	if err != nil {
		return nil, fmt.Errorf("read the outbox: %w", err)
	}
	defer rows.Close()
	var out []Blob
	for rows.Next() {
		var x Blob
		if err := rows.Scan(&x.SHA256, &x.Size, &x.Up, &x.Error); err != nil {
			return nil, fmt.Errorf("read the outbox: %w", err)
		}
		out = append(out, x)
	}
	return out, rows.Err()
}

// ForgetBlob forgets a file that no command needs.
func (b *Box) ForgetBlob(ctx context.Context, sha string) error {
	return b.write(ctx, "forget a file", func(tx *sql.Tx) error {
		return exec(ctx, tx, "DELETE FROM blob WHERE sha256 = ?1 AND sha256 NOT IN ("+needed+")", sha)
	})
}

// waits is the condition of a command that must not be sent yet, for a file.
const waits = "n IS NULL AND EXISTS (SELECT 1 FROM command_blob x JOIN blob f ON f.sha256 = x.sha256 WHERE x.mid = command.mid AND f.state = 'wait')"

// WaitForBlobs are the commands to be sent that wait for a file, and for which.
func (b *Box) WaitForBlobs(ctx context.Context) (map[string][]Blob, error) {
	rows, err := b.db.QueryContext(ctx, `SELECT c.mid, f.sha256, f.size, f.error FROM command c JOIN command_blob x ON x.mid = c.mid JOIN blob f ON f.sha256 = x.sha256
		WHERE c.n IS NULL AND c.outcome = '' AND c.ended = '' AND c.archived = 0 AND f.state = 'wait'`)
	if err != nil {
		return nil, fmt.Errorf("read the outbox: %w", err)
	}
	defer rows.Close()
	out := map[string][]Blob{}
	for rows.Next() {
		var mid string
		var x Blob
		if err := rows.Scan(&mid, &x.SHA256, &x.Size, &x.Error); err != nil {
			return nil, fmt.Errorf("read the outbox: %w", err)
		}
		out[mid] = append(out[mid], x)
	}
	return out, rows.Err()
}

// viewed is what ForgetViewed needs of an entry of a command's context.
type viewed struct {
	Kind string `json:"kind"`
	ID   string `json:"id"`
}

// ForgetViewed takes these records, by kind and id, out of what is kept of what
// the person saw: they were taken from the person. It reports whether anything
// was kept of them; before is called then, while it still is: what other files
// have of it must go first, for after a kill nobody would know.
func (b *Box) ForgetViewed(ctx context.Context, gone map[[2]string]bool, before func() error) (bool, error) {
	if len(gone) == 0 {
		return false, nil
	}
	rows, err := b.db.QueryContext(ctx, "SELECT mid, context FROM command WHERE context <> '[]'")
	if err != nil {
		return false, fmt.Errorf("read the outbox: %w", err)
	}
	set := map[string]string{}
	for rows.Next() {
		var mid, raw string
		if err := rows.Scan(&mid, &raw); err != nil {
			rows.Close()
			return false, fmt.Errorf("read the outbox: %w", err)
		}
		var all, kept []json.RawMessage
		if json.Unmarshal([]byte(raw), &all) != nil {
			continue
		}
		kept = []json.RawMessage{}
		for _, x := range all {
			var v viewed
			if json.Unmarshal(x, &v) == nil && gone[[2]string{v.Kind, v.ID}] {
				continue
			}
			kept = append(kept, x)
		}
		if len(kept) < len(all) {
			now, err := json.Marshal(kept)
			if err != nil {
				rows.Close()
				return false, err
			}
			set[mid] = string(now)
		}
	}
	if err := rows.Err(); err != nil {
		return false, fmt.Errorf("read the outbox: %w", err)
	}
	rows.Close()
	if len(set) == 0 {
		return false, nil
	}
	if err := before(); err != nil {
		return false, err
	}
	err = b.write(ctx, "forget what was seen", func(tx *sql.Tx) error {
		for mid, now := range set {
			if err := exec(ctx, tx, "UPDATE command SET context = ? WHERE mid = ?", now, mid); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return false, err
	}
	return true, b.truncate(ctx)
}

// truncate empties the log, so that what was overwritten is in no file.
func (b *Box) truncate(ctx context.Context) error {
	var busy, log, done int
	if err := b.db.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &log, &done); err != nil {
		return fmt.Errorf("outbox: truncate the log: %w", err)
	}
	return nil
}
