package approval_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/approval"
	"qianshao/syncserver/office/worktime"
)

// TestW24Switch: another flow takes the paper over where its step allows it, with
// the sheet; a field that the new flow needs is named; open tasks are void.
func TestW24Switch(t *testing.T) {
	d := small(solo())
	d.Steps[1].Switch = true
	other := chain(approval.Step{ID: "x", Name: "另", Handlers: persons("shen")}, approval.Step{ID: "y", Name: "再", Handlers: persons("chen")})
	other.Key, other.Name = "other", "另一"
	b := run(t, d, other)
	x := &approval.Switch{ID: "i2", Instance: instanceID, Subject: paperID, Flow: "other", Step: "y", Words: "改走另一流程"}
	b.refused("xu", x, office.CodeNotPermitted)
	b.ok("xu", b.add("xu", approval.AddBefore, "han"))
	b.pass("han")
	late := b.approve("xu")
	b.ok("admin", x)
	if i := b.instance(); i.State != approval.Ended || i.Outcome != approval.OutcomeSwitched {
		t.Errorf("%+v", i)
	}
	b.refused("xu", late, office.CodeEnded)
	b.wantOpen("chen")
	i := b.inst("i2")
	if i.Former != instanceID || i.Tokens[0].Step != "y" {
		t.Errorf("%+v", i)
	}
	n := 0
	for _, o := range b.opinions() {
		if o.From == instanceID && o.Actor == "han" {
			n++
		}
	}
	if p := b.paper(); n != 1 || p.FlowStep != "再" || p.FlowState != approval.FlowRunning {
		t.Errorf("%d opinions came along; %+v", n, p)
	}
	b.pass("chen")
	if b.inst("i2").State != approval.Ended {
		t.Error("the other flow does not end")
	}

	need := other
	need.Requires = []approval.Cond{{Field: "missing", Op: approval.OpSet}}
	b = run(t, d, need)
	if err := b.do("admin", x); office.AsError(err).Field != "missing" {
		t.Error(err)
	}
	b.pass("xu")
	b.refused("admin", x, office.CodeState) // the next step does not allow it
}

// TestW25Copies: one reader after the other; words also on the sheet while the
// paper runs, never after its end; nobody has two.
func TestW25Copies(t *testing.T) {
	b := run(t, small(solo()))
	b.ok("li", &approval.Circulate{ID: "c1", SubjectKind: papers.Name, Subject: paperID, To: []office.UserID{"han", "shen", "qian"}, Serial: true, Area: "read"})
	if k := b.copies(); len(k) != 1 || k["han"].State != approval.CopyUnread {
		t.Fatalf("%+v", k)
	}
	b.ok("li", &approval.Circulate{ID: "c2", SubjectKind: papers.Name, Subject: paperID, To: []office.UserID{"shen"}})
	b.ok("han", &approval.Read{ID: approval.CopyID("c1", "han"), Words: "已阅,建议抄送财政局"})
	k := b.copies()
	if len(k) != 3 || k["qian"].Circulation != "c1" { // shen has one already: the next in line
		t.Fatalf("%+v", k)
	}
	o := b.opinions()
	if last := o[len(o)-1]; last.Area != "read" || last.Actor != "han" {
		t.Errorf("%+v", last)
	}
	b.pass("xu", "lin")
	b.ok("qian", &approval.Read{ID: approval.CopyID("c1", "qian"), Words: "迟到的话"})
	for _, o := range b.opinions() {
		if o.Actor == "qian" {
			t.Error("words came to the sheet after the end")
		}
	}
	if b.copies()["qian"].Remarks[0].Words != "迟到的话" {
		t.Error("the words are lost")
	}
}

// TestW26Notice: 知会 when a step is left.
func TestW26Notice(t *testing.T) {
	s := solo()
	s.CC = persons("han", "qian")
	b := run(t, small(s))
	b.pass("xu")
	k := b.copies()
	if len(k) != 2 || k["han"].Sort != approval.CopyNotice || k["han"].From != "xu" || !slices.Contains(b.paper().Readers, "han") {
		t.Errorf("%+v %v", k, b.paper().Readers)
	}
	b.pass("lin")
	if !slices.Contains(b.paper().Readers, "qian") {
		t.Error("a later step forgot the readers")
	}
}

