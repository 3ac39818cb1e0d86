package engine

import (
	"cmp"
	"context"
	"slices"

	"qianshao/app/internal/replica"
	"qianshao/app/internal/replica/outbox"
	"qianshao/app/internal/vault"
)

// BlobQuotaDefault is how many bytes of fetched files stay on a desk.
const BlobQuotaDefault = 4 << 30

func (e *Engine) quota() int64 {
	if e.o.BlobQuota > 0 {
		return e.o.BlobQuota
	}
	return BlobQuotaDefault
}

// sweepBlobs erases the files to which no record refers any more, and forgets
// those that were brought and given up. What a command to be sent, or a refused
// one, refers to stays: it is the person's own; and so does what the person
// brought as long as no verified backup of the server has it.
func (e *Engine) sweepBlobs(ctx context.Context) error {
	list, err := e.store.List()
	if err != nil || e.off(NoBlobSweep) {
		return err
	}
	needed, err := e.box.Blobs(ctx, false)
	if err != nil {
		return err
	}
	keep := map[string]bool{}
	for _, b := range needed {
		keep[b.SHA256] = true
	}
	kept, err := e.keptBlobs(ctx)
	if err != nil {
		return err
	}
	for _, sha := range kept {
		keep[sha] = true
	}
	var shas []string
	for _, f := range list {
		shas = append(shas, f.SHA256)
	}
	referred, err := e.rep.Referred(ctx, shas)
	if err != nil {
		return err
	}
	for _, f := range list {
		if f.Own || referred[f.SHA256] || keep[f.SHA256] {
			continue
		}
		if err := e.store.Drop(f.SHA256, true); err != nil {
			return err
		}
		e.crash("blob.swept")
		if _, err := e.rep.Update(ctx, func(t *replica.Tx) error { return t.ForgetBlob(f.SHA256) }); err != nil {
			return err
		}
	}
	return nil
}

// keptBlobs are the files that were brought here and are in no verified backup
// of the server.
func (e *Engine) keptBlobs(ctx context.Context) ([]string, error) {
	if e.off(NoBlobKeep) {
		return nil, nil
	}
	return e.box.Kept(ctx)
}

// sweepAlone is sweepBlobs for who has not the pen.
func (e *Engine) sweepAlone(ctx context.Context) error {
	ctx, done, err := e.writing(ctx)
	if err != nil {
		return err
	}
	defer done()
	return e.sweepBlobs(ctx)
}

// settleBlobs puts files and outbox in line after a kill: what the server has
// lies with what can be fetched, what it may not have with what is precious,
// and what nothing needs is forgotten.
func (e *Engine) settleBlobs(ctx context.Context) error {
	if err := e.store.Tidy(); err != nil {
		return err
	}
	all, err := e.box.AllBlobs(ctx)
	if err != nil {
		return err
	}
	needed, err := e.box.Blobs(ctx, false)
	if err != nil {
		return err
	}
	kept, err := e.keptBlobs(ctx)
	if err != nil {
		return err
	}
	for _, b := range all {
		switch {
		case b.Up:
			err = e.store.Sent(b.SHA256)
		case slices.ContainsFunc(needed, func(n outbox.Blob) bool { return n.SHA256 == b.SHA256 }):
			_, err = e.store.Unsent(b.SHA256)
		case slices.Contains(kept, b.SHA256): // another copy of this profile has brought it
			if err = e.box.BlobUp(ctx, b.SHA256); err == nil {
				err = e.store.Sent(b.SHA256)
			}
		default: // brought for a command that was never given, or given up
			if err = e.store.DropOwn(b.SHA256); err == nil {
				err = e.box.ForgetBlob(ctx, b.SHA256)
			}
		}
		if err != nil {
			return err
		}
	}
	list, err := e.store.List()
	if err != nil {
		return err
	}
	for _, f := range list {
		if f.Own && !slices.ContainsFunc(all, func(b outbox.Blob) bool { return b.SHA256 == f.SHA256 }) {
			if err := e.store.DropOwn(f.SHA256); err != nil {
				return err
			}
		}
	}
	return e.sweepBlobs(ctx)
}

// evict drops the files least lately used until the rest has room. Those that
// are kept, and those the server does not have for certain, stay; what it may
// yet forget stays too, and takes no room from others.
func (e *Engine) evict(ctx context.Context, wants []Want) error {
	list, err := e.store.List()
	if err != nil {
		return err
	}
	use, err := e.rep.BlobUse(ctx)
	if err != nil {
		return err
	}
	keep := map[string]bool{}
	for _, w := range wants {
		if w.Keep {
			keep[w.SHA256] = true
		}
	}
	var sum int64
	kept, err := e.keptBlobs(ctx)
	if err != nil {
		return err
	}
	list = slices.DeleteFunc(list, func(f vault.BlobFile) bool { return f.Own || f.Part || slices.Contains(kept, f.SHA256) })
	for _, f := range list {
		sum += f.Size
	}
	slices.SortFunc(list, func(a, b vault.BlobFile) int {
		return cmp.Or(cmp.Compare(use[a.SHA256], use[b.SHA256]), cmp.Compare(a.SHA256, b.SHA256))
	})
	for _, f := range list {
		if sum <= e.quota() {
			return nil
		}
		if keep[f.SHA256] {
			continue
		}
		if err := e.store.Drop(f.SHA256, false); err != nil {
			return err
		}
		sum -= f.Size
		err := e.noteBlob(ctx, func(ctx context.Context) error {
			_, err := e.rep.Update(ctx, func(t *replica.Tx) error { return t.ForgetBlob(f.SHA256) })
			return err
		})
		if err != nil {
			return err
		}
		e.tellBlob(ctx, f.SHA256)
	}
	return nil
}
