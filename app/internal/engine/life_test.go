package engine_test

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"qianshao/app/internal/engine"
	"qianshao/syncserver/office"
)

func TestACommandsLife(t *testing.T) {
	s := newServer("lin", "wang")
	d := newDesk(t, t.TempDir(), s, "lin", "d1")
	defer d.Close()
	if st := d.Status(); !st.Loading || st.Online || st.SyncedAt != 0 {
		t.Fatalf("before the first load: %+v", st)
	}
	d.sync()
	mid := d.do(&makeNote{ID: "n1", Title: "通知"})
	i := d.item(mid)
	if i.State != engine.StateQueued || !i.Waiting || i.N != 0 {
		t.Fatalf("queued: %+v", i)
	}
	if _, ok := d.note("n1"); !ok {
		t.Fatal("a command given off line does not show")
	}
	if ps, err := d.Pending(context.Background(), "t.note", "n1"); err != nil || !slices.Equal(ps, []string{mid}) {
		t.Fatalf("pending %v %v", ps, err)
	}
	if st := d.Status(); st.Waiting != 1 {
		t.Fatalf("status %+v", st)
	}
	r := d.sync()
	if r.Pushed != 1 || r.Applied != 1 || r.Refused != 0 || r.Pulled != 1 {
		t.Fatalf("report %+v", r)
	}
	i = d.item(mid)
	if i.State != engine.StateSettled || i.Outcome != "applied" || i.Waiting || i.N != 1 || i.At == 0 {
		t.Fatalf("settled: %+v", i)
	}
	if st := d.Status(); st.Waiting != 0 || st.Loading || !st.Online || st.SyncedAt == 0 || st.LastError != "" {
		t.Fatalf("status %+v", st)
	}
	d.checkBase()
	d.checkOverlay()
	// What is acknowledged can be archived once a backup holds it.
	s.durable = true
	d.do(&add{ID: "n1", By: 1})
	d.sync()
	d.sync()
	if i = d.item(mid); i.State != engine.StateArchived {
		t.Fatalf("archived: %+v", i)
	}
}

func TestARefusalAtDoQueuesNothing(t *testing.T) {
	d := newDesk(t, t.TempDir(), newServer("lin"), "lin", "d1")
	defer d.Close()
	ctx := context.Background()
	_, err := d.Do(ctx, &makeNote{ID: "n1"})
	code(t, err, office.CodeInvalid)
	d.do(&makeNote{ID: "n1", Title: "x"})
	d.do(&makeNote{ID: "n2", Title: "y"})
	_, err = d.Do(ctx, &move{From: "n1", Into: "n2", N: 5}) // writes, then refuses
	code(t, err, office.CodeState)
	_, err = d.Do(ctx, &boom{})
	if err == nil || !strings.Contains(err.Error(), "panicked") {
		t.Fatal(err)
	}
	is, err := d.Outbox(ctx, engine.Filter{})
	if err != nil || len(is) != 2 {
		t.Fatalf("%v %v", is, err)
	}
	if v, _ := d.note("n2"); v.N != 0 {
		t.Fatal("a refused command left its writes")
	}
	d.checkOverlay()
}

func TestDoJSON(t *testing.T) {
	d := newDesk(t, t.TempDir(), newServer("lin"), "lin", "d1")
	defer d.Close()
	ctx := context.Background()
	mid, id, err := d.DoJSON(ctx, "t.make@1", json.RawMessage(` {"title":"无号"} `))
	if err != nil || id == "" || mid == "" {
		t.Fatal(mid, id, err)
	}
	if v, ok := d.note(id); !ok || v.Title != "无号" {
		t.Fatal(v, ok)
	}
	if _, id, err = d.DoJSON(ctx, "t.make@1", json.RawMessage(`{"id":"n7","title":"x"}`)); err != nil || id != "n7" {
		t.Fatal(id, err)
	}
	for _, c := range []struct {
		kind, args string
		want       office.Code
	}{
		{"t.none@1", `{}`, office.CodeUnknown},
		{"t.make@1", `{"title":"x","nonsense":1}`, office.CodeInvalid},
		{"t.make@1", `{"title":7}`, office.CodeInvalid},
		{"t.make@1", `[]`, office.CodeInvalid},
		{"t.make@1", `{"title":"` + strings.Repeat("长", 1<<19) + `"}`, office.CodeTooLarge},
	} {
		_, _, err := d.DoJSON(ctx, c.kind, json.RawMessage(c.args))
		code(t, err, c.want)
	}
}

