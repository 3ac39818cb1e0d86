package proof

import (
	"context"
	"fmt"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/approval"
	"qianshao/syncserver/office/approval/bpmn"
	"qianshao/syncserver/office/document"
)

// A scene plays one row of the table of actions. lin is away and gives it; where
// somebody can be first it is xu, who is not. Papers are li's unless it says so.
type scene struct {
	id, name string // of the row
	row      approval.Action
	drafter  office.UserID
	units    []string        // of the paper's 会签
	choose   []office.UserID // at the start
	steps    []approval.Step // between the starter's and the end; nil: the row is about no flow
	ready    func(*ground, *case_)
	act      func(view) office.Command
	then     string // how the paper stands afterwards, see stand

	meanwhile func(view) office.Command
	alone     string      // why nobody can be first
	refused   office.Code // what lin's act is then; "": it applies all the same
	thenRaced string
	after     func(*ground, *case_) string
}

func people(who ...office.UserID) []approval.Handler {
	var out []approval.Handler
	for _, u := range who {
		out = append(out, approval.Handler{By: approval.ByPerson, ID: string(u)})
	}
	return out
}

// step is one where these people act; more changes it.
func step(id string, p approval.Policy, who ...office.UserID) approval.Step {
	return approval.Step{ID: id, Name: "步" + id, Policy: p, Handlers: people(who...), Area: "office", AreaName: "意见", Editors: people("xu")}
}

func one(p approval.Policy, who ...office.UserID) []approval.Step {
	return []approval.Step{step("a", p, who...)}
}

func approves(v view) office.Command  { return v.approve() }
func takesBack(v view) office.Command { return v.takeBack() }
func rewrites(v view) office.Command  { return v.rewrite() }

func suspends(v view) office.Command {
	return &approval.Suspend{Instance: v.c.inst(), Subject: v.c.paper(), Words: words}
}

func terminates(v view) office.Command {
	return &approval.Terminate{Instance: v.c.inst(), Subject: v.c.paper(), Words: words}
}

func cancels(v view) office.Command {
	return &approval.Cancel{Instance: v.c.inst(), Subject: v.c.paper(), Words: words}
}

// servers gives a command of somebody whose desk is not in the scene.
func (g *ground) added(c *case_, who office.UserID, mode string, people ...office.UserID) {
	id, t := g.task(c, who)
	g.as(who, &approval.AddSign{Task: id, Subject: c.paper(), TaskRev: t.Rev, Step: t.Step, Mode: mode, People: people})
}

func (v view) drop(whom office.UserID) office.Command {
	id, _ := v.task(v.who)
	return &approval.DropSign{Task: id, Subject: v.c.paper(), Person: whom, Words: words}
}

func (v view) circulate(sort string, to ...office.UserID) office.Command {
	return &approval.Circulate{
		ID: "k-" + string(v.who) + "-" + v.c.paper(), SubjectKind: document.Headers.Name, Subject: v.c.paper(), To: to, Words: words, Sort: sort,
	}
}

// copies are the unread copies of a paper, by reader.
func (g *ground) copies(c *case_) map[office.UserID]int {
	g.t.Helper()
	rs, err := g.s.Records(approval.Copies.Name)
	if err != nil {
		g.t.Fatal(err)
	}
	out := map[office.UserID]int{}
	for _, r := range rs {
		var k approval.Copy
		if err := r.Decode(&k); err != nil {
			g.t.Fatal(err)
		}
		if k.Subject == c.paper() && k.State == approval.CopyUnread {
			out[k.To]++
		}
	}
	return out
}

// eachOne wants exactly one unread copy for each of these.
func eachOne(who ...office.UserID) func(*ground, *case_) string {
	return func(g *ground, c *case_) string {
		have := g.copies(c)
		for _, u := range who {
			if have[u] != 1 {
				return fmt.Sprintf("%s has %d copies", u, have[u])
			}
		}
		return ""
	}
}

func (v view) put(id, text string) office.Command {
	return &approval.PutPhrase{ID: id + v.c.paper(), Unit: "jian", Words: text, Order: 1}
}

// phrase is what a 常用意见 says on xu's desk; "" for none.
func (g *ground) phrase(id string) string {
	r, ok, err := g.xu.Get(context.Background(), approval.Phrases.Name, id)
	if err != nil || !ok {
		return ""
	}
	var p approval.Phrase
	if err := r.Decode(&p); err != nil {
		g.t.Fatal(err)
	}
	return p.Words
}

