package approval_test

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/approval"
	"qianshao/syncserver/office/directory"
)

// someFlow is a random valid flow: a chain of steps with conditional short cuts
// and ways back, some with 签发, 复核 and a number at the end.
func someFlow(t *rapid.T) approval.Definition {
	d := approval.Definition{Key: "some", Name: "任意", Subjects: []string{papers.Name}, First: "s0"}
	gated := rapid.Bool().Draw(t, "gated")
	n := rapid.IntRange(1, 5).Draw(t, "steps")
	add := func(s approval.Step) { d.Steps = append(d.Steps, s) }
	add(approval.Step{ID: "s0", Name: "起", Handlers: []approval.Handler{{By: approval.ByStarter}}, Acts: []string{approval.ActApprove}, Edit: true})
	for i := range n {
		s := approval.Step{
			ID: fmt.Sprintf("s%d", i+1), Name: fmt.Sprintf("步%d", i+1), Edit: rapid.Bool().Draw(t, "edit"),
			Policy: rapid.SampledFrom([]approval.Policy{"", approval.Serial, approval.All, approval.Any}).Draw(t, "policy"),
			Hours:  rapid.SampledFrom([]int{0, 24}).Draw(t, "hours"),
		}
		s.Handlers = rapid.SliceOfN(rapid.SampledFrom([]approval.Handler{
			{By: approval.ByPerson, ID: "lin"}, {By: approval.ByPost, ID: "wenshu"}, {By: approval.ByRole, ID: approval.RoleFlowAdmin},
			{By: approval.ByHead}, {By: approval.ByHead, ID: "cai"}, {By: approval.ByStarter}, {By: approval.BySuperior},
			{By: approval.ByField, ID: "leaders"}, {By: approval.ByField, ID: "undertakers"}, {By: approval.ByFieldUnits, ID: "cosign_units"},
			{By: approval.ByDone, ID: "s0"}, {By: approval.ByChosen},
		}), 1, 3).Draw(t, "handlers")
		add(s)
	}
	if gated {
		add(approval.Step{ID: "sign", Name: "签发", Gate: approval.GateSign, Handlers: []approval.Handler{{By: approval.ByField, ID: "signer"}}, Editors: []approval.Handler{{By: approval.ByDone, ID: "s1"}}})
		add(approval.Step{ID: "check", Name: "复核", Gate: approval.GateReview, Policy: approval.Any, Handlers: []approval.Handler{{By: approval.ByPost, ID: "fuhe"}}, Edit: true})
		add(approval.Step{ID: "give", Name: "编号", Policy: approval.Any, Handlers: []approval.Handler{{By: approval.ByPost, ID: "wenshu"}}, Effects: []string{approval.EffectNumber}})
	}
	for i := range d.Steps {
		next := "end"
		if i+1 < len(d.Steps) {
			next = d.Steps[i+1].ID
		}
		if i > 0 && i <= n && rapid.IntRange(0, 2).Draw(t, "line") == 0 {
			to := rapid.IntRange(1, n).Draw(t, "to") // forward over steps, or a loop back
			d.Steps[i].Lines = append(d.Steps[i].Lines, approval.Line{
				To: d.Steps[to].ID, When: &approval.Cond{Field: "handling", Op: approval.OpIs, Value: fmt.Sprint(rapid.IntRange(0, 3).Draw(t, "when"))},
			})
		}
		d.Steps[i].Lines = append(d.Steps[i].Lines, approval.Line{To: next})
	}
	add(approval.Step{ID: "end", Name: "终", Type: approval.StepEnd})
	return d
}

// world is a bench whose invariants are checked after every act.
type world struct {
	*bench
	rt    *rapid.T
	def   approval.Definition
	words map[string]string // opinions ever seen
	sent  []office.Command  // acts that were taken, with their authors
	by    []office.UserID
	all   bool // check as sound does
	catch bool // a fault is a panic of caught, see TestExploreNotices
}

// caught is a fault that somebody wants to see.
type caught string

func (w *world) fatalf(format string, args ...any) {
	if w.catch {
		panic(caught(fmt.Sprintf(format, args...)))
	}
	w.rt.Helper()
	w.rt.Fatalf(format, args...)
}

