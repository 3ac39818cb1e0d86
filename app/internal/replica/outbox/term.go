package outbox

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
)

// Term is how this desk stands with the office's offline term. Times are
// milliseconds.
//
// What is gone of the term is added up from one look at the clock to the next,
// so that a clock set back takes nothing of it away again and lengthens the
// term by nothing; only what passes while no program runs and the clock is then
// set back is not seen. A clock set forward locks, until the next contact.
type Term struct {
	Term int64 // how long without contact; 0 = for ever
	Gone int64 // without contact, up to Seen
	Seen int64 // the desk's clock at the last look; 0 = never looked
}

// At is the term at a moment of the desk's clock.
func (t Term) At(now int64) Term {
	if t.Seen != 0 && now > t.Seen {
		if t.Gone > math.MaxInt64-(now-t.Seen) {
			t.Gone = math.MaxInt64
		} else {
			t.Gone += now - t.Seen
		}
	}
	t.Seen = now
	return t
}

// Met is the term after contact at a moment of the desk's clock.
func (t Term) Met(now int64) Term { return Term{Term: t.Term, Seen: now} }

// Over reports whether the term is over.
func (t Term) Over() bool { return t.Term > 0 && t.Gone >= t.Term }

// Left is what is left of it; 0 if it is over or there is none.
func (t Term) Left() int64 { return max(0, t.Term-t.Gone) }

// Term reads it. An outbox of an older program that is open for reading has
// none.
func (b *Box) Term(ctx context.Context) (Term, error) {
	var t Term
	var has bool
	err := b.db.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM sqlite_master WHERE name = 'term')").Scan(&has)
	if err == nil && has {
		err = b.db.QueryRowContext(ctx, "SELECT term, gone, seen FROM term").Scan(&t.Term, &t.Gone, &t.Seen)
	}
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return t, fmt.Errorf("read the offline term: %w", err)
	}
	return t, nil
}

// KeepTerm keeps it.
func (b *Box) KeepTerm(ctx context.Context, t Term) error {
	return b.write(ctx, "keep the offline term", func(tx *sql.Tx) error {
		return exec(ctx, tx, "INSERT INTO term (one, term, gone, seen) VALUES (1, ?, ?, ?) ON CONFLICT (one) DO UPDATE SET term = excluded.term, gone = excluded.gone, seen = excluded.seen", t.Term, t.Gone, t.Seen)
	})
}
