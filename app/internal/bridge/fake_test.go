package bridge

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"qianshao/app/internal/engine"
	"qianshao/syncserver/office"
	"qianshao/syncserver/office/catalog"
	"qianshao/syncserver/office/document"
	"qianshao/syncserver/office/officetest"
)

// start is when the fake office's day begins: a Tuesday morning in its zone.
var start = time.Date(2026, 11, 24, 1, 0, 0, 0, time.UTC)

// fakeDesk is a desk over memory: commands run at once, some wait.
type fakeDesk struct {
	t      *testing.T
	mem    *officetest.Mem
	rooms  *catalog.Catalog
	uid    office.UserID
	now    time.Time
	n      int
	items  []engine.Item
	drafts map[string]json.RawMessage
	status engine.Status
	given  []office.Command
	blobs  map[string][]byte
	wanted []string
	hits   []engine.Hit
	far    *fakeDesk // what the server would answer; nil: it is out of reach
	events []engine.Event
}

func (d *fakeDesk) Do(_ context.Context, cmd office.Command) (string, error) {
	d.n++
	mid := office.DeriveID("mid", string(rune('0'+d.n)))
	if err := d.run(mid, cmd, d.uid); err != nil {
		return "", err
	}
	d.given = append(d.given, cmd)
	args, err := json.Marshal(cmd)
	if err != nil {
		return "", err
	}
	d.items = append(d.items, engine.Item{
		Mid: mid, Command: cmd.Kind(), Args: args, State: engine.StateQueued, Waiting: true, Claimed: office.Millis(d.now),
	})
	return mid, nil
}

// run lets somebody command, all or nothing.
func (d *fakeDesk) run(mid string, cmd office.Command, who office.UserID) error {
	_, err := d.mem.Update(func(tx office.Tx) error {
		return d.rooms.Run(tx, office.Context{Actor: who, Now: d.now, Claimed: d.now, Mid: mid}, cmd)
	})
	return err
}

func (d *fakeDesk) Sync(context.Context) (engine.Report, error) { return engine.Report{}, nil }
func (d *fakeDesk) SetOffline(off bool)                         { d.status.Offline = off }
func (d *fakeDesk) Status() engine.Status                       { return d.status }

func (d *fakeDesk) Outbox(_ context.Context, f engine.Filter) ([]engine.Item, error) {
	if d.status.Locked {
		return nil, &office.Error{Code: engine.CodeTerm}
	}
	var out []engine.Item
	for _, x := range d.items {
		if !f.NeedsYou || x.NeedsYou {
			out = append(out, x)
		}
	}
	return out, nil
}

func (d *fakeDesk) CountOf(_ context.Context, kinds ...string) (waiting, needsYou int, err error) {
	for _, x := range d.items {
		switch {
		case !slices.Contains(kinds, x.Command):
		case x.NeedsYou:
			needsYou++
		case x.Outcome == "":
			waiting++
		}
	}
	return waiting, needsYou, nil
}

func (d *fakeDesk) Item(_ context.Context, mid string) (engine.Item, bool, error) {
	for _, x := range d.items {
		if x.Mid == mid {
			return x, true, nil
		}
	}
	return engine.Item{}, false, nil
}

func (d *fakeDesk) Retry(_ context.Context, mid string) (string, error) {
	return "again", d.end(mid, func(x *engine.Item) { x.Next = "again" })
}

// end ends a refused command as the engine does.
func (d *fakeDesk) end(mid string, f func(*engine.Item)) error {
	for i := range d.items {
		if x := &d.items[i]; x.Mid == mid && x.NeedsYou {
			x.NeedsYou = false
			f(x)
			return nil
		}
	}
	return &office.Error{Code: office.CodeState}
}

func (d *fakeDesk) RetryWith(_ context.Context, mid string, args json.RawMessage) (string, error) {
	for i := range d.items {
		if d.items[i].Mid == mid {
			d.items[i].Args, d.items[i].Next = args, "again"
		}
	}
	return "again", nil
}

func (d *fakeDesk) Discard(_ context.Context, mid string) error {
	return d.end(mid, func(x *engine.Item) { x.State = engine.StateDiscarded })
}

func (d *fakeDesk) MarkSeen(context.Context, ...string) error { return nil }

func (d *fakeDesk) SaveDraft(_ context.Context, key string, body json.RawMessage) error {
	d.drafts[key] = body
	return nil
}

func (d *fakeDesk) Draft(_ context.Context, key string) (engine.Draft, bool, error) {
	b, ok := d.drafts[key]
	return engine.Draft{Key: key, Body: b}, ok, nil
}

func (d *fakeDesk) DeleteDraft(_ context.Context, key string) error {
	delete(d.drafts, key)
	return nil
}

func (d *fakeDesk) Get(_ context.Context, kind, id string) (office.Record, bool, error) {
	r, ok := d.mem.Get(kind, id)
	return r, ok, nil
}

