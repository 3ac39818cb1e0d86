package sim

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"qianshao/app/internal/engine"
	"qianshao/syncserver/office"
	"qianshao/syncserver/office/contact"
	"qianshao/syncserver/office/directory"
	"qianshao/syncserver/office/todo"
	"qianshao/syncserver/protocol"
)

// act is one thing that may happen, so many times of the sum of all.
type act struct {
	weight int
	name   string
	run    func(w *world)
}

func acts() []act {
	return []act{
		{34, "do", func(w *world) { pick(w.rng, w.desks).do() }},
		{24, "sync", func(w *world) { w.onesync() }},
		{6, "office", func(w *world) { w.office() }},
		{5, "assign", func(w *world) { w.assign() }},
		{4, "gc", func(w *world) { w.gc() }},
		{3, "clock", func(w *world) { w.clock() }},
		{5, "fuse", func(w *world) { w.arm() }},
		{4, "disk", func(w *world) { w.disk() }},
		{4, "late", func(w *world) { w.deliver() }},
		{3, "cable", func(w *world) { w.cable() }},
		{4, "tidy", func(w *world) { w.tidy() }},
		{2, "reboot", func(w *world) { w.reboot() }},
		{2, "jobs", func(w *world) { w.timers() }},
		{2, "version", func(w *world) { w.version() }},
		{3, "flip", func(w *world) { w.flip() }},
	}
}

// disasters are what only runs with rewind have: the server goes back to a
// backup once.
func disasters() []act {
	return []act{
		{3, "backup", func(w *world) { w.keep() }},
		{2, "rewind", func(w *world) { w.rewindServer() }},
	}
}

// history is what the world knows of the server, kept with a backup of it.
type history struct {
	dir     string
	proper  bool // made by the program, not a copy of the disk
	results map[string]string
	spent   map[string]string
	handled map[string]int64
	aged    int64
}

// keep makes a backup of the server.
func (w *world) keep() {
	if w.past != nil {
		return
	}
	proper := w.chance(60)
	w.log.add("server backup, proper %t", proper)
	w.past = &history{proper: proper, dir: filepath.Join(w.dir, "server-backup"), results: maps.Clone(w.results), spent: maps.Clone(w.spent), handled: maps.Clone(w.handled), aged: w.aged}
	if proper {
		dir, err := w.server.Backup(w.past.dir)
		w.must(err)
		w.past.dir = dir
		return
	}
	w.must(copyDir(w.server.dir, w.past.dir))
}

// rewindServer puts the backup in the place of the server.
func (w *world) rewindServer() {
	if w.past == nil || w.rewound {
		return
	}
	w.log.add("server restored from its backup")
	w.rewound = true
	if !w.past.proper {
		w.must(w.server.Close())
		w.must(os.RemoveAll(w.server.dir))
		w.must(os.Rename(w.past.dir, w.server.dir))
	}
	w.results, w.spent, w.handled, w.aged = w.past.results, w.past.spent, w.past.handled, w.past.aged
	w.sent = map[string]map[int64]string{}
	w.late = nil
	if w.past.proper {
		if w.server.twin != nil {
			w.must(w.server.twin.Close())
			w.server.twin = nil
		}
		w.must(w.server.Restore(w.past.dir))
		w.server.changed()
	} else {
		s, err := openServer(w.server.dir, func() time.Time { return w.now }, w.off, w.seed)
		w.must(err)
		w.server = s
	}
	if w.two {
		w.must(w.server.pair(func() time.Time { return w.now }, w.off, w.seed))
	}
	for _, d := range w.desks { // what was told before is of another history
		d.disordered = true
	}
}

// run is a whole simulation: steps, then quiet, then the last comparisons.
func (w *world) run() (err error) {
	defer func() {
		switch p := recover().(type) {
		case nil:
		case *failure:
			err = p
		default:
			panic(p)
		}
	}()
	all := acts()
	if w.rewind {
		all = append(slices.DeleteFunc(all, func(a act) bool { return a.name == "disk" }), disasters()...)
	}
	if w.files {
		all = append(all, fileActs()...)
	}
	sum := 0
	for _, a := range all {
		sum += a.weight
	}
	for w.step = 1; w.step <= w.steps; w.step++ {
		w.tick()
		n := w.rng.IntN(sum)
		for _, a := range all {
			if n < a.weight {
				a.run(w)
				break
			}
			n -= a.weight
		}
	}
	w.quiet()
	return nil
}

