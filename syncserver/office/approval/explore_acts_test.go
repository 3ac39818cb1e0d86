package approval_test

import (
	"fmt"
	"slices"

	"pgregory.net/rapid"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/approval"
	"qianshao/syncserver/office/directory"
)

// anything is one random event of the acts that something does not know.
func (w *world) anything(i int) {
	rt := w.rt
	who := rapid.SampledFrom(everybody).Draw(rt, "who")
	if open := w.open(); len(open) > 0 && rapid.IntRange(0, 3).Draw(rt, "somebody asked") > 0 {
		who = rapid.SampledFrom(open).Draw(rt, "asked")
	}
	other := rapid.SampledFrom(everybody).Draw(rt, "other")
	mine := slices.ContainsFunc(w.tasks(), func(t task) bool { return t.Person == who })
	main := w.inst(instanceID)
	stay := approval.Visit{Step: "s0", Round: 1}
	if len(main.Tokens) > 0 {
		stay = rapid.SampledFrom(main.Tokens).Draw(rt, "stay")
	}
	what := rapid.SampledFrom([]string{
		"vote", "vote", "claim", "release", "before", "after", "beside", "delegate", "drop", "requeue", "direct",
		"rest", "rule", "unrule", "hand over", "jump", "end branch", "suspend", "resume", "paper out", "paper in",
		"enter", "opened", "reword", "urge", "talk", "timers", "cancel", "terminate", "reopen", "answer", "recall",
	}).Draw(rt, "what")
	switch {
	case what == "vote" && mine:
		a := w.approve(who)
		a.Verdict = rapid.SampledFrom([]string{approval.VerdictAgree, approval.VerdictAmend, approval.VerdictDisagree, approval.VerdictAbstain}).Draw(rt, "verdict")
		if rapid.Bool().Draw(rt, "chooses") {
			a.Choose = []office.UserID{"shen", "xu"}
		}
		a.Decided, a.Consents = "已协商", true
		w.try(who, a)
	case what == "claim" && mine:
		x := w.task(who)
		w.try(who, &approval.Claim{Task: x.id, Subject: paperID, TaskRev: x.Rev, Step: x.Step})
	case what == "release" && mine:
		x := w.task(who)
		w.try(who, &approval.Release{Task: x.id, Subject: paperID, TaskRev: x.Rev, Step: x.Step})
	case (what == "before" || what == "after" || what == "beside") && mine:
		w.try(who, w.add(who, what, other))
	case what == "delegate" && mine:
		w.try(who, w.delegate(who, other))
	case what == "drop":
		var with []task
		for _, x := range w.tasks() {
			if len(x.Adds) > 0 {
				with = append(with, x)
			}
		}
		if len(with) > 0 {
			x := rapid.SampledFrom(with).Draw(rt, "task")
			add := rapid.SampledFrom(x.Adds).Draw(rt, "addition")
			w.try(rapid.SampledFrom([]office.UserID{x.Person, "admin", who}).Draw(rt, "by"), &approval.DropSign{Task: x.id, Subject: paperID, Person: rapid.SampledFrom(add.People).Draw(rt, "whom")})
		}
	case what == "requeue":
		begun := 1 + rapid.IntRange(0, 1).Draw(rt, "begun")
		if len(stay.People) >= begun {
			then := slices.Clone(stay.People[begun:])
			slices.Reverse(then)
			if !slices.Contains(stay.People, other) {
				then = append(then, other)
			}
			w.try(who, &approval.Requeue{Instance: instanceID, Subject: paperID, Step: stay.Step, Round: stay.Round, Was: stay.People[begun:], Then: then})
		}
	case what == "direct" && mine:
		x := w.back(who, "")
		if len(main.Path) > 0 && rapid.Bool().Draw(rt, "far") {
			x.To = rapid.SampledFrom(main.Path).Draw(rt, "to").Step
		} else if rapid.Bool().Draw(rt, "signer before") {
			x.To = x.Step
		}
		x.Direct = rapid.Bool().Draw(rt, "direct")
		w.try(who, x)
	case what == "rest":
		x := w.takeBack()
		x.Rest = true
		w.try(who, x)
	case what == "rule":
		r := rule(w.bench, who, other, rapid.Int64Range(1, 100).Draw(rt, "hours"))
		r.Already, r.Onward = rapid.Bool().Draw(rt, "already"), rapid.Bool().Draw(rt, "onward")
		w.try(who, r)
	case what == "unrule":
		w.try(who, &approval.EndDelegation{ID: "d-" + string(who)})
	case what == "hand over":
		w.try("admin", &approval.HandOver{From: who, To: other, Words: "移交"})
	case what == "jump":
		w.try("admin", &approval.Jump{Instance: instanceID, Subject: paperID, From: stay.Step, To: rapid.SampledFrom(w.def.Steps).Draw(rt, "to").ID, Words: "调整"})
	case what == "end branch" && stay.Branch != "":
		w.try("admin", &approval.EndBranch{Instance: instanceID, Subject: paperID, Branch: stay.Branch, Words: "不需要"})
	case what == "suspend":
		x := &approval.Suspend{Instance: instanceID, Subject: paperID, Words: "等"}
		if rapid.Bool().Draw(rt, "planned") {
			x.Until = office.Millis(w.now) + 10*3600_000
		}
		w.try("li", x)
	case what == "resume":
		w.try("li", &approval.Resumption{Instance: instanceID, Subject: paperID})
	case what == "paper out":
		w.try(who, &approval.PaperOut{Instance: instanceID, Subject: paperID, Step: stay.Step, Round: stay.Round})
	case what == "paper in":
		w.paperIn(who, stay)
	case what == "enter":
		if i := slices.IndexFunc(w.tasks(), func(t task) bool { return t.Person == "lin" && t.State == approval.TaskOpen }); i >= 0 {
			x := w.tasks()[i]
			e := &approval.Enter{Task: x.id, Subject: paperID, TaskRev: x.Rev, Step: x.Step, SeenHash: w.paper().ContentHash, Act: approval.ActApprove,
				Words: "同意", Basis: approval.BasisScan, Scan: "scan", Said: office.Millis(w.now)}
			if rapid.IntRange(0, 3).Draw(rt, "returns") == 0 {
				e.Act = approval.ActReturn
			}
			w.try(rapid.SampledFrom([]office.UserID{"han", who}).Draw(rt, "by"), e)
		}
	case what == "answer":
		for _, r := range w.mem.All(approval.Opinions.Name) {
			w.try("lin", &approval.Answer{Opinion: r.ID, Instance: r.Root, Subject: paperID, Answer: approval.AnswerConfirmed})
		}
	case what == "opened" && mine:
		w.try(who, &approval.Opened{Task: w.task(who).id, Subject: paperID})
	case what == "reword":
		for _, r := range w.mem.All(approval.Opinions.Name) {
			var o approval.Opinion
			w.must(r.Decode(&o))
			if o.Actor == who && len(o.Former) == 0 {
				w.try(who, &approval.Reword{Opinion: r.ID, Instance: r.Root, Subject: paperID, Was: o.Words, Words: fmt.Sprintf("改为 %d", i)})
				break
			}
		}
	case what == "urge":
		w.try(who, &approval.Urge{Subject: paperID, Copies: true})
	case what == "talk":
		w.try(who, &approval.Ask{ID: fmt.Sprintf("t%d", i), SubjectKind: papers.Name, Subject: paperID, To: []office.UserID{other}, Words: "?"})
	case what == "recall":
		for _, r := range w.mem.All(approval.Copies.Name) {
			var c approval.Copy
			w.must(r.Decode(&c))
			w.try(c.From, &approval.RecallCopies{Circulation: c.Circulation, SubjectKind: papers.Name, Subject: paperID, Words: "收回", Tell: true})
			break
		}
	case what == "timers":
		w.now = w.now.Add(3600e9 * 30)
		w.timers()
	case what == "cancel" && rapid.IntRange(0, 5).Draw(rt, "really") == 0:
		w.try("li", &approval.Cancel{Instance: instanceID, Subject: paperID, Words: "撤销"})
	case what == "terminate" && rapid.IntRange(0, 5).Draw(rt, "really") == 0:
		w.try("admin", &approval.Terminate{Instance: instanceID, Subject: paperID, Words: "终止"})
	case what == "reopen" && len(main.Path) > 0:
		w.try("admin", &approval.Reopen{Instance: instanceID, Subject: paperID, To: rapid.SampledFrom(main.Path).Draw(rt, "to").Step, Words: "唤醒"})
	}
}

