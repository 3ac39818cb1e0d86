package bpmn_test

import (
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/approval"
	"qianshao/syncserver/office/approval/bpmn"
)

// TestRoundTrip: every definition that is shipped comes back as it was, and is
// drawn.
func TestRoundTrip(t *testing.T) {
	for _, d := range slices.Concat(approval.Defaults(), approval.Standard(), []approval.Definition{everything()}) {
		raw := bpmn.Encode(d)
		got, err := bpmn.Decode(raw)
		if err != nil {
			t.Errorf("%s: %v\n%s", d.Key, err, raw)
			continue
		}
		if !reflect.DeepEqual(got, d) {
			t.Errorf("%s: came back as\n%+v\nwas\n%+v", d.Key, got, d)
		}
		if again := bpmn.Encode(got); again != raw {
			t.Errorf("%s: written again it differs", d.Key)
		}
		if n := strings.Count(raw, "<bpmndi:BPMNShape"); n < len(d.Steps)+1 {
			t.Errorf("%s: %d shapes of %d steps", d.Key, n, len(d.Steps))
		}
	}
}

// everything has each field of a definition at least once.
func everything() approval.Definition {
	p := func(id string) []approval.Handler { return []approval.Handler{{By: approval.ByPerson, ID: id}} }
	return approval.Definition{
		Key: "all_of_it", Name: `全部 "<&>"`, Subjects: []string{"doc.header"}, First: "a", Dedupe: approval.DedupeAny, Material: []string{"signer"},
		Requires: []approval.Cond{{Field: "direction", Op: approval.OpIs, Value: "out"}},
		Suits:    []approval.Cond{{Field: "genre", Op: approval.OpIn, Value: "函|纪要"}},
		Form:     []approval.FormField{{Name: "amount", Type: approval.FieldNumber}, {Name: "kinds", Type: approval.FieldList}},
		Steps: []approval.Step{
			{ID: "a", Name: "起", Handlers: []approval.Handler{{By: approval.ByStarter}}, Acts: []string{approval.ActApprove}, Edit: true, Lines: []approval.Line{
				{To: "fork", When: &approval.Cond{Expr: `amount > 5 && "x" in kinds`}}, {To: "free", When: &approval.Cond{Field: "urgency", Op: approval.OpHas, Value: "急"}}, {To: "vote"}}},
			{ID: "fork", Name: "分", Type: approval.StepFork, Lines: []approval.Line{{To: "b"}, {To: "c"}}},
			{ID: "b", Name: "乙", Policy: approval.Pool, Claim: 4, Handlers: p("x"), Editors: p("y"), CC: p("z"), Sealed: true, TakeBack: approval.TakeBackRest,
				Ban: []string{"已阅"}, Area: "b", AreaName: "乙栏", Lines: []approval.Line{{To: "join"}}},
			{ID: "c", Name: "丙", Policy: approval.Serial, Order: approval.OrderRank, Handlers: p("x"), Hours: 8, Remind: []int{2, -1},
				Timeout: &approval.Timeout{Do: approval.TimeoutTransfer, After: 1, To: p("z")}, Lines: []approval.Line{{To: "join"}}},
			{ID: "join", Name: "合", Type: approval.StepJoin, Join: &approval.Join{Need: 1, Ended: true}, Lines: []approval.Line{{To: "choice"}}},
			{ID: "choice", Name: "选", Type: approval.StepChoice, Lines: []approval.Line{{To: "vote", When: &approval.Cond{Expr: "chosen > 0"}}, {To: "fork2"}}},
			{ID: "fork2", Name: "再分", Type: approval.StepFork, Lines: []approval.Line{{To: "sub", When: &approval.Cond{Field: "leader", Op: approval.OpSet}}, {To: "join2"}}},
			{ID: "sub", Name: "部门", Type: approval.StepSub, Sub: &approval.Sub{Flow: "unit", Units: "cosign_units", Refused: approval.RefusedReturn},
				Limit: &approval.Limit{N: 3, Unit: approval.UnitDays, Fast: 2, Urgent: 1}, Timeout: &approval.Timeout{Do: approval.TimeoutSkip}, Lines: []approval.Line{{To: "join2"}}},
			{ID: "join2", Name: "再合", Type: approval.StepJoin, Lines: []approval.Line{{To: "vote"}}},
			{ID: "vote", Name: "票", Type: approval.StepTask, Policy: approval.Vote, Pass: &approval.Pass{Percent: 60, Over: true, AbstainOut: true}, Fail: "a",
				Handlers: []approval.Handler{{By: approval.ByPerson, ID: "x", Weight: 3}, {By: approval.ByRole, ID: "r"}}, Keep: true, Switch: true,
				Empty: approval.EmptyAdmin, Self: approval.SelfAbove, Resubmit: approval.ResubmitDirect, Lines: []approval.Line{{To: "reject"}}},
			{ID: "reject", Name: "初审", Handlers: p("x"), Acts: []string{approval.ActApprove, approval.ActReject}, Reasons: []string{"不属本机关职权"}, Lines: []approval.Line{{To: "sign"}}},
			{ID: "free", Name: "自由", Free: true, Handlers: []approval.Handler{{By: approval.ByChosen}}, Lines: []approval.Line{{To: "sign"}}},
			{ID: "sign", Name: "签发", Gate: approval.GateSign, Handlers: p("x"), Lines: []approval.Line{{To: "check"}}},
			{ID: "check", Name: "复核", Gate: approval.GateReview, Handlers: p("x"), Effects: nil, Lines: []approval.Line{{To: "give"}}},
			{ID: "give", Name: "编号", Handlers: p("x"), Effects: []string{approval.EffectNumber}, Lines: []approval.Line{{To: "end"}}},
			{ID: "end", Name: "终", Type: approval.StepEnd},
		},
	}
}

