package backup

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/klauspost/compress/zstd"

	"qianshao/syncserver/internal/store"
	"qianshao/syncserver/office"
)

// Backup is an opened backup.
type Backup struct {
	Dir      string
	Manifest Manifest
}

// Open reads a backup's manifest.
func Open(dir string) (*Backup, error) {
	raw, err := os.ReadFile(filepath.Join(dir, ManifestName))
	if errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("%s is no backup: it has no %s", dir, ManifestName)
	}
	if err != nil {
		return nil, fmt.Errorf("open backup: %w", err)
	}
	b := &Backup{Dir: dir}
	if err := json.Unmarshal(raw, &b.Manifest); err != nil {
		return nil, fmt.Errorf("open backup: %s: %w", ManifestName, err)
	}
	if b.Manifest.Format != Format {
		return nil, fmt.Errorf("open backup: its form is %d, this program reads %d", b.Manifest.Format, Format)
	}
	return b, nil
}

// rows reads a table's rows and checks the file's digest and count.
func (b *Backup) rows(ctx context.Context, t TableFile, each func(row []any) error) error {
	if strings.ContainsAny(t.Name, "/\\.") {
		return fmt.Errorf("table %q: not a name", t.Name)
	}
	f, err := os.Open(tablePath(b.Dir, t.Name))
	if err != nil {
		return err
	}
	defer f.Close()
	sum := sha256.New()
	file := io.TeeReader(f, sum)
	z := decoders.Get().(*zstd.Decoder)
	defer decoders.Put(z)
	if err := z.Reset(file); err != nil {
		return err
	}
	defer func() { _ = z.Reset(nil) }() // lets the file go, and no error comes of it
	r := bufio.NewReaderSize(z, 1<<16)
	var n int64
	for {
		line, err := r.ReadBytes('\n')
		if err == io.EOF && len(line) == 0 {
			break
		}
		if err != nil {
			return fmt.Errorf("table %s, row %d: %w", t.Name, n+1, err)
		}
		if n++; n%1000 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		row, err := decodeRow(t.Table, line)
		if err != nil {
			return fmt.Errorf("row %d: %w", n, err)
		}
		if err := each(row); err != nil {
			return err
		}
	}
	if _, err := io.Copy(io.Discard, file); err != nil {
		return err
	}
	if got := hex.EncodeToString(sum.Sum(nil)); got != t.SHA256 || n != t.Rows {
		return fmt.Errorf("table %s: %d rows with digest %s, the manifest says %d with %s", t.Name, n, got, t.Rows, t.SHA256)
	}
	return nil
}

// contents is what a verification learns.
type contents struct {
	rows    int64
	devices map[string]int64 // last number handled
}

