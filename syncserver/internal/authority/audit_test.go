package authority

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"qianshao/syncserver/internal/store"
	"qianshao/syncserver/office"
	"qianshao/syncserver/protocol"
)

// What an operator should look at is no damage: a restore refuses a store for
// damage alone. The doctor tells both.
func TestAuditKeepsDamageAndNoticesApart(t *testing.T) {
	w := newWorld(t, store.Config{Dir: t.TempDir()})
	ctx := context.Background()
	w.as("wu", &put{K: "t.case", I: "a", B: obj{"to": []string{"u:lin"}, "title": "在办"}})
	d := w.desk("lin", "d1")
	d.pull(nil)
	audit := func() (damage, notices []string) {
		t.Helper()
		damage, notices, err := w.Audit(ctx)
		if err != nil {
			t.Fatal(err)
		}
		all, err := w.Check(ctx)
		if err != nil || !slices.Equal(all, append(slices.Clone(damage), notices...)) {
			t.Errorf("the doctor tells %v, %v", all, err)
		}
		return damage, notices
	}
	if damage, notices := audit(); len(damage)+len(notices) != 0 {
		t.Fatalf("a sound store: %v %v", damage, notices)
	}
	// A device that asks and asks and does not get its commands through.
	for range 3 {
		if _, err := w.Pull(ctx, d.caller, protocol.PullRequest{Device: "d1", Waiting: 2}); err != nil {
			t.Fatal(err)
		}
		w.mu.Lock()
		w.clock = w.clock.Add(25 * time.Hour)
		w.mu.Unlock()
	}
	if _, err := w.Pull(ctx, d.caller, protocol.PullRequest{Device: "d1", Waiting: 2}); err != nil {
		t.Fatal(err)
	}
	damage, notices := audit()
	if len(damage) != 0 || len(notices) != 1 || !strings.Contains(notices[0], "device d1 of lin is stuck") {
		t.Fatalf("a stuck device: %v %v", damage, notices)
	}
	err := w.Store.Write(ctx, func(q store.Q) error {
		_, err := q.ExecContext(ctx, "UPDATE "+w.Store.Rows.Table("t.case")+" SET body = ? WHERE id = 'a'", string(mustCanonical(t, obj{"title": "别的话", "to": []string{"u:lin"}})))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	damage, again := audit()
	if len(damage) == 0 || !strings.Contains(damage[0], "t.case a: the body is not the one that was written") || strings.Contains(strings.Join(damage, " "), "别的话") {
		t.Errorf("a changed record: %v", damage)
	}
	if !slices.Equal(notices, again) {
		t.Errorf("damage changes the notices: %v", again)
	}
}

func mustCanonical(t *testing.T, v any) []byte {
	t.Helper()
	b, err := office.Canonical(v)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
