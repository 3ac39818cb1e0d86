package catalog

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/approval"
	"qianshao/syncserver/office/approval/bpmn"
	"qianshao/syncserver/office/directory"
	"qianshao/syncserver/office/document"
	"qianshao/syncserver/office/officemem"
	"qianshao/syncserver/office/rules"
)

// house is the office's real rooms over a store in memory, run as both ends run
// them. On the server side flows move on.
type house struct {
	t      *testing.T
	c      *Catalog
	mem    *officemem.Mem
	server bool
	n      int
	now    time.Time
}

func newHouse(t *testing.T, server bool) *house {
	t.Helper()
	c := newCatalog(t)
	h := &house{t: t, c: c, mem: officemem.NewMem(c.Kinds()), server: server, now: time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC)}
	for _, r := range []string{document.RoleRegistrar, "principal", directory.RoleAuditor} {
		h.ok(office.System, &directory.PutRole{ID: r, Name: r})
	}
	h.ok(office.System, &directory.PutUnit{ID: "gov", Name: "清岚市人民政府"})
	h.ok(office.System, &directory.PutUnit{ID: "yi", Name: "秘书一科", Parent: "gov"})
	for _, p := range []string{approval.PostReviser, approval.PostChecker, approval.PostClerk} {
		h.ok(office.System, &directory.PutPost{ID: p, Name: p, Unit: "yi"})
	}
	for i, p := range []directory.Assign{
		{UID: "li", Unit: "yi"}, {UID: "wang", Unit: "yi"}, {UID: "chu", Unit: "yi", Posts: []string{approval.PostReviser, approval.PostChecker}},
		{UID: "ding", Unit: "yi", Posts: []string{approval.PostClerk}, Roles: []string{document.RoleRegistrar}},
		{UID: "chen", Unit: "gov", Roles: []string{"principal"}}, {UID: "lin", Unit: "gov"}, {UID: "aud", Roles: []string{directory.RoleAuditor}},
	} {
		h.ok(office.System, &directory.PutPerson{ID: string(p.UID), Name: string(p.UID), Order: i})
		h.ok(office.System, &p)
	}
	h.ok(office.System, &directory.PutUnit{ID: "yi", Name: "秘书一科", Parent: "gov", Head: "wang", Clerk: approval.PostClerk})
	for _, d := range approval.Defaults() {
		h.ok(office.System, &approval.Publish{Definition: d})
	}
	h.ok(office.System, &document.PutSeries{ID: "qzf", Code: "清政发", Name: "市政府文件", Direction: document.Outgoing, Style: document.StyleOfficial})
	return h
}

func (h *house) do(who office.UserID, cmd office.Command) error {
	h.n++
	h.now = h.now.Add(time.Minute)
	c := office.Context{Actor: who, Now: h.now, Claimed: h.now, Mid: office.DeriveID("house", fmt.Sprint(h.n))}
	_, err := h.mem.Update(func(tx office.Tx) error {
		if err := h.c.Run(tx, c, cmd); err != nil || !h.server {
			return err
		}
		return approval.After(tx, c, cmd, approval.Effects{Apply: func(tx office.Tx, c office.Context, e approval.Effect) error {
			return document.Allocate(tx, c, e.Subject, e.Signed, e.Reviewed)
		}})
	})
	return err
}

func (h *house) ok(who office.UserID, cmd office.Command) {
	h.t.Helper()
	if err := h.do(who, cmd); err != nil {
		h.t.Fatalf("%s by %s: %v", cmd.Kind(), who, err)
	}
}

func (h *house) refused(what string, who office.UserID, cmd office.Command, code office.Code, field string) {
	h.t.Helper()
	e := office.AsError(h.do(who, cmd))
	if e == nil || e.Code != code || e.Field != field {
		h.t.Errorf("%s: %v, want %s (%s)", what, e, code, field)
	}
}