// Verify reads all of a backup: digests, each record's sum, each channel's
// rows, sum and history. The error names the first thing that is wrong.
func (b *Backup) Verify(ctx context.Context) (contents, error) {
	out := contents{devices: map[string]int64{}}
	type rec struct{ kind, id string }
	sums := map[rec]uint64{}
	heads := map[store.ChanLane]store.Head{}
	have := map[store.ChanLane]store.Head{}
	blobs := map[string]bool{} // contents that the database says are there
	mids, sent := map[string]bool{}, map[string]bool{}
	readers := map[string]func(get func(string) any) error{
		"device": func(get func(string) any) error {
			dev, _ := get("dev").(string)
			n, _ := get("last_n").(int64)
			out.devices[dev] = n
			return nil
		},
		"mut":  func(get func(string) any) error { mid, _ := get("mid").(string); mids[mid] = true; return nil },
		"sent": func(get func(string) any) error { mid, _ := get("mid").(string); sent[mid] = true; return nil },
		"blob": func(get func(string) any) error {
			if state, _ := get("state").(string); state == "live" {
				sha, _ := get("sha256").(string)
				blobs[sha] = true
			}
			return nil
		},
		"chan_head": func(get func(string) any) error {
			at := place(get)
			h := store.Head{ChanLane: at}
			h.Seq, _ = get("seq").(int64)
			h.Chain, _ = get("chain").(string)
			h.Live, _ = get("n_live").(int64)
			s, _ := get("sum").(int64)
			h.Sum = uint64(s)
			heads[at] = h
			return nil
		},
	}
	entries := []TableFile{}
	for _, t := range b.Manifest.Tables {
		if t.Name == "chan_row" || t.Name == "chan_hist" { // they need the records and the heads
			entries = append(entries, t)
			continue
		}
		read := readers[t.Name]
		err := b.rows(ctx, t, func(row []any) error {
			out.rows++
			if t.Kind != "" {
				r, sum, err := store.RecordOf(t.Kind, row)
				if err != nil {
					return err
				}
				if r.Sum() != sum {
					return fmt.Errorf("%s %s: the body is not the one that was written", t.Kind, r.ID)
				}
				sums[rec{t.Kind, r.ID}] = sum
				return nil
			}
			if read == nil {
				return nil
			}
			return read(getter(t.Table, row))
		})
		if err != nil {
			return out, err
		}
	}
	chained := map[store.ChanLane]bool{}
	for _, t := range entries {
		err := b.rows(ctx, t, func(row []any) error {
			out.rows++
			get := getter(t.Table, row)
			at := place(get)
			if t.Name == "chan_hist" {
				seq, _ := get("seq").(int64)
				chain, _ := get("chain").(string)
				chained[at] = chained[at] || seq == heads[at].Seq && chain == heads[at].Chain
				return nil
			}
			if rem, _ := get("rem").(int64); rem != 0 {
				return nil
			}
			kind, _ := get("kind").(string)
			id, _ := get("id").(string)
			sum, ok := sums[rec{kind, id}]
			if !ok {
				return fmt.Errorf("channel %s has %s %s, which is not there", at.Chan, kind, id)
			}
			h := have[at]
			h.Live++
			h.Sum += sum
			have[at] = h
			return nil
		})
		if err != nil {
			return out, err
		}
	}
	for at, h := range heads {
		if h.Live != have[at].Live || h.Sum != have[at].Sum {
			return out, fmt.Errorf("channel %s lane %d counts %d rows with sum %016x, has %d with %016x", at.Chan, at.Lane, h.Live, h.Sum, have[at].Live, have[at].Sum)
		}
		if h.Seq > 0 && !chained[at] {
			return out, fmt.Errorf("channel %s lane %d: its history does not end in its head", at.Chan, at.Lane)
		}
	}
	for mid := range sent {
		if !mids[mid] {
			return out, fmt.Errorf("command %s was handled and has no outcome", mid)
		}
	}
	for _, f := range b.Manifest.Files {
		if err := b.checkFile(f); err != nil {
			return out, err
		}
		delete(blobs, f.SHA256)
	}
	for sha := range blobs {
		if b.Manifest.Elsewhere {
			break
		}
		return out, fmt.Errorf("file %s is named by the database and is not there", sha)
	}
	return out, nil
}

func (b *Backup) checkFile(f File) error {
	if raw, err := hex.DecodeString(f.SHA256); err != nil || len(raw) != sha256.Size {
		return fmt.Errorf("file %q: not a name", f.SHA256)
	}
	in, err := os.Open(filePath(b.Dir, f.SHA256))
	if err != nil {
		return err
	}
	defer in.Close()
	sum := sha256.New()
	n, err := io.Copy(sum, in)
	if err == nil && (n != f.Size || hex.EncodeToString(sum.Sum(nil)) != f.SHA256) {
		err = fmt.Errorf("file %s is not the one that was copied", f.SHA256)
	}
	return err
}

func getter(t store.Table, row []any) func(string) any {
	return func(name string) any {
		i := slices.IndexFunc(t.Columns, func(c store.Column) bool { return c.Name == name })
		if i < 0 {
			return nil
		}
		return row[i]
	}
}

func place(get func(string) any) store.ChanLane {
	var at store.ChanLane
	c, _ := get("chan").(string)
	l, _ := get("lane").(int64)
	at.Chan = office.Channel(c)
	at.Lane = office.Lane(l)
	return at
}
