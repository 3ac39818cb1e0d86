package approval_test

import (
	"slices"
	"testing"
	"time"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/approval"
	"qianshao/syncserver/office/directory"
	"qianshao/syncserver/office/worktime"
)

// TestW37Timeout (R10): reminders before, then what the step says; the trace calls it
// 超时, never an approval; it does not act where the next handler is not certain.
func TestW37Timeout(t *testing.T) {
	timed := func(do string, to ...approval.Handler) approval.Definition {
		s := solo()
		s.Hours, s.Remind, s.Timeout = 24, []int{4, -2}, &approval.Timeout{Do: do, After: 1, To: to}
		return small(s)
	}
	late := func(d approval.Definition, hours time.Duration) *bench {
		b := run(t, d)
		b.now = b.now.Add(hours * time.Hour)
		b.ring()
		return b
	}
	b := late(timed(approval.TimeoutSkip), 21)
	b.wantTraced(approval.EventRemind)
	if b.task("xu").Overdue {
		t.Error("late before its time")
	}
	b.now = b.now.Add(3*time.Hour + 30*time.Minute)
	b.ring()
	b.wantAt("one")
	if !b.task("xu").Overdue {
		t.Error("not marked as late")
	}
	b.now = b.now.Add(time.Hour)
	b.ring()
	b.wantAt("then")
	e := b.wantTraced(approval.EventTimeout)
	if e.Detail != approval.TimeoutSkip || e.Who != office.System {
		t.Errorf("%+v", e)
	}
	if v := b.instance().Path[1]; v.Auto != "timeout_skip" || len(v.By) != 0 {
		t.Errorf("%+v", v)
	}
	for _, o := range b.opinions() {
		if o.Step == "one" {
			t.Errorf("an opinion nobody gave: %+v", o)
		}
	}
	b.ok("lin", b.back("lin", ""))
	b.wantAt("s0") // to who sent it, not to who was skipped

	d := timed(approval.TimeoutSkip)
	d.Steps[2].Handlers = persons("lin", "chen")
	b = late(d, 30)
	b.wantAt("one") // which of the two?
	b = late(timed(approval.TimeoutReturn), 30)
	b.wantAt("s0")
	b = late(timed(approval.TimeoutTransfer, approval.Handler{By: approval.ByHead}), 30)
	b.wantOpen("wang")
	b.pass("wang")
	b.wantAt("then")
	b = late(timed(approval.TimeoutEscalate, approval.Handler{By: approval.ByHead}), 30)
	b.wantOpen("xu")
	if !slices.Contains(b.paper().Readers, "wang") {
		t.Error("who is told cannot look")
	}
	if e := b.wantTraced(approval.EventTimeout); e.Detail != approval.TimeoutEscalate || !slices.Equal(e.To, []office.UserID{"wang"}) {
		t.Errorf("%+v", e)
	}
	if x := b.task("xu"); !x.Overdue || !slices.Equal(x.Escalated, []office.UserID{"wang"}) {
		t.Errorf("the task does not say who was told: %+v", x)
	}
	told := func(sort string) (n int) {
		for _, r := range b.mem.All(approval.Copies.Name) {
			var k approval.Copy
			b.must(r.Decode(&k))
			if k.To == "wang" && k.State == approval.CopyUnread && k.Sort == sort {
				n++
			}
		}
		return n
	}
	if told(approval.CopyEscalated) != 1 {
		t.Errorf("told %d times", told(approval.CopyEscalated))
	}
	b.ok("li", &approval.Circulate{ID: "c9", SubjectKind: papers.Name, Subject: paperID, To: []office.UserID{"wang"}, Words: "请阅"})
	if told("") != 1 {
		t.Error("who was told of the limit gets nothing that is sent to him")
	}
}

// TestW37Never: time never passes 签发, 复核 or what has an effect.
func TestW37Never(t *testing.T) {
	for _, step := range []int{5, 6, 7} {
		for _, do := range []string{approval.TimeoutPass, approval.TimeoutSkip, approval.TimeoutTransfer, approval.TimeoutReturn} {
			d := approval.Fawen()
			d.Steps[step].Hours, d.Steps[step].Timeout = 24, &approval.Timeout{Do: do, To: persons("xu")}
			if err := d.Validate(); office.CodeOf(err) != office.CodeInvalid {
				t.Errorf("%s by time at %s: %v", do, d.Steps[step].ID, err)
			}
		}
		d := approval.Fawen()
		d.Steps[step].Hours, d.Steps[step].Timeout = 24, &approval.Timeout{Do: approval.TimeoutEscalate, To: persons("xu")}
		if err := d.Validate(); err != nil {
			t.Error(err)
		}
	}
}

