package approval_test

import (
	"slices"
	"testing"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/approval"
)

func persons(who ...string) []approval.Handler {
	var out []approval.Handler
	for _, w := range who {
		out = append(out, approval.Handler{By: approval.ByPerson, ID: w})
	}
	return out
}

func goes(to string) []approval.Line { return []approval.Line{{To: to}} }

// small is 起 → one step → 后 (lin) → 终.
func small(step approval.Step) approval.Definition {
	step.ID, step.Name, step.Lines = "one", "会办", goes("then")
	return chain(step, approval.Step{ID: "then", Name: "后", Handlers: persons("lin"), Lines: goes("end")})
}

// chain is 起 → the steps → 终; steps without lines lead to the next.
func chain(steps ...approval.Step) approval.Definition {
	d := approval.Definition{Key: "some", Name: "任意", Subjects: []string{papers.Name}, First: "s0", Steps: []approval.Step{
		{ID: "s0", Name: "起", Handlers: []approval.Handler{{By: approval.ByStarter}}, Acts: []string{approval.ActApprove}, Edit: true},
	}}
	d.Steps = append(d.Steps, steps...)
	d.Steps = append(d.Steps, approval.Step{ID: "end", Name: "终", Type: approval.StepEnd})
	for i := range d.Steps[:len(d.Steps)-1] {
		if d.Steps[i].Lines == nil {
			d.Steps[i].Lines = goes(d.Steps[i+1].ID)
		}
	}
	return d
}

// run publishes and starts.
func run(t testing.TB, d approval.Definition, more ...approval.Definition) *bench {
	t.Helper()
	b := newBench(t, append(more, d)...)
	b.draft(paper{Direction: "out", Leader: "xu", Signer: "lin", Leaders: []office.UserID{"xu", "chen"}, CosignUnits: []string{"jian", "cai"}, Handling: "0"})
	b.start(d.Key)
	return b
}

func (b *bench) vote(who office.UserID, verdict string) *approval.Approve {
	a := b.approve(who)
	a.Verdict, a.Words = verdict, "意见如下"
	return a
}

func (b *bench) add(who office.UserID, mode string, people ...office.UserID) *approval.AddSign {
	b.t.Helper()
	t := b.task(who)
	return &approval.AddSign{Task: t.id, Subject: t.Subject, TaskRev: t.Rev, Step: t.Step, Mode: mode, People: people}
}

func (b *bench) dropped(who, whom office.UserID) *approval.DropSign {
	b.t.Helper()
	return &approval.DropSign{Task: b.task(who).id, Subject: paperID, Person: whom}
}

func (b *bench) delegate(who, to office.UserID) *approval.Delegate {
	b.t.Helper()
	t := b.task(who)
	return &approval.Delegate{Task: t.id, Subject: t.Subject, TaskRev: t.Rev, Step: t.Step, To: to, Words: "请代办"}
}

// places are the steps where the paper is.
func (b *bench) places() []string {
	var out []string
	for _, v := range b.instance().Tokens {
		out = append(out, v.Step)
	}
	slices.Sort(out)
	return out
}

func (b *bench) wantPlaces(want ...string) {
	b.t.Helper()
	slices.Sort(want)
	if got := b.places(); !slices.Equal(got, want) {
		b.t.Fatalf("at %v, want %v", got, want)
	}
}

func (b *bench) wantTraced(what string) approval.Event {
	b.t.Helper()
	ev := b.events()
	for i := len(ev) - 1; i >= 0; i-- {
		if ev[i].What == what {
			return ev[i]
		}
	}
	b.t.Fatalf("no %s in the trace", what)
	return approval.Event{}
}

// ring does the jobs of the system that are due, and those they queue.
func (b *bench) ring() {
	b.t.Helper()
	for range 50 {
		i := slices.IndexFunc(b.jobs, func(j office.Job) bool { return j.Args.(approval.At).Due <= office.Millis(b.now) })
		if i < 0 {
			return
		}
		at := b.jobs[i].Args.(approval.At)
		b.jobs = slices.Delete(b.jobs, i, i+1)
		b.ok(office.System, at.Args)
	}
	b.t.Fatal("the timers do not end")
}

// holiday publishes the list of 2026 as far as the tests need it.
func (b *bench) holiday() {
	b.t.Helper()
	b.must(b.update(func(tx office.Tx) error {
		return years.Insert(tx, "year-2026", map[string]any{"year": 2026, "days": map[string]any{
			"2026-11-05": map[string]string{"kind": "off", "name": "假日"}, "2026-11-07": map[string]string{"kind": "work", "name": "补班"},
		}})
	}))
}
