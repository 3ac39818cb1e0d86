// Package blobs keeps the contents of files on the server, named by their
// SHA-256: in a folder, or in a store that speaks S3.
//
// It knows nothing of people, records or rights. What lies in a store under a
// name has that hash: whoever puts it there has verified it (see [Staging]).
package blobs

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"
	"syscall"
	"time"
)

// ErrAbsent says that the store has no such content.
var ErrAbsent = errors.New("no such content")

// ErrFull says that there is no room for more.
var ErrFull = errors.New("the store is full")

// Store keeps verified contents. Implementations are safe for concurrent use
// and pass Exercise. Names are SHA-256 in hex; callers have checked them.
type Store interface {
	// Put stores the content of a local file under its hash; what is there
	// already stays. When Put returns, the content is safe.
	Put(ctx context.Context, sha, file string, size int64) error
	// Open reads from an offset on, and tells the whole size. ErrAbsent if
	// there is no such content. The caller closes the reader.
	Open(ctx context.Context, sha string, offset int64) (io.ReadCloser, int64, error)
	// Stat tells the size. ErrAbsent if there is no such content.
	Stat(ctx context.Context, sha string) (int64, error)
	// Remove removes a content; removing what is not there is no error.
	Remove(ctx context.Context, sha string) error
	// List calls f with every name there is, and when it was stored, in no
	// certain order.
	List(ctx context.Context, f func(sha string, at time.Time) error) error
}

// Open opens the store at a place: "s3://KEY:SECRET@HOST[:PORT]/BUCKET[/PREFIX]"
// with ?region=R and ?tls=off, or the path of a folder, made if it is absent.
func Open(ctx context.Context, place string) (Store, error) {
	if !strings.HasPrefix(place, "s3://") {
		return openFolder(place)
	}
	u, err := url.Parse(place)
	if err != nil {
		return nil, errors.New("open store of files: not an address such as s3://KEY:SECRET@HOST/BUCKET") // the error would repeat the secret
	}
	return openS3(ctx, u)
}

// full tells a disk without room, or a quota, from other faults.
func full(err error) error {
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		return fmt.Errorf("%w: %w", ErrFull, err)
	}
	return err
}
