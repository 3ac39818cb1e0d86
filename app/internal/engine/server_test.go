package engine_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/officetest"
	"qianshao/syncserver/protocol"
)

// server is the protocol's other end in memory, as plain as can be: what it
// must do is in sync.md, not in the engine.
type server struct {
	mu    sync.Mutex
	mem   *officetest.Mem
	kinds *office.Kinds
	now   time.Time
	epoch string

	chans   map[protocol.ChanLane]*channel
	in      map[rowKey][]protocol.ChanLane // where each record is
	subs    map[office.UserID][]office.Channel
	devices map[string]*device
	mids    map[string]protocol.Result
	applied map[string]int // how often each intention took effect, whatever its mid
	durable bool           // every command is in a verified backup at once
	stall   int            // answer so many commands of a push, then stop; -1 = all
	forks   int
	policy  protocol.DeskPolicy
}

type rowKey struct{ kind, id string }

type channel struct {
	seq   int64
	chain map[int64]string
	rows  map[rowKey]entry
}

type entry struct {
	seq int64
	rem bool
}

type device struct {
	uid            office.UserID
	lastN          int64
	ticket, digest string
	mids           []string // by n-1
}

func newServer(people ...office.UserID) *server {
	ks := mustKinds()
	s := &server{
		mem: officetest.NewMem(ks), kinds: ks, now: time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC), epoch: "e1",
		chans: map[protocol.ChanLane]*channel{}, in: map[rowKey][]protocol.ChanLane{}, subs: map[office.UserID][]office.Channel{},
		devices: map[string]*device{}, mids: map[string]protocol.Result{}, applied: map[string]int{}, stall: -1,
	}
	for _, p := range people {
		s.subs[p] = []office.Channel{office.Org, office.Channel("u:" + string(p))}
	}
	return s
}

func (s *server) register(dev string, uid office.UserID) { s.devices[dev] = &device{uid: uid} }

// run carries a command out with authority and stamps the channels.
func (s *server) run(uid office.UserID, mid string, cmd office.Command, claimed time.Time) protocol.Result {
	s.now = s.now.Add(time.Second)
	res := protocol.Result{Mid: mid, Outcome: protocol.Applied, At: office.Millis(s.now)}
	before := s.all()
	out, err := s.mem.Do(cmd, office.Context{Actor: uid, Now: s.now, Claimed: claimed, Mid: mid})
	if err != nil {
		e := office.AsError(err)
		res.Outcome, res.Code, res.Message, res.Field = protocol.Rejected, e.Code, e.Message, e.Field
		return res
	}
	switch {
	case out.Note == office.NoteConflict:
		res.Outcome = protocol.Conflict
	case !out.Wrote:
		res.Outcome = protocol.Noop
	}
	s.applied[fmt.Sprintf("%s %s %s %d", uid, cmd.Kind(), raw(cmd), claimed.UnixMilli())]++
	s.stamp(before, mid)
	return res
}

// as carries a command out for somebody without a desk.
func (s *server) as(uid office.UserID, cmd office.Command) protocol.Result {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.run(uid, fmt.Sprintf("as-%d", len(s.applied)+len(s.mids)+int(s.now.Unix())), cmd, s.now)
}

func (s *server) all() map[rowKey]office.Record {
	out := map[rowKey]office.Record{}
	for _, k := range s.kinds.All() {
		for _, r := range s.mem.All(k.Name) {
			out[rowKey{k.Name, r.ID}] = r
		}
	}
	return out
}

// places are the channels a record is in.
func (s *server) places(k rowKey) []protocol.ChanLane {
	r, ok := s.mem.Get(k.kind, k.id)
	if !ok {
		return nil
	}
	kind := s.kinds.Get(k.kind)
	root, ok := s.mem.Get(kind.RootKind(), r.Root)
	if !ok {
		return nil
	}
	cs, err := s.kinds.Channels(r, root)
	if err != nil {
		panic(err)
	}
	var out []protocol.ChanLane
	for _, c := range cs {
		out = append(out, protocol.ChanLane{Chan: c, Lane: kind.Lane})
	}
	return out
}

