// Package backup writes a server's database as files that outlive its versions
// and fit either database, reads them back, and puts them into an empty one.
//
// A backup is a folder:
//
//	manifest.json            what is in it, with the digests of all files
//	tables/<name>.jsonl.zst  a table's rows in the order of its key, one JSON list each
//	files/<ab>/<sha256>      files that belong to the database, by their hash
//
// It is taken in one snapshot while the server serves and counts only after it
// was read back: every digest, the sum of every record, every channel's sum
// and history (design: sync.md §4, a server restored from backup).
package backup

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/klauspost/compress/zstd"

	"qianshao/syncserver/internal/store"
	"qianshao/syncserver/office"
)

// Format is the version of the folder's form.
const Format = 1

// ManifestName is the file that makes a folder a backup.
const ManifestName = "manifest.json"

// Manifest says what a backup holds.
type Manifest struct {
	Format  int         `json:"format"`
	At      int64       `json:"at"` // Millis before its snapshot was taken
	Epoch   string      `json:"epoch"`
	Version int64       `json:"version"` // of the numbered migrations
	Tables  []TableFile `json:"tables"`
	Files   []File      `json:"files,omitempty"`
	// Elsewhere: the files are in a store of their own, not in the backup.
	Elsewhere bool `json:"files_elsewhere,omitempty"`
}

// TableFile is one table.
type TableFile struct {
	store.Table
	Rows   int64  `json:"rows"`
	SHA256 string `json:"sha256"` // of the file
}

// File is one file that belongs to the database.
type File struct {
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
}

// Files are files that are kept with the database, each under the SHA-256 of
// its contents: a content never changes. blobs.Store is one.
type Files interface {
	List(ctx context.Context, f func(sha string, at time.Time) error) error
	Open(ctx context.Context, sha string, offset int64) (io.ReadCloser, int64, error)
	Put(ctx context.Context, sha, file string, size int64) error
}

// Source is what to back up.
type Source struct {
	Store *store.Store
	Files Files // nil = none
	// Elsewhere says that there are files, and that another program keeps them.
	Elsewhere bool
	Now       func() time.Time
}

// Report is what came of a backup or a restore.
type Report struct {
	Dir    string
	Rows   int64
	Tables int
	Files  int
	Epoch  string
}

// Write makes a backup in a new folder below dir, reads it back, and then notes
// in the database what is durable. A folder that is not complete has the suffix
// ".part" and counts for nothing.
func Write(ctx context.Context, s Source, dir string) (Report, error) {
	m := Manifest{Format: Format, At: office.Millis(s.Now()), Elsewhere: s.Elsewhere}
	name := "backup-" + s.Now().UTC().Format("20060102T150405.000Z")
	final := filepath.Join(dir, name)
	part := final + ".part"
	if err := os.MkdirAll(filepath.Join(part, "tables"), 0o700); err != nil {
		return Report{}, fmt.Errorf("make backup: %w", err)
	}
	err := s.Store.Read(ctx, func(q store.Q) error {
		var err error
		if m.Version, err = store.Version(ctx, q); err != nil {
			return err
		}
		if m.Epoch, err = store.Meta(ctx, q, store.MetaEpoch); err != nil {
			return err
		}
		tables, err := s.Store.Tables(ctx, q)
		if err != nil {
			return err
		}
		for _, t := range tables {
			f, err := writeTable(ctx, q, t, part)
			if err != nil {
				return err
			}
			m.Tables = append(m.Tables, f)
		}
		return nil
	})
	if err != nil {
		return Report{}, fmt.Errorf("back up: %w", err)
	}
	// After the snapshot: what its rows name is there, what came later does no harm.
	if s.Files != nil {
		if m.Files, err = copyFiles(ctx, s.Files, part); err != nil {
			return Report{}, fmt.Errorf("back up files: %w", err)
		}
	}
	raw, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return Report{}, fmt.Errorf("back up: %w", err)
	}
	if err := writeFile(filepath.Join(part, ManifestName), raw); err != nil {
		return Report{}, fmt.Errorf("back up: %w", err)
	}
	b, err := Open(part)
	if err != nil {
		return Report{}, fmt.Errorf("read the backup back: %w", err)
	}
	found, err := b.Verify(ctx)
	if err != nil {
		return Report{}, fmt.Errorf("read the backup back: %w", err)
	}
	if err := syncDir(part); err != nil {
		return Report{}, fmt.Errorf("back up: %w", err)
	}
	if err := os.Rename(part, final); err != nil {
		return Report{}, fmt.Errorf("back up: %w", err)
	}
	if err := syncDir(dir); err != nil {
		return Report{}, fmt.Errorf("back up: %w", err)
	}
	err = s.Store.Write(ctx, func(q store.Q) error {
		if epoch, err := store.Meta(ctx, q, store.MetaEpoch); err != nil || epoch != m.Epoch {
			return errors.Join(err, errors.New("the database was replaced meanwhile"))
		}
		return store.SetDurable(ctx, q, found.devices, m.At)
	})
	if err != nil {
		return Report{}, fmt.Errorf("note the backup: %w", err)
	}
	return Report{Dir: final, Rows: found.rows, Tables: len(m.Tables), Files: len(m.Files), Epoch: m.Epoch}, nil
}