func (d *fakeDesk) List(_ context.Context, q office.Query) (rs []office.Record, err error) {
	_, err = d.mem.Update(func(tx office.Tx) error {
		rs, err = tx.List(q)
		return err
	})
	return rs, err
}

func (d *fakeDesk) Count(ctx context.Context, q office.Query) (n int, _ error) {
	q.Limit, q.Skip, q.After = office.MaxLimit, 0, ""
	for {
		rs, err := d.List(ctx, q)
		if n += len(rs); err != nil || len(rs) < q.Limit {
			return n, err
		}
		q.Skip += len(rs)
	}
}

func (d *fakeDesk) Children(_ context.Context, kind, root string) (out []office.Record, _ error) {
	for _, r := range d.mem.All(kind) {
		if r.Root == root {
			out = append(out, r)
		}
	}
	return out, nil
}

// Search gives what a test laid out as hits, or else finds headers by title and
// number and bodies by their text, as the index does for one phrase.
func (d *fakeDesk) Search(_ context.Context, text string, limit int) (out []engine.Hit, _ error) {
	if d.hits != nil {
		return d.hits, nil
	}
	for _, kind := range []string{document.Headers.Name, document.Bodies.Name} {
		for _, r := range d.mem.All(kind) {
			if strings.Contains(string(r.Body), text) && len(out) < limit {
				out = append(out, engine.Hit{Kind: kind, ID: r.ID, Root: r.Root})
			}
		}
	}
	return out, nil
}

func (d *fakeDesk) Events(context.Context, int) ([]engine.Event, error) {
	if d.events != nil {
		return d.events, nil
	}
	return []engine.Event{{At: 1, What: "repair", Why: "mended", Chan: "org", Rows: 1}}, nil
}

func (d *fakeDesk) History(context.Context, int) ([]engine.Sync, error) {
	return []engine.Sync{{At: office.Millis(d.now), Pushed: 2, Pulled: 3, Error: "network"}}, nil
}

func (d *fakeDesk) Drafts(_ context.Context, prefix string) ([]engine.Draft, error) {
	var out []engine.Draft
	for _, k := range slices.Sorted(maps.Keys(d.drafts)) {
		if strings.HasPrefix(k, prefix) {
			out = append(out, engine.Draft{Key: k, Body: d.drafts[k]})
		}
	}
	return out, nil
}

func (d *fakeDesk) Here(context.Context) (engine.Here, error) {
	return engine.Here{Kinds: map[string]int{"todo.item": 2, "doc.header": 9}, Use: []engine.Use{{Part: "replica", Bytes: 4096}}}, nil
}

func (d *fakeDesk) PendingOf(context.Context, string) (map[string][]string, error) {
	return map[string][]string{}, nil
}

func (d *fakeDesk) AddBlob(_ context.Context, r io.Reader) (office.BlobRef, error) {
	b, err := io.ReadAll(r)
	if err != nil {
		return office.BlobRef{}, err
	}
	h := sha256.Sum256(b)
	sha := hex.EncodeToString(h[:])
	if d.blobs == nil {
		d.blobs = map[string][]byte{}
	}
	d.blobs[sha] = b
	return office.BlobRef{SHA256: sha, Size: int64(len(b))}, nil
}

func (d *fakeDesk) OpenBlob(_ context.Context, sha string) (*os.File, error) {
	b, ok := d.blobs[sha]
	if !ok {
		return nil, &office.Error{Code: engine.CodeAway}
	}
	name := filepath.Join(d.t.TempDir(), sha)
	if err := os.WriteFile(name, b, 0o600); err != nil {
		return nil, err
	}
	return os.Open(name)
}

func (d *fakeDesk) FetchBlob(context.Context, string) error {
	return &office.Error{Code: engine.CodeOffline}
}
func (d *fakeDesk) WantBlob(sha string) { d.wanted = append(d.wanted, sha) }

func (d *fakeDesk) Blobs(_ context.Context, shas []string) (map[string]engine.BlobState, error) {
	out := map[string]engine.BlobState{}
	for _, sha := range shas {
		b, ok := d.blobs[sha]
		out[sha] = engine.BlobState{Here: ok, Waits: ok && d.status.Offline, Size: int64(len(b))}
	}
	return out, nil
}

func (d *fakeDesk) ReadOnline(ctx context.Context, q office.Query) ([]office.Record, string, error) {
	if d.far == nil {
		return nil, "", &office.Error{Code: engine.CodeOffline}
	}
	limit := q.Limit
	q.Limit = limit + 1
	rs, err := d.far.List(ctx, q)
	if err != nil || len(rs) <= limit {
		return rs, "", err
	}
	next, err := d.rooms.Kinds().KeyOf(q, rs[limit-1])
	return rs[:limit], next, err
}

