package sim

import (
	"bytes"

	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"net/http/httptest"
	"slices"
	"strings"
	"time"

	"qianshao/app/internal/engine"
	"qianshao/syncserver/office"
	"qianshao/syncserver/office/directory"
	"qianshao/syncserver/office/officetest"
	"qianshao/syncserver/protocol"
)

type key struct{ kind, id string }

// rows are records by kind and id.
type rows map[key]office.Record

// checkpoint is what the server's tables said when it told a desk that it was
// up to date.
type checkpoint struct {
	truth rows
	lastN int64
	asOf  int64
}

// truth is what a person may hold, by a fresh look at the server's tables: the
// records that reside on desks, in whose audience one of the person's channels
// is. It shares nothing with the server's own bookkeeping of channels.
func (w *world) truth(uid office.UserID) rows {
	if t, ok := w.server.truths[uid]; ok {
		return t
	}
	all, err := w.server.all()
	w.must(err)
	me, ok := all[key{directory.People.Name, string(uid)}]
	if !ok {
		w.fail(0, "%s is not in the directory", uid)
	}
	subs, err := directory.Subscriptions(me)
	w.must(err)
	out := rows{}
	for k, r := range all {
		kind := w.server.catalog.Kinds().Get(k.kind)
		if kind.Residence == office.ResidentNever {
			continue
		}
		chans, err := w.server.catalog.Kinds().Channels(r, all[key{kind.RootKind(), r.Root}])
		w.must(err)
		if slices.ContainsFunc(chans, func(c office.Channel) bool { return slices.Contains(subs, c) }) && w.resides(all, uid, r, all[key{kind.RootKind(), r.Root}]) {
			out[k] = r
		}
	}
	w.server.truths[uid] = out
	return out
}

// observe sees every request that reaches the server and every answer.
func (w *world) observe(l letter, rec *httptest.ResponseRecorder, serve func()) {
	body := w.inflate(l.body, l.header.Get("Content-Encoding"))
	if strings.HasSuffix(l.url, "/sync/push") {
		w.sees(l, body)
	}
	serve()
	if rec.Code != 200 {
		return
	}
	answer := w.inflate(rec.Body.Bytes(), rec.Header().Get("Content-Encoding"))
	switch {
	case strings.HasSuffix(l.url, "/sync/push"):
		w.server.changed()
		var p protocol.PushReply
		w.decode(answer, &p)
		if p.Verdict != protocol.VerdictOK {
			w.hears(p.Results)
			return
		}
		var q protocol.PushRequest
		w.decode(body, &q)
		w.accepted(q, p, string(body))
	case strings.HasSuffix(l.url, "/sync/pull"):
		var q protocol.PullRequest
		var p protocol.PullReply
		w.decode(body, &q)
		w.decode(answer, &p)
		w.hears(p.Results)
		if p.Need || p.More {
			return
		}
		c := checkpoint{truth: w.truth(l.desk.p.uid), lastN: w.handled[q.Device], asOf: p.AsOf}
		if q.MaxLane != nil { // a first load shows its first lanes early
			c.truth = maps.Clone(c.truth)
			for k := range c.truth {
				if w.server.catalog.Kinds().Get(k.kind).Lane > *q.MaxLane {
					delete(c.truth, k)
				}
			}
		}
		if p.LastN != c.lastN {
			w.fail(7, "%s: a pull tells last_n %d where the device is at %d", l.desk.name, p.LastN, c.lastN)
		}
		l.desk.served = append(l.desk.served, c)
	}
}

// accepted checks a push that the server took: a ticket is good for one request
// (a second machine with the same one is a copy), and a command that depends on
// a refused one is held. An answer given before stays, whatever a desk put back
// from a backup now says that the command depends on: a command discarded since
// the backup is queued again there and may be refused after what once followed it.
func (w *world) accepted(q protocol.PushRequest, p protocol.PushReply, body string) {
	w.handled[q.Device] = p.LastN
	ticket := q.Device + " " + q.Ticket
	if first, ok := w.spent[ticket]; ok && first != body {
		w.fail(2, "a push ticket of device %s is good for two requests", q.Device)
	}
	w.spent[ticket] = body
	for i, r := range p.Results {
		_, known := w.results[r.Mid]
		w.hears(p.Results[i : i+1])
		if known {
			continue
		}
		w.brings(q.Cmds[i].Kind, r)
		if r.Outcome == protocol.Held && !slices.ContainsFunc(q.Cmds[i].Deps, func(dep string) bool {
			what, known := w.results[dep]
			return !known || refused(what)
		}) {
			w.fail(4, "%s is held, and nothing that it depends on is refused", r.Mid)
		}
		for _, dep := range q.Cmds[i].Deps {
			if refused(w.results[dep]) && !refused(r.Outcome) {
				w.fail(4, "%s is %s though %s, on which it depends, is %s", r.Mid, r.Outcome, dep, w.results[dep])
			}
		}
	}
}