// try gives a command; a refusal must be one, and leave nothing.
func (w *world) try(who office.UserID, cmd office.Command) error {
	before := w.dump()
	err := w.do(who, cmd)
	if err == nil && w.all {
		w.sound()
		return nil
	}
	if err == nil {
		w.check()
		return nil
	}
	if office.CodeOf(err) == office.CodeInternal {
		w.fatalf("%s by %s: %v", cmd.Kind(), who, err)
	}
	if w.dump() != before {
		w.fatalf("%s by %s was refused and left something: %v", cmd.Kind(), who, err)
	}
	return err
}

func (w *world) check() {
	i, p := w.instance(), w.paper()
	open := w.open()
	fail := func(format string, args ...any) {
		w.fatalf("%s\nat %+v", fmt.Sprintf(format, args...), i)
	}
	switch i.State {
	case approval.Running:
		if len(i.Tokens) != 1 || len(open) == 0 && i.Stuck == "" || len(open) > 0 && i.Stuck != "" {
			fail("a live instance with open tasks %v", open)
		}
		for _, t := range w.tasks() {
			if t.State == approval.TaskOpen && (t.Step != i.Tokens[0].Step || t.Round != i.Tokens[0].Round) {
				fail("an open task at %s round %d", t.Step, t.Round)
			}
			if t.State == approval.TaskTransferred && t.Successor == "" {
				fail("a transferred task without a successor")
			}
		}
	case approval.Ended:
		if len(i.Tokens) != 0 || len(open) != 0 || p.FlowState != approval.FlowDone {
			fail("an ended instance with open tasks %v", open)
		}
	default:
		fail("state")
	}
	holders := slices.Clone(p.FlowHolders)
	slices.Sort(holders)
	if !slices.Equal(holders, slices.Compact(open)) {
		fail("the paper shows %v, asked are %v", p.FlowHolders, open)
	}
	for _, t := range w.tasks() {
		if !slices.Contains(i.Participants, t.Person) || !slices.Contains(p.Readers, t.Person) {
			fail("%s was asked and does not see it", t.Person)
		}
	}
	for n, e := range w.events() {
		if e.N != n+1 {
			fail("the trace has %d at place %d", e.N, n+1)
		}
	}
	if len(w.events()) != i.Events {
		fail("%d events", len(w.events()))
	}
	left := map[string]bool{}
	for _, v := range i.Path {
		left[v.Step] = true
	}
	if len(i.Tokens) > 0 {
		at := i.Tokens[0].Step
		if at == "check" && !left["sign"] || at == "give" && !(left["sign"] && left["check"]) {
			fail("签发 or 复核 was skipped")
		}
	}
	words := map[string]string{}
	for _, r := range w.mem.All(approval.Opinions.Name) {
		var o approval.Opinion
		w.must(r.Decode(&o))
		words[r.ID] = o.Words + string(o.Actor)
	}
	for id, x := range w.words {
		if words[id] != x {
			fail("an opinion was lost or changed")
		}
	}
	w.words = words
}

// numbered is the effect of this world: the oracle for L9 and L11 reads the
// sheet, not what the engine says about itself.
func (w *world) numbered(tx office.Tx, c office.Context, e approval.Effect) error {
	if err := w.apply(tx, c, e); err != nil || e.Name != approval.EffectNumber { // a number may be voided at any time (W42)
		return err
	}
	p, err := papers.Need(tx, e.Subject)
	if err != nil {
		return err
	}
	list, err := approval.Opinions.List(tx, office.Query{View: "instance", Where: []office.Cond{office.Where("root", instanceID), office.Where("old", 0)}})
	if err != nil {
		return err
	}
	var signed, reviewed int64
	for _, o := range list {
		if o.Value.Act == approval.ActApprove && o.Value.Step == "sign" && o.Value.Seen == p.ContentHash {
			signed = o.Value.Effective
		}
		if o.Value.Act == approval.ActApprove && o.Value.Step == "check" {
			reviewed = o.Value.Effective
		}
	}
	if signed == 0 || reviewed <= signed {
		w.fatalf("a number without 签发 and then 复核 of the present text: %d %d", signed, reviewed)
	}
	return nil
}

