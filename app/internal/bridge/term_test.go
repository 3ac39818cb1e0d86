package bridge

import (
	"testing"

	"qianshao/app/internal/engine"
)

// A locked desk says that it is, for how long it might have been away and how
// much waits, and whose it is; nothing of the office is asked for.
func TestALockedDesk(t *testing.T) {
	r, h, _ := newRooms(t, "lin-zhiyuan")
	h.known.Person = "林知远"
	h.desk.status = engine.Status{Locked: true, Term: 7, Waiting: 3, NeedsYou: 1, LastError: "network"}
	s, err := r.Session.State()
	if err != nil || s.Stage != StageLocked || s.Name != "林知远" || s.Error != "network" || s.Me != nil || len(s.Rooms) != 0 {
		t.Errorf("%+v %v", s, err)
	}
	for name, ask := range map[string]func() (Status, error){
		"status": r.Sync.Status, "now": r.Sync.Now, "switch": func() (Status, error) { return r.Sync.SetOffline(false) },
	} {
		if st, err := ask(); err != nil || !st.Locked || st.Term != 7 || st.Waiting != 3 || st.NeedsYou != 1 {
			t.Errorf("%s: %+v %v", name, st, err)
		}
	}
	_, err = r.Outbox.Reconcile()
	refused(t, err, engine.CodeTerm)
}
