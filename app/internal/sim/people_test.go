package sim

import (
	"encoding/json"
	"fmt"
	"slices"

	"qianshao/app/internal/engine"
	"qianshao/syncserver/office"
	"qianshao/syncserver/office/approval"
	"qianshao/syncserver/office/contact"
	"qianshao/syncserver/office/document"
	"qianshao/syncserver/office/todo"
)

// How many records of the simulation's own are kept alive: more make more
// traffic, not more cases.
const (
	maxNotes  = 14
	maxPapers = 6
)

// do lets the desk's person give a few commands that the screen suggests.
func (d *desk) do() {
	for range 1 + d.w.rng.IntN(3) {
		if cmd := d.choose(); cmd != nil {
			d.give(cmd)
			d.w.counts["do"]++
		}
	}
	d.check(false)
}

// give runs one command on the desk and notes that it was taken.
func (d *desk) give(cmd office.Command) (mid string, err error) {
	w := d.w
	before := d.waiting()
	survived := d.alive(func() error {
		mid, err = d.engine.Do(w.ctx, cmd)
		return nil
	})
	if !survived {
		// The person looks whether it was taken. If so it must stay, if not it
		// is as if it had never been given.
		for _, it := range d.waiting() {
			if !slices.ContainsFunc(before, func(b engine.Item) bool { return b.Mid == it.Mid }) {
				mid = it.Mid
			}
		}
		if mid == "" {
			w.log.add("%s lost %s while dying", d.name, cmd.Kind())
			return "", nil
		}
	}
	w.log.add("%s %s %s %s", d.name, cmd.Kind(), arguments(cmd), office.CodeOf(err))
	if err != nil {
		if office.CodeOf(err) == office.CodeInternal {
			w.fail(0, "%s: %s: %v", d.name, cmd.Kind(), err)
		}
		return "", err
	}
	w.issued[mid] = &issue{desk: d, kind: cmd.Kind(), target: counted(cmd)}
	return mid, nil
}

func arguments(cmd office.Command) string {
	b, err := json.Marshal(cmd)
	if err != nil {
		return err.Error()
	}
	return string(b)
}

// counted is the note in which a command leaves its mid.
func counted(cmd office.Command) string {
	switch x := cmd.(type) {
	case *add:
		return x.ID
	case *lateRefusal:
		return x.ID
	case *pair:
		return x.From
	case *tally1:
		return x.Note
	case *tally2:
		return x.ID
	case *tally3:
		return x.ID
	}
	return ""
}

func (d *desk) waiting() []engine.Item {
	items, err := d.engine.Outbox(d.w.ctx, engine.Filter{Archived: true})
	d.w.must(err)
	return items
}

// see reads the visible records of a kind with their bodies.
func see[T any](d *desk, k office.Of[T]) []office.Item[T] {
	rs, err := d.engine.Visible(d.w.ctx, k.Name)
	d.w.must(err)
	slices.SortFunc(rs, func(a, b office.Record) int { return compareKeys(key{a.Kind, a.ID}, key{b.Kind, b.ID}) })
	out := make([]office.Item[T], len(rs))
	for i, r := range rs {
		out[i].Record = r
		d.w.must(r.Decode(&out[i].Value))
	}
	return out
}

// newID is an id for a record the desk's person makes. It does not depend on the
// desk's clock, so that a run can be compared with one whose clocks are right.
func (d *desk) newID() string {
	d.made++
	return office.DeriveID("made", d.name, fmt.Sprint(d.made))
}

// choose picks a command; nil if the screen shows nothing to do it with.
func (d *desk) choose() office.Command {
	w := d.w
	switch n := w.rng.IntN(100); {
	case n < 46:
		return d.chooseNote()
	case n < 72 || w.plain:
		return d.chooseSmall()
	default:
		return d.choosePaper()
	}
}