func TestElsewhereIsQueuedWithoutForesight(t *testing.T) {
	s := newServer("lin", "wang")
	d := newDesk(t, t.TempDir(), s, "lin", "d1")
	defer d.Close()
	d.sync()
	s.as("wang", &makeNote{ID: "n1", Title: "x", To: []office.UserID{"lin"}})
	mid := d.do(&add{ID: "n1", By: 2})
	if i := d.item(mid); i.Foresight != "elsewhere" || i.State != engine.StateQueued {
		t.Fatalf("%+v", i)
	}
	// The row comes before the command is sent: now it can be foreseen.
	d.way.lose = func(what string) (bool, bool) { return what == "push", false }
	if _, err := d.Sync(context.Background()); err == nil {
		t.Fatal("a lost push went unnoticed")
	}
	if i := d.item(mid); i.Foresight != "" || i.State != engine.StateSent {
		t.Fatalf("%+v", i)
	}
	if v, _ := d.note("n1"); v.N != 2 {
		t.Fatalf("%+v", v)
	}
	d.checkOverlay()
	d.way.lose = nil
	d.sync()
	d.checkBase()
	if v, _ := d.note("n1"); v.N != 2 {
		t.Fatalf("%+v", v)
	}
}

func TestRefusedChain(t *testing.T) {
	s := newServer("lin", "wang")
	ctx := context.Background()
	d := newDesk(t, t.TempDir(), s, "lin", "d1")
	defer d.Close()
	s.as("wang", &makeNote{ID: "n1", Title: "一", To: []office.UserID{"lin"}})
	s.as("wang", &makeNote{ID: "n2", Title: "二", To: []office.UserID{"lin"}})
	d.sync()
	d.do(&add{ID: "n1", By: 1})
	a := d.do(&copyTitle{From: "n1", Into: "n2"}) // depends on n1
	b := d.do(&add{ID: "n2", By: 5})              // depends on a
	other := d.do(&makeNote{ID: "n3", Title: "三"})
	s.as("wang", &drop{ID: "n1"})
	// n1 is gone: the first is refused and with it what stood on it.
	r := d.sync()
	if r.Refused != 3 || r.Applied != 1 {
		t.Fatalf("%+v", r)
	}
	if i := d.item(a); i.State != engine.StateHeld || !i.NeedsYou || i.Waiting {
		t.Fatalf("%+v", i)
	}
	if i := d.item(b); i.State != engine.StateHeld || !slices.Equal(i.Deps, []string{a}) {
		t.Fatalf("%+v", i)
	}
	if i := d.item(other); i.State != engine.StateSettled {
		t.Fatalf("unrelated: %+v", i)
	}
	if st := d.Status(); st.NeedsYou != 3 || st.Waiting != 0 {
		t.Fatalf("%+v", st)
	}
	d.checkBase()
	d.checkOverlay()
	// The person sends one again, discards the others.
	n, err := d.Retry(ctx, b)
	if err != nil {
		t.Fatal(err)
	}
	if i := d.item(b); i.State != engine.StateSettled || i.Next != n || i.NeedsYou {
		t.Fatalf("%+v", i)
	}
	_, err = d.Retry(ctx, b)
	code(t, err, office.CodeState)
	if err := d.Discard(ctx, a); err != nil {
		t.Fatal(err)
	}
	code(t, d.Discard(ctx, a), office.CodeState)
	code(t, d.Discard(ctx, "none"), office.CodeNotFound)
	d.sync()
	if v, _ := d.note("n2"); v.N != 5 || v.Title != "二" {
		t.Fatalf("%+v", v)
	}
	if st := d.Status(); st.NeedsYou != 1 {
		t.Fatalf("%+v", st)
	}
}

// Words of a refused command stay, and so does what the person saw.
func TestTheReconcileDeskHasWhatWasSeen(t *testing.T) {
	s := newServer("lin")
	d := newDesk(t, t.TempDir(), s, "lin", "d1")
	defer d.Close()
	s.as("lin", &makeNote{ID: "n1", Title: "原题"})
	d.sync()
	mid := d.do(&edit{ID: "n1", Changes: []office.Change{{Field: "title", Old: raw("原题"), New: raw("新题")}}})
	var saw []engine.Viewed
	if err := json.Unmarshal(d.item(mid).Context, &saw); err != nil || len(saw) != 1 {
		t.Fatal(saw, err)
	}
	if saw[0].Kind != "t.note" || saw[0].ID != "n1" || saw[0].Title != "原题" || !strings.Contains(string(saw[0].Body), "原题") {
		t.Fatalf("%+v", saw)
	}
}

