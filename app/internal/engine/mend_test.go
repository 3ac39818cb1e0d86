package engine_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"qianshao/app/internal/engine"
	"qianshao/app/internal/vault"
	"qianshao/syncserver/office"
	"qianshao/syncserver/protocol"
)

// lost makes one row of the next page that has it stay behind, as a fault of
// either side would have it.
func lost(p *spy, id string) {
	p.onPull = func(r *protocol.PullReply) {
		for i, row := range r.Rows {
			if row.ID == id {
				r.Rows = slices.Delete(r.Rows, i, i+1)
				p.onPull = nil
				return
			}
		}
	}
}

func events(t *testing.T, d *desk) string {
	t.Helper()
	es, err := d.Events(context.Background(), 100)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, e := range es {
		out = append(out, strings.TrimSpace(fmt.Sprintf("%s %s %d", e.What, e.Chan, e.Rows)))
	}
	return strings.Join(out, "; ")
}

// Of a channel whose sum differs exactly the bad rows are asked for, in the
// same sync, and it is told.
func TestOnlyBadRowsAreAskedFor(t *testing.T) {
	s := newServer("lin")
	for i := range 20 {
		s.as("lin", &makeNote{ID: fmt.Sprintf("n%d", i), Title: "甲"})
	}
	d, p := spied(t, s)
	d.sync()
	lost(p, "n1")
	s.as("lin", &add{ID: "n1", By: 3})
	r := d.sync()
	if st := d.Status(); r.Repairs != 1 || r.Mended != 1 || st.Repairs != 1 || st.LastError != "" {
		t.Fatalf("%+v %+v", r, st)
	}
	d.checkBase()
	d.checkOverlay()
	if len(p.asked) != 3 || len(p.asked[1].Buckets) != 1 || len(p.asked[2].Want) != 1 || p.asked[2].Want[0].ID != "n1" {
		t.Fatalf("asked %+v", p.asked)
	}
	if got := events(t, d); got != "repair u:lin 1" {
		t.Fatal(got)
	}
	hs, err := d.History(context.Background(), 1)
	if err != nil || hs[0].Repairs != 1 {
		t.Fatalf("%+v %v", hs, err)
	}
}

// Whatever happens to a row on the disk, the scrub finds it and exactly it is
// put right, under waiting commands too.
func TestScrubFindsAndMends(t *testing.T) {
	for name, harm := range map[string]string{
		"a flipped bit":      `UPDATE r_t_note SET body = replace(body, '甲', '申') WHERE id = 'n1'`,
		"another body":       `UPDATE r_t_note SET body = '{}', sum = 7 WHERE id = 'n1'`,
		"a sum":              `UPDATE r_t_note SET sum = sum + 1 WHERE id = 'n1'`,
		"a root":             `UPDATE r_t_note SET root = 'n2' WHERE id = 'n1'`,
		"a row gone":         `DELETE FROM r_t_note WHERE id = 'n1'`,
		"a member gone":      `DELETE FROM member WHERE id = 'n1'`,
		"a row too many":     `INSERT INTO member (chan, lane, kind, id) SELECT chan, lane, kind, 'ghost' FROM member WHERE id = 'n1'`,
		"the base of a row":  `UPDATE base SET body = replace(body, '乙', '已') WHERE id = 'n2'`,
		"the base went away": `UPDATE base SET present = 0 WHERE id = 'n2'`,
	} {
		t.Run(name, func(t *testing.T) {
			s := newServer("lin")
			s.as("lin", &makeNote{ID: "n1", Title: "甲"})
			s.as("lin", &makeNote{ID: "n2", Title: "乙"})
			s.as("lin", &makeNote{ID: "n3", Title: "丙"})
			d, p := spied(t, s)
			d.sync()
			if n, err := d.Scrub(context.Background()); n != 0 || err != nil {
				t.Fatal(n, err)
			}
			d.SetOffline(true)
			d.do(&add{ID: "n2", By: 5})
			meddle(t, d, vault.Replica, harm)
			if lines, err := d.Check(context.Background()); err != nil || len(lines) == 0 || !strings.Contains(lines[0], "u:lin") {
				t.Fatal(lines, err)
			}
			if n, err := d.Scrub(context.Background()); n != 1 || err != nil {
				t.Fatal(n, err)
			}
			d.way.lose = func(what string) (bool, bool) { return what == "push", false }
			d.SetOffline(false)
			p.asked = nil
			d.Sync(context.Background()) // the push is lost, the mend is not
			d.checkBase()
			d.checkOverlay()
			for _, q := range p.asked {
				if len(q.Want) > 1 {
					t.Errorf("asked for %+v", q.Want)
				}
			}
			d.way.lose = nil
			d.sync()
			d.checkBase()
			d.checkOverlay()
			if n, err := d.Scrub(context.Background()); n != 0 || err != nil {
				t.Fatal(n, err)
			}
			for _, r := range p.replies {
				if len(r.Reset) > 0 {
					t.Errorf("reset %+v", r.Reset)
				}
			}
		})
	}
}

