package authority

import (
	"context"
	"fmt"

	"qianshao/syncserver/internal/store"
	"qianshao/syncserver/office"
	"qianshao/syncserver/office/document"
)

// Ledgers holds the books of official numbers against each other in one
// snapshot: each number that a counter has passed is a paper's, or the ledger of
// gaps says why it is nobody's. A fault is a sentence with series and numbers.
func (a *Authority) Ledgers(ctx context.Context) ([]string, error) {
	var out []string
	err := a.Store.Read(ctx, func(q store.Q) error {
		out = nil
		t := &tx{ctx: ctx, q: q, rows: a.Store.Rows, cache: map[key]*touched{}}
		counters, err := document.Counters.All(t, office.Query{View: "all"})
		if err != nil {
			return err
		}
		for _, k := range counters {
			missing, err := document.Unexplained(t, k.Value.Series, k.Value.Year)
			if err != nil {
				return fmt.Errorf("books of %s %d: %w", k.Value.Series, k.Value.Year, err)
			}
			if len(missing) > 0 {
				out = append(out, fmt.Sprintf("series %s %d: no paper has number %d, and no entry of the ledger says why (%d in all)", k.Value.Series, k.Value.Year, missing[0], len(missing)))
			}
		}
		return nil
	})
	return out, err
}
