package wiring

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"qianshao/syncserver/internal/backup"
	"qianshao/syncserver/internal/store"
	"qianshao/syncserver/office/catalog"
	"qianshao/syncserver/office/document"
)

// Backup makes a backup in a new folder below dir while the server serves, and
// reads it back. From then on desks know what is durable.
func (s *Server) Backup(ctx context.Context, dir string) (backup.Report, error) {
	return backup.Write(ctx, backup.Source{Store: s.Store, Folders: s.folders(), Now: s.Now}, dir)
}

// blobFolder is the name of the contents of files in a backup.
const blobFolder = "blobs"

// folders are the files that belong to the database. Contents in an S3 store are
// that store's to keep.
func (s *Server) folders() []backup.Folder {
	if dir := s.filesOf(blobFolder); dir != "" {
		return []backup.Folder{{Name: blobFolder, Path: dir}}
	}
	return nil
}

// filesOf is where a folder of a backup goes; "" = nowhere.
func (c Config) filesOf(folder string) string {
	place, _ := c.places()
	if folder != blobFolder || strings.Contains(place, "://") {
		return ""
	}
	return place
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
	r, err := b.Restore(ctx, backup.Target{Config: c.store(cat.Kinds()), Files: c.filesOf, KeepSessions: keepSessions, Now: c.Now, Rand: c.Rand})
	if err != nil {
		return r, err
	}
	s, err := Open(ctx, c)
	if err != nil {
		return r, err
	}
	err = s.system(ctx, &document.CloseSeries{Epoch: r.Epoch})
	if err == nil {
		var faults []string
		if _, faults, err = s.Doctor(ctx); err == nil && len(faults) > 0 {
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
