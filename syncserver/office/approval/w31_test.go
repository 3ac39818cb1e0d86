package approval_test

import (
	"slices"
	"testing"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/approval"
)

// parallel is 起 → zero (wang) → a fork: a (xu) → a2 (shen), and b (chen) → where
// they meet → then (lin) → 终.
func parallel(need int, ended bool) approval.Definition {
	d := chain(
		approval.Step{ID: "zero", Name: "零", Handlers: persons("wang")},
		approval.Step{ID: "fork", Name: "分", Type: approval.StepFork, Lines: []approval.Line{{To: "a"}, {To: "b"}}},
		approval.Step{ID: "a", Name: "甲", Handlers: persons("xu")},
		approval.Step{ID: "a2", Name: "甲二", Handlers: persons("shen"), Lines: goes("join")},
		approval.Step{ID: "b", Name: "乙", Handlers: persons("chen")},
		approval.Step{ID: "join", Name: "合", Type: approval.StepJoin, Join: &approval.Join{Need: need, Ended: ended}},
		approval.Step{ID: "then", Name: "后", Handlers: persons("lin")},
	)
	d.Steps[1].Self = approval.SelfAct
	return d
}

func (b *bench) inst(id string) approval.Instance {
	b.t.Helper()
	r, ok := b.mem.Get(approval.Instances.Name, id)
	if !ok {
		b.t.Fatalf("no instance %s", id)
	}
	var i approval.Instance
	b.must(r.Decode(&i))
	return i
}

// subs are the flows inside the paper's.
func (b *bench) subs() []string {
	var out []string
	for _, r := range b.mem.All(approval.Instances.Name) {
		if r.ID != instanceID && b.inst(r.ID).Parent != nil {
			out = append(out, r.ID)
		}
	}
	return out
}

// TestW31All: the branches meet; who is asked, where it is and until when is the
// whole of it.
func TestW31All(t *testing.T) {
	b := run(t, parallel(0, false))
	b.pass("wang")
	b.wantPlaces("a", "b")
	if p := b.paper(); p.FlowStep != "甲、乙" || len(p.FlowHolders) != 2 {
		t.Errorf("%+v", p)
	}
	b.pass("chen")
	b.wantPlaces("a")
	b.pass("xu", "shen")
	b.wantPlaces("then")
	b.pass("lin")
	b.wantAt("end")
}

// TestW31Any: the first branch to arrive is enough; the others' tasks close.
func TestW31Any(t *testing.T) {
	b := run(t, parallel(1, false))
	b.pass("wang")
	late := b.approve("xu")
	b.pass("chen")
	b.wantPlaces("then")
	b.refused("xu", late, office.CodeDoneByOther)
	if i := b.instance(); len(i.Forks) != 0 {
		t.Errorf("%+v", i.Forks)
	}
}

// TestW31EndBranch: a branch that is ended is one fewer to wait for, or counts as
// arrived where the join says so.
func TestW31EndBranch(t *testing.T) {
	for _, need := range []int{0, 2} {
		b := run(t, parallel(need, need == 2))
		b.pass("wang", "xu")
		i := b.instance()
		branch := i.Tokens[slices.IndexFunc(i.Tokens, func(v approval.Visit) bool { return v.Step == "a2" })].Branch
		x := &approval.EndBranch{Instance: instanceID, Subject: paperID, Branch: branch, Words: "不再需要"}
		b.refused("wang", x, office.CodeNotPermitted)
		b.ok("admin", x)
		b.wantPlaces("b")
		b.refused("admin", x, office.CodeInvalid)
		b.pass("chen")
		b.wantPlaces("then")
	}
	b := run(t, parallel(0, false))
	b.pass("wang", "chen")
	b.ok("admin", &approval.EndBranch{Instance: instanceID, Subject: paperID, Branch: b.instance().Tokens[0].Branch, Words: "不再需要"})
	b.wantPlaces("then")
}

// TestW31ByData: a fork splits by the paper's data; its last line is taken if no
// other is.
func TestW31ByData(t *testing.T) {
	d := parallel(0, false)
	d.Steps[2].Lines = []approval.Line{
		{To: "a", When: &approval.Cond{Field: "handling", Op: approval.OpIs, Value: "办件"}},
		{To: "b"},
	}
	b := run(t, d)
	b.pass("wang")
	b.wantPlaces("b")
	b = newBench(t, d)
	b.draft(paper{Handling: "办件"})
	b.start("some")
	b.pass("wang")
	b.wantPlaces("a")
	b.pass("xu", "shen")
	b.wantPlaces("then")
}

