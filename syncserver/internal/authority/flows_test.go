package authority

import (
	"context"
	"slices"
	"testing"
	"time"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/approval"
	"qianshao/syncserver/office/directory"
	"qianshao/syncserver/office/document"
	"qianshao/syncserver/protocol"
)

// wide is a flow of much that there is: branches, one of them put to a sealed
// vote, flows inside for two units, a limit whose end sends the paper on.
func wide() approval.Definition {
	p := func(ids ...string) []approval.Handler {
		var out []approval.Handler
		for _, id := range ids {
			out = append(out, approval.Handler{By: approval.ByPerson, ID: id})
		}
		return out
	}
	to := func(id string) []approval.Line { return []approval.Line{{To: id}} }
	return approval.Definition{
		Key: "wide", Name: "宽", Subjects: []string{document.Headers.Name}, First: "s0",
		Steps: []approval.Step{
			{ID: "s0", Name: "起", Handlers: []approval.Handler{{By: approval.ByStarter}}, Acts: []string{approval.ActApprove}, Edit: true, Lines: to("fork")},
			{ID: "fork", Name: "分", Type: approval.StepFork, Lines: []approval.Line{{To: "vote"}, {To: "units"}}},
			{ID: "vote", Name: "表决", Policy: approval.Ratio, Pass: &approval.Pass{Percent: 60}, Sealed: true, Handlers: p("chu", "shao", "ma"), Lines: to("join")},
			{ID: "units", Name: "会签", Type: approval.StepSub, Sub: &approval.Sub{Flow: "bumen_huiqian", Units: "cosign_units"}, Hours: 48,
				Timeout: &approval.Timeout{Do: approval.TimeoutSkip}, Lines: to("join")},
			{ID: "join", Name: "合", Type: approval.StepJoin, Lines: to("late")},
			{ID: "late", Name: "限时", Handlers: p("xu"), Hours: 24, Remind: []int{4}, Timeout: &approval.Timeout{Do: approval.TimeoutSkip, After: 1}, Lines: to("last")},
			{ID: "last", Name: "后", Handlers: p("lin"), Lines: to("end")},
			{ID: "end", Name: "终", Type: approval.StepEnd},
		},
	}
}

// TestWideFlow: the same flow over both stores: branches meet, units answer or
// let their time pass, sealed words reach their author alone until the vote is
// over, an agent acts and his copy is taken back, timers act once, the trace
// replays to the instance, and the doctor finds every channel as it should be.
func TestWideFlow(t *testing.T) {
	bothBureaus(t, func(t *testing.T, b *bureau) {
		b.ok(office.System, &directory.PutUnit{ID: "cai", Name: "财政局", Head: "wang"})
		b.ok(office.System, &directory.PutUnit{ID: "jian", Name: "住建局", Head: "ding"})
		b.ok(office.System, &approval.Publish{Definition: approval.UnitCosign()})
		b.ok(office.System, &approval.Publish{Definition: wide()})
		b.ok("li", &document.DraftPaper{
			ID: "d1", Direction: document.Internal, Genre: "签报", Title: "关于多部门事项的签报", CosignUnits: []string{"cai", "jian"},
			Blocks: []document.Block{{ID: "b1", Type: document.BlockText, Text: "正文"}},
		})
		b.ok("li", &approval.Start{ID: "i1", Flow: "wide", SubjectKind: document.Headers.Name, Subject: "d1"})
		now := office.Millis(b.now())
		b.ok("shao", &approval.SetDelegation{ID: "rule", From: "shao", To: "lin", Start: now, End: now + 3600_000, Already: true})
		if _, err := b.RunJobs(context.Background()); err != nil {
			t.Fatal(err)
		}
		b.pass("d1", "chu")
		if got := b.readers(t, "chu"); !slices.Equal(got, []office.Channel{"u:chu"}) {
			t.Errorf("sealed words are read by %v", got)
		}
		b.wait(2 * time.Hour) // the agent's time is over
		if ts := list(b, approval.Tasks, office.Query{View: "mine", Where: []office.Cond{office.Where("person", "lin"), office.Where("state", approval.TaskOpen)}}); len(ts) != 0 {
			t.Errorf("the agent still has %d tasks", len(ts))
		}
		b.pass("d1", "shao") // two of three: the vote is over
		if got := b.readers(t, "chu"); len(got) < 5 {
			t.Errorf("words of a vote that is over are read by %v", got)
		}
		b.ok("ding", func() *approval.Approve { a := b.act("ding", "d1"); a.Verdict = approval.VerdictAmend; return a }())
		b.wait(48 * time.Hour) // 财政局 says nothing
		i := b.instanceOf(t, "i1")
		if len(i.Tokens) != 1 || i.Tokens[0].Step != "late" || len(i.Consents) != 2 || !i.Consents[1].Silent {
			t.Fatalf("%+v", i)
		}
		b.wait(26 * time.Hour)
		b.wait(26 * time.Hour) // nothing twice
		if i = b.instanceOf(t, "i1"); i.Tokens[0].Step != "last" {
			t.Fatalf("%+v", i)
		}
		b.pass("d1", "lin")
		var events []approval.Event
		for _, e := range list(b, approval.Events, office.Query{View: "instance", Order: "n", Where: []office.Cond{office.Where("root", "i1")}}) {
			events = append(events, e.Value)
		}
		i = b.instanceOf(t, "i1")
		if got, err := approval.Replay(events); err != nil || got.State != i.State || len(got.Stays) != 0 {
			t.Errorf("%+v %v", got, err)
		}
		if faults, err := b.Check(context.Background()); err != nil || len(faults) > 0 {
			t.Errorf("%v %v", faults, err)
		}
	})
}