func (d *desk) chooseNote() office.Command {
	w := d.w
	ns := see(d, notes)
	if len(ns) == 0 || len(ns) < maxNotes && w.chance(15) {
		return &makeNote{ID: d.newID(), Chans: w.some(), Parts: w.rng.IntN(3), Tail: fmt.Sprintf("记事 %d", w.step)}
	}
	n := pick(w.rng, ns)
	switch k := w.rng.IntN(100); {
	case k < 10:
		return d.tally(n.ID, int64(1+w.rng.IntN(99)))
	case k < 35:
		return &add{ID: n.ID, By: int64(1 + w.rng.IntN(9))}
	case k < 50:
		return &lateRefusal{ID: n.ID, Seen: n.Value.N}
	case k < 62:
		return &pair{From: n.ID, To: pick(w.rng, ns).ID}
	case k < 72:
		return &share{ID: n.ID, Chans: w.some()}
	case k < 80:
		return &count{ID: n.ID, Owner: pick(w.rng, w.people).uid}
	case k < 92:
		p := office.DeriveID("part", n.ID, fmt.Sprint(w.rng.IntN(3)))
		var only []office.Channel
		if w.chance(40) {
			only = w.some()
		}
		return &putPart{ID: n.ID, Part: p, Text: fmt.Sprint(w.rng.IntN(10)), Only: only}
	default:
		return &drop{ID: n.ID}
	}
}

// chooseSmall edits to-dos and contacts: fields are merged or kept as conflicts.
func (d *desk) chooseSmall() office.Command {
	w := d.w
	if w.chance(50) {
		ts := see(d, todo.Items)
		if len(ts) == 0 || len(ts) < 3 && w.chance(10) {
			return &todo.Create{ID: d.newID(), Title: fmt.Sprintf("待办 %d", w.step)}
		}
		t := pick(w.rng, ts)
		switch w.rng.IntN(8) {
		case 0:
			return &todo.Delete{ID: t.ID}
		case 1:
			return &todo.Edit{ID: t.ID, Changes: changes(t.Record, "done", !t.Value.Done)}
		default:
			return &todo.Edit{ID: t.ID, Changes: changes(t.Record, pick(w.rng, []string{"title", "note"}), fmt.Sprintf("改 %d", w.step))}
		}
	}
	cs := see(d, contact.Cards)
	mine := 0
	for _, c := range cs {
		if c.Value.Owner == d.p.uid {
			mine++
		}
	}
	if mine == 0 || mine < 2 && w.chance(10) {
		var other []string
		for _, p := range w.people {
			if p != d.p {
				other = append(other, string(p.uid))
			}
		}
		return &contact.Create{ID: d.newID(), Name: fmt.Sprintf("联系人 %d", w.step), Editors: other[:1]}
	}
	c := pick(w.rng, cs)
	return &contact.Edit{ID: c.ID, Changes: changes(c.Record, pick(w.rng, []string{"title", "org"}), fmt.Sprintf("职 %d", w.step))}
}

// changes is an edit of one field as the screen shows it.
func changes(r office.Record, field string, v any) []office.Change {
	m, err := r.Fields()
	if err != nil {
		panic(err)
	}
	raw, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return []office.Change{{Field: field, Old: m[field], New: raw}}
}

