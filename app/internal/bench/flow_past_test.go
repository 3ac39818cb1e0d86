package main

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/approval"
	"qianshao/syncserver/servertest"
)

// form is what rows look like apart from their values: table, columns, types and,
// of JSON, the names in it.
func form(rows []servertest.Row) []string {
	var shape func(v any) any
	shape = func(v any) any {
		switch v := v.(type) {
		case map[string]any:
			for k := range v {
				v[k] = shape(v[k])
			}
			return v
		case []any:
			for i := range v {
				v[i] = shape(v[i])
			}
			return v
		}
		return fmt.Sprintf("%T", v)
	}
	var out []string
	for _, r := range rows {
		var b strings.Builder
		b.WriteString(r.Table)
		for i, c := range r.Cols {
			text, _ := r.Values[i].(string)
			var v any
			if json.Unmarshal([]byte(text), &v) == nil {
				if m, ok := v.(map[string]any); ok {
					raw, _ := json.Marshal(shape(m))
					fmt.Fprintf(&b, " %s=%s", c, raw)
					continue
				}
			}
			fmt.Fprintf(&b, " %s:%T", c, r.Values[i])
		}
		out = append(out, b.String())
	}
	slices.Sort(out)
	return out
}

// A paper of the past that was written has the form of one that was played, in
// every table, and the office works on beside it.
func TestThePastHasThePlayedForm(t *testing.T) {
	b := &bench{ctx: context.Background()}
	s := b.flowOffice(t.TempDir())
	defer s.Close()
	p := newPast(s)
	real, _, _ := played(s, office.DeriveID("another"))
	if got, want := form(p.again(7, map[string]int64{})), form(real); !slices.Equal(got, want) {
		t.Fatalf("written:\n%s\nplayed:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestTheOfficeWorksBesideThePast(t *testing.T) {
	b := &bench{ctx: context.Background()}
	s := b.flowOffice(t.TempDir())
	defer s.Close()
	p := newPast(s)
	p.fill(30)
	acts(s, 1)
	p.fill(40)
	acts(s, 1)
	n := 0
	for _, r := range got(s.Records(approval.Instances.Name)) {
		var i approval.Instance
		must(r.Decode(&i))
		if i.State != approval.Ended || len(got(s.View(approval.Tasks.Name, "instance", r.ID))) == 0 {
			t.Errorf("%s: %+v", r.ID, i)
		}
		n++
	}
	if n != 42 {
		t.Errorf("%d papers", n)
	}
}
