package approval_test

import (
	"slices"
	"strings"
	"testing"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/approval"
)

func (b *bench) expected() string {
	b.t.Helper()
	var out []string
	_, err := b.mem.Update(func(tx office.Tx) error {
		fs, err := approval.Expected(tx, instanceID)
		for _, f := range fs {
			who := make([]string, len(f.People))
			for i, u := range f.People {
				who[i] = string(u)
			}
			out = append(out, f.Step+"("+strings.Join(who, " ")+")")
		}
		return err
	})
	b.must(err)
	return strings.Join(out, " ")
}

// TestExpected: the path ahead, by what the paper and the directory say now.
func TestExpected(t *testing.T) {
	b := fawen(t)
	if got, want := b.expected(), "hegao(chu) fenguan(xu) qianfa(lin) fuhe(shao) bianhao(ma ding) banjie()"; got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
	b.must(b.update(func(tx office.Tx) error {
		return tx.Patch(papers.Name, paperID, office.Fields{"cosigners": []string{"han"}})
	}))
	if got := b.expected(); !strings.HasPrefix(got, "huiqian(han) hegao(chu)") {
		t.Error(got)
	}
	b.pass("wang", "han", "chu", "xu", "lin", "shao", "ma")
	if got := b.expected(); got != "" {
		t.Error(got)
	}
}

// TestDesk: what a person sees at once, before the server has answered: the own
// task done, the opinion, the trace, and the way the paper will go. The server
// then says the same and moves on.
func TestDesk(t *testing.T) {
	b := fawen(t)
	act := b.approve("wang")
	c := b.context("wang")
	_, err := b.mem.Update(func(tx office.Tx) error {
		if err := act.Run(tx, c); err != nil {
			return err
		}
		x, err := approval.Tasks.Need(tx, act.Task)
		if err != nil {
			return err
		}
		ev, _, err := tx.Get(approval.Events.Name, c.NewID("event"))
		if err != nil {
			return err
		}
		ahead, err := approval.Expected(tx, instanceID)
		if x.State != approval.TaskDone || x.Act != approval.ActApprove || len(ev.Body) == 0 || len(ahead) == 0 || ahead[0].Step != "hegao" {
			t.Errorf("%+v %s %+v", x, ev.Body, ahead)
		}
		if err != nil {
			return err
		}
		// Only the server asks the next.
		all, err := approval.Tasks.List(tx, office.Query{View: "all", Where: []office.Cond{office.Where("state", approval.TaskOpen)}})
		if len(all) != 0 {
			t.Errorf("the desk made tasks: %+v", all)
		}
		return errFinished
	})
	if err != errFinished {
		t.Fatal(err)
	}
	// A paper that was started off line shows its path from the first step.
	b = newBench(t, approval.Fawen())
	b.draft(paper{Direction: "out", Leader: "xu", Signer: "lin"})
	s := &approval.Start{ID: instanceID, Flow: "fawen", SubjectKind: papers.Name, Subject: paperID}
	b.must(b.update(func(tx office.Tx) error { return s.Run(tx, b.context("li")) }))
	if got := b.expected(); !strings.HasPrefix(got, "fuze(wang) hegao(chu)") {
		t.Error(got)
	}
	b.refused("li", b.takeBack(), office.CodeState) // on its way: the server has not moved it
	b.refused("li", s, office.CodeState)
}

var errFinished = &office.Error{Code: "finished"}

// TestNumberPending: only the server gives numbers; the desk says that one is
// to come, at that step and no other.
func TestNumberPending(t *testing.T) {
	b := fawen(t)
	b.pass("wang", "chu", "xu", "lin")
	for _, x := range []struct {
		who  office.UserID
		note office.Code
	}{{"shao", ""}, {"ma", office.NoteNumber}} {
		act := b.approve(x.who)
		out, err := b.mem.Do(act, b.context(x.who))
		if err != nil || out.Note != x.note {
			t.Errorf("%s: %q %v", x.who, out.Note, err)
		}
		b.must(b.update(func(tx office.Tx) error {
			return approval.Advance(tx, b.context(x.who), instanceID, approval.Effects{Apply: b.apply})
		}))
	}
}

// TestElsewhere: a desk that lacks a record says so instead of guessing, and
// the act is queued without foresight.
func TestElsewhere(t *testing.T) {
	b := newBench(t, approval.Fawen())
	b.mem.Desk = true
	for _, cmd := range []office.Command{
		&approval.Approve{Task: "t1", Subject: "p1", Step: "fuze"},
		&approval.Return{Task: "t1", Subject: "p1", Step: "fuze", Words: "x"},
		&approval.Transfer{Task: "t1", Subject: "p1", Step: "fuze", To: "lin"},
		&approval.TakeBack{Instance: "i1", Subject: "p1"},
		&approval.Start{ID: "i1", Flow: "fawen", SubjectKind: papers.Name, Subject: "p1"},
		&approval.Circulate{ID: "c1", SubjectKind: papers.Name, Subject: "p1", To: []office.UserID{"lin"}},
		&approval.Read{ID: "c1"},
	} {
		if _, err := b.mem.Do(cmd, b.context("wang")); office.CodeOf(err) != office.CodeElsewhere {
			t.Errorf("%s: %v", cmd.Kind(), err)
		}
	}
}

// TestDeterminism: the same commands make the same records, on any machine; and
// advancing what has come to rest changes nothing.
func TestDeterminism(t *testing.T) {
	run := func() (string, *bench) {
		b := newBench(t, approval.Fawen())
		b.draft(paper{Direction: "out", Leader: "xu", Signer: "lin", Cosigners: []office.UserID{"han", "shen"}})
		b.start("fawen")
		b.pass("wang", "shen")
		b.ok("han", b.back("han", ""))
		b.pass("wang", "han", "shen")
		b.ok("shen", b.takeBack())
		b.pass("shen", "chu")
		b.ok("xu", b.give("xu", "chen"))
		b.pass("chen", "lin")
		return b.dump(), b
	}
	first, b := run()
	second, _ := run()
	if first != second {
		t.Error("two runs differ")
	}
	b.must(b.update(func(tx office.Tx) error {
		return approval.Advance(tx, b.context(office.System), instanceID, approval.Effects{})
	}))
	if b.dump() != first {
		t.Error("advancing again changed something")
	}
}

func TestSpecs(t *testing.T) {
	for _, s := range approval.Specs() {
		cmd := s.New()
		if cmd.Kind() != s.Kind || cmd.Kind() == "" || len(cmd.Locks()) != 1 {
			t.Errorf("%s: %s %v", s.Kind, cmd.Kind(), cmd.Locks())
		}
	}
	if !slices.ContainsFunc(approval.Specs(), func(s office.Spec) bool {
		return s.Kind == "approval.take_back@1" && s.Class == office.Intent
	}) {
		t.Error("W20 is an intent")
	}
}
