package engine

import (
	"cmp"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"slices"

	"qianshao/app/internal/replica"
	"qianshao/syncserver/office"
	"qianshao/syncserver/protocol"
)

// BlobTransport carries the contents of files; a Transport may be one too.
// Errors are those of Transport.
type BlobTransport interface {
	// Blobs asks which files this person has to bring before commands that
	// refer to them are sent.
	Blobs(ctx context.Context, r protocol.BlobsRequest) (protocol.BlobsReply, error)
	// BlobHead asks whether the server has a content, and else how much of
	// this person's own upload is there.
	BlobHead(ctx context.Context, sha string) (size, offset int64, done bool, err error)
	// BlobPut sends one piece at an offset and tells where the upload stands.
	BlobPut(ctx context.Context, sha string, offset, total int64, piece []byte) (at int64, done bool, err error)
	// BlobGet gives up to most bytes from an offset on to w, as they come, and
	// tells the content's size.
	BlobGet(ctx context.Context, sha string, offset, most int64, w io.Writer) (n, size int64, err error)
}

// Codes of files that only a desk gives.
const (
	CodeDiskFull office.Code = "disk_full"      // no room on this machine: what was being written was not, all before it is there
	CodeAway     office.Code = "not_downloaded" // 未下载: the file is not here
	CodeDamaged  office.Code = "file_damaged"   // the file on this machine is no longer what was brought
)

// A Want is a file that a desk should have before anybody asks for it.
type Want struct {
	SHA256 string
	Size   int64
	Keep   bool // it does not make room for others: pinned, or packed for a journey
}

// Reader is what deciding about wants may read.
type Reader interface {
	Get(ctx context.Context, kind, id string) (office.Record, bool, error)
	List(ctx context.Context, q office.Query) ([]office.Record, error)
	Children(ctx context.Context, kind, root string) ([]office.Record, error)
}

// BlobState is how a file stands on this desk.
type BlobState struct {
	Here   bool        `json:"here"`            // complete and verified
	Waits  bool        `json:"waits"`           // brought here, and the server does not have it for certain
	Active string      `json:"active"`          // "up", "down": on its way now
	Done   int64       `json:"done"`            // bytes that have gone or come
	Size   int64       `json:"size"`            // 0 = not known
	Error  office.Code `json:"error,omitempty"` // why it is not there, last time
}

// OpenBlob opens a file to read it. CodeNotFound if no record of this desk
// refers to it, CodeAway if it is not here. The caller closes it.
func (e *Engine) OpenBlob(ctx context.Context, sha string) (*os.File, error) {
	if err := e.barred(); err != nil {
		return nil, err
	}
	if ok, err := e.referred(ctx, sha); err != nil || !ok {
		return nil, cmp.Or(err, error(&office.Error{Code: office.CodeNotFound, Field: "sha256"}))
	}
	f, err := e.store.Open(sha)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, &office.Error{Code: CodeAway, Field: "sha256"}
	}
	if err != nil {
		return nil, err
	}
	if !e.o.ReadOnly {
		err := e.noteUse(ctx, sha)
		if err != nil {
			return nil, errors.Join(err, f.Close())
		}
	}
	return f, nil
}

func (e *Engine) noteUse(ctx context.Context, sha string) error {
	ctx, done, err := e.writing(ctx)
	if err != nil {
		return err
	}
	defer done()
	_, err = e.rep.Update(ctx, func(t *replica.Tx) error { return t.UseBlob(sha) })
	return err
}

// Blobs tells how these files stand on this desk.
func (e *Engine) Blobs(ctx context.Context, shas []string) (map[string]BlobState, error) {
	own, err := e.box.AllBlobs(ctx)
	if err != nil {
		return nil, err
	}
	out := map[string]BlobState{}
	for _, sha := range shas {
		e.lane.mu.Lock()
		s := e.lane.now[sha]
		asked := slices.Contains(e.lane.asked, sha)
		e.lane.mu.Unlock()
		size, _, here := e.store.Find(sha)
		if s.Here = here; here {
			s.Size = size
		} else if asked && s.Active == "" && s.Error == "" {
			s.Active = "down"
		}
		for _, b := range own {
			if b.SHA256 == sha && !b.Up {
				s.Waits, s.Error = true, cmp.Or(s.Error, b.Error)
			}
		}
		out[sha] = s
	}
	return out, nil
}
