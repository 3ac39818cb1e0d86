package engine

import (
	"context"
	"errors"
	"sync"

	"qianshao/syncserver/office"
	"qianshao/syncserver/protocol"
)

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

func (e *Engine) wakeLane() {
	select {
	case e.lane.wake <- struct{}{}:
	default:
	}
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
