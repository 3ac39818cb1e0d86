package engine

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"

	"qianshao/app/internal/replica"
	"qianshao/app/internal/replica/outbox"
	"qianshao/app/internal/vault"
	"qianshao/syncserver/office"
	"qianshao/syncserver/protocol"
)

// AddBlob copies a file the person brings into this desk's store and gives its
// name. Commands that refer to it wait until the server has it. When AddBlob
// returns, the file is on the disk. CodeTooLarge, CodeFull.
func (e *Engine) AddBlob(ctx context.Context, r io.Reader) (office.BlobRef, error) {
	if err := e.barred(); err != nil {
		return office.BlobRef{}, err
	}
	if e.o.ReadOnly {
		return office.BlobRef{}, ErrReadOnly
	}
	sha, size, err := e.store.Add(r, office.MaxBlob)
	if err != nil {
		return office.BlobRef{}, diskFault(err)
	}
	e.crash("blob.added")
	ctx, done, err := e.writing(ctx)
	if err != nil {
		return office.BlobRef{}, err
	}
	defer done()
	if err := e.box.AddBlob(ctx, outbox.Blob{SHA256: sha, Size: size}, office.Millis(e.o.Now())); err != nil {
		return office.BlobRef{}, err
	}
	e.crash("blob.entered")
	return office.BlobRef{SHA256: sha, Size: size}, nil
}

// diskFault gives a full disk, or a file that is too large, its code.
func diskFault(err error) error {
	switch {
	case errors.Is(err, vault.ErrFull):
		return fmt.Errorf("%w: %w", &office.Error{Code: CodeFull, Message: "本机磁盘已满"}, err)
	case errors.Is(err, vault.ErrTooLarge):
		return &office.Error{Code: office.CodeTooLarge, Field: "size", Message: "最大 2 GB"}
	}
	return err
}

// IsDiskFull reports whether an error says that a disk has no room.
func IsDiskFull(err error) bool { return vault.IsFull(err) || errors.Is(err, vault.ErrFull) }

// blobsOf are the files a command refers to.
func (e *Engine) blobsOf(kind string, args []byte) []string {
	cmd, err := e.o.Commands.Decode(kind, args)
	u, ok := cmd.(office.BlobUser)
	if err != nil || !ok {
		return nil
	}
	var out []string
	for _, b := range u.Blobs() {
		out = append(out, b.SHA256)
	}
	return out
}

// sendable are the commands to be sent next, those left out that wait for a
// file, and all that depend on one of them. Others go on.
func (e *Engine) sendable(ctx context.Context, limit int) ([]outbox.Command, error) {
	waiting, err := e.box.WaitForBlobs(ctx)
	if err != nil {
		return nil, err
	}
	if len(waiting) == 0 || e.off(NoBlobWait) {
		return e.box.Sendable(ctx, limit)
	}
	all, err := e.box.Sendable(ctx, -1)
	if err != nil {
		return nil, err
	}
	deps, err := e.deps(ctx, all)
	if err != nil {
		return nil, err
	}
	held := map[string]bool{}
	for mid := range waiting {
		held[mid] = true
	}
	var out []outbox.Command
	for _, c := range all {
		if c.N == 0 && slices.ContainsFunc(deps[c.Mid], func(m string) bool { return held[m] }) {
			held[c.Mid] = true
			continue
		}
		if out = append(out, c); len(out) == limit {
			break
		}
	}
	return out, nil
}

func (e *Engine) sendBlobs(ctx context.Context, t BlobTransport, r *BlobReport) error {
	list, err := e.box.Blobs(ctx, true)
	if err != nil {
		return err
	}
	r.Left += len(list)
	var first error
	for _, b := range list {
		err := e.sendBlob(ctx, t, b, r)
		e.lane.forget(b.SHA256)
		if err == nil {
			r.Sent++
			r.Left--
			continue
		}
		first = cmp.Or(first, err)
		if stopsLane(err) {
			break
		}
		if nerr := e.noteBlob(ctx, func(ctx context.Context) error { return e.box.BlobError(ctx, b.SHA256, codeOf(err)) }); nerr != nil {
			return nerr
		}
	}
	return first
}

// noteBlob writes to the outbox something about a file and tells the window.
func (e *Engine) noteBlob(ctx context.Context, f func(context.Context) error) error {
	ctx, done, err := e.writing(ctx)
	if err != nil {
		return err
	}
	defer done()
	if err := f(ctx); err != nil {
		return err
	}
	e.hub.status()
	return nil
}

// maxDisagreements is how often an upload may be told to go on elsewhere.
const maxDisagreements = 8

// sendBlob brings one file to the server, from where its upload stands.
func (e *Engine) sendBlob(ctx context.Context, t BlobTransport, b outbox.Blob, r *BlobReport) error {
	f, err := e.store.Open(b.SHA256)
	if errors.Is(err, fs.ErrNotExist) {
		return &office.Error{Code: CodeDamaged, Field: "sha256", Message: "the file is no longer on this machine"}
	}
	if err != nil {
		return err
	}
	defer f.Close()
	size, at, there, err := t.BlobHead(ctx, b.SHA256)
	if err != nil {
		return fmt.Errorf("ask for a file: %w", err)
	}
	if there && size == b.Size {
		return e.blobUp(ctx, b)
	}
	for odd := 0; ; {
		at = min(at, b.Size)
		e.progress(ctx, b.SHA256, BlobState{Here: true, Waits: true, Active: "up", Done: at, Size: b.Size})
		piece := make([]byte, min(e.lane.size(), b.Size-at))
		if _, err := f.ReadAt(piece, at); err != nil {
			return fmt.Errorf("read a file: %w", err)
		}
		now, done, err := t.BlobPut(ctx, b.SHA256, at, b.Size, piece)
		switch {
		case errors.Is(err, &office.Error{Code: protocol.CodeOffset}) && odd < maxDisagreements:
			odd++
			at = now
			continue
		case errors.Is(err, &office.Error{Code: protocol.CodeHash}) && odd < maxDisagreements:
			if verr := e.store.Verify(b.SHA256); verr != nil {
				e.blobFault(ctx, b.SHA256, WhyBlobBad)
				return &office.Error{Code: CodeDamaged, Field: "sha256"}
			}
			odd += maxDisagreements / 2
			at = 0
			continue
		case err != nil:
			e.lane.learn(false)
			return fmt.Errorf("send a file: %w", err)
		}
		e.lane.learn(true)
		r.Bytes += int64(len(piece))
		e.crash("blob.piece")
		if at = now; done {
			return e.blobUp(ctx, b)
		}
		if at >= b.Size {
			return errors.New("the server has all of a file and does not take it")
		}
	}
}

// blobUp notes that the server has a file: what waits for it may go.
func (e *Engine) blobUp(ctx context.Context, b outbox.Blob) error {
	err := e.noteBlob(ctx, func(ctx context.Context) error {
		if err := e.box.BlobUp(ctx, b.SHA256); err != nil {
			return err
		}
		e.crash("blob.up")
		if err := e.store.Sent(b.SHA256); err != nil {
			return err
		}
		_, err := e.rep.Update(ctx, func(t *replica.Tx) error { return t.UseBlob(b.SHA256) })
		return err
	})
	if err == nil {
		e.tellBlob(ctx, b.SHA256)
		e.Wake()
	}
	return err
}
