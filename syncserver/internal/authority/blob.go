package authority

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"qianshao/syncserver/internal/blobs"
	"qianshao/syncserver/internal/store"
	"qianshao/syncserver/office"
	"qianshao/syncserver/protocol"
)

// Files are where contents lie and how much may be brought.
type Files struct {
	Store   blobs.Store    // nil: this server keeps no files
	Staging *blobs.Staging // with Store
	Max     int64          // most bytes of one file; 0 = office.MaxBlob
	Quota   int64          // most bytes a person may bring that no record refers to; 0 = QuotaDefault
}

const (
	// QuotaDefault is a person's share of contents that belong to nothing yet.
	QuotaDefault = 10 << 30
	// KeepOrphans is how long a content stays that no record refers to.
	KeepOrphans = 30 * 24 * time.Hour
	// keepUploads is how long an upload waits to be gone on with.
	keepUploads = 7 * 24 * time.Hour
)

// BlobState is what a person learns of a content.
type BlobState struct {
	Size   int64 // of a content that is theirs to have
	Done   bool  // it is complete, and they brought it or may read it
	Offset int64 // how much of their own upload is here
}

// caller checks that the device may be spoken to.
func (a *Authority) active(ctx context.Context, q store.Q, c Caller) error {
	d, err := a.device(ctx, q, c, c.Device, false)
	if err == nil && d.State != store.DeviceActive {
		err = &office.Error{Code: protocol.CodeDevice, Message: protocol.VerdictWiped}
	}
	return err
}

func (a *Authority) keepsFiles() error {
	if a.Files.Store == nil {
		return &office.Error{Code: protocol.CodeUnavailable, Message: "this server keeps no files"}
	}
	return nil
}

// BlobHead tells what the caller may know of a content: nothing at all of one
// that they neither brought nor may read, however well they know its hash. Whoever
// is told that it need not be brought counts as having brought it: the record by
// which they read it may be gone before the command that refers to it comes.
func (a *Authority) BlobHead(ctx context.Context, c Caller, sha string) (BlobState, error) {
	var s BlobState
	if err := a.keepsFiles(); err != nil {
		return s, err
	}
	reads := false
	err := a.Store.Read(ctx, func(q store.Q) error {
		s, reads = BlobState{}, false
		if err := a.active(ctx, q, c); err != nil {
			return err
		}
		b, ok, err := store.FindBlob(ctx, q, sha, false)
		if err != nil || !ok || b.State != store.BlobLive {
			return err
		}
		brought, err := store.Brought(ctx, q, sha, c.UID)
		if err == nil && !brought {
			reads, err = a.mayReadBlob(ctx, q, sha, c.UID)
		}
		if brought || reads {
			s.Size, s.Done = b.Size, true
		}
		return err
	})
	if err == nil && reads {
		s.Done, err = a.bringRead(ctx, c, sha, s.Size)
	}
	if err != nil || s.Done {
		return s, err
	}
	s.Size = 0
	s.Offset, err = a.Files.Staging.Offset(string(c.UID), sha)
	return s, err
}

// Blobs tells which of the files that a desk is about to refer to its person has
// to bring first, as BlobHead would tell of each, and how far the device's
// commands have come. A server that keeps no files lacks them all.
func (a *Authority) Blobs(ctx context.Context, c Caller, r protocol.BlobsRequest) (protocol.BlobsReply, error) {
	out := protocol.BlobsReply{Lacks: []string{}}
	var reads []store.Blob // theirs by reading only
	err := a.Store.Read(ctx, func(q store.Q) error {
		out.Lacks, reads = out.Lacks[:0], reads[:0]
		d, err := a.device(ctx, q, c, r.Device, false)
		if err != nil {
			return err
		}
		if d.State != store.DeviceActive {
			return &office.Error{Code: protocol.CodeDevice, Message: protocol.VerdictWiped}
		}
		out.LastN = d.LastN
		for _, sha := range r.SHA256 {
			b, ok, err := store.FindBlob(ctx, q, sha, false)
			brought, may := false, false
			if err == nil && ok && b.State == store.BlobLive && a.Files.Store != nil {
				if brought, err = store.Brought(ctx, q, sha, c.UID); err == nil && !brought {
					may, err = a.mayReadBlob(ctx, q, sha, c.UID)
				}
			}
			switch {
			case err != nil:
				return err
			case may:
				reads = append(reads, b)
			case !brought:
				out.Lacks = append(out.Lacks, sha)
			}
		}
		return nil
	})
	for _, b := range reads {
		if err != nil {
			break
		}
		var ok bool
		if ok, err = a.bringRead(ctx, c, b.SHA256, b.Size); err == nil && !ok {
			out.Lacks = append(out.Lacks, b.SHA256)
		}
	}
	return out, err
}

