package approval_test

import (
	"slices"
	"strings"
	"testing"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/approval"
)

// TestW15Sender: back to who actually sent it: what was passed by itself sent
// nothing; where several acted, all of them or those chosen are asked.
func TestW15Sender(t *testing.T) {
	d := chain(
		approval.Step{ID: "a", Name: "甲", Policy: approval.All, Handlers: persons("xu", "chen")},
		approval.Step{ID: "b", Name: "乙", Handlers: []approval.Handler{{By: approval.ByStarter}}, Self: approval.SelfSkip},
		approval.Step{ID: "c", Name: "丙", Handlers: persons("lin")},
	)
	b := run(t, d)
	b.pass("xu", "chen")
	b.wantAt("c")
	bad := b.back("lin", "")
	bad.Ask = []office.UserID{"shen"}
	b.refused("lin", bad, office.CodeInvalid)
	b.refused("lin", b.back("lin", "b"), office.CodeInvalid) // nobody was there
	x := b.back("lin", "")
	x.Ask = []office.UserID{"chen"}
	b.ok("lin", x)
	b.wantAt("a")
	b.wantOpen("chen")
	b.pass("chen")
	b.ok("lin", b.back("lin", "a"))
	b.wantOpen("chen")
}

// TestW16Passed: only steps that were passed on this line; not into parallel
// branches that have met.
func TestW16Passed(t *testing.T) {
	b := run(t, parallel(0, false))
	b.pass("wang")
	b.wantPlaces("a", "b")
	b.refused("xu", b.back("xu", "b"), office.CodeInvalid)
	b.refused("xu", b.back("xu", "then"), office.CodeInvalid)
	b.pass("xu", "chen", "shen")
	b.wantAt("then")
	b.refused("lin", b.back("lin", "a"), office.CodeInvalid)
	b.ok("lin", b.back("lin", ""))
	b.wantAt("zero") // before the fork
}

// TestW16Parallel: a return inside a branch leaves the others alone; one to
// before the fork ends them all.
func TestW16Parallel(t *testing.T) {
	b := run(t, parallel(0, false))
	b.pass("wang", "xu")
	b.wantPlaces("a2", "b")
	b.ok("shen", b.back("shen", ""))
	b.wantPlaces("a", "b")
	b.wantOpen("chen", "xu")
	late := b.approve("chen")
	b.ok("xu", b.back("xu", ""))
	b.wantPlaces("zero")
	b.refused("chen", late, office.CodeTaskWithdrawn)
	b.wantOpen("wang")
	b.pass("wang", "chen", "xu", "shen")
	b.wantAt("then")
}

// TestW17Drafter: back to 拟稿; a number that was given stays the paper's.
func TestW17Drafter(t *testing.T) {
	d := approval.Fawen()
	d.Steps[8] = approval.Step{ID: "yongyin", Name: "用印", Handlers: persons("ding"), Lines: goes("banjie")}
	d.Steps = append(d.Steps, approval.Step{ID: "banjie", Name: "办结", Type: approval.StepEnd})
	d.Steps[7].Lines = goes("yongyin")
	b := newBench(t, d)
	b.draft(paper{Direction: "out", Leader: "xu", Signer: "lin"})
	b.start("fawen")
	b.pass("wang", "chu", "xu", "lin", "shao", "ma")
	n := b.paper().Number
	b.ok("ding", b.back("ding", "nigao"))
	b.wantAt("nigao")
	b.pass("li", "wang", "chu", "xu", "lin", "shao", "ma")
	if b.paper().Number != n || b.numbers != 1 {
		t.Errorf("%q, then %q", n, b.paper().Number)
	}
}

