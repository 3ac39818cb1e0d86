package authority

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"qianshao/syncserver/internal/blobs"
	"qianshao/syncserver/internal/jobs"
	"qianshao/syncserver/internal/store"
	"qianshao/syncserver/internal/store/pgtest"
	"qianshao/syncserver/office"
	"qianshao/syncserver/office/officetest"
	"qianshao/syncserver/protocol"
)

var pg pgtest.Cluster

func TestMain(m *testing.M) {
	code := m.Run()
	pg.Stop()
	os.Exit(code)
}

// everywhere runs a test over both databases.
func everywhere(t *testing.T, f func(t *testing.T, w *world)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { f(t, newWorld(t, store.Config{Dir: t.TempDir()})) })
	t.Run("postgres", func(t *testing.T) { f(t, newWorld(t, store.Config{URL: pg.Database(t)})) })
}

// world is a server with a few people and kinds of its own.
type world struct {
	*Authority
	t     testing.TB
	mu    sync.Mutex
	clock time.Time
	log   *bytes.Buffer
	mids  int
	done  []string // jobs done
	still bool     // the clock moves by pass alone
	url   string   // of the PostgreSQL database
}

func testKinds(more ...*office.Kind) *office.Kinds {
	chans := func(field string) func(office.Record) ([]office.Channel, error) {
		return func(r office.Record) ([]office.Channel, error) {
			m, err := r.Fields()
			if err != nil {
				return nil, err
			}
			var out []office.Channel
			if len(m[field]) > 0 {
				err = json.Unmarshal(m[field], &out)
			}
			return out, err
		}
	}
	until := func(r office.Record) (int64, error) {
		var v struct{ Until int64 }
		err := r.Decode(&v)
		return v.Until, err
	}
	org := func(office.Record) ([]office.Channel, error) { return []office.Channel{office.Org}, nil }
	ks, err := office.NewKinds(append([]*office.Kind{
		{Name: "dir.person", Lane: office.LaneHeaders, Residence: office.ResidentAlways, Audience: org},
		{
			Name: "t.doc", Lane: office.LaneHeaders, Residence: office.ResidentAlways, Audience: chans("to"),
			Fields: []office.Field{{Name: "title", Type: office.Text}},
			Views:  []office.View{{Name: "all", Filters: []string{"title"}, Orders: []string{"title"}}},
			Blobs:  []string{"file"},
		},
		{Name: "t.body", Parent: "t.doc", Lane: office.LaneBodies, Residence: office.ResidentAlways},
		{Name: "t.words", Parent: "t.doc", Lane: office.LaneTasks, Residence: office.ResidentAlways, Narrow: chans("only")},
		{Name: "t.draft", Parent: "t.doc", Lane: office.LaneRest, Residence: office.ResidentNever},
		{Name: "t.ledger", Lane: office.LaneRest, Residence: office.ResidentNever, Audience: org},
		{Name: "t.ledgerline", Parent: "t.ledger", Lane: office.LaneRest, Residence: office.ResidentAlways},
		{
			Name: "t.case", Lane: office.LaneHeaders, Residence: office.ResidentWindow, Audience: chans("to"), Window: until,
			Fields: []office.Field{{Name: "title", Type: office.Text}},
			Views:  []office.View{{Name: "all", Filters: []string{"title"}, Orders: []string{"title"}}},
		},
		{Name: "t.page", Parent: "t.case", Lane: office.LaneBodies, Residence: office.ResidentAlways, Narrow: chans("only")},
		{Name: "t.state", Parent: "t.case", Lane: office.LaneRest, Residence: office.ResidentWindow, Window: until},
		office.Pins.Kind,
		{Name: "t.gift", Lane: office.LaneRest, Residence: office.ResidentNever, Given: true, Audience: org},
		{Name: "t.count", Lane: office.LaneTasks, Residence: office.ResidentAlways, Audience: org},
	}, more...)...)
	if err != nil {
		panic(err)
	}
	return ks
}

