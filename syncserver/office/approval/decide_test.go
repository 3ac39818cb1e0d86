package approval_test

import (
	"strings"
	"testing"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/approval"
)

// TestDecide: each thing that can have happened has its own answer, and the act
// leaves no trace when refused.
func TestDecide(t *testing.T) {
	at := func(state string) func(b *bench) {
		return func(b *bench) {
			b.must(b.update(func(tx office.Tx) error {
				return tx.Patch(approval.Instances.Name, instanceID, office.Fields{"state": state})
			}))
		}
	}
	for _, x := range []struct {
		name    string
		happens func(b *bench)
		who     office.UserID
		spoil   func(a *approval.Approve)
		code    office.Code
		field   string
	}{
		{"as seen", nil, "wang", nil, "", ""},
		{"not my task", nil, "li", nil, office.CodeNotPermitted, "task"},
		{"nobody", nil, "", nil, office.CodeNotPermitted, "task"},
		{"the system has no task", nil, office.System, nil, office.CodeNotPermitted, "task"},
		{"text changed", func(b *bench) { b.change("h2") }, "wang", nil, office.CodeStaleBody, "seen_hash"},
		{"nothing seen", nil, "wang", func(a *approval.Approve) { a.SeenHash = "" }, office.CodeStaleBody, "seen_hash"},
		{"another step", nil, "wang", func(a *approval.Approve) { a.Step = "qianfa" }, office.CodeStaleBody, "step"},
		{"terms of the task changed", nil, "wang", func(a *approval.Approve) { a.TaskRev = 7 }, office.CodeStaleBody, "task_rev"},
		{"taken back", func(b *bench) { b.ok("li", b.takeBack()) }, "wang", nil, office.CodeTaskWithdrawn, ""},
		{"transferred", func(b *bench) { b.ok("wang", b.give("wang", "zhao")) }, "wang", nil, office.CodeTaskTransferred, ""},
		{"suspended", at(approval.Suspended), "wang", nil, office.CodeSuspended, ""},
		{"ended", at(approval.Ended), "wang", nil, office.CodeEnded, ""},
		{"done before", func(b *bench) { b.pass("wang") }, "wang", nil, office.CodeState, ""},
		{"no task", nil, "wang", func(a *approval.Approve) { a.Task = "t9" }, office.CodeNotFound, "task"},
		{"another paper", nil, "wang", func(a *approval.Approve) { a.Subject = "p9" }, office.CodeInvalid, "subject"},
		{"no id", nil, "wang", func(a *approval.Approve) { a.Task = "../x" }, office.CodeInvalid, "task"},
		{"long words", nil, "wang", func(a *approval.Approve) { a.Words = strings.Repeat("字", 4001) }, office.CodeInvalid, "words"},
		{"NUL", nil, "wang", func(a *approval.Approve) { a.Words = "a\x00b" }, office.CodeInvalid, "words"},
		{"not UTF-8", nil, "wang", func(a *approval.Approve) { a.Words = "a\xff" }, office.CodeInvalid, "words"},
		{"chose nobody", nil, "wang", func(a *approval.Approve) { a.Choose = []office.UserID{"nobody"} }, office.CodeInvalid, "choose"},
		{"chose twice", nil, "wang", func(a *approval.Approve) { a.Choose = []office.UserID{"lin", "lin"} }, office.CodeInvalid, "choose"},
	} {
		t.Run(x.name, func(t *testing.T) {
			b := fawen(t)
			a := b.approve("wang")
			if x.happens != nil {
				x.happens(b)
			}
			if x.spoil != nil {
				x.spoil(a)
			}
			before := b.dump()
			err := b.do(x.who, a)
			if office.CodeOf(err) != x.code {
				t.Fatalf("%v, want %q", err, x.code)
			}
			if err == nil {
				return
			}
			if e := office.AsError(err); e.Field != x.field {
				t.Errorf("field %q, want %q", e.Field, x.field)
			}
			if b.dump() != before {
				t.Error("the refused act left something")
			}
		})
	}
}

// TestNotPermitted: every command refuses whoever has no business with it.
func TestNotPermitted(t *testing.T) {
	b := newBench(t, approval.Fawen())
	b.draft(paper{Direction: "out", Leader: "xu", Signer: "lin"})
	for _, who := range []office.UserID{"wang", "", office.System, "nobody"} {
		b.refused(who, &approval.Start{ID: "i2", Flow: "fawen", SubjectKind: papers.Name, Subject: paperID}, office.CodeNotPermitted)
		b.refused(who, &approval.Circulate{ID: "c1", SubjectKind: papers.Name, Subject: paperID, To: []office.UserID{"lin"}}, office.CodeNotPermitted)
	}
	b.start("fawen")
	b.ok("li", &approval.Circulate{ID: "c2", SubjectKind: papers.Name, Subject: paperID, To: []office.UserID{"shen"}})
	unread := approval.CopyID("c2", "shen")
	for _, who := range []office.UserID{"li", "lin", "zhao", "", office.System, "nobody"} {
		b.refused(who, b.approve("wang"), office.CodeNotPermitted)
		b.refused(who, b.back("wang", ""), office.CodeNotPermitted)
		b.refused(who, b.give("wang", "zhao"), office.CodeNotPermitted)
		b.refused(who, &approval.Read{ID: unread}, office.CodeNotPermitted)
		if who != "li" {
			b.refused(who, b.takeBack(), office.CodeNotPermitted)
		}
		if who != office.System {
			b.refused(who, &approval.Overdue{Instance: instanceID, Subject: paperID, Step: "fuze", Round: 1}, office.CodeNotPermitted)
			b.refused(who, &approval.CirculateBatch{Circulation: "c3", SubjectKind: papers.Name, Subject: paperID, From: "li", To: []office.UserID{"chen"}}, office.CodeNotPermitted)
			b.refused(who, &approval.Publish{Base: 1, Definition: approval.Fawen()}, office.CodeNotPermitted)
		}
	}
	// One who was asked before and is no longer part of the step.
	b.refused("wang", b.takeBack(), office.CodeNotPermitted)
	b.refused("shen", &approval.Circulate{ID: "c4", SubjectKind: papers.Name, Subject: paperID, To: []office.UserID{"chen"}}, office.CodeNotPermitted)
}