// bringRead notes that a person who may read a content has it; it is false if
// neither is so any more.
func (a *Authority) bringRead(ctx context.Context, c Caller, sha string, size int64) (ok bool, err error) {
	err = a.Store.Write(ctx, func(q store.Q) error {
		ok = false
		b, found, err := store.FindBlob(ctx, q, sha, true)
		if err != nil || !found || b.State != store.BlobLive {
			return err
		}
		if ok, err = a.mayReadBlob(ctx, q, sha, c.UID); err != nil || !ok {
			return err
		}
		return store.PutBlob(ctx, q, store.Blob{SHA256: sha, Size: size}, c.UID, a.Now())
	})
	return ok, err
}

func (a *Authority) mayReadBlob(ctx context.Context, q store.Q, sha string, uid office.UserID) (bool, error) {
	if a.defences.off(NoBlobRight) {
		return true, nil
	}
	return store.MayRead(ctx, q, sha, uid)
}

// BlobPut takes one piece of an upload. Whoever brings a content brings all of
// its bytes, even if the server has it: knowing a hash proves nothing. What
// arrives before r breaks off stays. A complete upload is verified before
// anybody can see it.
func (a *Authority) BlobPut(ctx context.Context, c Caller, sha string, offset, total int64, r io.Reader) (BlobState, error) {
	if err := a.keepsFiles(); err != nil {
		return BlobState{}, err
	}
	most := a.Files.Max
	if most <= 0 || most > office.MaxBlob {
		most = office.MaxBlob
	}
	if total > most {
		return BlobState{}, office.Errorf(office.CodeTooLarge, "%d bytes, at most %d", total, most)
	}
	if total < 0 || offset < 0 || offset > total {
		return BlobState{}, office.Invalid("offset", "0 to the size")
	}
	s, err := a.BlobHead(ctx, c, sha)
	if err != nil || s.Done && s.Size == total {
		return s, err
	}
	if err := a.room(ctx, c, sha, total); err != nil {
		return BlobState{}, err
	}
	who := string(c.UID)
	at, err := a.Files.Staging.Append(who, sha, offset, total, r)
	s.Offset = at
	switch {
	case errors.Is(err, blobs.ErrOffset):
		return s, &office.Error{Code: protocol.CodeOffset, Field: "offset", Message: fmt.Sprint(at)}
	case errors.Is(err, blobs.ErrBusy):
		return s, &office.Error{Code: protocol.CodeUnavailable, Message: "another request of this upload is under way"}
	case err != nil:
		return s, fileFault(err)
	case at < total:
		return s, nil
	}
	err = a.Files.Staging.Finish(ctx, who, sha, total, !a.defences.off(NoBlobHash), func(file string) error {
		return a.enter(ctx, c, sha, total, file)
	})
	switch {
	case errors.Is(err, blobs.ErrHash):
		s.Offset = 0
		return s, &office.Error{Code: protocol.CodeHash, Field: "sha256"}
	case errors.Is(err, blobs.ErrBusy), errors.Is(err, store.ErrConflict): // it is being collected just now
		return s, &office.Error{Code: protocol.CodeUnavailable}
	case err != nil:
		return s, fileFault(err)
	}
	return BlobState{Size: total, Done: true}, nil
}

