package approval_test

import (
	"slices"
	"testing"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/approval"
)

func solo() approval.Step { return approval.Step{Handlers: persons("xu")} }

// TestW07Before: 前加签. My task sleeps; they act; it is my turn again; a refusal
// of theirs comes back to me and not to the step before. Three deep, no deeper.
func TestW07Before(t *testing.T) {
	b := run(t, small(solo()))
	asleep := b.approve("xu")
	b.ok("xu", b.add("xu", approval.AddBefore, "chen", "shen"))
	b.wantOpen("chen", "shen")
	b.refused("xu", asleep, office.CodeState)
	b.pass("chen")
	b.wantOpen("shen")
	b.ok("shen", b.back("shen", ""))
	b.wantAt("one")
	b.wantOpen("xu")
	b.refused("xu", asleep, office.CodeStaleBody) // what he wrote before they had spoken
	b.ok("xu", b.add("xu", approval.AddBefore, "han"))
	b.ok("han", b.add("han", approval.AddBefore, "chen"))
	b.ok("chen", b.add("chen", approval.AddBefore, "shen"))
	b.refused("shen", b.add("shen", approval.AddBefore, "wang"), office.CodeNotPermitted)
	b.pass("shen", "chen", "han", "xu")
	b.wantAt("then")
	if n := len(b.opinions()); n != 6 {
		t.Errorf("%d opinions", n)
	}
}

// TestW07NotAtOnce: 前 and 后 do not mix while the first is under way.
func TestW07NotAtOnce(t *testing.T) {
	b := run(t, small(solo()))
	b.ok("xu", b.add("xu", approval.AddAfter, "chen"))
	b.refused("xu", b.add("xu", approval.AddBefore, "shen"), office.CodeState)
	b.refused("xu", b.add("xu", approval.AddAfter, "chen"), office.CodeInvalid)
	b.refused("xu", b.add("xu", approval.AddAfter, "xu"), office.CodeInvalid)
	b.refused("xu", b.add("xu", approval.AddAfter), office.CodeInvalid)
	b.refused("xu", b.add("xu", "around", "shen"), office.CodeInvalid)
	b.refused("xu", b.add("xu", approval.AddAfter, "nobody"), office.CodeInvalid)
	other := b.add("xu", approval.AddAfter, "shen")
	b.refused("shen", other, office.CodeNotPermitted)
}

// TestW08After: 后加签. I act, then they, then the next step; when all of them
// are taken out before I act, my task is still mine.
func TestW08After(t *testing.T) {
	b := run(t, small(solo()))
	b.ok("xu", b.add("xu", approval.AddAfter, "chen"))
	b.wantOpen("xu")
	b.ok("xu", b.dropped("xu", "chen"))
	b.wantOpen("xu")
	b.wantAt("one")
	b.ok("xu", b.add("xu", approval.AddAfter, "chen", "shen"))
	b.pass("xu")
	b.wantAt("one")
	b.wantOpen("chen", "shen")
	b.pass("shen")
	b.ok("chen", b.back("chen", "")) // theirs is a place in the step: it goes back
	b.wantAt("s0")
	b = run(t, small(solo()))
	b.ok("xu", b.add("xu", approval.AddAfter, "chen"))
	b.pass("xu", "chen")
	b.wantAt("then")
}

// TestW09Beside: 并加签. A member like the others: the base of a ratio grows, and
// he may give his task away.
func TestW09Beside(t *testing.T) {
	b := run(t, small(three(approval.Ratio, &approval.Pass{Percent: 60})))
	b.ok("xu", b.add("xu", approval.AddBeside, "han", "wang"))
	b.refused("xu", b.add("xu", approval.AddBeside, "chen"), office.CodeInvalid)
	b.pass("xu", "chen")
	b.wantAt("one") // 2 of 5
	b.ok("han", b.give("han", "qian"))
	b.pass("qian")
	b.wantAt("then")
	b = run(t, small(three(approval.Any, nil)))
	b.refused("xu", b.add("xu", approval.AddBeside, "han"), office.CodeInvalid)
}

