package store

import (
	"context"
	"fmt"
	"testing"

	"qianshao/syncserver/office"
)

// Each tells each record once and in order, whether they end with a page or
// within one, and says when it cannot read one.
func TestEach(t *testing.T) {
	ctx := context.Background()
	ks, err := office.NewKinds(office.Conflicts.Kind)
	if err != nil {
		t.Fatal(err)
	}
	s, err := Open(ctx, Config{Dir: t.TempDir(), Kinds: ks})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	made := 0
	for _, n := range []int{0, 1, eachPage - 1, eachPage, eachPage + 1, 2 * eachPage, 2*eachPage + 1} {
		err := s.Write(ctx, func(q Q) error {
			for ; made < n; made++ {
				id := fmt.Sprintf("n%03d", made)
				body, err := office.Canonical(map[string]any{"title": id})
				if err != nil {
					return err
				}
				if err := s.Rows.Insert(ctx, q, office.Record{Kind: office.Conflicts.Name, ID: id, Root: id, Ver: 1, Body: body}); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		told := 0
		err = s.Read(ctx, func(q Q) error {
			told = 0
			return Each(ctx, s, q, office.Conflicts, func(id string, v office.Conflict) {
				if want := fmt.Sprintf("n%03d", told); id != want || v.Title != want {
					t.Errorf("of %d: %s %q as number %d", n, id, v.Title, told)
				}
				told++
			})
		})
		if err != nil || told != n {
			t.Errorf("%d of %d: %v", told, n, err)
		}
	}
	type wrong struct{ Title int }
	err = s.Read(ctx, func(q Q) error {
		return Each(ctx, s, q, office.Of[wrong]{Kind: office.Conflicts.Kind}, func(string, wrong) {})
	})
	if err == nil {
		t.Error("a title that is no number was read as one")
	}
}