func newWorld(t testing.TB, c store.Config, more ...*office.Kind) *world {
	t.Helper()
	c.Kinds = testKinds(more...)
	s, err := store.Open(context.Background(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	w := &world{t: t, url: c.URL, clock: time.Date(2025, 3, 3, 9, 0, 0, 0, time.UTC), log: &bytes.Buffer{}}
	var files Files
	if files.Store, err = blobs.Open(t.Context(), t.TempDir()); err != nil {
		t.Fatal(err)
	}
	if files.Staging, err = blobs.OpenStaging(t.TempDir()); err != nil {
		t.Fatal(err)
	}
	w.Authority, err = New(Options{
		Files: files,
		Store: s, Commands: testCommands{}, Now: w.now, Log: slog.New(slog.NewTextHandler(&lockedWriter{w: w}, nil)),
		Extras: Extras{"t.extra@1": {extraPatch, extraRefuse}},
		Jobs: map[string]jobs.Handler{
			officetest.ExerciseJob: func(context.Context, jobs.Job) error { return nil },
			"t.job": func(_ context.Context, j jobs.Job) error {
				w.mu.Lock()
				defer w.mu.Unlock()
				w.done = append(w.done, string(j.Args))
				if strings.Contains(string(j.Args), "fail") {
					return fmt.Errorf("no luck")
				}
				if strings.Contains(string(j.Args), "panic") {
					panic("no luck")
				}
				return nil
			},
		},
		Subscriptions: func(p office.Record) ([]office.Channel, error) {
			var v struct{ Units []string }
			if err := p.Decode(&v); err != nil {
				return nil, err
			}
			out := append(office.To(office.UserID(p.ID)), office.Org)
			for _, u := range v.Units {
				out = append(out, office.ToUnit(u))
			}
			return out, nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range []string{"lin", "wu", "han"} {
		w.as("system", &put{K: "dir.person", I: p, B: obj{"name": p}})
	}
	return w
}

type lockedWriter struct{ w *world }

func (l *lockedWriter) Write(p []byte) (int, error) {
	l.w.mu.Lock()
	defer l.w.mu.Unlock()
	return l.w.log.Write(p)
}

// now is a clock that moves a second at each look.
func (w *world) now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.still {
		w.clock = w.clock.Add(time.Second)
	}
	return w.clock
}

func (w *world) pass(d time.Duration) {
	w.mu.Lock()
	w.clock = w.clock.Add(d)
	w.mu.Unlock()
}

func (w *world) mid() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.mids++
	return office.DeriveID("test", fmt.Sprint(w.mids))
}

// as runs a command that must be accepted.
func (w *world) as(uid office.UserID, cmd office.Command) protocol.Result {
	w.t.Helper()
	r, err := w.As(context.Background(), uid, w.mid(), time.Time{}, cmd)
	if err != nil || r.Outcome != protocol.Applied && r.Outcome != protocol.Noop && r.Outcome != protocol.Conflict {
		w.t.Fatalf("%s: %+v, %v", cmd.Kind(), r, err)
	}
	return r
}

// healthy lets the doctor look.
func (w *world) healthy() {
	w.t.Helper()
	found, err := w.Check(context.Background())
	if err != nil {
		w.t.Fatal(err)
	}
	for _, f := range found {
		w.t.Errorf("doctor: %s", f)
	}
}

// truth is what a person is to see: every resident record whose channels meet
// their subscriptions, by kind and id.
func (w *world) truth(uid office.UserID) map[key]string {
	w.t.Helper()
	out := map[key]string{}
	err := w.Store.Read(context.Background(), func(q store.Q) error {
		subs, err := store.Subs(context.Background(), q, uid)
		if err != nil {
			return err
		}
		for _, k := range w.Kinds.All() {
			if k.Residence == office.ResidentNever {
				continue
			}
			ss, err := w.Store.Rows.Page(context.Background(), q, k.Name, "", 100000)
			if err != nil {
				return err
			}
			for _, s := range ss {
				root := s.Record
				if !k.IsRoot() {
					if root, _, err = w.Store.Rows.Get(context.Background(), q, k.Parent, s.Root); err != nil {
						return err
					}
				}
				chans, err := w.Kinds.Channels(s.Record, root)
				if err != nil {
					return err
				}
				if is, _, err := open(w.Kinds, w.aged.Load(), s.Record, root); err != nil {
					return err
				} else if !is && !w.pinned(q, uid, root) {
					continue
				}
				if slices.ContainsFunc(chans, func(c office.Channel) bool { return slices.Contains(subs, c) }) {
					out[key{k.Name, s.ID}] = string(s.Body)
				}
			}
		}
		return nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return out
}

type obj map[string]any

// testCommands decodes the commands of the tests.
type testCommands struct{}

func (testCommands) Run(tx office.Tx, c office.Context, cmd office.Command) error {
	return cmd.Run(tx, c)
}

func (testCommands) Decode(kind string, args json.RawMessage) (office.Command, error) {
	var cmd office.Command
	switch kind {
	case "t.put@1":
		cmd = &put{}
	case "t.patch@1":
		cmd = &patch{}
	case "t.del@1":
		cmd = &del{}
	case "t.refuse@1":
		cmd = &refuse{}
	case "t.panic@1":
		cmd = &panics{}
	case "t.add@1":
		cmd = &add{}
	case "t.emit@1":
		cmd = &emit{}
	case "t.extra@1":
		cmd = &extra{}
	case "t.swap@1":
		cmd = &swap{}
	case "t.draw@1":
		cmd = &draw{}
	default:
		return nil, &office.Error{Code: office.CodeUnknown, Message: kind}
	}
	d := json.NewDecoder(bytes.NewReader(args))
	d.DisallowUnknownFields()
	if err := d.Decode(cmd); err != nil {
		return nil, office.Invalid("args", "bad arguments")
	}
	return cmd, nil
}

type put struct {
	K, I, R string
	B       obj
	Hold    []string
}

func (*put) Kind() string      { return "t.put@1" }
func (c *put) Locks() []string { return c.Hold }
func (c *put) Run(tx office.Tx, _ office.Context) error {
	return tx.Insert(c.K, c.I, c.R, c.B)
}

type patch struct {
	K, I string
	S    obj
	Note office.Code
}

func (*patch) Kind() string    { return "t.patch@1" }
func (*patch) Locks() []string { return nil }
func (c *patch) Run(tx office.Tx, _ office.Context) error {
	if c.Note != "" {
		tx.Note(c.Note)
	}
	return tx.Patch(c.K, c.I, office.Fields(c.S))
}

type del struct{ K, I string }

func (*del) Kind() string                               { return "t.del@1" }
func (*del) Locks() []string                            { return nil }
func (c *del) Run(tx office.Tx, _ office.Context) error { return tx.Delete(c.K, c.I) }

// refuse writes, looks, and then refuses.
type refuse struct {
	I    string
	List bool
	Code office.Code
}

func (*refuse) Kind() string    { return "t.refuse@1" }
func (*refuse) Locks() []string { return nil }
func (c *refuse) Run(tx office.Tx, _ office.Context) error {
	if err := tx.Insert("t.doc", c.I, "", obj{"to": []string{"org"}}); err != nil {
		return err
	}
	if c.List {
		if _, err := tx.List(office.Query{Kind: "t.doc", View: "all"}); err != nil {
			return err
		}
	}
	tx.Emit(office.Job{Kind: "t.job", Args: obj{"from": "refused"}})
	tx.Note(office.NoteMerged)
	code := c.Code
	if code == "" {
		code = office.CodeState
	}
	return &office.Error{Code: code, Message: "not now", Field: "I"}
}

// panics writes and then panics, or returns a bare error.
type panics struct{ How string }

func (*panics) Kind() string { return "t.panic@1" }
func (c *panics) Locks() []string {
	if c.How == "locks" {
		panic("in Locks")
	}
	return nil
}
func (c *panics) Run(tx office.Tx, _ office.Context) error {
	if err := tx.Insert("t.doc", "left-by-panic", "", obj{"to": []string{"org"}}); err != nil {
		return err
	}
	switch c.How {
	case "error":
		return fmt.Errorf("a secret text")
	case "audience":
		return tx.Insert("t.doc", "bad-audience", "", obj{"to": "no list"})
	case "job":
		tx.Emit(office.Job{Kind: "t.nobody"})
		return nil
	}
	panic("a secret text")
}

// add counts in one record; Lock says whether it holds what it reads.
type add struct {
	I    string
	Lock bool
}

func (*add) Kind() string { return "t.add@1" }
func (c *add) Locks() []string {
	if c.Lock {
		return []string{"count:" + c.I}
	}
	return nil
}
func (c *add) Run(tx office.Tx, x office.Context) error {
	r, p, err := tx.Get("t.count", c.I)
	if err != nil {
		return err
	}
	if p != office.Present {
		return tx.Insert("t.count", c.I, "", obj{"n": 1})
	}
	var v struct{ N int }
	if err := r.Decode(&v); err != nil {
		return err
	}
	return tx.Patch("t.count", c.I, office.Fields{"n": v.N + 1})
}

type emit struct {
	Word string
	At   int64
	I    string
}

func (*emit) Kind() string    { return "t.emit@1" }
func (*emit) Locks() []string { return nil }
func (c *emit) Run(tx office.Tx, _ office.Context) error {
	if c.At > 0 {
		tx.Emit(office.Job{Kind: JobCommandAt, Args: obj{"due": c.At, "command": "t.add@1", "args": obj{"I": c.I}}})
	}
	if c.Word != "" {
		tx.Emit(office.Job{Kind: "t.job", Args: obj{"w": c.Word}})
	}
	return nil
}

// draw gets what only the server gives: what it once got, if that is free.
type draw struct{ I string }

func (*draw) Kind() string    { return "t.draw@1" }
func (*draw) Locks() []string { return []string{"gifts"} }
func (c *draw) Run(tx office.Tx, x office.Context) error {
	id := "g-" + c.I
	for _, g := range x.Given {
		if _, p, err := tx.Get("t.gift", g.ID); err != nil {
			return err
		} else if p == office.Absent {
			id = g.ID
		}
	}
	return tx.Insert("t.gift", id, "", obj{"for": c.I})
}

type extra struct{ I, Say string }

func (*extra) Kind() string    { return "t.extra@1" }
func (*extra) Locks() []string { return nil }
func (c *extra) Run(tx office.Tx, _ office.Context) error {
	return tx.Insert("t.doc", c.I, "", obj{"to": []string{"org"}})
}

func extraPatch(tx office.Tx, c office.Context, cmd office.Command) error {
	return tx.Patch("t.doc", cmd.(*extra).I, office.Fields{"number": "京发〔2025〕1号"})
}

func extraRefuse(tx office.Tx, c office.Context, cmd office.Command) error {
	if say := cmd.(*extra).Say; say != "" {
		return &office.Error{Code: office.Code(say)}
	}
	return nil
}

// pinned reports whether somebody has pinned a root.
func (w *world) pinned(q store.Q, uid office.UserID, root office.Record) bool {
	w.t.Helper()
	_, ok, err := w.Store.Rows.Get(context.Background(), q, office.Pins.Name, office.PinID(uid, root.Kind, root.ID))
	if err != nil {
		w.t.Fatal(err)
	}
	return ok
}

func (w *world) row(kind, id string) (r office.Record, ok bool) {
	w.t.Helper()
	err := w.Store.Read(context.Background(), func(q store.Q) (err error) {
		r, ok, err = w.Store.Rows.Get(context.Background(), q, kind, id)
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return r, ok
}
