package approval_test

import (
	"slices"
	"testing"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/approval"
)

// TestTransfer: W11. The receiver goes on in the giver's place, the chain is
// remembered, and a paper may come back to who gave it first.
func TestTransfer(t *testing.T) {
	b := fawen(t)
	b.pass("wang")
	b.refused("chu", b.give("chu", "chu"), office.CodeInvalid)
	b.refused("chu", b.give("chu", "nobody"), office.CodeInvalid)
	b.refused("chu", b.give("chu", "../x"), office.CodeInvalid)
	b.change("h2") // giving away says nothing about the text
	b.ok("chu", b.give("chu", "shao"))
	b.wantOpen("shao")
	if p := b.paper(); !slices.Equal(p.FlowEditors, []office.UserID{"shao"}) || !slices.Contains(p.Readers, "shao") {
		t.Errorf("%+v", p)
	}
	b.ok("shao", b.give("shao", "chu"))
	b.wantOpen("chu")
	if c := b.task("chu"); !slices.Equal(c.Chain, []office.UserID{"chu", "shao"}) || c.Sender != "shao" {
		t.Errorf("%+v", c)
	}
	b.ok("chu", b.give("chu", "shao"))
	b.pass("shao")
	b.wantAt("fenguan")
	// The reviser of this paper is who did it, not who holds the post.
	if p := b.paper(); !slices.Equal(p.FlowEditors, []office.UserID{"shao"}) {
		t.Errorf("editors %v", p.FlowEditors)
	}
	for _, x := range b.tasks() {
		if x.State == approval.TaskTransferred {
			if _, ok := b.mem.Get(approval.Tasks.Name, x.Successor); !ok {
				t.Errorf("no successor of %s's task", x.Person)
			}
		}
	}
	// In 顺签 the receiver takes the giver's place in the order; in 会签 nobody
	// is asked twice.
	b = newBench(t, approval.Qianbao())
	b.draft(paper{Direction: "sign", Cosigners: []office.UserID{"han", "shen"}, Leaders: []office.UserID{"xu", "lin"}})
	b.start("qianbao")
	b.pass("wang")
	b.refused("han", b.give("han", "shen"), office.CodeInvalid)
	b.pass("han", "shen")
	b.ok("xu", b.give("xu", "chen"))
	b.wantOpen("chen")
	b.pass("chen")
	b.wantOpen("lin")
}

// TestTakeBack: W20. The sender, while nobody has acted; his act no longer
// counts, his task comes back, those asked lose theirs.
func TestTakeBack(t *testing.T) {
	b := fawen(t)
	b.refused("wang", b.takeBack(), office.CodeNotPermitted)
	b.ok("li", b.takeBack())
	b.wantAt("nigao")
	b.wantOpen("li")
	if p := b.paper(); p.FlowState != approval.FlowReturned || !slices.Equal(p.FlowEditors, []office.UserID{"li"}) {
		t.Errorf("%+v", p)
	}
	b.refused("li", b.takeBack(), office.CodeState) // nothing was passed
	b.pass("li", "wang")
	b.refused("li", b.takeBack(), office.CodeDoneByOther)
	b.ok("wang", b.takeBack())
	b.wantOpen("wang")
	if o := b.opinions(); !o[1].Old || o[0].Old {
		t.Errorf("%+v", o)
	}
	b.pass("wang", "chu")
	// Who was given the paper by a transfer has acted when he gives it on.
	b.ok("xu", b.give("xu", "chen"))
	b.refused("chu", b.takeBack(), office.CodeDoneByOther)
	b.pass("chen", "lin")
	b.ok("lin", b.takeBack()) // also 签发: it no longer counts
	if i := b.instance(); i.Signed != nil {
		t.Errorf("%+v", i.Signed)
	}
	b.pass("lin", "shao", "ma")
	b.refused("ma", b.takeBack(), office.CodeEnded)
	b.refused("shen", b.takeBack(), office.CodeNotPermitted) // an outsider does not even learn that it has ended
	b.refused("chen", &approval.TakeBack{Instance: instanceID, Subject: "p9"}, office.CodeInvalid)
	b.refused("chen", &approval.TakeBack{Instance: "i9", Subject: paperID}, office.CodeNotFound)
}

// TestTakeBackFromMany: W20. One of several has acted: refused. Taken back into
// a 会签, the others' acts stand; into an 或签, only the taker is asked.
func TestTakeBackFromMany(t *testing.T) {
	b := newBench(t, approval.Fawen())
	b.draft(paper{Direction: "out", Leader: "xu", Signer: "lin", Cosigners: []office.UserID{"han", "shen"}})
	b.start("fawen")
	b.pass("wang", "han")
	b.refused("wang", b.takeBack(), office.CodeDoneByOther)
	b.pass("shen")
	b.refused("han", b.takeBack(), office.CodeDoneByOther)
	b.ok("shen", b.takeBack())
	b.wantAt("huiqian")
	b.wantOpen("shen")
	b.pass("shen")
	b.wantAt("hegao")

	b = newBench(t, approval.Shouwen())
	b.draft(paper{Direction: "in", Leaders: []office.UserID{"lin", "xu"}, Undertakers: []office.UserID{"han"}})
	b.start("shouwen")
	b.pass("wang", "lin")
	b.ok("lin", b.takeBack())
	b.wantOpen("lin")
	b.pass("lin")
	b.wantAt("chengban")
}

