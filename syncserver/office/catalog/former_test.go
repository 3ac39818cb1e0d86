package catalog

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"qianshao/syncserver/office"
)

// remind is the example of a command that has had two former versions: nothing
// is released yet, so no real one has. The first had its time as text in the
// clock of China, the second as milliseconds with one warning before.
type remind struct {
	ID     string `json:"id"`
	Title  string `json:"title"`
	At     int64  `json:"at"`
	Before []int  `json:"before"` // minutes
}

func (*remind) Kind() string                        { return "example.remind@3" }
func (*remind) Locks() []string                     { return nil }
func (*remind) Run(office.Tx, office.Context) error { return nil }

func exampleConverters() map[string]Converter {
	return map[string]Converter{
		"example.remind@1": {To: "example.remind@2", Args: func(raw json.RawMessage) (json.RawMessage, error) {
			var x struct{ ID, Text, When string }
			if err := json.Unmarshal(raw, &x); err != nil {
				return nil, err
			}
			at, err := time.ParseInLocation("2006-01-02 15:04", x.When, time.FixedZone("CST", 8*3600))
			if err != nil {
				return nil, office.Invalid("when", "not a time")
			}
			return json.Marshal(map[string]any{"id": x.ID, "text": x.Text, "at": office.Millis(at)})
		}},
		"example.remind@2": {To: "example.remind@3", Args: func(raw json.RawMessage) (json.RawMessage, error) {
			var x struct {
				ID, Text string
				At       int64
				Minutes  int
			}
			if err := json.Unmarshal(raw, &x); err != nil {
				return nil, err
			}
			out := remind{ID: x.ID, Title: x.Text, At: x.At, Before: []int{}}
			if x.Minutes > 0 {
				out.Before = append(out.Before, x.Minutes)
			}
			return json.Marshal(out)
		}},
	}
}

// TestFormerArguments holds every former version of a command to the arguments
// that lie in testdata/former: a desk of that version may still send them, and
// they mean what they meant. The files are frozen.
func TestFormerArguments(t *testing.T) {
	all := Converters()
	maps.Copy(all, exampleConverters())
	spec := office.Spec{Kind: "example.remind@3", New: func() office.Command { return new(remind) }, Class: office.Queued, Creates: true}
	c, err := With(nil, []office.Spec{spec}, exampleConverters())
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob("testdata/former/*.json")
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, path := range files {
		name := strings.TrimSuffix(filepath.Base(path), ".json")
		seen[name] = true
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		var f struct {
			Args    json.RawMessage `json:"args"`
			To      string          `json:"to"`
			Becomes map[string]any  `json:"becomes"`
		}
		if err := json.Unmarshal(raw, &f); err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		if _, ok := all[name]; !ok {
			t.Errorf("%s has no converter any more: it is kept at least 400 days", name)
			continue
		}
		cmd, err := c.Decode(name, f.Args)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		out, err := json.Marshal(cmd)
		if err != nil {
			t.Fatal(err)
		}
		var got map[string]any
		if json.Unmarshal(out, &got) != nil || cmd.Kind() != f.To || !reflect.DeepEqual(got, f.Becomes) {
			t.Errorf("%s became %s %s", name, cmd.Kind(), out)
		}
	}
	for name := range all {
		if !seen[name] {
			t.Errorf("%s is a former version without a file in testdata/former", name)
		}
	}
	// What a former version never took is refused, with the field it is about.
	if _, err := c.Decode("example.remind@1", json.RawMessage(`{"id":"r","text":"x","when":"soon"}`)); office.CodeOf(err) != office.CodeInvalid {
		t.Errorf("%v", err)
	}
}