// onesync lets one desk sync.
func (w *world) onesync() {
	d := pick(w.rng, w.desks)
	if d.sync() && w.files && w.chance(60) {
		d.carry() // as a desk does that has reached a checkpoint
	}
}

// meanwhile lets something happen on the server between two requests of one
// desk: a pull of several pages sees several snapshots.
func (w *world) meanwhile(d *desk) {
	if w.calm || w.busy || !w.chance(15) {
		return
	}
	w.busy = true
	defer func() { w.busy = false }()
	w.tick()
	if len(w.late) > 0 && w.chance(30) {
		w.deliver()
		return
	}
	if w.chance(40) {
		w.gc()
		return
	}
	w.office()
}

// office lets somebody work directly on the server: another client, an import.
func (w *world) office() {
	ns := w.notes()
	var cmd office.Command
	who := pick(w.rng, w.people).uid
	mid := office.DeriveID("office", fmt.Sprint(w.seed), fmt.Sprint(w.step), fmt.Sprint(w.rng.Uint64()))
	switch k := w.rng.IntN(100); {
	case len(ns) == 0 || len(ns) < maxNotes && k < 20:
		cmd = &makeNote{ID: office.DeriveID("note", mid), Chans: w.some(), Parts: w.rng.IntN(4), Tail: "办"}
	case k < 55:
		cmd = &share{ID: pick(w.rng, ns).ID, Chans: w.some()}
	case k < 75:
		cmd = &add{ID: pick(w.rng, ns).ID, By: 100}
	case k < 88:
		id := pick(w.rng, ns).ID
		cmd = &putPart{ID: id, Part: office.DeriveID("part", id, fmt.Sprint(w.rng.IntN(3))), Text: "办", Only: w.some()}
	default:
		cmd = &drop{ID: pick(w.rng, ns).ID}
	}
	w.as(who, mid, cmd)
}

// as carries a command out on the server.
func (w *world) as(who office.UserID, mid string, cmd office.Command) {
	r, err := w.server.as(who, mid, cmd)
	w.must(err)
	w.log.add("office %s %s %s %s %s", who, cmd.Kind(), arguments(cmd), r.Outcome, r.Code)
}

// assign grants and takes channels from a person.
func (w *world) assign() {
	p := pick(w.rng, w.people)
	a := &directory.Assign{UID: p.uid}
	if w.chance(60) {
		a.Units = append(a.Units, "x")
	}
	if w.chance(60) {
		a.Units = append(a.Units, "y")
	}
	if len(a.Units) > 0 {
		a.Unit = a.Units[0]
	}
	if w.chance(50) {
		a.Posts = []string{"p"}
	}
	w.as(office.System, office.DeriveID("assign", fmt.Sprint(w.seed), fmt.Sprint(w.step)), a)
}

// gc lets the server forget removals, old or young.
func (w *world) gc() {
	before := w.now.Add(-time.Duration(max(0, w.rng.IntN(6)-2)) * time.Hour)
	w.log.add("gc before %s", before.Format(time.RFC3339))
	w.must(w.server.GC(before))
}

// clock sets a device's clock wrong, by up to ten years either way.
func (w *world) clock() {
	d := pick(w.rng, w.desks)
	skew := time.Duration(w.rng.Int64N(int64(20*365*24*time.Hour))) - 10*365*24*time.Hour
	w.log.add("%s clock", d.name)
	if !w.sound {
		d.skew = skew
	}
}

// arm makes a machine die soon, and lets it work until then.
func (w *world) arm() {
	if w.calm {
		return
	}
	d := pick(w.rng, w.desks)
	if w.chance(30) {
		d.fuse = 1 + w.rng.IntN(3)
		d.do()
	} else {
		d.fuse = 1 + w.rng.IntN(12)
		d.sync()
	}
	d.fuse = 0
}