// TestW18Direct: 直送退回人: the steps between still count and their words stay;
// not if a material field changed, nor past a gate with another text.
func TestW18Direct(t *testing.T) {
	d := chain(
		approval.Step{ID: "a", Name: "甲", Handlers: persons("xu")},
		approval.Step{ID: "b", Name: "乙", Handlers: persons("chen"), Edit: true},
		approval.Step{ID: "c", Name: "丙", Handlers: persons("shen", "han"), Policy: approval.Any, Resubmit: approval.ResubmitReturner},
	)
	d.Material = []string{"leaders"}
	b := run(t, d)
	b.pass("xu", "chen")
	x := b.back("shen", "s0")
	x.Direct = true
	b.ok("shen", x)
	b.change("h2")
	b.pass("li")
	b.wantAt("c")
	b.wantOpen("shen") // he returned it, it comes to him
	for _, o := range b.opinions() {
		if o.Actor == "chen" && o.Old {
			t.Error("the words of a step that still counts are greyed")
		}
	}
	b.ok("shen", func() *approval.Return { y := b.back("shen", "s0"); y.Direct = true; return y }())
	b.must(b.update(func(tx office.Tx) error {
		return tx.Patch(papers.Name, paperID, office.Fields{"leaders": []string{"qian"}})
	}))
	b.pass("li")
	b.wantAt("a")
	b.wantTraced(approval.EventStepwise)
	b.pass("xu", "chen")
	b.ok("han", b.back("han", "s0")) // the returner did not ask for it
	b.pass("li")
	b.wantAt("a")
	bad := b.back("xu", "")
	bad.Direct = true
	b.refused("xu", bad, office.CodeInvalid)

	d = approval.Fawen()
	d.Steps[6].Resubmit = approval.ResubmitDirect // 复核
	for _, changed := range []bool{false, true} {
		b = newBench(t, d)
		b.draft(paper{Direction: "out", Leader: "xu", Signer: "lin"})
		b.start("fawen")
		b.pass("wang", "chu", "xu", "lin")
		b.ok("shao", b.back("shao", "fuze"))
		if changed {
			b.change("h2")
		}
		b.pass("wang")
		if want := map[bool]string{false: "fuhe", true: "hegao"}[changed]; b.instance().Tokens[0].Step != want {
			t.Errorf("changed %v: at %s", changed, b.instance().Tokens[0].Step)
		}
	}
}

// TestW18Cosigners: who is asked in 会签 has changed since: not straight back, for
// the new one has not been asked.
func TestW18Cosigners(t *testing.T) {
	d := chain(
		approval.Step{ID: "hui", Name: "会签", Type: approval.StepSub, Sub: &approval.Sub{Flow: "unit", Units: "cosign_units"}},
		approval.Step{ID: "a", Name: "甲", Handlers: persons("xu"), Resubmit: approval.ResubmitDirect},
	)
	d.Material = []string{"cosign_units"}
	for _, more := range []bool{false, true} {
		b := run(t, d, unitFlow())
		b.ok("qian", b.give("qian", "chen"))
		b.pass("han", "chen")
		b.ok("xu", b.back("xu", "s0"))
		if more {
			b.must(b.update(func(tx office.Tx) error {
				return tx.Patch(papers.Name, paperID, office.Fields{"cosign_units": []string{"jian", "cai", "si"}})
			}))
		}
		b.pass("li")
		if want := map[bool]string{false: "a", true: "hui"}[more]; b.instance().Tokens[0].Step != want {
			t.Errorf("another unit %v: at %s", more, b.instance().Tokens[0].Step)
		}
	}
}

// TestW19Reject: 退文 with a reason of the list; the entry stays.
func TestW19Reject(t *testing.T) {
	s := solo()
	s.Acts, s.Reasons = []string{approval.ActApprove, approval.ActReject}, []string{"不属本机关职权", "报告夹带请示"}
	b := run(t, small(s))
	x := b.task("xu")
	r := &approval.Reject{Task: x.id, Subject: paperID, TaskRev: x.Rev, Step: "one", SeenHash: "h1", Reason: "不想办", Words: "请改为请示另报"}
	b.refused("xu", r, office.CodeInvalid)
	r.Reason = "报告夹带请示"
	b.refused("chen", r, office.CodeNotPermitted)
	b.ok("xu", r)
	i := b.instance()
	if i.State != approval.Ended || i.Outcome != approval.OutcomeRejected || b.paper().FlowState != approval.FlowDone {
		t.Errorf("%+v", i)
	}
	if r, _ := b.mem.Get(b.instance().SubjectKind, paperID); !strings.Contains(string(r.Body), `"flow_stand":"rejected"`) {
		t.Errorf("lists call it %s", r.Body)
	}
	if o := b.opinions(); o[len(o)-1].Act != approval.ActReject {
		t.Errorf("%+v", o)
	}
}

