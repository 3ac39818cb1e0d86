package bridge

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"qianshao/app/internal/engine"
	"qianshao/syncserver/office"
	"qianshao/syncserver/office/approval"
	"qianshao/syncserver/office/calendar"
	"qianshao/syncserver/office/contact"
	"qianshao/syncserver/office/directory"
	"qianshao/syncserver/office/todo"
)

// outboxOf is 林's desk with these items in its outbox.
func outboxOf(t *testing.T, items ...engine.Item) (*Rooms, *fakeHost) {
	t.Helper()
	r, h, _ := newRooms(t, "lin-zhiyuan")
	person(h.desk, "lin-zhiyuan", directory.Official{Name: "林知远"})
	person(h.desk, "zhou-muye", directory.Official{Name: "周牧野"})
	h.desk.items = items
	return r, h
}

func refusedItem(mid, command, args string, more ...string) engine.Item {
	x := engine.Item{
		Mid: mid, Command: command, Args: json.RawMessage(args), State: engine.StateRejected, Outcome: engine.StateRejected,
		Code: office.CodeNotPermitted, NeedsYou: true, Claimed: hour(10), At: hour(11), Deps: more,
	}
	if len(more) > 0 {
		x.State, x.Outcome, x.Code = engine.StateHeld, engine.StateHeld, office.CodeHeld
	}
	return x
}

// A refused command and those held behind it, directly and further on, are one
// case; another refused one is its own.
func TestChainIsOneCase(t *testing.T) {
	r, _ := outboxOf(t,
		refusedItem("a", "calendar.create@1", `{"id":"e","title":"协调会","place":"三楼","start":1794186000000,"attendees":["zhou-muye"]}`),
		refusedItem("b", "calendar.edit@1", `{"id":"e","changes":[{"field":"place","old":"三楼","new":"四楼"},{"field":"reminder","old":null,"new":15}]}`, "a"),
		refusedItem("c", "calendar.edit@1", `{"id":"e","changes":[]}`, "b", "a"),
		refusedItem("d", "todo.create@1", `{"id":"t","title":"另一件","note":"两行\n文字"}`),
	)
	rc, err := r.Outbox.Reconcile()
	if err != nil || len(rc.Entries) != 2 {
		t.Fatalf("%+v %v", rc.Entries, err)
	}
	i := slices.IndexFunc(rc.Entries, func(e Entry) bool { return e.Mid == "a" })
	e := rc.Entries[i]
	if len(e.Chain) != 2 || e.Chain[0].Mid != "b" || e.Chain[1].Mid != "c" {
		t.Errorf("%+v", e.Chain)
	}
	if !slices.Equal(e.Wrote, []Wrote{{"title", "协调会", "text"}, {"place", "三楼", "text"}, {"start", "1794186000000", "time"}, {"attendees", "周牧野", "list"}}) {
		t.Errorf("%+v", e.Wrote)
	}
	if !slices.Equal(e.Choices, []string{ChoiceResend, ChoiceTodo, ChoiceDiscard}) {
		t.Errorf("%v", e.Choices)
	}
	// Ended together, from the head on.
	n, err := r.Outbox.Settle([]string{"a", "b", "c"}, ChoiceDiscard)
	if n != 3 || err != nil {
		t.Fatalf("%d %v", n, err)
	}
	if rc, _ = r.Outbox.Reconcile(); len(rc.Entries) != 1 || rc.Entries[0].Mid != "d" {
		t.Errorf("%+v", rc.Entries)
	}
	if n, err = r.Outbox.Settle([]string{"d", "a"}, ChoiceResend); n != 1 || office.CodeOf(err) != office.CodeState {
		t.Errorf("%d %v", n, err)
	}
	_, err = r.Outbox.Settle([]string{"d"}, "eat")
	refused(t, err, office.CodeInvalid)
	_, err = r.Outbox.Settle(nil, ChoiceDiscard)
	refused(t, err, office.CodeInvalid)
}