// TestW27Urge: 催办 (R10): at most three a day, not in quiet hours, 传阅 people too.
func TestW27Urge(t *testing.T) {
	b := run(t, small(solo()))
	b.now = time.Date(2026, 11, 6, 21, 0, 0, 0, worktime.Zone) // a Friday evening
	u := &approval.Urge{Subject: paperID, Words: "请于周二前办理"}
	b.refused("han", u, office.CodeNotPermitted)
	b.ok("li", u)
	x := b.task("xu")
	if want := office.Millis(time.Date(2026, 11, 9, 8, 30, 0, 0, worktime.Zone)); x.Urged != 1 || x.Ring != want {
		t.Errorf("heard at %s", time.UnixMilli(x.Ring).In(worktime.Zone))
	}
	b.holiday() // the Saturday is worked
	b.ok("li", u)
	if want := office.Millis(time.Date(2026, 11, 7, 8, 30, 0, 0, worktime.Zone)); b.task("xu").Ring != want {
		t.Errorf("heard at %s", time.UnixMilli(b.task("xu").Ring).In(worktime.Zone))
	}
	b.ok("li", u)
	b.refused("li", u, office.CodeState)
	b.now = b.now.Add(15 * 3600e9) // Saturday noon
	b.ok("li", u)
	if x := b.task("xu"); x.Urged != 1 || x.Ring != x.UrgedAt {
		t.Errorf("%+v", x)
	}
	b.ok("li", &approval.Circulate{ID: "c1", SubjectKind: papers.Name, Subject: paperID, To: []office.UserID{"qian"}})
	u.Copies = true
	b.ok("li", u)
	if b.copies()["qian"].Urged == 0 {
		t.Error("the reader was not urged")
	}
}

// TestW28Suspend: 挂起 stops acts and clocks; what was signed meanwhile is
// refused as such; the time left runs on (W37); a planned end comes by itself.
func TestW28Suspend(t *testing.T) {
	s := solo()
	s.Limit = &approval.Limit{N: 7, Unit: approval.UnitHours}
	s.Timeout = &approval.Timeout{Do: approval.TimeoutSkip}
	b := newBench(t, small(s))
	b.now = time.Date(2026, 11, 4, 9, 59, 0, 0, worktime.Zone) // Wednesday
	b.draft(paper{})
	b.start("some")
	due := b.task("xu").Due
	if got := time.UnixMilli(due).In(worktime.Zone); got != time.Date(2026, 11, 5, 10, 0, 0, 0, worktime.Zone) {
		t.Fatalf("due %s", got)
	}
	x := &approval.Suspend{Instance: instanceID, Subject: paperID, Words: "等上级批复", Until: office.Millis(b.now) + 48*3600_000}
	b.refused("xu", x, office.CodeNotPermitted)
	b.now = time.Date(2026, 11, 4, 10, 59, 0, 0, worktime.Zone) // one hour is used
	b.ok("li", x)
	b.refused("xu", b.approve("xu"), office.CodeSuspended)
	b.refused("li", b.takeBack(), office.CodeSuspended)
	if b.task("xu").Due != 0 || b.paper().FlowDue != 0 {
		t.Error("a clock that stands shows a limit")
	}
	b.now = time.Date(2026, 11, 5, 18, 0, 0, 0, worktime.Zone)
	b.ring()
	b.wantAt("one") // no limit runs
	b.now = time.UnixMilli(x.Until).Add(time.Second)
	b.ring()
	if i := b.instance(); i.State != approval.Running {
		t.Fatal(i.State)
	}
	if got := time.UnixMilli(b.task("xu").Due).In(worktime.Zone); got.Format("01-02 15:04") != "11-09 09:01" { // resumed on Friday at 10:01 with six hours left
		t.Errorf("due %s", got)
	}
	b.pass("xu")
	b.ok("admin", &approval.Suspend{Instance: instanceID, Subject: paperID, Words: "等"})
	b.ok("li", &approval.Resumption{Instance: instanceID, Subject: paperID})
	b.refused("li", &approval.Resumption{Instance: instanceID, Subject: paperID}, office.CodeState)
	b.pass("lin")
	b.wantAt("end")

	// The flows inside sleep too.
	b = run(t, withUnits(), unitFlow())
	b.ok("li", &approval.Suspend{Instance: instanceID, Subject: paperID, Words: "等"})
	b.refused("han", b.approve("han"), office.CodeSuspended)
	b.ok("li", &approval.Resumption{Instance: instanceID, Subject: paperID})
	b.pass("han")
}

func freeFlow() approval.Definition {
	return chain(approval.Step{ID: "free", Name: "流转", Free: true, Handlers: []approval.Handler{{By: approval.ByChosen}}, Policy: approval.Any, Edit: true})
}

