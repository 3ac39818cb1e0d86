package backup

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"time"

	"qianshao/syncserver/internal/store"
)

// Target is where a backup is put back.
type Target struct {
	Config store.Config
	Files  Files // where files go; nil = there is no place for any
	// KeepSessions leaves the sessions of the time of the backup open. Left
	// false everybody signs in again: a machine that was revoked since would
	// have its session back.
	KeepSessions bool
	Now          func() time.Time
	Rand         io.Reader // makes the new epoch; nil = crypto/rand
}

// Restore puts a backup into an empty database, with a new epoch: desks see
// that the history is another one, read all anew and send what they hold that
// the backup does not. The database is brought to the present version.
// store.ErrNotEmpty if it is not empty.
func (b *Backup) Restore(ctx context.Context, t Target) (r Report, err error) {
	if err := store.CheckEmpty(ctx, t.Config); err != nil {
		return Report{}, err
	}
	found, err := b.Verify(ctx)
	if err != nil {
		return Report{}, fmt.Errorf("check the backup: %w", err)
	}
	rnd := t.Rand
	if rnd == nil {
		rnd = rand.Reader
	}
	var epoch [16]byte
	if _, err := io.ReadFull(rnd, epoch[:]); err != nil {
		return Report{}, fmt.Errorf("make epoch: %w", err)
	}
	// Files before the rows that name them.
	for _, f := range b.Manifest.Files {
		if t.Files == nil {
			return Report{}, errors.New("restore: the backup has files, and there is no place for files")
		}
		if err := t.Files.Put(ctx, f.SHA256, filePath(b.Dir, f.SHA256), f.Size); err != nil {
			return Report{}, fmt.Errorf("restore file %s: %w", f.SHA256, err)
		}
	}
	old := t.Config
	old.At = b.Manifest.Version
	s, err := store.Open(ctx, old)
	if err != nil {
		return Report{}, err
	}
	r = Report{Dir: b.Dir, Rows: found.rows, Tables: len(b.Manifest.Tables), Files: len(b.Manifest.Files), Epoch: hex.EncodeToString(epoch[:])}
	err = s.Once(ctx, func(q store.Q) error {
		if err := b.load(ctx, s, q, nil); err != nil {
			return err
		}
		if !t.KeepSessions {
			if err := store.EndSessions(ctx, q); err != nil {
				return err
			}
		}
		return store.BeginAnew(ctx, q, r.Epoch, b.Manifest.At)
	})
	if err = errors.Join(err, s.Close()); err != nil {
		return Report{}, fmt.Errorf("restore: %w", err)
	}
	now := t.Config
	now.Before = func(context.Context, *store.Store, int64) error { return nil } // the backup is the copy
	if s, err = store.Open(ctx, now); err != nil {
		return Report{}, err
	}
	return r, s.Close()
}

// loadRows is how many rows go in at a time.
const loadRows = 500

// load writes all tables into an empty database.
func (b *Backup) load(ctx context.Context, s *store.Store, q store.Q, progress func(table string, n int64)) error {
	if _, err := q.ExecContext(ctx, "DELETE FROM meta"); err != nil { // what its making has put there
		return err
	}
	for _, t := range b.Manifest.Tables {
		var batch [][]any
		var n int64
		flush := func() error {
			if len(batch) == 0 {
				return nil
			}
			err := s.Load(ctx, q, t.Table, batch)
			n += int64(len(batch))
			batch = batch[:0]
			if progress != nil {
				progress(t.Name, n)
			}
			return err
		}
		err := b.rows(ctx, t, func(row []any) error {
			if batch = append(batch, row); len(batch) >= loadRows {
				return flush()
			}
			return nil
		})
		if err == nil {
			err = flush()
		}
		if err != nil {
			return err
		}
	}
	return nil
}
