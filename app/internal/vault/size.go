package vault

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Use is how many bytes a part of the profile takes on the disk.
type Use struct {
	Part  string // a Part… constant
	Bytes int64
}

// Parts of a profile as people ask about them.
const (
	PartReplica = "replica" // what came from the server
	PartOutbox  = "outbox"  // what was given here, drafts
	PartCopies  = "copies"  // copies of the outbox
	PartBlobs   = "blobs"   // attachments and the like
	PartAside   = "aside"   // damaged files kept for diagnosis
	PartLogs    = "logs"
	PartOther   = "other"
)

// Sizes are the parts that take room, in a fixed order. A file that goes while
// it is counted counts nothing.
func (p Profile) Sizes() ([]Use, error) {
	sums := map[string]int64{}
	err := filepath.WalkDir(p.Dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			if errors.Is(err, os.ErrNotExist) {
				return nil
			}
			return err
		}
		if !d.Type().IsRegular() {
			return nil
		}
		fi, err := d.Info()
		if err != nil {
			return nil
		}
		rel, err := filepath.Rel(p.Dir, path)
		if err != nil {
			return err
		}
		sums[partOf(filepath.ToSlash(rel))] += fi.Size()
		return nil
	})
	var out []Use
	for _, part := range []string{PartReplica, PartOutbox, PartCopies, PartBlobs, PartAside, PartLogs, PartOther} {
		if n := sums[part]; n > 0 {
			out = append(out, Use{part, n})
		}
	}
	return out, err
}

// partOf is the part a file belongs to, by its path in the profile.
func partOf(rel string) string {
	dir, name, deep := strings.Cut(rel, "/")
	switch {
	case deep && dir == "copies":
		return PartCopies
	case deep && dir == "files":
		return PartBlobs
	case deep:
		return PartOther
	}
	name = rel
	switch {
	case strings.Contains(name, ".bad-"), strings.Contains(name, ".own-"):
		return PartAside
	case strings.HasPrefix(name, string(Replica)+".db"):
		return PartReplica
	case strings.HasPrefix(name, string(Outbox)+".db"):
		return PartOutbox
	case strings.Contains(name, ".log"):
		return PartLogs
	}
	return PartOther
}
