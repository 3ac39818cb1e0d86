package demo

import (
	"testing"

	"qianshao/syncserver/office/approval"
	"qianshao/syncserver/office/document"
)

// TestStates: the demonstration shows a paper in every way it can stand.
func TestStates(t *testing.T) {
	st := filled(t)
	has := map[string]int{}
	for _, i := range decoded(t, st, approval.Instances) {
		has["instance "+i.State]++
		has["outcome "+i.Outcome]++
		if i.Parent != nil {
			has["part "+i.State]++
		}
		if len(i.Consents) > 0 {
			has["consent "+i.Consents[0].Verdict]++
		}
		for _, v := range i.Tokens {
			if v.Paper != nil {
				has["on paper"]++
			}
			if v.Policy != "" {
				has["free"]++
			}
		}
	}
	for _, x := range decoded(t, st, approval.Tasks) {
		has["task "+x.State+" "+x.Kind]++
		if x.Overdue && len(x.Escalated) > 0 {
			has["late and reported"]++
		}
	}
	for _, h := range decoded(t, st, document.Headers) {
		has["paper "+h.FlowState]++
	}
	for _, want := range []string{
		"instance running", "instance suspended", "instance ended", "outcome rejected", "outcome terminated", "outcome cancelled",
		"part running", "part ended", "consent amend", "on paper", "free", "late and reported", "task asleep ", "task open before", "task done before",
		"task open delegate", "task open after", "task open agent", "paper ", "paper running", "paper returned", "paper done",
	} {
		if has[want] == 0 {
			t.Errorf("no %s: %v", want, has)
		}
	}
}