// wait lets time pass and does what has come due.
func (b *bureau) wait(d time.Duration) {
	b.t.Helper()
	b.mu.Lock()
	b.time = b.time.Add(d)
	b.mu.Unlock()
	if _, err := b.RunJobs(context.Background()); err != nil {
		b.t.Fatal(err)
	}
}

func (b *bureau) instanceOf(t *testing.T, id string) approval.Instance {
	t.Helper()
	for _, i := range list(b, approval.Instances, office.Query{View: "all"}) {
		if i.ID == id {
			return i.Value
		}
	}
	t.Fatalf("no instance %s", id)
	return approval.Instance{}
}

// readers are the channels that the newest opinion of a person is in.
func (b *bureau) readers(t *testing.T, who string) []office.Channel {
	t.Helper()
	said := list(b, approval.Opinions, office.Query{View: "mine", Desc: true, Limit: 1, Where: []office.Cond{office.Where("actor", who)}})
	if len(said) != 1 {
		t.Fatalf("%s said %d things", who, len(said))
	}
	var root office.Record
	for _, i := range list(b, approval.Instances, office.Query{View: "all"}) {
		if i.ID == said[0].Root {
			root = i.Record
		}
	}
	chans, err := b.Kinds.Channels(said[0].Record, root)
	if err != nil {
		t.Fatal(err)
	}
	return chans
}

// TestVoidedByTermination: 终止 of a paper whose number was given strikes the
// number off, with the reason (W42).
func TestVoidedByTermination(t *testing.T) {
	bothBureaus(t, func(t *testing.T, b *bureau) {
		d := approval.Fawen()
		d.Steps[7].Lines = []approval.Line{{To: "yin"}}
		d.Steps = slices.Insert(d.Steps, 8, approval.Step{ID: "yin", Name: "印制", Handlers: []approval.Handler{{By: approval.ByPerson, ID: "ma"}}, Lines: []approval.Line{{To: "banjie"}}})
		b.ok(office.System, &approval.Publish{Base: 1, Definition: d})
		b.ok(office.System, &document.PutSeries{ID: "qzbf", Code: "清政办发", Name: "办公室文件", Direction: document.Outgoing, Style: document.StyleOfficial, Year: 2026, Next: 21, Void: true})
		b.outgoing("d1")
		b.pass("d1", "wang", "chu", "xu", "lin", "shao", "ding")
		h := b.header("d1")
		if h.NumberState != document.NumberGiven {
			t.Fatalf("%+v", h)
		}
		x := &approval.Terminate{Instance: "i-d1", Subject: "d1", Words: "事项已不需办理"}
		if r := b.do("li", x); r.Outcome == protocol.Applied {
			t.Error("the drafter ended it")
		}
		b.ok(office.System, x)
		if got := b.header("d1"); got.NumberState != document.NumberVoid || got.Number != h.Number || got.FlowState != document.Done {
			t.Errorf("%+v", got)
		}
	})
}