// TestOthers: files written in the manner of Camunda and Flowable, generated with
// their namespaces for this test, are understood, and come back as they are meant.
func TestOthers(t *testing.T) {
	for _, file := range []string{"camunda.bpmn", "flowable.bpmn20.xml"} {
		raw, err := os.ReadFile(filepath.Join("testdata", file))
		if err != nil {
			t.Fatal(err)
		}
		d, err := bpmn.Decode(string(raw))
		if err != nil {
			t.Errorf("%s: %v", file, err)
			continue
		}
		again, err := bpmn.Decode(bpmn.Encode(d))
		if err != nil || !reflect.DeepEqual(again, d) {
			t.Errorf("%s: %v\n%+v\nwas\n%+v", file, err, again, d)
		}
		switch file {
		case "camunda.bpmn":
			ratio, _ := d.Step("activity_cosign")
			head, _ := d.Step("activity_head")
			if ratio.Policy != approval.Ratio || ratio.Pass.Percent != 60 || len(head.Lines) != 2 || head.Lines[0].When.Expr != "amount > 50000" || head.Handlers[0].By != approval.ByPost {
				t.Errorf("%+v\n%+v", ratio, head)
			}
		case "flowable.bpmn20.xml":
			fork, _ := d.Step("split")
			any, _ := d.Step("office")
			if fork.Type != approval.StepFork || any.Policy != approval.Any || len(any.Handlers) != 2 || d.First != "startevent1" {
				t.Errorf("%+v\n%+v", fork, any)
			}
		}
	}
}

// TestForeignIsNamed: what is not understood is refused by its name, never dropped.
func TestForeignIsNamed(t *testing.T) {
	good, err := os.ReadFile(filepath.Join("testdata", "camunda.bpmn"))
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range []struct{ old, new, says string }{
		{"</bpmn:process>", `<bpmn:serviceTask id="s1"/></bpmn:process>`, "serviceTask"},
		{"</bpmn:process>", `<bpmn:boundaryEvent id="b1" attachedToRef="Activity_Head"><bpmn:timerEventDefinition/></bpmn:boundaryEvent></bpmn:process>`, "boundaryEvent"},
		{"</bpmn:process>", `<bpmn:subProcess id="p1"/></bpmn:process>`, "subProcess"},
		{"</bpmn:process>", `<bpmn:laneSet id="l1"/></bpmn:process>`, "laneSet"},
		{"</bpmn:definitions>", `<bpmn:collaboration id="c1"/></bpmn:definitions>`, "collaboration"},
		{"</bpmn:definitions>", `<bpmn:process id="second"/></bpmn:definitions>`, "second process"},
		{`camunda:candidateGroups="banlan"`, `camunda:candidateGroups="banlan" camunda:asyncBefore="true"`, "asyncBefore"},
		{`camunda:candidateGroups="banlan"`, `camunda:candidateGroups="${groups}"`, "candidateGroups"},
		{"nrOfCompletedInstances/nrOfInstances &gt;= 0.6", "approvals.size() &gt; 3", "approvals.size()"},
		{"${amount &gt; 50000}", "${execution.getVariable('x') &gt; 1}", "Activity_Head"},
		{"<bpmn:endEvent id=\"Event_End\">", "<bpmn:endEvent id=\"Event_End\"><bpmn:terminateEventDefinition/>", "terminateEventDefinition"},
		{`targetRef="Event_End"`, `targetRef="Event_Nowhere"`, "Event_Nowhere"},
		{`<?xml version="1.0" encoding="UTF-8"?>`, `<!DOCTYPE x [<!ENTITY a "b">]>`, "document type"},
	} {
		raw := strings.Replace(string(good), x.old, x.new, 1)
		if raw == string(good) {
			t.Errorf("%s is not in the file", x.old)
			continue
		}
		_, err := bpmn.Decode(raw)
		e := office.AsError(err)
		if err == nil || e.Code != office.CodeInvalid || !strings.Contains(strings.ToLower(e.Error()), strings.ToLower(x.says)) {
			t.Errorf("%s: %v", x.new, err)
		}
	}
	for _, raw := range []string{"", "x", "<a/>", "<a><b></a>", strings.Repeat("<a>", 30), `<definitions xmlns="` + bpmn.Model + `"/>`} {
		if _, err := bpmn.Decode(raw); office.CodeOf(err) != office.CodeInvalid {
			t.Errorf("%q: %v", raw, err)
		}
	}
	if _, err := bpmn.Decode(strings.Repeat(" ", bpmn.MaxBytes+1)); office.CodeOf(err) != office.CodeTooLarge {
		t.Error(err)
	}
}

// FuzzDecode: whatever comes, a definition that is valid or a refusal.
func FuzzDecode(f *testing.F) {
	f.Add(bpmn.Encode(everything()))
	for _, file := range []string{"camunda.bpmn", "flowable.bpmn20.xml"} {
		raw, err := os.ReadFile(filepath.Join("testdata", file))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(raw))
	}
	f.Fuzz(func(t *testing.T, raw string) {
		d, err := bpmn.Decode(raw)
		if err != nil {
			if c := office.CodeOf(err); c == office.CodeInternal {
				t.Fatal(err)
			}
			return
		}
		if err := d.Validate(); err != nil {
			t.Fatal(err)
		}
		again, err := bpmn.Decode(bpmn.Encode(d))
		if err != nil || !reflect.DeepEqual(again, d) {
			t.Fatalf("%v\n%+v\nwas\n%+v", err, again, d)
		}
	})
}