func TestWordsGoOn(t *testing.T) {
	act := `{"task":"t1","subject":"d1","words":"同意。夜间再加一组。"}`
	r, h := outboxOf(t, refusedItem("a", "approval.approve@1", act), refusedItem("b", "approval.approve@1", act), refusedItem("c", "approval.approve@1", `{"task":"t2","subject":"d2","words":"x"}`))
	h.desk.put(approval.Copies.Name, "copy", "copy", approval.Copy{Subject: "d1", Title: "签报", From: "zhou-muye", To: "lin-zhiyuan", State: approval.CopyUnread, Sent: hour(9)})
	rc, err := r.Outbox.Reconcile()
	if err != nil || len(rc.Entries) != 3 {
		t.Fatalf("%+v %v", rc.Entries, err)
	}
	for _, e := range rc.Entries {
		if has := slices.Contains(e.Choices, ChoiceReading); has != (e.Mid != "c") {
			t.Errorf("%s: %v", e.Mid, e.Choices)
		}
		if len(e.Wrote) != 0 {
			t.Errorf("%s: %+v", e.Mid, e.Wrote)
		}
	}
	if _, err := r.Outbox.ToReading("a", "同意。夜间再加一组。"); err != nil {
		t.Fatal(err)
	}
	if x := last(h).(*approval.Read); x.ID != "copy" || x.Words != "同意。夜间再加一组。" {
		t.Errorf("%+v", x)
	}
	if _, err := r.Outbox.ToTodo("b", "再核：夜间值守", "同意。夜间再加一组。"); err != nil {
		t.Fatal(err)
	}
	if x := last(h).(*todo.Create); x.Title != "再核：夜间值守" || x.Note != "同意。夜间再加一组。" {
		t.Errorf("%+v", x)
	}
	_, err = r.Outbox.ToReading("c", "x")
	refused(t, err, office.CodeState)
	_, err = r.Outbox.ToTodo("a", "again", "")
	refused(t, err, office.CodeNotFound)
	if rc, _ = r.Outbox.Reconcile(); slices.ContainsFunc(rc.Entries, func(e Entry) bool { return e.Mid == "a" || e.Mid == "b" }) {
		t.Errorf("%+v", rc.Entries)
	}
}

func TestHistory(t *testing.T) {
	done := func(mid, title string, at float64, archived bool) engine.Item {
		x := engine.Item{Mid: mid, Command: "todo.create@1", Args: json.RawMessage(`{"id":"` + mid + `","title":"` + title + `"}`), Outcome: engine.StateApplied, State: engine.StateSettled, Claimed: hour(at), At: hour(at)}
		if archived {
			x.State = engine.StateArchived
		}
		return x
	}
	void := refusedItem("v", "approval.approve@1", `{"subject":"d","words":"请补听证结论"}`)
	void.NeedsYou, void.State = false, engine.StateDiscarded
	again := refusedItem("g", "todo.create@1", `{"id":"g","title":"重发的","note":"带台账"}`)
	again.NeedsYou, again.Next = false, "h"
	open := refusedItem("o", "todo.create@1", `{"id":"o","title":"还没办"}`)
	waiting := engine.Item{Mid: "w", Command: "todo.create@1", Args: json.RawMessage(`{"id":"w","title":"在途"}`), State: engine.StateQueued, Waiting: true, Claimed: hour(1)}
	r, _ := outboxOf(t, done("a", "旧件", -48, true), done("b", "新件", 9, false), void, again, open, waiting)
	mids := func(q HistoryQuery) string {
		t.Helper()
		if q.Limit == 0 {
			q.Limit = 50
		}
		p, err := r.Outbox.History(q)
		if err != nil {
			t.Fatal(err)
		}
		var out []string
		for _, e := range p.Entries {
			out = append(out, e.Mid)
		}
		return strings.Join(out, " ")
	}
	for _, x := range []struct {
		q    HistoryQuery
		want string
	}{
		{HistoryQuery{Group: "all"}, "v g b a"},
		{HistoryQuery{Group: "done"}, "b a"},
		{HistoryQuery{Group: "void"}, "v g"},
		{HistoryQuery{Group: "all", Text: "听证"}, "v"},
		{HistoryQuery{Group: "all", Text: "件"}, "b a"},
		{HistoryQuery{Group: "all", Text: "台账"}, "g"},
		{HistoryQuery{Group: "all", From: hour(0)}, "v g b"},
		{HistoryQuery{Group: "all", To: hour(0)}, "a"},
		{HistoryQuery{Group: "all", Skip: 1, Limit: 2}, "g b"},
	} {
		if got := mids(x.q); got != x.want {
			t.Errorf("%+v: %q, want %q", x.q, got, x.want)
		}
	}
	p, _ := r.Outbox.History(HistoryQuery{Group: "void", Limit: 1})
	if p.Total != 2 || p.Entries[0].Mark != markVoid || p.Entries[0].Words != "请补听证结论" {
		t.Errorf("%+v", p)
	}
	_, err := r.Outbox.History(HistoryQuery{Group: "all"})
	refused(t, err, office.CodeInvalid)
	_, err = r.Outbox.History(HistoryQuery{Group: "mine", Limit: 1})
	refused(t, err, office.CodeInvalid)
}

