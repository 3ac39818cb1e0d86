package engine

import (
	"context"

	"qianshao/app/internal/replica/outbox"
	"qianshao/syncserver/office"
)

// Reasons of events. The window has a sentence for each; a reason that is none of
// these is shown as it is.
const (
	WhyMended    = "mended"                                            // repair
	WhyDiffers   = "differs still"                                     // repair
	WhyBusy      = "sums differ, busy"                                 // reset
	WhyTooMany   = "sums differ, too many rows"                        // reset
	WhyOld       = "older than what the server keeps"                  // reset
	WhyHistory   = "the server has another history"                    // reset, rebuild
	WhyCopy      = "another copy of this profile is known"             // fork
	WhyForgotten = "the server has no memory of this device's work"    // fork
	WhyReplayed  = "the server's history is not the one that answered" // replay
	WhyAnew      = "damaged, begun anew"                               // aside: the outbox
	WhyBack      = "damaged, a copy put back"                          // aside: the outbox
	WhyOwnWords  = "own words of a damaged outbox kept apart"          // aside: the outbox
	WhyFetched   = "damaged, fetched again"                            // aside: the replica
	WhyOlder     = "replica of an older program"                       // upgrade
	WhyWiped     = "the device was revoked"                            // refused
	WhyTooOld    = "the program is too old"                            // refused
	WhyBlobAgain = "a file came damaged, fetched again"                // blob
	WhyBlobBad   = "a file on this machine is damaged"                 // blob
	WhyBlobGone  = "a file is neither here nor at the server"          // blob
)

// note writes an event into the replication history. The caller has the pen.
func (e *Engine) note(ctx context.Context, ev outbox.Event) error {
	ev.At = office.Millis(e.o.Now())
	return e.box.Note(ctx, ev)
}

// blobFault notes what befell a file, for whoever has no pen. That it cannot be
// noted stops nothing.
func (e *Engine) blobFault(ctx context.Context, sha, why string) {
	ctx, done, err := e.writing(ctx)
	if err != nil {
		return
	}
	defer done()
	if err := e.note(ctx, outbox.Event{What: outbox.EventBlob, Why: why, Detail: sha}); err != nil {
		e.log.Warn("an event is not noted", "what", outbox.EventBlob, "err", err)
	}
}

// noteRefused notes, once, that the server takes nothing of this device any more.
// The caller has the pen.
func (e *Engine) noteRefused(ctx context.Context, code office.Code) error {
	why := map[office.Code]string{CodeWiped: WhyWiped, office.CodeTooOld: WhyTooOld}[code]
	if why == "" {
		return nil
	}
	last, err := e.box.Events(ctx, 1)
	if err != nil || len(last) > 0 && last[0].What == outbox.EventRefused && last[0].Why == why {
		return err
	}
	return e.note(ctx, outbox.Event{What: outbox.EventRefused, Why: why})
}