func (s *server) stamp(before map[rowKey]office.Record, mid string) {
	after := s.all()
	touched := map[rowKey]bool{}
	for k, r := range after {
		if b, ok := before[k]; !ok || b.Ver != r.Ver || string(b.Body) != string(r.Body) {
			touched[k] = true
		}
		if r.Root != "" && touched[rowKey{s.kinds.Get(k.kind).RootKind(), r.Root}] {
			touched[k] = true
		}
	}
	for k := range after { // children of touched roots, whatever the order above
		if touched[rowKey{s.kinds.Get(k.kind).RootKind(), after[k].Root}] {
			touched[k] = true
		}
	}
	for k := range before {
		if _, ok := after[k]; !ok {
			touched[k] = true
		}
	}
	keys := slices.SortedFunc(maps.Keys(touched), func(a, b rowKey) int {
		if a.kind+a.id < b.kind+b.id {
			return -1
		}
		return 1
	})
	for _, k := range keys {
		now := s.places(k)
		for _, c := range s.in[k] {
			if !slices.Contains(now, c) {
				s.bump(c, k, true, mid)
			}
		}
		for _, c := range now {
			s.bump(c, k, false, mid)
		}
		s.in[k] = now
	}
}

func (s *server) bump(c protocol.ChanLane, k rowKey, rem bool, mid string) {
	ch := s.chans[c]
	if ch == nil {
		ch = &channel{chain: map[int64]string{}, rows: map[rowKey]entry{}}
		s.chans[c] = ch
	}
	ch.seq++
	h := sha256.Sum256(fmt.Append(nil, ch.chain[ch.seq-1], k, rem, mid, s.now))
	ch.chain[ch.seq] = hex.EncodeToString(h[:6])
	ch.rows[k] = entry{ch.seq, rem}
}

func (s *server) lanes(uid office.UserID, max office.Lane) []protocol.ChanLane {
	var out []protocol.ChanLane
	for l := office.LaneTasks; l <= max; l++ {
		for _, c := range s.subs[uid] {
			out = append(out, protocol.ChanLane{Chan: c, Lane: l})
		}
	}
	return out
}

// truth is what a person may see, by kind and id.
func (s *server) truth(uid office.UserID) map[rowKey]office.Record {
	out := map[rowKey]office.Record{}
	for k, r := range s.all() {
		for _, c := range s.places(k) {
			if slices.Contains(s.subs[uid], c.Chan) {
				out[k] = r
			}
		}
	}
	return out
}

func (s *server) hello(uid office.UserID, r protocol.HelloRequest) (protocol.HelloReply, error) {
	d := s.devices[r.Device]
	if d == nil || d.uid != uid {
		return protocol.HelloReply{}, &office.Error{Code: office.CodeNotPermitted}
	}
	out := protocol.HelloReply{Epoch: s.epoch, LastN: d.lastN, Verdict: protocol.VerdictOK, Policy: &s.policy}
	if r.Epoch != "" && r.Epoch != s.epoch || r.LastN > d.lastN {
		out.Verdict = protocol.VerdictRebuild
	}
	return out, nil
}

func (s *server) fork(d *device) protocol.PushReply {
	s.forks++
	dev := fmt.Sprintf("fork%d", s.forks)
	s.register(dev, d.uid)
	return protocol.PushReply{Verdict: protocol.VerdictFork, NewDevice: dev, LastN: d.lastN}
}

