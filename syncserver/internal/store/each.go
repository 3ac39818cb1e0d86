package store

import (
	"context"

	"qianshao/syncserver/office"
)

// eachPage is how many records Each reads at a time.
const eachPage = 200

// Each tells each of all records of a kind, in the order of their ids: for kinds
// of which an office has few, such as its flows and number series.
func Each[T any](ctx context.Context, s *Store, q Q, kind office.Of[T], each func(id string, v T)) error {
	for after := ""; ; {
		page, err := s.Rows.Page(ctx, q, kind.Name, after, eachPage)
		if err != nil {
			return err
		}
		for _, r := range page {
			var v T
			if err := r.Decode(&v); err != nil {
				return err
			}
			each(r.ID, v)
			after = r.ID
		}
		if len(page) < eachPage {
			return nil
		}
	}
}
