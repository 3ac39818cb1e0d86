package store

import (
	"context"
	"testing"

	"qianshao/syncserver/office"
)

func TestOpenSQLite(t *testing.T) {
	ks, _ := office.NewKinds(office.Conflicts.Kind)
	dir := t.TempDir() + "/a b%3f?#"
	var epoch string
	for range 2 {
		s, err := Open(context.Background(), Config{Dir: dir, Kinds: ks})
		if err != nil {
			t.Fatal(err)
		}
		if epoch != "" && s.Epoch() != epoch {
			t.Error("a reopened database has another epoch")
		}
		epoch = s.Epoch()
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}
