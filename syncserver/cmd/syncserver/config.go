package main

import (
	"context"
	"crypto/rand"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"qianshao/syncserver/internal/identity"
	"qianshao/syncserver/internal/store"
	"qianshao/syncserver/internal/wiring"
)

// databaseEnv may hold the database's URL: on the command line other users of
// the machine would read its password.
const databaseEnv = "QIANSHAO_DATABASE"

// blobsEnv may hold the place of files, which may hold a secret too.
const blobsEnv = "QIANSHAO_BLOBS"

// where are the flags that say which store is meant.
type where struct {
	data, database      string
	blobs               string
	blobMax, blobQuota  int64 // MiB
	copies              string
	logLevel, logFormat string
}

// flags makes the flag set of a command with the flags all have.
func (p *program) flags(name string) (*flag.FlagSet, *where) {
	f := flag.NewFlagSet("syncserver "+name, flag.ContinueOnError)
	f.SetOutput(p.err)
	w := &where{}
	f.StringVar(&w.data, "data", "", "folder of the embedded database; made if it is absent")
	f.StringVar(&w.database, "database", "", "PostgreSQL URL, instead of --data; also in $"+databaseEnv)
	f.StringVar(&w.blobs, "blobs", "", "folder of files, or s3://KEY:SECRET@HOST/BUCKET[/PREFIX][?region=R&tls=off]; also in $"+blobsEnv+"; default: the folder blobs in --data")
	f.Int64Var(&w.blobMax, "blob-max", 0, "most MiB of one file; 0 = 2048")
	f.Int64Var(&w.blobQuota, "blob-quota", 0, "most MiB of files a person may bring that belong to nothing yet; 0 = 10240")
	f.StringVar(&w.copies, "copies", "", "folder for a copy of a PostgreSQL database before a new version of this program changes its tables")
	level := "warn" // commands of a moment tell on standard output what they did
	if name == "serve" {
		level = "info"
	}
	f.StringVar(&w.logLevel, "log-level", level, "debug, info, warn or error")
	f.StringVar(&w.logFormat, "log-format", "text", "text or json; the log goes to standard error")
	return f, w
}

// parse reads flags that may stand before and after the other arguments, of
// which there must be n.
func (p *program) parse(f *flag.FlagSet, args []string, n int) ([]string, error) {
	var rest []string
	for {
		if err := f.Parse(args); err != nil {
			if errors.Is(err, flag.ErrHelp) {
				return nil, err
			}
			return nil, errUsage // the flag package has told it
		}
		if f.NArg() == 0 {
			break
		}
		rest = append(rest, f.Arg(0))
		args = f.Args()[1:]
	}
	if len(rest) != n {
		return nil, p.usageError("%s: %d arguments are needed, %d are here; see --help", f.Name(), n, len(rest))
	}
	return rest, nil
}

// logger makes the log the flags ask for.
func (p *program) logger(w *where) (*slog.Logger, error) {
	var level slog.Level
	if err := level.UnmarshalText([]byte(w.logLevel)); err != nil {
		return nil, p.usageError("--log-level %q: debug, info, warn or error", w.logLevel)
	}
	o := &slog.HandlerOptions{Level: level}
	switch w.logFormat {
	case "text":
		return slog.New(slog.NewTextHandler(p.err, o)), nil
	case "json":
		return slog.New(slog.NewJSONHandler(p.err, o)), nil
	}
	return nil, p.usageError("--log-format %q: text or json", w.logFormat)
}

// mode says how a command opens the store.
type mode struct {
	mustExist bool            // do not make a new embedded database
	passwords identity.Params // zero = the usual costs

	offlineTerm time.Duration // of desks; see wiring.Config
}

// open opens the store that the flags mean.
func (p *program) open(ctx context.Context, w *where, m mode) (*wiring.Server, error) {
	c, err := p.config(w, m)
	if err != nil {
		return nil, err
	}
	return wiring.Open(ctx, c)
}

// config is what the flags mean.
func (p *program) config(w *where, m mode) (wiring.Config, error) {
	log, err := p.logger(w)
	if err != nil {
		return wiring.Config{}, err
	}
	if w.database == "" && w.data == "" {
		w.database = os.Getenv(databaseEnv)
	}
	if w.data == "" && w.database == "" {
		return wiring.Config{}, p.usageError("--data DIR or --database URL is needed")
	}
	if w.database != "" && !strings.Contains(w.database, "=") && !strings.HasPrefix(w.database, "postgres://") && !strings.HasPrefix(w.database, "postgresql://") {
		return wiring.Config{}, p.usageError("--database: a PostgreSQL URL is needed, such as postgres://user@host/name")
	}
	if m.mustExist && w.database == "" {
		if _, err := os.Stat(filepath.Join(w.data, store.File)); errors.Is(err, fs.ErrNotExist) {
			return wiring.Config{}, fmt.Errorf("no database in %s", w.data)
		} else if err != nil {
			return wiring.Config{}, fmt.Errorf("find database: %w", err)
		}
	}
	if w.blobs == "" {
		w.blobs = os.Getenv(blobsEnv)
	}
	if w.blobMax < 0 || w.blobQuota < 0 {
		return wiring.Config{}, p.usageError("--blob-max and --blob-quota: 0 or more")
	}
	return wiring.Config{
		Blobs: w.blobs, BlobMax: w.blobMax << 20, BlobQuota: w.blobQuota << 20,
		Dir: w.data, URL: w.database, Now: time.Now, Rand: rand.Reader, Log: log, Passwords: m.passwords, Copies: w.copies,
		OfflineTerm: m.offlineTerm,
	}, nil
}