// TestW30Expressions: typed, over the form, evaluated again after a return.
func TestW30Expressions(t *testing.T) {
	d := chain(
		approval.Step{ID: "a", Name: "甲", Handlers: persons("xu"), Lines: []approval.Line{
			{To: "b", When: &approval.Cond{Expr: `len(leaders) > 1 && handling in ["0", "1"] && verdict != "amend"`}}, {To: "c"},
		}},
		approval.Step{ID: "b", Name: "乙", Handlers: persons("chen")},
		approval.Step{ID: "c", Name: "丙", Handlers: persons("shen")},
	)
	d.Form = []approval.FormField{{Name: "leaders", Type: approval.FieldList}, {Name: "handling", Type: approval.FieldText}, {Name: "amount", Type: approval.FieldNumber}}
	b := run(t, d)
	if got := b.expected(); got != "b(chen) c(shen) end()" {
		t.Error(got)
	}
	b.pass("xu")
	b.wantAt("b")
	b.ok("chen", b.back("chen", ""))
	b.ok("xu", b.vote("xu", approval.VerdictAmend))
	b.wantAt("c")
	for _, bad := range []string{`amount`, `amount + "x" == ""`, `nothing == 1`, `now() > 1`, `leaders > 1`, `len(`, `amount == "1"`} {
		d.Steps[1].Lines[0].When = &approval.Cond{Expr: bad}
		if err := d.Validate(); office.CodeOf(err) != office.CodeInvalid || office.AsError(err).Field != "definition.steps[1].lines" {
			t.Errorf("%s: %v", bad, err)
		}
	}
}

// unitFlow is what each unit does inside a 公文会签: its head may have somebody
// prepare it, and answers.
func unitFlow() approval.Definition {
	return approval.Definition{Key: "unit", Name: "部门会签", Subjects: []string{papers.Name}, Child: true, First: "fen", Steps: []approval.Step{
		{ID: "fen", Name: "分办", Handlers: []approval.Handler{{By: approval.ByHead}}, Area: "cosign", AreaName: "会签", Lines: []approval.Line{
			{To: "ban", When: &approval.Cond{Expr: "chosen > 0"}}, {To: "end"}}},
		{ID: "ban", Name: "办理", Handlers: []approval.Handler{{By: approval.ByChosen}}, Lines: goes("ding")},
		{ID: "ding", Name: "审定", Handlers: []approval.Handler{{By: approval.ByHead}}, Area: "cosign", AreaName: "会签", Lines: goes("end")},
		{ID: "end", Name: "终", Type: approval.StepEnd},
	}}
}

func withUnits() approval.Definition {
	return chain(
		approval.Step{ID: "hui", Name: "会签", Type: approval.StepSub, Sub: &approval.Sub{Flow: "unit", Units: "cosign_units"}},
		approval.Step{ID: "sign", Name: "签发", Gate: approval.GateSign, Handlers: persons("lin"), Edit: true},
		approval.Step{ID: "check", Name: "复核", Gate: approval.GateReview, Handlers: persons("shao")},
	)
}

