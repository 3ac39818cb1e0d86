package engine

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"sync"

	"qianshao/app/internal/replica"
	"qianshao/app/internal/replica/outbox"
	"qianshao/app/internal/vault"
	"qianshao/syncserver/office"
	"qianshao/syncserver/protocol"
)

// BlobTransport carries the contents of files; a Transport may be one too.
// Errors are those of Transport.
type BlobTransport interface {
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

// BlobQuotaDefault is how many bytes of fetched files stay on a desk.
const BlobQuotaDefault = 4 << 30

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

// lane carries files, apart from records: a file of any size delays none.
type lane struct {
	transfer chan struct{} // holds one token while nothing is carried
	wake     chan struct{} // holds one token when there is something to carry

	mu    sync.Mutex
	asked []string // files somebody waits for, first come first served
	now   map[string]BlobState
	piece int64 // bytes of the next piece
}

// Sizes of pieces, in bytes: small ones get through bad lines, large ones cost
// fewer round trips. The server takes 8 MiB.
const (
	pieceMin   = 64 << 10
	pieceFirst = 256 << 10
	pieceMax   = 4 << 20
)

func newLane() *lane {
	l := &lane{transfer: make(chan struct{}, 1), wake: make(chan struct{}, 1), now: map[string]BlobState{}, piece: pieceFirst}
	l.transfer <- struct{}{}
	return l
}

func (l *lane) size() int64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.piece
}

// learn adapts the size of pieces to how the last one fared.
func (l *lane) learn(ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if ok {
		l.piece = min(2*l.piece, pieceMax)
	} else {
		l.piece = max(l.piece/4, pieceMin)
	}
}

func (l *lane) set(sha string, s BlobState) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.now[sha] = s
}

func (l *lane) forget(sha string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.now, sha)
}

// AddBlob copies a file the person brings into this desk's store and gives its
// name. Commands that refer to it wait until the server has it. When AddBlob
// returns, the file is on the disk. CodeTooLarge, CodeFull.
func (e *Engine) AddBlob(ctx context.Context, r io.Reader) (office.BlobRef, error) {
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

// BlobReport is what one round of the files' lane did.
type BlobReport struct {
	Sent  int   `json:"sent"`  // files the server has now
	Got   int   `json:"got"`   // files that came
	Bytes int64 `json:"bytes"` // that went and came
	Left  int   `json:"left"`  // files that are still to go or to come
}

// SyncBlobs carries files once: what this desk brought first, then what somebody
// asked for, then what should be here. An error is the first one met; the other
// files were tried all the same, unless the way itself is broken. Nothing of
// records waits for it.
func (e *Engine) SyncBlobs(ctx context.Context) (BlobReport, error) {
	var r BlobReport
	t, ok := e.o.Transport.(BlobTransport)
	if e.o.ReadOnly || !ok {
		return r, nil
	}
	if e.net.isOffline() {
		return r, &office.Error{Code: CodeOffline}
	}
	select {
	case <-e.lane.transfer:
		defer func() { e.lane.transfer <- struct{}{} }()
	case <-ctx.Done():
		return r, ctx.Err()
	}
	ctx, end := e.net.while(ctx)
	defer end()
	// What was brought for a command that is done with, on a record that was taken
	// away meanwhile, belongs to nobody here.
	if err := e.sweepAlone(ctx); err != nil {
		return r, err
	}
	err := e.sendBlobs(ctx, t, &r)
	if stopsLane(err) {
		return r, err
	}
	return r, errors.Join(err, e.fetchBlobs(ctx, t, &r))
}

// stopsLane reports whether an error is of the way, not of one file.
func stopsLane(err error) bool {
	if err == nil {
		return false
	}
	var coded *office.Error
	if !errors.As(err, &coded) {
		return true
	}
	switch coded.Code {
	case office.CodeNotFound, office.CodeTooLarge, office.CodeNotPermitted, CodeDamaged, protocol.CodeHash, protocol.CodeQuota:
		return false
	}
	return true
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

// progress shows how far a file is.
func (e *Engine) progress(ctx context.Context, sha string, s BlobState) {
	e.lane.set(sha, s)
	e.tellBlob(ctx, sha)
}

// tellBlob tells the window that the records that refer to a file may look
// different.
func (e *Engine) tellBlob(ctx context.Context, sha string) {
	ks, err := e.rep.Referrers(ctx, sha)
	if err != nil && ctx.Err() == nil {
		e.log.Error("find who refers to a file", "err", err)
	}
	e.hub.rows(ks)
}

// WantBlob asks for a file: the lane fetches it before what nobody asked for.
func (e *Engine) WantBlob(sha string) {
	e.lane.mu.Lock()
	if !slices.Contains(e.lane.asked, sha) {
		e.lane.asked = append(e.lane.asked, sha)
	}
	e.lane.mu.Unlock()
	e.wakeLane()
}

func (e *Engine) wakeLane() {
	select {
	case e.lane.wake <- struct{}{}:
	default:
	}
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

func (e *Engine) quota() int64 {
	if e.o.BlobQuota > 0 {
		return e.o.BlobQuota
	}
	return BlobQuotaDefault
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

// OpenBlob opens a file to read it. CodeNotFound if no record of this desk
// refers to it, CodeAway if it is not here. The caller closes it.
func (e *Engine) OpenBlob(ctx context.Context, sha string) (*os.File, error) {
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

// sweepBlobs erases the files to which no record refers any more, and forgets
// those that were brought and given up. What a command to be sent, or a refused
// one, refers to stays: it is the person's own.
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
	for _, b := range all {
		switch {
		case b.Up:
			err = e.store.Sent(b.SHA256)
		case slices.ContainsFunc(needed, func(n outbox.Blob) bool { return n.SHA256 == b.SHA256 }):
			_, err = e.store.Unsent(b.SHA256)
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

// unsure makes files be sent again that the server may have lost: those of one
// command, or of all that are to be sent. The caller has the pen.
func (e *Engine) unsure(ctx context.Context, mid string) error {
	shas, err := e.box.Unsure(ctx, mid)
	if err != nil {
		return err
	}
	for _, sha := range shas {
		here, err := e.store.Unsent(sha)
		if err == nil && !here { // it is not here either: only the server can know
			err = e.box.BlobUp(ctx, sha)
		}
		if err != nil {
			return err
		}
	}
	e.wakeLane()
	return nil
}

// evict drops the files least lately used until the rest has room. Those that
// are kept, and those the server does not have for certain, stay.
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
	list = slices.DeleteFunc(list, func(f vault.BlobFile) bool { return f.Own || f.Part })
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

// runLane carries files whenever there is something to carry.
func (e *Engine) runLane(ctx context.Context) {
	fails := 0
	for ctx.Err() == nil {
		if !e.net.isOffline() {
			_, err := e.SyncBlobs(ctx)
			if err != nil && stopsLane(err) && ctx.Err() == nil {
				fails++
				e.log.Info("files were not carried", "code", codeOf(err), "fails", fails)
				if e.pause(ctx, fails) != nil {
					return
				}
				continue
			}
			fails = 0
		}
		select {
		case <-ctx.Done():
		case <-e.lane.wake:
		}
	}
}