// enter stores a verified content, then its row. A collection may have removed
// the content in between, before it forgot the former row: then it is stored
// once more, under the new row, which no collection takes for an orphan's.
func (a *Authority) enter(ctx context.Context, c Caller, sha string, size int64, file string) error {
	if err := a.Files.Store.Put(ctx, sha, file, size); err != nil {
		return err
	}
	err := a.Store.Write(ctx, func(q store.Q) error {
		return store.PutBlob(ctx, q, store.Blob{SHA256: sha, Size: size}, c.UID, a.Now())
	})
	if err != nil {
		return fmt.Errorf("enter file: %w", err)
	}
	return a.Files.Store.Put(ctx, sha, file, size)
}

// room refuses a person who has brought too much that belongs to nothing.
func (a *Authority) room(ctx context.Context, c Caller, sha string, total int64) error {
	quota := a.Files.Quota
	if quota <= 0 {
		quota = QuotaDefault
	}
	used, err := a.Files.Staging.Pending(string(c.UID), sha)
	if err != nil {
		return err
	}
	var loose int64
	err = a.Store.Read(ctx, func(q store.Q) (err error) {
		loose, err = store.Unreferred(ctx, q, c.UID)
		return err
	})
	if err == nil && used+loose+total > quota {
		err = &office.Error{Code: protocol.CodeQuota, Message: fmt.Sprintf("at most %d bytes of files that belong to nothing yet", quota)}
	}
	return err
}

func fileFault(err error) error {
	if errors.Is(err, blobs.ErrFull) {
		return fmt.Errorf("%w: %w", &office.Error{Code: protocol.CodeFull, Message: "the server has no room for files"}, err)
	}
	return err
}

// BlobOpen reads a content for somebody who may read a record that refers to
// it, and tells its whole size. CodeNotFound for anybody else, and for a content
// that is not here.
func (a *Authority) BlobOpen(ctx context.Context, c Caller, sha string, offset int64) (io.ReadCloser, int64, error) {
	if err := a.keepsFiles(); err != nil {
		return nil, 0, err
	}
	no := &office.Error{Code: office.CodeNotFound, Field: "sha256"}
	err := a.Store.Read(ctx, func(q store.Q) error {
		if err := a.active(ctx, q, c); err != nil {
			return err
		}
		b, ok, err := store.FindBlob(ctx, q, sha, false)
		if err != nil {
			return err
		}
		if !ok || b.State != store.BlobLive {
			return no
		}
		may, err := a.mayReadBlob(ctx, q, sha, c.UID)
		if err == nil && !may {
			err = no
		}
		return err
	})
	if err != nil {
		return nil, 0, err
	}
	r, size, err := a.Files.Store.Open(ctx, sha, offset)
	if errors.Is(err, blobs.ErrAbsent) {
		a.Log.Error("content is missing", "sha256", sha)
		return nil, 0, no
	}
	return r, size, err
}

// BlobGC removes contents that no record has referred to since a time, and
// uploads nobody went on with. At any moment a content is whole or not there.
func (a *Authority) BlobGC(ctx context.Context, before time.Time) error {
	if a.Files.Store == nil {
		return nil
	}
	if err := a.Files.Staging.Expire(a.Now().Add(-keepUploads)); err != nil {
		return fmt.Errorf("collect files: %w", err)
	}
	const page = 500
	for {
		var orphans []string
		err := a.Store.Read(ctx, func(q store.Q) (err error) {
			orphans, err = store.Orphans(ctx, q, before, page)
			return err
		})
		if err != nil {
			return fmt.Errorf("collect files: %w", err)
		}
		gone := 0
		for _, sha := range orphans {
			dying := false
			err := a.Store.Write(ctx, func(q store.Q) (err error) {
				dying, err = store.Condemn(ctx, q, sha, before)
				return err
			})
			if err == nil && dying {
				if err = a.Files.Store.Remove(ctx, sha); err == nil {
					err = a.Store.Write(ctx, func(q store.Q) error { return store.Bury(ctx, q, sha) })
				}
				gone++
			}
			if err != nil {
				return fmt.Errorf("collect files: %w", err)
			}
		}
		if len(orphans) < page || gone == 0 {
			return nil
		}
	}
}

