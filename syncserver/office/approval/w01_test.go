package approval_test

import (
	"slices"
	"testing"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/approval"
)

func three(p approval.Policy, pass *approval.Pass) approval.Step {
	return approval.Step{Handlers: persons("xu", "chen", "shen"), Policy: p, Pass: pass}
}

// TestW01All: 会签. All act, in any order; one return ends it and takes the
// others' tasks, never a 传阅; the slower of two who race is refused with his
// words kept.
func TestW01All(t *testing.T) {
	b := run(t, small(three(approval.All, nil)))
	b.wantOpen("chen", "shen", "xu")
	b.ok("li", &approval.Circulate{ID: "c1", SubjectKind: papers.Name, Subject: paperID, To: []office.UserID{"han"}})
	b.pass("shen")
	late := b.approve("chen")
	b.ok("xu", b.back("xu", ""))
	b.wantOpen("li")
	b.refused("chen", late, office.CodeTaskWithdrawn)
	if r, _ := b.mem.Get(approval.Copies.Name, approval.CopyID("c1", "han")); len(r.Body) == 0 {
		t.Error("the return took the 传阅 along")
	}
	b.pass("li", "chen", "xu", "shen")
	b.wantAt("then")
}

// TestW01OnePersonTwice: one person with two 身份 acts once.
func TestW01OnePersonTwice(t *testing.T) {
	b := run(t, small(approval.Step{Policy: approval.All, Handlers: append(persons("xu", "wang"), approval.Handler{By: approval.ByHead})}))
	b.wantOpen("wang", "xu")
	b.pass("wang", "xu")
	b.wantAt("then")
}

// TestW01Ratio: 比例. Decided as soon as it is certain, either way; what remains
// closes by itself; a failed vote goes back, or where its step says.
func TestW01Ratio(t *testing.T) {
	b := run(t, small(three(approval.Ratio, &approval.Pass{Percent: 60})))
	b.pass("xu")
	b.wantAt("one")
	b.pass("chen")
	b.wantAt("then")
	if x := b.task("shen"); x.State != approval.TaskDoneByOther {
		t.Error(x.State)
	}
	b = run(t, small(three(approval.Ratio, &approval.Pass{Percent: 60})))
	b.ok("xu", b.vote("xu", approval.VerdictDisagree))
	b.wantAt("one") // two of three may still agree
	b.ok("chen", b.vote("chen", approval.VerdictDisagree))
	b.wantAt("s0")
	b.wantOpen("li")
	d := small(three(approval.Ratio, &approval.Pass{Percent: 50, Over: true}))
	d.Steps[1].Fail = "end"
	b = run(t, d)
	b.ok("xu", b.back("xu", ""))
	b.ok("chen", b.vote("chen", approval.VerdictDisagree))
	b.wantAt("end")
	b.wantTraced(approval.EventFailed)
}

// TestW01Collect: 收齐再定. A refusal waits for the others.
func TestW01Collect(t *testing.T) {
	b := run(t, small(three(approval.Collect, nil)))
	b.ok("xu", b.back("xu", ""))
	b.wantAt("one")
	b.pass("chen", "shen")
	b.wantAt("s0")
	b = run(t, small(three(approval.Collect, nil)))
	b.pass("chen", "xu", "shen")
	b.wantAt("then")
}

// TestW01LastPendingRemoved: the last one still asked is taken out: the step is
// weighed again; one added after the others finished is waited for.
func TestW01LastPendingRemoved(t *testing.T) {
	b := run(t, small(three(approval.All, nil)))
	b.pass("xu", "chen")
	b.ok("shen", b.add("shen", approval.AddBeside, "han"))
	b.pass("shen")
	b.wantAt("one")
	b.wantOpen("han")
	b.ok("shen", b.dropped("shen", "han"))
	b.wantAt("then")
}

// TestW01Sealed: nobody reads the others' words before the step is left.
func TestW01Sealed(t *testing.T) {
	s := three(approval.All, nil)
	s.Sealed = true
	b := run(t, small(s))
	b.pass("xu")
	sees := func(want ...office.Channel) {
		t.Helper()
		for _, r := range b.mem.All(approval.Opinions.Name) {
			root, _ := b.mem.Get(approval.Instances.Name, instanceID)
			got, err := b.mem.Kinds.Channels(r, root)
			b.must(err)
			if len(want) > 0 && !slices.Equal(got, want) {
				t.Errorf("%v see it, want %v", got, want)
			}
			if len(want) == 0 && len(got) < 4 {
				t.Errorf("only %v see it", got)
			}
		}
	}
	sees("u:xu")
	b.pass("chen", "shen")
	sees()
}

// TestW03Or: 或签. The first decides, also by a return; the loser is told that
// another did it and keeps his words.
func TestW03Or(t *testing.T) {
	b := run(t, small(three(approval.Any, nil)))
	loser := b.approve("chen")
	b.pass("xu")
	b.wantAt("then")
	b.refused("chen", loser, office.CodeDoneByOther)
	b = run(t, small(three(approval.Any, nil)))
	b.ok("chen", b.back("chen", ""))
	b.wantAt("s0")
	if x := b.task("xu"); x.State != approval.TaskCancelled {
		t.Error(x.State)
	}
}