func (s *server) push(uid office.UserID, body []byte) (protocol.PushReply, error) {
	var r protocol.PushRequest
	if err := json.Unmarshal(body, &r); err != nil {
		return protocol.PushReply{}, err
	}
	d := s.devices[r.Device]
	if d == nil || d.uid != uid {
		return protocol.PushReply{}, &office.Error{Code: office.CodeNotPermitted}
	}
	h := sha256.Sum256(body)
	digest := hex.EncodeToString(h[:])
	if !(d.ticket == r.Next && d.digest == digest) && d.ticket != r.Ticket {
		return s.fork(d), nil
	}
	d.ticket, d.digest = r.Next, digest
	out := protocol.PushReply{Verdict: protocol.VerdictOK}
	for i, c := range r.Cmds {
		if i > 0 && c.N != r.Cmds[i-1].N+1 {
			return out, office.Invalid("n", "gap in a request")
		}
		if s.stall >= 0 && i >= s.stall {
			break
		}
		res, known := s.mids[c.Mid]
		if c.N > d.lastN+1 || c.N <= d.lastN && !known {
			return s.fork(d), nil
		}
		if !known {
			res = s.judge(uid, c)
			s.mids[c.Mid] = res
		}
		if c.N == d.lastN+1 {
			d.lastN, d.mids = c.N, append(d.mids, c.Mid)
		}
		res.N = c.N
		out.Results = append(out.Results, res)
	}
	out.LastN = d.lastN
	return out, nil
}

func (s *server) judge(uid office.UserID, c protocol.Command) protocol.Result {
	for _, dep := range c.Deps {
		switch s.mids[dep].Outcome {
		case protocol.Rejected, protocol.Held, protocol.Quarantined:
			return protocol.Result{Mid: c.Mid, Outcome: protocol.Held, Code: office.CodeHeld, At: office.Millis(s.now)}
		}
	}
	cmd, err := book{}.Decode(c.Kind, c.Args)
	if err != nil {
		e := office.AsError(err)
		return protocol.Result{Mid: c.Mid, Outcome: protocol.Rejected, Code: e.Code, At: office.Millis(s.now)}
	}
	return s.run(uid, c.Mid, cmd, time.UnixMilli(c.Claimed))
}

func (s *server) pull(uid office.UserID, r protocol.PullRequest) (protocol.PullReply, error) {
	d := s.devices[r.Device]
	if d == nil || d.uid != uid {
		return protocol.PullReply{}, &office.Error{Code: office.CodeNotPermitted}
	}
	out := protocol.PullReply{Epoch: s.epoch, LastN: d.lastN, AsOf: office.Millis(s.now), Policy: &s.policy}
	for n := r.LastN; n < d.lastN; n++ {
		res := s.mids[d.mids[n]]
		res.N = n + 1
		out.Results = append(out.Results, res)
	}
	if s.durable {
		out.DurableN = d.lastN
	}
	max := office.LaneRest
	if r.MaxLane != nil {
		max = *r.MaxLane
	}
	want := s.lanes(uid, max)
	if r.Known != "" {
		var now []protocol.Cursor
		for _, c := range want {
			now = append(now, s.cursor(c, -1))
		}
		if protocol.Digest(now) == r.Known {
			out.Same = true
			return out, nil
		}
		if r.Cursors == nil {
			return protocol.PullReply{Need: true}, nil
		}
	}
	have := map[protocol.ChanLane]protocol.Cursor{}
	for _, c := range r.Cursors {
		cl := protocol.ChanLane{Chan: c.Chan, Lane: c.Lane}
		if !slices.Contains(s.subs[uid], c.Chan) {
			out.Drop = append(out.Drop, cl)
			continue
		}
		have[cl] = c
	}
	room := r.Limit
	if room == 0 {
		room = 1 << 30
	}
	sent := map[rowKey]bool{}
	for _, cl := range want {
		cur, ok := have[cl]
		ch := s.chans[cl]
		if ok && (r.Epoch != "" && r.Epoch != s.epoch || cur.Head > 0 && (ch == nil || cur.Head > ch.seq || ch.chain[cur.Head] != cur.Hash)) {
			out.Rewound = true
			out.Reset = append(out.Reset, cl)
			ok, cur = false, protocol.Cursor{}
		}
		pos := cur.Pos
		if ch != nil && pos < ch.seq {
			es := slices.SortedFunc(maps.Keys(ch.rows), func(a, b rowKey) int { return int(ch.rows[a].seq - ch.rows[b].seq) })
			for _, k := range es {
				e := ch.rows[k]
				if e.seq <= pos {
					continue
				}
				if room <= 0 {
					out.More = true
					break
				}
				i := slices.Index(out.Chans, cl.Chan)
				if i < 0 {
					i = len(out.Chans)
					out.Chans = append(out.Chans, cl.Chan)
				}
				out.Ops = append(out.Ops, protocol.Op{Chan: i, Lane: cl.Lane, Kind: k.kind, ID: k.id, Rem: e.rem})
				room -= 10
				if row, there := s.mem.Get(k.kind, k.id); !e.rem && there && !sent[k] {
					sent[k] = true
					out.Rows = append(out.Rows, protocol.Row{Kind: k.kind, ID: k.id, Root: row.Root, Ver: row.Ver, Body: row.Body})
					room -= len(row.Body)
				}
				pos = e.seq
			}
			if !out.More {
				pos = ch.seq
			}
		}
		next := s.cursor(cl, pos)
		if !ok || next != cur {
			out.Cursors = append(out.Cursors, next)
		}
		if out.More {
			break
		}
	}
	if !out.More {
		for _, c := range out.Cursors {
			out.Sums = append(out.Sums, s.sum(protocol.ChanLane{Chan: c.Chan, Lane: c.Lane}))
		}
	}
	return out, nil
}