// refs are the references that a run's records have gained, and those it has to
// write, found while a refusal is still possible: the actor must have brought a
// content, or may read it; what the root refers to already needs no new proof.
func (a *Authority) refs(t *tx, o order, p *plan) error {
	for _, k := range p.changed {
		kind, r := t.rows.Kinds.Get(k.kind), t.cache[k]
		if len(kind.Blobs) == 0 {
			continue
		}
		var was, is []string
		var err error
		if r.had {
			if was, err = office.BlobsOf(kind, r.base.Record); err != nil {
				return err
			}
		}
		if r.has {
			if is, err = office.BlobsOf(kind, r.now); err != nil {
				return err
			}
		}
		if slices.Equal(was, is) && r.had == r.has {
			continue
		}
		if p.blobs == nil {
			p.blobs = map[key][]string{}
		}
		p.blobs[k] = is
		for _, sha := range is {
			if slices.Contains(was, sha) {
				continue
			}
			if err := a.mayRefer(t, o, sha, r.now.Root); err != nil {
				return err
			}
			if err := a.lookAt(t, o, sha); err != nil {
				return err
			}
		}
	}
	return nil
}

func (a *Authority) mayRefer(t *tx, o order, sha, root string) error {
	if ok, err := store.RefersUnder(t.ctx, t.q, sha, root); err != nil {
		return t.fail(err)
	} else if ok {
		return nil
	}
	no := &office.Error{Code: office.CodeNoBlob, Field: "sha256", Message: sha}
	b, ok, err := store.FindBlob(t.ctx, t.q, sha, true)
	if err != nil {
		return t.fail(err)
	}
	if !ok || b.State != store.BlobLive {
		if a.defences.off(NoBlobProof) {
			return nil
		}
		return no
	}
	if u, ok := o.cmd.(office.BlobUser); ok {
		for _, x := range u.Blobs() {
			if x.SHA256 == sha && x.Size != b.Size {
				return office.Invalid("size", "the file has %d bytes", b.Size)
			}
		}
	}
	if o.uid == office.System || a.defences.off(NoBlobProof) {
		return nil
	}
	ok, err = store.Brought(t.ctx, t.q, sha, o.uid)
	if err == nil && !ok {
		ok, err = a.mayReadBlob(t.ctx, t.q, sha, o.uid)
	}
	switch {
	case err != nil:
		return t.fail(err)
	case !ok:
		return no
	}
	return nil
}

// lookAt refuses a content that its command calls a picture and that is none,
// or one beyond the limits: the desk that brought it is not believed.
func (a *Authority) lookAt(t *tx, o order, sha string) error {
	u, ok := o.cmd.(office.PictureUser)
	if !ok || !slices.ContainsFunc(u.Pictures(), func(b office.BlobRef) bool { return b.SHA256 == sha }) {
		return nil
	}
	if err := a.keepsFiles(); err != nil {
		return err
	}
	r, _, err := a.Files.Store.Open(t.ctx, sha, 0)
	if errors.Is(err, blobs.ErrAbsent) {
		return &office.Error{Code: office.CodeNoBlob, Field: "sha256", Message: sha}
	}
	if err != nil {
		return t.fail(err)
	}
	defer r.Close()
	if _, err = office.PictureOf(io.LimitReader(r, office.MaxPicture)); err != nil && office.CodeOf(err) == office.CodeInternal {
		return t.fail(err)
	}
	return err
}

// keepRefs writes the references of an accepted run.
func (t *tx) keepRefs(p plan) error {
	for _, k := range p.changed {
		if shas, ok := p.blobs[k]; ok {
			if err := store.SetBlobRefs(t.ctx, t.q, k.kind, k.id, t.cache[k].now.Root, shas); err != nil {
				return t.fail(err)
			}
		}
	}
	return nil
}
