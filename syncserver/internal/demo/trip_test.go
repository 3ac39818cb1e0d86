package demo

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/approval"
	"qianshao/syncserver/office/calendar"
	"qianshao/syncserver/office/contact"
	"qianshao/syncserver/office/document"
)

// TestTrip plays the demonstration trip in one room: what he decides on the train
// is made from what he saw before he left, and reaches the office after what his
// colleagues did meanwhile.
func TestTrip(t *testing.T) {
	trip, err := TripOf(context.Background(), noon)
	if err != nil {
		t.Fatal(err)
	}
	st, err := fill(context.Background(), nothing, noon)
	if err != nil {
		t.Fatal(err)
	}
	at := noon
	play := func(who office.UserID, cmd office.Command) error {
		t.Helper()
		at = at.Add(time.Minute)
		return st.play(at, who, office.DeriveID("trip", at.String()), cmd)
	}
	must := func(who office.UserID, cmd office.Command) {
		t.Helper()
		if err := play(who, cmd); err != nil {
			t.Fatalf("%s by %s: %v", cmd.Kind(), who, err)
		}
	}
	act := func(x Stop, who office.UserID, words string) *approval.Approve {
		t.Helper()
		id, task, hash, err := st.asked(paper{id: x.Document, name: x.Title}, who)
		if err != nil {
			t.Fatal(err)
		}
		return &approval.Approve{Task: id, Subject: x.Document, TaskRev: task.Rev, Step: task.Step, SeenHash: hash, Words: words}
	}
	change := func(kind, id, field, value string) []office.Change {
		t.Helper()
		c, err := st.changes(kind, id, map[string]any{field: value})
		if err != nil {
			t.Fatal(err)
		}
		return c
	}

	// What he does off line, from what he sees.
	sign := act(trip.Sign, trip.Leader, "同意签发。")
	seen := act(trip.Return, trip.Leader, "")
	if sign.Task != trip.Sign.Task || seen.Task != trip.Return.Task {
		t.Errorf("tasks %s %s, the trip says %s %s", sign.Task, seen.Task, trip.Sign.Task, trip.Return.Task)
	}
	giveBack := &approval.Return{Task: seen.Task, Subject: seen.Subject, TaskRev: seen.TaskRev, Step: seen.Step, SeenHash: seen.SeenHash, Words: "台账口径请先与发改局核对。"}
	stale := act(trip.Stale, trip.Leader, "同意签发。")
	draft := &document.DraftPaper{
		ID: "trip-draft", Direction: document.Internal, Genre: "签报", Title: "关于近期重点工作的几点建议", Unit: trip.DraftUnit,
		Leaders: []office.UserID{trip.DraftLeaders}, Blocks: []document.Block{{ID: "b01", Type: document.BlockText, Text: "建议如下。"}},
	}
	note := &calendar.Edit{ID: trip.Event, Changes: change(calendar.Events.Name, trip.Event, "note", "各单位带进度表")}
	title := &contact.Edit{ID: trip.Card, Changes: change(contact.Cards.Name, trip.Card, "title", "一级调研员")}

	// What happens at home meanwhile.
	must(trip.Colleague, act(trip.Return, trip.Colleague, "同意，请抓紧报送。"))
	var b document.Body
	var h document.Header
	if st.read(document.Bodies.Name, trip.Stale.Document, &b) != nil || st.read(document.Headers.Name, trip.Stale.Document, &h) != nil {
		t.Fatal("no paper")
	}
	for _, x := range b.Blocks {
		if x.ID == trip.Block {
			y := x
			y.Text = trip.NewText
			if x.Text == y.Text || !strings.Contains(x.Text, "冲锋舟20艘") {
				t.Errorf("block %q", x.Text)
			}
			must(trip.Reviser, &document.SaveBody{ID: trip.Stale.Document, BaseRev: h.Rev, Ops: []document.Op{{Op: document.OpSet, Block: x.ID, Old: &x, New: &y}}})
		}
	}
	must(trip.Secretary, &calendar.Edit{ID: trip.Event, Changes: change(calendar.Events.Name, trip.Event, "place", "综合楼305会议室")})
	must(trip.Secretary, &contact.Edit{ID: trip.Card, Changes: change(contact.Cards.Name, trip.Card, "title", "副局长")})

	// He is back on the net.
	must(trip.Leader, sign)
	if err := play(trip.Leader, giveBack); office.CodeOf(err) != office.CodeDoneByOther {
		t.Errorf("returned on an 或签 step: %v", err)
	}
	if err := play(trip.Leader, stale); office.CodeOf(err) != office.CodeStaleBody {
		t.Errorf("signed an old text: %v", err)
	}
	must(trip.Leader, act(trip.Stale, trip.Leader, "同意签发。")) // asked again
	must(trip.Leader, draft)
	must(trip.Leader, note)
	must(trip.Leader, title)

	var e calendar.Event
	if err := st.read(calendar.Events.Name, trip.Event, &e); err != nil || e.Note != "各单位带进度表" || e.Place != "综合楼305会议室" {
		t.Errorf("event %+v %v", e, err)
	}
	var c contact.Card
	var cf office.Conflict
	if err := st.read(contact.Cards.Name, trip.Card, &c); err != nil || c.Title != "副局长" {
		t.Errorf("card %+v %v", c, err)
	}
	if err := st.read(office.Conflicts.Name, office.ConflictID(contact.Cards.Name, trip.Card, "title", trip.Leader), &cf); err != nil {
		t.Fatal(err)
	}
	if mine, _ := json.Marshal("一级调研员"); string(cf.Mine) != string(mine) || cf.State != office.ConflictOpen {
		t.Errorf("conflict %+v", cf)
	}
	if err := st.read(document.Headers.Name, trip.Sign.Document, &h); err != nil || h.FlowStepID != "fuhe" {
		t.Errorf("signed paper is at %s, %v", h.FlowStepID, err)
	}
	if err := st.read(document.Headers.Name, trip.Stale.Document, &h); err != nil || h.FlowStepID != "fuhe" {
		t.Errorf("paper signed again is at %s, %v", h.FlowStepID, err)
	}
}