// TestW37WorkingTime: limits in working days and hours over a holiday and a
// make-up day; without the published list weekends are all that is known.
func TestW37WorkingTime(t *testing.T) {
	due := func(l approval.Limit, list bool) string {
		s := solo()
		s.Limit = &l
		b := newBench(t, small(s))
		if list {
			b.holiday() // Thursday 5 November is free, Saturday 7 is worked
		}
		b.now = time.Date(2026, 11, 4, 16, 57, 0, 0, worktime.Zone)
		b.draft(paper{})
		b.start("some")
		return time.UnixMilli(b.task("xu").Due).In(worktime.Zone).Format("01-02 15:04")
	}
	for _, x := range []struct {
		l    approval.Limit
		list bool
		want string
	}{
		{approval.Limit{N: 1, Unit: approval.UnitDays}, false, "11-05 17:30"},
		{approval.Limit{N: 1, Unit: approval.UnitDays}, true, "11-06 17:30"},
		{approval.Limit{N: 2, Unit: approval.UnitDays}, true, "11-07 17:30"},
		{approval.Limit{N: 2, Unit: approval.UnitDays}, false, "11-06 17:30"},
		{approval.Limit{N: 1, Unit: approval.UnitHours}, true, "11-06 08:58"},
	} {
		if got := due(x.l, x.list); got != x.want {
			t.Errorf("%+v, list %v: %s, want %s", x.l, x.list, got, x.want)
		}
	}
}

// TestW38Read: who, when it came, when it was first opened, when it was done.
func TestW38Read(t *testing.T) {
	b := run(t, small(solo()))
	x := b.task("xu")
	b.refused("chen", &approval.Opened{Task: x.id, Subject: paperID}, office.CodeNotPermitted)
	b.ok("xu", &approval.Opened{Task: x.id, Subject: paperID})
	first := b.task("xu").Opened
	b.ok("xu", &approval.Opened{Task: x.id, Subject: paperID})
	if got := b.task("xu"); got.Opened != first || first < got.Created || got.Looked >= got.Opened {
		t.Errorf("%+v", got)
	}
	b.pass("xu")
	if got := b.task("xu"); got.DoneAt < got.Opened || b.opinions()[0].Claimed >= b.opinions()[0].Effective {
		t.Errorf("%+v", got)
	}
}

// TestW39Migrate: running papers keep their version; moved with a mapping, what
// was signed against the old one is asked again; gates keep their place.
func TestW39Migrate(t *testing.T) {
	b := run(t, small(solo()))
	queued := b.approve("xu")
	d := small(solo())
	d.Steps[1].ID, d.Steps[1].Name, d.Steps[0].Lines = "uno", "会办二", goes("uno")
	d.Subjects = []string{papers.Name}
	b.ok("admin", &approval.Publish{Base: 1, Definition: d})
	m := &approval.Migrate{Instance: instanceID, Subject: paperID, Version: 2, Words: "流程调整"}
	b.refused("li", m, office.CodeNotPermitted)
	b.refused("admin", m, office.CodeInvalid) // "one" has no place
	m.Map = map[string]string{"one": "uno"}
	m.Version = 7
	b.refused("admin", m, office.CodeInvalid)
	m.Version = 2
	b.ok("admin", m)
	b.wantAt("uno")
	b.wantOpen("xu")
	b.refused("xu", queued, office.CodeStaleBody)
	b.pass("xu")
	b.ok("lin", b.back("lin", "uno"))
	b.pass("xu", "lin")
	b.wantAt("end")

	b = fawen(t)
	f := approval.Fawen()
	f.Subjects = []string{papers.Name}
	f.Steps[1].Gate = approval.GateSign // 负责人 signs, 签发 is only 审核
	f.Steps[5].Gate = ""
	f.Steps[1].Lines = goes("hegao")
	f.Steps = slices.Delete(f.Steps, 2, 3)
	if err := b.do("admin", &approval.Publish{Base: 1, Definition: f}); err != nil {
		t.Fatal(err)
	}
	b.refused("admin", &approval.Migrate{Instance: instanceID, Subject: paperID, Version: 2, Words: "x"}, office.CodeState)
}

