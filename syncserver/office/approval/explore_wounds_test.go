package approval_test

import (
	"strings"
	"testing"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/approval"
)

// boast is a command that tells on the desk what only the server can know.
type boast struct {
	*approval.Approve
	more func(tx office.Tx, c office.Context) error
}

func (b boast) Run(tx office.Tx, c office.Context) error {
	if err := b.Approve.Run(tx, c); err != nil {
		return err
	}
	return b.more(tx, c)
}

// TestExploreNotices: each property that the exploration holds is broken once by
// hand, as the engine would break it without the defence, and the exploration
// must say so.
func TestExploreNotices(t *testing.T) {
	set := func(w *world, f office.Fields) {
		w.must(w.update(func(tx office.Tx) error { return approval.Instances.Patch(tx, instanceID, f) }))
	}
	for _, x := range []struct {
		property string
		at       []office.UserID // who has acted before
		wound    func(*world)
		want     string
	}{
		{"no token is lost", []office.UserID{"wang"}, func(w *world) { set(w, office.Fields{"tokens": nil}) }, "a token was lost"},
		{"no token is doubled", []office.UserID{"wang"}, func(w *world) {
			v := w.instance().Tokens[0]
			set(w, office.Fields{"tokens": []approval.Visit{v, v}})
		}, "a stay twice"},
		{"no branch is lost", []office.UserID{"wang"}, func(w *world) {
			set(w, office.Fields{"forks": []approval.Fork{{Step: "f", Round: 1, Opened: 2, Arrived: []string{"a"}}}})
		}, "a branch of f was lost"},
		{"签发 and 复核 are never skipped", []office.UserID{"wang"}, func(w *world) {
			v := w.instance().Tokens[0]
			v.Step = "give"
			set(w, office.Fields{"tokens": []approval.Visit{v}, "rounds": map[string]int{"give": 1}})
			w.must(w.update(func(tx office.Tx) error {
				return approval.Tasks.Patch(tx, w.task("lin").id, office.Fields{"step": "give"})
			}))
			w.must(w.update(func(tx office.Tx) error {
				return approval.Events.Patch(tx, w.lastEvent(), office.Fields{"step": "give"})
			}))
		}, "签发 or 复核 was skipped"},
		{"no number without both, on the present text", []office.UserID{"wang", "lin", "shao"}, func(w *world) {
			for _, r := range w.mem.All(approval.Opinions.Name) {
				var o approval.Opinion
				w.must(r.Decode(&o))
				if o.Step == "sign" {
					w.must(w.update(func(tx office.Tx) error { return approval.Opinions.Patch(tx, r.ID, office.Fields{"seen": "another"}) }))
				}
			}
			_ = w.do("ma", w.approve("ma"))
		}, "a number without"},
		{"nobody live waits for nobody", []office.UserID{"wang"}, func(w *world) {
			w.must(w.update(func(tx office.Tx) error {
				return approval.Tasks.Patch(tx, w.task("lin").id, office.Fields{"state": approval.TaskCancelled})
			}))
		}, "waits for nobody"},
		{"nobody is asked where the paper is not", []office.UserID{"wang"}, func(w *world) {
			w.must(w.update(func(tx office.Tx) error {
				return approval.Tasks.Patch(tx, w.task("wang").id, office.Fields{"state": approval.TaskOpen})
			}))
		}, "is asked where the paper is not"},
		{"the trace replays to the same state", []office.UserID{"wang"}, func(w *world) {
			w.must(w.update(func(tx office.Tx) error {
				return approval.Events.Patch(tx, w.lastEvent(), office.Fields{"what": approval.EventLeave})
			}))
		}, "the trace says"},
		{"the trace has no gap", []office.UserID{"wang"}, func(w *world) {
			w.must(w.update(func(tx office.Tx) error { return approval.Events.Delete(tx, w.lastEvent()) }))
		}, "the trace says"},
		{"no opinion is lost or changed", []office.UserID{"wang"}, func(w *world) {
			w.sound()
			w.must(w.update(func(tx office.Tx) error {
				return approval.Opinions.Patch(tx, w.mem.All(approval.Opinions.Name)[0].ID, office.Fields{"words": "别的话"})
			}))
		}, "an opinion was lost or changed"},
		{"the paper shows who has it", []office.UserID{"wang"}, func(w *world) {
			w.must(w.update(func(tx office.Tx) error {
				return papers.Patch(tx, paperID, office.Fields{"flow_holders": []office.UserID{"han"}})
			}))
		}, "the paper shows"},
		{"a desk promises no step", []office.UserID{"wang"}, func(w *world) {
			w.boasts("lin", func(tx office.Tx, _ office.Context) error {
				v := w.instance().Tokens[0]
				v.Step = "check"
				return approval.Instances.Patch(tx, instanceID, office.Fields{"tokens": []approval.Visit{v}})
			})
		}, "a desk shows the paper at"},
		{"a desk promises no end", []office.UserID{"wang"}, func(w *world) {
			w.boasts("lin", func(tx office.Tx, _ office.Context) error {
				return approval.Instances.Patch(tx, instanceID, office.Fields{"state": approval.Ended})
			})
		}, "a desk shows the paper at"},
		{"a desk promises nobody's task", []office.UserID{"wang"}, func(w *world) {
			w.boasts("lin", func(tx office.Tx, c office.Context) error {
				return approval.Tasks.InsertUnder(tx, instanceID, c.NewID("boast"), approval.Task{Person: "shao", Step: "check", State: approval.TaskOpen, Subject: paperID})
			})
		}, "a desk shows that shao is asked"},
		{"a desk promises no number", []office.UserID{"wang"}, func(w *world) {
			w.boasts("lin", func(tx office.Tx, _ office.Context) error {
				return papers.Patch(tx, paperID, office.Fields{"number": "1"})
			})
		}, `a desk shows "1"`},
	} {
		t.Run(x.property, func(t *testing.T) {
			d := chain(
				approval.Step{ID: "one", Name: "审", Handlers: persons("wang")},
				approval.Step{ID: "sign", Name: "签发", Gate: approval.GateSign, Handlers: persons("lin")},
				approval.Step{ID: "check", Name: "复核", Gate: approval.GateReview, Handlers: persons("shao")},
				approval.Step{ID: "give", Name: "编号", Handlers: persons("ma"), Effects: []string{approval.EffectNumber}},
			)
			w := &world{bench: run(t, d), def: d, all: true, catch: true}
			w.pass(x.at...)
			w.sound()
			defer func() {
				got, ok := recover().(caught)
				if !ok || !strings.Contains(string(got), x.want) {
					t.Errorf("noticed: %q, want %q", got, x.want)
				}
			}()
			x.wound(w)
			w.sound()
		})
	}
}

func (w *world) boasts(who office.UserID, more func(office.Tx, office.Context) error) {
	_ = w.do(who, boast{w.approve(who), more}) // panics
}

// lastEvent is the id of the newest event.
func (w *world) lastEvent() (id string) {
	n := 0
	for _, r := range w.mem.All(approval.Events.Name) {
		var e approval.Event
		w.must(r.Decode(&e))
		if e.N > n {
			n, id = e.N, r.ID
		}
	}
	return id
}
