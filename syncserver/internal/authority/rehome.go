package authority

import (
	"context"
	"fmt"

	"qianshao/syncserver/internal/store"
	"qianshao/syncserver/office"
)

// metaHomed says up to which rule of residence the records have been settled.
const metaHomed = "homed"

// homeRule counts the changes of where records live that existing records have
// to follow: a new number settles all of them once more.
const homeRule = "1"

// rehomeBatch is how many roots move in one transaction.
const rehomeBatch = 50

// Rehome settles once where each record lives, for a database that an older
// version has left. It may stop and go on at any moment, and run on several
// servers at once.
func (a *Authority) Rehome(ctx context.Context) error {
	var done string
	err := a.Store.Read(ctx, func(q store.Q) (err error) {
		done, err = store.Meta(ctx, q, metaHomed)
		return err
	})
	if err != nil || done == homeRule {
		return err
	}
	for _, k := range a.Kinds.All() {
		if !k.IsRoot() {
			continue
		}
		if err := a.rehomeKind(ctx, k); err != nil {
			return fmt.Errorf("settle records of %s: %w", k.Name, err)
		}
	}
	return a.Store.Write(ctx, func(q store.Q) error { return store.SetMeta(ctx, q, metaHomed, homeRule) })
}

func (a *Authority) rehomeKind(ctx context.Context, k *office.Kind) error {
	for after := ""; ; {
		var chans []office.Channel
		last, n := after, 0
		err := a.transact(ctx, func(q store.Q, _ bool) error {
			chans = nil
			t := a.newTx(ctx, q)
			m := moves{}
			ss, err := a.Store.Rows.Page(ctx, q, k.Name, after, rehomeBatch)
			if err != nil {
				return err
			}
			for n = 0; n < len(ss); n++ {
				last = ss[n].ID
				if err := a.rehouse(t, m, key{k.Name, last}); err != nil {
					return err
				}
			}
			chans, err = t.stamp(m, office.DeriveID("home", homeRule, k.Name, after), a.Now())
			return err
		})
		if err != nil {
			return err
		}
		a.tell(chans, nil, 0)
		if after = last; n < rehomeBatch {
			return nil
		}
	}
}