// Of a text kept twice only the difference is marked.
func TestClashPieces(t *testing.T) {
	r, h := outboxOf(t)
	h.desk.put(contact.Cards.Name, "c", "c", contact.Card{Owner: "lin-zhiyuan", Name: "沐言", Pinyin: "mu yan", Title: "科长"})
	h.desk.put(office.Conflicts.Name, "k", "k", office.Conflict{
		Kind: contact.Cards.Name, ID: "c", Field: "note", Actor: "lin-zhiyuan", State: office.ConflictOpen, At: hour(9),
		Mine: json.RawMessage(`"周三带20份材料"`), Theirs: json.RawMessage(`"周三带24份材料"`),
	})
	rc, err := r.Outbox.Reconcile()
	if err != nil || len(rc.Entries) != 1 || len(rc.Entries[0].Clashes) != 1 {
		t.Fatalf("%+v %v", rc.Entries, err)
	}
	c := rc.Entries[0].Clashes[0]
	want := []Piece{{Text: "周三带"}, {Text: "20", Changed: true}, {Text: "份材料"}}
	if !slices.Equal(c.MinePieces, want) || c.TheirsPieces[1] != (Piece{Text: "24", Changed: true}) {
		t.Errorf("%+v %+v", c.MinePieces, c.TheirsPieces)
	}
}

// Both sides of a clash about an event are kept as two events; nothing else is
// kept twice.
func TestKeepBothOfAnEvent(t *testing.T) {
	r, h := outboxOf(t)
	made, err := r.Calendar.Create(EventInput{Title: "调度会", Start: hour(9), End: hour(10), Place: "三楼"})
	if err != nil {
		t.Fatal(err)
	}
	h.desk.patch(calendar.Events.Name, made.ID, office.Fields{"place": "四楼", "start": hour(14), "end": hour(15)})
	seen := EventInput{ID: made.ID, Title: "调度会", Start: hour(9), End: hour(10), Place: "三楼"}
	mine := seen
	mine.Base, mine.Place, mine.Start = &seen, "我处", hour(8)
	if _, err := r.Calendar.Edit(mine); err != nil {
		t.Fatal(err)
	}
	clash := func() (Entry, bool) {
		rc, err := r.Outbox.Reconcile()
		if err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(rc.Entries, func(e Entry) bool { return e.Mark == MarkClash })
		if i < 0 {
			return Entry{}, false
		}
		return rc.Entries[i], true
	}
	e, ok := clash()
	if !ok || !slices.Equal(e.Choices, []string{ChoicePick, ChoiceBoth}) || len(e.Clashes) != 3 {
		t.Fatalf("%+v", e)
	}
	var ids []string
	for _, c := range e.Clashes {
		ids = append(ids, c.Conflict)
	}
	if n, err := r.Outbox.KeepBoth(ids); n != 1 || err != nil {
		t.Fatalf("%d %v", n, err)
	}
	if e, ok := clash(); ok {
		t.Errorf("the question stays: %+v", e)
	}
	second, _ := h.desk.mem.Get(calendar.Events.Name, last(h).(*calendar.KeepBoth).ID)
	var ev calendar.Event
	if err := second.Decode(&ev); err != nil || ev.Start != hour(8) || ev.End != hour(10) || ev.Place != "我处" || ev.Title != "调度会" {
		t.Errorf("%+v %v", ev, err)
	}
	_, err = r.Outbox.KeepBoth(ids)
	refused(t, err, office.CodeState)
	_, err = r.Outbox.KeepBoth(nil)
	refused(t, err, office.CodeInvalid)
	h.desk.put(office.Conflicts.Name, "card", "card", office.Conflict{Kind: "contact.card", ID: "c", Actor: "lin-zhiyuan", State: office.ConflictOpen})
	_, err = r.Outbox.KeepBoth([]string{"card"})
	refused(t, err, office.CodeInvalid)
	_, err = r.Outbox.KeepBoth([]string{"none"})
	refused(t, err, office.CodeNotFound)
}