func (d *fakeDesk) GetOnline(_ context.Context, kind string, ids ...string) (out []office.Record, _ error) {
	if d.far == nil {
		return nil, &office.Error{Code: engine.CodeOffline}
	}
	for _, id := range ids {
		if r, ok := d.far.mem.Get(kind, id); ok {
			out = append(out, r)
		}
	}
	return out, nil
}

func (d *fakeDesk) ChildrenOnline(ctx context.Context, kind, root string) ([]office.Record, error) {
	if d.far == nil {
		return nil, &office.Error{Code: engine.CodeOffline}
	}
	return d.far.Children(ctx, kind, root)
}

// fakeHost has one person signed in, or nobody.
type fakeHost struct {
	desk   *fakeDesk
	prefs  json.RawMessage
	fail   error
	link   string
	told   []string
	known  Known
	saveTo string // what AskSave answers
	acts   []AccountAct
}

func (h *fakeHost) Remembered() (string, string) { return "https://oa.example", "linzhiyuan" }
func (h *fakeHost) Desk() (Desk, office.UserID, bool) {
	if h.desk == nil {
		return nil, "", false
	}
	return h.desk, h.desk.uid, true
}
func (h *fakeHost) SignIn(context.Context, string, string, string) error { return h.fail }
func (h *fakeHost) SignOut(context.Context) error                        { h.desk = nil; return h.fail }
func (h *fakeHost) Preferences() (json.RawMessage, error)                { return h.prefs, h.fail }
func (h *fakeHost) SavePreferences(raw json.RawMessage) error            { h.prefs = raw; return h.fail }

func (h *fakeHost) Known() Known                                   { return h.known }
func (h *fakeHost) Renew(context.Context, string) error            { return h.fail }
func (h *fakeHost) Password(context.Context, string, string) error { return h.fail }
func (h *fakeHost) Accounts(context.Context) ([]AccountRow, error) {
	return []AccountRow{{User: "dingxiaohe", UID: "ding-xiaohe", State: "pending"}}, h.fail
}
func (h *fakeHost) Account(_ context.Context, x AccountAct) error {
	h.acts = append(h.acts, x)
	return h.fail
}
func (h *fakeHost) Devices(_ context.Context, uid office.UserID) ([]DeviceRow, error) {
	return []DeviceRow{{ID: "d1", Name: string(uid)}}, h.fail
}
func (h *fakeHost) Revoke(_ context.Context, uid office.UserID, dev string) error {
	h.acts = append(h.acts, AccountAct{Act: "revoke", UID: string(uid), User: dev})
	return h.fail
}
func (h *fakeHost) Link() (string, int64)                  { return h.link, 7 }
func (h *fakeHost) Notify(id, title, body string)          { h.told = append(h.told, id, title, body) }
func (h *fakeHost) CanNotify() bool                        { return true }
func (h *fakeHost) ExportLog(about []byte) (string, error) { return string(about), h.fail }
func (h *fakeHost) Program() Program                       { return Program{Version: "1.2.3"} }

func (h *fakeHost) AskSave(string, ...FileKind) (string, error) { return h.saveTo, nil }
func (h *fakeHost) ExportFolder() (string, error)               { return h.desk.t.TempDir(), nil }
func (h *fakeHost) OpenPath(string) error                       { return nil }

// zeros is a source of randomness that tests can foresee.
type zeros struct{ n byte }

func (z *zeros) Read(b []byte) (int, error) {
	for i := range b {
		z.n++
		b[i] = z.n
	}
	return len(b), nil
}

// newRooms are rooms for uid over an empty office, and what they log.
func newRooms(t *testing.T, uid office.UserID) (*Rooms, *fakeHost, *bytes.Buffer) {
	t.Helper()
	cat, err := catalog.New()
	if err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	h := &fakeHost{desk: &fakeDesk{t: t, mem: officetest.NewMem(cat.Kinds()), rooms: cat, uid: uid, now: start, drafts: map[string]json.RawMessage{}}}
	r := New(context.Background(), Options{
		Host: h, Kinds: cat.Kinds(), Now: func() time.Time { return start }, Rand: &zeros{},
		Log: slog.New(slog.NewTextHandler(&log, nil)),
	})
	return r, h, &log
}

// refused asserts a refusal with a code.
func refused(t *testing.T, err error, code office.Code) {
	t.Helper()
	var e *office.Error
	if !errors.As(err, &e) || e.Code != code {
		t.Errorf("got %v, want %s", err, code)
	}
}

// put makes a record without a command.
func (d *fakeDesk) put(kind, id, root string, body any) {
	d.t.Helper()
	if _, err := d.mem.Update(func(tx office.Tx) error { return tx.Insert(kind, id, root, body) }); err != nil {
		d.t.Fatal(err)
	}
}

// patch changes a record without a command.
func (d *fakeDesk) patch(kind, id string, set office.Fields) {
	d.t.Helper()
	if _, err := d.mem.Update(func(tx office.Tx) error { return tx.Patch(kind, id, set) }); err != nil {
		d.t.Fatal(err)
	}
}
