package office

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestCheckText(t *testing.T) {
	for _, x := range []struct {
		s    string
		max  int
		ok   bool
		line bool // also good as one line of at least one character
	}{
		{"", 5, true, false}, {"关于防汛", 4, true, true}, {"关于防汛", 3, false, false}, {"a\nb\tc\r", 9, true, false},
		{"a\x00b", 9, false, false}, {"a\x1bb", 9, false, false}, {"a\x7f", 9, false, false}, {"\xff", 9, false, false}, {"   ", 9, true, false},
		{"<b>'; drop table x;--", 99, true, true},
	} {
		if err := CheckText("f", x.s, x.max); (err == nil) != x.ok {
			t.Errorf("text %q: %v", x.s, err)
		}
		if err := CheckLine("f", x.s, 1, x.max); (err == nil) != x.line {
			t.Errorf("line %q: %v", x.s, err)
		}
	}
}

func TestCheckIDs(t *testing.T) {
	for _, x := range []struct {
		ids []string
		ok  bool
	}{{nil, true}, {[]string{"a", "b"}, true}, {[]string{"a", "a"}, false}, {[]string{"A"}, false}, {[]string{"a", "b", "c"}, false}, {[]string{""}, false}, {[]string{strings.Repeat("a", 65)}, false}} {
		if err := CheckIDs("f", x.ids, 2); (err == nil) != x.ok {
			t.Errorf("%v: %v", x.ids, err)
		}
	}
}

func TestCheckTime(t *testing.T) {
	for ms, ok := range map[int64]bool{0: true, 1: true, MaxTime: true, -1: false, MaxTime + 1: false} {
		if err := CheckTime("f", ms); (err == nil) != ok {
			t.Errorf("%d: %v", ms, err)
		}
	}
}

func TestPlain(t *testing.T) {
	for in, want := range map[string]string{
		`""`: "", "0": "", "false": "", "[]": "", "{ }": "", "null": "", `"x"`: `"x"`, "1": "1", "true": "true", `["a"]`: `["a"]`,
	} {
		if got := (Change{New: json.RawMessage(in)}).Plain(); string(got.New) != want {
			t.Errorf("%q: %q, want %q", in, got.New, want)
		}
	}
}

func TestDecodeChanges(t *testing.T) {
	type body struct {
		Title string   `json:"title"`
		Tags  []string `json:"tags,omitempty"`
		N     int      `json:"n"`
	}
	raw := func(s string) json.RawMessage { return json.RawMessage(s) }
	for _, x := range []struct {
		name    string
		changes []Change
		field   string // "" = good
		want    body
	}{
		{"sets what is named", []Change{{Field: "n", New: raw("7")}, {Field: "tags", New: raw(`["a"]`)}}, "", body{"old", []string{"a"}, 7}},
		{"clears", []Change{{Field: "tags"}}, "", body{"old", nil, 0}},
		{"none", nil, "changes", body{}},
		{"not allowed", []Change{{Field: "owner", New: raw(`"x"`)}}, "owner", body{}},
		{"other spelling", []Change{{Field: "Title", New: raw(`"x"`)}}, "Title", body{}},
		{"twice", []Change{{Field: "n", New: raw("1")}, {Field: "n", New: raw("2")}}, "changes", body{}},
		{"other type", []Change{{Field: "n", New: raw(`"1"`)}}, "n", body{}},
		{"required cleared", []Change{{Field: "title"}}, "title", body{}},
		{"required emptied", []Change{{Field: "title", New: raw(`""`)}}, "title", body{}},
		{"not JSON", []Change{{Field: "n", New: raw(`{`)}}, "n", body{}},
	} {
		got := body{Title: "old"}
		err := DecodeChanges(x.changes, &got, []string{"title", "tags", "n"}, []string{"title"})
		if x.field == "" && (err != nil || got.Title != x.want.Title || got.N != x.want.N || len(got.Tags) != len(x.want.Tags)) {
			t.Errorf("%s: %+v %v", x.name, got, err)
		}
		if x.field != "" && (err == nil || AsError(err).Field != x.field) {
			t.Errorf("%s: %v", x.name, err)
		}
	}
}