// TestW29Free: each picks who is next and how; circles are allowed; its starter
// or the 文书 ends it.
func TestW29Free(t *testing.T) {
	b := newBench(t, freeFlow())
	b.draft(paper{})
	b.ok("li", &approval.Start{ID: instanceID, Flow: "some", SubjectKind: papers.Name, Subject: paperID, Choose: []office.UserID{"xu"}})
	b.wantOpen("xu")
	next := func(who office.UserID, then approval.Policy, people ...office.UserID) {
		t.Helper()
		a := b.approve(who)
		a.Choose, a.Then = people, then
		b.ok(who, a)
	}
	next("xu", approval.All, "chen", "shen")
	b.wantOpen("chen", "shen")
	b.pass("chen")
	next("shen", "", "xu")
	b.wantOpen("xu") // a circle
	b.ok("xu", b.back("xu", ""))
	b.wantOpen("chen", "shen")
	b.pass("chen", "shen") // nobody picked: back to the starter
	b.wantOpen("li")
	b.refused("li", b.approve("li"), office.CodeInvalid)
	fin := func(who office.UserID) *approval.Approve { a := b.approve(who); a.Finish = true; return a }
	next("li", "", "han", "zhao")
	b.refused("han", fin("han"), office.CodeNotPermitted)
	b.ok("zhao", fin("zhao"))
	b.wantAt("end")
}

// TestW33Enter: 代填: only a bound secretary, with a ground; at 签发 with a scan;
// both times are kept; the leader confirms or disputes and what was entered stays.
func TestW33Enter(t *testing.T) {
	b := fawen(t)
	b.refused("li", &approval.Bind{Leader: "lin", Secretary: "han"}, office.CodeNotPermitted)
	b.ok("admin", &approval.Bind{Leader: "lin", Secretary: "han"})
	b.ok("admin", &approval.Bind{Leader: "xu", Secretary: "han"})
	b.pass("wang", "chu")
	if !slices.Contains(b.instance().Participants, "han") {
		t.Error("the secretary does not see the paper")
	}
	enter := func(leader office.UserID, basis string) *approval.Enter {
		x := b.task(leader)
		return &approval.Enter{Task: x.id, Subject: paperID, TaskRev: x.Rev, Step: x.Step, SeenHash: b.paper().ContentHash,
			Act: approval.ActApprove, Words: "同意,请抓紧", Basis: basis, Said: office.Millis(b.now) - 7200_000}
	}
	b.refused("shen", enter("xu", approval.BasisPhone), office.CodeNotPermitted)
	b.refused("han", enter("xu", "梦中"), office.CodeInvalid)
	b.refused("han", b.approve("xu"), office.CodeNotPermitted)
	x := enter("xu", approval.BasisPhone)
	b.ok("han", x)
	b.wantAt("qianfa")
	o := b.opinions()
	said := o[len(o)-1]
	if said.Actor != "han" || said.For != "xu" || said.Claimed != x.Said || said.Entered == 0 || said.Basis != approval.BasisPhone {
		t.Errorf("%+v", said)
	}
	if !slices.Equal(b.instance().Path[len(b.instance().Path)-1].By, []office.UserID{"xu"}) {
		t.Error("the act is not the leader's")
	}
	b.refused("han", enter("lin", approval.BasisPhone), office.CodeInvalid)
	s := enter("lin", approval.BasisScan)
	s.Scan = "0198a7c0-0000-7000-8000-00000000000a"
	b.ok("han", s)
	if b.instance().Signed.By != "lin" {
		t.Errorf("signed by %s", b.instance().Signed.By)
	}
	var id string
	for _, r := range b.mem.All(approval.Opinions.Name) {
		if strings.Contains(string(r.Body), `"for":"xu"`) {
			id = r.ID
		}
	}
	answer := &approval.Answer{Opinion: id, Instance: instanceID, Subject: paperID, Answer: approval.AnswerDisputed, Words: "我说的是再研究"}
	b.refused("han", answer, office.CodeNotPermitted)
	b.ok("xu", answer)
	b.refused("xu", answer, office.CodeState)
	for _, o := range b.opinions() {
		if o.For == "xu" && (o.Answer != approval.AnswerDisputed || o.Words != "同意,请抓紧" || o.Dispute == "") {
			t.Errorf("%+v", o)
		}
	}
	b.wantAt("fuhe") // a dispute moves nothing
}

