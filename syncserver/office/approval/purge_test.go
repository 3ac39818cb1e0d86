package approval_test

import (
	"slices"
	"testing"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/approval"
)

// desks are the machines of a purge, "reader machine state", in order.
func (b *bench) desks() []string {
	var out []string
	for _, r := range b.mem.All(approval.PurgeDesks.Name) {
		var d approval.PurgeDesk
		b.must(r.Decode(&d))
		out = append(out, string(d.Reader)+" "+d.Machine+" "+d.State)
	}
	slices.Sort(out)
	return out
}

func (b *bench) orders() map[office.UserID]office.Item[approval.PurgeOrder] {
	out := map[office.UserID]office.Item[approval.PurgeOrder]{}
	for _, r := range b.mem.All(approval.PurgeOrders.Name) {
		x := office.Item[approval.PurgeOrder]{Record: r}
		b.must(r.Decode(&x.Value))
		out[x.Value.To] = x
	}
	return out
}

func (b *bench) purge() (p approval.Purge) {
	b.t.Helper()
	all := b.mem.All(approval.Purges.Name)
	if len(all) != 1 {
		b.t.Fatalf("%d records of a purge", len(all))
	}
	b.must(all[0].Decode(&p))
	return p
}

// TestW22Purge: a recall is on record with its grounds; each machine that may
// hold a copy is asked, confirms for itself and for nobody else, and the trace
// says when the last one has. One that was revoked never does, and is shown so.
func TestW22Purge(t *testing.T) {
	b := run(t, small(solo()))
	b.machines = map[office.UserID][]approval.Machine{
		"han": {{ID: "h1", Name: "办公室"}, {ID: "h2", Name: "笔记本"}}, "qian": {{ID: "q1"}, {ID: "q0", Lost: true}}, "shen": {{ID: "s1"}},
	}
	b.ok("li", &approval.Circulate{ID: "c1", SubjectKind: papers.Name, Subject: paperID, To: []office.UserID{"han", "shen", "qian"}})
	b.ok("shen", &approval.Read{ID: approval.CopyID("c1", "shen")})
	b.ok("li", &approval.RecallCopies{Circulation: "c1", SubjectKind: papers.Name, Subject: paperID, Words: "印发范围有误"})

	p := b.purge()
	if p.By != "li" || p.Words != "印发范围有误" || !slices.Equal(p.From, []office.UserID{"han", "qian"}) || p.Done != 0 {
		t.Errorf("%+v", p)
	}
	if e := b.wantTraced(approval.EventRecall); e.Who != "li" || e.Detail != p.Words || !slices.Equal(e.To, p.From) {
		t.Errorf("%+v", e)
	}
	if got := b.desks(); !slices.Equal(got, []string{"han h1 open", "han h2 open", "qian q0 lost", "qian q1 open"}) {
		t.Errorf("%v", got)
	}
	orders := b.orders()
	if len(orders) != 2 || !slices.Equal(orders["qian"].Value.Ask, []string{"q1"}) {
		t.Fatalf("%+v", orders)
	}
	r := orders["han"].Record
	if chans, _ := approval.PurgeOrders.Audience(r); !slices.Equal(chans, office.To("han")) {
		t.Errorf("an order reaches %v", chans)
	}
	if chans, _ := approval.Purges.Audience(b.mem.All(approval.Purges.Name)[0]); !slices.Equal(chans, office.To("li")) {
		t.Errorf("the record reaches %v", chans)
	}

	// A desk owes an answer once its copies are gone, and only where it is asked.
	owes := func(machine string, holds ...string) []office.Command {
		t.Helper()
		out, err := approval.Erased(
			func(office.Query) ([]office.Record, error) { return []office.Record{r}, nil },
			func(kind, id string) (bool, error) { return slices.Contains(holds, kind+" "+id), nil }, "han", machine)
		b.must(err)
		return out
	}
	if got := owes("h1", approval.Copies.Name+" "+approval.CopyID("c1", "han")); len(got) != 0 {
		t.Errorf("it confirms what is still there: %+v", got[0])
	}
	if got := owes("h9"); len(got) != 0 {
		t.Errorf("a machine confirms that nobody asks: %+v", got[0])
	}
	said := owes("h1", papers.Name+" "+paperID)
	if len(said) != 1 || *said[0].(*approval.ConfirmPurge) != (approval.ConfirmPurge{Order: r.ID, Subject: paperID, Machine: "h1", Kept: true}) {
		t.Fatalf("%+v", said)
	}

	// Somebody else's word counts for nothing, nor does one for another machine:
	// where it came from the server knows.
	b.refused("qian", said[0], office.CodeNotPermitted)
	b.refused("han", &approval.ConfirmPurge{Order: r.ID, Subject: "p2", Machine: "h1"}, office.CodeInvalid)
	b.from = "h2"
	b.ok("han", said[0])
	if got := b.desks(); !slices.Equal(got[:2], []string{"han h1 open", "han h2 gone"}) {
		t.Errorf("%v", got)
	}
	b.from = "h1"
	b.ok("han", &approval.ConfirmPurge{Order: r.ID, Subject: paperID, Machine: "h2"})
	b.from = "h7"
	b.ok("han", &approval.ConfirmPurge{Order: r.ID, Subject: paperID, Machine: "h7"}) // nobody waits for it
	b.from = "q1"
	b.ok("qian", &approval.ConfirmPurge{Order: orders["qian"].ID, Subject: paperID, Machine: "q1"})
	if got := b.desks(); !slices.Equal(got, []string{"han h1 gone", "han h2 gone", "qian q0 lost", "qian q1 gone"}) || b.purge().Done != 0 {
		t.Errorf("%v; done %d although one is lost", got, b.purge().Done)
	}
	if len(owes("h1")) != 1 { // the old record does not know of the answer
		t.Error("an order that is not answered is forgotten")
	}
	if r = b.orders()["han"].Record; len(owes("h1")) != 0 {
		t.Error("an answered order is answered again")
	}
}