func TestBothValuesAreKept(t *testing.T) {
	s := newServer("lin", "wang")
	d := newDesk(t, t.TempDir(), s, "lin", "d1")
	defer d.Close()
	s.as("lin", &makeNote{ID: "n1", Title: "甲", To: []office.UserID{"wang"}})
	d.sync()
	mid := d.do(&edit{ID: "n1", Changes: []office.Change{{Field: "title", Old: raw("甲"), New: raw("乙")}}})
	s.as("wang", &edit{ID: "n1", Changes: []office.Change{{Field: "title", Old: raw("甲"), New: raw("丙")}}})
	d.sync()
	d.checkBase()
	if v, _ := d.note("n1"); v.Title != "丙" {
		t.Fatalf("%+v", v)
	}
	if i := d.item(mid); i.State != engine.StateConflict {
		t.Fatalf("%+v", i)
	}
	if st := d.Status(); st.NeedsYou != 1 {
		t.Fatalf("%+v", st)
	}
	d.do(&office.CloseConflict{ID: office.ConflictID("t.note", "n1", "title", "lin")})
	if st := d.Status(); st.NeedsYou != 0 {
		t.Fatalf("%+v", st)
	}
	d.checkOverlay()
}

func TestDiscardBeforeSending(t *testing.T) {
	s := newServer("lin")
	d := newDesk(t, t.TempDir(), s, "lin", "d1")
	defer d.Close()
	a := d.do(&makeNote{ID: "n1", Title: "x"})
	b := d.do(&add{ID: "n1", By: 3})
	if err := d.Discard(context.Background(), a); err != nil {
		t.Fatal(err)
	}
	if _, ok := d.note("n1"); ok {
		t.Fatal("a discarded command shows")
	}
	if i := d.item(b); i.Foresight != "elsewhere" {
		t.Fatalf("%+v", i)
	}
	d.checkOverlay()
	d.sync()
	if i := d.item(b); i.State != engine.StateRejected || len(i.Deps) != 0 {
		t.Fatalf("%+v", i)
	}
	if i := d.item(a); i.State != engine.StateDiscarded {
		t.Fatalf("%+v", i)
	}
}

func TestAnOnlineActNeedsTheServer(t *testing.T) {
	s := newServer("lin")
	d := newDesk(t, t.TempDir(), s, "lin", "d1")
	defer d.Close()
	ctx := context.Background()
	d.do(&makeNote{ID: "n1", Title: "x"})
	d.sync()
	d.SetOffline(true)
	_, err := d.Do(ctx, &drop{ID: "n1"})
	code(t, err, engine.CodeOffline)
	_, err = d.Sync(ctx)
	code(t, err, engine.CodeOffline)
	if st := d.Status(); !st.Offline || st.Online {
		t.Fatalf("%+v", st)
	}
	d.SetOffline(false)
	d.do(&drop{ID: "n1"})
	d.sync()
	d.checkBase()
}

func TestRevocationLeavesNothing(t *testing.T) {
	s := newServer("lin", "wang")
	d := newDesk(t, t.TempDir(), s, "lin", "d1")
	defer d.Close()
	ctx := context.Background()
	s.as("wang", &makeNote{ID: "n1", Title: "移交名单", To: []office.UserID{"lin"}})
	s.as("wang", &write{ID: "l1", Note: "n1", Text: "第一行"})
	d.sync()
	if hs, err := d.Search(ctx, "名单", 10); err != nil || len(hs) != 1 || hs[0].Title != "移交名单" {
		t.Fatal(hs, err)
	}
	mid := d.do(&write{ID: "l2", Note: "n1", Text: "我的话"})
	s.as("wang", &share{ID: "n1"})
	d.way.lose = func(what string) (bool, bool) { return what == "push", false }
	if _, err := d.Sync(ctx); err == nil {
		t.Fatal("no error")
	}
	d.checkBase()
	d.checkOverlay()
	for _, q := range []string{"名单", "第一", "我的话"} {
		if hs, err := d.Search(ctx, q, 10); err != nil || len(hs) != 0 {
			t.Fatal(q, hs, err)
		}
	}
	// The unsent words are still the person's.
	if i := d.item(mid); i.Foresight != "elsewhere" || !strings.Contains(string(i.Args), "我的话") {
		t.Fatalf("%+v", i)
	}
	// A grant brings everything back, of whatever age.
	s.as("wang", &share{ID: "n1", To: []office.UserID{"lin"}})
	d.way.lose = nil
	d.sync()
	d.checkBase()
	if ls, err := d.Children(ctx, "t.line", "n1"); err != nil || len(ls) != 2 {
		t.Fatal(ls, err)
	}
}

