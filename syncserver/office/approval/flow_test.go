package approval_test

import (
	"slices"
	"testing"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/approval"
)

// TestFawen walks the whole 发文 flow: every step asks the right people, the
// number comes once, at 登记编号 after 签发 and 复核 (L1, L11).
func TestFawen(t *testing.T) {
	b := newBench(t, approval.Fawen())
	b.draft(paper{Direction: "out", Leader: "xu", Signer: "lin", Cosigners: []office.UserID{"shen"}, CosignUnits: []string{"jian", "cai"}})
	b.start("fawen")
	for _, s := range []struct {
		step string
		open []office.UserID
		acts []office.UserID
		edit []office.UserID
	}{
		{"fuze", []office.UserID{"wang"}, []office.UserID{"wang"}, []office.UserID{"wang"}},
		{"huiqian", []office.UserID{"han", "qian", "shen"}, []office.UserID{"qian", "shen", "han"}, nil},
		{"hegao", []office.UserID{"chu"}, []office.UserID{"chu"}, []office.UserID{"chu"}},
		{"fenguan", []office.UserID{"xu"}, []office.UserID{"xu"}, []office.UserID{"chu"}},
		{"qianfa", []office.UserID{"lin"}, []office.UserID{"lin"}, []office.UserID{"chu"}},
		{"fuhe", []office.UserID{"shao"}, []office.UserID{"shao"}, []office.UserID{"shao"}},
		{"bianhao", []office.UserID{"ding", "ma"}, []office.UserID{"ding"}, []office.UserID{"ma", "ding"}},
	} {
		b.wantAt(s.step)
		b.wantOpen(s.open...)
		p := b.paper()
		if !slices.Equal(p.FlowEditors, s.edit) || p.Number != "" || p.FlowState != approval.FlowRunning {
			t.Fatalf("at %s: %+v", s.step, p)
		}
		slices.Sort(p.FlowHolders)
		if !slices.Equal(p.FlowHolders, s.open) {
			t.Fatalf("at %s: holders %v", s.step, p.FlowHolders)
		}
		b.pass(s.acts...)
	}
	b.wantAt("end")
	b.wantOpen()
	p, i := b.paper(), b.instance()
	if p.Number != "1" || b.numbers != 1 || p.FlowState != approval.FlowDone || p.FlowStep != "办结" || p.FlowDue != 0 || len(p.FlowHolders)+len(p.FlowEditors) != 0 {
		t.Errorf("%+v", p)
	}
	if i.State != approval.Ended || i.Ended == 0 || i.Signed == nil || i.Signed.By != "lin" {
		t.Errorf("%+v", i)
	}
	for _, who := range []office.UserID{"li", "wang", "shen", "han", "qian", "chu", "xu", "lin", "shao", "ma", "ding"} {
		if !slices.Contains(i.Participants, who) || !slices.Contains(p.Readers, who) {
			t.Errorf("%s took part and does not see it", who)
		}
	}
	if ma := b.task("ma"); ma.State != approval.TaskDoneByOther {
		t.Errorf("或签: the other one's task is %s", ma.State)
	}
	events := b.events()
	for n, e := range events {
		if e.N != n+1 {
			t.Fatalf("the trace has %d at place %d", e.N, n+1)
		}
	}
	if len(events) != i.Events || events[0].What != approval.EventStart || events[len(events)-1].What != approval.EventEnd {
		t.Errorf("%d events, the instance counts %d", len(events), i.Events)
	}
	if o := b.opinions(); len(o) != 9 || o[0].Actor != "wang" || o[0].Area != "unit_head" || o[0].Claimed >= o[0].Effective || o[0].Old {
		t.Errorf("%d opinions: %+v", len(o), o[0])
	}
}

// TestLines: W30, conditions on the paper's fields; a 阅件 is not handed to be done.
func TestLines(t *testing.T) {
	b := newBench(t, approval.Shouwen())
	b.draft(paper{Direction: "in", Handling: "阅件", Leaders: []office.UserID{"lin"}})
	b.start("shouwen")
	b.pass("wang", "lin")
	b.wantAt("end")

	b = newBench(t, approval.Shouwen())
	b.draft(paper{Direction: "in", Leaders: []office.UserID{"lin"}, Undertakers: []office.UserID{"han", "qian"}})
	b.start("shouwen")
	b.pass("wang", "lin")
	b.wantAt("chengban")
	b.wantOpen("han", "qian")
	b.pass("qian", "han")
	b.wantAt("end")
}

// TestAny: W3. The first decides, the other's task closes and says so; his act
// is refused as done by another.
func TestAny(t *testing.T) {
	b := newBench(t, approval.Shouwen())
	b.draft(paper{Direction: "in", Leaders: []office.UserID{"lin", "xu"}, Undertakers: []office.UserID{"han"}})
	b.start("shouwen")
	b.pass("wang")
	b.wantOpen("lin", "xu")
	late, lateBack := b.approve("lin"), b.back("lin", "")
	b.pass("xu")
	b.wantAt("chengban")
	b.refused("lin", late, office.CodeDoneByOther)
	b.refused("lin", lateBack, office.CodeDoneByOther)
	// The first one's return decides as well.
	b = newBench(t, approval.Shouwen())
	b.draft(paper{Direction: "in", Leaders: []office.UserID{"lin", "xu"}})
	b.start("shouwen")
	b.pass("wang")
	late = b.approve("lin")
	b.ok("xu", b.back("xu", ""))
	b.wantAt("niban")
	b.wantOpen("wang")
	b.refused("lin", late, office.CodeTaskWithdrawn)
}