// Where asking row by row does not help, the channel is read anew; where that
// does not help either, it is said, and not tried for ever.
func TestMendFallsBack(t *testing.T) {
	s := newServer("lin")
	s.as("lin", &makeNote{ID: "n1", Title: "甲"})
	d, p := spied(t, s)
	d.sync()
	harm := func() {
		meddle(t, d, vault.Replica, `UPDATE r_t_note SET body = '{}'`)
		if n, err := d.Scrub(context.Background()); n != 1 || err != nil {
			t.Fatal(n, err)
		}
	}
	// An older server knows no digest.
	harm()
	p.onDigest = func(protocol.DigestRequest, *protocol.DigestReply) error {
		return &office.Error{Code: protocol.CodeNoEndpoint}
	}
	d.sync()
	d.checkBase()
	// A busy channel moves on under each question, up to a point.
	harm()
	n := 0
	p.onDigest = func(_ protocol.DigestRequest, r *protocol.DigestReply) error { n++; r.Head++; return nil }
	for range 3 {
		d.sync()
	}
	d.checkBase()
	if n == 0 || n > 8 {
		t.Errorf("%d questions", n)
	}
	// A server whose sums are wrong for good is no reason to ask for ever.
	p.onDigest = nil
	wrong := func(r *protocol.PullReply) {
		for i := range r.Sums {
			r.Sums[i].N++
		}
	}
	p.onPull = wrong
	p.onDigest = func(_ protocol.DigestRequest, r *protocol.DigestReply) error { r.N++; return nil }
	s.as("lin", &add{ID: "n1", By: 3})
	d.sync()
	p.pulled, p.asked = nil, nil
	d.sync()
	if st := d.Status(); st.LastError != engine.CodeSums || len(p.pulled) > 2 || len(p.asked) > 0 {
		t.Fatalf("%+v, %d pulls, %d questions", st, len(p.pulled), len(p.asked))
	}
	d.checkBase()
	if got := events(t, d); !strings.Contains(got, "reset u:lin") {
		t.Error(got)
	}
}

// A kill while mending changes nothing.
func TestAKillWhileMending(t *testing.T) {
	for _, point := range []string{"mend.compared", "mend.applied"} {
		s := newServer("lin")
		s.as("lin", &makeNote{ID: "n1", Title: "甲"})
		d, _ := spied(t, s)
		d.sync()
		meddle(t, d, vault.Replica, `UPDATE r_t_note SET body = '{}'`)
		if n, err := d.Scrub(context.Background()); n != 1 || err != nil {
			t.Fatal(n, err)
		}
		d.kill = point
		if !d.survive(func() { d.Sync(context.Background()) }) {
			t.Fatalf("%s is not passed", point)
		}
		d.sync()
		d.checkBase()
		if n, err := d.Scrub(context.Background()); n != 0 || err != nil {
			t.Fatal(point, n, err)
		}
	}
}
