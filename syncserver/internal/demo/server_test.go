package demo

import (
	"context"
	"crypto/rand"
	"log/slog"
	"testing"
	"time"

	"qianshao/syncserver/internal/store"
	"qianshao/syncserver/internal/wiring"
	"qianshao/syncserver/office"
	"qianshao/syncserver/office/seal"
	"qianshao/syncserver/protocol"
)

// A real server comes to the very state that was rehearsed, and filling it again
// changes nothing, not even after its people have gone on working.
func TestRealServer(t *testing.T) {
	ctx := context.Background()
	s, err := wiring.Open(ctx, wiring.Config{
		Dir: t.TempDir(), Rand: rand.Reader, Log: slog.New(slog.DiscardHandler), Now: func() time.Time { return noon },
	})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	applied := 0
	run := func(ctx context.Context, uid office.UserID, mid string, at time.Time, cmd office.Command) error {
		r, err := s.Authority.As(ctx, uid, mid, at, cmd)
		if err != nil {
			return err
		}
		switch r.Outcome {
		case protocol.Applied:
			applied++
			return nil
		case protocol.Noop:
			return nil
		}
		return wiring.Refusal(r)
	}
	st, err := fill(ctx, run, noon)
	if err != nil {
		t.Fatal(err)
	}
	same := func() {
		t.Helper()
		for _, k := range st.mem.Kinds.All() {
			if k.Name == seal.Keys.Name { // made by the server's start, not by the script
				continue
			}
			want := st.mem.All(k.Name)
			err := s.Store.Read(ctx, func(q store.Q) error {
				var n int
				if err := q.QueryRowContext(ctx, "SELECT count(*) FROM "+s.Store.Rows.Table(k.Name)).Scan(&n); err != nil {
					return err
				}
				if n != len(want) {
					t.Errorf("%d of %s, rehearsed were %d", n, k.Name, len(want))
				}
				for _, w := range want {
					r, ok, err := s.Store.Rows.Get(ctx, q, k.Name, w.ID)
					if err != nil {
						return err
					}
					if !ok || string(unsealed(t, r).Body) != string(w.Body) {
						t.Errorf("%s %s\n%s\nrehearsed was\n%s", k.Name, w.ID, r.Body, w.Body)
					}
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	same()
	if applied < 700 {
		t.Errorf("%d commands applied", applied)
	}
	if faults, err := s.Authority.Check(ctx); err != nil || len(faults) > 0 {
		t.Errorf("%v %v", faults, err)
	}
	if err := Fill(ctx, run, noon.AddDate(0, 0, 9)); err != nil {
		t.Fatal(err)
	}
	same()
}

// unsealed is a record without what the server's seal adds.
func unsealed(t *testing.T, r office.Record) office.Record {
	t.Helper()
	set := office.Fields{}
	switch r.Kind {
	case seal.EventKind:
		set = office.Fields{seal.FieldPrev: nil, seal.FieldSum: nil, seal.FieldHash: nil, seal.FieldSig: nil, seal.FieldKey: nil}
	case seal.OpinionKind:
		set = office.Fields{seal.FieldSalts: nil}
	case seal.InstanceKind:
		set = office.Fields{seal.FieldHead: nil}
	}
	body, err := office.Patched(r.Body, set)
	if err != nil {
		t.Fatal(err)
	}
	r.Body = body
	return r
}