func TestStart(t *testing.T) {
	for _, x := range []struct {
		name  string
		paper paper
		spoil func(b *bench, s *approval.Start)
		code  office.Code
		field string
	}{
		{"ready", paper{Direction: "out", Leader: "xu", Signer: "lin"}, nil, "", ""},
		{"no signer", paper{Direction: "out", Leader: "xu"}, nil, office.CodeInvalid, "signer"},
		{"another direction", paper{Direction: "in", Leader: "xu", Signer: "lin"}, nil, office.CodeInvalid, "direction"},
		{"no such flow", paper{Direction: "out", Leader: "xu", Signer: "lin"}, func(_ *bench, s *approval.Start) { s.Flow = "none" }, office.CodeNotFound, "flow"},
		{"no such paper", paper{Direction: "out", Leader: "xu", Signer: "lin"}, func(_ *bench, s *approval.Start) { s.Subject = "p9" }, office.CodeNotFound, "subject"},
		{"a kind it does not carry", paper{Direction: "out", Leader: "xu", Signer: "lin"}, func(_ *bench, s *approval.Start) { s.SubjectKind = "dir.person" }, office.CodeInvalid, "subject_kind"},
		{"a kind there is not", paper{Direction: "out", Leader: "xu", Signer: "lin"}, func(_ *bench, s *approval.Start) { s.SubjectKind = "x; drop table" }, office.CodeInvalid, "subject_kind"},
		{"text changed", paper{Direction: "out", Leader: "xu", Signer: "lin"}, func(_ *bench, s *approval.Start) { s.SeenHash = "h0" }, office.CodeStaleBody, "seen_hash"},
		{"started", paper{Direction: "out", Leader: "xu", Signer: "lin"}, func(b *bench, _ *approval.Start) { b.start("fawen") }, office.CodeState, ""},
		{"id taken", paper{Direction: "out", Leader: "xu", Signer: "lin"}, func(b *bench, s *approval.Start) {
			b.start("fawen")
			s.ID = instanceID
			b.must(b.update(func(tx office.Tx) error { return tx.Patch(papers.Name, paperID, office.Fields{"flow_state": ""}) }))
		}, office.CodeExists, approval.Instances.Name},
	} {
		t.Run(x.name, func(t *testing.T) {
			b := newBench(t, approval.Fawen())
			b.draft(x.paper)
			s := &approval.Start{ID: "i2", Flow: "fawen", SubjectKind: papers.Name, Subject: paperID, SeenHash: "h1"}
			if x.spoil != nil {
				x.spoil(b, s)
			}
			err := b.do("li", s)
			if office.CodeOf(err) != x.code || err != nil && office.AsError(err).Field != x.field {
				t.Errorf("%v, want %s (%s)", err, x.code, x.field)
			}
		})
	}
}

// TestKeepsVersion: W39. A running instance keeps the version it began with,
// whatever is published meanwhile; the next one takes the newest.
func TestKeepsVersion(t *testing.T) {
	b := fawen(t)
	d := approval.Fawen()
	d.Subjects = []string{papers.Name}
	d.Steps[1].Lines = []approval.Line{{To: "hegao"}}
	d.Steps[1].Handlers = []approval.Handler{{By: approval.ByPerson, ID: "zhao"}}
	d.Steps = append(d.Steps[:2], d.Steps[3:]...) // without 会签
	b.refused("admin", &approval.Publish{Definition: d}, office.CodeState)
	b.ok("admin", &approval.Publish{Base: 1, Definition: d})
	b.pass("wang", "chu", "xu", "lin", "shao", "ma")
	b.wantAt("end")
	if i := b.instance(); i.Definition != "fawen.1" {
		t.Error(i.Definition)
	}
	b.must(b.update(func(tx office.Tx) error {
		return papers.Insert(tx, "p2", paper{Title: "另一件", Drafter: "li", Unit: "si", Direction: "out", Leader: "xu", Signer: "lin"})
	}))
	b.ok("li", &approval.Start{ID: "i2", Flow: "fawen", SubjectKind: papers.Name, Subject: "p2"})
	b.wantOpen("zhao")
}

// TestChosen: W29's beginning, the sender chooses who is next.
func TestChosen(t *testing.T) {
	d := approval.Qianbao()
	d.Steps[1].Handlers = []approval.Handler{{By: approval.ByChosen}}
	b := newBench(t, d)
	b.draft(paper{Direction: "sign", Leaders: []office.UserID{"lin"}})
	b.ok("li", &approval.Start{ID: instanceID, Flow: "qianbao", SubjectKind: papers.Name, Subject: paperID, Words: "请核", Choose: []office.UserID{"shao"}})
	b.wantOpen("shao")
	if o := b.opinions(); len(o) != 1 || o[0].Words != "请核" {
		t.Errorf("%+v", o)
	}
}
