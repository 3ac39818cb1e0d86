package protocol_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"

	"qianshao/syncserver/office"
	. "qianshao/syncserver/protocol"
)

var update = flag.Bool("update", false, "write testdata/*.json from the samples; a changed file needs a new line in History")

func lane(l office.Lane) *office.Lane { return &l }

// samples has one value of every wire type with every field set: what is not
// set is not frozen.
func samples() []any {
	raw := func(s string) json.RawMessage { return json.RawMessage(s) }
	former := Former{Outcome: Applied, Code: office.NoteMerged, Detail: raw(`{"given":[]}`), At: 1763852401000}
	cmd := Command{
		N: 7, Mid: "0192f0c1-2a00-7000-8000-000000000007", Kind: "todo.create@1",
		Args: raw(`{"id":"t1","title":"汛前物资储备 <b>&"}`), Deps: []string{"0192f0c1-2a00-7000-8000-000000000006"}, Claimed: 1763852400000,
		Former: &former,
	}
	res := Result{
		Mid: cmd.Mid, N: 7, Outcome: Rejected, Code: office.CodeDoneByOther, Message: "他人已办", Field: "task",
		Detail: raw(`{"by":"xu-nanqiao"}`), At: 1763852401000,
	}
	cur := Cursor{Chan: "u:lin-zhiyuan", Lane: 1, Pos: 41, Head: 42, Hash: "9f86d081884c7d65", GCBase: 3}
	cl := ChanLane{Chan: "unit:mishu1", Lane: 2}
	op := Op{Chan: 1, Lane: 2, Kind: "doc.body", ID: "d1", Rem: true}
	row := Row{Kind: "doc.body", ID: "d1", Root: "h1", Ver: 3, Body: raw(`{"text":"各县区人民政府"}`)}
	sum := Sum{ChanLane: cl, N: 12, Sum: "00ff00ff00ff00ff"}
	return []any{
		LoginRequest{User: "linzhiyuan", Password: "not a real one", Device: "0192f0c1-0000-7000-8000-00000000000d", Install: "i-1", Name: "林知远的笔记本"},
		LoginReply{Token: "qs_0000", User: "lin-zhiyuan", Name: "林知远", Device: "0192f0c1-0000-7000-8000-00000000000d", Expires: 1766444400000},
		PasswordRequest{Old: "the old one", New: "the new one"},
		Ack{OK: true},
		Account{User: "linzhiyuan", UID: "lin-zhiyuan", State: "active", Created: 1763852400000, Changed: 1763852401000, Sessions: 2},
		AccountsReply{Accounts: []Account{{User: "linzhiyuan", UID: "lin-zhiyuan", State: "pending"}}},
		AccountRequest{User: "linzhiyuan", UID: "lin-zhiyuan", Password: "not a real one"},
		Device{ID: "0192f0c1-0000-7000-8000-00000000000d", Name: "林知远的笔记本", State: "active", Seen: 1763852400000, Sessions: 1},
		DevicesRequest{UID: "lin-zhiyuan"},
		DevicesReply{Devices: []Device{{ID: "d", Name: "n", State: "wiped"}}},
		DeviceRequest{UID: "lin-zhiyuan", Device: "d"},
		HelloRequest{Device: "d", Install: "i", Ticket: "t", Epoch: "e", Schema: 1, Version: "2026-11-23", LastN: 6},
		HelloReply{ServerTime: 1763852400000, Epoch: "e", Verdict: VerdictFork, LastN: 6, Message: "m", NewDevice: "d2", Policy: &DeskPolicy{OfflineHours: 720}},
		DeskPolicy{OfflineHours: 720},
		BlobReply{Offset: 4096, Done: true},
		BlobsRequest{Device: "d", SHA256: []string{"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"}},
		BlobsReply{LastN: 7, Lacks: []string{"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"}},
		ReadRequest{
			Device: "d", Kind: "doc.header", View: "direction", Where: []office.Cond{{Field: "direction", Op: office.Eq, Value: "in"}}, Order: "updated",
			Desc: true, After: "eyJ2Ijox", Limit: 60, IDs: []string{"d1"}, Root: "h1",
		},
		ReadReply{Rows: []Row{row}, Next: "eyJ2Ijox", AsOf: 1763852402000},
		former,
		cmd,
		PushRequest{Device: "d", Ticket: "t", Next: "t2", Cmds: []Command{cmd}},
		res,
		PushReply{Verdict: VerdictOK, Results: []Result{res}, LastN: 7, NewDevice: "d2"},
		cur,
		PullRequest{Device: "d", Epoch: "e", LastN: 7, Known: "0123", Cursors: []Cursor{cur}, Limit: PageDefault, MaxLane: lane(1), Waiting: 3},
		op, row, cl, sum,
		DigestRequest{Device: "d", ChanLane: cl, Buckets: []int{0, 255}, Want: []RowID{{Kind: "doc.body", ID: "d1"}}},
		RowID{Kind: "doc.body", ID: "d1"},
		RowSum{RowID: RowID{Kind: "doc.body", ID: "d1"}, Sum: "00ff00ff00ff00ff"},
		DigestReply{
			Head: 42, Hash: "9f86d081884c7d65", N: 12, Sum: "00ff00ff00ff00ff", Buckets: []string{"00ff00ff00ff00ff"},
			Members: []RowSum{{RowID: RowID{Kind: "doc.body", ID: "d1"}, Sum: "00ff00ff00ff00ff"}}, Rows: []Row{row},
		},
		PullReply{
			Same: true, Need: true, Epoch: "e", Rewound: true, Drop: []ChanLane{cl}, Reset: []ChanLane{cl},
			Chans: []office.Channel{"org", "unit:mishu1"}, Ops: []Op{op}, Rows: []Row{row}, Cursors: []Cursor{cur}, Sums: []Sum{sum},
			LastN: 7, DurableN: 5, Results: []Result{res}, More: true, AsOf: 1763852402000, Policy: &DeskPolicy{OfflineHours: 168},
		},
	}
}

