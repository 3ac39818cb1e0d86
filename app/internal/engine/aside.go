package engine

import (
	"context"

	"qianshao/app/internal/replica/outbox"
	"qianshao/app/internal/vault"
)

// Files set aside because they were damaged hold what is taken from the person
// later, and nobody can mend them. A replica goes, bytes and all, as soon as the
// one fetched in its place is whole. Of an outbox, which holds words that are
// nowhere else, those words are kept when anything is taken from the person, and
// the rest goes.

// dropReplicas removes replicas that were set aside. The present one is whole.
func (e *Engine) dropReplicas() error {
	if !e.aside {
		return nil
	}
	names, err := e.prof.Asides(vault.Replica)
	if err != nil {
		return err
	}
	for _, name := range names {
		if err := e.prof.DropAside(name); err != nil {
			return err
		}
	}
	e.aside = false
	return nil
}

// forgetAsides keeps the person's own words of outboxes that were set aside, and
// nothing else of them; it reports whether there were any. The caller has the pen.
func (e *Engine) forgetAsides(ctx context.Context) (bool, error) {
	names, err := e.prof.Asides(vault.Outbox)
	if err != nil || len(names) == 0 {
		return false, err
	}
	if err := e.prof.DropCopies(); err != nil { // one of them may be the damaged one's
		return false, err
	}
	for _, name := range names {
		kept, err := outbox.KeepOwn(ctx, e.prof, name, e.ownDraft)
		if err != nil {
			return false, err
		}
		e.crash("aside.kept")
		if err := e.prof.DropAside(name); err != nil {
			return false, err
		}
		e.log.Warn("a damaged outbox is erased", "file", name, "own", kept)
		if kept != "" {
			if err := e.note(ctx, outbox.Event{What: outbox.EventAside, Why: WhyOwnWords, Detail: kept}); err != nil {
				return false, err
			}
		}
	}
	return true, nil
}

// ownDraft is what a draft holds of the person's own words.
func (e *Engine) ownDraft(d outbox.Draft) (outbox.Draft, bool) {
	if e.o.Own == nil {
		return d, true
	}
	kind, _, own := e.o.Own(Draft(d))
	switch {
	case kind == "":
		return d, true
	case own == nil:
		return d, false
	}
	return outbox.Draft(*own), true
}
