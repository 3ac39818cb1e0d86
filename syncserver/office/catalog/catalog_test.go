package catalog

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"qianshao/syncserver/office"
	"qianshao/syncserver/protocol"
)

func newCatalog(t testing.TB) *Catalog {
	t.Helper()
	c, err := New()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestLists(t *testing.T) {
	c := newCatalog(t)
	if len(c.Kinds().All()) != len(Kinds()) || len(c.Commands()) != len(Commands()) || len(Commands()) < 25 {
		t.Errorf("%d kinds, %d commands", len(c.Kinds().All()), len(c.Commands()))
	}
	if !c.Creates("todo.create@1") || c.Creates("todo.edit@1") || c.Class("todo.edit@1") != office.Queued || c.Class("nothing") != office.Online {
		t.Error("Creates or Class")
	}
	if MaxArguments != protocol.MaxCommand {
		t.Error("MaxArguments is not the wire's limit")
	}
}

type sample struct {
	ID   string          `json:"id"`
	N    int64           `json:"n,omitempty"`
	F    float64         `json:"f,omitempty"`
	Ok   bool            `json:"ok,omitempty"`
	List []inner         `json:"list,omitempty"`
	Map  map[string]int  `json:"map,omitempty"`
	Any  json.RawMessage `json:"any,omitempty"`
	P    *int            `json:"p,omitempty"`
	inner
}

type inner struct {
	Text string `json:"text,omitempty"`
}

func (*sample) Kind() string                        { return "test.sample@2" }
func (*sample) Locks() []string                     { return nil }
func (*sample) Run(office.Tx, office.Context) error { return nil }
func sampleSpec() office.Spec {
	return office.Spec{Kind: "test.sample@2", New: func() office.Command { return new(sample) }, Class: office.Queued, Creates: true}
}

func TestBuildRefuses(t *testing.T) {
	noID := office.Spec{Kind: "conflict.close@1", New: func() office.Command { return new(office.CloseConflict) }, Class: office.Queued}
	other := sampleSpec()
	other.Kind = "test.other@1"
	bad := sampleSpec()
	bad.Class = ""
	creates := office.Spec{Kind: "test.no_id@1", New: func() office.Command { return new(noIDs) }, Class: office.Queued, Creates: true}
	for name, x := range map[string]struct {
		kinds  []*office.Kind
		specs  []office.Spec
		former map[string]Converter
	}{
		"a kind twice":             {kinds: []*office.Kind{office.Conflicts.Kind, office.Conflicts.Kind}},
		"a command twice":          {specs: []office.Spec{noID, noID}},
		"another name":             {specs: []office.Spec{other}},
		"no class":                 {specs: []office.Spec{bad}},
		"creates without id":       {specs: []office.Spec{creates}},
		"converter leads nowhere":  {specs: []office.Spec{noID}, former: map[string]Converter{"a@1": {To: "b@1"}}},
		"converter in a circle":    {specs: []office.Spec{noID}, former: map[string]Converter{"a@1": {To: "b@1"}, "b@1": {To: "a@1"}}},
		"former and still current": {specs: []office.Spec{noID}, former: map[string]Converter{"conflict.close@1": {To: "conflict.close@1"}}},
	} {
		if _, err := build(x.kinds, x.specs, x.former); err == nil {
			t.Errorf("%s is taken", name)
		}
	}
}

type noIDs struct{}

func (*noIDs) Kind() string                        { return "test.no_id@1" }
func (*noIDs) Locks() []string                     { return nil }
func (*noIDs) Run(office.Tx, office.Context) error { return nil }

func TestDecodeRefuses(t *testing.T) {
	c, err := build(nil, []office.Spec{sampleSpec()}, nil)
	if err != nil {
		t.Fatal(err)
	}
	deep := strings.Repeat("[", 40) + strings.Repeat("]", 40)
	for _, x := range []struct {
		name, kind, args string
		code             office.Code
		field            string
	}{
		{"unknown command", "todo.create@99", `{}`, office.CodeUnknown, ""},
		{"no command", "", `{}`, office.CodeUnknown, ""},
		{"path", "../../etc", `{}`, office.CodeUnknown, ""},
		{"no arguments", "", ``, office.CodeUnknown, ""},
		{"nothing", "test.sample@2", ``, office.CodeInvalid, "args"},
		{"null", "test.sample@2", `null`, office.CodeInvalid, "args"},
		{"list", "test.sample@2", `[]`, office.CodeInvalid, "args"},
		{"text", "test.sample@2", `"x"`, office.CodeInvalid, "args"},
		{"half", "test.sample@2", `{"id":`, office.CodeInvalid, "args"},
		{"not closed", "test.sample@2", `{"id":"a"`, office.CodeInvalid, "args"},
		{"no quotes", "test.sample@2", `{id:1}`, office.CodeInvalid, "args"},
		{"two objects", "test.sample@2", `{"id":"a"}{"id":"b"}`, office.CodeInvalid, "args"},
		{"trailing comma", "test.sample@2", `{"id":"a",}`, office.CodeInvalid, "args"},
		{"unknown field", "test.sample@2", `{"id":"a","owner":"x"}`, office.CodeInvalid, "owner"},
		{"other spelling", "test.sample@2", `{"ID":"a"}`, office.CodeInvalid, "ID"},
		{"twice", "test.sample@2", `{"id":"a","id":"b"}`, office.CodeInvalid, "id"},
		{"unknown inside", "test.sample@2", `{"list":[{"text":"x"},{"words":"x"}]}`, office.CodeInvalid, "list[1].words"},
		{"twice inside any", "test.sample@2", `{"any":{"a":1,"a":2}}`, office.CodeInvalid, "any.a"},
		{"number for text", "test.sample@2", `{"id":7}`, office.CodeInvalid, "id"},
		{"text for number", "test.sample@2", `{"n":"7"}`, office.CodeInvalid, "n"},
		{"fraction for whole", "test.sample@2", `{"n":7.5}`, office.CodeInvalid, "n"},
		{"too large a number", "test.sample@2", `{"n":9223372036854775808}`, office.CodeInvalid, "n"},
		{"endless number", "test.sample@2", `{"f":1e999}`, office.CodeInvalid, "f"},
		{"bool for list", "test.sample@2", `{"list":true}`, office.CodeInvalid, "list"},
		{"object for list", "test.sample@2", `{"list":{}}`, office.CodeInvalid, "list"},
		{"list for object", "test.sample@2", `{"map":[]}`, office.CodeInvalid, "map"},
		{"object for text", "test.sample@2", `{"id":{}}`, office.CodeInvalid, "id"},
		{"text in a map of numbers", "test.sample@2", `{"map":{"a":"b"}}`, office.CodeInvalid, "map.a"},
		{"NUL", "test.sample@2", `{"id":"a\u0000b"}`, office.CodeInvalid, "id"},
		{"NUL in any", "test.sample@2", `{"any":["\u0000"]}`, office.CodeInvalid, "any[0]"},
		{"NUL in a name", "test.sample@2", `{"map":{"\u0000":1}}`, office.CodeInvalid, "map."},
		{"not UTF-8", "test.sample@2", "{\"id\":\"\xff\"}", office.CodeInvalid, "args"},
		{"deep", "test.sample@2", `{"any":` + deep + `}`, office.CodeInvalid, ""},
		{"large", "test.sample@2", `{"id":"` + strings.Repeat("a", MaxArguments) + `"}`, office.CodeTooLarge, ""},
	} {
		cmd, err := c.Decode(x.kind, json.RawMessage(x.args))
		var e *office.Error
		if cmd != nil || !errors.As(err, &e) || e.Code != x.code || e.Field != x.field && x.name != "deep" {
			t.Errorf("%s: %v, want %s (%s)", x.name, err, x.code, x.field)
		}
		if e != nil && len(e.Message) > 200 {
			t.Errorf("%s: the message has %d bytes", x.name, len(e.Message))
		}
	}
	cmd, err := c.Decode("test.sample@2", json.RawMessage(` {"id":"a","n":7,"f":1,"ok":true,"list":[{"text":"x"}],"map":{"k":1},"any":{"deep":[null]},"p":0,"text":"t"} `))
	if err != nil {
		t.Fatal(err)
	}
	s := cmd.(*sample)
	if s.ID != "a" || s.N != 7 || s.F != 1 || !s.Ok || s.List[0].Text != "x" || s.Map["k"] != 1 || string(s.Any) != `{"deep":[null]}` || *s.P != 0 || s.Text != "t" {
		t.Errorf("%+v", s)
	}
}

func TestConverters(t *testing.T) {
	step := func(from, to string) func(json.RawMessage) (json.RawMessage, error) {
		return func(raw json.RawMessage) (json.RawMessage, error) {
			if !strings.Contains(string(raw), from) {
				return nil, fmt.Errorf("no %s", from)
			}
			return json.RawMessage(strings.Replace(string(raw), from, to, 1)), nil
		}
	}
	c, err := build(nil, []office.Spec{sampleSpec()}, map[string]Converter{
		"test.sample@1": {To: "test.sample@2", Args: step("name", "id")},
		"test.sample@0": {To: "test.sample@1", Args: step("nom", "name")},
	})
	if err != nil {
		t.Fatal(err)
	}
	for kind, args := range map[string]string{"test.sample@2": `{"id":"a"}`, "test.sample@1": `{"name":"a"}`, "test.sample@0": `{"nom":"a"}`} {
		cmd, err := c.Decode(kind, json.RawMessage(args))
		if err != nil || cmd.(*sample).ID != "a" {
			t.Errorf("%s: %v %v", kind, cmd, err)
		}
	}
	if _, err := c.Decode("test.sample@1", json.RawMessage(`{}`)); office.CodeOf(err) != office.CodeInvalid {
		t.Errorf("a converter's error: %v", err)
	}
}

func TestSchema(t *testing.T) {
	c, err := build(nil, []office.Spec{sampleSpec()}, nil)
	if err != nil {
		t.Fatal(err)
	}
	got, err := c.Schema("test.sample@2")
	want := `{"type":"object","properties":{"id":{"type":"string"},"n":{"type":"integer"},"f":{"type":"number"},"ok":{"type":"boolean"},` +
		`"list":{"type":"array","items":{"type":"object","properties":{"text":{"type":"string"}},"required":[],"additionalProperties":false}},` +
		`"map":{"type":"object","additionalProperties":{"type":"integer"}},"any":{},"p":{"type":"integer"},"text":{"type":"string"}},"required":["id"],"additionalProperties":false}`
	if err != nil || string(got) != want {
		t.Errorf("%s %v\nwant %s", got, err, want)
	}
	if _, err := c.Schema("nothing"); office.CodeOf(err) != office.CodeUnknown {
		t.Errorf("%v", err)
	}
	full := newCatalog(t)
	for _, s := range full.Commands() {
		raw, err := full.Schema(s.Kind)
		if err != nil || !json.Valid(raw) {
			t.Errorf("%s: %s %v", s.Kind, raw, err)
		}
	}
}

// update lets "go test -update" say which goldens are missing; it never
// rewrites one: released arguments are frozen.
var update = flag.Bool("update", false, "write a first golden file, from the empty command, where there is none")

// TestGolden holds every command to the arguments that lie in its room's
// testdata/commands: they decode, nothing of them is lost, and every argument the
// command has is in them.
func TestGolden(t *testing.T) {
	c := newCatalog(t)
	files := map[string]string{}
	paths, err := filepath.Glob("../*/testdata/commands/*.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range paths {
		files[strings.TrimSuffix(filepath.Base(p), ".json")] = p
	}
	for _, s := range c.Commands() {
		path, ok := files[s.Kind]
		delete(files, s.Kind)
		if !ok {
			t.Errorf("%s has no golden arguments", s.Kind)
			if *update {
				raw, _ := json.Marshal(s.New())
				if err := os.WriteFile(filepath.Join("testdata", "commands", s.Kind+".json"), append(raw, '\n'), 0o644); err != nil {
					t.Error(err)
				}
			}
			continue
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		cmd, err := c.Decode(s.Kind, raw)
		if err != nil {
			t.Errorf("%s: %v", s.Kind, err)
			continue
		}
		again, err := json.Marshal(cmd)
		if err != nil {
			t.Fatal(err)
		}
		var a, b map[string]any
		if json.Unmarshal(raw, &a) != nil || json.Unmarshal(again, &b) != nil || !reflect.DeepEqual(a, b) {
			t.Errorf("%s: decoded and encoded again\n%s\nis not\n%s", s.Kind, again, raw)
		}
		for name := range arguments(s) {
			if _, ok := a[name]; !ok {
				t.Errorf("%s: the golden arguments lack %q", s.Kind, name)
			}
		}
	}
	for kind, path := range files {
		t.Errorf("%s: no command %s", path, kind)
	}
}

// FuzzDecode: whatever comes, a command or a refusal, and what decodes encodes.
func FuzzDecode(f *testing.F) {
	c := newCatalog(f)
	f.Add("todo.create@1", []byte(`{"id":"a","title":"b"}`))
	f.Add("calendar.edit@1", []byte(`{"id":"a","changes":[{"field":"title","old":null,"new":{"a":[1e5]}}]}`))
	f.Add("approval.publish@1", []byte(`{"\u0000":[[[[]]]]}`))
	f.Fuzz(func(t *testing.T, kind string, args []byte) {
		cmd, err := c.Decode(kind, args)
		if err != nil {
			var e *office.Error
			if !errors.As(err, &e) || e.Code == office.CodeInternal {
				t.Fatalf("%v is no refusal", err)
			}
			return
		}
		if _, err := json.Marshal(cmd); err != nil {
			t.Fatal(err)
		}
		cmd.Locks()
	})
}