func (s *server) cursor(cl protocol.ChanLane, pos int64) protocol.Cursor {
	c := protocol.Cursor{Chan: cl.Chan, Lane: cl.Lane}
	if ch := s.chans[cl]; ch != nil {
		c.Head, c.Hash, c.Pos = ch.seq, ch.chain[ch.seq], ch.seq
	}
	if pos >= 0 {
		c.Pos = pos
	}
	return c
}

func (s *server) sum(cl protocol.ChanLane) protocol.Sum {
	out := protocol.Sum{ChanLane: cl}
	var sum uint64
	if ch := s.chans[cl]; ch != nil {
		for k, e := range ch.rows {
			if e.rem {
				continue
			}
			out.N++
			r, _ := s.mem.Get(k.kind, k.id)
			sum += r.Sum()
		}
	}
	out.Sum = fmt.Sprintf("%016x", sum)
	return out
}

func (s *server) digest(uid office.UserID, r protocol.DigestRequest) (protocol.DigestReply, error) {
	var out protocol.DigestReply
	if d := s.devices[r.Device]; d == nil || d.uid != uid || !slices.Contains(s.subs[uid], r.Chan) {
		return out, &office.Error{Code: office.CodeNotPermitted}
	}
	c, sum := s.cursor(r.ChanLane, -1), s.sum(r.ChanLane)
	out.Head, out.Hash, out.N, out.Sum = c.Head, c.Hash, sum.N, sum.Sum
	var sums [protocol.Buckets]uint64
	for k, e := range s.chans[r.ChanLane].rows {
		if e.rem {
			continue
		}
		rec, _ := s.mem.Get(k.kind, k.id)
		id := protocol.RowID{Kind: k.kind, ID: k.id}
		sums[protocol.Bucket(k.kind, k.id)] += rec.Sum()
		if slices.Contains(r.Buckets, protocol.Bucket(k.kind, k.id)) {
			out.Members = append(out.Members, protocol.RowSum{RowID: id, Sum: fmt.Sprintf("%016x", rec.Sum())})
		}
		if slices.Contains(r.Want, id) {
			out.Rows = append(out.Rows, protocol.Row{Kind: k.kind, ID: k.id, Root: rec.Root, Ver: rec.Ver, Body: rec.Body})
		}
	}
	if len(r.Buckets)+len(r.Want) == 0 {
		for _, s := range sums {
			out.Buckets = append(out.Buckets, fmt.Sprintf("%016x", s))
		}
	}
	return out, nil
}

