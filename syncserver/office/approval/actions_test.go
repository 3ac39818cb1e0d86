package approval_test

import (
	"fmt"
	"slices"
	"testing"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/approval"
	"qianshao/syncserver/office/approval/bpmn"
)

// TestActions: every row of the design is in the table, and a row's class is the
// class its command has in the catalog.
func TestActions(t *testing.T) {
	class := map[string]office.Class{}
	for _, s := range slices.Concat(approval.Specs(), bpmn.Specs()) {
		class[s.Kind] = s.Class
	}
	seen := map[string]bool{}
	for _, a := range approval.Actions() {
		seen[a.ID] = true
		if a.Name == "" || a.Where == "" || len(a.Who) == 0 {
			t.Errorf("%+v says too little", a)
		}
		if got, ok := class[a.Command]; a.Command != "" && (!ok || got != a.Class) {
			t.Errorf("%s %s: class %s, the catalog says %q", a.ID, a.Name, a.Class, got)
		}
		if a.Command == "" && a.Class != "" {
			t.Errorf("%s has a class and no command", a.ID)
		}
	}
	for n := 1; n <= 46; n++ {
		if !seen[fmt.Sprintf("W%d", n)] {
			t.Errorf("W%d is not in the table", n)
		}
	}
	for _, kind := range approval.Moving() {
		if _, ok := class[kind]; !ok {
			t.Errorf("%s moves and is no command", kind)
		}
	}
}

func (b *bench) offers(who office.UserID) []string {
	b.t.Helper()
	var out []string
	_, err := b.mem.Update(func(tx office.Tx) error {
		list, err := approval.Offers(tx, office.Context{Actor: who, Now: b.now}, instanceID)
		for _, o := range list {
			if x := o.ID + string(o.Class); !slices.Contains(out, x) {
				out = append(out, x)
			}
		}
		return err
	})
	b.must(err)
	return out
}

// TestOffers: what a screen can say before the act. What is offered and needs
// nothing more is taken; an outsider is offered nothing.
func TestOffers(t *testing.T) {
	b := fawen(t)
	has := func(who office.UserID, want ...string) {
		t.Helper()
		got := b.offers(who)
		for _, w := range want {
			if !slices.Contains(got, w) {
				t.Errorf("%s is not offered %s: %v", who, w, got)
			}
		}
	}
	hasNot := func(who office.UserID, not ...string) {
		t.Helper()
		for _, w := range b.offers(who) {
			if slices.Contains(not, w) {
				t.Errorf("%s is offered %s", who, w)
			}
		}
	}
	has("wang", "W1Q", "W7Q", "W11Q", "W12Q", "W15Q", "W27I", "W34Q", "W45Q")
	hasNot("wang", "W20I", "W21I", "W23N", "W4I", "W19Q")
	has("li", "W20I", "W21I", "W28N", "W27I")
	hasNot("li", "W1Q", "W42N")
	has("admin", "W23N", "W42N", "W28N")
	if got := b.offers("shen"); len(got) > 0 {
		t.Errorf("an outsider is offered %v", got)
	}
	b.pass("wang", "chu", "xu", "lin", "shao", "ma")
	hasNot("li", "W20I", "W21I", "W28N", "W27I")
	has("admin", "W43N")
}