// choosePaper drafts, writes, starts and handles papers.
func (d *desk) choosePaper() office.Command {
	w := d.w
	hs := see(d, document.Headers)
	var open []office.Item[approval.Task]
	for _, t := range see(d, approval.Tasks) {
		if t.Value.Person == d.p.uid && t.Value.State == approval.TaskOpen {
			open = append(open, t)
		}
	}
	if len(open) > 0 && w.chance(70) {
		return d.handle(pick(w.rng, open))
	}
	if len(hs) == 0 || len(hs) < maxPapers && w.chance(30) {
		return &document.DraftPaper{
			ID: d.newID(), Direction: document.Internal, Genre: simGenre, Title: fmt.Sprintf("签报 %d", w.step),
			Blocks: []document.Block{block("b1", "一"), block("b2", "二")},
		}
	}
	h := pick(w.rng, hs)
	switch k := w.rng.IntN(100); {
	case k < 35 && h.Value.Drafter == d.p.uid && h.Value.FlowState == document.Draft:
		return &approval.Start{ID: d.newID(), Flow: simFlow, SubjectKind: document.Headers.Name, Subject: h.ID, SeenHash: d.hash(h)}
	case k < 70:
		return d.write(h)
	case k < 80:
		return &document.Edit{ID: h.ID, Changes: changes(h.Record, "title", fmt.Sprintf("签报改 %d", w.step))}
	case k < 88 && h.Value.Flow != "":
		return &approval.TakeBack{Instance: h.Value.Flow, Subject: h.ID, Words: "取回"}
	case k < 94:
		return &approval.Circulate{ID: d.newID(), SubjectKind: document.Headers.Name, Subject: h.ID, To: []office.UserID{pick(w.rng, w.people).uid}}
	case h.Value.Drafter == d.p.uid && h.Value.FlowState == document.Draft && w.chance(30):
		return &document.Discard{ID: h.ID}
	}
	for _, c := range see(d, approval.Copies) {
		if c.Value.To == d.p.uid && c.Value.State == approval.CopyUnread {
			return &approval.Read{ID: c.ID, Words: "阅"}
		}
	}
	return nil
}

func block(id, text string) document.Block {
	return document.Block{ID: id, Type: document.BlockText, Text: text}
}

// body is the text as this desk shows it; false if it is not here.
func (d *desk) body(id string) (document.Body, bool) {
	var b document.Body
	r, ok, err := d.engine.Get(d.w.ctx, document.Bodies.Name, id)
	d.w.must(err)
	if ok {
		d.w.must(r.Decode(&b))
	}
	return b, ok
}

// hash is computed from what the desk shows.
func (d *desk) hash(h office.Item[document.Header]) string {
	b, _ := d.body(h.ID)
	return document.ContentHash(h.Value.Elements(), b.Blocks)
}

// write changes one block of a text.
func (d *desk) write(h office.Item[document.Header]) office.Command {
	b, ok := d.body(h.ID)
	if !ok || len(b.Blocks) == 0 {
		return nil
	}
	old := pick(d.w.rng, b.Blocks)
	now := old
	now.Text += fmt.Sprint(d.w.rng.IntN(10))
	op := document.Op{Op: document.OpSet, Block: old.ID, Old: &old, New: &now}
	if d.w.chance(20) {
		id := d.newID()
		n := block(id, "新")
		op = document.Op{Op: document.OpInsert, Block: id, After: old.ID, New: &n}
	}
	return &document.SaveBody{ID: h.ID, BaseRev: h.Value.Rev, Ops: []document.Op{op}}
}

// handle acts on a task on the text as shown.
func (d *desk) handle(t office.Item[approval.Task]) office.Command {
	w := d.w
	v := t.Value
	hash := ""
	if r, ok, err := d.engine.Get(w.ctx, v.SubjectKind, v.Subject); err == nil && ok {
		h := office.Item[document.Header]{Record: r}
		w.must(r.Decode(&h.Value))
		hash = d.hash(h)
	}
	switch k := w.rng.IntN(100); {
	case k < 60:
		return &approval.Approve{Task: t.ID, Subject: v.Subject, TaskRev: v.Rev, Step: v.Step, SeenHash: hash, Words: fmt.Sprintf("同意 %d", w.step)}
	case k < 85:
		return &approval.Return{Task: t.ID, Subject: v.Subject, TaskRev: v.Rev, Step: v.Step, SeenHash: hash, Words: fmt.Sprintf("退回 %d", w.step)}
	default:
		return &approval.Transfer{Task: t.ID, Subject: v.Subject, TaskRev: v.Rev, Step: v.Step, To: pick(w.rng, w.people).uid, Words: "转"}
	}
}