func (w *world) do(who office.UserID, cmd office.Command) error {
	c := w.context(who)
	out, err := w.mem.Update(func(tx office.Tx) error {
		if err := cmd.Run(tx, c); err != nil {
			return err
		}
		w.promised(tx, cmd)
		return approval.After(tx, c, cmd, approval.Effects{Apply: w.numbered})
	})
	w.jobs = append(w.jobs, out.Jobs...)
	if err == nil {
		w.sent, w.by = append(w.sent, cmd), append(w.by, who)
	}
	return err
}

// promised holds what a desk shows after its half of an act against what only the
// server can give: where the paper goes, who is asked, that it has ended, a
// number. What will probably come is Expected's to say. Acts that need the server
// are not shown before it has answered.
func (w *world) promised(tx office.Tx, cmd office.Command) {
	if i := slices.IndexFunc(approval.Specs(), func(s office.Spec) bool { return s.Kind == cmd.Kind() }); i >= 0 && approval.Specs()[i].Class == office.Online {
		return
	}
	_, starts := cmd.(*approval.Start)
	for _, r := range w.mem.All(approval.Instances.Name) {
		was, now := w.inst(r.ID), approval.Instance{}
		x, _, err := tx.Get(approval.Instances.Name, r.ID)
		w.must(err)
		w.must(x.Decode(&now))
		if now.State != was.State || !slices.Equal(approval.StaysOf(now), approval.StaysOf(was)) || len(now.Path) != len(was.Path) {
			w.fatalf("%s: a desk shows the paper at %v, %s", cmd.Kind(), approval.StaysOf(now), now.State)
		}
	}
	known := map[string]bool{}
	for _, t := range w.tasks() {
		known[t.id] = true
	}
	list, err := approval.Tasks.List(tx, office.Query{View: "all"})
	w.must(err)
	for _, t := range list {
		if !known[t.ID] && !(starts && t.Value.State == approval.TaskDone) {
			w.fatalf("%s: a desk shows that %s is asked", cmd.Kind(), t.Value.Person)
		}
	}
	p, err := papers.Need(tx, paperID)
	w.must(err)
	if was := w.paper(); p.Number != was.Number || !starts && (p.FlowStep != was.FlowStep || p.FlowState != was.FlowState) {
		w.fatalf("%s: a desk shows %q at %s %s", cmd.Kind(), p.Number, p.FlowStep, p.FlowState)
	}
}

var everybody = []office.UserID{"li", "wang", "zhao", "chu", "shao", "ma", "ding", "chen", "lin", "xu", "shen", "han", "qian", "admin"}

// TestExplore: random people do random things with random flows. No live
// instance is without a task or a reason, 签发 and 复核 are never skipped, no
// number is given twice or to an unsigned text, nothing written is lost, a
// refusal leaves nothing, and in the end every paper can be brought to its end.
func TestExplore(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		d := someFlow(rt)
		if d.Validate() != nil { // a short cut may leave a step without a way to it
			rt.Skip()
		}
		w := &world{bench: newBench(t, d), rt: rt, def: d}
		w.draft(paper{
			Signer: "lin", Leaders: rapid.SliceOfNDistinct(rapid.SampledFrom([]office.UserID{"lin", "xu", "chen"}), 0, 3, rapid.ID).Draw(rt, "leaders"),
			Undertakers: []office.UserID{"han"}, CosignUnits: []string{"jian", "cai"}, Handling: fmt.Sprint(rapid.IntRange(0, 3).Draw(rt, "handling")),
		})
		if err := w.try("li", &approval.Start{ID: instanceID, Flow: "some", SubjectKind: papers.Name, Subject: paperID}); err != nil {
			rt.Fatal(err)
		}
		for i := range rapid.IntRange(1, 25).Draw(rt, "acts") {
			w.something(i)
		}
		w.finish()
	})
}