func refused(outcome string) bool {
	what, _, _ := strings.Cut(outcome, " ")
	return what == protocol.Rejected || what == protocol.Held || what == protocol.Quarantined
}

// hears holds every outcome ever told against the first one told of that mid.
func (w *world) hears(rs []protocol.Result) {
	for _, r := range rs {
		what := r.Outcome + " " + string(r.Code)
		if first, ok := w.results[r.Mid]; ok && first != what {
			w.fail(5, "%s was %q and is now %q", r.Mid, first, what)
		}
		w.results[r.Mid] = what
	}
}

// sees checks the order in which a device's commands go out.
func (w *world) sees(l letter, body []byte) {
	var p protocol.PushRequest
	w.decode(body, &p)
	by := w.sent[p.Device]
	if by == nil {
		by = map[int64]string{}
		w.sent[p.Device] = by
	}
	for _, c := range p.Cmds {
		if mid, ok := by[c.N]; ok && mid != c.Mid && !l.desk.disordered {
			w.fail(16, "%s: n %d of %s was %s and is now %s", l.desk.name, c.N, p.Device, mid, c.Mid)
		}
		by[c.N] = c.Mid
		if i := w.issued[c.Mid]; i != nil && !i.sent && !l.desk.disordered {
			i.sent = true
			l.desk.checkDeps(c)
		}
	}
}

// checkDeps holds what a command is said to depend on, when it first goes out,
// against what is plain to see: those that still wait for an answer, take effect
// on this desk and changed a note that it reads. A run that ended early, for want
// of a record or in a refusal, is sure to have read the first alone.
func (d *desk) checkDeps(c protocol.Command) {
	w := d.w
	reads, items := noteOf(c.Kind, c.Args), d.waiting()
	if i := slices.IndexFunc(items, func(it engine.Item) bool { return it.Mid == c.Mid }); i >= 0 && items[i].Foresight != "" {
		reads = reads[:min(1, len(reads))]
	}
	for _, it := range items {
		if it.Mid == c.Mid {
			break
		}
		if it.Outcome != "" || !it.Waiting || it.Foresight != "" {
			continue
		}
		for _, id := range noteOf(it.Command, it.Args) {
			if changesNote[it.Command] && slices.Contains(reads, id) && !slices.Contains(c.Deps, it.Mid) {
				w.fail(4, "%s: %s %s does not say that it depends on %s %s", d.name, c.Kind, c.Mid, it.Command, it.Mid)
			}
		}
	}
}

// changesNote are the commands that always change their notes.
var changesNote = map[string]bool{"sim.make@1": true, "sim.add@1": true, "sim.late@1": true, "sim.pair@1": true}

// noteOf are the notes that a command of the simulation reads.
func noteOf(kind string, args json.RawMessage) []string {
	var x struct{ ID, From, To, Note string }
	if !strings.HasPrefix(kind, "sim.") || json.Unmarshal(args, &x) != nil {
		return nil
	}
	return slices.DeleteFunc([]string{x.ID, x.From, x.To, x.Note}, func(id string) bool { return id == "" })
}

// check compares a desk with the oracle. done says that a sync has just reached
// a checkpoint; otherwise the desk may be at any that it was told of.
func (d *desk) check(done bool) {
	w := d.w
	if !w.verify {
		return
	}
	base := d.all(d.engine.Base)
	at := -1
	if done {
		if len(d.served) == 0 {
			w.fail(1, "%s: a sync ended well without a checkpoint", d.name)
		}
		at = len(d.served) - 1
		if diff := differ(base, d.served[at].truth); diff != "" {
			w.fail(1, "%s: base is not what the server holds for %s: %s", d.name, d.p.uid, diff)
		}
	} else if differ(base, d.base) != "" {
		at = slices.IndexFunc(d.served, func(c checkpoint) bool { return differ(base, c.truth) == "" })
		if at < 0 {
			last := d.base
			if len(d.served) > 0 {
				last = d.served[len(d.served)-1].truth
			}
			w.fail(1, "%s: base is of no checkpoint; against the last: %s", d.name, differ(base, last))
		}
	}
	if at >= 0 {
		c := d.served[at]
		for k, r := range base {
			if old, ok := d.base[k]; ok && r.Ver < old.Ver && !d.disordered {
				w.fail(19, "%s: %s %s went from version %d back to %d", d.name, k.kind, k.id, old.Ver, r.Ver)
			}
		}
		d.base, d.lastN = base, c.lastN
		d.served = d.served[:0]
	}
	items, err := d.engine.Outbox(w.ctx, engine.Filter{Archived: true})
	w.must(err)
	d.checkVisible(base, items)
	d.checkOutbox(items)
}