func (w *world) paperIn(who office.UserID, stay approval.Visit) {
	x := &approval.PaperIn{Instance: instanceID, Subject: paperID, Step: stay.Step, Round: stay.Round, Scan: "scan", Hash: w.paper().ContentHash}
	for _, t := range w.tasks() {
		if t.Step == stay.Step && t.Round == stay.Round && t.State == approval.TaskOpen && rapid.Bool().Draw(w.rt, "wrote") && slices.Contains(t.Acts, approval.ActApprove) {
			x.Acts = append(x.Acts, approval.PaperAct{Task: t.id, Act: approval.ActApprove, Words: "同意", Said: office.Millis(w.now)})
		}
	}
	if stay.Paper != nil {
		who = stay.Paper.By
	}
	w.try(who, x)
}

// timers does what is due, and what comes of it.
func (w *world) timers() {
	for range 200 {
		i := slices.IndexFunc(w.jobs, func(j office.Job) bool { return j.Args.(approval.At).Due <= office.Millis(w.now) })
		if i < 0 {
			return
		}
		at := w.jobs[i].Args.(approval.At)
		w.jobs = slices.Delete(w.jobs, i, i+1)
		w.try(office.System, at.Args)
	}
	w.rt.Fatal("the timers do not end")
}

// finishAll has everybody do his duty: the paper comes to its end.
func (w *world) finishAll() {
	for _, who := range everybody {
		w.state(who, directory.Active)
		w.try(who, &approval.EndDelegation{ID: "d-" + string(who)})
	}
	w.try("admin", &approval.Resumption{Instance: instanceID, Subject: paperID})
	w.timers()
	for range 300 {
		main := w.inst(instanceID)
		for _, r := range w.mem.All(approval.Instances.Name) {
			for _, v := range w.inst(r.ID).Tokens {
				if v.Paper != nil {
					if err := w.try(v.Paper.By, &approval.PaperIn{Instance: r.ID, Subject: paperID, Step: v.Step, Round: v.Round, Scan: "scan"}); err != nil {
						w.rt.Fatal(err)
					}
				}
			}
		}
		open := w.open()
		if len(open) == 0 || main.State == approval.Ended && main.Outcome == approval.OutcomeCancelled {
			break
		}
		if err := w.duty(open); err != nil && office.CodeOf(err) == office.CodeState { // the text changed after 签发
			if w.try(open[0], w.back(open[0], "sign")) != nil {
				w.rt.Fatalf("%s cannot act: %v", open[0], err)
			}
		} else if err != nil {
			w.rt.Fatalf("%s cannot act: %v", open[0], err)
		}
	}
	i := w.inst(instanceID)
	if i.State != approval.Ended && i.Stuck == "" {
		w.rt.Fatalf("no end: %+v", i)
	}
	if w.numbers > 1 {
		w.rt.Fatalf("%d numbers", w.numbers)
	}
	if i.State == approval.Ended && i.Outcome == approval.OutcomeDone && slices.ContainsFunc(w.def.Steps, func(s approval.Step) bool { return s.ID == "give" }) && w.numbers != 1 {
		w.rt.Fatal("ended without a number")
	}
}

// duty is what the first of those asked does.
func (w *world) duty(open []office.UserID) error {
	who := open[0]
	t := w.task(who)
	switch {
	case slices.Contains(t.Acts, approval.ActApprove):
		a := w.approve(who)
		a.Decided, a.Consents = "已协商一致", true
		return w.try(who, a)
	case slices.Contains(t.Acts, approval.ActClaim):
		return w.try(who, &approval.Claim{Task: t.id, Subject: paperID, TaskRev: t.Rev, Step: t.Step})
	}
	to := slices.IndexFunc(everybody, func(u office.UserID) bool { return !slices.Contains(open, u) })
	return w.try(who, w.give(who, everybody[to]))
}
