package replica

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"qianshao/app/internal/vault"
	"qianshao/syncserver/office"
	"qianshao/syncserver/office/officetest"
)

func profile(t testing.TB) vault.Profile {
	t.Helper()
	now := time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)
	return vault.Profile{Dir: filepath.Join(t.TempDir(), "p"), Now: func() time.Time { now = now.Add(time.Second); return now }}
}

func open(t testing.TB, ks *office.Kinds, d Defects) *Replica {
	t.Helper()
	r, err := Open(context.Background(), profile(t), ks, d)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close() })
	return r
}

// Whatever a command does, only a fault of the database is one.
func TestARefusalIsNoFault(t *testing.T) {
	r := open(t, testKinds(), Defects{})
	long := obj{"title": strings.Repeat("x", office.MaxText+1)}
	take(t, r, Rebase{}, puts(org1, 1, card("a", 1, obj{"title": "x"})))
	out := take(t, r, Rebase{Waiting: []Command{
		{Ord: 1, Run: func(tx office.Tx) error { return tx.Insert("t.card", "b", "", long) }},
		{Ord: 2, Run: func(tx office.Tx) error { return tx.Patch("t.card", "a", office.Fields(long)) }},
		{Ord: 3, Run: func(tx office.Tx) error { return tx.Insert("t.none", "b", "", obj{}) }},
		{Ord: 4, Run: func(tx office.Tx) error { return tx.Insert("t.card", "b", "", []int{1}) }},
		{Ord: 5, Run: func(tx office.Tx) error { var p *Panic; return errors.New(p.What) }},
		{Ord: 6, Run: func(tx office.Tx) error { return tx.Patch("t.card", "a", office.Fields{"n": 1}) }},
	}})
	for ord, want := range map[int64]office.Code{1: office.CodeInvalid, 2: office.CodeInvalid, 3: office.CodeInvalid, 5: office.CodeInternal} {
		if o := out.Outcomes[ord]; o.Foresight != Fails || o.Err.Code != want {
			t.Errorf("%d: %+v", ord, o)
		}
	}
	if o := out.Outcomes[4]; o.Foresight != Fails {
		t.Errorf("%+v", o)
	}
	var p *Panic
	if o := out.Outcomes[5]; !errors.As(o.Fault, &p) || !strings.Contains(p.What, "nil pointer") || len(p.Stack) == 0 {
		t.Errorf("%+v", o)
	}
	if o := out.Outcomes[6]; o.Foresight != Runs || got(t, r, "t.card", "a") != `{"n":1,"title":"x"}` {
		t.Errorf("%+v", o)
	}
}

// The replica's Tx is one like all others. Each run is a waiting command that
// stays waiting.
func TestTxPassesTheSuite(t *testing.T) {
	officetest.Exercise(t, func(t *testing.T, ks *office.Kinds) officetest.Exercised {
		r := open(t, ks, Defects{})
		ord := int64(0)
		begin := func(f func(office.Tx) error) (officetest.Outcome, error) {
			var out Outcome
			ord++
			_, err := r.Update(context.Background(), func(tx *Tx) (err error) {
				out, err = tx.Try(Command{Ord: ord, Mid: "m", Run: f})
				if err != nil {
					return err
				}
				switch {
				case out.Fault != nil:
					return out.Fault
				case out.Err != nil:
					return out.Err
				case out.Foresight == Elsewhere:
					return office.ErrElsewhere()
				}
				return tx.Keep(ord, "m", out)
			})
			if err != nil {
				return officetest.Outcome{}, err
			}
			o := officetest.Outcome{Note: out.Note}
			for _, wrote := range out.rows {
				o.Wrote = o.Wrote || wrote
			}
			return o, nil
		}
		return officetest.Exercised{Begin: begin, Desk: true}
	})
}