// TestW20Policies: 取回 while unread, never, or only those who have not acted; a
// desk knows before the act, and why not.
func TestW20Policies(t *testing.T) {
	s := three(approval.All, nil)
	s.TakeBack = approval.TakeBackUnread
	b := run(t, small(s))
	expect := func(want approval.Retrieval) {
		t.Helper()
		b.must(b.update(func(tx office.Tx) error {
			if got, err := approval.Retrievable(tx, instanceID, "li"); err != nil || got != want {
				t.Errorf("%+v %v, want %+v", got, err, want)
			}
			got, err := approval.Retrievable(tx, instanceID, "xu") // sent nothing
			if got != (approval.Retrieval{}) {
				t.Errorf("xu: %+v", got)
			}
			return err
		}))
	}
	expect(approval.Retrieval{May: true})
	b.ok("xu", &approval.Opened{Task: b.task("xu").id, Subject: paperID})
	b.refused("li", b.takeBack(), office.CodeDoneByOther)
	expect(approval.Retrieval{Why: approval.WhyRead})
	s.TakeBack = approval.TakeBackNever
	b = run(t, small(s))
	expect(approval.Retrieval{Why: approval.WhyNever})
	b.refused("li", b.takeBack(), office.CodeNotPermitted)
	s.TakeBack = approval.TakeBackRest
	b = run(t, small(s))
	b.pass("xu")
	b.refused("li", b.takeBack(), office.CodeDoneByOther)
	expect(approval.Retrieval{May: true, Rest: true})
	rest := b.takeBack()
	rest.Rest = true
	queued := b.approve("chen") // he has an off-line copy
	b.ok("li", rest)
	b.wantAt("then")
	b.refused("chen", queued, office.CodeTaskWithdrawn)
	if v := b.instance().Path[1]; !slices.Equal(v.By, []office.UserID{"xu"}) {
		t.Errorf("%+v", v)
	}
}

// TestW20Fork: what was sent into branches is taken back as a whole, or not at all.
func TestW20Fork(t *testing.T) {
	b := run(t, parallel(0, false))
	b.pass("wang")
	b.ok("wang", b.takeBack())
	b.wantPlaces("zero")
	b.wantOpen("wang")
	b.pass("wang", "xu")
	b.refused("wang", b.takeBack(), office.CodeDoneByOther)
	b.ok("xu", b.takeBack())
	b.wantPlaces("a", "b")
	b.wantOpen("chen", "xu")
}

// TestW21Cancel: 撤销 gives the starter his draft back, ends the flows inside,
// and is refused once a number was given.
func TestW21Cancel(t *testing.T) {
	b := run(t, withUnits(), unitFlow())
	kids := b.subs()
	x := &approval.Cancel{Instance: instanceID, Subject: paperID, Words: "另行起草"}
	b.refused("wang", x, office.CodeNotPermitted)
	b.ok("li", x)
	if p := b.paper(); p.FlowState != approval.FlowNone {
		t.Errorf("%+v", p)
	}
	for _, id := range kids {
		if c := b.inst(id); c.State != approval.Ended || c.Outcome != approval.OutcomeCancelled {
			t.Errorf("%+v", c)
		}
	}
	b.wantOpen()
	b.ok("li", &approval.Start{ID: "i2", Flow: "some", SubjectKind: papers.Name, Subject: paperID})
	b = fawen(t)
	b.pass("wang", "chu", "xu", "lin", "shao")
	b.ok("li", x)
	b = fawen(t)
	b.pass("wang", "chu", "xu", "lin", "shao", "ma")
	b.refused("li", x, office.CodeEnded)
}