// checkVisible compares what the desk shows with the fold: the waiting commands
// run in order, on a fresh desk, over the base.
func (d *desk) checkVisible(base rows, items []engine.Item) {
	w := d.w
	mem := officetest.NewMem(w.server.catalog.Kinds())
	mem.Desk = true
	_, err := mem.Update(func(tx office.Tx) error {
		for _, k := range sorted(base) {
			r := base[k]
			if err := tx.Insert(r.Kind, r.ID, r.Root, r.Body); err != nil {
				return fmt.Errorf("%s %s: %w", r.Kind, r.ID, err)
			}
		}
		return nil
	})
	w.must(err)
	for _, it := range items {
		if !it.Waiting {
			continue
		}
		cmd, err := d.catalog().Decode(it.Command, it.Args)
		if office.CodeOf(err) == office.CodeUnknown {
			continue // of a newer program: it is sent all the same
		}
		w.must(err)
		// A refusal leaves nothing; the desk shows as much.
		at := time.UnixMilli(it.Claimed).UTC()
		_, _ = mem.Do(cmd, office.Context{Actor: d.p.uid, Now: at, Claimed: at, Mid: it.Mid})
	}
	want := rows{}
	for _, k := range w.server.catalog.Kinds().All() {
		for _, r := range mem.All(k.Name) {
			want[key{r.Kind, r.ID}] = r
		}
	}
	if diff := differ(d.all(d.engine.Visible), want); diff != "" {
		w.fail(3, "%s: what is shown is not the waiting commands over the base: %s", d.name, diff)
	}
}

// checkOutbox compares recorded outcomes with the server's.
func (d *desk) checkOutbox(items []engine.Item) {
	for _, it := range items {
		if it.Outcome == "" || d.w.rewound { // then it keeps what it once heard until it is told anew
			continue
		}
		r, _, ok, err := d.w.server.Outcome(it.Mid)
		d.w.must(err)
		if !ok {
			d.w.fail(5, "%s: %s has outcome %s, which the server does not know", d.name, it.Mid, it.Outcome)
		}
		if r.Outcome != it.Outcome || r.Code != it.Code {
			d.w.fail(5, "%s: %s is %s %s here and %s %s on the server", d.name, it.Mid, it.Outcome, it.Code, r.Outcome, r.Code)
		}
	}
}

// all reads the records of every kind.
func (d *desk) all(read func(ctx ctx, kinds ...string) ([]office.Record, error)) rows {
	rs, err := read(d.w.ctx)
	d.w.must(err)
	out := make(rows, len(rs))
	for _, r := range rs {
		out[key{r.Kind, r.ID}] = r
	}
	return out
}

// differ says how two sets of records differ in id, root or body; "" if not.
func differ(got, want rows) string {
	var out []string
	keys := map[key]bool{}
	for k := range got {
		keys[k] = true
	}
	for k := range want {
		keys[k] = true
	}
	for _, k := range slices.SortedFunc(maps.Keys(keys), compareKeys) {
		g, hasGot := got[k]
		x, hasWant := want[k]
		switch {
		case !hasGot:
			out = append(out, fmt.Sprintf("lacks %s %s %s", k.kind, k.id, x.Body))
		case !hasWant:
			out = append(out, fmt.Sprintf("has %s %s %s too many", k.kind, k.id, g.Body))
		case g.Root != x.Root || !bytes.Equal(g.Body, x.Body):
			out = append(out, fmt.Sprintf("%s %s is %s (under %s), should be %s (under %s)", k.kind, k.id, g.Body, g.Root, x.Body, x.Root))
		}
		if len(out) > 4 {
			return strings.Join(append(out, "…"), "; ")
		}
	}
	return strings.Join(out, "; ")
}

func compareKeys(a, b key) int {
	return cmp.Or(cmp.Compare(a.kind, b.kind), cmp.Compare(a.id, b.id))
}

func sorted(r rows) []key { return slices.SortedFunc(maps.Keys(r), compareKeys) }

// inflate is a body without its compression.
func (w *world) inflate(body []byte, encoding string) []byte {
	if encoding != protocol.Encoding {
		return body
	}
	out, err := w.codec.Decompress(body)
	w.must(err)
	return out
}

func (w *world) decode(raw []byte, v any) {
	if err := json.Unmarshal(raw, v); err != nil {
		w.fail(0, "decode %T: %v", v, err)
	}
}