// something is one random event.
func (w *world) something(i int) {
	rt := w.rt
	who := rapid.SampledFrom(everybody).Draw(rt, "who")
	if open := w.open(); len(open) > 0 && rapid.IntRange(0, 3).Draw(rt, "somebody asked") > 0 {
		who = rapid.SampledFrom(open).Draw(rt, "asked")
	}
	mine := slices.ContainsFunc(w.tasks(), func(t task) bool { return t.Person == who })
	what := rapid.SampledFrom([]string{
		"approve", "approve", "approve", "return", "transfer", "take back", "change", "route", "leave", "come", "circulate", "again", "time", "blind",
	}).Draw(rt, "what")
	switch {
	case what == "approve" && mine:
		a := w.approve(who)
		if rapid.Bool().Draw(rt, "chooses") {
			a.Choose = []office.UserID{"shen"}
		}
		w.try(who, a)
	case what == "blind" && mine: // signs a text that is not there
		a := w.approve(who)
		a.SeenHash = "h?"
		if w.try(who, a) == nil {
			rt.Fatal("an act on an unseen text was taken")
		}
	case what == "return" && mine:
		to := ""
		if path := w.instance().Path; len(path) > 0 && rapid.Bool().Draw(rt, "chooses") {
			to = rapid.SampledFrom(path).Draw(rt, "to").Step
		}
		w.try(who, w.back(who, to))
	case what == "transfer" && mine:
		w.try(who, w.give(who, rapid.SampledFrom(everybody).Draw(rt, "to")))
	case what == "take back":
		w.try(who, w.takeBack())
	case what == "change": // whoever may edit does
		if w.paper().FlowState != approval.FlowDone {
			w.change(fmt.Sprintf("h%d", i))
		}
	case what == "route":
		w.must(w.update(func(tx office.Tx) error {
			return tx.Patch(papers.Name, paperID, office.Fields{"handling": fmt.Sprint(i % 4)})
		}))
	case what == "leave" && who != "zhao" && who != "admin":
		w.state(who, directory.Disabled)
	case what == "come":
		w.state(who, directory.Active)
	case what == "circulate":
		w.try(who, &approval.Circulate{ID: fmt.Sprintf("c%d", i), SubjectKind: papers.Name, Subject: paperID, To: []office.UserID{rapid.SampledFrom(everybody).Draw(rt, "reader")}})
	case what == "again" && len(w.sent) > 0: // the same act once more
		n := rapid.IntRange(0, len(w.sent)-1).Draw(rt, "which")
		switch w.sent[n].(type) {
		case *approval.Approve, *approval.Return, *approval.Transfer, *approval.Start:
			if w.try(w.by[n], w.sent[n]) == nil {
				rt.Fatalf("%s was taken twice", w.sent[n].Kind())
			}
		default: // may well be meant again, or change nothing
		}
	case what == "time" && len(w.jobs) > 0:
		at := rapid.SampledFrom(w.jobs).Draw(rt, "timer").Args.(approval.At)
		w.now = w.now.Add(25 * 3600e9)
		w.try(office.System, at.Args)
	}
}

func (w *world) state(who office.UserID, state string) {
	w.must(w.update(func(tx office.Tx) error {
		return tx.Patch(directory.People.Name, string(who), office.Fields{"state": state})
	}))
}

// finish has everybody do his duty: the paper must come to its end.
func (w *world) finish() {
	for _, who := range everybody {
		w.state(who, directory.Active)
	}
	w.must(w.update(func(tx office.Tx) error { return tx.Patch(papers.Name, paperID, office.Fields{"handling": "none"}) }))
	for range 200 {
		open := w.open()
		if len(open) == 0 {
			break
		}
		who := open[0]
		t := w.task(who)
		if !slices.Contains(t.Acts, approval.ActApprove) { // asked to find a handler
			to := slices.IndexFunc(everybody, func(u office.UserID) bool { return !slices.Contains(open, u) })
			w.try(who, w.give(who, everybody[to]))
			continue
		}
		if err := w.try(who, w.approve(who)); err != nil && office.CodeOf(err) == office.CodeState { // the text changed after 签发
			w.try(who, w.back(who, "sign"))
		}
	}
	if i := w.instance(); i.State != approval.Ended && i.Stuck == "" {
		w.fatalf("no end: %+v", i)
	}
	if w.numbers > 1 {
		w.fatalf("%d numbers", w.numbers)
	}
	if i := w.instance(); i.State == approval.Ended && slices.ContainsFunc(w.def.Steps, func(s approval.Step) bool { return s.ID == "give" }) && w.numbers != 1 {
		w.rt.Fatal("ended without a number")
	}
}