// TestW40Dedupe: who has acted is not asked again, as the flow says; never at a
// gate or a step that is kept, and never after a return (W18).
func TestW40Dedupe(t *testing.T) {
	d := chain(
		approval.Step{ID: "a", Name: "甲", Handlers: persons("xu")},
		approval.Step{ID: "b", Name: "乙", Handlers: persons("xu")},
		approval.Step{ID: "c", Name: "丙", Handlers: persons("chen")},
		approval.Step{ID: "d", Name: "丁", Policy: approval.All, Handlers: persons("xu", "shen")},
		approval.Step{ID: "sign", Name: "签发", Gate: approval.GateSign, Handlers: persons("xu")},
		approval.Step{ID: "check", Name: "复核", Gate: approval.GateReview, Handlers: persons("xu")},
	)
	b := run(t, d)
	b.pass("xu")
	b.wantAt("b")
	d.Dedupe = approval.DedupeConsecutive
	b = run(t, d)
	b.pass("xu")
	b.wantAt("c")
	if e := b.wantTraced(approval.EventSkip); e.Detail != "acted_before" || e.Step != "b" {
		t.Errorf("%+v", e)
	}
	b.pass("chen")
	b.wantOpen("shen", "xu") // not the step before
	d.Dedupe = approval.DedupeAny
	b = run(t, d)
	b.pass("xu", "chen")
	b.wantOpen("shen")
	b.pass("shen")
	b.wantAt("sign")
	b.pass("xu")
	b.wantAt("check")
	b.ok("xu", b.back("xu", "s0"))
	b.pass("li", "xu")
	b.wantAt("b") // after a return everybody is asked
	d.Steps[2].Keep = true
	b = run(t, d)
	b.pass("xu")
	b.wantAt("b")
}

// TestW41Self: the starter as his own handler acts, or his superior, or nobody;
// and a step may ask the 流程管理员 for a handler.
func TestW41Self(t *testing.T) {
	self := func(how string) approval.Definition {
		return small(approval.Step{Handlers: []approval.Handler{{By: approval.ByStarter}}, Self: how})
	}
	b := run(t, self(approval.SelfAct))
	b.wantOpen("li")
	b.wantAt("one")
	b = run(t, self(approval.SelfAbove))
	b.wantOpen("wang")
	b = run(t, self(approval.SelfSkip))
	b.wantAt("then")
	d := self(approval.SelfSkip)
	d.Steps[1].Gate = approval.GateReview
	if err := d.Validate(); office.CodeOf(err) != office.CodeInvalid {
		t.Error(err)
	}
	b = run(t, small(approval.Step{Handlers: []approval.Handler{{By: approval.ByField, ID: "nobody"}}, Empty: approval.EmptyAdmin}))
	b.wantOpen("admin")
}

// TestPeople: the 分管 table, and who the former handler chose.
func TestPeople(t *testing.T) {
	d := chain(
		approval.Step{ID: "a", Name: "甲", Handlers: []approval.Handler{{By: approval.ByCharge}}},
		approval.Step{ID: "b", Name: "乙", Policy: approval.All, Handlers: []approval.Handler{{By: approval.ByCharge, ID: "cosign_units"}}},
		approval.Step{ID: "c", Name: "丙", Policy: approval.All, Handlers: []approval.Handler{{By: approval.ByChosen}}},
	)
	b := newBench(t, d)
	b.draft(paper{CosignUnits: []string{"jian", "cai"}})
	set := &approval.SetCharge{Leader: "xu", Units: []string{"si", "jian"}}
	b.refused("xu", set, office.CodeNotPermitted)
	b.ok("admin", set)
	b.ok("admin", &approval.SetCharge{Leader: "chen", Units: []string{"cai"}})
	b.refused("admin", &approval.SetCharge{Leader: "chen", Units: []string{"nowhere"}}, office.CodeInvalid)
	b.start("some")
	b.wantOpen("xu")
	b.pass("xu")
	b.wantOpen("chen", "xu")
	b.pass("xu")
	a := b.approve("chen")
	a.Choose = []office.UserID{"han", "shen"}
	b.ok("chen", a)
	b.wantOpen("han", "shen")
	b.must(b.update(func(tx office.Tx) error {
		return tx.Patch(directory.People.Name, "han", office.Fields{"state": directory.Disabled})
	}))
	b.ok("admin", &approval.HandOver{From: "han", To: "qian", Words: "离任"})
	b.ring()
	b.wantOpen("qian", "shen")
}

