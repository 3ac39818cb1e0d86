package proof

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"qianshao/app/internal/engine"
	"qianshao/syncserver/office"
	"qianshao/syncserver/office/approval"
	"qianshao/syncserver/office/catalog"
	"qianshao/syncserver/office/directory"
	"qianshao/syncserver/office/document"
	"qianshao/syncserver/protocol"
	"qianshao/syncserver/protocol/client"
	"qianshao/syncserver/servertest"
)

// desk is a person's desk that can be taken off line. Its clock is a claim and
// may stand anywhere.
type desk struct {
	t      testing.TB
	who    office.UserID
	device string
	away   bool
	*engine.Engine
}

// errAway is what a desk without a network hears.
var errAway = errors.New("no network")

func newDeskOf(t testing.TB, s *servertest.Server, cat *catalog.Catalog, who office.UserID) *desk {
	t.Helper()
	return newMachineOf(t, s, cat, who, "i-"+string(who))
}

// newMachineOf is one of several desks of a person.
func newMachineOf(t testing.TB, s *servertest.Server, cat *catalog.Catalog, who office.UserID, install string) *desk {
	t.Helper()
	in, err := s.SignIn(servertest.User{UID: who}, "", install, nil)
	if err != nil {
		t.Fatal(err)
	}
	d := &desk{t: t, who: who, device: in.Device}
	network := s.RoundTripper()
	var seed [32]byte
	copy(seed[:], "desk of "+string(who)+install)
	d.Engine, err = engine.Open(context.Background(), engine.Options{
		Dir: t.TempDir(), UID: who, Device: in.Device, Install: install, Schema: catalog.SchemaVersion, Version: protocol.Version,
		Kinds: cat.Kinds(), Commands: cat, Creates: cat.Creates, Class: cat.Class, Erased: catalog.Erased, Now: s.Clock.Now, Rand: rand.NewChaCha8(seed),
		Transport: client.New(client.Options{BaseURL: s.URL, Token: in.Token(), RoundTripper: trip(func(r *http.Request) (*http.Response, error) {
			if d.away {
				return nil, errAway
			}
			return network.RoundTrip(r)
		})}),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d
}

type trip func(*http.Request) (*http.Response, error)

func (f trip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func (d *desk) sync() {
	d.t.Helper()
	if _, err := d.Sync(context.Background()); err != nil {
		d.t.Fatalf("sync of %s: %v", d.who, err)
	}
}

// give gives a command, which the desk must take.
func (d *desk) give(cmd office.Command) string {
	d.t.Helper()
	mid, err := d.Do(context.Background(), cmd)
	if err != nil {
		d.t.Fatalf("%s of %s: %v", cmd.Kind(), d.who, err)
	}
	return mid
}

func (d *desk) item(mid string) engine.Item {
	d.t.Helper()
	i, ok, err := d.Item(context.Background(), mid)
	if err != nil || !ok {
		d.t.Fatalf("item %s: %t %v", mid, ok, err)
	}
	return i
}

// get reads a record that must be on the desk.
func get[T any](d *desk, k office.Of[T], id string) (v T) {
	d.t.Helper()
	r, ok, err := d.Get(context.Background(), k.Name, id)
	if err != nil || !ok {
		d.t.Fatalf("%s has no %s %s: %v", d.who, k.Name, id, err)
	}
	if err := r.Decode(&v); err != nil {
		d.t.Fatal(err)
	}
	return v
}

// case_ is one paper on which one row of the table is played.
type case_ struct {
	scene
	raced bool
	n     int
	mid   string // of the act of whoever is away
	given string // its arguments
	other string // of what the other did meanwhile
}

func (c *case_) paper() string { return fmt.Sprintf("d%d", c.n) }
func (c *case_) inst() string  { return fmt.Sprintf("i%d", c.n) }
func (c *case_) key() string   { return fmt.Sprintf("f%d", c.n) }
func (c *case_) label() string {
	if c.raced {
		return c.id + c.name + "/raced"
	}
	return c.id + c.name
}

// view is a paper as one desk shows it to its person.
type view struct {
	*desk
	c *case_
}

// task is the person's open task, or the newest.
func (v view) task(who office.UserID) (string, approval.Task) {
	v.t.Helper()
	rs, err := v.List(context.Background(), office.Query{Kind: approval.Tasks.Name, View: "subject", Order: "created", Where: []office.Cond{
		office.Where("subject", v.c.paper()), office.Where("person", string(who)),
	}})
	if err != nil {
		v.t.Fatal(err)
	}
	var id string
	var last approval.Task
	for _, r := range rs {
		var t approval.Task
		if err := r.Decode(&t); err != nil {
			v.t.Fatal(err)
		}
		if last.State != approval.TaskOpen {
			id, last = r.ID, t
		}
	}
	if id == "" {
		v.t.Fatalf("%s: %s has no task of %s", v.c.label(), v.who, who)
	}
	return id, last
}

// hash is computed from what the desk renders.
func (v view) hash() string {
	v.t.Helper()
	h := get(v.desk, document.Headers, v.c.paper())
	bodies, err := v.Children(context.Background(), document.Bodies.Name, v.c.paper())
	if err != nil || len(bodies) != 1 {
		v.t.Fatalf("%d texts, %v", len(bodies), err)
	}
	var b document.Body
	if err := bodies[0].Decode(&b); err != nil {
		v.t.Fatal(err)
	}
	return document.ContentHash(h.Elements(), b.Blocks)
}

const words = "意见：请按程序办理。"

func (v view) approve() *approval.Approve {
	id, t := v.task(v.who)
	return &approval.Approve{Task: id, Subject: v.c.paper(), TaskRev: t.Rev, Step: t.Step, SeenHash: v.hash(), Words: words}
}

func (v view) back(to string) *approval.Return {
	id, t := v.task(v.who)
	return &approval.Return{Task: id, Subject: v.c.paper(), TaskRev: t.Rev, Step: t.Step, SeenHash: v.hash(), Words: words, To: to}
}

func (v view) add(mode string, people ...office.UserID) *approval.AddSign {
	id, t := v.task(v.who)
	return &approval.AddSign{Task: id, Subject: v.c.paper(), TaskRev: t.Rev, Step: t.Step, Mode: mode, People: people, Words: words}
}

func (v view) takeBack() office.Command {
	return &approval.TakeBack{Instance: v.c.inst(), Subject: v.c.paper(), Words: words}
}

func (v view) instance() approval.Instance { return get(v.desk, approval.Instances, v.c.inst()) }

func (v view) opinion() (string, approval.Opinion) {
	v.t.Helper()
	rs, err := v.Children(context.Background(), approval.Opinions.Name, v.c.inst())
	if err != nil || len(rs) == 0 {
		v.t.Fatalf("%s: no opinion, %v", v.c.label(), err)
	}
	var o approval.Opinion
	if err := rs[len(rs)-1].Decode(&o); err != nil {
		v.t.Fatal(err)
	}
	return rs[len(rs)-1].ID, o
}

// rewrite changes the text.
func (v view) rewrite() office.Command {
	h := get(v.desk, document.Headers, v.c.paper())
	old := document.Block{ID: "b1", Type: document.BlockText, Text: "正文。"}
	now := document.Block{ID: "b1", Type: document.BlockText, Text: "改过的正文。"}
	return &document.SaveBody{ID: v.c.paper(), BaseRev: h.Rev, Ops: []document.Op{{Op: document.OpSet, Block: "b1", Old: &old, New: &now}}}
}

// stand tells in a line where a paper is and what each person's newest task is,
// as somebody reads it: "a | lin open, xu done".
func stand(inst approval.Instance, tasks []approval.Task) string {
	var at, who []string
	for _, v := range inst.Tokens {
		at = append(at, v.Step)
	}
	slices.Sort(at)
	if len(at) == 0 {
		at = []string{inst.State}
	}
	if inst.Outcome != "" {
		at = append(at, inst.Outcome)
	}
	if inst.State == approval.Suspended {
		at = append(at, inst.State)
	}
	newest := map[office.UserID]approval.Task{}
	for _, t := range tasks {
		if t.Round == 1 && t.Step == "s0" {
			continue // the starter's own
		}
		if o, ok := newest[t.Person]; !ok || o.Created < t.Created || o.Created == t.Created && t.State == approval.TaskOpen {
			newest[t.Person] = t
		}
	}
	for u, t := range newest {
		who = append(who, fmt.Sprintf("%s %s", u, t.State))
	}
	slices.Sort(who)
	return strings.Join(at, "+") + " | " + strings.Join(who, ", ")
}

// stand is what the person's desk shows.
func (v view) stand() string {
	v.t.Helper()
	var ts []approval.Task
	rs, err := v.List(context.Background(), office.Query{Kind: approval.Tasks.Name, View: "subject", Order: "created", Where: []office.Cond{office.Where("subject", v.c.paper())}})
	if err != nil {
		v.t.Fatal(err)
	}
	for _, r := range rs {
		var t approval.Task
		if err := r.Decode(&t); err != nil {
			v.t.Fatal(err)
		}
		ts = append(ts, t)
	}
	return stand(v.instance(), ts)
}

// ground is a server with an office, and two desks: lin's, who goes away, and
// xu's, who stays.
type ground struct {
	t       *testing.T
	s       *servertest.Server
	lin, xu *desk
	cases   []*case_
}

func newGround(t *testing.T, url string) *ground {
	t.Helper()
	s := servertest.New(t, func(o *servertest.Options) { o.URL = url })
	g := &ground{t: t, s: s}
	for _, u := range []servertest.User{
		{UID: "lin", Unit: "jian", Roles: []string{approval.RoleFlowAdmin}}, {UID: "xu", Unit: "jian", Posts: []string{"jian-wenshu"}, Roles: []string{approval.RoleFlowAdmin}},
		{UID: "li", Unit: "si"}, {UID: "shen", Unit: "si"}, {UID: "han", Unit: "si"}, {UID: "qian", Unit: "si"},
	} {
		if err := s.AddUser(u); err != nil {
			t.Fatal(err)
		}
	}
	g.as(office.System, &directory.PutUnit{ID: "jian", Name: "住建局", Head: "lin", Clerk: "jian-wenshu"})
	g.as(office.System, &approval.Publish{Definition: approval.UnitCosign()})
	g.as("xu", &approval.Bind{Leader: "xu", Secretary: "lin"})
	g.as("xu", &approval.Bind{Leader: "lin", Secretary: "xu"})
	cat, err := catalog.New()
	if err != nil {
		t.Fatal(err)
	}
	g.lin, g.xu = newDeskOf(t, s, cat, "lin"), newDeskOf(t, s, cat, "xu")
	return g
}

// as gives a command at the server, which must be applied.
func (g *ground) as(who office.UserID, cmd office.Command) {
	g.t.Helper()
	g.s.Clock.Add(time.Minute)
	if err := g.s.As(who).Must(cmd); err != nil {
		g.t.Fatal(err)
	}
}

// online gives a command at a desk that has a network, which must be applied.
func (g *ground) online(d *desk, cmd office.Command) {
	g.t.Helper()
	d.sync()
	mid := d.give(cmd)
	d.sync()
	if i := d.item(mid); i.Outcome != protocol.Applied {
		g.t.Fatalf("%s of %s: %s %s %s", cmd.Kind(), d.who, i.Outcome, i.Code, i.Message)
	}
}

// pass is a person's act on a paper as the server has it.
func (g *ground) pass(c *case_, people ...office.UserID) {
	g.t.Helper()
	for _, who := range people {
		id, t := g.task(c, who)
		g.as(who, &approval.Approve{Task: id, Subject: c.paper(), TaskRev: t.Rev, Step: t.Step, SeenHash: g.header(c).ContentHash, Words: words})
	}
}

func (g *ground) header(c *case_) (h document.Header) {
	g.t.Helper()
	r, ok, err := g.s.Get(document.Headers.Name, c.paper())
	if err != nil || !ok {
		g.t.Fatalf("%s: %t %v", c.paper(), ok, err)
	}
	if err := r.Decode(&h); err != nil {
		g.t.Fatal(err)
	}
	return h
}

func (g *ground) task(c *case_, who office.UserID) (string, approval.Task) {
	g.t.Helper()
	rs, err := g.s.View(approval.Tasks.Name, "subject", c.paper())
	if err != nil {
		g.t.Fatal(err)
	}
	for _, r := range rs {
		var t approval.Task
		if err := r.Decode(&t); err != nil {
			g.t.Fatal(err)
		}
		if t.Person == who && t.State == approval.TaskOpen {
			return r.ID, t
		}
	}
	g.t.Fatalf("%s: %s is asked for nothing", c.label(), who)
	return "", approval.Task{}
}

// play makes the papers of all rows, lets lin go away and act on every one of
// them, xu act meanwhile, and lin come back.
func (g *ground) play(scenes []scene) {
	g.t.Helper()
	for _, s := range scenes {
		for _, raced := range []bool{false, true} {
			if raced && s.meanwhile == nil {
				continue
			}
			c := &case_{scene: s, raced: raced, n: len(g.cases)}
			g.cases = append(g.cases, c)
			g.prepare(c)
		}
	}
	if _, err := g.s.RunJobs(); err != nil {
		g.t.Fatal(err)
	}
	g.lin.sync()
	g.xu.sync()
	g.lin.away = true
	if _, err := g.lin.Sync(context.Background()); !errors.Is(err, errAway) {
		g.t.Fatalf("away, but: %v", err)
	}
	for _, c := range g.cases {
		cmd := c.act(view{g.lin, c})
		if cmd.Kind() != c.row.Command {
			g.t.Fatalf("%s is given as %s, the table says %s", c.label(), cmd.Kind(), c.row.Command)
		}
		c.mid = g.lin.give(cmd)
		i := g.lin.item(c.mid)
		c.given = string(i.Args)
		if !i.Waiting || i.Foresight != "" {
			g.t.Errorf("%s off line: waiting %t, foreseen %q %v", c.label(), i.Waiting, i.Foresight, i.Expect)
		}
	}
	g.s.Clock.Add(time.Hour)
	for _, c := range g.cases {
		if c.raced {
			c.other = g.xu.give(c.meanwhile(view{g.xu, c}))
		}
	}
	g.xu.sync()
	for _, c := range g.cases {
		if c.raced {
			if i := g.xu.item(c.other); i.Outcome != protocol.Applied {
				g.t.Errorf("%s: what xu did: %s %s %s", c.label(), i.Outcome, i.Code, i.Message)
			}
		}
	}
	g.s.Clock.Add(time.Hour)
	g.lin.away = false
	g.lin.sync()
	g.lin.sync()
	g.xu.sync()
}

func (g *ground) prepare(c *case_) {
	g.t.Helper()
	drafter := c.drafter
	if drafter == "" {
		drafter = "li"
	}
	if c.steps != nil {
		d := approval.Definition{Key: c.key(), Name: c.name, Subjects: []string{document.Headers.Name}, First: "s0", Steps: []approval.Step{
			{ID: "s0", Name: "起", Handlers: []approval.Handler{{By: approval.ByStarter}}, Acts: []string{approval.ActApprove}, Edit: true},
		}}
		d.Steps = append(d.Steps, c.steps...)
		d.Steps = append(d.Steps, approval.Step{ID: "end", Name: "终", Type: approval.StepEnd})
		for i := range d.Steps[:len(d.Steps)-1] {
			d.Steps[i].Lines = []approval.Line{{To: d.Steps[i+1].ID}}
		}
		g.as(office.System, &approval.Publish{Definition: d})
	}
	g.as(drafter, &document.DraftPaper{
		ID: c.paper(), Direction: document.Internal, Genre: "签报", Title: "关于" + c.name + "的签报", CosignUnits: c.units, Editors: []office.UserID{"xu"},
		Blocks: []document.Block{{ID: "b1", Type: document.BlockText, Text: "正文。"}},
	})
	if c.steps != nil {
		g.as(drafter, &approval.Start{ID: c.inst(), Flow: c.key(), SubjectKind: document.Headers.Name, Subject: c.paper(), Choose: c.choose})
	}
	if c.ready != nil {
		c.ready(g, c)
	}
}

// outcome is what became of an act: the refusal's code, or the outcome.
func outcome(i engine.Item) string {
	if i.Code != "" && i.Outcome != protocol.Applied {
		return string(i.Code)
	}
	return i.Outcome
}

func (g *ground) check(c *case_) {
	t := g.t
	i := g.lin.item(c.mid)
	want, then := protocol.Applied, c.then
	if c.raced {
		want, then = cmpOr(c.refused, protocol.Applied), c.thenRaced
	}
	if got := outcome(i); got != want {
		t.Errorf("%s: %s %s, want %s", c.label(), got, i.Message, want)
	}
	if want != protocol.Applied { // refused: the words are kept and the person is asked
		if !i.NeedsYou || i.Waiting {
			t.Errorf("%s: needs you %t, waiting %t", c.label(), i.NeedsYou, i.Waiting)
		}
		if string(i.Args) != c.given {
			t.Errorf("%s: what was given is now %s", c.label(), i.Args)
		}
	}
	if c.steps != nil {
		for _, d := range []*desk{g.lin, g.xu} {
			if _, ok, err := d.Get(context.Background(), approval.Instances.Name, c.inst()); err != nil || !ok {
				continue // takes part in a flow inside only, or not at all
			}
			if got := (view{d, c}).stand(); got != then {
				t.Errorf("%s: %s's desk shows %q, want %q", c.label(), d.who, got, then)
			}
		}
	}
	if c.after != nil {
		if fault := c.after(g, c); fault != "" {
			t.Errorf("%s: %s", c.label(), fault)
		}
	}
}

func cmpOr(code office.Code, or string) string {
	if code == "" {
		return or
	}
	return string(code)
}

// holds compares a desk with what the server lets its person see.
func (g *ground) holds(d *desk) {
	g.t.Helper()
	want, err := g.s.Truth(d.who)
	if err != nil {
		g.t.Fatal(err)
	}
	have := map[string]string{}
	kinds := map[string]bool{}
	for _, r := range want {
		kinds[r.Kind] = true
	}
	for k := range kinds {
		rs, err := d.Base(context.Background(), k)
		if err != nil {
			g.t.Fatal(err)
		}
		for _, r := range rs {
			have[k+" "+r.ID] = string(r.Body)
		}
	}
	for _, r := range want {
		key := r.Kind + " " + r.ID
		if have[key] != string(r.Body) {
			g.t.Errorf("%s has of %s: %s\nthe server: %s", d.who, key, have[key], r.Body)
		}
		delete(have, key)
	}
	for key := range have {
		g.t.Errorf("%s has %s, which is not for this desk", d.who, key)
	}
	if faults, err := d.Check(context.Background()); err != nil || len(faults) > 0 {
		g.t.Errorf("desk doctor of %s: %v %v", d.who, faults, err)
	}
}

// TestActsOffLine walks the table of actions: for each row that may be given
// without a network there is a scene, in which lin gives it off line and it is
// applied when he is back, and one in which xu was first, so that it is refused
// by the right code with his words kept. Both desks then show the same and are
// what the server holds. Rows that need the server say so before the act.
func TestActsOffLine(t *testing.T) {
	for _, store := range []string{"sqlite", "postgres"} {
		t.Run(store, func(t *testing.T) {
			t.Parallel()
			url := ""
			if store == "postgres" {
				url = pg.Database(t)
			}
			g := newGround(t, url)
			g.play(tableScenes(t))
			for _, c := range g.cases {
				g.check(c)
			}
			g.lin.sync()
			g.xu.sync()
			g.holds(g.lin)
			g.holds(g.xu)
			if faults, err := g.s.Check(); err != nil || len(faults) > 0 {
				t.Errorf("server doctor: %v %v", faults, err)
			}
		})
	}
}

// tableScenes are the scenes, each with its row; a row without one fails.
func tableScenes(t *testing.T) []scene {
	t.Helper()
	out := scenes()
	used := make([]bool, len(out))
	for _, row := range approval.Actions() {
		if row.Class != office.Queued && row.Class != office.Intent {
			continue
		}
		i := slices.IndexFunc(out, func(s scene) bool { return s.id == row.ID && s.name == row.Name })
		if i < 0 {
			t.Errorf("%s %s may be given off line, and no scene plays it", row.ID, row.Name)
			continue
		}
		used[i], out[i].row = true, row
	}
	for i, s := range out {
		if !used[i] {
			t.Errorf("the scene %s %s is of no row that may be given off line", s.id, s.name)
		}
		if (s.meanwhile == nil) == (s.alone == "") {
			t.Errorf("%s %s: either somebody else is first, or it is said why nobody can be", s.id, s.name)
		}
	}
	if t.Failed() {
		t.FailNow()
	}
	return out
}

// TestActsThatNeedTheServer: the desk says before the act that it needs a
// connection, and queues nothing (class N).
func TestActsThatNeedTheServer(t *testing.T) {
	g := newGround(t, "")
	g.lin.sync()
	g.lin.away = true
	if _, err := g.lin.Sync(context.Background()); err == nil {
		t.Fatal("away, but it syncs")
	}
	cat, err := catalog.New()
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, row := range approval.Actions() {
		if row.Class != office.Online {
			continue
		}
		spec, ok := cat.Spec(row.Command)
		if !ok || spec.Class != office.Online {
			t.Errorf("%s %s: %s is %q in the catalog", row.ID, row.Name, row.Command, spec.Class)
			continue
		}
		n++
		if _, err := g.lin.Do(context.Background(), spec.New()); office.CodeOf(err) != engine.CodeOffline {
			t.Errorf("%s %s off line: %v", row.ID, row.Name, err)
		}
	}
	items, err := g.lin.Outbox(context.Background(), engine.Filter{Archived: true})
	if n == 0 || err != nil || len(items) > 0 {
		t.Errorf("%d rows, %d commands queued, %v", n, len(items), err)
	}
}