// disk makes a backup of a machine, brings one back, or copies a machine onto
// another of the same person.
func (w *world) disk() {
	if w.calm {
		return
	}
	d := pick(w.rng, w.desks)
	switch {
	case d.backup == "" || w.chance(40):
		if d.backup != "" {
			w.must(os.RemoveAll(d.backup))
		}
		d.backup = d.image()
		w.log.add("%s backup", d.name)
		return
	case w.chance(60):
		w.log.add("%s restored", d.name)
		w.forgetUnsent(d)
		d.swap(d.backup)
		d.backup = ""
	default:
		other := d.p.desks[0]
		if other == d {
			other = d.p.desks[1]
		}
		w.log.add("%s copied onto %s", d.name, other.name)
		w.forgetUnsent(other)
		other.token, other.device, other.install = d.token, d.device, d.install
		other.swap(d.image())
		other.disordered = true
		d, other = other, d
		other.disordered = true
	}
	d.disordered = true
	w.counts["disk"]++
	// It is another machine now: what it holds is whatever its disk held.
	d.served = nil
	d.base = d.all(d.engine.Base)
	d.check(false)
}

// forgetUnsent notes that what a disk alone knew is lost with it.
func (w *world) forgetUnsent(d *desk) {
	for _, it := range d.waiting() {
		if i := w.issued[it.Mid]; i != nil {
			i.erased = true
		}
	}
}

// deliver lets a late message arrive.
func (w *world) deliver() {
	if len(w.late) > 0 {
		w.deliverLate()
	}
}

// cable plugs a desk's cable out or in.
func (w *world) cable() {
	if w.calm {
		return
	}
	d := pick(w.rng, w.desks)
	d.cut = !d.cut
	w.log.add("%s cut %t", d.name, d.cut)
}

// tidy lets a person end refused items: send again or discard.
func (w *world) tidy() {
	d := pick(w.rng, w.desks)
	for _, it := range d.waiting() {
		if it.State == engine.StateQueued && w.chance(10) {
			d.discard(it)
			break
		}
		if !it.NeedsYou || !w.chance(50) {
			continue
		}
		if w.chance(50) {
			d.discard(it)
			continue
		}
		var mid string
		var err error
		if d.alive(func() error { mid, err = d.engine.Retry(w.ctx, it.Mid); return nil }) && err == nil {
			w.issued[mid] = &issue{desk: d, kind: it.Command}
		}
		w.log.add("%s retry %s %s", d.name, it.Command, office.CodeOf(err))
	}
	d.check(false)
}

func (d *desk) discard(it engine.Item) {
	var err error
	if d.alive(func() error { err = d.engine.Discard(d.w.ctx, it.Mid); return nil }) && err == nil {
		if i := d.w.issued[it.Mid]; i != nil && it.Outcome == "" {
			i.erased = true
		}
	}
	d.w.log.add("%s discard %s %s %s", d.name, it.Command, it.State, office.CodeOf(err))
}

// reboot starts the server or a desk again.
func (w *world) reboot() {
	if w.chance(50) {
		w.log.add("server starts again")
		w.must(w.server.Restart())
		if w.server.twin != nil {
			w.must(w.server.twin.Restart())
		}
		return
	}
	d := pick(w.rng, w.desks)
	w.log.add("%s starts again", d.name)
	d.shut()
	d.open()
	d.check(false)
}

// quiet plugs everything in and lets all desks come to rest; then nothing may
// be lost, doubled, waiting or different.
func (w *world) quiet() {
	w.log.add("quiet")
	w.weather = calm
	for len(w.late) > 0 {
		w.deliverLate()
	}
	for _, d := range w.desks {
		d.cut, d.fuse = false, 0
	}
	w.busy = true // nothing happens between requests any more
	const rounds = 12
	for i := 0; ; i++ {
		rest, known := true, len(w.results)
		w.clean = w.calm || i >= 4
		for _, d := range w.desks {
			w.now = w.now.Add(time.Minute)
			if !d.sync() {
				rest = false
			}
			if w.files {
				d.carry()
			}
			for _, it := range d.waiting() {
				if it.Waiting || it.State == engine.StateQueued || it.State == engine.StateSent || it.State == engine.StateBlob {
					rest = false
				}
			}
		}
		rest = rest && len(w.results) == known    // what one sent last, all have pulled since
		if rest && i > 0 && (i > 5 || !w.files) { // files go one round before their commands
			break
		}
		if i == rounds {
			for _, d := range w.desks {
				for _, it := range d.waiting() {
					if it.Waiting || it.State == engine.StateQueued || it.State == engine.StateSent {
						w.fail(4, "%s: %s %s is still %s after %d quiet syncs", d.name, it.Command, it.Mid, it.State, rounds)
					}
				}
			}
			w.fail(4, "the desks do not come to rest")
		}
	}
	w.server.changed()
	w.atRest()
	for _, r := range w.results {
		w.counts[strings.TrimSpace(r)]++
	}
}

