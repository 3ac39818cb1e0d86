package wiring

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"qianshao/syncserver/internal/backup"
	"qianshao/syncserver/internal/blobs"
	"qianshao/syncserver/internal/store"
	"qianshao/syncserver/office/catalog"
	"qianshao/syncserver/office/document"
)

// Backup makes a backup in a new folder below dir while the server serves, and
// reads it back. From then on desks know what is durable.
func (s *Server) Backup(ctx context.Context, dir string) (backup.Report, error) {
	src := backup.Source{Store: s.Store, Now: s.Now}
	// Contents in an S3 store are that store's to keep.
	if place, _ := s.places(); strings.Contains(place, "://") {
		src.Elsewhere = true
	} else if s.contents != nil {
		src.Files = s.contents
	}
	return backup.Write(ctx, src, dir)
}

// Restore puts a backup into the empty database that c names. The history
// begins anew; number series stay closed until a clerk opens them.
// store.ErrNotEmpty if the database is not empty.
func Restore(ctx context.Context, from string, c Config, keepSessions bool) (backup.Report, error) {
	b, err := backup.Open(from)
	if err != nil {
		return backup.Report{}, err
	}
	cat := c.Catalog
	if cat == nil {
		if cat, err = catalog.New(); err != nil {
			return backup.Report{}, fmt.Errorf("catalog: %w", err)
		}
	}
	var files backup.Files
	if place, _ := c.places(); place != "" && len(b.Manifest.Files) > 0 {
		if files, err = blobs.Open(ctx, place); err != nil {
			return backup.Report{}, err
		}
	}
	r, err := b.Restore(ctx, backup.Target{Config: c.store(cat.Kinds()), Files: files, KeepSessions: keepSessions, Now: c.Now, Rand: c.Rand})
	if err != nil {
		return r, err
	}
	s, err := Open(ctx, c)
	if err != nil {
		return r, err
	}
	err = s.system(ctx, &document.CloseSeries{Epoch: r.Epoch})
	if err == nil {
		// A machine that was stuck when the backup was made is no fault of it.
		var faults []string
		if faults, _, err = s.Authority.Audit(ctx); err == nil && len(faults) > 0 {
			err = fmt.Errorf("after the restore: %s (and %d more)", faults[0], len(faults)-1)
		}
	}
	return r, errors.Join(err, s.Close())
}

// ErrMoved says that the office lives elsewhere now.
var ErrMoved = errors.New("this office has moved to another database")

// Move takes the office from the embedded database in one folder to the empty
// PostgreSQL database of another. What is left behind serves no longer.
func Move(ctx context.Context, from, to Config, progress func(what, table string, rows int64)) (backup.Report, error) {
	s, err := Open(ctx, from)
	if err != nil {
		return backup.Report{}, err
	}
	if err := s.CheckHere(ctx); err != nil {
		return backup.Report{}, errors.Join(err, s.Close())
	}
	r, err := backup.Move(ctx, s.Store, to.store(s.Catalog.Kinds()), progress)
	if err == nil {
		err = s.Store.Write(ctx, func(q store.Q) error {
			return store.SetMeta(ctx, q, store.MetaMoved, s.Now().UTC().Format(time.RFC3339))
		})
	}
	return r, errors.Join(err, s.Close())
}

// CheckHere is ErrMoved if the office has moved away from this database.
func (s *Server) CheckHere(ctx context.Context) error {
	return s.Store.Read(ctx, func(q store.Q) error {
		at, err := store.Meta(ctx, q, store.MetaMoved)
		if err == nil && at != "" {
			err = fmt.Errorf("%w, at %s", ErrMoved, at)
		}
		return err
	})
}