// TestW22Recall: copies nobody has read are taken back and leave the readers;
// who has read his is told; whoever has another reason to see the paper still does.
func TestW22Recall(t *testing.T) {
	b := run(t, small(solo()))
	b.ok("li", &approval.Circulate{ID: "c1", SubjectKind: papers.Name, Subject: paperID, To: []office.UserID{"han", "shen", "xu", "qian"}})
	b.ok("shen", &approval.Read{ID: approval.CopyID("c1", "shen")})
	x := &approval.RecallCopies{Circulation: "c1", SubjectKind: papers.Name, Subject: paperID, Words: "印发范围有误", Tell: true}
	b.refused("xu", x, office.CodeState) // nothing of his
	b.ok("li", x)
	r, _ := b.mem.Get(approval.Copies.Name, approval.CopyID("c1", "han"))
	chans, _ := approval.Copies.Audience(r)
	if !slices.Equal(chans, office.To("li")) {
		t.Errorf("%v still see it", chans)
	}
	p := b.paper()
	if slices.Contains(p.Readers, "han") || slices.Contains(p.Readers, "qian") || !slices.Contains(p.Readers, "xu") || !slices.Contains(p.Readers, "shen") {
		t.Errorf("%v", p.Readers)
	}
	told := 0
	for _, r := range b.mem.All(approval.Copies.Name) {
		var k approval.Copy
		b.must(r.Decode(&k))
		if k.Sort == approval.CopyRevoked && k.To == "shen" && k.State == approval.CopyUnread {
			told++
		}
	}
	if told != 1 {
		t.Errorf("%d told", told)
	}
	b.refused("han", &approval.Read{ID: approval.CopyID("c1", "han")}, office.CodeState)
}

// TestW23Jump: 跳转 with a reason; 签发 and 复核 are never jumped over; back it goes
// like a return.
func TestW23Jump(t *testing.T) {
	b := fawen(t)
	jump := func(from, to string) *approval.Jump {
		return &approval.Jump{Instance: instanceID, Subject: paperID, From: from, To: to, Words: "分管领导出差"}
	}
	b.refused("wang", jump("fuze", "fenguan"), office.CodeNotPermitted)
	b.refused("admin", jump("fuze", "fuhe"), office.CodeState)
	b.refused("admin", jump("fuze", "bianhao"), office.CodeState)
	b.refused("admin", jump("fuze", "banjie"), office.CodeInvalid)
	b.refused("admin", jump("hegao", "fenguan"), office.CodeStaleBody)
	b.refused("admin", &approval.Jump{Instance: instanceID, Subject: paperID, From: "fuze", To: "fenguan"}, office.CodeInvalid)
	b.ok("admin", jump("fuze", "qianfa"))
	b.wantOpen("lin")
	b.pass("lin")
	b.refused("admin", jump("fuhe", "bianhao"), office.CodeState)
	b.ok("admin", jump("fuhe", "nigao"))
	b.wantAt("nigao")
	if i := b.instance(); i.Signed != nil || !i.Returned {
		t.Errorf("%+v", i)
	}
}

// TestW23FromTheDrafter: a paper that was returned to its drafter and moved on by
// the 流程管理员 can be returned to the drafter again, by a person and by a vote
// that fails (found by the exploration, seed 6076374).
func TestW23FromTheDrafter(t *testing.T) {
	moved := func(p approval.Policy, pass *approval.Pass) *bench {
		b := run(t, small(approval.Step{Policy: p, Pass: pass, Handlers: persons("xu")}))
		b.ok("xu", b.back("xu", ""))
		b.wantAt("s0")
		b.ok("admin", &approval.Jump{Instance: instanceID, Subject: paperID, From: "s0", To: "one", Words: "起草人休假"})
		b.wantOpen("xu")
		return b
	}
	b := moved(approval.All, nil)
	b.ok("xu", b.back("xu", ""))
	b.wantAt("s0")
	b.wantOpen("li")
	b = moved(approval.Ratio, &approval.Pass{Percent: 60})
	b.ok("xu", b.vote("xu", approval.VerdictDisagree))
	b.wantAt("s0")
	b.wantOpen("li")
	b.pass("li", "xu", "lin")
	b.wantAt("end")
}