// TestAll: W1. Everybody acts, in any order; one person named twice acts once;
// a return from one cancels the others' tasks.
func TestAll(t *testing.T) {
	b := newBench(t, approval.Fawen())
	b.draft(paper{Direction: "out", Leader: "xu", Signer: "lin", Cosigners: []office.UserID{"han", "shen"}, CosignUnits: []string{"jian"}})
	b.start("fawen")
	b.pass("wang")
	b.wantOpen("han", "shen")
	b.pass("shen")
	b.wantAt("huiqian")
	waiting := b.approve("han")
	b.ok("han", b.approve("han"))
	b.wantAt("hegao")
	b.refused("han", waiting, office.CodeState)

	b = newBench(t, approval.Fawen())
	b.draft(paper{Direction: "out", Leader: "xu", Signer: "lin", Cosigners: []office.UserID{"han", "shen", "qian"}})
	b.start("fawen")
	b.pass("wang", "shen")
	late := b.approve("han")
	b.ok("qian", b.back("qian", "nigao"))
	b.wantAt("nigao")
	b.wantOpen("li")
	if s := b.task("han").State; s != approval.TaskCancelled {
		t.Errorf("the third one's task is %s", s)
	}
	b.refused("han", late, office.CodeTaskWithdrawn)
}

// TestSerial: W5. One after the other, in the order given.
func TestSerial(t *testing.T) {
	b := newBench(t, approval.Qianbao())
	b.draft(paper{Direction: "sign", Leaders: []office.UserID{"xu", "lin", "chen"}})
	b.start("qianbao")
	b.pass("wang")
	for _, who := range []office.UserID{"xu", "lin", "chen"} {
		b.wantOpen(who)
		b.pass(who)
	}
	b.wantAt("end")
	// A return in the middle goes to the sender; the next round begins anew.
	b = newBench(t, approval.Qianbao())
	b.draft(paper{Direction: "sign", Leaders: []office.UserID{"xu", "lin"}})
	b.start("qianbao")
	b.pass("wang", "xu")
	b.ok("lin", b.back("lin", ""))
	b.wantOpen("wang")
	b.pass("wang")
	b.wantOpen("xu")
	b.pass("xu")
	b.wantOpen("lin")
}

// TestReturn: W15–W17. Back to the sender, to any step passed, to the drafter;
// what was written in between is old, what came before still counts.
func TestReturn(t *testing.T) {
	b := fawen(t)
	b.pass("wang", "chu", "xu")
	b.refused("lin", b.back("lin", "fuhe"), office.CodeInvalid)
	empty := b.back("lin", "")
	empty.Words = " \n"
	b.refused("lin", empty, office.CodeInvalid)
	b.ok("lin", b.back("lin", ""))
	b.wantAt("fenguan")
	b.wantOpen("xu")
	b.pass("xu")
	b.ok("lin", b.back("lin", "hegao"))
	b.wantAt("hegao")
	old := map[string]bool{}
	for _, o := range b.opinions() {
		old[string(o.Actor)+o.Step] = o.Old
	}
	if old["wangfuze"] || !old["chuhegao"] || !old["xufenguan"] || !old["linqianfa"] {
		t.Errorf("old: %v", old)
	}
	if i := b.instance(); i.Rounds["hegao"] != 2 || i.Rounds["fuze"] != 1 || len(i.Path) != 2 {
		t.Errorf("%+v", i)
	}
	b.ok("chu", b.back("chu", "nigao"))
	b.wantOpen("li")
	p := b.paper()
	if p.FlowState != approval.FlowReturned || !slices.Equal(p.FlowEditors, []office.UserID{"li"}) {
		t.Errorf("%+v", p)
	}
	if i := b.instance(); len(i.Path) != 0 || len(i.Tokens) != 1 {
		t.Errorf("%+v", i)
	}
	b.pass("li", "wang", "chu", "xu", "lin", "shao", "ma")
	b.wantAt("end")
	if b.numbers != 1 {
		t.Errorf("%d numbers", b.numbers)
	}
}

// TestReturnAfterPersonLeft: a return asks those who acted; one who has left
// the office is asked no more, and the step's handlers are found anew.
func TestReturnAfterPersonLeft(t *testing.T) {
	b := fawen(t)
	b.pass("wang")
	b.must(b.update(func(tx office.Tx) error {
		if err := tx.Patch("dir.person", "wang", office.Fields{"state": "disabled"}); err != nil {
			return err
		}
		return tx.Patch("dir.unit", "si", office.Fields{"head": "zhao"})
	}))
	b.ok("chu", b.back("chu", ""))
	b.wantAt("fuze")
	b.wantOpen("zhao")
}

// TestSignAgain: L9. A text that changed after 签发 goes back to the signer, even
// though 复核 approved it; no number before he has signed it again.
func TestSignAgain(t *testing.T) {
	b := fawen(t)
	b.pass("wang", "chu", "xu", "lin")
	b.change("h2")
	b.pass("shao")
	b.wantAt("qianfa")
	b.wantOpen("lin")
	if i := b.instance(); i.Signed != nil || b.numbers != 0 {
		t.Errorf("%+v", i)
	}
	b.pass("lin", "shao")
	b.wantAt("bianhao")
	b.change("h3") // and nobody signs what is changed while it is numbered
	b.refused("ma", b.approve("ma"), office.CodeState)
	b.change("h2")
	b.pass("ma")
	b.wantAt("end")
}
