package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"

	"qianshao/syncserver/internal/backup"
	"qianshao/syncserver/internal/store"
	"qianshao/syncserver/internal/wiring"
)

// backup makes a backup while the server serves.
func (p *program) backup(ctx context.Context, args []string) error {
	f, w := p.flags("backup")
	to := f.String("to", "", "folder in which a new folder with the backup is made; better on another disk")
	keep := f.Int("keep", 0, "remove all but the newest N backups afterwards; 0 = remove none")
	if _, err := p.parse(f, args, 0); err != nil {
		return err
	}
	if *to == "" || *keep < 0 {
		return p.usageError("backup: --to DIR is needed")
	}
	s, err := p.open(ctx, w, mode{mustExist: true})
	if err != nil {
		return err
	}
	defer s.Close()
	r, err := s.Backup(ctx, *to)
	if err != nil {
		return err
	}
	fmt.Fprintf(p.out, "%s: %d rows of %d tables, %d files; read back and good\n", r.Dir, r.Rows, r.Tables, r.Files)
	if *keep > 0 {
		gone, err := backup.Prune(*to, *keep)
		for _, g := range gone {
			fmt.Fprintln(p.out, "removed", g)
		}
		return err
	}
	return nil
}

// restore puts a backup into an empty database.
func (p *program) restore(ctx context.Context, args []string) error {
	f, w := p.flags("restore")
	from := f.String("from", "", "folder of one backup (backup-…)")
	sessions := f.Bool("keep-sessions", false, "leave the sessions of the time of the backup open; else everybody signs in again")
	if _, err := p.parse(f, args, 0); err != nil {
		return err
	}
	if *from == "" {
		return p.usageError("restore: --from DIR is needed")
	}
	c, err := p.config(w, mode{})
	if err != nil {
		return err
	}
	r, err := wiring.Restore(ctx, *from, c, *sessions)
	if err != nil {
		return err
	}
	fmt.Fprintf(p.out, "%d rows of %d tables, %d files are restored; the history begins anew (%.8s)\n", r.Rows, r.Tables, r.Files, r.Epoch)
	fmt.Fprintln(p.out, "Number series are closed until a clerk opens each: document.reopen_series@1.")
	fmt.Fprintln(p.out, "Do again what was done since the backup: revoked devices, disabled accounts, new passwords.")
	return nil
}

// migrate takes the office from the embedded database to PostgreSQL.
func (p *program) migrate(ctx context.Context, args []string) error {
	f, w := p.flags("migrate")
	from := f.String("from", "", "folder of the embedded database; nothing may serve it meanwhile")
	to := f.String("to", "", "URL of an empty PostgreSQL database; also in $"+databaseEnv)
	if _, err := p.parse(f, args, 0); err != nil {
		return err
	}
	if *to == "" {
		*to = os.Getenv(databaseEnv)
	}
	if *from == "" || *to == "" || w.data != "" || w.database != "" {
		return p.usageError("migrate: --from DIR and --to URL are needed")
	}
	log, err := p.logger(w)
	if err != nil {
		return err
	}
	if _, err := os.Stat(filepath.Join(*from, store.File)); err != nil {
		return fmt.Errorf("no database in %s", *from)
	}
	lock := flock.New(filepath.Join(*from, serveLock))
	if free, err := lock.TryLock(); err != nil {
		return fmt.Errorf("lock folder: %w", err)
	} else if !free {
		return fmt.Errorf("a server works on %s: stop it first", *from)
	}
	defer lock.Unlock()
	source := wiring.Config{Dir: *from, Now: time.Now, Rand: rand.Reader, Log: log}
	target := wiring.Config{URL: *to, Now: time.Now, Rand: rand.Reader, Log: log}
	line := ""
	r, err := wiring.Move(ctx, source, target, func(what, table string, rows int64) {
		next := fmt.Sprintf("%s %s: %d rows", what, table, rows)
		fmt.Fprintf(p.err, "\r%-*s", len(line), next) // one line, written over
		line = next
	})
	if line != "" {
		fmt.Fprintln(p.err)
	}
	if err != nil {
		return errors.Join(err, errors.New("nothing was changed in the folder; empty the target before you try again"))
	}
	fmt.Fprintf(p.out, "%d rows of %d tables are moved and compared one by one; %s serves no longer\n", r.Rows, r.Tables, *from)
	fmt.Fprintf(p.out, "Files stay where they are: serve with --blobs %s, or the store they lie in.\n", filepath.Join(*from, "blobs"))
	return nil
}
