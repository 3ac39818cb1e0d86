package office

import (
	"encoding/json"
	"testing"
)

// TestMeets: what the databases answer for a query, one record in hand answers
// too; the suite of officetest holds both against the same table.
func TestMeets(t *testing.T) {
	k := &Kind{
		Name: "x.y", Lane: LaneRest, Residence: ResidentAlways, Audience: func(Record) ([]Channel, error) { return nil, nil },
		Fields: []Field{{"title", Text}, {"due", Time}, {"weight", Real}, {"people", Set}},
		Views:  []View{{Name: "all", Filters: []string{"title", "due", "weight", "people", "root"}, Orders: []string{"title"}}},
	}
	ks, err := NewKinds(k)
	if err != nil {
		t.Fatal(err)
	}
	r := Record{Kind: "x.y", ID: "a", Root: "a", Body: json.RawMessage(`{"title":"乙","due":20,"weight":0.5,"people":["li","chu"]}`)}
	cols, err := Columns(k, r)
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range []struct {
		field string
		op    Op
		value any
		want  bool
	}{
		{"title", Eq, "乙", true}, {"title", Eq, "甲", false}, {"title", In, []string{"甲", "乙"}, true}, {"title", Lt, "丁", "乙" < "丁"},
		{"due", Le, 20, true}, {"due", Lt, 20, false}, {"due", Gt, 19.0, true}, {"due", Ge, "21", false}, {"due", In, []any{20}, true},
		{"weight", Gt, 0, true}, {"weight", Lt, 0.5, false}, {"root", Eq, "a", true}, {"root", Eq, "b", false},
		{"people", Has, []string{"chu"}, true}, {"people", Has, []string{"ch"}, false}, {"people", Has, []string{"x", "li"}, true}, {"people", Has, []string{"lichu"}, false},
	} {
		c, err := ks.Check(Query{Kind: "x.y", View: "all", Where: []Cond{{x.field, x.op, x.value}}})
		if err != nil {
			t.Fatal(err)
		}
		if got := Meets(k, r.Root, cols, c.Where); got != x.want {
			t.Errorf("%s %s %v: %v", x.field, x.op, x.value, got)
		}
		again, err := ks.Check(c.Query) // what was checked may be checked again
		if err != nil || Meets(k, r.Root, cols, again.Where) != x.want {
			t.Errorf("%s %s %v, checked twice: %v", x.field, x.op, x.value, err)
		}
	}
	if (Cond{Field: "title", Op: "like", Value: "乙"}).Holds("乙") {
		t.Error("a comparison that does not exist holds")
	}
	for _, bad := range []Cond{{"people", Eq, "li"}, {"people", In, []string{"li"}}, {"title", Has, []string{"乙"}}, {"people", Has, []string{}}, {"people", Has, []any{5}}} {
		if _, err := ks.Check(Query{Kind: "x.y", View: "all", Where: []Cond{bad}}); CodeOf(err) != CodeInvalid {
			t.Errorf("%+v: %v", bad, err)
		}
	}
	k.Views[0].Orders = []string{"people"}
	if _, err := NewKinds(k); err == nil {
		t.Error("a list is ordered by a set")
	}
}
