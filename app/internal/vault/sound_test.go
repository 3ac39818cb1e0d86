package vault_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"qianshao/app/internal/vault"
)

// A database that was closed well is not checked again, unless anybody has
// touched it since or it was opened meanwhile.
func TestASoundFileIsNotCheckedAgain(t *testing.T) {
	ctx := context.Background()
	for _, c := range []struct {
		name  string
		noted bool // that it is sound
		again bool // opened once more, and not closed well
		trace bool // the damage leaves another time
		found bool
	}{
		{"as it was left", true, false, false, false},
		{"touched", true, false, true, true},
		{"opened since", true, true, false, true},
		{"not closed well", false, false, false, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := profile(t)
			db := write(t, p, vault.Replica)
			fill(t, db)
			db.Close()
			if c.noted {
				if err := p.Sound(vault.Replica); err != nil {
					t.Fatal(err)
				}
			}
			if c.again {
				write(t, p, vault.Replica).Close()
			}
			path := filepath.Join(p.Dir, "replica.db")
			before, err := os.Stat(path)
			if err != nil {
				t.Fatal(err)
			}
			damage(t, p, vault.Replica)
			if !c.trace {
				if err := os.Chtimes(path, before.ModTime(), before.ModTime()); err != nil {
					t.Fatal(err)
				}
			}
			db, err = p.Write(ctx, vault.Replica)
			if errors.Is(err, vault.ErrDamaged) != c.found {
				t.Errorf("%v", err)
			}
			if err == nil {
				if err := vault.Check(ctx, db); !errors.Is(err, vault.ErrDamaged) {
					t.Errorf("the check of an open file: %v", err)
				}
				db.Close()
			}
		})
	}
}