// TestW42Terminate: 终止 with a reason; a number that was given is voided.
func TestW42Terminate(t *testing.T) {
	d := approval.Fawen()
	d.Steps[7].Lines = goes("yin")
	d.Steps[8] = approval.Step{ID: "yin", Name: "印制", Handlers: persons("ding"), Lines: goes("banjie")}
	d.Steps = append(d.Steps, approval.Step{ID: "banjie", Name: "办结", Type: approval.StepEnd})
	b := newBench(t, d)
	b.draft(paper{Direction: "out", Leader: "xu", Signer: "lin"})
	b.start("fawen")
	b.pass("wang", "chu", "xu", "lin", "shao", "ma")
	b.refused("li", &approval.Cancel{Instance: instanceID, Subject: paperID, Words: "x"}, office.CodeState)
	x := &approval.Terminate{Instance: instanceID, Subject: paperID, Words: "事项已不需办理"}
	b.refused("li", x, office.CodeNotPermitted)
	b.refused("admin", &approval.Terminate{Instance: instanceID, Subject: paperID}, office.CodeInvalid)
	late := b.approve("ding")
	b.ok("admin", x)
	if i := b.instance(); i.Outcome != approval.OutcomeTerminated || i.Reason == "" || b.paper().Number != "void" {
		t.Errorf("%+v %q", i, b.paper().Number)
	}
	b.refused("ding", late, office.CodeEnded)
	b.refused("admin", x, office.CodeEnded)
}

// TestW43Reopen: 唤醒 at a step that was passed; not what is archived.
func TestW43Reopen(t *testing.T) {
	b := run(t, small(solo()))
	x := &approval.Reopen{Instance: instanceID, Subject: paperID, To: "one", Words: "需补充"}
	b.refused("admin", x, office.CodeState)
	b.pass("xu", "lin")
	b.refused("li", x, office.CodeNotPermitted)
	b.must(b.update(func(tx office.Tx) error { return tx.Patch(papers.Name, paperID, office.Fields{"archived": true}) }))
	b.refused("admin", x, office.CodeState)
	b.must(b.update(func(tx office.Tx) error { return tx.Patch(papers.Name, paperID, office.Fields{"archived": nil}) }))
	x.To = "end"
	b.refused("admin", x, office.CodeInvalid)
	x.To = "one"
	b.ok("admin", x)
	b.wantOpen("xu")
	if p := b.paper(); p.FlowState != approval.FlowRunning {
		t.Errorf("%+v", p)
	}
	b.pass("xu", "lin")
	b.wantAt("end")
}

// TestW45Talk: 沟通 moves nothing, is seen by those who talk, and is not on the sheet.
func TestW45Talk(t *testing.T) {
	b := run(t, small(solo()))
	b.refused("han", &approval.Ask{ID: "t1", SubjectKind: papers.Name, Subject: paperID, To: []office.UserID{"xu"}, Words: "?"}, office.CodeNotPermitted)
	ask := &approval.Ask{ID: "t1", SubjectKind: papers.Name, Subject: paperID, To: []office.UserID{"han"}, Words: "点位数对吗?"}
	b.ok("xu", ask)
	b.ok("han", &approval.Reply{ID: "t1", Words: "对,120个"})
	b.refused("chen", &approval.Reply{ID: "t1", Words: "我也说"}, office.CodeNotPermitted)
	b.refused("xu", &approval.Reply{ID: "t1"}, office.CodeInvalid)
	b.wantOpen("xu")
	r, _ := b.mem.Get(approval.Talks.Name, "t1")
	if chans, _ := approval.Talks.Audience(r); len(chans) != 2 {
		t.Errorf("%v", chans)
	}
	if len(b.opinions()) != 0 || !slices.Contains(b.paper().Readers, "han") {
		t.Errorf("%+v", b.opinions())
	}
}

// TestW46Reword: one's own words until somebody after has opened the paper; the
// old text is kept.
func TestW46Reword(t *testing.T) {
	b := run(t, small(solo()))
	b.pass("xu")
	var id string
	for _, r := range b.mem.All(approval.Opinions.Name) {
		id = r.ID
	}
	x := &approval.Reword{Opinion: id, Instance: instanceID, Subject: paperID, Was: "同意", Words: "同意,请抓紧。"}
	b.refused("chen", x, office.CodeNotPermitted)
	b.ok("xu", x)
	b.refused("xu", x, office.CodeStaleBody)
	o := b.opinions()[0]
	if o.Words != "同意,请抓紧。" || len(o.Former) != 1 || o.Former[0].Words != "同意" {
		t.Errorf("%+v", o)
	}
	b.ok("lin", &approval.Opened{Task: b.task("lin").id, Subject: paperID})
	x.Was, x.Words = "同意,请抓紧。", "不同意"
	b.refused("xu", x, office.CodeDoneByOther)
	b.wantTraced(approval.EventReword)
}
