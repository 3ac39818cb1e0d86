package sim

import (
	"errors"
	"fmt"
	"testing"

	"qianshao/app/internal/engine"
	"qianshao/app/internal/vault"
	"qianshao/syncserver/office"
	"qianshao/syncserver/protocol"
)

// harms are what may happen to one record on a disk.
var harms = []struct{ what, sql string }{
	{"a flipped bit", "UPDATE r_sim_note SET body = substr(body, 1, length(body) - 2) || char(unicode(substr(body, length(body) - 1, 1)) | 1) || substr(body, length(body)) WHERE id = ?"},
	{"an empty body", "UPDATE r_sim_note SET body = '{}' WHERE id = ?"},
	{"another sum", "UPDATE r_sim_note SET sum = sum + 1 WHERE id = ?"},
	{"the record", "DELETE FROM r_sim_note WHERE id = ?"},
	{"the membership", "DELETE FROM member WHERE kind = 'sim.note' AND id = ?"},
}

// harm damages one note of a desk behind its back and reports whether that
// shows.
func (d *desk) harm(sql, id string) bool {
	w := d.w
	d.shut()
	db, err := vault.Profile{Dir: d.dir, Now: d.clock}.Write(w.ctx, vault.Replica)
	w.must(err)
	r, err := db.Exec(sql, id)
	w.must(err)
	n, err := r.RowsAffected()
	w.must(errors.Join(err, db.Close()))
	d.open()
	return n > 0
}

// flip damages a record on a disk: the desk finds it by itself and asks for
// that record alone (invariant 13).
func (w *world) flip() {
	if w.calm {
		return
	}
	d := pick(w.rng, w.desks)
	var ids []string
	for _, k := range sorted(d.base) {
		if k.kind == notes.Name {
			ids = append(ids, k.id)
		}
	}
	if len(ids) == 0 {
		return
	}
	h := pick(w.rng, harms)
	id := pick(w.rng, ids)
	weather, cut, busy := w.weather, d.cut, w.busy
	w.weather, d.cut, w.busy = calm, false, true
	defer func() { w.weather, d.cut, w.busy = weather, cut, busy }()
	w.log.add("%s loses %s of %s", d.name, h.what, id)
	if !d.harm(h.sql, id) {
		return
	}
	w.counts["flip"]++
	d.damaged = true
	defer func() { d.damaged = false }()
	_, err := d.engine.Scrub(w.ctx)
	w.must(err)
	for range 3 {
		if d.sync() {
			break
		}
	}
	found, err := d.engine.Check(w.ctx)
	w.must(err)
	if len(found) > 0 {
		w.fail(13, "%s: after a repair: %v", d.name, found)
	}
}

// Invariant 13: whatever happens to one of many records on the disk, the desk
// finds it, asks for that record alone, and has it again.
func TestDamageIsRepaired(t *testing.T) {
	for _, h := range harms {
		t.Run(h.what, func(t *testing.T) {
			w := calmWorld(t, protocol.PageDefault)
			guarded(t, w, func() {
				w.fill(100)
				d := w.desks[0]
				d.sync()
				if n, err := d.engine.Scrub(w.ctx); n != 0 || err != nil {
					t.Fatalf("before any damage: %d channels, %v", n, err)
				}
				d.damaged = true
				if !d.harm(h.sql, office.DeriveID("filled", "3")) {
					t.Fatal("nothing is damaged")
				}
				if n, err := d.engine.Scrub(w.ctx); n == 0 || err != nil {
					t.Errorf("the scrub found %d channels, %v", n, err)
				}
				before := w.traffic
				var r engine.Report
				var err error
				if !d.alive(func() error { r, err = d.engine.Sync(w.ctx); return err }) || r.Mended < 1 || r.Mended > 2 { // a membership lost is one in two channels
					t.Errorf("%+v", r)
				}
				if cost := w.traffic - before; cost > 12<<10 { // three questions in each of its channels, no reset
					t.Errorf("the repair cost %d bytes", cost)
				}
				if diff := differ(d.all(d.engine.Base), w.truth("a")); diff != "" {
					t.Error(diff)
				}
				if again, err := d.engine.Scrub(w.ctx); err != nil || again != 0 {
					t.Errorf("after the repair the scrub finds %d channels, %v", again, err)
				}
				es, err := d.engine.Events(w.ctx, 10)
				if err != nil || len(es) == 0 || es[0].What != "repair" {
					t.Errorf("%s %v", fmt.Sprint(es), err)
				}
			})
		})
	}
}