// scenes are one for each row that may be given off line, in the table's order.
func scenes() []scene {
	draws := func(v view) office.Command {
		return &bpmn.SaveDraft{Key: v.c.key(), Name: "新流程", XML: "<definitions/>"}
	}
	all, first, serial := approval.All, approval.Any, approval.Serial
	withReturn := func(s approval.Step, how string) []approval.Step { s.Resubmit = how; return []approval.Step{s} }
	vote := step("a", approval.Vote, "lin", "xu", "shen")
	vote.Pass, vote.Handlers[1].Weight = &approval.Pass{Percent: 60}, 3
	reject := step("a", first, "lin", "xu")
	reject.Acts, reject.Reasons = []string{approval.ActApprove, approval.ActReject}, []string{"不符合行文规则"}
	free := approval.Step{ID: "a", Name: "流转", Free: true, Policy: first, Handlers: []approval.Handler{{By: approval.ByChosen}}}
	cosign := approval.Step{ID: "a", Name: "部门会签", Type: approval.StepSub, Sub: &approval.Sub{Flow: "bumen_huiqian", Units: "cosign_units"}}
	claimed := func(g *ground, c *case_) {
		id, t := g.task(c, "lin")
		g.as("lin", &approval.Claim{Task: id, Subject: c.paper(), TaskRev: t.Rev, Step: t.Step})
	}
	lin := func(g *ground, c *case_) { g.pass(c, "lin") }
	entered := func(g *ground, c *case_) {
		id, t := g.task(c, "lin")
		g.as("xu", &approval.Enter{
			Task: id, Subject: c.paper(), TaskRev: t.Rev, Step: t.Step, SeenHash: g.header(c).ContentHash, Act: approval.ActApprove,
			Words: "同意", Basis: approval.BasisPhone, Said: g.s.Clock.Now().UnixMilli(),
		})
	}
	paperOut := func(v view) office.Command {
		return &approval.PaperOut{Instance: v.c.inst(), Subject: v.c.paper(), Step: "a", Round: 1, Words: words}
	}
	paperIn := func(v view) office.Command {
		id, _ := v.task("lin")
		return &approval.PaperIn{
			Instance: v.c.inst(), Subject: v.c.paper(), Step: "a", Round: 1, Scan: "scan", Hash: v.hash(),
			Acts: []approval.PaperAct{{Task: id, Act: approval.ActApprove, Words: words, Said: 1}},
		}
	}
	onPaper := func(g *ground, c *case_) {
		g.as("lin", &approval.PaperOut{Instance: c.inst(), Subject: c.paper(), Step: "a", Round: 1})
	}
	return []scene{
		{id: "W1", name: "会签", steps: one(all, "lin", "xu", "shen"), act: approves, then: "a | lin done, shen open, xu open",
			meanwhile: func(v view) office.Command { return v.back("") }, refused: office.CodeTaskWithdrawn, thenRaced: "s0 | li open, lin cancelled, shen cancelled, xu done"},
		{id: "W2", name: "公文会签", drafter: "xu", units: []string{"jian"}, steps: []approval.Step{cosign, step("b", all, "shen")},
			act:       func(v view) office.Command { a := v.approve(); a.Verdict = approval.VerdictAmend; return a },
			then:      "b | lin done, shen open",
			meanwhile: takesBack, refused: office.CodeEnded, thenRaced: "s0 | lin cancelled"},
		{id: "W3", name: "或签", steps: append(one(first, "lin", "xu"), step("b", all, "shen")), act: approves,
			then:      "b | lin done, shen open, xu done_by_other",
			meanwhile: approves, refused: office.CodeDoneByOther, thenRaced: "b | lin done_by_other, shen open, xu done"},
		{id: "W4", name: "认领", steps: one(approval.Pool, "lin", "xu"),
			act: func(v view) office.Command {
				id, t := v.task(v.who)
				return &approval.Claim{Task: id, Subject: v.c.paper(), TaskRev: t.Rev, Step: t.Step}
			},
			then: "a | lin open, xu done_by_other",
			meanwhile: func(v view) office.Command {
				id, t := v.task(v.who)
				return &approval.Claim{Task: id, Subject: v.c.paper(), TaskRev: t.Rev, Step: t.Step}
			}, refused: office.CodeDoneByOther, thenRaced: "a | lin done_by_other, xu open"},
		{id: "W4", name: "释放", drafter: "xu", steps: one(approval.Pool, "lin", "shen"), ready: claimed,
			act: func(v view) office.Command {
				id, t := v.task(v.who)
				return &approval.Release{Task: id, Subject: v.c.paper(), TaskRev: t.Rev, Step: t.Step, Words: words}
			},
			then:      "a | lin open, shen open",
			meanwhile: suspends, refused: office.CodeSuspended, thenRaced: "a+suspended | lin open, shen done_by_other"},
		{id: "W5", name: "顺签", steps: one(serial, "lin", "shen"), act: approves, then: "a | lin done, shen open",
			meanwhile: rewrites, refused: office.CodeStaleBody, thenRaced: "a | lin open"},
		{id: "W5", name: "调整顺序", steps: append(one(all, "lin"), step("b", serial, "xu", "shen", "han")), ready: lin,
			act: func(v view) office.Command {
				return &approval.Requeue{Instance: v.c.inst(), Subject: v.c.paper(), Step: "b", Round: 1, Was: []office.UserID{"shen", "han"}, Then: []office.UserID{"han", "shen"}}
			},
			then:      "b | lin done, xu open",
			meanwhile: approves, refused: office.CodeStaleBody, thenRaced: "b | lin done, shen open, xu done",
			after: func(g *ground, c *case_) string {
				if !c.raced {
					g.pass(c, "xu")
					g.task(c, "han") // fails if it is not his turn
				}
				return ""
			}},
		{id: "W6", name: "票签", steps: append([]approval.Step{vote}, step("b", all, "shen")), act: approves,
			then:      "a | lin done, shen open, xu open",
			meanwhile: approves, refused: office.CodeDoneByOther, thenRaced: "b | lin done_by_other, shen open, xu done"},
		{id: "W7", name: "前加签", drafter: "xu", steps: one(all, "lin"), act: func(v view) office.Command { return v.add(approval.AddBefore, "shen") },
			then:      "a | lin asleep, shen open",
			meanwhile: takesBack, refused: office.CodeTaskWithdrawn, thenRaced: "s0 | lin withdrawn"},
		{id: "W8", name: "后加签", steps: append(one(first, "lin", "xu"), step("b", all, "han")), act: func(v view) office.Command { return v.add(approval.AddAfter, "shen") },
			then:      "a | lin open, xu open",
			meanwhile: approves, refused: office.CodeDoneByOther, thenRaced: "b | han open, lin done_by_other, xu done"},
		{id: "W9", name: "并加签", steps: one(all, "lin", "xu"), act: func(v view) office.Command { return v.add(approval.AddBeside, "shen") },
			then:      "a | lin open, shen open, xu open",
			meanwhile: func(v view) office.Command { return v.add(approval.AddBeside, "shen") }, refused: office.CodeInvalid, thenRaced: "a | lin open, shen open, xu open"},
		{id: "W10", name: "减签", steps: one(all, "lin", "han"), ready: func(g *ground, c *case_) { g.added(c, "lin", approval.AddBeside, "xu") },
			act: func(v view) office.Command { return v.drop("xu") }, then: "a | han open, lin open, xu withdrawn",
			meanwhile: approves, refused: office.CodeDoneByOther, thenRaced: "a | han open, lin open, xu done"},
		{id: "W11", name: "转办", drafter: "xu", steps: one(all, "lin"),
			act: func(v view) office.Command {
				id, t := v.task(v.who)
				return &approval.Transfer{Task: id, Subject: v.c.paper(), TaskRev: t.Rev, Step: t.Step, To: "shen", Words: words}
			},
			then:      "a | lin transferred, shen open",
			meanwhile: suspends, refused: office.CodeSuspended, thenRaced: "a+suspended | lin open"},
		{id: "W12", name: "委派", drafter: "xu", steps: one(all, "lin"),
			act: func(v view) office.Command {
				id, t := v.task(v.who)
				return &approval.Delegate{Task: id, Subject: v.c.paper(), TaskRev: t.Rev, Step: t.Step, To: "shen", Words: words}
			},
			then:      "a | lin asleep, shen open",
			meanwhile: cancels, refused: office.CodeEnded, thenRaced: "ended+cancelled | lin cancelled"},
		{id: "W12", name: "收回委派", steps: one(all, "lin"),
			ready: func(g *ground, c *case_) {
				id, t := g.task(c, "lin")
				g.as("lin", &approval.Delegate{Task: id, Subject: c.paper(), TaskRev: t.Rev, Step: t.Step, To: "xu"})
			},
			act: func(v view) office.Command { return v.drop("xu") }, then: "a | lin open, xu withdrawn",
			meanwhile: approves, refused: office.CodeDoneByOther, thenRaced: "a | lin open, xu done"},
		{id: "W13", name: "代理办理", steps: append(one(all, "xu"), step("b", all, "shen")),
			ready: func(g *ground, c *case_) {
				now := g.s.Clock.Now().UnixMilli()
				g.online(g.xu, &approval.SetDelegation{ID: "r" + c.paper(), From: "xu", To: "lin", Flows: []string{c.key()}, Start: now, End: now + 30*24*3600_000, Already: true})
			},
			act: approves, then: "b | lin done, shen open, xu done_by_other",
			meanwhile: approves, refused: office.CodeDoneByOther, thenRaced: "b | lin done_by_other, shen open, xu done"},
		{id: "W15", name: "退回上一步", drafter: "xu", steps: one(all, "lin"), act: func(v view) office.Command { return v.back("") },
			then:      "s0 | lin done, xu open",
			meanwhile: takesBack, refused: office.CodeTaskWithdrawn, thenRaced: "s0 | lin withdrawn"},
		{id: "W16", name: "退回任意步", steps: append(one(all, "shen"), step("b", all, "han"), step("c", all, "lin")),
			ready: func(g *ground, c *case_) { g.pass(c, "shen", "han") },
			act:   func(v view) office.Command { return v.back("a") }, then: "a | han done, lin done, shen open",
			meanwhile: rewrites, refused: office.CodeStaleBody, thenRaced: "c | han done, lin open, shen done"},
		{id: "W17", name: "退回起草人", steps: append(one(all, "shen"), step("b", all, "lin"), step("c", all, "xu")),
			ready: func(g *ground, c *case_) { g.pass(c, "shen") },
			act:   func(v view) office.Command { return v.back("s0") },
			then:  "s0 | li open, lin done, shen done",
			meanwhile: func(v view) office.Command {
				return &approval.Jump{Instance: v.c.inst(), Subject: v.c.paper(), From: "b", To: "c", Words: words}
			}, refused: office.CodeTaskWithdrawn, thenRaced: "c | lin cancelled, shen done, xu open"},
		{id: "W18", name: "退回后直送", steps: append(one(all, "shen"), withReturn(step("b", first, "lin", "xu"), approval.ResubmitReturner)...),
			ready:     func(g *ground, c *case_) { g.pass(c, "shen") },
			act:       func(v view) office.Command { b := v.back("s0"); b.Direct = true; return b },
			then:      "s0 | li open, lin done, shen done, xu cancelled",
			meanwhile: func(v view) office.Command { return v.back("") }, refused: office.CodeTaskWithdrawn, thenRaced: "a | lin cancelled, shen open, xu done",
			after: func(g *ground, c *case_) string {
				if !c.raced {
					g.pass(c, "li")
					g.task(c, "lin") // it came straight back
				}
				return ""
			}},
		{id: "W19", name: "退文", steps: []approval.Step{reject},
			act: func(v view) office.Command {
				id, t := v.task(v.who)
				return &approval.Reject{Task: id, Subject: v.c.paper(), TaskRev: t.Rev, Step: t.Step, SeenHash: v.hash(), Reason: "不符合行文规则", Words: words}
			},
			then: "ended+rejected | lin done, xu cancelled",
			meanwhile: func(v view) office.Command {
				id, t := v.task(v.who)
				return &approval.Reject{Task: id, Subject: v.c.paper(), TaskRev: t.Rev, Step: t.Step, SeenHash: v.hash(), Reason: "不符合行文规则", Words: words}
			}, refused: office.CodeEnded, thenRaced: "ended+rejected | lin cancelled, xu done"},
		{id: "W20", name: "取回", drafter: "lin", steps: append(one(all, "xu"), step("b", all, "shen")), act: takesBack, then: "s0 | xu withdrawn",
			meanwhile: approves, refused: office.CodeDoneByOther, thenRaced: "b | shen open, xu done"},
		{id: "W21", name: "撤销", drafter: "lin", steps: one(all, "xu"), act: cancels, then: "ended+cancelled | xu cancelled",
			meanwhile: terminates, refused: office.CodeEnded, thenRaced: "ended+terminated | xu cancelled"},
		{id: "W25", name: "传阅", drafter: "lin", steps: one(all, "xu"), act: func(v view) office.Command { return v.circulate("", "shen", "qian") },
			then:      "a | xu open",
			thenRaced: "a | xu open", meanwhile: func(v view) office.Command { return v.circulate("", "shen") }, after: eachOne("shen", "qian")},
		{id: "W25", name: "阅读", drafter: "xu",
			ready: func(g *ground, c *case_) {
				g.as("xu", &approval.Circulate{ID: "k" + c.paper(), SubjectKind: document.Headers.Name, Subject: c.paper(), To: []office.UserID{"lin"}, Must: true})
			},
			act: func(v view) office.Command {
				return &approval.Read{ID: approval.CopyID("k"+v.c.paper(), "lin"), Words: words}
			},
			meanwhile: func(v view) office.Command {
				return &approval.RecallCopies{Circulation: "k" + v.c.paper(), SubjectKind: document.Headers.Name, Subject: v.c.paper(), Words: "发错了"}
			}, refused: office.CodeState,
			after: func(g *ground, c *case_) string {
				_, ok, err := g.lin.Get(context.Background(), document.Headers.Name, c.paper())
				if ok == c.raced || err != nil {
					return fmt.Sprintf("the paper is on lin's desk: %t, %v", ok, err)
				}
				return ""
			}},
		{id: "W26", name: "知会", drafter: "lin", steps: one(all, "xu"), act: func(v view) office.Command { return v.circulate(approval.CopyNotice, "shen", "qian") },
			then:      "a | xu open",
			thenRaced: "a | xu open", meanwhile: func(v view) office.Command { return v.circulate(approval.CopyNotice, "shen") }, after: eachOne("shen", "qian")},
		{id: "W27", name: "催办", drafter: "lin", steps: one(all, "xu"),
			act:       func(v view) office.Command { return &approval.Urge{Subject: v.c.paper(), Words: words} },
			then:      "a | xu open",
			meanwhile: approves, refused: office.CodeNotPermitted, thenRaced: "ended | xu done"},
		{id: "W29", name: "自由流", drafter: "xu", choose: []office.UserID{"lin"}, steps: []approval.Step{free},
			act: func(v view) office.Command {
				a := v.approve()
				a.Choose, a.Then = []office.UserID{"shen"}, approval.All
				return a
			},
			then:      "a | lin done, shen open",
			meanwhile: cancels, refused: office.CodeEnded, thenRaced: "ended+cancelled | lin cancelled"},
		{id: "W33", name: "代填意见", steps: append(one(all, "xu"), step("b", all, "shen")),
			act: func(v view) office.Command {
				id, t := v.task("xu")
				return &approval.Enter{
					Task: id, Subject: v.c.paper(), TaskRev: t.Rev, Step: t.Step, SeenHash: v.hash(), Act: approval.ActApprove,
					Words: words, Basis: approval.BasisPhone, Said: 1,
				}
			},
			then:      "b | shen open, xu done",
			meanwhile: approves, refused: office.CodeState, thenRaced: "b | shen open, xu done"},
		{id: "W33", name: "本人确认", steps: append(one(all, "lin"), step("b", all, "shen")), ready: entered,
			act: func(v view) office.Command {
				id, _ := v.opinion()
				return &approval.Answer{Opinion: id, Instance: v.c.inst(), Subject: v.c.paper(), Answer: approval.AnswerDisputed, Words: words}
			},
			then:  "b | lin done, shen open",
			alone: "only he in whose name it was entered may answer",
			after: func(g *ground, c *case_) string {
				if _, o := (view{g.xu, c}).opinion(); o.Answer != approval.AnswerDisputed || o.Dispute != words || o.Words != "同意" {
					return fmt.Sprintf("the opinion says %+v", o)
				}
				return ""
			}},
		{id: "W34", name: "转线下", steps: one(first, "lin", "xu"), act: paperOut, then: "a | lin open, xu open",
			meanwhile: paperOut, refused: office.CodeState, thenRaced: "a | lin open, xu open"},
		{id: "W34", name: "线下补录", steps: append(one(first, "lin", "xu"), step("b", all, "shen")), ready: onPaper, act: paperIn,
			then:      "b | lin done, shen open, xu done_by_other",
			meanwhile: paperIn, refused: office.CodeTaskWithdrawn, thenRaced: "b | lin done, shen open, xu done_by_other"},
		{id: "W35", name: "常用意见", act: func(v view) office.Command { return v.put("p", "已核，拟同意。") },
			meanwhile: func(v view) office.Command { return v.put("p", "请补充依据。") },
			after: func(g *ground, c *case_) string {
				if got := g.phrase("p" + c.paper()); got != "已核，拟同意。" { // the later one, by the server's order
					return fmt.Sprintf("the phrase says %q", got)
				}
				return ""
			}},
		{id: "W35", name: "删除常用意见",
			ready: func(g *ground, c *case_) {
				g.as("lin", &approval.PutPhrase{ID: "p" + c.paper(), Unit: "jian", Words: "请按程序办理。"})
			},
			act:       func(v view) office.Command { return &approval.DropPhrase{ID: "p" + v.c.paper()} },
			meanwhile: func(v view) office.Command { return &approval.DropPhrase{ID: "p" + v.c.paper()} }, refused: office.CodeNotFound,
			after: func(g *ground, c *case_) string { return g.phrase("p" + c.paper()) }},
		{id: "W36", name: "手写签批", steps: append(one(all, "lin"), step("b", all, "shen")),
			act: func(v view) office.Command {
				a := v.approve()
				a.Ink = &approval.Ink{Hash: a.SeenHash, Where: approval.InkBox, Width: 100, Height: 50, Device: "pen", Strokes: [][]int{{1, 2, 500, 0, 9, 9, 600, 12}}}
				return a
			},
			then:      "b | lin done, shen open",
			meanwhile: rewrites, refused: office.CodeStaleBody, thenRaced: "a | lin open"},
		{id: "W38", name: "首次打开", drafter: "xu", steps: one(all, "lin"),
			act: func(v view) office.Command {
				id, _ := v.task(v.who)
				return &approval.Opened{Task: id, Subject: v.c.paper()}
			},
			then:      "a | lin open",
			thenRaced: "s0 | lin withdrawn", meanwhile: takesBack,
			after: func(g *ground, c *case_) string {
				if _, t := (view{g.xu, c}).task("lin"); t.Opened == 0 {
					return "xu is not told that it was opened"
				}
				return ""
			}},
		{
			id: "W39", name: "起草流程", act: draws, meanwhile: draws, refused: office.CodeStaleBody,
			after: func(g *ground, c *case_) string {
				d := get(g.xu, approval.Definitions, bpmn.DraftID(c.key()))
				if want := map[bool]string{false: "lin", true: "xu"}[c.raced]; d.By != want || d.Rev != 1 || d.Fault == "" {
					return fmt.Sprintf("the draft is %+v", d)
				}
				return ""
			},
		},
		{id: "W45", name: "沟通", drafter: "lin", steps: one(all, "xu"),
			act: func(v view) office.Command {
				return &approval.Ask{ID: "t" + v.c.paper(), SubjectKind: document.Headers.Name, Subject: v.c.paper(), To: []office.UserID{"xu"}, Words: words}
			},
			then:  "a | xu open",
			alone: "a question stands beside the flow and hinders nobody"},
		{id: "W45", name: "答复沟通", drafter: "xu", steps: one(all, "lin"),
			ready: func(g *ground, c *case_) {
				g.as("xu", &approval.Ask{ID: "t" + c.paper(), SubjectKind: document.Headers.Name, Subject: c.paper(), To: []office.UserID{"lin"}, Words: "口径是否一致？"})
			},
			act:       func(v view) office.Command { return &approval.Reply{ID: "t" + v.c.paper(), Words: words} },
			then:      "a | lin open",
			thenRaced: "a | lin open", meanwhile: func(v view) office.Command {
				return &approval.Reply{ID: "t" + v.c.paper(), Words: "请先看附件。"}
			},
			after: func(g *ground, c *case_) string {
				said := get(g.xu, approval.Talks, "t"+c.paper()).Said
				if n := len(said); n != 2 && !c.raced || n != 3 && c.raced || said[n-1].Words != words {
					return fmt.Sprintf("said: %+v", said)
				}
				return ""
			}},
		{id: "W46", name: "修改意见", steps: append(one(all, "lin"), step("b", all, "xu")), ready: lin,
			act: func(v view) office.Command {
				id, o := v.opinion()
				return &approval.Reword{Opinion: id, Instance: v.c.inst(), Subject: v.c.paper(), Was: o.Words, Words: "意见：请重新核对。"}
			},
			then: "b | lin done, xu open",
			meanwhile: func(v view) office.Command {
				id, _ := v.task(v.who)
				return &approval.Opened{Task: id, Subject: v.c.paper()}
			}, refused: office.CodeDoneByOther, thenRaced: "b | lin done, xu open"},
	}
}