// encode writes v as testdata does.
func encode(t *testing.T, v any) []byte {
	t.Helper()
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(v); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestWireIsFrozen(t *testing.T) {
	for _, s := range samples() {
		typ := reflect.TypeOf(s)
		t.Run(typ.Name(), func(t *testing.T) {
			file := filepath.Join("testdata", typ.Name()+".json")
			got := encode(t, s)
			if *update {
				if err := os.WriteFile(file, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got, want) {
				t.Errorf("the wire form of %s changed:\n%s\nfrozen:\n%s", typ.Name(), got, want)
			}
			back := reflect.New(typ)
			d := json.NewDecoder(bytes.NewReader(want))
			d.DisallowUnknownFields()
			if err := d.Decode(back.Interface()); err != nil {
				t.Fatalf("decode: %v", err)
			}
			if again := encode(t, back.Elem().Interface()); !bytes.Equal(again, want) {
				t.Errorf("decoded and encoded again:\n%s", again)
			}
		})
	}
}

// Every field of every sample is set, so that a removed or renamed field shows.
func TestSamplesAreFull(t *testing.T) {
	for _, s := range samples() {
		v := reflect.ValueOf(s)
		for i := range v.NumField() {
			if v.Field(i).IsZero() {
				t.Errorf("%s.%s is not set in its sample", v.Type().Name(), v.Type().Field(i).Name)
			}
		}
	}
}

// Every struct of the package's wire files has a sample.
func TestEveryWireTypeHasASample(t *testing.T) {
	var have []string
	for _, s := range samples() {
		have = append(have, reflect.TypeOf(s).Name())
	}
	n := 0
	for _, file := range []string{"types.go", "auth.go", "admin.go", "blob.go", "read.go"} {
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(x ast.Node) bool {
			if ts, ok := x.(*ast.TypeSpec); ok {
				if _, ok := ts.Type.(*ast.StructType); ok {
					n++
					if !slices.Contains(have, ts.Name.Name) {
						t.Errorf("%s: %s has no sample", file, ts.Name.Name)
					}
				}
			}
			return true
		})
	}
	if n != len(have) {
		t.Errorf("%d samples for %d types", len(have), n)
	}
}

// An older peer's bodies lack new fields and a newer peer's have more: both decode.
func TestUnknownAndMissingFieldsAreTaken(t *testing.T) {
	var p PushRequest
	if err := json.Unmarshal([]byte(`{"dev":"d","someday":{"x":1},"cmds":[{"n":1,"mid":"m","new_field":true}]}`), &p); err != nil {
		t.Fatal(err)
	}
	if p.Device != "d" || len(p.Cmds) != 1 || p.Cmds[0].N != 1 {
		t.Errorf("decoded %+v", p)
	}
}