// TestW34Paper: 线下办理: nobody acts in the system meanwhile and the clock
// stands (W37); what came back is entered at once, also of some only.
func TestW34Paper(t *testing.T) {
	s := three(approval.All, nil)
	s.Hours = 24
	b := run(t, small(s))
	due := b.task("xu").Due
	out := &approval.PaperOut{Instance: instanceID, Subject: paperID, Step: "one", Round: 1}
	b.refused("han", out, office.CodeNotPermitted)
	b.ok("zhao", out) // the unit's 文书
	b.refused("zhao", out, office.CodeState)
	b.refused("xu", b.approve("xu"), office.CodeState)
	b.refused("li", b.takeBack(), office.CodeState)
	b.now = b.now.Add(100 * 3600e9)
	b.ring()
	if b.task("xu").Overdue || b.task("xu").Due != 0 || b.paper().FlowDue != 0 {
		t.Error("the clock ran on")
	}
	act := func(who office.UserID, act string) approval.PaperAct {
		return approval.PaperAct{Task: b.task(who).id, Act: act, Words: "同意。" + string(who), Said: office.Millis(b.now) - 3600_000}
	}
	in := &approval.PaperIn{Instance: instanceID, Subject: paperID, Step: "one", Round: 1, Scan: "scan-1", Hash: "h1",
		Acts: []approval.PaperAct{act("xu", approval.ActApprove), act("chen", approval.ActApprove)}}
	b.refused("han", in, office.CodeNotPermitted)
	bad := *in
	bad.Scan = ""
	b.refused("zhao", &bad, office.CodeInvalid)
	b.change("h2")
	b.refused("zhao", in, office.CodeStaleBody)
	b.change("h1")
	b.ok("zhao", in)
	b.wantOpen("shen") // he goes on in the system
	if d := b.task("shen").Due; d < due+90*3600_000 {
		t.Errorf("due %d, was %d", d, due)
	}
	n := 0
	for _, o := range b.opinions() {
		if o.Basis == approval.BasisScan && o.Scan == "scan-1" && o.Actor == "zhao" && (o.For == "xu" || o.For == "chen") {
			n++
		}
	}
	if n != 2 {
		t.Errorf("%d opinions from the paper", n)
	}
	b.refused("zhao", in, office.CodeState)
	b.pass("shen")
	b.wantAt("then")
	b.ok("lin", &approval.PaperOut{Instance: instanceID, Subject: paperID, Step: "then", Round: 1})
	b.ok("lin", &approval.PaperIn{Instance: instanceID, Subject: paperID, Step: "then", Round: 1, Scan: "scan-2", Hash: "h1",
		Acts: []approval.PaperAct{act("lin", approval.ActReturn)}})
	b.wantAt("one")
}

// TestW35Phrases: one's own, the unit's by its head or 文书; some words alone are
// no opinion at some steps.
func TestW35Phrases(t *testing.T) {
	s := solo()
	s.Ban = []string{"已阅", "同意"}
	b := run(t, small(s))
	b.refused("xu", b.approve("xu"), office.CodeInvalid)
	a := b.approve("xu")
	a.Words = " 已阅。"
	b.refused("xu", a, office.CodeInvalid)
	a.Words = "同意,按第二方案办理。"
	b.ok("xu", a)
	b.ok("li", &approval.PutPhrase{ID: "p-1", Words: "拟同意,请领导批示。", Order: 1})
	b.refused("xu", &approval.PutPhrase{ID: "p-1", Words: "x"}, office.CodeNotPermitted)
	b.refused("xu", &approval.DropPhrase{ID: "p-1"}, office.CodeNotPermitted)
	b.refused("li", &approval.PutPhrase{ID: "p-2", Unit: "si", Words: "请核。"}, office.CodeNotPermitted)
	b.ok("wang", &approval.PutPhrase{ID: "p-2", Unit: "si", Words: "请核。"})
	b.ok("zhao", &approval.PutPhrase{ID: "p-2", Unit: "si", Words: "请审核。", Order: 2})
	b.refused("li", &approval.PutPhrase{ID: "p-3", Words: "  "}, office.CodeInvalid)
	b.ok("li", &approval.DropPhrase{ID: "p-1"})
}

// TestW36Ink: strokes are kept as they were written, bound to the text.
func TestW36Ink(t *testing.T) {
	b := run(t, small(solo()))
	ink := func() *approval.Ink {
		return &approval.Ink{Hash: "h1", Where: approval.InkBox, Width: 600, Height: 200, Device: "pen", Strokes: [][]int{{10, 10, 500, 0, 20, 15, 700, 16}, {30, 10, 400, 200}}}
	}
	try := func(spoil func(*approval.Ink), code office.Code) {
		t.Helper()
		a := b.approve("xu")
		a.Ink = ink()
		spoil(a.Ink)
		b.refused("xu", a, code)
	}
	try(func(k *approval.Ink) { k.Hash = "h0" }, office.CodeStaleBody)
	try(func(k *approval.Ink) { k.Where = "wall" }, office.CodeInvalid)
	try(func(k *approval.Ink) { k.Where = approval.InkPage }, office.CodeInvalid)
	try(func(k *approval.Ink) { k.Strokes = nil }, office.CodeInvalid)
	try(func(k *approval.Ink) { k.Strokes[0] = k.Strokes[0][:7] }, office.CodeInvalid)
	try(func(k *approval.Ink) { k.Strokes[0][0] = 601 }, office.CodeInvalid)
	try(func(k *approval.Ink) { k.Strokes[1][3] = 15 }, office.CodeInvalid) // before the point before it
	a := b.approve("xu")
	a.Ink = ink()
	b.ok("xu", a)
	o := b.opinions()
	if k := o[len(o)-1].Ink; k == nil || len(k.Strokes) != 2 || k.Hash != "h1" {
		t.Errorf("%+v", k)
	}
}
