package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"qianshao/app/internal/replica/outbox"
	"qianshao/syncserver/office"
	"qianshao/syncserver/protocol"
)

// A server that went back to a backup has forgotten files too, also those that
// it said it had. What was brought and is in no verified backup of its therefore
// stays here with the command it belongs to (outbox.Kept), and before commands
// that refer to files are sent, whether for the first time or again, the server
// is asked which of them it lacks. Those are brought first; what waits for none
// goes on. It is asked at every push, not only where the desk has seen that the
// server's history is another one: the first it hears of a restored server may
// be the answer to that push.

// askBlobs asks for the files of what is to be sent, but those asked for already.
func (e *Engine) askBlobs(ctx context.Context, asked map[string]bool) error {
	t, ok := e.o.Transport.(BlobTransport)
	if !ok || e.off(NoBlobAsk) {
		return nil
	}
	shas, err := e.box.FilesToSend(ctx)
	if err != nil {
		return err
	}
	shas = slices.DeleteFunc(shas, func(sha string) bool { return asked[sha] })
	for part := range slices.Chunk(shas, protocol.MaxBlobs) {
		d, err := e.box.Desk(ctx)
		if err != nil {
			return err
		}
		reply, err := t.Blobs(ctx, protocol.BlobsRequest{Device: d.Dev, SHA256: part})
		if errors.Is(err, &office.Error{Code: protocol.CodeNoEndpoint}) {
			return nil // a server older than the question
		}
		if err != nil {
			return fmt.Errorf("ask for files: %w", err)
		}
		for _, sha := range part {
			asked[sha] = true
		}
		e.crash("blobs.asked")
		lacks := slices.DeleteFunc(slices.Clone(part), func(sha string) bool { return !slices.Contains(reply.Lacks, sha) })
		if err := e.bring(ctx, lacks, reply.LastN); err != nil {
			return err
		}
	}
	return nil
}

// bring makes the files' lane bring what the server lacks, as far as it is here.
// What is nowhere any more is not waited for: its command is sent, refused
// (CodeNoBlob), and its author told which file it was.
func (e *Engine) bring(ctx context.Context, lacks []string, lastN int64) error {
	if len(lacks) == 0 {
		return nil
	}
	ctx, done, err := e.writing(ctx)
	if err != nil {
		return err
	}
	defer done()
	var here []outbox.Blob
	for _, sha := range lacks {
		if size, _, ok := e.store.Find(sha); ok {
			here = append(here, outbox.Blob{SHA256: sha, Size: size})
			continue
		}
		e.log.Warn("a file to be sent is neither here nor at the server", "sha256", sha)
		if err := e.note(ctx, outbox.Event{What: outbox.EventBlob, Why: WhyBlobGone, Detail: sha}); err != nil {
			return err
		}
	}
	if len(here) == 0 {
		return nil
	}
	// The outbox first: after a kill a file that it does not know, among those
	// that are precious, would be taken for one given up.
	if err := e.box.Lack(ctx, here, office.Millis(e.o.Now()), lastN); err != nil {
		return err
	}
	e.crash("blobs.lacking")
	for _, b := range here {
		if _, err := e.store.Unsent(b.SHA256); err != nil {
			return err
		}
	}
	e.hub.status()
	e.wakeLane()
	return nil
}