// TestW22PurgeDone: with the last machine the purge is done, in its record and in
// the trace; a machine that is revoked meanwhile is no longer waited for.
func TestW22PurgeDone(t *testing.T) {
	b := run(t, small(solo()))
	b.machines = map[office.UserID][]approval.Machine{"han": {{ID: "h1"}}, "shen": {{ID: "s1"}, {ID: "s2"}}}
	circulate := func(id string, to office.UserID) {
		b.ok("li", &approval.Circulate{ID: id, SubjectKind: papers.Name, Subject: paperID, To: []office.UserID{to}})
		b.ok("li", &approval.RecallCopies{Circulation: id, SubjectKind: papers.Name, Subject: paperID, Words: "收回"})
	}
	circulate("c1", "han")
	b.ok("han", &approval.ConfirmPurge{Order: b.orders()["han"].ID, Subject: paperID, Machine: "h1"})
	if b.purge().Done == 0 {
		t.Error("it is not done")
	}
	if e := b.wantTraced(approval.EventPurged); e.Who != office.System || e.Detail != "1" || !slices.Equal(e.To, []office.UserID{"han"}) {
		t.Errorf("%+v", e)
	}
	circulate("c2", "shen")
	b.refused("li", &approval.LoseMachine{Machine: "s1"}, office.CodeNotPermitted)
	b.ok(office.System, &approval.LoseMachine{Machine: "s1"})
	if got := b.desks(); !slices.Equal(got, []string{"han h1 gone", "shen s1 lost", "shen s2 open"}) {
		t.Errorf("%v", got)
	}
	circulate("c3", "xu") // has no machine: nothing is to be purged
	for _, r := range b.mem.All(approval.Purges.Name) {
		var p approval.Purge
		b.must(r.Decode(&p))
		if p.Circulation == "c3" && p.Done == 0 {
			t.Error("nobody has to confirm, and it is not done")
		}
	}
	if e := b.wantTraced(approval.EventPurged); e.Detail != "1" {
		t.Errorf("the trace tells of machines that there are not: %+v", e)
	}
}
