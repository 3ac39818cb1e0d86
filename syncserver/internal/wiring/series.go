package wiring

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"qianshao/syncserver/internal/store"
	"qianshao/syncserver/office/document"
)

// NumberSeries is a series of numbers and the next number of each year it has
// counted.
type NumberSeries struct {
	ID string
	document.Series
	Next map[int]int
}

// Series are all series of numbers, in the order in which they are offered.
func (s *Server) Series(ctx context.Context) ([]NumberSeries, error) {
	by := map[string]*NumberSeries{}
	err := s.Store.Read(ctx, func(q store.Q) error {
		clear(by)
		if err := store.Each(ctx, s.Store, q, document.AllSeries, func(id string, v document.Series) {
			by[id] = &NumberSeries{ID: id, Series: v, Next: map[int]int{}}
		}); err != nil {
			return err
		}
		return store.Each(ctx, s.Store, q, document.Counters, func(_ string, c document.Counter) {
			if x := by[c.Series]; x != nil {
				x.Next[c.Year] = c.Next
			}
		})
	})
	var out []NumberSeries
	for _, id := range slices.Sorted(maps.Keys(by)) {
		out = append(out, *by[id])
	}
	slices.SortStableFunc(out, func(a, b NumberSeries) int { return cmp.Compare(a.Order, b.Order) })
	return out, err
}

// PutSeries makes or changes a series. Refusals are those of
// document.PutSeries.
func (s *Server) PutSeries(ctx context.Context, x document.PutSeries) error {
	return s.system(ctx, &x)
}
