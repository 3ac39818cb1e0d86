package authority

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"testing"

	"qianshao/syncserver/office"
	"qianshao/syncserver/protocol"
)

// desk is the least client that follows sync.md §3: it stages pages, applies
// them at a checkpoint and checks the sums.
type desk struct {
	w      *world
	caller Caller
	dev    string
	n      int64
	ticket string
	tix    int

	cursors []protocol.Cursor
	member  map[protocol.ChanLane]map[key]bool
	base    map[key]protocol.Row
	lastN   int64
	resets  int
	rewound bool
	pages   int
	results []protocol.Result
	known   bool // try the digest first
	limit   int
	badSums []string
}

func (w *world) desk(uid office.UserID, dev string) *desk {
	w.t.Helper()
	if err := w.RegisterDevice(context.Background(), uid, dev, "install-"+dev); err != nil {
		w.t.Fatal(err)
	}
	return &desk{w: w, caller: Caller{uid, dev}, dev: dev, member: map[protocol.ChanLane]map[key]bool{}, base: map[key]protocol.Row{}}
}

// request makes the next push of these commands.
func (d *desk) request(cmds ...office.Command) (protocol.PushRequest, []byte) {
	d.tix++
	r := protocol.PushRequest{Device: d.dev, Ticket: d.ticket, Next: fmt.Sprintf("%s-ticket-%d", d.dev, d.tix)}
	for i, c := range cmds {
		r.Cmds = append(r.Cmds, wire(c, d.n+1+int64(i), d.w.mid()))
	}
	return r, raw(r)
}

func raw(r protocol.PushRequest) []byte {
	b, err := json.Marshal(r)
	if err != nil {
		panic(err)
	}
	return b
}

func wire(c office.Command, n int64, mid string, deps ...string) protocol.Command {
	args, err := json.Marshal(c)
	if err != nil {
		panic(err)
	}
	return protocol.Command{N: n, Mid: mid, Kind: c.Kind(), Args: args, Deps: deps, Claimed: 1}
}

// send pushes a request and follows its answer.
func (d *desk) send(r protocol.PushRequest, b []byte) protocol.PushReply {
	d.w.t.Helper()
	reply, err := d.w.Push(context.Background(), d.caller, r, b)
	if err != nil {
		d.w.t.Fatal(err)
	}
	if reply.Verdict == protocol.VerdictOK {
		d.ticket, d.n = r.Next, max(d.n, reply.LastN)
	}
	return reply
}

func (d *desk) push(cmds ...office.Command) []protocol.Result {
	d.w.t.Helper()
	reply := d.send(d.request(cmds...))
	if reply.Verdict != protocol.VerdictOK || len(reply.Results) != len(cmds) {
		d.w.t.Fatalf("push: %+v", reply)
	}
	return reply.Results
}