// TestW10Drop: 减签. Only who added, or the 流程管理员; never whom the definition
// asks; not who has acted.
func TestW10Drop(t *testing.T) {
	b := run(t, small(three(approval.All, nil)))
	b.ok("xu", b.add("xu", approval.AddBeside, "han", "wang", "qian"))
	b.refused("chen", b.dropped("xu", "han"), office.CodeNotPermitted)
	b.refused("xu", b.dropped("xu", "chen"), office.CodeNotPermitted)
	b.refused("chen", b.dropped("chen", "han"), office.CodeNotPermitted)
	b.pass("han")
	b.refused("xu", b.dropped("xu", "han"), office.CodeDoneByOther)
	gone := b.approve("wang")
	b.ok("xu", b.dropped("xu", "wang"))
	b.refused("wang", gone, office.CodeTaskWithdrawn)
	b.ok("admin", b.dropped("xu", "qian"))
	b.wantOpen("chen", "shen", "xu")
}

// TestW11Transfer: 转办 hands on what was added and who added it.
func TestW11Transfer(t *testing.T) {
	b := run(t, small(solo()))
	b.ok("xu", b.add("xu", approval.AddBefore, "chen"))
	b.ok("chen", b.give("chen", "shen"))
	b.pass("shen")
	b.wantOpen("xu")
	b.ok("xu", b.give("xu", "chen"))
	b.ok("chen", b.give("chen", "xu")) // A→B→A
	b.pass("xu")
	b.wantAt("then")
	if v := b.instance().Path[1]; !slices.Equal(v.By, []office.UserID{"xu"}) {
		t.Errorf("%+v", v)
	}
}

// TestW12Delegate: 委派. Another acts, his words are on the sheet, then it is mine
// to end; I may call it back while it is away.
func TestW12Delegate(t *testing.T) {
	b := run(t, small(solo()))
	b.ok("xu", b.delegate("xu", "chen"))
	b.wantOpen("chen")
	b.ok("xu", b.dropped("xu", "chen"))
	b.wantOpen("xu")
	b.ok("xu", b.delegate("xu", "shen"))
	b.pass("shen")
	b.wantAt("one")
	b.wantOpen("xu")
	if o := b.opinions(); o[len(o)-1].Actor != "shen" || o[len(o)-1].Words == "" {
		t.Errorf("%+v", o)
	}
	b.pass("xu")
	b.wantAt("then")
	b.refused("xu", b.delegate("lin", "shen"), office.CodeNotPermitted)
}

func rule(b *bench, from, to office.UserID, hours int64) *approval.SetDelegation {
	now := office.Millis(b.now)
	return &approval.SetDelegation{ID: "d-" + string(from), From: from, To: to, Start: now, End: now + hours*3600_000}
}

// TestW13Agent: 委托代理. The agent has a copy and acts in the principal's name;
// whoever is first acts for both; 签发 is never delegated; the end of the
// half-open interval gives back what was not handled.
func TestW13Agent(t *testing.T) {
	d := small(solo())
	d.Steps[2].Handlers = persons("xu")
	b := newBench(t, d)
	b.draft(paper{})
	b.refused("chen", rule(b, "xu", "chen", 48), office.CodeNotPermitted)
	b.ok("xu", rule(b, "xu", "chen", 48))
	b.ring()
	b.start("some")
	b.wantOpen("chen", "xu")
	late := b.approve("xu")
	b.pass("chen")
	b.refused("xu", late, office.CodeDoneByOther)
	b.wantAt("then")
	o := b.opinions()
	if o[len(o)-1].Actor != "chen" || o[len(o)-1].For != "xu" {
		t.Errorf("%+v", o[len(o)-1])
	}
	b.wantOpen("chen", "xu")
	b.now = b.now.Add(48 * 3600e9)
	b.ring()
	b.wantOpen("xu") // given back
	gone := b.task("chen")
	b.refused("chen", &approval.Approve{Task: gone.id, Subject: paperID, TaskRev: gone.Rev, Step: "then", SeenHash: "h1"}, office.CodeTaskWithdrawn)
	b.pass("xu")
	b.wantAt("end")
}

