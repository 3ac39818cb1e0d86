package proof

import (
	"context"
	"slices"
	"testing"
	"time"

	"qianshao/app/internal/engine"
	"qianshao/syncserver/office"
	"qianshao/syncserver/office/approval"
	"qianshao/syncserver/office/catalog"
	"qianshao/syncserver/office/document"
	"qianshao/syncserver/protocol"
)

// machines are the desks of the only purge as xu's desk shows them: id to state.
func (g *ground) machines() (approval.Purge, map[string]string) {
	g.t.Helper()
	g.xu.sync()
	rs, err := g.xu.Visible(context.Background(), approval.Purges.Name)
	if err != nil || len(rs) != 1 {
		g.t.Fatalf("%d purges, %v", len(rs), err)
	}
	var p approval.Purge
	if err := rs[0].Decode(&p); err != nil {
		g.t.Fatal(err)
	}
	out := map[string]string{}
	desks, err := g.xu.Children(context.Background(), approval.PurgeDesks.Name, rs[0].ID)
	if err != nil {
		g.t.Fatal(err)
	}
	for _, r := range desks {
		var d approval.PurgeDesk
		if err := r.Decode(&d); err != nil {
			g.t.Fatal(err)
		}
		out[d.Machine] = d.State
	}
	return p, out
}

// TestPurge: W22 over the real protocol. xu takes back a copy that qian has
// on three machines. One is on line, erases it and says so; one is off line, where
// qian reads the copy meanwhile: at its next contact it erases too, and qian keeps
// the words; one is revoked and is no longer waited for. Traces verify all along,
// at the server and on the desks, words or no words.
func TestPurge(t *testing.T) {
	for _, store := range []string{"sqlite", "postgres"} {
		t.Run(store, func(t *testing.T) {
			t.Parallel()
			url := ""
			if store == "postgres" {
				url = pg.Database(t)
			}
			g := newGround(t, url)
			cat, err := catalog.New()
			if err != nil {
				t.Fatal(err)
			}
			away, second, lost := newMachineOf(t, g.s, cat, "qian", "i-away"), newMachineOf(t, g.s, cat, "qian", "i-second"), newMachineOf(t, g.s, cat, "qian", "i-lost")
			c := &case_{scene: scene{id: "W22", name: "收回", drafter: "xu", steps: one(approval.All, "shen")}}
			g.cases = append(g.cases, c)
			g.prepare(c)
			g.xu.sync()
			g.online(g.xu, &approval.Circulate{ID: "c1", SubjectKind: document.Headers.Name, Subject: c.paper(), To: []office.UserID{"qian"}})
			copyID := approval.CopyID("c1", "qian")
			for _, d := range []*desk{away, second, lost} {
				d.sync()
				get(d, approval.Copies, copyID)
				if hits, err := d.Search(context.Background(), "收回", 10); err != nil || len(hits) == 0 {
					t.Fatalf("the paper is not found: %v", err)
				}
			}
			away.away, lost.away = true, true
			said := away.give(&approval.Read{ID: copyID, Words: "已阅，无意见。"})
			g.s.Clock.Add(time.Hour)
			g.online(g.xu, &approval.RecallCopies{Circulation: "c1", SubjectKind: document.Headers.Name, Subject: c.paper(), Words: "印发范围有误"})

			want := func(at string, done bool, states map[string]string) {
				t.Helper()
				p, got := g.machines()
				if p.By != "xu" || p.Words != "印发范围有误" || !slices.Equal(p.From, []office.UserID{"qian"}) || (p.Done != 0) != done {
					t.Errorf("%s: %+v", at, p)
				}
				for id, s := range states {
					if got[id] != s {
						t.Errorf("%s: %s is %q, want %q", at, id, got[id], s)
					}
				}
				if len(got) != len(states) {
					t.Errorf("%s: %v", at, got)
				}
				if broken, err := g.s.Verify(); err != nil || len(broken) > 0 {
					t.Errorf("%s: verify: %v %v", at, broken, err)
				}
			}
			first := away.device
			want("recalled", false, map[string]string{first: approval.PurgeOpen, second.device: approval.PurgeOpen, lost.device: approval.PurgeOpen})
			second.sync()
			want("one has confirmed", false, map[string]string{first: approval.PurgeOpen, second.device: approval.PurgeGone, lost.device: approval.PurgeOpen})
			if err := g.s.RevokeDevice(lost.device); err != nil {
				t.Fatal(err)
			}
			want("one is revoked", false, map[string]string{first: approval.PurgeOpen, second.device: approval.PurgeGone, lost.device: approval.PurgeLost})

			away.away = false
			away.sync()
			second.sync()
			want("back", false, map[string]string{first: approval.PurgeGone, second.device: approval.PurgeGone, lost.device: approval.PurgeLost})
			if i := away.item(said); i.Outcome != protocol.Rejected || !i.NeedsYou || !slices.Contains([]office.Code{office.CodeState, office.CodeNotFound}, i.Code) {
				t.Errorf("the words read off line: %s %s", i.Outcome, i.Code)
			}
			for _, d := range []*desk{away, second} {
				for kind, id := range map[string]string{approval.Copies.Name: copyID, document.Headers.Name: c.paper()} {
					if _, ok, err := d.Get(context.Background(), kind, id); ok || err != nil {
						t.Errorf("%s %s is still there: %v", kind, id, err)
					}
				}
				if hits, err := d.Search(context.Background(), "收回", 10); err != nil || len(hits) != 0 {
					t.Errorf("still found: %v %v", hits, err)
				}
				g.holds(d)
			}
			sent, err := second.Outbox(context.Background(), engine.Filter{Archived: true})
			if err != nil || len(sent) != 1 {
				t.Errorf("%d confirmations of one machine, %v", len(sent), err)
			}
			second.sync()
			if again, err := second.Outbox(context.Background(), engine.Filter{Archived: true}); err != nil || len(again) != 1 {
				t.Errorf("it confirms again: %d, %v", len(again), err)
			}
			if faults, err := g.s.Check(); err != nil || len(faults) > 0 {
				t.Errorf("server doctor: %v %v", faults, err)
			}
		})
	}
}