// pull reads to a checkpoint; between pages meanwhile is called.
func (d *desk) pull(meanwhile func(page int)) {
	d.w.t.Helper()
	cursors := map[protocol.ChanLane]protocol.Cursor{}
	for _, c := range d.cursors {
		cursors[protocol.ChanLane{Chan: c.Chan, Lane: c.Lane}] = c
	}
	var staged []protocol.PullReply
	sums := map[protocol.ChanLane]protocol.Sum{}
	for page := 0; ; page++ {
		if page > 5000 {
			d.w.t.Fatal("pull does not end")
		}
		r := protocol.PullRequest{Device: d.dev, LastN: d.lastN, Limit: d.limit, Epoch: d.w.Epoch(), Cursors: slices.Collect(maps.Values(cursors))}
		if page == 0 && d.known {
			r.Known = protocol.Digest(r.Cursors)
		}
		reply, err := d.w.Pull(context.Background(), d.caller, r)
		if err != nil {
			d.w.t.Fatal(err)
		}
		d.pages++
		if reply.Same {
			d.lastN = reply.LastN
			return
		}
		d.rewound = d.rewound || reply.Rewound
		d.resets += len(reply.Reset)
		for _, c := range slices.Concat(reply.Drop, reply.Reset) {
			delete(cursors, c)
		}
		for _, c := range reply.Cursors {
			cursors[protocol.ChanLane{Chan: c.Chan, Lane: c.Lane}] = c
		}
		for _, s := range reply.Sums {
			sums[s.ChanLane] = s
		}
		if page > 0 && !reply.More && len(reply.Sums) != len(cursors) {
			d.w.t.Errorf("%s: %d sums of %d channels after %d pages", d.dev, len(reply.Sums), len(cursors), page)
		}
		staged = append(staged, reply)
		if !reply.More {
			d.lastN = reply.LastN
			d.results = append(d.results, reply.Results...)
			break
		}
		if meanwhile != nil {
			meanwhile(page)
		}
	}
	for _, p := range staged {
		for _, c := range slices.Concat(p.Drop, p.Reset) {
			delete(d.member, c)
		}
		for _, r := range p.Rows {
			d.base[key{r.Kind, r.ID}] = r
		}
		for _, o := range p.Ops {
			c := protocol.ChanLane{Chan: p.Chans[o.Chan], Lane: o.Lane}
			if d.member[c] == nil {
				d.member[c] = map[key]bool{}
			}
			if o.Rem {
				delete(d.member[c], key{o.Kind, o.ID})
			} else {
				d.member[c][key{o.Kind, o.ID}] = true
			}
		}
	}
	live := map[key]bool{}
	for _, m := range d.member {
		maps.Copy(live, m)
	}
	maps.DeleteFunc(d.base, func(k key, _ protocol.Row) bool { return !live[k] })
	d.cursors = slices.Collect(maps.Values(cursors))
	d.badSums = nil
	for c, s := range sums {
		if n, sum := d.sum(c); n != s.N || sum != s.Sum {
			d.badSums = append(d.badSums, fmt.Sprintf("%s lane %d: %d %s, server %d %s", c.Chan, c.Lane, n, sum, s.N, s.Sum))
		}
	}
}

func (d *desk) sum(c protocol.ChanLane) (int64, string) {
	var sum uint64
	for k := range d.member[c] {
		r := d.base[k]
		root := r.Root
		if root == "" {
			root = r.ID
		}
		sum += office.Record{Kind: r.Kind, ID: r.ID, Root: root, Body: r.Body}.Sum()
	}
	return int64(len(d.member[c])), fmt.Sprintf("%016x", sum)
}

// check compares the base with the truth.
func (d *desk) check(t testing.TB) {
	t.Helper()
	truth := d.w.truth(d.caller.UID)
	for k, body := range truth {
		if got, ok := d.base[k]; !ok || string(got.Body) != body {
			t.Errorf("%s: %v is %s, should be %s", d.dev, k, got.Body, body)
		}
	}
	for k := range d.base {
		if _, ok := truth[k]; !ok {
			t.Errorf("%s: %v should not be there", d.dev, k)
		}
	}
	for _, s := range d.badSums {
		t.Errorf("%s: %s", d.dev, s)
	}
}

// sync pulls and compares.
func (d *desk) sync(t testing.TB) {
	t.Helper()
	d.pull(nil)
	d.check(t)
}

func (d *desk) has(kind, id string) bool { _, ok := d.base[key{kind, id}]; return ok }

func (d *desk) expect(t *testing.T, want ...string) {
	t.Helper()
	d.sync(t)
	var got []string
	for k := range d.base {
		if k.kind != "dir.person" {
			got = append(got, k.kind[2:]+"/"+k.id)
		}
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("%s has %v, want %v", d.dev, got, want)
	}
}

func cursorMap(cs []protocol.Cursor) map[protocol.ChanLane]protocol.Cursor {
	out := map[protocol.ChanLane]protocol.Cursor{}
	for _, c := range cs {
		out[protocol.ChanLane{Chan: c.Chan, Lane: c.Lane}] = c
	}
	return out
}