func TestDraftsSeenAndHistory(t *testing.T) {
	s := newServer("lin")
	d := newDesk(t, t.TempDir(), s, "lin", "d1")
	defer d.Close()
	ctx := context.Background()
	for _, k := range []string{"doc/1", "doc/2", "mail/1"} {
		if err := d.SaveDraft(ctx, k, raw(k)); err != nil {
			t.Fatal(err)
		}
	}
	if err := d.SaveDraft(ctx, "doc/1", raw("again")); err != nil {
		t.Fatal(err)
	}
	code(t, d.SaveDraft(ctx, "doc/1", json.RawMessage("{")), office.CodeInvalid)
	ds, err := d.Drafts(ctx, "doc/")
	if err != nil || len(ds) != 2 || ds[0].Key != "doc/1" || string(ds[0].Body) != `"again"` {
		t.Fatal(ds, err)
	}
	if err := d.DeleteDraft(ctx, "doc/1"); err != nil {
		t.Fatal(err)
	}
	if _, ok, err := d.Draft(ctx, "doc/1"); ok || err != nil {
		t.Fatal(ok, err)
	}
	mid := d.do(&makeNote{ID: "n1", Title: "x"})
	d.sync()
	for range 5 {
		d.sync()
	}
	hs, err := d.History(ctx, 10)
	if err != nil || len(hs) != 1 || hs[0].Pushed != 1 || hs[0].Pulled != 1 {
		t.Fatalf("%+v %v", hs, err)
	}
	if err := d.MarkSeen(ctx, mid); err != nil || !d.item(mid).Seen {
		t.Fatal(err)
	}
}

func TestChangesAreTold(t *testing.T) {
	s := newServer("lin")
	d := newDesk(t, t.TempDir(), s, "lin", "d1")
	ch, stop := d.Changes()
	lag, _ := d.Changes()
	d.do(&makeNote{ID: "n1", Title: "x"})
	c := <-ch
	for len(c.Kinds) == 0 {
		c = <-ch
	}
	if !slices.Equal(c.Kinds["t.note"], []string{"n1"}) || !c.Status {
		t.Fatalf("%+v", c)
	}
	stop()
	for range ch {
	}
	// A receiver that does not look gets one Changed for all of it.
	for i := range 3 {
		d.do(&makeNote{ID: "m" + string(rune('a'+i)), Title: "x"})
	}
	seen := map[string]bool{}
	for len(seen) < 4 {
		for _, id := range (<-lag).Kinds["t.note"] {
			seen[id] = true
		}
	}
	d.Close()
	for range lag {
	}
	if late, _ := d.Changes(); late != nil {
		for range late {
		}
	}
}

func TestReadOnlyBesideAWriter(t *testing.T) {
	s := newServer("lin")
	dir := t.TempDir()
	d := newDesk(t, dir, s, "lin", "d1")
	defer d.Close()
	d.do(&makeNote{ID: "n1", Title: "通知"})
	o := d.o
	o.ReadOnly = true
	e, err := engine.Open(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	ctx := context.Background()
	if _, ok, err := e.Get(ctx, "t.note", "n1"); !ok || err != nil {
		t.Fatal(ok, err)
	}
	if hs, err := e.Search(ctx, "通知", 5); err != nil || len(hs) != 1 {
		t.Fatal(hs, err)
	}
	if _, err := e.Do(ctx, &makeNote{ID: "n2", Title: "x"}); err != engine.ErrReadOnly {
		t.Fatal(err)
	}
	if st := e.Status(); st.Waiting != 1 || st.UID != "lin" {
		t.Fatalf("%+v", st)
	}
}