// TestW13Scope: other flows and 文种, exclusions, open tasks only if asked for, no circle,
// no agent of an agent unless the rule says so.
func TestW13Scope(t *testing.T) {
	b := run(t, small(solo()))
	r := rule(b, "xu", "chen", 48)
	r.Start = office.Millis(b.now) + 60_001
	b.ok("xu", r)
	b.now = b.now.Add(3600e9)
	b.ring()
	b.wantOpen("xu") // it was open before
	r.Already = true
	r.Start = office.Millis(b.now)
	b.ok("xu", r)
	b.ring()
	b.wantOpen("chen", "xu")
	r.Except = []string{"some"}
	b.ok("xu", r)
	b.ring()
	b.wantOpen("xu")
	r.Except, r.Flows = nil, []string{"other"}
	b.ok("xu", r)
	b.ring()
	b.wantOpen("xu")
	r.Flows, r.Genres = nil, []string{"函"}
	b.ok("xu", r)
	b.ring()
	b.wantOpen("xu")
	r.Genres = []string{"函", "通知"}
	b.ok("xu", r)
	b.ring()
	b.wantOpen("chen", "xu")
	r.Genres = nil
	b.ok("xu", r)
	b.ring()
	on := rule(b, "chen", "shen", 48)
	on.Already = true
	b.ok("chen", on)
	b.ring()
	b.wantOpen("chen", "xu")
	b.refused("shen", rule(b, "shen", "xu", 48), office.CodeInvalid) // a circle of three
	b.refused("shen", rule(b, "shen", "shen", 48), office.CodeInvalid)
	b.refused("shen", rule(b, "shen", "han", 0), office.CodeInvalid)
	r.Onward = true
	b.ok("xu", r)
	b.ring()
	b.wantOpen("shen", "xu")
	b.refused("han", &approval.EndDelegation{ID: r.ID}, office.CodeNotPermitted)
	b.ok("xu", &approval.EndDelegation{ID: r.ID})
	b.ring()
	b.wantOpen("xu")
}

// TestW13NeverSign: nobody signs in another's name.
func TestW13NeverSign(t *testing.T) {
	b := fawen(t)
	b.ok("lin", rule(b, "lin", "chen", 480))
	b.ok("chu", rule(b, "chu", "chen", 480))
	b.ring()
	b.pass("wang")
	b.wantOpen("chen", "chu")
	b.pass("chen", "xu")
	b.wantAt("qianfa")
	b.wantOpen("lin")
}

// TestW14HandOver: all tasks of a leaver, each under its paper's lock; what he
// has done stays his.
func TestW14HandOver(t *testing.T) {
	b := run(t, small(three(approval.All, nil)))
	b.pass("xu")
	b.ok("shen", b.add("shen", approval.AddBefore, "han"))
	x := &approval.HandOver{From: "chen", To: "qian", Words: "调离"}
	b.refused("chen", x, office.CodeNotPermitted)
	b.ok("admin", x)
	b.ring()
	b.wantOpen("han", "qian")
	if c := b.task("qian"); !slices.Equal(c.Chain, []office.UserID{"chen"}) {
		t.Errorf("%+v", c)
	}
	b.ok("admin", &approval.HandOver{From: "shen", To: "wang", Words: "调离"}) // asleep
	b.ring()
	b.pass("han", "qian", "wang")
	b.wantAt("then")
	if o := b.opinions(); o[0].Actor != "xu" {
		t.Error(o[0].Actor)
	}
	b.wantTraced(approval.EventHandOver)
}