// TestW02Units: each unit handles it inside and answers; a disagreement is no
// veto: it is set out, and whoever signs says how it was decided; a text that
// changed since a unit agreed is asked about.
func TestW02Units(t *testing.T) {
	b := run(t, withUnits(), unitFlow())
	b.wantOpen("han", "qian") // 财政局 has no head: its 文书 finds one
	b.ok("qian", b.give("qian", "chen"))
	a := b.approve("han")
	a.Choose = []office.UserID{"wang"}
	b.ok("han", a)
	b.pass("wang")
	b.wantOpen("chen", "han")
	if p := b.paper(); len(p.FlowHolders) != 2 || !slices.Contains(p.Readers, "wang") || p.FlowStep != "会签" {
		t.Errorf("%+v", p)
	}
	if partsOf := b.instance().Participants; slices.Contains(partsOf, "wang") {
		t.Error("who prepares it in a unit reads the whole file")
	}
	b.ok("han", b.vote("han", approval.VerdictAmend))
	b.wantAt("hui")
	silent := b.vote("chen", approval.VerdictDisagree)
	silent.Words = ""
	b.refused("chen", silent, office.CodeInvalid)
	b.ok("chen", b.vote("chen", approval.VerdictDisagree))
	b.wantAt("sign")
	k := b.instance().Consents
	if len(k) != 2 || k[0].Unit != "jian" || k[0].Verdict != approval.VerdictAmend || k[0].By != "han" || k[1].Verdict != approval.VerdictDisagree || k[1].Words == "" {
		t.Fatalf("%+v", k)
	}
	b.refused("lin", b.approve("lin"), office.CodeInvalid)
	s := b.approve("lin")
	s.Decided = "经协商,按财政局意见修改第三条"
	b.change("h2")
	s.SeenHash = "h2"
	b.refused("lin", s, office.CodeStaleBody) // does it need a new 会签?
	s.Consents = true
	b.ok("lin", s)
	if b.instance().Settled == "" {
		t.Error("how it was decided is not kept")
	}
	b.pass("shao")
	b.wantAt("end")
}

// TestW02Silence: a unit that lets the limit pass is taken to have no objection,
// where the flow says so, and it says so on the sheet.
func TestW02Silence(t *testing.T) {
	d := withUnits()
	d.Steps[1].Hours, d.Steps[1].Timeout = 24, &approval.Timeout{Do: approval.TimeoutSkip}
	b := run(t, d, unitFlow())
	b.pass("han")
	b.now = b.now.Add(25 * 3600e9)
	b.ring()
	b.wantAt("sign")
	k := b.instance().Consents
	if len(k) != 2 || k[0].Silent || !k[1].Silent || k[1].Unit != "cai" {
		t.Errorf("%+v", k)
	}
	b.wantOpen("lin")
}

// TestW02NewRound: back to 会签 asks the units again.
func TestW02NewRound(t *testing.T) {
	b := run(t, withUnits(), unitFlow())
	b.ok("qian", b.give("qian", "chen"))
	b.pass("han", "chen")
	b.ok("lin", b.back("lin", "hui"))
	b.wantAt("hui")
	b.wantOpen("han", "qian")
	b.refused("li", b.takeBack(), office.CodeDoneByOther)
}

// TestW32Sub: a return cancels the flows inside; nothing nests in itself.
func TestW32Sub(t *testing.T) {
	b := run(t, withUnits(), unitFlow())
	b.pass("han")
	b.refused("li", b.takeBack(), office.CodeDoneByOther)
	kids := b.subs()
	b.ok("admin", &approval.Jump{Instance: instanceID, Subject: paperID, From: "hui", To: "s0", Words: "重新起草"})
	b.wantOpen("li")
	for _, id := range kids {
		if b.inst(id).State != approval.Ended {
			t.Errorf("%+v", b.inst(id))
		}
	}
	b.pass("li")
	b.wantOpen("han", "qian")
	b.refused("li", &approval.Start{ID: "i9", Flow: "unit", SubjectKind: papers.Name, Subject: paperID}, office.CodeInvalid)

	// A step may want agreement: then a disagreement goes back.
	r := withUnits()
	r.Steps[1].Sub.Refused = approval.RefusedReturn
	b = run(t, r, unitFlow())
	b.ok("qian", b.give("qian", "chen"))
	b.ok("han", b.vote("han", approval.VerdictDisagree))
	b.pass("chen")
	b.wantAt("s0")

	// Not waited for: the paper goes on, and its end ends what is still inside.
	r = withUnits()
	r.Steps[1].Sub.Async = true
	b = run(t, r, unitFlow())
	b.wantOpen("han", "lin", "qian")
	b.pass("han", "lin", "shao")
	b.wantAt("end")
	b.wantOpen()
	d := withUnits()
	d.Steps[1].Sub.Flow = "some"
	if err := d.Validate(); office.CodeOf(err) != office.CodeInvalid {
		t.Error(err)
	}
	b.refused(office.System, &approval.Publish{Base: 1, Definition: func() approval.Definition { d := withUnits(); d.Steps[1].Sub.Flow = "none"; return d }()}, office.CodeInvalid)
}