// TestNoTakeBackOfReturn: after a return there is nothing to take back: the
// path that led here is gone.
func TestNoTakeBackOfReturn(t *testing.T) {
	b := fawen(t)
	b.pass("wang")
	b.ok("chu", b.back("chu", ""))
	b.refused("chu", b.takeBack(), office.CodeNotPermitted)
	b.refused("li", b.takeBack(), office.CodeDoneByOther)
}

// TestRescue: W41. No handler: the unit's 文书 is asked to find one and cannot
// approve in his place; without a 文书 the 流程管理员; without anybody the
// instance says why it waits.
func TestRescue(t *testing.T) {
	noSigner := func() *bench {
		b := fawen(t)
		b.must(b.update(func(tx office.Tx) error { return tx.Patch("dir.person", "lin", office.Fields{"state": "disabled"}) }))
		return b
	}
	b := noSigner()
	b.pass("wang", "chu", "xu")
	b.wantAt("qianfa")
	b.wantOpen("zhao")
	b.refused("zhao", b.approve("zhao"), office.CodeNotPermitted)
	b.ok("zhao", b.give("zhao", "chen"))
	b.wantOpen("chen")
	b.pass("chen", "shao", "ma")
	b.wantAt("end")
	if i := b.instance(); i.Signed.By != "chen" {
		t.Errorf("%+v", i.Signed)
	}

	b = noSigner()
	b.must(b.update(func(tx office.Tx) error { return tx.Patch("dir.unit", "si", office.Fields{"clerk": nil}) }))
	b.pass("wang", "chu", "xu")
	b.wantOpen("admin")
	b.ok("admin", b.back("admin", ""))
	b.wantOpen("xu")

	b = noSigner()
	b.must(b.update(func(tx office.Tx) error {
		if err := tx.Patch("dir.role", approval.RoleFlowAdmin, office.Fields{"holders": nil}); err != nil {
			return err
		}
		return tx.Patch("dir.unit", "si", office.Fields{"clerk": nil})
	}))
	b.pass("wang", "chu", "xu")
	b.wantOpen()
	i := b.instance()
	if i.Stuck != approval.StuckNoHandler || i.State != approval.Running {
		t.Errorf("%+v", i)
	}
	r, _ := b.mem.Get(approval.Instances.Name, instanceID)
	chans, err := approval.Instances.Audience(r)
	b.must(err)
	if !slices.Contains(chans, office.ToRole(approval.RoleFlowAdmin)) {
		t.Errorf("the 流程管理员 does not see it: %v", chans)
	}
	b.ok("xu", b.takeBack()) // nobody has acted
	b.wantOpen("xu")
}

// TestRescueByMany: the first who finds a handler is enough.
func TestRescueByMany(t *testing.T) {
	b := fawen(t)
	b.must(b.update(func(tx office.Tx) error {
		if err := tx.Patch("dir.person", "xu", office.Fields{"state": "disabled"}); err != nil {
			return err
		}
		return tx.Patch("dir.post", "si-wenshu", office.Fields{"holders": []string{"zhao", "li"}})
	}))
	b.pass("wang", "chu")
	b.wantOpen("li", "zhao")
	late := b.give("li", "chen")
	b.ok("zhao", b.give("zhao", "shen"))
	b.wantOpen("shen")
	b.refused("li", late, office.CodeDoneByOther)
}

// TestOverdue: W37. Time reminds; it never approves, and a timer of a stay that
// is over, or was set anew, does nothing.
func TestOverdue(t *testing.T) {
	b := fawen(t)
	timer := func() *approval.Overdue {
		at := b.jobs[len(b.jobs)-1].Args.(approval.At)
		if b.jobs[len(b.jobs)-1].Kind != approval.JobAt || at.Command != "approval.overdue@1" {
			t.Fatalf("%+v", b.jobs)
		}
		return at.Args.(*approval.Overdue)
	}
	first := timer()
	if p := b.paper(); first.Step != "fuze" || p.FlowDue != first.Due || b.task("wang").Due != first.Due {
		t.Fatalf("%+v %+v", first, p)
	}
	b.ok(office.System, first) // a clock that runs ahead: too early
	if b.task("wang").Overdue {
		t.Fatal("overdue before its time")
	}
	b.now = b.now.Add(25 * 3600e9)
	b.ok(office.System, first)
	b.wantOpen("wang")
	if !b.task("wang").Overdue {
		t.Fatal("not marked")
	}
	events := len(b.events())
	b.ok(office.System, first)
	if len(b.events()) != events {
		t.Error("reminded twice")
	}
	b.pass("wang")
	second := timer()
	b.now = b.now.Add(25 * 3600e9)
	b.ok(office.System, first)
	if b.task("chu").Overdue {
		t.Error("the timer of another stay marked this one")
	}
	b.ok("wang", b.takeBack())
	b.ok(office.System, first)
	if b.task("wang").Overdue {
		t.Error("the timer of a former limit marked this one")
	}
	b.pass("wang")
	b.ok(office.System, second)
	if b.task("chu").Overdue {
		t.Error("the timer of a former round marked this one")
	}
}
