package engine

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"qianshao/app/internal/replica"
	"qianshao/app/internal/vault"
	"qianshao/syncserver/office"
	"qianshao/syncserver/protocol"
)

// WantBlob asks for a file: the lane fetches it before what nobody asked for.
func (e *Engine) WantBlob(sha string) {
	e.lane.mu.Lock()
	if !slices.Contains(e.lane.asked, sha) {
		e.lane.asked = append(e.lane.asked, sha)
	}
	e.lane.mu.Unlock()
	e.wakeLane()
}

// fetchBlobs fetches what was asked for, then what should be here, as far as
// there is room.
func (e *Engine) fetchBlobs(ctx context.Context, t BlobTransport, r *BlobReport) error {
	wants, err := e.wants(ctx)
	if err != nil {
		return err
	}
	e.lane.mu.Lock()
	var list []Want
	for _, sha := range e.lane.asked {
		list = append(list, Want{SHA256: sha, Keep: true})
	}
	asked := len(list)
	e.lane.mu.Unlock()
	list = append(list, wants...)
	var first error
	room := e.quota()
	for i, w := range list {
		if i >= asked && !w.Keep {
			// Nobody waits for it: it takes no more room than there is.
			if room -= w.Size; room < 0 {
				break
			}
		}
		if _, _, here := e.store.Find(w.SHA256); here {
			e.unask(w.SHA256)
			continue
		}
		err := e.fetchBlob(ctx, t, w.SHA256, r)
		e.lane.forget(w.SHA256)
		if err == nil || office.CodeOf(err) == office.CodeNotFound {
			e.unask(w.SHA256)
		}
		if err != nil {
			r.Left++
			first = cmp.Or(first, err)
			if stopsLane(err) {
				break
			}
			e.lane.set(w.SHA256, BlobState{Error: codeOf(err)})
			continue
		}
		r.Got++
	}
	if r.Got > 0 {
		if err := e.evict(ctx, wants); err != nil {
			return err
		}
	}
	return first
}

func (e *Engine) unask(sha string) {
	e.lane.mu.Lock()
	defer e.lane.mu.Unlock()
	e.lane.asked = slices.DeleteFunc(e.lane.asked, func(s string) bool { return s == sha })
}

// wants are the files that should be here, and to which some record refers.
func (e *Engine) wants(ctx context.Context) ([]Want, error) {
	if e.o.Wants == nil {
		return nil, nil
	}
	ws, err := e.o.Wants(ctx, e.open(), e.o.UID, e.o.Now())
	if err != nil {
		return nil, fmt.Errorf("find the files to fetch: %w", err)
	}
	return ws, nil
}

// fetchBlob fetches one file, from where its last fetching broke off. It is
// seen by nobody before its hash is verified.
func (e *Engine) fetchBlob(ctx context.Context, t BlobTransport, sha string, r *BlobReport) error {
	for tries := 0; ; tries++ {
		if ok, err := e.referred(ctx, sha); err != nil || !ok {
			return cmp.Or(err, error(&office.Error{Code: office.CodeNotFound, Field: "sha256"}))
		}
		err := e.fetchPieces(ctx, t, sha, r)
		if err == nil {
			err = e.landBlob(ctx, sha)
		}
		if !errors.Is(err, vault.ErrHash) {
			return diskFault(err)
		}
		e.blobFault(ctx, sha, WhyBlobAgain)
		if tries == 2 {
			return &office.Error{Code: protocol.CodeHash, Field: "sha256"}
		}
	}
}

func (e *Engine) fetchPieces(ctx context.Context, t BlobTransport, sha string, r *BlobReport) error {
	for {
		at, err := e.store.PartSize(sha)
		if err != nil {
			return err
		}
		var n, size int64
		err = e.store.AppendPart(sha, func(w io.Writer) (err error) {
			n, size, err = t.BlobGet(ctx, sha, at, e.lane.size(), w)
			return err
		})
		r.Bytes += n
		e.lane.learn(err == nil)
		if err != nil {
			return fmt.Errorf("fetch a file: %w", err)
		}
		e.crash("blob.part")
		e.progress(ctx, sha, BlobState{Active: "down", Done: at + n, Size: size})
		if at+n >= size {
			return nil
		}
		if n == 0 {
			return errors.New("the server gives no more of a file")
		}
	}
}

// landBlob makes a fetched file visible. Whoever lost the right to it meanwhile
// does not get it.
func (e *Engine) landBlob(ctx context.Context, sha string) error {
	ctx, done, err := e.writing(ctx)
	if err != nil {
		return err
	}
	defer done()
	if ok, err := e.referred(ctx, sha); err != nil {
		return err
	} else if !ok {
		return errors.Join(&office.Error{Code: office.CodeNotFound, Field: "sha256"}, e.store.Drop(sha, true))
	}
	if err := e.store.FinishPart(sha, !e.off(NoBlobVerify)); err != nil {
		return err
	}
	e.crash("blob.landed")
	if _, err := e.rep.Update(ctx, func(t *replica.Tx) error { return t.UseBlob(sha) }); err != nil {
		return err
	}
	e.lane.forget(sha)
	e.tellBlob(ctx, sha)
	return nil
}

// referred reports whether a record of this desk refers to a file.
func (e *Engine) referred(ctx context.Context, sha string) (bool, error) {
	m, err := e.rep.Referred(ctx, []string{sha})
	return m[sha], err
}

// FetchBlob fetches a file now and answers when it is here. CodeNotFound if no
// record of this desk refers to it, or the server does not give it.
func (e *Engine) FetchBlob(ctx context.Context, sha string) error {
	if err := e.barred(); err != nil {
		return err
	}
	if _, _, here := e.store.Find(sha); here {
		return nil
	}
	t, ok := e.o.Transport.(BlobTransport)
	if !ok || e.net.isOffline() {
		return &office.Error{Code: CodeOffline}
	}
	select {
	case <-e.lane.transfer:
		defer func() { e.lane.transfer <- struct{}{} }()
	case <-ctx.Done():
		return ctx.Err()
	}
	ctx, end := e.net.while(ctx)
	defer end()
	defer e.lane.forget(sha)
	var r BlobReport
	return e.fetchBlob(ctx, t, sha, &r)
}