// TestW04Claim: 抢办. The first claimer owns it, may give it back to the pool, and
// loses it by himself after its hours.
func TestW04Claim(t *testing.T) {
	s := three(approval.Pool, nil)
	s.Claim = 4
	b := run(t, small(s))
	claim := func(who office.UserID) *approval.Claim {
		x := b.task(who)
		return &approval.Claim{Task: x.id, Subject: paperID, TaskRev: x.Rev, Step: "one"}
	}
	b.refused("xu", b.approve("xu"), office.CodeNotPermitted)
	late := claim("chen")
	b.ok("xu", claim("xu"))
	b.wantOpen("xu")
	b.refused("chen", late, office.CodeDoneByOther)
	b.refused("xu", claim("xu"), office.CodeNotPermitted)
	x := b.task("xu")
	b.ok("xu", &approval.Release{Task: x.id, Subject: paperID, TaskRev: x.Rev, Step: "one"})
	b.wantOpen("chen", "shen", "xu")
	b.ok("chen", claim("chen"))
	b.now = b.now.Add(5 * 3600e9)
	b.ring()
	b.wantOpen("chen", "shen", "xu") // claimed, then absent
	b.ok("shen", claim("shen"))
	b.pass("shen")
	b.wantAt("then")
}

// TestW05Serial: 顺签. The order by rank puts the most senior last; those whose
// turn has not come are put in, taken out and moved; 退回上一签 is not 退回节点前.
func TestW05Serial(t *testing.T) {
	s := three("", nil)
	s.Handlers, s.Order = persons("chen", "lin", "wang"), approval.OrderRank
	b := run(t, small(s))
	b.wantOpen("lin") // the address book: wang, chen, lin, from the top
	b.pass("lin")
	b.wantOpen("chen")
	q := &approval.Requeue{Instance: instanceID, Subject: paperID, Step: "one", Round: 1, Was: []office.UserID{"wang"}, Then: []office.UserID{"han", "wang", "xu"}}
	b.refused("shen", q, office.CodeNotPermitted)
	bad := *q
	bad.Was = []office.UserID{"xu"}
	b.refused("chen", &bad, office.CodeStaleBody)
	bad = *q
	bad.Then = []office.UserID{"lin"}
	b.refused("chen", &bad, office.CodeInvalid)
	b.ok("chen", q)
	b.pass("chen", "han")
	b.wantOpen("wang")
	q.Was, q.Then = []office.UserID{"xu"}, nil
	b.ok("wang", q)
	b.ok("wang", b.back("wang", "one"))
	b.wantOpen("han")
	if i := b.instance(); i.Rounds["one"] != 1 {
		t.Error("退回上一签 began a new round")
	}
	b.pass("han")
	b.wantOpen("wang")
	b.ok("wang", b.back("wang", ""))
	b.wantOpen("li") // 退回节点前
	b.refused("li", b.back("li", "one"), office.CodeNotPermitted)
	b.pass("li")
	b.wantOpen("lin")
	b.refused("lin", b.back("lin", "one"), office.CodeInvalid) // nobody signed before him
}

// TestW06Vote: 票签. Weights as they were on arrival; an abstention counts in the
// base or not; a certain result ends it.
func TestW06Vote(t *testing.T) {
	weighted := func(p *approval.Pass) approval.Step {
		return approval.Step{Policy: approval.Vote, Pass: p, Handlers: []approval.Handler{
			{By: approval.ByPerson, ID: "xu", Weight: 3}, {By: approval.ByPerson, ID: "chen"}, {By: approval.ByPerson, ID: "shen"},
		}}
	}
	b := run(t, small(weighted(&approval.Pass{Weight: 3})))
	if v := b.instance().Tokens[0]; v.Weights["xu"] != 3 || v.Weights["chen"] != 1 {
		t.Fatalf("%+v", v.Weights)
	}
	b.pass("xu")
	b.wantAt("then")
	b = run(t, small(weighted(&approval.Pass{Percent: 60, Over: true}))) // 3 of 5 is not more than 60 %
	b.pass("xu")
	b.wantAt("one")
	b.ok("chen", b.vote("chen", approval.VerdictAbstain))
	b.ok("shen", b.vote("shen", approval.VerdictAbstain))
	b.wantAt("s0")
	b = run(t, small(weighted(&approval.Pass{Percent: 60, Over: true, AbstainOut: true})))
	b.ok("chen", b.vote("chen", approval.VerdictAbstain))
	b.pass("xu")
	b.wantAt("then")
	b = run(t, small(weighted(&approval.Pass{Weight: 4})))
	b.ok("xu", b.vote("xu", approval.VerdictDisagree))
	b.wantAt("s0") // 2 of 4 at most
	// Transferred, a vote keeps its weight.
	b = run(t, small(weighted(&approval.Pass{Weight: 3})))
	b.ok("xu", b.give("xu", "han"))
	b.pass("han")
	b.wantAt("then")
}

// TestW06RunningWeights: weights that a newer version changes are not those of a
// step that has begun, even if the paper is moved to it.
func TestW06RunningWeights(t *testing.T) {
	s := approval.Step{Policy: approval.Vote, Pass: &approval.Pass{Weight: 3}, Handlers: []approval.Handler{
		{By: approval.ByPerson, ID: "xu", Weight: 3}, {By: approval.ByPerson, ID: "chen"}, {By: approval.ByPerson, ID: "shen"},
	}}
	b := run(t, small(s))
	s.Handlers = slices.Clone(s.Handlers)
	s.Handlers[0].Weight, s.Handlers[1].Weight = 1, 3
	d := small(s)
	d.Subjects = []string{papers.Name}
	b.ok("admin", &approval.Publish{Base: 1, Definition: d})
	b.ok("admin", &approval.Migrate{Instance: instanceID, Subject: paperID, Version: 2, Words: "权重调整"})
	b.pass("chen")
	b.wantAt("one") // one vote, as it was when the paper came
	b.pass("xu")
	b.wantAt("then")
	if x := b.task("shen"); x.State != approval.TaskDoneByOther {
		t.Errorf("what is decided asks on: %s", x.State)
	}
}