// atRest is what must hold when nothing is on its way.
func (w *world) atRest() {
	for _, p := range w.people {
		truth := w.truth(p.uid)
		for _, d := range p.desks {
			if diff := differ(d.all(d.engine.Base), truth); diff != "" {
				w.fail(3, "%s at rest: base: %s", d.name, diff)
			}
			if diff := differ(d.all(d.engine.Visible), truth); diff != "" {
				w.fail(3, "%s at rest: shown: %s", d.name, diff)
			}
			found, err := d.engine.Check(w.ctx)
			w.must(err)
			if len(found) > 0 {
				w.fail(1, "%s: doctor: %v", d.name, found)
			}
		}
	}
	for _, d := range w.desks {
		d.checkFiles(true)
	}
	w.checkStore()
	found, err := w.server.Check()
	w.must(err)
	found = slices.DeleteFunc(found, func(f string) bool { // of a machine that another was copied over
		return strings.Contains(f, "is stuck") && !slices.ContainsFunc(w.desks, func(d *desk) bool { return strings.Contains(f, d.device) })
	})
	if len(found) > 0 {
		w.fail(1, "server: doctor: %v", found)
	}
	w.onceEach()
	if w.plain { // what was done bears the server's time, whatever the desks' clocks said
		all, err := w.server.all()
		w.must(err)
		for _, k := range sorted(all) {
			if k.kind == todo.Items.Name || k.kind == contact.Cards.Name {
				w.log.add("at rest %s %s %s", k.kind, k.id, all[k].Body)
			}
		}
	}
}

// onceEach: every command that a desk took has one outcome on the server, and
// those that count have counted once if they took effect and never if not.
func (w *world) onceEach() {
	logs := map[string]map[string]int{}
	for _, n := range w.notes() {
		seen := map[string]int{}
		for _, mid := range n.Value.Log {
			seen[mid]++
			if seen[mid] > 1 {
				w.fail(2, "%s counted twice in note %s", mid, n.ID)
			}
			if r, ok := w.outcome(mid); !ok || r.Outcome != "applied" && r.Outcome != "conflict" {
				w.fail(2, "%s counts in note %s, and its outcome is %q", mid, n.ID, r.Outcome)
			}
		}
		logs[n.ID] = seen
	}
	ended := map[string]bool{} // refused, by a server that may have forgotten it
	for _, d := range w.desks {
		for _, it := range d.waiting() {
			ended[it.Mid] = refused(it.Outcome)
		}
	}
	for mid, i := range w.issued {
		r, ok := w.outcome(mid)
		if !ok {
			if !i.erased && !(w.rewound && ended[mid]) {
				which := 4
				if w.rewound {
					which = 6
				}
				w.fail(which, "%s of %s, %s, is not on the server", mid, i.desk.name, i.kind)
			}
			continue
		}
		seen, there := logs[i.target]
		if r.Outcome == "applied" && i.target != "" && there && seen[mid] != 1 {
			w.fail(2, "%s is applied and counts %d times in note %s", mid, seen[mid], i.target)
		}
	}
}

// outcome is the server's record of a command.
func (w *world) outcome(mid string) (protocol.Result, bool) {
	r, _, ok, err := w.server.Outcome(mid)
	w.must(err)
	return r, ok
}

// timers lets the server do what is due.
func (w *world) timers() {
	w.server.changed()
	n, err := w.server.RunJobs()
	w.must(err)
	w.log.add("jobs %d", n)
}