// backup is a copy of the server to restore.
func (s *server) backup() *server {
	c := newServer()
	c.now, c.epoch, c.stall, c.forks = s.now, s.epoch, s.stall, s.forks
	_, err := c.mem.Update(func(tx office.Tx) error { return nil })
	if err != nil {
		panic(err)
	}
	copied := *s.mem
	c.mem = &copied // Mem replaces its rows as a whole, it never changes them
	for k, v := range s.chans {
		c.chans[k] = &channel{v.seq, maps.Clone(v.chain), maps.Clone(v.rows)}
	}
	c.in, c.subs, c.mids, c.applied = maps.Clone(s.in), maps.Clone(s.subs), maps.Clone(s.mids), maps.Clone(s.applied)
	for k, v := range s.devices {
		d := *v
		d.mids = slices.Clone(v.mids)
		c.devices[k] = &d
	}
	return c
}

// restore sets the server back to a backup. What it forgets may take effect
// again, once.
func (s *server) restore(b *server) {
	b = b.backup()
	s.mem, s.chans, s.in, s.devices, s.mids, s.subs = b.mem, b.chans, b.in, b.devices, b.mids, b.subs
	s.applied = b.applied
	s.now = s.now.Add(time.Hour)
}

// errLost is a request or an answer that the way swallowed.
var errLost = errors.New("lost on the way")

// way is the network between one person's desk and the server. lose says, for
// each request, whether it gets there and whether its answer comes back.
type way struct {
	s     *server
	uid   office.UserID
	lose  func(what string) (request, answer bool)
	twice bool // every request arrives twice
	calls []string

	// snaps are what this person was allowed to see at each checkpoint answered,
	// since the desk was last held against them.
	snaps []map[rowKey]office.Record
}

func carry[T any](w *way, what string, f func() (T, error)) (T, error) {
	var none T
	w.s.mu.Lock()
	defer w.s.mu.Unlock()
	w.calls = append(w.calls, what)
	request, answer := false, false
	if w.lose != nil {
		request, answer = w.lose(what)
	}
	if request {
		return none, errLost
	}
	out, err := f()
	if w.twice {
		out, err = f()
	}
	if answer {
		return none, errLost
	}
	if err != nil {
		return none, err
	}
	b, err := json.Marshal(out)
	if err != nil {
		return none, err
	}
	var back T
	return back, json.Unmarshal(b, &back)
}

func (w *way) Hello(_ context.Context, r protocol.HelloRequest) (protocol.HelloReply, error) {
	return carry(w, "hello", func() (protocol.HelloReply, error) { return w.s.hello(w.uid, r) })
}

func (w *way) Push(_ context.Context, body []byte) (protocol.PushReply, error) {
	return carry(w, "push", func() (protocol.PushReply, error) { return w.s.push(w.uid, body) })
}

func (w *way) Pull(_ context.Context, r protocol.PullRequest) (protocol.PullReply, error) {
	return carry(w, "pull", func() (protocol.PullReply, error) {
		out, err := w.s.pull(w.uid, r)
		if err == nil && !out.More && !out.Need {
			snap := w.s.truth(w.uid)
			if r.MaxLane != nil {
				maps.DeleteFunc(snap, func(k rowKey, _ office.Record) bool { return w.s.kinds.Get(k.kind).Lane > *r.MaxLane })
			}
			w.snaps = append(w.snaps, snap)
		}
		return out, err
	})
}

func (w *way) Digest(_ context.Context, r protocol.DigestRequest) (protocol.DigestReply, error) {
	return carry(w, "digest", func() (protocol.DigestReply, error) { return w.s.digest(w.uid, r) })
}

func (w *way) Poke(ctx context.Context, _ func([]office.Channel)) error {
	<-ctx.Done()
	return ctx.Err()
}