// A coder holds megabytes; a backup has fifty files, most of them small.
var (
	encoders = sync.Pool{New: func() any {
		z, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1))
		if err != nil {
			panic(err) // only of bad options
		}
		return z
	}}
	decoders = sync.Pool{New: func() any {
		z, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1))
		if err != nil {
			panic(err)
		}
		return z
	}}
)

// writeTable writes one table's file.
func writeTable(ctx context.Context, q store.Q, t store.Table, dir string) (TableFile, error) {
	out := TableFile{Table: t}
	f, err := os.OpenFile(tablePath(dir, t.Name), os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return out, err
	}
	defer f.Close()
	sum := sha256.New()
	z := encoders.Get().(*zstd.Encoder)
	defer func() { z.Reset(nil); encoders.Put(z) }()
	z.Reset(io.MultiWriter(f, sum))
	w := bufio.NewWriterSize(z, 1<<16)
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	err = store.Dump(ctx, q, t, func(row []any) error {
		out.Rows++
		return e.Encode(encodeRow(row))
	})
	if err := errors.Join(err, w.Flush(), z.Close(), f.Sync(), f.Close()); err != nil {
		return out, fmt.Errorf("table %s: %w", t.Name, err)
	}
	out.SHA256 = hex.EncodeToString(sum.Sum(nil))
	return out, nil
}

// encodeRow makes a row JSON keeps exactly.
func encodeRow(row []any) []any {
	for i, v := range row {
		switch x := v.(type) {
		case []byte:
			row[i] = base64.StdEncoding.EncodeToString(x)
		case float64:
			row[i] = json.RawMessage(strconv.FormatFloat(x, 'g', -1, 64))
		}
	}
	return row
}

// decodeRow reads one back.
func decodeRow(t store.Table, line []byte) ([]any, error) {
	bad := fmt.Errorf("table %s: a row of another form", t.Name)
	d := json.NewDecoder(strings.NewReader(string(line)))
	d.UseNumber()
	var row []any
	if err := d.Decode(&row); err != nil || len(row) != len(t.Columns) {
		return nil, bad
	}
	for i, c := range t.Columns {
		switch v := row[i].(type) {
		case nil:
		case json.Number:
			var err error
			switch c.Type {
			case store.TypeInt:
				row[i], err = v.Int64()
			case store.TypeReal:
				row[i], err = v.Float64()
			default:
				return nil, bad
			}
			if err != nil {
				return nil, bad
			}
		case string:
			switch c.Type {
			case store.TypeText:
			case store.TypeBytes:
				b, err := base64.StdEncoding.DecodeString(v)
				if err != nil {
					return nil, bad
				}
				row[i] = b
			default:
				return nil, bad
			}
		default:
			return nil, bad
		}
	}
	return row, nil
}

func tablePath(dir, table string) string { return filepath.Join(dir, "tables", table+".jsonl.zst") }

// copyFiles copies all files. One that goes while it is copied is no longer
// referred to.
func copyFiles(ctx context.Context, from Files, dir string) ([]File, error) {
	var names []string
	if err := from.List(ctx, func(sha string, _ time.Time) error { names = append(names, sha); return nil }); err != nil {
		return nil, err
	}
	slices.Sort(names)
	var out []File
	for _, sha := range names {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		in, _, err := from.Open(ctx, sha, 0)
		if err != nil {
			continue // its absence shows where it is needed: see Verify
		}
		n, sum, err := copyFile(in, filePath(dir, sha))
		if err = errors.Join(err, in.Close()); err != nil {
			return nil, err
		}
		if sum != sha {
			return nil, fmt.Errorf("file %s is not the one that was stored", sha)
		}
		out = append(out, File{Size: n, SHA256: sha})
	}
	return out, nil
}

// filePath is where a file lies in a backup. The name has been checked.
func filePath(dir, sha string) string { return filepath.Join(dir, "files", sha[:2], sha) }

func copyFile(in io.Reader, to string) (int64, string, error) {
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		return 0, "", err
	}
	out, err := os.OpenFile(to, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return 0, "", err
	}
	sum := sha256.New()
	n, err := io.Copy(io.MultiWriter(out, sum), in)
	return n, hex.EncodeToString(sum.Sum(nil)), errors.Join(err, out.Sync(), out.Close())
}

func writeFile(path string, b []byte) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(b)
	return errors.Join(err, f.Sync(), f.Close())
}

// Prune removes all but the newest n backups below dir.
func Prune(dir string, n int) (removed []string, err error) {
	es, err := os.ReadDir(dir) // sorted by name, which is by time
	if err != nil {
		return nil, fmt.Errorf("list backups: %w", err)
	}
	var all []string
	for _, e := range es {
		if e.IsDir() && strings.HasPrefix(e.Name(), "backup-") && !strings.HasSuffix(e.Name(), ".part") {
			all = append(all, e.Name())
		}
	}
	for _, name := range all[:max(0, len(all)-n)] {
		if err := os.RemoveAll(filepath.Join(dir, name)); err != nil {
			return removed, fmt.Errorf("remove an old backup: %w", err)
		}
		removed = append(removed, name)
	}
	return removed, nil
}