// act is the person's open task on paper d as they see it now.
func (h *house) act(who office.UserID) *approval.Approve {
	h.t.Helper()
	x := &approval.Approve{Subject: "d"}
	_, err := h.mem.Update(func(tx office.Tx) error {
		head, err := document.Headers.Need(tx, "d")
		if err != nil {
			return err
		}
		list, err := approval.Tasks.List(tx, office.Query{View: "subject", Where: []office.Cond{
			office.Where("subject", "d"), office.Where("person", string(who)), office.Where("state", approval.TaskOpen),
		}})
		if err != nil {
			return err
		}
		if len(list) != 1 {
			return fmt.Errorf("%s has %d tasks, the paper is at %s", who, len(list), head.FlowStep)
		}
		x.Task, x.TaskRev, x.Step, x.SeenHash = list[0].ID, list[0].Value.Rev, list[0].Value.Step, head.ContentHash
		return nil
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return x
}

func report() *document.DraftPaper {
	return &document.DraftPaper{
		ID: "d", Direction: document.Outgoing, Genre: "报告", Title: "关于供热情况的报告", To: []string{"省人民政府"}, Issuer: "清岚市人民政府",
		Leader: "lin", Signer: "chen", Series: "qzf", Publicity: "主动公开",
		Blocks: []document.Block{{ID: "b1", Type: document.BlockText, Text: "现将有关情况报告如下。"}},
	}
}

func start() *approval.Start {
	return &approval.Start{ID: "i", Flow: "fawen", SubjectKind: document.Headers.Name, Subject: "d"}
}

// Both ends refuse the same acts, with the same code and rule: a desk before
// anything is sent, the server whatever a desk sent.
func TestBothEndsRefuse(t *testing.T) {
	for _, server := range []bool{false, true} {
		side := map[bool]string{false: "desk", true: "server"}[server]
		t.Run(side, func(t *testing.T) {
			begin := func(f func(*document.DraftPaper)) *house {
				h := newHouse(t, server)
				x := report()
				f(x)
				h.ok("li", x)
				return h
			}
			for _, x := range []struct {
				rule string
				f    func(*document.DraftPaper)
				code office.Code
			}{
				{"L2", func(x *document.DraftPaper) { x.Genre, x.To = "请示", []string{"省人民政府", "省财政厅"} }, rules.CodeRule},
				{"L3", func(x *document.DraftPaper) { x.Blocks[0].Text = "请予批准。" }, rules.CodeReason},
				{"L4", func(x *document.DraftPaper) { x.Blocks[0].Text = "现将东屏区的来文转报。" }, rules.CodeReason},
				{"L5", func(x *document.DraftPaper) { x.To = []string{"国务院"} }, rules.CodeReason},
				{"L6", func(x *document.DraftPaper) { x.Genre, x.To, x.Issuer = "通知", nil, "秘书一科" }, rules.CodeRule},
				{"L8", func(x *document.DraftPaper) { x.Signer = "lin" }, rules.CodeRule},
				{"L17", func(x *document.DraftPaper) {
					x.Genre, x.To, x.Issuer = "通知", nil, "清岚市人民政府、市供电局"
				}, rules.CodeRule},
				{"L23", func(x *document.DraftPaper) { x.Leader = "aud" }, rules.CodeRule},
			} {
				h := begin(x.f)
				h.refused(x.rule, "li", start(), x.code, x.rule)
			}
			// L15, whatever the command, also inside blocks and changes.
			h := begin(func(*document.DraftPaper) {})
			h.refused("L15 words", "li", &approval.Start{ID: "i", Flow: "fawen", SubjectKind: document.Headers.Name, Subject: "d", Words: "机密★1年"}, office.CodeClassified, "words")
			n := document.Block{ID: "b2", Type: document.BlockText, Text: "秘密"}
			h.refused("L15 block", "li", &document.SaveBody{ID: "d", BaseRev: 1, Ops: []document.Op{{Op: document.OpInsert, Block: "b2", New: &n}}}, office.CodeClassified, "ops[0].new.text")
			h.refused("L15 element", "li", &document.Edit{ID: "d", Changes: []office.Change{{Field: "note", New: []byte(`"绝密★"`)}}}, office.CodeClassified, "changes[0].new")
			// L13: nobody but the registry registers.
			in := &document.Register{ID: "r", Series: "s", Genre: "函", Title: "来文", From: "省厅", Received: 1}
			h.refused("L13", "li", in, rules.CodeRule, "L13")
			// L1: a definition without 核稿.
			d := approval.Fawen()
			for i := range d.Steps {
				for j := range d.Steps[i].Lines {
					if d.Steps[i].Lines[j].To == "hegao" {
						d.Steps[i].Lines[j].To = "fenguan"
					}
				}
			}
			h.refused("L1", office.System, &approval.Publish{Base: 1, Definition: d}, rules.CodeRule, "L1")
			h.refused("L23 roles", office.System, &directory.Assign{UID: "li", Roles: []string{directory.RoleAuditor, document.RoleRegistrar}}, rules.CodeRule, "L23")
			// What breaks no rule passes; what warns passes with a reason.
			h.ok("li", start())
			h = begin(func(x *document.DraftPaper) { x.To = []string{"国务院"} })
			found := h.check("li")
			if len(found) != 1 || found[0].Rule != "L5" {
				t.Fatalf("%+v", found)
			}
			h.ok("li", &rules.Justify{Paper: "d", Rule: "L5", Key: found[0].Key, Words: "国务院督查室直接交办。"})
			h.ok("li", start())
		})
	}
}

// check is what li sees beside the draft.
func (h *house) check(who office.UserID) []rules.Finding {
	h.t.Helper()
	var found []rules.Finding
	_, err := h.mem.Update(func(tx office.Tx) (err error) {
		found, err = Check(tx, office.Context{Actor: who, Now: h.now}, "d", nil, nil)
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return found
}

// Along a whole flow: L12 at 核稿, L7 and L8 at 签发, L13 at 登记.
func TestRulesAlongTheFlow(t *testing.T) {
	h := newHouse(t, true)
	h.ok("li", report())
	h.ok("li", start())
	h.ok("wang", h.act("wang"))
	h.refused("L12", "chu", h.act("chu"), rules.CodeReason, "L12")
	h.ok("chu", &rules.Answer{Paper: "d", Checklist: "L12", Yes: []string{"problem"}})
	h.ok("chu", h.act("chu"))
	h.ok("lin", h.act("lin"))
	sign := h.act("chen")
	h.ok("chen", &approval.Transfer{Task: sign.Task, Subject: "d", TaskRev: sign.TaskRev, Step: sign.Step, To: "lin"})
	h.refused("L8 after 转办", "lin", h.act("lin"), rules.CodeRule, "L8")
	back := h.act("lin")
	h.ok("lin", &approval.Transfer{Task: back.Task, Subject: "d", TaskRev: back.TaskRev, Step: back.Step, To: "chen"})
	h.ok("chu", &document.Edit{ID: "d", Changes: []office.Change{{Field: "cosigners", New: []byte(`["ding"]`)}}}) // named after 会签 was passed over
	h.refused("L7", "chen", h.act("chen"), rules.CodeRule, "L7")
	h.ok("chu", &document.Edit{ID: "d", Changes: []office.Change{{Field: "cosigners", Old: []byte(`["ding"]`)}}})
	h.ok("chen", h.act("chen"))
	h.ok("chu", h.act("chu"))
	number := h.act("ding")
	h.ok("ding", &approval.Transfer{Task: number.Task, Subject: "d", TaskRev: number.TaskRev, Step: number.Step, To: "li"})
	h.refused("L13 after 转办", "li", h.act("li"), rules.CodeRule, "L13")
	again := h.act("li")
	h.ok("li", &approval.Transfer{Task: again.Task, Subject: "d", TaskRev: again.TaskRev, Step: again.Step, To: "ding"})
	h.ok("ding", h.act("ding"))
	r, _ := h.mem.Get(document.Headers.Name, "d")
	var got document.Header
	if err := r.Decode(&got); err != nil || got.Number != "清政发〔2026〕1号" {
		t.Errorf("%q %v", got.Number, err)
	}
}

// The flows that are shipped offer no way around 拟稿单位负责人, 核稿, 签发 and 复核
// (L1); one drawn with a short cut is refused, whichever way it comes in.
func TestShippedFlowsAndL1(t *testing.T) {
	h := newHouse(t, true)
	judge := func(cmd office.Command) string {
		var found []rules.Finding
		if _, err := h.mem.Update(func(tx office.Tx) (err error) {
			found, err = Foresee(tx, office.Context{Actor: office.System, Now: h.now}, cmd)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		out := ""
		for _, x := range found {
			out += x.Rule + " " + x.Message.ZH + "\n"
		}
		return out
	}
	for _, d := range append(approval.Defaults(), approval.Standard()...) {
		if got := judge(&approval.Publish{Definition: d}); got != "" {
			t.Errorf("%s: %s", d.Key, got)
		}
		if got := judge(&bpmn.Publish{Key: d.Key, XML: bpmn.Encode(d)}); got != "" {
			t.Errorf("%s as a file: %s", d.Key, got)
		}
	}
	d := approval.Fawen()
	for i, s := range d.Steps {
		if s.ID == "fuze" { // what is urgent goes round 核稿
			d.Steps[i].Lines = append([]approval.Line{{To: "fenguan", When: &approval.Cond{Field: "urgency", Op: approval.OpIs, Value: "特急"}}}, s.Lines...)
		}
	}
	if got := judge(&bpmn.Publish{Key: d.Key, XML: bpmn.Encode(d)}); !strings.Contains(got, "L1 ") || !strings.Contains(got, "核稿") {
		t.Errorf("%q", got)
	}
}

// L9 along a flow: what 复核 classifies as correction, in two goes, is numbered as
// signed; what it does not classify goes back to the signer.
func TestCorrectionsAfterSigning(t *testing.T) {
	h := newHouse(t, true)
	h.ok("li", report())
	h.ok("li", start())
	h.ok("wang", h.act("wang"))
	h.ok("chu", &rules.Answer{Paper: "d", Checklist: "L12", Yes: []string{"problem"}})
	h.ok("chu", h.act("chu"))
	h.ok("lin", h.act("lin"))
	h.ok("chen", h.act("chen"))
	head := func() (x document.Header) {
		t.Helper()
		r, _ := h.mem.Get(document.Headers.Name, "d")
		if err := r.Decode(&x); err != nil {
			t.Fatal(err)
		}
		return x
	}
	reword := func(was, now string) (from, to string) {
		t.Helper()
		from = head().ContentHash
		o := document.Block{ID: "b1", Type: document.BlockText, Text: was}
		n := o
		n.Text = now
		h.ok("chu", &document.SaveBody{ID: "d", BaseRev: head().Rev, Ops: []document.Op{{Op: document.OpSet, Block: "b1", Old: &o, New: &n}}})
		return from, head().ContentHash
	}
	classify := func(from, to string) {
		h.ok("chu", &document.Classify{ID: "d", From: from, To: to, Changes: []document.ChangeVerdict{{Place: "block:b1", Sort: document.ChangeWording}}})
	}
	classify(reword("现将有关情况报告如下。", "现将有关情况报告于下。"))
	classify(reword("现将有关情况报告于下。", "现将有关情况，报告于下。"))
	h.ok("chu", h.act("chu"))
	if got := head(); got.FlowStep != "登记编号" {
		t.Fatalf("corrected, and at %s", got.FlowStep)
	}
	h.ok("ding", h.act("ding"))
	if got := head(); got.Number != "清政发〔2026〕1号" {
		t.Errorf("%q", got.Number)
	}

	h = newHouse(t, true)
	h.ok("li", report())
	h.ok("li", start())
	h.ok("wang", h.act("wang"))
	h.ok("chu", &rules.Answer{Paper: "d", Checklist: "L12", Yes: []string{"problem"}})
	h.ok("chu", h.act("chu"))
	h.ok("lin", h.act("lin"))
	h.ok("chen", h.act("chen"))
	classify(reword("现将有关情况报告如下。", "现将有关情况报告于下。"))
	reword("现将有关情况报告于下。", "现将另一件事报告于下。") // not classified
	h.ok("chu", h.act("chu"))
	if got := head(); got.FlowStep != "签发" || got.Number != "" {
		t.Errorf("changed, and at %s with %q", got.FlowStep, got.Number)
	}
}
